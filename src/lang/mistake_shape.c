/* SPDX-License-Identifier: MIT
 *
 * Right words in the wrong shape: rules that end too early, conditions and numbers that
 * stand where the language has another place for them.
 */
#include "lang/mistaken.h"

/* ---- what is not finished --------------------------------------------------------- */

/* What has to follow a word or sign, and an example of it. */
typedef struct follower {
    int token;
    const char *what, *example;
} follower;

static const follower followers[] = {
#define X(token, what, example) {token, what, example},
#include "lang/followers.def"
#undef X
};

/* `when did purchase and`, and then nothing, or something that begins no operand. */
static bool ends_too_early(const mistake *m)
{
    if (!is_end(m->found) &&
        !IS_ANY(m->found, ')', TOKEN_AND, TOKEN_OR, TOKEN_THEN, TOKEN_ELSE, TOKEN_WHEN,
                TOKEN_OTHERWISE, TOKEN_STAY_WHILE))
        return false;
    for (size_t i = 0; i < LENGTH(followers); i++) {
        const follower *f = &followers[i];
        if (m->before->kind != f->token || is_head(back(m, 2)))
            continue;
        error(m, m->before->where, E0101, "behind \"%s\" %s is missing", m->before->text,
              f->what);
        hint(m, "Write, for example: %s.", f->example);
        return true;
    }
    return false;
}

/* `count(purchase in last 30 days >= 3`. */
static bool leaves_bracket_open(const mistake *m)
{
    const lex_token *innermost = NULL;
    if (!expects(m, ')') || open_brackets(m, &innermost) == 0 || is_closed_later(m))
        return false;
    error(m, innermost->where, E0101, "this bracket is not closed");
    if (is_end(m->found))
        hint(m, "Close it with ).");
    else
        hint(m, "Close it before \"%s\".", m->found->text);
    fix(m, span_behind(m->before), ")");
    return true;
}

/* ---- sequences --------------------------------------------------------------------- */

/* Where the sentence ends that the trouble stands in. */
static uint32_t sentence_end(const mistake *m)
{
    uint32_t end = m->found->where.end;
    for (size_t at = m->at; at < m->p->end; at++) {
        if (IS_ANY(&m->p->tokens[at], TOKEN_AND, TOKEN_OR, TOKEN_ELSE, TOKEN_STAY_WHILE,
                   TOKEN_OTHERWISE, TOKEN_WHEN))
            break;
        end = m->p->tokens[at].where.end;
    }
    return end;
}

/* The last token of the steps `... then b within 3 days then c`; what is said of the whole
 * sequence stands behind the brackets. */
static const lex_token *last_of_steps(const mistake *m)
{
    uint32_t end = sentence_end(m);
    size_t depth = 0, at = m->at;
    for (; at < m->p->end && m->p->tokens[at].where.begin < end; at++) {
        const lex_token *token = &m->p->tokens[at];
        bool is_later =
            IS_IN(token, quantity_tokens) && token_at(m->p, at + 3)->kind == TOKEN_LATER;
        bool is_step = token->kind == TOKEN_WITHIN || is_later;
        bool ends = IS_ANY(token, TOKEN_ALL_WITHIN, TOKEN_WITH_SAME, TOKEN_WITH_ONLY,
                           TOKEN_WITHOUT_REPEATS, TOKEN_STRICTLY_LATER, ',') ||
                    IS_IN(token, window_tokens) || IS_IN(token, quantity_tokens) ||
                    IS_IN(token, times_tokens);
        if (depth == 0 && (token->kind == ')' || (ends && !is_step)))
            break;
        depth += token->kind == '(';
        depth -= token->kind == ')';
    }
    return &m->p->tokens[at - 1];
}

/* `did add_to_cart then purchase`. */
static bool lacks_sequence_brackets(const mistake *m)
{
    char steps[MOST_EXCERPT + 1];
    const lex_token *did = FIND_ANY(m, TOKEN_DID, TOKEN_OR, TOKEN_WHEN, TOKEN_IF);
    if (m->found->kind != TOKEN_THEN || !did || did->kind != TOKEN_DID)
        return false;
    const lex_token *first = did + 1 + (did[1].kind == TOKEN_NOT),
                    *last = last_of_steps(m);
    bool is_clear = m->before->kind != TOKEN_AND && m->behind->kind != TOKEN_DID;
    bool is_whole = is_clear && last > first;
    error(m, is_whole ? span_join(did->where, last->where) : m->found->where, E0124,
          "a sequence of events stands in brackets");
    if (is_whole &&
        excerpt(m, first->where.begin, last->where.end, steps, sizeof steps)) {
        hint(m, "Write: did %s(%s).", first > did + 1 ? "not " : "", steps);
        fix(m, span_before(first), "(");
        fix_also(m, span_behind(last), ")");
    } else {
        hint(m, "Write, for example: did (add_to_cart then purchase).");
    }
    return true;
}

bool mistake_in_shape(const mistake *m)
{
    return ends_too_early(m) || lacks_sequence_brackets(m) || leaves_bracket_open(m);
}
