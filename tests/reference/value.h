/* SPDX-License-Identifier: MIT
 *
 * value -- what an expression is worth: nothing, or an exact number, a double, a text, ...
 *
 * Exact numbers and durations are fractions of 128-bit integers. A number that was written,
 * stored, added or multiplied has a power of ten below it (`scale` digits) and fits in 64
 * bits above, or it is missing. A quotient is exact where it is compared; calculated with
 * further, it is the nearest double, and of a duration the nearest microsecond.
 */
#ifndef TESTS_REFERENCE_VALUE_H
#define TESTS_REFERENCE_VALUE_H

#include "base/number.h"
#include "lang/ast.h"
#include "value/calendar.h"
#include "value/type.h"

typedef enum value_kind {
    MISSING,
    TRUTH,    /* integer: 0 or 1 */
    EXACT,    /* above / below */
    DOUBLE,   /* number */
    TEXT,     /* text; a person is the text of their id */
    VERSION,  /* text, in the order of versions; a text beside it is one, too */
    TIME,     /* integer: microseconds since 1970 */
    DATE,     /* integer: days since 1970 */
    DURATION, /* above / below microseconds */
    CALENDAR  /* months: months, quarters or years that were written */
} value_kind;

typedef struct value {
    value_kind kind;
    int64_t integer;
    int128 above, below;
    unsigned scale; /* EXACT, unless is_quotient: below is 10^scale */
    bool is_quotient;
    double number;
    const char *text;
    calendar_span months;
    enum {
        NO_ANCHOR,
        SINCE,
        UNTIL
    } anchored;     /* DURATION: time since (until) an instant, */
    int64_t anchor; /* which is this one */
} value;

value value_missing(void);
value value_truth(bool holds);
value value_exact(int128 above, unsigned scale); /* missing when it leaves 64 bits */
value value_double(double number);               /* missing when it is not finite */
value value_text(const char *text);
value value_version(const char *text);
value value_time(int64_t instant);
value value_date(int64_t date);
value value_duration(int128 microseconds); /* missing when it leaves 64 bits */
value value_quotient(value_kind kind, int128 above, int128 below);

bool value_holds(value v);     /* true, and not missing */
value value_settled(value v);  /* no quotient any more */
double value_nearest(value v); /* of EXACT and DOUBLE */

/* As a type of the language has it: more digits, or a double. */
value value_as(value v, type t);

/* +, -, *, / of numbers and durations, and of a moment with an exact duration. */
value value_calculate(ast_expr_kind operation, value a, value b);
value value_negated(value v);

/* -1, 0, 1; false when one is missing. `z` tells the date of a time that meets a date. */
bool value_compare(const zone *z, value a, value b, int *order);

/* version.c: -1, 0 or 1. */
int versions_in_order(const char *a, const char *b);

bool value_equals(const zone *z, value a, value b);

#endif
