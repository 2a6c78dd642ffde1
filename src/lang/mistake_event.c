/* SPDX-License-Identifier: MIT
 *
 * Events: which one in a row, which ones together, and what is calculated of them.
 */
#include "lang/mistaken.h"

#include <stdio.h>

/* ---- which one ---------------------------------------------------------------------- */

/* `did third purchase`, `second purchase in last 30 days`. */
static bool counts_in_order(const mistake *m)
{
    bool is_order = m->before->kind == TOKEN_ORD || m->before->kind == TOKEN_SECOND;
    if (!is_order || m->before->is_quoted || m->found->kind != TOKEN_NAME ||
        back(m, 2)->kind == TOKEN_NUMBER)
        return false;
    int nth = m->before->kind == TOKEN_SECOND ? 2 : m->before->keyword->value;
    const char *event = m->found->text;
    diag_error(m->p->diags, span_join(m->before->where, m->found->where), E0101,
               "only the first and the last of the events have a word");
    if (back(m, 2)->kind == TOKEN_DID)
        diag_propose(m->p->diags, span_join(back(m, 2)->where, m->found->where),
                     "did %s where (nth = %d)", event, nth);
    else if (back(m, 2)->kind == TOKEN_BETWEEN && strcmp(back(m, 3)->text, "time") == 0)
        diag_hint(m->p->diags,
                  "Write \"first %s where (nth = %d)\"; the time between two instants is "
                  "the later one minus the earlier one.",
                  event, nth);
    else
        diag_propose(m->p->diags, span_join(m->before->where, m->found->where),
                     "first %s where (nth = %d)", event, nth);
    return true;
}

/* `did purchase within 3 days of view_item where (...)`, `before purchase where (...)`. */
static bool picks_anchor_with_where(const mistake *m)
{
    static const int sides[] = {TOKEN_OF, TOKEN_AFTER, TOKEN_BEFORE, TOKEN_SINCE};
    const lex_token *side = back(m, 2);
    if (m->found->kind != TOKEN_WHERE || m->before->kind != TOKEN_NAME ||
        !is_one_of(side, sides, LENGTH(sides)))
        return false;
    bool is_near = is_unit_token(back(m, 3)) && back(m, 5)->kind == TOKEN_WITHIN;
    const char *event = m->before->text;
    diag_error(m->p->diags, m->before->where, E0101,
               "\"%s\" does not say which of the events is meant", event);
    if (is_near)
        diag_hint(m->p->diags,
                  "Write \"%s any %s where (...)\", or \"first\" or \"last\" instead of "
                  "\"any\".",
                  side->text, event);
    else
        diag_hint(m->p->diags,
                  "Write \"%s first %s where (...)\" or \"%s last %s where (...)\".",
                  side->text, event, side->text, event);
    if (is_near)
        diag_fix(m->p->diags, span_before(m->before), "any ");
    diag_fix(m->p->diags, span_before(m->before), "first ");
    diag_fix(m->p->diags, span_before(m->before), "last ");
    return true;
}

/* `did email_open before any purchase`. */
static bool is_near_any(const mistake *m)
{
    char event[MOST_EXCERPT + 1] = "";
    bool is_before = m->before->kind == TOKEN_BEFORE;
    if (m->found->kind != TOKEN_ANY || m->behind->kind != TOKEN_NAME ||
        (!is_before && m->before->kind != TOKEN_AFTER))
        return false;
    const char *denied =
        token_at(m->p, operand_begin(m, m->at) + 1)->kind == TOKEN_NOT ? " not" : "";
    const char *side = m->before->text, *other = m->behind->text;
    diag_error(m->p->diags, span_join(m->before->where, m->behind->where), E0101,
               "\"any\" needs to know how near: within 7 days %s any %s", side, other);
    if (single_event_before(m, m->at - 1, event, sizeof event))
        diag_hint(m->p->diags,
                  "At any distance it is a sequence: (%s then %s). For one instant write "
                  "\"%s first %s\" or \"%s last %s\".",
                  is_before ? event : other, is_before ? other : event, side, other, side,
                  other);
    else
        diag_hint(m->p->diags, "For one instant write \"%s first %s\" or \"%s last %s\".",
                  side, other, side, other);
    size_t begin = operand_begin(m, m->at - 1);
    if (event[0] != '\0' && token_at(m->p, begin)->kind == TOKEN_DID)
        diag_fix(m->p->diags, span_join(token_at(m->p, begin)->where, m->behind->where),
                 "did%s (%s then %s)", denied, is_before ? event : other,
                 is_before ? other : event);
    diag_fix(m->p->diags, m->found->where, "first");
    diag_fix(m->p->diags, m->found->where, "last");
    return true;
}

/* ---- sequences ---------------------------------------------------------------------- */

/* `no purchase in last 30 days`, `never purchase`, `did never purchase`. */
static bool denies_event(const mistake *m)
{
    bool is_no = m->found->kind == TOKEN_NO && m->before->kind == TOKEN_DID;
    bool is_alone = m->found->kind == TOKEN_NO && expects(m, TOKEN_DID);
    bool is_did = m->found->kind == TOKEN_DID;
    bool is_never = (m->found->kind == TOKEN_NAME || is_did) &&
                    is_plain_name(m->before) && words_at(m, m->at - 1, "never") > 0;
    if (!is_no && !is_alone && !is_never)
        return false;
    const lex_token *word = is_never ? m->before : m->found;
    const lex_token *event = is_never && !is_did ? m->found : m->behind;
    diag_error(m->p->diags, word->where, E0101,
               "what was not done is said with \"did not\"");
    diag_hint(m->p->diags, "Write \"did not %s\".",
              event->kind == TOKEN_NAME ? event->text : "purchase");
    bool has_did = is_no || is_did || (is_never && back(m, 2)->kind == TOKEN_DID);
    const lex_token *did = is_did ? m->found : is_no ? m->before : back(m, 2);
    if (has_did)
        diag_fix(m->p->diags, span_join(did->where, word->where), "did not");
    else
        diag_fix(m->p->diags, word->where, "did not");
    return true;
}

/* ---- what is made of events --------------------------------------------------------- */

/* `user.plan changed in last 30 days`. */
static bool asks_for_change(const mistake *m)
{
    char trait[MOST_EXCERPT + 1];
    size_t begin = operand_begin(m, m->at);
    bool is_change =
        words_at(m, m->at, "changed") > 0 || words_at(m, m->at, "changes") > 0;
    if (!is_change || m->found->kind != TOKEN_NAME || m->before->kind != TOKEN_NAME ||
        !excerpt_tokens(m, begin, m->at, trait, sizeof trait))
        return false;
    diag_error(m->p->diags, m->found->where, E0101,
               "a change of a trait has an instant of its own");
    diag_hint(m->p->diags, "Write: last change of %s in last 30 days.", trait);
    if (m->behind->kind == TOKEN_IN_LAST)
        diag_fix(m->p->diags, span_join(token_at(m->p, begin)->where, m->found->where),
                 "last change of %s", trait);
    return true;
}

/* The tokens [from, to) without `event.` before names. */
static void append_without_event(const mistake *m, size_t from, size_t to,
                                 const char *event, text *out)
{
    bool is_glued = true;
    for (size_t at = from; at < to; at++) {
        const lex_token *token = token_at(m->p, at);
        if (at + 1 < to && token[1].kind == '.' && strcmp(token->text, event) == 0) {
            at++;
            continue;
        }
        is_glued = is_glued || token->kind == ')' || token->kind == '.';
        text_append_format(out, "%s%s", is_glued ? "" : " ", token->text);
        is_glued = token->kind == '(' || token->kind == '.';
    }
}

/* `sum(purchase.amount - purchase.discount)`. */
static bool calculates_in_call(const mistake *m)
{
    static const int signs[] = {'+', '-', '*', '/'};
    const lex_token *open = NULL;
    if (!is_one_of(m->found, signs, LENGTH(signs)) || open_brackets(m, &open) == 0 ||
        open == m->p->tokens || open[-1].kind != TOKEN_AGG ||
        open[1].kind != TOKEN_NAME || open[2].kind != '.' || m->before != &open[3])
        return false;
    size_t begin = (size_t)(open - m->p->tokens) + 1, end = begin;
    size_t close = operand_end_index(m, begin);
    while (end < close && token_at(m->p, end)->kind != TOKEN_WHERE &&
           !is_one_of(token_at(m->p, end), window_tokens, LENGTH(window_tokens)))
        end++;
    text value;
    char rest[MOST_EXCERPT + 1] = "";
    text_init(&value);
    append_without_event(m, begin, end, open[1].text, &value);
    bool has_rest = excerpt_tokens(m, end, close, rest, sizeof rest);
    diag_error(m->p->diags, m->found->where, E0101,
               "what is calculated of each event stands in brackets");
    diag_propose(m->p->diags, span_join(open[-1].where, token_at(m->p, close)->where),
                 "%s(%s.(%s)%s%s)", open[-1].text, open[1].text, value.data,
                 has_rest ? " " : "", rest);
    text_done(&value);
    return true;
}

/* ---- people in classes -------------------------------------------------------------- */

/* `in top 10% within each user.country among customers`. */
static bool puts_among_last(const mistake *m)
{
    static const int each[] = {TOKEN_WITHIN};
    char people[MOST_EXCERPT + 1], classes[MOST_EXCERPT + 1];
    const lex_token *within = find_back(m, each, LENGTH(each));
    if (m->found->kind != TOKEN_AMONG || within == NULL || within[1].kind != TOKEN_EACH)
        return false;
    size_t begin = (size_t)(within - m->p->tokens), end = m->at + 1;
    while (token_at(m->p, end)->kind == TOKEN_NAME || token_at(m->p, end)->kind == '.')
        end++;
    diag_error(m->p->diags, m->found->where, E0101,
               "\"among\" stands before \"within each\"");
    if (excerpt_tokens(m, m->at, end, people, sizeof people) &&
        excerpt_tokens(m, begin, m->at, classes, sizeof classes))
        diag_propose(m->p->diags,
                     span_join(within->where, token_at(m->p, end - 1)->where), "%s %s",
                     people, classes);
    return true;
}

/* `among user.country = "DE"`, `among customers and buyers`. */
static bool puts_condition_behind_among(const mistake *m)
{
    size_t at = m->at;
    while (token_at(m->p, at - 1)->kind == TOKEN_NAME ||
           token_at(m->p, at - 1)->kind == '.')
        at--;
    if (at == m->p->begin || token_at(m->p, at - 1)->kind != TOKEN_AMONG ||
        is_end(m->found) || m->found->kind == TOKEN_STRING ||
        (at == m->at && m->found->kind != TOKEN_DID && m->found->kind != TOKEN_IN &&
         m->found->kind != TOKEN_NOT && m->found->kind != '('))
        return false;
    if (token_is_word(m->found) && m->found->kind == TOKEN_NAME)
        return false;
    diag_error(m->p->diags, token_at(m->p, at - 1)->where, E0101,
               "\"among\" takes the name of a segment, not a condition");
    diag_hint(m->p->diags,
              "Give the condition a segment of its own, and write its name.");
    return true;
}

bool mistake_in_event(const mistake *m)
{
    static bool (*const recognisers[])(const mistake *m) = {
        counts_in_order, picks_anchor_with_where,
        is_near_any,     denies_event,
        asks_for_change, calculates_in_call,
        puts_among_last, puts_condition_behind_among,
    };
    for (size_t i = 0; i < LENGTH(recognisers); i++) {
        if (recognisers[i](m))
            return true;
    }
    return false;
}
