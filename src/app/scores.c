/* SPDX-License-Identifier: MIT
 *
 * Scores as a table and as JSON.
 */
#include "app/scores.h"

#include "exec/score.h"

/* ---- the table ------------------------------------------------------------------- */

static void add_score(table *t, const run_score *score)
{
    char buffer[28];
    distribution d = score_distribution(score);
    table_cell(t, score->name);
    table_cell(t, score->title != NULL ? score->title : "");
    table_cell(t, format_count(d.count, buffer));
    if (d.count > 0 && type_is_numeric(score->type)) {
        table_cell_format(t, "%.6g", d.lowest);
        table_cell_format(t, "%.6g", d.average);
        table_cell_format(t, "%.6g", d.highest);
    } else {
        table_cell(t, "");
        table_cell(t, "");
        table_cell(t, "");
    }
}

table *scores_table(const run_result *r)
{
    if (r->score_count == 0)
        return NULL;
    table *t = table_new();
    table_column(t, "score", TABLE_LEFT);
    table_column(t, "", TABLE_LEFT);
    table_column(t, "people", TABLE_RIGHT);
    table_column(t, "lowest", TABLE_RIGHT);
    table_column(t, "average", TABLE_RIGHT);
    table_column(t, "highest", TABLE_RIGHT);
    for (size_t i = 0; i < r->score_count; i++)
        add_score(t, &r->scores[i]);
    return t;
}

/* ---- JSON ------------------------------------------------------------------------ */

/* A value as a text, but an exact number as one. */
void scores_write_value(json_writer *w, const run_score *score, size_t person)
{
    if (!score_has(score, person)) {
        json_null(w);
        return;
    }
    if (score->type.kind == TYPE_BOOL) {
        json_bool(w, score_number(score, person) != 0);
        return;
    }
    text value;
    text_init(&value);
    score_append(score, person, &value);
    if (type_is_numeric(score->type))
        json_digits(w, value.data);
    else
        json_text(w, (slice){value.data, value.size});
    text_done(&value);
}

static void write_number(json_writer *w, const char *key, double value)
{
    json_key(w, key);
    json_number(w, value);
}

static void write_numbers(json_writer *w, const distribution *d)
{
    static const char *const names[QUANTILE_COUNT] = {"0.05", "0.25", "0.5", "0.75",
                                                      "0.95"};
    write_number(w, "lowest", d->lowest);
    write_number(w, "average", d->average);
    write_number(w, "highest", d->highest);
    json_key(w, "quantiles");
    json_object_begin(w);
    for (size_t q = 0; q < QUANTILE_COUNT; q++)
        write_number(w, names[q], d->quantiles[q]);
    json_object_end(w);
}

static void write_moments(json_writer *w, const run_score *score, const distribution *d)
{
    json_key(w, "lowest");
    scores_write_value(w, score, d->earliest_person);
    json_key(w, "highest");
    scores_write_value(w, score, d->latest_person);
}

static void write_frequent(json_writer *w, const run_score *score,
                           const frequent_value *frequent)
{
    json_object_begin(w);
    json_key(w, "value");
    if (score->type.kind == TYPE_BOOL)
        json_bool(w, frequent->value != 0);
    else
        json_text(w, dictionary_text(score->texts, (uint32_t)frequent->value));
    json_key(w, "count");
    json_int(w, (int64_t)frequent->count);
    json_object_end(w);
}

static void write_values(json_writer *w, const run_score *score, const distribution *d)
{
    json_key(w, "distinct");
    json_int(w, (int64_t)d->distinct_count);
    json_key(w, "most_frequent");
    json_array_begin(w);
    for (size_t i = 0; i < d->frequent_count; i++)
        write_frequent(w, score, &d->frequent[i]);
    json_array_end(w);
}

static void write_score(json_writer *w, const run_score *score)
{
    distribution d = score_distribution(score);
    json_object_begin(w);
    json_key(w, "name");
    json_string(w, score->name);
    json_key(w, "title");
    json_string(w, score->title);
    json_key(w, "type");
    json_string(w, type_kind_name(score->type.kind));
    json_key(w, "of");
    json_string(w, score->population->many);
    json_key(w, "count");
    json_int(w, (int64_t)d.count);
    json_key(w, "missing");
    json_int(w, (int64_t)d.missing_count);
    if (d.count > 0 && score_is_numeric(score))
        write_numbers(w, &d);
    else if (d.count > 0 && score_is_moment(score))
        write_moments(w, score, &d);
    else if (d.count > 0)
        write_values(w, score, &d);
    json_object_end(w);
}

void scores_write(json_writer *w, const run_result *r)
{
    json_key(w, "scores");
    json_array_begin(w);
    for (size_t i = 0; i < r->score_count; i++)
        write_score(w, &r->scores[i]);
    json_array_end(w);
}
