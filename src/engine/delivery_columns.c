/* SPDX-License-Identifier: MIT */
#include "engine/delivery_columns.h"

#include <string.h>

#include "engine/deliveries.h"
#include "engine/parts.h"
#include "report/suggest.h"
#include "value/value.h"

/* ---- the table's own columns ------------------------------------------------ */

typedef struct own_column {
    const char *name;
    result_kind kind;
    type_kind type;
    bool of_members, of_values, of_people, of_changes; /* tables that have it */
} own_column;

static const own_column own_columns[] = {
    {"segment", RESULT_SEGMENT, TYPE_STRING, true, false, false, true},
    {"score", RESULT_SEGMENT, TYPE_STRING, false, true, false, false},
    {"person", RESULT_ID, TYPE_STRING, true, true, true, true},
    {"as_of", RESULT_INSTANT, TYPE_TIME, true, true, true, true},
    {"value", RESULT_OWN_VALUE, TYPE_NUMBER, false, true, false, false},
    {"change", RESULT_CHANGE, TYPE_STRING, false, false, false, true},
    {"from", RESULT_FROM, TYPE_STRING, false, false, false, true},
    {"to", RESULT_TO, TYPE_STRING, false, false, false, true},
    {"reason", RESULT_REASON, TYPE_STRING, false, false, false, true},
    {"since", RESULT_SINCE, TYPE_TIME, false, false, false, true},
    {"since_run", RESULT_SINCE_RUN, TYPE_DECIMAL, false, false, false, true},
};

enum { OWN_COLUMNS = sizeof own_columns / sizeof *own_columns };

static bool has_own(const config_output *o, const own_column *own)
{
    if (o->is_changes)
        return own->of_changes;
    if (o->is_wide)
        return own->of_people;
    return delivers_values(o) ? own->of_values : own->of_members;
}

static const own_column *find_own(const config_output *o, const char *name)
{
    for (size_t i = 0; i < OWN_COLUMNS; i++)
        if (strcmp(own_columns[i].name, name) == 0 && has_own(o, &own_columns[i]))
            return &own_columns[i];
    return NULL;
}

/* ---- what a name stands for ------------------------------------------------- */

static bool is_trait_alone(const config_column *c)
{
    return strncmp(c->from.text, "user.", 5) == 0;
}

const char *delivery_trait_name(const config_column *c)
{
    return is_trait_alone(c) ? c->from.text + 5 : c->from.text;
}

/* Of several sorts that have the name, the first of column_kind. */
static void find_rule(const graph *g, const char *name, column_meaning *m)
{
    for (size_t i = 0; i < g->rule_count; i++) {
        const rule *r = &g->rules[i];
        column_kind kind = COLUMN_UNKNOWN;
        if (r->kind == RULE_SCORE && strcmp(r->name, name) == 0)
            kind = COLUMN_SCORE;
        else if (r->kind == RULE_GROUP && strcmp(g->groups[r->groups].name, name) == 0)
            kind = COLUMN_SET;
        else if ((r->kind == RULE_GROUP || r->kind == RULE_SEGMENT) &&
                 strcmp(r->path, name) == 0)
            kind = COLUMN_MEMBER;
        if (kind == COLUMN_UNKNOWN || (m->kind != COLUMN_UNKNOWN && m->kind <= kind))
            continue;
        m->kind = kind;
        m->type = kind == COLUMN_SCORE ? r->node->type
                  : kind == COLUMN_SET ? (type){TYPE_STRING, 0}
                                       : (type){TYPE_BOOL, 0};
    }
}

/* What the values of all scores of the output are. */
static type common_type(const engine *e, const config_output *o)
{
    type all = {TYPE_ERROR, 0};
    for (size_t i = 0; i < o->score_count; i++) {
        column_meaning score = {.kind = COLUMN_UNKNOWN};
        for (const graph *g = e->graph; g; g = g->accounts)
            find_rule(g, o->scores[i].text, &score);
        if (all.kind == TYPE_ERROR)
            all = score.type;
        else
            deliveries_common_type(all, score.type, &all);
    }
    return all;
}

column_meaning delivery_column_meaning(const engine *e, const config_output *o,
                                       const config_column *c)
{
    column_meaning m = {.kind = COLUMN_UNKNOWN, .name = delivery_trait_name(c)};
    const own_column *own = is_trait_alone(c) ? NULL : find_own(o, m.name);
    size_t trait = own ? SCHEMA_NONE : schema_find_trait(e->schema, m.name);
    if (own) {
        m.kind = COLUMN_OWN;
        m.own = own->kind;
        m.type = own->kind == RESULT_OWN_VALUE ? common_type(e, o) : (type){own->type, 0};
    } else if (trait != SCHEMA_NONE) {
        m.kind = COLUMN_TRAIT;
        m.type = e->schema->traits[trait].type;
    } else if (!is_trait_alone(c)) {
        find_rule(e->graph, m.name, &m);
        if (m.kind == COLUMN_UNKNOWN && e->graph->accounts) {
            find_rule(e->graph->accounts, m.name, &m);
            m.is_of_accounts = m.kind != COLUMN_UNKNOWN;
        }
    }
    return m;
}

/* ---- the check ---------------------------------------------------------------- */

static void suggest_names(const engine *e, const config_output *o, suggestion *s)
{
    for (size_t i = 0; i < OWN_COLUMNS; i++)
        if (has_own(o, &own_columns[i]))
            suggest_consider(s, own_columns[i].name);
    for (size_t i = 0; i < e->schema->trait_count; i++)
        suggest_consider(s, e->schema->traits[i].name);
    for (size_t i = 0; i < e->graph->rule_count; i++)
        suggest_consider(s, e->graph->rules[i].path ? e->graph->rules[i].path
                                                    : e->graph->rules[i].name);
}

static void refuse_name(const engine *e, const config_output *o, const config_column *c,
                        diags *diags)
{
    suggestion s = suggest_begin(c->from.text);
    const char *name = delivery_trait_name(c);
    if (schema_find_list_trait(e->schema, name) != SCHEMA_NONE) {
        diag_error(diags, c->from.where, E0106,
                   "the trait \"%s\" is a list, and a column has one value", name);
        diag_hint(diags, "Deliver a score, such as: score how_many = count(user.%s)",
                  name);
        return;
    }
    diag_error(diags, c->from.where, E0106,
               "no column, trait, score, segment or set of groups is named \"%s\"",
               c->from.text);
    suggest_names(e, o, &s);
    if (suggest_best(&s))
        diag_hint(diags, "Did you mean \"%s\"?", suggest_best(&s));
    else
        diag_hint(diags, "Traits are declared under \"traits\" of the project.");
}

/* Can something be done to the text of the value? Of others a destination makes nothing. */
static bool has_text(const column_meaning *m)
{
    bool is_word =
        m->kind == COLUMN_OWN &&
        (m->own == RESULT_CHANGE || m->own == RESULT_FROM || m->own == RESULT_TO ||
         m->own == RESULT_REASON || m->own == RESULT_SINCE_RUN);
    return !is_word && (type_is_text(m->type) || type_is_moment(m->type) ||
                        m->type.kind == TYPE_DECIMAL);
}

static void check_format(const config_column *c, const column_meaning *m, bool is_preset,
                         diags *diags)
{
    const char *reason, *format = c->format.text;
    if (!format || (is_preset && !type_is_moment(m->type)))
        return;
    if (!type_is_moment(m->type)) {
        diag_error(diags, c->format.where, E0305,
                   "\"%s\" is a %s, and times and dates have a format", c->from.text,
                   type_kind_name(m->type.kind));
        diag_hint(diags, "Leave \"format\" out.");
    } else if (!value_check_written_format(format, &reason)) {
        diag_error(diags, c->format.where, E0305, "cannot write times as \"%s\": %s",
                   format, reason);
        diag_hint(diags, "For example: format: \"%%d.%%m.%%Y\"");
    } else if (strstr(format, "%Z") && c->zone.text) {
        diag_error(diags, c->format.where, E0305,
                   "%%Z is written as UTC, and the column has a zone");
        diag_hint(diags, "Write %%z, the distance from UTC.");
    }
}

static void check_zone(const engine *e, const config_column *c, diags *diags)
{
    const zone *z;
    carpel_error err;
    if (!c->zone.text)
        return;
    if (!c->format.text) {
        diag_error(diags, c->zone.where, E0304, "a zone needs a format to show it in");
        diag_hint(diags, "For example: format: \"%%Y-%%m-%%d %%H:%%M\"");
    } else if (!zone_open_in(c->zone.text, e->memory, &z, &err)) {
        diag_error(diags, c->zone.where, E0305, "%s", err.message);
    }
}

static void check_one(const engine *e, const config_output *o, const config_column *c,
                      diags *diags)
{
    column_meaning m = delivery_column_meaning(e, o, c);
    if (m.kind == COLUMN_UNKNOWN) {
        refuse_name(e, o, c, diags);
        return;
    }
    check_format(c, &m, o->preset.text != NULL, diags);
    check_zone(e, c, diags);
    if ((c->form == NORMAL_NONE && !c->is_hashed) || has_text(&m))
        return;
    diag_error(diags, c->where, E0305,
               "\"%s\" has no text that could be given a form or hashed", c->from.text);
    diag_hint(diags, "Texts, whole numbers, times and dates have.");
}

/* What is named elsewhere stands in no column. */
static void refuse_unnamed(const config_text *name, const char *key, diags *diags)
{
    diag_error(diags, name->where, E0305,
               "this output has just the columns that it names, and \"%s\" is none of "
               "them",
               name->text);
    diag_hint(diags, "Name it under \"columns\", and leave \"%s\" out.", key);
}

/* Rows of those who entered and left would be the same. */
static void check_change(const engine *e, const config_output *o, diags *diags)
{
    const yaml_node *columns = yaml_get(o->node, "columns");
    if (o->changes != CHANGES_ALL || o->preset.text || !columns)
        return;
    for (size_t i = 0; i < o->column_count; i++) {
        column_meaning m = delivery_column_meaning(e, o, &o->columns[i]);
        if (m.kind == COLUMN_OWN && m.own == RESULT_CHANGE)
            return;
    }
    diag_error(diags, columns->where, E0305,
               "no column is \"change\", so nobody could tell who entered from who left");
    diag_hint(diags,
              columns->kind == YAML_MAPPING
                  ? "Add \"change: change\" to \"columns\", or write \"changes: "
                    "additions\" or \"changes: removals\"."
                  : "Add \"change\" to \"columns\", or write \"changes: additions\" or "
                    "\"changes: removals\".");
}

void delivery_columns_check(const engine *e, const config_output *o, diags *diags)
{
    for (size_t i = 0; i < o->column_count; i++)
        check_one(e, o, &o->columns[i], diags);
    check_change(e, o, diags);
    if (o->score_count > 0 && !delivers_values(o))
        refuse_unnamed(&o->scores[0], "scores", diags);
    if (o->segment_count > 0 && o->is_wide)
        refuse_unnamed(&o->segments[0], "segments", diags);
}
