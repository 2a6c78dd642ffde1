/* SPDX-License-Identifier: MIT
 *
 * When: windows in other words, in the wrong place, or without one of their parts.
 */
#include "lang/mistaken.h"

#include <stdio.h>

/* The event of the sentence, or one that serves as an example. */
static void event_of(const mistake *m, size_t at, char *out, size_t size)
{
    if (!single_event_before(m, at, out, size))
        snprintf(out, size, "purchase");
}

/* ---- windows in other words --------------------------------------------------------- */

/* How many of the words from `at` on only lead to a window, as in `during the last`;
 * *is_past: do they say that it reaches up to now? */
static size_t count_lead(const mistake *m, size_t at, bool *is_past)
{
    static const char *const leads[] = {"in", "within", "during", "for", "over", "the"};
    static const char *const pasts[] = {"in last", "last", "past", "recent", "previous"};
    size_t begin = at, count;
    do {
        count = 0;
        for (size_t i = 0; i < LENGTH(leads) && count == 0; i++)
            count = words_at(m, at, leads[i]);
        for (size_t i = 0; i < LENGTH(pasts) && count == 0; i++) {
            count = words_at(m, at, pasts[i]);
            *is_past = *is_past || count > 0;
        }
        at += count;
    } while (count > 0);
    return at - begin;
}

/* `did purchase last month`: which one? With `in the` or `over the`, the time up to now. */
static void hint_last_unit(const mistake *m, const lex_token *unit, span where,
                           bool is_led)
{
    const char *name = calendar_unit_name((calendar_unit)unit->keyword->value);
    hint(m,
         "Write \"in last full %s\" for the whole %s before this one, or \"in last 1 "
         "%s\" for the time up to now.",
         name, name, name);
    if (is_led)
        fix(m, where, "in last 1 %s", name);
    fix(m, where, "in last full %s", name);
    if (!is_led)
        fix(m, where, "in last 1 %s", name);
}

/* `in past 30 days`, `during the last month`, `did not purchase for 90 days`. */
static bool leads_otherwise(const mistake *m)
{
    bool is_led = IS_ANY(m->before, TOKEN_IN, TOKEN_WITHIN, TOKEN_DURING),
         is_past = false;
    size_t begin = is_led ? m->at - 1 : m->at,
           at = begin + count_lead(m, begin, &is_past);
    const lex_token *number = token_at(m->p, at);
    bool has_number = number->kind == TOKEN_NUMBER;
    const lex_token *unit = token_at(m->p, at + has_number);
    bool is_loose = has_number && words_at(m, begin, "for") > 0;
    if (at < m->at + is_led || !is_unit_token(unit) || (!is_past && !is_loose) ||
        (!is_led && !expects(m, TOKEN_IN_LAST)) ||
        IS_ANY(token_at(m->p, at + has_number + 1), TOKEN_AGO, TOKEN_BEFORE, TOKEN_AFTER,
               TOKEN_OF))
        return false;
    span where = span_join(token_at(m->p, begin)->where, unit->where);
    error(m, where, E0101, "the time up to now is said with \"in last\"");
    if (has_number)
        propose(m, where, "in last %s %s", number->text, unit->text);
    else
        hint_last_unit(m, unit, where, at > begin + 1);
    return true;
}

/* ---- parts of the calendar ---------------------------------------------------------- */

/* `did purchase every month`. */
static bool asks_for_every(const mistake *m)
{
    char event[MOST_EXCERPT + 1];
    bool is_every = words_at(m, m->at, "every") > 0 || m->found->kind == TOKEN_EACH;
    if (!is_every || !expects(m, TOKEN_IN_LAST) || !is_unit_token(m->behind) ||
        m->behind->keyword->value < UNIT_DAY)
        return false;
    const char *name = calendar_unit_name((calendar_unit)m->behind->keyword->value);
    event_of(m, m->at, event, sizeof event);
    error(m, span_join(m->found->where, m->behind->where), E0101,
          "\"did\" does not ask for every %s", name);
    hint(m,
         "Say of how many: did %s in at least 4 of last 4 %ss, counted back from now, "
         "or %ss_with(%s in last 4 full %ss) = 4, of the calendar.",
         event, name, name, event, name);
    return true;
}

/* ---- in the wrong place ------------------------------------------------------------- */

/* The aggregate whose brackets close before token `at`, with `window` put into them;
 * what is no aggregate takes its window where it is declared. `end` is the last token. */
static void hint_window_inside(const mistake *m, size_t at, const char *window,
                               const char *rest, const lex_token *end)
{
    char call[MOST_EXCERPT + 1];
    size_t begin = operand_begin(m, at);
    bool is_call =
        token_at(m->p, begin)->kind == TOKEN_AGG && token_at(m->p, at - 1)->kind == ')';
    if (is_call && excerpt_tokens(m, begin, at - 1, call, sizeof call))
        propose(m, span_join(token_at(m->p, begin)->where, end->where), "%s %s)%s%s",
                call, window, rest[0] == '\0' ? "" : " ", rest);
    else if (token_at(m->p, begin)->kind == TOKEN_NAME && begin + 1 == at)
        hint(m, "The window of \"%s\" stands where it is declared.",
             token_at(m->p, begin)->text);
    else
        hint(m, "Write, for example: count(purchase in last 30 days) >= 3, or: did "
                "purchase in last 30 days.");
}

/* `where (amount > 3 in last 30 days)`. */
static void hint_window_behind(const mistake *m, const lex_token *open,
                               const char *condition, const char *window)
{
    const lex_token *close = token_at(m->p, operand_end_index(m, m->at));
    hint(m, "Write: where (%s) %s.", condition, window);
    if (close->kind == ')')
        fix(m, span_join(open->where, close->where), "(%s) %s", condition, window);
}

/* `count(purchase) >= 3 in last 30 days`. */
static bool puts_window_last(const mistake *m)
{
    char window[MOST_EXCERPT + 1], rest[MOST_EXCERPT + 1];
    size_t begin = operand_begin(m, m->at);
    const lex_token *sign = begin > m->p->begin ? token_at(m->p, begin - 1) : m->found;
    const lex_token *open = NULL;
    bool is_open = open_brackets(m, &open) > 0;
    bool is_in_where = is_open && open > m->p->tokens && open[-1].kind == TOKEN_WHERE;
    if (!IS_IN(m->found, window_tokens) || !IS_IN(sign, compare_tokens) ||
        expects(m, m->found->kind) || (is_open && !is_closed_later(m)))
        return false;
    if (is_in_where) {
        error(m, m->found->where, E0101,
              "the window stands behind the brackets of \"where\"");
        char condition[MOST_EXCERPT + 1];
        size_t from = (size_t)(open - m->p->tokens) + 1;
        if (excerpt_tokens(m, from, m->at, condition, sizeof condition) &&
            excerpt_tokens(m, m->at, operand_end_index(m, m->at), window, sizeof window))
            hint_window_behind(m, open, condition, window);
        return true;
    }
    const lex_token *last = token_at(m->p, operand_end_index(m, m->at) - 1);
    error(m, span_join(token_at(m->p, operand_begin(m, begin - 1))->where, last->where),
          E0101, "the window stands in the brackets, with the events");
    if (!excerpt_tokens(m, m->at, operand_end_index(m, m->at), window, sizeof window))
        snprintf(window, sizeof window, "in last 30 days");
    if (!excerpt_tokens(m, begin - 1, m->at, rest, sizeof rest))
        snprintf(rest, sizeof rest, ">= 3");
    hint_window_inside(m, begin - 1, window, rest, last);
    return true;
}

/* `count(purchase) in last 30 days >= 3`. */
static bool compares_window(const mistake *m)
{
    char window[MOST_EXCERPT + 1], rest[MOST_EXCERPT + 1];
    const lex_token *stop = FIND_BACK(m, window_tokens);
    if (!IS_IN(m->found, compare_tokens) || !stop || expects(m, m->found->kind))
        return false;
    size_t at = (size_t)(stop - m->p->tokens);
    if (at <= operand_begin(m, m->at) || is_about_events(m) ||
        !excerpt_tokens(m, at, m->at, window, sizeof window) ||
        !excerpt_tokens(m, m->at, operand_end_index(m, m->at + 1), rest, sizeof rest))
        return false;
    error(m, stop->where, E0101, "the window stands in the brackets, with the events");
    hint_window_inside(m, at, window, rest,
                       token_at(m->p, operand_end_index(m, m->at + 1) - 1));
    return true;
}

/* `days since last purchase > 30`. */
static bool counts_units_since(const mistake *m)
{
    char instant[MOST_EXCERPT + 1], rest[MOST_EXCERPT + 1];
    size_t begin = operand_begin(m, m->at);
    const lex_token *unit = token_at(m->p, begin), *word = token_at(m->p, begin + 1);
    bool is_until = words_at(m, begin + 1, "until") > 0;
    size_t end = operand_end_index(m, begin + 2);
    if (!is_unit_token(unit) || (word->kind != TOKEN_SINCE && !is_until) ||
        m->at < begin + 1 || !excerpt_tokens(m, begin + 2, end, instant, sizeof instant))
        return false;
    bool is_compared =
        IS_IN(token_at(m->p, end), compare_tokens) &&
        excerpt_tokens(m, end, operand_end_index(m, end + 1), rest, sizeof rest);
    size_t last = is_compared ? operand_end_index(m, end + 1) : end;
    span whole = span_join(unit->where, token_at(m->p, last - 1)->where);
    const char *word_of = is_until ? "until" : "since";
    error(m, whole, E0101, "how long it is does not depend on a unit");
    if (is_compared)
        propose(m, whole, "time %s %s %s %s", word_of, instant, rest, unit->text);
    else
        hint(m, "Write: time %s %s > 30 %s.", word_of, instant, unit->text);
    return true;
}

bool mistake_in_window(const mistake *m)
{
    return leads_otherwise(m) || counts_units_since(m) || asks_for_every(m) ||
           puts_window_last(m) || compares_window(m);
}
