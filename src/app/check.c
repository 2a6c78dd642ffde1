/* SPDX-License-Identifier: MIT
 *
 * `carpel check`: every mistake of the project and its rules, and one line of summary.
 */
#include "app/commands.h"
#include "app/say.h"
#include "app/session.h"

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
    append_number(out, count_decls(e, DECL_SEGMENT), "segment", "segments");
    if (groups > 0) {
        text_append(out, ", ");
        append_number(out, groups, "set of groups", "sets of groups");
    }
    if (scores > 0) {
        text_append(out, ", ");
        append_number(out, scores, "score", "scores");
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

int command_check(const command_line *line)
{
    diags *d = diags_new();
    engine *e = engine_open(session_directory(line), d);
    bool is_good = e != NULL && engine_compile(e, d);
    text out;
    text_init(&out);
    if (line->json)
        diags_append_json(d, &out);
    else
        session_print_diags(d, line);
    if (e != NULL && !line->json && !line->quiet)
        append_summary(e, d, &out);
    int code = say_result(&out);
    if (code == EXIT_GOOD && !is_good)
        code = e != NULL ? EXIT_FAULT : EXIT_NO_INPUT;
    text_done(&out);
    engine_close(e);
    diags_free(d);
    return code;
}
