/* SPDX-License-Identifier: MIT
 *
 * file_view -- a whole file as memory, to read only.
 *
 *     file_view v;
 *     if (!file_view_open(path, &v, err)) ...
 *     ... v.data[0 .. v.size) ...
 *     file_view_close(&v);
 *
 * Nothing is read until it is touched. The file may be renamed or removed meanwhile. Whoever makes
 * it shorter, and a disk that fails, end the process that looks at it by SIGBUS, so only files that
 * never change are for this; a handler learns from file_view_at() which file it was.
 */
#ifndef BASE_FILE_VIEW_H
#define BASE_FILE_VIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

typedef struct file_view {
    const unsigned char *data; /* not NULL, also of an empty file */
    size_t size;
    void *mapped;            /* what is to be given back; NULL: nothing */
    struct mapping *mapping; /* as file_view_at() knows it */
} file_view;

/* A regular file; anything else is refused by name. */
bool file_view_open(const char *path, file_view *out, carpel_error *err);
void file_view_close(file_view *v);

/* It is hardly looked at any more: of its memory nothing is held, until it is. Closing it is quick then; any
 * thread may ask for this meanwhile. */
void file_view_rest(const file_view *v);

/* The path of the file that is looked at there, or NULL. Any thread, any signal handler. */
const char *file_view_at(const void *address);

#endif
