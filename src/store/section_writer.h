/* SPDX-License-Identifier: MIT
 *
 * section_writer -- writes a section file, one section after the other.
 *
 *     section_writer *w = section_writer_new(path, err);          // NULL: err is filled
 *     section_writer_begin(w, &(section){.role = ROLE_TIMES, .name = ..., .width = 64,
 *                                        .count = n});
 *     section_writer_put(w, times, bytes) ...                     // any number of pieces
 *     ...
 *     section_writer_finish(w, &identity, err);                   // it is on the disk
 *
 * A failure is kept and told at the end, as nothing can be read before. Either end releases
 * the writer; of a file that failed nothing stays.
 */
#ifndef STORE_SECTION_WRITER_H
#define STORE_SECTION_WRITER_H

#include "store/section_file.h"

typedef struct section_writer section_writer;

section_writer *section_writer_new(const char *path, carpel_error *err);

/* Of `s`, data, bytes and first_block are not looked at; the name is copied. */
void section_writer_begin(section_writer *w, const section *s);
void section_writer_put(section_writer *w, const void *data, uint64_t bytes);

/* A whole section. */
void section_writer_add(section_writer *w, const section *s, const void *data,
                        uint64_t bytes);

/* Bytes so far: the size that the file will have, but for its directory. */
uint64_t section_writer_size(const section_writer *w);

bool section_writer_finish(section_writer *w, section_file_identity *out,
                           carpel_error *err);
void section_writer_drop(section_writer *w); /* accepts NULL */

#endif
