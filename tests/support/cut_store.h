/* SPDX-License-Identifier: MIT
 *
 * cut_store -- a store as it would be if the data ended at an instant: its rows up to then,
 * and of its people those whom one of these names.
 *
 *     store *past = cut_store(s, instant);
 *     store_free(past);
 *
 * The dictionaries of texts are those of `s`, which outlives it. Kinds with lists are not
 * handled.
 */
#ifndef TESTS_CUT_STORE_H
#define TESTS_CUT_STORE_H

#include "store/store.h"

store *cut_store(const store *s, int64_t instant);

#endif
