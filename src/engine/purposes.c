/* SPDX-License-Identifier: MIT */
#include "engine/purposes.h"

#include <string.h>

#include "engine/delivery_columns.h"
#include "engine/parts.h"
#include "report/suggest.h"

const char *purposes_rule_name(const graph *g, const rule *r)
{
    return r->kind == RULE_GROUP ? g->groups[r->groups].name : r->name;
}

const char *purposes_of(const engine *e, const char *name)
{
    for (size_t i = 0; i < e->book->decls.count; i++) {
        const ast_decl *decl = e->book->decls.items[i];
        bool has_results = decl->kind == DECL_SEGMENT || decl->kind == DECL_GROUPS ||
                           decl->kind == DECL_SPLIT || decl->kind == DECL_SCORE;
        if (has_results && decl->purpose.text && strcmp(decl->name.text, name) == 0)
            return decl->purpose.text;
    }
    return NULL;
}

bool purposes_differ(const engine *e, const config_output *o, const char *name)
{
    const char *purpose = o->purpose.text ? purposes_of(e, name) : NULL;
    return purpose && strcmp(purpose, o->purpose.text) != 0;
}

const config_consent *purposes_consent(const engine *e, const config_output *o)
{
    const project *p = e->project;
    for (size_t i = 0; o->purpose.text && i < p->consent_count; i++)
        if (strcmp(p->consents[i].purpose.text, o->purpose.text) == 0)
            return &p->consents[i];
    return NULL;
}

/* ---- outputs --------------------------------------------------------------------- */

/* The name of a rule from that of one of its groups. */
static const char *rule_named(const engine *e, const char *name)
{
    for (const graph *g = e->graph; g; g = g->accounts)
        for (size_t i = 0; i < g->rule_count; i++)
            if (g->rules[i].path && strcmp(g->rules[i].path, name) == 0)
                return purposes_rule_name(g, &g->rules[i]);
    return name;
}

static void check_rule(const engine *e, const config_output *o, const config_text *named,
                       const char *name, diags *diags)
{
    const char *purpose = purposes_of(e, rule_named(e, name));
    if (!purpose)
        return;
    if (o->purpose.text && strcmp(purpose, o->purpose.text) != 0) {
        diag_error(diags, named->where, E0312,
                   "\"%s\" is for %s, and this output is for %s", named->text, purpose,
                   o->purpose.text);
        diag_hint(diags, "Deliver it with an output that has \"purpose: %s\".", purpose);
    } else if (!o->purpose.text && !e->project->has_consent) {
        diag_warning(diags, named->where, W0304,
                     "\"%s\" is for %s, and this output does not say what it is for",
                     named->text, purpose);
        diag_hint(diags, "Add \"purpose: %s\".", purpose);
    }
}

static void check_rules(const engine *e, const config_output *o, diags *diags)
{
    for (size_t i = 0; i < o->segment_count; i++)
        check_rule(e, o, &o->segments[i], o->segments[i].text, diags);
    for (size_t i = 0; i < o->score_count; i++)
        check_rule(e, o, &o->scores[i], o->scores[i].text, diags);
    for (size_t i = 0; o->is_exact && i < o->column_count; i++) {
        column_meaning m = delivery_column_meaning(e, o, &o->columns[i]);
        if (m.kind > COLUMN_TRAIT)
            check_rule(e, o, &o->columns[i].from, m.name, diags);
    }
}

/* An output that names no segments gets them all. */
static void warn_of_all(const engine *e, const config_output *o, diags *diags)
{
    if (o->purpose.text || e->project->has_consent ||
        o->segment_count + o->score_count + o->column_count > 0)
        return;
    for (size_t i = 0; i < e->book->decls.count; i++) {
        const ast_decl *decl = e->book->decls.items[i];
        if (decl->purpose.text && decl->kind != DECL_SCORE) {
            config_text name = {decl->name.text, o->node->where};
            check_rule(e, o, &name, decl->name.text, diags);
            return;
        }
    }
}

static void check_purpose(const engine *e, const config_output *o, diags *diags)
{
    const project *p = e->project;
    if (!p->has_consent)
        return;
    suggestion s = suggest_begin(o->purpose.text ? o->purpose.text : "");
    for (size_t i = 0; i < p->consent_count; i++)
        suggest_consider(&s, p->consents[i].purpose.text);
    if (!o->purpose.text) {
        diag_error(diags, o->node->where, E0304,
                   "the output \"%s\" does not say what it is for, and this project asks "
                   "people for consent",
                   o->name.text ? o->name.text : "");
        diag_hint(diags, "Add \"purpose: %s\", or another one that \"consent\" knows.",
                  p->consent_count > 0 ? p->consents[0].purpose.text : "marketing");
    } else if (!purposes_consent(e, o)) {
        diag_error(diags, o->purpose.where, E0312,
                   "\"consent\" does not say who has consented to %s", o->purpose.text);
        if (suggest_best(&s))
            diag_hint(diags, "Did you mean \"%s\"?", suggest_best(&s));
        else
            diag_hint(diags,
                      "Name a trait under \"consent\", or \"%s: everyone\" when nobody "
                      "has to be asked.",
                      o->purpose.text);
    }
}

/* ---- consents --------------------------------------------------------------------- */

static void check_trait(const engine *e, const config_consent *c, diags *diags)
{
    size_t trait = schema_find_trait(e->schema, c->trait.text);
    if (trait == SCHEMA_NONE) {
        diag_error(diags, c->trait.where, E0106, "no trait is named \"%s\"",
                   c->trait.text);
        const char *similar = schema_similar_trait(e->schema, c->trait.text);
        if (similar)
            diag_hint(diags, "Did you mean \"%s\"?", similar);
    } else if (e->schema->traits[trait].type.kind != TYPE_BOOL) {
        diag_error(diags, c->trait.where, E0305,
                   "consent is true or false, and the trait \"%s\" is a %s",
                   c->trait.text, type_kind_name(e->schema->traits[trait].type.kind));
        diag_hint(diags,
                  "Declare \"%s: bool\", and say under \"clean\" of its source which "
                  "words are true: {true: [granted], false: [denied]}.",
                  c->trait.text);
    }
}

static size_t check_event(const engine *e, const config_text *name, diags *diags)
{
    size_t kind = schema_find_kind(e->schema, name->text);
    if (kind != SCHEMA_NONE)
        return kind;
    diag_error(diags, name->where, E0104, "no event kind is named \"%s\"", name->text);
    const char *similar = schema_similar_kind(e->schema, name->text);
    if (similar)
        diag_hint(diags, "Did you mean \"%s\"?", similar);
    return SCHEMA_NONE;
}

static const kind_keep *find_keep(const engine *e, size_t kind)
{
    for (size_t i = 0; i < e->keep_count; i++)
        if (e->keeps[i].kind == kind)
            return &e->keeps[i];
    return NULL;
}

/* A withdrawal that is forgotten before what it withdraws would bring that back. */
static void check_keeps(const engine *e, const config_consent *c, size_t given,
                        size_t withdrawn, diags *diags)
{
    const kind_keep *of_withdrawn = find_keep(e, withdrawn),
                    *of_given = find_keep(e, given);
    if (!of_withdrawn ||
        (of_given && of_given->length.unit == of_withdrawn->length.unit &&
         of_given->length.count <= of_withdrawn->length.count))
        return;
    diag_error(diags, c->withdrawn.where, E0305,
               "\"%s\" is not kept as long as \"%s\", and a withdrawal that is gone "
               "withdraws nothing",
               c->withdrawn.text, c->given.text);
    diag_hint(diags, "Give both the same time under \"keep\", or leave \"%s\" out there.",
              c->withdrawn.text);
}

static void check_consent(const engine *e, const config_consent *c, diags *diags)
{
    if (c->is_broken || c->is_everyone)
        return;
    if (c->trait.text) {
        check_trait(e, c, diags);
        return;
    }
    size_t given = check_event(e, &c->given, diags);
    size_t withdrawn = check_event(e, &c->withdrawn, diags);
    if (given != SCHEMA_NONE && withdrawn != SCHEMA_NONE)
        check_keeps(e, c, given, withdrawn, diags);
}

void purposes_check(const engine *e, diags *diags)
{
    for (size_t i = 0; i < e->project->consent_count; i++)
        check_consent(e, &e->project->consents[i], diags);
    for (size_t i = 0; i < e->project->output_count; i++) {
        const config_output *o = &e->project->outputs[i];
        check_purpose(e, o, diags);
        check_rules(e, o, diags);
        warn_of_all(e, o, diags);
    }
}
