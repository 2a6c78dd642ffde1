/* SPDX-License-Identifier: MIT
 *
 * Texts of the project file, one by one and as lists.
 */
#include "config/reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void *reader_array(const reader *r, size_t count, size_t size)
{
    return arena_alloc_array(r->memory, count, size);
}

config_text reader_text(const yaml_node *node)
{
    if (node == NULL || node->is_broken)
        return (config_text){NULL, node != NULL ? node->where : (span){0}};
    return (config_text){node->text, node->where};
}

config_text reader_key(const yaml_node *node)
{
    return (config_text){node->key, node->key_where};
}

config_text reader_name(const reader *r, const yaml_node *node)
{
    config_text name = reader_text(node);
    if (name.text == NULL || name.text[0] != '\0')
        return name;
    diag_error(r->diags, shape_place(node), E0305, "a name cannot be empty");
    diag_hint(r->diags, "Write the name, or leave the key out.");
    name.text = NULL;
    return name;
}

int64_t reader_number(const reader *r, const yaml_node *node, int64_t standard,
                      int64_t maximum, const char *example)
{
    if (node == NULL)
        return standard;
    char *end = NULL;
    errno = 0;
    long long value = strtoll(node->text, &end, 10);
    bool is_number = node->text[0] >= '0' && node->text[0] <= '9' && *end == '\0';
    if (is_number && errno == 0 && value >= 1 && value <= maximum)
        return value;
    diag_error(r->diags, shape_place(node), is_number ? E0305 : E0303,
               "\"%s\" needs a whole number from 1 to %lld, not \"%s\"", node->key,
               (long long)maximum, node->text);
    diag_hint(r->diags, "For example: %s", example);
    return standard;
}

config_text *reader_texts(const reader *r, const yaml_node *node, const char *what,
                          const char *needs, const char *example, size_t *count)
{
    *count = 0;
    if (node == NULL)
        return NULL;
    size_t item_count = yaml_item_count(node);
    config_text *texts = reader_array(r, item_count, sizeof *texts);
    for (size_t i = 0; i < item_count; i++) {
        const yaml_node *item = yaml_item_at(node, i);
        if (!shape_fits(item, SHAPE_TEXT)) {
            shape_refuse(item, what, needs, example, r->diags);
            continue;
        }
        config_text name = reader_name(r, item);
        if (name.text != NULL)
            texts[(*count)++] = name;
    }
    return texts;
}

int reader_compare_texts(const void *a, const void *b)
{
    const config_text *x = a, *y = b;
    int order = strcmp(x->text, y->text);
    if (order != 0)
        return order;
    return (x->where.begin > y->where.begin) - (x->where.begin < y->where.begin);
}

void reader_check_distinct(const reader *r, const config_text *texts, size_t count,
                           const char *what)
{
    if (count < 2)
        return;
    config_text *sorted = memory_alloc_array(count, sizeof *sorted);
    memcpy(sorted, texts, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, reader_compare_texts);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(sorted[i - 1].text, sorted[i].text) != 0)
            continue;
        diag_error(r->diags, sorted[i].where, E0305, "two %s are named \"%s\"", what,
                   sorted[i].text);
        diag_hint(r->diags, "Give each a name of its own, or remove one of them.");
        diag_note_at(r->diags, sorted[i - 1].where, "the first \"%s\" is here",
                     sorted[i].text);
    }
    memory_free(sorted);
}
