/* SPDX-License-Identifier: MIT
 *
 * histories -- people whose events are written in a line, for tests of what comes after what.
 *
 * "a0 b24 x48": events of the kinds a, b, c, x at so many hours after 1 March 2026, in the
 * order of their arrival. "b24+1" is a microsecond later, and a property `colour` follows a
 * slash: "a0/red".
 */
#ifndef TESTS_HISTORIES_H
#define TESTS_HISTORIES_H

#include "support/world.h"

typedef struct history {
    const char *person, *events;
} history;

/* Check each case by the engine and by the reference, on a world of these people. */
void check_histories(const history *people, size_t people_count, const world_case *cases,
                     size_t count);

#endif
