/* SPDX-License-Identifier: MIT
 *
 * trust -- who could have put a plugin where it is?
 *
 * A plugin runs with all rights of whoever runs carpel, so it has to come from somebody
 * who has them already: the file and its folder belong to the user, to root, or to the
 * owner of the command itself, and nobody else can write them. Group-writable is fine
 * when the group is the user's own, as many systems give everyone one of the same name, or
 * when the command itself is writable for it. In a sticky folder such as /tmp it is the
 * file that counts.
 */
#ifndef PLUGIN_TRUST_H
#define PLUGIN_TRUST_H

#include <stdbool.h>

#include "base/error.h"

/* The message has the command that mends it. */
bool trust_check(const char *path, carpel_error *err);

#endif
