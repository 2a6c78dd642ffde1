/* SPDX-License-Identifier: MIT
 *
 * section_file -- what all binary files of a store are: named arrays with checksums.
 *
 *     head        magic, byte order, version                     64 bytes
 *     sections    one array behind the other, each at a multiple of 64 bytes
 *     directory   of each section: what it is, its name, its type, where it lies, how wide its
 *                 values are; then the names; then the checksums (XXH3) of all blocks
 *     tail        where the directory lies; checksums of it and of itself      64 bytes
 *
 * A file is written once, from its begin to its end, and never changes. Its identity (size and
 * the checksum of the tail, and by that of all there is) stands in the manifest. Head,
 * directory and tail are checked when the file is opened; a section when section_check is
 * called for it. Every byte of a file is under one of the checksums. docs/store-format.md
 * describes it to the bit.
 *
 *     section_file *f = section_file_open(path, &identity, err);      // NULL: err is filled
 *     const section *s = section_file_find(f, ROLE_TIME, "purchase");
 *     if (s && section_check(f, s, err))
 *         ... s->data, s->count values of s->width bits ...
 *     section_file_close(f);
 */
#ifndef STORE_SECTION_FILE_H
#define STORE_SECTION_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/packed.h"
#include "base/text.h"

/* What a section is. The numbers stand in files: they never change. */
typedef enum section_role {
    ROLE_TABLE = 1, /* no bytes: there is a table of this name with `count` rows;
                            base and unit: its first and last time */
    ROLE_PERSONS =
        2, /* the people who have rows in the table: their numbers, rising; or, 1 bit wide,
              whether each has some */
    ROLE_COUNTS = 3,   /* rows of each of them; of items: of each row that holds them */
    ROLE_TIMES = 4,    /* by row */
    ROLE_ARRIVALS = 5, /* by row; see origin.h */
    ROLE_VALUES = 6,   /* by row; the name is that of the column */
    ROLE_PRESENT = 7,  /* by row; bit 0: the value of the column is missing */
    ROLE_KNOWN = 8,    /* who is named by any row */
    ROLE_SINCE = 9,    /* ... and at what time first */
    ROLE_ORIGINS = 10, /* the files that the rows came from; see origin.h */
    ROLE_LINES = 11,   /* where in them */
    ROLE_REFUSED = 12, /* rows that were refused; as quarantine_keep has them */
    ROLE_TEXT_SIZES = 13, /* new texts of a dictionary, from number `base` on */
    ROLE_TEXT_BYTES = 14, /* ... one behind the other, each ended by NUL */
    ROLE_IDS = 15,        /* of rows that were taken; see taken_ids.h */
    ROLE_NAMES = 16, /* of joined people: the ids that they have; see joined_file.h */
    ROLE_NAMED = 17, /* ... and whose each is */
    ROLE_NOTES = 18, /* what a command tells of the ids */
    ROLE_NEWEST = 19 /* when the last row of each person who has any happened */
} section_role;

enum { SECTION_FILE_VERSION = 2, SECTION_ALIGNMENT = 64 };

typedef struct section {
    section_role role;
    slice name;           /* in the file; not ended by NUL */
    uint32_t type, scale; /* VALUES: of the column (value/type.h) */
    uint32_t width; /* bits of a value (base/packed.h); 0: all are `base`, or bytes that
                             are no values */
    uint64_t count; /* values */
    int64_t base, unit;   /* the value that v stands for: base + unit * v; unit 0: v */
    const void *data;     /* aligned to SECTION_ALIGNMENT */
    uint64_t bytes;       /* of data */
    uint64_t first_block; /* of its checksums */
} section;

/* Which file it is. Two files with the same bytes have the same. */
typedef struct section_file_identity {
    uint64_t size, checksum;
} section_file_identity;

typedef struct section_file section_file;

/* `expected` NULL: any file will do. */
section_file *section_file_open(const char *path, const section_file_identity *expected,
                                carpel_error *err);
void section_file_rest(const section_file *f); /* file_view_rest */
void section_file_close(section_file *f);      /* accepts NULL */

const char *section_file_path(const section_file *f);
section_file_identity section_file_identify(const section_file *f);
size_t section_file_count(const section_file *f);
const section *section_file_get(const section_file *f, size_t index);

/* The values of a section of numbers. */
packed section_numbers(const section *s);

/* What the directory says of numbers; the caller adds role, name and count. */
section section_of_numbers(const packed *p);

/* The section of this role and name, or NULL. */
const section *section_file_find(const section_file *f, section_role role,
                                 const char *name);

/* Are the bytes of the section those that were written? CARPEL_E_INPUT names the file, the
 * section and its values that are not. */
bool section_check(const section_file *f, const section *s, carpel_error *err);

/* Check all sections, but for those that `is_left_out` says (NULL: none), on as many threads as pay for
 * themselves. */
typedef bool section_choice(const void *context, const section *s);
bool section_file_check(const section_file *f, section_choice *is_left_out,
                        const void *context, carpel_error *err);

#endif
