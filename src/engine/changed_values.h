/* SPDX-License-Identifier: MIT
 *
 * changed_values -- the values that cleaning makes others of, one by one. The sources are read for it, and
 * nothing of them is kept.
 *
 *     engine_list_changed(e, NULL, tell, context, &more, &err);
 */
#ifndef ENGINE_CHANGED_VALUES_H
#define ENGINE_CHANGED_VALUES_H

#include "engine/engine.h"

typedef struct changed_value {
    const char *source, *file, *field;
    uint64_t line;
    slice before;
    const char *after; /* NULL: the value is missing, or its row is refused */
    bool is_refused;
    const char *const *steps; /* that changed it, by their keys */
    size_t step_count;
} changed_value;

/* Tell those of a source, or of all (NULL): source after source, in the order of files and lines, as many as
 * the limit `refused_list_rows` says. `*more` are left out. */
typedef void engine_told_value(void *context, const changed_value *value);
bool engine_list_changed(engine *e, const char *source, engine_told_value *told,
                         void *context, uint64_t *more, carpel_error *err);

#endif
