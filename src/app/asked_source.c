/* SPDX-License-Identifier: MIT
 *
 * The argument is read twice: with the variables of the environment for the plugin, and without for what
 * is printed.
 */
#include "app/asked_source.h"

#include <stdio.h>
#include <string.h>

#include "app/say.h"
#include "base/file.h"
#include "base/memory.h"
#include "config/options.h"
#include "config/yaml.h"
#include "report/terminal.h"
#include "report/yaml_text.h"

static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_";

bool asked_source_is_meant(const char *argument)
{
    const char *behind = argument + strspn(argument, letters);
    return behind > argument && behind[0] == ':' &&
           (behind[1] == ' ' || behind[1] == '\0') && !file_exists(argument);
}

/* ---- the options as they are written ------------------------------------------------ */

/* What stands for "${" on the way, since a text of YAML that has it is no variable. */
static const char mark[] = "carpel-variable{";

static const char *keep_variable(const char *name)
{
    static _Thread_local char kept[300];
    snprintf(kept, sizeof kept, "%s%.200s}", mark, name);
    return kept;
}

static void append_scalar(const char *value, text *out)
{
    text quoted;
    if (!strstr(value, mark)) {
        yaml_append_text(out, slice_of(value));
        return;
    }
    text_init(&quoted);
    yaml_append_quoted(&quoted, slice_of(value));
    const char *rest = quoted.data;
    for (const char *at; (at = strstr(rest, mark)); rest = at + sizeof mark - 1) {
        text_append_bytes(out, rest, (size_t)(at - rest));
        text_append(out, "${");
    }
    text_append(out, rest);
    text_done(&quoted);
}

static void append_value(const yaml_node *node, text *out)
{
    bool is_list = node->kind == YAML_SEQUENCE;
    if (node->kind == YAML_SCALAR) {
        append_scalar(node->text, out);
        return;
    }
    text_append(out, is_list ? "[" : "{");
    for (size_t i = 0; i < node->count; i++) {
        text_append(out, i > 0 ? ", " : "");
        if (!is_list) {
            yaml_append_text(out, slice_of(node->items[i]->key));
            text_append(out, ": ");
        }
        append_value(node->items[i], out);
    }
    text_append(out, is_list ? "]" : "}");
}

const yaml_node *asked_source_unread(const source *file, arena *memory, diags *d)
{
    return yaml_parse(file, keep_variable, memory, d);
}

void asked_source_append_setting(const yaml_node *option, text *out)
{
    text_append_format(out, "    %s: ", option->key);
    append_value(option, out);
    text_append_char(out, '\n');
}

static const char *settings_of(const asked_source *a, diags *d)
{
    text lines;
    text_init(&lines);
    const yaml_node *root = asked_source_unread(a->argument, a->memory, d);
    const yaml_node *options = root ? root->items[0] : NULL;
    for (size_t i = 0; options && i < options->count; i++)
        asked_source_append_setting(options->items[i], &lines);
    const char *settings = arena_copy_text(a->memory, lines.data, lines.size);
    text_done(&lines);
    return settings;
}

/* ---- opening ----------------------------------------------------------------------- */

/* What rows of it are about: the table, or the plugin. */
static const char *name_of(const yaml_node *options, const char *plugin)
{
    const yaml_node *table = yaml_get(options, "table");
    return table && table->kind == YAML_SCALAR ? table->text : plugin;
}

static bool read_argument(asked_source *a, catalog *c, const yaml_node *root, diags *d)
{
    carpel_error err;
    const yaml_node *options = root->items[0];
    if (!catalog_find(c, CARPEL_SOURCE, options->key, &a->plugin, &err)) {
        say_failure(&err);
        return false;
    }
    char *owner = arena_alloc(a->memory, strlen(options->key) + 20);
    sprintf(owner, "source plugin \"%s\"", options->key);
    const options_context context = {.owner = owner, .project_directory = "."};
    void *values = arena_alloc(a->memory, a->plugin->options_size + 1);
    if (!options_read(options, a->plugin->options, a->plugin->options_size, &context,
                      values, a->memory, d))
        return false;
    a->asked = (look_asked){.inquiry = {.struct_size = sizeof a->asked.inquiry,
                                        .name = name_of(options, options->key),
                                        .options = values,
                                        .project_directory = "."},
                            .settings = settings_of(a, d)};
    return true;
}

bool asked_source_open(asked_source *a, catalog *c, const char *argument)
{
    diags *d = diags_new();
    *a = (asked_source){.memory = arena_new(),
                        .argument = source_new("argument", argument, strlen(argument))};
    const yaml_node *root = yaml_parse(a->argument, NULL, a->memory, d);
    bool is_one = root && root->count == 1 && root->items[0]->kind == YAML_MAPPING;
    bool ok = is_one && read_argument(a, c, root, d);
    if (!is_one && !diags_has_errors(d))
        say_error("\"%s\" tells of no source; write its plugin and the options, such as "
                  "'sqlite: {file: shop.db, table: orders}'",
                  argument);
    if (diags_count(d) > 0)
        diags_print(d, stderr, terminal_has_colour(stderr));
    diags_free(d);
    return ok;
}

void asked_source_close(asked_source *a)
{
    if (a->memory)
        arena_free(a->memory);
    source_free(a->argument);
    memory_free(a->sample.columns);
    *a = (asked_source){0};
}
