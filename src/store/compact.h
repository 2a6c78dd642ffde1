/* SPDX-License-Identifier: MIT
 *
 * compact -- several parts of a source become one, with the same rows in the same order.
 *
 * What is to be forgotten is gone after compact_store: rows, ids, texts that nobody else has.
 *
 * Parts are merged from one of them to the last, never a middle one alone, so that rows of one
 * file stay in the order of the loads that brought them.
 */
#ifndef STORE_COMPACT_H
#define STORE_COMPACT_H

#include "store/store_folder.h"

/* Merge the parts from number `first` on (0: all), of which there is one. Nothing is committed. */
bool compact_parts(store_folder *f, const schema *s, manifest_source *source,
                   size_t first, carpel_error *err);

/* Write the whole store anew, as one part a source, with those texts that rows have; who is forgotten is
 * left out, and keeps nothing but the number. All sources have this schema. `clean` is called for
 * the refused rows of each source (part_content), or NULL. *left_out_rows are the rows of sources of people who
 * were forgotten. Nothing is committed. */
typedef void clean_refused(void *context, text *refused);
bool compact_store(store_folder *f, const schema *s, clean_refused *clean, void *context,
                   uint64_t *left_out_rows, carpel_error *err);

/* Merge small parts when there are many: so few that a part is merged a few times in its life,
 * and reading has not many to look at. */
enum { COMPACT_MOST_PARTS = 12 };
bool compact_small_parts(store_folder *f, const schema *s, manifest_source *source,
                         carpel_error *err);

#endif
