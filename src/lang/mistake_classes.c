/* SPDX-License-Identifier: MIT
 *
 * The classes of tokens that patterns of mistakes.def name in capitals.
 */
#include "lang/mistake_pattern.h"

#include <ctype.h>

#include "lang/foreign.h"
#include "lang/lints.h"

int quarter_of(const lex_token *token)
{
    const char *text = token->text;
    bool is_one = tolower((unsigned char)text[0]) == 'q' && text[1] >= '1' &&
                  text[1] <= '4' && text[2] == '\0';
    return is_one ? text[1] - '0' : 0;
}

int month_of(const lex_token *token)
{
    return token_is_word(token) ? foreign_month(token->text) : 0;
}

int ordinal_of(const lex_token *token)
{
    if (token->kind == TOKEN_SECOND && !token->is_quoted)
        return 2;
    return token->kind == TOKEN_ORD ? token->keyword->value : 0;
}

/* Classes of names that the data know. */
static bool is_of_data_class(const mistake *m, const lex_token *token, slice name)
{
    const data_names *names = m->p->names;
    if (token->kind != TOKEN_NAME)
        return false;
    if (slice_is(name, "EVENT"))
        return !names || data_event(names, token->text);
    if (slice_is(name, "KIND"))
        return names && schema_find_event(names->schema, token->text) != SCHEMA_NONE;
    if (slice_is(name, "TRAIT"))
        return names && data_has_trait(names, token->text);
    if (slice_is(name, "PROPERTY"))
        return names && data_has_property(names, token->text);
    if (slice_is(name, "JOINING"))
        return names && schema_joining_trait(names->schema) &&
               is_word_for_joining(token->text);
    if (slice_is(name, "BIRTHDAY"))
        return names_birthday(token->text);
    return false;
}

/* Classes of tokens that are no kinds of tokens. */
static bool is_of_made_class(const lex_token *token, slice name)
{
    bool is_whole = token->kind == TOKEN_NUMBER && token->number.scale == 0;
    calendar_unit unit;
    if (slice_is(name, "END"))
        return is_end(token);
    if (slice_is(name, "ANY"))
        return !is_end(token);
    if (slice_is(name, "LINE"))
        return !is_end(token) && token->is_first_in_line;
    if (slice_is(name, "HEAD"))
        return is_head(token);
    if (slice_is(name, "WORD"))
        return token_is_word(token);
    if (slice_is(name, "PEOPLE"))
        return is_word_for_people(token->text);
    if (slice_is(name, "SPAN"))
        return calendar_unit_parse(token->text, strlen(token->text), &unit);
    if (slice_is(name, "MONTH"))
        return month_of(token) != 0;
    if (slice_is(name, "ORDINAL"))
        return ordinal_of(token) != 0;
    if (slice_is(name, "QUARTER"))
        return quarter_of(token) != 0;
    if (slice_is(name, "WHOLE"))
        return is_whole;
    if (slice_is(name, "CALLWORD"))
        return is_plain_name(token) && keyword_find(token->text) &&
               keyword_find(token->text)->use == KEYWORD_CALL;
    if (slice_is(name, "UNITWORD"))
        return is_plain_name(token) && foreign_unit(token->text);
    if (slice_is(name, "PERCENTWORD"))
        return is_plain_name(token) && foreign_find(token->text, NULL) &&
               strcmp(foreign_find(token->text, NULL)->ours, "%") == 0;
    if (slice_is(name, "TRIPLE"))
        return token->kind == TOKEN_NUMBER && strcspn(token->text, ".") == 3;
    if (slice_is(name, "DECIMALS"))
        return token->kind == TOKEN_PERCENT ||
               (token->kind == TOKEN_NUMBER && strcspn(token->text, ".") != 3);
    if (slice_is(name, "POINTED"))
        return token->kind == TOKEN_NUMBER && strchr(token->text, '.');
    if (slice_is(name, "FILEPATH"))
        return token->kind == TOKEN_STRING && is_file_name(token->text);
    if (slice_is(name, "PERCENTTEXT"))
        return token->kind == TOKEN_STRING && strchr(token->text, '%');
    if (slice_is(name, "YEAR"))
        return is_whole && strlen(token->text) == 4;
    return false;
}

/* Classes of tokens, in capitals; VALUE and REST, which are no single tokens, apart. */
static bool is_of_class(const mistake *m, const lex_token *token, slice name)
{
    static const struct {
        const char *name;
        int kinds[14];
    } classes[] = {
        {"NUMBER", {TOKEN_NUMBER}},
        {"PERCENT", {TOKEN_PERCENT}},
        {"STRING", {TOKEN_STRING}},
        {"NAME", {TOKEN_NAME}},
        {"DATE", {TOKEN_DATE}},
        {"INSTANT", {TOKEN_DATE, TOKEN_DATETIME, TOKEN_NOW}},
        {"UNIT", {TOKEN_UNIT, TOKEN_SECOND}},
        {"CALL", {TOKEN_AGG}},
        {"COMPARE", {'=', '<', '>', TOKEN_LE, TOKEN_GE, TOKEN_NE}},
        {"TIMES", {TOKEN_TIMES, TOKEN_ONCE, TOKEN_TWICE}},
        {"WINDOW", {WINDOWS}},
        {"ROLLING", {TOKEN_IN_LAST, TOKEN_IN_PREVIOUS, TOKEN_IN_NEXT}},
    };
    for (size_t i = 0; i < LENGTH(classes); i++) {
        if (slice_is(name, classes[i].name))
            return token->kind != 0 && is_one_of(token, classes[i].kinds, 14);
    }
    return is_of_made_class(token, name) || is_of_data_class(m, token, name);
}

/* ---- several tokens ----------------------------------------------------------------- */

/* What number one word says; false: it is none. */
static bool read_number_word(const mistake *m, size_t at, unsigned *number)
{
    static const struct {
        const char *word;
        unsigned number;
    } words[] = {
#define X(word, number) {word, number},
#include "lang/number_words.def"
#undef X
    };
    for (size_t i = 0; i < LENGTH(words); i++) {
        *number = words[i].number;
        if (words_at(m, at, slice_of(words[i].word)) > 0)
            return true;
    }
    return false;
}

size_t number_in_words(const mistake *m, size_t at, unsigned *number)
{
    unsigned next;
    if (!read_number_word(m, at, number))
        return 0;
    size_t count = 1 + (token_at(m->p, at + 1)->kind == '-');
    if (!read_number_word(m, at + count, &next))
        return 1;
    bool is_multiple = *number < 10 && (next == 12 || next >= 100);
    if (!is_multiple && (*number < 20 || *number >= 100 || next >= 10))
        return 1;
    *number = is_multiple ? *number * next : *number + next;
    return count + 1;
}

static const quantity quantities[] = {
    {TOKEN_AT_LEAST, ">=", "at least", "fewer than", REACH_BEYOND, "until", " ago",
     "until", "at or after"},
    {TOKEN_AT_MOST, "<=", "at most", "more than", REACH_WITHIN, "since", " ago", NULL,
     NULL},
    {TOKEN_EXACTLY, "=", "exactly", NULL, REACH_AT, NULL, NULL, NULL, NULL},
    {TOKEN_MORE_THAN, ">", "more than", "at most", REACH_BEYOND, "before", " ago",
     "before", "after"},
    {TOKEN_FEWER_THAN, "<", "fewer than", "at least", REACH_WITHIN, "in last", "", NULL,
     NULL},
};

static const quantity *quantity_of(int token)
{
    size_t i = 0;
    while (quantities[i].token != token)
        i++;
    return &quantities[i];
}

const quantity *quantity_at(const mistake *m, size_t at, size_t *count)
{
    static const struct {
        const char *words;
        int token;
    } sayings[] = {
#define X(words, token) {words, token},
#include "lang/quantity_words.def"
#undef X
    };
    for (size_t i = 0; i < LENGTH(sayings); i++) {
        *count = words_at(m, at, slice_of(sayings[i].words));
        if (*count > 0)
            return quantity_of(sayings[i].token);
    }
    return NULL;
}

/* `"a", "b"`. */
static size_t strings_at(const mistake *m, size_t at)
{
    size_t end = at;
    while (token_at(m->p, end)->kind == TOKEN_STRING &&
           token_at(m->p, end + 1)->kind == ',')
        end += 2;
    return token_at(m->p, end)->kind == TOKEN_STRING ? end + 1 - at : 0;
}

/* `big-spenders`, without blanks. */
static size_t hyphened_at(const mistake *m, size_t at)
{
    size_t end = at;
    while (token_is_word(token_at(m->p, end)) && token_at(m->p, end + 1)->kind == '-' &&
           token_at(m->p, end)->where.end == token_at(m->p, end + 1)->where.begin)
        end += 2;
    return end > at ? end + 1 - at : 0;
}

/* ---- values -------------------------------------------------------------------------- */

bool names_value(slice name)
{
    return slice_is(name, "VALUE") || slice_is(name, "LENGTH") ||
           slice_is(name, "MOMENT") || slice_is(name, "DEED");
}

/* Is it a time, by its words alone? */
static bool is_moment(const mistake *m, size_t at, size_t end)
{
    bool is_change = token_at(m->p, at + 1)->kind == TOKEN_CHANGE_OF;
    for (size_t i = at; i < end && !is_change; i++)
        if (IS_ANY(token_at(m->p, i), '.', '(', '+', '-', '*', '/'))
            return false;
    return IS_ANY(token_at(m->p, at), TOKEN_LAST, TOKEN_FIRST);
}

bool is_value_class(const mistake *m, size_t at, size_t end, slice name)
{
    const lex_token *first = token_at(m->p, at);
    if (slice_is(name, "LENGTH"))
        return IS_ANY(first, TOKEN_TIME_SINCE, TOKEN_TIME_UNTIL);
    if (slice_is(name, "MOMENT"))
        return is_moment(m, at, end);
    return (first->kind == TOKEN_DID) == slice_is(name, "DEED");
}

size_t class_size(const mistake *m, size_t at, slice name)
{
    unsigned number;
    size_t count;
    bool is_farther = slice_is(name, "FARTHER"), is_nearer = slice_is(name, "NEARER");
    if (is_farther || is_nearer || slice_is(name, "QUANTITY")) {
        const quantity *said = quantity_at(m, at, &count);
        bool fits = said && (!is_farther || said->reach == REACH_BEYOND) &&
                    (!is_nearer || said->reach == REACH_WITHIN);
        return fits ? count : 0;
    }
    if (slice_is(name, "STRINGS"))
        return strings_at(m, at);
    if (slice_is(name, "HYPHENED"))
        return hyphened_at(m, at);
    if (slice_is(name, "SPELLED"))
        return number_in_words(m, at, &number);
    return is_of_class(m, token_at(m->p, at), name);
}
