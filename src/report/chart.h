/* SPDX-License-Identifier: MIT
 *
 * chart -- lines over time as SVG, for a slide: a light ground, round numbers at the axis,
 * and names beside the lines in place of a legend.
 *
 *     chart *c = chart_new("Members by week", "People of each segment", points, count);
 *     chart_series(c, "vip", values);                  // `count` of them
 *     chart_append_svg(c, out);
 *     chart_free(c);
 *
 * Points stand at equal distances. The ground is 0, or lies below it where a value does. Names and values are copied.
 */
#ifndef REPORT_CHART_H
#define REPORT_CHART_H

#include <stddef.h>

#include "base/text.h"

/* What stands below a point: the day, and on a second line the year where it begins or is
 * another one ("" else). */
typedef struct chart_point {
    const char *label, *below;
} chart_point;

/* Lines with a colour of their own; what is more is grey. */
enum { CHART_COLOURS = 8 };

typedef struct chart chart;

chart *chart_new(const char *title, const char *subtitle, const chart_point *points,
                 size_t count);
void chart_free(chart *c); /* accepts NULL */
void chart_series(chart *c, const char *name, const double *values);
/* Write numbers with so many digits behind the point; 0 if nothing is said: they are counts. */
void chart_digits(chart *c, int digits);

void chart_append_svg(const chart *c, text *out);

/* A row of values as signs of eight heights, from their lowest to their highest; without
 * UTF-8 of digits 0 to 7. */
void chart_append_sparkline(const double *values, size_t count, bool use_utf8, text *out);

#endif
