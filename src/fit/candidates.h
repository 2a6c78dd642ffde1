/* SPDX-License-Identifier: MIT
 *
 * candidates -- features that a project's events and traits suggest: how often, how long ago, how regularly, more or
 * less than before, and how much; and what is known of people.
 */
#ifndef FIT_CANDIDATES_H
#define FIT_CANDIDATES_H

#include "base/text.h"
#include "config/project.h"

/* A line "name: value" each, as `features` of a fit takes them, with `indent` before; the names are those of the
 * kinds, traits and properties, with a number where two are the same. `only` are kinds of events and traits; none:
 * all. How many there are; *unknown is the first of `only` of which there is none, or NULL. */
size_t fit_candidates_append(const project *p, char *const *only, size_t only_count,
                             const char *indent, text *out, const char **unknown);

#endif
