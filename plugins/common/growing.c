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
        growing_take(g, cursor, strlen(cursor));
}

void growing_done(growing *g)
{
    free(g->texts[0].bytes);
    free(g->texts[1].bytes);
    *g = (growing){0};
}

bool growing_is_new(const growing *g, const char *value, size_t size)
{
    const struct growing_text *t = &g->texts[g->at];
    return !g->last || t->size != size || memcmp(t->bytes, value, size) != 0;
}

void growing_take(growing *g, const char *value, size_t size)
{
    if (!growing_is_new(g, value, size))
        return;
    g->at = !g->at;
    struct growing_text *t = &g->texts[g->at];
    if (size >= t->room) {
        t->room = 2 * size + 1;
        t->bytes = common_resize(t->bytes, t->room);
    }
    memcpy(t->bytes, value, size);
    t->bytes[size] = '\0';
    t->size = size;
    g->before = g->last;
    g->last = t->bytes;
}

void growing_go_back(growing *g)
{
    g->last = g->before;
    g->before = NULL;
    g->at = !g->at;
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
