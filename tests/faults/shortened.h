/* SPDX-License-Identifier: MIT
 *
 * shortened -- a file becomes shorter while it is looked at as memory.
 */
#ifndef FAULTS_SHORTENED_H
#define FAULTS_SHORTENED_H

#include <stdbool.h>

/* In the folder; speaks TAP under this number. */
bool shortened_walk(const char *folder, int number);

#endif
