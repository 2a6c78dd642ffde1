/* SPDX-License-Identifier: MIT
 *
 * `carpel plugins`: what can be loaded and what was refused, and the manual of one,
 * made from its table of options. What `plugins new` and `plugins test` do has files of its own.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "app/commands.h"
#include "app/plugin_kit.h"
#include "app/say.h"
#include "app/session.h"
#include "base/directory.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"
#include "base/plugin_folders.h"
#include "config/options.h"
#include "plugin/catalog.h"
#include "report/suggest.h"
#include "report/table.h"
#include "report/terminal.h"

static const char *kind_name(const carpel_plugin *p)
{
    return p->kind == CARPEL_SOURCE ? "source" : "output";
}

/* ---- where plugins are -------------------------------------------------------- */

/* The folders of the project, if there is one, before those that are always searched. */
static catalog *open_catalog(const command_line *line)
{
    path_list folders = {0};
    diags *d = diags_new();
    char *file = path_join(session_directory(line), PROJECT_FILE_NAME);
    project *p = file_exists(file) ? project_open(session_directory(line), d) : NULL;
    for (size_t i = 0; p != NULL && i < p->plugin_directory_count; i++)
        path_list_add(&folders, p->plugin_directories[i].text);
    plugin_folders(&folders);
    catalog *c = catalog_new((const char *const *)folders.items, folders.count);
    diags_free(d);
    project_free(p);
    memory_free(file);
    path_list_done(&folders);
    return c;
}

/* ---- the list ------------------------------------------------------------------- */

static void append_loaded(const catalog_entry *entries, size_t count, text *out)
{
    table *t = table_new();
    table_column(t, "kind", TABLE_LEFT);
    table_column(t, "name", TABLE_LEFT);
    table_column(t, "version", TABLE_LEFT);
    table_column(t, "", TABLE_LEFT);
    for (size_t i = 0; i < count; i++) {
        const carpel_plugin *p = entries[i].plugin;
        if (p == NULL)
            continue;
        table_cell(t, kind_name(p));
        table_cell(t, p->name);
        table_cell(t, p->version != NULL ? p->version : "");
        table_cell(t, p->summary != NULL ? p->summary : "");
    }
    /* In a pipe nothing is cut. */
    size_t width = terminal_is_interactive(stdout) ? terminal_width(stdout) : SIZE_MAX;
    table_append(t, out, width, terminal_has_utf8());
    table_free(t);
}

static void append_refused(const catalog_entry *entries, size_t count, text *out)
{
    bool is_first = true;
    for (size_t i = 0; i < count; i++) {
        if (entries[i].plugin != NULL)
            continue;
        if (is_first)
            text_append(out, "\nrefused:\n");
        is_first = false;
        text_append(out, "  ");
        terminal_append_safe(out, slice_of(entries[i].refusal));
        text_append_char(out, '\n');
    }
}

/* Constructors are what C++ needs, and where a plugin could do what nobody asked for. */
static void append_constructors(const catalog_entry *entries, size_t count, text *out)
{
    for (size_t i = 0; i < count; i++) {
        const carpel_plugin *p = entries[i].plugin;
        size_t constructors = entries[i].constructors;
        if (p != NULL && constructors > 0)
            text_append_format(
                out, "\n%s %s runs %zu function%s of its own when it is loaded\n",
                kind_name(p), p->name, constructors, constructors == 1 ? "" : "s");
    }
}

static int list_plugins(catalog *c)
{
    const catalog_entry *entries;
    size_t count = catalog_list(c, &entries);
    text out;
    text_init(&out);
    if (count == 0)
        text_append(&out, "no plugins are installed\n");
    else
        append_loaded(entries, count, &out);
    append_constructors(entries, count, &out);
    append_refused(entries, count, &out);
    int code = say_result(&out);
    text_done(&out);
    return code;
}

/* ---- the manual of one -------------------------------------------------------------- */

static void append_option(const carpel_option *option, text *out)
{
    text_append_format(out, "  %s: ", option->name);
    options_append_type(option, out);
    if (option->required)
        text_append(out, ", required");
    else if (option->default_text != NULL)
        text_append_format(out, ", default %s", option->default_text);
    if (option->secret)
        text_append(out, ", never shown; may be {file: PATH}");
    text_append_char(out, '\n');
    if (option->help != NULL)
        say_wrap(option->help, 6, out);
}

static void append_manual(const carpel_plugin *p, text *out)
{
    text_append_format(out, "%s %s %s: %s\n", kind_name(p), p->name,
                       p->version != NULL ? p->version : "",
                       p->summary != NULL ? p->summary : "");
    if (p->manual != NULL) {
        text_append_char(out, '\n');
        text_append(out, p->manual);
        if (out->data[out->size - 1] != '\n')
            text_append_char(out, '\n');
    }
    const carpel_option *option = p->options;
    if (option == NULL || option->name == NULL)
        return;
    text_append(out, "\nOptions:\n");
    for (; option->name != NULL; option++)
        append_option(option, out);
}

/* Say why the files that would be this plugin are not. */
static bool say_refusals(const catalog_entry *entries, size_t count, const char *name)
{
    bool is_said = false;
    for (size_t i = 0; i < count; i++) {
        const catalog_entry *e = &entries[i];
        if (e->refusal == NULL || !(e->is_misnamed ? strstr(e->name, name) != NULL
                                                   : strcmp(e->name, name) == 0))
            continue;
        say_error("%s", e->refusal);
        is_said = true;
    }
    return is_said;
}

static int refuse_name(const catalog_entry *entries, size_t count, const char *name)
{
    if (say_refusals(entries, count, name))
        return EXIT_UNAVAILABLE;
    suggestion s = suggest_begin(name);
    for (size_t i = 0; i < count; i++) {
        if (entries[i].plugin != NULL)
            suggest_consider(&s, entries[i].plugin->name);
    }
    say_error("no plugin is named \"%s\"", name);
    if (suggest_best(&s) != NULL)
        say_hint("Did you mean \"%s\"?", suggest_best(&s));
    else
        say_hint("\"carpel plugins\" lists those that are there.");
    return EXIT_UNAVAILABLE;
}

/* What plugins say of themselves cannot move the cursor. */
static int print_manuals(catalog *c, const char *name)
{
    const catalog_entry *entries;
    size_t count = catalog_list(c, &entries);
    text out, shown;
    text_init(&out);
    for (size_t i = 0; i < count; i++) {
        const carpel_plugin *p = entries[i].plugin;
        if (p == NULL || strcmp(p->name, name) != 0)
            continue;
        if (out.size > 0)
            text_append_char(&out, '\n');
        append_manual(p, &out);
    }
    text_init(&shown);
    terminal_append_safe_lines(&shown, (slice){out.data, out.size});
    int code = out.size > 0 ? say_result(&shown) : refuse_name(entries, count, name);
    text_done(&shown);
    text_done(&out);
    return code;
}

/* Several words are an action and what it is done with. */
static int act(const command_line *line)
{
    const char *action = line->arguments[0];
    bool has_one = line->argument_count == 2;
    if (strcmp(action, "new") == 0 && has_one)
        return plugin_kit_new(line);
    if (strcmp(action, "test") == 0 && has_one)
        return plugin_kit_test(line);
    if (has_one)
        say_error("\"plugins\" does not take \"%s\"", line->arguments[1]);
    else
        say_error("\"plugins %s\" needs %s", action,
                  action[0] == 'n' ? "a name for the plugin" : "the file of a plugin");
    say_hint(
        "There are \"plugins\", \"plugins NAME\", \"plugins new NAME\" and \"plugins "
        "test FILE\".");
    return EXIT_BAD_USAGE;
}

static bool is_action(const char *word)
{
    return strcmp(word, "new") == 0 || strcmp(word, "test") == 0;
}

int command_plugins(const command_line *line)
{
    if (line->argument_count > 1 ||
        (line->argument_count == 1 && is_action(line->arguments[0])))
        return act(line);
    if (line->scan && line->argument_count == 0)
        return plugin_kit_scan(line->scan);
    catalog *c = open_catalog(line);
    int code =
        line->argument_count > 0 ? print_manuals(c, line->arguments[0]) : list_plugins(c);
    catalog_free(c);
    return code;
}
