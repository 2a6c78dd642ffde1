/* SPDX-License-Identifier: MIT
 *
 * What a column is declared as tells of its values. SQLite has no types of its own for truth, decimals, times and
 * dates: numbers of 0 and 1 are bools, reals are decimals of few digits, and where a time or a date is wanted of texts, the first ones are looked at.
 */
#include "sqlite/fits.h"

#include <string.h>
#include <strings.h>

#include "common/fit.h"
#include "sqlite/columns.h"

enum { LOOKED_ROWS = 1000 };

static bool is_moment(const carpel_column *wanted)
{
    return wanted->type == CARPEL_TIME || wanted->type == CARPEL_DATE;
}

/* Declared as DATE, DATETIME, BOOLEAN ..., which SQLite takes for numbers and people put anything into. */
static bool is_of_other_words(const char *declared)
{
    return strncasecmp(declared, "NUM", 3) != 0 && strncasecmp(declared, "DEC", 3) != 0;
}

static stored_type stored_of(const char *declared, const carpel_column *wanted)
{
    static const stored_kind kinds[] = {[KIND_INTEGER] = STORED_WHOLE,
                                        [KIND_TEXT] = STORED_TEXT,
                                        [KIND_PLAIN] = STORED_ANY,
                                        [KIND_REAL] = STORED_FLOAT,
                                        [KIND_NUMERIC] = STORED_DECIMAL};
    column_kind kind = column_kind_of(declared);
    stored_type out = {kinds[kind], -1, declared ? declared : ""};
    bool is_any = (kind == KIND_NUMERIC && is_of_other_words(declared)) ||
                  (kind != KIND_TEXT && wanted->type == CARPEL_BOOL) ||
                  (kind == KIND_REAL && wanted->type == CARPEL_DECIMAL) ||
                  (kind == KIND_TEXT && is_moment(wanted));
    if (is_any)
        out.kind = STORED_ANY;
    return out;
}

/* What a query calls the type, which does not change the value that fits. */
static const char *cast_word(const carpel_column *wanted)
{
    bool is_number = wanted->type == CARPEL_INT || wanted->type == CARPEL_DECIMAL ||
                     wanted->type == CARPEL_NUMBER;
    return is_number ? column_kind_word(column_usual_kind(wanted->type)) : NULL;
}

/* Does a text begin like 2026-03-01? */
static bool looks_like_date(const char *text)
{
    static const char pattern[] = "dddd-dd-dd";
    size_t i = 0;
    while (pattern[i] != '\0' &&
           (pattern[i] == 'd' ? text[i] >= '0' && text[i] <= '9' : text[i] == pattern[i]))
        i++;
    return pattern[i] == '\0';
}

static bool is_text(sqlite3_stmt *row, int field)
{
    return sqlite3_column_type(row, field) == SQLITE_TEXT;
}

/* Is it a text in the row at hand that is no moment? */
static bool is_odd(sqlite3_stmt *row, int field)
{
    const char *text =
        is_text(row, field) ? (const char *)sqlite3_column_text(row, field) : NULL;
    return text && !looks_like_date(text);
}

/* Has one of the first rows such a value? */
static bool some_row(const carpel_host *host, sqlite3_stmt *statement, int field,
                     bool (*is_such)(sqlite3_stmt *row, int field))
{
    bool is_found = false;
    sqlite3_reset(statement);
    for (int i = 0; i < LOOKED_ROWS && !is_found && !host->is_cancelled(host) &&
                    sqlite3_step(statement) == SQLITE_ROW;
         i++)
        is_found = is_such(statement, field);
    sqlite3_reset(statement);
    return is_found;
}

static bool check_field(const carpel_host *host, const carpel_column *wanted,
                        sqlite3_stmt *statement, int field, const char *where,
                        carpel_error *err)
{
    const char *declared = sqlite3_column_decltype(statement, field);
    const char *name = sqlite3_column_name(statement, field);
    stored_type stored = stored_of(declared, wanted);
    if (fit_of(&stored, wanted) == FIT_NONE && some_row(host, statement, field, is_text))
        return true; /* a column of numbers keeps texts as well */
    if (!fit_check(host, &stored, wanted, name, where, cast_word(wanted), err))
        return false;
    stored = (stored_type){STORED_TEXT, -1, declared ? declared : "text"};
    if (is_moment(wanted) && !wanted->format && some_row(host, statement, field, is_odd))
        fit_warn(host, &stored, wanted, name, where, NULL);
    return true;
}

bool fits_check(const carpel_host *host, const carpel_request *request,
                const found_columns *fields, sqlite3_stmt *statement, const char *where,
                carpel_error *err)
{
    for (size_t i = 0; i < request->column_count; i++)
        for (const size_t *place = fields->places[i]; *place != NO_COLUMN; place++)
            if (!check_field(host, &request->columns[i], statement, (int)*place, where,
                             err))
                return false;
    return true;
}
