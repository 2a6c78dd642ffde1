/* SPDX-License-Identifier: MIT
 *
 * aside -- a piece of work that another thread does meanwhile.
 *
 *     aside *index = aside_begin(make_index, dictionary);
 *     read_files(...);
 *     aside_end(index);
 */
#ifndef BASE_ASIDE_H
#define BASE_ASIDE_H

typedef struct aside aside;

/* NULL when no thread can be had: nothing is done then. */
aside *aside_begin(void (*work)(void *context), void *context);

/* Wait until it is done; accepts NULL. */
void aside_end(aside *a);

#endif
