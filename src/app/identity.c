/* SPDX-License-Identifier: MIT
 *
 * `carpel identity [ID]`: which ids are one person's, and which rows say so; without an id how many there are,
 * and which are over a limit.
 */
#include "app/commands.h"
#include "app/failures.h"
#include "app/names.h"
#include "app/page.h"
#include "app/say.h"
#include "app/session.h"
#include "app/stop.h"
#include "engine/identities.h"

/* Why a link does not hold; "" when it does. */
static const char *const state_words[] = {
    [LINK_HOLDS] = "",
    [LINK_LATER] = "known later",
    [LINK_UNDONE] = "undone by unlink",
    [LINK_OF_SHARED_ID] = "one of them is shared",
    [LINK_OF_FULL_PERSON] = "of the weakest kind of somebody with too many ids"};

static const char *const state_names[] = {[LINK_HOLDS] = "holds",
                                          [LINK_LATER] = "later",
                                          [LINK_UNDONE] = "undone",
                                          [LINK_OF_SHARED_ID] = "shared_id",
                                          [LINK_OF_FULL_PERSON] = "full_person"};

static void append_slice(text *line, slice s)
{
    text_append_bytes(line, s.data, s.size);
}

/* ---- limits --------------------------------------------------------------- */

static void append_refusal(const identity_refusal *r, const slice *ids,
                           const identity_limits *limits, text *line)
{
    text_append(line, "  ");
    append_slice(line, ids[r->id]);
    if (r->state == LINK_OF_SHARED_ID)
        text_append_format(line,
                           "  the %s is linked with %u ids (at most %u): none of its "
                           "links holds",
                           id_kind_names[r->kind], r->count, limits->linked[r->kind]);
    else
        text_append_format(line,
                           "  would have %u ids (at most %u): links of kind %s do not "
                           "hold",
                           r->count, limits->ids, id_kind_names[r->kind]);
}

static void put_refused(page *p, const identity_refusal *refused, size_t count,
                        const slice *ids, const identity_limits *limits)
{
    if (count == 0)
        return;
    page_gap(p);
    page_line(p, "Over a limit", PAGE_BOLD);
    for (size_t i = 0; i < count; i++) {
        text line;
        text_init(&line);
        append_refusal(&refused[i], ids, limits, &line);
        page_line(p, line.data, PAGE_PLAIN);
        text_done(&line);
    }
}

static void write_refused(json_writer *w, const identity_refusal *refused, size_t count,
                          const slice *ids, const identity_limits *limits)
{
    json_key(w, "over_a_limit");
    json_array_begin(w);
    for (size_t i = 0; i < count; i++) {
        const identity_refusal *r = &refused[i];
        bool is_id = r->state == LINK_OF_SHARED_ID;
        json_object_begin(w);
        page_write_text(w, "what", is_id ? "id" : "person");
        json_key(w, "id");
        json_text(w, ids[r->id]);
        page_write_text(w, is_id ? "kind" : "lost_kind", id_kind_names[r->kind]);
        json_key(w, "ids");
        json_int(w, r->count);
        json_key(w, "most");
        json_int(w, is_id ? limits->linked[r->kind] : limits->ids);
        json_object_end(w);
    }
    json_array_end(w);
}

/* ---- one person ----------------------------------------------------------- */

static void append_id(const page *p, const identity_id *id, text *line)
{
    text_append_format(line, "  %-6s  ", id_kind_names[id->kind]);
    append_slice(line, id->id);
    text_append(line, id->since == TIME_MIN ? "  " : "  since ");
    page_append_instant(p, id->since, line);
}

static void put_ids(page *p, const identity_view *v, const char *title, size_t first,
                    size_t end)
{
    if (first == end)
        return;
    page_gap(p);
    page_line(p, title, PAGE_BOLD);
    for (size_t i = first; i < end; i++) {
        text line;
        text_init(&line);
        append_id(p, &v->ids[i], &line);
        page_line(p, line.data, PAGE_PLAIN);
        text_done(&line);
    }
}

static void append_proof(const page *p, const identity_proof *proof, text *line)
{
    text_append(line, "  ");
    page_append_instant(p, proof->time, line);
    text_append(line, "  ");
    append_slice(line, proof->a);
    text_append(line, " = ");
    append_slice(line, proof->b);
    if (proof->has_origin) {
        text_append(line, "  ");
        append_slice(line, proof->origin.file);
        text_append_format(line, ":%llu", (unsigned long long)proof->origin.line);
    }
    if (proof->state != LINK_HOLDS)
        text_append_format(line, "  (%s)", state_words[proof->state]);
}

static void put_links(page *p, const identity_view *v, const char *title, bool holds)
{
    bool is_titled = false;
    for (size_t i = 0; i < v->link_count; i++) {
        text line;
        if ((v->links[i].state == LINK_HOLDS) != holds)
            continue;
        if (!is_titled) {
            page_gap(p);
            page_line(p, title, PAGE_BOLD);
            is_titled = true;
        }
        text_init(&line);
        append_proof(p, &v->links[i], &line);
        page_line(p, line.data, holds ? PAGE_PLAIN : PAGE_DIM);
        text_done(&line);
    }
}

static void put_person(page *p, const identity_view *v, int64_t as_of)
{
    text line;
    text_init(&line);
    append_slice(&line, v->shown);
    text_append(&line, ", as of ");
    page_append_instant(p, as_of, &line);
    page_line(p, line.data, PAGE_BOLD);
    text_done(&line);
    put_ids(p, v, "Ids", 0, v->own_count);
    put_links(p, v, "Links", true);
    put_links(p, v, "Links that do not hold", false);
    put_ids(p, v, "Ids of others that those name", v->own_count, v->id_count);
    put_refused(p, v->refused, v->refused_count, v->texts, &v->limits);
}

static void write_ids(json_writer *w, const page *p, const identity_view *v,
                      const char *key, size_t first, size_t end)
{
    json_key(w, key);
    json_array_begin(w);
    for (size_t i = first; i < end; i++) {
        json_object_begin(w);
        json_key(w, "id");
        json_text(w, v->ids[i].id);
        page_write_text(w, "kind", id_kind_names[v->ids[i].kind]);
        page_write_instant(w, p, "since", true, v->ids[i].since);
        json_object_end(w);
    }
    json_array_end(w);
}

static void write_proof(json_writer *w, const page *p, const identity_proof *proof)
{
    json_object_begin(w);
    page_write_instant(w, p, "time", true, proof->time);
    json_key(w, "ids");
    json_array_begin(w);
    json_text(w, proof->a);
    json_text(w, proof->b);
    json_array_end(w);
    page_write_text(w, "state", state_names[proof->state]);
    json_key(w, "file");
    if (proof->has_origin)
        json_text(w, proof->origin.file);
    else
        json_null(w);
    json_key(w, "line");
    if (proof->has_origin)
        json_int(w, (int64_t)proof->origin.line);
    else
        json_null(w);
    json_object_end(w);
}

static void write_person(page *p, const identity_view *v, int64_t as_of)
{
    json_writer w;
    json_begin(&w, p->out);
    json_object_begin(&w);
    json_key(&w, "person");
    json_text(&w, v->shown);
    page_write_instant(&w, p, "as_of", true, as_of);
    write_ids(&w, p, v, "ids", 0, v->own_count);
    json_key(&w, "links");
    json_array_begin(&w);
    for (size_t i = 0; i < v->link_count; i++)
        write_proof(&w, p, &v->links[i]);
    json_array_end(&w);
    write_ids(&w, p, v, "ids_of_others", v->own_count, v->id_count);
    write_refused(&w, v->refused, v->refused_count, v->texts, &v->limits);
    json_object_end(&w);
    json_end(&w);
}

/* ---- all people ----------------------------------------------------------- */

static void put_totals(page *p, const identity_totals *t, int64_t as_of)
{
    text line;
    text_init(&line);
    text_append(&line, "Ids, as of ");
    page_append_instant(p, as_of, &line);
    page_line(p, line.data, PAGE_BOLD);
    for (int k = 0; k < ID_KIND_COUNT; k++) {
        text_clear(&line);
        text_append_format(&line, "  %-6s  %zu", id_kind_names[k], t->ids[k]);
        page_line(p, line.data, PAGE_PLAIN);
    }
    text_clear(&line);
    text_append_format(&line, "%zu people, %zu of them with several ids", t->people,
                       t->people_with_several);
    page_line(p, line.data, PAGE_PLAIN);
    text_done(&line);
    put_refused(p, t->refused, t->refused_count, t->texts, &t->limits);
}

static void write_totals(page *p, const identity_totals *t, int64_t as_of)
{
    json_writer w;
    json_begin(&w, p->out);
    json_object_begin(&w);
    page_write_instant(&w, p, "as_of", true, as_of);
    json_key(&w, "ids");
    json_object_begin(&w);
    for (int k = 0; k < ID_KIND_COUNT; k++) {
        json_key(&w, id_kind_names[k]);
        json_int(&w, (int64_t)t->ids[k]);
    }
    json_object_end(&w);
    json_key(&w, "people");
    json_int(&w, (int64_t)t->people);
    json_key(&w, "people_with_several");
    json_int(&w, (int64_t)t->people_with_several);
    write_refused(&w, t->refused, t->refused_count, t->texts, &t->limits);
    json_object_end(&w);
    json_end(&w);
}

/* ---- the command ---------------------------------------------------------- */

static bool put_one(page *p, const session *s, const command_line *line,
                    carpel_error *err)
{
    identity_view *v = engine_identity(s->engine, line->arguments[0], s->as_of, err);
    if (!v)
        return false;
    if (line->json)
        write_person(p, v, s->as_of);
    else
        put_person(p, v, s->as_of);
    identity_view_free(v);
    return true;
}

static bool put_all(page *p, const session *s, const command_line *line,
                    carpel_error *err)
{
    identity_totals t;
    if (!engine_identity_totals(s->engine, s->as_of, &t, err))
        return false;
    if (line->json)
        write_totals(p, &t, s->as_of);
    else
        put_totals(p, &t, s->as_of);
    return true;
}

static int print_identity(const session *s, const command_line *line)
{
    carpel_error err;
    text out;
    text_init(&out);
    page p = page_begin(s->engine, &out);
    bool is_one = line->argument_count > 0;
    bool is_good = is_one ? put_one(&p, s, line, &err) : put_all(&p, s, line, &err);
    int code = is_good ? say_result(&out)
               : is_one && !names_check_person(s->engine, line->arguments[0])
                   ? EXIT_FAULT
                   : say_failure(&err);
    text_done(&out);
    return code;
}

static int check_identities(const session *s)
{
    if (engine_joins_people(s->engine))
        return EXIT_GOOD;
    say_error("the project joins no ids");
    say_hint("Say in carpel.yaml which fields of a source hold ids of people, such as "
             "\"identities: {anonymousId: cookie, email: email}\".");
    return EXIT_FAULT;
}

int command_identity(const command_line *line)
{
    session s;
    stop_begin();
    int code = session_open_sources(&s, line);
    if (code == EXIT_GOOD)
        code = check_identities(&s);
    if (code == EXIT_GOOD)
        code = session_read(&s, line);
    if (code == EXIT_GOOD)
        code = print_identity(&s, line);
    if (code == EXIT_GOOD)
        failures_say_refused(s.engine);
    session_close(&s);
    return code;
}
