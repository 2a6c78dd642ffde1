/* SPDX-License-Identifier: MIT
 *
 * `carpel mutate [NAME ...]`: small changes of the rules that no scenario notices.
 */
#include <string.h>

#include "app/commands.h"
#include "app/page.h"
#include "app/say.h"
#include "app/session.h"
#include "engine/mutation.h"
#include "engine/scenario.h"
#include "report/progress.h"
#include "report/suggest.h"

/* What was tried so far. */
typedef struct survey {
    const command_line *line;
    text out;
    json_writer json;
    size_t tried, unnoticed;
} survey;

/* ---- which rules ------------------------------------------------------------------ */

static bool is_wanted(void *context, const ast_decl *decl)
{
    const command_line *line = context;
    for (size_t i = 0; i < line->argument_count; i++)
        if (strcmp(line->arguments[i], decl->name.text) == 0)
            return true;
    return line->argument_count == 0;
}

/* ---- what is told ------------------------------------------------------------------ */

static void append_line(slice line, const char *sign, text *out)
{
    text_append_format(out, "  %s ", sign);
    page_append_line(line, out);
    text_append_char(out, '\n');
}

/* The lines that hold it, and what they would be. */
static void append_change(const mutation *m, text *out)
{
    const source *file = m->where.file;
    uint32_t first = source_place(file, m->where.begin).line,
             last = source_place(file, m->where.end).line;
    uint32_t begin = source_line_begin(file, first);
    slice all = source_text(file), end = source_line(file, last);
    text other;
    for (uint32_t l = first; l <= last; l++)
        append_line(source_line(file, l), "-", out);
    text_init(&other);
    text_append_bytes(&other, all.data + begin, m->where.begin - begin);
    text_append(&other, m->becomes);
    const char *rest = all.data + m->where.end;
    text_append_bytes(&other, rest, (size_t)(end.data + end.size - rest));
    for (const char *at = other.data ? other.data : ""; *at != '\0';) {
        size_t size = strcspn(at, "\n");
        if (strspn(at, " \t") < size)
            append_line((slice){at, size}, "+", out);
        at += size + (at[size] == '\n');
    }
    text_done(&other);
}

static void append_unnoticed(const mutation *m, text *out)
{
    place at = source_place(m->where.file, m->where.begin);
    text_append_format(out, "%s:%u:%u: %s, no scenario notices\n",
                       source_name(m->where.file), at.line, at.column,
                       m->decl->name.text);
    append_change(m, out);
}

static void write_unnoticed(const mutation *m, json_writer *w)
{
    place at = source_place(m->where.file, m->where.begin);
    json_object_begin(w);
    page_write_text(w, "rule", m->decl->name.text);
    page_write_text(w, "file", source_name(m->where.file));
    json_key(w, "line");
    json_int(w, at.line);
    json_key(w, "column");
    json_int(w, at.column);
    json_key(w, "was");
    json_text(w, span_text(m->where));
    page_write_text(w, "becomes", m->becomes);
    json_object_end(w);
}

/* "8 rules are in no scenario: ..." */
static void append_untold(const ast_list *rules, text *out)
{
    if (rules->count == 0)
        return;
    text_append_format(out, "%zu rule%s in no scenario, and not changed: ", rules->count,
                       rules->count == 1 ? " is" : "s are");
    for (size_t i = 0; i < rules->count; i++)
        text_append_format(out, "%s%s", i > 0 ? ", " : "",
                           ((const ast_decl *)rules->items[i])->name.text);
    text_append_char(out, '\n');
}

static void write_untold(const ast_list *rules, json_writer *w)
{
    json_key(w, "in_no_scenario");
    json_array_begin(w);
    for (size_t i = 0; i < rules->count; i++)
        json_string(w, ((const ast_decl *)rules->items[i])->name.text);
    json_array_end(w);
}

static void append_summary(survey *s)
{
    if (s->line->quiet)
        return;
    if (s->tried == 0)
        text_append(&s->out, "nothing to change in these rules\n");
    else if (s->unnoticed == 0)
        text_append_format(&s->out, "%zu change%s tried: all are noticed\n", s->tried,
                           s->tried == 1 ? "" : "s");
    else
        text_append_format(&s->out,
                           "%zu change%s tried: no scenario notices %zu of them\n",
                           s->tried, s->tried == 1 ? "" : "s", s->unnoticed);
}

/* ---- all of it --------------------------------------------------------------------- */

static void try_one(survey *s, mutations *m, size_t index)
{
    s->tried++;
    if (mutation_is_noticed(m, index))
        return;
    s->unnoticed++;
    if (s->line->json)
        write_unnoticed(mutations_get(m, index), &s->json);
    else
        append_unnoticed(mutations_get(m, index), &s->out);
}

static void try_all(survey *s, mutations *m)
{
    progress *bar = progress_new(stderr, !s->line->quiet);
    progress_stage(bar, "trying", "changes", mutations_count(m));
    for (size_t i = 0; i < mutations_count(m); i++) {
        try_one(s, m, i);
        progress_update(bar, i + 1);
    }
    progress_free(bar);
}

static void survey_begin(survey *s)
{
    text_init(&s->out);
    if (!s->line->json)
        return;
    json_begin(&s->json, &s->out);
    json_object_begin(&s->json);
    json_key(&s->json, "unnoticed");
    json_array_begin(&s->json);
}

static void survey_end(survey *s, const mutations *m)
{
    if (!s->line->json) {
        append_summary(s);
        if (!s->line->quiet)
            append_untold(mutations_untold(m), &s->out);
        return;
    }
    json_array_end(&s->json);
    write_untold(mutations_untold(m), &s->json);
    json_key(&s->json, "tried");
    json_int(&s->json, (int64_t)s->tried);
    json_object_end(&s->json);
    json_end(&s->json);
}

static int print_survey(const session *opened, const command_line *line)
{
    survey s = {.line = line};
    survey_begin(&s);
    mutations *m = mutations_new(opened->engine, is_wanted, (void *)line);
    try_all(&s, m);
    survey_end(&s, m);
    int code = say_result(&s.out);
    if (code == EXIT_GOOD && s.unnoticed > 0)
        code = EXIT_FAULT;
    text_done(&s.out);
    mutations_free(m);
    return code;
}

/* Changes can only be noticed by scenarios that hold. */
static int check_scenarios(const engine *e)
{
    size_t failed = 0;
    if (engine_scenario_count(e) == 0) {
        say_error("the rules have no scenarios, so nothing could notice a change");
        return EXIT_UNTRIED;
    }
    for (size_t i = 0; i < engine_scenario_count(e); i++) {
        trial t;
        diags *failures = diags_new();
        engine_try_scenario(e, i, failures, &t);
        failed += t.failed_count > 0;
        trial_done(&t);
        diags_free(failures);
    }
    if (failed == 0)
        return EXIT_GOOD;
    say_error("%zu scenario%s fail%s already: \"carpel test\" tells why", failed,
              failed == 1 ? "" : "s", failed == 1 ? "s" : "");
    return EXIT_UNTRIED;
}

static bool has_rule(const engine *e, const char *name, suggestion *s)
{
    bool is_found = false;
    for (size_t i = 0; i < engine_file_count(e); i++) {
        const ast_list *decls = &engine_file(e, i)->decls;
        for (size_t k = 0; k < decls->count; k++) {
            const ast_decl *decl = decls->items[k];
            if (decl->kind == DECL_SCENARIO || !decl->name.text)
                continue;
            is_found |= strcmp(decl->name.text, name) == 0;
            suggest_consider(s, decl->name.text);
        }
    }
    return is_found;
}

static int check_names(const engine *e, const command_line *line)
{
    for (size_t i = 0; i < line->argument_count; i++) {
        suggestion s = suggest_begin(line->arguments[i]);
        if (has_rule(e, line->arguments[i], &s))
            continue;
        say_error("no rule is named \"%s\"", line->arguments[i]);
        if (suggest_best(&s))
            say_hint("Did you mean \"%s\"?", suggest_best(&s));
        return EXIT_BAD_USAGE;
    }
    return EXIT_GOOD;
}

int command_mutate(const command_line *line)
{
    session s;
    int code = session_open_rules(&s, line);
    if (code == EXIT_FAULT)
        code = EXIT_UNTRIED;
    if (code == EXIT_GOOD)
        code = check_names(s.engine, line);
    if (code == EXIT_GOOD)
        code = check_scenarios(s.engine);
    if (code == EXIT_GOOD)
        code = print_survey(&s, line);
    session_close(&s);
    return code;
}
