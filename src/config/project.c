/* SPDX-License-Identifier: MIT
 *
 * Reads carpel.yaml: first the tables with every key, then one function for each part
 * of the file (connectors.c has the sources and outputs). A part with a mistake is
 * reported and left empty, and reading goes on, so that one run names every mistake.
 */
#include "config/project.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/directory.h"
#include "base/file.h"
#include "base/memory.h"
#include "config/cleaning.h"
#include "config/connectors.h"
#include "config/consent.h"
#include "config/fields.h"
#include "config/files.h"
#include "config/fits.h"
#include "config/identities.h"
#include "config/kinds.h"
#include "config/limits.h"
#include "config/reader.h"
#include "config/shape.h"

static const shape_key project_keys[] = {
    {"name", SHAPE_TEXT, false, "a text", "name: Example shop"},
    {"time_zone", SHAPE_TEXT, false, "the name of a time zone",
     "time_zone: Europe/Berlin"},
    {"week_start", SHAPE_TEXT, false, "the name of a weekday", "week_start: monday"},
    {"rules", SHAPE_TEXT | SHAPE_LIST, false, "a path or a list of paths",
     "rules: rules/*.seg"},
    {"plugins", SHAPE_TEXT | SHAPE_LIST, false, "a folder or a list of folders",
     "plugins: connectors"},
    {"scripts", SHAPE_TEXT | SHAPE_LIST | SHAPE_MAPPING, false,
     "a path or a list of paths", "scripts: scores/*.lua"},
    {"on_script_error", SHAPE_TEXT, false, "\"missing\" or \"stop\"",
     "on_script_error: stop"},
    {"sessions", SHAPE_MAPPING, false, "a mapping with the key \"gap\"",
     "sessions: {gap: 30 minutes}"},
    {"accounts", SHAPE_MAPPING, false, "a mapping with the key \"of\"",
     "accounts: {of: company}"},
    {"limits", SHAPE_MAPPING | SHAPE_EMPTY, false, "a mapping of limits",
     "limits: {refused: 5%, people: 1000}"},
    {"keep_runs", SHAPE_TEXT, false, "a duration, or none", "keep_runs: 400 days"},
    {"store", SHAPE_TEXT, false, "a folder, or none", "store: " STANDARD_STORE},
    {"keep", SHAPE_MAPPING | SHAPE_EMPTY, false, "a mapping of event kinds to durations",
     "keep: {page_view: 400 days}"},
    {"memory", SHAPE_TEXT, false, "a size such as 512 MiB or 2 GiB", "memory: 512 MiB"},
    {"accept", SHAPE_TEXT | SHAPE_LIST, false, "the code of a note, or a list of them",
     "accept: [D08, D05 order.city]"},
    {"clean", SHAPE_MAPPING, false, "what is done to the texts of all sources",
     "clean: {trim: true, person: {case: fold}}"},
    {"identities", SHAPE_MAPPING, false, "a mapping of how ids are joined",
     "identities: {most: {person: 500, cookie: 10}}"},
    {"events", SHAPE_MAPPING | SHAPE_EMPTY, false, "a mapping of event kinds",
     "events: {purchase: {amount: decimal(2)}}"},
    {"traits", SHAPE_MAPPING | SHAPE_EMPTY, false, "a mapping of names to types",
     "traits: {country: string}"},
    {"sources", SHAPE_LIST | SHAPE_EMPTY, false, "a list of sources",
     "sources: [{plugin: csv, files: data/*.csv, person: id, event: purchase}]"},
    {"consent", SHAPE_MAPPING, false, "a mapping of purposes to traits or events",
     "consent: {marketing: newsletter}"},
    {"suppress", SHAPE_TEXT | SHAPE_LIST | SHAPE_MAPPING, false,
     "a file of ids, or a list of files and segments", "suppress: [lists/stop.txt]"},
    {"outputs", SHAPE_LIST | SHAPE_EMPTY, false, "a list of outputs",
     "outputs: [{plugin: csv, path: out/members.csv}]"},
    {"fits", SHAPE_MAPPING | SHAPE_EMPTY, false, "a mapping of names to models",
     "fits: {buying: {model: bg_nbd, events: purchase}}"},
    END_OF_KEYS,
};

static const shape_key scripts_keys[] = {
    {"files", SHAPE_TEXT | SHAPE_LIST, true, "a path or a list of paths",
     "files: scores/*.lua"},
    {"memory_megabytes", SHAPE_TEXT, false, "a whole number (1 to 4096)",
     "memory_megabytes: 64"},
    {"call_milliseconds", SHAPE_TEXT, false, "a whole number (1 to 60000)",
     "call_milliseconds: 100"},
    END_OF_KEYS,
};

static const shape_key sessions_keys[] = {
    {"gap", SHAPE_TEXT, true, "a duration", "gap: 30 minutes"},
    END_OF_KEYS,
};

static const shape_key accounts_keys[] = {
    {"of", SHAPE_TEXT, true, "the trait that names a person's account", "of: company"},
    END_OF_KEYS,
};

#define MEBIBYTE              (INT64_C(1) << 20)
#define GIBIBYTE              (INT64_C(1) << 30)
#define STANDARD_MEMORY_BYTES (512 * MEBIBYTE)
#define LEAST_MEMORY_BYTES    (16 * MEBIBYTE)

enum { DEFAULT_SCRIPT_MEGABYTES = 64, DEFAULT_CALL_MILLISECONDS = 100 };
#define DEFAULT_RULES "rules/*.seg"

/* ---- files --------------------------------------------------------------- */

static void sort_distinct(config_text *texts, size_t *count)
{
    if (*count > 1)
        qsort(texts, *count, sizeof *texts, reader_compare_texts);
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++)
        if (kept == 0 || strcmp(texts[kept - 1].text, texts[i].text) != 0)
            texts[kept++] = texts[i];
    *count = kept;
}

typedef bool find_paths(const char *name, const char *directory, span where,
                        path_list *out, diags *diags);

/* The paths that the texts name, each with the place of the text that named it. */
static config_text *find_all(const reader *r, find_paths *find, const config_text *names,
                             size_t name_count, size_t *count)
{
    path_list found = {0};
    config_text *paths = NULL;
    size_t capacity = 0;
    for (size_t i = 0; i < name_count; i++) {
        size_t before = found.count;
        find(names[i].text, r->project->directory, names[i].where, &found, r->diags);
        for (size_t k = before; k < found.count; k++) {
            memory_grow((void **)&paths, k, &capacity, sizeof *paths);
            const char *path = arena_copy_string(r->memory, found.items[k]);
            paths[k] = (config_text){path, names[i].where};
        }
    }
    *count = found.count;
    sort_distinct(paths, count);
    config_text *kept = reader_array(r, *count, sizeof *kept);
    if (*count > 0)
        memcpy(kept, paths, *count * sizeof *kept);
    memory_free(paths);
    path_list_done(&found);
    return kept;
}

static void read_rules(const reader *r, const yaml_node *root)
{
    project *p = r->project;
    const yaml_node *node = shape_get(root, project_keys, "rules");
    config_text standard = {DEFAULT_RULES, {p->file, 0, 0}};
    size_t name_count = 1;
    const config_text *names = &standard;
    if (node != NULL)
        names = reader_texts(r, node, "an item of \"rules\"", "a path",
                             "rules: [rules/*.seg]", &name_count);
    else if (yaml_get(root, "rules") != NULL)
        return; /* reported */
    p->rules = find_all(r, files_expand, names, name_count, &p->rule_count);
    p->rule_patterns = reader_array(r, name_count, sizeof *p->rule_patterns);
    p->rule_pattern_count = name_count;
    if (name_count > 0)
        memcpy(p->rule_patterns, names, name_count * sizeof *names);
}

static void read_plugin_folders(const reader *r, const yaml_node *node)
{
    project *p = r->project;
    size_t count;
    const config_text *names = reader_texts(r, node, "an item of \"plugins\"", "a folder",
                                            "plugins: [connectors]", &count);
    p->plugin_directories =
        find_all(r, files_find_folder, names, count, &p->plugin_directory_count);
}

/* ---- scripts and sessions ------------------------------------------------ */

static void read_script_limits(const reader *r, const yaml_node *node)
{
    int64_t megabytes =
        reader_number(r, shape_get(node, scripts_keys, "memory_megabytes"),
                      DEFAULT_SCRIPT_MEGABYTES, 4096, "memory_megabytes: 64");
    int64_t milliseconds =
        reader_number(r, shape_get(node, scripts_keys, "call_milliseconds"),
                      DEFAULT_CALL_MILLISECONDS, 60000, "call_milliseconds: 100");
    r->project->script_memory_bytes = megabytes * 1024 * 1024;
    r->project->script_call_microseconds = milliseconds * 1000;
}

/* What a function that fails makes of a run. */
static void read_script_errors(const reader *r, const yaml_node *node)
{
    bool is_stop = node && strcasecmp(node->text, "stop") == 0;
    r->project->stops_at_script_error = is_stop;
    if (!node || is_stop || strcasecmp(node->text, "missing") == 0)
        return;
    diag_error(r->diags, shape_place(node), E0305,
               "\"on_script_error\" is \"missing\" or \"stop\", not \"%s\"", node->text);
    diag_hint(r->diags, "With \"missing\" the value is missing for whom the function "
                        "fails; with \"stop\" the run ends with an error.");
}

static void read_scripts(const reader *r, const yaml_node *node)
{
    project *p = r->project;
    bool is_mapping = node != NULL && node->kind == YAML_MAPPING;
    const yaml_node *files = is_mapping ? NULL : node;
    if (is_mapping) {
        shape_check(node, scripts_keys, "\"scripts\"", SHAPE_CLOSED, r->diags);
        files = shape_get(node, scripts_keys, "files");
    }
    read_script_limits(r, is_mapping ? node : NULL);
    size_t count;
    config_text *names = reader_texts(r, files, "an item of \"scripts\"", "a path",
                                      "scripts: [scores/*.lua]", &count);
    p->scripts = find_all(r, files_expand, names, count, &p->script_count);
    p->script_patterns = names;
    p->script_pattern_count = count;
}

static void read_sessions(const reader *r, const yaml_node *node)
{
    if (node == NULL)
        return;
    shape_check(node, sessions_keys, "\"sessions\"", SHAPE_CLOSED, r->diags);
    r->project->session_gap = reader_text(shape_get(node, sessions_keys, "gap"));
}

static void read_keep(const reader *r, const yaml_node *node)
{
    project *p = r->project;
    if (!node || node->kind != YAML_MAPPING)
        return;
    p->keeps = arena_alloc_array(r->memory, node->count + 1, sizeof *p->keeps);
    for (size_t i = 0; i < node->count; i++) {
        const yaml_node *item = node->items[i];
        config_keep *k = &p->keeps[p->keep_count++];
        k->kind = (config_text){item->key, item->where};
        k->length =
            (config_text){item->kind == YAML_SCALAR ? item->text : NULL, item->where};
    }
}

static void read_accounts(const reader *r, const yaml_node *node)
{
    if (node == NULL)
        return;
    shape_check(node, accounts_keys, "\"accounts\"", SHAPE_CLOSED, r->diags);
    r->project->account_trait = reader_text(shape_get(node, accounts_keys, "of"));
}

/* ---- the whole file -------------------------------------------------------- */

static weekday read_week_start(const reader *r, const yaml_node *node)
{
    if (node == NULL)
        return MONDAY;
    suggestion s = suggest_begin(node->text);
    for (int day = MONDAY; day < WEEKDAY_COUNT; day++) {
        if (strcasecmp(node->text, weekday_names[day]) == 0)
            return (weekday)day;
        suggest_consider(&s, weekday_names[day]);
    }
    diag_error(r->diags, shape_place(node), E0305, "\"%s\" is no weekday", node->text);
    const char *similar = suggest_best(&s);
    bool is_number = strlen(node->text) == 1 && strchr("01234567", node->text[0]) != NULL;
    for (int day = MONDAY; day < WEEKDAY_COUNT && strlen(node->text) > 1; day++)
        if (strncasecmp(node->text, weekday_names[day], strlen(node->text)) == 0)
            similar = weekday_names[day];
    if (is_number) /* 1 is monday, and sunday is 0 or 7, as ISO 8601 and cron have it */
        similar = weekday_names[(node->text[0] - '0' + 6) % WEEKDAY_COUNT];
    if (similar != NULL)
        diag_hint(r->diags, "Did you mean \"%s\"?", similar);
    else
        diag_hint(r->diags, "For example: week_start: monday");
    return MONDAY;
}

static void read_names(const reader *r, const yaml_node *root)
{
    project *p = r->project;
    const yaml_node *zone = shape_get(root, project_keys, "time_zone");
    p->name = reader_text(shape_get(root, project_keys, "name"));
    p->time_zone = zone != NULL ? reader_text(zone) : (config_text){"UTC", {0}};
    p->week_start = read_week_start(r, shape_get(root, project_keys, "week_start"));
    p->keep_runs = reader_text(shape_get(root, project_keys, "keep_runs"));
}

/* What says whether there is to be a store, and not where. */
static bool check_store(const reader *r, const config_text *store)
{
    static const char *const answers[] = {"", "true", "false", "yes", "no", "on", "off"};
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
        if (strcasecmp(store->text, answers[i]) == 0) {
            diag_error(r->diags, store->where, E0305,
                       "\"store\" is the folder of the store, not \"%s\"", store->text);
            diag_hint(r->diags, "Write \"store: " STANDARD_STORE "\", or \"none\".");
            return false;
        }
    return true;
}

/* The folder of the store, seen from the project; without one, data are read anew each time. */
static void read_store(const reader *r, const yaml_node *node)
{
    project *p = r->project;
    config_text store = reader_text(node);
    p->is_store_named = store.text != NULL;
    if (!p->is_store_named)
        store.text = STANDARD_STORE;
    if (strcmp(store.text, "none") == 0 || !check_store(r, &store))
        return;
    char *path = files_seen_from(p->directory, store.text);
    store.text = arena_copy_string(r->memory, path);
    memory_free(path);
    p->store = store;
}

/* "512 MiB", "2 GiB": the bytes, or 0. */
static int64_t parse_memory(const char *text)
{
    enum { MOST_DIGITS = 6 };
    size_t digits = strspn(text, "0123456789");
    const char *unit = text + digits + strspn(text + digits, " ");
    if (digits == 0 || digits > MOST_DIGITS)
        return 0;
    int64_t count = strtoll(text, NULL, 10);
    if (strcasecmp(unit, "MiB") == 0 || strcasecmp(unit, "MB") == 0)
        return count * MEBIBYTE;
    return strcasecmp(unit, "GiB") == 0 || strcasecmp(unit, "GB") == 0 ? count * GIBIBYTE
                                                                       : 0;
}

/* What loading may take for rows; what is beyond is put down, and joined in the end. */
static void read_memory(const reader *r, const yaml_node *node)
{
    config_text memory = reader_text(node);
    int64_t bytes =
        memory.text == NULL ? STANDARD_MEMORY_BYTES : parse_memory(memory.text);
    if (bytes >= LEAST_MEMORY_BYTES) {
        r->project->memory_bytes = bytes;
        return;
    }
    diag_error(r->diags, memory.where, E0305,
               "\"memory\" is a size of at least 16 MiB, not \"%s\"", memory.text);
    diag_hint(r->diags,
              "Write a whole number with MiB or GiB, such as \"memory: 512 MiB\".");
}

static void read_project(const reader *r, const yaml_node *root)
{
    shape_check(root, project_keys, "the project file", SHAPE_CLOSED, r->diags);
    project *p = r->project;
    read_names(r, root);
    read_rules(r, root);
    read_plugin_folders(r, shape_get(root, project_keys, "plugins"));
    read_scripts(r, shape_get(root, project_keys, "scripts"));
    read_script_errors(r, shape_get(root, project_keys, "on_script_error"));
    read_sessions(r, shape_get(root, project_keys, "sessions"));
    read_keep(r, shape_get(root, project_keys, "keep"));
    read_accounts(r, shape_get(root, project_keys, "accounts"));
    limits_read(r, shape_get(root, project_keys, "limits"));
    read_store(r, shape_get(root, project_keys, "store"));
    read_memory(r, shape_get(root, project_keys, "memory"));
    p->accepted = reader_texts(r, shape_get(root, project_keys, "accept"),
                               "an item of \"accept\"", "the code of a note",
                               "accept: [D08, D05 order.city]", &p->accepted_count);
    cleaning_read_project(r, shape_get(root, project_keys, "clean"));
    kinds_read(r, root, shape_get(root, project_keys, "events"));
    p->traits = fields_read(r, shape_get(root, project_keys, "traits"), &p->trait_count);
    connectors_read_sources(r, shape_get(root, project_keys, "sources"));
    identities_read_project(r, shape_get(root, project_keys, "identities"));
    consent_read(r, shape_get(root, project_keys, "consent"));
    p->suppress =
        suppress_read(r, shape_get(root, project_keys, "suppress"), &p->suppress_count);
    connectors_read_outputs(r, shape_get(root, project_keys, "outputs"));
    fits_read(r, shape_get(root, project_keys, "fits"));
}

/* What holds when nothing could be read. */
static void set_defaults(project *p)
{
    p->time_zone.text = "UTC";
    p->script_memory_bytes = (int64_t)DEFAULT_SCRIPT_MEGABYTES * 1024 * 1024;
    p->script_call_microseconds = (int64_t)DEFAULT_CALL_MILLISECONDS * 1000;
    p->limits = limits_standard();
}

static source *open_file(const char *directory, diags *diags)
{
    char *path = files_seen_from(directory, PROJECT_FILE_NAME);
    carpel_error err;
    source *file = source_open(path, NULL, &err);
    if (file == NULL && !file_exists(path)) {
        char *other = files_seen_from(directory, "carpel.yml");
        bool is_misnamed = file_exists(other);
        memory_free(other);
        diag_error(diags, (span){0}, E0307, "there is no project file \"%s\"", path);
        if (is_misnamed)
            diag_hint(diags, "There is \"carpel.yml\": rename it to \"carpel.yaml\".");
        else
            diag_hint(diags,
                      "Make a project with \"carpel init DIR\", or name the folder of "
                      "one with --project DIR.");
    } else if (file == NULL) {
        diag_error(diags, (span){0}, E0307, "%s", err.message);
        diag_hint(diags, "The project file has to be a readable file.");
    }
    memory_free(path);
    return file;
}

project *project_open(const char *directory, diags *diags)
{
    source *file = open_file(directory, diags);
    if (file == NULL)
        return NULL;
    arena *memory = arena_new();
    project *p = arena_alloc(memory, sizeof *p);
    p->memory = memory;
    p->file = file;
    p->directory = arena_copy_string(memory, directory);
    set_defaults(p);
    const yaml_node *root = yaml_parse(file, NULL, memory, diags);
    reader r = {p, memory, diags};
    if (root != NULL && shape_fits(root, SHAPE_MAPPING))
        read_project(&r, root);
    else if (root != NULL)
        shape_refuse(root, "the project file", "a mapping", "name: Example shop", diags);
    return p;
}

void project_free(project *p)
{
    if (p == NULL)
        return;
    source_free(p->file);
    for (size_t i = 0; i < p->pattern_count; i++)
        pattern_free(p->patterns[i]);
    memory_free(p->patterns);
    arena_free(p->memory);
}
