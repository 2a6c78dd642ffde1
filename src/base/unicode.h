/* SPDX-License-Identifier: MIT
 *
 * unicode -- the forms of a text that Unicode defines, by utf8proc.
 */
#ifndef BASE_UNICODE_H
#define BASE_UNICODE_H

#include <stdbool.h>

#include "base/text.h"

typedef enum unicode_form {
    UNICODE_COMPOSED,   /* NFC: a letter and its marks are one sign where there is one */
    UNICODE_COMPATIBLE, /* NFKC: signs that only look otherwise become plain ones, too */
    UNICODE_FOLDED,     /* NFC, and capitals as small letters, for comparing */
    UNICODE_SMALL /* NFC, and capitals as small letters, as one writes them: ß stays */
} unicode_form;

/* Append that form of `in`. What is not UTF-8 has none: false, and nothing is appended. */
bool unicode_append(text *out, slice in, unicode_form form);

#endif
