/* SPDX-License-Identifier: MIT
 *
 * Lists of what was found out, which are searched when a run begins, and never for a row.
 */
#include "store/store_texts.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/weekday.h"
#include "value/version.h"

/* A table and what it is the table of: the question and its texts, one behind the other. */
typedef struct kept_table {
    text key;
    text_table *table;
} kept_table;

struct store_texts {
    size_t users;
    kept_table *tables;
    size_t table_count, table_capacity;
    text_codes **codes;
    size_t code_count, code_capacity;
    dictionary *common, *weekdays;
    version_order *versions; /* or NULL */
};

/* ---- life --------------------------------------------------------------- */

static dictionary *dictionary_of_weekdays(void)
{
    dictionary *d = dictionary_new();
    for (size_t i = 0; i < WEEKDAY_COUNT; i++)
        dictionary_add(d, weekday_names[i], slice_of(weekday_names[i]).size);
    return d;
}

store_texts *store_texts_new(void)
{
    store_texts *t = memory_alloc_zero(sizeof *t);
    t->users = 1;
    t->common = dictionary_new();
    t->weekdays = dictionary_of_weekdays();
    return t;
}

store_texts *store_texts_ref(store_texts *t)
{
    t->users++;
    return t;
}

static void kept_table_done(kept_table *k)
{
    text_done(&k->key);
    text_table_free(k->table);
}

static void text_codes_free(text_codes *c)
{
    memory_free(c->codes);
    memory_free(c);
}

void store_texts_unref(store_texts *t)
{
    if (t == NULL || --t->users > 0)
        return;
    for (size_t i = 0; i < t->table_count; i++)
        kept_table_done(&t->tables[i]);
    for (size_t i = 0; i < t->code_count; i++)
        text_codes_free(t->codes[i]);
    version_order_unref(t->versions);
    dictionary_free(t->common);
    dictionary_free(t->weekdays);
    memory_free(t->tables);
    memory_free(t->codes);
    memory_free(t);
}

void store_texts_forget(store_texts *t, const dictionary *d)
{
    size_t tables = 0, codes = 0;
    for (size_t i = 0; i < t->table_count; i++)
        if (t->tables[i].table->texts == d)
            kept_table_done(&t->tables[i]);
        else
            t->tables[tables++] = t->tables[i];
    for (size_t i = 0; i < t->code_count; i++)
        if (t->codes[i]->from == d || t->codes[i]->to == d)
            text_codes_free(t->codes[i]);
        else
            t->codes[codes++] = t->codes[i];
    t->table_count = tables;
    t->code_count = codes;
}

dictionary *store_texts_common(store_texts *t)
{
    return t->common;
}

const dictionary *store_texts_weekdays(store_texts *t)
{
    return t->weekdays;
}

/* ---- tables ------------------------------------------------------------- */

static void append_slice(text *key, slice s)
{
    text_append_bytes(key, (const char *)&s.size, sizeof s.size);
    text_append_bytes(key, s.data, s.size);
}

/* Lists are one when they hold the same texts, in whichever memory: rules may be read anew
 * while the data stay. */
static void append_list(text *key, const dictionary *list)
{
    size_t count = dictionary_count(list);
    uint64_t print = dictionary_fingerprint(list);
    text_append_bytes(key, (const char *)&count, sizeof count);
    text_append_bytes(key, (const char *)&print, sizeof print);
}

static bool text_equals(const text *a, const text *b)
{
    return a->size == b->size && memcmp(a->data, b->data, a->size) == 0;
}

static void describe(const text_test *test, text *key)
{
    text_init(key);
    text_append_bytes(key, (const char *)&test->question, sizeof test->question);
    for (size_t i = 0; i < test->text_count; i++)
        append_slice(key, test->texts[i]);
    if (test->list)
        append_list(key, test->list);
}

text_table *store_texts_table(store_texts *t, const dictionary *texts,
                              const text_test *test)
{
    text key;
    describe(test, &key);
    for (size_t i = 0; i < t->table_count; i++) {
        const kept_table *k = &t->tables[i];
        if (k->table->texts == texts && text_equals(&k->key, &key)) {
            text_done(&key);
            return k->table;
        }
    }
    memory_grow((void **)&t->tables, t->table_count, &t->table_capacity,
                sizeof *t->tables);
    text_table *table = text_table_new(texts);
    t->tables[t->table_count++] = (kept_table){key, table};
    return table;
}

/* ---- codes in other dictionaries ---------------------------------------- */

static text_codes *codes_between(store_texts *t, const dictionary *from,
                                 const dictionary *to)
{
    for (size_t i = 0; i < t->code_count; i++)
        if (t->codes[i]->from == from && t->codes[i]->to == to)
            return t->codes[i];
    memory_grow((void **)&t->codes, t->code_count, &t->code_capacity, sizeof *t->codes);
    text_codes *c = memory_alloc_zero(sizeof *c);
    c->from = from;
    c->to = to;
    t->codes[t->code_count++] = c;
    return c;
}

static void keep_code(text_codes *c, uint32_t code)
{
    memory_grow((void **)&c->codes, c->count, &c->capacity, sizeof *c->codes);
    c->codes[c->count++] = code;
}

const text_codes *store_texts_translate(store_texts *t, const dictionary *from)
{
    text_codes *c = codes_between(t, from, t->common);
    while (c->count < dictionary_count(from)) {
        slice text = dictionary_text(from, (uint32_t)c->count);
        keep_code(c, dictionary_add(t->common, text.data, text.size));
    }
    return c;
}

const text_codes *store_texts_find(store_texts *t, const dictionary *from,
                                   const dictionary *to)
{
    text_codes *c = codes_between(t, from, to);
    bool has_more = c->to_count < dictionary_count(to);
    for (uint32_t i = 0; has_more && i < c->count; i++) {
        slice text = dictionary_text(from, i);
        if (c->codes[i] == DICTIONARY_NONE)
            c->codes[i] = dictionary_find(to, text.data, text.size);
    }
    while (c->count < dictionary_count(from)) {
        slice text = dictionary_text(from, (uint32_t)c->count);
        keep_code(c, dictionary_find(to, text.data, text.size));
    }
    c->to_count = dictionary_count(to);
    return c;
}

/* ---- versions ----------------------------------------------------------- */

static int compare_versions(const void *a, const void *b, void *texts)
{
    return version_compare(dictionary_text(texts, *(const uint32_t *)a),
                           dictionary_text(texts, *(const uint32_t *)b));
}

/* Put all texts that are versions in order, whatever else they may be. */
static version_order *order_versions(dictionary *texts)
{
    version_order *v = memory_alloc_zero(sizeof *v);
    v->users = 1;
    v->count = dictionary_count(texts);
    v->places = memory_alloc_zero_array(v->count + 1, sizeof *v->places);
    uint32_t *codes = memory_alloc_array(v->count + 1, sizeof *codes);
    size_t count = 0;
    const char *reason;
    for (uint32_t code = 0; code < v->count; code++)
        if (version_read(dictionary_text(texts, code), &reason))
            codes[count++] = code;
    qsort_r(codes, count, sizeof *codes, compare_versions, texts);
    for (size_t i = 0; i < count; i++) {
        bool is_equal = i > 0 && compare_versions(&codes[i - 1], &codes[i], texts) == 0;
        v->places[codes[i]] = is_equal ? v->places[codes[i - 1]] : (uint32_t)i;
    }
    memory_free(codes);
    return v;
}

version_order *store_texts_versions(store_texts *t)
{
    if (t->versions == NULL || t->versions->count < dictionary_count(t->common)) {
        version_order_unref(t->versions);
        t->versions = order_versions(t->common);
    }
    t->versions->users++;
    return t->versions;
}

void version_order_unref(version_order *v)
{
    if (v == NULL || --v->users > 0)
        return;
    memory_free(v->places);
    memory_free(v);
}
