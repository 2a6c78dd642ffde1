/* SPDX-License-Identifier: MIT
 *
 * content -- what a packed file is known by: how many bytes it has without its packing, and
 * hashes of the first and the last of them.
 *
 *     content c = {0};
 *     content_add(&c, bytes, size) ...     // as they are unpacked
 *     content_tell(&c, &place);
 */
#ifndef COMMON_CONTENT_H
#define COMMON_CONTENT_H

#include <carpel/plugin.h>

typedef struct content {
    uint64_t bytes;
    char first[CARPEL_HASHED_BYTES], last[CARPEL_HASHED_BYTES];
} content;

void content_add(content *c, const char *bytes, size_t size);

/* Fill in what a place tells of the content; of a file that is not packed nothing. */
void content_tell(const content *c, carpel_piece_place *out);

#endif
