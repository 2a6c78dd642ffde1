/* SPDX-License-Identifier: MIT
 *
 * What joins conditions, and the brackets around them: and, or, `where`, comparisons in a row.
 */
#include "lang/mistaken.h"

#include <string.h>

/* ---- and, or, not ----------------------------------------------------------------- */

/* The `=` of `let x =`: the token behind which the value begins; NULL: no such word. */
static const lex_token *declared_sign(const mistake *m)
{
    for (size_t at = m->p->begin; at < m->at && at < m->p->begin + 4; at++) {
        const lex_token *token = &m->p->tokens[at];
        if (token->kind == '=' || token->kind == TOKEN_WHEN)
            return token->kind == '=' ? token : NULL;
    }
    return NULL;
}

/* The same trouble, seen from another token. */
static mistake seen_from(const mistake *m, const lex_token *token)
{
    mistake moved = *m;
    moved.at = (size_t)(token - m->p->tokens);
    return moved;
}

/* The nearest `and` or `or` before the trouble in the same brackets, but not the `and` of
 * `between`; or what the condition begins behind; or NULL. */
static const lex_token *joint_before(const mistake *m)
{
    static const int stops[] = {JOINTS, ',', TOKEN_BETWEEN, TOKEN_IF};
    const lex_token *joint = FIND_BACK(m, stops);
    if (!joint || joint->kind != TOKEN_AND)
        return joint;
    mistake before = seen_from(m, joint);
    const lex_token *other = FIND_BACK(&before, stops);
    if (!other || other->kind != TOKEN_BETWEEN)
        return joint;
    before = seen_from(m, other);
    return joint_before(&before);
}

/* Where the chain of conditions begins that the trouble stands in. */
static const lex_token *chain_begin(const mistake *m)
{
    const lex_token *stop = FIND_ANY(m, TOKEN_WHEN, TOKEN_IF, TOKEN_THEN, TOKEN_ELSE,
                                     TOKEN_STAY_WHILE, ','),
                    *innermost = NULL;
    if (!stop && open_brackets(m, &innermost) > 0)
        stop = innermost;
    if (!stop)
        stop = declared_sign(m);
    return stop ? stop + 1 : NULL;
}

/* The last token of the conditions that the trouble joins, as in `b or c or d`; NULL when
 * something follows that may go on with another group. */
static const lex_token *chain_end(const mistake *m, int other)
{
    size_t depth = 0, at = m->at + 1;
    bool is_between = false;
    for (; at < m->p->end; at++) {
        const lex_token *token = &m->p->tokens[at];
        bool is_joint_of_times = is_between && token->kind == TOKEN_AND;
        if (depth == 0 &&
            IS_ANY(token, TOKEN_WHEN, TOKEN_OTHERWISE, TOKEN_PLUS, TOKEN_MINUS))
            return NULL;
        if (depth == 0 && !is_joint_of_times &&
            (token->kind == ')' ||
             IS_ANY(token, other, TOKEN_THEN, TOKEN_ELSE, TOKEN_STAY_WHILE, ',', 0)))
            break;
        depth += token->kind == '(';
        depth -= token->kind == ')';
        is_between = token->kind == TOKEN_BETWEEN || (is_between && !is_joint_of_times);
    }
    return at > m->at + 1 ? &m->p->tokens[at - 1] : NULL;
}

/* Brackets around the chain before the trouble, or around what is left and right of it. */
static void fix_mixed(const mistake *m, const lex_token *joint)
{
    const lex_token *first = chain_begin(m), *last = chain_end(m, joint->kind);
    if (!first)
        return;
    fix(m, span_before(first), "(");
    fix_also(m, span_behind(m->before), ")");
    if (!last)
        return;
    fix(m, span_before(joint + 1), "(");
    fix_also(m, span_behind(last), ")");
}

/* `a and b or c`: after a chain of the one, the other. */
static bool mixes_and_or(const mistake *m)
{
    int other = m->found->kind == TOKEN_AND ? TOKEN_OR : TOKEN_AND;
    bool is_joint = m->found->kind == TOKEN_AND || m->found->kind == TOKEN_OR;
    const lex_token *joint = is_joint && expects(m, other) ? joint_before(m) : NULL;
    if (!joint || joint->kind != other)
        return false;
    error(m, m->found->where, E0124,
          "\"and\" and \"or\" stand side by side without brackets");
    note(m, joint->where, "the \"%s\" before it", joint->text);
    hint(m,
         "Put brackets around what belongs together: (a %s b) %s c, or "
         "a %s (b %s c).",
         joint->text, m->found->text, joint->text, m->found->text);
    fix_mixed(m, joint);
    return true;
}

/* ---- where, windows, times -------------------------------------------------------- */

/* Does a window begin at this token, or the words that only lead to one: `over the last`? */
static bool begins_window(const mistake *m, size_t at)
{
    static const char *const leads[] = {"in the",     "over the", "during the",
                                        "within the", "in past",  "for the"};
    const lex_token *token = token_at(m->p, at);
    for (size_t i = 0; i < LENGTH(leads); i++)
        if (words_at(m, at, slice_of(leads[i])) > 0)
            return true;
    return IS_IN(token, window_tokens) || IS_IN(token, quantity_tokens);
}

/* Does the condition go on behind this `and`, with another of the event's properties? */
static bool goes_on_behind(const mistake *m, size_t joint)
{
    const lex_token *next = token_at(m->p, joint + 1);
    return token_at(m->p, joint)->kind == TOKEN_AND && is_plain_name(next) &&
           strcmp(next->text, "user") != 0;
}

/* Where the condition of a `where` without brackets ends: before a window, too. */
static uint32_t where_end(const mistake *m)
{
    static const int stops[] = {JOINTS, ',', TOKEN_MINUS, TOKEN_OTHERWISE, TOKEN_PLUS};
    size_t depth = 0, at = m->at;
    for (; at < m->p->end; at++) {
        const lex_token *token = &m->p->tokens[at];
        bool is_end = token->kind == ')' || IS_IN(token, stops);
        if (depth == 0 && at > m->at && (is_end || begins_window(m, at)) &&
            !goes_on_behind(m, at))
            break;
        depth += token->kind == '(';
        depth -= token->kind == ')';
    }
    return at > m->at ? m->p->tokens[at - 1].where.end : m->found->where.begin;
}

/* Is it clear how far the condition reaches? Not when it goes on with `and` or `or`, and not
 * when it has windows or numbers of its own. */
static bool is_clear_condition(const mistake *m)
{
    uint32_t end = where_end(m);
    size_t at = m->at;
    for (; at < m->p->end && m->p->tokens[at].where.begin < end; at++)
        if (IS_ANY(&m->p->tokens[at], TOKEN_DID, TOKEN_NOT, TOKEN_FOR, TOKEN_AT_LEAST) ||
            (m->p->tokens[at].kind == TOKEN_IN && token_at(m->p, at + 1)->kind != '('))
            return false;
    /* what begins behind the joint may go on with the rule */
    return !IS_ANY(token_at(m->p, at), TOKEN_AND, TOKEN_OR) ||
           IS_ANY(token_at(m->p, at + 1), TOKEN_DID, TOKEN_AGG, TOKEN_TIME_SINCE,
                  TOKEN_LAST, TOKEN_FIRST);
}

static bool lacks_where_brackets(const mistake *m)
{
    if (m->before->kind != TOKEN_WHERE || is_end(m->found))
        return false;
    error(m, m->before->where, E0124, "the condition of \"where\" stands in brackets");
    char condition[MOST_EXCERPT + 1];
    if (is_clear_condition(m) &&
        excerpt(m, m->found->where.begin, where_end(m), condition, sizeof condition))
        propose(m, span_from(m, m->before->where.begin, where_end(m)), "where (%s)",
                condition);
    else
        hint(m, "Put brackets around all of it: where ( ... ).");
    return true;
}

bool mistake_in_joints(const mistake *m)
{
    return mixes_and_or(m) || lacks_where_brackets(m);
}
