/* SPDX-License-Identifier: MIT
 *
 * shared_object -- is a file a whole shared object of this machine?
 *
 * The linker maps what the headers of a file promise and dies where the file ends before: one that is half copied
 * would take carpel with it. So the headers are read first, and nothing in them is believed. What a damaged file has
 * between them is not seen here.
 *
 *     if (shared_object_check_file(fd, path, &err)) ... dlopen(path, ...)
 */
#ifndef BASE_SHARED_OBJECT_H
#define BASE_SHARED_OBJECT_H

#include <elf.h>
#include <link.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum { SHARED_OBJECT_LIMIT_BYTES = 256 * 1024 * 1024 };

typedef struct shared_object {
    const char *path, *data; /* the caller's */
    size_t size;
    ElfW(Ehdr) header;
} shared_object;

/* An ELF shared object of this machine, whose segments and sections all lie within it? `path` only names it. */
bool shared_object_check(shared_object *o, const char *path, const char *data,
                         size_t size, carpel_error *err);

/* The same of a file that is open, and stays so. */
bool shared_object_check_file(int fd, const char *path, carpel_error *err);

/* Of one that was checked; an index from 0 to below header.e_phnum, e_shnum. Records are copied out, since in a
 * damaged file they may stand anywhere. */
ElfW(Phdr) shared_object_segment(const shared_object *o, size_t index);
ElfW(Shdr) shared_object_section(const shared_object *o, size_t index);

/* "cannot load PATH: WHAT" */
bool shared_object_fail(const shared_object *o, const char *what, carpel_error *err);

#endif
