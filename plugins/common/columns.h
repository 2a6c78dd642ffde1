/* SPDX-License-Identifier: MIT
 *
 * columns -- where a source of tables finds the columns that it is asked for.
 */
#ifndef COMMON_COLUMNS_H
#define COMMON_COLUMNS_H

#include <carpel/plugin.h>

#define NO_COLUMN SIZE_MAX

/* How many other fields may hold a column's value (carpel_request). */
size_t columns_count_others(const carpel_request *request, size_t column);

/* An inquiry as a request that wants no column; it points to what the inquiry has. */
carpel_request columns_ask_none(const carpel_inquiry *inquiry);

/* The same, which asks for the columns that a check is told of, if it is told of any. */
carpel_request columns_ask_told(const carpel_inquiry *inquiry);

/* For each wanted column the places of its candidates, the best first. */
typedef struct found_columns {
    size_t **places; /* each ends with NO_COLUMN */
    size_t count;
} found_columns;

/* Find them among the names of a table's columns. A column that is not optional has to be
 * there, and a name that is wanted may not stand twice. `where` is for messages, as
 * "\"shop.db: orders\"". `has_lists`: their values may be lists. Released with
 * found_columns_done in any case. */
bool found_columns_init(found_columns *f, const carpel_request *request,
                        const char *where, bool has_lists, const char *const *names,
                        size_t count, carpel_error *err);
void found_columns_done(found_columns *f);

/* Which of the candidates has the value of a row: the first that is not missing there;
 * NO_COLUMN when there is none. */
size_t found_columns_choose(const found_columns *f, size_t column,
                            bool (*is_present)(void *context, size_t place),
                            void *context);

#endif
