/* SPDX-License-Identifier: MIT
 *
 * shared -- databases that are open, each of which sessions with the same options share, and files that were made by
 * opening them: one in which nothing was committed is removed by the last to leave.
 *
 *     if (!shared_join(s)) { s->new_file = shared_new_file(s); ... open it ...; shared_add(s); }
 *     shared_keep_file(s);                                   // something is committed
 *     if (shared_leave(s)) { ... close it ...; shared_remove_file(s); }
 */
#ifndef ADBC_SHARED_H
#define ADBC_SHARED_H

#include "adbc/session.h"

/* Use the database of another session; false: there is none. */
bool shared_join(session *s);
void shared_add(session *s);

/* Does the database end with this session? Then s->new_file is the file that is not kept. */
bool shared_leave(session *s);

/* The file that a driver for files makes when it opens the database, since it is not there; NULL: it is there, or no
 * option names one. */
char *shared_new_file(const session *s);

/* Refuse a file that is a pipe, a directory or a device. */
bool shared_check_file(session *s, carpel_error *err);

void shared_keep_file(session *s);
void shared_remove_file(session *s);

#endif
