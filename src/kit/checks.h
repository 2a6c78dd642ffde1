/* SPDX-License-Identifier: MIT
 *
 * checks -- the functions that checks.def lists, for kit.c. Each runs in a child process of its own.
 */
#ifndef KIT_CHECKS_H
#define KIT_CHECKS_H

#include "kit/trial.h"

/* What is APART works in a folder of its own, since drawn texts may become names of files there. */
enum { KIT_SOURCES = 1, KIT_OUTPUTS = 2, KIT_FIRST = 4, KIT_APART = 8 };

#define X(kinds, function, title) void check_##function(kit_trial *t);
#include "kit/checks.def"
#undef X

#endif
