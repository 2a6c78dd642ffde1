/* SPDX-License-Identifier: MIT
 *
 * section_layout -- the bytes of a section file, for its writer and its reader only.
 */
#ifndef STORE_SECTION_LAYOUT_H
#define STORE_SECTION_LAYOUT_H

#include <stdint.h>

/* So many bytes have a checksum of their own. */
#define SECTION_BLOCK_BYTES UINT64_C(262144)
#define SECTION_MAGIC       "carpel\r\n" /* a transfer as text would change it */
#define SECTION_BYTE_ORDER  UINT32_C(0x01020304)

typedef struct section_head {
    char magic[8];
    uint32_t byte_order, version;
    uint64_t zeros[5];
    uint64_t checksum; /* of what is before */
} section_head;

/* One section in the directory. */
typedef struct section_entry {
    uint32_t role, type, scale, width;
    uint64_t count;
    int64_t base, unit;
    uint64_t offset, bytes; /* in the file */
    uint64_t name_offset;   /* in the names */
    uint32_t name_size, zero;
} section_entry;

typedef struct section_tail {
    uint64_t directory_offset, section_count, names_bytes, block_count;
    uint64_t file_bytes;         /* with this tail */
    uint64_t directory_checksum; /* of entries, names, and checksums of blocks */
    uint64_t zero;
    uint64_t checksum; /* of what is before */
} section_tail;

_Static_assert(sizeof(section_head) == 64, "a head of 64 bytes");
_Static_assert(sizeof(section_entry) == 72, "no holes in an entry");
_Static_assert(sizeof(section_tail) == 64, "a tail of 64 bytes");

static inline uint64_t section_round_up(uint64_t bytes)
{
    return (bytes + 63) / 64 * 64;
}

/* Blocks of a section, with the zeros behind it. */
static inline uint64_t section_block_count(uint64_t bytes)
{
    return (section_round_up(bytes) + SECTION_BLOCK_BYTES - 1) / SECTION_BLOCK_BYTES;
}

#endif
