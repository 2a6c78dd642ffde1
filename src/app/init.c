/* SPDX-License-Identifier: MIT
 *
 * `carpel init DIR`: a small project that runs at once, from app/starter.def.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/commands.h"
#include "app/say.h"
#include "app/stop.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "report/json.h"
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
    json_append_quoted(out, slice_of(name[0] != '\0' ? name : "my-project"));
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

static bool write_all(const char *directory, carpel_error *err)
{
    filling f;
    if (!directory_make(directory, err))
        return false;
    text_init(&f.name);
    text_init(&f.today);
    append_name(directory, &f.name);
    value_append_date(clock_now() / MICROSECONDS_PER_DAY, &f.today);
    bool ok = true;
    for (size_t i = 0; ok && i < sizeof files / sizeof *files; i++)
        ok = write_file(directory, &files[i], &f, err);
    text_done(&f.name);
    text_done(&f.today);
    return ok;
}

static int tell_what_next(const char *directory)
{
    text out;
    text_init(&out);
    text_append_format(&out, "Wrote a project into %s:\n", directory);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
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
    carpel_error err;
    if (!write_all(directory, &err)) {
        say_failure(&err);
        return EXIT_CANNOT_CREATE;
    }
    return tell_what_next(directory);
}
