/* SPDX-License-Identifier: MIT
 *
 * A store regrouped: the rows of an account's people are gathered and sorted by time and
 * arrival, table by table.
 */
#include "exec/accounts.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/bitmap.h"
#include "base/memory.h"
#include "value/calendar.h"
#include "store/known.h"
#include "store/store_texts.h"

/* What is known while tables are regrouped. */
typedef struct regrouping {
    const store *people;
    arena *memory;
    dictionary *names;
    uint32_t *account; /* by person, or DICTIONARY_NONE */
    uint32_t *members; /* people by account */
    uint64_t *first;   /* by account: its first in `members`; one more at the end */
    size_t count;
    known_times known; /* of the accounts */
} regrouping;

/* A store with what it points into. */
typedef struct owner {
    store store;
    arena *memory;
    dictionary *names;
    known_times known;
} owner;

/* ---- who belongs where -------------------------------------------------- */

/* The newest value of the trait at or before now; its code, or DICTIONARY_NONE. */
static uint32_t trait_code(const event_table *trait, size_t person, int64_t now)
{
    for (uint64_t r = trait->offsets[person + 1]; r-- > trait->offsets[person];) {
        const column *c = &trait->columns[0];
        if (trait->time[r] > now)
            continue;
        bool is_present = !c->present || bitmap_get(c->present, r);
        return is_present ? ((const uint32_t *)c->values)[r] : DICTIONARY_NONE;
    }
    return DICTIONARY_NONE;
}

static void find_accounts(regrouping *g, int64_t now)
{
    const event_table *trait = &g->people->traits[g->people->schema->account_trait];
    const dictionary *texts = trait->columns[0].dictionary;
    size_t people = g->people->person_count;
    g->account = arena_alloc_array(g->memory, people + 1, sizeof *g->account);
    for (size_t p = 0; p < people; p++) {
        uint32_t code = trait_code(trait, p, now);
        g->account[p] = DICTIONARY_NONE;
        if (code == DICTIONARY_NONE)
            continue;
        slice name = dictionary_text(texts, code);
        if (name.size > 0)
            g->account[p] = dictionary_add(g->names, name.data, name.size);
    }
    g->count = dictionary_count(g->names);
}

/* An account is known from the first row that makes somebody a member of it, whether they
 * still are or not. */
static void find_known(regrouping *g)
{
    const event_table *trait = &g->people->traits[g->people->schema->account_trait];
    const column *c = &trait->columns[0];
    const dictionary *texts = c->dictionary;
    uint32_t *account = memory_alloc_array(dictionary_count(texts) + 1, sizeof *account);
    for (uint32_t code = 0; code < dictionary_count(texts); code++) {
        slice name = dictionary_text(texts, code);
        account[code] = dictionary_find(g->names, name.data, name.size);
    }
    for (size_t r = 0; r < trait->row_count; r++) {
        bool is_present = !c->present || bitmap_get(c->present, r);
        uint32_t of =
            is_present ? account[((const uint32_t *)c->values)[r]] : DICTIONARY_NONE;
        if (of != DICTIONARY_NONE)
            known_note(&g->known, of, trait->time[r]);
    }
    memory_free(account);
}

static void list_members(regrouping *g)
{
    size_t people = g->people->person_count;
    g->first = arena_alloc_array(g->memory, g->count + 2, sizeof *g->first);
    g->members = arena_alloc_array(g->memory, people + 1, sizeof *g->members);
    for (size_t p = 0; p < people; p++)
        if (g->account[p] != DICTIONARY_NONE)
            g->first[g->account[p] + 1]++;
    for (size_t a = 0; a < g->count; a++)
        g->first[a + 1] += g->first[a];
    uint64_t *next = memory_alloc_array(g->count + 1, sizeof *next);
    memcpy(next, g->first, (g->count + 1) * sizeof *next);
    for (size_t p = 0; p < people; p++)
        if (g->account[p] != DICTIONARY_NONE)
            g->members[next[g->account[p]]++] = (uint32_t)p;
    memory_free(next);
}

/* ---- tables ------------------------------------------------------------- */

static int compare_rows(const void *a, const void *b, void *context)
{
    const event_table *table = context;
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    if (table->time[x] != table->time[y])
        return table->time[x] < table->time[y] ? -1 : 1;
    return (table->arrival[x] > table->arrival[y]) -
           (table->arrival[x] < table->arrival[y]);
}

/* The old rows in their new order; offsets are filled. */
static uint64_t *order_rows(const regrouping *g, const event_table *from,
                            uint64_t *offsets)
{
    uint64_t *order = memory_alloc_array(from->row_count + 1, sizeof *order), count = 0;
    for (size_t a = 0; a < g->count; a++) {
        offsets[a] = count;
        for (uint64_t m = g->first[a]; m < g->first[a + 1]; m++)
            for (uint64_t r = from->offsets[g->members[m]];
                 r < from->offsets[g->members[m] + 1]; r++)
                order[count++] = r;
        qsort_r(order + offsets[a], count - offsets[a], sizeof *order, compare_rows,
                (void *)from);
    }
    offsets[g->count] = count;
    return order;
}

static void gather_values(const column *from, const uint64_t *order, size_t count,
                          void *out)
{
    switch (from->type.kind) {
    case TYPE_BOOL:
        for (size_t i = 0; i < count; i++)
            bitmap_put(out, i, bitmap_get(from->values, order[i]));
        break;
    case TYPE_STRING:
    case TYPE_VERSION:
    case TYPE_PERSON:
        for (size_t i = 0; i < count; i++)
            ((uint32_t *)out)[i] = ((const uint32_t *)from->values)[order[i]];
        break;
    default: /* 8 bytes each, whatever they mean */
        for (size_t i = 0; i < count; i++)
            ((uint64_t *)out)[i] = ((const uint64_t *)from->values)[order[i]];
        break;
    }
}

static column gather_column(const regrouping *g, const column *from,
                            const uint64_t *order, size_t count)
{
    column out = *from;
    size_t words = bitmap_words(count) + 1;
    size_t bytes = from->type.kind == TYPE_BOOL
                       ? words * sizeof(uint64_t)
                       : (count + 1) * type_value_size(from->type);
    void *values = arena_alloc(g->memory, bytes);
    gather_values(from, order, count, values);
    out.values = values;
    if (!from->present)
        return out;
    uint64_t *present = arena_alloc_array(g->memory, words, sizeof *present);
    for (size_t i = 0; i < count; i++)
        bitmap_put(present, i, bitmap_get(from->present, order[i]));
    out.present = present;
    return out;
}

/* `*moved` has the old rows in their new order; the caller frees it. */
static event_table gather_table(const regrouping *g, const event_table *from,
                                uint64_t **moved)
{
    uint64_t *offsets = arena_alloc_array(g->memory, g->count + 1, sizeof *offsets);
    uint64_t *order = order_rows(g, from, offsets);
    size_t count = offsets[g->count];
    int64_t *time = arena_alloc_array(g->memory, count + 1, sizeof *time);
    uint32_t *arrival = arena_alloc_array(g->memory, count + 1, sizeof *arrival);
    column *columns =
        arena_alloc_array(g->memory, from->column_count + 1, sizeof *columns);
    for (size_t i = 0; i < count; i++) {
        time[i] = from->time[order[i]];
        arrival[i] = from->arrival[order[i]];
    }
    for (size_t c = 0; c < from->column_count; c++)
        columns[c] = gather_column(g, &from->columns[c], order, count);
    *moved = order;
    return (event_table){.row_count = count,
                         .offsets = offsets,
                         .time = time,
                         .arrival = arrival,
                         .columns = columns,
                         .column_count = from->column_count};
}

/* The items of the rows that a table kept, in the new order of these. */
static event_table gather_items(const regrouping *g, const event_table *from,
                                const event_table *holder, const uint64_t *holder_order)
{
    uint64_t *offsets =
        arena_alloc_array(g->memory, holder->row_count + 1, sizeof *offsets);
    uint64_t *order = memory_alloc_array(from->row_count + 1, sizeof *order), count = 0;
    column *columns =
        arena_alloc_array(g->memory, from->column_count + 1, sizeof *columns);
    for (size_t i = 0; i < holder->row_count; i++) {
        offsets[i] = count;
        uint64_t row = holder_order[i];
        for (uint64_t item = from->offsets[row]; item < from->offsets[row + 1]; item++)
            order[count++] = item;
    }
    offsets[holder->row_count] = count;
    for (size_t c = 0; c < from->column_count; c++)
        columns[c] = gather_column(g, &from->columns[c], order, count);
    memory_free(order);
    return (event_table){.row_count = count,
                         .offsets = offsets,
                         .columns = columns,
                         .column_count = from->column_count};
}

/* A kind's table, and those of its lists. */
static void gather_kind(const regrouping *g, size_t kind, event_table *out)
{
    const schema *s = g->people->schema;
    uint64_t *order;
    out[kind] = gather_table(g, &g->people->kinds[kind], &order);
    for (size_t k = s->kind_count; k < schema_total(s); k++)
        if (s->kinds[k].derivation == KIND_LIST && s->kinds[k].parent == kind)
            out[k] = gather_items(g, &g->people->kinds[k], &out[kind], order);
    memory_free(order);
}

/* A row for each person of each account, known since ever. */
static event_table table_of_users(const regrouping *g)
{
    size_t count = g->first[g->count];
    int64_t *time = arena_alloc_array(g->memory, count + 1, sizeof *time);
    int64_t *people = arena_alloc_array(g->memory, count + 1, sizeof *people);
    column *numbers = arena_alloc(g->memory, sizeof *numbers);
    for (size_t i = 0; i < count; i++) {
        time[i] = TIME_MIN;
        people[i] = g->members[i];
    }
    *numbers = (column){.type = {TYPE_DECIMAL, 0}, .values = people};
    return (event_table){.row_count = count,
                         .offsets = g->first,
                         .time = time,
                         .arrival = g->members,
                         .columns = numbers,
                         .column_count = 1};
}

static event_table *gather_kinds(const regrouping *g)
{
    const schema *s = g->people->schema;
    event_table *kinds = arena_alloc_array(g->memory, schema_total(s) + 1, sizeof *kinds);
    for (size_t k = 0; k < schema_total(s); k++) {
        if (kind_is_stored(&s->kinds[k]))
            gather_kind(g, k, kinds);
        else if (s->kinds[k].derivation == KIND_USERS)
            kinds[k] = table_of_users(g);
    }
    return kinds;
}

static event_table *gather_traits(const regrouping *g)
{
    size_t count = g->people->schema->trait_count;
    event_table *traits = arena_alloc_array(g->memory, count + 1, sizeof *traits);
    for (size_t t = 0; t < count; t++) {
        uint64_t *order;
        traits[t] = gather_table(g, &g->people->traits[t], &order);
        memory_free(order);
    }
    return traits;
}

static void release(void *context)
{
    owner *o = context;
    store_texts_forget(o->store.texts, o->names);
    store_texts_unref(o->store.texts);
    dictionary_free(o->names);
    known_done(&o->known);
    arena_free(o->memory);
    memory_free(o);
}

store *accounts_store(const store *people, int64_t now)
{
    regrouping g = {.people = people, .memory = arena_new(), .names = dictionary_new()};
    find_accounts(&g, now);
    find_known(&g);
    list_members(&g);
    owner *o = memory_alloc_zero(sizeof *o);
    o->memory = g.memory;
    o->names = g.names;
    o->known = g.known;
    o->store = (store){.schema = people->schema,
                       .person_count = g.count,
                       .persons = g.names,
                       .known_since = g.known.since,
                       .last_known = known_last(&g.known),
                       .kinds = gather_kinds(&g),
                       .traits = gather_traits(&g),
                       .event_count = people->event_count,
                       .first_time = people->first_time,
                       .last_time = people->last_time,
                       .texts = store_texts_ref(people->texts),
                       .owner = o,
                       .release = release};
    return &o->store;
}
