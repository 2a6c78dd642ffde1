/* SPDX-License-Identifier: MIT
 *
 * Numbers: how often, how much, how long ago.
 */
#include "lang/mistaken.h"

#include <strings.h>

/* How a window says that its one end is in. */
#define UP_TO     "until"
#define AND_LATER "at or after"

/* ---- lengths of time ---------------------------------------------------------------- */

/* `30 days` as tokens, and what stands behind. */
typedef struct distance {
    const quantity *quantity;
    size_t at; /* the number */
    const lex_token *number, *unit, *behind;
} distance;

static distance distance_at(const mistake *m, const quantity *q, size_t at)
{
    return (distance){q, at, token_at(m->p, at), token_at(m->p, at + 1),
                      token_at(m->p, at + 2)};
}

/* Is the value before token `at` a length of time, rather than a time? */
static bool is_length_before(const mistake *m, size_t at)
{
    size_t begin = operand_begin(m, at);
    int first = token_at(m->p, begin)->kind;
    return first == TOKEN_TIME_SINCE || first == TOKEN_TIME_UNTIL;
}

/* Is it a time, by its words alone? */
static bool is_time_before(const mistake *m, size_t at)
{
    size_t begin = operand_begin(m, at);
    int first = token_at(m->p, begin)->kind;
    for (size_t i = begin; i < at && token_at(m->p, begin + 1)->kind != TOKEN_CHANGE_OF;
         i++)
        if (IS_ANY(token_at(m->p, i), '.', '(', '+', '-', '*', '/'))
            return false;
    return first == TOKEN_LAST || first == TOKEN_FIRST || first == TOKEN_DID;
}

/* The unit whose span is meant by "exactly 30 days ago". */
static const char *unit_around(const lex_token *unit)
{
    int value = unit->keyword->value;
    return calendar_unit_name(value < UNIT_DAY ? (calendar_unit)value : UNIT_DAY);
}

static void hint_ago(const mistake *m, const distance *d, span where)
{
    const char *number = d->number->text, *unit = d->unit->text;
    if (d->quantity->ago)
        propose(m, where, "%s %s %s%s", d->quantity->ago, number, unit,
                d->quantity->behind);
    else
        propose(m, where, "in %s of %s %s ago", unit_around(d->unit), number, unit);
}

/* `did purchase fewer than 15 days after any login`, from token `at` on: which of them is
 * meant only a sequence can say. */
static bool hint_from_any(const mistake *m, const distance *d, size_t at)
{
    char event[MOST_EXCERPT + 1], other[MOST_EXCERPT + 1];
    const quantity *q = d->quantity;
    size_t begin = operand_begin(m, at), from = d->at + 4;
    size_t end = operand_end_index(m, from);
    if (d->behind[1].kind != TOKEN_ANY || token_at(m->p, begin)->kind != TOKEN_DID ||
        !single_event_before(m, at, event, sizeof event) ||
        !excerpt_tokens(m, from, end, other, sizeof other))
        return false;
    bool is_before = d->behind->kind == TOKEN_BEFORE;
    span whole = span_join(token_at(m->p, begin)->where, token_at(m->p, end - 1)->where);
    const char *first = is_before ? event : other, *second = is_before ? other : event;
    const char *denied = token_at(m->p, begin + 1)->kind == TOKEN_NOT ? " not" : "";
    if (q->token == TOKEN_AT_MOST)
        propose(m, whole, "did%s %s within %s %s %s any %s", denied, event,
                d->number->text, d->unit->text, d->behind->text, other);
    else
        propose(m, whole, "did%s (%s then %s %s %s %s later)", denied, first, second,
                q->words, d->number->text, d->unit->text);
    return true;
}

/* `more than 30 days after first login`, from token `at` on. */
static void hint_from_anchor(const mistake *m, const distance *d, size_t at)
{
    char anchor[MOST_EXCERPT + 1];
    const char *number = d->number->text, *unit = d->unit->text;
    bool is_before = d->behind->kind == TOKEN_BEFORE;
    size_t end = operand_end_index(m, d->at + 3);
    span whole = span_join(token_at(m->p, at)->where, token_at(m->p, end - 1)->where);
    if (hint_from_any(m, d, at) ||
        !excerpt_tokens(m, d->at + 3, end, anchor, sizeof anchor))
        return;
    const char *word = is_before ? d->quantity->before : d->quantity->after;
    if (word)
        propose(m, whole, "%s %s %c %s %s", word, anchor, is_before ? '-' : '+', number,
                unit);
    else if (d->quantity->token == TOKEN_AT_MOST)
        propose(m, whole, "within %s %s %s %s", number, unit, d->behind->text, anchor);
    else if (d->quantity->token == TOKEN_EXACTLY)
        propose(m, whole, "in %s of %s %c %s %s", unit_around(d->unit), anchor,
                is_before ? '-' : '+', number, unit);
    else if (is_before)
        propose(m, whole, "after %s - %s %s " UP_TO " %s", anchor, number, unit, anchor);
    else
        propose(m, whole, AND_LATER " %s before %s + %s %s", anchor, anchor, number,
                unit);
}

/* `did not purchase more than 30 days`: nothing was done for so long. */
static bool is_denied_before(const mistake *m, size_t at)
{
    size_t begin = operand_begin(m, at);
    return token_at(m->p, begin)->kind == TOKEN_DID &&
           token_at(m->p, begin + 1)->kind == TOKEN_NOT;
}

/* `user.signed_up older than 30 days`: a time or a length of time? */
static void report_either(const mistake *m, const distance *d, span where)
{
    const char *number = d->number->text, *unit = d->unit->text;
    const char *window = d->quantity->reach == REACH_WITHIN ? "in last" : "before";
    const char *ago = d->quantity->reach == REACH_WITHIN ? "" : " ago";
    error(m, where, E0101, "how long it is has a sign, and when it was has a window");
    if (d->quantity->reach == REACH_AT)
        hint(m,
             "Write \"in %s of %s %s ago\" behind a time, or \"= %s %s\" behind a "
             "length of time.",
             unit_around(d->unit), number, unit, number, unit);
    else
        hint(m,
             "Write \"%s %s %s%s\" behind a time, or \"%s %s %s\" behind a length of "
             "time.",
             window, number, unit, ago, d->quantity->sign, number, unit);
}

/* `did app_open at least 4 days in last 7 days`: a number of days, or how long ago? Behind
 * `did not` it is how long nothing was done, unless more is said of when. */
static bool counts_units(const mistake *m, const distance *d, size_t at)
{
    char event[MOST_EXCERPT + 1];
    bool is_age = strcasecmp(m->found->text, "older") == 0 ||
                  strcasecmp(m->found->text, "newer") == 0;
    if (is_age || token_at(m->p, operand_begin(m, at))->kind != TOKEN_DID)
        return false;
    return !is_denied_before(m, at) || !single_event_before(m, at, event, sizeof event) ||
           operand_end_index(m, d->at + 2) != d->at + 2;
}

static void report_count(const mistake *m, const distance *d, span where)
{
    const char *number = d->number->text, *unit = d->unit->text;
    error(m, where, E0101, "\"%s %s %s\" says neither on how many %s nor how long ago",
          d->quantity->words, number, unit, unit);
    hint(m,
         "On how many days is asked like this: days_with(purchase in last 30 days) "
         ">= 4. How long ago it was says \"ago\": %s %s %s ago.",
         d->quantity->words, number, unit);
}

/* `last login more than 30 days ago`, `time since last login more than 30 days`: the
 * quantity begins at token `at`. */
static void report_distance(const mistake *m, const distance *d, size_t at)
{
    bool is_denied = is_denied_before(m, at);
    bool is_anchored = d->behind->kind == TOKEN_BEFORE || d->behind->kind == TOKEN_AFTER;
    bool is_ago = d->behind->kind == TOKEN_AGO ||
                  (is_anchored && token_at(m->p, d->at + 3)->kind == TOKEN_NOW);
    bool is_time = is_ago || is_anchored || is_time_before(m, at);
    const lex_token *last = d->behind->kind == TOKEN_AGO ? d->behind : d->unit;
    span where = span_join(token_at(m->p, at)->where, last->where);
    if (is_length_before(m, at)) {
        error(m, where, E0101, "lengths of time are compared with a sign");
        offer(m, where, "Write %s.", "%s %s %s", d->quantity->sign, d->number->text,
              d->unit->text);
        return;
    }
    if (!is_time) {
        report_either(m, d, where);
        return;
    }
    if (!is_ago && !is_anchored && counts_units(m, d, at)) {
        report_count(m, d, where);
        return;
    }
    error(m, where, E0101, "how far away a time lies is said with a window");
    if (is_anchored && !is_ago)
        hint_from_anchor(m, d, at);
    else if (is_denied && !is_ago)
        propose(m, where, "in last %s %s", d->number->text, d->unit->text);
    else
        hint_ago(m, d, is_anchored ? span_join(where, d->behind[1].where) : where);
}

/* ---- numbers of events -------------------------------------------------------------- */

static void fix_sign(const mistake *m, span where, const quantity *q,
                     const lex_token *number)
{
    bool has_number = number->kind == TOKEN_NUMBER;
    hint(m, "Write %s %s.", q->sign, has_number ? number->text : "instead");
    fix(m, where, "%s", q->sign);
}

/* `count(purchase) at least 3`, `did login no more than 3 times`. */
static bool says_quantity(const mistake *m)
{
    size_t count;
    const quantity *q = quantity_at(m, m->at, &count);
    bool is_value = expects(m, TOKEN_GE) ||
                    (m->before->kind == TOKEN_IS && expects(m, TOKEN_MISSING));
    if (!q || expects(m, m->found->kind) || (!is_value && !expects(m, q->token)))
        return false;
    const lex_token *number = token_at(m->p, m->at + count);
    span where =
        span_join(m->before->kind == TOKEN_IS ? m->before->where : m->found->where,
                  token_at(m->p, m->at + count - 1)->where);
    char said[MOST_EXCERPT + 1] = "...";
    excerpt(m, where.begin, where.end, said, sizeof said);
    if (number->kind == TOKEN_NUMBER &&
        is_unit_token(token_at(m->p, m->at + count + 1))) {
        distance d = distance_at(m, q, m->at + count);
        report_distance(m, &d, m->at);
    } else if (is_value && m->found->kind == q->token && m->before->kind != TOKEN_IS) {
        error(m, where, E0101,
              "\"%s\" goes with \"did\"; numbers are compared with a sign", said);
        fix_sign(m, where, q, number);
    } else if (is_value) {
        error(m, where, E0101,
              "\"%s\" cannot stand here; numbers are compared with a sign", said);
        fix_sign(m, where, q, number);
    } else {
        error(m, where, E0101, "\"%s\" cannot stand here", said);
        hint(m, "Write \"%s %s times\".", q->words,
             number->kind == TOKEN_NUMBER ? number->text : "3");
        fix(m, where, "%s", q->words);
    }
    return true;
}

/* `did purchase more than 30 days ago`. */
static bool counts_time(const mistake *m)
{
    const quantity *q = quantity_of(back(m, 2)->kind);
    if (m->before->kind != TOKEN_NUMBER || !expects(m, TOKEN_TIMES) || !q ||
        !is_unit_token(m->found))
        return false;
    distance d = distance_at(m, q, m->at - 1);
    report_distance(m, &d, m->at - 2);
    return true;
}

/* `did not purchase more than 30 days ago`. */
static bool denies_time(const mistake *m)
{
    size_t count;
    const quantity *q = quantity_at(m, m->at, &count);
    if (!q || expects(m, m->found->kind) || !is_denied_before(m, m->at) ||
        token_at(m->p, m->at + count)->kind != TOKEN_NUMBER ||
        !is_unit_token(token_at(m->p, m->at + count + 1)))
        return false;
    distance d = distance_at(m, q, m->at + count);
    report_distance(m, &d, m->at);
    return true;
}

bool mistake_in_number(const mistake *m)
{
    return says_quantity(m) || counts_time(m) || denies_time(m);
}
