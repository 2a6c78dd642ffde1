/* SPDX-License-Identifier: MIT
 *
 * subject -- of whom something is explained: a person, or an account with its people.
 *
 *     subject ann = subject_of_person(data, person, memory);
 *     if (subject_of_account(data, "acme", now, memory, &acme)) ...
 *     store *s = subject_store(&acme, now, NULL, 0);
 *
 * Its people are told with numbers of their own, from 0 on, in the order of the data. Of an account
 * these are all who were ever of it up to the instant, since an account is as old as its first
 * member; rows are those of who is of it then.
 */
#ifndef EXPLAIN_SUBJECT_H
#define EXPLAIN_SUBJECT_H

#include "base/arena.h"
#include "explain/person_store.h"

typedef struct subject {
    const store *data;
    const char *account;    /* its name; NULL: a person */
    const uint32_t *people; /* their numbers in the data */
    const bool *is_member;  /* is each of the account at the instant? */
    size_t count;
} subject;

subject subject_of_person(const store *data, size_t person, arena *memory);

/* False: nobody is of it at the instant. */
bool subject_of_account(const store *data, const char *name, int64_t as_of, arena *memory,
                        subject *out);

/* Their histories up to an instant, and what else might happen. */
store *subject_store(const subject *s, int64_t until, const imagined *more,
                     size_t more_count);

/* The same, told once for many stores. */
histories *subject_histories(const subject *s, int64_t until);

/* The first who is of it, behind the one that is given (SIZE_MAX: from the begin); or its `count`. */
size_t subject_next(const subject *s, size_t person);

/* A row of the table of an account, up to an instant, is which row of whom? By their own number, the
 * first row is 0. Of the kind of users it is the person alone. */
typedef struct subject_row {
    size_t person, row;
} subject_row;

/* Those of a whole table, in its order; in memory of the arena. */
const subject_row *subject_rows(const subject *s, bool is_trait, size_t table,
                                int64_t until, size_t *count, arena *memory);

#endif
