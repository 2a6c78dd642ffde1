/* SPDX-License-Identifier: MIT
 *
 * keys -- the keys that an output keeps, and what of a prefix is whose:
 *
 *     PREFIX segment            the set of a segment, or the hash of a score
 *     PREFIX (sets)             the names of those that runs of carpel have written; (hashes)
 *     PREFIX (new) RUN:segment  what is to take the place of one; gone after some hours by itself
 *     PREFIX (last)             which run was the last that changed them
 *
 * No segment's name has a bracket. A key that is there and was written by somebody else is not
 * touched.
 */
#ifndef REDIS_KEYS_H
#define REDIS_KEYS_H

#include "common/delivery.h"
#include "redis/server.h"

enum { KEPT_KEYS_NAMES = 2 }; /* commands that kept_keys_add_names queues */

/* What is done with the members of a chunk. */
typedef enum chunk_action { CHUNK_ADD, CHUNK_REMOVE, CHUNK_ACTIONS } chunk_action;

/* Words of a command that is being made. */
typedef struct chunk {
    buffer words;
    size_t count;
} chunk;

/* A segment or a score of the run. */
typedef struct kept_key {
    char *name; /* of the segment */
    size_t size;
    char *key, *aside; /* which is filled first */
    chunk chunks[CHUNK_ACTIONS];
} kept_key;

typedef struct kept_keys {
    const char *prefix;
    bool are_hashes;
    char run[20]; /* by chance, so that two runs at once have keys of their own */
    kept_key *items;
    size_t count, last; /* that was asked for */
    char *list, *mark;  /* the keys with the names, and with the last run */
    redisReply *known;  /* the names in it; NULL: they were not read */
} kept_keys;

bool kept_keys_init(kept_keys *k, const char *prefix, bool are_hashes, carpel_error *err);
void kept_keys_done(kept_keys *k);

/* The one of this name, which is added when it is new. It stays where it is until the next call. */
kept_key *kept_keys_find(kept_keys *k, const char *name, size_t size);

/* Read which were written before; *is_new: none ever. */
bool kept_keys_read(kept_keys *k, server *s, bool *is_new, carpel_error *err);

/* Are all that are known now among those that were known before, or of this run? */
bool kept_keys_have_no_others(const kept_keys *k, const redisReply *before);

/* After that: is each key of the run missing, or carpel's and of the right type? */
bool kept_keys_check(const kept_keys *k, server *s, carpel_error *err);

/* Queue what makes all keys of the run what stands aside, and removes those of earlier runs; how many
 * commands these are. */
size_t kept_keys_add_swap(const kept_keys *k, server *s);

/* Queue what adds the names of the run's keys to those that are known, and what leaves its mark. */
void kept_keys_add_names(const kept_keys *k, server *s);

/* Was this run the last one that changed the keys? */
bool kept_keys_ask_mark(const kept_keys *k, server *s, bool *is_ours, carpel_error *err);

/* Queue what removes what stands aside. */
void kept_keys_add_removal(const kept_keys *k, server *s);

#endif
