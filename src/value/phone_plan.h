/* SPDX-License-Identifier: MIT
 *
 * phone_plan -- phone numbers as they are written inside one country (phone_countries.def), as digits that begin
 * with the code of a country.
 *
 *     phone_plan *p = phone_plan_new("DE");                  // NULL: there is no such country
 *     if (phone_plan_append(p, slice_of("0151 23456789"), &out)) ...      4915123456789
 *     phone_plan_free(p);
 *
 * A number that cannot be one of the country has none, nor one with letters or an extension. A plan is for one thread.
 */
#ifndef VALUE_PHONE_PLAN_H
#define VALUE_PHONE_PLAN_H

#include "base/text.h"

typedef struct phone_plan phone_plan;

phone_plan *phone_plan_new(const char *country);
void phone_plan_free(phone_plan *p); /* accepts NULL */

/* Append the number of these digits, which somebody in the country dials; false: they are none. */
bool phone_plan_append(phone_plan *p, slice digits, text *out);

/* The country as the table has it, also of small letters; NULL: it has none. */
const char *phone_country_find(const char *name);

#endif
