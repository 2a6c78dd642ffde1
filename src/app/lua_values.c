/* SPDX-License-Identifier: MIT
 *
 * Reading arguments of functions of Lua from the command line.
 */
#include "app/lua_values.h"

#include <string.h>

#include "value/value.h"

static bool is_missing(slice word)
{
    return slice_is(word, "missing") || slice_is(word, "nil");
}

static script_value number_value(double number)
{
    return (script_value){.kind = SCRIPT_NUMBER, .number = number};
}

static script_value integer_value(int64_t integer)
{
    return (script_value){.kind = SCRIPT_INTEGER, .integer = integer};
}

script_value lua_value_of_word(const char *word)
{
    slice s = slice_of(word);
    const char *reason;
    double number;
    if (is_missing(s))
        return (script_value){.kind = SCRIPT_MISSING};
    if (slice_is(s, "true") || slice_is(s, "false"))
        return (script_value){.kind = SCRIPT_BOOL, .boolean = slice_is(s, "true")};
    if (!value_read_number(s, &number, &reason))
        return (script_value){.kind = SCRIPT_TEXT, .text = s};
    bool is_whole = strspn(word, "-0123456789") == s.size && s.size < 16;
    return is_whole ? integer_value((int64_t)number) : number_value(number);
}

/* "2026-03-01T10:00", in UTC unless it names a zone. */
static bool read_time(slice word, int64_t *out, const char **reason)
{
    zone *utc = NULL;
    carpel_error err;
    *reason = "the time zone UTC is not there";
    bool ok =
        zone_open("UTC", &utc, &err) && value_read_time(word, NULL, utc, out, reason);
    zone_free(utc);
    return ok;
}

/* A number, or how such a value is written in data, in its unit. */
static bool read_measure(const script_parameter *p, slice word, script_value *out,
                         const char **reason)
{
    bool is_time = p->type.kind == TYPE_TIME;
    double number;
    int64_t whole;
    if (value_read_number(word, &number, reason)) {
        *out = number_value(number);
        return true;
    }
    if (is_time ? !read_time(word, &whole, reason)
                : !value_read_duration(word, 0, &whole, reason))
        return false;
    int64_t unit = is_time ? MICROSECONDS_PER_SECOND : p->details.unit_microseconds;
    *out = number_value((double)whole / (double)unit);
    return true;
}

static bool read_counted(const script_parameter *p, slice word, script_value *out,
                         const char **reason)
{
    *out = integer_value(0);
    if (value_read_decimal(word, 0, &out->integer, reason))
        return true;
    return p->type.kind == TYPE_DATE &&
           value_read_date(word, NULL, &out->integer, reason);
}

bool lua_value_declared(const script_parameter *p, const char *word, script_value *out,
                        const char **reason)
{
    slice s = slice_of(word);
    *out = (script_value){.kind = SCRIPT_MISSING};
    if (is_missing(s))
        return true;
    switch (p->type.kind) {
    case TYPE_BOOL:
        out->kind = SCRIPT_BOOL;
        return value_read_bool(s, &out->boolean, reason);
    case TYPE_NUMBER:
        out->kind = SCRIPT_NUMBER;
        return value_read_number(s, &out->number, reason);
    case TYPE_TIME:
    case TYPE_DURATION: return read_measure(p, s, out, reason);
    case TYPE_DECIMAL:
    case TYPE_DATE: return read_counted(p, s, out, reason);
    default: *out = (script_value){.kind = SCRIPT_TEXT, .text = s}; return true;
    }
}
