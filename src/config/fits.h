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
    FIT_CHANCES /* features, and whether something happened after; not of a person, but of
                    a person at a date */
} fit_rows;

/* The model of FIT_CHANCES. */
#define FIT_PROPENSITY "propensity"

/* Read the mapping (NULL: not given) into the project. */
void fits_read(const reader *r, const yaml_node *node);

#endif
