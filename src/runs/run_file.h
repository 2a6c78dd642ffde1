/* SPDX-License-Identifier: MIT
 *
 * run_file -- a remembered run as the bytes of a file, and back.
 *
 *     head    "carpelrn", version of the format, sizes; the run but for who is in what;
 *             a checksum of all this
 *     body    ids, packed by zlib; members and values; a checksum of it
 *
 * docs/runs-format.md has every field. The head alone is enough to list runs. Every byte is
 * under one of the checksums: a file that is not as it was written is refused by name, and
 * nothing of it is believed.
 */
#ifndef RUNS_RUN_FILE_H
#define RUNS_RUN_FILE_H

#include "base/error.h"
#include "runs/remembered.h"

#define RUN_FILE_VERSION 4

/* Work out `content` of a run that is complete. */
void run_file_digest(remembered_run *r);

/* Pack the ids of a run, which takes most of the time of run_file_write: that finds them packed then. Nothing
 * else of the run is looked at, so that it may be worked out meanwhile. */
void run_file_pack_ids(remembered_run *r);

/* Append the file of the run. */
void run_file_write(const remembered_run *r, text *out);

/* Read it; `name` is what messages call the file. NULL: err is filled with
 * CARPEL_E_INPUT. The caller frees the run. */
remembered_run *run_file_read(slice file, const char *name, carpel_error *err);

/* The same of its beginning, with ids, members and values left out. */
remembered_run *run_file_read_head(slice file, const char *name, carpel_error *err);

/* Is the file what would be written of the run, byte for byte or in an older version of the format? */
bool run_file_is_of(slice file, const remembered_run *r);

/* How many bytes of a file that begins with `beginning` its head takes. */
size_t run_file_head_bytes(slice beginning);

/* A beginning that is enough for the heads of most runs. */
#define RUN_FILE_BEGINNING 65536

#endif
