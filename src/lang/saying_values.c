/* SPDX-License-Identifier: MIT
 *
 * What values, lengths of time and conditions can be at a word, as people write them.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lang/foreign.h"
#include "lang/keywords.h"
#include "lang/lexer.h"
#include "lang/mistaken.h"
#include "lang/parse.h"
#include "lang/saying.h"

/* ---- values --------------------------------------------------------------------------- */

/* `three` is 3, or NULL. */
static const char *number_of(const word *w)
{
    static const char *const words[][2] = {
#define X(word, number) {word, #number},
#include "lang/number_words.def"
#undef X
    };
    enum { TWELVE = 13 }; /* those behind it, and "a", say more than a number */
    for (size_t i = 1; i <= TWELVE; i++)
        if (w->kind == WORD_NAME && strcmp(w->text, words[i][0]) == 0)
            return words[i][1];
    return w->kind == WORD_NUMBER ? w->written : NULL;
}

void saying_read_number(const saying_context *c, size_t at, meanings *out)
{
    const word *w = word_at(c, at), *behind = word_at(c, at + 1);
    const char *number = number_of(w);
    size_t zeros = strspn(w->written, "0"), digits = strspn(w->written, "0123456789");
    bool is_thousands = behind->kind == WORD_NAME && strcmp(behind->text, "k") == 0;
    if (number && is_thousands)
        meaning_say(c, out, at + 2, 0, "%s000", number);
    else if (number)
        meaning_add(out, at + 1, 0, number);
    else if (w->kind == WORD_TEXT && digits > zeros && w->written[digits] == '\0')
        meaning_add(out, at + 1, 1, w->written + zeros);
}

/* An hour of the day: `9am`, `9 pm`, `17:00`, `17h`. */
void saying_read_hour(const saying_context *c, size_t at, meanings *out)
{
    const char *number = number_of(word_at(c, at));
    const char *behind = word_at(c, at + 1)->text;
    char *end;
    unsigned long hour = number ? strtoul(number, &end, 10) : 24;
    bool is_afternoon = strcmp(behind, "pm") == 0;
    if (hour > 23 || *end != '\0')
        return;
    if ((is_afternoon || strcmp(behind, "am") == 0) && hour >= 1 && hour <= 12)
        meaning_say(c, out, at + 2, 0, "%lu", hour % 12 + (is_afternoon ? 12 : 0));
    else if (strcmp(behind, ":") == 0 && strcmp(word_at(c, at + 2)->text, "00") == 0)
        meaning_say(c, out, at + 3, 0, "%lu", hour);
    else if (strcmp(behind, "h") == 0)
        meaning_say(c, out, at + 2, 0, "%lu", hour);
}

void saying_read_percent(const saying_context *c, size_t at, meanings *out)
{
    const word *w = word_at(c, at), *behind = word_at(c, at + 1);
    if (w->kind == WORD_PERCENT)
        meaning_add(out, at + 1, 0, w->written);
    else if (w->kind == WORD_NUMBER && is_word_of(behind->text, "percent pct %"))
        meaning_say(c, out, at + 2, 0, "%s%%", w->written);
}

/* The share of people below a bound: `0.9`, `0,9`, `90` or `90%`; or of those above it. */
static void read_share(const saying_context *c, size_t at, bool is_above, meanings *out)
{
    const word *w = word_at(c, at), *behind = word_at(c, at + 2);
    bool is_fraction = strcmp(w->written, "0") == 0 && behind->kind == WORD_NUMBER &&
                       behind->source.data == w->source.data + 2;
    const char *digits =
        is_fraction ? arena_format(c->memory, "0.%s", behind->written) : w->written;
    double share = strtod(digits, NULL);
    if (w->kind == WORD_NUMBER && share < 1)
        share *= 100;
    if ((w->kind == WORD_NUMBER || w->kind == WORD_PERCENT) && share > 0 && share < 100)
        meaning_say(c, out, at + (is_fraction ? 3 : 1), 0, "%.6g%%",
                    is_above ? 100 - share : share);
}

void saying_read_top_share(const saying_context *c, size_t at, meanings *out)
{
    read_share(c, at, true, out);
}

void saying_read_bottom_share(const saying_context *c, size_t at, meanings *out)
{
    read_share(c, at, false, out);
}

void saying_read_text(const saying_context *c, size_t at, meanings *out)
{
    const word *w = word_at(c, at);
    meanings lists = {0};
    saying_read_named_list(c, at, &lists);
    if (w->kind == WORD_TEXT && !strchr(w->written, '"') && !is_file_name(w->written))
        meaning_say(c, out, at + 1, lists.count > 0 ? NEARLY : 0, "\"%s\"", w->written);
}

/* The code of a country or a currency, such as AT or IN. */
static bool is_code(const word *w)
{
    size_t size = strspn(w->written, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    return (size == 2 || size == 3) && w->written[size] == '\0';
}

/* A word that nothing else says. */
static bool is_bare(const word *w)
{
    bool is_said = w->is_noise || w->is_said || keyword_has_word(w->text) ||
                   foreign_find(w->text, NULL) || w->text[0] == '_';
    return w->kind == WORD_NAME && (!is_said || is_code(w));
}

/* `gmail.com`, `utm_source=google`: how many words are one, without blanks between. */
static size_t bare_words(const saying_context *c, size_t at)
{
    size_t end = at;
    while (is_bare(word_at(c, end)) || (end > at && word_at(c, end)->kind == WORD_NAME)) {
        const word *point = word_at(c, end + 1), *next = word_at(c, end + 2);
        const char *behind = word_at(c, end)->source.data + word_at(c, end)->source.size;
        end++;
        if ((strcmp(point->text, ".") != 0 && strcmp(point->text, "=") != 0) ||
            point->source.data != behind || next->kind != WORD_NAME ||
            next->source.data != behind + 1)
            break;
        end++;
    }
    return end - at;
}

/* A text without quotes. The name of a list is none. */
void saying_read_bare_text(const saying_context *c, size_t at, meanings *out)
{
    const word *w = word_at(c, at);
    size_t count = bare_words(c, at);
    meanings lists = {0};
    saying_read_named_list(c, at, &lists);
    if (count == 0 || lists.count > 0 || begins_line(w))
        return;
    meaning_say(c, out, at + 1, 2 * NEARLY, "\"%s\"", w->written);
    const slice last = word_at(c, at + count - 1)->source;
    meanings events = {0};
    saying_read_event(c, at, &events);
    if (count > 1 && events.count == 0)
        meaning_say(c, out, at + count, 2 * NEARLY, "\"%.*s\"",
                    (int)(last.data + last.size - w->source.data), w->source.data);
}

/* '30 days' in quotes. */
void saying_read_text_duration(const saying_context *c, size_t at, meanings *out)
{
    const word *w = word_at(c, at);
    const char *digits = w->written;
    size_t size = strspn(digits, "0123456789"), blanks = strspn(digits + size, " ");
    calendar_unit unit;
    const char *name = digits + size + blanks;
    if (w->kind == WORD_TEXT && size > 0 &&
        calendar_unit_parse(name, strlen(name), &unit))
        meaning_say(c, out, at + 1, 0, "%.*s %s%s", (int)size, digits,
                    calendar_unit_name(unit), size == 1 && *digits == '1' ? "" : "s");
}

static bool has_date_form(const char *text)
{
    return strlen(text) >= 10 && isdigit((unsigned char)text[0]) && text[4] == '-' &&
           text[7] == '-' && isdigit((unsigned char)text[9]);
}

void saying_read_date(const saying_context *c, size_t at, meanings *out)
{
    const word *w = word_at(c, at);
    if (w->kind == WORD_DATE ||
        (w->kind == WORD_TEXT && strlen(w->written) == 10 && has_date_form(w->written)))
        meaning_add(out, at + 1, 0, w->written);
}

void saying_read_year(const saying_context *c, size_t at, meanings *out)
{
    const word *w = word_at(c, at);
    if (w->kind == WORD_NUMBER && strlen(w->text) == 4 &&
        (strncmp(w->text, "19", 2) == 0 || strncmp(w->text, "20", 2) == 0))
        meaning_add(out, at + 1, 0, w->written);
}

/* `2026-01`, also in quotes: its first day. */
void saying_read_iso_month(const saying_context *c, size_t at, meanings *out)
{
    const word *w = word_at(c, at), *month = word_at(c, at + 2);
    const char *text = w->written;
    size_t digits = strspn(text, "0123456789");
    bool is_text = w->kind == WORD_TEXT && digits == 4 && text[4] == '-' &&
                   strspn(text + 5, "0123456789") == 2 && text[7] == '\0';
    bool is_sum = w->kind == WORD_NUMBER && digits == 4 && text[4] == '\0' &&
                  strcmp(word_at(c, at + 1)->text, "-") == 0 &&
                  month->kind == WORD_NUMBER && strlen(month->written) == 2;
    if (is_text)
        meaning_say(c, out, at + 1, 0, "%s-01", text);
    else if (is_sum)
        meaning_say(c, out, at + 3, 0, "%s-%s-01", text, month->written);
}

/* The name of a declaration. */
void saying_read_name(const saying_context *c, size_t at, meanings *out)
{
    const word *w = word_at(c, at);
    if (w->kind == WORD_QUOTED || w->kind == WORD_NAME)
        meaning_add(out, at + 1, 0,
                    w->kind == WORD_QUOTED ? arena_format(c->memory, "`%s`", w->written)
                                           : w->written);
}

/* The name of a group, which elsewhere is a text. */
void saying_read_group_name(const saying_context *c, size_t at, meanings *out)
{
    const word *w = word_at(c, at);
    if (w->kind == WORD_TEXT && lexer_is_plain_name(w->written))
        meaning_add(out, at + 1, 0, w->written);
    else
        saying_read_name(c, at, out);
}

/* What '%pro%' asks for, about the subject. */
void saying_read_like(const saying_context *c, size_t at, meanings *out)
{
    const word *w = word_at(c, at);
    const char *test = w->kind == WORD_TEXT ? test_of_like(c->memory, w->written) : NULL;
    if (test)
        meaning_add(out, at + 1, 0,
                    *test == '=' ? arena_format(c->memory, "contains %s", test + 2)
                                 : test);
}

/* The same where letter case does not count. */
void saying_read_ilike(const saying_context *c, size_t at, meanings *out)
{
    const word *w = word_at(c, at);
    const char *pattern =
        w->kind == WORD_TEXT ? pattern_of_like(c->memory, w->written) : NULL;
    if (pattern)
        meaning_say(c, out, at + 1, 0, "matches \"%s\"", pattern);
}

/* A text that is found in letters of either case. */
void saying_read_any_case(const saying_context *c, size_t at, meanings *out)
{
    const word *w = word_at(c, at);
    if (w->kind == WORD_TEXT && !strpbrk(w->written, "\"\\.^$*+?()[]{}|"))
        meaning_say(c, out, at + 1, 0, "\"(?i)%s\"", w->written);
}

/* What Excel's ">=100" asks for, about the subject. */
void saying_read_criterion(const saying_context *c, size_t at, meanings *out)
{
    static const char *const signs[] = {">=", "<=", "<>", ">", "<", "="};
    const word *w = word_at(c, at);
    if (w->kind == WORD_NUMBER)
        meaning_say(c, out, at + 1, 0, "= %s", w->written);
    if (w->kind != WORD_TEXT || strpbrk(w->written, "\"\\*?"))
        return;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        size_t size = strlen(signs[i]);
        if (strncmp(w->written, signs[i], size) != 0)
            continue;
        const char *value = w->written + size;
        char *end;
        (void)strtod(value, &end);
        bool is_number = end != value && *end == '\0';
        meaning_say(c, out, at + 1, 0, is_number ? "%s %s" : "%s \"%s\"",
                    strcmp(signs[i], "<>") == 0 ? "!=" : signs[i], value);
        return;
    }
    meaning_say(c, out, at + 1, 0, "= \"%s\"", w->written);
}

/* ---- times ------------------------------------------------------------------------------ */

/* A unit of time, by whatever name, or NULL. */
static const char *unit_of(const saying_context *c, size_t at)
{
    const word *w = word_at(c, at);
    calendar_unit unit;
    const char *name = w->kind == WORD_NAME || w->kind == WORD_TEXT ? w->text : "";
    const char *ours = foreign_unit(name);
    if (ours && !calendar_unit_parse(name, strlen(name), &unit))
        name = ours;
    return calendar_unit_parse(name, strlen(name), &unit) ? calendar_unit_name(unit)
                                                          : NULL;
}

void saying_read_unit(const saying_context *c, size_t at, meanings *out)
{
    const char *unit = unit_of(c, at);
    if (unit)
        meaning_add(out, at + 1, 0, unit);
}

void saying_read_duration(const saying_context *c, size_t at, meanings *out)
{
    const char *number = number_of(word_at(c, at));
    size_t next = at + 1;
    if (number && strcmp(word_at(c, next)->text, "-") == 0)
        next++;
    const char *unit = unit_of(c, number ? next : at);
    bool is_short = unit && strlen(word_at(c, number ? next : at)->text) < 3;
    if (number && unit)
        meaning_say(c, out, next + 1, 0, "%s %s%s", number, unit,
                    strcmp(number, "1") == 0 ? "" : "s");
    else if (unit && !is_short)
        meaning_say(c, out, at + 1, 0, "1 %s", unit);
}

static void read_month(const saying_context *c, size_t at, const char *form,
                       meanings *out)
{
    const word *w = word_at(c, at);
    int month = w->kind == WORD_NAME || w->kind == WORD_TEXT ? foreign_month(w->text) : 0;
    if (month > 0)
        meaning_say(c, out, at + 1, 0, form, month);
}

/* As in dates: `02`. */
void saying_read_month(const saying_context *c, size_t at, meanings *out)
{
    read_month(c, at, "%02d", out);
}

void saying_read_month_number(const saying_context *c, size_t at, meanings *out)
{
    read_month(c, at, "%d", out);
}

void saying_read_weekday(const saying_context *c, size_t at, meanings *out)
{
    const word *w = word_at(c, at);
    const char *day = is_nameable(w) ? foreign_weekday(w->text) : NULL;
    if (day && strlen(w->text) > 2)
        meaning_say(c, out, at + 1, 0, "\"%s\"", day);
}

/* ---- what is right already --------------------------------------------------------------- */

/* May a condition end before this word, which is not the first? */
static bool is_behind_condition(const word *w)
{
    bool is_joint = w->kind != WORD_TEXT &&
                    is_word_of(w->text, "and or but ) , . now then else stay");
    return is_joint || w->kind == WORD_END || begins_line(w);
}

/* A condition as the language has it stays as it is. None begins with a name that no rule declares,
 * but for a path or a call. */
void saying_read_condition(const saying_context *c, size_t at, meanings *out)
{
    const word *first = word_at(c, at);
    const char *begin = first->source.data;
    const char *behind = word_at(c, at + 1)->text;
    bool is_unknown = first->kind == WORD_NAME && !keyword_find(first->text) &&
                      !rulebook_find(c->book, first->written) &&
                      strcmp(behind, ".") != 0 && strcmp(behind, "(") != 0;
    if (is_unknown)
        return;
    int depth = 0;
    for (size_t end = at; end < c->words->count && depth >= 0; end++) {
        const word *w = word_at(c, end), *next = word_at(c, end + 1);
        bool is_sign = w->kind == WORD_SIGN;
        depth += is_sign && *w->text == '(';
        depth -= is_sign && *w->text == ')';
        if (depth != 0 || !is_behind_condition(next))
            continue;
        const char *written = arena_copy_text(
            c->memory, begin, (size_t)(w->source.data + w->source.size - begin));
        const char *rule = arena_format(c->memory, "segment x when %s", written);
        if (parse_is_good(slice_of(rule)))
            meaning_add(out, end + 1, 0, written);
    }
}
