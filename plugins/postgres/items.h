/* SPDX-License-Identifier: MIT
 *
 * items -- the items of an array as PostgreSQL sends it in binary form.
 *
 *     array_items a;
 *     if (items_open(data, size, &a) && a.dimensions <= 1)
 *         while (items_next(&a, &item, &item_size)) ...
 *     a.is_broken      // the bytes are no array
 */
#ifndef POSTGRES_ITEMS_H
#define POSTGRES_ITEMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct array_items {
    int dimensions; /* 0: it is empty */
    bool is_broken;
    const char *data;
    size_t size, at;
    int32_t left;
} array_items;

/* False: the bytes are no array. */
bool items_open(const char *data, size_t size, array_items *out);

/* The next item of an array of one dimension; *data is NULL when it is missing. False: there is none. */
bool items_next(array_items *a, const char **data, size_t *size);

#endif
