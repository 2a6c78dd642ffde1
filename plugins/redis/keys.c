/* SPDX-License-Identifier: MIT
 *
 * Names of keys, and whose they are.
 */
#include "redis/keys.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "common/memory.h"

/* One name that is always in the list, since Redis has no empty sets. */
#define NOBODY ""

/* ---- names ------------------------------------------------------------------------ */

static char *join(const char *prefix, const char *middle, const char *run,
                  const char *name, size_t size)
{
    buffer text = {0};
    buffer_add(&text, prefix);
    buffer_add(&text, middle);
    buffer_add(&text, run);
    buffer_add_bytes(&text, name, size);
    return text.data;
}

bool kept_keys_init(kept_keys *k, const char *prefix, bool are_hashes, carpel_error *err)
{
    uint64_t chance;
    *k = (kept_keys){.prefix = prefix, .are_hashes = are_hashes};
    if (strchr(prefix, '('))
        return carpel_fail(
            err, CARPEL_E_INPUT,
            "\"prefix\" must not have a \"(\", which begins the names of carpel's "
            "own keys");
    if (getrandom(&chance, sizeof chance, 0) != (ssize_t)sizeof chance)
        return carpel_fail(err, CARPEL_E_SYSTEM, "the system has no random numbers");
    snprintf(k->run, sizeof k->run, "%016" PRIx64 ":", chance);
    k->list = join(prefix, are_hashes ? "(hashes)" : "(sets)", "", "", 0);
    k->mark = join(prefix, "(last)", "", "", 0);
    return true;
}

void kept_keys_done(kept_keys *k)
{
    for (size_t i = 0; i < k->count; i++) {
        free(k->items[i].name);
        free(k->items[i].key);
        free(k->items[i].aside);
        for (size_t what = 0; what < CHUNK_ACTIONS; what++)
            buffer_done(&k->items[i].chunks[what].words);
    }
    free(k->items);
    free(k->list);
    free(k->mark);
    if (k->known)
        freeReplyObject(k->known);
    *k = (kept_keys){0};
}

static bool has_name(const kept_key *item, const char *name, size_t size)
{
    return item->size == size && memcmp(item->name, name, size) == 0;
}

static void add_key(kept_keys *k, const char *name, size_t size)
{
    k->items = common_resize(k->items, (k->count + 1) * sizeof *k->items);
    k->items[k->count++] =
        (kept_key){.name = common_copy(name, size),
                   .size = size,
                   .key = join(k->prefix, "", "", name, size),
                   .aside = join(k->prefix, "(new)", k->run, name, size)};
}

/* Rows come segment by segment, so mostly it is the last one again. */
kept_key *kept_keys_find(kept_keys *k, const char *name, size_t size)
{
    if (k->last < k->count && has_name(&k->items[k->last], name, size))
        return &k->items[k->last];
    for (k->last = 0; k->last < k->count; k->last++)
        if (has_name(&k->items[k->last], name, size))
            return &k->items[k->last];
    add_key(k, name, size);
    return &k->items[k->last];
}

/* ---- whose they are --------------------------------------------------------------- */

static bool is_among(const redisReply *names, const char *name, size_t size)
{
    for (size_t i = 0; i < names->elements; i++)
        if ((size_t)names->element[i]->len == size &&
            memcmp(names->element[i]->str, name, size) == 0)
            return true;
    return false;
}

static bool has_item(const kept_keys *k, const redisReply *name)
{
    for (size_t i = 0; i < k->count; i++)
        if (has_name(&k->items[i], name->str, (size_t)name->len))
            return true;
    return false;
}

bool kept_keys_read(kept_keys *k, server *s, bool *is_new, carpel_error *err)
{
    if (k->known)
        freeReplyObject(k->known);
    k->known = NULL;
    server_add(s, "SMEMBERS", k->list, NULL);
    if (!server_take(s, &k->known, err))
        return false;
    bool ok = k->known->type == REDIS_REPLY_ARRAY;
    for (size_t i = 0; ok && i < k->known->elements; i++)
        ok = k->known->element[i]->type == REDIS_REPLY_STRING;
    *is_new = ok && k->known->elements == 0;
    return ok || server_fail_form(s, err);
}

bool kept_keys_have_no_others(const kept_keys *k, const redisReply *before)
{
    for (size_t i = 0; i < k->known->elements; i++) {
        const redisReply *name = k->known->element[i];
        if (!has_item(k, name) && !is_among(before, name->str, (size_t)name->len))
            return false;
    }
    return true;
}

/* `type` is what the server says of the key. */
static bool check_key(const kept_keys *k, server *s, const kept_key *item,
                      const redisReply *type, carpel_error *err)
{
    const char *wanted = k->are_hashes ? "hash" : "set";
    if (type->type != REDIS_REPLY_STATUS)
        return server_fail_form(s, err);
    bool is_missing = strcmp(type->str, "none") == 0;
    if (is_missing ||
        (is_among(k->known, item->name, item->size) && strcmp(type->str, wanted) == 0))
        return true;
    s->reach = CARPEL_NO_DATA;
    return carpel_fail(
        err, CARPEL_E_INPUT,
        "the key \"%.200s\" is there (a %.20s), and no run has written it: remove it, "
        "or give the output another \"prefix\"",
        item->key, type->str);
}

bool kept_keys_check(const kept_keys *k, server *s, carpel_error *err)
{
    bool ok = true;
    for (size_t i = 0; i < k->count; i++)
        server_add(s, "TYPE", k->items[i].key, NULL);
    for (size_t i = 0; ok && i < k->count; i++) {
        redisReply *type;
        if (!server_take(s, &type, err))
            return false;
        ok = check_key(k, s, &k->items[i], type, err);
        freeReplyObject(type);
    }
    return ok;
}

/* ---- what is done with them ------------------------------------------------------- */

/* The old one is unlinked by itself, as what a RENAME removes may hold up the server. */
static size_t add_put(const kept_key *item, server *s)
{
    server_add(s, "UNLINK", item->key, NULL);
    server_add(s, "RENAME", item->aside, item->key, NULL);
    server_add(s, "PERSIST", item->key, NULL);
    return 3;
}

size_t kept_keys_add_swap(const kept_keys *k, server *s)
{
    size_t count = 1 + KEPT_KEYS_NAMES;
    for (size_t i = 0; i < k->known->elements; i++) {
        const redisReply *name = k->known->element[i];
        if (name->len == 0 || has_item(k, name))
            continue;
        char *key = join(k->prefix, "", "", name->str, (size_t)name->len);
        server_add(s, "UNLINK", key, NULL);
        free(key);
        count++;
    }
    for (size_t i = 0; i < k->count; i++)
        count += add_put(&k->items[i], s);
    server_add(s, "UNLINK", k->list, NULL);
    kept_keys_add_names(k, s);
    return count;
}

void kept_keys_add_names(const kept_keys *k, server *s)
{
    command_begin(&s->out, k->count + 3);
    command_add(&s->out, "SADD", strlen("SADD"));
    command_add(&s->out, k->list, strlen(k->list));
    command_add(&s->out, NOBODY, 0);
    for (size_t i = 0; i < k->count; i++)
        command_add(&s->out, k->items[i].name, k->items[i].size);
    server_add(s, "SET", k->mark, k->run, NULL);
}

bool kept_keys_ask_mark(const kept_keys *k, server *s, bool *is_ours, carpel_error *err)
{
    redisReply *mark;
    server_add(s, "GET", k->mark, NULL);
    if (!server_take(s, &mark, err))
        return false;
    *is_ours = mark->type == REDIS_REPLY_STRING && strcmp(mark->str, k->run) == 0;
    freeReplyObject(mark);
    return true;
}

void kept_keys_add_removal(const kept_keys *k, server *s)
{
    command_begin(&s->out, k->count + 1);
    command_add(&s->out, "UNLINK", strlen("UNLINK"));
    for (size_t i = 0; i < k->count; i++)
        command_add(&s->out, k->items[i].aside, strlen(k->items[i].aside));
}
