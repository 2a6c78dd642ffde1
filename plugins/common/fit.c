/* SPDX-License-Identifier: MIT
 *
 * Types against types. What a property's `format` or unit says of texts and numbers is taken for true.
 */
#include "common/fit.h"

#include <stdio.h>
#include <string.h>

/* ---- which values fit ------------------------------------------------------------------ */

static bool is_number(stored_kind kind)
{
    return kind == STORED_WHOLE || kind == STORED_DECIMAL || kind == STORED_FLOAT;
}

static bool is_text(stored_kind kind)
{
    return kind == STORED_TEXT || kind == STORED_OPAQUE;
}

static fit bool_fit(const stored_type *stored)
{
    if (stored->kind == STORED_BOOL)
        return FIT_ALL;
    return is_text(stored->kind) || is_number(stored->kind) ? FIT_SOME : FIT_NONE;
}

/* An exact number with so many digits behind the point. */
static fit exact_fit(const stored_type *stored, int scale)
{
    switch (stored->kind) {
    case STORED_WHOLE: return FIT_ALL;
    case STORED_DECIMAL: return stored->scale <= scale ? FIT_ALL : FIT_SOME;
    case STORED_FLOAT:
    case STORED_TEXT:
    case STORED_OPAQUE: return FIT_SOME;
    default: return FIT_NONE;
    }
}

/* Whether a decimal without a scale is whole, only the rows tell. */
static fit int_fit(const stored_type *stored)
{
    bool is_any = stored->kind == STORED_DECIMAL && stored->scale < 0;
    return is_any ? FIT_SOME : exact_fit(stored, 0);
}

static fit number_fit(const stored_type *stored)
{
    if (is_number(stored->kind))
        return FIT_ALL;
    return is_text(stored->kind) ? FIT_SOME : FIT_NONE;
}

static fit time_fit(const stored_type *stored, const carpel_column *wanted)
{
    if (stored->kind == STORED_DATE)
        return FIT_ALL;
    if (stored->kind == STORED_TIME) /* a date keeps no time of the day */
        return wanted->type == CARPEL_TIME ? FIT_ALL : FIT_SOME;
    if (is_text(stored->kind))
        return wanted->format ? FIT_ALL : FIT_SOME;
    return wanted->format && is_number(stored->kind) ? FIT_ALL : FIT_NONE;
}

static fit span_fit(const stored_type *stored, const carpel_column *wanted)
{
    if (stored->kind == STORED_SPAN)
        return FIT_ALL;
    if (is_text(stored->kind))
        return wanted->format ? FIT_ALL : FIT_SOME;
    return wanted->format && is_number(stored->kind) ? FIT_ALL : FIT_NONE;
}

fit fit_of(const stored_type *stored, const carpel_column *wanted)
{
    if (stored->kind == STORED_ANY)
        return FIT_ALL;
    switch (wanted->type) {
    case CARPEL_BOOL: return bool_fit(stored);
    case CARPEL_INT: return int_fit(stored);
    case CARPEL_DECIMAL: return exact_fit(stored, (int)wanted->scale);
    case CARPEL_NUMBER: return number_fit(stored);
    case CARPEL_TIME:
    case CARPEL_DATE: return time_fit(stored, wanted);
    case CARPEL_DURATION: return span_fit(stored, wanted);
    case CARPEL_STRING:
    case CARPEL_PERSON:
    case CARPEL_LIST: break;
    }
    return FIT_ALL;
}

/* ---- what is said ---------------------------------------------------------------------- */

const char *fit_word(const carpel_column *wanted, char room[FIT_WORD_SIZE])
{
    static const char *const words[] = {"value",  "bool", "int",  "decimal",  "number",
                                        "string", "time", "date", "duration", "person"};
    const char *word = wanted->type < CARPEL_LIST ? words[wanted->type] : words[0];
    if (wanted->type == CARPEL_DECIMAL)
        snprintf(room, FIT_WORD_SIZE, "decimal(%u)", (unsigned)wanted->scale);
    else
        snprintf(room, FIT_WORD_SIZE, "%s", word);
    return room;
}

const char *fit_sql_word(const carpel_column *wanted, char room[FIT_WORD_SIZE])
{
    static const char *const words[] = {[CARPEL_BOOL] = "boolean",
                                        [CARPEL_INT] = "bigint",
                                        [CARPEL_NUMBER] = "double precision",
                                        [CARPEL_TIME] = "timestamptz",
                                        [CARPEL_DATE] = "date",
                                        [CARPEL_DURATION] = "interval"};
    bool has_word = wanted->type <= CARPEL_DURATION && words[wanted->type];
    if (wanted->type == CARPEL_DECIMAL)
        snprintf(room, FIT_WORD_SIZE, "decimal(18, %u)", (unsigned)wanted->scale);
    else
        snprintf(room, FIT_WORD_SIZE, "%s", has_word ? words[wanted->type] : "text");
    return room;
}

/* The type of the schema that takes all values. */
static const char *roomy_word(const stored_type *stored, char room[FIT_WORD_SIZE])
{
    static const char *const words[] = {
        [STORED_ANY] = "string",   [STORED_TEXT] = "string",   [STORED_BOOL] = "bool",
        [STORED_WHOLE] = "int",    [STORED_FLOAT] = "number",  [STORED_TIME] = "time",
        [STORED_DATE] = "date",    [STORED_SPAN] = "duration", [STORED_OTHER] = "string",
        [STORED_CLOCK] = "string", [STORED_OPAQUE] = "string"};
    if (stored->kind != STORED_DECIMAL)
        return words[stored->kind];
    if (stored->scale < 0)
        return "number";
    snprintf(room, FIT_WORD_SIZE, "decimal(%d)", stored->scale);
    return room;
}

typedef struct advice {
    const stored_type *stored;
    const carpel_column *wanted; /* of a list its items */
    bool is_list;
    const char *name; /* of the property */
    const char *column, *cast_word;
} advice;

/* Numbers of which nobody says what they count, and texts of which nobody says how they are written. */
static bool needs_format(const advice *a)
{
    bool is_time = a->wanted->type == CARPEL_TIME || a->wanted->type == CARPEL_DATE;
    return is_time && (is_number(a->stored->kind) || is_text(a->stored->kind));
}

static const char *usual_format(const advice *a)
{
    if (is_number(a->stored->kind))
        return "unix";
    return a->wanted->type == CARPEL_DATE ? "\"%Y-%m-%d\"" : "\"%Y-%m-%d %H:%M:%S\"";
}

/* What to write in the project; false: there is nothing. */
static bool advise_project(const advice *a, char *out, size_t room)
{
    char word[FIT_WORD_SIZE];
    if (needs_format(a))
        snprintf(out, room, "say how it is written, {from: \"%.60s\", format: %s}",
                 a->column, usual_format(a));
    else if (a->wanted->type == CARPEL_DURATION && is_number(a->stored->kind))
        snprintf(out, room, "declare %.60s as duration(seconds), or whatever it counts",
                 a->name);
    else if (strchr(a->name, '.'))
        snprintf(out, room, a->is_list ? "declare %.60s as [%s]" : "declare %.60s as %s",
                 a->name, roomy_word(a->stored, word));
    else
        return false;
    return true;
}

/* Have databases a cast from the one to the other? */
static bool has_cast(stored_kind kind, carpel_type type)
{
    bool to_moment = type == CARPEL_TIME || type == CARPEL_DATE;
    switch (kind) {
    case STORED_TEXT: return true;
    case STORED_WHOLE:
    case STORED_DECIMAL:
    case STORED_FLOAT:
        return type == CARPEL_INT || type == CARPEL_DECIMAL || type == CARPEL_NUMBER;
    case STORED_TIME:
    case STORED_DATE: return to_moment;
    case STORED_CLOCK: return type == CARPEL_DURATION;
    default: return false;
    }
}

/* What a query has in place of the column; false: there is nothing that is sure to exist. */
static bool advise_query(const advice *a, char *out, size_t room)
{
    stored_kind kind = a->stored->kind;
    carpel_type type = a->wanted->type;
    if (is_number(kind) && type == CARPEL_BOOL)
        snprintf(out, room, "\"%.60s\" <> 0", a->column);
    else if (a->cast_word && has_cast(kind, type))
        snprintf(out, room, "cast(\"%.60s\" as %s)", a->column, a->cast_word);
    else
        return false;
    return true;
}

/* "declare user.age as string, or ask by a query with cast("age" as bigint)" */
static void advise(const advice *a, fit f, char *out, size_t room)
{
    char query[120];
    out[0] = '\0';
    bool has_one = advise_project(a, out, room);
    size_t used = strlen(out);
    if (!a->is_list && (f == FIT_SOME || !has_one) &&
        advise_query(a, query, sizeof query))
        snprintf(out + used, room - used, "%sask by a query with %s",
                 has_one ? ", or " : "", query);
}

static void say(const advice *a, fit f, const char *where, char *out, size_t room)
{
    static const char *const consequences[] = {
        [FIT_SOME] = "rows with a value that is none are refused",
        [FIT_NONE] = "none of its values can be read so"};
    char word[FIT_WORD_SIZE], what[300];
    advise(a, f, what, sizeof what);
    snprintf(out, room,
             "column \"%.60s\" of \"%.60s\" is %.60s, and %.60s is %s%s%s: %s%s%s",
             a->column, where, a->stored->name, a->name, a->is_list ? "[" : "",
             fit_word(a->wanted, word), a->is_list ? "]" : "", consequences[f],
             what[0] != '\0' ? "; " : "", what);
}

static advice advice_of(const stored_type *stored, const carpel_column *wanted,
                        const char *column, const char *cast_word)
{
    bool is_list = wanted->type == CARPEL_LIST && wanted->is_plain;
    return (advice){.stored = stored,
                    .wanted = is_list ? wanted->items : wanted,
                    .is_list = is_list,
                    .name = wanted->name,
                    .column = column,
                    .cast_word = cast_word};
}

void fit_warn(const carpel_host *host, const stored_type *stored,
              const carpel_column *wanted, const char *column, const char *where,
              const char *cast_word)
{
    char message[sizeof((carpel_error *)NULL)->message];
    const advice a = advice_of(stored, wanted, column, cast_word);
    say(&a, FIT_SOME, where, message, sizeof message);
    host->log(host, CARPEL_LOG_WARNING, message);
}

bool fit_check(const carpel_host *host, const stored_type *stored,
               const carpel_column *wanted, const char *column, const char *where,
               const char *cast_word, carpel_error *err)
{
    char message[sizeof err->message];
    const advice a = advice_of(stored, wanted, column, cast_word);
    fit f = fit_of(stored, a.wanted);
    if (f == FIT_SOME)
        fit_warn(host, stored, wanted, column, where, cast_word);
    if (f != FIT_NONE)
        return true;
    say(&a, f, where, message, sizeof message);
    return carpel_fail(err, CARPEL_E_INPUT, "%s", message);
}

bool fit_check_output(const carpel_host *host, fit f, const char *stored,
                      const carpel_column *column, const char *table, const char *usual,
                      carpel_error *err)
{
    static const char *const consequences[] = {
        [FIT_SOME] = "a run fails with a value that it would not keep as it is",
        [FIT_NONE] = "it keeps none of the values as they are"};
    char word[FIT_WORD_SIZE], message[sizeof err->message];
    if (f == FIT_ALL)
        return true;
    snprintf(
        message, sizeof message,
        "column \"%.60s\" of the table \"%.60s\" is %.60s, and %s is written there: %s; "
        "make it %s",
        column->name, table, stored, fit_word(column, word), consequences[f], usual);
    if (f == FIT_NONE)
        return carpel_fail(err, CARPEL_E_INPUT, "%s", message);
    host->log(host, CARPEL_LOG_WARNING, message);
    return true;
}
