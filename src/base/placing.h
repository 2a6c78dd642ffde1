/* SPDX-License-Identifier: MIT
 *
 * placing -- files that appear together or not at all.
 *
 * Each is written aside, under a name of its own in the folder where it will stand. When
 * all are complete and on the disk, the files of before are kept under other names, the
 * new ones are renamed into their places, and only then what was before is removed.
 * Streams (standard output, pipes, devices, programs) cannot be taken back: what they get is kept in
 * a nameless file and copied when all else is ready, before any file has changed.
 *
 *     placing *p = placing_new(NULL, journal);
 *     bool ok = placing_open(p, path, &file, err);
 *     ...
 *     placing_write(file, data, size);              // a failure is told by placing_prepare
 *     ok = ok && placing_prepare(p, err)
 *             && placing_copy_streams(p, err)       // no file has changed until here
 *             && placing_put(p, err);               // all are in place ...
 *     ok = ok && placing_keep(p, err);              // ... and stay
 *     placing_free(p);                              // takes back what is not finished
 *
 * What is written aside is in the registry of base/leftovers.h, so a process that ends
 * early leaves nothing, and in the journal, from which the next one learns what a killed one
 * left. One thread at a time uses a placing.
 */
#ifndef BASE_PLACING_H
#define BASE_PLACING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/cancel.h"
#include "base/journal.h"
#include "base/text.h"

typedef struct placing placing;
typedef struct placing_file placing_file;

/* Who says which places may be written; `path` is as placing_open got it. */
typedef struct placing_guard {
    void *context;
    bool (*is_allowed)(void *context, const char *path, carpel_error *err);
} placing_guard;

/* Never NULL. `guard` (copied) may be NULL: any place is allowed. So may `journal`, in which
 * all steps are kept and which outlives the placing: then nothing is mended after a process
 * that was killed. */
placing *placing_new(const placing_guard *guard, journal *journal);

/* Begin a file, with the folders above it; "-" is standard output. A place that is a
 * folder, or that another file of this set has, is refused. */
bool placing_open(placing *p, const char *path, placing_file **out, carpel_error *err);

/* A program that reads what is written for it, run when streams are copied. */
typedef struct placing_program {
    const char *const *words;
    size_t count;
    const char *folder; /* in which it runs */
    const cancel *cancel;
    const char *title; /* of messages about it */
    text *said;        /* gets what it wrote to its outputs */
    uint64_t *unread;  /* gets how many bytes it did not read, though it ended well */
} placing_program;

/* Begin what a program is given; the program outlives the placing. */
bool placing_open_program(placing *p, const placing_program *program, placing_file **out,
                          carpel_error *err);

/* Append to the file. False once a write has failed. */
bool placing_write(placing_file *f, const void *data, size_t size);

/* Everything written is on the disk; false when some of it is not. */
bool placing_prepare(placing *p, carpel_error *err);

/* Copy what goes to streams, in the order in which they were opened. This may take as long as
 * their readers do. */
bool placing_copy_streams(placing *p, carpel_error *err);

/* Put all files in place; when one cannot, those before it are taken back. */
bool placing_put(placing *p, carpel_error *err);

/* Keep them: remove what was before. False when that could not be noted, and they have to be
 * taken back; or when it may come back: then placing_is_stuck. */
bool placing_keep(placing *p, carpel_error *err);

/* Take back everything that placing_keep has not kept: files stand as before. False
 * when one cannot be taken back; the message says where it is. */
bool placing_take_back(placing *p, carpel_error *err);

/* Could something not be taken back? It is for whoever recovers from the journal, then. */
bool placing_is_stuck(const placing *p);

/* Take back, and release. Accepts NULL. */
void placing_free(placing *p);

#endif
