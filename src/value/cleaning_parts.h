/* SPDX-License-Identifier: MIT
 *
 * cleaning_parts -- the steps of cleaning.def as functions from text to text. What they make is appended
 * to `out`, which is empty; it is looked at only after CLEAN_CHANGED.
 */
#ifndef VALUE_CLEANING_PARTS_H
#define VALUE_CLEANING_PARTS_H

#include "value/cleaning.h"

typedef enum clean_result {
    CLEAN_SAME,
    CLEAN_CHANGED,
    CLEAN_NOTHING, /* the value is missing */
    CLEAN_REFUSED  /* `job->refusal` says why */
} clean_result;

typedef struct clean_job {
    const clean_setting *setting;
    const cleaning *all; /* the settings of all steps */
    unsigned scale;
    clean_work *work;
    const char *refusal;
} clean_job;

typedef clean_result clean_function(clean_job *job, slice in, text *out);

clean_function clean_unicode, clean_trim, clean_replace, clean_missing, clean_case,
    clean_whole, clean_true, clean_false; /* clean_texts.c */
clean_function clean_thousands, clean_decimal, clean_unit,
    clean_round; /* clean_numbers.c */

#endif
