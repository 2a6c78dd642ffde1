/* SPDX-License-Identifier: MIT
 *
 * `carpel explain NAME PERSON`: the reasons as a tree to read, or as JSON.
 */
#include "explain/explain.h"

#include <string.h>

#include "app/commands.h"
#include "app/failures.h"
#include "app/say.h"
#include "app/session.h"
#include "app/stop.h"
#include "report/json.h"
#include "report/terminal.h"
#include "value/value.h"

/* What is printed, and how. */
typedef struct page {
    const explanation *x;
    const zone *zone;
    size_t width;
    bool has_colour;
    text *out;
} page;

/* ---- words --------------------------------------------------------------- */

/* What stands in the file, on one line. */
static void append_words(span where, text *out)
{
    slice s = span_text(where);
    bool is_blank = false;
    for (size_t i = 0; i < s.size; i++) {
        bool blank = s.data[i] == ' ' || s.data[i] == '\n' || s.data[i] == '\r' ||
                     s.data[i] == '\t';
        if (!blank && is_blank)
            text_append_char(out, ' ');
        if (!blank)
            text_append_char(out, s.data[i]);
        is_blank = blank;
    }
}

static void put_line(page *p, const char *line, const char *colour)
{
    bool is_coloured = p->has_colour && colour;
    text_append(p->out, is_coloured ? colour : "");
    terminal_append_wrapped(p->out, line, p->width);
    text_append(p->out, is_coloured ? "\033[0m\n" : "\n");
}

#define GREEN "\033[32m"
#define RED   "\033[31m"
#define DIM   "\033[2m"

static void append_instant(const page *p, int64_t at, text *out)
{
    if (at == TIME_MIN)
        text_append(out, "since ever");
    else
        value_append_time(at, p->zone, out);
}

/* ---- rows ---------------------------------------------------------------- */

static void indent(size_t depth, text *line)
{
    for (size_t i = 0; i < depth; i++)
        text_append(line, "  ");
}

static void put_row(page *p, const witness *w, size_t depth)
{
    text line;
    text_init(&line);
    indent(depth, &line);
    append_instant(p, w->time, &line);
    text_append(&line, "  ");
    explain_append_row(p->x, w, &line);
    put_line(p, line.data, DIM);
    text_done(&line);
}

/* "3 rows from ... to ...:" */
static void put_rows(page *p, const witnesses *w, size_t depth)
{
    text line;
    text_init(&line);
    indent(depth, &line);
    text_append_format(&line, "%zu row%s", w->count, w->count == 1 ? "" : "s");
    if (w->has_from) {
        text_append(&line, " from ");
        append_instant(p, w->from, &line);
    }
    if (w->has_until) {
        text_append(&line, w->has_from ? " to " : " up to ");
        append_instant(p, w->until, &line);
    }
    text_append(&line, w->item_count == 0         ? ""
                       : w->item_count < w->count ? ", the latest:"
                                                  : ":");
    put_line(p, line.data, DIM);
    text_done(&line);
    for (size_t i = 0; i < w->item_count; i++)
        put_row(p, &w->items[i], depth + 1);
}

/* ---- reasons ------------------------------------------------------------- */

static const char *joint_of(const reason *r)
{
    switch (r->kind) {
    case REASON_ALL: return r->part_count > 0 ? "all of these:" : NULL;
    case REASON_ANY: return "at least one of these:";
    case REASON_FIRST: return "the first of these:";
    default: return NULL;
    }
}

static void append_head(const reason *r, text *line)
{
    if (joint_of(r))
        text_append(line, joint_of(r));
    else
        append_words(r->where, line);
}

static void put_values(page *p, const reason *r, size_t depth)
{
    for (size_t i = 0; i < r->value_count; i++) {
        const reason_value *v = &r->values[i];
        text line;
        if (v->question == NO_QUESTION)
            continue;
        text_init(&line);
        indent(depth, &line);
        append_words(v->where, &line);
        text_append_format(&line, " = %s", v->shown ? v->shown : "missing");
        put_line(p, line.data, NULL);
        text_done(&line);
    }
}

static void append_points(const char *points, text *line)
{
    bool is_one = strcmp(points, "1") == 0 || strcmp(points, "-1") == 0;
    text_append_format(line, "%s point%s", points, is_one ? "" : "s");
}

/* "3 times: 30 points, bounded to 20" */
static void put_times(page *p, const reason *r, size_t depth)
{
    text line;
    const char *unbounded = r->unbounded.shown;
    text_init(&line);
    indent(depth, &line);
    text_append_format(&line, "%s time%s", r->shown,
                       strcmp(r->shown, "1") == 0 ? "" : "s");
    if (unbounded && strcmp(unbounded, r->points.shown) != 0) {
        text_append(&line, ": ");
        append_points(unbounded, &line);
        text_append_format(&line, ", bounded to %s", r->points.shown);
    }
    put_line(p, line.data, NULL);
    text_done(&line);
}

static bool is_condition(const reason *r)
{
    return r->kind != REASON_VALUE && r->kind != REASON_EACH;
}

static void put_verdict(page *p, const reason *r, size_t depth)
{
    text line;
    text_init(&line);
    text_append(&line, !is_condition(r) ? "     " : r->holds ? "yes  " : "no   ");
    indent(depth, &line);
    append_head(r, &line);
    if (r->kind == REASON_VALUE)
        text_append_format(&line, " = %s", r->shown ? r->shown : "missing");
    if (r->points.shown) {
        text_append(&line, ": ");
        append_points(r->points.shown, &line);
    }
    put_line(p, line.data, !is_condition(r) ? NULL : r->holds ? GREEN : RED);
    text_done(&line);
}

static void put_reason(page *p, const reason *r, size_t depth)
{
    put_verdict(p, r, depth);
    if (r->kind == REASON_EACH)
        put_times(p, r, depth + 4);
    put_values(p, r, depth + 4);
    for (size_t i = 0; i < r->looked_at_count; i++)
        put_rows(p, &r->looked_at[i], depth + 4);
    for (size_t i = 0; i < r->part_count; i++)
        put_reason(p, r->parts[i], depth + 1);
}

/* ---- the page -------------------------------------------------------------- */

static void put_head(page *p, const command_line *line, int64_t as_of)
{
    const reason *root = p->x->root;
    text head;
    text_init(&head);
    terminal_append_safe(&head, slice_of(line->arguments[1]));
    if (root->kind == REASON_VALUE)
        text_append_format(&head, " has %s = %s", line->arguments[0],
                           root->shown ? root->shown : "missing");
    else if (root->kind == REASON_FIRST && p->x->group)
        text_append_format(&head, " is in %s.%s", line->arguments[0], p->x->group);
    else
        text_append_format(&head, " is %sin %s", root->holds ? "" : "not ",
                           line->arguments[0]);
    text_append(&head, ", as of ");
    append_instant(p, as_of, &head);
    put_line(p, head.data, NULL);
    put_line(p, "", NULL);
    text_done(&head);
}

static void put_change(page *p)
{
    text line;
    text_init(&line);
    if (p->x->needs_others)
        text_append(&line, "When it changes is not foretold: other people decide, too.");
    else if (p->x->changes == HORIZON_STAYS)
        text_append(&line, "It stays so if nothing happens.");
    else {
        text_append(&line, p->x->changes == HORIZON_CHANGES
                               ? "If nothing happens, it changes at "
                               : "If nothing happens, it does not change before ");
        append_instant(p, p->x->changes_at, &line);
        text_append(&line, ".");
    }
    put_line(p, "", NULL);
    put_line(p, line.data, NULL);
    text_done(&line);
}

/* "purchase (amount = 37.50), 2 times at once, before 2026-03-04T10:12:00+01:00" */
static void put_advice(page *p, const advice *a)
{
    text line;
    text_init(&line);
    text_append(&line, "  ");
    explain_append_advice(p->x, a, &line);
    if (a->times > 1)
        text_append_format(&line, ", %zu times at once", a->times);
    if (a->has_deadline) {
        text_append(&line, ", before ");
        append_instant(p, a->deadline, &line);
    }
    put_line(p, line.data, NULL);
    text_done(&line);
}

static bool comes_by_waiting(const explanation *x)
{
    return x->root->kind == REASON_NAMED && !x->root->holds &&
           x->changes == HORIZON_CHANGES;
}

static void put_suggestions(page *p)
{
    const explanation *x = p->x;
    if (!x->is_advised)
        return;
    put_line(p, "", NULL);
    if (x->suggestions.count == 0) {
        put_line(p, "Of events and traits that would make it hold, none was found.",
                 NULL);
        return;
    }
    put_line(p,
             comes_by_waiting(x) ? "Or earlier, with one of these:"
                                 : "With one of these it would hold:",
             NULL);
    for (size_t i = 0; i < x->suggestions.count; i++)
        put_advice(p, &x->suggestions.items[i]);
}

/* A rule says what stands below its name. */
static void put_text(page *p, const command_line *line, int64_t as_of)
{
    const reason *root = p->x->root;
    put_head(p, line, as_of);
    bool says_all = root->part_count == 0 ||
                    (root->kind != REASON_NAMED && root->kind != REASON_VALUE);
    if (says_all)
        put_reason(p, root, 0);
    for (size_t i = 0; !says_all && i < root->part_count; i++)
        put_reason(p, root->parts[i], 0);
    put_change(p);
    put_suggestions(p);
}

/* ---- JSON ------------------------------------------------------------------ */

enum { DEEPEST = JSON_MAX_DEPTH - 12 };

static void write_instant(json_writer *w, const page *p, const char *key, bool has,
                          int64_t at)
{
    text t;
    json_key(w, key);
    if (!has || at == TIME_MIN) {
        json_null(w);
        return;
    }
    text_init(&t);
    value_append_time(at, p->zone, &t);
    json_string(w, t.data);
    text_done(&t);
}

static void write_row(json_writer *w, const page *p, const witness *row)
{
    text t;
    text_init(&t);
    json_object_begin(w);
    write_instant(w, p, "time", true, row->time);
    explain_append_row(p->x, row, &t);
    json_key(w, "row");
    json_string(w, t.data);
    json_object_end(w);
    text_done(&t);
}

static void write_rows(json_writer *w, const page *p, const witnesses *rows)
{
    json_object_begin(w);
    write_instant(w, p, "from", rows->has_from, rows->from);
    write_instant(w, p, "until", rows->has_until, rows->until);
    json_key(w, "count");
    json_int(w, (int64_t)rows->count);
    json_key(w, "rows");
    json_array_begin(w);
    for (size_t i = 0; i < rows->item_count; i++)
        write_row(w, p, &rows->items[i]);
    json_array_end(w);
    json_object_end(w);
}

static void write_words(json_writer *w, const char *key, span where)
{
    text t;
    text_init(&t);
    append_words(where, &t);
    json_key(w, key);
    json_string(w, t.data ? t.data : "");
    text_done(&t);
}

static void write_value(json_writer *w, const reason_value *v)
{
    json_object_begin(w);
    write_words(w, "text", v->where);
    json_key(w, "value");
    json_string(w, v->shown);
    json_object_end(w);
}

static const char *kind_word(reason_kind kind)
{
    static const char *const words[] = {
        [REASON_ALL] = "all",     [REASON_ANY] = "any",   [REASON_SOME] = "some",
        [REASON_NOT] = "not",     [REASON_IF] = "if",     [REASON_FIRST] = "first",
        [REASON_NAMED] = "named", [REASON_TEST] = "test", [REASON_VALUE] = "value",
        [REASON_EACH] = "each"};
    return words[kind];
}

static void write_place(json_writer *w, span where)
{
    json_key(w, "file");
    json_string(w, where.file ? source_name(where.file) : NULL);
    json_key(w, "line");
    if (where.file)
        json_int(w, source_place(where.file, where.begin).line);
    else
        json_null(w);
}

static void write_points(json_writer *w, const reason *r)
{
    json_key(w, "points");
    json_string(w, r->points.shown);
    if (r->kind != REASON_EACH)
        return;
    json_key(w, "unbounded");
    json_string(w, r->unbounded.shown);
}

static void write_reason(json_writer *w, const page *p, const reason *r)
{
    json_object_begin(w);
    json_key(w, "kind");
    json_string(w, kind_word(r->kind));
    write_words(w, "text", r->where);
    write_place(w, r->where);
    json_key(w, is_condition(r) ? "holds" : "value");
    if (is_condition(r))
        json_bool(w, r->holds);
    else
        json_string(w, r->shown);
    if (r->points.question != NO_QUESTION)
        write_points(w, r);
    json_key(w, "values");
    json_array_begin(w);
    for (size_t i = 0; i < r->value_count; i++)
        write_value(w, &r->values[i]);
    json_array_end(w);
    json_key(w, "looked_at");
    json_array_begin(w);
    for (size_t i = 0; i < r->looked_at_count; i++)
        write_rows(w, p, &r->looked_at[i]);
    json_array_end(w);
    json_key(w, "parts");
    json_array_begin(w);
    for (size_t i = 0; i < r->part_count && w->depth < DEEPEST; i++)
        write_reason(w, p, r->parts[i]);
    json_array_end(w);
    json_object_end(w);
}

static void write_advice(json_writer *w, const page *p, const advice *a)
{
    text t;
    text_init(&t);
    explain_append_advice(p->x, a, &t);
    json_object_begin(w);
    json_key(w, "kind");
    json_string(w, a->is_trait ? "trait" : "event");
    json_key(w, "what");
    json_string(w, t.data);
    json_key(w, "times");
    json_int(w, (int64_t)a->times);
    write_instant(w, p, "before", a->has_deadline, a->deadline);
    json_object_end(w);
    text_done(&t);
}

/* Time that passes is one, too. */
static void write_suggestions(json_writer *w, const page *p)
{
    json_key(w, "suggestions");
    json_array_begin(w);
    if (comes_by_waiting(p->x)) {
        json_object_begin(w);
        json_key(w, "kind");
        json_string(w, "wait");
        write_instant(w, p, "until", true, p->x->changes_at);
        json_object_end(w);
    }
    for (size_t i = 0; i < p->x->suggestions.count; i++)
        write_advice(w, p, &p->x->suggestions.items[i]);
    json_array_end(w);
}

static void put_json(page *p, const command_line *line, int64_t as_of)
{
    const explanation *x = p->x;
    json_writer w;
    json_begin(&w, p->out);
    json_object_begin(&w);
    json_key(&w, "rule");
    json_string(&w, line->arguments[0]);
    json_key(&w, "person");
    json_string(&w, line->arguments[1]);
    write_instant(&w, p, "as_of", true, as_of);
    if (x->root->kind == REASON_VALUE) {
        json_key(&w, "value");
        json_string(&w, x->root->shown);
    } else {
        json_key(&w, "member");
        json_bool(&w, x->root->holds);
    }
    json_key(&w, "group");
    json_string(&w, x->group);
    json_key(&w, "tree");
    write_reason(&w, p, x->root);
    write_instant(&w, p, "changes_at", x->changes == HORIZON_CHANGES, x->changes_at);
    write_instant(&w, p, "not_before", x->changes == HORIZON_OPEN && !x->needs_others,
                  x->changes_at);
    json_key(&w, "foretold");
    json_bool(&w, x->changes != HORIZON_OPEN);
    write_suggestions(&w, p);
    json_object_end(&w);
    json_end(&w);
}

/* ---- the command ----------------------------------------------------------- */

static int print_explanation(const session *s, const command_line *line)
{
    carpel_error err;
    text out;
    page p = {.zone = engine_zone(s->engine),
              .width = terminal_line_width(stdout),
              .has_colour = terminal_has_colour(stdout),
              .out = &out};
    explanation *x =
        engine_explain(s->engine, line->arguments[0], line->arguments[1], s->as_of, &err);
    if (!x)
        return say_failure(&err);
    p.x = x;
    text_init(&out);
    if (line->json)
        put_json(&p, line, s->as_of);
    else
        put_text(&p, line, s->as_of);
    int code = say_result(&out);
    text_done(&out);
    explanation_free(x);
    return code;
}

int command_explain(const command_line *line)
{
    session s;
    stop_begin();
    int code = session_open_sources(&s, line);
    if (code == EXIT_GOOD)
        code = session_read(&s, line);
    if (code == EXIT_GOOD)
        code = print_explanation(&s, line);
    if (code == EXIT_GOOD)
        failures_say_refused(s.engine);
    session_close(&s);
    return code;
}
