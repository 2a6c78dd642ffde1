/* SPDX-License-Identifier: MIT
 *
 * Files are read one after the other; one that cannot be read or drafted leaves no draft, and the
 * others are told all the same.
 */
#include "app/looking.h"

#include <errno.h>
#include <string.h>

#include "app/command_line.h"
#include "app/known_source.h"
#include "app/say.h"
#include "app/stop.h"
#include "base/directory.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"
#include "base/plugin_folders.h"
#include "base/utf8.h"
#include "look/names.h"
#include "report/suggest.h"
#include "report/terminal.h"

enum { MOST_NAMED = 10 }; /* fields, in a hint */

static catalog *open_catalog(const project *p)
{
    path_list folders = {0};
    for (size_t i = 0; p && i < p->plugin_directory_count; i++)
        path_list_add(&folders, p->plugin_directories[i].text);
    plugin_folders(&folders);
    catalog *c = catalog_new((const char *const *)folders.items, folders.count);
    path_list_done(&folders);
    return c;
}

/* A project that is none, or has mistakes, may be somebody else's business: files are looked at all the
 * same. */
static void open_project(looking *l, looking_place place)
{
    if (!place.directory)
        return;
    char *path = path_join(place.directory, PROJECT_FILE_NAME);
    l->diags = diags_new();
    if (file_exists(path) || place.is_named)
        l->project = project_open(place.directory, l->diags);
    l->is_project_set = place.is_named;
    memory_free(path);
}

/* The source of the project that the argument names; NULL: it is a path. Of two that have the name
 * it is said which one is meant. */
static const config_source *source_meant(const looking *l, const char *argument)
{
    const config_source *s = l->project ? known_source_find(l->project, argument) : NULL;
    if (!s || !file_exists(argument))
        return s;
    if (l->is_project_set) {
        say_note("\"%s\" is a source of the project and a file here; this is the source",
                 argument);
        say_hint("For the file write: carpel look ./%s", argument);
        return s;
    }
    say_note("\"%s\" is a file here and a source of carpel.yaml; this is the file",
             argument);
    say_hint("For the source write: carpel look --project . %s", argument);
    return NULL;
}

/* A file is read more than once, which a pipe is not; and a project file is UTF-8. */
static bool check_file(const char *path)
{
    file_facts facts;
    if (strcmp(path, "-") == 0)
        say_error(
            "standard input cannot be looked at, as rows are read more than once: put "
            "them into a file");
    else if (!utf8_is_valid(path, strlen(path)))
        say_error("the name \"%s\" is not UTF-8, so carpel.yaml cannot hold it; rename "
                  "the file",
                  path);
    else if (!file_look(path, &facts))
        say_error("cannot open \"%s\": %s", path, strerror(errno));
    else if (!facts.is_regular)
        say_error("\"%s\" is no regular file, and a file is looked at more than once",
                  path);
    else
        return true;
    return false;
}

/* Nothing that is there is like what was named. */
static void hint_fields(const look_file *f)
{
    text names;
    text_init(&names);
    for (size_t i = 0; i < f->column_count && i < MOST_NAMED; i++)
        text_append_format(&names, "%s\"%s\"", i > 0 ? ", " : "", f->columns[i]->from);
    say_hint("Its fields are %s%s.", names.data,
             f->column_count > MOST_NAMED ? " and others" : "");
    text_done(&names);
}

/* A field that somebody named, and that none of these files has, is a slip. */
static int say_no_field(look_file *const *files, size_t count, const char *field)
{
    suggestion similar = suggest_begin(field);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < files[i]->column_count; k++)
            suggest_consider(&similar, files[i]->columns[k]->from);
    const char *best = suggest_best(&similar);
    text line;
    text_init(&line);
    if (count == 1)
        text_append_format(&line, "\"%s\" has no field \"%s\"", files[0]->path, field);
    else
        text_append_format(&line, "no file has a field \"%s\"", field);
    if (best)
        text_append_format(&line, "; did you mean \"%s\"?", best);
    say_error("--person: %s", line.data);
    text_done(&line);
    if (!best && count == 1 && files[0]->column_count > 0)
        hint_fields(files[0]);
    return EXIT_BAD_USAGE;
}

/* Who is meant has to be said when no field looks like it. */
static int say_undrafted(look_file *f, const draft *d, const carpel_error *err)
{
    bool lacks_person = !shape_of(f) && !draft_person_of(d, f);
    if (lacks_person && d->person)
        return say_no_field(&f, 1, d->person);
    int code = say_failure(err);
    if (lacks_person)
        say_hint("Name it: --person \"%s\".", f->columns[0]->from);
    return code;
}

/* A file, or a source that was opened. */
static int add_one(looking *l, const char *path, const asked_source *a)
{
    carpel_error err;
    look_file *f = a ? look_source_read(a->plugin, &a->asked, stop_cancel(), &err)
                     : look_file_read(l->catalog, path, stop_cancel(), &err);
    if (!f)
        return say_failure(&err);
    l->files[l->file_count++] = f;
    return draft_add_file(l->draft, l->catalog, f, stop_cancel(), &err)
               ? EXIT_GOOD
               : say_undrafted(f, l->draft, &err);
}

static int add_known(looking *l, const config_source *s)
{
    asked_source *a = &l->sources[l->source_count++];
    if (!known_source_open(a, l->catalog, l->project, s, l->diags))
        return EXIT_FAULT;
    if (a->asked.file && !check_file(a->asked.file))
        return EXIT_NO_INPUT;
    return add_one(l, NULL, a);
}

/* There is no such file; is there such a source? A project that somebody named and that has none says
 * why. */
static void hint_sources(const looking *l, const char *name)
{
    bool has_sources = l->project && l->project->source_count > 0;
    if (has_sources)
        known_source_hint(l->project, name);
    else if (l->is_project_set)
        diags_print(l->diags, stderr, terminal_has_colour(stderr));
}

static int add_file(looking *l, const char *path)
{
    const config_source *s = source_meant(l, path);
    if (s)
        return add_known(l, s);
    if (asked_source_is_meant(path)) {
        asked_source *a = &l->sources[l->source_count++];
        return asked_source_open(a, l->catalog, path) ? add_one(l, NULL, a)
                                                      : EXIT_BAD_USAGE;
    }
    if (check_file(path))
        return add_one(l, path, NULL);
    if (!file_exists(path))
        hint_sources(l, path);
    return EXIT_NO_INPUT;
}

static int check_person(const looking *l, const char *person)
{
    for (size_t i = 0; i < l->file_count; i++)
        if (look_file_column(l->files[i], person))
            return EXIT_GOOD;
    return say_no_field(l->files, l->file_count, person);
}

int looking_begin(looking *l, char *const *paths, size_t count, const char *person,
                  looking_place place)
{
    int code = EXIT_GOOD;
    *l = (looking){.draft = draft_new()};
    open_project(l, place);
    l->catalog = open_catalog(l->project);
    l->files = memory_alloc_zero_array(count, sizeof *l->files);
    l->sources = memory_alloc_zero_array(count, sizeof *l->sources);
    l->draft->person = person;
    for (size_t i = 0; code != EXIT_CANCELLED && i < count; i++) {
        int own = add_file(l, paths[i]);
        code = own > code ? own : code;
    }
    if (code == EXIT_GOOD && person)
        code = check_person(l, person);
    l->has_draft = code == EXIT_GOOD;
    return code;
}

void looking_end(looking *l)
{
    draft_free(l->draft);
    for (size_t i = 0; i < l->file_count; i++)
        look_file_free(l->files[i]);
    for (size_t i = 0; i < l->source_count; i++)
        asked_source_close(&l->sources[i]);
    memory_free(l->sources);
    memory_free(l->files);
    catalog_free(l->catalog);
    project_free(l->project);
    diags_free(l->diags);
}

const char *looking_name(const looking *l)
{
    const char *base = path_base(l->files[0]->path);
    char *stem = arena_copy_text(l->draft->memory, base, strcspn(base, "."));
    return look_kind_name(stem, l->draft->memory);
}
