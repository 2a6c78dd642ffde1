/* SPDX-License-Identifier: MIT
 *
 * chances -- a fit of chances at work: what people were at past dates, and what they did after.
 */
#ifndef APP_CHANCES_H
#define APP_CHANCES_H

#include "app/session.h"
#include "fit/chances.h"

typedef struct chances {
    const command_line *line;
    session *session;
    const config_fit *fit;
    text prefix, label, hash; /* of names; as it is judged; of what the rules mean */
    int64_t ahead;            /* how far the label looks, in microseconds */
    int64_t *train, *test;    /* instants */
    bool is_truth[FIT_MOST_FEATURES];
    fit_examples *learned, *tested;
    size_t *learned_ends; /* by date of "train": behind its examples */
    fitted_chances found;
} chances;

/* chances.c: all of it. Returns the exit code. */
int chances_fit(const command_line *line, const config_fit *fit);

/* chances_judge.c: make examples of a date: features as of `at`, the label of the time after. Returns the exit
 * code. */
int chances_judge(chances *c, int64_t at, fit_examples *out);

/* chances_text.c: how good it is, and the weights in words; a chart. */
void chances_append(const chances *c, text *out);
int chances_write_chart(const chances *c, const char *path);

#endif
