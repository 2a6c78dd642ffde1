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
static bool leaves_call_open(const mistake *m)
{
    const lex_token *innermost = NULL;
    if (!expects(m, ')') || is_end(m->found) || open_brackets(m, &innermost) == 0 ||
        is_closed_later(m))
        return false;
    error(m, innermost->where, E0101, "this bracket is not closed");
    hint(m, "Close it before \"%s\".", m->found->text);
    fix(m, span_behind(m->before), ")");
    return true;
}

/* ---- sequences and lists ---------------------------------------------------------- */

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

/* `country in "DE", "AT"`. */
static bool lacks_list_brackets(const mistake *m)
{
    char values[MOST_EXCERPT + 1];
    size_t at = m->at;
    if (m->before->kind != TOKEN_IN || m->found->kind != TOKEN_STRING)
        return false;
    while (token_at(m->p, at + 1)->kind == ',' &&
           token_at(m->p, at + 2)->kind == TOKEN_STRING)
        at += 2;
    span where = span_join(m->found->where, token_at(m->p, at)->where);
    error(m, where, E0101, "the values behind \"in\" stand in brackets");
    if (excerpt(m, where.begin, where.end, values, sizeof values))
        propose(m, span_join(m->before->where, where), "in (%s)", values);
    else
        hint(m, "Write: in ( ... ).");
    return true;
}

/* ---- names and words --------------------------------------------------------------- */

/* `segment big-spenders`. */
static bool puts_hyphen_in_name(const mistake *m)
{
    text whole;
    if (m->at != m->p->begin + 2 || m->found->kind != '-' || !is_head(back(m, 2)) ||
        !token_is_word(m->before) || m->before->where.end != m->found->where.begin)
        return false;
    text_init(&whole);
    text_append(&whole, m->before->text);
    const lex_token *last = m->before;
    for (size_t at = m->at; token_at(m->p, at)->kind == '-'; at += 2) {
        last = token_at(m->p, at + 1);
        text_append_format(&whole, "_%s", last->text);
    }
    error(m, span_join(m->before->where, last->where), E0101, "a name has no hyphens");
    offer(m, span_join(m->before->where, last->where), "Write %s.", "%s", whole.data);
    text_done(&whole);
    return true;
}

/* `use churn.lua`. */
static bool lacks_quotes_of_file(const mistake *m)
{
    char path[MOST_EXCERPT + 1];
    bool is_file = m->before->kind == TOKEN_USE || m->before->kind == TOKEN_FROM;
    span where = span_join(m->found->where, token_at(m->p, m->p->end - 1)->where);
    if (!is_file || !token_is_word(m->found) ||
        !excerpt(m, where.begin, where.end, path, sizeof path))
        return false;
    error(m, where, E0101, "the name of a file stands in double quotes");
    hint(m, "Write: %s \"%s\".", m->before->kind == TOKEN_USE ? "use" : "from", path);
    fix(m, where, "\"%s\"", path);
    return true;
}

/* ---- scenarios -------------------------------------------------------------------- */

/* `(tags = ("a", "b"))`. */
static bool tells_list(const mistake *m)
{
    const lex_token *innermost = NULL;
    if (token_at(m->p, m->p->begin)->kind != TOKEN_SCENARIO || m->found->kind != ',' ||
        open_brackets(m, &innermost) < 2)
        return false;
    error(m, m->found->where, E0101, "a property has one value here");
    hint(m, "A list inside an event cannot be told in a scenario.");
    return true;
}

bool mistake_in_shape(const mistake *m)
{
    return tells_list(m) || puts_hyphen_in_name(m) || lacks_quotes_of_file(m) ||
           ends_too_early(m) || lacks_sequence_brackets(m) || lacks_list_brackets(m) ||
           leaves_call_open(m);
}
