/* SPDX-License-Identifier: MIT
 *
 * `carpel lua FILE [FUNCTION [VALUE ...]]`: call one function of a script as a rule would, in the
 * same sandbox and under the same limits.
 */
#include <string.h>

#include "app/commands.h"
#include "app/say.h"
#include "app/session.h"
#include "base/file.h"
#include "report/terminal.h"
#include "script/script.h"
#include "value/value.h"

enum { CALL_MICROSECONDS = 100000, MEMORY_BYTES = 64 * 1024 * 1024 };

/* "2" is an integer, "2.5" a float, "true" a truth value, "missing" nothing; what else there is
 * is a text. */
static script_value value_of_word(const char *word)
{
    slice s = slice_of(word);
    const char *reason;
    double number;
    if (slice_is(s, "missing") || slice_is(s, "nil"))
        return (script_value){.kind = SCRIPT_MISSING};
    if (slice_is(s, "true") || slice_is(s, "false"))
        return (script_value){.kind = SCRIPT_BOOL, .boolean = slice_is(s, "true")};
    if (!value_read_number(s, &number, &reason))
        return (script_value){.kind = SCRIPT_TEXT, .text = s};
    bool is_whole = strspn(word, "-0123456789") == s.size && s.size < 16;
    return is_whole ? (script_value){.kind = SCRIPT_INTEGER, .integer = (int64_t)number}
                    : (script_value){.kind = SCRIPT_NUMBER, .number = number};
}

/* Where the function declares a number, a whole one is a float, as it is for a rule. */
static void fit_to_declaration(const script_signature *s, size_t i, script_value *value)
{
    bool is_counted = !s || i >= s->parameter_count ||
                      s->parameters[i].type.kind == TYPE_DECIMAL ||
                      s->parameters[i].type.kind == TYPE_DATE;
    if (!is_counted && value->kind == SCRIPT_INTEGER)
        *value = (script_value){.kind = SCRIPT_NUMBER, .number = (double)value->integer};
}

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
    switch (result->kind) {
    case SCRIPT_MISSING: text_append(out, "missing"); break;
    case SCRIPT_BOOL: text_append(out, result->boolean ? "true" : "false"); break;
    case SCRIPT_INTEGER:
        text_append_format(out, "%lld", (long long)result->integer);
        break;
    case SCRIPT_NUMBER: text_append_format(out, "%.17g", result->number); break;
    case SCRIPT_TEXT: terminal_append_safe(out, result->text); break;
    }
    text_append_char(out, '\n');
}

static int call(const script_set *set, size_t function, const command_line *line)
{
    script_value values[SCRIPT_MOST_PARAMETERS], result;
    size_t count = line->argument_count - 2;
    const script_signature *s = script_set_signature(set, function);
    const char *message = "";
    for (size_t i = 0; i < count; i++) {
        values[i] = value_of_word(line->arguments[i + 2]);
        fit_to_declaration(s, i, &values[i]);
    }
    if (s && count > s->parameter_count) {
        say_error("\"%s\" takes %zu values, not %zu",
                  script_set_function_name(set, function), s->parameter_count, count);
        return EXIT_FAULT;
    }
    script_state *state = script_state_new(set, NULL);
    result = (script_value){.kind = SCRIPT_MISSING};
    bool ok = lacks_one(s, values, count) ||
              script_call(state, function, values, count, &result, &message);
    text out;
    text_init(&out);
    if (ok)
        append_result(&result, &out);
    else
        say_error("%s", message);
    int code = ok ? say_result(&out) : EXIT_FAULT;
    text_done(&out);
    script_state_free(state);
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
    const char *path = line->arguments[0];
    diags *found = diags_new();
    script_set *set = script_set_new((script_limits){MEMORY_BYTES, CALL_MICROSECONDS});
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
