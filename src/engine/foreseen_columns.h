/* SPDX-License-Identifier: MIT
 *
 * foreseen_columns -- which columns outputs will be given, found out before any data are read: the rules are
 * judged for nobody, and the tables of that are those of a run without their rows.
 *
 *     foreseen_columns *f = foreseen_columns_new(e, output, &err);
 *     if (f) ... f->columns, f->count ...
 *     foreseen_columns_free(f);
 */
#ifndef ENGINE_FORESEEN_COLUMNS_H
#define ENGINE_FORESEEN_COLUMNS_H

#include <carpel/plugin.h>

#include "engine/engine.h"

typedef struct foreseen_columns {
    const carpel_column *columns;
    size_t count;
    const char *changes; /* as in the delivery */
    struct delivery *delivery;
    struct audiences *audiences;
    run_result *result;
    struct store *nobody;
} foreseen_columns;

/* Of the output of this number; the project is compiled without errors. NULL: *err says why. */
foreseen_columns *foreseen_columns_new(engine *e, size_t output, carpel_error *err);
void foreseen_columns_free(foreseen_columns *f); /* accepts NULL */

#endif
