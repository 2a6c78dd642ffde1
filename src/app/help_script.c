/* SPDX-License-Identifier: MIT
 *
 * `carpel help churn.risk`, `carpel help churn`: what the functions of the project's scripts
 * declare.
 */
#include "app/help_script.h"

#include <string.h>

#include "app/say.h"
#include "app/session.h"
#include "base/file.h"
#include "base/memory.h"
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

static bool has_project(const command_line *line)
{
    char *path = path_join(session_directory(line), "carpel.yaml");
    bool is_there = file_exists(path);
    memory_free(path);
    return is_there;
}

void help_append_scripts(const command_line *line, const char *topic, text *out)
{
    if (!has_project(line))
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
