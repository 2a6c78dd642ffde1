/* SPDX-License-Identifier: MIT
 *
 * The two clocks of the system.
 */
#include "base/clock.h"

#include <time.h>

int64_t clock_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

double clock_monotonic_seconds(void)
{
    return (double)clock_monotonic_nanoseconds() * 1e-9;
}

int64_t clock_monotonic_nanoseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}
