/* SPDX-License-Identifier: MIT
 *
 * Which dictionaries, translations and tables of text tests a run reads.
 */
#include "exec/bind.h"

#include "base/memory.h"
#include "exec/judgements.h"
#include "exec/late_texts.h"
#include "store/store_newest.h"

bool origin_equals(text_origin a, text_origin b)
{
    return a.kind == b.kind && a.table == b.table && a.column == b.column;
}

const dictionary *bound_dictionary(const bound *b, text_origin origin)
{
    switch (origin.kind) {
    case ORIGIN_COMMON: return b->common;
    case ORIGIN_PERSONS: return b->store->persons;
    case ORIGIN_WEEKDAYS: return store_texts_weekdays(b->texts);
    case ORIGIN_KIND:
        return b->store->kinds[origin.table].columns[origin.column].dictionary;
    case ORIGIN_TRAIT: return b->store->traits[origin.table].columns[0].dictionary;
    }
    return NULL;
}

static const uint32_t *codes_of(const translation *all, size_t count, text_origin origin)
{
    for (size_t i = 0; i < count; i++)
        if (origin_equals(all[i].origin, origin))
            return all[i].codes->codes;
    return NULL;
}

const uint32_t *bound_translation(const bound *b, text_origin origin)
{
    return codes_of(b->translations, b->translation_count, origin);
}

const uint32_t *bound_person_numbers(const bound *b, text_origin origin)
{
    return codes_of(b->persons, b->persons_count, origin);
}

const event_table *bound_table(const bound *b, const domain *d)
{
    return d->kind == DOMAIN_TRAIT ? &b->store->traits[d->index]
                                   : &b->store->kinds[d->index];
}

/* ---- the common dictionary ---------------------------------------------- */

static bool is_text(const node *n)
{
    return type_is_text(n->type);
}

static bool is_translated(const bound *b, text_origin origin)
{
    for (size_t i = 0; i < b->translation_count; i++)
        if (origin_equals(b->translations[i].origin, origin))
            return true;
    return false;
}

static void translate(bound *b, const node *n)
{
    if (!is_text(n) || n->origin.kind == ORIGIN_COMMON || is_translated(b, n->origin))
        return;
    const text_codes *codes =
        store_texts_translate(b->joined, bound_dictionary(b, n->origin));
    b->translations[b->translation_count++] = (translation){n->origin, codes};
}

static void translate_all(bound *b, const node *n)
{
    for (size_t i = 0; i < n->operand_count; i++)
        translate(b, n->operands[i]);
}

/* Do the operands of a node have to be told in common codes? */
static void translate_operands(bound *b, const node *n)
{
    bool has_texts = is_text(n) || n->kind == NODE_UNITED; /* which may only count them */
    bool joins = has_texts && n->origin.kind == ORIGIN_COMMON && n->kind != NODE_SCRIPT;
    bool is_keyed = n->kind == NODE_NEAR && n->operand_count == 3;
    size_t first = is_keyed ? 1 : 0; /* the two that are compared */
    bool compares =
        (n->kind == NODE_TEXT_EQUAL || is_keyed) &&
        !origin_equals(n->operands[first]->origin, n->operands[first + 1]->origin);
    if (joins || compares)
        translate_all(b, n);
}

/* `with same p` of tables that have p each in a dictionary of their own. */
static void translate_keys(bound *b, const domain *d)
{
    const sequence *s = b->plan->graph->sequences[d->index];
    const node *const *next = d->inputs + 1;
    for (size_t i = 0; i < s->rows_count; i++) {
        sequence_inputs in = sequence_take_inputs(s, i, &next);
        for (size_t k = 0; k < in.key_count; k++)
            if (sequence_key_differs(s, d->inputs, k))
                translate(b, in.keys[k]);
    }
}

/* Does the node put versions in order, or tell them apart? */
static bool orders_versions(const node *n)
{
    node_kind kind = n->kind == NODE_UNITED ? (node_kind)n->united.kind : n->kind;
    bool is_fold = kind == NODE_LEAST || kind == NODE_GREATEST || kind == NODE_DISTINCT ||
                   kind == NODE_MOST_COMMON;
    if (n->kind == NODE_VERSION_PLACE)
        return true;
    return is_fold && n->operands[n->operand_count - 1]->type.kind == TYPE_VERSION;
}

static void collect_texts(bound *b)
{
    const graph *g = b->plan->graph;
    for (size_t i = 0; i < g->node_count; i++) {
        const node *n = g->nodes[i];
        if (n->kind == NODE_CONSTANT && is_text(n) && !n->constant.is_missing)
            b->constant_codes[i] =
                dictionary_add(b->common, n->constant.text.data, n->constant.text.size);
    }
    for (size_t i = 0; i < g->node_count; i++)
        translate_operands(b, g->nodes[i]);
    for (size_t i = 0; i < g->domain_count; i++)
        if (g->domains[i]->kind == DOMAIN_SEQUENCE)
            translate_keys(b, g->domains[i]);
    for (size_t i = 0; i < g->node_count; i++)
        if (orders_versions(g->nodes[i]))
            translate_all(b, g->nodes[i]);
}

/* ---- versions ----------------------------------------------------------- */

static bool has_ordered_versions(const graph *g)
{
    for (size_t i = 0; i < g->node_count; i++)
        if (orders_versions(g->nodes[i]))
            return true;
    return false;
}

int64_t bound_version_place(const bound *b, text_origin origin, uint32_t code)
{
    const uint32_t *common = bound_translation(b, origin);
    return b->versions->places[common ? common[code] : code];
}

static void find_persons(bound *b, const node *n)
{
    if (n->kind != NODE_MEMBER_OF)
        return;
    text_origin origin = n->operands[0]->origin;
    if (origin.kind == ORIGIN_PERSONS || bound_person_numbers(b, origin))
        return;
    store_texts *known = origin.kind == ORIGIN_COMMON ? b->joined : b->texts;
    const text_codes *numbers =
        store_texts_find(known, bound_dictionary(b, origin), b->store->persons);
    b->persons[b->persons_count++] = (translation){origin, numbers};
}

/* ---- text tests --------------------------------------------------------- */

static bool is_text_test(node_kind kind)
{
    return kind == NODE_TEXT_IN || kind == NODE_TEXT_IN_LIST ||
           kind == NODE_TEXT_MATCHES || kind == NODE_TEXT_CONTAINS ||
           kind == NODE_TEXT_STARTS || kind == NODE_TEXT_ENDS;
}

text_question bound_question(node_kind kind)
{
    static const text_question questions[] = {
        [NODE_TEXT_IN] = TEXT_IS_ONE_OF,       [NODE_TEXT_IN_LIST] = TEXT_IS_IN_LIST,
        [NODE_TEXT_MATCHES] = TEXT_MATCHES,    [NODE_TEXT_CONTAINS] = TEXT_CONTAINS,
        [NODE_TEXT_STARTS] = TEXT_STARTS_WITH, [NODE_TEXT_ENDS] = TEXT_ENDS_WITH};
    return questions[kind];
}

static text_test test_of(const bound *b, const node *n)
{
    size_t count = n->operand_count - 1;
    slice *texts = arena_alloc_array(b->memory, count + 1, sizeof *texts);
    for (size_t i = 0; i < count; i++)
        texts[i] = n->operands[i + 1]->constant.text;
    text_test test = {bound_question(n->kind), texts, count, NULL, NULL};
    if (n->kind == NODE_TEXT_IN_LIST)
        test.list = b->plan->graph->lists[n->list];
    if (n->kind == NODE_TEXT_MATCHES)
        test.pattern = b->plan->patterns[n->id];
    return test;
}

bool bound_is_test(const node *n)
{
    for (size_t i = 1; i < n->operand_count; i++)
        if (!node_is_constant(n->operands[i]))
            return false;
    return is_text_test(n->kind);
}

/* Texts that scripts make are not known yet: only whether they are one of some constants
 * can be told by their codes. */
static bool has_table(const plan *p, const node *n)
{
    return !p->makes_texts || n->kind == NODE_TEXT_IN ||
           n->operands[0]->origin.kind != ORIGIN_COMMON;
}

static bool bind_test(bound *b, const node *n, carpel_error *err)
{
    text_origin origin = n->operands[0]->origin;
    bound_test *t = arena_alloc_array(b->memory, 1, sizeof *t);
    b->tests[n->id] = t;
    t->test = test_of(b, n);
    if (!has_table(b->plan, n))
        return true;
    store_texts *known = origin.kind == ORIGIN_COMMON ? b->joined : b->texts;
    t->table = store_texts_table(known, bound_dictionary(b, origin), &t->test);
    if (!text_table_prepare(t->table, &t->test, b->cancel, err))
        return false;
    if (origin.kind == ORIGIN_PERSONS && b->store->persons_of &&
        n->kind == NODE_TEXT_IN_LIST)
        text_table_join(t->table, b->store->persons_of);
    if (!text_table_is_told(t->table))
        b->open_tests[b->open_test_count++] = t;
    return true;
}

/* Texts whose rows a histogram counts get numbers; these are looked up, not searched. */
static bool bind_histogram(bound *b, size_t index, carpel_error *err)
{
    const histogram *h = &b->plan->histograms->items[index];
    const text_test test = {
        .question = TEXT_NUMBER, .texts = h->texts, .text_count = h->count_count};
    text_table *t =
        store_texts_table(b->texts, bound_dictionary(b, h->subject->origin), &test);
    b->numbers[index] = t;
    return text_table_prepare(t, &test, b->cancel, err);
}

const uint8_t *bound_numbers(const bound *b, const node *count)
{
    return b->numbers[b->plan->histograms->by_node[count->id] - 1]->answers;
}

bool bound_check_tests(const bound *b, carpel_error *err)
{
    for (size_t i = 0; i < b->open_test_count; i++) {
        const bound_test *t = b->open_tests[i];
        if (!text_table_check(t->table, &t->test, b->cancel, err))
            return false;
    }
    return true;
}

/* ---- texts of a run ----------------------------------------------------- */

slice bound_text(const bound *b, text_origin origin, uint32_t code)
{
    const dictionary *d = bound_dictionary(b, origin);
    return origin.kind != ORIGIN_COMMON || code < dictionary_count(d)
               ? dictionary_text(d, code)
               : late_texts_get(b->late, code - (uint32_t)dictionary_count(d));
}

uint32_t bound_add_text(const bound *b, slice text)
{
    uint32_t code = dictionary_find(b->common, text.data, text.size);
    return code != DICTIONARY_NONE
               ? code
               : (uint32_t)dictionary_count(b->common) + late_texts_add(b->late, text);
}

void bound_settle_texts(bound *b)
{
    size_t count = late_texts_count(b->late);
    for (uint32_t i = 0; i < count; i++) {
        slice text = late_texts_get(b->late, i);
        dictionary_add(b->common, text.data, text.size);
    }
    if (count > 0) {
        late_texts_free(b->late);
        b->late = late_texts_new();
    }
}

static bool bind_texts(bound *b, carpel_error *err)
{
    const graph *g = b->plan->graph;
    collect_texts(b);
    if (has_ordered_versions(g))
        b->versions = store_texts_versions(b->joined);
    for (size_t i = 0; i < g->node_count; i++)
        find_persons(b, g->nodes[i]);
    for (size_t i = 0; i < g->node_count; i++)
        if (bound_is_test(g->nodes[i]) && !bind_test(b, g->nodes[i], err))
            return false;
    for (size_t i = 0; i < b->plan->histograms->count; i++)
        if (!bind_histogram(b, i, err))
            return false;
    return true;
}

static bool is_of_store(const domain *d)
{
    return d->kind == DOMAIN_EVENTS || d->kind == DOMAIN_TRAIT;
}

/* When people's newest rows of the stored tables happened. */
static void bind_newest(bound *b)
{
    const graph *g = b->plan->graph;
    const event_table **tables =
        arena_alloc_array(b->memory, g->domain_count + 1, sizeof *tables);
    size_t count = 0;
    b->newest = arena_alloc_array(b->memory, g->domain_count + 1, sizeof *b->newest);
    for (size_t i = 0; i < g->domain_count; i++)
        if (is_of_store(g->domains[i]))
            tables[count++] = bound_table(b, g->domains[i]);
    store_newest_find(b->store, tables, count);
    for (size_t i = 0; i < g->domain_count; i++)
        if (is_of_store(g->domains[i]))
            b->newest[i] = store_newest_times(b->store, bound_table(b, g->domains[i]));
}

bound *bind_plan(const plan *p, const store *s, int64_t now, const cancel *c,
                 carpel_error *err)
{
    bound *b = memory_alloc_zero(sizeof *b);
    size_t count = p->graph->node_count;
    b->plan = p;
    b->store = s;
    b->now = now;
    b->cancel = c;
    b->memory = arena_new();
    b->texts = store_texts_ref(s->texts);
    b->joined = p->makes_texts ? store_texts_new() : store_texts_ref(s->texts);
    b->common = store_texts_common(b->joined);
    b->late = late_texts_new();
    b->translations = arena_alloc_array(b->memory, count + 1, sizeof *b->translations);
    b->persons = arena_alloc_array(b->memory, count + 1, sizeof *b->persons);
    b->tests = arena_alloc_array(b->memory, count + 1, sizeof *b->tests);
    b->numbers =
        arena_alloc_array(b->memory, p->histograms->count + 1, sizeof *b->numbers);
    b->open_tests = arena_alloc_array(b->memory, count + 1, sizeof *b->open_tests);
    b->constant_codes =
        arena_alloc_array(b->memory, count + 1, sizeof *b->constant_codes);
    bind_newest(b);
    if (bind_texts(b, err))
        return b;
    bound_free(b);
    return NULL;
}

void bound_free(bound *b)
{
    if (!b)
        return;
    for (size_t i = 0; b->series && i < b->plan->graph->node_count; i++)
        series_free(b->series[i]);
    version_order_unref(b->versions);
    late_texts_free(b->late);
    store_texts_unref(b->joined);
    store_texts_unref(b->texts);
    arena_free(b->memory);
    memory_free(b);
}
