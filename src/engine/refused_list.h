/* SPDX-License-Identifier: MIT
 *
 * refused_list -- the refused rows that the store has kept, with the lines that they stand on.
 *
 *     engine_list_refused(e, NULL, tell, context, err);
 *
 * The store keeps where a row stood and why it was refused. Its line is read from its file, as
 * long as that is the one which was loaded.
 */
#ifndef ENGINE_REFUSED_LIST_H
#define ENGINE_REFUSED_LIST_H

#include "engine/engine.h"

typedef struct listed_row {
    const char *source, *file, *reason;
    uint64_t line;
    uint64_t count; /* 1; else so many rows that are not kept one by one, of which this is
                         the first */
    const char *text; /* the line; NULL: it cannot be had */
} listed_row;

/* Tell all, or those of one source: source after source, in the order of files and
 * lines. CARPEL_E_INPUT when there is no such source in the store, or it is damaged. */
bool engine_list_refused(const engine *e, const char *source,
                         void (*tell)(void *context, const listed_row *row),
                         void *context, carpel_error *err);

#endif
