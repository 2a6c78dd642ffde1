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
#include "exec/lists.h"
#include "exec/run.h"
#include "exec/stored.h"

static size_t bytes_for(type t, size_t count)
{
    return t.kind == TYPE_BOOL ? (bitmap_words(count) + 1) * sizeof(uint64_t)
                               : (count + 1) * type_value_size(t);
}

/* ---- leaves ------------------------------------------------------------- */

void kernel_constant(block *b, const node *n)
{
    vector *out = &b->vectors[n->id];
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

void kernel_now(block *b, const node *n)
{
    *(int64_t *)vector_take(b, &b->vectors[n->id], sizeof(int64_t)) = b->bound->now;
}

void kernel_row_time(block *b, const node *n)
{
    b->vectors[n->id].values = (void *)block_domain(b, n->domain)->time;
}

void kernel_person_id(block *b, const node *n)
{
    vector *out = &b->vectors[n->id];
    uint32_t *codes = vector_take(b, out, (b->people_count + 1) * sizeof *codes);
    for (size_t i = 0; i < b->people_count; i++)
        codes[i] = (uint32_t)(b->first_person + i);
}

void kernel_column(block *b, const node *n)
{
    row_runs runs = reach_of_node(b, n);
    stored_column(b, n->domain, n->column, &runs, &b->vectors[n->id]);
}

void kernel_row_gap(block *b, const node *n)
{
    vector *out = &b->vectors[n->id];
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

void kernel_row_number(block *b, const node *n)
{
    vector *out = &b->vectors[n->id];
    const block_rows *rows = block_domain(b, n->domain);
    int64_t *number = vector_take(b, out, (rows->count + 1) * sizeof *number);
    size_t groups = block_group_count(b, n->domain);
    for (size_t i = 0; i < groups; i++)
        for (size_t r = rows->offsets[i]; r < rows->offsets[i + 1]; r++)
            number[r] = (int64_t)(r - rows->offsets[i]) + 1;
}

/* From the first row of a group on, each row whose unit is another than that of the row before. */
static void mark_units(const block *b, const node *n, const block_rows *rows,
                       size_t group, uint64_t *bits)
{
    const plan *p = b->bound->plan;
    int64_t number = 0, until = INT64_MIN;
    for (size_t r = rows->offsets[group]; r < rows->offsets[group + 1]; r++) {
        bool is_first = r == rows->offsets[group];
        if (!is_first && rows->time[r] < until)
            continue;
        int64_t before = number;
        number =
            calendar_unit_number(p->zone, rows->time[r], n->unit, p->week_start, &until);
        if (is_first || number != before)
            bitmap_set(bits, r);
    }
}

void kernel_begins_unit(block *b, const node *n)
{
    const block_rows *rows = block_domain(b, n->domain);
    uint64_t *bits = vector_take_bits(b, &b->vectors[n->id], rows->count);
    size_t groups = block_group_count(b, n->domain);
    bitmap_fill(bits, rows->count, false);
    for (size_t i = 0; i < groups; i++)
        mark_units(b, n, rows, i, bits);
}

/* A place between 0 and 2^63: half the XXH64 of the id, seeded with that of the split's
 * text. */
void kernel_split_point(block *b, const node *n)
{
    vector *out = &b->vectors[n->id];
    int64_t *points = vector_take(b, out, (b->people_count + 1) * sizeof *points);
    uint64_t seed = XXH64(n->salt.data, n->salt.size, 0);
    for (size_t i = 0; i < b->people_count; i++) {
        slice id =
            dictionary_text(b->bound->store->persons, (uint32_t)(b->first_person + i));
        points[i] = (int64_t)(XXH64(id.data, id.size, seed) >> 1);
    }
}

void kernel_in_member(block *b, const node *n)
{
    vector *out = &b->vectors[n->id];
    const block_rows *rows = block_domain(b, n->domain);
    uint64_t *bits = vector_take_bits(b, out, rows->count);
    const uint64_t *members = rows->members + n->member / 64; /* the word of each row */
    for (size_t w = 0; w < bitmap_words(rows->count); w++) {
        size_t first = w * 64, many = rows->count - first < 64 ? rows->count - first : 64;
        bits[w] = 0;
        for (size_t j = 0; j < many; j++)
            bits[w] |= (members[(first + j) * rows->member_words] >> n->member % 64 & 1)
                       << j;
    }
}

void kernel_session_events(block *b, const node *n)
{
    const block_rows *rows = block_domain(b, n->domain);
    int64_t *values =
        vector_take(b, &b->vectors[n->id], (rows->count + 1) * sizeof *values);
    for (size_t r = 0; r < rows->count; r++)
        values[r] = (int64_t)(rows->last[r] - rows->source[r]) + 1;
}

void kernel_session_duration(block *b, const node *n)
{
    const block_rows *rows = block_domain(b, n->domain);
    const domain *d = graph_domain(b->bound->plan->graph, n->domain);
    const block_rows *base = block_domain(b, d->members[0]);
    int64_t *values =
        vector_take(b, &b->vectors[n->id], (rows->count + 1) * sizeof *values);
    for (size_t r = 0; r < rows->count; r++)
        values[r] = base->time[rows->last[r]] - base->time[rows->source[r]];
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

void kernel_spread(block *b, const node *n)
{
    vector *out = &b->vectors[n->id];
    const block_rows *rows = block_domain(b, n->domain);
    uint64_t *present;
    void *values = take_result(b, n, out, rows->count, &present);
    origin_values source = source_of(b, n, 0);
    size_t groups = block_group_count(b, n->domain);
    for (size_t i = 0; i < groups; i++)
        for (size_t r = rows->offsets[i]; r < rows->offsets[i + 1]; r++)
            copy_value(n->type, values, present, r, &source, i);
    list_items_share(out, source.vector);
}

/* Are the values there for all rows, as they are to be copied? */
static bool is_plain(const node *n, const origin_values *source)
{
    return !source->codes && !source->vector->present && !source->vector->is_uniform &&
           n->type.kind != TYPE_BOOL;
}

#define TAKE_VALUES(TYPE)                                                                \
    for (size_t r = 0; r < count; r++)                                                   \
    ((TYPE *)values)[r] = ((const TYPE *)source->vector->values)[from[r]]

static void take_plain(const node *n, const origin_values *source, const uint32_t *from,
                       size_t count, void *values)
{
    if (type_value_size(n->type) == sizeof(uint32_t))
        TAKE_VALUES(uint32_t);
    else
        TAKE_VALUES(uint64_t);
}

/* The value of row from[r] of the table below for each row r; NULL: of row r. */
static void take(block *b, const node *n, const block_rows *rows, const uint32_t *from)
{
    vector *out = &b->vectors[n->id];
    origin_values source = source_of(b, n, 0);
    uint64_t *present;
    list_items_share(out, source.vector);
    if (is_plain(n, &source)) {
        void *plain = vector_take(b, out, bytes_for(n->type, rows->count));
        if (from)
            take_plain(n, &source, from, rows->count, plain);
        else
            memcpy(plain, source.vector->values, rows->count * type_value_size(n->type));
        return;
    }
    void *values = take_result(b, n, out, rows->count, &present);
    for (size_t r = 0; r < rows->count; r++)
        copy_value(n->type, values, present, r, &source, from ? from[r] : r);
}

void kernel_take(block *b, const node *n)
{
    const block_rows *rows = block_domain(b, n->domain);
    take(b, n, rows, rows->source);
}

void kernel_session_entry(block *b, const node *n)
{
    const block_rows *rows = block_domain(b, n->domain);
    take(b, n, rows, rows->source);
}

void kernel_session_exit(block *b, const node *n)
{
    const block_rows *rows = block_domain(b, n->domain);
    take(b, n, rows, rows->last);
}

/* Are the values of each member the same for all of its rows, and there? */
static bool are_constant(const node *n, const origin_values *sources)
{
    for (size_t m = 0; m < n->operand_count; m++)
        if (!sources[m].vector->is_uniform || sources[m].vector->present)
            return false;
    return true;
}

/* A text for each member, such as its name. */
static void merge_constant_texts(block *b, const node *n, const origin_values *sources,
                                 const block_rows *rows, uint32_t *values)
{
    uint32_t *codes = scratch_take(b->scratch, n->operand_count * sizeof *codes);
    for (size_t m = 0; m < n->operand_count; m++) {
        uint32_t code = *(const uint32_t *)sources[m].vector->values;
        codes[m] = sources[m].codes ? sources[m].codes[code] : code;
    }
    for (size_t r = 0; r < rows->count; r++)
        values[r] = codes[rows->member[r]];
    scratch_give(b->scratch, codes);
}

static void merge_rows(block *b, const node *n, const origin_values *sources,
                       const block_rows *rows)
{
    uint64_t *present;
    void *values = take_result(b, n, &b->vectors[n->id], rows->count, &present);
    for (size_t r = 0; r < rows->count; r++)
        copy_value(n->type, values, present, r, &sources[rows->member[r]],
                   rows->source[r]);
}

void kernel_merge(block *b, const node *n)
{
    const block_rows *rows = block_domain(b, n->domain);
    origin_values *sources = scratch_take(b->scratch, n->operand_count * sizeof *sources);
    for (size_t m = 0; m < n->operand_count; m++)
        sources[m] = source_of(b, n, m);
    if (type_is_text(n->type) && are_constant(n, sources))
        merge_constant_texts(
            b, n, sources, rows,
            vector_take(b, &b->vectors[n->id], bytes_for(n->type, rows->count)));
    else
        merge_rows(b, n, sources, rows);
    scratch_give(b->scratch, sources);
}

/* The rows of users name the people that they are in their only column. */
void kernel_import(block *b, const node *n)
{
    vector *out = &b->vectors[n->id];
    const run_score *from = &b->bound->imports[n->import];
    vector stored = {.values = (void *)from->values,
                     .present = (uint64_t *)from->present};
    origin_values source = {&stored, NULL};
    vector people = {0};
    uint64_t *present;
    size_t count = block_length(b, n);
    row_runs all = reach_all(count);
    stored_column(b, n->domain, 0, &all, &people);
    void *values = take_result(b, n, out, count, &present);
    for (size_t r = 0; r < count; r++)
        copy_value(n->type, values, present, r, &source,
                   (size_t)((const int64_t *)people.values)[r]);
    vector_release(b, &people);
}

/* Before a missing instant nobody is known. */
void kernel_known(block *b, const node *n)
{
    vector *out = &b->vectors[n->id];
    const vector *instant = operand_vector(b, n, 0);
    const int64_t *since = b->bound->store->known_since + b->first_person;
    uint64_t *bits = vector_take_bits(b, out, b->people_count);
    bitmap_fill(bits, b->people_count, false);
    for (size_t i = 0; vector_has(instant, 0) && i < b->people_count; i++)
        bitmap_put(bits, i, since[i] <= *(const int64_t *)instant->values);
}
