/* SPDX-License-Identifier: MIT
 *
 * weekday -- the days of the week, as the language and the project file write them.
 */
#ifndef BASE_WEEKDAY_H
#define BASE_WEEKDAY_H

typedef enum weekday {
    MONDAY,
    TUESDAY,
    WEDNESDAY,
    THURSDAY,
    FRIDAY,
    SATURDAY,
    SUNDAY,
    WEEKDAY_COUNT
} weekday;

extern const char *const weekday_names[]; /* "monday" to "sunday", and NULL */

#endif
