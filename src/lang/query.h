/* SPDX-License-Identifier: MIT
 *
 * query -- queries of SQL among the tokens of a rule (mistake_query.c).
 */
#ifndef LANG_QUERY_H
#define LANG_QUERY_H

#include "lang/mistaken.h"

/* A query, by its tokens; a clause that is not there is empty. */
typedef struct clause {
    size_t from, to;
} clause;

typedef struct query {
    clause columns, table, where, group, having, order;
    size_t begin, end;
    const lex_token *events; /* the table of what people did; NULL: of people alone */
    const lex_token *limit;
} query;

/* Is the token this word, or one of these, whatever the case of its letters? */
bool is_word(const mistake *m, size_t at, const char *word);
bool is_any_word(const mistake *m, size_t at, const char *words);

/* Read the query at `begin`, up to the bracket that closes or the end. */
bool read_query(const mistake *m, size_t begin, query *q);

/* What is asked of it: that it has rows, that it has none, or its one value. */
typedef enum form { FORM_HOLDS, FORM_DENIED, FORM_VALUE } form;

/* Append what it asks; false: that cannot be said. */
bool append_query(const mistake *m, const query *q, form wanted, text *out);

/* Its `where`, but for what joins it with the person of a query around it. */
clause without_join(const mistake *m, const query *q);

#endif
