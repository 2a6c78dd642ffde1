/* SPDX-License-Identifier: MIT
 *
 * `carpel diff OLD [NEW]`: the two projects, what of their rules differs, and how it is told
 * (differences.h).
 */
#include <string.h>

#include "app/commands.h"
#include "app/differences.h"
#include "app/revision.h"
#include "app/say.h"
#include "app/session.h"
#include "app/stop.h"
#include "base/directory.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"

/* What one of the two names stands for. */
typedef struct place_of_rules {
    char *folder;    /* where the project lies */
    char *extracted; /* to be removed at the end; NULL: it is a folder of the user's */
} place_of_rules;

static bool is_project(const char *folder)
{
    char *file = path_join(folder, PROJECT_FILE_NAME);
    bool is_there = file_exists(file);
    memory_free(file);
    return is_there;
}

/* A folder with a project in it, else a revision of the one that --project names. */
static int find_place(const command_line *line, const char *name, place_of_rules *out)
{
    carpel_error err;
    char *left_out = NULL;
    *out = (place_of_rules){0};
    if (name[0] == '\0') {
        say_error("the name of a folder or a revision is empty");
        return EXIT_BAD_USAGE;
    }
    if (is_project(name)) {
        out->folder = memory_copy_string(name);
        return EXIT_GOOD;
    }
    if (directory_exists(name)) {
        say_error("the folder \"%s\" has no %s", name, PROJECT_FILE_NAME);
        return EXIT_NO_INPUT;
    }
    if (!revision_extract(session_directory(line), name, &out->extracted, &left_out,
                          &err))
        return say_failure(&err);
    if (left_out && !line->quiet)
        say_note(
            "of the revision \"%s\" these links lead out of the project, and are left "
            "out: %s",
            name, left_out);
    memory_free(left_out);
    out->folder = path_join(out->extracted, "project");
    if (is_project(out->folder))
        return EXIT_GOOD;
    say_error("at the revision \"%s\" there is no %s here", name, PROJECT_FILE_NAME);
    return EXIT_NO_INPUT;
}

static void place_done(place_of_rules *p)
{
    revision_remove(p->extracted);
    memory_free(p->folder);
}

/* Both sides, opened and compiled. */
typedef struct sides {
    place_of_rules old, new; /* without a folder: the project */
    session data;            /* of the project, or of the folder NEW */
    engine *before, *now;    /* each may be that of `data` */
    text with;               /* rules of the command line, which NEW has, too */
    diags *diags;
    bool is_open;
    arena *memory;
    project *old_project, *new_project;
    project_changes project; /* from one to the other */
} sides;

/* The data are those of the folder NEW; those of the project when NEW is a revision, since
 * repositories have rules in them, and seldom data. */
static int open_data(sides *s, const command_line *line)
{
    command_line own = *line;
    int code = EXIT_GOOD;
    if (line->argument_count > 1)
        code = find_place(line, line->arguments[1], &s->new);
    if (code != EXIT_GOOD)
        return code;
    if (s->new.folder && !s->new.extracted)
        own.project = s->new.folder;
    s->is_open = true;
    return session_open_sources(&s->data, &own);
}

static const char *folder_of(const place_of_rules *p, const command_line *line)
{
    return p->folder ? p->folder : session_directory(line);
}

/* What the two files say otherwise. Their mistakes are told where the projects are opened. */
static void compare_projects(sides *s, const command_line *line)
{
    diags *ignored = diags_new();
    s->memory = arena_new();
    s->old_project = project_open(folder_of(&s->old, line), ignored);
    s->new_project = project_open(folder_of(&s->new, line), ignored);
    s->project = project_changes_between(s->old_project, s->new_project, s->memory);
    diags_free(ignored);
}

static void hint_at_project(const sides *s)
{
    text line;
    text_init(&line);
    for (size_t i = 0; i < s->project.count; i++) {
        text_append(&line, i > 0 ? "; " : "");
        differences_append_project(&s->project.items[i], &line);
    }
    if (line.size > 0)
        say_hint("In carpel.yaml, %s.", line.data);
    text_done(&line);
}

/* A line each. */
static void say_notes(const text *notes, const command_line *line)
{
    const char *at = notes->size > 0 && !line->quiet ? notes->data : "";
    for (size_t size; *at; at += size + 1) {
        size = strcspn(at, "\n");
        say_note("%.*s", (int)size, at);
    }
}

static void replace_rules(sides *s, const command_line *line, engine *e,
                          const text *others)
{
    text notes;
    text_init(&notes);
    engine_replace_rules(e, "--with", others->data, &notes, s->diags);
    say_notes(&notes, line);
    text_done(&notes);
}

/* The rules of a place over these data, and others (empty: none) in the place of those with their names;
 * NULL: the user was told what is wrong. */
static engine *open_rules(sides *s, const command_line *line, const place_of_rules *place,
                          const text *others)
{
    engine *e = engine_open_over(folder_of(place, line), s->data.engine, s->diags);
    if (e && others->size > 0)
        replace_rules(s, line, e, others);
    if (e && engine_compile(e, s->diags)) {
        engine_set_cancel(e, stop_cancel());
        return e;
    }
    session_print_diags(s->diags, line);
    if (others->size == 0)
        say_error("these rules do not fit the events and traits of the data");
    hint_at_project(s);
    engine_close(e);
    return NULL;
}

static void read_with(sides *s, const command_line *line)
{
    for (size_t i = 0; i < line->with.count; i++)
        text_append_format(&s->with, "%s\n", line->with.items[i]);
}

static int open_sides(sides *s, const command_line *line)
{
    int code = open_data(s, line);
    if (code == EXIT_GOOD && line->argument_count > 0)
        code = find_place(line, line->arguments[0], &s->old);
    if (code != EXIT_GOOD)
        return code;
    const text none = {0};
    compare_projects(s, line);
    s->diags = diags_new();
    read_with(s, line);
    s->now = s->new.extracted || s->with.size > 0 ? open_rules(s, line, &s->new, &s->with)
                                                  : s->data.engine;
    if (s->now)
        s->before = s->old.folder ? open_rules(s, line, &s->old, &none) : s->data.engine;
    return s->before ? EXIT_GOOD : EXIT_FAULT;
}

static void sides_done(sides *s)
{
    if (s->is_open && s->before != s->data.engine)
        engine_close(s->before);
    if (s->is_open && s->now != s->data.engine)
        engine_close(s->now);
    diags_free(s->diags);
    project_free(s->old_project);
    project_free(s->new_project);
    arena_free(s->memory);
    text_done(&s->with);
    if (s->is_open)
        session_close(&s->data);
    place_done(&s->old);
    place_done(&s->new);
}

/* Without a difference no data are read. */
static int compare(sides *s, const command_line *line, comparison *c)
{
    int code = EXIT_GOOD;
    if (c->count > 0)
        code = session_read(&s->data, line);
    if (c->count > 0 && code == EXIT_GOOD)
        session_note_instant(&s->data, line, s->data.as_of, "--as-of");
    if (c->count > 0 && code == EXIT_GOOD)
        code = session_compare(&s->data, line, c);
    bool is_another = c->count + s->project.count > 0;
    differences d = {c,
                     &s->project,
                     engine_zone(s->now),
                     {s->old.extracted ? s->old.folder : NULL,
                      s->new.extracted ? s->new.folder : NULL}};
    if (code == EXIT_GOOD)
        code = differences_print(&d, line);
    return code == EXIT_GOOD && is_another ? EXIT_DIFFERS : code;
}

static int check_line(const command_line *line)
{
    if (line->json + line->markdown + line->csv > 1) {
        say_error(
            "the options \"--json\", \"--markdown\" and \"--csv\" exclude each other");
        return EXIT_BAD_USAGE;
    }
    for (size_t i = 0; i < line->with.count; i++)
        if (line->with.items[i][strspn(line->with.items[i], " \t\r\n")] == '\0') {
            say_error("the rule of \"--with\" is empty");
            return EXIT_BAD_USAGE;
        }
    if (line->argument_count > 0 || line->with.count > 0)
        return EXIT_GOOD;
    say_error("\"carpel diff\" needs OLD, or a rule to try out with \"--with\"");
    say_hint(
        "Usage: carpel diff OLD [NEW], or carpel diff --with 'segment NAME when ...'");
    return EXIT_BAD_USAGE;
}

int command_diff(const command_line *line)
{
    sides s = {0};
    stop_begin();
    int usage = check_line(line);
    if (usage != EXIT_GOOD)
        return usage;
    text_init(&s.with);
    int code = open_sides(&s, line);
    if (code == EXIT_GOOD) {
        comparison *c = comparison_of_rules(s.before, s.now);
        code = compare(&s, line, c);
        comparison_free(c);
    }
    sides_done(&s);
    return code;
}
