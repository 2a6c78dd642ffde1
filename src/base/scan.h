/* SPDX-License-Identifier: MIT
 *
 * scan -- questions about long arrays that are answered with one look at each element, compiled
 * for several machines (clones.h). They do not stop at the first element that settles the answer,
 * which mostly is the last one.
 *
 *     if (!scan_is_rising(offsets, count + 1)) ...
 */
#ifndef BASE_SCAN_H
#define BASE_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Is each of the values, which may be none, at least as large as the one before? */
bool scan_is_rising(const int32_t *values, size_t count);

/* Is no value negative, and each one below the limit? */
bool scan_is_below(const int32_t *values, size_t count, uint32_t limit);

/* Does each value lie in [least, most]? */
bool scan_is_within(const int64_t *values, size_t count, int64_t least, int64_t most);

/* How many bits of the bytes are set. */
size_t scan_count_bits(const uint8_t *bytes, size_t count);

#endif
