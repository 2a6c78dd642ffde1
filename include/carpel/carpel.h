/* SPDX-License-Identifier: MIT
 *
 * carpel/carpel.h -- judging segments from another program (link with -lcarpel).
 *
 *     carpel *c = carpel_open("shop");
 *     carpel_error err;
 *     if (!carpel_is_good(c))
 *         fputs(carpel_messages(c), stderr);
 *     else if (!carpel_load(c, &err))
 *         fprintf(stderr, "%s\n", err.message);
 *     else {
 *         carpel_result *r = carpel_judge(c, as_of, 0, &err);
 *         for (size_t i = 0; r && i < carpel_segment_count(r); i++)
 *             printf("%s %zu\n", carpel_segment_name(r, i), carpel_segment_size(r, i));
 *         carpel_result_free(r);
 *     }
 *     carpel_close(c);
 *
 * docs/embedding.md has a whole program. Instants are microseconds since
 * 1970-01-01T00:00:00Z. One project is used from one thread at a time (but for
 * carpel_cancel); different projects are independent. Nothing is printed, no output is
 * written, and no signal is touched. When the machine has no memory left, the process
 * ends.
 *
 * Segments, groups and scores are asked for by index, from 0 to below their count, in the
 * order of the rules: that of the files, and in each that of the declarations, first
 * everything about people, then everything "for each account". Texts live as long as what
 * they were asked of, and are UTF-8 ended by a NUL, unless they have a size.
 */
#ifndef CARPEL_CARPEL_H
#define CARPEL_CARPEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <carpel/error.h>

#if defined(__GNUC__) && !defined(CARPEL_EXPORT)
#define CARPEL_EXPORT __attribute__((visibility("default")))
#elif !defined(CARPEL_EXPORT)
#define CARPEL_EXPORT
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef struct carpel carpel;
typedef struct carpel_result carpel_result;

/* What is found under no such name. */
#define CARPEL_NONE SIZE_MAX

/* "0.1.0". */
CARPEL_EXPORT const char *carpel_version(void);

/* ---- a project ---------------------------------------------------------- */

/* Read and check the project in a folder. Never NULL; the caller closes it. The plugins of
 * its sources have to be there; outputs are not opened, so theirs need not. */
CARPEL_EXPORT carpel *carpel_open(const char *directory);
CARPEL_EXPORT void carpel_close(carpel *c); /* accepts NULL */

/* Were the project and its rules without errors? */
CARPEL_EXPORT bool carpel_is_good(const carpel *c);

/* Errors and warnings as text with lines and carets; "" when there are none. Lives as
 * long as the project. */
CARPEL_EXPORT const char *carpel_messages(const carpel *c);

/* Read all sources, once; only when the project is good. Rows that do not fit are set
 * aside and counted. */
CARPEL_EXPORT bool carpel_load(carpel *c, carpel_error *err);

/* How many rows did not fit, and how many were skipped as the project says. */
CARPEL_EXPORT uint64_t carpel_refused_count(const carpel *c);
CARPEL_EXPORT uint64_t carpel_skipped_count(const carpel *c);

/* Why rows were refused: reason number `index`, the most frequent first. Texts live as
 * long as the project. */
typedef struct carpel_refusal {
    const char *reason; /* "cannot read \"abc\" as a decimal(2) ..." */
    uint64_t count;     /* rows */
    const char *file;   /* where the first of them stands */
    uint64_t line;
} carpel_refusal;

/* False when there are no more reasons; *out is then left alone. */
CARPEL_EXPORT bool carpel_refused_reason(const carpel *c, size_t index,
                                         carpel_refusal *out);

/* Ask the call that is under way to stop: carpel_load and carpel_judge then fail soon with
 * CARPEL_E_CANCELLED, as do all that follow until carpel_resume. For any thread and any
 * signal handler, between carpel_open and carpel_close. */
CARPEL_EXPORT void carpel_cancel(carpel *c);

/* Take that back; while no call is under way. A project whose loading was stopped stays
 * without data: close it and open it anew. */
CARPEL_EXPORT void carpel_resume(carpel *c);

/* ---- a judgement -------------------------------------------------------- */

/* Judge everyone at an instant on `threads` threads (0: one a processor); after
 * carpel_load. The caller frees the result before it closes the project. NULL: *err
 * says why. */
CARPEL_EXPORT carpel_result *carpel_judge(carpel *c, int64_t as_of, size_t threads,
                                          carpel_error *err);
CARPEL_EXPORT void carpel_result_free(carpel_result *r); /* accepts NULL */

/* Everyone whom a row names up to the instant of the judgement, sorted by the bytes of the
 * id: number 0 to below the count. `find` gives the number, or CARPEL_NONE for an id of
 * none of them. The same for accounts, which
 * there are when a rule asks for them. */
CARPEL_EXPORT size_t carpel_person_count(const carpel_result *r);
CARPEL_EXPORT const char *carpel_person_id(const carpel_result *r, size_t number);
CARPEL_EXPORT size_t carpel_person_find(const carpel_result *r, const char *id);
CARPEL_EXPORT size_t carpel_account_count(const carpel_result *r);
CARPEL_EXPORT const char *carpel_account_id(const carpel_result *r, size_t number);
CARPEL_EXPORT size_t carpel_account_find(const carpel_result *r, const char *id);

/* Segments and groups, in the order of the rules: "vip", "lifecycle.active". */
CARPEL_EXPORT size_t carpel_segment_count(const carpel_result *r);
CARPEL_EXPORT const char *carpel_segment_name(const carpel_result *r, size_t index);
CARPEL_EXPORT size_t carpel_segment_find(const carpel_result *r, const char *name);
CARPEL_EXPORT size_t carpel_segment_size(const carpel_result *r, size_t index);

/* Does it tell of accounts? Then ids are those of accounts. */
CARPEL_EXPORT bool carpel_segment_is_of_accounts(const carpel_result *r, size_t index);

/* Is the person in? False too for an id of nobody who was judged. */
CARPEL_EXPORT bool carpel_segment_has(const carpel_result *r, size_t index,
                                      const char *id);

/* Sets of groups and splits: "lifecycle". `carpel_group_of` is the name of the person's
 * group, "active"; NULL when the person is in none, or the id unknown. */
CARPEL_EXPORT size_t carpel_groups_count(const carpel_result *r);
CARPEL_EXPORT const char *carpel_groups_name(const carpel_result *r, size_t index);
CARPEL_EXPORT size_t carpel_groups_find(const carpel_result *r, const char *name);
CARPEL_EXPORT bool carpel_groups_is_of_accounts(const carpel_result *r, size_t index);
CARPEL_EXPORT const char *carpel_group_of(const carpel_result *r, size_t index,
                                          const char *id);

/* ---- scores ------------------------------------------------------------- */

typedef enum carpel_value_type {
    CARPEL_VALUE_BOOL = 1,     /* `whole` 0 or 1 */
    CARPEL_VALUE_DECIMAL = 2,  /* `whole` / 10^scale, exact; whole numbers: scale 0 */
    CARPEL_VALUE_NUMBER = 3,   /* `number`, finite */
    CARPEL_VALUE_STRING = 4,   /* `text` with `size` */
    CARPEL_VALUE_TIME = 5,     /* `whole` microseconds since 1970-01-01T00:00:00Z */
    CARPEL_VALUE_DATE = 6,     /* `whole` days since 1970-01-01 */
    CARPEL_VALUE_DURATION = 7, /* `whole` microseconds */
    CARPEL_VALUE_PERSON = 8    /* `text` with `size`: the id of a person */
} carpel_value_type;

typedef struct carpel_value {
    carpel_value_type type;
    int64_t whole;
    unsigned scale;   /* DECIMAL: digits after the point, 0 to 18; else 0 */
    double number;    /* NUMBER; of DECIMAL the nearest double; of DURATION seconds; of
                         BOOL, TIME and DATE `whole`; of texts 0 */
    const char *text; /* STRING, PERSON: not ended by a NUL, lives as long as the result;
                         else NULL */
    size_t size;
} carpel_value;

CARPEL_EXPORT size_t carpel_score_count(const carpel_result *r);
CARPEL_EXPORT const char *carpel_score_name(const carpel_result *r, size_t index);
CARPEL_EXPORT size_t carpel_score_find(const carpel_result *r, const char *name);
CARPEL_EXPORT carpel_value_type carpel_score_type(const carpel_result *r, size_t index);
CARPEL_EXPORT bool carpel_score_is_of_accounts(const carpel_result *r, size_t index);

/* The value of a person's score. False, and *out is left alone, when the person has none
 * or nobody who was judged has the id. */
CARPEL_EXPORT bool carpel_score_value(const carpel_result *r, size_t index,
                                      const char *id, carpel_value *out);

#ifdef __cplusplus
}
#endif

#endif
