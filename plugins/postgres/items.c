/* SPDX-License-Identifier: MIT
 *
 * The number of dimensions, a flag, the type of the items; size and first index of each dimension; then the
 * items, each with its size before it, which is -1 when it is missing.
 */
#include "postgres/items.h"

#include "postgres/binary.h"

enum { HEAD_BYTES = 12, DIMENSION_BYTES = 8 };

bool items_open(const char *data, size_t size, array_items *out)
{
    *out = (array_items){.data = data, .size = size, .is_broken = size < HEAD_BYTES};
    if (out->is_broken)
        return false;
    out->dimensions = binary_int32(data);
    if (out->dimensions != 1)
        return true;
    out->at = HEAD_BYTES + DIMENSION_BYTES;
    out->is_broken = size < out->at;
    out->left = out->is_broken ? 0 : binary_int32(data + HEAD_BYTES);
    return !out->is_broken;
}

bool items_next(array_items *a, const char **data, size_t *size)
{
    if (a->left-- <= 0)
        return false;
    int32_t item = a->size - a->at >= 4 ? binary_int32(a->data + a->at) : INT32_MAX;
    a->at += 4;
    *size = item > 0 ? (size_t)item : 0;
    a->is_broken = a->at > a->size || a->size - a->at < *size;
    *data = item < 0 ? NULL : a->data + a->at;
    a->at += *size;
    return !a->is_broken;
}
