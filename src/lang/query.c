/* SPDX-License-Identifier: MIT
 *
 * Queries of SQL: their clauses, and what they ask of a person in words of the language.
 */
#include "lang/query.h"

#include <strings.h>

#include "lang/foreign.h"

/* Tokens of a query; what is longer has no hint. It bounds how deep queries lie in queries. */
enum { LONGEST = 500 };

bool is_word(const mistake *m, size_t at, const char *word)
{
    const lex_token *token = token_at(m->p, at);
    return !token->is_quoted && token->kind != TOKEN_STRING &&
           strcasecmp(token->text, word) == 0;
}

bool is_any_word(const mistake *m, size_t at, const char *words)
{
    const lex_token *token = token_at(m->p, at);
    return !token->is_quoted && token->kind != TOKEN_STRING &&
           is_word_of(token->text, words);
}

static bool names_people(const mistake *m, size_t at)
{
    return is_any_word(m, at,
                       "users user customers customer people persons profiles contacts "
                       "accounts members");
}

/* ---- reading ------------------------------------------------------------------------ */

/* Which clause begins at a token, and how many tokens its words are. */
static clause *clause_at(const mistake *m, query *q, size_t at, size_t *words)
{
    *words = 1;
    if (is_word(m, at, "from"))
        return &q->table;
    if (is_word(m, at, "where"))
        return &q->where;
    if (is_word(m, at, "having"))
        return &q->having;
    *words = 2;
    if (is_word(m, at, "group") && is_word(m, at + 1, "by"))
        return &q->group;
    if (is_word(m, at, "order") && is_word(m, at + 1, "by"))
        return &q->order;
    return NULL;
}

/* `select count(*) from purchase >= 3`: the query is over, though no bracket closes it. */
static bool ends_unclosed(const mistake *m, const query *q, size_t at)
{
    return q->table.from > 0 && at <= q->table.from + 2 && q->where.from == 0 &&
           q->having.from == 0 && IS_IN(token_at(m->p, at), compare_tokens);
}

/* The table whose events are asked for; false when there are two. */
static bool read_tables(const mistake *m, query *q)
{
    for (size_t at = q->table.from; at < q->table.to; at++) {
        bool is_table = at == q->table.from || is_word(m, at - 1, "join") ||
                        token_at(m->p, at - 1)->kind == ',';
        if (!is_table || names_people(m, at))
            continue;
        if (q->events)
            return false;
        q->events = token_at(m->p, at);
    }
    return !q->events || q->events->kind == TOKEN_NAME;
}

/* Read the query at `begin`, up to the bracket that closes or the end. */
bool read_query(const mistake *m, size_t begin, query *q)
{
    *q = (query){.begin = begin, .columns = {begin + 1, begin + 1}};
    clause *open = &q->columns;
    size_t depth = 0, at = begin + 1, words;
    for (; at < m->p->end && at - begin < LONGEST; at++) {
        int kind = token_at(m->p, at)->kind;
        if (depth == 0 && (kind == ')' || ends_unclosed(m, q, at)))
            break;
        depth += kind == '(';
        depth -= kind == ')';
        clause *next = depth == 0 ? clause_at(m, q, at, &words) : NULL;
        if (next) {
            open = next;
            *open = (clause){at + words, at + words};
            at += words - 1;
        } else if (depth == 0 && is_word(m, at, "limit")) {
            q->limit = token_at(m->p, ++at);
        } else {
            open->to = at + 1;
        }
    }
    q->end = at;
    return at - begin < LONGEST && q->table.to > q->table.from && read_tables(m, q);
}

/* ---- what it asks -------------------------------------------------------------------- */

/* Is the token the name of a table, or the short name that stands behind it? */
static bool is_alias(const mistake *m, const query *q, size_t at, bool *of_people)
{
    const char *name = token_at(m->p, at)->text;
    for (size_t i = q->table.from; i < q->table.to; i++) {
        if (!is_word(m, i, name))
            continue;
        size_t table = i;
        while (table > q->table.from && token_at(m->p, table - 1)->kind != ',' &&
               !is_word(m, table - 1, "join"))
            table--;
        *of_people = names_people(m, table);
        return true;
    }
    return false;
}

/* The query in brackets that a condition goes on with at `at`: its begin, or 0. *wanted is
 * what is asked of it, *skipped how many tokens lead to the bracket. */
static size_t nested_query(const mistake *m, size_t at, form *wanted)
{
    size_t open = at;
    *wanted = FORM_VALUE;
    if (is_word(m, at, "exists") || is_word(m, at + 1, "exists")) {
        *wanted = is_word(m, at, "exists") ? FORM_HOLDS : FORM_DENIED;
        if (*wanted == FORM_DENIED && !is_word(m, at, "not"))
            return 0;
        open = at + 1 + (*wanted == FORM_DENIED);
    } else {
        size_t in = at + (token_at(m->p, at + 1)->kind == '.' ? 3 : 1);
        bool is_not = is_word(m, in, "not");
        if (token_is_word(token_at(m->p, at)) && is_word(m, in + is_not, "in")) {
            *wanted = is_not ? FORM_DENIED : FORM_HOLDS;
            open = in + is_not + 1;
        }
    }
    bool is_query = token_at(m->p, open)->kind == '(' && is_word(m, open + 1, "select");
    return is_query ? open + 1 : 0;
}

static void append_token(const lex_token *token, text *out)
{
    slice written = span_text(token->where);
    if (token->kind == TOKEN_STRING && !strpbrk(token->text, "\"\\"))
        text_append_format(out, "\"%s\"", token->text);
    else
        text_append_bytes(out, written.data, written.size);
}

/* Does the name stand for a trait of the person? */
static bool is_column_of_person(const mistake *m, const query *q, size_t at)
{
    const lex_token *token = token_at(m->p, at);
    int behind = token_at(m->p, at + 1)->kind;
    if (token->kind != TOKEN_NAME || behind == '(' || behind == '.' || !m->p->names ||
        token_at(m->p, at - 1)->kind == '.')
        return false;
    return data_has_trait(m->p->names, token->text) &&
           (!q->events || !data_has_property(m->p->names, token->text));
}

/* One token of a condition, and what belongs to it; the first behind it. */
static size_t append_piece(const mistake *m, const query *q, size_t at, text *out)
{
    bool of_people = false, has_point = token_at(m->p, at + 1)->kind == '.';
    if (has_point && is_alias(m, q, at, &of_people)) {
        text_append(out, of_people ? "user." : "");
        append_token(token_at(m->p, at + 2), out);
        return at + 3;
    }
    if (is_column_of_person(m, q, at))
        text_append(out, "user.");
    append_token(token_at(m->p, at), out);
    return at + 1;
}

static bool append_condition(const mistake *m, const query *q, clause part, text *out)
{
    for (size_t at = part.from; at < part.to;) {
        const lex_token *token = token_at(m->p, at);
        if (at > part.from && token[-1].where.end < token->where.begin)
            text_append_char(out, ' ');
        form wanted;
        query inner;
        size_t begin = nested_query(m, at, &wanted);
        if (begin == 0) {
            at = append_piece(m, q, at, out);
            continue;
        }
        if (!read_query(m, begin, &inner) || !append_query(m, &inner, wanted, out))
            return false;
        at = inner.end + 1;
    }
    return true;
}

/* The condition behind `r.user_id = u.id and`, which asks for the person of a query around: each rule
 * is about one. */
clause without_join(const mistake *m, const query *q)
{
    clause rest = q->where;
    bool ignored;
    bool is_join =
        rest.to >= rest.from + 7 && token_at(m->p, rest.from + 1)->kind == '.' &&
        token_at(m->p, rest.from + 3)->kind == '=' &&
        token_at(m->p, rest.from + 5)->kind == '.' &&
        is_alias(m, q, rest.from, &ignored) != is_alias(m, q, rest.from + 4, &ignored);
    if (is_join)
        rest.from += 7;
    if (is_join && is_word(m, rest.from, "and"))
        rest.from++;
    return rest;
}

/* " where (amount > 3)" */
static bool append_where(const mistake *m, const query *q, text *out)
{
    clause asked = without_join(m, q);
    if (asked.from >= asked.to)
        return true;
    text_append(out, " where (");
    bool is_said = append_condition(m, q, asked, out);
    text_append_char(out, ')');
    return is_said;
}

/* The events of the table, and which of their properties. */
static bool append_events(const mistake *m, const query *q, const lex_token *property,
                          text *out)
{
    const char *event =
        m->p->names ? data_event(m->p->names, q->events->text) : q->events->text;
    text_append(out, event ? event : q->events->text);
    if (property)
        text_append_format(out, ".%s", property->text);
    return append_where(m, q, out);
}

/* `count(*)`, `sum(p.amount)`, `count(distinct sku)` from token `at` on; *end is behind. */
static bool append_aggregate(const mistake *m, const query *q, size_t at, size_t *end,
                             text *out)
{
    bool counts = is_word(m, at, "count"), is_max = is_word(m, at, "max"), ignored;
    if (!is_any_word(m, at, "count sum avg max min median") ||
        token_at(m->p, at + 1)->kind != '(' || !q->events)
        return false;
    size_t column = at + 2;
    bool is_distinct = is_word(m, column, "distinct");
    column += is_distinct;
    if (token_at(m->p, column + 1)->kind == '.' && is_alias(m, q, column, &ignored))
        column += 2;
    const lex_token *property = token_at(m->p, column);
    if (token_at(m->p, column + 1)->kind != ')' || (counts && !is_distinct))
        property = NULL;
    if (!property && !counts)
        return false;
    *end = column + 2;
    bool is_time =
        property && (strcmp(property->text, "time") == 0 || foreign_time(property->text));
    if (property && !is_time && m->p->names &&
        !data_has_property(m->p->names, property->text))
        return false;
    if (is_time && (is_max || is_word(m, at, "min"))) {
        text_append(out, is_max ? "last " : "first ");
        return append_events(m, q, NULL, out);
    }
    text_append_format(out, "%s(",
                       is_distinct ? "distinct"
                       : counts    ? "count"
                                   : token_at(m->p, at)->text);
    bool is_said = append_events(m, q, property, out);
    text_append_char(out, ')');
    return is_said;
}

/* The column that `total` names in `sum(amount) as total`: where it begins, or 0. */
static size_t named_column(const mistake *m, const query *q, const char *name)
{
    for (size_t at = q->columns.from + 1; at < q->columns.to; at++) {
        if (!is_word(m, at, name) || token_at(m->p, at + 1)->kind == '(')
            continue;
        size_t begin = at - 1 - is_word(m, at - 1, "as");
        while (begin > q->columns.from && token_at(m->p, begin)->kind != '(')
            begin--;
        return begin > q->columns.from ? begin - 1 : 0;
    }
    return 0;
}

/* `having sum(amount) > 500 and count(*) >= 2` */
static bool append_having(const mistake *m, const query *q, clause part, text *out)
{
    for (size_t at = part.from, end; at < part.to; at = end) {
        const lex_token *token = token_at(m->p, at);
        size_t column = token->kind == TOKEN_NAME ? named_column(m, q, token->text) : 0;
        if (at > part.from && token[-1].where.end < token->where.begin)
            text_append_char(out, ' ');
        bool is_call = token_at(m->p, at + 1)->kind == '(';
        if (column > 0 && !is_call) {
            if (!append_aggregate(m, q, column, &end, out))
                return false;
            end = at + 1;
        } else if (is_call) {
            if (!append_aggregate(m, q, at, &end, out))
                return false;
        } else {
            append_token(token, out);
            end = at + 1;
        }
    }
    return true;
}

/* `order by sum(amount) desc limit 10`: the ten best. */
static bool append_best(const mistake *m, const query *q, text *out)
{
    clause by = q->order;
    bool is_best = is_word(m, by.to - 1, "desc");
    by.to -= is_best || is_word(m, by.to - 1, "asc");
    bool is_said =
        q->events ? append_having(m, q, by, out) : append_condition(m, q, by, out);
    text_append_format(out, " in %s %s", is_best ? "top" : "bottom", q->limit->text);
    return is_said;
}

/* `(select category from purchase order by time desc limit 1)` */
static bool append_one(const mistake *m, const query *q, text *out)
{
    size_t column = q->columns.to - 1;
    bool is_plain = q->events && token_at(m->p, column)->kind == TOKEN_NAME &&
                    (q->columns.to == q->columns.from + 1 ||
                     (q->columns.to == q->columns.from + 3 &&
                      token_at(m->p, column - 1)->kind == '.'));
    bool is_one =
        q->limit && strcmp(q->limit->text, "1") == 0 && q->order.to > q->order.from;
    if (!is_plain || !is_one)
        return false;
    text_append(out, is_word(m, q->order.to - 1, "desc") ? "last " : "first ");
    return append_events(m, q, token_at(m->p, column), out);
}

/* A number or another value of the person. */
static bool append_value(const mistake *m, const query *q, text *out)
{
    size_t end;
    if (q->having.to > q->having.from || q->group.to > q->group.from)
        return false;
    return append_aggregate(m, q, q->columns.from, &end, out) || append_one(m, q, out);
}

bool append_query(const mistake *m, const query *q, form wanted, text *out)
{
    bool has_having = q->having.to > q->having.from;
    bool has_best = q->limit && q->order.to > q->order.from;
    if (wanted == FORM_VALUE)
        return append_value(m, q, out);
    if (wanted == FORM_DENIED && (has_having || has_best || !q->events))
        text_append(out, "not (");
    bool is_said = true;
    if (has_having)
        is_said = append_having(m, q, q->having, out);
    else if (q->events && !has_best) {
        text_append(out, wanted == FORM_DENIED ? "did not " : "did ");
        return append_events(m, q, NULL, out);
    } else if (!q->events) {
        is_said = q->where.to > q->where.from || has_best;
        is_said = is_said && append_condition(m, q, q->where, out);
    }
    if (has_best) {
        text_append(out, out->size > 0 && (has_having || q->where.to > q->where.from) &&
                                 (has_having || !q->events)
                             ? " and "
                             : "");
        is_said = is_said && append_best(m, q, out);
    }
    text_append(out, wanted == FORM_DENIED ? ")" : "");
    return is_said;
}
