/* SPDX-License-Identifier: MIT
 *
 * PostgreSQL's binary values. Numbers have their highest byte first; times count from
 * 2000-01-01.
 */
#include "postgres/binary.h"

#include <endian.h>
#include <math.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "common/memory.h"
#include "common/moments.h"

/* The numbers of types never change; they stand in PostgreSQL's pg_type.dat. */
enum {
    TYPE_BOOL = 16,
    TYPE_BYTEA = 17,
    TYPE_INT8 = 20,
    TYPE_INT2 = 21,
    TYPE_INT4 = 23,
    TYPE_FLOAT4 = 700,
    TYPE_FLOAT8 = 701,
    TYPE_DATE = 1082,
    TYPE_TIMESTAMP = 1114,
    TYPE_TIMESTAMPTZ = 1184,
    TYPE_INTERVAL = 1186,
    TYPE_NUMERIC = 1700,
};

enum {
    NUMERIC_NEGATIVE = 0x4000,
    NUMERIC_SPECIAL = 0xc000, /* not a number, or without an end */
    DIGITS_OF_GROUP = 4,
};

#define DAYS_TO_2000        10957
#define MICROSECONDS_OF_DAY INT64_C(86400000000)

int16_t binary_int16(const char *data)
{
    uint16_t value;
    memcpy(&value, data, sizeof value);
    return (int16_t)be16toh(value);
}

int32_t binary_int32(const char *data)
{
    uint32_t value;
    memcpy(&value, data, sizeof value);
    return (int32_t)be32toh(value);
}

int64_t binary_int64(const char *data)
{
    uint64_t value;
    memcpy(&value, data, sizeof value);
    return (int64_t)be64toh(value);
}

/* ---- forms ------------------------------------------------------------------------ */

static binary_form form_of_number(Oid type)
{
    switch (type) {
    case TYPE_INT2:
    case TYPE_INT4:
    case TYPE_INT8: return FORM_INT;
    case TYPE_FLOAT4:
    case TYPE_FLOAT8: return FORM_FLOAT;
    case TYPE_NUMERIC: return FORM_NUMERIC;
    default: return FORM_TEXT;
    }
}

/* Values that say what they are need no format. */
static bool choose_moment(const carpel_column *wanted, binary_form form, binary_form *out,
                          const char **reason)
{
    *out = form;
    *reason = "it says by itself which time it is: leave \"format\" out";
    return wanted->format == NULL;
}

bool binary_choose(Oid type, const carpel_column *wanted, binary_form *out,
                   const char **reason)
{
    *out = FORM_TEXT;
    *reason = "it holds bytes and no text; in a query, convert_from(...) or encode(...)";
    if (type == TYPE_BYTEA)
        return false;
    *reason = "only lists of plain values can be read, of arrays";
    switch (wanted->type) {
    case CARPEL_BOOL: *out = type == TYPE_BOOL ? FORM_BOOL : FORM_TEXT; return true;
    case CARPEL_INT:
    case CARPEL_DECIMAL:
    case CARPEL_NUMBER: *out = form_of_number(type); return true;
    case CARPEL_TIME:
        if (type == TYPE_TIMESTAMP && !wanted->format)
            *out = FORM_LOCAL_TIME;
        return type != TYPE_TIMESTAMPTZ || choose_moment(wanted, FORM_TIME, out, reason);
    case CARPEL_DATE:
        return type != TYPE_DATE || choose_moment(wanted, FORM_DATE, out, reason);
    case CARPEL_DURATION:
        return type != TYPE_INTERVAL || choose_moment(wanted, FORM_INTERVAL, out, reason);
    case CARPEL_LIST: *out = FORM_TEXTS; return wanted->is_plain;
    case CARPEL_STRING:
    case CARPEL_PERSON: break;
    }
    return true;
}

const char *binary_limit(Oid type, int server_version)
{
    switch (type) {
    case TYPE_FLOAT4:
    case TYPE_FLOAT8:
    case TYPE_DATE:
    case TYPE_TIMESTAMP:
    case TYPE_TIMESTAMPTZ: return "infinity";
    case TYPE_NUMERIC: return server_version >= 140000 ? "infinity" : "NaN";
    default: return NULL;
    }
}

const char *binary_cast(binary_form form)
{
    return form == FORM_TEXT ? "::text" : form == FORM_TEXTS ? "::text[]" : "";
}

/* ---- values ----------------------------------------------------------------------- */

static void refuse(const carpel_host *host, carpel_rows *rows,
                   const carpel_column *wanted, const char *why)
{
    char reason[200];
    snprintf(reason, sizeof reason, "column \"%.100s\": %s", wanted->from, why);
    host->row_refuse(rows, reason);
}

bool binary_read_int(const char *data, size_t size, int64_t *out)
{
    switch (size) {
    case 2: *out = binary_int16(data); return true;
    case 4: *out = binary_int32(data); return true;
    case 8: *out = binary_int64(data); return true;
    default: return false;
    }
}

static bool set_int(const carpel_host *host, carpel_rows *rows, size_t column,
                    const char *data, size_t size)
{
    int64_t value;
    if (!binary_read_int(data, size, &value))
        return false;
    host->row_set_int(rows, column, value);
    return true;
}

enum { FLOAT4_ROOM = 32 };

/* A float of 4 bytes has the few digits that make it, and not those of the double beside
 * it: 0.1 stays 0.1. */
static size_t write_float4(float value, char out[FLOAT4_ROOM])
{
    int size = 0;
    for (int precision = 6; precision <= 9; precision++) {
        size = snprintf(out, FLOAT4_ROOM, "%.*g", precision, (double)value);
        if (strtof(out, NULL) == value)
            break;
    }
    return (size_t)size;
}

static float float4_of(const char *data)
{
    float value;
    int32_t bits = binary_int32(data);
    memcpy(&value, &bits, sizeof value);
    return value;
}

static double float8_of(const char *data)
{
    double value;
    int64_t bits = binary_int64(data);
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Quarters and whole numbers, as most are, have the same digits either way. */
static double number_of_float4(float value)
{
    char digits[FLOAT4_ROOM];
    const float quarters = value * 4;
    if (fabsf(value) < 10000 && quarters == (float)(int32_t)quarters)
        return value;
    (void)write_float4(value, digits);
    return strtod(digits, NULL);
}

bool binary_read_float(const char *data, size_t size, double *out)
{
    if (size == sizeof(float))
        *out = number_of_float4(float4_of(data));
    else if (size == sizeof(double))
        *out = float8_of(data);
    return size == sizeof(float) || size == sizeof(double);
}

static bool set_float(const carpel_host *host, carpel_rows *rows, size_t column,
                      const char *data, size_t size)
{
    char digits[FLOAT4_ROOM];
    if (size == sizeof(float))
        host->row_set_text(rows, column, digits, write_float4(float4_of(data), digits),
                           false);
    else if (size == sizeof(double))
        host->row_set_number(rows, column, float8_of(data));
    return size == sizeof(float) || size == sizeof(double);
}

/* Four digits, of the first group without zeros before them. */
static char *write_group(char *at, int digits, bool is_first)
{
    for (int part = 1000; part > 0; part /= 10)
        if (!is_first || digits >= part || part == 1)
            *at++ = (char)('0' + digits / part % 10);
    return at;
}

/* A number of PostgreSQL: groups of four digits, of which the first counts 10000^weight; `scale` digits
 * stand behind the point. */
typedef struct numeric {
    const char *groups;
    int count, weight, scale;
} numeric;

static int first_group(const numeric *n)
{
    return n->weight > 0 ? n->weight : 0;
}

static int last_group(const numeric *n)
{
    return -((n->scale + DIGITS_OF_GROUP - 1) / DIGITS_OF_GROUP);
}

/* As many bytes as it may take, with a sign and a point. */
static size_t numeric_room(const numeric *n)
{
    return (size_t)(first_group(n) - last_group(n) + 1) * DIGITS_OF_GROUP + 2;
}

/* Returns how many bytes it took. */
static size_t write_numeric(const numeric *n, bool is_negative, char *out)
{
    char *to = out;
    if (is_negative)
        *to++ = '-';
    for (int at = first_group(n); at >= last_group(n); at--) {
        int index = n->weight - at;
        int digits =
            index >= 0 && index < n->count ? binary_int16(n->groups + index * 2) : 0;
        if (at == -1)
            *to++ = '.';
        to = write_group(to, digits < 0 || digits > 9999 ? 0 : digits,
                         at == first_group(n));
    }
    if (last_group(n) < 0)
        to -= -last_group(n) * DIGITS_OF_GROUP - n->scale;
    return (size_t)(to - out);
}

static bool set_numeric(const carpel_host *host, carpel_rows *rows, size_t column,
                        const carpel_column *wanted, const char *data, size_t size)
{
    char few[64];
    if (size < 8 || size != 8 + 2 * (size_t)(uint16_t)binary_int16(data))
        return false;
    const numeric n = {data + 8, binary_int16(data), binary_int16(data + 2),
                       binary_int16(data + 6)};
    int sign = (uint16_t)binary_int16(data + 4);
    if ((sign & NUMERIC_SPECIAL) == NUMERIC_SPECIAL) {
        refuse(host, rows, wanted, "it is NaN or infinite");
        return true;
    }
    if (n.scale < 0)
        return false;
    bool is_long = numeric_room(&n) > sizeof few;
    char *digits = is_long ? common_alloc(numeric_room(&n), 1) : few;
    size_t used = write_numeric(&n, sign == NUMERIC_NEGATIVE, digits);
    host->row_set_text(rows, column, digits, used, false);
    if (is_long)
        free(digits);
    return true;
}

int64_t binary_power_of_ten(int power)
{
    static const int64_t powers[] = {INT64_C(1),
                                     INT64_C(10),
                                     INT64_C(100),
                                     INT64_C(1000),
                                     INT64_C(10000),
                                     INT64_C(100000),
                                     INT64_C(1000000),
                                     INT64_C(10000000),
                                     INT64_C(100000000),
                                     INT64_C(1000000000),
                                     INT64_C(10000000000),
                                     INT64_C(100000000000),
                                     INT64_C(1000000000000),
                                     INT64_C(10000000000000),
                                     INT64_C(100000000000000),
                                     INT64_C(1000000000000000),
                                     INT64_C(10000000000000000),
                                     INT64_C(100000000000000000),
                                     INT64_C(1000000000000000000)};
    return powers[power];
}

bool binary_read_decimal(const char *data, size_t size, binary_decimal *out)
{
    if (size < 8 || size != 8 + 2 * (size_t)(uint16_t)binary_int16(data))
        return false;
    int count = binary_int16(data), weight = binary_int16(data + 2);
    int sign = (uint16_t)binary_int16(data + 4);
    int64_t digits = 0;
    bool is_over = sign != 0 && sign != NUMERIC_NEGATIVE;
    for (int i = 0; i < count && !is_over; i++) {
        int16_t group = binary_int16(data + 8 + i * 2);
        is_over = group < 0 || group > 9999 ||
                  __builtin_mul_overflow(digits, 10000, &digits) ||
                  __builtin_add_overflow(digits, group, &digits);
    }
    out->digits = sign == NUMERIC_NEGATIVE ? -digits : digits;
    out->exponent = (weight - count + 1) * DIGITS_OF_GROUP;
    return !is_over;
}

/* Times of the last years that PostgreSQL has are no 64 bits since 1970. */
bool binary_read_time(const char *data, size_t size, int64_t *out)
{
    int64_t value = size == 8 ? binary_int64(data) : INT64_MAX;
    bool is_infinite = value == INT64_MAX || value == INT64_MIN;
    if (__builtin_add_overflow(value, DAYS_TO_2000 * MICROSECONDS_OF_DAY, out))
        *out = INT64_MAX;
    return !is_infinite;
}

static bool set_time(const carpel_host *host, carpel_rows *rows, size_t column,
                     const carpel_column *wanted, const char *data, size_t size)
{
    int64_t value;
    if (size != 8)
        return false;
    if (binary_read_time(data, size, &value))
        host->row_set_int(rows, column, value);
    else
        refuse(host, rows, wanted, "it is infinite");
    return true;
}

/* As a text, which the host reads in its zone. */
static bool set_local_time(const carpel_host *host, carpel_rows *rows, size_t column,
                           const carpel_column *wanted, const char *data, size_t size)
{
    char text[40];
    int64_t value;
    if (size != 8)
        return false;
    if (!binary_read_time(data, size, &value))
        refuse(host, rows, wanted, "it is infinite");
    else if (value < MOMENT_FIRST || value > MOMENT_LAST)
        refuse(host, rows, wanted, "it is out of range");
    else
        host->row_set_text(rows, column, text,
                           moment_write_time(value, 1000000, ' ', "", text, sizeof text),
                           false);
    return true;
}

bool binary_read_date(const char *data, size_t size, int64_t *out)
{
    int32_t value = size == 4 ? binary_int32(data) : INT32_MAX;
    *out = (int64_t)value + DAYS_TO_2000;
    return value != INT32_MAX && value != INT32_MIN;
}

static bool set_date(const carpel_host *host, carpel_rows *rows, size_t column,
                     const carpel_column *wanted, const char *data, size_t size)
{
    int64_t value;
    if (size != 4)
        return false;
    if (binary_read_date(data, size, &value))
        host->row_set_int(rows, column, value);
    else
        refuse(host, rows, wanted, "it is infinite");
    return true;
}

/* Microseconds, days and months. */
interval_kind binary_read_interval(const char *data, size_t size, int64_t *out)
{
    if (size != 16)
        return INTERVAL_BROKEN;
    if (binary_int32(data + 12) != 0)
        return INTERVAL_CALENDAR;
    int64_t days;
    bool is_too_long =
        __builtin_mul_overflow(binary_int32(data + 8), MICROSECONDS_OF_DAY, &days) ||
        __builtin_add_overflow(binary_int64(data), days, out);
    return is_too_long ? INTERVAL_TOO_LONG : INTERVAL_GOOD;
}

static bool set_interval(const carpel_host *host, carpel_rows *rows, size_t column,
                         const carpel_column *wanted, const char *data, size_t size)
{
    int64_t value;
    switch (binary_read_interval(data, size, &value)) {
    case INTERVAL_GOOD: host->row_set_int(rows, column, value); return true;
    case INTERVAL_CALENDAR:
        refuse(host, rows, wanted, "months and years have no fixed length");
        return true;
    case INTERVAL_TOO_LONG: refuse(host, rows, wanted, "it is too long"); return true;
    case INTERVAL_BROKEN: break;
    }
    return false;
}

/* The number of dimensions, a flag, the type of items; size and first index of each
 * dimension; then the items, each with its size before it. */
static bool set_texts(const carpel_host *host, carpel_rows *rows, size_t column,
                      const carpel_column *wanted, const char *data, size_t size)
{
    if (size < 12)
        return false;
    int32_t dimensions = binary_int32(data);
    host->list_begin(rows, column);
    if (dimensions == 0)
        return true;
    if (dimensions != 1) {
        refuse(host, rows, wanted, "it is an array of arrays");
        return true;
    }
    size_t at = 20;
    for (int32_t left = size >= at ? binary_int32(data + 12) : -1; left > 0; left--) {
        if (size - at < 4)
            return false;
        int32_t item = binary_int32(data + at);
        at += 4;
        if (item > 0 && size - at < (size_t)item)
            return false;
        host->item_begin(rows, column);
        if (item >= 0)
            host->row_set_text(rows, 0, data + at, (size_t)item, true);
        host->item_end(rows);
        at += item > 0 ? (size_t)item : 0;
    }
    return size >= 20;
}

bool binary_set(const carpel_host *host, carpel_rows *rows, size_t column,
                const carpel_column *wanted, binary_form form, const char *data,
                size_t size)
{
    switch (form) {
    case FORM_TEXT: host->row_set_text(rows, column, data, size, true); return true;
    case FORM_BOOL:
        host->row_set_bool(rows, column, size == 1 && data[0] != 0);
        return size == 1;
    case FORM_INT: return set_int(host, rows, column, data, size);
    case FORM_FLOAT: return set_float(host, rows, column, data, size);
    case FORM_NUMERIC: return set_numeric(host, rows, column, wanted, data, size);
    case FORM_TIME: return set_time(host, rows, column, wanted, data, size);
    case FORM_LOCAL_TIME: return set_local_time(host, rows, column, wanted, data, size);
    case FORM_DATE: return set_date(host, rows, column, wanted, data, size);
    case FORM_INTERVAL: return set_interval(host, rows, column, wanted, data, size);
    case FORM_TEXTS: return set_texts(host, rows, column, wanted, data, size);
    }
    return false;
}
