/* SPDX-License-Identifier: MIT
 *
 * `carpel check`: every mistake of the project and its rules, and one line of summary.
 */
#include "app/commands.h"

#include <string.h>

#include "app/say.h"
#include "app/session.h"
#include "engine/connections.h"
#include "report/sarif.h"

static size_t count_decls(const engine *e, ast_decl_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < engine_file_count(e); i++) {
        const ast_file *file = engine_file(e, i);
        for (size_t k = 0; k < file->decls.count; k++) {
            const ast_decl *decl = file->decls.items[k];
            count += decl->kind == kind;
        }
    }
    return count;
}

/* "12 segments". */
static void append_number(text *out, size_t count, const char *one, const char *many)
{
    text_append_format(out, "%zu %s", count, count == 1 ? one : many);
}

/* "12 segments, 1 set of groups, 2 scores: no errors, 1 warning". */
static void append_summary(const engine *e, const diags *d, text *out)
{
    size_t groups = count_decls(e, DECL_GROUPS), scores = count_decls(e, DECL_SCORE);
    size_t scenarios = count_decls(e, DECL_SCENARIO);
    append_number(out, count_decls(e, DECL_SEGMENT), "segment", "segments");
    if (groups > 0) {
        text_append(out, ", ");
        append_number(out, groups, "set of groups", "sets of groups");
    }
    if (scores > 0) {
        text_append(out, ", ");
        append_number(out, scores, "score", "scores");
    }
    if (scenarios > 0) {
        text_append(out, ", ");
        append_number(out, scenarios, "scenario", "scenarios");
    }
    text_append(out, ": ");
    if (diags_has_errors(d))
        append_number(out, diags_error_count(d), "error", "errors");
    else
        text_append(out, "no errors");
    if (diags_warning_count(d) > 0) {
        text_append(out, ", ");
        append_number(out, diags_warning_count(d), "warning", "warnings");
    }
    text_append_char(out, '\n');
}

typedef enum message_format {
    FORMAT_TEXT,
    FORMAT_JSON,
    FORMAT_SARIF,
    FORMAT_COUNT
} message_format;

/* FORMAT_COUNT: there is no such format. */
static message_format read_format(const command_line *line)
{
    static const char *const names[] = {"text", "json", "sarif"};
    int format = FORMAT_TEXT;
    if (line->format == NULL)
        return line->json ? FORMAT_JSON : FORMAT_TEXT;
    while (format < FORMAT_COUNT && strcmp(names[format], line->format) != 0)
        format++;
    return (message_format)format;
}

static void append_messages(const engine *e, const diags *d, message_format format,
                            const command_line *line, text *out)
{
    if (format == FORMAT_JSON)
        diags_append_json(d, out);
    else if (format == FORMAT_SARIF)
        diags_append_sarif(d, CARPEL_VERSION, out);
    else
        session_print_diags(d, line);
    if (e != NULL && format == FORMAT_TEXT && !line->quiet)
        append_summary(e, d, out);
}

/* `source "orders" (postgres): ` */
static void append_connector(const connection *c, text *out)
{
    text_append_format(out,
                       "%s \"%s\" (%s): ", c->kind == CARPEL_SOURCE ? "source" : "output",
                       c->name, c->plugin);
}

/* `source "orders" (postgres): the network or the server is at fault: ...` */
static void append_reach(const connection *c, text *out)
{
    static const char *const faults[] = {
        [CARPEL_REACHED] = "reached",
        [CARPEL_UNREACHABLE] = "the network or the server is at fault",
        [CARPEL_DENIED] = "the user, the password or the rights are at fault",
        [CARPEL_NO_DATA] = "what the options name is at fault"};
    append_connector(c, out);
    text_append(out, c->is_tried ? faults[c->reach] : "has nothing to connect to");
    if (c->reach != CARPEL_REACHED) {
        text_append(out, ": ");
        say_cell(slice_of(c->error.message), out);
    }
    text_append_char(out, '\n');
}

/* `source "orders" (postgres): warning: ...`, of each */
static void append_warnings(const connection *c, text *out)
{
    const char *line = c->warnings.data, *end;
    for (; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        append_connector(c, out);
        text_append(out, "warning: ");
        say_cell((slice){line, (size_t)(end - line)}, out);
        text_append_char(out, '\n');
    }
}

/* The exit code; a plugin that broke the contract is one that cannot be used. */
static int connect(engine *e, text *out)
{
    int code = EXIT_GOOD;
    for (size_t i = 0; i < connections_count(e); i++) {
        connection c = connections_try(e, i);
        append_reach(&c, out);
        append_warnings(&c, out);
        if (c.reach != CARPEL_REACHED && code == EXIT_GOOD)
            code = c.error.code == CARPEL_E_PLUGIN ? EXIT_SOFTWARE : EXIT_IO;
        connection_done(&c);
    }
    return code;
}

/* Are the options such as can be done together? The exit code. */
static int check_line(const command_line *line, message_format format)
{
    if (format == FORMAT_COUNT) {
        say_error("there is no format \"%s\"", line->format);
        say_hint("There are text, json and sarif.");
        return EXIT_BAD_USAGE;
    }
    if (line->connect && format != FORMAT_TEXT) {
        say_error("--connect prints lines for people, and no document");
        say_hint("Leave out --format and --json, or check without --connect.");
        return EXIT_BAD_USAGE;
    }
    return EXIT_GOOD;
}

int command_check(const command_line *line)
{
    message_format format = read_format(line);
    if (check_line(line, format) != EXIT_GOOD)
        return EXIT_BAD_USAGE;
    diags *d = diags_new();
    engine *e = engine_open(session_directory(line), d);
    bool is_good = e != NULL && engine_compile(e, d);
    if (e != NULL && !is_good)
        engine_mend(e, d);
    is_good = e != NULL && engine_check_fits(e, d) && is_good;
    text out;
    text_init(&out);
    append_messages(e, d, format, line, &out);
    int reached = is_good && line->connect ? connect(e, &out) : EXIT_GOOD;
    int code = say_result(&out);
    if (code == EXIT_GOOD)
        code = reached;
    if (code == EXIT_GOOD && !is_good)
        code = e != NULL ? EXIT_FAULT : EXIT_NO_INPUT;
    text_done(&out);
    engine_close(e);
    diags_free(d);
    return code;
}
