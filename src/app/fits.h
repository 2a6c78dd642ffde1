/* SPDX-License-Identifier: MIT
 *
 * fits -- fitting one model of the project: its people, what is found, and how that does later.
 */
#ifndef APP_FITS_H
#define APP_FITS_H

#include "app/session.h"
#include "fit/fitted.h"
#include "fit/likelihood.h"
#include "report/table.h"

enum { FIT_BINS = 8 }; /* 0 to 6, and 7 and more */

/* A fit at work. */
typedef struct fitting {
    const command_line *line;
    session *session;
    const config_fit *fit;
    const fit_model *model;
    text prefix, to, from, rules; /* of the names of its rules; and what is told */
    int64_t to_at, test_at;
    fit_histories *histories;
    const run_score *scores[FIT_MOST_COLUMNS];
    fit_likelihood *likelihood;
    fitted found;
} fitting;

/* The numbers of a person in the scores of a run; false: some are missing, or say nothing. */
bool fitting_numbers(const fitting *f, const run_score *const *scores, size_t person,
                     double *out);

/* Find the scores of the fit in a run. */
void fitting_find_scores(const fitting *f, const run_result *r, const run_score **scores);

/* How people came after the window, by how often they had come in it. */
typedef struct held_back {
    size_t people[FIT_BINS];
    double in_fact[FIT_BINS], expected[FIT_BINS]; /* sums */
    double ahead;
} held_back;

/* fit_held_back.c: judge at `test_at`, and compare. Returns the exit code. */
int fitting_hold_back(fitting *f, held_back *out);
void held_back_append(const held_back *h, const fitting *f, text *out);
int held_back_write_chart(const held_back *h, const fitting *f, const char *path);

/* ---- what all fits do alike (fit.c) ---------------------------------------------- */

void fit_append_table(table *t, text *out); /* releases it */

/* Judge only the rules of these names behind the prefix, and append a digest of what they mean. Returns the exit
 * code. */
int fit_select(const session *s, const char *prefix, const char *const *names,
               size_t count, text *hash);

/* ---- and with their files (fit_file.c) ----------------------------------------- */

/* The day of now, in the project's zone. */
void fit_append_today(const session *s, text *out);

/* Is there something else where the file of a fit is to be? Returns the exit code. */
int fit_check_place(const session *s, const command_line *line, const config_fit *fit);

/* Put the file of a fit in place. Returns the exit code. */
int fit_write_file(const session *s, const command_line *line, const config_fit *fit,
                   const text *file);

#endif
