/* SPDX-License-Identifier: MIT
 *
 * Texts that stand for dates and instants: ISO 8601, formats in the manner of strptime,
 * and counts since 1970. Every row of a source passes here, so a format is followed as it
 * stands, with nothing prepared and nothing allocated.
 */
#include "value/time_formats.h"
#include "value/value.h"

#include <string.h>
#include <strings.h>

/* What is left of the text, and why it could not be read. */
typedef struct reader {
    const char *at, *end;
    const char *reason;
} reader;

/* What a text says; year 0 or month 0: nothing. */
typedef struct clock_parts {
    unsigned year, month, day, day_of_year;
    unsigned hour, minute, second, microsecond;
    bool has_half_day, is_afternoon; /* AM or PM stood there */
    bool has_zone;
    int64_t zone_seconds;
} clock_parts;

/* What the letters of a format stand for; each may come once. */
typedef enum part_kind {
    PART_YEAR,
    PART_MONTH,
    PART_DAY,
    PART_DAY_OF_YEAR,
    PART_HOUR,
    PART_HOUR_OF_12,
    PART_HALF_DAY,
    PART_MINUTE,
    PART_SECOND,
    PART_FRACTION,
    PART_WEEKDAY,
    PART_ZONE,
    PART_NONE
} part_kind;

static const char *const month_names[] = {
    "January", "February",  "March",   "April",    "May",      "June", "July",
    "August",  "September", "October", "November", "December", NULL};

static bool refuse(reader *r, const char *reason)
{
    r->reason = reason;
    return false;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool next_is_digit(const reader *r)
{
    return r->at < r->end && *r->at >= '0' && *r->at <= '9';
}

static bool take(reader *r, char wanted)
{
    if (r->at == r->end || *r->at != wanted)
        return false;
    r->at++;
    return true;
}

/* A number of `minimum` to `maximum` digits, as many as there are. */
static bool take_number(reader *r, unsigned minimum, unsigned maximum, unsigned *out)
{
    unsigned value = 0, digits = 0;
    for (; digits < maximum && next_is_digit(r); digits++)
        value = value * 10 + (unsigned)(*r->at++ - '0');
    *out = value;
    return digits >= minimum;
}

static bool take_blanks(reader *r)
{
    const char *begin = r->at;
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\t'))
        r->at++;
    return r->at > begin;
}

/* A run of letters that is one of `names`, whole or its first three; *index is which. */
static bool take_name(reader *r, const char *const *names, unsigned *index)
{
    const char *begin = r->at;
    while (r->at < r->end && is_letter(*r->at))
        r->at++;
    size_t size = (size_t)(r->at - begin);
    for (unsigned i = 0; names[i] != NULL; i++) {
        bool has_size = size == 3 || size == strlen(names[i]);
        if (has_size && strncasecmp(begin, names[i], size) == 0) {
            *index = i;
            return true;
        }
    }
    return false;
}

/* 1 to 9 digits behind a point. */
static bool take_fraction(reader *r, clock_parts *p)
{
    unsigned value = 0, digits = 0;
    for (; digits < 9 && next_is_digit(r); digits++, r->at++) {
        unsigned digit = (unsigned)(*r->at - '0');
        if (digits < 6)
            value = value * 10 + digit;
        else if (digit != 0)
            return refuse(r, "it is finer than a microsecond");
    }
    for (unsigned i = digits; i < 6; i++)
        value *= 10;
    p->microsecond = value;
    return digits > 0;
}

/* Z, +hh, +hhmm, +hh:mm or +hh:mm:ss. */
static bool take_zone(reader *r, clock_parts *p)
{
    unsigned hours, minutes = 0, seconds = 0;
    p->has_zone = true;
    if (take(r, 'Z'))
        return true;
    int sign = take(r, '-') ? -1 : take(r, '+') ? 1 : 0;
    if (sign == 0 || !take_number(r, 2, 2, &hours))
        return false;
    bool has_colon = take(r, ':');
    if ((has_colon || next_is_digit(r)) && !take_number(r, 2, 2, &minutes))
        return false;
    if (has_colon && take(r, ':') && !take_number(r, 2, 2, &seconds))
        return false;
    p->zone_seconds = sign * (int64_t)(hours * 3600 + minutes * 60 + seconds);
    return (hours < 26 && minutes < 60 && seconds < 60) ||
           refuse(r, "its distance from UTC is impossible");
}

static bool take_zone_word(reader *r, clock_parts *p)
{
    const char *begin = r->at;
    while (r->at < r->end && is_letter(*r->at))
        r->at++;
    slice word = {begin, (size_t)(r->at - begin)};
    p->has_zone = true;
    return slice_is(word, "UTC") || slice_is(word, "GMT") || slice_is(word, "Z") ||
           refuse(r, "its zone is none of UTC, GMT, Z; say the zone in the project file");
}

static bool take_half_day(reader *r, clock_parts *p)
{
    if (r->end - r->at < 2 || (r->at[1] | 32) != 'm')
        return false;
    char first = (char)(r->at[0] | 32);
    p->has_half_day = true;
    p->is_afternoon = first == 'p';
    r->at += 2;
    return first == 'a' || first == 'p';
}

/* The clock and zone of an ISO text, behind its date. */
static bool read_iso_clock(reader *r, clock_parts *p)
{
    if (!take(r, 'T') && !take(r, ' '))
        return false;
    if (!take_number(r, 2, 2, &p->hour) || !take(r, ':') ||
        !take_number(r, 2, 2, &p->minute))
        return false;
    if (take(r, ':')) {
        if (!take_number(r, 2, 2, &p->second))
            return false;
        if (take(r, '.') && !take_fraction(r, p))
            return false;
    }
    return r->at == r->end || (take_zone(r, p) && r->at == r->end);
}

/* The number of two digits; above 99: they are none. */
static unsigned two_digits(const char *p)
{
    unsigned high = (unsigned)(unsigned char)p[0] - '0';
    unsigned low = (unsigned)(unsigned char)p[1] - '0';
    return high > 9 || low > 9 ? 1000 : high * 10 + low;
}

/* The usual form, all of the text: 2026-03-01T10:00:00. False: it is another, nothing
 * is taken. */
static bool read_usual_iso(const reader *r, clock_parts *p)
{
    const char *s = r->at;
    if (r->end - s != 19 || s[4] != '-' || s[7] != '-' ||
        (s[10] != 'T' && s[10] != ' ') || s[13] != ':' || s[16] != ':')
        return false;
    unsigned century = two_digits(s), year = two_digits(s + 2), month = two_digits(s + 5);
    unsigned day = two_digits(s + 8), hour = two_digits(s + 11);
    unsigned minute = two_digits(s + 14), second = two_digits(s + 17);
    if (century > 99 || year > 99 || month > 99 || day > 99 || hour > 99 || minute > 99 ||
        second > 99)
        return false;
    p->year = century * 100 + year;
    p->month = month;
    p->day = day;
    p->hour = hour;
    p->minute = minute;
    p->second = second;
    return true;
}

static bool read_iso(reader *r, clock_parts *p)
{
    if (read_usual_iso(r, p))
        return true;
    bool has_date = take_number(r, 4, 4, &p->year) && take(r, '-') &&
                    take_number(r, 2, 2, &p->month) && take(r, '-') &&
                    take_number(r, 2, 2, &p->day);
    return has_date && (r->at == r->end || read_iso_clock(r, p));
}

/* Does the letter stand for digits? */
static bool is_number_letter(char letter)
{
    switch (letter) {
    case 'Y':
    case 'y':
    case 'm':
    case 'd':
    case 'j':
    case 'H':
    case 'I':
    case 'M':
    case 'S':
    case 'f': return true;
    default: return false;
    }
}

/* Read what one letter of a format stands for. One digit does where two may stand, but
 * not beside another number (`is_joined`), which would swallow or miss one. */
static bool read_letter(reader *r, char letter, bool is_joined, clock_parts *p)
{
    unsigned digits = is_joined ? 2 : 1, index;
    switch (letter) {
    case 'Y': return take_number(r, 4, 4, &p->year);
    case 'y':
        if (!take_number(r, 2, 2, &p->year))
            return false;
        p->year += p->year < 69 ? 2000 : 1900;
        return true;
    case 'm': return take_number(r, digits, 2, &p->month);
    case 'b':
    case 'B':
        if (!take_name(r, month_names, &index))
            return refuse(r, "it has no English month name where one should be");
        p->month = index + 1;
        return true;
    case 'd': return take_number(r, digits, 2, &p->day);
    case 'j': return take_number(r, is_joined ? 3 : 1, 3, &p->day_of_year);
    case 'H':
    case 'I': return take_number(r, digits, 2, &p->hour);
    case 'p': return take_half_day(r, p);
    case 'M': return take_number(r, digits, 2, &p->minute);
    case 'S': return take_number(r, digits, 2, &p->second);
    case 'f': return take_fraction(r, p);
    case 'a':
    case 'A': return take_name(r, weekday_names, &index);
    case 'z': return take_zone(r, p);
    case 'Z': return take_zone_word(r, p);
    case '%': return take(r, '%');
    default: return refuse(r, "the format has an unknown letter");
    }
}

static bool read_by_format(reader *r, const char *format, clock_parts *p)
{
    bool is_after_number = false;
    for (const char *f = format; *f != '\0'; f++) {
        bool ok;
        if (*f == '%') {
            f++;
            bool is_number = is_number_letter(*f);
            bool is_joined = is_after_number ||
                             (f[0] != '\0' && f[1] == '%' && is_number_letter(f[2]));
            ok = *f != '\0' && read_letter(r, *f, is_joined, p);
            is_after_number = is_number;
        } else {
            ok = *f == ' ' ? take_blanks(r) : take(r, *f);
            is_after_number = false;
        }
        if (!ok)
            return false;
    }
    return r->at == r->end;
}

/* Turn 12 AM to 11 PM into 0 to 23. */
static bool settle_half_day(reader *r, clock_parts *p)
{
    if (!p->has_half_day)
        return true;
    if (p->hour < 1 || p->hour > 12)
        return refuse(r, "its hour is not 1 to 12");
    p->hour = p->hour % 12 + (p->is_afternoon ? 12 : 0);
    return true;
}

/* The date, once all is read. */
static bool settle_date(reader *r, const clock_parts *p, int64_t *out)
{
    if (p->day_of_year > 0 && p->month == 0) {
        *out = date_from_civil(p->year, 1, 1) + (int64_t)p->day_of_year - 1;
        return (p->year >= 1 && *out < date_from_civil(p->year + 1, 1, 1)) ||
               refuse(r, "its year has no such day");
    }
    if (p->year == 0)
        return refuse(r, "its year is not 1 to 9999");
    if (p->month < 1 || p->month > 12)
        return refuse(r, "its month is not 1 to 12");
    if (!date_is_valid(p->year, p->month, p->day))
        return refuse(r, "its month has no such day");
    *out = date_from_civil(p->year, p->month, p->day);
    return true;
}

static bool settle_clock(reader *r, const clock_parts *p, int64_t *out)
{
    if (p->hour > 23)
        return refuse(r, "its hour is not 0 to 23");
    if (p->minute > 59)
        return refuse(r, "its minute is not 0 to 59");
    if (p->second > 59)
        return refuse(r, "its second is not 0 to 59");
    *out =
        (int64_t)(p->hour * 3600 + p->minute * 60 + p->second) * MICROSECONDS_PER_SECOND +
        p->microsecond;
    return true;
}

static bool is_iso(const char *format)
{
    return format == NULL || strcmp(format, "iso") == 0;
}

/* Read a text into its date, the time on it, and its zone if it says one. */
static bool read_parts(slice s, const char *format, clock_parts *p, int64_t *date,
                       int64_t *clock, const char **reason)
{
    reader r = {s.data, s.size > 0 ? s.data + s.size : s.data, NULL};
    bool ok = is_iso(format) ? read_iso(&r, p) : read_by_format(&r, format, p);
    if (!ok && r.reason == NULL)
        r.reason = is_iso(format)
                       ? "it is not written like 2026-03-01 or 2026-03-01T10:00:00"
                       : "it does not fit the format";
    ok = ok && settle_half_day(&r, p) && settle_date(&r, p, date) &&
         settle_clock(&r, p, clock);
    if (!ok)
        *reason = r.reason;
    return ok;
}

/* How many digits after the point a count since 1970 has down to microseconds; -1: the
 * format is none of the counts. */
static int unix_scale(const char *format)
{
    if (format == NULL || format[0] != 'u')
        return -1;
    if (strcmp(format, "unix") == 0)
        return 6;
    if (strcmp(format, "unix_ms") == 0)
        return 3;
    return strcmp(format, "unix_us") == 0 ? 0 : -1;
}

static bool check_range(int64_t instant, const char **reason)
{
    if (instant >= TIME_MIN && instant <= TIME_MAX)
        return true;
    *reason = "it is outside the years 1 to 9999";
    return false;
}

bool value_fits_format(slice s, const char *format)
{
    clock_parts p = {0};
    int64_t date, clock;
    const char *reason;
    return unix_scale(format) < 0 && read_parts(s, format, &p, &date, &clock, &reason);
}

static bool refuse_format(slice s, const char *format, const char **reason)
{
    *reason = time_format_reason(s, format, *reason);
    return false;
}

static bool read_unix(slice s, int scale, int64_t *out, const char **reason)
{
    if (!value_read_decimal(s, (unsigned)scale, out, reason))
        return refuse_format(s, "unix", reason);
    if (scale > 3 && *out > TIME_MAX && s.size == 13)
        *reason =
            "it is outside the years 1 to 9999; it would fit the format \"unix_ms\"";
    else
        return check_range(*out, reason);
    return false;
}

/* What a letter of a format stands for. */
static part_kind letter_part(char letter)
{
    switch (letter) {
    case 'Y':
    case 'y': return PART_YEAR;
    case 'm':
    case 'b':
    case 'B': return PART_MONTH;
    case 'd': return PART_DAY;
    case 'j': return PART_DAY_OF_YEAR;
    case 'H': return PART_HOUR;
    case 'I': return PART_HOUR_OF_12;
    case 'p': return PART_HALF_DAY;
    case 'M': return PART_MINUTE;
    case 'S': return PART_SECOND;
    case 'f': return PART_FRACTION;
    case 'a':
    case 'A': return PART_WEEKDAY;
    case 'z':
    case 'Z': return PART_ZONE;
    default: return PART_NONE;
    }
}

/* Letters of other tools' formats, and what is written instead. */
static const char *foreign_letter(char letter)
{
    switch (letter) {
    case 'i': return "minutes are %M, and not %i";
    case 's': return "seconds are %S, and not %s";
    case 'h': return "hours of a half day are %I, and not %h";
    case 'k': return "hours are %H, and not %k";
    case 'l': return "hours of a half day are %I, and not %l";
    case 'e': return "days are %d, and not %e";
    case 'c': return "months are %m, and not %c";
    case 'D': return "days are %d, and not %D";
    case 'T': return "a clock time is %H:%M:%S, and not %T";
    case 'R': return "a clock time is %H:%M, and not %R";
    case 'F': return "a date is %Y-%m-%d, and not %F";
    case 'L':
    case 'N': return "parts of a second are %f";
    default: return "behind % there may be one of Y y m b B d j H I p M S f a A z Z %";
    }
}

/* Collect the parts that a format names as bits. */
static bool collect_parts(const char *format, unsigned *parts, const char **reason)
{
    *parts = 0;
    for (const char *f = strchr(format, '%'); f != NULL; f = strchr(f + 2, '%')) {
        part_kind part = letter_part(f[1]);
        if (part == PART_NONE && f[1] != '%') {
            *reason = foreign_letter(f[1]);
            return false;
        }
        if (part != PART_NONE && (*parts >> part & 1) != 0) {
            *reason = "it names one part of the time twice";
            return false;
        }
        *parts |= part == PART_NONE ? 0 : 1u << part;
    }
    return true;
}

bool value_read_time(slice s, const char *format, const zone *local, int64_t *out,
                     const char **reason)
{
    clock_parts p = {0};
    int64_t date, clock;
    int scale = unix_scale(format);
    if (scale >= 0)
        return read_unix(s, scale, out, reason);
    if (!read_parts(s, format, &p, &date, &clock, reason))
        return refuse_format(s, format, reason);

    int64_t shown = date * MICROSECONDS_PER_DAY + clock;
    if (p.has_zone) {
        *out = shown - p.zone_seconds * MICROSECONDS_PER_SECOND;
        return check_range(*out, reason);
    }
    *out = zone_instant(local, shown);
    bool is_cut =
        (*out == TIME_MIN || *out == TIME_MAX) && zone_local(local, *out) != shown;
    return check_range(is_cut ? INT64_MAX : *out, reason);
}

bool value_read_date(slice s, const char *format, int64_t *out, const char **reason)
{
    clock_parts p = {0};
    int64_t clock, instant;
    int scale = unix_scale(format);
    if (scale >= 0) {
        if (!read_unix(s, scale, &instant, reason))
            return false;
        int64_t days = (instant - TIME_MIN) / MICROSECONDS_PER_DAY;
        clock = (instant - TIME_MIN) % MICROSECONDS_PER_DAY;
        *out = DATE_MIN + days;
    } else if (!read_parts(s, format, &p, out, &clock, reason)) {
        return refuse_format(s, format, reason);
    }
    if (clock != 0)
        *reason = "it has a time of day, which a date does not keep";
    return clock == 0;
}

/* The parts that it names; 0 for counts since 1970. */
static bool check_signs(const char *format, unsigned *parts, const char **reason)
{
    *parts = 0;
    if (unix_scale(format) >= 0)
        return true;
    if (!collect_parts(format, parts, reason))
        return false;
    if (strncmp(format, "\u201C", 3) != 0 && strncmp(format, "\u201E", 3) != 0)
        return true;
    *reason = "its quotes are curly: write straight ones";
    return false;
}

bool value_check_written_format(const char *format, const char **reason)
{
    unsigned parts;
    if (!check_signs(format, &parts, reason))
        return false;
    if (parts == 0 && unix_scale(format) < 0)
        *reason = "it names no part of a time, such as %Y";
    return parts != 0 || unix_scale(format) >= 0;
}

bool value_check_time_format(const char *format, const char **reason)
{
    unsigned parts;
    if (!check_signs(format, &parts, reason))
        return false;
    if (is_iso(format) || unix_scale(format) >= 0)
        return true;
    bool has_day = (parts >> PART_MONTH & parts >> PART_DAY & 1) != 0 ||
                   (parts >> PART_DAY_OF_YEAR & 1) != 0;
    bool has_12 = (parts >> PART_HOUR_OF_12 & 1) != 0;
    bool has_half = (parts >> PART_HALF_DAY & 1) != 0;
    if ((parts >> PART_YEAR & 1) == 0)
        *reason = "it names no year (%Y)";
    else if (!has_day)
        *reason = "it names no day (%m and %d, or %j)";
    else if (has_12 != has_half)
        *reason = "%I and %p go together";
    else if (has_12 && (parts >> PART_HOUR & 1) != 0)
        *reason = "it names one part of the time twice";
    else
        return true;
    return false;
}
