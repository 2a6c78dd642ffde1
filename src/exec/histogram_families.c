/* SPDX-License-Identifier: MIT */
#include "exec/histogram_families.h"

#include <string.h>

#include "base/memory.h"
#include "exec/families.h"
#include "exec/filled.h"
#include "exec/loops.h"
#include "exec/stored.h"

/* ---- which are a family ------------------------------------------------------- */

/* Windows of which each person, or row, has one of their own are in a family alone. */
static family_question question_of(const histograms *all, size_t i,
                                   const edge_plan *edges)
{
    const histogram *h = &all->items[i];
    const edge_pair *pair = &edges->windows[h->window->id];
    bool is_shared = pair->is_shared && h->counts[0]->domain == PEOPLE;
    family_question q = {
        .key_count = 1, .from = pair->from, .until = pair->until, .id = i};
    q.key = memory_alloc_array(1, sizeof *q.key);
    q.key[0] = is_shared ? h->alike : all->count + i;
    return q;
}

static void add_family(histogram_plan *p, const family_question *questions, size_t first,
                       size_t count)
{
    histogram_family *f = &p->families[p->family_count];
    int64_t until = questions[first].until;
    *f = (histogram_family){.members = &p->members[first], .count = count};
    for (size_t i = first; i < first + count; i++) {
        p->members[i] = &p->histograms->items[questions[i].id];
        p->by_histogram[questions[i].id] = (uint32_t)p->family_count;
        if (i == first || questions[i].until > until) {
            until = questions[i].until;
            f->latest = p->members[i]->window;
        }
    }
    p->family_count++;
}

histogram_plan *histogram_plan_new(const histograms *all, const edge_plan *edges)
{
    size_t count = all->count;
    histogram_plan *p = memory_alloc_zero(sizeof *p);
    family_question *questions = memory_alloc_array(count + 1, sizeof *questions);
    for (size_t i = 0; i < count; i++)
        questions[i] = question_of(all, i, edges);
    families_sort(questions, count);
    p->histograms = all;
    p->members = memory_alloc_array(count + 1, sizeof *p->members);
    p->families = memory_alloc_array(count + 1, sizeof *p->families);
    p->by_histogram = memory_alloc_array(count + 1, sizeof *p->by_histogram);
    for (size_t first = 0, end; first < count; first = end) {
        end = family_end(questions, count, first);
        add_family(p, questions, first, end - first);
    }
    families_free(questions, count);
    return p;
}

void histogram_plan_free(histogram_plan *p)
{
    if (!p)
        return;
    memory_free(p->by_histogram);
    memory_free(p->families);
    memory_free(p->members);
    memory_free(p);
}

/* ---- the counts of 64 people ---------------------------------------------------- */

enum { TILE = 64 };

/* The rows that are counted of each of them. */
typedef struct counted_rows {
    uint32_t begin[TILE], end[TILE];
} counted_rows;

/* One histogram's window, and where its results go. */
typedef struct tile_member {
    const histogram *histogram;
    const uint32_t *begin, *end;
    int64_t **counts;  /* of the block, by place; NULL: nobody wants them */
    uint64_t **orders; /* the same */
} tile_member;

typedef struct tile {
    const vector *subject;
    const packed *stored; /* its codes, of row 0 on, where they stand; or NULL */
    size_t stored_first;
    const uint8_t *numbers; /* by code: 0 is that of all other texts */
    uint32_t *by_number;    /* TILE counts each, one a person */
    size_t bytes;
    counted_rows rows;
} tile;

static uint32_t *counts_at(const tile *t, size_t place)
{
    return t->by_number + (place + 1) * TILE;
}

/* Rows [begin, end) of one of the people come in, or go out; of an empty range none do. */
#define COUNT_ROWS(CODE)                                                                 \
    for (size_t r = begin; r < end; r++)                                                 \
        if (!present || bitmap_get(present, r))                                          \
            t->by_number[t->numbers[CODE] * TILE + person] += change;

static void count_rows(const tile *t, size_t person, uint32_t begin, uint32_t end,
                       uint32_t change)
{
    const uint64_t *present = t->subject->present;
    if (!t->stored) {
        const uint32_t *codes = t->subject->values;
        COUNT_ROWS(codes[r])
    } else if (t->stored->bits == 8) {
        const uint8_t *codes = (const uint8_t *)t->stored->data + t->stored_first;
        COUNT_ROWS(codes[r])
    } else {
        COUNT_ROWS(packed_get(t->stored, t->stored_first + r))
    }
}

static void move_to(tile *t, size_t person, uint32_t begin, uint32_t end)
{
    uint32_t *from = &t->rows.begin[person], *until = &t->rows.end[person];
    if (begin >= *until || end <= *from) {
        count_rows(t, person, *from, *until, -1U);
        count_rows(t, person, begin, end, 1);
    } else {
        count_rows(t, person, begin, *from, 1);
        count_rows(t, person, *until, end, 1);
        count_rows(t, person, *from, begin, -1U);
        count_rows(t, person, end, *until, -1U);
    }
    *from = begin;
    *until = end;
}

/* ---- what is asked of them ------------------------------------------------------ */

static uint64_t compare_counts(const tile *t, const histogram_order *o, size_t many)
{
    const uint32_t *x = counts_at(t, o->x), *y = counts_at(t, o->y);
    uint64_t word;
    if (o->comparison->kind == NODE_LESS) {
        loop_less_pairs(x, y, many, &word);
        return word;
    }
    loop_less_pairs(y, x, many, &word);
    return ~word & bitmap_range_mask(0, 0, many);
}

static void put_results(const tile *t, const tile_member *m, size_t word, size_t many)
{
    const histogram *h = m->histogram;
    for (size_t k = 0; k < h->count_count; k++)
        for (size_t j = 0; m->counts[k] && j < many; j++)
            m->counts[k][word * TILE + j] = counts_at(t, k)[j];
    for (size_t k = 0; k < h->order_count; k++)
        if (m->orders[k])
            m->orders[k][word] = compare_counts(t, &h->orders[k], many);
}

/* ---- a block -------------------------------------------------------------------- */

static void take_counts(block *b, tile_member *m, const bool *is_wanted, size_t groups)
{
    const histogram *h = m->histogram;
    m->counts = scratch_take(b->scratch, h->count_count * sizeof *m->counts);
    for (size_t k = 0; k < h->count_count; k++) {
        vector *out = &b->vectors[h->counts[k]->id];
        m->counts[k] = NULL;
        if (is_wanted[h->counts[k]->id])
            m->counts[k] = vector_take(b, out, (groups + 1) * sizeof **m->counts);
    }
}

static void take_orders(block *b, tile_member *m, const bool *is_wanted, size_t groups)
{
    const histogram *h = m->histogram;
    m->orders = scratch_take(b->scratch, (h->order_count + 1) * sizeof *m->orders);
    for (size_t k = 0; k < h->order_count; k++) {
        uint32_t id = h->orders[k].comparison->id;
        m->orders[k] = NULL;
        if (is_wanted[id])
            m->orders[k] = vector_take_bits(b, &b->vectors[id], groups);
    }
}

static void find_ends(block *b, const node *window, const uint32_t **begin,
                      const uint32_t **end)
{
    if (b->demand->edges->windows[window->id].is_shared) {
        edges_borrow(b, window, begin, end);
        return;
    }
    *begin = b->windows[window->id].begin;
    *end = b->windows[window->id].end;
}

static tile_member *take_members(block *b, const histogram_family *f, size_t groups)
{
    const bool *is_wanted = b->bound->plan->passes[b->pass_index].works_out;
    tile_member *members = scratch_take(b->scratch, f->count * sizeof *members);
    for (size_t k = 0; k < f->count; k++) {
        tile_member *m = &members[k];
        m->histogram = f->members[k];
        find_ends(b, m->histogram->window, &m->begin, &m->end);
        take_counts(b, m, is_wanted, groups);
        take_orders(b, m, is_wanted, groups);
    }
    return members;
}

static void give_members(block *b, tile_member *members, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        scratch_give(b->scratch, members[k].orders);
        scratch_give(b->scratch, members[k].counts);
    }
    scratch_give(b->scratch, members);
}

/* Who has rows in some window of the family? To be given back. */
static uint64_t *find_filled(block *b, const histogram_family *f, size_t groups)
{
    const uint32_t *begin, *end, *unused;
    uint64_t *filled =
        scratch_take(b->scratch, (bitmap_words(groups) + 1) * sizeof *filled);
    find_ends(b, f->members[0]->window, &begin, &unused);
    find_ends(b, f->latest, &unused, &end);
    filled_find(begin, end, groups, filled);
    return filled;
}

static void count_word(tile *t, const tile_member *members, size_t count, size_t word,
                       uint64_t filled, size_t many)
{
    memset(t->by_number, 0, t->bytes);
    memset(&t->rows, 0, sizeof t->rows);
    for (const tile_member *m = members; m < members + count; m++) {
        EACH_SET_BIT(&filled, TILE, i)
        {
            move_to(t, i, m->begin[word * TILE + i], m->end[word * TILE + i]);
        }
        put_results(t, m, word, many);
    }
}

void histogram_family_evaluate(block *b, const histogram_family *family)
{
    const histogram *first = family->members[0];
    size_t groups = block_length(b, first->counts[0]);
    size_t bytes = (first->count_count + 1) * TILE * sizeof(uint32_t);
    tile t = {.subject = &b->vectors[first->subject->id],
              .numbers = bound_numbers(b->bound, first->counts[0]),
              .by_number = scratch_take(b->scratch, bytes),
              .bytes = bytes};
    t.stored = stored_values(b, first->subject, &t.stored_first);
    tile_member *members = take_members(b, family, groups);
    uint64_t *filled = find_filled(b, family, groups);
    for (size_t w = 0; w < bitmap_words(groups); w++) {
        size_t many = groups - w * TILE < TILE ? groups - w * TILE : TILE;
        count_word(&t, members, family->count, w, filled[w], many);
    }
    scratch_give(b->scratch, filled);
    give_members(b, members, family->count);
    scratch_give(b->scratch, t.by_number);
}
