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
 * kinds, traits and properties. `only` is a kind of events or a trait; NULL: all. How many there are. */
size_t fit_candidates_append(const project *p, const char *only, const char *indent,
                             text *out);

#endif
