/* SPDX-License-Identifier: MIT
 *
 * left_out -- the rows of a source that a part leaves out, since they are of people who are forgotten.
 */
#ifndef STORE_LEFT_OUT_H
#define STORE_LEFT_OUT_H

#include "store/store.h"

/* How many rows of the source brought something of the people whose number is DICTIONARY_NONE;
 * `numbers` by person. One row may have brought an event and traits. */
uint64_t left_out_count(const store *rows, const uint32_t *numbers);

#endif
