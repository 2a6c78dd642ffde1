/* SPDX-License-Identifier: MIT
 *
 * Fits patterns of tokens. They are read anew each time: they are short, and mistakes are few.
 */
#include "lang/mistake_pattern.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>

#define MOST_SOME 100 /* tokens: longer text has no hint of this kind */
#define MOST_BACK 50  /* so far before the trouble a pattern may begin */

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
        for (; a->name.size > 1 && strchr("~+@?^", a->name.data[0]); a->name.data++) {
            a->is_context |= a->name.data[0] == '~';
            a->is_replaced |= a->name.data[0] == '+';
            a->is_found |= a->name.data[0] == '@';
            a->is_optional |= a->name.data[0] == '?';
            a->is_glued |= a->name.data[0] == '^';
            a->name.size--;
        }
    }
}

static bool is_class_name(slice name)
{
    return name.size > 1 && isupper((unsigned char)name.data[0]);
}

/* How many tokens from `at` on are one of the names between bars, and how much that weighs: words count
 * more than classes. 0: none. */
static size_t piece_size(const mistake *m, size_t at, slice names, unsigned *weight)
{
    if (names.size > 1 && names.data[0] == '!' && names.data[1] != '=') {
        slice denied = {names.data + 1, names.size - 1};
        size_t size = piece_size(m, at, denied, weight);
        *weight = 1;
        return size == 0;
    }
    while (names.size > 0) {
        const char *bar = memchr(names.data, '|', names.size);
        size_t length = bar && names.size > 1 ? (size_t)(bar - names.data) : names.size;
        slice name = {names.data, length};
        bool is_class = is_class_name(name);
        size_t size = is_class ? class_size(m, at, name) : words_at(m, at, name);
        *weight = is_class ? 2 - slice_is(name, "ANY") : 3;
        if (size > 0)
            return size;
        size_t taken = length < names.size ? length + 1 : length;
        names = (slice){names.data + taken, names.size - taken};
    }
    return 0;
}

bool fits_piece(const mistake *m, size_t at, slice names)
{
    unsigned weight;
    return piece_size(m, at, names, &weight) > 0;
}

static bool fits_from(const mistake *m, match *out, size_t i, size_t at);

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

static bool fits_some(const mistake *m, match *out, size_t i, size_t at)
{
    static const int joints[] = {TOKEN_WHEN, TOKEN_AND,       TOKEN_OR,
                                 TOKEN_ELSE, TOKEN_OTHERWISE, TOKEN_STAY_WHILE,
                                 TOKEN_PLUS, TOKEN_MINUS,     ','};
    atom *a = &out->atoms[i];
    size_t depth = 0;
    bool is_last = i + 1 == out->count;
    for (a->to = at; a->to - at < MOST_SOME && !is_some_end(m, a->to, &depth);) {
        a->to++;
        if (depth == 0 && !is_last && fits_from(m, out, i + 1, a->to))
            return true;
        if (depth == 0 && is_last && IS_IN(token_at(m->p, a->to), joints))
            break;
    }
    return is_last && a->to > at && a->to - at < MOST_SOME;
}

/* A whole value that begins at the token and ends before the trouble. */
static bool fits_value(const mistake *m, match *out, size_t i, size_t at)
{
    atom *a = &out->atoms[i];
    for (a->to = at + 1; a->to <= m->at && a->to - at < MOST_SOME; a->to++)
        if (operand_begin(m, a->to) == at && is_value_class(m, at, a->to, a->name) &&
            fits_from(m, out, i + 1, a->to))
            return true;
    return false;
}

/* Does the piece begin at the token, with what follows it? */
static bool fits_present(const mistake *m, match *out, size_t i, size_t at)
{
    atom *a = &out->atoms[i];
    unsigned weight = 0;
    a->from = at;
    if (a->is_glued &&
        token_at(m->p, at - 1)->where.end != token_at(m->p, at)->where.begin)
        return false;
    if (slice_is(a->name, "SOME") && fits_some(m, out, i, at))
        return true;
    if (names_value(a->name)) {
        out->weight += slice_is(a->name, "VALUE") ? 0 : 2;
        return fits_value(m, out, i, at);
    }
    a->to = slice_is(a->name, "REST") ? operand_end_index(m, at)
                                      : at + piece_size(m, at, a->name, &weight);
    out->weight += weight;
    return a->to > at && fits_from(m, out, i + 1, a->to);
}

/* Do the pieces from the `i`th on stand from token `at` on? */
static bool fits_from(const mistake *m, match *out, size_t i, size_t at)
{
    if (i == out->count)
        return true;
    atom *a = &out->atoms[i];
    if (a->is_found && at != m->at)
        return false;
    unsigned weight = out->weight;
    if (fits_present(m, out, i, at))
        return true;
    out->weight = weight;
    a->from = a->to = at;
    return a->is_optional && fits_from(m, out, i + 1, at);
}

/* Is the trouble one of the tokens that the pattern stands for? At the end of the rule it is
 * right behind them. */
static bool holds_trouble(const mistake *m, const match *out)
{
    size_t end = out->atoms[out->count - 1].to;
    return out->atoms[0].from <= m->at && m->at < end + is_end(m->found);
}

/* A pattern begins at the trouble, or some tokens before; where it fits at several places, that with
 * most of its pieces counts. */
bool fits_pattern(const mistake *m, match *out)
{
    match best = {0};
    for (size_t back = 0; back < MOST_BACK && m->at >= m->p->begin + back; back++) {
        out->weight = 0;
        if (fits_from(m, out, 0, m->at - back) && holds_trouble(m, out) &&
            out->weight > best.weight)
            best = *out;
    }
    if (best.row)
        *out = best;
    return best.row;
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
