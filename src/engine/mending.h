/* SPDX-License-Identifier: MIT
 *
 * mending -- compiling rules once more, as they would be with a change: mend.c follows the hints
 * of messages, reread.c tries what a rule that cannot be read may mean.
 *
 *     attempt a;
 *     attempt_begin(&a, engine, texts);    // a text for each file of rules
 *     attempt_compile(&a);
 *     ... a.found ...
 *     attempt_end(&a);
 */
#ifndef ENGINE_MENDING_H
#define ENGINE_MENDING_H

#include "engine/engine.h"
#include "engine/parts.h"

/* The rules of the project as these texts say them. */
typedef struct attempt {
    engine engine; /* what the rules do not concern is that of the real one */
    diags *found;
} attempt;

void attempt_begin(attempt *a, const engine *real, const text *texts);
void attempt_compile(attempt *a);
void attempt_end(attempt *a);

/* The declarations of a text and what stands behind each, up to the next; the caller frees
 * the array. */
slice *declarations_of(slice whole, size_t *count);

/* A declaration without comments and empty lines behind it. */
slice trimmed(slice declaration);

/* How many errors lie in part of a file; *last is the last of them. */
size_t count_errors(const diags *found, const source *file, slice part, size_t *last);

/* Can a mistake in a declaration be mended in several ways? Later: only after its first hints
 * have been followed, which do not tell so. */
typedef enum choice { CHOICE_NONE, CHOICE_AT_ONCE, CHOICE_LATER } choice;

/* Where no hint leads to a rule that compiles, or to one that means something else than the
 * whole of it says: tell what it may mean, in the place of the hints. `mended` is what the hints lead to,
 * `is_mended` tells of each declaration of each file whether that compiles, and `choices` whether
 * a hint had several ways. */
void engine_reread(const engine *e, const text *mended, bool *const *is_mended,
                   choice *const *choices, diags *found);

#endif
