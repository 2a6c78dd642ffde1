/* SPDX-License-Identifier: MIT */
#include "base/weekday.h"

#include <stddef.h>

const char *const weekday_names[] = {"monday", "tuesday",  "wednesday", "thursday",
                                     "friday", "saturday", "sunday",    NULL};
