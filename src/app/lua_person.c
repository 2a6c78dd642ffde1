/* SPDX-License-Identifier: MIT
 *
 * The call becomes a score beside the rules of the project, which is explained.
 */
#include "app/lua_person.h"

#include <string.h>

#include "app/explanations.h"
#include "app/failures.h"
#include "app/names.h"
#include "app/one_expression.h"
#include "app/say.h"
#include "app/session.h"
#include "app/stop.h"
#include "base/memory.h"
#include "base/path.h"
#include "lang/lexer.h"

/* The score that is the call. */
#define CALL "call_of_lua"

/* As a rule writes it: in backticks where it is no plain name. */
static void append_name(const char *name, size_t size, text *out)
{
    const char *quote = lexer_name_length(name, size) == size ? "" : "`";
    text_append_format(out, "%s%.*s%s", quote, (int)size, name, quote);
}

/* The module that a file is: its name without folder and ending. */
static void append_module(const char *path, text *out)
{
    const char *base = path_base(path), *dot = strrchr(base, '.');
    append_name(base, dot ? (size_t)(dot - base) : strlen(base), out);
}

/* "churn.risk" */
static void append_function(const command_line *line, text *out)
{
    const char *function = line->arguments[1], *dot = strrchr(function, '.');
    const char *own = dot ? dot + 1 : function;
    append_module(line->arguments[0], out);
    text_append_char(out, '.');
    append_name(own, strlen(own), out);
}

static void append_values(const command_line *line, const char *between, text *out)
{
    for (size_t i = 2; i < line->argument_count; i++)
        text_append_format(out, "%s%s", i > 2 ? between : "", line->arguments[i]);
}

/* "churn.risk(time since last purchase, count(purchase))" */
static void append_call(const command_line *line, text *out)
{
    append_function(line, out);
    text_append_char(out, '(');
    append_values(line, ", ", out);
    text_append_char(out, ')');
}

/* A path on the command line is seen from where carpel is called, one in rules from the
 * project. What is no file is left to the rules: it may come with carpel. Each word stands in
 * the line that has its number among the words of "carpel lua FILE FUNCTION VALUE", so that
 * messages show what was written. */
static void append_rules(const command_line *line, text *out)
{
    char *path = path_resolve(line->arguments[0]);
    text_append_format(out, "\n\nuse \"%s\"\nscore " CALL " = ",
                       path ? path : line->arguments[0]);
    append_function(line, out);
    text_append(out, "(\n ");
    append_values(line, ",\n ", out);
    text_append(out, "\n )\n");
    memory_free(path);
}

static int print_call(const session *s, const command_line *line)
{
    carpel_error err;
    text out, call;
    if (!names_check_person(s->engine, line->person))
        return EXIT_FAULT;
    explanation *x = engine_explain(s->engine, CALL, line->person, s->as_of, &err);
    if (!x)
        return say_failure(&err);
    text_init(&out);
    text_init(&call);
    append_call(line, &call);
    page p = page_begin(s->engine, &out);
    explained told = {x, call.data, names_shown(s->engine, line->person), s->as_of};
    explained_put_text(&p, &told);
    int code = say_result(&out);
    text_done(&call);
    text_done(&out);
    explanation_free(x);
    return code;
}

int lua_of_person(const command_line *line)
{
    session s;
    text rules;
    if (line->argument_count < 2) {
        say_error("\"--person\" needs a function that is called");
        say_hint("\"carpel lua %s\" lists those of the file.", line->arguments[0]);
        return EXIT_BAD_USAGE;
    }
    for (size_t i = 2; i < line->argument_count; i++)
        if (!check_one_expression(line->arguments[i]))
            return EXIT_FAULT;
    stop_begin();
    text_init(&rules);
    append_rules(line, &rules);
    int code = session_open_with(&s, line, "the command line", rules.data);
    if (code == EXIT_GOOD)
        code = session_read(&s, line);
    if (code == EXIT_GOOD)
        engine_print_scripts(s.engine, (script_printer){lua_say_line, NULL});
    if (code == EXIT_GOOD)
        code = print_call(&s, line);
    session_close(&s);
    text_done(&rules);
    return code;
}
