/* SPDX-License-Identifier: MIT
 *
 * What to write for a time zone that there is not: short names, distances from UTC, and
 * names that are nearly right.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "value/calendar.h"

/* The zone of a city where people use that short name, or NULL. */
static const char *city_zone(const char *wanted)
{
    static const struct {
        const char *name, *zone;
    } zones[] = {{"MEZ", "Europe/Berlin"},       {"MESZ", "Europe/Berlin"},
                 {"CEST", "Europe/Berlin"},      {"BST", "Europe/London"},
                 {"ET", "America/New_York"},     {"EDT", "America/New_York"},
                 {"PT", "America/Los_Angeles"},  {"PST", "America/Los_Angeles"},
                 {"PDT", "America/Los_Angeles"}, {"CT", "America/Chicago"},
                 {"CST", "America/Chicago"},     {"CDT", "America/Chicago"},
                 {"MDT", "America/Denver"},      {"IST", "Asia/Kolkata"},
                 {"JST", "Asia/Tokyo"},          {"AEST", "Australia/Sydney"},
                 {"EST", "America/New_York"},    {"MST", "America/Denver"}};
    size_t size = strcspn(wanted, "+-0123456789"); /* EST5, as POSIX writes it */
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
        if (strlen(zones[i].name) == size &&
            strncasecmp(zones[i].name, wanted, size) == 0)
            return zones[i].zone;
    return NULL;
}

/* "GMT+1", "UTC-05:00", "+02:00": whole hours ahead of UTC. */
static bool read_distance(const char *wanted, int *hours)
{
    if (strncasecmp(wanted, "UTC", 3) == 0 || strncasecmp(wanted, "GMT", 3) == 0)
        wanted += 3;
    wanted += strspn(wanted, " ");
    if ((*wanted != '+' && *wanted != '-') || !isdigit((unsigned char)wanted[1]))
        return false;
    char *end;
    long value = strtol(wanted, &end, 10);
    *hours = (int)value;
    return labs(value) <= 14 && (*end == '\0' || strcmp(end, ":00") == 0);
}

bool zone_lacks_summer(const char *name, char *out, size_t out_size)
{
    bool is_east = strcmp(name, "EST") == 0;
    if (!is_east && strcmp(name, "MST") != 0)
        return false;
    snprintf(
        out, out_size,
        "Name the zone by a city, such as %s, which knows summer time, or %s, which has "
        "none; the same all the year is also Etc/GMT+%d.",
        city_zone(name), is_east ? "America/Panama" : "America/Phoenix", is_east ? 5 : 7);
    return true;
}

bool zone_advise(const char *wanted, char *out, size_t out_size)
{
    char similar[128];
    int hours;
    if (city_zone(wanted) != NULL)
        snprintf(out, out_size,
                 "Name the zone by a city, such as %s: it knows summer time.",
                 city_zone(wanted));
    else if (read_distance(wanted, &hours))
        snprintf(
            out, out_size,
            "Name the zone by a city, such as Europe/Berlin, which knows summer time; "
            "always %d hour%s %s UTC is Etc/GMT%+d, with the sign turned round.",
            abs(hours), abs(hours) == 1 ? "" : "s", hours < 0 ? "behind" : "ahead of",
            -hours);
    else if (zone_suggest(wanted, similar, sizeof similar))
        snprintf(out, out_size, "Did you mean \"%s\"?", similar);
    else
        return false;
    return true;
}
