/* SPDX-License-Identifier: MIT
 *
 * Reading and showing what functions of scripts declare of their arguments.
 */
#include "script/signature.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"

static bool is_name(slice s)
{
    bool is_good = s.size > 0 && !(s.data[0] >= '0' && s.data[0] <= '9');
    for (size_t i = 0; i < s.size; i++) {
        char c = s.data[i];
        is_good = is_good && (c == '_' || (c >= 'a' && c <= 'z') ||
                              (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'));
    }
    return is_good;
}

/* What scripts take and give: money is a number there, as every decimal is. */
static bool is_known_to_scripts(const script_parameter *p, bool is_result)
{
    switch (p->type.kind) {
    case TYPE_DECIMAL: return p->type.scale == 0;
    case TYPE_DURATION: return p->details.unit_microseconds > 0;
    case TYPE_PERSON:
    case TYPE_VERSION: return !is_result;
    default: return true;
    }
}

/* "list of number": what the list is of stays in *s. */
static bool take_list(slice *s)
{
    static const char words[] = "list of ";
    size_t size = sizeof words - 1;
    if (s->size <= size || memcmp(s->data, words, size) != 0)
        return false;
    *s = slice_trim((slice){s->data + size, s->size - size}, " ");
    return true;
}

/* Fills all but the name. */
static bool parse_type(slice s, bool is_result, script_parameter *out)
{
    char spelling[sizeof out->spelling];
    if (s.size > 0 && s.data[s.size - 1] == '?') {
        out->may_be_missing = true;
        s = slice_trim((slice){s.data, s.size - 1}, " ");
    }
    if (s.size == 0 || s.size >= sizeof out->spelling)
        return false;
    memcpy(out->spelling, s.data, s.size);
    out->spelling[s.size] = '\0';
    out->is_list = !is_result && take_list(&s);
    memcpy(spelling, s.data, s.size);
    spelling[s.size] = '\0';
    return type_parse(spelling, &out->type, &out->details) &&
           is_known_to_scripts(out, is_result);
}

bool script_parameter_parse(const char *spelling, bool is_result, script_parameter *out,
                            char *reason, size_t reason_size)
{
    slice whole = slice_trim(slice_of(spelling), " "), name = {"", 0}, rest = whole;
    const char *colon = memchr(whole.data, ':', whole.size);
    *out = (script_parameter){0};
    if (!is_result && colon) {
        name = slice_trim((slice){whole.data, (size_t)(colon - whole.data)}, " ");
        rest = slice_trim(
            (slice){colon + 1, whole.size - (size_t)(colon - whole.data) - 1}, " ");
    }
    if (!is_result && (!is_name(name) || name.size >= sizeof out->name)) {
        snprintf(reason, reason_size,
                 "\"%.80s\" is no argument; write its name and type, such as \"orders: "
                 "int\"",
                 spelling);
        return false;
    }
    memcpy(out->name, name.data, name.size);
    if (parse_type(rest, is_result, out))
        return true;
    snprintf(reason, reason_size,
             "\"%.80s\" has no type of scripts: int, number, number(0..1), string, bool, "
             "time, date, duration(days)%s",
             spelling, is_result ? "" : ", or a list of one: list of number");
    return false;
}

size_t script_signature_least(const script_signature *s)
{
    size_t least = s->parameter_count;
    while (least > 0 && s->parameters[least - 1].may_be_missing)
        least--;
    return least;
}

void script_signature_append(const script_signature *s, text *out)
{
    text_append_char(out, '(');
    for (size_t i = 0; i < s->parameter_count; i++) {
        const script_parameter *p = &s->parameters[i];
        text_append_format(out, "%s%s: %s%s", i > 0 ? ", " : "", p->name, p->spelling,
                           p->may_be_missing ? "?" : "");
    }
    text_append_format(out, "): %s", s->result.spelling);
}

void script_signature_free(script_signature *s)
{
    if (!s)
        return;
    memory_free(s->help);
    memory_free(s->parameters);
    memory_free(s);
}
