/* SPDX-License-Identifier: MIT
 *
 * What the row builder has for each column that is wanted.
 */
#include <string.h>

#include "base/memory.h"
#include "plugin/rows_parts.h"

static const zone *zone_or(const zone *z, const zone *otherwise)
{
    return z != NULL ? z : otherwise;
}

/* The number of the mapping's column of this name, or SIZE_MAX. */
static size_t column_of_mapping(const mapping *m, const carpel_column *wanted,
                                size_t index)
{
    const carpel_column *known = mapping_columns(m);
    size_t count = mapping_column_count(m);
    if (index < count && strcmp(known[index].name, wanted->name) == 0)
        return index;
    for (size_t i = 0; i < count; i++)
        if (strcmp(known[i].name, wanted->name) == 0)
            return i;
    return SIZE_MAX;
}

/* The zone for the times of a column: that of the mapping's column of this name. */
static const zone *column_zone(const rows_context *context, const carpel_column *wanted,
                               size_t index)
{
    const mapping *m = context->mapping;
    size_t column = m == NULL ? SIZE_MAX : column_of_mapping(m, wanted, index);
    return column == SIZE_MAX ? context->utc
                              : zone_or(mapping_column_zone(m, column), context->utc);
}

/* The same for a column of a list's items. */
static const zone *item_zone(const rows_context *context, const carpel_column *wanted,
                             size_t index, size_t item)
{
    const mapping *m = context->mapping;
    size_t column = m == NULL ? SIZE_MAX : column_of_mapping(m, wanted, index);
    if (column == SIZE_MAX || mapping_columns(m)[column].item_count <= item)
        return context->utc;
    return zone_or(mapping_item_zone(m, column, item), context->utc);
}

static void add_list(carpel_rows *rows, const carpel_column *wanted, size_t index)
{
    const zone **zones = memory_alloc_array(wanted->item_count + 1, sizeof *zones);
    for (size_t i = 0; i < wanted->item_count; i++)
        zones[i] = item_zone(rows->context, wanted, index, i);
    list_init(&rows->lists[rows->list_count++], wanted, zones);
    memory_free(zones);
}

static void add_cells(carpel_rows *rows, const carpel_column *wanted, size_t index)
{
    cells *c = &rows->cells[rows->cell_count++];
    const mapping *m = rows->context->mapping;
    cells_init(c, wanted, column_zone(rows->context, wanted, index));
    cells_use_dictionary(c);
    if (!m)
        return;
    size_t column = column_of_mapping(m, wanted, index);
    if (column < mapping_column_count(m))
        c->others = mapping_columns(m)[column].others;
    if (column == mapping_person_column(m))
        rows->person = index;
}

void rows_add_column(carpel_rows *rows, const carpel_column *wanted, size_t index)
{
    bool is_list = wanted->type == CARPEL_LIST;
    rows->columns[index] =
        (column_place){is_list, is_list ? rows->list_count : rows->cell_count};
    if (is_list)
        add_list(rows, wanted, index);
    else
        add_cells(rows, wanted, index);
}
