/* SPDX-License-Identifier: MIT
 *
 * A row of recognisers, each for one typical mistake: the first that knows what it sees
 * reports it. Behind them stands the plain message with what was found and what may
 * stand there. They look at the tokens around the trouble and at what the parser
 * expected.
 */
#include "lang/mistake.h"

#include <stdio.h>
#include <string.h>

#include "lang/mistaken.h"
#include "report/suggest.h"

#define MOST_EXPECTED 5

/* ---- heads ------------------------------------------------------------------------ */

/* The head that a word at the begin of a line was meant to be, or NULL: the same word
 * behind blanks, or a similar one at the left margin. */
static const keyword *meant_head(const lex_token *token)
{
    const keyword *same = keyword_find(token->text);
    if (same || !token->is_at_margin)
        return same && same->use == KEYWORD_HEAD ? same : NULL;
    suggestion s = suggest_begin(token->text);
    for (size_t i = 0; i < keyword_count; i++) {
        if (keywords[i].use == KEYWORD_HEAD)
            suggest_consider(&s, keywords[i].spelling);
    }
    return suggest_best(&s) ? keyword_find(suggest_best(&s)) : NULL;
}

static bool is_lost_head(const parser *p, size_t at)
{
    const lex_token *token = token_at(p, at), *behind = token_at(p, at + 1);
    bool is_followed = behind->kind == TOKEN_NAME || behind->kind == TOKEN_STRING;
    return is_plain_name(token) && token->is_first_in_line && is_followed &&
           meant_head(token);
}

bool mistake_find_head(const parser *p, size_t at, size_t *lost)
{
    for (size_t steps = 0; steps <= 2 && at >= p->begin + steps; steps++) {
        if (is_lost_head(p, at - steps)) {
            *lost = at - steps;
            return true;
        }
    }
    return false;
}

bool mistake_find_next_head(const parser *p, size_t at, size_t *lost)
{
    for (*lost = at + 1; *lost < p->end; ++*lost) {
        if (p->tokens[*lost].is_at_margin && is_lost_head(p, *lost))
            return true;
    }
    return false;
}

/* What stands between the begin of the line and the token. */
static span blanks_before(const lex_token *token)
{
    place at = source_place(token->where.file, token->where.begin);
    uint32_t begin = source_line_begin(token->where.file, at.line);
    return (span){token->where.file, begin, token->where.begin};
}

const keyword *mistake_report_head(const parser *p, size_t lost)
{
    const lex_token *token = &p->tokens[lost];
    const keyword *head = meant_head(token);
    if (strcmp(head->spelling, token->text) == 0) {
        error(p, token->where, E0101,
              "\"%s\" begins a declaration only at the left margin", head->spelling);
        hint(p, "Take away the blanks before it.");
        fix(p, blanks_before(token), "%s", "");
    } else {
        error(p, token->where, E0101, "no declaration begins with \"%s\"", token->text);
        offer(p, token->where, "Did you mean \"%s\"?", "%s", head->spelling);
    }
    return head;
}

/* ---- names ------------------------------------------------------------------------ */

static bool refuse_word(const mistake *m, const lex_token *word)
{
    error(m, word->where, E0123,
          "\"%s\" is a word of the language and cannot be a name here", word->text);
    offer(m, word->where, "Choose another name, or put it in backticks everywhere: %s.",
          "`%s`", word->text);
    return true;
}

/* Does what stands behind a word show that the word is meant as a name? */
static bool is_followed_as_name(const mistake *m)
{
    bool begins_list = is_head(m->before) && m->behind->is_first_in_line;
    return begins_list ||
           IS_ANY(m->behind, TOKEN_WHEN, TOKEN_OTHERWISE, TOKEN_STRING, '=',
                  TOKEN_PERCENT, TOKEN_ON, TOKEN_PLUS, TOKEN_MINUS, TOKEN_BY);
}

static bool names_reserved_word(const mistake *m)
{
    bool is_followed = is_followed_as_name(m);
    bool is_due = is_followed || is_head(m->before) || m->found->is_first_in_line ||
                  m->before->kind == TOKEN_AMONG || m->before->kind == TOKEN_DURING;
    if (!m->found->keyword || !expects(m, TOKEN_NAME) || expects(m, TOKEN_NUMBER) ||
        expects(m, TOKEN_ANYTHING) || !is_due ||
        (IS_IN(m->found, joint_tokens) && !is_followed))
        return false;
    bool is_group = token_at(m->p, m->p->begin)->kind == TOKEN_GROUPS;
    if (m->found->kind == TOKEN_OTHERWISE && is_group && !is_followed) {
        error(m, m->found->where, E0101, "this group has no name");
        hint(m, "Write the name first, for example: others otherwise.");
        return true;
    }
    if (m->before->kind == TOKEN_DURING || m->before->kind == TOKEN_AMONG)
        return false;
    return refuse_word(m, m->found);
}

/* ---- numbers and brackets --------------------------------------------------------- */

static bool closes_too_much(const mistake *m)
{
    const lex_token *innermost = NULL;
    if (m->found->kind != ')' || open_brackets(m, &innermost) > 0)
        return false;
    error(m, m->found->where, E0101, "no bracket is open that this one closes");
    hint(m, "Take it away, or open one before it.");
    fix(m, m->found->where, "%s", "");
    return true;
}

/* ---- half phrases --------------------------------------------------------------- */

/* `a starts "x"`: the first word of a phrase that is expected. */
static bool leaves_phrase_half(const mistake *m)
{
    size_t length = strlen(m->found->text);
    if (!token_is_word(m->found))
        return false;
    for (size_t i = 0; i < keyword_count; i++) {
        const keyword *phrase = &keywords[i];
        if (phrase->use != KEYWORD_PHRASE || !expects(m, phrase->token) ||
            strncmp(phrase->spelling, m->found->text, length) != 0 ||
            phrase->spelling[length] != ' ')
            continue;
        error(m, m->found->where, E0101, "\"%s\" cannot stand here alone",
              m->found->text);
        offer(m, m->found->where, "Did you mean \"%s\"?", "%s", phrase->spelling);
        return true;
    }
    return false;
}

/* ---- anything else ---------------------------------------------------------------- */

/* What is due, as far as it decides which words make sense in a message. */
typedef enum due {
    DUE_VALUE = 1, /* any value, and so any name */
    DUE_EVENT = 2,
    DUE_WORDS = 4, /* a name, and so many words of sentences */
    DUE_SIGN = 8,  /* arithmetic, behind a value */
    DUE_WINDOW = 16,
    DUE_ANCHOR = 32 /* of, after or before, behind a unit of time */
} due;

/* In plain words: when `token` is expected, and nothing of `unless` is due. */
typedef struct possibility {
    int token, unless;
    const char *words;
} possibility;

static const possibility possibilities[] = {
#define X(token, unless, words) {token, unless, words},
#include "lang/possibilities.def"
#undef X
};

static int what_is_due(const mistake *m)
{
    return (expects(m, TOKEN_TRUE) ? DUE_VALUE : 0) |
           (expects(m, TOKEN_ANYTHING) ? DUE_EVENT : 0) |
           (expects(m, TOKEN_HALF) && expects(m, TOKEN_NAME) ? DUE_WORDS : 0) |
           (expects(m, '+') ? DUE_SIGN : 0) |
           (expects(m, TOKEN_IN_LAST) ? DUE_WINDOW : 0) |
           (expects(m, TOKEN_BEFORE) && !expects(m, TOKEN_IN_LAST) ? DUE_ANCHOR : 0);
}

static void append_possibilities(const mistake *m, text *out)
{
    const char *words[MOST_EXPECTED];
    size_t count = 0;
    int is_due = what_is_due(m);
    for (size_t i = 0; i < LENGTH(possibilities) && count < MOST_EXPECTED; i++) {
        if (expects(m, possibilities[i].token) && (is_due & possibilities[i].unless) == 0)
            words[count++] = possibilities[i].words;
    }
    for (size_t i = 0; i < count; i++) {
        text_append(out, i == 0 ? "Here may stand " : i + 1 == count ? " or " : ", ");
        text_append(out, words[i]);
    }
    if (count > 0)
        text_append_char(out, '.');
}

static void report_found(const mistake *m)
{
    const lex_token *first = &m->p->tokens[m->p->begin];
    const lex_token *name = token_at(m->p, m->p->begin + 1);
    if (!is_end(m->found) && m->found->kind == TOKEN_STRING)
        error(m, m->found->where, E0101, "a text cannot stand here");
    else if (!is_end(m->found))
        error(m, m->found->where, E0101, "\"%s\" cannot stand here", m->found->text);
    else if (name->text[0] != '\0' && is_head(first))
        error(m, m->found->where, E0101, "\"%s\" is not finished", name->text);
    else
        error(m, m->found->where, E0101, "the declaration is not finished");
}

static bool report_plainly(const mistake *m)
{
    text may;
    text_init(&may);
    append_possibilities(m, &may);
    report_found(m);
    if (may.size > 0)
        hint(m, "%s", may.data);
    text_done(&may);
    return true;
}

/* Near something that has been reported, nothing more is said; nor behind a quote that
 * was not closed. */
static bool follows_from_another(const mistake *m)
{
    for (size_t at = m->p->begin; at < m->at; at++) {
        if (m->p->tokens[at].is_unclosed)
            return true;
    }
    return m->found->is_repaired || m->before->is_repaired || m->behind->is_repaired ||
           back(m, 2)->is_repaired;
}

static bool hint_if_of_data(const mistake *m, const char *word)
{
    if (name_index_find(&m->p->names->words, word) == SIZE_MAX)
        return false;
    hint(m,
         "\"%s\" is a word of the language and a name of the data: where that is "
         "meant, write `%s`.",
         word, word);
    return true;
}

/* A word near the trouble that the data have as a name, too; of a phrase either word. */
static void hint_data_word(const mistake *m)
{
    const lex_token *near[] = {m->found, m->before, back(m, 2), m->behind};
    for (size_t i = 0; m->p->names && i < LENGTH(near); i++) {
        char words[32];
        if (!near[i]->keyword || near[i]->keyword->use == KEYWORD_HEAD)
            continue;
        snprintf(words, sizeof words, "%s", near[i]->text);
        char *second = strchr(words, ' ');
        if (second)
            *second++ = '\0';
        if (hint_if_of_data(m, words) || (second && hint_if_of_data(m, second)))
            return;
    }
}

void mistake_report(const parser *p, size_t at)
{
    static bool (*const recognisers[])(const mistake *m) = {
        follows_from_another, mistake_in_query, mistake_in_rows,  names_reserved_word,
        mistake_in_words,     mistake_in_use,   mistake_in_shape, mistake_in_joints,

        closes_too_much,

        leaves_phrase_half,

        mistake_in_last_rows, report_plainly,
    };
    size_t errors = diags_error_count(p->diags);
    mistake m = {.p = p, .diags = p->diags, .at = at, .found = token_at(p, at)};
    m.before = back(&m, 1);
    m.behind = token_at(p, at + 1);
    for (size_t i = 0; i < LENGTH(recognisers); i++) {
        if (recognisers[i](&m))
            break;
    }
    if (diags_error_count(p->diags) > errors)
        hint_data_word(&m);
}
