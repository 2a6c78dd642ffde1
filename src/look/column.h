/* SPDX-License-Identifier: MIT
 *
 * column -- what the values of one field of a file look like: how many there are, of which types
 * they can be, their range, and examples.
 *
 *     look_column_begin(&c, "Total", memory);
 *     for each row: look_column_add(&c, text, is_text, line);
 *     look_column_finish(&c);
 *     column_type(&c, out)                 // "decimal(2)": the narrowest that takes all values
 *     look_column_done(&c);
 */
#ifndef LOOK_COLUMN_H
#define LOOK_COLUMN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/dictionary.h"
#include "base/text.h"

/* So many different values are told apart and counted. */
enum { COLUMN_MOST_DISTINCT = 200000 };

/* A column has a type when it is that of so many values of a hundred at least, and of so many values. */
enum {
    COLUMN_LEAST_FITTING_PERCENT = 95,
    COLUMN_LEAST_FITTING = 20,
    COLUMN_MOST_MISFITS = 3
};

/* A value that is not of the column's type, and where it stands first. */
typedef struct look_misfit {
    const char *text;
    uint64_t line;
} look_misfit;

/* What all values so far could be. */
typedef enum column_kind {
    COLUMN_EMPTY, /* there is none */
    COLUMN_BOOL,
    COLUMN_INT,
    COLUMN_DECIMAL,
    COLUMN_NUMBER,
    COLUMN_DATE,
    COLUMN_TIME,
    COLUMN_STRING
} column_kind;

typedef struct look_column {
    const char *from; /* what the project calls the field */
    bool is_flat;     /* of a table: brackets and dots in its name mean nothing */
    bool is_doubled;  /* another field has the name, too */
    arena *memory;
    uint64_t filled;          /* values that there are: of a list, those of its items */
    uint64_t row_count;       /* rows that have one */
    uint64_t last_row;        /* the line of the last of them */
    uint64_t missing_words;   /* values such as NULL, which are not counted as filled */
    const char *missing_word; /* the first of them */
    uint64_t padded;          /* values with blanks around them */
    dictionary *values;       /* the first COLUMN_MOST_DISTINCT of them */
    bool has_more_values;     /* than are told apart */
    uint64_t *counts;         /* how often each of them comes, by its code */
    uint64_t *lines;          /* where each of them stands first */
    size_t count_capacity, line_capacity;
    uint64_t misfit_count; /* values that are not of the type, which all others are */
    look_misfit misfits[COLUMN_MOST_MISFITS]; /* the first ones */

    bool are_emails, has_capitals;
    bool may_be_comma_number; /* 1.234,50 */
    bool may_be_point_number; /* 1,234.50 */
    bool has_groups,
        has_comma;          /* signs between groups of three; a comma as decimal sign */
    const char *money_sign; /* that stands before or behind numbers; NULL: none does */
    unsigned comma_scale,
        group_scale; /* digits behind the point, read in these two ways */
    bool may_be_bool, may_be_number, may_be_iso, has_iso_time, is_quoted_text;
    bool has_leading_zero, has_exponent, has_wide_number, has_point;
    uint64_t formats;    /* of value/time_formats.def, those that all values fit */
    uint64_t beside_iso; /* those that all values fit which are not ISO 8601, */
    uint64_t iso_count;  /* as so many are */
    unsigned scale;      /* digits behind the point, at most */
    double least, most;  /* of numbers */
    uint64_t least_size, most_size; /* of texts */
} look_column;

void look_column_begin(look_column *c, const char *from, arena *memory);
void look_column_done(look_column *c);
void look_column_add(look_column *c, slice value, bool is_text, uint64_t line);

/* After the last value: a few that fit no type do not make texts of all (look/misfits.c). */
void look_column_finish(look_column *c);

/* Of a column that has misfits: '2 values do not fit: "none" in line 17, "-" in line 20'. */
void look_column_append_misfits(const look_column *c, text *out);

/* Is it a number with this sign between groups of three digits, and that before the fraction? */
bool look_is_grouped_number(slice s, char group, char point);

/* How many different values; has_more_values: at least so many. */
uint64_t look_column_distinct(const look_column *c);

/* The number below which this part (0 to 1) of the values lies, as far as they are told apart. False: they
 * are no numbers. */
bool look_column_quantile(const look_column *c, double part, double *value);

column_kind column_kind_of(const look_column *c);

/* As carpel.yaml has it: "decimal(2)"; of an empty column "string". */
void look_column_append_type(const look_column *c, text *out);

/* How times are written: a format for carpel.yaml, or NULL when it needs none. `other`: another one
 * that all values fit as well, as when days and months may be swapped; or NULL. */
const char *look_column_time_format(const look_column *c, const char **other);

/* Are some of its times written in that format, and the others as ISO 8601? */
bool look_column_mixes_iso(const look_column *c);

/* How the numbers of a column of money are written, where that is not as in 1234.50: their decimal sign and
 * the sign between thousands; NUL: none. */
void look_column_number_signs(const look_column *c, char *decimal, char *thousands);

/* The number of a value without the sign of money that stands before or behind it, "$12.00"; *sign is that, or NULL. */
slice look_without_money_sign(slice s, const char **sign);

/* Could the values say when something happened: times, or counts since 1970? */
bool look_column_may_be_time(const look_column *c);

#endif
