/* SPDX-License-Identifier: MIT
 *
 * pattern -- regular expressions (PCRE2, UTF-8), compiled once, with limits.
 *
 * A pattern is immutable and shared by threads; matching memory is made per call from a
 * pattern_scratch that each thread owns.
 */
#ifndef BASE_PATTERN_H
#define BASE_PATTERN_H

#include <stddef.h>

#include "base/text.h"

typedef struct pattern pattern;
typedef struct pattern_scratch pattern_scratch;

typedef enum pattern_result {
    PATTERN_NO,
    PATTERN_YES,
    PATTERN_LIMIT /* the match was given up: too many steps, too deep, too much memory */
} pattern_result;

/* Compile; on failure NULL, a reason in `reason` and the byte where it went wrong. */
pattern *pattern_new(slice expression, char *reason, size_t reason_size, size_t *offset);
void pattern_free(pattern *p);

pattern_scratch *pattern_scratch_new(void);
void pattern_scratch_free(pattern_scratch *s);

/* Does the pattern occur anywhere in `subject`? Bytes that are not UTF-8 match nothing. */
pattern_result pattern_match(const pattern *p, slice subject, pattern_scratch *scratch);

/* Append `subject` with each place where the pattern occurs replaced: $1 in `replacement` is what its
 * first group fits, $0 all of it, $$ a dollar sign. Nothing is appended unless it occurs. */
pattern_result pattern_replace(const pattern *p, slice subject, slice replacement,
                               pattern_scratch *scratch, text *out);

/* Can the replacement be used with the pattern? Else a reason. */
bool pattern_accepts(const pattern *p, slice replacement, const char **reason);

#endif
