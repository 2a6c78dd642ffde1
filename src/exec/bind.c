/* SPDX-License-Identifier: MIT
 *
 * Dictionaries, translations and tables of text tests for one run.
 */
#include "exec/bind.h"

#include <stdlib.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "exec/late_texts.h"
#include "store/version.h"

bool origin_equals(text_origin a, text_origin b)
{
    return a.kind == b.kind && a.table == b.table && a.column == b.column;
}

const dictionary *bound_dictionary(const bound *b, text_origin origin)
{
    switch (origin.kind) {
    case ORIGIN_COMMON: return b->common;
    case ORIGIN_PERSONS: return b->store->persons;
    case ORIGIN_WEEKDAYS: return b->weekdays;
    case ORIGIN_KIND:
        return b->store->kinds[origin.table].columns[origin.column].dictionary;
    case ORIGIN_TRAIT: return b->store->traits[origin.table].columns[0].dictionary;
    }
    return NULL;
}

const uint32_t *bound_translation(const bound *b, text_origin origin)
{
    for (size_t i = 0; i < b->translation_count; i++)
        if (origin_equals(b->translations[i].origin, origin))
            return b->translations[i].codes;
    return NULL;
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

static void translate(bound *b, const node *n)
{
    if (!is_text(n) || n->origin.kind == ORIGIN_COMMON || bound_translation(b, n->origin))
        return;
    const dictionary *from = bound_dictionary(b, n->origin);
    size_t count = dictionary_count(from);
    uint32_t *codes = arena_alloc_array(b->memory, count + 1, sizeof *codes);
    for (uint32_t code = 0; code < count; code++) {
        slice text = dictionary_text(from, code);
        codes[code] = dictionary_add(b->common, text.data, text.size);
    }
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

static int compare_versions(const void *a, const void *b, void *texts)
{
    return version_compare(dictionary_text(texts, *(const uint32_t *)a),
                           dictionary_text(texts, *(const uint32_t *)b));
}

/* Put all texts that are versions in order, whatever else they may be: equal ones have one
 * place. */
static void order_versions(bound *b)
{
    size_t all = dictionary_count(b->common), count = 0;
    uint32_t *codes = arena_alloc_array(b->memory, all + 1, sizeof *codes);
    uint32_t *places = arena_alloc_array(b->memory, all + 1, sizeof *places);
    const char *reason;
    for (uint32_t code = 0; code < all; code++)
        if (version_read(dictionary_text(b->common, code), &reason))
            codes[count++] = code;
    qsort_r(codes, count, sizeof *codes, compare_versions, b->common);
    for (size_t i = 0; i < count; i++) {
        bool is_equal =
            i > 0 && compare_versions(&codes[i - 1], &codes[i], b->common) == 0;
        places[codes[i]] = is_equal ? places[codes[i - 1]] : (uint32_t)i;
    }
    b->version_places = places;
}

int64_t bound_version_place(const bound *b, text_origin origin, uint32_t code)
{
    const uint32_t *common = bound_translation(b, origin);
    return b->version_places[common ? common[code] : code];
}

const uint32_t *bound_person_numbers(const bound *b, text_origin origin)
{
    for (size_t i = 0; i < b->persons_count; i++)
        if (origin_equals(b->persons[i].origin, origin))
            return b->persons[i].codes;
    return NULL;
}

static void find_persons(bound *b, const node *n)
{
    if (n->kind != NODE_MEMBER_OF)
        return;
    text_origin origin = n->operands[0]->origin;
    if (origin.kind == ORIGIN_PERSONS || bound_person_numbers(b, origin))
        return;
    const dictionary *from = bound_dictionary(b, origin);
    size_t count = dictionary_count(from);
    uint32_t *numbers = arena_alloc_array(b->memory, count + 1, sizeof *numbers);
    for (uint32_t code = 0; code < count; code++) {
        slice id = dictionary_text(from, code);
        numbers[code] = dictionary_find(b->store->persons, id.data, id.size);
    }
    b->persons[b->persons_count++] = (translation){origin, numbers};
}

/* ---- text tests --------------------------------------------------------- */

/* Texts that scripts make are not known yet: only whether they are one of some constants
 * can be told by their codes. */
static bool has_table(const plan *p, const node *n)
{
    if (p->makes_texts && n->kind != NODE_TEXT_IN && n->operand_count > 0 &&
        n->operands[0]->origin.kind == ORIGIN_COMMON)
        return false;
    switch (n->kind) {
    case NODE_TEXT_IN:
    case NODE_TEXT_IN_LIST:
    case NODE_TEXT_MATCHES: return true;
    case NODE_TEXT_CONTAINS:
    case NODE_TEXT_STARTS:
    case NODE_TEXT_ENDS: return node_is_constant(n->operands[1]);
    default: return false;
    }
}

static void table_of_texts(const node *n, const dictionary *d, uint64_t *table)
{
    for (size_t i = 1; i < n->operand_count; i++) {
        slice text = n->operands[i]->constant.text;
        uint32_t code = dictionary_find(d, text.data, text.size);
        if (code != DICTIONARY_NONE)
            bitmap_set(table, code);
    }
}

/* A text on which the pattern gives up does not match, and is remembered. */
static bool give_up(bound *b, const node *n, const dictionary *d, uint32_t code,
                    size_t count, carpel_error *err)
{
    if (b->gave_up[n->id] == NULL)
        b->gave_up[n->id] = arena_alloc_array(
            b->memory, bitmap_words(dictionary_count(d)) + 1, sizeof(uint64_t));
    bitmap_set(b->gave_up[n->id], code);
    return count <= MOST_GIVEN_UP ||
           carpel_fail(
               err, CARPEL_E_LIMIT,
               "the pattern \"%s\" gives up on more than %d texts, for example on "
               "\"%.60s\": it has too many ways to match; write it with fewer "
               "repetitions in repetitions",
               n->operands[1]->constant.text.data, MOST_GIVEN_UP,
               dictionary_text(d, code).data);
}

static bool table_of_pattern(bound *b, const node *n, const dictionary *d,
                             uint64_t *table, carpel_error *err)
{
    pattern_scratch *scratch = pattern_scratch_new();
    size_t given_up = 0;
    bool ok = true;
    for (uint32_t code = 0; ok && code < dictionary_count(d); code++) {
        slice text = dictionary_text(d, code);
        if (cancel_is_asked(b->cancel)) {
            ok = cancel_fail(err);
            break;
        }
        switch (pattern_match(b->plan->patterns[n->id], text, scratch)) {
        case PATTERN_YES: bitmap_set(table, code); break;
        case PATTERN_NO: break;
        case PATTERN_LIMIT: ok = give_up(b, n, d, code, ++given_up, err); break;
        }
    }
    pattern_scratch_free(scratch);
    return ok;
}

static void table_of_parts(const node *n, const dictionary *d, uint64_t *table)
{
    slice part = n->operands[1]->constant.text;
    for (uint32_t code = 0; code < dictionary_count(d); code++) {
        slice text = dictionary_text(d, code);
        bool holds = n->kind == NODE_TEXT_CONTAINS ? slice_contains(text, part)
                     : n->kind == NODE_TEXT_STARTS ? slice_starts_with(text, part)
                                                   : slice_ends_with(text, part);
        if (holds)
            bitmap_set(table, code);
    }
}

static void table_of_list(const dictionary *list, const dictionary *d, uint64_t *table)
{
    for (uint32_t code = 0; code < dictionary_count(d); code++) {
        slice text = dictionary_text(d, code);
        if (dictionary_find(list, text.data, text.size) != DICTIONARY_NONE)
            bitmap_set(table, code);
    }
}

static bool make_table(bound *b, const node *n, carpel_error *err)
{
    const dictionary *d = bound_dictionary(b, n->operands[0]->origin);
    size_t words = bitmap_words(dictionary_count(d) + 1);
    uint64_t *table = arena_alloc_array(b->memory, words, sizeof *table);
    b->tables[n->id] = table;
    if (n->kind == NODE_TEXT_MATCHES)
        return table_of_pattern(b, n, d, table, err);
    if (n->kind == NODE_TEXT_IN_LIST)
        table_of_list(b->plan->graph->lists[n->list], d, table);
    else if (n->kind == NODE_TEXT_IN)
        table_of_texts(n, d, table);
    else
        table_of_parts(n, d, table);
    return true;
}

/* Most tests are for one text: a comparison is quicker than a table. */
static void find_only_code(bound *b, const node *n)
{
    const dictionary *d = bound_dictionary(b, n->operands[0]->origin);
    const uint64_t *table = b->tables[n->id];
    size_t count = dictionary_count(d);
    if (bitmap_count(table, 0, count) == 1)
        b->only_codes[n->id] = (uint32_t)bitmap_first(table, 0, count);
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

static dictionary *dictionary_of_weekdays(void)
{
    dictionary *d = dictionary_new();
    for (size_t i = 0; i < WEEKDAY_COUNT; i++)
        dictionary_add(d, weekday_names[i], slice_of(weekday_names[i]).size);
    return d;
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
    b->common = dictionary_new();
    b->late = late_texts_new();
    b->weekdays = dictionary_of_weekdays();
    b->translations = arena_alloc_array(b->memory, count + 1, sizeof *b->translations);
    b->persons = arena_alloc_array(b->memory, count + 1, sizeof *b->persons);
    b->tables = arena_alloc_array(b->memory, count + 1, sizeof *b->tables);
    b->gave_up = arena_alloc_array(b->memory, count + 1, sizeof *b->gave_up);
    b->constant_codes =
        arena_alloc_array(b->memory, count + 1, sizeof *b->constant_codes);
    b->only_codes = arena_alloc_array(b->memory, count + 1, sizeof *b->only_codes);
    for (size_t i = 0; i < count; i++)
        b->only_codes[i] = DICTIONARY_NONE;
    collect_texts(b);
    if (has_ordered_versions(p->graph))
        order_versions(b);
    b->known_count = dictionary_count(b->common);
    for (size_t i = 0; i < count; i++)
        find_persons(b, p->graph->nodes[i]);
    for (size_t i = 0; i < count; i++)
        if (has_table(p, p->graph->nodes[i]) && !make_table(b, p->graph->nodes[i], err)) {
            bound_free(b);
            return NULL;
        }
    for (size_t i = 0; i < count; i++)
        if (b->tables[i])
            find_only_code(b, p->graph->nodes[i]);
    return b;
}

void bound_free(bound *b)
{
    if (!b)
        return;
    dictionary_free(b->common);
    late_texts_free(b->late);
    dictionary_free(b->weekdays);
    arena_free(b->memory);
    memory_free(b);
}
