/* SPDX-License-Identifier: MIT
 *
 * The life of a project: its file and its rules. Connectors stand in connectors.c, loading and running
 * in load.c and judge.c.
 */
#include "engine/engine.h"

#include <string.h>

#include "base/memory.h"
#include "engine/audience.h"
#include "engine/deliveries.h"
#include "engine/identities.h"
#include "engine/parts.h"
#include "exec/plan.h"
#include "graph/lint_graph.h"
#include "graph/lower.h"
#include "lang/parse.h"
#include "lang/passes.h"
#include "script/lines.h"
#include "value/value.h"

/* ---- the calendar ------------------------------------------------------- */

static void open_zone(engine *e, diags *diags)
{
    carpel_error err;
    const config_text *name = &e->project->time_zone;
    char advice[256];
    if (zone_open(name->text, &e->zone, &err)) {
        if (zone_lacks_summer(name->text, advice, sizeof advice)) {
            diag_warning(diags, name->where, W0303, "\"%s\" has no summer time here",
                         name->text);
            diag_hint(diags, "%s", advice);
        }
        return;
    }
    diag_error(diags, name->where, E0305, "%s", err.message);
    if (zone_advise(name->text, advice, sizeof advice))
        diag_hint(diags, "%s", advice);
    zone_open("UTC", &e->zone, &err);
}

/* ---- runs that are remembered ------------------------------------------- */

#define STANDARD_KEEP_RUNS (400 * MICROSECONDS_PER_DAY)

static void read_keep_runs(engine *e, diags *diags)
{
    const config_text *wanted = &e->project->keep_runs;
    const char *reason;
    e->keep_runs = STANDARD_KEEP_RUNS;
    if (!wanted->text)
        return;
    if (strcmp(wanted->text, "none") == 0)
        e->keep_runs = 0;
    else if (!value_read_duration(slice_of(wanted->text), 0, &e->keep_runs, &reason)) {
        diag_error(diags, wanted->where, E0305, "cannot read \"%s\" as a duration: %s",
                   wanted->text, reason);
        diag_hint(diags, "Write it in days, such as \"keep_runs: 400 days\"; \"none\" "
                         "keeps none.");
    } else if (e->keep_runs <= 0)
        diag_error(diags, wanted->where, E0305,
                   "runs are to be kept for longer than nothing; \"none\" keeps none");
}

/* ---- rules -------------------------------------------------------------- */

static void load_scripts(engine *e, diags *diags)
{
    script_limits limits = {(size_t)e->project->script_memory_bytes,
                            e->project->script_call_microseconds};
    e->scripts = script_set_new(limits);
    for (size_t i = 0; i < e->project->script_count; i++)
        script_set_add_folder_of(e->scripts, e->project->scripts[i].text);
    for (size_t i = 0; i < e->project->script_count; i++)
        script_set_load(e->scripts, e->project->scripts[i].text,
                        e->project->scripts[i].where, E0311, diags);
}

static void read_rules(engine *e, diags *diags)
{
    carpel_error err;
    e->book =
        rulebook_new(e->schema, e->scripts, e->project->directory, e->zone, e->memory);
    e->rule_sources =
        arena_alloc_array(e->memory, e->project->rule_count + 1, sizeof *e->rule_sources);
    for (size_t i = 0; i < e->project->rule_count; i++) {
        const config_text *path = &e->project->rules[i];
        source *file = source_open(path->text, NULL, &err);
        if (!file) {
            diag_error(diags, path->where, E0307, "%s", err.message);
            continue;
        }
        e->rule_sources[e->rule_source_count++] = file;
        rulebook_add(e->book, parse_rules(file, &e->book->names, e->memory, diags));
    }
}

static bool is_inside(span inner, const yaml_node *node)
{
    return node && inner.file == node->where.file && inner.begin >= node->where.begin &&
           inner.end <= node->where.end;
}

/* Which connectors are opened. */
typedef enum connectors {
    CONNECTORS_NONE,
    CONNECTORS_SOURCES,
    CONNECTORS_ALL
} connectors;

static bool is_of_unopened(const project *p, span where, connectors opened)
{
    for (size_t i = 0; opened == CONNECTORS_NONE && i < p->source_count; i++)
        if (is_inside(where, p->sources[i].node))
            return true;
    for (size_t i = 0; i < p->output_count; i++)
        if (is_inside(where, p->outputs[i].node))
            return true;
    return false;
}

/* A variable that only a connector needs may be unset when that is not opened. */
static project *open_forgiving(const char *directory, connectors opened, diags *problems)
{
    diags *found = diags_new();
    project *p = project_open(directory, found);
    bool is_good = diags_error_count(found) <= DIAGS_MOST_KEPT; /* all are looked at */
    for (size_t i = 0; i < diags_count(found); i++) {
        const diag *d = diags_get(found, i);
        is_good = is_good && p && d->code == E0308 && is_of_unopened(p, d->where, opened);
    }
    bool is_opened = p != NULL && is_good;
    if (!is_opened)
        project_free(p);
    diags_free(found);
    return is_opened ? p : project_open(directory, problems);
}

/* Could a part of the file not be read that names events or traits? What does not find them is
 * no mistake of its own. */
static bool lacks_names(const schema *s, const diags *found)
{
    bool is_empty = s->kind_count == 0 || s->trait_count == 0;
    for (size_t i = 0; i < diags_count(found); i++) {
        diag_code code = diags_get(found, i)->code;
        if (code == E0301 || code == E0303 || (is_empty && code == E0302))
            return true;
    }
    return false;
}

/* `data`: whose events and traits the rules are about; NULL: those of the project. */
static engine *open_project(const char *directory, connectors opened, const engine *data,
                            diags *diags)
{
    project *p = opened == CONNECTORS_ALL ? project_open(directory, diags)
                                          : open_forgiving(directory, opened, diags);
    if (!p)
        return NULL;
    engine *e = memory_alloc_zero(sizeof *e);
    e->project = p;
    e->memory = arena_new();
    e->schema = data ? data->schema : schema_new(p, e->memory, diags);
    e->lacks_names = lacks_names(e->schema, diags);
    if (!e->lacks_names)
        mapping_check_fields(e->schema, p, e->memory, diags);
    open_zone(e, diags);
    read_keep_runs(e, diags);
    engine_read_keep(e, diags);
    e->week_start = e->project->week_start;
    engine_make_catalog(e);
    if (opened != CONNECTORS_NONE && !e->lacks_names)
        engine_make_sources(e, diags);
    if (opened == CONNECTORS_ALL)
        engine_make_outputs(e, diags);
    load_scripts(e, diags);
    read_rules(e, diags);
    return e;
}

engine *engine_open(const char *directory, diags *diags)
{
    return open_project(directory, CONNECTORS_ALL, NULL, diags);
}

engine *engine_open_sources(const char *directory, diags *diags)
{
    return open_project(directory, CONNECTORS_SOURCES, NULL, diags);
}

engine *engine_open_rules(const char *directory, diags *diags)
{
    return open_project(directory, CONNECTORS_NONE, NULL, diags);
}

engine *engine_open_over(const char *directory, engine *data, diags *diags)
{
    engine *e = open_project(directory, CONNECTORS_NONE, data, diags);
    if (e)
        e->data = data;
    return e;
}

void engine_set_cancel(engine *e, cancel *c)
{
    e->cancel = c;
}

aside *engine_begin_rest(const engine *e)
{
    const store *s = e->store;
    return s && s->rest ? aside_begin(s->rest, s->owner) : NULL;
}

void engine_set_clock(engine *e, int64_t now)
{
    e->clock = now;
}

void engine_set_forced(engine *e, bool is_forced)
{
    e->is_forced = is_forced;
}

void engine_set_profiled(engine *e, bool is_profiled)
{
    e->is_profiled = is_profiled;
}

void engine_list_scenarios(engine *e)
{
    size_t count = e->book->decls.count;
    e->scenarios = arena_alloc_array(e->memory, count + 1, sizeof *e->scenarios);
    for (size_t i = 0; i < count; i++) {
        const ast_decl *decl = e->book->decls.items[i];
        if (decl->kind == DECL_SCENARIO)
            e->scenarios[e->scenario_count++] = decl;
    }
}

/* Sources whose plugin or mapping cannot be used were reported: they might bring it. */
static bool is_brought(const engine *e, size_t what,
                       bool (*brings)(const mapping *m, size_t what))
{
    for (size_t i = 0; i < e->project->source_count; i++)
        if (e->sources[i].mapping == NULL || brings(e->sources[i].mapping, what))
            return true;
    return false;
}

static void report_not_brought(span where, const char *what, const char *name,
                               const char *example, diags *diags)
{
    diag_warning(diags, where, W0301, "no source brings the %s \"%s\"", what, name);
    diag_hint(diags, "A source says what its rows bring, for example: %s.", example);
}

/* What rules ask for and no source brings is empty for everybody. */
static void check_brought(const engine *e, diags *diags)
{
    const schema *s = e->schema;
    bool has_sources = e->sources != NULL && e->project->source_count > 0;
    for (size_t i = 0; has_sources && i < e->graph->domain_count; i++) {
        const domain *d = e->graph->domains[i];
        if (d->kind == DOMAIN_EVENTS && d->index < s->kind_count &&
            !is_brought(e, d->index, mapping_brings_kind)) {
            const event_kind *kind = &s->kinds[d->index];
            report_not_brought(kind->where, "event", kind->name,
                               arena_format(e->memory, "event: %s", kind->name), diags);
        } else if (d->kind == DOMAIN_TRAIT &&
                   !is_brought(e, d->index, mapping_brings_trait)) {
            const property *trait = &s->traits[d->index];
            report_not_brought(trait->where, "trait", trait->name,
                               arena_format(e->memory, "traits: [%s]", trait->name),
                               diags);
        }
    }
}

static bool build_graph(engine *e, diags *diags)
{
    lowered_list conditions = {0};
    e->graph = graph_lower(e->book, &conditions, diags);
    if (e->graph)
        lint_graph(e->graph, &conditions, e->book, diags);
    lowered_done(&conditions);
    return e->graph != NULL;
}

static ast_file *parse_more(engine *e, const char *name, const char *rules, diags *diags)
{
    source *file = source_new(name, rules, strlen(rules));
    e->rule_sources[e->rule_source_count++] = file; /* there is room for one more */
    return parse_rules(file, &e->book->names, e->memory, diags);
}

void engine_add_rules(engine *e, const char *name, const char *rules, diags *diags)
{
    rulebook_add(e->book, parse_more(e, name, rules, diags));
}

void engine_replace_rules(engine *e, const char *name, const char *rules, text *notes,
                          diags *diags)
{
    ast_file *file = parse_more(e, name, rules, diags);
    rulebook_append_slips(e->book, file, notes);
    rulebook_replace(e->book, file);
}

/* What was said of the rules was said when they were built first. */
bool engine_build_again(engine *e)
{
    lowered_list conditions = {0};
    diags *again = diags_new();
    graph *g = graph_lower(e->book, &conditions, again);
    lowered_done(&conditions);
    diags_free(again);
    if (!g)
        return false;
    plan_free(e->plan);
    graph_free(e->graph);
    e->graph = g;
    e->plan = plan_new(e->graph, e->zone, e->week_start, e->scripts);
    return true;
}

bool engine_compile(engine *e, diags *diags)
{
    if (e->lacks_names)
        return false;
    fits_check(e, diags);
    read_files(e->book, diags);    /* scripts and lists that the rules name */
    resolve_names(e->book, diags); /* names -> declarations, kinds, traits */
    check_types(e->book, diags);   /* every expression has a type */
    if (diags_has_errors(diags))
        return false;
    e->book->wanted_traits = deliveries_traits(e);
    lint_rules(e->book, diags); /* good, but probably not meant */
    if (!build_graph(e, diags)) /* trees -> one graph of shared nodes, which is linted */
        return false;
    engine_list_scenarios(e);
    engine_read_told(e, diags); /* values of scenarios fit their properties */
    deliveries_check(e, diags);
    audiences_check(e, diags);
    output_paths_check(e, diags);
    if (diags_has_errors(diags))
        return false;
    check_brought(e, diags);
    e->plan = plan_new(e->graph, e->zone, e->week_start, e->scripts);
    return true;
}

void engine_close(engine *e)
{
    if (!e)
        return;
    plan_free(e->plan);
    graph_free(e->graph);
    rulebook_done(e->book);
    engine_end_people(e);
    if (!e->data)
        store_free(e->store);
    origins_free(e->origins);
    quarantine_free(e->quarantine);
    script_set_free(e->scripts);
    for (size_t i = 0; i < e->rule_source_count; i++)
        source_free(e->rule_sources[i]);
    catalog_free(e->catalog);
    zone_free(e->zone);
    memory_free(e->person_order);
    memory_free(e->withheld);
    arena_free(e->memory);
    project_free(e->project);
    memory_free(e);
}

/* ---- questions ---------------------------------------------------------- */

void engine_watch_scripts(engine *e, bool is_on)
{
    script_set_watch_lines(e->scripts, is_on);
}

void engine_print_scripts(engine *e, script_printer to)
{
    script_set_print_to(e->scripts, to);
}

script_set *engine_scripts(const engine *e)
{
    return e->scripts;
}

const zone *engine_zone(const engine *e)
{
    return e->zone;
}

const schema *engine_schema(const engine *e)
{
    return e->schema;
}

const char *engine_name(const engine *e)
{
    return e->project->name.text;
}

size_t engine_file_count(const engine *e)
{
    return e->book->files.count;
}

const ast_file *engine_file(const engine *e, size_t index)
{
    return e->book->files.items[index];
}

const graph *engine_graph(const engine *e)
{
    return e->graph;
}

bool engine_keeps_runs(const engine *e)
{
    return e->keep_runs > 0;
}

const store *engine_store(const engine *e)
{
    return e->store;
}

uint64_t engine_refused_count(const engine *e)
{
    return e->quarantine ? quarantine_count(e->quarantine) : 0;
}

const withheld *engine_withheld(const engine *e, size_t *count)
{
    *count = e->withheld_count;
    return e->withheld;
}

uint64_t engine_skipped_count(const engine *e)
{
    uint64_t count = 0;
    for (size_t i = 0; i < e->intake_count; i++)
        count += e->intakes[i].skipped;
    return count;
}

size_t engine_intake_count(const engine *e)
{
    return e->intake_count;
}

const engine_intake *engine_intake_of(const engine *e, size_t source)
{
    return &e->intakes[source];
}

const quarantine *engine_quarantine(const engine *e)
{
    return e->quarantine;
}

bool engine_read_time(const engine *e, const char *typed, int64_t *out, carpel_error *err)
{
    const char *reason;
    if (value_read_time(slice_of(typed), NULL, e->zone, out, &reason))
        return true;
    return carpel_fail(
        err, CARPEL_E_INPUT,
        "cannot read \"%s\" as a time: %s (write 2026-03-01, 2026-03-01T10:00, or "
        "2026-03-01T10:00:00Z)",
        typed, reason);
}

const uint32_t *engine_person_order(engine *e)
{
    size_t count = e->store->person_count; /* behind the people are their other ids */
    if (e->person_order)
        return e->person_order;
    e->person_order = memory_alloc_array(count + 1, sizeof *e->person_order);
    dictionary_sort(e->store->persons, count, e->person_order);
    return e->person_order;
}
