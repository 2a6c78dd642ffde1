/* SPDX-License-Identifier: MIT
 *
 * Functions of SQL and of spreadsheets for dates: how far they move one.
 */
#include <string.h>

#include "base/text.h"
#include "lang/foreign_parts.h"
#include "lang/foreign.h"
#include "value/calendar.h"

/* `now`, `today()`, `CURRENT_DATE`. */
static bool is_written_now(const ast_expr *expr)
{
    const char *name = expr->kind == EXPR_CALL ? name_of_call(expr) : expr_word(expr);
    return expr->kind == EXPR_NOW ||
           (name && is_function_of(name, "now today getdate currentdate curdate "
                                         "currenttimestamp"));
}

/* `day`, "d", "hours". */
static bool find_written_unit(const ast_expr *expr, calendar_unit *unit)
{
    const char *word = expr->kind == EXPR_STRING ? expr->text.text : expr_word(expr);
    if (word && !calendar_unit_parse(word, strlen(word), unit)) {
        const char *ours = foreign_unit(word);
        return ours && calendar_unit_parse(ours, strlen(ours), unit);
    }
    return word;
}

/* A whole number of units, as written: 30, -30; false: it is something else. */
static bool read_whole(const ast_expr *expr, long long *out)
{
    bool is_negative = expr->kind == EXPR_NEGATE;
    const ast_expr *number = is_negative ? expr->left : expr;
    if (!is_whole_number(number))
        return false;
    *out = (is_negative ? -1 : 1) * (long long)number->number.value;
    return true;
}

/* By how much `dateadd` and its like move, and what. */
typedef struct move {
    const ast_expr *base;
    long long count;
    calendar_unit unit;
    bool has_count;
} move;

static void read_move(const ast_expr *call, move *m)
{
    for (size_t i = 0; i < call->list.count; i++) {
        const ast_expr *argument = call->list.items[i];
        if (argument->kind == EXPR_DURATION && argument->duration.count.scale == 0) {
            m->count = argument->duration.count.value;
            m->unit = argument->duration.unit;
            m->has_count = true;
        } else if (read_whole(argument, &m->count)) {
            m->has_count = true;
        } else if (is_written_now(argument) || !find_written_unit(argument, &m->unit)) {
            m->base = argument;
        }
    }
}

/* `dateadd(day, -30, getdate())`, `date_sub(now(), 30 days)`, `edate(today(), -3)`. */
bool hint_moved(diags *diags, const ast_expr *call)
{
    const char *name = name_of_call(call);
    bool is_back = is_function_of(name, "datesub subdate timestampsub");
    move m = {.unit = is_function_of(name, "edate") ? UNIT_MONTH : UNIT_DAY};
    if (!is_back && !is_function_of(name, "dateadd adddate timestampadd edate dateplus"))
        return false;
    read_move(call, &m);
    if (!m.base || !m.has_count)
        return false;
    is_back = is_back != (m.count < 0);
    long long count = m.count < 0 ? -m.count : m.count;
    const char *unit = calendar_unit_name(m.unit), *s = count == 1 ? "" : "s";
    if (is_written_now(m.base) && is_back)
        diag_propose(diags, call->where, "%lld %s%s ago", count, unit, s);
    else if (is_written_now(m.base))
        diag_propose(diags, call->where, "(now + %lld %s%s)", count, unit, s);
    else
        diag_propose(diags, call->where, "(%s %c %lld %s%s)",
                     diag_words(diags, m.base->where), is_back ? '-' : '+', count, unit,
                     s);
    return true;
}
