/* SPDX-License-Identifier: MIT
 *
 * What a model expected of the time after its data, against what came, by how often people had come
 * back before: a table and a chart.
 */
#include "app/chart_file.h"
#include "app/fits.h"
#include "app/say.h"
#include "base/memory.h"

#define MICROSECONDS_A_WEEK (7.0 * 24 * 3600 * 1e6)

/* Somebody of the fit; ids of a run do not outlive the next. */
typedef struct person {
    char *id;
    size_t size;
    double numbers[FIT_MOST_COLUMNS];
} person;

static person *list_people(const fitting *f, size_t *count)
{
    const run_population *p = &f->session->result->people;
    person *all = memory_alloc_array(p->count + 1, sizeof *all);
    *count = 0;
    for (size_t i = 0; i < p->count; i++) {
        person *next = &all[*count];
        if (!fitting_numbers(f, f->scores, p->order[i], next->numbers))
            continue;
        slice id = dictionary_text(p->ids, p->order[i]);
        next->id = memory_copy_text(id.data, id.size);
        next->size = id.size;
        ++*count;
    }
    return all;
}

static void add_person(held_back *h, const double *before, const double *later,
                       double expected)
{
    size_t bin = before[0] < FIT_BINS - 1 ? (size_t)before[0] : FIT_BINS - 1;
    h->people[bin]++;
    h->in_fact[bin] += later[0] - before[0];
    h->expected[bin] += expected;
}

/* How far the model looks ahead: weeks, or periods. */
static double ahead_of(const fitting *f, const double *before, const double *later)
{
    if (f->model->rows == FIT_PERIODS)
        return later[2] - before[2];
    return (double)(f->test_at - f->to_at) / MICROSECONDS_A_WEEK;
}

/* One after another: there are few kinds of people, and each call takes microseconds. */
static int compare(fitting *f, const run_result *later, const person *people,
                   size_t count, held_back *out)
{
    const run_score *scores[FIT_MOST_COLUMNS];
    fitting_find_scores(f, later, scores);
    for (size_t i = 0; i < count; i++) {
        double now[FIT_MOST_COLUMNS], expected;
        slice id = {people[i].id, people[i].size};
        uint32_t number = run_population_find(&later->people, id);
        if (number == DICTIONARY_NONE || !fitting_numbers(f, scores, number, now))
            continue;
        out->ahead = ahead_of(f, people[i].numbers, now);
        if (!fit_likelihood_expect(f->likelihood, f->found.parameters, out->ahead,
                                   people[i].numbers, &expected)) {
            say_error("%s", fit_likelihood_message(f->likelihood));
            return EXIT_FAULT;
        }
        add_person(out, people[i].numbers, now, expected);
    }
    return EXIT_GOOD;
}

int fitting_hold_back(fitting *f, held_back *out)
{
    carpel_error err;
    size_t count;
    *out = (held_back){.ahead = 0};
    person *people = list_people(f, &count);
    run_result *later =
        engine_run(f->session->engine, f->test_at, f->line->threads, NULL, &err);
    int code = later ? compare(f, later, people, count, out) : say_failure(&err);
    run_result_free(later);
    for (size_t i = 0; i < count; i++)
        memory_free(people[i].id);
    memory_free(people);
    return code;
}

/* ---- the table, and the chart ------------------------------------------------- */

/* "3", "7 and more" */
static void append_bin(size_t bin, text *out)
{
    text_append_format(out, "%zu%s", bin, bin == FIT_BINS - 1 ? " and more" : "");
}

static double average(double sum, size_t people)
{
    return people > 0 ? sum / (double)people : 0;
}

static void add_row(table *t, const char *name, size_t people, double in_fact,
                    double expected)
{
    char buffer[28];
    table_cell(t, name);
    table_cell(t, format_count(people, buffer));
    table_cell_format(t, "%.3f", average(in_fact, people));
    table_cell_format(t, "%.3f", average(expected, people));
}

static void add_bins(table *t, const held_back *h)
{
    size_t people = 0;
    double in_fact = 0, expected = 0;
    for (size_t i = 0; i < FIT_BINS; i++) {
        text name;
        text_init(&name);
        append_bin(i, &name);
        add_row(t, name.data, h->people[i], h->in_fact[i], h->expected[i]);
        people += h->people[i];
        in_fact += h->in_fact[i];
        expected += h->expected[i];
        text_done(&name);
    }
    table_rule(t);
    add_row(t, "all", people, in_fact, expected);
}

void held_back_append(const held_back *h, const fitting *f, text *out)
{
    table *t = table_new();
    table_column(t, "came back", TABLE_LEFT);
    table_column(t, "people", TABLE_RIGHT);
    table_column(t, "in fact", TABLE_RIGHT);
    table_column(t, "expected", TABLE_RIGHT);
    add_bins(t, h);
    text_append_format(
        out,
        "\nThe %.4g %s after that, which the model has not seen: how often "
        "each came, by how often before.\n\n",
        h->ahead, f->model->rows == FIT_PERIODS ? "periods" : "weeks");
    fit_append_table(t, out);
}

int held_back_write_chart(const held_back *h, const fitting *f, const char *path)
{
    static const char *const labels[FIT_BINS] = {"0", "1", "2", "3", "4", "5", "6", "7+"};
    chart_point points[FIT_BINS];
    double in_fact[FIT_BINS], expected[FIT_BINS];
    for (size_t i = 0; i < FIT_BINS; i++) {
        points[i] = (chart_point){labels[i], ""};
        in_fact[i] = average(h->in_fact[i], h->people[i]);
        expected[i] = average(h->expected[i], h->people[i]);
    }
    text below;
    text_init(&below);
    text_append_format(
        &below, "later orders a person, by how often they had come back before (%s)",
        f->model->name);
    chart *c = chart_new(f->fit->name.text, below.data, points, FIT_BINS);
    chart_digits(c, 1);
    chart_series(c, "in fact", in_fact);
    chart_series(c, "expected", expected);
    int code = chart_file_write(c, path);
    chart_free(c);
    text_done(&below);
    return code;
}
