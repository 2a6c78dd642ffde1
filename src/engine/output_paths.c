/* SPDX-License-Identifier: MIT
 *
 * Where outputs may write: not over anything that the project is made of or reads, and no
 * two of them to one place. Links, "..", and second names of a file are seen through. Asked
 * when the project is checked, and again when a file is opened.
 */
#include <fnmatch.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/name_index.h"
#include "base/path.h"
#include "config/files.h"
#include "engine/parts.h"

/* Files and folders that outputs must leave alone, by their identity; their numbers say
 * what they are. */
/* A path with wildcards: a folder, and what a name in it has to fit. */
typedef struct pattern {
    const char *folder; /* its identity; NULL when a pattern stands in its name, too */
    const char *path;
    size_t word;
} pattern;

typedef struct places {
    arena *memory;
    name_index files, folders;
    pattern *patterns; /* of files that are read when they are there */
    size_t pattern_count, pattern_capacity;
} places;

enum {
    PROJECT_ITSELF,
    RULE,
    SCRIPT,
    SOURCE,
    LIST,
    SUPPRESS,
    OWN_FOLDER,
    PLUGINS,
    OUTPUT,
    TABLES,
    NEXT_RULES,
    NEXT_SCRIPTS,
    NEXT_DATA
};

static const char *const words[] = {
    [PROJECT_ITSELF] = "the project's own file",
    [RULE] = "a rule file",
    [SCRIPT] = "a script",
    [SOURCE] = "a file of a source",
    [LIST] = "a file of a list",
    [SUPPRESS] = "a list of people to leave out",
    [OWN_FOLDER] = "in carpel's own folder",
    [PLUGINS] = "in a folder of plugins",
    [OUTPUT] = "the place of another output",
    [TABLES] = "the place of another output",
    [NEXT_RULES] = "where the next run looks for rules",
    [NEXT_SCRIPTS] = "where the next run looks for scripts",
    [NEXT_DATA] = "where the next run looks for data",
};

static const char *identity_in(arena *memory, const char *path)
{
    char *identity = file_identity(path);
    const char *kept = arena_copy_text(memory, identity, strlen(identity));
    memory_free(identity);
    return kept;
}

static void keep(name_index *index, arena *memory, const char *path, size_t word)
{
    if (path != NULL)
        name_index_add(index, memory, identity_in(memory, path), word);
}

static void keep_pattern(places *p, const engine *e, const char *name, size_t word)
{
    if (name == NULL || strpbrk(name, "*?[") == NULL)
        return;
    char *path = files_seen_from(e->project->directory, name);
    char *folder = path_directory(path);
    pattern kept = {.path = arena_copy_text(p->memory, path, strlen(path)), .word = word};
    if (strpbrk(folder, "*?[") == NULL)
        kept.folder = identity_in(p->memory, folder);
    memory_grow((void **)&p->patterns, p->pattern_count, &p->pattern_capacity,
                sizeof *p->patterns);
    p->patterns[p->pattern_count++] = kept;
    memory_free(folder);
    memory_free(path);
}

/* The option of a source as it is written: a path, or a list. */
static void keep_written(places *p, const engine *e, const yaml_node *node)
{
    if (node == NULL)
        return;
    if (node->kind == YAML_SCALAR)
        keep_pattern(p, e, node->text, NEXT_DATA);
    for (size_t i = 0; node->kind == YAML_SEQUENCE && i < node->count; i++)
        if (node->items[i]->kind == YAML_SCALAR)
            keep_pattern(p, e, node->items[i]->text, NEXT_DATA);
}

static void keep_patterns(places *p, const engine *e)
{
    const project *from = e->project;
    for (size_t i = 0; i < from->rule_pattern_count; i++)
        keep_pattern(p, e, from->rule_patterns[i].text, NEXT_RULES);
    for (size_t i = 0; i < from->script_pattern_count; i++)
        keep_pattern(p, e, from->script_patterns[i].text, NEXT_SCRIPTS);
    for (size_t i = 0; i < from->source_count; i++) {
        const carpel_plugin *plugin = e->sources[i].connector.plugin;
        for (const carpel_option *o = plugin ? plugin->options : NULL; o && o->name; o++)
            if (o->type == CARPEL_OPTION_PATHS)
                keep_written(p, e, yaml_get(from->sources[i].node, o->name));
    }
}

static bool fits(const pattern *pattern, const char *path, const char *folder_identity)
{
    if (pattern->folder == NULL)
        return fnmatch(pattern->path, path, FNM_PATHNAME | FNM_PERIOD) == 0;
    return strcmp(pattern->folder, folder_identity) == 0 &&
           fnmatch(path_base(pattern->path), path_base(path), FNM_PERIOD) == 0;
}

/* Would the next run read the file? */
static size_t find_pattern(const places *p, const char *path)
{
    char *folder = path_directory(path);
    char *identity = file_identity(folder);
    size_t word = SIZE_MAX;
    for (size_t i = 0; word == SIZE_MAX && i < p->pattern_count; i++)
        if (fits(&p->patterns[i], path, identity))
            word = p->patterns[i].word;
    memory_free(identity);
    memory_free(folder);
    return word;
}

static void keep_texts(places *p, const config_text *paths, size_t count, size_t word)
{
    for (size_t i = 0; i < count; i++)
        keep(&p->files, p->memory, paths[i].text, word);
}

static void keep_source(places *p, const engine_source *from)
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
            keep(&p->files, p->memory, paths.items[i], SOURCE);
    }
}

static void keep_in_project(places *p, name_index *index, const engine *e,
                            const char *name, size_t word)
{
    char *path = path_join(e->project->directory, name);
    keep(index, p->memory, path, word);
    memory_free(path);
}

/* Lists from files, and scripts that rules use. */
static void keep_what_rules_read(places *p, const engine *e)
{
    for (size_t i = 0; i < e->book->decls.count; i++) {
        const ast_decl *decl = e->book->decls.items[i];
        if (decl->kind == DECL_LIST && decl->from.text != NULL)
            keep_in_project(p, &p->files, e, decl->from.text, LIST);
    }
    for (size_t i = 0; i < engine_file_count(e); i++) {
        const ast_file *file = engine_file(e, i);
        for (size_t k = 0; k < file->decls.count; k++) {
            const ast_decl *decl = file->decls.items[k];
            if (decl->kind == DECL_USE)
                keep_in_project(p, &p->files, e, decl->name.text, SCRIPT);
        }
    }
}

static void keep_suppressed(places *p, const config_suppress *all, size_t count)
{
    for (size_t i = 0; i < count; i++)
        keep(&p->files, p->memory, all[i].path.text, SUPPRESS);
}

places *places_new(const engine *e)
{
    arena *memory = arena_new();
    places *p = arena_alloc(memory, sizeof *p);
    const char *const *folders;
    size_t folder_count = catalog_folders(e->catalog, &folders);
    p->memory = memory;
    keep_in_project(p, &p->files, e, PROJECT_FILE_NAME, PROJECT_ITSELF);
    keep_texts(p, e->project->rules, e->project->rule_count, RULE);
    keep_texts(p, e->project->scripts, e->project->script_count, SCRIPT);
    for (size_t i = 0; i < e->project->source_count; i++)
        keep_source(p, &e->sources[i]);
    keep_what_rules_read(p, e);
    keep_suppressed(p, e->project->suppress, e->project->suppress_count);
    for (size_t i = 0; i < e->project->output_count; i++)
        keep_suppressed(p, e->project->outputs[i].suppress,
                        e->project->outputs[i].suppress_count);
    keep_patterns(p, e);
    keep_in_project(p, &p->folders, e, ".carpel", OWN_FOLDER);
    for (size_t i = 0; i < folder_count; i++)
        keep(&p->folders, memory, folders[i], PLUGINS);
    return p;
}

void places_free(places *p)
{
    memory_free(p->patterns);
    arena_free(p->memory);
}

static size_t find_one_folder(const places *p, const char *folder)
{
    char *identity = file_identity(folder);
    size_t word = name_index_find(&p->folders, identity);
    memory_free(identity);
    return word;
}

/* Which folder is the file in? Plugins are looked for in their folder alone, but carpel's
 * own is no place for outputs at any depth, nor to be replaced by one. */
static size_t find_folder(const places *p, const char *file)
{
    char *at = path_directory(file);
    size_t word = find_one_folder(p, at);
    if (word == SIZE_MAX && find_one_folder(p, file) == OWN_FOLDER)
        word = OWN_FOLDER;
    while (word == SIZE_MAX && strcmp(at, "/") != 0 && strcmp(at, ".") != 0) {
        char *above = path_directory(at);
        memory_free(at);
        at = above;
        if (find_one_folder(p, at) == OWN_FOLDER)
            word = OWN_FOLDER;
    }
    memory_free(at);
    return word;
}

/* What stands at the path, or would be read there; SIZE_MAX: nothing. */
static size_t find_word(const places *p, const char *path)
{
    char *identity = file_identity(path), *destination = path_destination(path);
    size_t word = name_index_find(&p->files, identity);
    if (word == SIZE_MAX)
        word = find_folder(p, destination != NULL ? destination : path);
    if (word == SIZE_MAX)
        word = find_pattern(p, destination != NULL ? destination : path);
    memory_free(destination);
    memory_free(identity);
    return word;
}

const char *places_conflict(const places *p, const char *path)
{
    size_t word = strcmp(path, "-") == 0 ? SIZE_MAX : find_word(p, path);
    return word == SIZE_MAX ? NULL : words[word];
}

const char *places_script_conflict(const places *p, const char *path)
{
    size_t word = find_word(p, path);
    bool is_free = word == SIZE_MAX || word == SCRIPT || word == NEXT_SCRIPTS;
    return is_free ? NULL : words[word];
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

/* ---- databases: outputs and sources share their files --------------------------------- */

/* The value of an option that is a text. */
static const char *text_of(const engine_connector *c, const carpel_option *option)
{
    const char *value;
    memcpy(&value, (const char *)c->options + option->offset, sizeof value);
    return value;
}

static const carpel_option *option_named(const engine_connector *c, const char *name)
{
    for (const carpel_option *o = c->plugin->options; o->name; o++)
        if (strcmp(o->name, name) == 0)
            return o;
    return NULL;
}

static bool is_same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcasecmp(a, b) == 0);
}

static bool is_same_file(const char *a, const char *b)
{
    if (!a || !b)
        return false;
    char *of_a = file_identity(a), *of_b = file_identity(b);
    bool is_same = strcmp(of_a, of_b) == 0;
    memory_free(of_a);
    memory_free(of_b);
    return is_same;
}

static bool is_same_kind(const engine_source *s, const engine_output *o)
{
    return s->connector.plugin && s->connector.options &&
           strcmp(s->connector.plugin->name, o->connector.plugin->name) == 0;
}

/* Does a source of the same kind read the file? */
static bool is_shared(const engine *e, const engine_output *o, const char *path)
{
    for (size_t i = 0; i < e->project->source_count; i++) {
        const engine_connector *c = &e->sources[i].connector;
        if (!is_same_kind(&e->sources[i], o))
            continue;
        for (const carpel_option *k = c->plugin->options; k->name; k++)
            if (k->type == CARPEL_OPTION_PATH && is_same_file(text_of(c, k), path))
                return true;
    }
    return false;
}

static void refuse(const engine_output *o, const char *path, size_t word, span where,
                   diags *diags)
{
    diag_error(diags, where, E0305, "an output cannot write \"%s\": it is %s", path,
               words[word]);
    diag_hint(diags, "Name a file of its own, such as out/%s.%s.", o->config->name.text,
              strcmp(o->connector.plugin->name, "sqlite") == 0
                  ? "db"
                  : o->connector.plugin->name);
}

/* A file that the output changes in place, as others of its kind may do. */
static void check_shared(places *p, const engine *e, const engine_output *o,
                         const char *path, span where, diags *diags)
{
    size_t word = find_word(p, path);
    if (word == SIZE_MAX)
        name_index_add(&p->files, p->memory, identity_in(p->memory, path), TABLES);
    else if (word != TABLES && !(word == SOURCE && is_shared(e, o, path)))
        refuse(o, path, word, where, diags);
}

/* Are all options that say where the same? Who asks makes no difference. */
static bool is_same_place(const engine_connector *source, const engine_connector *output)
{
    for (const carpel_option *k = output->plugin->options; k->name; k++) {
        const carpel_option *other = option_named(source, k->name);
        if (!other || other->type != k->type || strcmp(k->name, "user") == 0 ||
            strcmp(k->name, "password") == 0)
            continue;
        if (k->type == CARPEL_OPTION_PATH &&
            !is_same_file(text_of(source, other), text_of(output, k)))
            return false;
        if (k->type == CARPEL_OPTION_TEXT &&
            !is_same_text(text_of(source, other), text_of(output, k)))
            return false;
        if (k->type == CARPEL_OPTION_INTEGER &&
            memcmp((const char *)source->options + other->offset,
                   (const char *)output->options + k->offset, sizeof(int64_t)) != 0)
            return false;
    }
    return true;
}

/* The rows of a source would be taken away; `mode: upsert` takes none. */
static void check_table(const engine *e, const engine_output *o, diags *diags)
{
    const yaml_node *table = yaml_get(o->config->node, "table");
    const carpel_option *mode = option_named(&o->connector, "mode");
    if (!table || !option_named(&o->connector, "table") ||
        (mode && is_same_text(text_of(&o->connector, mode), "upsert")))
        return;
    for (size_t i = 0; i < e->project->source_count; i++) {
        const engine_source *s = &e->sources[i];
        if (!is_same_kind(s, o) || !option_named(&s->connector, "table") ||
            !is_same_place(&s->connector, &o->connector))
            continue;
        diag_error(diags, table->where, E0305,
                   "an output cannot write the table \"%s\": the source \"%s\" reads it",
                   table->text, e->project->sources[i].name.text);
        diag_hint(diags, "Name a table of its own, or write \"mode: upsert\", which "
                         "removes no row.");
        return;
    }
}

/* ---- the check ------------------------------------------------------------------------ */

/* The place of an output is taken from then on. */
static void check_path(places *p, const engine_output *o, const char *path, span where,
                       diags *diags)
{
    bool is_standard = strcmp(path, "-") == 0;
    const char *identity = is_standard ? path : identity_in(p->memory, path);
    size_t word = is_standard ? name_index_find(&p->files, path) : find_word(p, path);
    name_index_add(&p->files, p->memory, identity, OUTPUT);
    if (word != SIZE_MAX)
        refuse(o, path, word, where, diags);
}

static void check_output(places *p, const engine *e, const engine_output *o, diags *diags)
{
    for (const carpel_option *k = o->connector.plugin->options; k->name; k++) {
        const yaml_node *node = yaml_get(o->config->node, k->name);
        span where = node != NULL ? node->where : o->config->node->where;
        if (path_of(o, k) != NULL)
            check_path(p, o, path_of(o, k), where, diags);
        else if (k->type == CARPEL_OPTION_PATH && text_of(&o->connector, k) != NULL)
            check_shared(p, e, o, text_of(&o->connector, k), where, diags);
    }
    check_table(e, o, diags);
}

void output_paths_check(const engine *e, diags *diags)
{
    if (e->outputs == NULL)
        return;
    places *p = places_new(e);
    for (size_t i = 0; i < e->project->output_count; i++)
        if (e->outputs[i].connector.plugin != NULL &&
            e->outputs[i].connector.options != NULL)
            check_output(p, e, &e->outputs[i], diags);
    places_free(p);
}
