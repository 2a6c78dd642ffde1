/* SPDX-License-Identifier: MIT
 *
 * `carpel members NAME`: the ids of a segment's or group's people, sorted by bytes; of a
 * score each id with its value, of a set of groups each id with its group. Of a selection the
 * same with the name of each rule in front.
 */
#include <string.h>

#include "app/commands.h"
#include "app/failures.h"
#include "app/names.h"
#include "app/say.h"
#include "app/scores.h"
#include "app/session.h"
#include "app/stop.h"
#include "base/bitmap.h"
#include "exec/score.h"
#include "report/json.h"

static const run_segment *find_in(const run_segment *items, size_t count,
                                  const char *path)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(items[i].path, path) == 0)
            return &items[i];
    }
    return NULL;
}

static const run_segment *find_result(const run_result *r, const char *path)
{
    const run_segment *found = find_in(r->segments, r->segment_count, path);
    return found != NULL ? found : find_in(r->group_members, r->group_member_count, path);
}

static slice id_of(const run_population *p, size_t person)
{
    return dictionary_text(p->ids, (uint32_t)person);
}

/* ---- segments and groups ------------------------------------------------------------ */

static void append_lines(const run_segment *segment, text *out)
{
    const run_population *p = segment->population;
    for (size_t i = 0; i < p->count; i++) {
        if (!bitmap_get(segment->members, p->order[i]))
            continue;
        say_id(id_of(p, p->order[i]), out);
        text_append_char(out, '\n');
    }
}

static void write_members(json_writer *w, const run_segment *segment)
{
    const run_population *p = segment->population;
    for (size_t i = 0; i < p->count; i++) {
        if (bitmap_get(segment->members, p->order[i]))
            json_text(w, id_of(p, p->order[i]));
    }
}

/* ---- scores ------------------------------------------------------------------------- */

static void append_values(const run_score *score, text *out)
{
    const run_population *p = score->population;
    text value;
    text_init(&value);
    for (size_t i = 0; i < p->count; i++) {
        if (!score_has(score, p->order[i]))
            continue;
        text_clear(&value);
        score_append(score, p->order[i], &value);
        say_id(id_of(p, p->order[i]), out);
        text_append_char(out, '\t');
        say_cell((slice){value.data, value.size}, out);
        text_append_char(out, '\n');
    }
    text_done(&value);
}

/* An object with the id of a person, or account, and a value to follow. */
static void begin_object(json_writer *w, const run_population *p, size_t person,
                         const char *key)
{
    json_object_begin(w);
    json_key(w, p->one);
    json_text(w, id_of(p, person));
    json_key(w, key);
}

static void write_values(json_writer *w, const run_score *score)
{
    const run_population *p = score->population;
    for (size_t i = 0; i < p->count; i++) {
        if (!score_has(score, p->order[i]))
            continue;
        begin_object(w, p, p->order[i], "value");
        scores_write_value(w, score, p->order[i]);
        json_object_end(w);
    }
}

/* ---- sets of groups ----------------------------------------------------------------- */

/* The group that the person is in; NULL: in none. */
static const char *group_of(const run_result *r, const run_groups *set, size_t person)
{
    for (size_t i = 0; i < set->count; i++) {
        const run_segment *group = &r->group_members[set->first + i];
        if (bitmap_get(group->members, person))
            return group->name;
    }
    return NULL;
}

static const run_population *population_of(const run_result *r, const run_groups *set)
{
    return r->group_members[set->first].population;
}

static void append_groups(const run_result *r, const run_groups *set, text *out)
{
    const run_population *p = population_of(r, set);
    for (size_t i = 0; i < p->count; i++) {
        const char *group = group_of(r, set, p->order[i]);
        if (group == NULL)
            continue;
        say_id(id_of(p, p->order[i]), out);
        text_append_format(out, "\t%s\n", group);
    }
}

static void write_groups(json_writer *w, const run_result *r, const run_groups *set)
{
    const run_population *p = population_of(r, set);
    for (size_t i = 0; i < p->count; i++) {
        const char *group = group_of(r, set, p->order[i]);
        if (group == NULL)
            continue;
        begin_object(w, p, p->order[i], "group");
        json_string(w, group);
        json_object_end(w);
    }
}

/* ---- the command -------------------------------------------------------------------- */

/* What a name stands for in a result: one of the three. */
typedef struct answer {
    const run_segment *segment;
    const run_groups *groups;
    const run_score *score;
} answer;

static answer find_answer(const run_result *r, const char *name)
{
    answer a = {.segment = find_result(r, name)};
    for (size_t i = 0; i < r->group_count; i++) {
        if (strcmp(r->groups[i].name, name) == 0 && r->groups[i].count > 0)
            a.groups = &r->groups[i];
    }
    for (size_t i = 0; i < r->score_count; i++) {
        if (strcmp(r->scores[i].name, name) == 0)
            a.score = &r->scores[i];
    }
    return a;
}

static void append_answer(const run_result *r, const answer *a, text *out)
{
    if (a->segment != NULL)
        append_lines(a->segment, out);
    else if (a->score != NULL)
        append_values(a->score, out);
    else if (a->groups != NULL)
        append_groups(r, a->groups, out);
}

static void write_answer(json_writer *w, const run_result *r, const answer *a)
{
    json_array_begin(w);
    if (a->segment != NULL)
        write_members(w, a->segment);
    else if (a->score != NULL)
        write_values(w, a->score);
    else if (a->groups != NULL)
        write_groups(w, r, a->groups);
    json_array_end(w);
}

static void append_json(const run_result *r, const answer *a, text *out)
{
    json_writer w;
    json_begin(&w, out);
    write_answer(&w, r, a);
    json_end(&w);
}

static int print_members(const session *s, const command_line *line)
{
    answer a = find_answer(s->result, line->arguments[0]);
    if (a.segment == NULL && a.score == NULL && a.groups == NULL) {
        say_error("\"%s\" was not judged", line->arguments[0]);
        return EXIT_SOFTWARE;
    }
    text out;
    text_init(&out);
    if (line->json)
        append_json(s->result, &a, &out);
    else
        append_answer(s->result, &a, &out);
    int code = say_result(&out);
    text_done(&out);
    return code;
}

/* Of a selection each line begins with the name of the rule. */
static void append_prefixed(const char *name, const text *lines, text *out)
{
    for (size_t begin = 0; begin < lines->size;) {
        size_t size = strcspn(lines->data + begin, "\n") + 1;
        text_append_format(out, "%s\t", name);
        text_append_bytes(out, lines->data + begin, size);
        begin += size;
    }
}

/* The paths of all rules of a result: segments, sets of groups, scores. */
typedef void path_taker(void *context, const char *path);

static void each_path(const run_result *r, path_taker *take, void *context)
{
    for (size_t i = 0; i < r->segment_count; i++)
        take(context, r->segments[i].path);
    for (size_t i = 0; i < r->group_count; i++)
        take(context, r->groups[i].name);
    for (size_t i = 0; i < r->score_count; i++)
        take(context, r->scores[i].name);
}

typedef struct listing {
    const run_result *result;
    text *out;
    json_writer *json; /* or NULL */
} listing;

static void list_members(void *context, const char *path)
{
    listing *l = context;
    answer a = find_answer(l->result, path);
    if (l->json) {
        json_key(l->json, path);
        write_answer(l->json, l->result, &a);
        return;
    }
    text lines;
    text_init(&lines);
    append_answer(l->result, &a, &lines);
    append_prefixed(path, &lines, l->out);
    text_done(&lines);
}

static int print_all(const session *s, const command_line *line)
{
    text out;
    json_writer w;
    text_init(&out);
    listing l = {s->result, &out, line->json ? &w : NULL};
    if (line->json) {
        json_begin(&w, &out);
        json_object_begin(&w);
    }
    each_path(s->result, list_members, &l);
    if (line->json) {
        json_object_end(&w);
        json_end(&w);
    }
    int code = say_result(&out);
    text_done(&out);
    return code;
}

/* A name, or --select: one of both. */
static int check_usage(const command_line *line)
{
    bool has_name = line->argument_count > 0;
    if (has_name != line_selects(line))
        return EXIT_GOOD;
    say_error(has_name ? "a name and a selection exclude each other"
                       : "\"carpel members\" needs NAME, or --select");
    say_hint("Usage: carpel members NAME, or carpel members --select SELECTION");
    return EXIT_BAD_USAGE;
}

int command_members(const command_line *line)
{
    session s;
    stop_begin();
    int code = check_usage(line);
    if (code != EXIT_GOOD)
        return code;
    code = session_open(&s, line);
    if (code == EXIT_GOOD && line->argument_count > 0 &&
        !names_check_rule(s.engine, line->arguments[0]))
        code = EXIT_BAD_USAGE;
    if (code == EXIT_GOOD)
        code = session_select(&s, line);
    if (code == EXIT_GOOD)
        code = session_judge(&s, line);
    if (code == EXIT_GOOD)
        code = line_selects(line) ? print_all(&s, line) : print_members(&s, line);
    if (code == EXIT_GOOD) {
        failures_say_refused(s.engine);
        failures_say_missing(s.result);
    }
    session_close(&s);
    return code;
}
