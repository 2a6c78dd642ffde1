/* SPDX-License-Identifier: MIT
 *
 * What scenarios tell: values are worked out by the engine itself, like those of rules,
 * and brought to the types of their properties; then people, events and traits become a
 * store.
 */
#include "base/bitmap.h"
#include "base/number.h"
#include "engine/parts.h"
#include "graph/lower.h"
#include "ingest/facts.h"
#include "value/version.h"

/* The values of all scenarios on their way. */
typedef struct telling {
    engine *e;
    diags *diags;
    ast_list values;           /* ast_setting */
    lower_questions questions; /* the values that are not missing */
} telling;

/* ---- which values there are --------------------------------------------- */

static void collect_line(telling *t, const ast_line *line)
{
    ast_list told = line_told_values(line, t->e->memory);
    for (size_t i = 0; i < told.count; i++) {
        ast_setting *setting = told.items[i];
        ast_list_add(t->e->memory, &t->values, setting);
        setting->told = arena_alloc(t->e->memory, sizeof *setting->told);
        setting->told->is_missing = setting->is_missing;
        if (!setting->is_missing)
            ast_list_add(t->e->memory, &t->questions.people, setting->value);
    }
}

/* ---- one value ---------------------------------------------------------- */

/* An exact number with another number of digits, when it is none the less exact. */
static bool take_decimal(const run_score *s, const property *p, told_value *out)
{
    int64_t value = *(const int64_t *)s->values;
    if (s->type.scale <= p->type.scale)
        return number_scale_up(value, p->type.scale - s->type.scale, &out->integer);
    int64_t power = number_power_of_ten(s->type.scale - p->type.scale);
    out->integer = value / power;
    return value % power == 0;
}

static bool take_number(const run_score *s, const property *p, told_value *out)
{
    out->number = s->type.kind == TYPE_NUMBER
                      ? *(const double *)s->values
                      : number_quotient(*(const int64_t *)s->values,
                                        number_power_of_ten(s->type.scale));
    return !p->details.has_range ||
           (out->number >= p->details.minimum && out->number <= p->details.maximum);
}

static void take_text(const run_score *s, arena *memory, told_value *out)
{
    slice text = dictionary_text(s->texts, *(const uint32_t *)s->values);
    out->text = (slice){arena_copy_text(memory, text.data, text.size), text.size};
}

static bool take_version(const run_score *s, arena *memory, told_value *out)
{
    const char *reason;
    take_text(s, memory, out);
    return version_read(out->text, &reason);
}

/* False when the value does not fit the property. */
static bool take_value(const telling *t, const run_score *s, const property *p,
                       told_value *out)
{
    switch (p->type.kind) {
    case TYPE_DECIMAL: return take_decimal(s, p, out);
    case TYPE_NUMBER: return take_number(s, p, out);
    case TYPE_STRING:
    case TYPE_PERSON: take_text(s, t->e->memory, out); break;
    case TYPE_VERSION: return take_version(s, t->e->memory, out);
    case TYPE_BOOL: out->integer = bitmap_get(s->values, 0); break;
    default: out->integer = *(const int64_t *)s->values; break;
    }
    return true;
}

static void report_no_fit(const telling *t, const ast_setting *setting)
{
    const property *p = setting->told_as;
    text spelling;
    text_init(&spelling);
    type_append(p->type, &spelling);
    if (p->details.has_range)
        diag_error(t->diags, setting->value->where, E0129, "\"%s\" runs from %g to %g",
                   setting->name.text, p->details.minimum, p->details.maximum);
    else
        diag_error(t->diags, setting->value->where, E0129,
                   "this %s does not fit \"%s\", which is %s",
                   type_is_text(p->type) ? "text" : "number", setting->name.text,
                   spelling.data);
    text_done(&spelling);
}

static void report_missing(const telling *t, const ast_setting *setting,
                           const run_result *r)
{
    diag_error(t->diags, setting->value->where, E0129, "this value comes out as missing");
    if (r->trouble_count > 0)
        diag_hint(t->diags, "A value could not be worked out: %s.",
                  r->troubles[0].message);
    else if (setting->names.count > 0)
        diag_hint(t->diags, "If that is meant, write: %s = missing", setting->name.text);
    else
        diag_hint(t->diags, "If that is meant, write: missing");
}

static void take_answer(const telling *t, const ast_setting *setting, const run_score *s,
                        const run_result *r)
{
    if (!bitmap_get(s->present, 0)) {
        report_missing(t, setting, r);
    } else if (!take_value(t, s, setting->told_as, setting->told)) {
        report_no_fit(t, setting);
    }
}

/* ---- all values --------------------------------------------------------- */

store *told_store_of_anybody(const schema *s)
{
    facts *f = facts_new(s);
    facts_person(f, "anybody");
    store *result = facts_finish(f);
    facts_free(f);
    return result;
}

/* Constants are the same for everybody. */
static void answer(telling *t)
{
    carpel_error err;
    store *anybody = told_store_of_anybody(t->e->schema);
    graph *g = graph_lower_questions(t->e->book, &t->questions);
    plan *p = plan_new(g, t->e->zone, t->e->week_start, t->e->scripts);
    run_options options = {.threads = 1};
    run_result *result = run_plan(p, anybody, &options, &err);
    size_t next = 0;
    for (size_t i = 0; result && i < t->values.count; i++) {
        const ast_setting *setting = t->values.items[i];
        if (!setting->is_missing)
            take_answer(t, setting, &result->scores[next++], result);
    }
    if (!result)
        diag_error(t->diags, ((const ast_expr *)t->questions.people.items[0])->where,
                   E0129, "%s", err.message);
    run_result_free(result);
    plan_free(p);
    graph_free(g);
    store_free(anybody);
}

void engine_read_told(engine *e, diags *diags)
{
    telling t = {.e = e, .diags = diags};
    for (size_t i = 0; i < e->scenario_count; i++)
        for (size_t k = 0; k < e->scenarios[i]->lines.count; k++)
            collect_line(&t, e->scenarios[i]->lines.items[k]);
    if (t.questions.people.count > 0)
        answer(&t);
}

/* ---- the store ---------------------------------------------------------- */

int64_t told_instant(const engine *e, const ast_expr *at)
{
    return at->time_has_zone ? at->time : zone_instant(e->zone, at->time);
}

static void set_value(facts *f, fact_row row, size_t property, type t,
                      const told_value *value)
{
    if (value->is_missing)
        return;
    switch (t.kind) {
    case TYPE_BOOL: facts_set_bool(f, row, property, value->integer != 0); break;
    case TYPE_NUMBER: facts_set_number(f, row, property, value->number); break;
    case TYPE_STRING:
    case TYPE_VERSION:
    case TYPE_PERSON: facts_set_text(f, row, property, value->text); break;
    default: facts_set_integer(f, row, property, value->integer); break;
    }
}

static void tell_setting(facts *f, fact_row row, size_t property,
                         const ast_setting *setting)
{
    set_value(f, row, property, setting->told_as->type, setting->told);
}

/* The items of a list, behind the row that holds it. */
static void tell_items(facts *f, fact_row holder, const ast_setting *list)
{
    for (size_t i = 0; i < list->items.count; i++) {
        const ast_item *item = list->items.items[i];
        fact_row row = facts_item(f, holder, list->property);
        for (size_t k = 0; k < item->settings.count; k++) {
            const ast_setting *setting = item->settings.items[k];
            tell_setting(f, row, setting->property, setting);
        }
    }
}

static void tell_event(const engine *e, facts *f, const ast_line *line)
{
    uint32_t person = facts_person(f, line->person.text);
    fact_row row = facts_event(f, person, line->event_kind, told_instant(e, line->at));
    for (size_t i = 0; i < line->settings.count; i++) {
        const ast_setting *setting = line->settings.items[i];
        if (setting->is_list)
            tell_items(f, row, setting);
        else
            tell_setting(f, row, setting->property, setting);
    }
}

static void tell_traits(const engine *e, facts *f, const ast_line *line)
{
    uint32_t person = facts_person(f, line->person.text);
    int64_t time = line->at ? told_instant(e, line->at) : TIME_MIN;
    for (size_t i = 0; i < line->settings.count; i++) {
        const ast_setting *setting = line->settings.items[i];
        if (setting->is_list)
            tell_items(
                f,
                facts_event(f, person, e->schema->kinds[setting->property].parent, time),
                setting);
        else
            tell_setting(f, facts_trait(f, person, setting->property, time), 0, setting);
    }
}

store *told_store(const engine *e, const ast_decl *scenario)
{
    facts *f = facts_new(e->schema);
    for (size_t i = 0; i < scenario->lines.count; i++) {
        const ast_line *line = scenario->lines.items[i];
        if (line->kind == LINE_DID)
            tell_event(e, f, line);
        else if (line->kind == LINE_HAS)
            tell_traits(e, f, line);
        else if (line->kind != LINE_EXPECT_CALL && !line->is_of_account)
            facts_person(f, line->person.text);
    }
    store *result = facts_finish(f);
    facts_free(f);
    return result;
}
