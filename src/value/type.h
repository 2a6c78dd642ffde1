/* SPDX-License-Identifier: MIT
 *
 * type -- the types of values, in the schema and in the language.
 *
 * `int` is a decimal without digits after the point: all exact numbers are 64-bit
 * integers with a scale that is known before any data is read.
 */
#ifndef VALUE_TYPE_H
#define VALUE_TYPE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

typedef enum type_kind {
    TYPE_ERROR = 0, /* already reported; goes with everything */
    TYPE_BOOL,
    TYPE_DECIMAL,  /* int64, the value times 10^scale; `int` is scale 0 */
    TYPE_NUMBER,   /* double, finite */
    TYPE_STRING,   /* uint32 code of a dictionary */
    TYPE_TIME,     /* int64, microseconds since 1970-01-01T00:00:00Z */
    TYPE_DATE,     /* int64, days since 1970-01-01 */
    TYPE_DURATION, /* int64, microseconds */
    TYPE_PERSON,   /* uint32 code of a dictionary of ids */
    TYPE_VERSION,  /* uint32 code of a dictionary; value/version.h has the order */
    TYPE_LIST      /* int64: which values of events; only functions of scripts take one */
} type_kind;

typedef struct type {
    type_kind kind;
    unsigned scale; /* DECIMAL: 0 to DECIMAL_MAX_SCALE */
} type;

/* What a type's text may say beyond the type: `number(0..100)`, `duration(seconds)`. */
typedef struct type_details {
    bool has_range;
    double minimum, maximum;     /* of a number */
    long long unit_microseconds; /* of a duration written as a plain number; 0: none */
} type_details;

/* Read "int", "decimal(2)", "number", "number(0..1)", "string", "bool", "time", "date",
 * "duration", "duration(minutes)", "person", "version". False: no such type, or a scale
 * beyond 18. */
bool type_parse(const char *spelling, type *out, type_details *details);

/* "minute" for 60000000: how a plugin and a reader learn what a plain number stands for; NULL:
 * it has no unit. */
const char *type_unit(const type_details *details);

/* All spellings, for messages and suggestions; ends with NULL. */
extern const char *const type_spellings[];

/* "int", "decimal(2)", "text" ...: as marketers read it. */
void type_append(type t, text *out);
const char *type_kind_name(type_kind kind); /* "number", "text", "date", ... */

bool type_equals(type a, type b);
bool type_is_numeric(type t); /* DECIMAL or NUMBER */
bool type_is_moment(type t);  /* TIME or DATE */
bool type_is_ordered(type t); /* has < and > */
bool type_is_text(type t);    /* STRING, PERSON, VERSION: codes of a dictionary */

/* Bytes of one value in memory; 0 for BOOL, which is a bitmap. */
size_t type_value_size(type t);

#endif
