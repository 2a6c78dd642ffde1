/* SPDX-License-Identifier: MIT
 *
 * Holding results against types, units and ranges.
 */
#include "script/result.h"

#include <math.h>

#include "base/shown.h"
#include "value/calendar.h"

static double number_of(const script_value *r)
{
    return r->kind == SCRIPT_INTEGER ? (double)r->integer : r->number;
}

static bool is_of_kind(type wanted, script_kind kind)
{
    switch (wanted.kind) {
    case TYPE_ERROR: return true;
    case TYPE_STRING: return kind == SCRIPT_TEXT;
    case TYPE_BOOL: return kind == SCRIPT_BOOL;
    default: return kind == SCRIPT_INTEGER || kind == SCRIPT_NUMBER;
    }
}

static const char *kind_words(script_kind kind)
{
    return kind == SCRIPT_TEXT   ? "a text"
           : kind == SCRIPT_BOOL ? "a truth value"
                                 : "a number";
}

static const char *wanted_words(type wanted)
{
    return wanted.kind == TYPE_STRING ? "a text"
           : wanted.kind == TYPE_BOOL ? "true or false"
                                      : "a number";
}

static double unit_of(const script_signature *s)
{
    bool has_unit = s && s->result.type.kind == TYPE_DURATION;
    return (double)(has_unit ? s->result.details.unit_microseconds
                             : MICROSECONDS_PER_SECOND);
}

/* False when it leaves the range of the type, or is not whole where it has to be. */
static bool to_whole(type wanted, const script_value *r, double unit, int64_t *out)
{
    static const double most = 9.2e18;
    bool is_counted = wanted.kind == TYPE_DECIMAL || wanted.kind == TYPE_DATE;
    double number = number_of(r);
    if (is_counted && (number < floor(number) || number > floor(number)))
        return false;
    number = is_counted ? number : round(number * unit);
    if (number < -most || number > most)
        return false;
    *out = r->kind == SCRIPT_INTEGER && is_counted ? r->integer : (int64_t)number;
    if (wanted.kind == TYPE_TIME)
        return *out >= TIME_MIN && *out <= TIME_MAX;
    return wanted.kind != TYPE_DATE || (*out >= DATE_MIN && *out <= DATE_MAX);
}

int64_t script_result_whole(type wanted, const script_signature *s, const script_value *r)
{
    int64_t whole = 0;
    to_whole(wanted, r, unit_of(s), &whole);
    return whole;
}

static bool is_in_range(const script_signature *s, const script_value *r)
{
    double number = number_of(r);
    return !s->result.details.has_range ||
           (number >= s->result.details.minimum && number <= s->result.details.maximum);
}

/* Is the result what the file declares? */
static bool keeps_its_word(type wanted, const script_signature *s, const script_value *r)
{
    int64_t whole;
    bool is_number = r->kind == SCRIPT_INTEGER || r->kind == SCRIPT_NUMBER;
    if (!s || !is_number)
        return true;
    return is_in_range(s, r) &&
           (wanted.kind == TYPE_NUMBER || to_whole(wanted, r, unit_of(s), &whole));
}

bool script_result_fault(type wanted, const script_signature *s, const script_value *r,
                         text *out)
{
    text_clear(out);
    if (r->kind == SCRIPT_MISSING)
        return false;
    if (!is_of_kind(wanted, r->kind)) {
        text_append_format(out, "returned %s, and ", kind_words(r->kind));
        if (s)
            text_append_format(out, "declares to return %s", s->result.spelling);
        else
            text_append_format(out, "the rule asks for %s", wanted_words(wanted));
    } else if (r->kind == SCRIPT_TEXT && r->text.size > SCRIPT_MOST_RESULT_BYTES) {
        text_append_format(out, "returned a text of more than %d bytes",
                           SCRIPT_MOST_RESULT_BYTES);
    } else if (!keeps_its_word(wanted, s, r)) {
        text_append(out, "returned ");
        script_value_append(r, out);
        text_append_format(out, ", and declares to return %s", s->result.spelling);
    }
    return out->size > 0;
}

void script_list_append(const script_value *items, size_t count, size_t all, text *out)
{
    text_append_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        text_append(out, i > 0 ? ", " : "");
        script_value_append(&items[i], out);
    }
    if (count < all)
        text_append_format(out, ", ... %zu in all", all);
    text_append_char(out, ']');
}

void script_value_append(const script_value *v, text *out)
{
    switch (v->kind) {
    case SCRIPT_MISSING: text_append(out, "missing"); break;
    case SCRIPT_BOOL: text_append(out, v->boolean ? "true" : "false"); break;
    case SCRIPT_INTEGER: text_append_format(out, "%lld", (long long)v->integer); break;
    case SCRIPT_NUMBER: text_append_format(out, "%.14g", v->number); break;
    case SCRIPT_TEXT: text_append_shown(v->text, out); break;
    case SCRIPT_LIST:
        script_list_append(v->items, v->item_count, v->item_count, out);
        break;
    }
}
