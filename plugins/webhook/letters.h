/* SPDX-License-Identifier: MIT
 *
 * letters -- a file of batches that could not be delivered, a line of JSON each:
 *
 *     {"id":"msg_...","reason":"it answered 500","body":{"type":...}}
 *
 * The file is written anew as a whole, and only its owner can read it.
 */
#ifndef WEBHOOK_LETTERS_H
#define WEBHOOK_LETTERS_H

#include <carpel/plugin.h>

#include "common/buffer.h"

typedef struct letter {
    char *id, *body;
    size_t body_size;
} letter;

typedef struct letters {
    letter *items;
    size_t count;
    void *ids; /* of the items, as tsearch keeps them */
} letters;

/* The letters of the file, one of each id; none when it is not there. Released with
 * letters_done in any case. */
bool letters_read(letters *l, const char *path, carpel_error *err);
void letters_done(letters *l);

bool letters_have(const letters *l, const char *id);

/* Append a line for a letter. */
void letters_add_line(buffer *out, const char *id, const char *reason, const char *body,
                      size_t size);

/* A file beside, which takes the place of the one with the path. */
typedef struct letters_file {
    const char *path;
    char *aside;
    int file;
} letters_file;

/* Make it, and the folders above; fails when there will be no writing there. Closed with
 * letters_close in any case; one of zeros may be closed as well. */
bool letters_open(letters_file *f, const char *path, carpel_error *err);
void letters_close(letters_file *f);

/* Put the lines in place; without any the file with the path is removed. Once. */
bool letters_put(letters_file *f, const buffer *lines, carpel_error *err);

#endif
