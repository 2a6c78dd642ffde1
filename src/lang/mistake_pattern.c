/* SPDX-License-Identifier: MIT
 *
 * Fits patterns of tokens. They are read anew each time: they are short, and mistakes are few.
 */
#include "lang/mistake_pattern.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>

#include "lang/foreign.h"
#include "lang/lints.h"

#define MOST_SOME 100 /* tokens: longer text has no hint of this kind */
#define MOST_BACK 24  /* so far before the trouble a pattern without @ may begin */

/* The next word of a list with blanks between, taken off its front. */
static bool take_word(const char **list, slice *out)
{
    *list += strspn(*list, " ");
    *out = (slice){*list, strcspn(*list, " ")};
    *list += out->size;
    return out->size > 0;
}

bool is_last_resort(const row *r)
{
    return r->pattern[0] == '*' && r->pattern[1] == ' ';
}

void read_pattern(const row *r, match *out)
{
    const char *pattern = r->pattern + (is_last_resort(r) ? 2 : 0);
    slice word;
    for (out->count = 0; out->count < MOST_ATOMS && take_word(&pattern, &word);) {
        atom *a = &out->atoms[out->count++];
        *a = (atom){.name = word};
        for (; a->name.size > 1 && strchr("~+@?", a->name.data[0]); a->name.data++) {
            a->is_context |= a->name.data[0] == '~';
            a->is_replaced |= a->name.data[0] == '+';
            a->is_found |= a->name.data[0] == '@';
            a->is_optional |= a->name.data[0] == '?';
            a->name.size--;
        }
    }
}

int quarter_of(const lex_token *token)
{
    const char *text = token->text;
    bool is_one = tolower((unsigned char)text[0]) == 'q' && text[1] >= '1' &&
                  text[1] <= '4' && text[2] == '\0';
    return is_one ? text[1] - '0' : 0;
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
    if (slice_is(name, "YEAR"))
        return is_whole && strlen(token->text) == 4;
    return false;
}

/* Classes of tokens, in capitals; VALUE and REST, which are no single tokens, apart. */
static bool is_of_class(const mistake *m, const lex_token *token, slice name)
{
    static const struct {
        const char *name;
        int kinds[6];
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
        {"ROLLING", {TOKEN_IN_LAST, TOKEN_IN_PREVIOUS, TOKEN_IN_NEXT}},
    };
    for (size_t i = 0; i < LENGTH(classes); i++) {
        if (slice_is(name, classes[i].name))
            return token->kind != 0 && is_one_of(token, classes[i].kinds, 6);
    }
    return is_of_made_class(token, name) || is_of_data_class(m, token, name);
}

/* Is it written like this? `_` stands for the blank of a phrase, too. */
static bool is_spelled(const lex_token *token, slice name)
{
    if (token->is_quoted || token->kind == TOKEN_STRING || is_end(token) ||
        strlen(token->text) != name.size)
        return false;
    for (size_t i = 0; i < name.size; i++) {
        char is = token->text[i], wanted = name.data[i];
        bool is_blank = is == ' ' && wanted == '_';
        if (tolower((unsigned char)is) != wanted && !is_blank)
            return false;
    }
    return true;
}

static bool is_class_name(slice name)
{
    return name.size > 1 && isupper((unsigned char)name.data[0]);
}

/* The weight of the first of the names between bars that the token fits: words count more
 * than classes. 0: of none. */
static unsigned weight_of(const mistake *m, const lex_token *token, slice names)
{
    if (names.size > 1 && names.data[0] == '!' && names.data[1] != '=')
        return weight_of(m, token, (slice){names.data + 1, names.size - 1}) == 0;
    while (names.size > 0) {
        const char *bar = memchr(names.data, '|', names.size);
        size_t size = bar && names.size > 1 ? (size_t)(bar - names.data) : names.size;
        slice name = {names.data, size};
        bool is_class = is_class_name(name);
        if (is_class ? is_of_class(m, token, name) : is_spelled(token, name))
            return is_class ? 2 - slice_is(name, "ANY") : 3;
        size_t taken = size < names.size ? size + 1 : size;
        names = (slice){names.data + taken, names.size - taken};
    }
    return 0;
}

bool fits_piece(const mistake *m, const lex_token *token, slice names)
{
    return weight_of(m, token, names) > 0;
}

/* SOME goes on over whole brackets; where nothing is behind it, up to a joint. */
static bool is_some_end(const mistake *m, size_t at, size_t *depth)
{
    int kind = token_at(m->p, at)->kind;
    if (kind == 0 || (kind == ')' && *depth == 0))
        return true;
    *depth += kind == '(';
    *depth -= kind == ')';
    return false;
}

static bool fits_behind(const mistake *m, match *out, size_t i, size_t at);

static bool fits_some(const mistake *m, match *out, size_t i, size_t at)
{
    static const int joints[] = {TOKEN_WHEN, TOKEN_AND,       TOKEN_OR,
                                 TOKEN_ELSE, TOKEN_OTHERWISE, TOKEN_STAY_WHILE,
                                 TOKEN_PLUS, TOKEN_MINUS,     ','};
    atom *a = &out->atoms[i];
    size_t depth = 0;
    bool is_last = i + 1 == out->count;
    for (a->from = a->to = at;
         a->to - at < MOST_SOME && !is_some_end(m, a->to, &depth);) {
        a->to++;
        if (depth == 0 && !is_last && fits_behind(m, out, i + 1, a->to))
            return true;
        if (depth == 0 && is_last && IS_IN(token_at(m->p, a->to), joints))
            break;
    }
    return is_last && a->to > at && a->to - at < MOST_SOME;
}

/* Do the pieces from the `i`th on stand from token `at` on? */
static bool fits_behind(const mistake *m, match *out, size_t i, size_t at)
{
    if (i == out->count)
        return true;
    atom *a = &out->atoms[i];
    if (slice_is(a->name, "SOME") && fits_some(m, out, i, at))
        return true;
    bool is_rest = slice_is(a->name, "REST");
    a->from = at;
    a->to = is_rest ? operand_end_index(m, at) : at + 1;
    bool fits = is_rest ? a->to > at : fits_piece(m, token_at(m->p, at), a->name);
    if (fits && fits_behind(m, out, i + 1, a->to))
        return true;
    a->from = a->to = at;
    return a->is_optional && fits_behind(m, out, i + 1, at);
}

/* Do the first `count` pieces stand right before token `at`? */
static bool fits_before(const mistake *m, match *out, size_t count, size_t at)
{
    if (count == 0)
        return true;
    atom *a = &out->atoms[count - 1];
    a->to = at;
    if (slice_is(a->name, "VALUE")) {
        a->from = operand_begin(m, at);
        return a->from < at && token_at(m->p, a->from)->kind != TOKEN_DID;
    }
    size_t open = 0;
    for (a->from = at; a->from > m->p->begin && at - a->from < MOST_SOME;) {
        int kind = token_at(m->p, --a->from)->kind;
        if (!slice_is(a->name, "SOME")) {
            if (fits_piece(m, token_at(m->p, a->from), a->name) &&
                fits_before(m, out, count - 1, a->from))
                return true;
            a->from = at;
            return a->is_optional && fits_before(m, out, count - 1, at);
        }
        if (kind == '(' && open == 0)
            break;
        open += kind == ')';
        open -= kind == '(';
        if (open == 0 && fits_before(m, out, count - 1, a->from))
            return true;
    }
    a->from = at;
    return a->is_optional && fits_before(m, out, count - 1, at);
}

static void weigh(const mistake *m, match *out)
{
    for (size_t i = 0; i < out->count; i++) {
        const atom *a = &out->atoms[i];
        if (a->to > a->from)
            out->weight += weight_of(m, token_at(m->p, a->from), a->name);
    }
}

/* Is the trouble one of the tokens that the pattern stands for? At the end of the rule it is
 * right behind them. */
static bool holds_trouble(const mistake *m, const match *out)
{
    size_t end = out->atoms[out->count - 1].to;
    return out->atoms[0].from <= m->at && m->at < end + is_end(m->found);
}

/* A pattern without @: it may begin at the trouble, or some tokens before; where it fits at
 * several places, that with most of its pieces counts. */
static bool fits_around(const mistake *m, match *out)
{
    bool has_value = slice_is(out->atoms[0].name, "VALUE");
    match best = {0};
    for (size_t at = m->at + 1; at > m->p->begin && m->at - at + 1 <= MOST_BACK;) {
        match tried = *out;
        at--;
        if (!fits_behind(m, &tried, has_value, at) ||
            !fits_before(m, &tried, has_value, at) || !holds_trouble(m, &tried))
            continue;
        weigh(m, &tried);
        if (tried.weight > best.weight)
            best = tried;
    }
    if (best.row)
        *out = best;
    return best.row;
}

bool fits_pattern(const mistake *m, match *out)
{
    size_t found = 0;
    while (found < out->count && !out->atoms[found].is_found)
        found++;
    if (found == out->count)
        return fits_around(m, out);
    bool fits = fits_behind(m, out, found, m->at) && fits_before(m, out, found, m->at);
    if (fits)
        weigh(m, out);
    return fits;
}

/* ---- what is expected --------------------------------------------------------------- */

static int token_of(slice name)
{
    static const struct {
        const char *name;
        int token;
    } others[] = {{"NAME", TOKEN_NAME},       {"NUMBER", TOKEN_NUMBER},
                  {"STRING", TOKEN_STRING},   {"DATE", TOKEN_DATE},
                  {"PERCENT", TOKEN_PERCENT}, {"DATETIME", TOKEN_DATETIME},
                  {"UNIT", TOKEN_UNIT},       {">=", TOKEN_GE}};
    char spelling[32];
    for (size_t i = 0; i < LENGTH(others); i++) {
        if (slice_is(name, others[i].name))
            return others[i].token;
    }
    if (name.size == 1)
        return name.data[0];
    snprintf(spelling, sizeof spelling, "%.*s", (int)name.size, name.data);
    for (char *at = strchr(spelling, '_'); at; at = strchr(at, '_'))
        *at = ' ';
    const keyword *known = keyword_find(spelling);
    assert(known);
    return known->token;
}

/* Each of these may stand here, those behind ! may not, and the declaration begins with the one
 * behind ~. */
bool fits_expected(const mistake *m, const char *expected, unsigned *weight)
{
    slice name;
    while (take_word(&expected, &name)) {
        bool is_marked = name.size > 1 && strchr("!~", name.data[0]);
        char mark = is_marked ? name.data[0] : '\0';
        int token = token_of((slice){name.data + is_marked, name.size - is_marked});
        if (mark == '~' ? token_at(m->p, m->p->begin)->kind != token
                        : expects(m, token) == (mark == '!'))
            return false;
        *weight += 1;
    }
    return true;
}
