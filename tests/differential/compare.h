/* SPDX-License-Identifier: MIT
 *
 * compare -- engine and reference on one world: do they agree on every person?
 */
#ifndef TESTS_DIFFERENTIAL_COMPARE_H
#define TESTS_DIFFERENTIAL_COMPARE_H

#include "base/text.h"
#include "differential/rules.h"

/* Where they differ, in words: "segment_3, ann: the engine (3 threads, blocks of 1) says
 * in, the reference out". */
typedef struct difference {
    const char *declaration; /* its name */
    text words;
    bool gave_up; /* the reference did: what it said meant nothing */
} difference;

#define EVERY_WAY SIZE_MAX

/* Judge everyone by all rules and by the reference. The rules are judged twice: with one
 * thread in blocks of 4,096 people, and in the way of this number, whatever it is: with
 * more threads, in smaller blocks, with data that end at now, each person alone, while others
 * judge over the same store (askers.h), or from a store that came about in many loads
 * (support/loaded.h); or in EVERY_WAY.
 * `only` (or NULL) is the declaration to look at. False with *out filled when they differ
 * somewhere. */
bool engine_agrees(const world *w, const world_rules *rules, int64_t now,
                   const char *only, size_t other_way, difference *out);

/* A number whose way is that of many loads; another number, other loads. */
size_t way_of_loads(size_t number);

/* The same in every way for rules that are not compiled yet; rules that are refused
 * agree. */
bool book_agrees(const world *w, const book *b, int64_t now, const char *only,
                 difference *out);

#endif
