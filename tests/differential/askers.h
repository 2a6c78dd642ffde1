/* SPDX-License-Identifier: MIT
 *
 * askers -- threads that judge in turn at other instants over the same store, in an order that
 * nobody knows: what a run keeps with the store (texts, the histories of accounts) must be right
 * for each, whoever asked before and whose results still live.
 */
#ifndef TESTS_DIFFERENTIAL_ASKERS_H
#define TESTS_DIFFERENTIAL_ASKERS_H

#include "support/world.h"

/* What world_run says at `now`, while others ask at instants of events. */
run_result *run_among_askers(const world *w, const world_rules *rules, const store *s,
                             int64_t now, size_t threads, size_t block_people);

#endif
