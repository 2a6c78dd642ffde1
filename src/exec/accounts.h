/* SPDX-License-Identifier: MIT
 *
 * accounts -- the histories of accounts: those of their people together.
 */
#ifndef EXEC_ACCOUNTS_H
#define EXEC_ACCOUNTS_H

#include "store/store.h"

/* Group a store's people by the account that their trait names at `now`; who has none
 * is left out. Events and traits stand in the total order; a trait of an account is the
 * newest that any of its people has. The kind of users has a row for each person, whose
 * only column is the person's number. Dictionaries stay those of `people`, which
 * outlives it. */
store *accounts_store(const store *people, int64_t now);

#endif
