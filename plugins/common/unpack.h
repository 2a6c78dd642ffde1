/* SPDX-License-Identifier: MIT
 *
 * unpack -- the bytes of a packed file, in whatever way it is packed.
 *
 *     packing kind = packing_of(first_bytes, size);
 *     u = unpacker_open(kind, &source, first_bytes, size, err);
 *     while (unpacker_read(u, out, room, &got, err) && got > 0) ...
 *     unpacker_close(u);
 *
 * Several members (gzip) or frames (zstd) one after the other are one file, as the commands of
 * these names have it.
 */
#ifndef COMMON_UNPACK_H
#define COMMON_UNPACK_H

#include <carpel/error.h>

#include <stdbool.h>
#include <stddef.h>

typedef enum packing { PACKING_NONE, PACKING_GZIP, PACKING_ZSTD } packing;

/* How the file is packed that begins with these bytes, four at least if it has them. */
packing packing_of(const char *bytes, size_t size);

/* Where packed bytes come from. */
typedef struct packed_source {
    const char *path; /* for messages */
    void *context;
    /* Read up to `size` bytes; *got is 0 at the end only. */
    bool (*read)(void *context, void *out, size_t size, size_t *got, carpel_error *err);
} packed_source;

typedef struct unpacker unpacker;

/* Unpack what begins with `bytes` and goes on in the source; both are copied. NULL: *err is
 * filled, such as when this build cannot unpack it. */
unpacker *unpacker_open(packing kind, const packed_source *source, const char *bytes,
                        size_t size, carpel_error *err);
void unpacker_close(unpacker *u); /* accepts NULL */

/* Unpack into out[0..size); *got is 0 only at the end of the file. */
bool unpacker_read(unpacker *u, char *out, size_t size, size_t *got, carpel_error *err);

#endif
