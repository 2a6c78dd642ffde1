/* SPDX-License-Identifier: MIT
 *
 * `carpel lua FILE [FUNCTION [VALUE ...]]`: call one function of a script as a rule would, in the
 * same sandbox and under the same limits.
 */
#include <string.h>

#include "app/commands.h"
#include "app/lua_person.h"
#include "app/lua_values.h"
#include "app/say.h"
#include "app/session.h"
#include "base/file.h"
#include "report/terminal.h"
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

/* The words behind the function's name; false when one is none of what is declared. */
static bool read_values(const char *name, const script_signature *s,
                        const command_line *line, arena *memory, script_value *values,
                        size_t count)
{
    if (count > (s ? s->parameter_count : SCRIPT_MOST_PARAMETERS)) {
        say_error("\"%s\" takes %s%zu values, not %zu", name, s ? "" : "at most ",
                  s ? s->parameter_count : (size_t)SCRIPT_MOST_PARAMETERS, count);
        return false;
    }
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

/* FUNCTION is a name of the file, or "file.name". */
static int call_named(const script_set *set, const command_line *line)
{
    const char *wanted = line->arguments[1];
    for (size_t i = 0; i < script_set_function_count(set); i++) {
        const char *name = script_set_function_name(set, i);
        if (strcmp(name, wanted) == 0 || strcmp(strrchr(name, '.') + 1, wanted) == 0)
            return call(set, i, line);
    }
    say_error("the script \"%s\" has no function named \"%s\"", line->arguments[0],
              wanted);
    say_hint("\"carpel lua %s\" lists those it has.", line->arguments[0]);
    return EXIT_FAULT;
}

int command_lua(const command_line *line)
{
    if (line->person)
        return lua_of_person(line);
    const char *path = line->arguments[0];
    diags *found = diags_new();
    script_set *set = script_set_new((script_limits){
        .memory_bytes = MEMORY_BYTES, .call_microseconds = CALL_MICROSECONDS});
    bool is_ours = !file_exists(path) && script_library_has(path);
    bool ok = is_ours ? script_set_load_library(set, path, (span){0}, E0119, found)
                      : script_set_load(set, path, (span){0}, E0119, found);
    int code = EXIT_FAULT;
    if (!ok)
        session_print_diags(found, line);
    else if (line->argument_count == 1)
        code = list(set);
    else
        code = call_named(set, line);
    script_set_free(set);
    diags_free(found);
    return code;
}
