/* SPDX-License-Identifier: MIT
 *
 * Files are read one after the other, and the first that cannot be read ends it.
 */
#include "app/looking.h"

#include <errno.h>
#include <string.h>

#include "app/command_line.h"
#include "app/say.h"
#include "app/stop.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "look/names.h"

static catalog *open_catalog(void)
{
    path_list folders = {0};
    catalog_default_directories(&folders);
    catalog *c = catalog_new((const char *const *)folders.items, folders.count);
    path_list_done(&folders);
    return c;
}

/* A file is read more than once, which a pipe is not; and a project file is UTF-8. */
static bool check_file(const char *path)
{
    file_facts facts;
    if (!utf8_is_valid(path, strlen(path)))
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

/* Who is meant has to be said when no field looks like it. */
static int say_undrafted(looking *l, const look_file *f, const carpel_error *err)
{
    int code = say_failure(err);
    l->lacks_person = !shape_of(f) && !draft_person_of(l->draft, f);
    if (l->lacks_person)
        say_hint("Name it: --person \"%s\".", f->columns[0]->from);
    return code;
}

/* A file, or what a plugin tells of a database. */
static look_file *read_one(looking *l, const char *path, carpel_error *err)
{
    if (!asked_source_is_meant(path))
        return look_file_read(l->catalog, path, stop_cancel(), err);
    const asked_source *a = &l->sources[l->source_count - 1];
    return look_source_read(a->plugin, &a->inquiry, a->settings, stop_cancel(), err);
}

static int add_file(looking *l, const char *path)
{
    carpel_error err;
    if (asked_source_is_meant(path)) {
        if (!asked_source_open(&l->sources[l->source_count++], l->catalog, path))
            return EXIT_BAD_USAGE;
    } else if (!check_file(path)) {
        return EXIT_NO_INPUT;
    }
    look_file *f = read_one(l, path, &err);
    if (!f)
        return say_failure(&err);
    l->files[l->file_count++] = f;
    return draft_add_file(l->draft, l->catalog, f, stop_cancel(), &err)
               ? EXIT_GOOD
               : say_undrafted(l, f, &err);
}

/* A field that somebody named, and that no file has, is a slip. */
static bool check_person(const looking *l, const char *person)
{
    for (size_t i = 0; i < l->file_count; i++)
        if (look_file_column(l->files[i], person))
            return true;
    say_error("--person: no field is called \"%s\"", person);
    return false;
}

int looking_begin(looking *l, char *const *paths, size_t count, const char *person)
{
    int code = EXIT_GOOD;
    *l = (looking){.catalog = open_catalog(), .draft = draft_new()};
    l->files = memory_alloc_zero_array(count, sizeof *l->files);
    l->sources = memory_alloc_zero_array(count, sizeof *l->sources);
    l->draft->person = person;
    for (size_t i = 0; code == EXIT_GOOD && i < count; i++)
        code = add_file(l, paths[i]);
    if (code == EXIT_GOOD && person && !check_person(l, person))
        code = EXIT_BAD_USAGE;
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
}

const char *looking_name(const looking *l)
{
    const char *base = path_base(l->files[0]->path);
    char *stem = arena_copy_text(l->draft->memory, base, strcspn(base, "."));
    return look_kind_name(stem, l->draft->memory);
}
