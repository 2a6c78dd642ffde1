/* SPDX-License-Identifier: MIT
 *
 * The file of a fit. It replaces one that a fit has written, and nothing else.
 */
#include <string.h>

#include "app/fits.h"
#include "app/say.h"
#include "base/clock.h"
#include "base/directory.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"
#include "config/files.h"
#include "fit/comment.h"
#include "value/value.h"

void fit_append_today(const session *s, text *out)
{
    value_append_date(zone_date(engine_zone(s->engine), clock_now()), out);
}

static int check_beginning(const config_fit *fit, const char *path)
{
    carpel_error err;
    text beginning;
    text_init(&beginning);
    int code = EXIT_GOOD;
    if (!file_read_beginning(path, strlen(FIT_MARK), &beginning, &err)) {
        code = say_failure(&err);
    } else if (strcmp(beginning.data, FIT_MARK) != 0) {
        say_error(
            "the fit \"%s\" leaves \"%s\" as it is: \"carpel fit\" has not written it",
            fit->name.text, fit->file.text);
        say_hint("Name another file with \"file:\", or move that one away.");
        code = EXIT_FAULT;
    }
    text_done(&beginning);
    return code;
}

int fit_check_place(const session *s, const command_line *line, const config_fit *fit)
{
    char *path = files_seen_from(session_directory(line), fit->file.text);
    const char *conflict = engine_script_conflict(s->engine, path);
    int code = EXIT_GOOD;
    if (conflict) {
        say_error("the fit \"%s\" cannot write \"%s\": it is %s", fit->name.text,
                  fit->file.text, conflict);
        say_hint("Name a file of its own, such as \"file: fits/%s.lua\".",
                 fit->name.text);
        code = EXIT_FAULT;
    } else if (file_exists(path)) {
        code = check_beginning(fit, path);
    }
    memory_free(path);
    return code;
}

static int replace(const char *path, const text *file)
{
    carpel_error err;
    char *folder = path_directory(path);
    bool is_good = directory_make(folder, &err) &&
                   file_write_whole(path, file->data, file->size, &err);
    memory_free(folder);
    return is_good ? EXIT_GOOD : say_failure(&err);
}

int fit_write_file(const session *s, const command_line *line, const config_fit *fit,
                   const text *file)
{
    char *path = files_seen_from(session_directory(line), fit->file.text);
    int code = fit_check_place(s, line, fit);
    if (code == EXIT_GOOD)
        code = replace(path, file);
    memory_free(path);
    return code;
}
