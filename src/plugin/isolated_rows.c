/* SPDX-License-Identifier: MIT
 *
 * A vector is sent as its count of rows, which of them are missing, and its values or texts; a
 * list as the same of its rows, where the items of each end, and the vectors of its fields.
 */
#include "plugin/isolated_rows.h"

#include <string.h>

#include "base/memory.h"
#include "ingest/mapping.h"
#include "plugin/arrow.h"

/* More is not believed: offsets of texts reach no further. */
#define MOST_BYTES ((uint64_t)INT32_MAX)
#define MOST_BLOCK ((size_t)INT32_MAX + 1 + sizeof(int32_t))

static bool is_text(carpel_type type)
{
    return type == CARPEL_STRING || type == CARPEL_PERSON;
}

static size_t value_bytes(carpel_type type, uint64_t rows)
{
    if (type == CARPEL_BOOL)
        return (size_t)(rows + 7) / 8;
    return (size_t)rows * (type == CARPEL_DATE ? sizeof(int32_t) : sizeof(int64_t));
}

/* ---- shapes ------------------------------------------------------------------------ */

static bool is_coded(const isolated_shape *shape, size_t flag)
{
    return flag < shape->count && shape->is_coded[flag];
}

static bool add_coded(isolated_shape *out, const struct ArrowSchema *s)
{
    if (out->count == ISOLATED_MOST_COLUMNS)
        return false;
    out->is_coded[out->count++] = s->dictionary != NULL;
    return true;
}

static bool add_column(isolated_shape *out, const carpel_column *column,
                       const struct ArrowSchema *s)
{
    if (column->type != CARPEL_LIST)
        return add_coded(out, s);
    const struct ArrowSchema *item = s->children[0];
    for (size_t i = 0; i < column->item_count; i++)
        if (!add_coded(out, column->is_plain ? item : item->children[i]))
            return false;
    return true;
}

bool isolated_shape_of(const batch *b, isolated_shape *out)
{
    const mapping *m = b->mapping;
    *out = (isolated_shape){.has_file = b->file_child != SCHEMA_NONE,
                            .has_line = b->line_child != SCHEMA_NONE};
    for (size_t i = 0; i < m->column_count; i++)
        if (!add_column(out, &m->columns[i], b->schema.children[i]))
            return false;
    out->is_file_coded =
        out->has_file && b->schema.children[b->file_child]->dictionary != NULL;
    return true;
}

/* ---- putting ----------------------------------------------------------------------- */

static void put_number(duct_writer *out, uint64_t number)
{
    duct_put(out, &number, sizeof number);
}

/* Bits from any of a byte on, as bits from the first on. */
static void put_bits(duct_writer *out, const uint8_t *bits, size_t from, size_t count)
{
    const uint8_t *at = bits + from / 8;
    size_t size = (count + 7) / 8, shift = from % 8, there = (shift + count + 7) / 8;
    if (shift == 0) {
        duct_put(out, at, size);
        return;
    }
    for (size_t i = 0; i < size; i++) {
        unsigned next = i + 1 < there ? at[i + 1] : 0;
        uint8_t byte = (uint8_t)((at[i] | next << 8) >> shift);
        duct_put(out, &byte, 1);
    }
}

/* Which are there; one number says whether any is missing. */
static void put_present(duct_writer *out, const uint8_t *bits, size_t from, size_t count)
{
    put_number(out, bits != NULL);
    if (bits)
        put_bits(out, bits, from, count);
}

/* Offsets that begin at 0. */
static void put_offsets(duct_writer *out, const int32_t *offsets, size_t count)
{
    if (offsets[0] == 0) {
        duct_put(out, offsets, count * sizeof *offsets);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        int32_t offset = offsets[i] - offsets[0];
        duct_put(out, &offset, sizeof offset);
    }
}

static void put_texts(duct_writer *out, const vector *v)
{
    int32_t begin = v->offsets[0], end = v->offsets[v->text_count];
    put_number(out, v->text_count);
    put_offsets(out, v->offsets, v->text_count + 1);
    put_number(out, (uint64_t)(end - begin));
    duct_put(out, v->bytes + begin, (size_t)(end - begin));
}

static void put_vector(duct_writer *out, const vector *v, carpel_type type,
                       bool has_codes)
{
    put_number(out, v->row_count);
    put_present(out, v->present, v->present_from, v->row_count);
    if (has_codes) {
        duct_put(out, v->codes, v->row_count * sizeof *v->codes);
        put_texts(out, v);
        put_present(out, v->text_present, v->text_present_from, v->text_count);
    } else if (is_text(type)) {
        put_texts(out, v);
    } else if (type == CARPEL_BOOL) {
        put_bits(out, v->values, v->values_from, v->row_count);
    } else {
        duct_put(out, v->values, value_bytes(type, v->row_count));
    }
}

static void put_list(duct_writer *out, const list_vector *v, const carpel_column *column,
                     const bool *has_codes)
{
    put_number(out, v->rows.row_count);
    put_present(out, v->rows.present, v->rows.present_from, v->rows.row_count);
    put_offsets(out, v->begins, v->rows.row_count + 1);
    put_number(out, v->item_count);
    for (size_t i = 0; i < column->item_count; i++)
        put_vector(out, &v->fields[i], column->items[i].type, has_codes[i]);
}

void isolated_rows_put(const batch *b, const isolated_shape *shape, duct_writer *out)
{
    const mapping *m = b->mapping;
    const bool *has_codes = shape->is_coded;
    put_number(out, b->row_count);
    for (size_t i = 0; i < m->column_count; i++) {
        const carpel_column *column = &m->columns[i];
        if (column->type == CARPEL_LIST)
            put_list(out, &b->lists[i], column, has_codes);
        else
            put_vector(out, &b->columns[i], column->type, *has_codes);
        has_codes += column->type == CARPEL_LIST ? column->item_count : 1;
    }
    if (shape->has_file)
        put_vector(out, &b->files, CARPEL_STRING, shape->is_file_coded);
    if (shape->has_line)
        put_vector(out, &b->lines, CARPEL_INT, false);
}

static void put_own_texts(duct_writer *out, const struct ArrowArray *array, size_t rows)
{
    static const int32_t nothing;
    const int32_t *offsets =
        rows > 0 ? (const int32_t *)array->buffers[1] + array->offset : &nothing;
    size_t size = (size_t)(offsets[rows] - offsets[0]);
    put_number(out, rows);
    put_offsets(out, offsets, rows + 1);
    put_number(out, size);
    if (size > 0)
        duct_put(out, (const char *)array->buffers[2] + offsets[0], size);
}

static void put_own_values(duct_writer *out, const struct ArrowArray *array,
                           carpel_type type, size_t rows)
{
    size_t from = (size_t)array->offset;
    const char *values = array->buffers[1];
    if (rows == 0)
        return;
    if (type == CARPEL_BOOL)
        put_bits(out, (const uint8_t *)values, from, rows);
    else
        duct_put(out, values + value_bytes(type, from), value_bytes(type, rows));
}

void isolated_table_put(const struct ArrowArray *batch, const carpel_column *columns,
                        size_t count, duct_writer *out)
{
    put_number(out, (uint64_t)batch->length);
    for (size_t i = 0; i < count; i++) {
        const struct ArrowArray *array = batch->children[i];
        size_t rows = (size_t)array->length;
        put_number(out, rows);
        put_present(out, array->null_count == 0 ? NULL : array->buffers[0],
                    (size_t)array->offset, rows);
        if (is_text(columns[i].type))
            put_own_texts(out, array, rows);
        else
            put_own_values(out, array, columns[i].type, rows);
    }
}

/* ---- schemas ----------------------------------------------------------------------- */

static void make_schema(struct ArrowSchema *out, const char *name, carpel_type type,
                        bool has_codes)
{
    arrow_schema_init(out, has_codes ? "i" : carpel_type_format(type), name, 0);
    if (has_codes)
        arrow_schema_add_dictionary(out);
}

static void make_list_schema(struct ArrowSchema *out, const carpel_column *column,
                             const isolated_shape *shape, size_t flag)
{
    arrow_schema_init(out, "+l", column->name, 1);
    struct ArrowSchema *item = out->children[0];
    if (column->is_plain) {
        make_schema(item, "item", column->items[0].type, is_coded(shape, flag));
        return;
    }
    arrow_schema_init(item, "+s", "item", column->item_count);
    for (size_t i = 0; i < column->item_count; i++)
        make_schema(item->children[i], column->items[i].name, column->items[i].type,
                    is_coded(shape, flag + i));
}

void isolated_schema(const carpel_column *columns, size_t count,
                     const isolated_shape *shape, struct ArrowSchema *out)
{
    size_t at = count, flag = 0;
    arrow_schema_init(out, "+s", "", count + shape->has_file + shape->has_line);
    for (size_t i = 0; i < count; i++) {
        bool is_list = columns[i].type == CARPEL_LIST;
        if (is_list)
            make_list_schema(out->children[i], &columns[i], shape, flag);
        else
            make_schema(out->children[i], columns[i].name, columns[i].type,
                        is_coded(shape, flag));
        flag += is_list ? columns[i].item_count : 1;
    }
    if (shape->has_file)
        make_schema(out->children[at++], "file", CARPEL_STRING, shape->is_file_coded);
    if (shape->has_line)
        make_schema(out->children[at], "line", CARPEL_INT, false);
}

/* ---- getting ----------------------------------------------------------------------- */

typedef struct getting {
    duct_reader *in;
    const isolated_shape *shape;
    bool lacks_memory;
} getting;

static bool get_number(getting *g, uint64_t *out)
{
    return duct_get(g->in, out, sizeof *out) && *out <= MOST_BYTES;
}

static bool get_block(getting *g, struct ArrowArray *array, size_t index, size_t size)
{
    if (size > MOST_BLOCK)
        return false;
    void *block = memory_try(size + 1);
    g->lacks_memory = !block;
    if (!block)
        return false;
    arrow_array_give(array, index, block);
    return duct_get(g->in, block, size);
}

/* Who are missing is counted by nobody. */
static bool get_present(getting *g, struct ArrowArray *array)
{
    uint64_t has_missing;
    if (!get_number(g, &has_missing))
        return false;
    array->null_count = has_missing ? -1 : 0;
    return !has_missing || get_block(g, array, 0, (size_t)(array->length + 7) / 8);
}

/* Offsets and bytes of `count` texts. */
static bool get_texts(getting *g, struct ArrowArray *array, uint64_t count)
{
    uint64_t size;
    return get_block(g, array, 1, (size_t)(count + 1) * sizeof(int32_t)) &&
           get_number(g, &size) && get_block(g, array, 2, (size_t)size);
}

static bool get_dictionary(getting *g, struct ArrowArray *array)
{
    uint64_t count;
    if (!get_number(g, &count))
        return false;
    struct ArrowArray *texts = arrow_array_add_dictionary(array);
    arrow_array_init(texts, (size_t)count, 0, 3, 0);
    return get_texts(g, texts, count) && get_present(g, texts);
}

static bool get_vector(getting *g, carpel_type type, bool has_codes,
                       struct ArrowArray *out)
{
    uint64_t rows, count;
    bool has_texts = is_text(type) && !has_codes;
    if (!get_number(g, &rows))
        return false;
    arrow_array_init(out, (size_t)rows, 0, has_texts ? 3 : 2, 0);
    if (!get_present(g, out))
        return false;
    if (has_codes)
        return get_block(g, out, 1, (size_t)rows * sizeof(int32_t)) &&
               get_dictionary(g, out);
    if (has_texts)
        return get_number(g, &count) && count == rows && get_texts(g, out, rows);
    return get_block(g, out, 1, value_bytes(type, rows));
}

static bool get_items(getting *g, const carpel_column *column, size_t flag,
                      uint64_t count, struct ArrowArray *out)
{
    if (column->is_plain)
        return get_vector(g, column->items[0].type, is_coded(g->shape, flag), out);
    arrow_array_init(out, (size_t)count, 0, 1, column->item_count);
    for (size_t i = 0; i < column->item_count; i++)
        if (!get_vector(g, column->items[i].type, is_coded(g->shape, flag + i),
                        out->children[i]))
            return false;
    return true;
}

static bool get_list(getting *g, const carpel_column *column, size_t flag,
                     struct ArrowArray *out)
{
    uint64_t rows, count;
    if (!get_number(g, &rows))
        return false;
    arrow_array_init(out, (size_t)rows, 0, 2, 1);
    return get_present(g, out) &&
           get_block(g, out, 1, (size_t)(rows + 1) * sizeof(int32_t)) &&
           get_number(g, &count) && get_items(g, column, flag, count, out->children[0]);
}

static bool get_columns(getting *g, const carpel_column *columns, size_t count,
                        struct ArrowArray *out)
{
    const isolated_shape *shape = g->shape;
    size_t flag = 0, at = count;
    for (size_t i = 0; i < count; i++) {
        bool is_list = columns[i].type == CARPEL_LIST;
        if (is_list ? !get_list(g, &columns[i], flag, out->children[i])
                    : !get_vector(g, columns[i].type, is_coded(shape, flag),
                                  out->children[i]))
            return false;
        flag += is_list ? columns[i].item_count : 1;
    }
    return (!shape->has_file ||
            get_vector(g, CARPEL_STRING, shape->is_file_coded, out->children[at++])) &&
           (!shape->has_line || get_vector(g, CARPEL_INT, false, out->children[at]));
}

isolated_got isolated_rows_get(const carpel_column *columns, size_t count,
                               const isolated_shape *shape, duct_reader *in,
                               struct ArrowArray *out)
{
    getting g = {.in = in, .shape = shape};
    uint64_t rows;
    *out = (struct ArrowArray){0};
    if (!get_number(&g, &rows))
        return ISOLATED_CUT;
    arrow_array_init(out, (size_t)rows, 0, 1, count + shape->has_file + shape->has_line);
    if (get_columns(&g, columns, count, out))
        return ISOLATED_WHOLE;
    out->release(out);
    return g.lacks_memory ? ISOLATED_NO_MEMORY : ISOLATED_CUT;
}
