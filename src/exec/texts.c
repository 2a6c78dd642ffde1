/* SPDX-License-Identifier: MIT
 *
 * Texts as codes: tests against constants look into a table that was made once for the
 * dictionary; texts of two dictionaries are compared in common codes.
 */
#include "base/bitmap.h"
#include "exec/judged.h"
#include "exec/kernels.h"
#include "exec/loops.h"
#include "exec/population.h"
#include "exec/stored.h"

static uint32_t code_at(const vector *v, size_t i)
{
    return ((const uint32_t *)v->values)[v->is_uniform ? 0 : i];
}

static void keep_known(const vector *v, size_t count, uint64_t *bits)
{
    for (size_t w = 0; v->present && w < bitmap_words(count); w++)
        bits[w] &= v->present[w];
}

/* Some rows, and the codes of their texts, of 8, 16 or 32 bits. */
typedef struct text_rows {
    const vector *v;
    stored_codes codes;
    size_t first, count;
} text_rows;

/* The rows from `first` on, or the first of them where codes are read from the store. */
static text_rows take_rows(const block *b, const node *subject, size_t first, size_t end,
                           uint32_t *room)
{
    bool in_parts = stored_in_parts(b, subject);
    size_t count = in_parts && end - first > STORED_SOME ? STORED_SOME : end - first;
    return (text_rows){&b->vectors[subject->id],
                       stored_some_codes(b, subject, first, count, room), first, count};
}

/* A text that came up later is none of those that the table was made for. */
static void look_up_known(const text_rows *rows, const text_table *table, uint64_t *bits)
{
    for (size_t j = 0; j < rows->count; j++)
        bitmap_put(bits, rows->first + j,
                   vector_has(rows->v, rows->first + j) &&
                       stored_code(rows->codes, j) < table->count &&
                       text_table_answer(table, stored_code(rows->codes, j)) ==
                           TEXT_PASSES);
}

#define LOOK_UP_TOLD(BITS)                                                               \
    static void look_up_told_##BITS(const text_rows *rows, const text_table *table,      \
                                    uint64_t *bits)                                      \
    {                                                                                    \
        const uint##BITS##_t *codes = rows->codes.data;                                  \
        for (size_t first = 0; first < rows->count; first += 64) {                       \
            size_t many = rows->count - first < 64 ? rows->count - first : 64;           \
            uint8_t flags[64] = {0};                                                     \
            for (size_t j = 0; j < many; j++)                                            \
                flags[j] = text_table_answer(table, codes[first + j]) == TEXT_PASSES;    \
            bits[first / 64] = bitmap_pack(flags);                                       \
        }                                                                                \
    }
LOOK_UP_TOLD(8)
LOOK_UP_TOLD(16)
LOOK_UP_TOLD(32)

/* Does the test ask texts that scripts may have made? */
static bool asks_made_texts(const block *b, const node *n)
{
    return b->bound->plan->makes_texts && n->operands[0]->origin.kind == ORIGIN_COMMON;
}

/* Texts that are not told yet. */
typedef struct open_texts {
    uint32_t codes[TEXTS_AT_ONCE];
    size_t count;
} open_texts;

static void tell_open(block *b, const bound_test *t, open_texts *open)
{
    text_table_ask_many(t->table, &t->test, open->codes, open->count, &b->matching);
    open->count = 0;
}

static void tell_rows(block *b, const text_rows *rows, const bound_test *t,
                      open_texts *open)
{
    for (size_t j = 0; j < rows->count; j++) {
        uint32_t code = stored_code(rows->codes, j);
        if (!text_answer_is_open(text_table_answer(t->table, code)) ||
            !vector_has(rows->v, rows->first + j))
            continue;
        open->codes[open->count++] = code;
        if (open->count == TEXTS_AT_ONCE)
            tell_open(b, t, open);
    }
}

/* Texts of many are told when they are met, in rows where they are not missing: several at a time,
 * since each lies somewhere else. */
static void tell_met(block *b, const node *n, row_runs runs)
{
    const bound_test *t = b->bound->tests[n->id];
    open_texts open = {.count = 0};
    uint32_t room[STORED_SOME];
    EACH_RUN(runs, run)
    {
        size_t end = run->first + run->count;
        for (size_t first = run->first; first < end;) {
            text_rows rows = take_rows(b, n->operands[0], first, end, room);
            tell_rows(b, &rows, t, &open);
            first += rows.count;
        }
    }
    tell_open(b, t, &open);
}

/* By the width of codes. */
#define LOOK_UP(BITS)                                                                    \
    if (only_code != DICTIONARY_NONE)                                                    \
        loop_equal_code_##BITS(rows->codes.data, only_code, rows->count, word);          \
    else                                                                                 \
        look_up_told_##BITS(rows, t->table, word);

static void look_up_rows(const block *b, const node *n, const text_rows *rows,
                         uint64_t *bits)
{
    const bound_test *t = b->bound->tests[n->id];
    uint32_t only_code = text_table_only_code(t->table);
    uint64_t *word = bits + rows->first / 64;
    if (only_code == DICTIONARY_NONE && asks_made_texts(b, n)) {
        look_up_known(rows, t->table, bits);
        return;
    }
    switch (rows->codes.bits) {
    case 8: LOOK_UP(8) break;
    case 16: LOOK_UP(16) break;
    default: LOOK_UP(32) break;
    }
}

static void look_up(const block *b, const node *n, const row_run *run, uint64_t *bits)
{
    uint32_t room[STORED_SOME];
    size_t end = run->first + run->count;
    for (size_t first = run->first; first < end;) {
        text_rows rows = take_rows(b, n->operands[0], first, end, room);
        look_up_rows(b, n, &rows, bits);
        first += rows.count;
    }
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

static void tell_run_given_up(block *b, const node *n, const row_run *run)
{
    const node *subject = n->operands[0];
    const text_table *table = b->bound->tests[n->id]->table;
    for (size_t i = run->first; i < run->first + run->count; i++) {
        uint32_t room, code = stored_code(stored_some_codes(b, subject, i, 1, &room), 0);
        if (vector_has(operand_vector(b, n, 0), i) &&
            text_table_answer(table, code) == TEXT_GAVE_UP)
            tell_given_up(b, n, i, bound_text(b->bound, subject->origin, code));
    }
}

static void tell_all_given_up(block *b, const node *n)
{
    row_runs runs = reach_of_node(b, n);
    EACH_RUN(runs, run)
    {
        tell_run_given_up(b, n, run);
    }
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

static slice text_at(const block *b, const node *n, const vector *v, size_t i)
{
    return bound_text(b->bound, n->origin, code_at(v, i));
}

/* Is text `y` a part of text `x`, row by row? */
static void compare_parts(block *b, const node *n, const row_run *run, uint64_t *bits)
{
    const vector *x = operand_vector(b, n, 0), *y = operand_vector(b, n, 1);
    for (size_t i = run->first; i < run->first + run->count; i++) {
        if (!vector_has(x, i) || !vector_has(y, i))
            continue;
        slice part = text_at(b, n->operands[1], y, i);
        text_test test = {
            .question = bound_question(n->kind), .texts = &part, .text_count = 1};
        if (text_test_ask(&test, text_at(b, n->operands[0], x, i), NULL) == TEXT_PASSES)
            bitmap_set(bits, i);
    }
}

/* Texts that scripts made are asked about one by one. */
static void test_each(block *b, const node *n, const text_test *test, const row_run *run,
                      uint64_t *bits)
{
    const vector *v = operand_vector(b, n, 0);
    for (size_t i = run->first; i < run->first + run->count; i++) {
        if (!vector_has(v, i))
            continue;
        slice subject = text_at(b, n->operands[0], v, i);
        text_answer answer = text_test_ask(test, subject, &b->matching);
        if (answer == TEXT_PASSES)
            bitmap_set(bits, i);
        if (answer == TEXT_GAVE_UP)
            tell_given_up(b, n, i, subject);
    }
}

/* Is the person whose id a text is in a segment? */
static void look_up_members(const block *b, const node *n, size_t count, uint64_t *bits)
{
    const vector *v = operand_vector(b, n, 0);
    const uint32_t *numbers = bound_person_numbers(b->bound, n->operands[0]->origin);
    const uint32_t *ids = b->bound->store->persons_of;
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
        if (person != DICTIONARY_NONE && ids)
            person = ids[person];
        if (person != DICTIONARY_NONE && judged_has(b->bound->judged, person) &&
            bitmap_get(members->values, members->is_uniform ? 0 : person))
            bitmap_set(bits, i);
    }
}

void kernel_version_place(block *b, const node *n)
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

static uint64_t *no_text(block *b, const node *n, size_t *count)
{
    *count = block_length(b, n);
    uint64_t *bits = vector_take_bits(b, &b->vectors[n->id], *count);
    bitmap_fill(bits, *count, false);
    return bits;
}

/* By what was bound for the question, else by the texts of both operands. */
static void test_texts(block *b, const node *n)
{
    size_t count;
    uint64_t *bits = no_text(b, n, &count);
    const bound_test *t = b->bound->tests[n->id];
    row_runs runs = reach_of_node(b, n);
    if (t && t->table && !text_table_is_told(t->table) && !asks_made_texts(b, n))
        tell_met(b, n, runs);
    EACH_RUN(runs, run)
    {
        if (t == NULL)
            compare_parts(b, n, run, bits);
        else if (t->table == NULL)
            test_each(b, n, &t->test, run, bits);
        else
            look_up(b, n, run, bits);
    }
    if (t && t->table)
        keep_known(operand_vector(b, n, 0), count, bits);
    if (t && t->table && text_table_has_given_up(t->table))
        tell_all_given_up(b, n);
}

void kernel_text_in(block *b, const node *n)
{
    test_texts(b, n);
}

void kernel_text_in_list(block *b, const node *n)
{
    test_texts(b, n);
}

void kernel_text_matches(block *b, const node *n)
{
    test_texts(b, n);
}

void kernel_text_contains(block *b, const node *n)
{
    test_texts(b, n);
}

void kernel_text_starts(block *b, const node *n)
{
    test_texts(b, n);
}

void kernel_text_ends(block *b, const node *n)
{
    test_texts(b, n);
}

void kernel_text_equal(block *b, const node *n)
{
    size_t count;
    uint64_t *bits = no_text(b, n, &count);
    compare_codes(b, n, count, bits);
}

void kernel_member_of(block *b, const node *n)
{
    size_t count;
    uint64_t *bits = no_text(b, n, &count);
    look_up_members(b, n, count, bits);
}
