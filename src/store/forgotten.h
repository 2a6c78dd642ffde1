/* SPDX-License-Identifier: MIT
 *
 * forgotten -- whom a store has to forget, known by keyed hashes of their ids alone: so that a
 * load leaves their rows out, and nobody learns who they were from what is kept for it.
 *
 * The hash is HMAC-SHA-256 with a random key of the store, cut to 128 bits.
 *
 *     forgotten f = {0};
 *     if (!forgotten_add(&f, id, err)) ...
 *     if (forgotten_has(&f, id)) ...
 *     forgotten_done(&f);
 */
#ifndef STORE_FORGOTTEN_H
#define STORE_FORGOTTEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

enum { FORGOTTEN_KEY_BYTES = 32, FORGOTTEN_HASH_BYTES = 16 };

typedef struct forgotten_hash {
    uint8_t bytes[FORGOTTEN_HASH_BYTES];
} forgotten_hash;

typedef struct forgotten {
    uint8_t key[FORGOTTEN_KEY_BYTES];
    forgotten_hash *items;
    size_t count, capacity; /* without any, there is no key */
} forgotten;

void forgotten_done(forgotten *f);

/* Add an id, once; the first gets the key. CARPEL_E_SYSTEM: the machine gives no random bytes. */
bool forgotten_add(forgotten *f, slice id, carpel_error *err);
bool forgotten_has(const forgotten *f, slice id);

/* Does a text name one of them, alone or among other words? */
bool forgotten_is_named(const forgotten *f, slice text);

/* Put a hash that was written in its place. */
void forgotten_put(forgotten *f, forgotten_hash hash);

/* The same, unless it is there. */
void forgotten_put_once(forgotten *f, forgotten_hash hash);

#endif
