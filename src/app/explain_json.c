/* SPDX-License-Identifier: MIT
 *
 * An explanation as one JSON document.
 */
#include "app/explanations.h"

typedef struct telling {
    const page *page;
    const explanation *x;
} telling;

enum { DEEPEST = JSON_MAX_DEPTH - 12 };

static void write_rows(json_writer *w, const telling *t, const witnesses *rows)
{
    const page *p = t->page;
    json_object_begin(w);
    page_write_instant(w, p, "from", rows->has_from, rows->from);
    page_write_instant(w, p, "until", rows->has_until, rows->until);
    json_key(w, "count");
    json_int(w, (int64_t)rows->count);
    json_key(w, "rows");
    json_array_begin(w);
    for (size_t i = 0; i < rows->item_count; i++)
        page_write_row(w, p, t->x->person, rows->items[i].person, t->x->is_of_account,
                       &rows->items[i]);
    json_array_end(w);
    json_object_end(w);
}

static void write_value(json_writer *w, const reason_value *v)
{
    json_object_begin(w);
    if (v->role)
        page_write_text(w, "role", v->role);
    page_write_words(w, "text", v->where);
    json_key(w, v->is_condition ? "holds" : "value");
    if (v->is_condition)
        json_bool(w, v->holds);
    else
        json_string(w, v->shown);
    if (v->lack)
        page_write_text(w, "missing_because", v->lack);
    if (v->part_count > 0 && w->depth < DEEPEST) {
        json_key(w, "parts");
        json_array_begin(w);
        for (size_t i = 0; i < v->part_count; i++)
            write_value(w, &v->parts[i]);
        json_array_end(w);
    }
    json_object_end(w);
}

static const char *kind_word(reason_kind kind)
{
    static const char *const words[] = {
        [REASON_ALL] = "all",     [REASON_ANY] = "any",      [REASON_SOME] = "some",
        [REASON_NOT] = "not",     [REASON_IF] = "if",        [REASON_FIRST] = "first",
        [REASON_NAMED] = "named", [REASON_TEST] = "test",    [REASON_VALUE] = "value",
        [REASON_EACH] = "each",   [REASON_JUDGED] = "judged"};
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

static void write_ranking(json_writer *w, const ranking *k)
{
    json_key(w, "ranking");
    json_object_begin(w);
    page_write_text(w, "bound", k->bound);
    page_write_text(w, "at_bound", k->person);
    json_key(w, "inside");
    json_int(w, (int64_t)k->inside);
    json_key(w, "among");
    json_int(w, (int64_t)k->entrants);
    json_object_end(w);
}

static void write_window(json_writer *w, const telling *t, const window_span *window)
{
    json_key(w, "window");
    json_object_begin(w);
    page_write_instant(w, t->page, "from", window->has_from, window->from);
    page_write_instant(w, t->page, "until", window->has_until, window->until);
    json_object_end(w);
}

static void write_reason(json_writer *w, const telling *t, const reason *r)
{
    json_object_begin(w);
    json_key(w, "kind");
    json_string(w, kind_word(r->kind));
    if (r->role)
        page_write_text(w, "role", r->role);
    page_write_words(w, "text", r->where);
    write_place(w, r->where);
    json_key(w, reason_is_condition(r) ? "holds" : "value");
    if (reason_is_condition(r))
        json_bool(w, r->holds);
    else
        json_string(w, r->value.shown);
    if (r->points.question != NO_QUESTION)
        write_points(w, r);
    if (r->ranking)
        write_ranking(w, r->ranking);
    if (r->in_window != NO_QUESTION)
        write_window(w, t, &r->window);
    if (r->kind == REASON_JUDGED)
        page_write_instant(w, t->page, "judged_at", true, r->judged);
    json_key(w, "values");
    json_array_begin(w);
    for (size_t i = 0; i < r->value_count; i++)
        write_value(w, &r->values[i]);
    json_array_end(w);
    json_key(w, "looked_at");
    json_array_begin(w);
    for (size_t i = 0; i < r->looked_at_count; i++)
        write_rows(w, t, &r->looked_at[i]);
    json_array_end(w);
    json_key(w, "parts");
    json_array_begin(w);
    for (size_t i = 0; i < r->part_count && w->depth < DEEPEST; i++)
        write_reason(w, t, r->parts[i]);
    json_array_end(w);
    json_object_end(w);
}

static void write_advice(json_writer *w, const telling *t, const advice *a)
{
    text what;
    text_init(&what);
    explain_append_advice(t->x, a, &what);
    explain_append_waiting(a, &what);
    json_object_begin(w);
    json_key(w, "kind");
    json_string(w, a->steps[0].is_user    ? "user"
                   : a->steps[0].is_trait ? "trait"
                                          : "event");
    json_key(w, "what");
    json_string(w, what.data);
    json_key(w, "times");
    json_int(w, a->step_count > 1 ? 1 : (int64_t)a->steps[0].times);
    json_key(w, "apart_seconds");
    json_int(w, a->days_apart * (MICROSECONDS_PER_DAY / MICROSECONDS_PER_SECOND));
    json_key(w, "apart_days");
    json_int(w, a->days_apart);
    page_write_instant(w, t->page, "before", a->has_deadline, a->deadline);
    json_object_end(w);
    text_done(&what);
}

/* Time that passes is one, too. */
static void write_suggestions(json_writer *w, const telling *t)
{
    json_key(w, "suggestions");
    json_array_begin(w);
    if (explained_comes_by_waiting(t->x)) {
        json_object_begin(w);
        json_key(w, "kind");
        json_string(w, "wait");
        page_write_instant(w, t->page, "until", true,
                           t->x->has_latest ? t->x->latest : t->x->changes_at);
        json_object_end(w);
    }
    for (size_t i = 0; i < t->x->suggestions.count; i++)
        write_advice(w, t, &t->x->suggestions.items[i]);
    json_array_end(w);
}

void explained_put_json(const page *p, const explained *e)
{
    const explanation *x = e->x;
    telling t = {p, x};
    json_writer w;
    json_begin(&w, p->out);
    json_object_begin(&w);
    json_key(&w, "rule");
    json_string(&w, e->rule);
    json_key(&w, "person");
    json_string(&w, x->is_of_account ? NULL : e->person);
    if (x->is_of_account)
        page_write_text(&w, "account", e->person);
    page_write_instant(&w, p, "as_of", true, e->as_of);
    if (x->root->kind == REASON_VALUE) {
        json_key(&w, "value");
        json_string(&w, x->root->value.shown);
    } else {
        json_key(&w, "member");
        json_bool(&w, x->root->holds);
    }
    json_key(&w, "group");
    json_string(&w, x->group);
    json_key(&w, "tree");
    write_reason(&w, &t, x->root);
    page_write_instant(&w, p, "changes_at", x->changes == HORIZON_CHANGES, x->changes_at);
    page_write_instant(&w, p, "not_before",
                       x->changes == HORIZON_OPEN && !x->needs_others, x->changes_at);
    page_write_instant(&w, p, "changes_by", x->has_latest, x->latest);
    json_key(&w, "foretold");
    json_bool(&w, x->changes != HORIZON_OPEN);
    write_suggestions(&w, &t);
    json_object_end(&w);
    json_end(&w);
}
