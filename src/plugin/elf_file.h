/* SPDX-License-Identifier: MIT
 *
 * elf_file -- is a file a whole shared object (base/shared_object.h) that exports a plugin's description?
 *
 *     elf_findings found;
 *     if (elf_file_check(fd, path, &found, &err)) ... dlopen(path, ...)
 */
#ifndef PLUGIN_ELF_FILE_H
#define PLUGIN_ELF_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

typedef struct elf_findings {
    size_t description_size; /* of the exported carpel_plugin_v1, in bytes */
    size_t constructors;     /* functions that loading runs, beside the compiler's own */
} elf_findings;

/* Check a file that is open, and stays so: an ELF shared object of this machine, whose segments and
 * sections all lie within it, and that exports the description as an object. */
bool elf_file_check(int fd, const char *path, elf_findings *out, carpel_error *err);

/* The same for its bytes, which `path` only names. */
bool elf_bytes_check(const char *path, const char *data, size_t size, elf_findings *out,
                     carpel_error *err);

/* The description as it stands in the file, read without loading it: the pointers in it are followed as
 * the linker would set them. Texts are cut; empty: there is none. */
typedef struct elf_description {
    elf_findings found;
    uint32_t abi_major, abi_minor, kind;
    char name[80], version[80], summary[300];
} elf_description;

bool elf_file_describe(const char *path, elf_description *out, carpel_error *err);
bool elf_bytes_describe(const char *path, const char *data, size_t size,
                        elf_description *out, carpel_error *err);

#endif
