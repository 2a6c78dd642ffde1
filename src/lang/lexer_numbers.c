/* SPDX-License-Identifier: MIT
 *
 * Numbers, dates and times as they are written, and what is wrong with those that are none.
 */
#include "lang/lexing.h"

#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "value/calendar.h"
#include "value/value.h"

#include "grammar/segment_parser.h"

#define MAX_DIGITS 18u

static bool read_number(const char *digit, bool is_percent, ast_number *out)
{
    unsigned digits = 0;
    bool is_behind_point = false;
    *out = (ast_number){.is_percent = is_percent};
    for (; *digit == '.' || (*digit >= '0' && *digit <= '9'); digit++) {
        if (*digit == '.') {
            is_behind_point = true;
            continue;
        }
        if (digits > 0 || *digit != '0')
            digits++;
        if (is_behind_point)
            out->scale++;
        if (digits > MAX_DIGITS || out->scale > MAX_DIGITS)
            return false;
        out->value = out->value * 10 + (*digit - '0');
    }
    if (is_percent)
        out->scale += 2;
    return out->scale <= DECIMAL_MAX_SCALE;
}

void add_number(reader *r, raw_kind raw, size_t begin, size_t end)
{
    bool is_percent = raw == RAW_PERCENT;
    lex_token *token =
        add_token(r, is_percent ? TOKEN_PERCENT : TOKEN_NUMBER, begin, end);
    if (read_number(token->text, is_percent, &token->number))
        return;
    token->number = (ast_number){.value = 1, .is_percent = is_percent};
    error(r, token->where, E0103, "the number has more than %u digits",
          is_percent ? MAX_DIGITS - 2 : MAX_DIGITS);
}

/* `count` digits as a number. */
static unsigned read_digits(const char *written, size_t count)
{
    unsigned value = 0;
    for (size_t i = 0; i < count; i++)
        value = value * 10 + (unsigned)(written[i] - '0');
    return value;
}

/* Does it have the form, where 9 stands for a digit? */
bool has_form(const char *written, const char *form)
{
    for (; *form != '\0'; form++, written++) {
        bool fits = *form == '9' ? *written >= '0' && *written <= '9' : *written == *form;
        if (!fits)
            return false;
    }
    return true;
}

static bool read_date(const char *written, int64_t *days)
{
    const char *reason;
    return value_read_date((slice){written, 10}, NULL, days, &reason);
}

static unsigned days_of_month(unsigned year, unsigned month)
{
    unsigned days = 31;
    while (!date_is_valid(year, month, days))
        days--;
    return days;
}

static void report_date(reader *r, const lex_token *token)
{
    if (has_form(token->text, "9999-99-99")) {
        unsigned year = read_digits(token->text, 4),
                 month = read_digits(token->text + 5, 2);
        error(r, token->where, E0103, "there is no day %.10s", token->text);
        if (year >= 1 && month >= 1 && month <= 12)
            hint(r, "That month has %u days.", days_of_month(year, month));
        else
            hint(r, "The year comes first, then the month, then the day.");
        return;
    }
    unsigned year, month, day;
    error(r, token->where, E0103, "a date is written like 2026-03-01");
    if (sscanf(token->text, "%4u-%2u-%2u", &year, &month, &day) == 3 && year >= 1000 &&
        date_is_valid(year, month, day))
        propose(r, token->where, "%04u-%02u-%02u", year, month, day);
    else
        hint(r, "Write four digits for the year and two each for month and day; to "
                "subtract, put blanks around the sign.");
}

void add_date(reader *r, size_t begin, size_t end)
{
    lex_token *token = add_token(r, TOKEN_DATE, begin, end);
    if (!has_form(token->text, "9999-99-99") || end - begin != 10 ||
        !read_date(token->text, &token->time))
        report_date(r, token);
}

void add_dotted_date(reader *r, size_t begin, size_t end)
{
    lex_token *token = add_token(r, TOKEN_DATE, begin, end);
    error(r, token->where, E0103, "a date is written like 2026-03-01");
    const char *first = strchr(token->text, '.');
    const char *second = first ? strchr(first + 1, '.') : NULL;
    unsigned day = read_digits(token->text, (size_t)(first - token->text));
    unsigned month = second ? read_digits(first + 1, (size_t)(second - first - 1)) : 0;
    bool has_year = second && strlen(second + 1) == 4;
    bool is_day_first = day >= 1 && day <= 31 && month >= 1 && month <= 12;
    bool is_month_first = month >= 1 && month <= 31 && day >= 1 && day <= 12;
    if (has_year && is_day_first && is_month_first && day != month)
        hint(r,
             "Write %s-%02u-%02u if the day came first, %s-%02u-%02u if the "
             "month did.",
             second + 1, month, day, second + 1, day, month);
    else if (has_year && is_day_first)
        hint(r, "Write %s-%02u-%02u.", second + 1, month, day);
    else if (has_year && is_month_first)
        hint(r, "Write %s-%02u-%02u.", second + 1, day, month);
    else
        hint(r, "Write the year first, then the month, then the day.");
    if (has_year && is_day_first)
        fix(r, token->where, "%s-%02u-%02u", second + 1, month, day);
    if (has_year && is_month_first && day != month)
        fix(r, token->where, "%s-%02u-%02u", second + 1, day, month);
}

/* Without a zone as if it were one of UTC. */
static bool read_time(reader *r, lex_token *token)
{
    const char *reason, *zone = strpbrk(token->text + 11, "Z+-");
    const char *whole = arena_format(r->memory, zone ? "%s" : "%sZ", token->text);
    token->time_has_zone = zone;
    return (!zone || *zone == 'Z' || has_form(zone + 1, "99:99")) &&
           value_read_time(slice_of(whole), NULL, NULL, &token->time, &reason);
}

void add_time(reader *r, size_t begin, size_t end)
{
    lex_token *token = add_token(r, TOKEN_DATETIME, begin, end);
    int64_t days;
    if (!has_form(token->text, "9999-99-99T") || !read_date(token->text, &days)) {
        report_date(r, token);
        return;
    }
    if (read_time(r, token))
        return;
    token->time = 0;
    error(r, token->where, E0103, "there is no time %s", token->text + 11);
    hint(r, "A time is written like 2026-03-01T10:00, 2026-03-01T10:00:30.5, "
            "2026-03-01T10:00Z or 2026-03-01T10:00+02:00.");
}
