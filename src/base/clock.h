/* SPDX-License-Identifier: MIT
 *
 * clock -- the wall clock and the stopwatch. Whoever needs "now" takes it as an
 * argument; only the commands read the clock.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

/* Microseconds since 1970-01-01T00:00:00Z. */
int64_t clock_now(void);

/* Seconds of a clock that never jumps. */
double clock_monotonic_seconds(void);

/* The same in nanoseconds. */
int64_t clock_monotonic_nanoseconds(void);

#endif
