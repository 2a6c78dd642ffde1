/* SPDX-License-Identifier: MIT
 *
 * zone_rule -- the rule at the end of a TZif file, e.g. "CET-1CEST,M3.5.0,M10.5.0/3",
 * that tells when summer time begins and ends in every year behind the file's table.
 *
 *     zone_rule rule;
 *     if (zone_rule_parse(text, size, &rule) && rule.has_summer)
 *         zone_rule_year(&rule, 2150, &summer_begins, &summer_ends);
 */
#ifndef VALUE_ZONE_RULE_H
#define VALUE_ZONE_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A day of the year and a time on it. */
typedef struct zone_rule_edge {
    enum {
        EDGE_WEEKDAY,    /* Mm.w.d: w-th weekday d (0: Sunday) of month m; 5: last */
        EDGE_JULIAN,     /* Jn: 1 to 365, 29 February is never counted */
        EDGE_DAY_OF_YEAR /* n: 0 to 365 */
    } kind;
    int month, week, day;
    int32_t seconds; /* local time of that day; may be negative or beyond 24 hours */
} zone_rule_edge;

/* Offsets are seconds east of UTC. */
typedef struct zone_rule {
    int32_t standard_offset, summer_offset;
    bool has_summer;
    zone_rule_edge summer_begin, summer_end;
} zone_rule;

/* Read the text between the last two line ends of a TZif file. */
bool zone_rule_parse(const char *data, size_t size, zone_rule *out);

/* The instants, in seconds since 1970, of a year's two changes. */
void zone_rule_year(const zone_rule *rule, int64_t year, int64_t *begins, int64_t *ends);

#endif
