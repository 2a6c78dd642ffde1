/* SPDX-License-Identifier: MIT
 *
 * One column of a batch: texts and plain values become typed cells here, so every source
 * reads "12.50" or "2026-03-01" alike and refuses with the same words.
 */
#include "plugin/cells.h"

#include <endian.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/utf8.h"
#include "plugin/arrow.h"
#include "ingest/quarantine.h"
#include "value/value.h"

enum {
    FIRST_CAPACITY = 4096, /* rows */
    FIRST_TEXTS = 1024,    /* of a dictionary */
    EXCERPT_SIZE = 40,     /* bytes of a value that a message shows */
    MEMO_TRIAL = 1024,     /* texts before remembering is given up */
    SHORT_DECIMAL = 9,     /* characters that are read without a look at overflows */
    SHORT_SCALE = 9,
    PLAIN_SIZE = 64 /* bytes of a number written without an exponent */
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

static void append_type(const cells *c, text *out)
{
    static const char *const names[] = {"?",        "bool",   "int",  "decimal",
                                        "number",   "string", "time", "date",
                                        "duration", "person", "list"};
    text_append(out, names[c->type]);
    if (c->type == CARPEL_DECIMAL)
        text_append_format(out, "(%u)", c->scale);
}

/* The beginning of a value, with what does not print replaced. */
static void append_excerpt(const char *data, size_t size, text *out)
{
    size_t at = 0;
    while (at < size && at < EXCERPT_SIZE) {
        size_t length;
        uint32_t code = utf8_decode(data + at, size - at, &length);
        if (code < 0x20 || code == 0x7f || code == 0xfffd)
            text_append_char(out, '?');
        else
            text_append_bytes(out, data + at, length);
        at += length;
    }
    if (at < size)
        text_append(out, "...");
}

/* Where a format goes that the reason names, when the column has none yet:
 * ": write time: {from: ordered_at, format: "%d.%m.%Y"}". */
static void append_format_line(const cells *c, const char *why, text *reason)
{
    static const char fits[] = "it would fit the format ", trait[] = "user.";
    const char *format = strstr(why, fits);
    if (c->format != NULL || format == NULL)
        return;
    bool is_trait = strncmp(c->name, trait, strlen(trait)) == 0;
    text_append_format(reason, ": write %s: {from: %s, format: %s}",
                       c->name + (is_trait ? strlen(trait) : 0), c->from,
                       format + strlen(fits));
}

static bool refuse_value(const cells *c, const char *data, size_t size, const char *why,
                         text *reason)
{
    text_append_format(reason, "column \"%s\": " REASON_QUOTE_BEGIN, c->from);
    append_excerpt(data, size, reason);
    text_append(reason, REASON_QUOTE_END);
    append_type(c, reason);
    text_append_format(reason, ": %s", why);
    append_format_line(c, why, reason);
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

static void append_bytes(cells *c, const char *data, size_t size)
{
    if (size > c->byte_capacity - c->byte_count) {
        size_t needed = c->byte_count + size;
        c->byte_capacity = needed < 1024 ? 4096 : needed * 2;
        if (c->bytes == NULL && c->byte_capacity < c->usual_bytes)
            c->byte_capacity = c->usual_bytes;
        c->bytes = memory_resize(c->bytes, c->byte_capacity);
    }
    if (size > 0)
        memcpy(c->bytes + c->byte_count, data, size);
    c->byte_count += size;
}

/* Add a text to the dictionary of a column. */
static int32_t add_text(cells *c, const char *data, size_t size)
{
    if (c->text_count + 1 >= c->text_capacity) {
        c->text_capacity = c->text_capacity == 0 ? FIRST_TEXTS : c->text_capacity * 2;
        c->text_offsets = memory_resize_array(c->text_offsets, c->text_capacity,
                                              sizeof *c->text_offsets);
        c->text_offsets[0] = 0;
    }
    append_bytes(c, data, size);
    c->text_offsets[c->text_count + 1] = (int32_t)c->byte_count;
    return (int32_t)c->text_count++;
}

static bool put_text(cells *c, size_t row, const char *data, size_t size)
{
    c->is_set = true;
    if (c->is_coded) {
        c->values.codes[row] = add_text(c, data, size);
        return true;
    }
    c->byte_count = (size_t)c->values.offsets[row]; /* the row's cell may be set again */
    append_bytes(c, data, size);
    return true;
}

/* ---- reading ------------------------------------------------------------ */

/* Most texts are short: two loads that overlap take the place of a loop over the rest. */
static bool is_ascii(const char *data, size_t size)
{
    const uint64_t high_bits = UINT64_C(0x8080808080808080);
    uint64_t high = 0, word;
    if (size >= 8) {
        for (size_t at = 0; at + 8 < size; at += 8) {
            memcpy(&word, data + at, 8);
            high |= word;
        }
        memcpy(&word, data + size - 8, 8);
        return ((high | word) & high_bits) == 0;
    }
    if (size >= 4) {
        uint32_t first, last;
        memcpy(&first, data, 4);
        memcpy(&last, data + size - 4, 4);
        return ((first | last) & (uint32_t)high_bits) == 0;
    }
    for (size_t at = 0; at < size; at++)
        high |= (uint64_t)(unsigned char)data[at];
    return (high & high_bits) == 0;
}

/* The bytes of text before the row's. */
static size_t bytes_before(const cells *c, size_t row)
{
    return c->is_coded ? c->byte_count : (size_t)c->values.offsets[row];
}

/* ---- texts that came before ---------------------------------------------------------- */

/* A number of the text's first bytes. With the size it is all of a text of up to 8. */
static inline uint64_t key_of(const char *data, size_t size)
{
    const unsigned char *bytes = (const unsigned char *)data;
    uint32_t low, high;
    uint64_t key;
    if (size >= 8) {
        memcpy(&key, data, 8);
        return key;
    }
    if (size >= 4) {
        memcpy(&low, data, 4);
        memcpy(&high, data + size - 4, 4);
        return (uint64_t)high << 32 | low;
    }
    return size == 0 ? 0
                     : (uint64_t)bytes[size - 1] << 16 | (uint64_t)bytes[size / 2] << 8 |
                           bytes[0];
}

/* Where the text would be remembered. */
static inline cells_memo *memo_of(const cells *c, uint64_t key, size_t size)
{
    uint64_t mixed = (key ^ size) * UINT64_C(0x9e3779b97f4a7c15);
    return &c->memo[mixed >> 56 & (CELLS_MEMO_SIZE - 1)];
}

static inline bool is_remembered(const cells *c, const cells_memo *m, uint64_t key,
                                 const char *data, size_t size)
{
    return m->key == key && m->size == size &&
           (size <= 8 || memcmp(c->bytes + c->text_offsets[m->code], data, size) == 0);
}

static void forget_texts(cells *c)
{
    for (size_t i = 0; i < CELLS_MEMO_SIZE; i++)
        c->memo[i].size = UINT32_MAX;
    c->memo_tries = c->memo_hits = 0;
}

/* Ids that differ from row to row are not worth the look. */
static inline bool is_memo_worth(const cells *c)
{
    return c->memo_tries < MEMO_TRIAL || c->memo_hits >= c->memo_tries / 4;
}

/* The code of a text, which is added when it is not remembered. False: it cannot be. */
static inline bool find_code(cells *c, const char *data, size_t size, int32_t *code)
{
    const uint64_t high_bits = UINT64_C(0x8080808080808080);
    uint64_t key = key_of(data, size);
    cells_memo *m = memo_of(c, key, size);
    bool is_worth = is_memo_worth(c);
    c->memo_tries += is_worth ? 1 : 0;
    if (is_worth && is_remembered(c, m, key, data, size)) {
        c->memo_hits++;
        *code = m->code;
        return true;
    }
    bool is_plain = size <= 8 ? (key & high_bits) == 0 : is_ascii(data, size);
    if (size > INT32_MAX - c->byte_count || (!is_plain && !utf8_is_valid(data, size)))
        return false;
    *code = add_text(c, data, size);
    if (is_worth)
        *m = (cells_memo){key, (uint32_t)size, *code};
    return true;
}

static bool set_string(cells *c, size_t row, const char *data, size_t size, text *reason)
{
    if (c->is_coded && find_code(c, data, size, &c->values.codes[row]))
        return c->is_set = true;
    if (size > INT32_MAX - bytes_before(c, row))
        return refuse_value(c, data, size, "the text is too long", reason);
    if (!is_ascii(data, size) && !utf8_is_valid(data, size))
        return refuse_value(c, data, size, "it is not UTF-8", reason);
    return put_text(c, row, data, size);
}

/* A number such as "-1.25e3" taken apart. */
typedef struct exponent_form {
    bool is_negative;
    char digits[24];
    long digit_count;
    long point; /* how many digits stand before the point; may lie outside of them */
} exponent_form;

static bool take_digits(const char *data, size_t size, exponent_form *out)
{
    bool has_point = false;
    for (size_t i = 0; i < size; i++) {
        if (data[i] == '.' && !has_point) {
            has_point = true;
            out->point = out->digit_count;
        } else if (data[i] >= '0' && data[i] <= '9') {
            out->digits[out->digit_count++] = data[i];
        } else {
            return false;
        }
    }
    if (!has_point)
        out->point = out->digit_count;
    return out->digit_count > 0;
}

/* False: the text has no exponent, is no number, or is a very long one. */
static bool take_apart(slice s, exponent_form *out)
{
    *out = (exponent_form){.is_negative = s.size > 0 && s.data[0] == '-'};
    size_t begin = out->is_negative || (s.size > 0 && s.data[0] == '+') ? 1 : 0;
    size_t e = begin;
    while (e < s.size && s.data[e] != 'e' && s.data[e] != 'E')
        e++;
    char exponent_text[8] = {0}, *rest;
    if (e == s.size || e - begin >= sizeof out->digits ||
        s.size - e - 1 >= sizeof exponent_text ||
        !take_digits(s.data + begin, e - begin, out))
        return false;
    memcpy(exponent_text, s.data + e + 1, s.size - e - 1);
    long exponent = strtol(exponent_text, &rest, 10);
    out->point += exponent;
    return rest != exponent_text && *rest == '\0' && exponent >= -30 && exponent <= 30;
}

/* Write "1.25e3" as "1250", "1e-2" as "0.01"; at most 2 + 30 + 24 + 1 bytes. */
static size_t write_plain(const exponent_form *number, char out[PLAIN_SIZE])
{
    size_t n = 0;
    if (number->is_negative)
        out[n++] = '-';
    if (number->point <= 0)
        out[n++] = '0';
    for (long i = number->point < 0 ? number->point : 0;
         i < number->digit_count || i < number->point; i++) {
        if (i == number->point)
            out[n++] = '.';
        out[n++] = i >= 0 && i < number->digit_count ? number->digits[i] : '0';
    }
    return n;
}

static bool read_decimal(slice s, unsigned scale, int64_t *out, const char **why)
{
    if (value_read_decimal(s, scale, out, why))
        return true;
    exponent_form number;
    if (!take_apart(s, &number))
        return false;
    char plain[PLAIN_SIZE];
    size_t size = write_plain(&number, plain);
    return value_read_decimal((slice){plain, size}, scale, out, why);
}

/* Read a text that is no string. */
static bool read_value(cells *c, size_t row, slice s, const char **why)
{
    int64_t whole;
    bool truth;
    switch (c->type) {
    case CARPEL_BOOL: return value_read_bool(s, &truth, why) && put_bool(c, row, truth);
    case CARPEL_INT:
    case CARPEL_DECIMAL:
        return read_decimal(s, c->scale, &whole, why) && put_whole(c, row, whole);
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
    c->memo = memory_alloc_array(CELLS_MEMO_SIZE, sizeof *c->memo);
    forget_texts(c);
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
    return read_value(c, row, (slice){data, size}, &why) ||
           refuse_value(c, data, size, why, reason);
}

/* Has the column a format, or a unit, that says what a plain number means? */
static bool has_number_format(const cells *c)
{
    bool is_time = c->type == CARPEL_TIME || c->type == CARPEL_DATE;
    return (is_time && c->format != NULL) || c->unit_microseconds != 0;
}

bool cells_set_int(cells *c, size_t row, int64_t value, text *reason)
{
    int64_t scaled;
    char digits[24];
    int size = snprintf(digits, sizeof digits, "%lld", (long long)value);
    make_room(c, row);
    if (has_number_format(c))
        return cells_set_text(c, row, digits, (size_t)size, false, reason);
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
    if (c->is_text)
        return set_string(c, row, digits, (size_t)size, reason);
    return refuse_value(c, digits, (size_t)size, "it is out of range", reason);
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
    exponent_form number;
    char plain[PLAIN_SIZE];
    bool is_whole = value == floor(value) && fabs(value) < 0x1p63;
    if (!has_number_format(c))
        return is_whole
                   ? cells_set_int(c, row, (int64_t)value, reason)
                   : refuse_value(c, digits.data, digits.size, "it is not whole", reason);
    if (take_apart(digits, &number))
        digits = (slice){plain, write_plain(&number, plain)};
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

void cells_add_int(cells *c, size_t row, int64_t value)
{
    make_room(c, row);
    put_whole(c, row, value);
    end_row(c, row);
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
    forget_texts(c);
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

/* ---- many rows at once ------------------------------------------------------------- */

static inline const char *cell_text(const char *data, carpel_cell cell)
{
    return data + cell.begin;
}

static inline size_t cell_size(carpel_cell cell)
{
    return cell.size & ~CARPEL_CELL_QUOTED;
}

/* A row of the column is there. */
static inline void mark_present(cells *c, size_t row)
{
    c->present[row / 8] = (uint8_t)(c->present[row / 8] | 1u << (row % 8));
}

/* Digits, and perhaps a point with at most `scale` digits behind it. False: it is written in
 * another way, or is very long. */
static inline bool read_short_decimal(const char *data, size_t size, unsigned scale,
                                      int64_t *out)
{
    static const int64_t powers[] = {1,      10,      100,      1000,      10000,
                                     100000, 1000000, 10000000, 100000000, 1000000000};
    int64_t value = 0;
    size_t i = 0, point;
    if (size > SHORT_DECIMAL || scale > SHORT_SCALE)
        return false;
    for (; i < size && (unsigned char)(data[i] - '0') <= 9; i++)
        value = value * 10 + (data[i] - '0');
    if (i == 0)
        return false;
    if (i == size) {
        *out = value * powers[scale];
        return true;
    }
    point = i++;
    if (data[point] != '.' || i == size || size - i > scale)
        return false;
    for (; i < size && (unsigned char)(data[i] - '0') <= 9; i++)
        value = value * 10 + (data[i] - '0');
    *out = value * powers[scale - (size - 1 - point)];
    return i == size;
}

/* "10:05:09" in microseconds; false: it is no such time. */
static inline bool read_usual_clock(const char *data, int64_t *out)
{
    const uint64_t zeros = UINT64_C(0x30303a30303a3030); /* "00:00:00" */
    uint64_t word;
    memcpy(&word, data, 8);
    word = le64toh(word) ^ zeros;
    uint64_t not_digits = (word + UINT64_C(0x0606000606000606)) | word;
    if ((not_digits & UINT64_C(0xf0f0fff0f0fff0f0)) != 0)
        return false;
    unsigned hour = (unsigned)((word & 15) * 10 + (word >> 8 & 15));
    unsigned minute = (unsigned)((word >> 24 & 15) * 10 + (word >> 32 & 15));
    unsigned second = (unsigned)((word >> 48 & 15) * 10 + (word >> 56 & 15));
    *out = (int64_t)(hour * 3600 + minute * 60 + second) * MICROSECONDS_PER_SECOND;
    return hour < 24 && minute < 60 && second < 60;
}

/* Is the date at `data` (10 bytes) the one that was read last? */
static inline bool is_same_day(const cells_day *day, const char *data)
{
    uint64_t first;
    uint16_t last;
    memcpy(&first, data, 8);
    memcpy(&last, data + 8, 2);
    return day->is_known && day->first == first && day->last == last;
}

/* Read a date and remember it. False: it cannot be, or not all of its times are as far
 * from its begin as the clock says. */
static bool remember_day(cells *c, const char *data)
{
    const char *why;
    int64_t date;
    c->day.is_known = value_read_date((slice){data, 10}, NULL, &date, &why) &&
                      date > DATE_MIN + 1 && date < DATE_MAX - 1;
    if (c->day.is_known && c->type == CARPEL_TIME)
        c->day.is_known = zone_day_is_even(c->local, date, &c->day.begin);
    else
        c->day.begin = date;
    memcpy(&c->day.first, data, 8);
    memcpy(&c->day.last, data + 8, 2);
    return c->day.is_known;
}

/* "2026-03-01 10:05:09" or with a T, in a column without a format. */
static inline bool read_usual_time(cells *c, const char *data, size_t size, int64_t *out)
{
    int64_t clock;
    if (c->format || size != 19 || (data[10] != ' ' && data[10] != 'T') ||
        !read_usual_clock(data + 11, &clock) ||
        (!is_same_day(&c->day, data) && !remember_day(c, data)))
        return false;
    *out = c->day.begin + clock;
    return true;
}

static inline bool read_usual_date(cells *c, const char *data, size_t size, int32_t *out)
{
    if (c->format || size != 10 ||
        (!is_same_day(&c->day, data) && !remember_day(c, data)))
        return false;
    *out = (int32_t)c->day.begin;
    return true;
}

/* The cells of one kind after the other; each function answers as cells_add_texts. */
static bool add_strings(cells *c, size_t row, const char *data, const carpel_cell *texts,
                        size_t stride, size_t count)
{
    for (size_t i = 0; i < count; i++, row++, texts += stride) {
        size_t size = cell_size(*texts);
        bool is_missing = c->type == CARPEL_STRING ? texts->size == 0 : size == 0;
        c->values.codes[row] = 0;
        if (is_missing)
            c->null_count++;
        else if (!find_code(c, cell_text(data, *texts), size, &c->values.codes[row]))
            return false;
        else
            mark_present(c, row);
    }
    return true;
}

static bool add_wholes(cells *c, size_t row, const char *data, const carpel_cell *texts,
                       size_t stride, size_t count)
{
    const char *why;
    for (size_t i = 0; i < count; i++, row++, texts += stride) {
        slice s = {cell_text(data, *texts), cell_size(*texts)};
        int64_t *out = &c->values.wholes[row];
        *out = 0;
        if (s.size == 0)
            c->null_count++;
        else if (!read_short_decimal(s.data, s.size, c->scale, out) &&
                 !read_decimal(s, c->scale, out, &why))
            return false;
        else
            mark_present(c, row);
    }
    return true;
}

static bool add_times(cells *c, size_t row, const char *data, const carpel_cell *texts,
                      size_t stride, size_t count)
{
    const char *why;
    for (size_t i = 0; i < count; i++, row++, texts += stride) {
        slice s = {cell_text(data, *texts), cell_size(*texts)};
        int64_t *out = &c->values.wholes[row];
        *out = 0;
        if (s.size == 0)
            c->null_count++;
        else if (!read_usual_time(c, s.data, s.size, out) &&
                 !value_read_time(s, c->format, c->local, out, &why))
            return false;
        else
            mark_present(c, row);
    }
    return true;
}

static bool add_dates(cells *c, size_t row, const char *data, const carpel_cell *texts,
                      size_t stride, size_t count)
{
    const char *why;
    int64_t date;
    for (size_t i = 0; i < count; i++, row++, texts += stride) {
        slice s = {cell_text(data, *texts), cell_size(*texts)};
        c->values.days[row] = 0;
        if (s.size == 0) {
            c->null_count++;
            continue;
        }
        if (!read_usual_date(c, s.data, s.size, &c->values.days[row])) {
            if (!value_read_date(s, c->format, &date, &why))
                return false;
            c->values.days[row] = (int32_t)date;
        }
        mark_present(c, row);
    }
    return true;
}

/* Types that are rare. */
static bool add_others(cells *c, size_t row, const char *data, const carpel_cell *texts,
                       size_t stride, size_t count)
{
    const char *why;
    for (size_t i = 0; i < count; i++, row++, texts += stride) {
        slice s = {cell_text(data, *texts), cell_size(*texts)};
        if (s.size > 0 && !read_value(c, row, s, &why)) {
            c->is_set = false;
            return false;
        }
        end_row(c, row);
    }
    return true;
}

static bool add_texts(cells *c, size_t row, const char *data, const carpel_cell *texts,
                      size_t stride, size_t count)
{
    switch (c->type) {
    case CARPEL_STRING:
    case CARPEL_PERSON: return add_strings(c, row, data, texts, stride, count);
    case CARPEL_INT:
    case CARPEL_DECIMAL: return add_wholes(c, row, data, texts, stride, count);
    case CARPEL_TIME: return add_times(c, row, data, texts, stride, count);
    case CARPEL_DATE: return add_dates(c, row, data, texts, stride, count);
    default: return add_others(c, row, data, texts, stride, count);
    }
}

bool cells_add_texts(cells *c, size_t row, const char *data, const carpel_cell *texts,
                     size_t stride, size_t count)
{
    size_t nulls = c->null_count;
    while (c->capacity < row + count)
        grow(c);
    if (!texts) {
        for (size_t i = 0; i < count; i++)
            end_row(c, row + i);
        return true;
    }
    if (add_texts(c, row, data, texts, stride, count))
        return true;
    for (size_t i = row; i < row + count; i++)
        c->present[i / 8] = (uint8_t)(c->present[i / 8] & ~(1u << (i % 8)));
    c->null_count = nulls;
    return false;
}
