/* SPDX-License-Identifier: MIT
 *
 * zone_dates -- does the local date ever go back?
 */
#ifndef VALUE_ZONE_DATES_H
#define VALUE_ZONE_DATES_H

#include "value/calendar.h"

/* Is no date on the local clock earlier than one before it, between two instants? Where clocks
 * go back over midnight, one is. */
bool zone_dates_rise(const zone *z, int64_t from, int64_t until);

#endif
