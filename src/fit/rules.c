/* SPDX-License-Identifier: MIT
 *
 * Texts of rules.
 */
#include "fit/rules.h"

#include <string.h>

/* The number of the period that holds an instant: of a month 12 * year + month. */
static void append_period(const config_fit *f, const char *instant, text *out)
{
    if (strcmp(f->period, "day") == 0)
        text_append_format(out, "%s.date", instant);
    else if (strcmp(f->period, "year") == 0)
        text_append_format(out, "%s.year", instant);
    else
        text_append_format(out, "(12 * %s.year + %s.month_of_year)", instant, instant);
}

/* How many periods lie between two instants. */
static void append_periods_between(const config_fit *f, const char *from, const char *to,
                                   text *out)
{
    bool is_day = strcmp(f->period, "day") == 0;
    text_append(out, is_day ? "(" : "");
    append_period(f, to, out);
    text_append(out, " - ");
    append_period(f, from, out);
    text_append(out, is_day ? ") / 1 day" : "");
}

static void append_whole_periods(const config_fit *f, const char *prefix, text *out)
{
    text_append_format(out, "event %s_events = %s_all where (", prefix, prefix);
    append_period(f, "time", out);
    text_append(out, " < ");
    append_period(f, "now", out);
    text_append(out, ")\n");
}

static void append_worth(const config_fit *f, const char *prefix, text *out)
{
    bool is_repeats = strcmp(f->orders, "repeats") == 0;
    const char *part = strcmp(f->count, "days") == 0 ? ".date" : "";
    text_append_format(out, "event %s_%s = %s_all where ((%s) is not missing)\n", prefix,
                       is_repeats ? "worth" : "events", prefix, f->amount.text);
    if (is_repeats)
        text_append_format(
            out, "event %s_events = %s_worth where (time%s > first %s_worth.time%s)\n",
            prefix, prefix, part, prefix, part);
}

/* `is_fitted`: only of people who are new since "from". */
static void append_events(const config_fit *f, const char *prefix, bool is_fitted,
                          text *out)
{
    const char *name = f->rows == FIT_TIMES ? "events" : "all";
    if (is_fitted && f->from.text)
        text_append_format(out,
                           "event %s_seen = %s\nevent %s_%s = %s_seen where (first "
                           "%s_seen at or after %s)\n",
                           prefix, f->events.text, prefix, name, prefix, prefix,
                           f->from.text);
    else
        text_append_format(out, "event %s_%s = %s\n", prefix, name, f->events.text);
    if (f->rows == FIT_PERIODS)
        append_whole_periods(f, prefix, out);
    if (f->rows == FIT_VALUES)
        append_worth(f, prefix, out);
}

void fit_rules_append_events(const config_fit *f, const char *prefix, text *out)
{
    append_events(f, prefix, false, out);
}

static void append_count(const config_fit *f, const char *prefix, text *out)
{
    if (f->rows == FIT_PERIODS)
        text_append_format(out, "%ss_with(%s_events)", f->period, prefix);
    else
        text_append_format(out, "%s(%s_events)",
                           strcmp(f->count, "days") == 0 ? "days_with" : "count", prefix);
}

static void append_of_times(const char *prefix, size_t column, text *out)
{
    if (column == 1)
        text_append_format(out, "last %s_events - first %s_events", prefix, prefix);
    else
        text_append_format(out, "time since first %s_events", prefix);
}

static void append_of_periods(const config_fit *f, const char *prefix, size_t column,
                              text *out)
{
    text first, last;
    text_init(&first);
    text_init(&last);
    text_append_format(&first, "first %s_events.time", prefix);
    text_append_format(&last, "last %s_events.time", prefix);
    append_periods_between(f, first.data, column == 1 ? last.data : "now", out);
    text_append(out, column == 1 ? "" : " - 1");
    text_done(&first);
    text_done(&last);
}

void fit_rules_append_argument(const config_fit *f, const char *prefix, size_t column,
                               text *out)
{
    if (column == 0) {
        append_count(f, prefix, out);
        text_append(out, f->rows == FIT_VALUES ? "" : " - 1");
    } else if (f->rows == FIT_TIMES) {
        append_of_times(prefix, column, out);
    } else if (f->rows == FIT_PERIODS) {
        append_of_periods(f, prefix, column, out);
    } else {
        text_append_format(out, "sum(%s_events.(%s)) / ", prefix, f->amount.text);
        append_count(f, prefix, out);
    }
}

void fit_rules_append(const config_fit *f, const char *prefix, text *out)
{
    append_events(f, prefix, true, out);
    for (size_t i = 0; i < fit_rows_columns((fit_rows)f->rows); i++) {
        bool is_duration = f->rows == FIT_TIMES && i > 0;
        text_append_format(out, "score %s_%zu = %s", prefix, i + 1,
                           is_duration ? "(" : "");
        fit_rules_append_argument(f, prefix, i, out);
        text_append(out, is_duration ? ") / 1 week\n" : "\n");
    }
}
