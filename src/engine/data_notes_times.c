/* SPDX-License-Identifier: MIT
 *
 * Times that cannot be meant.
 */
#include <string.h>

#include "engine/looker.h"
#include "value/value.h"

#define END_OF_JANUARY (31 * MICROSECONDS_PER_DAY) /* of 1970 */

static bool is_years_ahead(const looker *l, int64_t time)
{
    const int64_t two_years = 730 * MICROSECONDS_PER_DAY;
    return time > l->now && time - l->now > two_years;
}

/* A few events years after all that is judged: a year was misspelt. */
static void note_future(looker *l, const event_kind *kind, const event_table *t,
                        size_t rows)
{
    size_t later = 0, latest = 0;
    for (size_t i = 0; i < rows; i++)
        if (is_years_ahead(l, event_table_time(t, i))) {
            later++;
            latest = event_table_time(t, i) > event_table_time(t, latest) ? i : latest;
        }
    if (later > 3 && later * 100 > t->row_count)
        return;
    text date;
    text_init(&date);
    value_append_date(zone_date(l->engine->zone, event_table_time(t, latest)), &date);
    looker_say(
        l, NOTE_FUTURE, kind->name,
        "%zu \"%s\" %s years ahead, as late as %s: such an event counts only once its "
        "time has come",
        later, kind->name, later == 1 ? "lies" : "lie", date.data);
    text_done(&date);
}

/* Seconds that were read as milliseconds: some events in January 1970, and others later. */
static void note_1970(looker *l, const event_kind *kind, const event_table *t,
                      size_t rows)
{
    size_t early = 0;
    for (size_t i = 0; i < rows; i++)
        early += event_table_time(t, i) >= 0 && event_table_time(t, i) < END_OF_JANUARY;
    if (early > 0 && l->engine->store->last_time >= END_OF_JANUARY)
        looker_say(
            l, NOTE_BEGINNING, kind->name,
            "%zu of %zu \"%s\" %s in January 1970: numbers of seconds in a column of "
            "milliseconds; format: [unix, unix_ms] reads both",
            early, rows, kind->name, early == 1 ? "lies" : "lie");
}

/* Most data have neither, which the first and the last time of all events tell. */
static bool are_some_odd(const looker *l)
{
    const store *data = l->engine->store;
    return is_years_ahead(l, data->last_time) || data->first_time < END_OF_JANUARY;
}

void notes_on_times(looker *l, const event_kind *kind, const event_table *t)
{
    event_table looked_at = *t;
    if (!are_some_odd(l))
        return;
    if (t->row_count > MOST_LOOKED_AT)
        looked_at.row_count = MOST_LOOKED_AT;
    int64_t first, last;
    if (!event_table_span(&looked_at, &first, &last))
        return;
    if (is_years_ahead(l, last))
        note_future(l, kind, t, looked_at.row_count);
    if (first < END_OF_JANUARY)
        note_1970(l, kind, t, looked_at.row_count);
}

static bool has_day_and_month(const config_source *source)
{
    const char *format = source->time.format.text;
    return format != NULL && strstr(format, "%d") != NULL && strstr(format, "%m") != NULL;
}

/* No day above 12 in months enough: the numbers of days and months changed places. */
void notes_on_days(looker *l)
{
    enum { FEWEST_ROWS = 5, FEWEST_MONTHS = 3 };
    const project *p = l->engine->project;
    const store *data = l->engine->store;
    const char *format = NULL;
    size_t rows = 0, months = 0;
    unsigned seen = 0;
    for (size_t i = 0; i < p->source_count && !format; i++)
        if (has_day_and_month(&p->sources[i]))
            format = p->sources[i].time.format.text;
    for (size_t k = 0; format && k < data->schema->kind_count; k++)
        for (size_t i = 0; i < data->kinds[k].row_count && i < MOST_LOOKED_AT; i++) {
            int64_t year;
            unsigned month, day;
            date_to_civil(
                zone_date(l->engine->zone, event_table_time(&data->kinds[k], i)), &year,
                &month, &day);
            if (day > 12)
                return;
            months += (seen >> month & 1) == 0;
            seen |= 1u << month;
            rows++;
        }
    if (rows >= FEWEST_ROWS && months >= FEWEST_MONTHS)
        looker_say(
            l, NOTE_SWAPPED, "",
            "no event is of a day above 12: did the day and the month change places in "
            "\"%s\"?",
            format);
}
