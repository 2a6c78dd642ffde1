/* SPDX-License-Identifier: MIT
 *
 * How scores are spread, on the page.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/reports.h"
#include "exec/score.h"
#include "report/html.h"
#include "report/table.h"

enum { HISTOGRAM_COLUMNS = 30 };

/* As somebody reads it: whole numbers of four digits and more, two decimals of others, and four of
 * those below one. */
static void append_number(double number, text *out)
{
    char buffer[64], count[28];
    double size = fabs(number);
    if (size >= 1e15) {
        text_append_format(out, "%.6g", number);
        return;
    }
    if (size >= 999.995) {
        text_append_format(out, "%s%s", number < 0 ? "-" : "",
                           format_count((uint64_t)(size + 0.5), count));
        return;
    }
    int used = snprintf(buffer, sizeof buffer, "%.*f", size < 1 ? 4 : 2, number);
    while (used > 1 && buffer[used - 1] == '0')
        used--;
    used -= buffer[used - 1] == '.';
    bool is_zero = used == 2 && buffer[0] == '-' && buffer[1] == '0';
    text_append_format(out, "%.*s", is_zero ? 1 : used, is_zero ? "0" : buffer);
}

/* Durations are told in days, which scores have in seconds. */
static void append_value(const run_score *s, double value, text *out)
{
    bool is_duration = s->type.kind == TYPE_DURATION;
    double days = value / (24 * 60 * 60);
    append_number(is_duration ? days : value, out);
    if (is_duration)
        text_append(out, fabs(days - 1) < 0.005 ? " day" : " days");
}

static void put_histogram(const report_page *p, const run_score *s, const distribution *d)
{
    size_t columns[HISTOGRAM_COLUMNS] = {0};
    double span = d->highest - d->lowest;
    text lowest, highest;
    text_init(&lowest);
    text_init(&highest);
    for (size_t i = 0; i < s->population->count; i++) {
        size_t number = s->population->order[i];
        if (!score_has(s, number))
            continue;
        double place = span > 0 ? (score_number(s, number) - d->lowest) / span : 0;
        size_t column = (size_t)(place * HISTOGRAM_COLUMNS);
        columns[column < HISTOGRAM_COLUMNS ? column : HISTOGRAM_COLUMNS - 1]++;
    }
    append_value(s, d->lowest, &lowest);
    append_value(s, d->highest, &highest);
    html_append_histogram(p->out, columns, HISTOGRAM_COLUMNS, lowest.data, highest.data);
    text_done(&lowest);
    text_done(&highest);
}

static bool is_shown(const run_score *s)
{
    return score_is_numeric(s) && strcmp(s->name, SESSION_VALUE) != 0;
}

/* "2,997 people have a value, 2,003 have none; the average is 0.6, the median 0.71" */
static void put_score_words(const report_page *p, const run_score *s,
                            const distribution *d)
{
    const run_population *of = s->population;
    if (d->count == 0) {
        report_put(p, "nobody has a value");
        return;
    }
    report_put_counted(p, d->count, of->one, of->many);
    report_put(p, d->count == 1 ? " has a value" : " have a value");
    if (d->missing_count > 0) {
        report_put(p, ", ");
        report_put_counted(p, d->missing_count, "has none", "have none");
    }
    report_put(p, "; the average is ");
    append_value(s, d->average, p->out);
    report_put(p, ", the median ");
    append_value(s, d->quantiles[QUANTILE_50], p->out);
}

static void put_score(const report_page *p, const run_score *s)
{
    distribution d = score_distribution(s);
    report_put(p, "<h3>");
    report_put_text(p, s->title ? s->title : s->name);
    report_put(p, "</h3>\n<p class=\"soft\">");
    put_score_words(p, s, &d);
    report_put(p, "</p>\n");
    if (d.count > 0)
        put_histogram(p, s, &d);
}

void report_put_scores(const report_page *p)
{
    const run_result *r = p->session->result;
    bool is_first = true;
    for (size_t i = 0; i < r->score_count; i++) {
        if (!is_shown(&r->scores[i]))
            continue;
        if (is_first) {
            report_put(p, "<section><h2>Scores</h2>\n");
            report_put_explanation(p,
                                   "Each column counts who has a value there, from the "
                                   "lowest on the left to "
                                   "the highest on the right.");
        }
        is_first = false;
        put_score(p, &r->scores[i]);
    }
    report_put(p, is_first ? "" : "</section>\n");
}
