/* SPDX-License-Identifier: MIT
 *
 * raw -- what grammar/segment.l cuts a text into, for lexer.c alone. Blanks are left out.
 */
#ifndef LANG_RAW_H
#define LANG_RAW_H

#include <stddef.h>

typedef enum raw_kind {
    RAW_END,
    RAW_WORD,
    RAW_BACKTICKS,     /* with its backticks */
    RAW_TEXT,          /* with its quotes */
    RAW_OPEN_BACKTICK, /* to the end of the line */
    RAW_OPEN_TEXT,
    RAW_FOREIGN_TEXT, /* in quotes of another kind: 'x', or curly ones */
    RAW_NUMBER,
    RAW_PERCENT,
    RAW_DATE,
    RAW_TIME,
    RAW_DOTTED_DATE,  /* 31.12.2026 */
    RAW_SIGN,         /* one that the language knows */
    RAW_FOREIGN_SIGN, /* one that it does not know */
    RAW_COMMENT,
    RAW_FOREIGN_COMMENT /* from two slashes to the end of the line */
} raw_kind;

typedef struct raw_scanner raw_scanner;

/* Scan `size` bytes, which outlive the scanner. */
raw_scanner *raw_scanner_new(const char *data, size_t size);
void raw_scanner_free(raw_scanner *scanner);

/* The next piece: bytes [*begin, *end) of the text. */
raw_kind raw_scanner_next(raw_scanner *scanner, size_t *begin, size_t *end);

#endif
