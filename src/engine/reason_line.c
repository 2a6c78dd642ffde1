/* SPDX-License-Identifier: MIT
 *
 * An explanation is walked down to the first condition that fails.
 */
#include "engine/reason_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "explain/explain.h"

/* The first part that holds, or does not; the reason itself when there is none. */
static const reason *first_part(const reason *r, bool holds)
{
    for (size_t i = 0; i < r->part_count; i++)
        if (r->parts[i]->holds == holds)
            return r->parts[i];
    return r;
}

/* Of groups: who is not among their people; else the first that takes the person; else that
 * which is asked for, the last one, does not. */
static const reason *deciding_group(const reason *r)
{
    for (size_t i = 0; i < r->part_count; i++)
        if (r->parts[i]->holds == r->parts[i]->is_group)
            return r->parts[i];
    return r->part_count > 0 ? r->parts[r->part_count - 1] : r;
}

/* One step down to what decides about the reason; itself: this decides. */
static const reason *what_decides(const reason *r)
{
    switch (r->kind) {
    case REASON_ALL:
    case REASON_ANY: return first_part(r, r->holds);
    case REASON_NOT: return first_part(r, !r->holds);
    case REASON_NAMED: return r->part_count == 1 ? r->parts[0] : r;
    case REASON_FIRST: return deciding_group(r);
    case REASON_JUDGED:
    case REASON_SOME:
    case REASON_IF:
    case REASON_TEST:
    case REASON_VALUE:
    case REASON_EACH: break;
    }
    return r;
}

enum { LONGEST_LINE = 120 };

/* What stands in the file, with one blank where there are several. */
static void append_words(span where, text *out)
{
    slice s = span_text(where);
    for (size_t i = 0; i < s.size && out->size < LONGEST_LINE; i++) {
        bool is_blank = s.data[i] == ' ' || s.data[i] == '\n' || s.data[i] == '\r' ||
                        s.data[i] == '\t';
        if (!is_blank)
            text_append_char(out, s.data[i]);
        else if (out->size > 0 && out->data[out->size - 1] != ' ')
            text_append_char(out, ' ');
    }
    if (out->size >= LONGEST_LINE)
        text_append(out, " ...");
}

/* A number and nothing else, up to `end`. */
static bool read_number(const char *s, const char *end, double *out)
{
    char *stop;
    *out = strtod(s, &stop);
    return *s != '\0' && strcmp(stop, end) == 0;
}

/* The bound, when it is written in per cent. */
static bool find_percent(const reason *r, double *bound)
{
    for (size_t i = 0; r->kind == REASON_TEST && i < r->value_count; i++)
        if (r->values[i].question == NO_QUESTION && r->values[i].shown &&
            read_number(r->values[i].shown, "%", bound))
            return true;
    return false;
}

enum { MOST_DIGITS = 10 };

/* With as many digits as it takes to tell it from the bound; one, when it is the bound. */
static void append_percent(double percent, double bound, text *out)
{
    char shown[400];
    int digits = 0;
    do
        snprintf(shown, sizeof shown, "%.*f", ++digits, percent);
    while (strtod(shown, NULL) == bound && digits < MOST_DIGITS);
    text_append_format(out, " (%.*f%%)", digits < MOST_DIGITS ? digits : 1, percent);
}

static void append_value(const reason *r, const reason_value *v, text *out)
{
    double bound, value;
    if (v->shown && find_percent(r, &bound) && read_number(v->shown, "", &value))
        append_percent(value * 100, bound, out);
    else
        text_append_format(out, " (%s)", v->shown ? v->shown : "missing");
}

static void append_reason(const reason *r, text *out)
{
    append_words(r->where, out);
    for (size_t i = 0; i < r->value_count; i++) {
        const reason_value *v = &r->values[i];
        if (v->question == NO_QUESTION)
            continue;
        append_value(r, v, out);
        return;
    }
}

/* Of a group that is asked for, the one above it that takes the person; NULL: none does. */
static const reason *group_above(const reason *r)
{
    bool is_outside = r->kind == REASON_FIRST && r->question != NO_QUESTION && !r->holds;
    const reason *deciding = is_outside ? deciding_group(r) : r;
    return deciding->is_group && deciding->holds && deciding != r ? deciding : NULL;
}

static const char *line_of(const reason *r, arena *memory)
{
    text line;
    text_init(&line);
    append_reason(r, &line);
    const char *copy = arena_copy_text(memory, line.data, line.size);
    text_done(&line);
    return copy;
}

static const char *path_of(const char *set, const char *group, arena *memory)
{
    text path;
    text_init(&path);
    text_append_format(&path, "%s.%s", set, group);
    const char *copy = arena_copy_text(memory, path.data, path.size);
    text_done(&path);
    return copy;
}

reason_line engine_reason_line(engine *e, const char *path, const char *person,
                               int64_t as_of, arena *memory)
{
    carpel_error ignored;
    reason_line out = {0};
    explanation *x = engine_explain(e, path, person, as_of, &ignored);
    if (!x)
        return out;
    const reason *r = x->root, *below, *set = r, *above;
    while (!(above = group_above(r)) && (below = what_decides(r)) != r) {
        set = r;
        r = below;
    }
    if (above)
        out.group = path_of(set->name, above->name, memory);
    else
        out.condition = line_of(r, memory);
    explanation_free(x);
    return out;
}
