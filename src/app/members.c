/* SPDX-License-Identifier: MIT
 *
 * `carpel members SEGMENT`: the ids of a segment's or group's people, sorted by bytes.
 */
#include <string.h>

#include "app/commands.h"
#include "app/say.h"
#include "app/session.h"
#include "app/stop.h"
#include "base/arena.h"
#include "base/bitmap.h"
#include "report/json.h"
#include "report/suggest.h"

/* The search for a name among the rules, which needs no data. */
typedef struct search {
    const char *wanted;
    bool is_found;
    const ast_decl *groups; /* the wanted name is that of a whole set */
    suggestion similar;
    arena *memory; /* of the names that were weighed */
} search;

static void consider(search *s, const char *path)
{
    if (strcmp(path, s->wanted) == 0)
        s->is_found = true;
    suggest_consider(&s->similar, path);
}

static void consider_decl(search *s, const ast_decl *decl)
{
    if (decl->kind == DECL_SEGMENT)
        consider(s, decl->name.text);
    if (decl->kind != DECL_GROUPS)
        return;
    if (strcmp(decl->name.text, s->wanted) == 0)
        s->groups = decl;
    for (size_t i = 0; i < decl->groups.count; i++) {
        const ast_group *group = decl->groups.items[i];
        consider(s, arena_format(s->memory, "%s.%s", decl->name.text, group->name.text));
    }
}

static void refuse(const search *s)
{
    if (s->groups != NULL) {
        const ast_group *first = s->groups->groups.items[0];
        say_error("\"%s\" is a set of groups, not one of them", s->wanted);
        say_hint("Name a group with its set, such as \"%s.%s\".", s->wanted,
                 first->name.text);
        return;
    }
    say_error("no segment or group is named \"%s\"", s->wanted);
    if (suggest_best(&s->similar) != NULL)
        say_hint("Did you mean \"%s\"?", suggest_best(&s->similar));
    else
        say_hint("\"carpel run\" lists the segments and groups.");
}

/* Is there such a segment? If not, the user was told. */
static bool check_name(const engine *e, const char *name)
{
    search s = {.wanted = name, .similar = suggest_begin(name), .memory = arena_new()};
    for (size_t i = 0; i < engine_file_count(e); i++) {
        const ast_file *file = engine_file(e, i);
        for (size_t k = 0; k < file->decls.count; k++)
            consider_decl(&s, file->decls.items[k]);
    }
    if (!s.is_found)
        refuse(&s);
    arena_free(s.memory);
    return s.is_found;
}

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

static void append_lines(const run_segment *segment, text *out)
{
    const run_population *p = segment->population;
    for (size_t i = 0; i < p->count; i++) {
        if (!bitmap_get(segment->members, p->order[i]))
            continue;
        slice id = dictionary_text(p->ids, p->order[i]);
        text_append_bytes(out, id.data, id.size);
        text_append_char(out, '\n');
    }
}

static void append_json(const run_segment *segment, text *out)
{
    const run_population *p = segment->population;
    json_writer w;
    json_begin(&w, out);
    json_array_begin(&w);
    for (size_t i = 0; i < p->count; i++) {
        if (bitmap_get(segment->members, p->order[i]))
            json_text(&w, dictionary_text(p->ids, p->order[i]));
    }
    json_array_end(&w);
    json_end(&w);
}

static int print_members(const session *s, const command_line *line)
{
    const run_segment *found = find_result(s->result, line->arguments[0]);
    if (found == NULL) {
        say_error("\"%s\" was not judged", line->arguments[0]);
        return EXIT_SOFTWARE;
    }
    text out;
    text_init(&out);
    if (line->json)
        append_json(found, &out);
    else
        append_lines(found, &out);
    int code = say_result(&out);
    text_done(&out);
    return code;
}

int command_members(const command_line *line)
{
    session s;
    stop_begin();
    int code = session_open(&s, line);
    if (code == EXIT_GOOD && !check_name(s.engine, line->arguments[0]))
        code = EXIT_BAD_USAGE;
    if (code == EXIT_GOOD)
        code = session_judge(&s, line);
    if (code == EXIT_GOOD)
        code = print_members(&s, line);
    session_close(&s);
    return code;
}
