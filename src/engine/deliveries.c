/* SPDX-License-Identifier: MIT
 *
 * From the keys of an output to the columns of its table: names are checked when the
 * project is compiled, and bound to values when there is a result.
 */
#include "engine/deliveries.h"

#include <string.h>
#include <strings.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "base/name_index.h"
#include "engine/delivery_columns.h"
#include "engine/parts.h"
#include "report/suggest.h"

/* ---- names -------------------------------------------------------------- */

/* What a name under "segments" or "scores" stands for. */
typedef struct found {
    const rule *rule; /* of a set, the first of its groups; NULL: nothing has the name */
    bool is_set, is_of_accounts;
} found;

/* Rules by name, of people and of accounts. */
typedef struct rule_names {
    const char *sort;               /* "segment, group or set of groups" */
    const char *key;                /* under which they are named: "segments" */
    const struct rule_names *other; /* those of the other key */
    found *items;
    const char **names;
    size_t count;
    name_index index;
    arena *memory;
    size_t compared; /* names that were weighed for suggestions */
} rule_names;

static void names_add(rule_names *n, const char *name, found what)
{
    n->items[n->count] = what;
    n->names[n->count] = name;
    name_index_add(&n->index, n->memory, name, n->count++);
}

static rule_names names_new(const engine *e, const char *sort, const char *key)
{
    size_t most = 0;
    for (const graph *g = e->graph; g; g = g->accounts)
        most += g->rule_count + g->group_count;
    return (rule_names){.sort = sort,
                        .key = key,
                        .items = arena_alloc_array(e->memory, most + 1, sizeof(found)),
                        .names = arena_alloc_array(e->memory, most + 1, sizeof(char *)),
                        .memory = e->memory};
}

static rule_names segment_names(const engine *e)
{
    rule_names n = names_new(e, "segment, group or set of groups", "segments");
    for (const graph *g = e->graph; g; g = g->accounts) {
        bool is_of_accounts = g != e->graph;
        size_t set = SIZE_MAX; /* of the rule before */
        for (size_t i = 0; i < g->rule_count; i++) {
            const rule *r = &g->rules[i];
            if (r->kind != RULE_SEGMENT && r->kind != RULE_GROUP)
                continue;
            names_add(&n, r->path, (found){r, false, is_of_accounts});
            if (r->kind == RULE_GROUP && r->groups != set)
                names_add(&n, g->groups[r->groups].name,
                          (found){r, true, is_of_accounts});
            set = r->kind == RULE_GROUP ? r->groups : SIZE_MAX;
        }
    }
    return n;
}

static rule_names score_names(const engine *e)
{
    rule_names n = names_new(e, "score", "scores");
    for (const graph *g = e->graph; g; g = g->accounts)
        for (size_t i = 0; i < g->rule_count; i++)
            if (g->rules[i].kind == RULE_SCORE)
                names_add(&n, g->rules[i].name,
                          (found){&g->rules[i], false, g != e->graph});
    return n;
}

static bool has_title(const found *f, const char *wanted)
{
    const char *title = f->is_set ? NULL : f->rule->title;
    return title && strcasecmp(title, wanted) == 0;
}

/* `lapsed`, where a set of groups has that one: stage.lapsed. */
static bool is_group(const char *path, const char *wanted)
{
    const char *point = strrchr(path, '.');
    return point && strcmp(point + 1, wanted) == 0;
}

/* Which name was meant, unless there are too many to compare with; perhaps by the title, or of
 * a group without its set. */
static const char *similar_name(rule_names *n, const char *wanted)
{
    enum { MOST_COMPARED = 1000000 };
    suggestion s = suggest_begin(wanted);
    n->compared += n->count;
    for (size_t i = 0; n->compared <= MOST_COMPARED && i < n->count; i++) {
        if (has_title(&n->items[i], wanted) || is_group(n->names[i], wanted))
            return n->names[i];
        suggest_consider(&s, n->names[i]);
    }
    return suggest_best(&s);
}

static found find_name(rule_names *n, const config_text *wanted, diags *diags)
{
    size_t number = name_index_find(&n->index, wanted->text);
    if (number != SIZE_MAX)
        return n->items[number];
    diag_error(diags, wanted->where, E0106, "no %s is named \"%s\"", n->sort,
               wanted->text);
    if (strcmp(wanted->text, "*") == 0 || strcasecmp(wanted->text, "all") == 0) {
        diag_hint(diags, "Leave the key out: then all of them are written.");
        return (found){0};
    }
    if (name_index_find(&n->other->index, wanted->text) != SIZE_MAX) {
        diag_hint(diags, "That is a %s: name it under \"%s\".", n->other->sort,
                  n->other->key);
        return (found){0};
    }
    const char *similar = similar_name(n, wanted->text);
    if (strchr(wanted->text, ',')) {
        diag_hint(diags, "A list stands in square brackets: [%s].", wanted->text);
        diag_fix(diags, wanted->where, "[%s]", wanted->text);
    } else if (similar) {
        diag_hint(diags, "Did you mean \"%s\"?", similar);
    }
    return (found){0};
}

static found *find_names(const engine *e, rule_names *n, const config_text *wanted,
                         size_t count, diags *diags)
{
    found *all = arena_alloc_array(e->memory, count + 1, sizeof *all);
    for (size_t i = 0; i < count; i++)
        all[i] = find_name(n, &wanted[i], diags);
    return all;
}

/* ---- traits ------------------------------------------------------------- */

/* Columns that each output has by itself. */
static bool is_own_column(const char *name)
{
    return strcmp(name, "person") == 0 || strcmp(name, "as_of") == 0;
}

static void check_trait(const engine *e, const config_text *wanted, diags *diags)
{
    suggestion s = suggest_begin(wanted->text);
    if (schema_find_trait(e->schema, wanted->text) != SCHEMA_NONE ||
        is_own_column(wanted->text))
        return; /* an own column is there already, which is told with the columns */
    if (schema_find_list_trait(e->schema, wanted->text) != SCHEMA_NONE) {
        diag_error(diags, wanted->where, E0106,
                   "the trait \"%s\" is a list, and a column has one value",
                   wanted->text);
        diag_hint(diags, "Deliver a score, such as: score how_many = count(user.%s)",
                  wanted->text);
        return;
    }
    diag_error(diags, wanted->where, E0106, "no trait is named \"%s\"", wanted->text);
    if (strcmp(wanted->text, "id") == 0 || strcmp(wanted->text, "user_id") == 0) {
        diag_hint(diags, "Each row begins with the person: leave it out.");
        return;
    }
    if (strchr(wanted->text, ',') != NULL) {
        diag_hint(diags, "A list stands in square brackets: [%s].", wanted->text);
        return;
    }
    if (strncmp(wanted->text, "user.", 5) == 0 &&
        schema_find_trait(e->schema, wanted->text + 5) != SCHEMA_NONE) {
        diag_hint(diags, "Here it stands without \"user.\": %s.", wanted->text + 5);
        return;
    }
    for (size_t i = 0; i < e->schema->trait_count; i++)
        suggest_consider(&s, e->schema->traits[i].name);
    if (suggest_best(&s))
        diag_hint(diags, "Did you mean \"%s\"?", suggest_best(&s));
}

const bool *deliveries_traits(const engine *e)
{
    bool *wanted = NULL;
    for (size_t i = 0; i < e->project->output_count; i++) {
        const config_output *o = &e->project->outputs[i];
        for (size_t c = 0; c < o->column_count; c++) {
            size_t trait =
                schema_find_trait(e->schema, delivery_trait_name(&o->columns[c]));
            if (!wanted)
                wanted = arena_alloc_array(e->memory, e->schema->trait_count + 1,
                                           sizeof *wanted);
            if (trait != SCHEMA_NONE)
                wanted[trait] = true;
        }
    }
    return wanted;
}

/* ---- shapes ------------------------------------------------------------- */

static bool is_number(type t)
{
    return t.kind == TYPE_DECIMAL || t.kind == TYPE_NUMBER;
}

bool deliveries_common_type(type a, type b, type *out)
{
    bool is_same = type_equals(a, b), are_numbers = is_number(a) && is_number(b);
    *out = is_same ? a : (type){TYPE_NUMBER, 0};
    return is_same || are_numbers;
}

/* Do values of all scores fit in one column? */
static void check_types(const found *scores, const config_output *o, diags *diags)
{
    type all = {TYPE_ERROR, 0};
    for (size_t i = 0; i < o->score_count; i++) {
        if (!scores[i].rule)
            continue;
        type own = scores[i].rule->node->type;
        if (all.kind == TYPE_ERROR)
            all = own;
        if (deliveries_common_type(all, own, &all))
            continue;
        diag_error(diags, o->scores[i].where, E0305,
                   "the scores of this output have values of different types");
        diag_hint(diags, "Write \"shape: wide\", which gives each score a column of its "
                         "own, or an output for each.");
        return;
    }
}

/* ---- names of columns --------------------------------------------------- */

/* What is a column already, by name. */
typedef struct column_names {
    name_index index;
    bool are_given; /* by the project, each one */
    arena *memory;
    diags *diags;
} column_names;

static void reserve(column_names *names, const char *name)
{
    name_index_add(&names->index, names->memory, name, 0);
}

static void check_column(column_names *names, const config_text *name)
{
    if (name_index_find(&names->index, name->text) == SIZE_MAX) {
        name_index_add(&names->index, names->memory, name->text, 0);
        return;
    }
    diag_error(names->diags, name->where, E0305,
               "this output has a column named \"%s\" already", name->text);
    if (names->are_given)
        diag_hint(names->diags, "Give one of them another name.");
    else if (is_own_column(name->text))
        diag_hint(names->diags, "It is there by itself: leave it out.");
    else
        diag_hint(names->diags,
                  "Leave one of them out, or write it with an output of its own.");
}

/* A list that is uploaded may have several emails, one a column. */
static void check_exact_columns(const engine *e, const config_output *o, diags *diags)
{
    column_names names = {.are_given = true, .memory = e->memory, .diags = diags};
    for (size_t i = 0; !o->preset.text && i < o->column_count; i++)
        check_column(&names, &o->columns[i].name);
    delivery_columns_check(e, o, diags);
}

static void check_columns(const engine *e, const config_output *o, diags *diags)
{
    column_names names = {.memory = e->memory, .diags = diags};
    if (o->is_exact) {
        check_exact_columns(e, o, diags);
        return;
    }
    reserve(&names, "person");
    reserve(&names, "as_of");
    static const char *const of_changes[] = {"change", "from",  "to",
                                             "reason", "since", "since_run"};
    for (size_t i = 0; o->is_changes && i < sizeof of_changes / sizeof *of_changes; i++)
        reserve(&names, of_changes[i]);
    if (delivers_values(o))
        reserve(&names, "value");
    if (!o->is_wide)
        reserve(&names, delivers_values(o) ? "score" : "segment");
    for (size_t i = 0; o->is_wide && i < o->segment_count; i++)
        check_column(&names, &o->segments[i]);
    for (size_t i = 0; !delivers_values(o) && i < o->score_count; i++)
        check_column(&names, &o->scores[i]);
    for (size_t i = 0; i < o->column_count; i++)
        check_column(&names, &o->columns[i].from);
}

/* ---- people and accounts ------------------------------------------------ */

/* Beside a value of a person nothing of an account can stand, and traits are those of
 * people. Tables of memberships alone may hold both. */
typedef struct parties {
    bool has_people, has_accounts;
    bool is_reported;
    diags *diags;
} parties;

static void take_party(parties *p, bool is_of_accounts, const config_text *name)
{
    p->has_people |= !is_of_accounts;
    p->has_accounts |= is_of_accounts;
    if (p->is_reported || !p->has_people || !p->has_accounts)
        return;
    p->is_reported = true;
    diag_error(p->diags, name->where, E0305,
               "\"%s\" is about %s, and other columns of this output are about %s",
               name->text, is_of_accounts ? "accounts" : "people",
               is_of_accounts ? "people" : "accounts");
    diag_hint(p->diags, "Write two outputs, one about people and one about accounts.");
}

/* The table's own columns go with both. */
static bool is_of_somebody(const engine *e, const config_output *o,
                           const config_column *c, bool *is_of_accounts)
{
    column_meaning m = delivery_column_meaning(e, o, c);
    *is_of_accounts = m.is_of_accounts;
    return m.kind != COLUMN_UNKNOWN && m.kind != COLUMN_OWN;
}

static void check_parties(const engine *e, const config_output *o, const found *segments,
                          const found *scores, diags *diags)
{
    parties p = {.diags = diags};
    bool is_of_accounts;
    if (delivers_memberships(o) && o->score_count + o->column_count == 0)
        return;
    for (size_t i = 0; i < o->segment_count; i++)
        if (segments[i].rule)
            take_party(&p, segments[i].is_of_accounts, &o->segments[i]);
    for (size_t i = 0; i < o->score_count; i++)
        if (scores[i].rule)
            take_party(&p, scores[i].is_of_accounts, &o->scores[i]);
    for (size_t i = 0; i < o->column_count; i++)
        if (!o->is_exact)
            take_party(&p, false, &o->columns[i].from);
        else if (is_of_somebody(e, o, &o->columns[i], &is_of_accounts))
            take_party(&p, is_of_accounts, &o->columns[i].from);
}

static void check_rows(const config_output *o, diags *diags)
{
    if (!delivers_memberships(o) || o->segment_count > 0 || o->column_count == 0 ||
        o->is_changes || o->is_exact)
        return;
    diag_error(diags, o->columns[0].where, E0305,
               "this output has traits and no rows to write them in");
    diag_hint(diags,
              "Name \"segments\" or \"scores\", too, or write \"shape: wide\", a row "
              "for each person.");
}

/* Changes are told of what is remembered. */
static void check_changes(const engine *e, const config_output *o, diags *diags)
{
    if (!o->is_changes)
        return;
    if (o->is_wide) {
        diag_error(diags, o->changes_where, E0305,
                   "changes are rows of their own, and this output has a row a person");
        diag_hint(diags, "Leave out \"shape: wide\", or write two outputs.");
    }
    if (e->keep_runs == 0) {
        diag_error(diags, o->changes_where, E0305,
                   "changes are told against a run that is remembered, and this project "
                   "remembers none");
        diag_hint(diags, "Leave out \"keep_runs: none\".");
    }
}

/* Who goes from one group to another is neither added to a set nor removed. */
static void check_halves(const config_output *o, const found *segments, diags *diags)
{
    if (o->changes != CHANGES_ADDITIONS && o->changes != CHANGES_REMOVALS)
        return;
    if (o->segment_count == 0) {
        diag_error(diags, o->changes_where, E0304,
                   "additions and removals need \"segments\": those whose they are");
        diag_hint(diags, "For example: segments: [vip, lifecycle.active]");
    }
    for (size_t i = 0; i < o->segment_count; i++)
        if (segments[i].rule && segments[i].is_set) {
            diag_error(diags, o->segments[i].where, E0305,
                       "\"%s\" is a set of groups, between which people also move",
                       o->segments[i].text);
            diag_hint(diags, "Name the groups, such as %s.%s.", o->segments[i].text,
                      segments[i].rule->name);
        }
}

void deliveries_check(const engine *e, diags *diags)
{
    rule_names segments = segment_names(e), scores = score_names(e);
    segments.other = &scores;
    scores.other = &segments;
    for (size_t i = 0; i < e->project->output_count; i++) {
        const config_output *o = &e->project->outputs[i];
        found *in = find_names(e, &segments, o->segments, o->segment_count, diags);
        found *of = find_names(e, &scores, o->scores, o->score_count, diags);
        for (size_t c = 0; c < o->column_count && !o->is_exact; c++)
            check_trait(e, &o->columns[c].from, diags);
        check_rows(o, diags);
        check_changes(e, o, diags);
        check_halves(o, in, diags);
        check_columns(e, o, diags);
        check_parties(e, o, in, of, diags);
        if (delivers_values(o))
            check_types(of, o, diags);
    }
}
