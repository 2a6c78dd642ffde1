/* SPDX-License-Identifier: MIT
 *
 * `carpel fmt`: rules in the canonical layout. Needs no data and no plugins, so a file
 * can be formatted while the rest of the project is broken.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "app/commands.h"
#include "app/say.h"
#include "app/session.h"
#include "app/stop.h"
#include "base/file.h"
#include "config/project.h"
#include "lang/format.h"
#include "lang/parse.h"

#define LIMIT_BYTES ((size_t)64 * 1024 * 1024)

/* Format `file` into *out; false when it has syntax errors, which are printed. */
static bool format_source(const source *file, const command_line *line, text *out)
{
    arena *memory = arena_new();
    diags *d = diags_new();
    const ast_file *tree = parse_segments(file, memory, d);
    bool is_good = !diags_has_errors(d);
    if (is_good)
        format_file(tree, out);
    session_print_diags(d, line);
    diags_free(d);
    arena_free(memory);
    return is_good;
}

static int print_path(const char *path)
{
    text out;
    text_init(&out);
    text_append(&out, path);
    text_append_char(&out, '\n');
    int code = say_result(&out);
    text_done(&out);
    return code;
}

/* Say that the file differs, and put the new layout in place unless it is --check. */
static int replace(const char *path, const text *formatted, const command_line *line)
{
    carpel_error err;
    if (!line->check && !file_write_whole(path, formatted->data, formatted->size, &err)) {
        say_failure(&err);
        return EXIT_CANNOT_CREATE;
    }
    int code = line->check || !line->quiet ? print_path(path) : EXIT_GOOD;
    return code == EXIT_GOOD && line->check ? EXIT_FAULT : code;
}

static int format_path(const char *path, const command_line *line)
{
    carpel_error err;
    source *file = source_open(path, NULL, &err);
    if (file == NULL) {
        say_failure(&err);
        return EXIT_NO_INPUT;
    }
    text formatted;
    text_init(&formatted);
    int code = EXIT_FAULT;
    if (format_source(file, line, &formatted)) {
        slice result = {formatted.data, formatted.size};
        bool is_same = slice_equals(source_text(file), result);
        code = is_same ? EXIT_GOOD : replace(path, &formatted, line);
    }
    text_done(&formatted);
    source_free(file);
    return code;
}

static bool read_input(text *out, carpel_error *err)
{
    char buffer[65536];
    size_t got;
    while ((got = fread(buffer, 1, sizeof buffer, stdin)) > 0) {
        if (out->size + got > LIMIT_BYTES)
            return carpel_fail(err, CARPEL_E_LIMIT,
                               "standard input is larger than 64 MiB");
        text_append_bytes(out, buffer, got);
    }
    if (ferror(stdin))
        return carpel_fail(err, CARPEL_E_SYSTEM, "cannot read standard input: %s",
                           strerror(errno));
    return true;
}

static int format_text(const text *input, const command_line *line)
{
    text formatted;
    text_init(&formatted);
    source *file = source_new("standard input", input->data, input->size);
    int code = EXIT_FAULT;
    if (format_source(file, line, &formatted)) {
        slice result = {formatted.data, formatted.size};
        bool is_same = slice_equals(source_text(file), result);
        if (line->check)
            code = is_same ? EXIT_GOOD : EXIT_FAULT;
        else
            code = say_result(&formatted);
    }
    source_free(file);
    text_done(&formatted);
    return code;
}

static int format_input(const command_line *line)
{
    carpel_error err;
    text input;
    text_init(&input);
    int code = read_input(&input, &err) ? format_text(&input, line) : say_failure(&err);
    text_done(&input);
    return code;
}

/* The worse of two exit codes: what went wrong outside beats what the rules got wrong. */
static int worse(int a, int b)
{
    return a > b ? a : b;
}

static int format_project(const command_line *line)
{
    diags *d = diags_new();
    project *p = project_open(session_directory(line), d);
    int code = EXIT_GOOD;
    if (p == NULL || p->rule_count == 0) {
        session_print_diags(d, line);
        code = p == NULL ? EXIT_NO_INPUT : EXIT_FAULT;
    }
    for (size_t i = 0; p != NULL && i < p->rule_count && !cancel_is_asked(stop_cancel());
         i++)
        code = worse(code, format_path(p->rules[i].text, line));
    diags_free(d);
    project_free(p);
    return code;
}

int command_fmt(const command_line *line)
{
    if (line->argument_count == 1 && strcmp(line->arguments[0], "-") == 0)
        return format_input(line);
    stop_begin();
    if (line->argument_count == 0)
        return format_project(line);
    int code = EXIT_GOOD;
    for (size_t i = 0; i < line->argument_count && !cancel_is_asked(stop_cancel()); i++)
        code = worse(code, format_path(line->arguments[i], line));
    return code;
}
