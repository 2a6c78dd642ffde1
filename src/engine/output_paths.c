/* SPDX-License-Identifier: MIT
 *
 * Where outputs may write: not over anything that the project is made of or reads, and no
 * two of them to one place. Links, "..", and second names of a file are seen through. Asked
 * when the project is checked, and again when a file is opened.
 */
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "engine/parts.h"

/* The project's files, as long as none is the one that is looked for. */
typedef struct search {
    const char *wanted;
    const char *found; /* what it is: "a rule file" */
} search;

static void consider(search *s, const char *path, const char *what)
{
    if (s->found == NULL && path != NULL && file_is_same(s->wanted, path))
        s->found = what;
}

static void consider_texts(search *s, const config_text *paths, size_t count,
                           const char *what)
{
    for (size_t i = 0; i < count; i++)
        consider(s, paths[i].text, what);
}

static void consider_source(search *s, const engine_source *from)
{
    const carpel_plugin *plugin = from->connector.plugin;
    if (plugin == NULL || from->connector.options == NULL)
        return;
    for (const carpel_option *o = plugin->options; o->name != NULL; o++) {
        const char *at = (const char *)from->connector.options + o->offset;
        carpel_texts paths = {(const char *const *)at, 1};
        if (o->type == CARPEL_OPTION_PATHS)
            memcpy(&paths, at, sizeof paths);
        else if (o->type != CARPEL_OPTION_PATH)
            continue;
        for (size_t i = 0; i < paths.count; i++)
            consider(s, paths.items[i], "a file of a source");
    }
}

static void consider_in_project(search *s, const project *p, const char *name,
                                const char *what)
{
    char *path = path_join(p->directory, name);
    consider(s, path, what);
    memory_free(path);
}

/* Lists from files, and scripts that rules use. */
static void consider_rules(search *s, const engine *e)
{
    for (size_t i = 0; i < e->book->decls.count; i++) {
        const ast_decl *decl = e->book->decls.items[i];
        if (decl->kind == DECL_LIST && decl->from.text != NULL)
            consider_in_project(s, e->project, decl->from.text, "a file of a list");
    }
    for (size_t i = 0; i < engine_file_count(e); i++) {
        const ast_file *file = engine_file(e, i);
        for (size_t k = 0; k < file->decls.count; k++) {
            const ast_decl *decl = file->decls.items[k];
            if (decl->kind == DECL_USE)
                consider_in_project(s, e->project, decl->name.text, "a script");
        }
    }
}

/* Does the file lie in a folder of plugins? */
static void consider_plugins(search *s, const project *p)
{
    char *destination = path_destination(s->wanted);
    char *folder = path_directory(destination != NULL ? destination : s->wanted);
    for (size_t i = 0; i < p->plugin_directory_count && s->found == NULL; i++)
        if (file_is_same(folder, p->plugin_directories[i].text))
            s->found = "in a folder of plugins";
    memory_free(folder);
    memory_free(destination);
}

const char *output_path_conflict(const engine *e, const char *path)
{
    const project *p = e->project;
    search s = {.wanted = path};
    if (strcmp(path, "-") == 0)
        return NULL;
    consider_in_project(&s, p, PROJECT_FILE_NAME, "the project's own file");
    consider_in_project(&s, p, ".carpel/refused.csv", "the list of refused rows");
    consider_texts(&s, p->rules, p->rule_count, "a rule file");
    consider_texts(&s, p->scripts, p->script_count, "a script");
    for (size_t i = 0; i < p->source_count; i++)
        consider_source(&s, &e->sources[i]);
    consider_rules(&s, e);
    consider_plugins(&s, p);
    return s.found;
}

/* The path that an output has given for an option; NULL: none. */
static const char *path_of(const engine_output *o, const carpel_option *option)
{
    const char *path;
    if (option->type != CARPEL_OPTION_OUTPUT_PATH)
        return NULL;
    memcpy(&path, (const char *)o->connector.options + option->offset, sizeof path);
    return path;
}

bool engine_writes_standard_output(const engine *e)
{
    for (size_t i = 0; e->outputs != NULL && i < e->project->output_count; i++) {
        const engine_output *o = &e->outputs[i];
        if (o->connector.plugin == NULL)
            continue;
        for (const carpel_option *k = o->connector.plugin->options; k->name; k++)
            if (path_of(o, k) != NULL && strcmp(path_of(o, k), "-") == 0)
                return true;
    }
    return false;
}

static bool is_written_before(const engine *e, size_t count, const char *path)
{
    for (size_t i = 0; i < count; i++) {
        const engine_output *o = &e->outputs[i];
        if (o->connector.plugin == NULL)
            continue;
        for (const carpel_option *k = o->connector.plugin->options; k->name; k++) {
            const char *other = path_of(o, k);
            if (other == NULL)
                continue;
            bool is_standard = strcmp(path, "-") == 0;
            if (is_standard || strcmp(other, "-") == 0 ? strcmp(path, other) == 0
                                                       : file_is_same(path, other))
                return true;
        }
    }
    return false;
}

static void check_path(const engine *e, size_t index, const char *path, span where,
                       diags *diags)
{
    const char *conflict = output_path_conflict(e, path);
    if (conflict == NULL && is_written_before(e, index, path))
        conflict = "the place of another output";
    if (conflict == NULL)
        return;
    diag_error(diags, where, E0305, "an output cannot write \"%s\": it is %s", path,
               conflict);
    diag_hint(diags, "Name a file of its own, such as out/%s.csv.",
              e->outputs[index].config->plugin.text);
}

void output_paths_check(const engine *e, diags *diags)
{
    for (size_t i = 0; e->outputs != NULL && i < e->project->output_count; i++) {
        const engine_output *o = &e->outputs[i];
        if (o->connector.plugin == NULL)
            continue;
        for (const carpel_option *k = o->connector.plugin->options; k->name; k++) {
            const yaml_node *node = yaml_get(o->config->node, k->name);
            if (path_of(o, k) != NULL)
                check_path(e, i, path_of(o, k),
                           node != NULL ? node->where : o->config->node->where, diags);
        }
    }
}
