/* SPDX-License-Identifier: MIT
 *
 * `carpel runs`: the runs that are remembered, a line each; --forget takes one out first.
 */
#include <inttypes.h>

#include "app/commands.h"
#include "app/remembered_runs.h"
#include "app/say.h"
#include "engine/forget_run.h"
#include "report/json.h"
#include "value/calendar.h"

/* ---- rules that are others than in the run before -------------------------------------- */

/* "changed", "new", "gone", or NULL: it is as it was. Either may be NULL. */
static const char *rule_news(const remembered_rule *before, const remembered_rule *now,
                             bool can_compare)
{
    if (!before || !now)
        return before ? "gone" : "new";
    return can_compare && !digest_equals(before->meaning, now->meaning) ? "changed"
                                                                        : NULL;
}

/* The rule in another run; most rules stand where they stood. */
static const remembered_rule *find_like(const remembered_run *r, size_t place,
                                        const remembered_rule *like)
{
    const remembered_rule *there = place < r->rule_count ? &r->rules[place] : NULL;
    return there && remembered_rule_is(there, like) ? there
                                                    : remembered_run_find(r, like);
}

/* Call `tell` for each rule that is another one; `before` NULL: none is. */
static void each_news(const remembered_run *before, const remembered_run *now,
                      void (*tell)(void *context, slice rule, const char *news),
                      void *context)
{
    bool can_compare = before && before->rule_version == now->rule_version;
    for (size_t i = 0; before && i < now->rule_count; i++) {
        const remembered_rule *r = &now->rules[i];
        const char *news = rule_news(find_like(before, i, r), r, can_compare);
        if (news)
            tell(context, r->path, news);
    }
    for (size_t i = 0; before && i < before->rule_count; i++)
        if (!find_like(now, i, &before->rules[i]))
            tell(context, before->rules[i].path, "gone");
}

/* ---- the table ------------------------------------------------------------------------- */

static void append_news(void *context, slice rule, const char *news)
{
    text *out = context;
    text_append(out, out->size > 0 ? ", " : "");
    text_append_bytes(out, rule.data, rule.size);
    text_append_format(out, " %s", news);
}

static void append_outputs(const remembered_run *r, text *out)
{
    for (size_t i = 0; i < r->output_count; i++) {
        text_append(out, i > 0 ? ", " : "");
        text_append_bytes(out, r->outputs[i].name.data, r->outputs[i].name.size);
    }
}

static void add_time(const runs_session *s, table *t, int64_t instant)
{
    text time;
    text_init(&time);
    runs_append_time(s, instant, &time);
    table_cell(t, time.data);
    text_done(&time);
}

/* Nobody needs to know the microsecond. */
static int64_t whole_seconds(int64_t instant)
{
    return instant - instant % MICROSECONDS_PER_SECOND;
}

static void add_run(const runs_session *s, table *t, const remembered_run *r)
{
    char buffer[28];
    text words;
    text_init(&words);
    table_cell_format(t, "%" PRIu64, r->number);
    add_time(s, t, r->as_of);
    add_time(s, t, whole_seconds(r->made_at));
    table_cell(t, format_count(r->people.count, buffer));
    table_cell(t, format_count(r->event_count, buffer));
    append_outputs(r, &words);
    table_cell(t, words.data);
    text_clear(&words);
    each_news(run_folder_before(s->folder, r), r, append_news, &words);
    table_cell(t, words.data);
    text_done(&words);
}

static void append_text(const runs_session *s, text *out)
{
    table *t = table_new();
    table_column(t, "run", TABLE_RIGHT);
    table_column(t, "as of", TABLE_LEFT);
    table_column(t, "made", TABLE_LEFT);
    table_column(t, "people", TABLE_RIGHT);
    table_column(t, "events", TABLE_RIGHT);
    table_column(t, "outputs", TABLE_LEFT);
    table_column(t, "rules since the run before", TABLE_LEFT);
    for (size_t i = 0; i < s->folder->count; i++)
        if (s->folder->items[i].head)
            add_run(s, t, s->folder->items[i].head);
    if (run_folder_up_to(s->folder, INT64_MAX) || run_folder_damaged(s->folder))
        runs_append_table(t, out);
    else
        text_append(out, "no run is remembered yet\n");
    table_free(t);
}

/* ---- JSON ------------------------------------------------------------------------------ */

static void write_news(void *context, slice rule, const char *news)
{
    json_writer *w = context;
    json_object_begin(w);
    json_key(w, "name");
    json_text(w, rule);
    json_key(w, "news");
    json_string(w, news);
    json_object_end(w);
}

static void write_output(json_writer *w, const remembered_output *o)
{
    json_object_begin(w);
    json_key(w, "name");
    json_text(w, o->name);
    json_key(w, "since_run");
    if (o->baseline > 0)
        json_int(w, (int64_t)o->baseline);
    else
        json_null(w);
    json_object_end(w);
}

static void write_run(const runs_session *s, json_writer *w, const remembered_run *r)
{
    json_object_begin(w);
    json_key(w, "run");
    json_int(w, (int64_t)r->number);
    runs_write_time(s, "as_of", r->as_of, w);
    runs_write_time(s, "made_at", whole_seconds(r->made_at), w);
    json_key(w, "people");
    json_int(w, (int64_t)r->people.count);
    json_key(w, "accounts");
    json_int(w, (int64_t)r->accounts.count);
    json_key(w, "events");
    json_int(w, (int64_t)r->event_count);
    json_key(w, "outputs");
    json_array_begin(w);
    for (size_t i = 0; i < r->output_count; i++)
        write_output(w, &r->outputs[i]);
    json_array_end(w);
    json_key(w, "rules");
    json_array_begin(w);
    each_news(run_folder_before(s->folder, r), r, write_news, w);
    json_array_end(w);
    json_object_end(w);
}

static void write_damage(json_writer *w, const run_entry *e)
{
    json_object_begin(w);
    json_key(w, "run");
    json_int(w, (int64_t)e->number);
    json_key(w, "damage");
    json_string(w, e->damage);
    json_object_end(w);
}

static void append_json(const runs_session *s, text *out)
{
    json_writer w;
    json_begin(&w, out);
    json_array_begin(&w);
    for (size_t i = 0; i < s->folder->count; i++) {
        if (s->folder->items[i].head)
            write_run(s, &w, s->folder->items[i].head);
        else if (s->folder->items[i].damage)
            write_damage(&w, &s->folder->items[i]);
    }
    json_array_end(&w);
    json_end(&w);
}

/* ---- the command ----------------------------------------------------------------------- */

static int forget(runs_session *s, const command_line *line)
{
    carpel_error err;
    if (!runs_have(s, line->forget))
        return EXIT_FAULT;
    if (!engine_forget_run(s->engine, line->forget, &err))
        return say_failure(&err);
    say_note("run %zu is forgotten", line->forget);
    return runs_read(s, line);
}

int command_runs(const command_line *line)
{
    runs_session s;
    int code = runs_open(&s, line);
    if (code == EXIT_GOOD && line->forget > 0)
        code = forget(&s, line);
    if (code == EXIT_GOOD) {
        text out;
        runs_warn(&s);
        text_init(&out);
        if (line->json)
            append_json(&s, &out);
        else
            append_text(&s, &out);
        code = say_result(&out);
        text_done(&out);
    }
    if (code == EXIT_GOOD && run_folder_damaged(s.folder))
        code = EXIT_FAULT;
    runs_close(&s);
    return code;
}
