/* SPDX-License-Identifier: MIT
 *
 * decimal_text -- a number as the digits that were written, of any length, to move its point and to
 * round it exactly.
 *
 *     decimal_text number;
 *     if (decimal_text_read(slice_of("59.699999999999996"), &number) &&
 *         decimal_text_round(&number, 2, DECIMAL_TEXT_HALF_EVEN))
 *         decimal_text_append(&number, out);                       // 59.70
 */
#ifndef VALUE_DECIMAL_TEXT_H
#define VALUE_DECIMAL_TEXT_H

#include "base/text.h"

enum { DECIMAL_TEXT_DIGITS = 400 }; /* longer ones are not read */

typedef struct decimal_text {
    bool is_negative;
    char digits[DECIMAL_TEXT_DIGITS + 1]; /* the first place is left free for a carry */
    int count;
    int point; /* so many digits stand before the point; may lie outside of them */
} decimal_text;

/* "-12.50", "1.25e3". False: it is no such number. */
bool decimal_text_read(slice s, decimal_text *out);

typedef enum decimal_text_mode {
    DECIMAL_TEXT_HALF_EVEN, /* 0.125 becomes 0.12, 0.135 becomes 0.14 */
    DECIMAL_TEXT_HALF_UP,   /* away from zero: 0.125 becomes 0.13 */
    DECIMAL_TEXT_DOWN       /* towards zero */
} decimal_text_mode;

/* Leave at most `scale` digits behind the point. False: there are no more, zeros aside. */
bool decimal_text_round(decimal_text *number, unsigned scale, decimal_text_mode mode);

/* Without an exponent. */
void decimal_text_append(const decimal_text *number, text *out);

#endif
