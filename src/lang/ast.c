/* SPDX-License-Identifier: MIT
 *
 * The list that the tree is held together with, and what windows are made of.
 */
#include "lang/ast.h"

#include <string.h>

const struct ast_window_form window_forms[] = {
#define X(kind, shape, words, form, is_fixed) {SHAPE_##shape, words, form, is_fixed},
#include "lang/window_kinds.def"
#undef X
};

void ast_list_add(arena *memory, ast_list *list, void *item)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity > 0 ? list->capacity * 2 : 4;
        void **items = arena_alloc_array(memory, capacity, sizeof *items);
        if (list->count > 0)
            memcpy(items, list->items, list->count * sizeof *items);
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->count++] = item;
}
