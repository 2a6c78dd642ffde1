/* SPDX-License-Identifier: MIT
 *
 * Texts as codes: tests against constants look into a table that was made once for the
 * dictionary; texts of two dictionaries are compared in common codes.
 */
#include "base/bitmap.h"
#include "base/clones.h"
#include "exec/judged.h"
#include "exec/kernels.h"
#include "exec/population.h"

static uint32_t code_at(const vector *v, size_t i)
{
    return ((const uint32_t *)v->values)[v->is_uniform ? 0 : i];
}

/* Which codes are the only one that passes? */
VECTOR_CLONES static void find_code(const uint32_t *codes, uint32_t code, size_t count,
                                    uint64_t *bits)
{
    size_t whole = count / 64;
    for (size_t w = 0; w < whole; w++) {
        uint8_t flags[64];
        for (size_t j = 0; j < 64; j++)
            flags[j] = codes[w * 64 + j] == code;
        bits[w] = bitmap_pack(flags);
    }
    for (size_t i = whole * 64; i < count; i++)
        bitmap_put(bits, i, codes[i] == code);
}

static void keep_known(const vector *v, size_t count, uint64_t *bits)
{
    for (size_t w = 0; v->present && w < bitmap_words(count); w++)
        bits[w] &= v->present[w];
}

/* A text that came up later is none of those that the table was made for. */
static void look_up_known(const block *b, const node *n, size_t count, uint64_t *bits)
{
    const vector *v = operand_vector(b, n, 0);
    const uint64_t *table = b->bound->tables[n->id];
    size_t known = dictionary_count(bound_dictionary(b->bound, n->operands[0]->origin));
    if (n->operands[0]->origin.kind == ORIGIN_COMMON)
        known = b->bound->known_count;
    for (size_t i = 0; i < count; i++)
        bitmap_put(bits, i,
                   vector_has(v, i) && code_at(v, i) < known &&
                       bitmap_get(table, code_at(v, i)));
}

static void look_up(const block *b, const node *n, size_t count, uint64_t *bits)
{
    const vector *v = operand_vector(b, n, 0);
    const uint64_t *table = b->bound->tables[n->id];
    const uint32_t *codes = v->values;
    if (b->bound->only_codes[n->id] != DICTIONARY_NONE) {
        find_code(codes, b->bound->only_codes[n->id], count, bits);
        keep_known(v, count, bits);
        return;
    }
    if (b->bound->plan->makes_texts) {
        look_up_known(b, n, count, bits);
        return;
    }
    for (size_t w = 0; w < bitmap_words(count); w++) {
        size_t first = w * 64, many = count - first < 64 ? count - first : 64;
        uint64_t word = 0;
        for (size_t j = 0; j < many; j++)
            word |= (uint64_t)bitmap_get(table, codes[first + j]) << j;
        bits[w] = word;
    }
    keep_known(v, count, bits);
}

/* The person whose value `i` is has a text on which the pattern gave up. */
static void tell_given_up(block *b, const node *n, size_t i, slice subject)
{
    text message, value;
    text_init(&message);
    text_init(&value);
    text_append(&message, "the pattern ");
    trouble_append_text(n->operands[1]->constant.text, &message);
    text_append(&message, " gives up: there are too many ways to match");
    trouble_append_text(subject, &value);
    block_trouble(b, n, i, message.data, value.data);
    text_done(&message);
    text_done(&value);
}

static void tell_all_given_up(block *b, const node *n, size_t count)
{
    const vector *v = operand_vector(b, n, 0);
    const uint64_t *gave_up = b->bound->gave_up[n->id];
    for (size_t i = 0; i < count; i++)
        if (vector_has(v, i) && bitmap_get(gave_up, code_at(v, i)))
            tell_given_up(b, n, i,
                          bound_text(b->bound, n->operands[0]->origin, code_at(v, i)));
}

static void compare_codes(const block *b, const node *n, size_t count, uint64_t *bits)
{
    const vector *x = operand_vector(b, n, 0), *y = operand_vector(b, n, 1);
    const uint32_t *x_codes = NULL, *y_codes = NULL;
    if (!origin_equals(n->operands[0]->origin, n->operands[1]->origin)) {
        x_codes = bound_translation(b->bound, n->operands[0]->origin);
        y_codes = bound_translation(b->bound, n->operands[1]->origin);
    }
    for (size_t i = 0; i < count; i++) {
        if (!vector_has(x, i) || !vector_has(y, i))
            continue;
        uint32_t a = code_at(x, i), c = code_at(y, i);
        if ((x_codes ? x_codes[a] : a) == (y_codes ? y_codes[c] : c))
            bitmap_set(bits, i);
    }
}

static bool match(block *b, const node *n, size_t i, slice subject)
{
    if (b->matching == NULL)
        b->matching = pattern_scratch_new();
    pattern_result r =
        pattern_match(b->bound->plan->patterns[n->id], subject, b->matching);
    if (r == PATTERN_LIMIT)
        tell_given_up(b, n, i, subject);
    return r == PATTERN_YES;
}

/* `part` is the text behind `contains` and so on. */
static bool test_text(block *b, const node *n, size_t i, slice subject, slice part)
{
    switch (n->kind) {
    case NODE_TEXT_MATCHES: return match(b, n, i, subject);
    case NODE_TEXT_IN_LIST:
        return dictionary_find(b->bound->plan->graph->lists[n->list], subject.data,
                               subject.size) != DICTIONARY_NONE;
    case NODE_TEXT_CONTAINS: return slice_contains(subject, part);
    case NODE_TEXT_STARTS: return slice_starts_with(subject, part);
    default: return slice_ends_with(subject, part);
    }
}

static slice text_at(const block *b, const node *n, const vector *v, size_t i)
{
    return bound_text(b->bound, n->origin, code_at(v, i));
}

static void test_each(block *b, const node *n, size_t count, uint64_t *bits)
{
    const vector *x = operand_vector(b, n, 0);
    const vector *y = n->operand_count > 1 ? operand_vector(b, n, 1) : NULL;
    for (size_t i = 0; i < count; i++) {
        if (!vector_has(x, i) || (y && !vector_has(y, i)))
            continue;
        slice part = y ? text_at(b, n->operands[1], y, i) : (slice){0};
        if (test_text(b, n, i, text_at(b, n->operands[0], x, i), part))
            bitmap_set(bits, i);
    }
}

/* Is the person whose id a text is in a segment? */
static void look_up_members(const block *b, const node *n, size_t count, uint64_t *bits)
{
    const vector *v = operand_vector(b, n, 0);
    const uint32_t *numbers = bound_person_numbers(b->bound, n->operands[0]->origin);
    const node *segment = n->operands[1];
    if (v->is_uniform && !vector_has(v, 0))
        return; /* nobody is asked for; before the first pass nobody is known either */
    const vector *members = segment->domain == RUN
                                ? &b->vectors[segment->id]
                                : population_values(b->population, segment);
    for (size_t i = 0; i < count; i++) {
        if (!vector_has(v, i))
            continue;
        uint32_t code = code_at(v, i), person = numbers ? numbers[code] : code;
        if (person != DICTIONARY_NONE && judged_has(b->bound->judged, person) &&
            bitmap_get(members->values, members->is_uniform ? 0 : person))
            bitmap_set(bits, i);
    }
}

void kernel_version(block *b, const node *n)
{
    size_t count = block_length(b, n);
    vector *out = &b->vectors[n->id];
    const vector *v = operand_vector(b, n, 0);
    int64_t *places = vector_take(b, out, (count + 1) * sizeof *places);
    vector_join_present(b, out, v, NULL, count);
    for (size_t i = 0; i < count; i++)
        places[i] =
            vector_has(v, i)
                ? bound_version_place(b->bound, n->operands[0]->origin, code_at(v, i))
                : 0;
}

void kernel_text(block *b, const node *n)
{
    size_t count = block_length(b, n);
    uint64_t *bits = vector_take_bits(b, &b->vectors[n->id], count);
    bitmap_fill(bits, count, false);
    if (b->bound->tables[n->id])
        look_up(b, n, count, bits);
    else if (n->kind == NODE_MEMBER_OF)
        look_up_members(b, n, count, bits);
    else if (n->kind == NODE_TEXT_EQUAL)
        compare_codes(b, n, count, bits);
    else
        test_each(b, n, count, bits);
    if (b->bound->gave_up[n->id])
        tell_all_given_up(b, n, count);
}
