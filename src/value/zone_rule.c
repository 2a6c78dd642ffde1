/* SPDX-License-Identifier: MIT
 *
 * POSIX time zone rules as RFC 8536 extends them: hours of a change may run from
 * -167 to 167.
 */
#include "value/zone_rule.h"

#include "value/calendar.h"

/* What is still to be read. */
typedef struct cursor {
    const char *at, *end;
} cursor;

static bool next_is(const cursor *c, char wanted)
{
    return c->at < c->end && *c->at == wanted;
}

static bool take(cursor *c, char wanted)
{
    if (!next_is(c, wanted))
        return false;
    c->at++;
    return true;
}

static bool next_is_digit(const cursor *c)
{
    return c->at < c->end && *c->at >= '0' && *c->at <= '9';
}

/* A number of one to three digits in [minimum, maximum]. */
static bool take_number(cursor *c, int minimum, int maximum, int *out)
{
    int value = 0, digits = 0;
    for (; next_is_digit(c) && digits < 3; digits++)
        value = value * 10 + (*c->at++ - '0');
    *out = value;
    return digits > 0 && value >= minimum && value <= maximum;
}

/* The abbreviation: letters, or anything between < and >. */
static bool take_name(cursor *c)
{
    const char *begin = c->at;
    if (take(c, '<')) {
        while (c->at < c->end && *c->at != '>')
            c->at++;
        return take(c, '>');
    }
    while (c->at < c->end && ((*c->at | 32) >= 'a' && (*c->at | 32) <= 'z'))
        c->at++;
    return c->at - begin >= 3;
}

/* [+-]hh[:mm[:ss]] as seconds. */
static bool take_clock(cursor *c, int maximum_hours, int32_t *out)
{
    int sign = next_is(c, '-') ? -1 : 1;
    int hours, minutes = 0, seconds = 0;
    if (next_is(c, '-') || next_is(c, '+'))
        c->at++;
    if (!take_number(c, 0, maximum_hours, &hours))
        return false;
    if (take(c, ':')) {
        if (!take_number(c, 0, 59, &minutes))
            return false;
        if (take(c, ':') && !take_number(c, 0, 59, &seconds))
            return false;
    }
    *out = sign * (hours * 3600 + minutes * 60 + seconds);
    return true;
}

static bool take_weekday_edge(cursor *c, zone_rule_edge *out)
{
    out->kind = EDGE_WEEKDAY;
    return take_number(c, 1, 12, &out->month) && take(c, '.') &&
           take_number(c, 1, 5, &out->week) && take(c, '.') &&
           take_number(c, 0, 6, &out->day);
}

/* ",Mm.w.d[/time]", ",Jn[/time]" or ",n[/time]". */
static bool take_edge(cursor *c, zone_rule_edge *out)
{
    bool ok;
    *out = (zone_rule_edge){.seconds = 2 * 3600};
    if (!take(c, ','))
        return false;
    if (take(c, 'M')) {
        ok = take_weekday_edge(c, out);
    } else if (take(c, 'J')) {
        out->kind = EDGE_JULIAN;
        ok = take_number(c, 1, 365, &out->day);
    } else {
        out->kind = EDGE_DAY_OF_YEAR;
        ok = take_number(c, 0, 365, &out->day);
    }
    return ok && (!take(c, '/') || take_clock(c, 167, &out->seconds));
}

static int64_t weekday_edge_date(const zone_rule_edge *edge, int64_t year)
{
    int64_t first = date_from_civil(year, (unsigned)edge->month, 1);
    int sunday_based = ((int)date_weekday(first) + 1) % 7;
    int64_t date = first + (edge->day - sunday_based + 7) % 7 + 7 * (edge->week - 1);
    while (edge->week == 5) { /* the last one: a fifth may fall into the next month */
        int64_t ignored_year;
        unsigned month, day;
        date_to_civil(date, &ignored_year, &month, &day);
        if (month == (unsigned)edge->month)
            break;
        date -= 7;
    }
    return date;
}

static int64_t edge_date(const zone_rule_edge *edge, int64_t year)
{
    int64_t first = date_from_civil(year, 1, 1);
    if (edge->kind == EDGE_WEEKDAY)
        return weekday_edge_date(edge, year);
    if (edge->kind == EDGE_DAY_OF_YEAR)
        return first + edge->day;
    bool is_behind_leap_day = date_is_valid(year, 2, 29) && edge->day >= 60;
    return first + edge->day - 1 + (is_behind_leap_day ? 1 : 0);
}

bool zone_rule_parse(const char *data, size_t size, zone_rule *out)
{
    cursor c = {data, data + size};
    int32_t west;
    *out = (zone_rule){0};
    if (!take_name(&c) || !take_clock(&c, 24, &west))
        return false;
    out->standard_offset = -west;
    if (c.at == c.end)
        return true;

    out->has_summer = true;
    out->summer_offset = out->standard_offset + 3600;
    if (!take_name(&c))
        return false;
    if (!next_is(&c, ',')) {
        if (!take_clock(&c, 24, &west))
            return false;
        out->summer_offset = -west;
    }
    return take_edge(&c, &out->summer_begin) && take_edge(&c, &out->summer_end) &&
           c.at == c.end;
}

void zone_rule_year(const zone_rule *rule, int64_t year, int64_t *begins, int64_t *ends)
{
    *begins = edge_date(&rule->summer_begin, year) * 86400 + rule->summer_begin.seconds -
              rule->standard_offset;
    *ends = edge_date(&rule->summer_end, year) * 86400 + rule->summer_end.seconds -
            rule->summer_offset;
}
