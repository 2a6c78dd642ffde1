/* SPDX-License-Identifier: MIT
 *
 * run_file_parts -- what run_file_write.c and run_file_read.c know alike; for these two only.
 */
#ifndef RUNS_RUN_FILE_PARTS_H
#define RUNS_RUN_FILE_PARTS_H

#include "runs/run_file.h"

#define RUN_FILE_MAGIC "carpelrn"

/* Bytes before the fields: magic, version, and the sizes of head, body, and of what is packed. */
enum { MAGIC_BYTES = 8, PREFIX_BYTES = 40, DIGEST_BYTES = 16 };

/* Of the format: the first that has the other ids of people, and what outputs took. */
enum { VERSION_OF_MERGED = 3, VERSION_OF_TAKEN = 4 };

static inline bool run_file_has_texts(const remembered_rule *rule)
{
    return rule->kind == REMEMBERED_SCORE && type_is_text(rule->type);
}

/* Is it noted what an output took? */
bool run_file_notes_taken(const remembered_run *r);

void run_file_pack_head(text *out, const remembered_run *r, uint64_t version);

#endif
