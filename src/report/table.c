/* SPDX-License-Identifier: MIT
 *
 * Columns of text that line up. Cells are kept as they will be shown; widths are
 * settled when the table is printed:
 *
 *     texts take what they need -> the widest left columns give way -> bars share the rest
 */
#include "report/table.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "report/terminal.h"

enum { GAP = 2, WIDEST_BAR = 40, NARROWEST_BAR = 4, NARROWEST_LEFT = 8 };

typedef struct column {
    char *heading;
    table_align align;
} column;

typedef struct cell {
    char *value; /* NULL: a bar */
    double share;
} cell;

typedef struct row {
    size_t first_cell;
    bool is_rule;
} row;

struct table {
    column *columns;
    size_t column_count, column_capacity;
    cell *cells;
    size_t cell_count, cell_capacity;
    row *rows;
    size_t row_count, row_capacity;
    size_t cells_in_row; /* of the last row; column_count when it is full */
};

/* How one printing goes. */
typedef struct layout {
    size_t *widths; /* by column; 0: left out */
    bool use_utf8;
} layout;

static char *safe_copy(const char *value)
{
    text t;
    text_init(&t);
    terminal_append_safe(&t, slice_of(value));
    return t.data;
}

static size_t width_of(const char *value)
{
    return utf8_width(value, strlen(value));
}

static void add_row(table *t, bool is_rule)
{
    memory_grow((void **)&t->rows, t->row_count, &t->row_capacity, sizeof *t->rows);
    t->rows[t->row_count++] = (row){t->cell_count, is_rule};
    t->cells_in_row = is_rule ? t->column_count : 0;
}

static void add_cell(table *t, cell c)
{
    assert(t->column_count > 0);
    if (t->row_count == 0 || t->cells_in_row == t->column_count)
        add_row(t, false);
    memory_grow((void **)&t->cells, t->cell_count, &t->cell_capacity, sizeof *t->cells);
    t->cells[t->cell_count++] = c;
    t->cells_in_row++;
}

/* The cell of a row, or an empty one when the row is not full. */
static cell cell_at(const table *t, const row *r, size_t index)
{
    bool is_last = r == &t->rows[t->row_count - 1];
    size_t count = is_last ? t->cells_in_row : t->column_count;
    return index < count ? t->cells[r->first_cell + index] : (cell){(char *)"", 0};
}

/* What a column needs for its texts. */
static size_t text_width(const table *t, size_t index)
{
    size_t widest = width_of(t->columns[index].heading);
    for (size_t i = 0; i < t->row_count; i++) {
        if (t->rows[i].is_rule)
            continue;
        cell c = cell_at(t, &t->rows[i], index);
        size_t width = c.value == NULL ? 0 : width_of(c.value);
        widest = width > widest ? width : widest;
    }
    return widest;
}

/* Columns with their gaps. */
static size_t total_width(const table *t, const size_t *widths)
{
    size_t total = 0;
    for (size_t i = 0; i < t->column_count; i++) {
        if (widths[i] > 0)
            total += widths[i] + (total > 0 ? GAP : 0);
    }
    return total;
}

/* The widest left column that can still give way, or SIZE_MAX. */
static size_t widest_left(const table *t, const size_t *widths)
{
    size_t widest = SIZE_MAX;
    for (size_t i = 0; i < t->column_count; i++) {
        if (t->columns[i].align != TABLE_LEFT || widths[i] <= NARROWEST_LEFT)
            continue;
        if (widest == SIZE_MAX || widths[i] > widths[widest])
            widest = i;
    }
    return widest;
}

static void share_rest_among_bars(const table *t, size_t *widths, size_t width)
{
    size_t bar_count = 0;
    for (size_t i = 0; i < t->column_count; i++)
        bar_count += t->columns[i].align == TABLE_BAR;
    size_t used = total_width(t, widths);
    if (bar_count == 0 || used + bar_count * GAP >= width)
        return;
    size_t each = (width - used - bar_count * GAP) / bar_count;
    if (each < NARROWEST_BAR)
        return;
    for (size_t i = 0; i < t->column_count; i++) {
        if (t->columns[i].align == TABLE_BAR)
            widths[i] = each < WIDEST_BAR ? each : WIDEST_BAR;
    }
}

/* Settle the widths of all columns; release with memory_free. */
static size_t *choose_widths(const table *t, size_t width)
{
    size_t *widths = memory_alloc_zero_array(t->column_count, sizeof *widths);
    for (size_t i = 0; i < t->column_count; i++) {
        if (t->columns[i].align != TABLE_BAR)
            widths[i] = text_width(t, i);
    }
    size_t victim;
    while (total_width(t, widths) > width &&
           (victim = widest_left(t, widths)) != SIZE_MAX)
        widths[victim]--;
    share_rest_among_bars(t, widths, width);
    return widths;
}

/* Append at most `width` columns of the value and return how many; a longer one ends
 * in an ellipsis. */
static size_t append_cut(text *out, const char *value, size_t width, bool use_utf8)
{
    size_t full = width_of(value);
    if (full <= width) {
        text_append(out, value);
        return full;
    }
    const char *ellipsis = use_utf8 ? "\xE2\x80\xA6" : "...";
    size_t room = width - (use_utf8 ? 1 : 3), taken = 0;
    size_t size = strlen(value), length;
    for (size_t at = 0; at < size; at += length) {
        utf8_decode(value + at, size - at, &length);
        size_t sign_width = utf8_width(value + at, length);
        if (taken + sign_width > room)
            break;
        text_append_bytes(out, value + at, length);
        taken += sign_width;
    }
    text_append(out, ellipsis);
    return taken + (width - room);
}

/* Any share above 0 is seen. Returns the columns taken. */
static size_t append_bar(text *out, double share, size_t width, bool use_utf8)
{
    static const char *const eighths[] = {
        "",
        "\xE2\x96\x8F",
        "\xE2\x96\x8E",
        "\xE2\x96\x8D",
        "\xE2\x96\x8C",
        "\xE2\x96\x8B",
        "\xE2\x96\x8A",
        "\xE2\x96\x89",
    };
    size_t steps = use_utf8 ? 8 : 1;
    size_t filled = (size_t)lround(share * (double)(width * steps));
    if (filled == 0 && share > 0)
        filled = 1;
    text_append_repeat(out, use_utf8 ? "\xE2\x96\x88" : "#", filled / steps);
    text_append(out, eighths[filled % steps]);
    return filled / steps + (filled % steps > 0);
}

/* Take away the blanks at the end of the line that begins at `line_begin`. */
static void end_line(text *out, size_t line_begin)
{
    while (out->size > line_begin && out->data[out->size - 1] == ' ')
        out->data[--out->size] = '\0';
    text_append_char(out, '\n');
}

static void append_cell(text *out, cell c, table_align align, size_t width, bool use_utf8)
{
    if (align == TABLE_RIGHT && c.value != NULL) {
        text_append_repeat(out, " ", width - width_of(c.value));
        text_append(out, c.value);
        return;
    }
    size_t taken = c.value == NULL ? append_bar(out, c.share, width, use_utf8)
                                   : append_cut(out, c.value, width, use_utf8);
    text_append_repeat(out, " ", width - taken);
}

static bool has_headings(const table *t)
{
    for (size_t i = 0; i < t->column_count; i++) {
        if (t->columns[i].heading[0] != '\0')
            return true;
    }
    return false;
}

/* A line of cells; the headings when `r` is NULL. */
static void append_row(const table *t, const row *r, const layout *how, text *out)
{
    size_t line_begin = out->size;
    for (size_t i = 0; i < t->column_count; i++) {
        if (how->widths[i] == 0)
            continue;
        if (out->size > line_begin)
            text_append_repeat(out, " ", GAP);
        cell c = r == NULL ? (cell){t->columns[i].heading, 0} : cell_at(t, r, i);
        append_cell(out, c, t->columns[i].align, how->widths[i], how->use_utf8);
    }
    end_line(out, line_begin);
}

table *table_new(void)
{
    return memory_alloc_zero(sizeof(table));
}

void table_free(table *t)
{
    if (t == NULL)
        return;
    for (size_t i = 0; i < t->column_count; i++)
        memory_free(t->columns[i].heading);
    for (size_t i = 0; i < t->cell_count; i++)
        memory_free(t->cells[i].value);
    memory_free(t->columns);
    memory_free(t->cells);
    memory_free(t->rows);
    memory_free(t);
}

void table_column(table *t, const char *heading, table_align align)
{
    assert(t->row_count == 0);
    memory_grow((void **)&t->columns, t->column_count, &t->column_capacity,
                sizeof *t->columns);
    t->columns[t->column_count++] = (column){safe_copy(heading), align};
}

void table_cell(table *t, const char *value)
{
    add_cell(t, (cell){safe_copy(value), 0});
}

void table_cell_format(table *t, const char *format, ...)
{
    text value;
    va_list arguments;
    text_init(&value);
    va_start(arguments, format);
    text_append_format_list(&value, format, arguments);
    va_end(arguments);
    table_cell(t, value.data);
    text_done(&value);
}

void table_bar(table *t, double share)
{
    if (!(share > 0))
        share = 0;
    add_cell(t, (cell){NULL, share < 1 ? share : 1});
}

void table_rule(table *t)
{
    assert(t->row_count == 0 || t->cells_in_row == t->column_count);
    add_row(t, true);
}

void table_append(const table *t, text *out, size_t width, bool use_utf8)
{
    layout how = {choose_widths(t, width), use_utf8};
    if (has_headings(t))
        append_row(t, NULL, &how, out);
    for (size_t i = 0; i < t->row_count; i++) {
        if (t->rows[i].is_rule) {
            text_append_repeat(out, use_utf8 ? "\xE2\x94\x80" : "-",
                               total_width(t, how.widths));
            text_append_char(out, '\n');
        } else {
            append_row(t, &t->rows[i], &how, out);
        }
    }
    memory_free(how.widths);
}

const char *format_count(uint64_t value, char *buffer)
{
    char digits[24];
    int count = snprintf(digits, sizeof digits, "%llu", (unsigned long long)value);
    char *to = buffer;
    for (int i = 0; i < count; i++) {
        if (i > 0 && (count - i) % 3 == 0)
            *to++ = ',';
        *to++ = digits[i];
    }
    *to = '\0';
    return buffer;
}

void format_append_counted(uint64_t count, const char *one, const char *many, text *out)
{
    char buffer[28];
    text_append_format(out, "%s %s", format_count(count, buffer),
                       count == 1 ? one : many);
}
