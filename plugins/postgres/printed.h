/* SPDX-License-Identifier: MIT
 *
 * printed -- values in binary form as PostgreSQL prints them, for messages.
 */
#ifndef POSTGRES_PRINTED_H
#define POSTGRES_PRINTED_H

#include <stddef.h>

#include "postgres/forms.h"

enum { PRINTED_SIZE = 160 };

/* Write a time in UTC, a time without a zone, a date, an interval, or a float or numeric that is no number.
 * The bytes are as the form says. */
void printed(binary_form form, const char *data, size_t size, char out[PRINTED_SIZE]);

#endif
