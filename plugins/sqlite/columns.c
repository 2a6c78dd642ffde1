/* SPDX-License-Identifier: MIT
 *
 * Columns of SQLite take any value and change some of them on the way in: a text that
 * looks like a number becomes one in a column of numbers, and a number becomes a text in a
 * column of texts. Only what stays what it was is bound.
 */
#include "sqlite/columns.h"

#include <string.h>
#include <strings.h>

enum { EXACT_DIGITS = 15 }; /* of a double, and of SQLite's way from text to number */

static bool has_word(const char *text, const char *word)
{
    size_t size = strlen(word);
    for (; *text != '\0'; text++)
        if (strncasecmp(text, word, size) == 0)
            return true;
    return false;
}

/* The rules stand in SQLite's documentation ("Determination Of Column Affinity"). */
column_kind column_kind_of(const char *declared)
{
    static const struct {
        const char *word;
        column_kind kind;
    } words[] = {{"INT", KIND_INTEGER}, {"CHAR", KIND_TEXT},  {"CLOB", KIND_TEXT},
                 {"TEXT", KIND_TEXT},   {"BLOB", KIND_PLAIN}, {"REAL", KIND_REAL},
                 {"FLOA", KIND_REAL},   {"DOUB", KIND_REAL}};
    if (!declared || declared[0] == '\0')
        return KIND_PLAIN;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (has_word(declared, words[i].word))
            return words[i].kind;
    return KIND_NUMERIC;
}

column_kind column_usual_kind(carpel_type type)
{
    switch (type) {
    case CARPEL_BOOL:
    case CARPEL_INT: return KIND_INTEGER;
    case CARPEL_NUMBER: return KIND_REAL;
    case CARPEL_DECIMAL:
    case CARPEL_DURATION: return KIND_NUMERIC;
    case CARPEL_STRING:
    case CARPEL_PERSON:
    case CARPEL_TIME:
    case CARPEL_DATE:
    case CARPEL_LIST: break;
    }
    return KIND_TEXT;
}

const char *column_kind_word(column_kind kind)
{
    switch (kind) {
    case KIND_INTEGER: return "INTEGER";
    case KIND_TEXT: return "TEXT";
    case KIND_PLAIN: return "BLOB";
    case KIND_REAL: return "REAL";
    case KIND_NUMERIC: break;
    }
    return "NUMERIC";
}

static bool is_of_numbers(column_kind kind)
{
    return kind != KIND_TEXT && kind != KIND_PLAIN;
}

/* Is it a whole number as it would be written, of few digits? */
static bool is_plain_whole(const char *text, size_t size)
{
    size_t sign = size > 0 && text[0] == '-';
    if (size == sign || size - sign > EXACT_DIGITS || (text[sign] == '0' && size > 1))
        return false;
    for (size_t i = sign; i < size; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return true;
}

static size_t count_digits(const char *text, size_t size)
{
    size_t count = 0;
    for (size_t i = 0; i < size; i++)
        count += text[i] >= '0' && text[i] <= '9' && (count > 0 || text[i] != '0');
    return count;
}

static bool bind_text(sqlite3_stmt *statement, int parameter, const char *text,
                      size_t size)
{
    return sqlite3_bind_text64(statement, parameter, text, size, SQLITE_TRANSIENT,
                               SQLITE_UTF8) == SQLITE_OK;
}

/* What is no text, in the digits and signs of the value. */
static bool bind_written(sqlite3_stmt *statement, int parameter, column_kind kind,
                         const delivered *value)
{
    char text[DELIVERED_TEXT_SIZE];
    carpel_type type = value->column->type;
    size_t size = delivered_text(value, text);
    bool is_number = type == CARPEL_DECIMAL || type == CARPEL_DURATION;
    if (is_number && kind != KIND_TEXT && count_digits(text, size) > EXACT_DIGITS)
        return false;
    return bind_text(statement, parameter, text, size);
}

static bool bind_whole(sqlite3_stmt *statement, int parameter, column_kind kind,
                       const delivered *value)
{
    const int64_t most = INT64_C(1) << 53;
    if (kind == KIND_REAL && (value->whole > most || value->whole < -most))
        return false;
    return sqlite3_bind_int64(statement, parameter, value->whole) == SQLITE_OK;
}

bool column_bind(sqlite3_stmt *statement, int parameter, column_kind kind,
                 const delivered *value)
{
    if (value->is_missing)
        return sqlite3_bind_null(statement, parameter) == SQLITE_OK;
    if (delivered_is_text(value))
        return (!is_of_numbers(kind) || is_plain_whole(value->text, value->size)) &&
               bind_text(statement, parameter, value->text, value->size);
    if (kind == KIND_TEXT)
        return bind_written(statement, parameter, kind, value);
    switch (value->column->type) {
    case CARPEL_BOOL:
    case CARPEL_INT: return bind_whole(statement, parameter, kind, value);
    case CARPEL_NUMBER:
        return sqlite3_bind_double(statement, parameter, value->number) == SQLITE_OK;
    default: return bind_written(statement, parameter, kind, value);
    }
}

fit column_fit(column_kind kind, const carpel_column *column)
{
    bool is_text = column->type == CARPEL_STRING || column->type == CARPEL_PERSON;
    if (is_text && is_of_numbers(kind))
        return FIT_SOME;
    return column->type == CARPEL_INT && kind == KIND_REAL ? FIT_SOME : FIT_ALL;
}

bool column_fail(carpel_error *err, const char *table, column_kind kind,
                 const delivered *value)
{
    char written[DELIVERED_TEXT_SIZE];
    const char *text = value->text;
    size_t size = value->size;
    if (!delivered_is_text(value)) {
        text = written;
        size = delivered_text(value, written);
    }
    return carpel_fail(
        err, CARPEL_E_INPUT,
        "the column \"%.100s\" of the table \"%.100s\" is %s, which would not "
        "keep \"%.*s\" as it is; make it TEXT",
        value->column->name, table, column_kind_word(kind),
        (int)(size < 100 ? size : 100), text);
}
