/* SPDX-License-Identifier: MIT
 *
 * The public functions of carpel/carpel.h, over the engine.
 */
#include <carpel/carpel.h>

#include <string.h>

#include "base/bitmap.h"
#include "base/cancel.h"
#include "base/memory.h"
#include "engine/engine.h"
#include "exec/score.h"

struct carpel {
    engine *engine; /* NULL when there is no project file */
    diags *diags;
    text messages;
    cancel cancel;
    bool is_good;
};

struct carpel_result {
    run_result *run;
    const run_segment **segments; /* of all kinds, in the order of the rules */
    size_t segment_count;
    name_index segment_names, groups_names, score_names;
    arena *memory;
};

const char *carpel_version(void)
{
    return CARPEL_VERSION;
}

/* ---- a project ---------------------------------------------------------- */

carpel *carpel_open(const char *directory)
{
    carpel *c = memory_alloc_zero(sizeof *c);
    c->diags = diags_new();
    text_init(&c->messages);
    cancel_init(&c->cancel);
    c->engine = engine_open_sources(directory, c->diags);
    if (c->engine)
        engine_set_cancel(c->engine, &c->cancel);
    c->is_good = c->engine && engine_compile(c->engine, c->diags);
    diags_append(c->diags, &c->messages, false);
    return c;
}

void carpel_close(carpel *c)
{
    if (!c)
        return;
    text_done(&c->messages);
    engine_close(c->engine);
    diags_free(c->diags);
    memory_free(c);
}

bool carpel_is_good(const carpel *c)
{
    return c->is_good;
}

const char *carpel_messages(const carpel *c)
{
    return c->messages.data;
}

bool carpel_load(carpel *c, carpel_error *err)
{
    if (!c->is_good)
        return carpel_fail(err, CARPEL_E_INPUT,
                           "the project has errors, see carpel_messages()");
    if (engine_quarantine(c->engine))
        return carpel_fail(err, CARPEL_E_INPUT, "the project was loaded already");
    if (cancel_is_asked(&c->cancel))
        return cancel_fail(err);
    engine_load_options options = {0};
    return engine_load(c->engine, &options, err);
}

uint64_t carpel_refused_count(const carpel *c)
{
    return c->engine ? engine_refused_count(c->engine) : 0;
}

uint64_t carpel_skipped_count(const carpel *c)
{
    return c->engine ? engine_skipped_count(c->engine) : 0;
}

bool carpel_refused_reason(const carpel *c, size_t index, carpel_refusal *out)
{
    const quarantine *q = c->engine ? engine_quarantine(c->engine) : NULL;
    if (!q || index >= quarantine_count(q))
        return false; /* there are not more reasons than rows */
    quarantine_reason *reasons = memory_alloc_array(index + 1, sizeof *reasons);
    bool is_there = quarantine_reasons(q, QUARANTINE_ALL, reasons, index + 1) > index;
    const quarantine_reason *wanted = &reasons[index];
    if (is_there)
        *out = (carpel_refusal){wanted->reason, wanted->count, wanted->first_file,
                                wanted->first_line};
    memory_free(reasons);
    return is_there;
}

void carpel_cancel(carpel *c)
{
    cancel_ask(&c->cancel);
}

void carpel_resume(carpel *c)
{
    cancel_init(&c->cancel);
}

/* ---- a judgement -------------------------------------------------------- */

/* Put the segments and group members of a graph into the list, as its rules have them;
 * the result has each kind for itself. */
static void list_segments(const graph *g, carpel_result *r, size_t *segment,
                          size_t *member)
{
    for (size_t i = 0; g && i < g->rule_count; i++) {
        if (g->rules[i].kind == RULE_SEGMENT)
            r->segments[r->segment_count++] = &r->run->segments[(*segment)++];
        else if (g->rules[i].kind == RULE_GROUP)
            r->segments[r->segment_count++] = &r->run->group_members[(*member)++];
    }
}

static void index_names(carpel_result *r)
{
    for (size_t i = 0; i < r->segment_count; i++)
        name_index_add(&r->segment_names, r->memory, r->segments[i]->path, i);
    for (size_t i = 0; i < r->run->group_count; i++)
        name_index_add(&r->groups_names, r->memory, r->run->groups[i].name, i);
    for (size_t i = 0; i < r->run->score_count; i++)
        name_index_add(&r->score_names, r->memory, r->run->scores[i].name, i);
}

carpel_result *carpel_judge(carpel *c, int64_t as_of, size_t threads, carpel_error *err)
{
    if (!c->is_good || !engine_store(c->engine)) {
        carpel_fail(err, CARPEL_E_INPUT, "the project is not loaded, see carpel_load()");
        return NULL;
    }
    if (cancel_is_asked(&c->cancel)) {
        cancel_fail(err);
        return NULL;
    }
    run_result *run = engine_run(c->engine, as_of, threads, NULL, err);
    if (!run)
        return NULL;
    carpel_result *r = memory_alloc_zero(sizeof *r);
    r->run = run;
    r->memory = arena_new();
    r->segments = arena_alloc_array(
        r->memory, run->segment_count + run->group_member_count + 1, sizeof *r->segments);
    size_t segment = 0, member = 0;
    list_segments(engine_graph(c->engine), r, &segment, &member);
    list_segments(engine_graph(c->engine)->accounts, r, &segment, &member);
    index_names(r);
    return r;
}

void carpel_result_free(carpel_result *r)
{
    if (!r)
        return;
    run_result_free(r->run);
    arena_free(r->memory);
    memory_free(r);
}

/* ---- people and accounts ------------------------------------------------ */

static const char *id_at(const run_population *p, size_t number)
{
    return dictionary_text(p->ids, p->order[number]).data;
}

/* Where the id stands among all in their order. */
static size_t find_id(const run_population *p, const char *id)
{
    size_t low = 0, high = p->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order =
            slice_compare(dictionary_text(p->ids, p->order[middle]), slice_of(id));
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return CARPEL_NONE;
}

/* The number by which values are kept. */
static uint32_t code_of(const run_population *p, const char *id)
{
    return p->count == 0 ? DICTIONARY_NONE : run_population_find(p, slice_of(id));
}

size_t carpel_person_count(const carpel_result *r)
{
    return r->run->people.count;
}

const char *carpel_person_id(const carpel_result *r, size_t number)
{
    return id_at(&r->run->people, number);
}

size_t carpel_person_find(const carpel_result *r, const char *id)
{
    return find_id(&r->run->people, id);
}

size_t carpel_account_count(const carpel_result *r)
{
    return r->run->accounts.count;
}

const char *carpel_account_id(const carpel_result *r, size_t number)
{
    return id_at(&r->run->accounts, number);
}

size_t carpel_account_find(const carpel_result *r, const char *id)
{
    return find_id(&r->run->accounts, id);
}

/* ---- segments and groups ------------------------------------------------ */

static bool is_of_accounts(const carpel_result *r, const run_population *p)
{
    return p == &r->run->accounts;
}

size_t carpel_segment_count(const carpel_result *r)
{
    return r->segment_count;
}

const char *carpel_segment_name(const carpel_result *r, size_t index)
{
    return r->segments[index]->path;
}

size_t carpel_segment_find(const carpel_result *r, const char *name)
{
    return name_index_find(&r->segment_names, name);
}

size_t carpel_segment_size(const carpel_result *r, size_t index)
{
    return r->segments[index]->size;
}

bool carpel_segment_is_of_accounts(const carpel_result *r, size_t index)
{
    return is_of_accounts(r, r->segments[index]->population);
}

bool carpel_segment_has(const carpel_result *r, size_t index, const char *id)
{
    const run_segment *s = r->segments[index];
    uint32_t code = code_of(s->population, id);
    return code != DICTIONARY_NONE && bitmap_get(s->members, code);
}

size_t carpel_groups_count(const carpel_result *r)
{
    return r->run->group_count;
}

const char *carpel_groups_name(const carpel_result *r, size_t index)
{
    return r->run->groups[index].name;
}

size_t carpel_groups_find(const carpel_result *r, const char *name)
{
    return name_index_find(&r->groups_names, name);
}

bool carpel_groups_is_of_accounts(const carpel_result *r, size_t index)
{
    const run_groups *set = &r->run->groups[index];
    return is_of_accounts(r, r->run->group_members[set->first].population);
}

const char *carpel_group_of(const carpel_result *r, size_t index, const char *id)
{
    const run_groups *set = &r->run->groups[index];
    const run_segment *members = r->run->group_members + set->first;
    uint32_t code = set->count > 0 ? code_of(members[0].population, id) : DICTIONARY_NONE;
    for (size_t i = 0; code != DICTIONARY_NONE && i < set->count; i++)
        if (bitmap_get(members[i].members, code))
            return members[i].name;
    return NULL;
}

/* ---- scores ------------------------------------------------------------- */

size_t carpel_score_count(const carpel_result *r)
{
    return r->run->score_count;
}

const char *carpel_score_name(const carpel_result *r, size_t index)
{
    return r->run->scores[index].name;
}

size_t carpel_score_find(const carpel_result *r, const char *name)
{
    return name_index_find(&r->score_names, name);
}

carpel_value_type carpel_score_type(const carpel_result *r, size_t index)
{
    switch (r->run->scores[index].type.kind) {
    case TYPE_BOOL: return CARPEL_VALUE_BOOL;
    case TYPE_DECIMAL: return CARPEL_VALUE_DECIMAL;
    case TYPE_STRING:
    case TYPE_VERSION: return CARPEL_VALUE_STRING;
    case TYPE_TIME: return CARPEL_VALUE_TIME;
    case TYPE_DATE: return CARPEL_VALUE_DATE;
    case TYPE_DURATION: return CARPEL_VALUE_DURATION;
    case TYPE_PERSON: return CARPEL_VALUE_PERSON;
    case TYPE_NUMBER:
    case TYPE_LIST:
    case TYPE_ERROR: break; /* the last two are no results */
    }
    return CARPEL_VALUE_NUMBER;
}

bool carpel_score_is_of_accounts(const carpel_result *r, size_t index)
{
    return is_of_accounts(r, r->run->scores[index].population);
}

bool carpel_score_value(const carpel_result *r, size_t index, const char *id,
                        carpel_value *out)
{
    const run_score *s = &r->run->scores[index];
    uint32_t code = code_of(s->population, id);
    if (code == DICTIONARY_NONE || !score_has(s, code))
        return false;
    carpel_value value = {.type = carpel_score_type(r, index)};
    if (s->texts) {
        slice text = score_text(s, code);
        value.text = text.data;
        value.size = text.size;
    } else {
        value.number = score_number(s, code);
        if (s->type.kind == TYPE_BOOL)
            value.whole = bitmap_get(s->values, code);
        else if (s->type.kind != TYPE_NUMBER)
            value.whole = ((const int64_t *)s->values)[code];
    }
    value.scale = s->type.kind == TYPE_DECIMAL ? s->type.scale : 0;
    *out = value;
    return true;
}
