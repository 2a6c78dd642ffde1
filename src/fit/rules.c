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

static void append_worth(const config_fit *f, const char *prefix, fit_words *words,
                         text *out)
{
    bool is_repeats = strcmp(f->orders, "repeats") == 0;
    const char *part = strcmp(f->count, "days") == 0 ? ".date" : "";
    text_append_format(out, "event %s_%s = %s_all where ((", prefix,
                       is_repeats ? "worth" : "events", prefix);
    fit_words_append(words, &f->amount, out);
    text_append(out, ") is not missing)\n");
    if (is_repeats)
        text_append_format(
            out, "event %s_events = %s_worth where (time%s > first %s_worth.time%s)\n",
            prefix, prefix, part, prefix, part);
}

/* `is_fitted`: only of people who are new since "from". */
static void append_events(const config_fit *f, const char *prefix, bool is_fitted,
                          fit_words *words, text *out)
{
    const char *name = f->rows == FIT_TIMES ? "events" : "all";
    bool is_since = is_fitted && f->from.text;
    text_append_format(out, "event %s_%s = ", prefix, is_since ? "seen" : name);
    fit_words_append(words, &f->events, out);
    if (is_since) {
        text_append_format(out,
                           "\nevent %s_%s = %s_seen where (first %s_seen at or after ",
                           prefix, name, prefix, prefix);
        fit_words_append(words, &f->from, out);
        text_append_char(out, ')');
    }
    text_append_char(out, '\n');
    if (f->rows == FIT_PERIODS)
        append_whole_periods(f, prefix, out);
    if (f->rows == FIT_VALUES)
        append_worth(f, prefix, words, out);
}

void fit_rules_append_events(const config_fit *f, const char *prefix, text *out)
{
    append_events(f, prefix, false, NULL, out);
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

static void append_argument(const config_fit *f, const char *prefix, size_t column,
                            fit_words *words, text *out)
{
    if (column == 0) {
        append_count(f, prefix, out);
        text_append(out, f->rows == FIT_VALUES ? "" : " - 1");
    } else if (f->rows == FIT_TIMES) {
        append_of_times(prefix, column, out);
    } else if (f->rows == FIT_PERIODS) {
        append_of_periods(f, prefix, column, out);
    } else {
        text_append_format(out, "sum(%s_events.(", prefix);
        fit_words_append(words, &f->amount, out);
        text_append(out, ")) / ");
        append_count(f, prefix, out);
    }
}

void fit_rules_append_argument(const config_fit *f, const char *prefix, size_t column,
                               text *out)
{
    append_argument(f, prefix, column, NULL, out);
}

void fit_rules_append(const config_fit *f, const char *prefix, fit_words *words,
                      text *out)
{
    append_events(f, prefix, true, words, out);
    for (size_t i = 0; i < fit_rows_columns((fit_rows)f->rows); i++) {
        bool is_duration = f->rows == FIT_TIMES && i > 0;
        text_append_format(out, "score %s_%zu = %s", prefix, i + 1,
                           is_duration ? "(" : "");
        append_argument(f, prefix, i, words, out);
        text_append(out, is_duration ? ") / 1 week\n" : "\n");
    }
}
