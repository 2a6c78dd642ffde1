/* SPDX-License-Identifier: MIT
 *
 * version -- texts that number the versions of software, and their order.
 *
 * A version is numbers with points between them, "1.18.1", perhaps with a "v" before them. A
 * pre-release may follow ("-beta.2"), and build metadata ("+5114f85"). The numbers are
 * compared one by one, of any size, and one that is absent is 0: 1.2 is 1.2.0, and less
 * than 1.10. A pre-release comes before its version; among pre-releases the parts between
 * points are compared, numbers as such and before words, words byte by byte, and fewer
 * parts come first (the order of semver.org). Build metadata say nothing.
 */
#ifndef VALUE_VERSION_H
#define VALUE_VERSION_H

#include <stdbool.h>

#include "base/text.h"

/* Is it one? Else *reason fits behind "cannot read \"1.x\" as version: ". */
bool version_read(slice s, const char **reason);

/* -1, 0 or 1, of two texts that are versions. */
int version_compare(slice a, slice b);

#endif
