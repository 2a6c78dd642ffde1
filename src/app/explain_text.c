/* SPDX-License-Identifier: MIT
 *
 * An explanation as a tree to read.
 */
#include "app/explanations.h"

#include <string.h>

#include "base/memory.h"
#include "explain/witness.h"

/* Rows that stand on the page already. */
typedef struct told_rows {
    const witnesses **items;
    size_t count, capacity;
} told_rows;

/* How a tree is printed: with its rows, or the verdicts and values alone. */
typedef struct telling {
    page *page;
    const explanation *x;
    told_rows *told; /* NULL: no rows are */
} telling;

bool reason_is_condition(const reason *r)
{
    return r->kind != REASON_VALUE && r->kind != REASON_EACH;
}

static void put_row(page *p, const explanation *x, const witness *w, size_t depth)
{
    text line;
    text_init(&line);
    page_indent(depth, &line);
    page_append_row(p, x->person, w->person, x->is_of_account, w, &line);
    page_line(p, line.data, PAGE_DIM);
    text_done(&line);
}

/* ---- rows ------------------------------------------------------------------ */

static bool is_same_row(const witness *a, const witness *b)
{
    return a->is_trait == b->is_trait && a->table == b->table && a->row == b->row &&
           a->person == b->person;
}

static bool are_same(const witnesses *a, const witnesses *b)
{
    if (a->count != b->count || a->item_count != b->item_count ||
        !witnesses_have_same_ends(a, b))
        return false;
    for (size_t i = 0; i < a->item_count; i++)
        if (!is_same_row(&a->items[i], &b->items[i]))
            return false;
    return true;
}

/* Do these rows stand above? From now on they do. A single one is told wherever it matters. */
static bool stand_above(told_rows *told, const witnesses *w)
{
    for (size_t i = 0; i < told->count; i++)
        if (are_same(told->items[i], w))
            return w->item_count > 1;
    memory_grow((void **)&told->items, told->count, &told->capacity, sizeof *told->items);
    told->items[told->count++] = w;
    return false;
}

/* " from ... to ..." */
static void append_ends(const page *p, bool has_from, int64_t from, bool has_until,
                        int64_t until, text *line)
{
    if (has_from) {
        text_append(line, " from ");
        page_append_instant(p, from, line);
    }
    if (has_until) {
        text_append(line, has_from ? " to " : " up to ");
        page_append_instant(p, until, line);
    }
}

static void append_count(const page *p, const witnesses *w, text *line)
{
    text_append_format(line, "%zu row%s", w->count, w->count == 1 ? "" : "s");
    append_ends(p, w->has_from, w->from, w->has_until, w->until, line);
}

static void put_rows(const telling *t, const witnesses *w, size_t depth)
{
    bool is_above = stand_above(t->told, w);
    text line;
    text_init(&line);
    page_indent(depth, &line);
    append_count(t->page, w, &line);
    text_append(&line, is_above                   ? ", as above"
                       : w->item_count == 0       ? ""
                       : w->item_count < w->count ? ", the latest:"
                                                  : ":");
    page_line(t->page, line.data, PAGE_DIM);
    text_done(&line);
    for (size_t i = 0; !is_above && i < w->item_count; i++)
        put_row(t->page, t->x, &w->items[i], depth + 1);
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
    if (r->role)
        text_append_format(line, "%s ", r->role);
    if (joint_of(r))
        text_append(line, joint_of(r));
    else
        page_append_words(r->where, line);
}

static void append_shown(const reason_value *v, text *line)
{
    text_append(line, v->shown ? v->shown : "missing");
    if (!v->shown && v->lack)
        text_append_format(line, " (%s)", v->lack);
}

/* Is it its own words, as the 0 of "else 0"? */
static bool is_written_out(const reason_value *v)
{
    return v->shown && v->where.file && slice_is(span_text(v->where), v->shown);
}

/* A value, and below it those that it is worked out of. */
static void put_value(page *p, const reason_value *v, size_t depth)
{
    if (v->question == NO_QUESTION && !v->role)
        return;
    text line;
    text_init(&line);
    page_indent(depth, &line);
    if (v->role)
        text_append_format(&line, "%s ", v->role);
    page_append_words(v->where, &line);
    if (v->is_condition) {
        text_append(&line, v->holds ? ": yes" : ": no");
    } else if (!is_written_out(v)) {
        text_append(&line, " = ");
        append_shown(v, &line);
    }
    page_line(p, line.data, PAGE_PLAIN);
    text_done(&line);
    for (size_t i = 0; i < v->part_count; i++)
        put_value(p, &v->parts[i], depth + 1);
}

static void put_values(page *p, const reason *r, size_t depth)
{
    for (size_t i = 0; i < r->value_count; i++)
        put_value(p, &r->values[i], depth);
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
    page_indent(depth, &line);
    text_append_format(&line, "%s time%s", r->value.shown,
                       strcmp(r->value.shown, "1") == 0 ? "" : "s");
    if (unbounded && strcmp(unbounded, r->points.shown) != 0) {
        text_append(&line, ": ");
        append_points(unbounded, &line);
        text_append_format(&line, ", bounded to %s", r->points.shown);
    }
    page_line(p, line.data, PAGE_PLAIN);
    text_done(&line);
}

static void append_judged(const page *p, const reason *r, text *line)
{
    text_append(line, ", the last time at ");
    page_append_instant(p, r->judged, line);
    text_append_char(line, ':');
}

static void put_verdict(page *p, const reason *r, size_t depth)
{
    text line;
    text_init(&line);
    text_append(&line, !reason_is_condition(r) ? "     " : r->holds ? "yes  " : "no   ");
    page_indent(depth, &line);
    append_head(r, &line);
    if (r->kind == REASON_JUDGED)
        append_judged(p, r, &line);
    if (r->kind == REASON_VALUE && !(r->role && is_written_out(&r->value))) {
        text_append(&line, " = ");
        append_shown(&r->value, &line);
    }
    if (r->points.shown) {
        text_append(&line, ": ");
        append_points(r->points.shown, &line);
    }
    page_line(p, line.data,
              !reason_is_condition(r) ? PAGE_PLAIN
              : r->holds              ? PAGE_GREEN
                                      : PAGE_RED);
    text_done(&line);
}

/* "the border: 200.00, of dora; 12 of 60 people are inside" */
static void put_bound(page *p, const reason *r, size_t depth)
{
    const ranking *k = r->ranking;
    text line;
    if (!k)
        return;
    text_init(&line);
    page_indent(depth, &line);
    if (k->person)
        text_append_format(&line, "the border: %s, where %s stands; ", k->bound,
                           k->person);
    text_append_format(&line, "%zu of %zu are inside", k->inside, k->entrants);
    page_line(p, line.data, PAGE_PLAIN);
    text_done(&line);
}

/* "the window: from ... to ..." */
static void put_window(page *p, const reason *r, size_t depth)
{
    const window_span *w = &r->window;
    text line;
    if (!w->has_from && !w->has_until)
        return;
    text_init(&line);
    page_indent(depth, &line);
    text_append(&line, "the window:");
    append_ends(p, w->has_from, w->from, w->has_until, w->until, &line);
    page_line(p, line.data, PAGE_PLAIN);
    text_done(&line);
}

/* What a condition looks at: values, the ends of a window, the bound of a ranking, rows. */
static void put_grounds(const telling *t, const reason *r, size_t depth)
{
    page *p = t->page;
    if (r->kind == REASON_EACH)
        put_times(p, r, depth);
    put_values(p, r, depth);
    put_window(p, r, depth);
    put_bound(p, r, depth);
    for (size_t i = 0; t->told && i < r->looked_at_count; i++)
        put_rows(t, &r->looked_at[i], depth);
}

/* Are the words of the one part in those of its head already? "active when last purchase ..." */
static bool says_its_part(const reason *r)
{
    bool is_line = r->is_group || r->points.shown != NULL;
    return is_line && r->part_count == 1 && r->parts[0]->part_count == 0;
}

static void put_reason(const telling *t, const reason *r, size_t depth);

/* Of a choice, what was chosen. */
static void put_choice(const telling *t, const reason *r, size_t depth)
{
    put_reason(t, r->parts[0], depth);
    if (r->parts[0]->holds)
        put_reason(t, r->parts[1], depth);
    else
        put_reason(t, r->parts[2], depth);
}

static void put_reason(const telling *t, const reason *r, size_t depth)
{
    put_verdict(t->page, r, depth);
    put_grounds(t, r, depth + 4);
    if (says_its_part(r))
        put_grounds(t, r->parts[0], depth + 4);
    else if (r->kind == REASON_IF)
        put_choice(t, r, depth + 1);
    else
        for (size_t i = 0; i < r->part_count; i++)
            put_reason(t, r->parts[i], depth + 1);
}

/* A rule says what stands below its name. */
static void put_tree(const telling *t, size_t depth)
{
    const reason *root = t->x->root;
    bool says_all = root->part_count == 0 ||
                    (root->kind != REASON_NAMED && root->kind != REASON_VALUE);
    if (says_all)
        put_reason(t, root, depth);
    for (size_t i = 0; !says_all && i < root->part_count; i++)
        put_reason(t, root->parts[i], depth);
}

/* ---- the page -------------------------------------------------------------- */

static void put_head(page *p, const explained *e)
{
    const explanation *x = e->x;
    const reason *root = x->root;
    text head;
    text_init(&head);
    text_append(&head, e->person);
    if (root->kind == REASON_VALUE)
        text_append_format(&head, " has %s = %s", e->rule,
                           root->value.shown ? root->value.shown : "missing");
    else if (root->kind == REASON_FIRST && x->group)
        text_append_format(&head, " is in %s.%s", e->rule, x->group);
    else
        text_append_format(&head, " is %sin %s", root->holds ? "" : "not ", e->rule);
    text_append(&head, ", as of ");
    page_append_instant(p, e->as_of, &head);
    page_line(p, head.data, PAGE_PLAIN);
    page_gap(p);
    text_done(&head);
}

/* So near that it is the clock itself. */
enum { MOMENTS = 3 };

static void append_change(const page *p, const explained *e, text *line)
{
    const explanation *x = e->x;
    bool goes_with_clock = x->changes_at - e->as_of <= MOMENTS;
    if (x->needs_others) {
        text_append(line, "When it changes is not foretold: other people decide, too.");
    } else if (x->changes == HORIZON_STAYS) {
        text_append(line, "It stays so if nothing happens.");
    } else if (x->changes == HORIZON_CHANGES && goes_with_clock) {
        text_append(line, "It goes with the clock, and changes at every moment.");
    } else if (x->changes == HORIZON_CHANGES) {
        text_append(line, "If nothing happens, it changes at ");
        page_append_instant(p, x->changes_at, line);
        text_append_char(line, '.');
    } else if (goes_with_clock) {
        text_append(line,
                    "When it changes is not foretold: it asks a value that goes with "
                    "the clock in a way that nobody knows.");
    } else {
        text_append(line, "If nothing happens, it does not change before ");
        page_append_instant(p, x->changes_at, line);
        text_append_char(line, '.');
    }
    if (!x->has_latest)
        return;
    text_append(line, " It has changed by ");
    page_append_instant(p, x->latest, line);
    text_append(line, " at the latest.");
}

static void put_change(page *p, const explained *e)
{
    text line;
    text_init(&line);
    append_change(p, e, &line);
    page_gap(p);
    page_line(p, line.data, PAGE_PLAIN);
    text_done(&line);
}

/* "purchase (amount = 37.50), 2 times at once, before 2026-03-04T10:12:00+01:00" */
static void put_advice(page *p, const explanation *x, const advice *a)
{
    text line;
    text_init(&line);
    text_append(&line, "  ");
    explain_append_advice(x, a, &line);
    bool is_one = a->step_count == 1;
    if (is_one && a->steps[0].times > 1 && !a->steps[0].is_user)
        text_append_format(&line, ", %zu times", a->steps[0].times);
    explain_append_pace(a, &line);
    explain_append_waiting(a, &line);
    if (a->has_deadline) {
        text_append(&line, ", before ");
        page_append_instant(p, a->deadline, &line);
    }
    page_line(p, line.data, PAGE_PLAIN);
    text_done(&line);
}

bool explained_comes_by_waiting(const explanation *x)
{
    return x->root->kind == REASON_NAMED && !x->root->holds &&
           (x->changes == HORIZON_CHANGES || x->has_latest);
}

static void put_suggestions(page *p, const explanation *x)
{
    if (!x->is_advised)
        return;
    page_gap(p);
    if (x->suggestions.count == 0) {
        page_line(
            p,
            explained_comes_by_waiting(x)
                ? "Time alone does it: of events and traits that would make it hold "
                  "earlier, none was found."
                : "Of events and traits that would make it hold, none was found.",
            PAGE_PLAIN);
        return;
    }
    page_line(p,
              explained_comes_by_waiting(x) ? "Or earlier, with one of these:"
                                            : "With one of these it would hold:",
              PAGE_PLAIN);
    for (size_t i = 0; i < x->suggestions.count; i++)
        put_advice(p, x, &x->suggestions.items[i]);
}

void explained_put_text(page *p, const explained *e)
{
    told_rows told = {0};
    telling t = {p, e->x, &told};
    put_head(p, e);
    put_tree(&t, 0);
    memory_free(told.items);
    put_change(p, e);
    put_suggestions(p, e->x);
}

void explained_put_short(page *p, const explained *e, size_t depth)
{
    telling t = {p, e->x, NULL};
    put_tree(&t, depth);
}
