/* SPDX-License-Identifier: MIT
 *
 * Values that come from the store or from the rules, and values that move from one
 * domain to another: from people to rows, from a table to a filtered one or to a union.
 */
#include <string.h>
#include <xxhash.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "exec/kernels.h"
#include "exec/run.h"

static size_t bytes_for(type t, size_t count)
{
    return t.kind == TYPE_BOOL ? (bitmap_words(count) + 1) * sizeof(uint64_t)
                               : (count + 1) * type_value_size(t);
}

/* ---- leaves ------------------------------------------------------------- */

static void fill_constant(block *b, const node *n, vector *out)
{
    void *values = vector_take(b, out, bytes_for(n->type, 1));
    memset(values, 0, bytes_for(n->type, 1));
    if (n->constant.is_missing) {
        bitmap_unset(vector_take_present(b, out, 1), 0);
        return;
    }
    switch (n->type.kind) {
    case TYPE_BOOL: *(uint64_t *)values = (uint64_t)n->constant.integer; break;
    case TYPE_NUMBER: *(double *)values = n->constant.number; break;
    case TYPE_STRING:
    case TYPE_VERSION:
    case TYPE_PERSON: *(uint32_t *)values = b->bound->constant_codes[n->id]; break;
    default: *(int64_t *)values = n->constant.integer; break;
    }
}

static void fill_person_id(block *b, vector *out)
{
    uint32_t *codes = vector_take(b, out, (b->people_count + 1) * sizeof *codes);
    for (size_t i = 0; i < b->people_count; i++)
        codes[i] = (uint32_t)(b->first_person + i);
}

static const column *stored_column(const block *b, const node *n)
{
    const domain *d = graph_domain(b->bound->plan->graph, n->domain);
    return &bound_table(b->bound, d)->columns[n->column];
}

/* A slice of a stored column: in place, but for bits, which rarely begin at a word. */
static void point_at_column(block *b, const node *n, vector *out)
{
    const column *c = stored_column(b, n);
    const block_rows *rows = block_domain(b, n->domain);
    if (c->type.kind == TYPE_BOOL)
        bitmap_copy(vector_take_bits(b, out, rows->count), c->values, rows->first_row,
                    rows->count);
    else
        out->values = (char *)c->values + rows->first_row * type_value_size(c->type);
    if (c->present)
        bitmap_copy(vector_take_present(b, out, rows->count), c->present, rows->first_row,
                    rows->count);
}

static void fill_gap(block *b, const node *n, vector *out)
{
    const block_rows *rows = block_domain(b, n->domain);
    int64_t *gap = vector_take(b, out, (rows->count + 1) * sizeof *gap);
    uint64_t *present = vector_take_present(b, out, rows->count);
    for (size_t r = 1; r < rows->count; r++)
        gap[r] = rows->time[r] - rows->time[r - 1];
    size_t groups = block_group_count(b, n->domain);
    for (size_t i = 0; i < groups; i++)
        if (rows->offsets[i] < rows->offsets[i + 1]) {
            gap[rows->offsets[i]] = 0;
            bitmap_unset(present, rows->offsets[i]);
        }
}

static void fill_row_number(block *b, const node *n, vector *out)
{
    const block_rows *rows = block_domain(b, n->domain);
    int64_t *number = vector_take(b, out, (rows->count + 1) * sizeof *number);
    size_t groups = block_group_count(b, n->domain);
    for (size_t i = 0; i < groups; i++)
        for (size_t r = rows->offsets[i]; r < rows->offsets[i + 1]; r++)
            number[r] = (int64_t)(r - rows->offsets[i]) + 1;
}

/* A place between 0 and 2^63: half the XXH64 of the id, seeded with that of the split's
 * text. */
static void fill_split_point(block *b, const node *n, vector *out)
{
    int64_t *points = vector_take(b, out, (b->people_count + 1) * sizeof *points);
    uint64_t seed = XXH64(n->salt.data, n->salt.size, 0);
    for (size_t i = 0; i < b->people_count; i++) {
        slice id =
            dictionary_text(b->bound->store->persons, (uint32_t)(b->first_person + i));
        points[i] = (int64_t)(XXH64(id.data, id.size, seed) >> 1);
    }
}

static void fill_in_member(block *b, const node *n, vector *out)
{
    const block_rows *rows = block_domain(b, n->domain);
    uint64_t *bits = vector_take_bits(b, out, rows->count);
    for (size_t w = 0; w < bitmap_words(rows->count); w++) {
        size_t first = w * 64, many = rows->count - first < 64 ? rows->count - first : 64;
        bits[w] = 0;
        for (size_t j = 0; j < many; j++)
            bits[w] |= (rows->members[first + j] >> n->member & 1) << j;
    }
}

static void fill_session(block *b, const node *n, vector *out)
{
    const block_rows *rows = block_domain(b, n->domain);
    const domain *d = graph_domain(b->bound->plan->graph, n->domain);
    const block_rows *base = block_domain(b, d->members[0]);
    int64_t *values = vector_take(b, out, (rows->count + 1) * sizeof *values);
    for (size_t r = 0; r < rows->count; r++)
        values[r] = n->kind == NODE_SESSION_EVENTS
                        ? (int64_t)(rows->last[r] - rows->source[r]) + 1
                        : base->time[rows->last[r]] - base->time[rows->source[r]];
}

void kernel_leaf(block *b, const node *n)
{
    vector *out = &b->vectors[n->id];
    switch (n->kind) {
    case NODE_SPLIT_POINT: fill_split_point(b, n, out); break;
    case NODE_IN_MEMBER: fill_in_member(b, n, out); break;
    case NODE_SESSION_DURATION:
    case NODE_SESSION_EVENTS: fill_session(b, n, out); break;
    case NODE_CONSTANT: fill_constant(b, n, out); break;
    case NODE_NOW:
        *(int64_t *)vector_take(b, out, sizeof(int64_t)) = b->bound->now;
        break;
    case NODE_PERSON_ID: fill_person_id(b, out); break;
    case NODE_COLUMN: point_at_column(b, n, out); break;
    case NODE_ROW_TIME: out->values = (void *)block_domain(b, n->domain)->time; break;
    case NODE_ROW_GAP: fill_gap(b, n, out); break;
    default: fill_row_number(b, n, out); break;
    }
}

/* ---- between domains ---------------------------------------------------- */

/* Where one value of the result comes from. `codes` (or NULL) brings text codes to the
 * common dictionary. */
typedef struct origin_values {
    const vector *vector;
    const uint32_t *codes;
} origin_values;

static origin_values source_of(const block *b, const node *n, size_t operand)
{
    const node *from = n->operands[operand];
    bool is_text = type_is_text(n->type);
    origin_values source = {operand_vector(b, n, operand), NULL};
    if (is_text && !origin_equals(n->origin, from->origin))
        source.codes = bound_translation(b->bound, from->origin);
    return source;
}

/* result[to] = source[from]; a missing value stands as zero. */
static void copy_value(type t, void *values, uint64_t *present, size_t to,
                       const origin_values *source, size_t from)
{
    const vector *v = source->vector;
    if (v->is_uniform)
        from = 0;
    bool has_value = !v->present || bitmap_get(v->present, from);
    if (!has_value)
        bitmap_unset(present, to);
    switch (t.kind) {
    case TYPE_BOOL:
        bitmap_put(values, to, has_value && bitmap_get(v->values, from));
        break;
    case TYPE_NUMBER:
        ((double *)values)[to] = has_value ? ((const double *)v->values)[from] : 0;
        break;
    case TYPE_STRING:
    case TYPE_VERSION:
    case TYPE_PERSON: {
        uint32_t code = has_value ? ((const uint32_t *)v->values)[from] : 0;
        ((uint32_t *)values)[to] =
            has_value && source->codes ? source->codes[code] : code;
        break;
    }
    default:
        ((int64_t *)values)[to] = has_value ? ((const int64_t *)v->values)[from] : 0;
        break;
    }
}

/* The result's memory; bits are cleared, since they are set one by one. */
static void *take_result(block *b, const node *n, vector *out, size_t count,
                         uint64_t **present)
{
    void *values = vector_take(b, out, bytes_for(n->type, count));
    if (n->type.kind == TYPE_BOOL)
        memset(values, 0, bytes_for(n->type, count));
    *present = vector_take_present(b, out, count);
    return values;
}

static void spread(block *b, const node *n, vector *out)
{
    const block_rows *rows = block_domain(b, n->domain);
    uint64_t *present;
    void *values = take_result(b, n, out, rows->count, &present);
    origin_values source = source_of(b, n, 0);
    size_t groups = block_group_count(b, n->domain);
    for (size_t i = 0; i < groups; i++)
        for (size_t r = rows->offsets[i]; r < rows->offsets[i + 1]; r++)
            copy_value(n->type, values, present, r, &source, i);
}

static void take(block *b, const node *n, vector *out)
{
    const block_rows *rows = block_domain(b, n->domain);
    uint64_t *present;
    void *values = take_result(b, n, out, rows->count, &present);
    origin_values source = source_of(b, n, 0);
    const uint32_t *from = n->kind == NODE_SESSION_EXIT ? rows->last : rows->source;
    for (size_t r = 0; r < rows->count; r++)
        copy_value(n->type, values, present, r, &source, from[r]);
}

static void merge(block *b, const node *n, vector *out)
{
    const block_rows *rows = block_domain(b, n->domain);
    uint64_t *present;
    void *values = take_result(b, n, out, rows->count, &present);
    origin_values *sources = scratch_take(b->scratch, n->operand_count * sizeof *sources);
    for (size_t m = 0; m < n->operand_count; m++)
        sources[m] = source_of(b, n, m);
    for (size_t r = 0; r < rows->count; r++)
        copy_value(n->type, values, present, r, &sources[rows->member[r]],
                   rows->source[r]);
    scratch_give(b->scratch, sources);
}

/* The rows of users name the people that they are in their only column. */
static void import(block *b, const node *n, vector *out)
{
    const block_rows *rows = block_domain(b, n->domain);
    const domain *d = graph_domain(b->bound->plan->graph, n->domain);
    const int64_t *people = bound_table(b->bound, d)->columns[0].values;
    const run_score *from = &b->bound->imports[n->import];
    vector stored = {.values = (void *)from->values,
                     .present = (uint64_t *)from->present};
    origin_values source = {&stored, NULL};
    uint64_t *present;
    void *values = take_result(b, n, out, rows->count, &present);
    for (size_t r = 0; r < rows->count; r++)
        copy_value(n->type, values, present, r, &source,
                   (size_t)people[rows->first_row + r]);
}

/* Before a missing instant nobody is known. */
static void known(block *b, const node *n, vector *out)
{
    const vector *instant = operand_vector(b, n, 0);
    const int64_t *since = b->bound->store->known_since + b->first_person;
    uint64_t *bits = vector_take_bits(b, out, b->people_count);
    bitmap_fill(bits, b->people_count, false);
    for (size_t i = 0; vector_has(instant, 0) && i < b->people_count; i++)
        bitmap_put(bits, i, since[i] <= *(const int64_t *)instant->values);
}

void kernel_between(block *b, const node *n)
{
    vector *out = &b->vectors[n->id];
    switch (n->kind) {
    case NODE_SPREAD: spread(b, n, out); break;
    case NODE_TAKE:
    case NODE_SESSION_ENTRY:
    case NODE_SESSION_EXIT: take(b, n, out); break;
    case NODE_MERGE: merge(b, n, out); break;
    case NODE_KNOWN: known(b, n, out); break;
    default: import(b, n, out); break;
    }
}
