/* SPDX-License-Identifier: MIT
 *
 * The arrays of a batch, and whether what a plugin delivers has the shape that was asked
 * for: the wanted columns in their order, then perhaps `file` and `line`.
 */
#include "ingest/batch.h"

#include <string.h>

#include "base/memory.h"
#include "ingest/contract.h"

enum { PLACE_COLUMNS = 2 }; /* `file` and `line` */

static vector_owner owner_of(const mapping *m, const char *column)
{
    return (vector_owner){m->plugin, column};
}

/* The wanted columns come first, under their names or none. */
static bool check_wanted_columns(const batch *b, carpel_error *err)
{
    const mapping *m = b->mapping;
    for (size_t i = 0; i < m->column_count; i++) {
        const struct ArrowSchema *child = b->schema.children[i];
        const carpel_column *wanted = &m->columns[i];
        bool has_name = child != NULL && child->name != NULL && *child->name != '\0';
        if (child == NULL)
            return contract_fail(err, m->plugin, "column %zu of the schema is not there",
                                 i + 1);
        if (has_name && strcmp(child->name, wanted->name) != 0)
            return contract_fail(err, m->plugin,
                                 "column %zu is \"%.60s\" instead of \"%s\"", i + 1,
                                 child->name, wanted->name);
        vector_owner owner = owner_of(m, wanted->name);
        if (batch_is_list(b, i) ? !list_vector_check_format(child, wanted, owner, err)
                                : !vector_check_format(child, wanted->type, owner, err))
            return false;
    }
    return true;
}

/* Behind the wanted columns there may be `file` and `line`. */
static bool check_place_columns(batch *b, carpel_error *err)
{
    const mapping *m = b->mapping;
    b->file_child = b->line_child = SCHEMA_NONE;
    for (size_t i = m->column_count; i < (size_t)b->schema.n_children; i++) {
        const struct ArrowSchema *child = b->schema.children[i];
        const char *name = child != NULL && child->name != NULL ? child->name : "";
        bool is_file = strcmp(name, "file") == 0 && b->file_child == SCHEMA_NONE;
        bool is_line = strcmp(name, "line") == 0 && b->line_child == SCHEMA_NONE;
        if (!is_file && !is_line)
            return contract_fail(err, m->plugin, "nobody asked for its column \"%.60s\"",
                                 name);
        if (!vector_check_format(child, is_file ? CARPEL_STRING : CARPEL_INT,
                                 owner_of(m, name), err))
            return false;
        *(is_file ? &b->file_child : &b->line_child) = i;
    }
    return true;
}

static bool open_child(const batch *b, const struct ArrowArray *array, size_t child,
                       carpel_type type, const char *name, vector *out, carpel_error *err)
{
    return vector_open(b->schema.children[child], array->children[child], type,
                       array->offset, array->length, owner_of(b->mapping, name), out,
                       err);
}

static bool open_list(const batch *b, const struct ArrowArray *array, size_t column,
                      carpel_error *err)
{
    const carpel_column *wanted = &b->mapping->columns[column];
    return list_vector_open(b->schema.children[column], array->children[column], wanted,
                            array->offset, array->length,
                            owner_of(b->mapping, wanted->name), &b->lists[column], err);
}

static bool open_columns(batch *b, const struct ArrowArray *array, carpel_error *err)
{
    const mapping *m = b->mapping;
    for (size_t i = 0; i < m->column_count; i++) {
        if (batch_is_list(b, i) ? !open_list(b, array, i, err)
                                : !open_child(b, array, i, m->columns[i].type,
                                              m->columns[i].name, &b->columns[i], err))
            return false;
    }
    b->files = b->lines = (vector){0};
    if (b->file_child != SCHEMA_NONE &&
        !open_child(b, array, b->file_child, CARPEL_STRING, "file", &b->files, err))
        return false;
    return b->line_child == SCHEMA_NONE ||
           open_child(b, array, b->line_child, CARPEL_INT, "line", &b->lines, err);
}

/* The fields of a column's lists: those of a list, or the items that a text holds. */
static size_t field_count(const mapping *m, size_t column)
{
    const column_cleaning *c = m->cleanings[column];
    return c && c->is_split ? 1 : m->columns[column].item_count;
}

/* Make the arrays long enough and forget the batch before. */
static void begin_rows(batch *b, size_t row_count)
{
    b->row_count = row_count;
    b->change_count = 0;
    arena_clear(b->texts);
    if (row_count > b->capacity) {
        b->capacity = row_count;
        b->kinds = memory_resize_array(b->kinds, row_count, sizeof *b->kinds);
        b->reasons = memory_resize_array(b->reasons, row_count, sizeof *b->reasons);
        b->times = memory_resize_array(b->times, row_count, sizeof *b->times);
        b->persons = memory_resize_array(b->persons, row_count, sizeof *b->persons);
        b->own_kinds = memory_resize(b->own_kinds, row_count);
        b->selected = memory_resize_array(b->selected, row_count, sizeof *b->selected);
        b->grouped = memory_resize_array(b->grouped, row_count, sizeof *b->grouped);
        b->codes = memory_resize_array(b->codes, row_count, sizeof *b->codes);
    }
    for (size_t row = 0; row < row_count; row++) {
        b->kinds[row] = KIND_NONE;
        b->reasons[row] = NULL;
    }
}

void batch_init(batch *b, const mapping *m)
{
    *b = (batch){.mapping = m};
    b->columns = memory_alloc_zero_array(m->column_count, sizeof *b->columns);
    b->lists = memory_alloc_zero_array(m->column_count, sizeof *b->lists);
    for (size_t i = 0; i < m->column_count; i++)
        b->lists[i].fields = memory_alloc_zero_array(field_count(m, i), sizeof(vector));
    b->ranges = memory_alloc_array(m->schema->kind_count, sizeof *b->ranges);
    b->texts = arena_new();
    clean_work_init(&b->work);
    if (m->has_cleanings)
        b->tallies = memory_alloc_zero_array(m->column_count * CLEAN_STEP_COUNT,
                                             sizeof *b->tallies);
}

void batch_done(batch *b)
{
    if (b->schema.release != NULL)
        b->schema.release(&b->schema);
    for (size_t i = 0; i < b->mapping->column_count; i++)
        memory_free(b->lists[i].fields);
    memory_free(b->lists);
    memory_free(b->items);
    memory_free(b->owners);
    memory_free(b->columns);
    memory_free(b->kinds);
    memory_free(b->reasons);
    memory_free(b->times);
    memory_free(b->persons);
    memory_free(b->own_kinds);
    memory_free(b->selected);
    memory_free(b->grouped);
    memory_free(b->ranges);
    memory_free(b->codes);
    memory_free(b->memo);
    memory_free(b->event_kinds);
    dictionary_free(b->event_texts);
    clean_work_done(&b->work);
    memory_free(b->tallies);
    memory_free(b->changes);
    arena_free(b->texts);
}

bool batch_check_schema(batch *b, carpel_error *err)
{
    const mapping *m = b->mapping;
    const struct ArrowSchema *s = &b->schema;
    if (s->format == NULL || strcmp(s->format, "+s") != 0 || s->dictionary != NULL)
        return contract_fail(err, m->plugin, "its batches are not structs");
    if (s->n_children < (int64_t)m->column_count ||
        (s->n_children > 0 && s->children == NULL))
        return contract_fail(
            err, m->plugin, "it brings %lld columns where %zu are wanted",
            (long long)(s->children == NULL ? 0 : s->n_children), m->column_count);
    if (s->n_children > (int64_t)m->column_count + PLACE_COLUMNS)
        return contract_fail(err, m->plugin,
                             "it brings %lld columns where %zu are wanted, and a place",
                             (long long)s->n_children, m->column_count);
    return check_wanted_columns(b, err) && check_place_columns(b, err);
}

bool batch_open(batch *b, const struct ArrowArray *array, carpel_error *err)
{
    if (!struct_vector_check(array, b->schema.n_children, owner_of(b->mapping, "batch"),
                             err) ||
        !open_columns(b, array, err))
        return false;
    begin_rows(b, (size_t)array->length);
    return true;
}

/* A counting sort: sizes, then begins, then the rows. */
void batch_select_rows(batch *b)
{
    size_t kind_count = b->mapping->schema->kind_count, count = 0, begin = 0;
    for (size_t k = 0; k < kind_count; k++)
        b->ranges[k] = (row_range){0, 0};
    for (size_t row = 0; row < b->row_count; row++) {
        if (!batch_row_is_good(b, row))
            continue;
        b->selected[count++] = (uint32_t)row;
        if (b->kinds[row] != KIND_NONE)
            b->ranges[b->kinds[row]].end++;
    }
    for (size_t k = 0; k < kind_count; k++) {
        size_t size = b->ranges[k].end;
        b->ranges[k] = (row_range){begin, begin};
        begin += size;
    }
    for (size_t i = 0; i < count; i++) {
        int32_t kind = b->kinds[b->selected[i]];
        if (kind != KIND_NONE)
            b->grouped[b->ranges[kind].end++] = b->selected[i];
    }
    b->selected_count = count;
}

size_t batch_select_items(batch *b, size_t column, const uint32_t *rows, size_t count)
{
    const list_vector *list = &b->lists[column];
    size_t found = 0, begin, end;
    if (list->item_count > b->item_capacity) {
        b->item_capacity = list->item_count;
        b->items = memory_resize_array(b->items, b->item_capacity, sizeof *b->items);
        b->owners = memory_resize_array(b->owners, b->item_capacity, sizeof *b->owners);
    }
    for (size_t i = 0; i < count; i++) {
        list_vector_items(list, rows[i], &begin, &end);
        for (size_t item = begin; item < end; item++) {
            b->items[found] = (uint32_t)item;
            b->owners[found++] = rows[i];
        }
    }
    return found;
}

size_t batch_select_settings(batch *b, size_t column)
{
    size_t count = 0;
    for (size_t i = 0; i < b->selected_count; i++) {
        b->grouped[count] = b->selected[i];
        count += vector_is_missing(&b->lists[column].rows, b->selected[i]) ? 0 : 1;
    }
    return count;
}

uint64_t batch_item_count(const batch *b)
{
    uint64_t count = 0;
    for (size_t i = 0; i < b->mapping->column_count; i++)
        count += b->lists[i].item_count;
    return count;
}

bool batch_fail_stream(const mapping *m, struct ArrowArrayStream *stream, int number,
                       carpel_error *err)
{
    const char *said =
        stream->get_last_error == NULL ? NULL : stream->get_last_error(stream);
    carpel_error_code kind = carpel_error_code_of(number);
    if (kind == CARPEL_E_LATER) /* which is for the guard of a plugin to say */
        kind = CARPEL_E_SYSTEM;
    if (said != NULL && *said != '\0')
        return carpel_fail(err, kind, "%s", said);
    return carpel_fail(err, kind, "the source \"%s\" cannot be read: %s", m->source,
                       strerror(number));
}

/* A copy, since Arrow's texts do not end in NUL. */
const char *batch_file_of(batch *b, size_t row)
{
    if (b->files.row_count == 0 || vector_is_missing(&b->files, row))
        return b->mapping->source;
    slice s = vector_text(&b->files, row);
    return arena_copy_text(b->texts, s.data, s.size);
}

uint64_t batch_line_of(const batch *b, size_t row, uint64_t first_row)
{
    if (b->lines.row_count == 0 || vector_is_missing(&b->lines, row))
        return first_row + row;
    return (uint64_t)((const int64_t *)b->lines.values)[row];
}
