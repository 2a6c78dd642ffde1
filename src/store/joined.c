/* SPDX-License-Identifier: MIT
 *
 * The links of a store are read from their table; the joined store has the rows of each person's ids put
 * together, table by table on all processors, and a dictionary in which every id leads to its person.
 */
#include "store/joined.h"

#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "store/known.h"
#include "store/regroup.h"
#include "store/store_accounts.h"
#include "store/store_newest.h"
#include "store/store_texts.h"
#include "value/calendar.h"

/* ---- links ---------------------------------------------------------------- */

typedef struct link_reading {
    const event_table *table;
    store_links *out;
} link_reading;

/* The numbers of those ids that are somebody's in the store; others have none yet. */
static uint32_t *numbers_of(const dictionary *ids, const store *s, arena *memory)
{
    enum { AT_ONCE = 1024 };
    slice texts[AT_ONCE];
    size_t count = dictionary_count(ids);
    uint32_t *numbers = arena_alloc_array(memory, count + 1, sizeof *numbers);
    for (size_t first = 0; first < count; first += AT_ONCE) {
        size_t size = count - first < AT_ONCE ? count - first : AT_ONCE;
        for (size_t i = 0; i < size; i++)
            texts[i] = dictionary_text(ids, (uint32_t)(first + i));
        dictionary_find_many(s->persons, texts, size, numbers + first);
    }
    return numbers;
}

/* The number of the id of a code, which is a new one when it is nobody's in the store. */
static uint32_t number_of(store_links *l, uint32_t code)
{
    if (l->numbers[code] != DICTIONARY_NONE)
        return l->numbers[code];
    uint32_t number = (uint32_t)l->id_count++;
    l->ids[number] = dictionary_text(l->texts, code);
    l->since[number] = INT64_MAX;
    return l->numbers[code] = number;
}

/* What a row says by its kind. */
typedef struct told_kind {
    id_kind kind;
    bool is_own; /* of the id of the row's person: no link */
} told_kind;

static told_kind kind_of_text(const char *name)
{
    told_kind k = {ID_COOKIE, false}; /* of another version: the weakest */
    k.is_own = strncmp(name, LINK_OWN, strlen(LINK_OWN)) == 0;
    id_kind_find(k.is_own ? name + strlen(LINK_OWN) : name, &k.kind);
    return k;
}

static told_kind *kinds_of_texts(const dictionary *texts, arena *memory)
{
    told_kind *kinds =
        arena_alloc_array(memory, dictionary_count(texts) + 1, sizeof *kinds);
    for (uint32_t i = 0; i < dictionary_count(texts); i++)
        kinds[i] = kind_of_text(dictionary_text(texts, i).data);
    return kinds;
}

static void read_person(link_reading *r, uint32_t person, const told_kind *kinds)
{
    const event_table *t = r->table;
    store_links *l = r->out;
    for (uint64_t row = t->offsets[person]; row < t->offsets[person + 1]; row++) {
        const column *id = &t->columns[LINK_COLUMN_ID];
        told_kind told = kinds[column_code(&t->columns[LINK_COLUMN_KIND], row)];
        if (!told.is_own && !column_has(id, row)) /* who is forgotten */
            continue;
        int64_t time = event_table_time(t, row);
        uint32_t other = told.is_own ? person : number_of(l, column_code(id, row));
        l->since[other] = time < l->since[other] ? time : l->since[other];
        l->arrivals[l->link_count] = (uint32_t)packed_get(&t->arrival, row);
        l->links[l->link_count++] =
            (identity_link){.a = person, .b = other, .kind = told.kind, .time = time};
    }
}

static const event_table *table_of_links(const store *s)
{
    size_t kind = schema_find_links(s->schema);
    return kind == SCHEMA_NONE || s->kinds[kind].row_count == 0 ? NULL : &s->kinds[kind];
}

static void read_links(store_links *l, const store *s, const event_table *t,
                       arena *memory)
{
    l->texts = t->columns[LINK_COLUMN_ID].dictionary;
    l->numbers = numbers_of(l->texts, s, memory);
    const told_kind *kinds =
        kinds_of_texts(t->columns[LINK_COLUMN_KIND].dictionary, memory);
    link_reading r = {t, l};
    for (uint32_t p = 0; p < s->person_count; p++)
        read_person(&r, p, kinds);
}

store_links *store_links_of(const store *s, arena *memory)
{
    const event_table *t = table_of_links(s);
    size_t row_count = t ? t->row_count : 0;
    size_t text_count = t ? dictionary_count(t->columns[LINK_COLUMN_ID].dictionary) : 0;
    size_t most = s->person_count + text_count;
    store_links *l = arena_alloc(memory, sizeof *l);
    l->person_count = l->id_count = s->person_count;
    l->ids = arena_alloc_array(memory, most + 1, sizeof *l->ids);
    l->since = arena_alloc_array(memory, most + 1, sizeof *l->since);
    l->links = arena_alloc_array(memory, row_count + 1, sizeof *l->links);
    l->arrivals = arena_alloc_array(memory, row_count + 1, sizeof *l->arrivals);
    for (uint32_t p = 0; p < s->person_count; p++) {
        l->ids[p] = dictionary_text(s->persons, p);
        l->since[p] = s->known_since[p];
    }
    if (t)
        read_links(l, s, t, memory);
    return l;
}

uint32_t store_links_find(const store_links *l, const store *s, slice id)
{
    uint32_t found = dictionary_find(s->persons, id.data, id.size);
    if (found != DICTIONARY_NONE || !l->texts)
        return found;
    uint32_t code = dictionary_find(l->texts, id.data, id.size);
    return code == DICTIONARY_NONE ? DICTIONARY_NONE : l->numbers[code];
}

bool store_links_join_any(const store_links *l, const identity_answer *a)
{
    for (uint32_t i = 0; i < l->id_count; i++)
        if (a->shown[i] != i)
            return true;
    return false;
}

/* ---- people --------------------------------------------------------------- */

/* A joined store with what it points into. */
typedef struct joining {
    store store;
    const struct store *from;
    const store_links *links;
    const identity_answer *answer;
    size_t person_count;
    uint32_t *numbers; /* by id: the number of the person; DICTIONARY_NONE: nobody's */
    dictionary *persons;
    uint32_t *persons_of; /* by code of `persons` */
    uint32_t *ids;        /* the same: the number of the id */
    int64_t *known_since;
    uint32_t *members;
    uint64_t *first;
    event_table *kinds, *traits;
    arena *memory;
    arena **memories; /* of the tables */
    size_t table_count;
} joining;

/* The number of each person, which is found with the least of the numbers of their ids. */
static void find_numbers(joining *j, joined_numbers numbers)
{
    const store_links *l = j->links;
    const uint32_t *shown = j->answer->shown;
    uint32_t *of_shown = memory_alloc_array(l->id_count + 1, sizeof *of_shown), count = 0;
    memset(of_shown, 0xff, l->id_count * sizeof *of_shown);
    j->numbers = arena_alloc_array(j->memory, l->id_count + 1, sizeof *j->numbers);
    for (uint32_t p = 0; p < l->person_count; p++)
        if (of_shown[shown[p]] == DICTIONARY_NONE)
            of_shown[shown[p]] = numbers == JOINED_BY_LEAST ? p : count++;
    for (uint32_t i = 0; i < l->id_count; i++)
        j->numbers[i] = of_shown[shown[i]];
    j->person_count = numbers == JOINED_BY_LEAST ? l->person_count : count;
    memory_free(of_shown);
}

/* Ids differ, and their texts lie in the store. */
static void add_id(joining *j, uint32_t id, uint32_t person)
{
    j->persons_of[dictionary_count(j->persons)] = person;
    j->ids[dictionary_count(j->persons)] = id;
    dictionary_append_texts(j->persons, &j->links->ids[id], 1);
}

/* The id that stands at a person's number: the one that is shown, whose own number gets the id that
 * stood there. */
static uint32_t id_at(const joining *j, uint32_t number)
{
    uint32_t shown = j->answer->shown[number];
    if (j->numbers[number] == number)
        return shown;
    return number == shown ? j->numbers[number] : number;
}

/* The shown ids of all people, and behind them the others. */
static void name_by_place(joining *j)
{
    const store_links *l = j->links;
    uint32_t *shown = j->ids; /* by person */
    for (uint32_t i = 0; i < l->id_count; i++)
        if (j->answer->shown[i] == i && j->numbers[i] != DICTIONARY_NONE)
            shown[j->numbers[i]] = i;
    for (uint32_t p = 0; p < j->person_count; p++)
        add_id(j, shown[p], p);
    for (uint32_t i = 0; i < l->id_count; i++)
        if (j->answer->shown[i] != i && j->numbers[i] != DICTIONARY_NONE)
            add_id(j, i, j->numbers[i]);
}

/* All ids of all people, the shown one of each with their number. */
static void name_by_least(joining *j)
{
    const store_links *l = j->links;
    for (uint32_t p = 0; p < l->person_count; p++)
        add_id(j, id_at(j, p), j->numbers[p]);
    for (uint32_t i = 0; i < l->id_count; i++) {
        bool is_behind = i >= l->person_count ? j->answer->shown[i] != i
                                              : j->answer->shown[i] >= l->person_count &&
                                                    j->numbers[i] == i;
        if (is_behind && j->numbers[i] != DICTIONARY_NONE)
            add_id(j, i, j->numbers[i]);
    }
}

static void name_people(joining *j, joined_numbers numbers)
{
    size_t count = j->links->id_count;
    j->persons = dictionary_new();
    j->persons_of = arena_alloc_array(j->memory, count + 1, sizeof *j->persons_of);
    j->ids = arena_alloc_array(j->memory, count + 1, sizeof *j->ids);
    if (numbers == JOINED_BY_LEAST)
        name_by_least(j);
    else
        name_by_place(j);
}

static void list_members(joining *j)
{
    size_t count = j->links->person_count;
    j->first = arena_alloc_array(j->memory, j->person_count + 2, sizeof *j->first);
    j->members = arena_alloc_array(j->memory, count + 1, sizeof *j->members);
    for (size_t p = 0; p < count; p++)
        j->first[j->numbers[p] + 1]++;
    for (size_t p = 0; p < j->person_count; p++)
        j->first[p + 1] += j->first[p];
    uint64_t *next = memory_alloc_array(j->person_count + 1, sizeof *next);
    memcpy(next, j->first, (j->person_count + 1) * sizeof *next);
    for (uint32_t p = 0; p < count; p++)
        j->members[next[j->numbers[p]]++] = p;
    memory_free(next);
}

static void find_known(joining *j)
{
    const int64_t *since = j->from->known_since;
    j->known_since =
        arena_alloc_array(j->memory, j->person_count + 1, sizeof *j->known_since);
    for (size_t p = 0; p < j->person_count; p++)
        j->known_since[p] = INT64_MAX;
    for (size_t p = 0; p < j->links->person_count; p++) {
        int64_t *known = &j->known_since[j->numbers[p]];
        *known = since[p] < *known ? since[p] : *known;
    }
}

/* ---- tables --------------------------------------------------------------- */

static regroup regroup_of(const joining *j, arena *memory)
{
    return (regroup){j->members, j->first, j->person_count, memory};
}

/* A table like another one, without rows. */
static event_table no_rows(const event_table *from, size_t person_count, arena *memory)
{
    event_table none = *from;
    none.row_count = 0;
    none.offsets = arena_alloc_array(memory, person_count + 1, sizeof *none.offsets);
    return none;
}

/* A kind's table, and those of its lists. Nobody asks the joined store for the links. */
static void join_kind(joining *j, size_t kind, arena *memory)
{
    const schema *s = j->from->schema;
    const event_table *from = j->from->kinds;
    regroup g = regroup_of(j, memory);
    uint64_t *order;
    if (!kind_is_stored(&s->kinds[kind]))
        return;
    if (s->kinds[kind].derivation == KIND_LINKS) {
        j->kinds[kind] = no_rows(&from[kind], g.count, memory);
        return;
    }
    j->kinds[kind] = regroup_table(&g, &from[kind], &order);
    for (size_t k = s->kind_count; k < schema_total(s); k++)
        if (s->kinds[k].derivation == KIND_LIST && s->kinds[k].parent == kind)
            j->kinds[k] = regroup_items(&g, &from[k], &j->kinds[kind], order);
    memory_free(order);
}

/* The kinds come first, then the traits. */
static void join_table(void *context, size_t piece, size_t worker)
{
    joining *j = context;
    size_t kind_count = schema_total(j->from->schema);
    uint64_t *order;
    (void)worker;
    arena *memory = j->memories[piece] = arena_new();
    if (piece < kind_count) {
        join_kind(j, piece, memory);
        return;
    }
    regroup g = regroup_of(j, memory);
    size_t trait = piece - kind_count;
    j->traits[trait] = regroup_table(&g, &j->from->traits[trait], &order);
    memory_free(order);
}

static void join_tables(joining *j)
{
    const schema *s = j->from->schema;
    size_t kind_count = schema_total(s);
    j->table_count = kind_count + s->trait_count;
    j->memories = memory_alloc_zero_array(j->table_count + 1, sizeof(arena *));
    j->kinds = arena_alloc_array(j->memory, kind_count + 1, sizeof *j->kinds);
    j->traits = arena_alloc_array(j->memory, s->trait_count + 1, sizeof *j->traits);
    if (kind_count > 0)
        memcpy(j->kinds, j->from->kinds, kind_count * sizeof *j->kinds);
    parallel_run(parallel_processor_count(), j->table_count, join_table, j);
}

/* ---- the store ------------------------------------------------------------ */

static void release(void *context)
{
    joining *j = context;
    store_accounts_free(j->store.accounts);
    store_newest_free(j->store.newest);
    store_texts_forget(j->store.texts, j->persons);
    store_texts_unref(j->store.texts);
    dictionary_free(j->persons);
    for (size_t i = 0; i < j->table_count; i++)
        arena_free(j->memories[i]);
    memory_free(j->memories);
    arena_free(j->memory);
    memory_free(j);
}

store *store_join(const store *s, const store_links *l, const identity_answer *a,
                  joined_numbers numbers)
{
    joining *j = memory_alloc_zero(sizeof *j);
    j->from = s;
    j->links = l;
    j->answer = a;
    j->memory = arena_new();
    find_numbers(j, numbers);
    name_people(j, numbers);
    list_members(j);
    find_known(j);
    join_tables(j);
    known_times known = {j->known_since, j->person_count, j->person_count};
    j->store = *s;
    j->store.person_count = j->person_count;
    j->store.persons = j->persons;
    j->store.persons_of = j->persons_of;
    j->store.known_since = j->known_since;
    j->store.last_known = known_last(&known);
    j->store.kinds = j->kinds;
    j->store.traits = j->traits;
    j->store.texts = store_texts_ref(s->texts);
    j->store.accounts = store_accounts_new();
    j->store.newest = store_newest_new(s->schema);
    j->store.owner = j;
    j->store.release = release;
    return &j->store;
}

const uint32_t *store_joined_ids(const store *joined)
{
    const joining *j = joined->owner;
    return j->ids;
}
