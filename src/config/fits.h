/* SPDX-License-Identifier: MIT
 *
 * fits -- what `fits:` of the project file says: which model is fitted to which events.
 *
 *     fits:
 *       buying: {model: bg_nbd, events: purchase, to: 2026-07-01}
 */
#ifndef CONFIG_FITS_H
#define CONFIG_FITS_H

#include "config/reader.h"

/* What a model knows of a person, in the order of its functions' arguments. */
typedef enum fit_rows {
    FIT_TIMES,   /* x orders after the first, t_x until the last, T until now, in weeks */
    FIT_PERIODS, /* x periods with one after the first, t_x of the last, n in all */
    FIT_VALUES,  /* x orders, worth m on average */
    FIT_CHANCES, /* features, and whether something happened after; not of a person, but of
                    a person at a date */
    FIT_UPLIFTS  /* the same, and whether somebody was treated */
} fit_rows;

/* The models of FIT_CHANCES and FIT_UPLIFTS. */
#define FIT_PROPENSITY "propensity"
#define FIT_UPLIFT     "uplift"
#define FIT_TREES      "trees" /* of FIT_CHANCES, too */

/* The words of "method". */
#define FIT_METHOD_TWO_MODELS  "two_models"
#define FIT_METHOD_TRANSFORMED "transformed_outcome"

/* Is it learned as of dates, and tested as of others? */
bool fit_rows_have_dates(int rows);

/* Read the mapping (NULL: not given) into the project. */
void fits_read(const reader *r, const yaml_node *node);

#endif
