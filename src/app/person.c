/* SPDX-License-Identifier: MIT
 *
 * `carpel person PERSON`: what happened, what they are, and which rules hold since when.
 */
#include <string.h>

#include "app/commands.h"
#include "app/failures.h"
#include "app/names.h"
#include "app/page.h"
#include "app/say.h"
#include "app/session.h"
#include "app/stop.h"
#include "explain/person.h"

enum { ROWS_SHOWN = 20 };

/* What is printed, of whom. */
typedef struct portrait {
    page page;
    const person_view *view;
    const store *data;
    const char *id;
    int64_t as_of;
} portrait;

/* ---- lines --------------------------------------------------------------- */

static void put_head(portrait *t)
{
    text line;
    text_init(&line);
    text_append_format(&line, "%s, as of ", t->id);
    page_append_instant(&t->page, t->as_of, &line);
    page_line(&t->page, line.data, PAGE_BOLD);
    text_clear(&line);
    text_append(&line, "known ");
    text_append(&line, t->view->known_since == TIME_MIN ? "" : "since ");
    page_append_instant(&t->page, t->view->known_since, &line);
    if (t->view->account)
        text_append_format(&line, "; of the account %s", t->view->account);
    page_line(&t->page, line.data, PAGE_PLAIN);
    text_done(&line);
}

static void put_title(portrait *t, const char *title)
{
    page_gap(&t->page);
    page_line(&t->page, title, PAGE_BOLD);
}

static bool is_shown(const standing *s, bool is_value)
{
    return s->is_value == is_value && (is_value || s->holds);
}

static size_t width_of(const person_view *v, bool is_value)
{
    size_t width = 0;
    for (size_t i = 0; i < v->standing_count; i++) {
        size_t own = strlen(v->standings[i].path);
        if (is_shown(&v->standings[i], is_value) && own > width)
            width = own;
    }
    return width;
}

static void append_since(const portrait *t, const standing *s, text *line)
{
    if (s->needs_others) {
        text_append(line, "(depends on others, too)");
    } else if (s->since == SINCE_OPEN) {
        text_append(line, "(since when is not known)");
    } else if (s->since_at == TIME_MIN) {
        text_append(line, "since ever");
    } else {
        text_append(line, "since ");
        page_append_instant(&t->page, s->since_at, line);
    }
    if (s->title)
        text_append_format(line, "  %s", s->title);
}

static void put_standings(portrait *t, bool is_value)
{
    const person_view *v = t->view;
    size_t width = width_of(v, is_value);
    for (size_t i = 0; i < v->standing_count; i++) {
        const standing *s = &v->standings[i];
        text line;
        if (!is_shown(s, is_value))
            continue;
        text_init(&line);
        text_append_format(&line, "  %-*s  ", (int)width, s->path);
        if (is_value)
            text_append(&line, s->value ? s->value : "missing");
        else
            append_since(t, s, &line);
        page_line(&t->page, line.data, PAGE_PLAIN);
        text_done(&line);
    }
}

/* In a set of groups one holds and the others do not: the set is named where none does. */
static void put_not_in(portrait *t)
{
    const person_view *v = t->view;
    size_t count = 0;
    text line;
    text_init(&line);
    for (size_t i = 0; i < v->standing_count; i++) {
        const standing *s = &v->standings[i];
        bool is_member = s->decl->kind == DECL_GROUPS || s->decl->kind == DECL_SPLIT;
        if (s->is_value || s->holds || is_member)
            continue;
        text_append_format(&line, "%s%s", count++ > 0 ? ", " : "  not in: ", s->path);
    }
    if (count > 0)
        page_line(&t->page, line.data, PAGE_DIM);
    text_done(&line);
}

static void put_rows(portrait *t, const witness *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        text line;
        text_init(&line);
        text_append(&line, "  ");
        page_append_row(&t->page, t->data, t->view->person, false, &rows[i], &line);
        page_line(&t->page, line.data, PAGE_PLAIN);
        text_done(&line);
    }
}

static void put_timeline(portrait *t)
{
    const person_view *v = t->view;
    text line;
    text_init(&line);
    if (v->row_total == 0)
        text_append(&line, "No events");
    else if (v->row_count == v->row_total)
        text_append_format(&line, "Events (%zu), the latest first", v->row_total);
    else
        text_append_format(&line, "Events, the latest %zu of %zu (--all shows all)",
                           v->row_count, v->row_total);
    put_title(t, line.data);
    put_rows(t, v->rows, v->row_count);
    text_done(&line);
}

static bool has_values(const person_view *v)
{
    for (size_t i = 0; i < v->standing_count; i++)
        if (v->standings[i].is_value)
            return true;
    return false;
}

static void put_text(portrait *t)
{
    put_head(t);
    put_title(t, "Segments and groups");
    put_standings(t, false);
    put_not_in(t);
    if (has_values(t->view)) {
        put_title(t, "Values");
        put_standings(t, true);
    }
    if (t->view->trait_count > 0) {
        put_title(t, "Traits");
        put_rows(t, t->view->traits, t->view->trait_count);
    }
    put_timeline(t);
}

/* ---- keys ---------------------------------------------------------------- */

static const char *kind_word(const standing *s)
{
    switch (s->decl->kind) {
    case DECL_GROUPS: return "group";
    case DECL_SPLIT: return "arm";
    case DECL_SCORE: return "score";
    case DECL_LET: return "let";
    default: return "segment";
    }
}

static void write_standing(json_writer *w, const portrait *t, const standing *s)
{
    json_object_begin(w);
    page_write_text(w, "kind", kind_word(s));
    page_write_text(w, "name", s->path);
    page_write_text(w, "title", s->title);
    if (s->is_value) {
        page_write_text(w, "value", s->value);
    } else {
        bool is_known = s->holds && s->since != SINCE_OPEN && !s->needs_others;
        json_key(w, "member");
        json_bool(w, s->holds);
        page_write_instant(w, &t->page, "since", is_known, s->since_at);
        json_key(w, "since_is_known");
        json_bool(w, is_known);
    }
    json_object_end(w);
}

static void write_standings(json_writer *w, const portrait *t, const char *key,
                            bool is_value)
{
    json_key(w, key);
    json_array_begin(w);
    for (size_t i = 0; i < t->view->standing_count; i++)
        if (t->view->standings[i].is_value == is_value)
            write_standing(w, t, &t->view->standings[i]);
    json_array_end(w);
}

static void write_rows(json_writer *w, const portrait *t, const char *key,
                       const witness *rows, size_t count)
{
    json_key(w, key);
    json_array_begin(w);
    for (size_t i = 0; i < count; i++)
        page_write_row(w, &t->page, t->data, t->view->person, false, &rows[i]);
    json_array_end(w);
}

static void put_json(portrait *t)
{
    const person_view *v = t->view;
    json_writer w;
    json_begin(&w, t->page.out);
    json_object_begin(&w);
    page_write_text(&w, "person", t->id);
    page_write_instant(&w, &t->page, "as_of", true, t->as_of);
    page_write_instant(&w, &t->page, "known_since", true, v->known_since);
    page_write_text(&w, "account", v->account);
    write_standings(&w, t, "memberships", false);
    write_standings(&w, t, "values", true);
    write_rows(&w, t, "traits", v->traits, v->trait_count);
    json_key(&w, "event_count");
    json_int(&w, (int64_t)v->row_total);
    write_rows(&w, t, "events", v->rows, v->row_count);
    json_object_end(&w);
    json_end(&w);
}

/* ---- the command ---------------------------------------------------------- */

static int print_person(const session *s, const command_line *line)
{
    carpel_error err;
    text out;
    const char *id = line->arguments[0];
    size_t most = line->all ? SIZE_MAX : line->events > 0 ? line->events : ROWS_SHOWN;
    if (!names_check_person(s->engine, id))
        return EXIT_FAULT;
    person_view *v = engine_person(s->engine, id, s->as_of, most, &err);
    if (!v)
        return say_failure(&err);
    text_init(&out);
    portrait t = {page_begin(s->engine, &out), v, engine_store(s->engine),
                  names_shown(s->engine, id), s->as_of};
    if (line->json)
        put_json(&t);
    else
        put_text(&t);
    int code = say_result(&out);
    text_done(&out);
    person_view_free(v);
    return code;
}

int command_person(const command_line *line)
{
    session s;
    stop_begin();
    int code = session_open_sources(&s, line);
    if (code == EXIT_GOOD)
        code = session_read(&s, line);
    if (code == EXIT_GOOD)
        code = print_person(&s, line);
    if (code == EXIT_GOOD)
        session_note_instant(&s, line, s.as_of, "--as-of");
    if (code == EXIT_GOOD)
        failures_say_refused(s.engine);
    session_close(&s);
    return code;
}
