/* SPDX-License-Identifier: MIT
 *
 * Events: which one in a row, which ones together, and what is calculated of them.
 */
#include "lang/mistaken.h"

#include <stdio.h>

/* ---- which one ---------------------------------------------------------------------- */

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
    diag_error(m->diags, span_join(m->before->where, m->behind->where), E0101,
               "\"any\" needs to know how near: within 7 days %s any %s", side, other);
    if (single_event_before(m, m->at - 1, event, sizeof event))
        diag_hint(m->diags,
                  "At any distance it is a sequence: (%s then %s). For one instant write "
                  "\"%s first %s\" or \"%s last %s\".",
                  is_before ? event : other, is_before ? other : event, side, other, side,
                  other);
    else
        diag_hint(m->diags, "For one instant write \"%s first %s\" or \"%s last %s\".",
                  side, other, side, other);
    size_t begin = operand_begin(m, m->at - 1);
    if (event[0] != '\0' && token_at(m->p, begin)->kind == TOKEN_DID)
        diag_fix(m->diags, span_join(token_at(m->p, begin)->where, m->behind->where),
                 "did%s (%s then %s)", denied, is_before ? event : other,
                 is_before ? other : event);
    diag_fix(m->diags, m->found->where, "first");
    diag_fix(m->diags, m->found->where, "last");
    return true;
}

/* ---- sequences ---------------------------------------------------------------------- */

/* ---- what is made of events --------------------------------------------------------- */

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
    const lex_token *open = NULL;
    if (!IS_ANY(m->found, '+', '-', '*', '/') || open_brackets(m, &open) == 0 ||
        open == m->p->tokens || open[-1].kind != TOKEN_AGG ||
        open[1].kind != TOKEN_NAME || open[2].kind != '.' || m->before != &open[3])
        return false;
    size_t begin = (size_t)(open - m->p->tokens) + 1, end = begin;
    size_t close = operand_end_index(m, begin);
    while (end < close && token_at(m->p, end)->kind != TOKEN_WHERE &&
           !IS_IN(token_at(m->p, end), window_tokens))
        end++;
    text value;
    char rest[MOST_EXCERPT + 1] = "";
    text_init(&value);
    append_without_event(m, begin, end, open[1].text, &value);
    bool has_rest = excerpt_tokens(m, end, close, rest, sizeof rest);
    diag_error(m->diags, m->found->where, E0101,
               "what is calculated of each event stands in brackets");
    diag_propose(m->diags, span_join(open[-1].where, token_at(m->p, close)->where),
                 "%s(%s.(%s)%s%s)", open[-1].text, open[1].text, value.data,
                 has_rest ? " " : "", rest);
    text_done(&value);
    return true;
}

/* ---- people in classes -------------------------------------------------------------- */

bool mistake_in_event(const mistake *m)
{
    return is_near_any(m) || calculates_in_call(m);
}
