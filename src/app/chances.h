/* SPDX-License-Identifier: MIT
 *
 * chances -- a fit of chances at work: what people were at past dates, and what they did after.
 */
#ifndef APP_CHANCES_H
#define APP_CHANCES_H

#include "app/session.h"
#include "fit/chances.h"
#include "fit/uplift.h"

/* To learn from people or to test with them, so many are needed for whom the label holds, and of others. */
enum { CHANCES_FEWEST = 10 };

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
    fitted_uplift found_uplift; /* of an uplift, in place of `found` but for the kinds */
} chances;

/* chances.c: all of it. Returns the exit code. */
int chances_fit(const command_line *line, const config_fit *fit);

/* chances_judge.c: make examples of a date: features as of `at`, the label of the time after. People who are held
 * back (of an uplift that is tested with other people) go to `held_back`, which may be NULL. Returns the exit code. */
int chances_judge(chances *c, int64_t at, fit_examples *out, fit_examples *held_back);

/* chances_check.c: do the people of a key show both, and does no feature contain the label? Returns the exit code. */
int chances_check_enough(const chances *c, const fit_examples *e, const char *key);
int chances_check_leaks(const chances *c);

/* chances_check.c: tell which features are the same for all who were learned from. */
void chances_note_constants(const chances *c);

/* chances_text.c: how good it is, and the weights in words; a chart. */
void chances_append(const chances *c, text *out);
int chances_write_chart(const chances *c, const char *path);

/* uplift.c: of a randomised test. Each returns the exit code. */
int uplift_check(chances *c);
int uplift_learn(chances *c);
int uplift_tell(chances *c);

/* uplift_text.c: what the treatment did, and for whom; the Qini curve. */
void uplift_append(const chances *c, text *out);
int uplift_write_chart(const chances *c, const char *path);

#endif
