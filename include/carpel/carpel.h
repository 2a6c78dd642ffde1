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
 * Instants are microseconds since 1970-01-01T00:00:00Z. One project is used from one
 * thread at a time; different projects are independent. Nothing is printed and no
 * signal is touched. When the machine has no memory left, the process ends.
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

/* "0.1.0". */
CARPEL_EXPORT const char *carpel_version(void);

/* Read and check the project in a folder. Never NULL; the caller closes it. */
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
CARPEL_EXPORT uint64_t carpel_refused_count(const carpel *c);

/* Judge everyone at an instant on `threads` threads (0: one a processor); after
 * carpel_load. The caller frees the result before it closes the project. NULL: *err
 * says why. */
CARPEL_EXPORT carpel_result *carpel_judge(carpel *c, int64_t as_of, size_t threads,
                                          carpel_error *err);
CARPEL_EXPORT void carpel_result_free(carpel_result *r); /* accepts NULL */

/* Segments and groups, in the order of the rules: "vip", "lifecycle.active". Indexes run
 * from 0 to below the count. */
CARPEL_EXPORT size_t carpel_segment_count(const carpel_result *r);
CARPEL_EXPORT const char *carpel_segment_name(const carpel_result *r, size_t index);
CARPEL_EXPORT size_t carpel_segment_size(const carpel_result *r, size_t index);

/* Is the person in? False too for an id that no source named. */
CARPEL_EXPORT bool carpel_segment_has(const carpel_result *r, size_t index,
                                      const char *person);

/* Everyone, sorted by id: number 0 to below the count. */
CARPEL_EXPORT size_t carpel_person_count(const carpel_result *r);
CARPEL_EXPORT const char *carpel_person_id(const carpel_result *r, size_t number);

#ifdef __cplusplus
}
#endif

#endif
