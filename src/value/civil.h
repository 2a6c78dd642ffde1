/* SPDX-License-Identifier: MIT
 *
 * civil -- from days to year, month and day, without a branch, so that vectors do it (H. Hinnant,
 * "chrono-compatible low-level date algorithms").
 *
 * Days are counted in eras of 400 years that begin on 1 March, so that the leap day is the last
 * of its year.
 */
#ifndef VALUE_CIVIL_H
#define VALUE_CIVIL_H

#include <stdint.h>

/* From 1 March of the year 0 to 1970-01-01. */
enum { CIVIL_DAYS_BEFORE_1970 = 719468 };

typedef struct civil {
    uint32_t year, month, day;
} civil;

/* Of a day of the year 0 or later, counted from its 1 March. */
static inline civil civil_of_days(uint32_t days)
{
    civil c;
    uint32_t era = days / 146097;
    uint32_t day_of_era = days - era * 146097;
    uint32_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    uint32_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    uint32_t month_from_march = (5 * day_of_year + 2) / 153;
    c.day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    c.month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    c.year = year_of_era + era * 400 + (c.month <= 2 ? 1 : 0);
    return c;
}

#endif
