/* SPDX-License-Identifier: MIT
 *
 * The types of values: their spelling in the project file and in messages, and what
 * each of them can do.
 */
#include "value/type.h"

#include <stdint.h>
#include <string.h>

#include "base/number.h"
#include "value/calendar.h"
#include "value/value.h"

const char *const type_spellings[] = {
    "int",    "decimal(2)", "number", "number(0..1)", "string",
    "bool",   "time",       "date",   "duration",     "duration(minutes)",
    "person", "version",    NULL,
};

/* The types that a single word names. */
static const struct {
    const char *word;
    type_kind kind;
} plain_types[] = {
    {"int", TYPE_DECIMAL},       {"number", TYPE_NUMBER}, {"string", TYPE_STRING},
    {"bool", TYPE_BOOL},         {"time", TYPE_TIME},     {"date", TYPE_DATE},
    {"duration", TYPE_DURATION}, {"person", TYPE_PERSON}, {"version", TYPE_VERSION},
};

/* Split "word(inside)". False when `s` has no brackets of this shape. */
static bool split_brackets(slice s, slice *word, slice *inside)
{
    const char *open = memchr(s.data, '(', s.size);
    if (open == NULL || s.data[s.size - 1] != ')')
        return false;
    size_t word_size = (size_t)(open - s.data);
    *word = (slice){s.data, word_size};
    *inside = (slice){open + 1, s.size - word_size - 2};
    return true;
}

static bool parse_plain(slice s, type *out)
{
    for (size_t i = 0; i < sizeof plain_types / sizeof *plain_types; i++) {
        if (slice_is(s, plain_types[i].word)) {
            *out = (type){plain_types[i].kind, 0};
            return true;
        }
    }
    return false;
}

/* "2" of "decimal(2)". */
static bool parse_scale(slice s, unsigned *out)
{
    unsigned scale = 0;
    if (s.size < 1 || s.size > 2)
        return false;
    for (size_t i = 0; i < s.size; i++) {
        if (s.data[i] < '0' || s.data[i] > '9')
            return false;
        scale = scale * 10 + (unsigned)(s.data[i] - '0');
    }
    *out = scale;
    return scale <= DECIMAL_MAX_SCALE;
}

/* "0..1" of "number(0..1)". */
static bool parse_range(slice s, type_details *details)
{
    const char *reason;
    const char *dots = memmem(s.data, s.size, "..", 2);
    if (dots == NULL)
        return false;
    size_t left = (size_t)(dots - s.data);
    details->has_range = true;
    return value_read_number((slice){s.data, left}, &details->minimum, &reason) &&
           value_read_number((slice){dots + 2, s.size - left - 2}, &details->maximum,
                             &reason) &&
           details->minimum <= details->maximum;
}

/* "minutes" of "duration(minutes)". */
static bool parse_unit(slice s, type_details *details)
{
    calendar_span one = {.count = 1};
    int64_t microseconds;
    if (!calendar_unit_parse(s.data, s.size, &one.unit) ||
        !calendar_span_microseconds(one, &microseconds))
        return false;
    details->unit_microseconds = microseconds;
    return true;
}

const char *type_unit(const type_details *details)
{
    for (calendar_unit unit = UNIT_SECOND; unit <= UNIT_WEEK; unit++) {
        int64_t length;
        calendar_span one = {1, unit};
        if (calendar_span_microseconds(one, &length) &&
            length == details->unit_microseconds)
            return calendar_unit_name(unit);
    }
    return NULL;
}

bool type_parse(const char *spelling, type *out, type_details *details)
{
    slice s = slice_of(spelling), word, inside;
    *out = (type){TYPE_ERROR, 0};
    *details = (type_details){0};
    if (s.size == 0)
        return false;
    if (!split_brackets(s, &word, &inside))
        return parse_plain(s, out);

    type found = {TYPE_ERROR, 0};
    if (slice_is(word, "decimal") && parse_scale(inside, &found.scale))
        found.kind = TYPE_DECIMAL;
    else if (slice_is(word, "number") && parse_range(inside, details))
        found.kind = TYPE_NUMBER;
    else if (slice_is(word, "duration") && parse_unit(inside, details))
        found.kind = TYPE_DURATION;
    else
        return false;
    *out = found;
    return true;
}

const char *type_kind_name(type_kind kind)
{
    switch (kind) {
    case TYPE_ERROR: return "unknown";
    case TYPE_BOOL: return "true or false";
    case TYPE_DECIMAL: return "number";
    case TYPE_NUMBER: return "number";
    case TYPE_STRING: return "text";
    case TYPE_TIME: return "time";
    case TYPE_DATE: return "date";
    case TYPE_DURATION: return "duration";
    case TYPE_PERSON: return "person";
    case TYPE_VERSION: return "version";
    case TYPE_LIST: return "list";
    }
    return "unknown";
}

void type_append(type t, text *out)
{
    if (t.kind != TYPE_DECIMAL)
        text_append(out, type_kind_name(t.kind));
    else if (t.scale == 0)
        text_append(out, "int");
    else
        text_append_format(out, "decimal(%u)", t.scale);
}

bool type_equals(type a, type b)
{
    return a.kind == b.kind && (a.kind != TYPE_DECIMAL || a.scale == b.scale);
}

bool type_is_numeric(type t)
{
    return t.kind == TYPE_DECIMAL || t.kind == TYPE_NUMBER || t.kind == TYPE_ERROR;
}

bool type_is_moment(type t)
{
    return t.kind == TYPE_TIME || t.kind == TYPE_DATE;
}

bool type_is_ordered(type t)
{
    return type_is_numeric(t) || type_is_moment(t) || t.kind == TYPE_DURATION ||
           t.kind == TYPE_VERSION;
}

bool type_is_text(type t)
{
    return t.kind == TYPE_STRING || t.kind == TYPE_PERSON || t.kind == TYPE_VERSION;
}

size_t type_value_size(type t)
{
    switch (t.kind) {
    case TYPE_ERROR:
    case TYPE_BOOL: return 0;
    case TYPE_STRING:
    case TYPE_VERSION:
    case TYPE_PERSON: return sizeof(uint32_t);
    case TYPE_DECIMAL:
    case TYPE_TIME:
    case TYPE_DATE:
    case TYPE_DURATION:
    case TYPE_LIST: return sizeof(int64_t);
    case TYPE_NUMBER: return sizeof(double);
    }
    return 0;
}
