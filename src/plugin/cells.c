/* SPDX-License-Identifier: MIT
 *
 * One column of a batch: texts and plain values become typed cells here, so every source
 * reads "12.50" or "2026-03-01" alike and refuses with the same words.
 */
#include "plugin/cells_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/utf8.h"
#include "plugin/arrow.h"
#include "value/exponent.h"
#include "ingest/reason.h"
#include "value/value.h"

enum {
    FIRST_CAPACITY = 4096, /* rows */
};

static bool is_text_type(carpel_type kind)
{
    return kind == CARPEL_STRING || kind == CARPEL_PERSON;
}

/* Bytes of one value; 0 for a column of bits. Texts have an offset a row. */
static size_t value_size(carpel_type kind)
{
    switch (kind) {
    case CARPEL_BOOL: return 0;
    case CARPEL_DATE:
    case CARPEL_STRING:
    case CARPEL_PERSON: return sizeof(int32_t);
    case CARPEL_INT:
    case CARPEL_DECIMAL:
    case CARPEL_NUMBER:
    case CARPEL_TIME:
    case CARPEL_DURATION:
    case CARPEL_LIST: /* lists.c has these */ break;
    }
    return sizeof(int64_t);
}

/* ---- reasons ------------------------------------------------------------ */

static bool refuse_value(const cells *c, const char *data, size_t size, const char *why,
                         text *reason)
{
    reason_field field = {c->name,  c->from,           c->others, c->type,
                          c->scale, c->format != NULL, NULL};
    reason_append_unreadable(&field, (slice){data, size}, why, reason);
    return false;
}

/* ---- storage ------------------------------------------------------------ */

/* Has the column an offset a row? */
static bool has_offsets(const cells *c)
{
    return c->is_text && !c->is_coded;
}

static void grow(cells *c)
{
    size_t old_bits = (c->capacity + 7) / 8;
    size_t first = c->usual_rows > 0 ? c->usual_rows : FIRST_CAPACITY;
    size_t capacity = c->capacity == 0 ? first : c->capacity * 2;
    size_t bits = (capacity + 7) / 8;
    c->present = memory_resize(c->present, bits);
    memset(c->present + old_bits, 0, bits - old_bits);
    if (c->type == CARPEL_BOOL) {
        c->values.block = memory_resize(c->values.block, bits);
        memset(c->values.bits + old_bits, 0, bits - old_bits);
    } else {
        c->values.block =
            memory_resize_array(c->values.block, capacity + 1, value_size(c->type));
    }
    if (c->capacity == 0 && has_offsets(c))
        c->values.offsets[0] = 0;
    c->capacity = capacity;
}

void cells_reserve(cells *c, size_t row_count)
{
    while (c->capacity < row_count)
        grow(c);
}

static void make_room(cells *c, size_t row)
{
    if (row >= c->capacity)
        grow(c);
}

static bool put_whole(cells *c, size_t row, int64_t value)
{
    c->values.wholes[row] = value;
    c->is_set = true;
    return true;
}

static bool put_bool(cells *c, size_t row, bool value)
{
    uint8_t bit = (uint8_t)(1u << (row % 8));
    uint8_t *byte = &c->values.bits[row / 8];
    *byte = (uint8_t)(value ? *byte | bit : *byte & (uint8_t)~bit);
    c->is_set = true;
    return true;
}

static bool put_text(cells *c, size_t row, const char *data, size_t size)
{
    c->is_set = true;
    if (c->is_coded) {
        c->values.codes[row] = cells_add_text(c, data, size);
        return true;
    }
    c->byte_count = (size_t)c->values.offsets[row]; /* the row's cell may be set again */
    cells_append_bytes(c, data, size);
    return true;
}

/* ---- reading ------------------------------------------------------------ */

/* The bytes of text before the row's. */
static size_t bytes_before(const cells *c, size_t row)
{
    return c->is_coded ? c->byte_count : (size_t)c->values.offsets[row];
}

static bool set_string(cells *c, size_t row, const char *data, size_t size, text *reason)
{
    if (c->is_coded && cells_find_code(c, data, size, &c->values.codes[row]))
        return c->is_set = true;
    if (size > INT32_MAX - bytes_before(c, row))
        return refuse_value(c, data, size, "the text is too long", reason);
    if (!cells_is_ascii(data, size) && !utf8_is_valid(data, size))
        return refuse_value(c, data, size, "it is not UTF-8", reason);
    return put_text(c, row, data, size);
}

/* Read a text that is no string. */
bool cells_read_value(cells *c, size_t row, slice s, const char **why)
{
    int64_t whole;
    bool truth;
    switch (c->type) {
    case CARPEL_BOOL: return value_read_bool(s, &truth, why) && put_bool(c, row, truth);
    case CARPEL_INT:
    case CARPEL_DECIMAL:
        return exponent_read_decimal(s, c->scale, &whole, why) &&
               put_whole(c, row, whole);
    case CARPEL_NUMBER:
        return c->is_set = value_read_number(s, &c->values.numbers[row], why);
    case CARPEL_TIME:
        return value_read_time(s, c->format, c->local, &whole, why) &&
               put_whole(c, row, whole);
    case CARPEL_DATE:
        if (!value_read_date(s, c->format, &whole, why))
            return false;
        c->values.days[row] = (int32_t)whole;
        return c->is_set = true;
    case CARPEL_DURATION:
        return value_read_duration(s, c->unit_microseconds, &whole, why) &&
               put_whole(c, row, whole);
    case CARPEL_STRING:
    case CARPEL_PERSON:
    case CARPEL_LIST: break;
    }
    return false;
}

/* The microseconds of a unit's name; 0 when it has no fixed length. */
static int64_t unit_length(const char *name)
{
    calendar_span one = {1, UNIT_SECOND};
    int64_t length;
    if (name == NULL || !calendar_unit_parse(name, strlen(name), &one.unit) ||
        !calendar_span_microseconds(one, &length))
        return 0;
    return length;
}

static char *copy_or_null(const char *string)
{
    return string == NULL ? NULL : memory_copy_string(string);
}

void cells_init(cells *c, const carpel_column *wanted, const zone *local)
{
    *c = (cells){
        .name = memory_copy_string(wanted->name),
        .from = memory_copy_string(wanted->from != NULL ? wanted->from : wanted->name),
        .format = copy_or_null(wanted->format),
        .type = wanted->type,
        .is_text = is_text_type(wanted->type),
        .scale = wanted->type == CARPEL_DECIMAL ? wanted->scale : 0,
        .local = local};
    if (c->type == CARPEL_DURATION)
        c->unit_microseconds = unit_length(c->format);
}

void cells_done(cells *c)
{
    memory_free(c->name);
    memory_free(c->from);
    memory_free(c->format);
    memory_free(c->present);
    memory_free(c->values.block);
    memory_free(c->bytes);
    memory_free(c->text_offsets);
    memory_free(c->memo);
}

void cells_use_dictionary(cells *c)
{
    c->is_coded = c->is_text;
    if (!c->is_coded)
        return;
    c->memo = memory_alloc_zero_array(CELLS_MEMO_SIZE, sizeof *c->memo);
    cells_forget_texts(c);
}

bool cells_set_text(cells *c, size_t row, const char *data, size_t size, bool is_quoted,
                    text *reason)
{
    make_room(c, row);
    if (size == 0 && !(is_quoted && c->type == CARPEL_STRING)) {
        c->is_set = false;
        return true;
    }
    if (size > INT32_MAX)
        return refuse_value(c, data, size, "the text is too long", reason);
    if (c->is_text)
        return set_string(c, row, data, size, reason);
    const char *why = "it is no such value";
    return cells_read_value(c, row, (slice){data, size}, &why) ||
           refuse_value(c, data, size, why, reason);
}

/* Has the column a format, or a unit, that says what a plain number means? */
static bool has_number_format(const cells *c)
{
    bool is_time = c->type == CARPEL_TIME || c->type == CARPEL_DATE;
    return (is_time && c->format != NULL) || c->unit_microseconds != 0;
}

/* A whole number as the text of its digits. */
static bool set_digits(cells *c, size_t row, int64_t value, text *reason)
{
    char digits[24];
    int size = snprintf(digits, sizeof digits, "%lld", (long long)value);
    if (has_number_format(c))
        return cells_set_text(c, row, digits, (size_t)size, false, reason);
    if (c->is_text)
        return set_string(c, row, digits, (size_t)size, reason);
    return refuse_value(c, digits, (size_t)size, "it is out of range", reason);
}

bool cells_set_int(cells *c, size_t row, int64_t value, text *reason)
{
    int64_t scaled;
    make_room(c, row);
    if (has_number_format(c))
        return set_digits(c, row, value, reason);
    switch (c->type) {
    case CARPEL_NUMBER: c->values.numbers[row] = (double)value; return c->is_set = true;
    case CARPEL_INT:
    case CARPEL_DURATION: return put_whole(c, row, value);
    case CARPEL_DECIMAL:
        if (number_scale_up(value, c->scale, &scaled))
            return put_whole(c, row, scaled);
        break;
    case CARPEL_TIME:
        if (value >= TIME_MIN && value <= TIME_MAX)
            return put_whole(c, row, value);
        break;
    case CARPEL_DATE:
        if (value < DATE_MIN || value > DATE_MAX)
            break;
        c->values.days[row] = (int32_t)value;
        return c->is_set = true;
    case CARPEL_BOOL:
        if (value == 0 || value == 1)
            return put_bool(c, row, value == 1);
        break;
    case CARPEL_STRING:
    case CARPEL_PERSON:
    case CARPEL_LIST: break;
    }
    return set_digits(c, row, value, reason);
}

/* The shortest digits that read as the value again. */
static size_t write_shortest(double value, char *out, size_t capacity)
{
    int size = 0;
    for (int precision = 15; precision <= 17; precision++) {
        size = snprintf(out, capacity, "%.*g", precision, value);
        if (strtod(out, NULL) == value)
            break;
    }
    return (size_t)size;
}

/* A number for a time, date or duration: as its digits when there is a format for plain
 * numbers, else as a whole number. */
static bool set_moment(cells *c, size_t row, double value, slice digits, text *reason)
{
    char plain[EXPONENT_PLAIN_SIZE];
    bool is_whole = value == floor(value) && fabs(value) < 0x1p63;
    if (!has_number_format(c))
        return is_whole
                   ? cells_set_int(c, row, (int64_t)value, reason)
                   : refuse_value(c, digits.data, digits.size, "it is not whole", reason);
    size_t size = exponent_write_plain(digits, plain);
    if (size > 0)
        digits = (slice){plain, size};
    return cells_set_text(c, row, digits.data, digits.size, false, reason);
}

void cells_set_stored(cells *c, size_t row, int64_t value)
{
    make_room(c, row);
    if (c->type == CARPEL_DATE) {
        c->values.days[row] = (int32_t)value;
        c->is_set = true;
    } else {
        put_whole(c, row, value);
    }
}

bool cells_set_number(cells *c, size_t row, double value, text *reason)
{
    char digits[40];
    make_room(c, row);
    if (c->type == CARPEL_NUMBER && isfinite(value)) {
        c->values.numbers[row] = value;
        return c->is_set = true;
    }
    size_t size = write_shortest(value, digits, sizeof digits);
    if (!isfinite(value))
        return refuse_value(c, digits, size, "it is not finite", reason);
    if (c->type == CARPEL_TIME || c->type == CARPEL_DATE || c->type == CARPEL_DURATION)
        return set_moment(c, row, value, (slice){digits, size}, reason);
    return cells_set_text(c, row, digits, size, false, reason);
}

bool cells_set_bool(cells *c, size_t row, bool value, text *reason)
{
    const char *word = value ? "true" : "false";
    make_room(c, row);
    if (c->type == CARPEL_BOOL)
        return put_bool(c, row, value);
    if (c->type == CARPEL_STRING)
        return set_string(c, row, word, strlen(word), reason);
    return refuse_value(c, word, strlen(word), "it is a bool", reason);
}

/* What stands where a value is missing. */
static void put_nothing(cells *c, size_t row)
{
    c->null_count++;
    if (c->is_coded)
        c->values.codes[row] = 0;
    else if (c->is_text)
        c->byte_count = (size_t)c->values.offsets[row];
    else if (c->type == CARPEL_BOOL)
        put_bool(c, row, false);
    else if (c->type == CARPEL_DATE)
        c->values.days[row] = 0;
    else
        c->values.wholes[row] = 0; /* the bits of the number 0, too */
}

static inline void end_row(cells *c, size_t row)
{
    make_room(c, row);
    if (c->is_set)
        c->present[row / 8] = (uint8_t)(c->present[row / 8] | 1u << (row % 8));
    else
        put_nothing(c, row);
    if (has_offsets(c))
        c->values.offsets[row + 1] = (int32_t)c->byte_count;
    c->is_set = false;
}

void cells_end_row(cells *c, size_t row)
{
    end_row(c, row);
}

void cells_end_rows(cells *columns, size_t count, size_t row)
{
    for (size_t i = 0; i < count; i++)
        end_row(&columns[i], row);
}

void cells_drop_row(cells *c, size_t row)
{
    if (c->is_set && has_offsets(c))
        c->byte_count = (size_t)c->values.offsets[row];
    c->is_set = false;
}

void cells_cut(cells *c, size_t count, size_t row_count)
{
    for (size_t row = count; row < row_count; row++) {
        uint8_t bit = (uint8_t)(1u << (row % 8));
        if ((c->present[row / 8] & bit) != 0)
            c->present[row / 8] = (uint8_t)(c->present[row / 8] & ~bit);
        else
            c->null_count--;
    }
    if (has_offsets(c) && c->capacity > 0)
        c->byte_count = (size_t)c->values.offsets[count];
    c->is_set = false;
}

void cells_schema(const cells *c, struct ArrowSchema *out)
{
    arrow_schema_init(out, c->is_coded ? "i" : carpel_type_format(c->type), c->name, 0);
    if (c->is_coded)
        arrow_schema_add_dictionary(out);
}

/* The texts of a column as the dictionary of its array. */
static void take_dictionary(cells *c, struct ArrowArray *out)
{
    if (!c->text_offsets)
        c->text_offsets = memory_alloc_zero(sizeof *c->text_offsets);
    arrow_array_init(out, c->text_count, 0, 3, 0);
    arrow_array_give(out, 1, c->text_offsets);
    arrow_array_give(out, 2, c->bytes != NULL ? c->bytes : memory_alloc(1));
    c->text_offsets = NULL;
    c->text_count = c->text_capacity = 0;
    cells_forget_texts(c);
}

void cells_take(cells *c, size_t row_count, struct ArrowArray *out)
{
    make_room(c,
              row_count == 0 ? 0 : row_count - 1); /* Arrow wants offsets in any case */
    arrow_array_init(out, row_count, c->null_count, has_offsets(c) ? 3 : 2, 0);
    if (c->null_count > 0)
        arrow_array_give(out, 0, c->present);
    else
        memory_free(c->present);
    arrow_array_give(out, 1, c->values.block);
    if (c->is_coded)
        take_dictionary(c, arrow_array_add_dictionary(out));
    else if (c->is_text)
        arrow_array_give(out, 2, c->bytes != NULL ? c->bytes : memory_alloc(1));
    c->present = NULL;
    c->values.block = NULL;
    c->bytes = NULL;
    c->usual_rows = c->capacity;
    c->usual_bytes = c->byte_capacity;
    c->capacity = c->null_count = c->byte_count = c->byte_capacity = 0;
}
