/* SPDX-License-Identifier: MIT
 *
 * score -- reading the values of a score, and how they are spread over everyone.
 *
 *     distribution d = score_distribution(score);
 *     if (d.count > 0 && score_is_numeric(score))
 *         ... d.average, d.quantiles[QUANTILE_50] ...
 */
#ifndef EXEC_SCORE_H
#define EXEC_SCORE_H

#include "exec/run.h"

/* Does the person, by number, have a value? */
bool score_has(const run_score *s, size_t person);

/* A value as a number: of DECIMAL and NUMBER itself, of DURATION in seconds, of BOOL 0 or
 * 1, of TIME and DATE what they are stored as. Only of a person who has one, and not of
 * texts. */
double score_number(const run_score *s, size_t person);

/* The same without a loss, of DATE and of DECIMAL with scale 0. */
int64_t score_whole(const run_score *s, size_t person);

/* The text of a STRING or PERSON; only of a person who has one. */
slice score_text(const run_score *s, size_t person);

/* Append a value as it stands in files: all digits of an exact number, "true", an instant
 * in UTC, a date, "1 day 2 hours"; nothing for a missing value. */
void score_append(const run_score *s, size_t person, text *out);

/* The places p of [0, 1] at which quantiles are told: as the language has them, the value
 * at p of the way from the first to the last of the sorted values, on a straight line
 * between the two beside it (R's type 7). */
enum { QUANTILE_05, QUANTILE_25, QUANTILE_50, QUANTILE_75, QUANTILE_95, QUANTILE_COUNT };

/* A text or truth value and how many people have it. */
typedef struct frequent_value {
    uint64_t value; /* the code of a text; 0 or 1 of a truth value */
    size_t count;
} frequent_value;

#define MOST_FREQUENT_VALUES 10

typedef struct distribution {
    size_t count, missing_count; /* people with and without a value */
    /* Of DECIMAL, NUMBER and DURATION (in seconds): */
    double lowest, highest, average, quantiles[QUANTILE_COUNT];
    /* Of TIME and DATE: who has the earliest and the latest value. */
    size_t earliest_person, latest_person;
    /* Of BOOL, STRING and PERSON: the values met most often; of equals, the smaller text. */
    frequent_value frequent[MOST_FREQUENT_VALUES];
    size_t frequent_count, distinct_count;
} distribution;

/* Has the type an average: DECIMAL, NUMBER or DURATION? Is it TIME or DATE? */
bool score_is_numeric(const run_score *s);
bool score_is_moment(const run_score *s);

/* Everything that is not of the score's type is 0. */
distribution score_distribution(const run_score *s);

#endif
