/* SPDX-License-Identifier: MIT
 *
 * A store regrouped by the accounts of its people (store/regroup.h).
 */
#include "exec/accounts.h"

#include <string.h>

#include "base/arena.h"
#include "base/memory.h"
#include "value/calendar.h"
#include "store/known.h"
#include "store/regroup.h"
#include "store/store_accounts.h"
#include "store/store_texts.h"

/* Who is of which account, the tables that were gathered so far, and who uses them. */
typedef struct regrouping {
    store store;
    const struct store *people;
    arena *memory;
    dictionary *names;
    int64_t from, until; /* the instants at which everybody is of the same account */
    uint32_t *account;   /* by person, or DICTIONARY_NONE */
    uint32_t *members;   /* people by account */
    uint64_t *first;     /* by account: its first in `members`; one more at the end */
    size_t count;
    known_times known; /* of the accounts */
    event_table *kinds, *traits;
    accounts_tables gathered;
    uint32_t users;
} regrouping;

/* ---- who belongs where -------------------------------------------------- */

/* The code of the newest value of the trait at or before now, or DICTIONARY_NONE. The time
 * from g->from to g->until is narrowed to the one in which that value is the newest. */
static uint32_t trait_code(regrouping *g, const event_table *trait, size_t person,
                           int64_t now)
{
    const column *c = &trait->columns[0];
    for (uint64_t r = trait->offsets[person + 1]; r-- > trait->offsets[person];) {
        int64_t time = event_table_time(trait, r);
        if (time > now) {
            g->until = time < g->until ? time : g->until;
            continue;
        }
        g->from = time > g->from ? time : g->from;
        return column_has(c, r) ? column_code(c, r) : DICTIONARY_NONE;
    }
    return DICTIONARY_NONE;
}

static void find_accounts(regrouping *g, int64_t now)
{
    const event_table *trait = &g->people->traits[g->people->schema->account_trait];
    const dictionary *texts = trait->columns[0].dictionary;
    size_t people = g->people->person_count;
    g->account = arena_alloc_array(g->memory, people + 1, sizeof *g->account);
    g->from = INT64_MIN;
    g->until = INT64_MAX;
    for (size_t p = 0; p < people; p++) {
        uint32_t code = trait_code(g, trait, p, now);
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
        uint32_t of = column_has(c, r) ? account[column_code(c, r)] : DICTIONARY_NONE;
        if (of != DICTIONARY_NONE)
            known_note(&g->known, of, event_table_time(trait, r));
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

static regroup by_account(const regrouping *g)
{
    return (regroup){g->members, g->first, g->count, g->memory};
}

/* A kind's table, and those of its lists. */
static void gather_kind(regrouping *g, size_t kind)
{
    const schema *s = g->people->schema;
    regroup by = by_account(g);
    uint64_t *order;
    g->kinds[kind] = regroup_table(&by, &g->people->kinds[kind], &order);
    for (size_t k = s->kind_count; k < schema_total(s); k++)
        if (s->kinds[k].derivation == KIND_LIST && s->kinds[k].parent == kind)
            g->kinds[k] =
                regroup_items(&by, &g->people->kinds[k], &g->kinds[kind], order);
    memory_free(order);
}

/* A row for each person of each account, known since ever. */
static event_table table_of_users(const regrouping *g)
{
    size_t count = g->first[g->count];
    packed people = {g->members, 32, 0, 1};
    column *numbers = arena_alloc(g->memory, sizeof *numbers);
    *numbers = (column){.type = {TYPE_DECIMAL, 0}, .values = people};
    return (event_table){.row_count = count,
                         .offsets = g->first,
                         .time = {.base = TIME_MIN, .unit = 1},
                         .arrival = people,
                         .columns = numbers,
                         .column_count = 1};
}

/* Gather what is wanted and not there yet. */
static void gather(regrouping *g, const accounts_tables *wanted)
{
    const schema *s = g->people->schema;
    regroup by = by_account(g);
    for (size_t k = 0; k < schema_total(s); k++) {
        if (!wanted->kinds[k] || g->gathered.kinds[k])
            continue;
        if (kind_is_stored(&s->kinds[k]))
            gather_kind(g, k);
        else if (s->kinds[k].derivation == KIND_USERS)
            g->kinds[k] = table_of_users(g);
        g->gathered.kinds[k] = true;
    }
    for (size_t t = 0; t < s->trait_count; t++) {
        uint64_t *order;
        if (!wanted->traits[t] || g->gathered.traits[t])
            continue;
        g->traits[t] = regroup_table(&by, &g->people->traits[t], &order);
        memory_free(order);
        g->gathered.traits[t] = true;
    }
}

/* ---- the store ---------------------------------------------------------- */

static void release(void *context)
{
    regrouping *g = context;
    if (__atomic_sub_fetch(&g->users, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    store_texts_forget(g->store.texts, g->names);
    store_texts_unref(g->store.texts);
    dictionary_free(g->names);
    known_done(&g->known);
    arena_free(g->memory);
    memory_free(g);
}

static accounts_tables no_tables(const schema *s, arena *memory)
{
    return (accounts_tables){
        .kinds = arena_alloc_array(memory, schema_total(s) + 1, sizeof(bool)),
        .traits = arena_alloc_array(memory, s->trait_count + 1, sizeof(bool))};
}

/* Tables without rows, whose columns tell of their dictionaries. */
static event_table *empty_tables(const event_table *from, size_t count, arena *memory)
{
    event_table *out = arena_alloc_array(memory, count + 1, sizeof *out);
    for (size_t i = 0; i < count; i++)
        out[i] = (event_table){.columns = from[i].columns,
                               .column_count = from[i].column_count};
    return out;
}

static regrouping *regrouping_new(const store *people, int64_t now)
{
    const schema *s = people->schema;
    regrouping *g = memory_alloc_zero(sizeof *g);
    g->people = people;
    g->memory = arena_new();
    g->names = dictionary_new();
    g->users = 1;
    find_accounts(g, now);
    find_known(g);
    list_members(g);
    g->kinds = empty_tables(people->kinds, schema_total(s), g->memory);
    g->traits = empty_tables(people->traits, s->trait_count, g->memory);
    g->gathered = no_tables(s, g->memory);
    g->store = (store){.schema = s,
                       .person_count = g->count,
                       .persons = g->names,
                       .known_since = g->known.since,
                       .last_known = known_last(&g->known),
                       .kinds = g->kinds,
                       .traits = g->traits,
                       .event_count = people->event_count,
                       .first_time = people->first_time,
                       .last_time = people->last_time,
                       .texts = store_texts_ref(people->texts),
                       .owner = g,
                       .release = release};
    return g;
}

/* Those that are kept, when they are right at `now`; else new ones, which are kept then. */
static regrouping *kept_at(const store *people, int64_t now)
{
    store_accounts *kept = people->accounts;
    regrouping *g = kept->latest ? kept->latest->owner : NULL;
    if (g && g->from <= now && now < g->until)
        return g;
    store_free(kept->latest);
    g = regrouping_new(people, now);
    kept->latest = &g->store;
    return g;
}

store *accounts_store(const store *people, int64_t now, const accounts_tables *wanted)
{
    if (!people->accounts) {
        regrouping *own = regrouping_new(people, now);
        gather(own, wanted);
        return &own->store;
    }
    pthread_mutex_lock(&people->accounts->lock);
    regrouping *g = kept_at(people, now);
    gather(g, wanted);
    __atomic_add_fetch(&g->users, 1, __ATOMIC_RELAXED);
    pthread_mutex_unlock(&people->accounts->lock);
    return &g->store;
}

/* ---- what rules look at ------------------------------------------------- */

static bool *reached_domains(const graph *g, arena *memory)
{
    bool *reached = arena_alloc_array(memory, g->domain_count + 1, sizeof *reached);
    for (size_t i = 0; i < g->node_count; i++)
        reached[g->nodes[i]->domain] = reached[g->nodes[i]->rows] = true;
    for (size_t d = g->domain_count; d-- > 0;) /* members have smaller numbers */
        for (size_t m = 0; reached[d] && m < g->domains[d]->member_count; m++)
            reached[g->domains[d]->members[m]] = true;
    return reached;
}

accounts_tables accounts_tables_of(const graph *g, arena *memory)
{
    const schema *s = g->schema;
    accounts_tables wanted = no_tables(s, memory);
    const bool *reached = reached_domains(g, memory);
    for (size_t d = 0; d < g->domain_count; d++) {
        const domain *of = g->domains[d];
        if (reached[d] && of->kind == DOMAIN_EVENTS)
            wanted.kinds[of->index] = true;
        else if (reached[d] && of->kind == DOMAIN_TRAIT)
            wanted.traits[of->index] = true;
    }
    if (g->judgement_count > 0) { /* series begin with the first event of all */
        memset(wanted.kinds, true, schema_total(s) * sizeof *wanted.kinds);
        memset(wanted.traits, true, s->trait_count * sizeof *wanted.traits);
    }
    return wanted;
}
