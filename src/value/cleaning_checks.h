/* SPDX-License-Identifier: MIT
 *
 * cleaning_checks -- steps of a cleaning that contradict one another.
 */
#ifndef VALUE_CLEANING_CHECKS_H
#define VALUE_CLEANING_CHECKS_H

#include "value/cleaning.h"

/* Is the decimal sign also one between thousands? */
bool cleaning_has_one_sign(const cleaning *c);

/* A word that stands for true and for false, or NULL. */
const char *cleaning_find_both(const cleaning *c);

#endif
