/* SPDX-License-Identifier: MIT
 *
 * `carpel help churn.risk`, `carpel help churn`: what the functions of the project's scripts
 * declare; `carpel help lib.rate`: those that come with carpel.
 */
#include "app/help_script.h"

#include <string.h>

#include "app/say.h"
#include "app/session.h"
#include "base/memory.h"
#include "script/meant.h"
#include "script/script.h"

static void append_function(const script_set *scripts, size_t function, text *out)
{
    const script_signature *s = script_set_signature(scripts, function);
    text_append_format(out, "%s%s", out->size > 0 ? "\n" : "",
                       script_set_function_name(scripts, function));
    if (!s) {
        text_append(out, "(...)\n\n");
        say_wrap(
            "Its file does not declare what it takes and gives: see carpel.define in "
            "docs/scripting.md.",
            2, out);
    } else {
        script_signature_append(s, out);
        text_append(out, "\n\n");
        say_wrap(s->help, 2, out);
    }
    text_append_format(out, "\n  in %s\n", script_set_function_path(scripts, function));
}

/* "churn" is the topic of all its functions. */
static bool is_topic(const char *name, const char *topic)
{
    size_t size = strlen(topic);
    return strncmp(name, topic, size) == 0 && (name[size] == '\0' || name[size] == '.');
}

void help_append_scripts(const command_line *line, const char *topic, text *out)
{
    if (!session_has_project(line))
        return;
    diags *found = diags_new(); /* the mistakes of rules are not what was asked for */
    engine *e = engine_open_rules(session_directory(line), found);
    if (e)
        engine_compile(e, found);
    const script_set *scripts = e ? engine_scripts(e) : NULL;
    for (size_t i = 0; scripts && i < script_set_function_count(scripts); i++)
        if (is_topic(script_set_function_name(scripts, i), topic))
            append_function(scripts, i, out);
    engine_close(e);
    diags_free(found);
}

/* ---- what comes with carpel ------------------------------------------------------------- */

static script_set *load_library(const char *name)
{
    enum { MEMORY_BYTES = 64 * 1024 * 1024, CALL_MICROSECONDS = 1000000 };
    script_set *set = script_set_new((script_limits){
        .memory_bytes = MEMORY_BYTES, .call_microseconds = CALL_MICROSECONDS});
    diags *found = diags_new();
    text path;
    text_init(&path);
    text_append_format(&path, "lib/%s.lua", name);
    script_set_load_library(set, path.data, (span){0}, E0119, found);
    text_done(&path);
    diags_free(found);
    return set;
}

/* A line for each function of a script. */
static void append_lines(const char *name, text *out)
{
    script_set *set = load_library(name);
    text_append_format(out, "\nuse lib.%s\n", name);
    for (size_t i = 0; i < script_set_function_count(set); i++) {
        const script_signature *s = script_set_signature(set, i);
        text line;
        text_init(&line);
        text_append_format(&line, "%s: %s", script_set_function_name(set, i),
                           s ? s->help : "");
        say_wrap(line.data, 2, out);
        text_done(&line);
    }
    script_set_free(set);
}

static void append_library(text *out)
{
    text_append(out,
                "lib: the scripts that come with carpel, and their functions. \"carpel "
                "help rate.low\" has\nwhat one takes and gives.\n");
    for (size_t i = 0; script_library_name(i); i++)
        append_lines(script_library_name(i), out);
}

void help_append_library(const char *topic, text *out)
{
    const char *own = strncmp(topic, "lib.", 4) == 0 ? topic + 4 : topic;
    const char *name = script_meant_library(slice_of(own));
    if (strcmp(topic, "lib") == 0)
        append_library(out);
    if (!name)
        return;
    script_set *set = load_library(name);
    bool is_whole = strcmp(own, name) == 0;
    for (size_t i = 0; i < script_set_function_count(set); i++)
        if (is_whole || strcmp(script_set_function_name(set, i), own) == 0)
            append_function(set, i, out);
    script_set_free(set);
}
