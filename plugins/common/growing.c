/* SPDX-License-Identifier: MIT
 *
 * Places in a growing table.
 */
#include "common/growing.h"

#include <string.h>

#include "common/memory.h"

void growing_begin(growing *g, const char *column, const char *cursor)
{
    *g = (growing){.column = column};
    if (column && cursor)
        g->last = common_copy(cursor, strlen(cursor));
}

void growing_done(growing *g)
{
    free(g->last);
    *g = (growing){0};
}

bool growing_is_new(const growing *g, const char *value, size_t size)
{
    return !g->last || strlen(g->last) != size || memcmp(g->last, value, size) != 0;
}

void growing_take(growing *g, const char *value, size_t size)
{
    if (!growing_is_new(g, value, size))
        return;
    free(g->last);
    g->last = common_copy(value, size);
}

bool growing_tell(const growing *g, char *out, size_t capacity, carpel_error *err)
{
    const char *last = g->last ? g->last : "";
    size_t size = strlen(last);
    if (size >= capacity)
        return carpel_fail(
            err, CARPEL_E_INPUT,
            "a value of the growing column \"%s\" is longer than %zu bytes", g->column,
            capacity - 1);
    memcpy(out, last, size + 1);
    return true;
}
