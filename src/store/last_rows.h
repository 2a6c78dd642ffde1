/* SPDX-License-Identifier: MIT
 *
 * last_rows -- of the rows of a source, which is the last with its id: what a first reading finds out for a
 * second one.
 *
 *     last_rows *t = last_rows_new();
 *     for each row: last_rows_note(t, id, number);          // numbers rise
 *     for each row again: if (last_rows_is_last(t, id, number)) ...
 *     last_rows_free(t);
 */
#ifndef STORE_LAST_ROWS_H
#define STORE_LAST_ROWS_H

#include "store/taken_ids.h"

typedef struct last_rows last_rows;

last_rows *last_rows_new(void);
void last_rows_free(last_rows *t); /* accepts NULL */

void last_rows_note(last_rows *t, id_hash id, uint64_t number);
bool last_rows_is_last(const last_rows *t, id_hash id, uint64_t number);

#endif
