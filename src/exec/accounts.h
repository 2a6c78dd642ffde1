/* SPDX-License-Identifier: MIT
 *
 * accounts -- the histories of accounts: those of their people together.
 *
 *     store *s = accounts_store(people, now, &tables);
 *     ... judge the accounts ...
 *     store_free(s);
 *
 * They are kept with the people's store (store/store_accounts.h): as long as nobody goes to
 * another account between two instants, both have the same, and only tables that nobody
 * asked for yet are gathered.
 */
#ifndef EXEC_ACCOUNTS_H
#define EXEC_ACCOUNTS_H

#include "graph/graph.h"
#include "store/store.h"

/* Which tables are looked at. */
typedef struct accounts_tables {
    bool *kinds, *traits; /* by number */
} accounts_tables;

/* Those that the rules of a graph look at; in memory of the arena. */
accounts_tables accounts_tables_of(const graph *g, arena *memory);

/* Group a store's people by the account that their trait names at `now`; who has none
 * is left out. Events and traits stand in the total order; a trait of an account is the
 * newest that any of its people has. The kind of users has a row for each person, whose
 * only column is the person's number. Tables that are not wanted may be empty. Dictionaries
 * stay those of `people`, which outlives it. Released with store_free(). */
store *accounts_store(const store *people, int64_t now, const accounts_tables *wanted);

#endif
