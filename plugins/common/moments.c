/* SPDX-License-Identifier: MIT
 *
 * The calendar of ISO 8601, for any day.
 */
#include "common/moments.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { DATE_SIZE = 10, CLOCK_SIZE = 9 }; /* 2026-03-01, T10:00:00 */

/* So many digits, with zeros before them; returns where they end. Quicker than printf, which source and output
 * call for each value. */
static char *write_digits(char *out, int64_t value, int digits)
{
    for (int i = digits - 1; i >= 0; i--) {
        out[i] = (char)('0' + value % 10);
        value /= 10;
    }
    return out + digits;
}

void moment_civil(int64_t day, int64_t *year, int64_t *month, int64_t *of_month)
{
    int64_t z = day + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097, of_era = z - era * 146097;
    int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * y + y / 4 - y / 100), m = (5 * of_year + 2) / 153;
    *of_month = of_year - (153 * m + 2) / 5 + 1;
    *month = m < 10 ? m + 3 : m - 9;
    *year = y + era * 400 + (*month <= 2);
}

size_t moment_write_date(int64_t day, char *out, size_t room)
{
    int64_t year, month, of_month;
    moment_civil(day, &year, &month, &of_month);
    if (year >= 0 && year <= 9999 && room > DATE_SIZE) {
        char *at = write_digits(out, year, 4);
        *at++ = '-';
        at = write_digits(at, month, 2);
        *at++ = '-';
        *write_digits(at, of_month, 2) = '\0';
        return DATE_SIZE;
    }
    int size = snprintf(out, room, "%s%04" PRId64 "-%02" PRId64 "-%02" PRId64,
                        year < 0 ? "-" : "", year < 0 ? -year : year, month, of_month);
    return size < 0 ? 0 : (size_t)size;
}

int64_t moment_split(int64_t value, int64_t by, int64_t *left)
{
    int64_t quotient = value / by;
    *left = value % by;
    if (*left < 0) {
        *left += by;
        quotient--;
    }
    return quotient;
}

/* ".25" of a quarter of a second; of a whole one nothing. */
static size_t write_fraction(int64_t units, int64_t per_second, char *out, size_t room)
{
    size_t digits = 0;
    if (units == 0)
        return 0;
    for (int64_t power = 1; power < per_second; power *= 10)
        digits++;
    if (digits + 2 > room)
        return 0;
    out[0] = '.';
    (void)write_digits(out + 1, units, (int)digits);
    for (; out[digits] == '0'; digits--)
        continue;
    out[digits + 1] = '\0';
    return digits + 1;
}

/* "T10:00:00" */
static size_t write_clock(int64_t of_day, char between, char *out, size_t room)
{
    if (room <= CLOCK_SIZE)
        return 0;
    out[0] = between;
    char *at = write_digits(out + 1, of_day / 3600, 2);
    *at++ = ':';
    at = write_digits(at, of_day / 60 % 60, 2);
    *at++ = ':';
    *write_digits(at, of_day % 60, 2) = '\0';
    return CLOCK_SIZE;
}

size_t moment_write_time(int64_t units, int64_t per_second, char between,
                         const char *behind, char *out, size_t room)
{
    int64_t fraction, of_day;
    int64_t second = moment_split(units, per_second, &fraction);
    size_t used = moment_write_date(moment_split(second, 86400, &of_day), out, room);
    used += write_clock(of_day, between, out + used, room - used);
    used += write_fraction(fraction, per_second, out + used, room - used);
    size_t size = strlen(behind);
    if (size >= room - used)
        return used;
    memcpy(out + used, behind, size + 1);
    return used + size;
}

size_t moment_write_length(int64_t microseconds, char *out, size_t room)
{
    uint64_t length =
        microseconds < 0 ? 0 - (uint64_t)microseconds : (uint64_t)microseconds;
    int size = snprintf(out, room, "%s%" PRIu64 ".%06" PRIu64 " seconds",
                        microseconds < 0 ? "-" : "", length / 1000000, length % 1000000);
    return size < 0 ? 0 : (size_t)size;
}
