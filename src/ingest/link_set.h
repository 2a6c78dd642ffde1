/* SPDX-License-Identifier: MIT
 *
 * link_set -- which links between ids were taken already, and since when they are known: most rows
 * of a source name the same two ids again.
 *
 *     link_set s = {0};
 *     if (link_set_is_news(&s, ID_COOKIE, person, code, time)) ...   // take it
 *     if (link_set_own_is_news(&s, ID_COOKIE, person, time)) ...     // and what kind their own id is
 *     link_set_done(&s);
 */
#ifndef INGEST_LINK_SET_H
#define INGEST_LINK_SET_H

#include <stddef.h>

#include "value/id_kind.h"

typedef struct link_entry link_entry;

typedef struct link_set {
    struct {
        link_entry *entries;
        size_t count, capacity;
        int64_t *own_times; /* of each person; INT64_MAX: not met */
        size_t own_count;
    } kinds[ID_KIND_COUNT];
} link_set;

/* Was the link not met yet, or only by later rows? It is noted. */
bool link_set_is_news(link_set *s, id_kind kind, uint32_t person, uint32_t code,
                      int64_t time);

/* The same of the id that the person of a row is known by itself. */
bool link_set_own_is_news(link_set *s, id_kind kind, uint32_t person, int64_t time);

size_t link_set_bytes(const link_set *s);
void link_set_done(link_set *s);

#endif
