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

/* ---- lists --------------------------------------------------------------- */

/* "[1, 2, 3]": *inside is what the brackets hold. */
static bool is_in_brackets(slice word, slice *inside)
{
    bool is_list =
        word.size >= 2 && word.data[0] == '[' && word.data[word.size - 1] == ']';
    if (is_list)
        *inside = slice_trim((slice){word.data + 1, word.size - 2}, " ");
    return is_list;
}

/* The item that *rest begins with, without its quotes, which let it have a comma. */
static slice take_item(slice *rest)
{
    bool is_quoted = false;
    size_t size = 0;
    for (; size < rest->size && (is_quoted || rest->data[size] != ','); size++)
        is_quoted ^= rest->data[size] == '"';
    slice item = slice_trim((slice){rest->data, size}, " ");
    size += size < rest->size;
    *rest = (slice){rest->data + size, rest->size - size};
    if (item.size >= 2 && item.data[0] == '"' && item.data[item.size - 1] == '"')
        item = (slice){item.data + 1, item.size - 2};
    return item;
}

/* `p` may be NULL: nothing is declared. */
static bool read_list(const script_parameter *p, slice inside, arena *memory,
                      script_value *out, const char **reason)
{
    script_value *items = arena_alloc_array(memory, inside.size + 1, sizeof *items);
    *out = (script_value){.kind = SCRIPT_LIST, .items = items};
    while (inside.size > 0) {
        script_value *item = &items[out->item_count++];
        slice word = take_item(&inside);
        if (!p) {
            *item = lua_value_of_word(word, memory);
            continue;
        }
        script_parameter one = *p;
        one.is_list = false;
        if (!lua_value_declared(&one, word, memory, item, reason))
            return false;
        *reason = "what is missing is no item of a list";
        if (item->kind == SCRIPT_MISSING)
            return false;
    }
    return true;
}

/* ---- words --------------------------------------------------------------- */

script_value lua_value_of_word(slice word, arena *memory)
{
    const char *reason;
    double number;
    slice inside;
    script_value list;
    if (is_missing(word))
        return (script_value){.kind = SCRIPT_MISSING};
    if (is_in_brackets(word, &inside) && read_list(NULL, inside, memory, &list, &reason))
        return list;
    if (slice_is(word, "true") || slice_is(word, "false"))
        return (script_value){.kind = SCRIPT_BOOL, .boolean = slice_is(word, "true")};
    if (!value_read_number(word, &number, &reason))
        return (script_value){.kind = SCRIPT_TEXT, .text = word};
    bool is_whole = word.size < 16;
    for (size_t i = 0; i < word.size; i++)
        is_whole &= strchr("-0123456789", word.data[i]) != NULL;
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

static bool read_one(const script_parameter *p, slice s, script_value *out,
                     const char **reason)
{
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

bool lua_value_declared(const script_parameter *p, slice word, arena *memory,
                        script_value *out, const char **reason)
{
    slice inside;
    *out = (script_value){.kind = SCRIPT_MISSING};
    if (is_missing(word))
        return true;
    if (!p->is_list)
        return read_one(p, word, out, reason);
    *reason = "a list stands in square brackets, as in \"[1, 2, 3]\"";
    return is_in_brackets(word, &inside) && read_list(p, inside, memory, out, reason);
}
