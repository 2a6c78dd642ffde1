/* SPDX-License-Identifier: MIT
 *
 * A date of a fit: two runs. The first is as of the date and knows nothing of what comes after, so no feature
 * can look past it; the second is as of the end of the label's windows.
 */
#include <math.h>
#include <string.h>
#include <xxhash.h>

#include "app/chances.h"
#include "app/say.h"
#include "base/bitmap.h"
#include "base/memory.h"
#include "exec/score.h"

#define SECONDS_A_DAY 86400.0

/* Somebody who is judged at a date; ids of a run do not outlive the next. */
typedef struct person {
    char *id;
    size_t size;
    bool is_treated;
} person;

typedef struct date {
    person *people;
    double *values; /* person after person */
    size_t count;
} date;

static const run_score *find_score(const chances *c, const run_result *r,
                                   const char *feature)
{
    text name;
    const run_score *found = NULL;
    text_init(&name);
    text_append_format(&name, "%s_%s", c->prefix.data, feature);
    for (size_t i = 0; i < r->score_count; i++)
        if (strcmp(r->scores[i].name, name.data) == 0)
            found = &r->scores[i];
    text_done(&name);
    return found;
}

static const run_segment *find_segment(const chances *c, const run_result *r,
                                       const char *what)
{
    text name;
    const run_segment *found = NULL;
    text_init(&name);
    text_append_format(&name, "%s_%s", c->prefix.data, what);
    for (size_t i = 0; i < r->segment_count; i++)
        if (strcmp(r->segments[i].path, name.data) == 0)
            found = &r->segments[i];
    text_done(&name);
    return found;
}

/* engine_check_fit refuses what no number can be made of. */
static void take_kind(chances *c, size_t feature, const run_score *s)
{
    c->is_truth[feature] = s->type.kind == TYPE_BOOL;
    c->found.kinds[feature] = c->is_truth[feature]            ? FIT_TRUTH
                              : s->type.kind == TYPE_DURATION ? FIT_DURATION
                                                              : FIT_NUMBER;
}

static double value_of(const run_score *s, size_t number)
{
    double value = score_has(s, number) ? score_number(s, number) : NAN;
    return s->type.kind == TYPE_DURATION ? value / SECONDS_A_DAY : value;
}

/* Squares of larger ones have no sums. */
#define LARGEST 1e100

static bool check_value(const chances *c, size_t feature, double value)
{
    if (isnan(value) || fabs(value) <= LARGEST)
        return true;
    say_error("the feature \"%s\" of \"%s\" is %g for somebody: nothing is learned from "
              "numbers "
              "beyond %g",
              c->fit->features[feature].name.text, c->fit->name.text, value, LARGEST);
    say_hint("Take another measure of it, or leave such rows out.");
    return false;
}

static bool take_people(chances *c, const run_result *r, date *out)
{
    size_t features = c->fit->feature_count;
    const run_score *scores[FIT_MOST_FEATURES];
    const run_segment *among = find_segment(c, r, "among");
    const run_segment *treatment = find_segment(c, r, "treatment");
    for (size_t i = 0; i < features; i++) {
        scores[i] = find_score(c, r, c->fit->features[i].name.text);
        take_kind(c, i, scores[i]);
    }
    out->people = memory_alloc_array(r->people.count + 1, sizeof *out->people);
    out->values = memory_alloc_array(r->people.count * features + 1, sizeof *out->values);
    for (size_t i = 0; i < r->people.count; i++) {
        uint32_t number = r->people.order[i];
        if (!bitmap_get(among->members, number))
            continue;
        slice id = dictionary_text(r->people.ids, number);
        out->people[out->count] =
            (person){memory_copy_text(id.data, id.size), id.size,
                     treatment && bitmap_get(treatment->members, number)};
        double *values = out->values + out->count++ * features;
        for (size_t k = 0; k < features; k++) {
            values[k] = value_of(scores[k], number);
            if (!check_value(c, k, values[k]))
                return false;
        }
    }
    return true;
}

/* Always the same people of one fit, at whatever dates: by a hash of their ids, as splits have it. */
static bool is_held_back(const chances *c, slice id)
{
    const char *name = c->fit->name.text;
    uint64_t place = XXH64(id.data, id.size, XXH64(name, strlen(name), 0)) >> 11;
    return (double)place * 0x1p-53 < c->fit->held_back;
}

static void take_labels(const chances *c, const run_result *later, const date *d,
                        fit_examples *out, fit_examples *held_back)
{
    const run_segment *label = find_segment(c, later, "label");
    for (size_t i = 0; i < d->count; i++) {
        slice id = {d->people[i].id, d->people[i].size};
        uint32_t number = run_population_find(&later->people, id);
        bool holds = number != DICTIONARY_NONE && bitmap_get(label->members, number);
        fit_examples *to = held_back && is_held_back(c, id) ? held_back : out;
        fit_examples_add(to, d->values + i * c->fit->feature_count, holds);
        if (c->fit->treatment.text)
            fit_examples_mark(to, d->people[i].is_treated);
    }
}

static void free_date(date *d)
{
    for (size_t i = 0; i < d->count; i++)
        memory_free(d->people[i].id);
    memory_free(d->people);
    memory_free(d->values);
}

int chances_judge(chances *c, int64_t at, fit_examples *out, fit_examples *held_back)
{
    carpel_error err;
    date d = {.count = 0};
    size_t threads = c->line->threads;
    run_result *then = engine_run(c->session->engine, at, threads, NULL, &err);
    if (!then)
        return say_failure(&err);
    bool is_taken = take_people(c, then, &d);
    run_result_free(then);
    int code = is_taken ? EXIT_GOOD : EXIT_FAULT;
    if (is_taken) {
        run_result *later =
            engine_run(c->session->engine, at + c->ahead, threads, NULL, &err);
        code = later ? EXIT_GOOD : say_failure(&err);
        if (later)
            take_labels(c, later, &d, out, held_back);
        run_result_free(later);
    }
    free_date(&d);
    return code;
}
