/* SPDX-License-Identifier: MIT
 *
 * Queries of SQL where rules are sentences: what a `select ... from ... where ...` asks of a
 * person. It may be the whole declaration, behind the name of a segment, or in brackets
 * inside a condition. What has no meaning of this kind gets a message without a fix.
 */
#include "lang/query.h"

static void propose_tokens(const mistake *m, size_t from, size_t to, const char *before,
                           const text *words)
{
    span where = span_join(token_at(m->p, from)->where, token_at(m->p, to - 1)->where);
    propose(m, where, "%s%s", before, words->data);
}

/* ---- with x as ( ... ) select * from x --------------------------------------------------- */

/* The query that the declaration gives a name and then only reads; its segment has that name. */
static bool report_named_query(const mistake *m)
{
    size_t begin = m->p->begin;
    query inner, outer;
    if (!is_word(m, begin, "with") || !is_word(m, begin + 2, "as") ||
        !is_word(m, begin + 4, "select") || !read_query(m, begin + 4, &inner) ||
        !is_word(m, inner.end + 1, "select") || !read_query(m, inner.end + 1, &outer) ||
        outer.end != outer.table.to ||
        !is_word(m, outer.table.from, token_at(m->p, begin + 1)->text))
        return false;
    text words;
    text_init(&words);
    text_append_format(&words, "segment %s when ", token_at(m->p, begin + 1)->text);
    bool is_said = append_query(m, &inner, FORM_HOLDS, &words);
    error(m, token_at(m->p, begin)->where, E0101, "this is SQL, and rules are sentences");
    if (is_said)
        propose_tokens(m, begin, m->p->end, "", &words);
    text_done(&words);
    return true;
}

/* ---- where it stands ------------------------------------------------------------------ */

/* The first query of the declaration whose words the trouble stands in or behind; 0: none. */
static bool find_query(const mistake *m, size_t *begin)
{
    for (size_t at = m->p->begin; at < m->p->end; at++) {
        query q;
        if (!is_word(m, at, "select") || token_at(m->p, at + 1)->kind == '.')
            continue;
        bool is_near = at <= m->at + 4;
        *begin = at;
        return is_near && read_query(m, at, &q) && m->at <= q.end;
    }
    return false;
}

static bool is_joint(const mistake *m, size_t at)
{
    return is_any_word(m, at, "as = when is : where");
}

/* Is the query all of a segment, behind its name and perhaps its title? The first token that
 * is to be replaced; or 0. */
static size_t segment_body(const mistake *m, size_t begin, size_t end)
{
    size_t at = begin, open = 0;
    while (at > m->p->begin && token_at(m->p, at - 1)->kind == '(')
        at--, open++;
    bool is_plain = open == 0 && is_word(m, at - 1, "when");
    while (at > m->p->begin + 2 && is_joint(m, at - 1))
        at--;
    bool is_whole =
        token_at(m->p, m->p->begin)->kind == TOKEN_SEGMENT &&
        (at == m->p->begin + 2 ||
         (at == m->p->begin + 3 && back(m, m->at - at + 1)->kind == TOKEN_STRING));
    for (size_t i = 0; i < open && end < m->p->end; i++)
        end++;
    return !is_whole || end != m->p->end ? 0 : is_plain && at + 1 == begin ? begin : at;
}

/* `select ...` as the whole declaration: the segment gets a name. */
static void propose_segment(const mistake *m, const query *q, text *words)
{
    text head;
    text_init(&head);
    if (q->events)
        text_append_format(&head, "segment people_%s when ", q->events->text);
    else
        text_append(&head, "segment some_people when ");
    propose_tokens(m, q->begin, q->end, head.data, words);
    text_done(&head);
}

/* What the query in brackets is asked for, and from which token on it is written anew. */
static size_t asked_from(const mistake *m, const query *q, form *wanted)
{
    size_t open = q->begin - 1;
    *wanted = FORM_VALUE;
    if (is_word(m, open - 1, "exists")) {
        bool is_denied = open - 1 > m->p->begin && is_word(m, open - 2, "not");
        *wanted = is_denied ? FORM_DENIED : FORM_HOLDS;
        return open - 1 - is_denied;
    }
    if (is_word(m, open - 1, "in")) {
        bool is_denied = is_word(m, open - 2, "not");
        *wanted = is_denied ? FORM_DENIED : FORM_HOLDS;
        return operand_begin(m, open - 1 - is_denied);
    }
    return open;
}

/* Does `avg(purchase.amount) > (select avg(amount) from purchase)` compare what one person did with
 * the same of all? The query asks for no person, and what it is compared with is a value by its
 * name or of the same events. */
static bool asks_of_all(const mistake *m, const query *q, size_t open, text *value)
{
    size_t right = operand_begin(m, open),
           from = right > 0 ? operand_begin(m, right - 1) : 0;
    bool is_compared =
        right > m->p->begin && IS_IN(token_at(m->p, right - 1), compare_tokens);
    const lex_token *first = token_at(m->p, from);
    bool is_named = first->kind == TOKEN_NAME && from + 2 == right && m->p->names &&
                    !data_has_property(m->p->names, first->text);
    bool is_same =
        first->kind == TOKEN_AGG && q->events && is_word(m, from + 2, q->events->text);
    bool is_of_person = without_join(m, q).from > q->where.from;
    if (!is_compared || is_of_person || (!is_named && !is_same))
        return false;
    slice words = span_text(span_join(first->where, token_at(m->p, right - 2)->where));
    text_append_bytes(value, words.data, words.size);
    return true;
}

static void hint_places(const mistake *m, const char *value)
{
    hint(m,
         "Among people there are places: %s in top 20%%, or percentile(%s) >= 50 for "
         "the upper half. What all people have together, or on average, is a number "
         "that you write.",
         value, value);
}

/* Inside of a condition. */
static bool report_nested(const mistake *m, const query *q)
{
    form wanted = FORM_HOLDS;
    bool is_closed = token_at(m->p, q->end)->kind == ')' && q->begin > m->p->begin &&
                     token_at(m->p, q->begin - 1)->kind == '(';
    size_t from = is_closed ? asked_from(m, q, &wanted) : q->begin;
    size_t to = is_closed ? q->end + 1 : q->end;
    if (!is_closed && q->end < m->p->end && token_at(m->p, q->end)->kind != ')')
        wanted = FORM_VALUE; /* it is compared */
    text words;
    text_init(&words);
    bool is_of_all = wanted == FORM_VALUE && asks_of_all(m, q, from, &words);
    bool is_said = !is_of_all && append_query(m, q, wanted, &words);
    error(m, span_join(token_at(m->p, from)->where, token_at(m->p, to - 1)->where), E0101,
          "the language has no queries in queries");
    if (is_of_all)
        hint_places(m, words.data);
    else if (is_said)
        propose_tokens(m, from, to, "", &words);
    else
        hint(m, "Ask what the person did: did purchase where ( ... ), "
                "count(purchase), sum(purchase.amount).");
    text_done(&words);
    return true;
}

bool mistake_in_query(const mistake *m)
{
    size_t begin, body;
    query q;
    if (report_named_query(m))
        return true;
    if (!find_query(m, &begin) || !read_query(m, begin, &q))
        return false;
    body = segment_body(m, begin, q.end);
    if (body == 0 && begin != m->p->begin)
        return report_nested(m, &q);
    text words;
    text_init(&words);
    bool is_said = append_query(m, &q, FORM_HOLDS, &words);
    size_t from = body > 0 ? body : begin;
    error(m, span_join(token_at(m->p, from)->where, token_at(m->p, m->p->end - 1)->where),
          E0101, "this is SQL, and rules are sentences");
    if (is_said && body > 0)
        propose_tokens(m, body, m->p->end, is_word(m, body - 1, "when") ? "" : "when ",
                       &words);
    else if (is_said)
        propose_segment(m, &q, &words);
    else
        hint(m, "Begin like this: segment buyers when did purchase");
    text_done(&words);
    return true;
}
