/* SPDX-License-Identifier: MIT
 *
 * forms -- what a column of Arrow holds, by the format that its schema gives.
 */
#ifndef ADBC_FORMS_H
#define ADBC_FORMS_H

#include <carpel/plugin.h>

#include "common/fit.h"

typedef enum form_kind {
    FORM_NONE, /* all values are missing */
    FORM_BOOL,
    FORM_INT,
    FORM_UINT,
    FORM_FLOAT,
    FORM_DECIMAL,
    FORM_TEXT,        /* and bytes */
    FORM_DATE,        /* width 4: days, 8: milliseconds */
    FORM_TIME,        /* an instant, or, without a zone, what a clock showed */
    FORM_SPAN,        /* a duration */
    FORM_MONTHS_DAYS, /* an interval: months, and more by its width */
    FORM_LIST,
    FORM_RECORD,
    FORM_OTHER
} form_kind;

typedef enum form_layout {
    LAYOUT_OFFSETS, /* texts and lists: where each begins; width 4 or 8 */
    LAYOUT_VIEWS,   /* texts: 16 bytes each */
    LAYOUT_FIXED    /* so many bytes or items each: width */
} form_layout;

typedef struct form {
    form_kind kind;
    form_layout layout;
    unsigned width;      /* bytes of a value, of an offset */
    int scale;           /* FORM_DECIMAL: digits behind the point */
    int64_t per_second;  /* FORM_TIME, FORM_SPAN */
    bool has_zone;       /* FORM_TIME */
    bool is_bytes;       /* FORM_TEXT that need not be one */
    unsigned code_width; /* of a dictionary, whose values have the form; 0: none */
    bool are_codes_signed;
} form;

form form_of(const struct ArrowSchema *schema);

/* Can values of the form be what is wanted? If not, *reason says why. */
bool form_suits(const form *f, const struct ArrowSchema *schema,
                const carpel_column *wanted, const char **reason);

/* The type for people, "int32", and what a check is told of it. Of a list that of its items. */
enum { FORM_WORD_SIZE = 60 };
stored_type form_stored(const form *f, const struct ArrowSchema *schema,
                        char word[FORM_WORD_SIZE]);

/* For people: "an Arrow type \"+m\"". */
const char *form_format(const struct ArrowSchema *schema);

#endif
