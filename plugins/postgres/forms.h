/* SPDX-License-Identifier: MIT
 *
 * forms -- in which form the server sends a column: in that of its own type where that suits what the host wants, else
 * as the text that the server makes of it.
 */
#ifndef POSTGRES_FORMS_H
#define POSTGRES_FORMS_H

#include <carpel/plugin.h>
#include <libpq-fe.h>

typedef enum binary_form {
    FORM_TEXT, /* whatever its type is, cast to text */
    FORM_BOOL,
    FORM_INT, /* 2, 4 or 8 bytes */
    FORM_FLOAT,
    FORM_NUMERIC,
    FORM_TIME, /* with time zone */
    FORM_LOCAL_TIME,
    FORM_DATE,
    FORM_INTERVAL,
    FORM_ARRAY, /* whose items have a form of their own */
} binary_form;

/* The type of a column, as the server tells it. */
typedef struct column_type {
    Oid number;
    Oid item;       /* of an array: the type of its items; 0: it is none */
    int modifier;   /* -1: none */
    char name[100]; /* "character varying(20)", for messages */
} column_type;

/* A column of the rows that the server sends. */
typedef struct sent_column {
    size_t place; /* among the columns of the table or query */
    binary_form form, item_form;
    const char *data; /* of the row at hand; NULL: missing */
    size_t size;
} sent_column;

/* The forms for a column of this type; false, with a reason, when no value of it can be what is wanted. */
bool form_choose(const column_type *type, const carpel_column *wanted, sent_column *out,
                 const char **reason);

/* What the column is cast to in a query: "::text", or nothing. */
const char *form_cast(const sent_column *column);

/* What no number or time of the type is greater than: infinity, or, of numbers that have none in a
 * server of that version, NaN. NULL: the type has no such value. */
const char *form_limit(Oid type, int server_version);

#endif
