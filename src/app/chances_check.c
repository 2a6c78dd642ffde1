/* SPDX-License-Identifier: MIT
 *
 * Is there something to learn, and does no feature know what is to be foretold?
 */
#include <math.h>
#include <string.h>

#include "app/chances.h"
#include "app/say.h"
#include "base/memory.h"

int chances_check_enough(const chances *c, const fit_examples *e, const char *key)
{
    size_t happened = fit_examples_positive(e), others = e->count - happened;
    if (happened >= CHANCES_FEWEST && others >= CHANCES_FEWEST)
        return EXIT_GOOD;
    say_error(
        "the fit \"%s\": of %zu people at the dates of \"%s\" the label holds for %zu, "
        "and %d of each kind are needed",
        c->fit->name.text, e->count, key, happened, CHANCES_FEWEST);
    say_hint(
        "Take more dates, a longer time in \"label\", or other people in \"among\".");
    return EXIT_FAULT;
}

static bool is_trusted(const chances *c, const char *feature)
{
    for (size_t i = 0; i < c->fit->trusted_count; i++)
        if (strcmp(c->fit->trusted[i].text, feature) == 0)
            return true;
    return false;
}

/* How well a feature alone tells the labels of some examples, whichever way, with what is missing first
 * or last. */
static double best_auc(const chances *c, size_t feature, size_t begin, size_t end)
{
    const fit_examples *e = c->learned;
    double best = 0.5;
    double *values = memory_alloc_array(end - begin + 1, sizeof *values);
    for (int is_last = 0; is_last < 2; is_last++) {
        for (size_t i = begin; i < end; i++) {
            double value = fit_examples_value(e, i, feature);
            values[i - begin] = isnan(value) ? (is_last ? -INFINITY : INFINITY) : value;
        }
        double auc = fit_auc(values, e->labels + begin, end - begin);
        best = fmax(best, fmax(auc, 1 - auc));
    }
    memory_free(values);
    return best;
}

/* Of few people a number may tell it by chance. */
static bool are_enough(const chances *c, size_t begin, size_t end)
{
    size_t happened = 0;
    for (size_t i = begin; i < end; i++)
        happened += c->learned->labels[i];
    return happened >= CHANCES_FEWEST && end - begin - happened >= CHANCES_FEWEST;
}

/* Nothing that was known before tells so well what people will do. */
#define TOO_GOOD 0.95

/* What came about later knows one date, and not the others, so each is looked at. */
static int check_date(const chances *c, size_t feature, size_t date)
{
    size_t begin = date > 0 ? c->learned_ends[date - 1] : 0, end = c->learned_ends[date];
    const char *name = c->fit->features[feature].name.text;
    double auc = are_enough(c, begin, end) ? best_auc(c, feature, begin, end) : 0.5;
    if (auc < TOO_GOOD)
        return EXIT_GOOD;
    say_error(
        "the feature \"%s\" of \"%s\" tells the label of %s nearly without fail (AUC "
        "%.3f): it seems to contain it",
        name, c->fit->name.text, c->fit->train[date].text, auc);
    say_hint("What a source without times says is known since ever, also what came about "
             "later. If it is right, write \"trusted: [%s]\".",
             name);
    return EXIT_FAULT;
}

int chances_check_leaks(const chances *c)
{
    int code = EXIT_GOOD;
    for (size_t i = 0; i < c->fit->feature_count; i++)
        for (size_t k = 0; code == EXIT_GOOD && k < c->fit->train_count; k++)
            if (!is_trusted(c, c->fit->features[i].name.text))
                code = check_date(c, i, k);
    return code;
}

void chances_note_constants(const chances *c)
{
    for (size_t i = 0; !c->line->quiet && i < c->fit->feature_count; i++)
        if (fit_examples_are_alike(c->learned, i))
            say_note("the feature \"%s\" of \"%s\" is the same for all, so that it says "
                     "nothing",
                     c->fit->features[i].name.text, c->fit->name.text);
}
