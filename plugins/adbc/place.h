/* SPDX-License-Identifier: MIT
 *
 * place -- which database a cursor is of, as eight digits, without secrets: of the address what is
 * before the parameters, and without user and password; of the options those that say where it is. A
 * new password changes nothing.
 */
#ifndef ADBC_PLACE_H
#define ADBC_PLACE_H

#include "adbc/session.h"

enum { PLACE_SIZE = 9 };

void place_write(const session_options *options, char out[PLACE_SIZE]);

/* What stands in a cursor behind its place. Fails when it is of another database. */
bool place_take(const session_options *options, const char *cursor, const char **out,
                carpel_error *err);

#endif
