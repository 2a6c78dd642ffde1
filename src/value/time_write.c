/* SPDX-License-Identifier: MIT
 *
 * Instants as texts in a format: the signs that value_read_time reads, the other way round.
 */
#include "value/value.h"

#include <inttypes.h>
#include <string.h>

static const char *const months[] = {"January",   "February", "March",    "April",
                                     "May",       "June",     "July",     "August",
                                     "September", "October",  "November", "December"};
static const char *const weekdays[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                       "Friday", "Saturday", "Sunday"};

/* What a clock on the wall shows. */
typedef struct shown {
    int64_t date, year, microsecond; /* of the day */
    unsigned month, day;
    int64_t offset_minutes;
} shown;

static shown show(int64_t instant, const zone *z)
{
    int64_t local = z ? zone_local(z, instant) : instant;
    shown s = {.date = local / MICROSECONDS_PER_DAY,
               .microsecond = local % MICROSECONDS_PER_DAY,
               .offset_minutes = (local - instant) / (60 * MICROSECONDS_PER_SECOND)};
    if (s.microsecond < 0) {
        s.date--;
        s.microsecond += MICROSECONDS_PER_DAY;
    }
    date_to_civil(s.date, &s.year, &s.month, &s.day);
    return s;
}

static void append_hour_of_12(int64_t hour, text *out)
{
    text_append_format(out, "%02d", (int)(hour % 12 == 0 ? 12 : hour % 12));
}

static void append_offset(int64_t minutes, text *out)
{
    int64_t size = minutes < 0 ? -minutes : minutes;
    text_append_format(out, "%c%02d:%02d", minutes < 0 ? '-' : '+', (int)(size / 60),
                       (int)(size % 60));
}

static void append_sign(const shown *s, char sign, text *out)
{
    int64_t seconds = s->microsecond / MICROSECONDS_PER_SECOND;
    switch (sign) {
    case 'Y': text_append_format(out, "%04d", (int)s->year); break;
    case 'y': text_append_format(out, "%02d", (int)(s->year % 100)); break;
    case 'm': text_append_format(out, "%02u", s->month); break;
    case 'b': text_append_format(out, "%.3s", months[s->month - 1]); break;
    case 'B': text_append(out, months[s->month - 1]); break;
    case 'd': text_append_format(out, "%02u", s->day); break;
    case 'j':
        text_append_format(out, "%03d",
                           (int)(s->date - date_from_civil(s->year, 1, 1) + 1));
        break;
    case 'H': text_append_format(out, "%02d", (int)(seconds / 3600)); break;
    case 'I': append_hour_of_12(seconds / 3600, out); break;
    case 'p': text_append(out, seconds < 12 * 3600 ? "AM" : "PM"); break;
    case 'M': text_append_format(out, "%02d", (int)(seconds / 60 % 60)); break;
    case 'S': text_append_format(out, "%02d", (int)(seconds % 60)); break;
    case 'f':
        text_append_format(out, "%06d", (int)(s->microsecond % MICROSECONDS_PER_SECOND));
        break;
    case 'z': append_offset(s->offset_minutes, out); break;
    case 'Z': text_append(out, "UTC"); break; /* whoever writes it has no zone: checked */
    case 'a': text_append_format(out, "%.3s", weekdays[date_weekday(s->date)]); break;
    case 'A': text_append(out, weekdays[date_weekday(s->date)]); break;
    default: text_append_char(out, '%'); break;
    }
}

/* A count since 1970 in units of so many microseconds, with its fraction. */
static void append_count(int64_t instant, int64_t unit, text *out)
{
    unsigned scale = unit == MICROSECONDS_PER_SECOND ? 6 : unit == 1000 ? 3 : 0;
    value_append_decimal(instant, scale, out);
    while (scale > 0 && out->data[out->size - 1] == '0')
        out->data[--out->size] = '\0';
    if (scale > 0 && out->data[out->size - 1] == '.')
        out->data[--out->size] = '\0';
}

void value_append_time_as(int64_t instant, const zone *z, const char *format, text *out)
{
    if (strcmp(format, "unix") == 0)
        append_count(instant, MICROSECONDS_PER_SECOND, out);
    else if (strcmp(format, "unix_ms") == 0)
        append_count(instant, 1000, out);
    else if (strcmp(format, "unix_us") == 0)
        append_count(instant, 1, out);
    else {
        shown s = show(instant, z);
        for (const char *at = format; *at; at++) {
            if (*at == '%' && at[1])
                append_sign(&s, *++at, out);
            else
                text_append_char(out, *at);
        }
    }
}
