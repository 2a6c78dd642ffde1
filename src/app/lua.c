/* SPDX-License-Identifier: MIT
 *
 * `carpel lua FILE [FUNCTION [VALUE ...]]`: call one function of a script as a rule would, in the
 * same sandbox and under the same limits.
 */
#include <ctype.h>
#include <string.h>

#include "app/commands.h"
#include "app/lua_person.h"
#include "app/lua_repl.h"
#include "app/lua_values.h"
#include "app/say.h"
#include "app/session.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"
#include "report/suggest.h"
#include "report/terminal.h"
#include "script/meant.h"
#include "script/result.h"

enum { CALL_MICROSECONDS = 100000, MEMORY_BYTES = 64 * 1024 * 1024 };

/* Is an argument missing without which a rule would not call the function? */
static bool lacks_one(const script_signature *s, const script_value *values, size_t count)
{
    for (size_t i = 0; s && i < s->parameter_count; i++)
        if (!s->parameters[i].may_be_missing &&
            (i >= count || values[i].kind == SCRIPT_MISSING))
            return true;
    return false;
}

static void append_result(const script_value *result, text *out)
{
    if (result->kind == SCRIPT_NUMBER)
        text_append_format(out, "%.17g", result->number);
    else if (result->kind == SCRIPT_TEXT)
        terminal_append_safe(out, result->text);
    else
        script_value_append(result, out);
    text_append_char(out, '\n');
}

/* "rate.low" takes 2 to 3 values */
static void say_count(const char *name, const script_signature *s, size_t count)
{
    size_t least = s ? script_signature_least(s) : 0;
    size_t most = s ? s->parameter_count : SCRIPT_MOST_PARAMETERS;
    text words;
    text_init(&words);
    if (s && least < most)
        text_append_format(&words, "%zu to ", least);
    say_error("\"%s\" takes %s%s%zu value%s, not %zu", name, s ? "" : "at most ",
              words.data, most, most == 1 ? "" : "s", count);
    text_clear(&words);
    if (s) {
        script_signature_append(s, &words);
        say_hint("It is declared as %s%s.", name, words.data);
    }
    text_done(&words);
}

static bool check_count(const char *name, const script_signature *s, size_t count)
{
    bool is_good = s ? count >= script_signature_least(s) && count <= s->parameter_count
                     : count <= SCRIPT_MOST_PARAMETERS;
    if (!is_good)
        say_count(name, s, count);
    return is_good;
}

/* "count(purchase)", "purchase.amount" */
static bool is_like_expression(const char *word)
{
    const char *dot = strchr(word, '.');
    bool is_path = dot && dot > word && isalpha((unsigned char)dot[-1]) &&
                   isalpha((unsigned char)dot[1]);
    return (strchr(word, '(') && strchr(word, ')')) || is_path;
}

/* Behind a mistake: without a person, words are values. */
static void hint_person(const command_line *line)
{
    for (size_t i = 2; i < line->argument_count; i++)
        if (is_like_expression(line->arguments[i])) {
            say_hint(
                "An expression such as \"%s\" needs --person ID: it is reckoned from "
                "the data of that person.",
                line->arguments[i]);
            return;
        }
}

/* The words behind the function's name; false when one is none of what is declared. */
static bool read_values(const char *name, const script_signature *s,
                        const command_line *line, arena *memory, script_value *values,
                        size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *word = line->arguments[i + 2], *reason = "";
        if (!s) {
            values[i] = lua_value_of_word(slice_of(word), memory);
        } else if (!lua_value_declared(&s->parameters[i], slice_of(word), memory,
                                       &values[i], &reason)) {
            say_error("\"%s\" of \"%s\" is %s, and \"%s\" is none: %s",
                      s->parameters[i].name, name, s->parameters[i].spelling, word,
                      reason);
            return false;
        }
    }
    return true;
}

/* Calls the function and holds what it gives against its declaration, as a run does. */
static bool call_once(const script_set *set, size_t function, const script_value *values,
                      size_t count, text *out)
{
    const script_signature *s = script_set_signature(set, function);
    script_state *state = script_state_new(set, NULL);
    script_value result = {.kind = SCRIPT_MISSING};
    const char *message = "";
    text fault;
    text_init(&fault);
    bool ok = lacks_one(s, values, count) ||
              script_call(state, function, values, count, &result, &message);
    if (!ok) {
        say_error("%s", message);
    } else if (script_result_fault(s ? s->result.type : (type){TYPE_ERROR, 0}, s, &result,
                                   &fault)) {
        say_error("the function \"%s\" %s", script_set_function_name(set, function),
                  fault.data);
        ok = false;
    } else {
        append_result(&result, out);
    }
    text_done(&fault);
    script_state_free(state);
    return ok;
}

static int call(const script_set *set, size_t function, const command_line *line)
{
    script_value values[SCRIPT_MOST_PARAMETERS];
    size_t count = line->argument_count - 2;
    const script_signature *s = script_set_signature(set, function);
    arena *memory = arena_new();
    text out;
    text_init(&out);
    bool ok = read_values(script_set_function_name(set, function), s, line, memory,
                          values, count) &&
              call_once(set, function, values, count, &out);
    if (!ok)
        hint_person(line);
    int code = ok ? say_result(&out) : EXIT_FAULT;
    text_done(&out);
    arena_free(memory);
    return code;
}

/* Without a function: all that the file offers. */
static int list(const script_set *set)
{
    text out;
    text_init(&out);
    for (size_t i = 0; i < script_set_function_count(set); i++) {
        const script_signature *s = script_set_signature(set, i);
        text_append(&out, script_set_function_name(set, i));
        if (s)
            script_signature_append(s, &out);
        text_append_format(&out, "%s\n", s ? "" : "(...)");
    }
    int code = say_result(&out);
    text_done(&out);
    return code;
}

static int call_checked(const script_set *set, size_t function, const command_line *line)
{
    if (!check_count(script_set_function_name(set, function),
                     script_set_signature(set, function), line->argument_count - 2))
        return EXIT_FAULT;
    return line->person ? lua_of_person(line) : call(set, function, line);
}

static int refuse_function(const script_set *set, const command_line *line)
{
    const char *path = line->arguments[0], *wanted = line->arguments[1];
    suggestion similar = suggest_begin(wanted);
    for (size_t i = 0; i < script_set_function_count(set); i++)
        suggest_consider(&similar, strrchr(script_set_function_name(set, i), '.') + 1);
    say_error("the script \"%s\" has no function named \"%s\"", path, wanted);
    if (suggest_best(&similar))
        say_hint("Did you mean \"%s\"? \"carpel lua %s\" lists all.",
                 suggest_best(&similar), path);
    else
        say_hint("\"carpel lua %s\" lists those it has.", path);
    return EXIT_FAULT;
}

/* FUNCTION is a name of the file, or "file.name". */
static int call_named(const script_set *set, const command_line *line)
{
    const char *wanted = line->arguments[1];
    for (size_t i = 0; i < script_set_function_count(set); i++) {
        const char *name = script_set_function_name(set, i);
        if (strcmp(name, wanted) == 0 || strcmp(strrchr(name, '.') + 1, wanted) == 0)
            return call_checked(set, i, line);
    }
    return refuse_function(set, line);
}

/* "lib.rate" and "lib/rat.lua" lead to none. */
static void hint_file(const char *path)
{
    char *meant = script_meant_path(".", path);
    if (meant)
        say_hint("Did you mean \"%s\"?", meant);
    else
        say_hint(
            "A script is a file of the project, such as scores/churn.lua, or one that "
            "comes with carpel, such as lib/rate.lua.");
    memory_free(meant);
}

static int work_on(const script_set *set, const command_line *line)
{
    return line->argument_count == 1 ? list(set) : call_named(set, line);
}

/* A file that is seen from the project, and not from here, is left to the rules. */
static bool is_left_to_rules(const command_line *line)
{
    bool is_elsewhere = strcmp(session_directory(line), ".") != 0;
    return line->person && (line->argument_count < 2 ||
                            (is_elsewhere && !file_exists(line->arguments[0])));
}

void lua_say_line(void *data, slice line)
{
    text shown;
    (void)data;
    text_init(&shown);
    terminal_append_safe(&shown, line);
    say_note("%s", shown.data);
    text_done(&shown);
}

static int start_repl(const command_line *line)
{
    if (line->argument_count == 1 && !line->person)
        return lua_repl(line);
    say_error("\"carpel lua repl\" takes no %s",
              line->argument_count > 1 ? "function" : "--person");
    say_hint(line->argument_count > 1 ? "Call it in a line: churn.risk(3, 0.5)"
                                      : "Name somebody in a line: person \"p17\"");
    return EXIT_BAD_USAGE;
}

/* In a project a file finds what it requires where the rules do. Mistakes of the project are not
 * what was asked for. */
static void add_folders_of_project(script_set *set, const command_line *line)
{
    if (!session_has_project(line))
        return;
    diags *found = diags_new();
    engine *e = engine_open_rules(session_directory(line), found);
    if (e) {
        engine_compile(e, found);
        script_set_add_folders(set, engine_scripts(e));
    }
    engine_close(e);
    diags_free(found);
}

int command_lua(const command_line *line)
{
    const char *path = line->arguments[0];
    if (strcmp(path, "repl") == 0 && !path_is_taken(path))
        return start_repl(line);
    if (is_left_to_rules(line))
        return lua_of_person(line);
    diags *found = diags_new();
    script_set *set = script_set_new((script_limits){
        .memory_bytes = MEMORY_BYTES, .call_microseconds = CALL_MICROSECONDS});
    script_set_print_to(set, (script_printer){lua_say_line, NULL});
    add_folders_of_project(set, line);
    bool is_there = path_is_taken(path), is_ours = !is_there && script_library_has(path);
    bool ok = is_ours ? script_set_load_library(set, path, (span){0}, E0119, found)
                      : script_set_load(set, path, (span){0}, E0119, found);
    int code = ok ? work_on(set, line) : EXIT_FAULT;
    if (!ok)
        session_print_diags(found, line);
    if (!ok && !is_there)
        hint_file(path);
    script_set_free(set);
    diags_free(found);
    return code;
}
