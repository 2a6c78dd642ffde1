/* SPDX-License-Identifier: MIT
 *
 * The store out of the loader's tables: each is sorted, by as many threads as there may be.
 */
#include "base/memory.h"
#include "base/parallel.h"
#include "ingest/loader_parts.h"
#include "store/store_accounts.h"
#include "store/store_newest.h"
#include "store/store_texts.h"

/* What a store's memory is: the tables and dictionaries that it points to. */
typedef struct history {
    store store;
    size_t kind_count;
    event_table *kinds, *traits;
    dictionary *persons;
    known_times known;
} history;

static void history_release(void *owner)
{
    history *h = owner;
    store_accounts_free(h->store.accounts);
    store_newest_free(h->store.newest);
    for (size_t i = 0; i < h->kind_count; i++)
        event_table_done(&h->kinds[i]);
    for (size_t i = 0; i < h->store.schema->trait_count; i++)
        event_table_done(&h->traits[i]);
    memory_free(h->kinds);
    memory_free(h->traits);
    store_texts_unref(h->store.texts);
    dictionary_free(h->persons);
    known_done(&h->known);
    memory_free(h);
}

/* The tables of the store under construction. */
typedef struct finishing {
    const loader *loader;
    size_t person_count;
    event_table *kinds, *traits;
} finishing;

/* Sort a kind's table, and those of its lists, which follow it. */
static void finish_kind(const finishing *f, size_t k)
{
    const loader *l = f->loader;
    const schema *s = l->schema;
    uint32_t *order;
    if (!kind_is_stored(&s->kinds[k]))
        return;
    raw_table_finish(&l->kinds[k], f->person_count, &f->kinds[k], &order);
    for (size_t i = s->kind_count; i < l->kind_count; i++) {
        if (s->kinds[i].derivation == KIND_LIST && s->kinds[i].parent == k)
            raw_table_finish_items(&l->kinds[i], &f->kinds[k], order, &f->kinds[i]);
    }
    memory_free(order);
}

/* One table: the kinds come first, then the traits. */
static void finish_table(void *context, size_t piece, size_t worker)
{
    const finishing *f = context;
    const loader *l = f->loader;
    uint32_t *order;
    (void)worker;
    if (cancel_is_asked(l->cancel))
        return;
    if (piece < l->kind_count) {
        finish_kind(f, piece);
        return;
    }
    size_t trait = piece - l->kind_count;
    raw_table_finish(&l->traits[trait], f->person_count, &f->traits[trait], &order);
    memory_free(order);
}

/* Count the events and find the first and the last time. */
static void summarize(store *s)
{
    for (size_t k = 0; k < s->schema->kind_count; k++) {
        const event_table *t = &s->kinds[k];
        int64_t first, last;
        if (!event_table_span(t, &first, &last))
            continue;
        bool is_first = s->event_count == 0;
        s->first_time = is_first || first < s->first_time ? first : s->first_time;
        s->last_time = is_first || last > s->last_time ? last : s->last_time;
        s->event_count += t->row_count;
    }
}

static void finish_links(loader *l)
{
    size_t kind = schema_find_links(l->schema);
    if (kind != SCHEMA_NONE)
        batch_finish_links(&l->links, &l->known, &l->kinds[kind]);
}

store *loader_finish(loader *l)
{
    history *h = memory_alloc_zero(sizeof *h);
    loader_need_tables(l);
    size_t person_count = dictionary_count(l->persons);
    h->persons = l->persons;
    finish_links(l);
    h->known = l->known;
    h->kind_count = l->kind_count;
    h->kinds = memory_alloc_zero_array(l->kind_count, sizeof *h->kinds);
    h->traits = memory_alloc_zero_array(l->schema->trait_count, sizeof *h->traits);
    finishing f = {l, person_count, h->kinds, h->traits};
    parallel_run(l->thread_count, l->kind_count + l->schema->trait_count, finish_table,
                 &f);
    h->store = (store){.schema = l->schema,
                       .person_count = person_count,
                       .persons = h->persons,
                       .known_since = h->known.since,
                       .last_known = known_last(&h->known),
                       .kinds = h->kinds,
                       .traits = h->traits,
                       .texts = store_texts_new(),
                       .accounts = store_accounts_new(),
                       .newest = store_newest_new(l->schema),
                       .owner = h,
                       .release = history_release};
    l->persons = NULL;
    l->known = (known_times){0};
    loader_end_tables(l);
    l->arrival = l->item_count = 0;
    if (cancel_is_asked(l->cancel)) {
        store_free(&h->store);
        return NULL;
    }
    summarize(&h->store);
    return &h->store;
}
