/* SPDX-License-Identifier: MIT
 *
 * The row builder. It trusts no caller: whatever is called in another order than
 * <carpel/plugin.h> says, or with what is not there, breaks the contract.
 */
#include "plugin/rows.h"

#include <string.h>

#include "base/clones.h"
#include "base/dictionary.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "plugin/arrow.h"
#include "plugin/call.h"
#include "plugin/cells.h"
#include "plugin/lists.h"
#include "plugin/structs.h"

/* When a batch is full: after so many rows, good or bad, or bytes of text. */
enum { FULL_ROWS = 16384, FULL_BYTES = 8 * 1024 * 1024, ITEM_BYTES = 8 };

/* Where a wanted column is: in `cells` or in `lists`. */
typedef struct column_place {
    bool is_list;
    size_t place;
} column_place;

struct carpel_rows {
    rows_context *context;
    column_place *columns;
    size_t column_count;
    cells *cells;
    size_t cell_count;
    list_cells *lists;
    size_t list_count;
    list_cells *open_list; /* that of the item under construction, or NULL */
    size_t person;         /* the column that says whose row it is, or SIZE_MAX */

    dictionary *files; /* those of this batch */
    char *file;        /* the one being read; NULL: none named */
    uint32_t file_code;
    cells line_column, file_codes;

    size_t row_count; /* good rows of this batch */
    size_t bad_count; /* rows set aside since the last batch */
    size_t byte_count;
    bool is_in_row, is_bad, is_freed;
    uint64_t line;
    text reason, later_reason; /* the first one against the row, and any other */
    carpel_rows *next;         /* of the context */
};

enum { MOST_COLUMNS = 100000, MOST_SCALE = 18 };

/* Of rows_add: so many at most, and fewer than so many one by one. */
enum { MOST_ADDED_ROWS = 1 << 20, FEW_ROWS = 8 };

/* ---- what a caller may do --------------------------------------------------------- */

/* May `function` be called on the builder? */
static bool is_alive(const carpel_rows *rows, const char *function)
{
    if (rows == NULL)
        plugin_call_lacks_object(function);
    else if (rows->is_freed)
        instance_break(&rows->context->failure, "it calls %s after rows_free", function);
    return rows != NULL && !rows->is_freed;
}

/* The same for what changes the builder, which nothing does after a failure. */
static bool is_working(const carpel_rows *rows, const char *function)
{
    return is_alive(rows, function) && !rows->context->failure.has_failed;
}

/* Is there a row for `function`? */
static bool is_in_row(carpel_rows *rows, const char *function)
{
    if (!is_working(rows, function))
        return false;
    if (!rows->is_in_row)
        instance_break(&rows->context->failure, "it calls %s outside of a row", function);
    return rows->is_in_row;
}

static bool break_line(const carpel_rows *rows, const char *what)
{
    instance_break(&rows->context->failure, "%s (line %llu)", what,
                   (unsigned long long)rows->line);
    return false;
}

static bool is_sane_type(const carpel_column *c)
{
    return c->type >= CARPEL_BOOL && c->type <= CARPEL_LIST &&
           (c->type != CARPEL_DECIMAL || c->scale <= MOST_SCALE);
}

/* Can a builder be made of these columns? Items are columns that are no lists. */
static bool are_sane(const carpel_column *columns, size_t count, bool may_be_lists)
{
    if (count > MOST_COLUMNS || (columns == NULL && count > 0))
        return false;
    for (size_t i = 0; i < count; i++) {
        const carpel_column *c = &columns[i];
        bool is_list = c->type == CARPEL_LIST;
        if (c->name == NULL || !is_sane_type(c) || (is_list && !may_be_lists))
            return false;
        if (is_list && ((c->is_plain && c->item_count != 1) ||
                        !are_sane(c->items, c->item_count, false)))
            return false;
    }
    return true;
}

/* ---- columns ------------------------------------------------------------------------ */

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

static void add_column(carpel_rows *rows, const carpel_column *wanted, size_t index)
{
    bool is_list = wanted->type == CARPEL_LIST;
    rows->columns[index] =
        (column_place){is_list, is_list ? rows->list_count : rows->cell_count};
    if (is_list)
        add_list(rows, wanted, index);
    else
        add_cells(rows, wanted, index);
}

static bool break_index(carpel_rows *rows, size_t index, size_t count)
{
    instance_break(&rows->context->failure, "it sets column %zu of %zu (line %llu)",
                   index, count, (unsigned long long)rows->line);
    return false;
}

/* The place for a cell, of the item under construction or of the row; NULL when it
 * cannot be set. Of a bad row, it is still to be known whose it is. */
static cells *cell_to_set(carpel_rows *rows, size_t index, size_t *row,
                          const char *function)
{
    if (!is_in_row(rows, function))
        return NULL;
    list_cells *list = rows->open_list;
    size_t count = list != NULL ? list->field_count : rows->column_count;
    *row = list != NULL ? list->item_count : rows->row_count;
    if (index >= count)
        break_index(rows, index, count);
    else if (list == NULL && rows->columns[index].is_list)
        break_line(rows, "it sets a single value in a list");
    bool is_wanted = !rows->is_bad || (list == NULL && index == rows->person);
    if (rows->context->failure.has_failed || !is_wanted)
        return NULL;
    return list != NULL ? &list->fields[index] : &rows->cells[rows->columns[index].place];
}

/* Where a setter says why a value does not fit: the first reason against a row stands. */
static text *reason_to_give(carpel_rows *rows)
{
    text_clear(&rows->later_reason);
    return rows->is_bad ? &rows->later_reason : &rows->reason;
}

/* ---- rows ------------------------------------------------------------------------------ */

/* Keep the places of rows that were ended, which stand on as many lines from `line` on. */
static void keep_places(carpel_rows *rows, size_t row, uint64_t line, size_t count)
{
    if (rows->file && rows->file_code == DICTIONARY_NONE)
        rows->file_code = dictionary_add(rows->files, rows->file, strlen(rows->file));
    if (rows->file)
        cells_add_series(&rows->file_codes, row, rows->file_code, 0, count);
    else
        for (size_t i = 0; i < count; i++)
            cells_end_row(&rows->file_codes, row + i);
    bool is_far = line > (uint64_t)INT64_MAX - count;
    cells_add_series(&rows->line_column, row, is_far ? INT64_MAX : (int64_t)line,
                     is_far ? 0 : 1, count);
}

static void keep_row(carpel_rows *rows)
{
    size_t row = rows->row_count++;
    cells_end_rows(rows->cells, rows->cell_count, row);
    for (size_t i = 0; i < rows->list_count; i++)
        list_end_row(&rows->lists[i], row);
    keep_places(rows, row, rows->line, 1);
}

/* Forget the cells of the row. */
static void drop_row(carpel_rows *rows)
{
    for (size_t i = 0; i < rows->cell_count; i++)
        cells_drop_row(&rows->cells[i], rows->row_count);
    for (size_t i = 0; i < rows->list_count; i++)
        list_drop_row(&rows->lists[i]);
    rows->open_list = NULL;
}

/* Whose the row is, as far as it says so. */
static slice person_of_row(const carpel_rows *rows)
{
    if (rows->person == SIZE_MAX)
        return (slice){"", 0};
    return cells_pending_text(&rows->cells[rows->columns[rows->person].place],
                              rows->row_count);
}

static void set_row_aside(carpel_rows *rows)
{
    rows_context *context = rows->context;
    slice person = person_of_row(rows);
    rows->bad_count++;
    context->bad_count++;
    const char *file = rows->file != NULL ? rows->file : "";
    if (context->refused)
        refused_rows_add(context->refused, person, file, rows->line, rows->reason.data);
    if (context->quarantine != NULL)
        context->failure.has_failed =
            !quarantine_add_of(context->quarantine, person, file, rows->line,
                               rows->reason.data, &context->failure.error);
    drop_row(rows);
}

/* The codes of `file_codes` (int64) as int32 with their dictionary. */
static void take_files(carpel_rows *rows, struct ArrowArray *out)
{
    size_t count = rows->row_count, file_count = dictionary_count(rows->files);
    int32_t *codes = memory_alloc_array(count + 1, sizeof *codes);
    for (size_t i = 0; i < count; i++)
        codes[i] = (int32_t)rows->file_codes.values.wholes[i];
    struct ArrowArray wide;
    cells_take(&rows->file_codes, count, &wide);
    arrow_array_init(out, count, (size_t)wide.null_count, 2, 0);
    if (wide.null_count > 0) {
        uint8_t *present = memory_alloc((count + 7) / 8);
        memcpy(present, wide.buffers[0], (count + 7) / 8);
        arrow_array_give(out, 0, present);
    }
    arrow_array_give(out, 1, codes);
    wide.release(&wide);

    cells names;
    cells_init(&names, &(carpel_column){.name = "", .type = CARPEL_STRING},
               rows->context->utc);
    for (size_t i = 0; i < file_count; i++) {
        slice name = dictionary_text(rows->files, (uint32_t)i);
        cells_set_text(&names, i, name.data, name.size, true, &rows->reason);
        cells_end_row(&names, i);
    }
    cells_take(&names, file_count, arrow_array_add_dictionary(out));
    cells_done(&names);
}

static void forget_files(carpel_rows *rows)
{
    dictionary_free(rows->files);
    rows->files = dictionary_new();
    rows->file_code = DICTIONARY_NONE;
}

/* A builder that takes nothing, for a caller that broke the contract. */
static carpel_rows *add_builder(rows_context *context)
{
    carpel_rows *rows = memory_alloc_zero(sizeof *rows);
    rows->context = context;
    rows->is_freed = true;
    rows->next = context->builders;
    context->builders = rows;
    return rows;
}

carpel_rows *rows_new(rows_context *context, const carpel_column *columns, size_t count)
{
    carpel_rows *rows = add_builder(context);
    if (!are_sane(columns, count, true)) {
        instance_break(&context->failure,
                       "it calls rows_new with columns that cannot be");
        return rows;
    }
    rows->is_freed = false;
    rows->person = SIZE_MAX;
    rows->column_count = count;
    rows->columns = memory_alloc_zero_array(count + 1, sizeof *rows->columns);
    rows->cells = memory_alloc_zero_array(count + 1, sizeof *rows->cells);
    rows->lists = memory_alloc_zero_array(count + 1, sizeof *rows->lists);
    for (size_t i = 0; i < count; i++)
        add_column(rows, &columns[i], i);
    const carpel_column line = {.name = "line", .type = CARPEL_INT};
    const carpel_column file = {.name = "file", .type = CARPEL_INT};
    cells_init(&rows->line_column, &line, context->utc);
    cells_init(&rows->file_codes, &file, context->utc);
    rows->files = dictionary_new();
    rows->file_code = DICTIONARY_NONE;
    text_init(&rows->reason);
    text_init(&rows->later_reason);
    return rows;
}

void rows_free(carpel_rows *rows)
{
    if (rows == NULL || !is_alive(rows, "rows_free"))
        return;
    rows->is_freed = true; /* the counts stay, for rows_check_end */
    for (size_t i = 0; i < rows->cell_count; i++)
        cells_done(&rows->cells[i]);
    for (size_t i = 0; i < rows->list_count; i++)
        list_done(&rows->lists[i]);
    memory_free(rows->cells);
    memory_free(rows->lists);
    memory_free(rows->columns);
    cells_done(&rows->line_column);
    cells_done(&rows->file_codes);
    dictionary_free(rows->files);
    memory_free(rows->file);
    text_done(&rows->reason);
    text_done(&rows->later_reason);
}

void rows_check_end(rows_context *context)
{
    for (const carpel_rows *rows = context->builders; rows != NULL; rows = rows->next) {
        if (rows->is_in_row)
            break_line(rows, "its last row was never ended");
        if (rows->row_count > 0)
            instance_break(&context->failure, "it built %zu rows and never took them",
                           rows->row_count);
    }
}

void rows_end(rows_context *context)
{
    while (context->builders != NULL) {
        carpel_rows *rows = context->builders;
        context->builders = rows->next;
        if (!rows->is_freed)
            rows_free(rows);
        memory_free(rows);
    }
}

/* Bytes that are not UTF-8 are replaced, so that the name can be shown. */
void rows_begin_file(carpel_rows *rows, const char *file)
{
    if (!is_working(rows, "rows_begin_file"))
        return;
    if (rows->is_in_row) {
        break_line(rows, "it calls rows_begin_file inside of a row");
        return;
    }
    if (file && rows->context->file && strcmp(file, rows->context->file) == 0)
        file = rows->context->file_title;
    char *copy = file == NULL ? NULL : memory_copy_string(file);
    for (char *at = copy; at != NULL && *at != '\0' && !utf8_is_valid(copy, strlen(copy));
         at++)
        if ((unsigned char)*at >= 0x80)
            *at = '?';
    memory_free(rows->file);
    rows->file = copy;
    rows->file_code = DICTIONARY_NONE;
}

void rows_begin_row(carpel_rows *rows, uint64_t line)
{
    if (!is_working(rows, "row_begin"))
        return;
    if (rows->is_in_row) {
        break_line(rows, "it begins a row before it ended the one before");
        return;
    }
    rows->is_in_row = true;
    rows->is_bad = false;
    rows->line = line;
    text_clear(&rows->reason);
}

void rows_set_text(carpel_rows *rows, size_t index, const char *data, size_t size,
                   bool is_quoted)
{
    size_t row;
    cells *c = cell_to_set(rows, index, &row, "row_set_text");
    if (c == NULL)
        return;
    if (data == NULL && size > 0) {
        break_line(rows, "it calls row_set_text without a text");
        return;
    }
    rows->is_bad |= !cells_set_text(c, row, data, size, is_quoted, reason_to_give(rows));
    rows->byte_count += size;
}

void rows_set_int(carpel_rows *rows, size_t index, int64_t value)
{
    size_t row;
    cells *c = cell_to_set(rows, index, &row, "row_set_int");
    if (c != NULL)
        rows->is_bad |= !cells_set_int(c, row, value, reason_to_give(rows));
}

void rows_set_number(carpel_rows *rows, size_t index, double value)
{
    size_t row;
    cells *c = cell_to_set(rows, index, &row, "row_set_number");
    if (c != NULL)
        rows->is_bad |= !cells_set_number(c, row, value, reason_to_give(rows));
}

void rows_set_bool(carpel_rows *rows, size_t index, bool value)
{
    size_t row;
    cells *c = cell_to_set(rows, index, &row, "row_set_bool");
    if (c != NULL)
        rows->is_bad |= !cells_set_bool(c, row, value, reason_to_give(rows));
}

/* The list of this column, which the row then has; NULL when there can be none. */
static list_cells *list_of_row(carpel_rows *rows, size_t index, const char *function,
                               const char *what)
{
    if (!is_in_row(rows, function))
        return NULL;
    if (rows->open_list != NULL)
        break_line(rows, "it begins an item before it ended the one before");
    else if (index >= rows->column_count)
        break_index(rows, index, rows->column_count);
    else if (!rows->columns[index].is_list)
        break_line(rows, what);
    if (rows->context->failure.has_failed)
        return NULL;
    list_cells *list = &rows->lists[rows->columns[index].place];
    list->is_begun = true;
    return list;
}

void rows_begin_list(carpel_rows *rows, size_t index)
{
    list_of_row(rows, index, "list_begin", "it begins a list in a column that is none");
}

void rows_begin_item(carpel_rows *rows, size_t index)
{
    list_cells *list = list_of_row(rows, index, "item_begin",
                                   "it begins an item in a column that is no list");
    if (list == NULL)
        return;
    rows->open_list = list;
    rows->byte_count += ITEM_BYTES;
    if (rows->is_bad || list_has_room(rows->open_list))
        return;
    rows->is_bad = true;
    text_append_format(&rows->reason, "the list \"%s\" is too long",
                       rows->open_list->name);
}

void rows_end_item(carpel_rows *rows)
{
    if (!is_in_row(rows, "item_end"))
        return;
    if (rows->open_list == NULL) {
        break_line(rows, "it ends an item that it did not begin");
        return;
    }
    if (rows->is_bad)
        list_drop_item(rows->open_list);
    else
        list_end_item(rows->open_list);
    rows->open_list = NULL;
}

void rows_refuse_row(carpel_rows *rows, const char *reason)
{
    if (!is_in_row(rows, "row_refuse"))
        return;
    if (reason == NULL)
        break_line(rows, "it calls row_refuse without a reason");
    else if (!rows->is_bad)
        text_append(&rows->reason, reason);
    rows->is_bad = true;
}

void rows_end_row(carpel_rows *rows)
{
    if (!is_in_row(rows, "row_end"))
        return;
    if (rows->open_list != NULL) {
        break_line(rows, "it ends a row before it ended the item in it");
        return;
    }
    if (rows->is_bad)
        set_row_aside(rows);
    else
        keep_row(rows);
    rows->is_in_row = false;
}

/* ---- many rows at once --------------------------------------------------------------- */

/* The field of a column, of the rows from `first` on. */
static cells_field field_of(const carpel_text_rows *t, size_t column, size_t first,
                            size_t count)
{
    size_t field = t->fields[column];
    const carpel_cell *cells =
        field == SIZE_MAX ? NULL : &t->cells[first * t->field_count + field];
    return (cells_field){t->data, t->size, cells, t->field_count, count};
}

/* Add good rows. False: one of them is bad, and nothing was added. */
static bool add_good_rows(carpel_rows *rows, const carpel_text_rows *t, size_t first,
                          size_t count)
{
    size_t before = rows->row_count;
    for (size_t i = 0; i < rows->column_count; i++) {
        column_place place = rows->columns[i];
        cells_field field = field_of(t, i, first, count);
        if (place.is_list || cells_add_field(&rows->cells[place.place], before, &field))
            continue;
        while (i-- > 0)
            if (!rows->columns[i].is_list)
                cells_cut(&rows->cells[rows->columns[i].place], before, before + count);
        return false;
    }
    for (size_t i = 0; i < rows->list_count; i++)
        for (size_t row = 0; row < count; row++)
            list_end_row(&rows->lists[i], before + row);
    keep_places(rows, before, t->first_line + first, count);
    rows->row_count += count;
    return true;
}

/* Add one row as a source would that knows no better. */
static void add_row(carpel_rows *rows, const carpel_text_rows *t, size_t row)
{
    rows_begin_row(rows, t->first_line + row);
    for (size_t i = 0; i < rows->column_count; i++) {
        const carpel_cell *cell = field_of(t, i, row, 1).cells;
        if (cell)
            rows_set_text(rows, i, t->data + cell->begin,
                          cell->size & ~CARPEL_CELL_QUOTED,
                          (cell->size & CARPEL_CELL_QUOTED) != 0);
    }
    rows_end_row(rows);
}

/* Add rows, the bad ones alone and the good ones around them together. */
static void add_rows(carpel_rows *rows, const carpel_text_rows *t, size_t first,
                     size_t count)
{
    if (count >= FEW_ROWS && add_good_rows(rows, t, first, count))
        return;
    if (count < FEW_ROWS) {
        for (size_t i = 0; i < count && is_working(rows, "rows_add"); i++)
            add_row(rows, t, first + i);
        return;
    }
    add_rows(rows, t, first, count / 2);
    add_rows(rows, t, first + count / 2, count - count / 2);
}

/* The end of the furthest cell, and how long they are together. */
VECTOR_CLONES
static uint64_t measure_cells(const carpel_cell *cells, size_t count, uint64_t *bytes)
{
    uint64_t furthest = 0, sum = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t size = cells[i].size & ~CARPEL_CELL_QUOTED;
        uint64_t end = cells[i].begin + size;
        furthest = end > furthest ? end : furthest;
        sum += size;
    }
    *bytes = sum;
    return furthest;
}

/* Do all cells lie within the data, and is each field one of the row's? *bytes: how long
 * they are together. */
static bool are_texts_sane(const carpel_rows *rows, const carpel_text_rows *t,
                           uint64_t *bytes)
{
    if (!t || (t->row_count > 0 && (!t->fields || !t->cells || !t->data)) ||
        t->row_count > MOST_ADDED_ROWS || t->field_count > MOST_COLUMNS)
        return false;
    for (size_t i = 0; t->row_count > 0 && i < rows->column_count; i++)
        if (t->fields[i] != SIZE_MAX &&
            (t->fields[i] >= t->field_count || rows->columns[i].is_list))
            return false;
    return measure_cells(t->cells, t->row_count * t->field_count, bytes) <= t->size;
}

void rows_add(carpel_rows *rows, const carpel_text_rows *texts)
{
    uint64_t bytes = 0;
    if (!is_working(rows, "rows_add"))
        return;
    if (rows->is_in_row)
        break_line(rows, "it calls rows_add inside of a row");
    else if (texts && texts->struct_size < STRUCT_TO(carpel_text_rows, first_line))
        instance_break(&rows->context->failure,
                       "it calls rows_add with a struct_size of %zu", texts->struct_size);
    else if (!are_texts_sane(rows, texts, &bytes))
        instance_break(&rows->context->failure,
                       "it calls rows_add with texts that cannot be");
    else
        add_rows(rows, texts, 0, texts->row_count);
    rows->byte_count += (size_t)bytes;
}

size_t rows_count(const carpel_rows *rows)
{
    return is_alive(rows, "rows_count") ? rows->row_count : 0;
}

bool rows_is_full(const carpel_rows *rows)
{
    if (!is_working(rows, "rows_is_full"))
        return true; /* whoever fills it comes to an end */
    size_t wanted = rows->context->full_rows;
    bool is_full = rows->row_count + rows->bad_count >= (wanted > 0 ? wanted : FULL_ROWS);
    bool is_large = wanted == 0 && rows->byte_count >= FULL_BYTES;
    return is_full || is_large || cancel_is_asked(rows->context->cancel);
}

void rows_schema(const carpel_rows *rows, struct ArrowSchema *out)
{
    if (out == NULL) {
        plugin_call_lacks_object("rows_schema");
        return;
    }
    *out = (struct ArrowSchema){0};
    if (!is_alive(rows, "rows_schema"))
        return;
    size_t count = rows->column_count;
    arrow_schema_init(out, "+s", "", count + 2);
    for (size_t i = 0; i < count; i++) {
        column_place c = rows->columns[i];
        if (c.is_list)
            list_schema(&rows->lists[c.place], out->children[i]);
        else
            cells_schema(&rows->cells[c.place], out->children[i]);
    }
    arrow_schema_init(out->children[count], "i", "file", 0);
    arrow_schema_add_dictionary(out->children[count]);
    arrow_schema_init(out->children[count + 1], "l", "line", 0);
}

static void take_columns(carpel_rows *rows, struct ArrowArray *out)
{
    size_t count = rows->column_count, row_count = rows->row_count;
    arrow_array_init(out, row_count, 0, 1, count + 2);
    for (size_t i = 0; i < count; i++) {
        column_place c = rows->columns[i];
        if (c.is_list)
            list_take(&rows->lists[c.place], row_count, out->children[i]);
        else
            cells_take(&rows->cells[c.place], row_count, out->children[i]);
    }
    take_files(rows, out->children[count]);
    cells_take(&rows->line_column, row_count, out->children[count + 1]);
    forget_files(rows);
    rows->context->taken_count += row_count;
    rows->row_count = rows->bad_count = rows->byte_count = 0;
}

void rows_take(carpel_rows *rows, struct ArrowArray *out)
{
    if (out == NULL) {
        plugin_call_lacks_object("rows_take");
        return;
    }
    *out = (struct ArrowArray){0};
    if (!is_working(rows, "rows_take"))
        return;
    if (rows->is_in_row)
        break_line(rows, "it takes the rows while one is open");
    else
        take_columns(rows, out);
}
