/* SPDX-License-Identifier: MIT
 *
 * Copies between two sizes.
 */
#include "plugin/structs.h"

#include <string.h>

#include "base/mapped.h"

enum { MOST_BYTES = 64 * 1024 }; /* of a struct; a larger one is none */

bool struct_is_zero(const void *bytes, size_t size)
{
    const unsigned char *byte = bytes;
    while (size > 0 && *byte == 0) {
        byte++;
        size--;
    }
    return size == 0;
}

static bool check_size(const foreign_struct *s, carpel_error *err)
{
    if (s->size < s->least)
        return carpel_fail(err, CARPEL_E_PLUGIN,
                           "the %s in \"%s\" says that it has %zu bytes; interface %u.%u "
                           "has at least %zu: set its struct_size",
                           s->name, s->path, s->size, CARPEL_ABI_MAJOR, s->minor,
                           s->least);
    if (s->size > MOST_BYTES || !memory_is_mapped(s->at, s->size))
        return carpel_fail(
            err, CARPEL_E_PLUGIN,
            "the %s in \"%s\" says that it has %zu bytes, which it has not", s->name,
            s->path, s->size);
    return true;
}

bool struct_take(const foreign_struct *s, void *out, size_t size, carpel_error *err)
{
    if (!check_size(s, err))
        return false;
    size_t known = s->size < size ? s->size : size;
    if (!struct_is_zero((const char *)s->at + known, s->size - known))
        return carpel_fail(err, CARPEL_E_PLUGIN,
                           "the %s in \"%s\" has members that interface %u.%u of this "
                           "carpel does not know: it needs a newer carpel",
                           s->name, s->path, CARPEL_ABI_MAJOR, CARPEL_ABI_MINOR);
    memcpy(out, s->at, known);
    memset((char *)out + known, 0, size - known);
    return true;
}
