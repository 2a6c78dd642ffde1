/* SPDX-License-Identifier: MIT
 *
 * Lists as Arrow has them: a column for each field of the items, which knows nothing of
 * rows, and offsets into it.
 */
#include "plugin/lists.h"

#include <string.h>

#include "base/memory.h"
#include "plugin/arrow.h"

enum { FIRST_CAPACITY = 1024 }; /* rows */

void list_init(list_cells *l, const carpel_column *wanted, const zone *const *zones)
{
    *l = (list_cells){.name = memory_copy_string(wanted->name),
                      .is_plain = wanted->is_plain,
                      .field_count = wanted->item_count};
    l->fields = memory_alloc_zero_array(wanted->item_count + 1, sizeof *l->fields);
    text from;
    text_init(&from);
    for (size_t i = 0; i < wanted->item_count; i++) {
        carpel_column item = wanted->items[i]; /* called "items.price" in reasons */
        text_clear(&from);
        text_append(&from, wanted->from != NULL ? wanted->from : wanted->name);
        if (!wanted->is_plain)
            text_append_format(&from, ".%s", item.from != NULL ? item.from : item.name);
        item.from = from.data;
        cells_init(&l->fields[i], &item, zones[i]);
    }
    text_done(&from);
}

void list_done(list_cells *l)
{
    for (size_t i = 0; i < l->field_count; i++)
        cells_done(&l->fields[i]);
    memory_free(l->fields);
    memory_free(l->ends);
    memory_free(l->present);
    memory_free(l->name);
}

bool list_has_room(const list_cells *l)
{
    return l->item_count < INT32_MAX;
}

void list_end_item(list_cells *l)
{
    for (size_t i = 0; i < l->field_count; i++)
        cells_end_row(&l->fields[i], l->item_count);
    l->item_count++;
}

void list_drop_item(list_cells *l)
{
    for (size_t i = 0; i < l->field_count; i++)
        cells_drop_row(&l->fields[i], l->item_count);
}

static void set_present(list_cells *l, size_t row, bool has_list)
{
    uint8_t bit = (uint8_t)(1u << (row % 8)), *byte = &l->present[row / 8];
    if (row % 8 == 0)
        *byte = 0;
    *byte = (uint8_t)(has_list ? *byte | bit : *byte & ~bit);
    l->missing_count += has_list ? 0 : 1;
}

void list_end_row(list_cells *l, size_t row)
{
    if (row >= l->capacity) {
        l->capacity = l->capacity == 0 ? FIRST_CAPACITY : l->capacity * 2;
        l->ends = memory_resize_array(l->ends, l->capacity, sizeof *l->ends);
        l->present = memory_resize(l->present, (l->capacity + 7) / 8);
    }
    l->ends[row] = (int32_t)l->item_count;
    set_present(l, row, l->is_begun);
    l->is_begun = false;
    l->kept_count = l->item_count;
}

void list_drop_row(list_cells *l)
{
    for (size_t i = 0; i < l->field_count; i++)
        cells_cut(&l->fields[i], l->kept_count, l->item_count);
    l->item_count = l->kept_count;
    l->is_begun = false;
}

void list_schema(const list_cells *l, struct ArrowSchema *out)
{
    arrow_schema_init(out, "+l", l->name, 1);
    out->flags |= ARROW_FLAG_NULLABLE;
    if (l->is_plain) {
        cells_schema(&l->fields[0], out->children[0]);
        return;
    }
    arrow_schema_init(out->children[0], "+s", "item", l->field_count);
    for (size_t i = 0; i < l->field_count; i++)
        cells_schema(&l->fields[i], out->children[0]->children[i]);
}

static void take_items(list_cells *l, struct ArrowArray *out)
{
    if (l->is_plain) {
        cells_take(&l->fields[0], l->item_count, out);
        return;
    }
    arrow_array_init(out, l->item_count, 0, 1, l->field_count);
    for (size_t i = 0; i < l->field_count; i++)
        cells_take(&l->fields[i], l->item_count, out->children[i]);
}

void list_take(list_cells *l, size_t row_count, struct ArrowArray *out)
{
    int32_t *offsets = memory_alloc_array(row_count + 1, sizeof *offsets);
    offsets[0] = 0;
    if (row_count > 0)
        memcpy(offsets + 1, l->ends, row_count * sizeof *offsets);
    arrow_array_init(out, row_count, l->missing_count, 2, 1);
    arrow_array_give(out, 1, offsets);
    if (l->missing_count > 0) {
        uint8_t *present = memory_alloc((row_count + 7) / 8);
        memcpy(present, l->present, (row_count + 7) / 8);
        arrow_array_give(out, 0, present);
    }
    l->missing_count = 0;
    take_items(l, out->children[0]);
    l->item_count = l->kept_count = 0;
}
