/* SPDX-License-Identifier: MIT
 *
 * `carpel init DIR`: a small project that runs at once, from app/starter.def; or one of files of data,
 * as `carpel look` drafts it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/commands.h"
#include "app/looking.h"
#include "app/say.h"
#include "app/stop.h"
#include "base/clock.h"
#include "base/directory.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"
#include "look/starters.h"
#include "report/yaml_text.h"
#include "value/calendar.h"
#include "value/value.h"

typedef struct starter_file {
    const char *path, *body;
} starter_file;

static const starter_file files[] = {
#define STARTER(path, body) {path, body},
#include "app/starter.def"
#undef STARTER
};
enum { FILES = sizeof files / sizeof *files };

/* What takes the place of the @WORDS@. */
typedef struct filling {
    text name, today;
} filling;

/* 1: empty or not there; 0: not; -1: cannot be seen, and the user was told. */
static int is_free(const char *directory)
{
    path_list names = {0};
    int answer = -1;
    if (directory_list(directory, &names))
        answer = names.count == 0;
    else if (errno == ENOENT)
        answer = 1;
    else
        say_error("cannot open \"%s\": %s", directory, strerror(errno));
    path_list_done(&names);
    return answer;
}

/* The last part of the folder's full path, in quotes, as YAML takes it too. */
static void append_name(const char *directory, text *out)
{
    char *full = path_resolve(directory);
    const char *name = path_base(full != NULL ? full : directory);
    yaml_append_quoted(out, slice_of(name[0] != '\0' ? name : "my-project"));
    memory_free(full);
}

static void fill(const char *body, const filling *f, text *out)
{
    while (*body != '\0') {
        size_t plain = strcspn(body, "@");
        text_append_bytes(out, body, plain);
        body += plain;
        if (strncmp(body, "@NAME@", 6) == 0) {
            text_append(out, f->name.data);
            body += 6;
        } else if (strncmp(body, "@TODAY@", 7) == 0) {
            text_append(out, f->today.data);
            body += 7;
        } else if (*body != '\0') {
            text_append_char(out, *body++);
        }
    }
}

static bool write_file(const char *directory, const starter_file *file, const filling *f,
                       carpel_error *err)
{
    char *path = path_join(directory, file->path);
    char *folder = path_directory(path);
    text body;
    text_init(&body);
    fill(file->body, f, &body);
    bool ok =
        directory_make(folder, err) && file_write_whole(path, body.data, body.size, err);
    text_done(&body);
    memory_free(folder);
    memory_free(path);
    return ok;
}

static bool write_files(const char *directory, const starter_file *written, size_t count,
                        carpel_error *err)
{
    filling f;
    if (!directory_make(directory, err))
        return false;
    text_init(&f.name);
    text_init(&f.today);
    append_name(directory, &f.name);
    value_append_date(clock_now() / MICROSECONDS_PER_DAY, &f.today);
    bool ok = true;
    for (size_t i = 0; ok && i < count; i++)
        ok = write_file(directory, &written[i], &f, err);
    text_done(&f.name);
    text_done(&f.today);
    return ok;
}

/* The starter's files, of which those that say what the data are come from a draft. */
static bool write_drafted(const char *directory, const looking *l, carpel_error *err)
{
    starter_file drafted[FILES];
    text yaml, rules;
    text_init(&yaml);
    text_init(&rules);
    draft_append_yaml(l->draft, looking_name(l), &yaml);
    starters_append(l->draft, &rules);
    for (size_t i = 0; i < FILES; i++) {
        drafted[i] = files[i];
        if (strcmp(files[i].path, "carpel.yaml") == 0)
            drafted[i].body = yaml.data;
        else if (strcmp(files[i].path, "rules/starter.seg") == 0)
            drafted[i].body = rules.data;
    }
    bool ok = write_files(directory, drafted, FILES, err);
    text_done(&yaml);
    text_done(&rules);
    return ok;
}

/* Paths of a database's options would be seen from another folder. */
static bool are_files(char *const *given, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!asked_source_is_meant(given[i]))
            continue;
        say_error("only files are drafted so, and \"%s\" is a source", given[i]);
        say_hint("Write its draft by hand: carpel look --yaml ... > DIR/carpel.yaml");
        return false;
    }
    return true;
}

/* Look at the files before anything is written. Their paths are whole, as the project lies
 * elsewhere. */
static int write_project_of(const char *directory, char *const *given, size_t count,
                            const char *person)
{
    looking l;
    carpel_error err;
    if (!are_files(given, count))
        return EXIT_BAD_USAGE;
    char **paths = memory_alloc_zero_array(count, sizeof *paths);
    for (size_t i = 0; i < count; i++) {
        char *whole = path_resolve(given[i]);
        paths[i] = whole ? whole : memory_copy_string(given[i]);
    }
    int code = looking_begin(&l, paths, count, person, (looking_place){0});
    if (code == EXIT_GOOD && !write_drafted(directory, &l, &err)) {
        say_failure(&err);
        code = EXIT_CANNOT_CREATE;
    }
    looking_end(&l);
    for (size_t i = 0; i < count; i++)
        memory_free(paths[i]);
    memory_free(paths);
    return code;
}

/* The file of --from, and those that stand behind the folder. */
static int write_project(const command_line *line)
{
    carpel_error err;
    const char *directory = line->arguments[0];
    if (!line->from && write_files(directory, files, FILES, &err))
        return EXIT_GOOD;
    if (!line->from) {
        say_failure(&err);
        return EXIT_CANNOT_CREATE;
    }
    char **given = memory_alloc_zero_array(line->argument_count, sizeof *given);
    given[0] = memory_copy_string(line->from);
    for (size_t i = 1; i < line->argument_count; i++)
        given[i] = line->arguments[i];
    int code = write_project_of(directory, given, line->argument_count, line->person);
    memory_free(given[0]);
    memory_free(given);
    return code;
}

static int tell_what_next(const char *directory)
{
    text out;
    text_init(&out);
    text_append_format(&out, "Wrote a project into %s:\n", directory);
    for (size_t i = 0; i < FILES; i++)
        text_append_format(&out, "  %s\n", files[i].path);
    text_append_format(&out, "\nTry: carpel run --project %s\n", directory);
    int code = say_result(&out);
    text_done(&out);
    return code;
}

int command_init(const command_line *line)
{
    const char *directory = line->arguments[0];
    stop_begin();
    int free_place = is_free(directory);
    if (free_place < 0)
        return EXIT_CANNOT_CREATE;
    if (free_place == 0) {
        say_error("the folder \"%s\" is not empty", directory);
        say_hint("Name a folder that is empty or not there yet; nothing was written.");
        return EXIT_CANNOT_CREATE;
    }
    if (line->argument_count > 1 && !line->from) {
        say_error("init takes one folder");
        say_hint("Files of data stand behind --from: carpel init DIR --from FILE ...");
        return EXIT_BAD_USAGE;
    }
    int code = write_project(line);
    return code == EXIT_GOOD ? tell_what_next(directory) : code;
}
