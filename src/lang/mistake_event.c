/* SPDX-License-Identifier: MIT
 *
 * Events: which one in a row, which ones together, and what is calculated of them.
 */
#include "lang/mistaken.h"

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
    error(m, m->found->where, E0101,
          "what is calculated of each event stands in brackets");
    propose(m, span_join(open[-1].where, token_at(m->p, close)->where), "%s(%s.(%s)%s%s)",
            open[-1].text, open[1].text, value.data, has_rest ? " " : "", rest);
    text_done(&value);
    return true;
}

/* ---- people in classes -------------------------------------------------------------- */

/* Where the `case` of `groups spend "Tiers" = case when ...` stands; 0: nowhere. */
static size_t case_of_groups(const mistake *m)
{
    size_t begin = m->p->begin;
    if (strcmp(token_at(m->p, begin)->text, "groups") != 0)
        return 0;
    for (size_t at = begin + 2; at < begin + 5; at++)
        if (words_at(m, at, slice_of("case")) > 0 &&
            token_at(m->p, at + 1)->kind == TOKEN_WHEN)
            return at;
    return 0;
}

/* One `when CONDITION then "NAME"`, as a line of groups; where the next begins, or 0. */
static size_t append_group(const mistake *m, size_t when, text *out)
{
    size_t then = when + 1;
    while (then < m->p->end && !IS_ANY(token_at(m->p, then), TOKEN_THEN, TOKEN_WHEN))
        then++;
    const lex_token *name = token_at(m->p, then + 1);
    if (token_at(m->p, then)->kind != TOKEN_THEN || then == when + 1 ||
        !IS_ANY(name, TOKEN_NAME, TOKEN_STRING) || keyword_find(name->text) ||
        lexer_name_length(name->text, strlen(name->text)) != strlen(name->text))
        return 0;
    slice condition = span_text(span_from(m, token_at(m->p, when + 1)->where.begin,
                                          token_at(m->p, then - 1)->where.end));
    text_append_format(out, "\n  %s when %.*s", name->text, (int)condition.size,
                       condition.data);
    return then + 2;
}

/* `else "NAME"`, and the `end` behind it; where that stands, or 0. */
static size_t append_other_group(const mistake *m, size_t at, text *out)
{
    const lex_token *name = token_at(m->p, at + 1);
    if (token_at(m->p, at)->kind == TOKEN_ELSE) {
        text_append_format(out, "\n  %s otherwise", name->text);
        at += 2;
    }
    return words_at(m, at, slice_of("end")) > 0 && at + 1 == m->p->end ? at : 0;
}

/* `groups spend = case when revenue > 100 then "high" else "low" end`. */
static bool says_groups_as_case(const mistake *m)
{
    size_t begin = case_of_groups(m), at = begin + 1;
    if (begin == 0)
        return false;
    text lines;
    text_init(&lines);
    while (at > 0 && token_at(m->p, at)->kind == TOKEN_WHEN)
        at = append_group(m, at, &lines);
    size_t end = at > 0 ? append_other_group(m, at, &lines) : 0;
    size_t first = begin - IS_ANY(token_at(m->p, begin - 1), '=', TOKEN_WHEN);
    error(m, token_at(m->p, begin)->where, E0101,
          "each group has a line of its own, with its condition");
    hint(m, "Write the name of the group, \"when\" and its condition; the last "
            "one is \"otherwise\".");
    if (end > 0)
        fix(m,
            span_from(m, token_at(m->p, first - 1)->where.end,
                      token_at(m->p, end)->where.end),
            "%s", lines.data);
    text_done(&lines);
    return true;
}

bool mistake_in_event(const mistake *m)
{
    return calculates_in_call(m);
}

bool mistake_in_ranks(const mistake *m)
{
    return says_groups_as_case(m);
}
