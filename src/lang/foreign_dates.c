/* SPDX-License-Identifier: MIT
 *
 * Functions of SQL and of spreadsheets for dates: what they make, move and measure.
 */
#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "lang/foreign_parts.h"
#include "lang/foreign.h"
#include "value/calendar.h"

/* `now`, `today()`, `CURRENT_DATE`. */
static bool is_written_now(const ast_expr *expr)
{
    static const char *const names[] = {"now",         "today",   "getdate",
                                        "currentdate", "curdate", "currenttimestamp"};
    if (expr->kind == EXPR_CALL)
        return IS_ONE_OF(name_of_call(expr), names);
    return expr->kind == EXPR_NOW ||
           (expr->kind == EXPR_PATH && expr->names.count == 1 &&
            IS_ONE_OF(((const ast_name *)expr->names.items[0])->text, names));
}

/* `day`, "d", "hours". */
static bool find_written_unit(const ast_expr *expr, calendar_unit *unit)
{
    const char *word = expr->kind == EXPR_STRING ? expr->text.text
                       : expr->kind == EXPR_PATH && expr->names.count == 1
                           ? ((const ast_name *)expr->names.items[0])->text
                           : NULL;
    if (word && !calendar_unit_parse(word, strlen(word), unit)) {
        const char *ours = foreign_unit(word);
        return ours && calendar_unit_parse(ours, strlen(ours), unit);
    }
    return word;
}

/* ---- dates that are written, and moved ------------------------------------------- */

/* Is it written as dates are, 1990-05-01? */
static bool is_written_date(const char *words)
{
    static const char form[] = "0000-00-00";
    for (size_t i = 0; i < sizeof form; i++)
        if (form[i] == '0' ? !isdigit((unsigned char)words[i]) : words[i] != form[i])
            return false;
    return true;
}

bool is_whole_number(const ast_expr *expr)
{
    return expr->kind == EXPR_NUMBER && expr->number.scale == 0;
}

/* `date(1990, 5, 1)`, `to_date("1990-05-01")`. */
bool hint_date(diags *diags, const ast_expr *call)
{
    static const char *const names[] = {"date",      "todate",        "datevalue",
                                        "makedate",  "datefromparts", "datetime",
                                        "timestamp", "totimestamp"};
    const ast_expr *const *parts = (const ast_expr *const *)call->list.items;
    if (!IS_ONE_OF(name_of_call(call), names) || call->list.count == 0)
        return false;
    if (call->list.count == 1 && parts[0]->kind == EXPR_STRING &&
        is_written_date(parts[0]->text.text))
        return diag_propose(diags, call->where, "%s", parts[0]->text.text), true;
    if (call->list.count != 3 || !is_whole_number(parts[0]) ||
        !is_whole_number(parts[1]) || !is_whole_number(parts[2]))
        return false;
    diag_propose(diags, call->where, "%04lld-%02lld-%02lld",
                 (long long)parts[0]->number.value, (long long)parts[1]->number.value,
                 (long long)parts[2]->number.value);
    return true;
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
    static const char *const forward[] = {"dateadd", "adddate", "timestampadd", "edate",
                                          "dateplus"};
    static const char *const back[] = {"datesub", "subdate", "timestampsub"};
    bool is_back = IS_ONE_OF(name_of_call(call), back);
    move m = {.unit =
                  is_same_function(name_of_call(call), "edate") ? UNIT_MONTH : UNIT_DAY};
    if (!is_back && !IS_ONE_OF(name_of_call(call), forward))
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
