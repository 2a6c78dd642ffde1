/* SPDX-License-Identifier: MIT
 *
 * digest -- 128 bits that tell what something says from all else that could be said.
 *
 *     digest_input in;
 *     digest_begin(&in);
 *     digest_put_word(&in, "window");
 *     digest_put_number(&in, 7);
 *     digest d = digest_end(&in);
 *
 * What is put is written with its length, low byte first, so a digest depends neither on
 * where one part ends nor on the machine. It is XXH3 of these bytes: good against chance,
 * not against somebody who wants two things to have one digest.
 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

typedef struct digest {
    uint64_t high, low;
} digest;

typedef struct digest_input {
    text bytes;                 /* that were not taken yet */
    struct XXH3_state_s *taken; /* NULL: none was */
} digest_input;

void digest_begin(digest_input *in);
void digest_put_number(digest_input *in, uint64_t number);
void digest_put_text(digest_input *in, slice s);
void digest_put_word(digest_input *in, const char *word); /* the same as a slice of it */
void digest_put(digest_input *in, digest part);

/* Take what was put in, once it is much, so that it need not be kept until the end. */
void digest_settle(digest_input *in);

/* The digest of what was put; releases the input. */
digest digest_end(digest_input *in);

/* Of bytes as they are. */
digest digest_of_bytes(const void *data, size_t size);

bool digest_equals(digest a, digest b);

/* An order, for qsort over digests. */
int digest_compare(const void *a, const void *b);

/* As 32 hexadecimal digits. */
void digest_append(digest d, text *out);

#endif
