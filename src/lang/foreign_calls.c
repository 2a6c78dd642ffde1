/* SPDX-License-Identifier: MIT
 *
 * Functions of SQL and of spreadsheets: what is written here instead, with the arguments as
 * they were written.
 */
#include "lang/foreign_calls.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "lang/foreign.h"
#include "value/calendar.h"

typedef struct foreign_call {
    const char *name;
    int argument_count; /* -1: any number */
    const char *instead;
} foreign_call;

static const foreign_call calls[] = {
#define X(name, arguments, instead) {name, arguments, instead},
#include "lang/foreign_calls.def"
#undef X
};

static const char *name_of(const ast_expr *call)
{
    return ((const ast_name *)call->names.items[0])->text;
}

/* Are they the same but for letter case and `_`? */
static bool is_same_name(const char *written, const char *listed)
{
    for (;; written++, listed++) {
        while (*written == '_')
            written++;
        if (tolower((unsigned char)*written) != *listed || *listed == '\0')
            return *written == '\0' && *listed == '\0';
    }
}

static bool is_one_of(const char *written, const char *const *listed, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (is_same_name(written, listed[i]))
            return true;
    return false;
}

#define IS_ONE_OF(written, list) is_one_of(written, list, sizeof(list) / sizeof *(list))

/* ---- rows of the table ---------------------------------------------------- */

static const foreign_call *find_call(const ast_expr *call)
{
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        int count = calls[i].argument_count;
        if (is_same_name(name_of(call), calls[i].name) &&
            (count < 0 ? call->list.count > 0 : (size_t)count == call->list.count))
            return &calls[i];
    }
    return NULL;
}

static void append_slice(text *out, slice words)
{
    text_append_bytes(out, words.data, words.size);
}

static void append_row(text *out, const foreign_call *row, const ast_expr *call);

/* A call inside of a call is written as it is here, too. */
static void append_argument(text *out, const ast_expr *argument)
{
    bool is_call = argument->kind == EXPR_CALL && argument->names.count == 1;
    const foreign_call *row = is_call ? find_call(argument) : NULL;
    const char *ours = is_call && !row ? foreign_function(name_of(argument)) : NULL;
    if (row) {
        append_row(out, row, argument);
    } else if (ours && argument->list.count == 1) {
        text_append_format(out, "%s(", ours);
        append_argument(out, argument->list.items[0]);
        text_append_char(out, ')');
    } else {
        append_slice(out, span_text(argument->where));
    }
}

/* Is it said with "and" or "or", which stand in brackets beside the other? */
static bool is_joined(const ast_expr *expr)
{
    static const char *const names[] = {"and", "or", "ifand"};
    return expr->kind == EXPR_AND || expr->kind == EXPR_OR || expr->kind == EXPR_IF ||
           (expr->kind == EXPR_CALL && expr->names.count == 1 &&
            IS_ONE_OF(name_of(expr), names));
}

static void append_joined(text *out, const ast_list *arguments, const char *word)
{
    for (size_t i = 0; i < arguments->count; i++) {
        bool has_brackets = is_joined(arguments->items[i]);
        text_append_format(out, "%s%s", i > 0 ? word : "", has_brackets ? "(" : "");
        append_argument(out, arguments->items[i]);
        text_append(out, has_brackets ? ")" : "");
    }
}

/* `last purchase` has no parts; its time has. */
static void append_time(text *out, const ast_expr *argument)
{
    append_argument(out, argument);
    if (argument->kind == EXPR_PICK)
        text_append(out, ".time");
}

/* Fill one slot of what is written instead; how many signs it has. */
static size_t append_slot(text *out, const char *slot, const ast_list *arguments)
{
    if (strncmp(slot, "$and", 4) == 0)
        return append_joined(out, arguments, " and "), 4;
    if (strncmp(slot, "$then", 5) == 0)
        return append_joined(out, arguments, " then "), 5;
    if (strncmp(slot, "$or", 3) == 0)
        return append_joined(out, arguments, " or "), 3;
    if (slot[1] == 't')
        return append_time(out, arguments->items[0]), 2;
    return append_argument(out, arguments->items[slot[1] - '1']), 2;
}

static void append_row(text *out, const foreign_call *row, const ast_expr *call)
{
    for (const char *at = row->instead; *at != '\0';) {
        if (*at == '$')
            at += append_slot(out, at, &call->list);
        else
            text_append_char(out, *at++);
    }
}

static bool hint_row(diags *diags, const ast_expr *call)
{
    const foreign_call *row = find_call(call);
    text out;
    if (!row)
        return false;
    text_init(&out);
    append_row(&out, row, call);
    diag_propose(diags, call->where, "%s", out.data);
    text_done(&out);
    return true;
}

/* ---- COUNTIF(purchase.amount, ">100") --------------------------------------- */

/* ">100" is "> 100", and "toys" is `= "toys"`. */
static void append_criterion(text *out, const char *criterion)
{
    size_t sign = strspn(criterion, "<>=!");
    const char *value = criterion + sign;
    bool is_different = sign == 2 && strncmp(criterion, "<>", 2) == 0;
    if (sign > 0 && !is_different)
        text_append_format(out, "%.*s ", (int)sign, criterion);
    else
        text_append(out, is_different ? "!= " : "= ");
    bool is_number = *value != '\0' && value[strspn(value, "0123456789.")] == '\0';
    text_append_format(out, is_number ? "%s" : "\"%s\"", value);
}

static const ast_name *part_of(const ast_expr *argument, size_t index)
{
    bool is_property = argument->kind == EXPR_PATH && argument->names.count == 2;
    return is_property ? argument->names.items[index] : NULL;
}

/* "category = "toys" and amount > 50" of ranges and criteria by turns; false when one of them
 * is something else, or they belong to different events. */
static bool append_criteria(text *out, const ast_expr *call, size_t first)
{
    const char *event = NULL;
    for (size_t i = first; i + 1 < call->list.count; i += 2) {
        const ast_expr *range = call->list.items[i], *criterion = call->list.items[i + 1];
        if (!part_of(range, 0) || criterion->kind != EXPR_STRING ||
            (event && strcmp(event, part_of(range, 0)->text) != 0))
            return false;
        event = part_of(range, 0)->text;
        text_append_format(out, "%s%s ", i > first ? " and " : "",
                           part_of(range, 1)->text);
        append_criterion(out, criterion->text.text);
    }
    return event;
}

/* COUNTIFS(purchase.category, "toys", purchase.amount, ">50"); SUMIFS begins with the values. */
static bool hint_criteria(diags *diags, const ast_expr *call)
{
    static const struct {
        const char *name, *aggregate;
    } functions[] = {{"countifs", "count"},
                     {"sumifs", "sum"},
                     {"averageifs", "avg"},
                     {"maxifs", "max"},
                     {"minifs", "min"}};
    size_t which = 0, count = sizeof functions / sizeof *functions;
    while (which < count && !is_same_name(name_of(call), functions[which].name))
        which++;
    bool counts = which == 0;
    const ast_name *event = call->list.count > 1 ? part_of(call->list.items[0], 0) : NULL;
    if (which == count || !event || call->list.count % 2 != (counts ? 0 : 1))
        return false;
    text where;
    text_init(&where);
    bool is_read = append_criteria(&where, call, counts ? 0 : 1);
    if (is_read)
        diag_propose(diags, call->where, "%s(%s%s%s where (%s))",
                     functions[which].aggregate, event->text, counts ? "" : ".",
                     counts ? "" : part_of(call->list.items[0], 1)->text, where.data);
    text_done(&where);
    return is_read;
}

/* `countif(purchase, amount > 100)`, `countif(purchase.amount > 100)`. */
static bool hint_counted_condition(diags *diags, const ast_expr *call)
{
    size_t count = call->list.count;
    const ast_expr *first = count > 0 ? call->list.items[0] : NULL,
                   *test = count > 0 ? call->list.items[count - 1] : NULL;
    bool is_of_event = count == 2 && first->kind == EXPR_PATH && first->names.count == 1;
    bool is_alone = count == 1 && first->left && part_of(first->left, 1);
    if (!is_same_name(name_of(call), "countif") || (!is_of_event && !is_alone) ||
        test->kind != EXPR_COMPARE)
        return false;
    const ast_name *event = is_alone ? part_of(first->left, 0) : first->names.items[0];
    span where = test->where;
    if (is_alone)
        where.begin = part_of(first->left, 1)->where.begin;
    diag_propose(diags, call->where, "count(%s where (%s))", event->text,
                 diag_words(diags, where));
    return true;
}

static bool hint_conditional(diags *diags, const ast_expr *call)
{
    if (hint_counted_condition(diags, call))
        return true;
    static const struct {
        const char *name, *aggregate;
    } functions[] = {
        {"countif", "count"}, {"sumif", "sum"}, {"averageif", "avg"}, {"avgif", "avg"}};
    size_t count = call->list.count, which = 0;
    enum { FUNCTION_COUNT = sizeof functions / sizeof *functions };
    while (which < FUNCTION_COUNT && !is_same_name(name_of(call), functions[which].name))
        which++;
    if (which == FUNCTION_COUNT || count < 2 || count > 3)
        return false;
    const ast_expr *range = call->list.items[0], *criterion = call->list.items[1];
    const ast_expr *values = call->list.items[count - 1];
    if (count == 2)
        values = range;
    if (!part_of(range, 0) || !part_of(values, 0) || criterion->kind != EXPR_STRING)
        return false;
    text where;
    text_init(&where);
    append_criterion(&where, criterion->text.text);
    bool counts = strcmp(functions[which].aggregate, "count") == 0;
    diag_propose(diags, call->where, "%s(%s%s%s where (%s %s))",
                 functions[which].aggregate, part_of(range, 0)->text, counts ? "" : ".",
                 counts ? "" : part_of(values, 1)->text, part_of(range, 1)->text,
                 where.data);
    text_done(&where);
    return true;
}

/* ---- datediff(now, last purchase) -------------------------------------------- */

static bool is_now(const ast_expr *expr)
{
    static const char *const names[] = {"now",         "today",   "getdate",
                                        "currentdate", "curdate", "currenttimestamp"};
    if (expr->kind == EXPR_CALL)
        return IS_ONE_OF(name_of(expr), names);
    return expr->kind == EXPR_NOW ||
           (expr->kind == EXPR_PATH && expr->names.count == 1 &&
            IS_ONE_OF(((const ast_name *)expr->names.items[0])->text, names));
}

/* `day`, "d", "hours". */
static bool find_unit(const ast_expr *expr, calendar_unit *unit)
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

/* What is measured: since when; NULL when it is not until now. */
static const ast_expr *measured(const ast_expr *call, calendar_unit *unit)
{
    static const char *const names[] = {"datediff", "datedif", "timestampdiff",
                                        "daysbetween", "days"};
    const ast_expr *from = NULL;
    bool is_until_now =
        call->kind == EXPR_CALL && is_same_name(name_of(call), "dayssince");
    *unit = UNIT_DAY;
    if (call->kind != EXPR_CALL || (!is_until_now && !IS_ONE_OF(name_of(call), names)))
        return NULL;
    for (size_t i = 0; i < call->list.count; i++) {
        const ast_expr *argument = call->list.items[i];
        if (is_now(argument))
            is_until_now = true;
        else if (!find_unit(argument, unit))
            from = argument;
    }
    return is_until_now ? from : NULL;
}

static bool hint_distance(diags *diags, const ast_expr *call)
{
    calendar_unit unit;
    const ast_expr *from = measured(call, &unit);
    if (!from || unit > UNIT_WEEK)
        return false;
    diag_propose(diags, call->where, "time since %s / 1 %s",
                 diag_words(diags, from->where), calendar_unit_name(unit));
    return true;
}

/* ---- other shapes of arguments ------------------------------------------------ */

/* Is it written as dates are, 1990-05-01? */
static bool is_date(const char *words)
{
    static const char form[] = "0000-00-00";
    for (size_t i = 0; i < sizeof form; i++)
        if (form[i] == '0' ? !isdigit((unsigned char)words[i]) : words[i] != form[i])
            return false;
    return true;
}

static bool is_whole(const ast_expr *expr)
{
    return expr->kind == EXPR_NUMBER && expr->number.scale == 0;
}

/* `date(1990, 5, 1)`, `to_date("1990-05-01")`. */
static bool hint_date(diags *diags, const ast_expr *call)
{
    static const char *const names[] = {"date",      "todate",        "datevalue",
                                        "makedate",  "datefromparts", "datetime",
                                        "timestamp", "totimestamp"};
    const ast_expr *const *parts = (const ast_expr *const *)call->list.items;
    if (!IS_ONE_OF(name_of(call), names) || call->list.count == 0)
        return false;
    if (call->list.count == 1 && parts[0]->kind == EXPR_STRING &&
        is_date(parts[0]->text.text))
        return diag_propose(diags, call->where, "%s", parts[0]->text.text), true;
    if (call->list.count != 3 || !is_whole(parts[0]) || !is_whole(parts[1]) ||
        !is_whole(parts[2]))
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
    if (!is_whole(number))
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
        } else if (is_now(argument) || !find_unit(argument, &m->unit)) {
            m->base = argument;
        }
    }
}

/* `dateadd(day, -30, getdate())`, `date_sub(now(), 30 days)`, `edate(today(), -3)`. */
static bool hint_moved(diags *diags, const ast_expr *call)
{
    static const char *const forward[] = {"dateadd", "adddate", "timestampadd", "edate",
                                          "dateplus"};
    static const char *const back[] = {"datesub", "subdate", "timestampsub"};
    bool is_back = IS_ONE_OF(name_of(call), back);
    move m = {.unit = is_same_name(name_of(call), "edate") ? UNIT_MONTH : UNIT_DAY};
    if (!is_back && !IS_ONE_OF(name_of(call), forward))
        return false;
    read_move(call, &m);
    if (!m.base || !m.has_count)
        return false;
    is_back = is_back != (m.count < 0);
    long long count = m.count < 0 ? -m.count : m.count;
    const char *unit = calendar_unit_name(m.unit), *s = count == 1 ? "" : "s";
    if (is_now(m.base) && is_back)
        diag_propose(diags, call->where, "%lld %s%s ago", count, unit, s);
    else if (is_now(m.base))
        diag_propose(diags, call->where, "(now + %lld %s%s)", count, unit, s);
    else
        diag_propose(diags, call->where, "(%s %c %lld %s%s)",
                     diag_words(diags, m.base->where), is_back ? '-' : '+', count, unit,
                     s);
    return true;
}

/* Is the call what something is divided by? */
static bool is_divisor(const ast_expr *call)
{
    slice whole = source_text(call->where.file);
    size_t at = call->where.begin;
    while (at > 0 && isspace((unsigned char)whole.data[at - 1]))
        at--;
    return at > 0 && whole.data[at - 1] == '/';
}

/* How many bytes behind the call compare it with a number, as in ` < 7`; 0: none. */
static size_t size_of_test(const ast_expr *call)
{
    slice whole = source_text(call->where.file);
    const char *begin = whole.data + call->where.end, *end = whole.data + whole.size;
    const char *at = begin, *from;
    while (at < end && isspace((unsigned char)*at))
        at++;
    for (from = at; at < end && strchr("<>=!", *at);)
        at++;
    if (at == from)
        return 0;
    while (at < end && isspace((unsigned char)*at))
        at++;
    for (from = at; at < end && strchr("0123456789.%", *at);)
        at++;
    return at == from ? 0 : (size_t)(at - begin);
}

/* `nullif(user.nps, 0) < 7`: 0 is told apart by a condition. */
static void hint_without_zero(diags *diags, const ast_expr *call, const char *words)
{
    span where = call->where;
    size_t test = size_of_test(call);
    where.begin = where.end;
    where.end += (uint32_t)test;
    if (test > 0)
        diag_propose(diags, span_join(call->where, where), "(%s != 0 and %s%s)", words,
                     words, diag_words(diags, where));
    else
        diag_hint(diags, "Leave 0 out with a condition: %s != 0 and ...", words);
}

/* `nullif(user.plan, "")`: an empty field is missing already, and what is divided by 0, too. */
static bool hint_nullif(diags *diags, const ast_expr *call)
{
    if (!is_same_name(name_of(call), "nullif") || call->list.count != 2)
        return false;
    const ast_expr *value = call->list.items[0], *none = call->list.items[1];
    bool is_empty = none->kind == EXPR_STRING && none->text.text[0] == '\0';
    if (!is_empty && !(is_whole(none) && none->number.value == 0))
        return false;
    const char *words = diag_words(diags, value->where);
    if (!is_empty && !is_divisor(call)) {
        hint_without_zero(diags, call, words);
        return true;
    }
    diag_hint(diags, "Leave it out, %s: write %s.",
              is_empty ? "an empty field is missing anyway"
                       : "a division by 0 is missing anyway",
              words);
    diag_fix(diags, call->where, "%s", words);
    return true;
}

/* Does it stand in the brackets of a `where`? */
static bool is_in_where(const ast_expr *call)
{
    static const char where[] = "where";
    slice whole = source_text(call->where.file);
    size_t at = call->where.begin, depth = 0, size = strlen(where);
    while (at > 0 && (depth > 0 || whole.data[at - 1] != '(')) {
        at--;
        depth += whole.data[at] == ')';
        depth -= whole.data[at] == '(';
    }
    at -= at > 0;
    while (at > 0 && isspace((unsigned char)whole.data[at - 1]))
        at--;
    return at >= size && memcmp(whole.data + at - size, where, size) == 0;
}

/* `where (row_number() = 2)`: which of somebody's events it is. */
static bool hint_row_number(diags *diags, const ast_expr *call)
{
    static const char *const names[] = {"rownumber", "rank", "denserank"};
    if (!IS_ONE_OF(name_of(call), names) || call->list.count > 0 || !is_in_where(call))
        return false;
    diag_offer(diags, call->where, "Write %s: which of somebody's events it is.", "nth");
    return true;
}

/* `true`, TRUE. */
static bool is_truth(const ast_expr *expr, bool wanted)
{
    const char *word = expr->kind == EXPR_PATH && expr->names.count == 1
                           ? ((const ast_name *)expr->names.items[0])->text
                           : "";
    return expr->kind == EXPR_BOOL ? expr->boolean == wanted
                                   : strcasecmp(word, wanted ? "true" : "false") == 0;
}

/* `ifs(a, 3, b, 2, true, 1)`; without a last value for the others there is only a hint. */
static bool hint_choices(diags *diags, const ast_expr *call)
{
    static const char *const names[] = {"ifs", "multiif", "casewhen"};
    const ast_list *list = &call->list;
    if (!IS_ONE_OF(name_of(call), names) || list->count < 3)
        return false;
    const ast_expr *last = list->items[list->count - 2];
    bool is_open = list->count % 2 == 0 && !is_truth(last, true);
    size_t pairs = list->count / 2 - (list->count % 2 == 0 && !is_open);
    text out;
    text_init(&out);
    for (size_t i = 0; i < pairs; i++) {
        const char *condition =
            diag_words(diags, ((const ast_expr *)list->items[2 * i])->where);
        const char *value =
            diag_words(diags, ((const ast_expr *)list->items[2 * i + 1])->where);
        text_append_format(&out, "if %s then %s else ", condition, value);
    }
    if (is_open)
        diag_hint(diags, "Write, with a value for all others at the end: %s...",
                  out.data);
    else {
        append_slice(&out,
                     span_text(((const ast_expr *)list->items[list->count - 1])->where));
        diag_propose(diags, call->where, "%s", out.data);
    }
    text_done(&out);
    return true;
}

/* `if(a, true, false)` is a. */
static bool hint_truth(diags *diags, const ast_expr *call)
{
    static const char *const names[] = {"if", "iif", "iff"};
    ast_expr *const *parts = (ast_expr *const *)call->list.items;
    if (!IS_ONE_OF(name_of(call), names) || call->list.count < 2 || call->list.count > 3)
        return false;
    bool is_same =
        is_truth(parts[1], true) && (call->list.count == 2 || is_truth(parts[2], false));
    bool is_opposite =
        call->list.count == 3 && is_truth(parts[1], false) && is_truth(parts[2], true);
    if (!is_same && !is_opposite)
        return false;
    text condition;
    text_init(&condition);
    append_argument(&condition, parts[0]);
    diag_propose(diags, call->where, is_same ? "%s" : "not (%s)", condition.data);
    text_done(&condition);
    return true;
}

/* `round(avg(purchase.amount), 2)`. */
static bool hint_rounded(diags *diags, const ast_expr *call)
{
    if (!is_same_name(name_of(call), "round") || call->list.count == 0)
        return false;
    text value;
    text_init(&value);
    append_argument(&value, call->list.items[0]);
    diag_offer(diags, call->where,
               "Numbers are compared as they are, not rounded. Write: %s.", "%s",
               value.data);
    text_done(&value);
    return true;
}

static bool is_calculation(const char *name)
{
    static const char *const names[] = {"round", "floor", "ceil", "ceiling", "abs",
                                        "sqrt",  "log",   "ln",   "exp",     "power",
                                        "pow",   "mod",   "trunc"};
    return IS_ONE_OF(name, names);
}

void hint_foreign_call(diags *diags, const ast_expr *call)
{
    if (hint_shaped_call(diags, call) || hint_date(diags, call) ||
        hint_nullif(diags, call) || hint_row_number(diags, call) ||
        hint_choices(diags, call) || hint_truth(diags, call) || hint_moved(diags, call) ||
        hint_rounded(diags, call) || hint_row(diags, call) ||
        hint_conditional(diags, call) || hint_criteria(diags, call) ||
        hint_distance(diags, call))
        return;
    const phrase *line = phrase_find(name_of(call), NULL);
    if (is_calculation(name_of(call)))
        diag_hint(diags,
                  "Numbers are compared as they are, not rounded; further functions are "
                  "written in Lua, and called with their script's name: script.%s(...).",
                  name_of(call));
    else if (line)
        diag_hint(diags, "For example, here it is written: %s", line->ours);
}

bool is_foreign_call(const char *name)
{
    static const char *const shaped[] = {
        "todate",    "datevalue",   "makedate",    "datefromparts", "datetime",
        "timestamp", "totimestamp", "nullif",      "ifs",           "multiif",
        "casewhen",  "dateadd",     "adddate",     "timestampadd",  "edate",
        "datesub",   "subdate",     "timestampsub"};
    if (IS_ONE_OF(name, shaped))
        return true;
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (is_same_name(name, calls[i].name))
            return true;
    return is_calculation(name) || is_shaped_call(name) ||
           is_same_name(name, "dayssince") || phrase_find(name, NULL);
}

/* ---- comparisons ------------------------------------------------------------- */

static const char *const signs[] = {
    [COMPARE_EQ] = "=", [COMPARE_NE] = "!=", [COMPARE_LT] = "<",
    [COMPARE_GT] = ">", [COMPARE_LE] = "<=", [COMPARE_GE] = ">="};

/* They take the letter case out of a text. */
static const char *const folding[] = {"lower", "upper",   "lcase",
                                      "ucase", "tolower", "toupper"};

/* `lower(user.city) = "berlin"`. */
static bool hint_folded(diags *diags, const ast_expr *compare)
{
    const ast_expr *call = compare->left, *literal = compare->right;
    bool is_equal = compare->compare == COMPARE_EQ || compare->compare == COMPARE_NE;
    if (!IS_ONE_OF(name_of(call), folding) || call->list.count != 1 || !is_equal ||
        literal->kind != EXPR_STRING ||
        literal->text.text[strcspn(literal->text.text, "\\^$.|?*+()[]{}\"")] != '\0')
        return false;
    const char *value = diag_words(diags, ((const ast_expr *)call->list.items[0])->where);
    diag_propose(diags, compare->where, "%s %smatches \"(?i)^%s$\"", value,
                 compare->compare == COMPARE_NE ? "not " : "", literal->text.text);
    return true;
}

/* Is it a text without signs that a pattern reads otherwise? */
static bool is_plain_text(const ast_expr *literal)
{
    return literal->kind == EXPR_STRING &&
           literal->text.text[strcspn(literal->text.text, "\\^$.|?*+()[]{}\"")] == '\0';
}

/* "de|at" of the values of a list; false when one is no plain text. */
static bool append_alternatives(text *out, const ast_list *values)
{
    for (size_t i = 0; i < values->count; i++) {
        const ast_expr *value = values->items[i];
        if (!is_plain_text(value))
            return false;
        text_append_format(out, "%s%s", i > 0 ? "|" : "", value->text.text);
    }
    return true;
}

bool report_folded_test(diags *diags, const ast_expr *test)
{
    bool is_list = test->kind == EXPR_IN_VALUES,
         is_start = test->kind == EXPR_STARTS_WITH, is_end = test->kind == EXPR_ENDS_WITH;
    const ast_expr *call = test->left;
    if ((!is_list && !is_start && !is_end && test->kind != EXPR_CONTAINS) ||
        call->kind != EXPR_CALL || call->names.count != 1 || call->list.count != 1 ||
        !IS_ONE_OF(name_of(call), folding))
        return false;
    const ast_list *values = &test->list;
    ast_list single = {0};
    void *items[] = {test->right};
    if (!is_list) {
        single = (ast_list){items, 1, 1};
        values = &single;
    }
    text form;
    text_init(&form);
    bool is_plain = append_alternatives(&form, values);
    const char *value = diag_words(diags, ((const ast_expr *)call->list.items[0])->where);
    if (is_plain) {
        diag_error(diags, call->where, E0116, "no function is named \"%s\"",
                   name_of(call));
        diag_propose(diags, test->where, "%s %smatches \"(?i)%s%s%s\"", value,
                     test->is_negated ? "not " : "",
                     is_list    ? "^("
                     : is_start ? "^"
                                : "",
                     form.data,
                     is_list  ? ")$"
                     : is_end ? "$"
                              : "");
    }
    text_done(&form);
    return is_plain;
}

static bool is_length(const ast_expr *call)
{
    static const char *const names[] = {"length", "len", "charlength", "strlen"};
    return IS_ONE_OF(name_of(call), names) && call->list.count == 1;
}

/* `length(user.name) > 3`: how many letters a pattern has to find. */
static bool hint_length(diags *diags, const ast_expr *compare)
{
    const ast_expr *call = compare->left, *number = compare->right;
    if (!is_length(call) || !is_whole(number))
        return false;
    long long n = (long long)number->number.value;
    const char *value = diag_words(diags, ((const ast_expr *)call->list.items[0])->where);
    const char *word = compare->compare == COMPARE_NE ? "not matches" : "matches";
    bool is_least = compare->compare == COMPARE_GT || compare->compare == COMPARE_GE;
    bool is_most = compare->compare == COMPARE_LT || compare->compare == COMPARE_LE;
    bool is_strict = compare->compare == COMPARE_GT || compare->compare == COMPARE_LT;
    if (is_least)
        diag_propose(diags, compare->where, "%s matches \"^.{%lld,}$\"", value,
                     n + is_strict);
    else if (is_most)
        diag_propose(diags, compare->where, "%s matches \"^.{0,%lld}$\"", value,
                     n - is_strict);
    else
        diag_propose(diags, compare->where, "%s %s \"^.{%lld}$\"", value, word, n);
    return true;
}

/* `left(user.email, 5) = "info@"`: the word for where the part stands, or NULL. */
static const char *word_of_part(const ast_expr *call)
{
    static const char *const middle[] = {"substr", "substring", "mid"};
    const ast_expr *from = call->list.count == 3 ? call->list.items[1] : NULL;
    if (call->list.count == 2 && is_same_name(name_of(call), "left"))
        return "starts with";
    if (call->list.count == 2 && is_same_name(name_of(call), "right"))
        return "ends with";
    bool is_begin = from && from->kind == EXPR_NUMBER && from->number.value <= 1;
    return is_begin && IS_ONE_OF(name_of(call), middle) ? "starts with" : NULL;
}

static bool hint_part_of_text(diags *diags, const ast_expr *compare)
{
    const char *word = word_of_part(compare->left);
    if (!word || compare->right->kind != EXPR_STRING ||
        (compare->compare != COMPARE_EQ && compare->compare != COMPARE_NE))
        return false;
    const char *value =
        diag_words(diags, ((const ast_expr *)compare->left->list.items[0])->where);
    diag_propose(diags, compare->where, "%s %s%s \"%s\"", value,
                 compare->compare == COMPARE_NE ? "not " : "", word,
                 compare->right->text.text);
    return true;
}

/* `datediff("day", user.signed_up, first purchase) <= 7`, between two times: with a unit
 * before them or behind them, the earlier one comes first. */
static bool hint_two_times(diags *diags, const ast_expr *compare)
{
    static const char *const names[] = {"datediff", "datedif", "timestampdiff"};
    const ast_expr *times[2] = {0}, *call = compare->left;
    size_t count = 0;
    calendar_unit unit = UNIT_DAY;
    if (!IS_ONE_OF(name_of(call), names) || call->list.count != 3 ||
        compare->right->kind != EXPR_NUMBER)
        return false;
    for (size_t i = 0; i < 3; i++) {
        const ast_expr *argument = call->list.items[i];
        if (is_now(argument))
            return false;
        if (!find_unit(argument, &unit) && count < 2)
            times[count++] = argument;
    }
    if (count != 2 || unit > UNIT_WEEK)
        return false;
    diag_propose(diags, compare->where, "%s - %s %s %s %ss",
                 diag_words(diags, times[1]->where), diag_words(diags, times[0]->where),
                 signs[compare->compare], diag_words(diags, compare->right->where),
                 calendar_unit_name(unit));
    return true;
}

/* `datediff(now, last purchase) > 30`. */
static bool hint_compared_distance(diags *diags, const ast_expr *compare)
{
    calendar_unit unit;
    const ast_expr *from = measured(compare->left, &unit);
    if (!from || compare->right->kind != EXPR_NUMBER)
        return false;
    const char *words = diag_words(diags, from->where),
               *number = diag_words(diags, compare->right->where);
    diag_propose(diags, compare->where, "time since %s %s %s %ss", words,
                 signs[compare->compare], number, calendar_unit_name(unit));
    return true;
}

static bool is_place(const ast_expr *call)
{
    static const char *const names[] = {"search",    "find",   "instr",   "strpos",
                                        "charindex", "locate", "position"};
    return IS_ONE_OF(name_of(call), names);
}

/* `search("pro", user.plan) > 0`: where the part stands does not count. */
static bool hint_place_of_part(diags *diags, const ast_expr *compare)
{
    const ast_expr *call = compare->left;
    const foreign_call *row = is_place(call) ? find_call(call) : NULL;
    if (!row || !is_whole(compare->right))
        return false;
    bool is_none = compare->compare == COMPARE_EQ && compare->right->number.value == 0;
    text test;
    text_init(&test);
    append_row(&test, row, call);
    diag_propose(diags, compare->where, is_none ? "not (%s)" : "%s", test.data);
    text_done(&test);
    return true;
}

/* The day that a number from 1 to 7 is, as spreadsheets count them; NULL: of none. */
static const char *day_numbered(const ast_expr *number)
{
    static const char *const days[] = {"sunday",   "monday", "tuesday", "wednesday",
                                       "thursday", "friday", "saturday"};
    bool is_day =
        is_whole(number) && number->number.value >= 1 && number->number.value <= 7;
    return is_day ? days[number->number.value - 1] : NULL;
}

/* `weekday(last purchase) = 1` */
static bool is_numbered_day(const ast_expr *compare)
{
    static const char *const names[] = {"weekday", "dayofweek"};
    return IS_ONE_OF(name_of(compare->left), names) && compare->left->list.count == 1 &&
           day_numbered(compare->right) &&
           (compare->compare == COMPARE_EQ || compare->compare == COMPARE_NE);
}

static bool hint_numbered_day(diags *diags, const ast_expr *compare)
{
    if (!is_numbered_day(compare))
        return false;
    text value;
    text_init(&value);
    append_time(&value, compare->left->list.items[0]);
    diag_propose(diags, compare->where, "%s.weekday %s \"%s\"", value.data,
                 signs[compare->compare], day_numbered(compare->right));
    text_done(&value);
    return true;
}

/* The time and the unit of `date_trunc("month", user.signed_up)`, in either order. */
static const ast_expr *truncated(const ast_expr *call, calendar_unit *unit)
{
    static const char *const names[] = {"datetrunc", "trunc", "timestamptrunc"};
    const ast_expr *value = NULL;
    bool has_unit = false;
    if (call->kind != EXPR_CALL || call->names.count != 1 ||
        !IS_ONE_OF(name_of(call), names) || call->list.count != 2)
        return NULL;
    for (size_t i = 0; i < 2; i++) {
        const ast_expr *argument = call->list.items[i];
        if (!is_now(argument) && find_unit(argument, unit))
            has_unit = true;
        else
            value = argument;
    }
    return has_unit ? value : NULL;
}

bool report_truncated(diags *diags, const ast_expr *compare)
{
    calendar_unit unit, other;
    const ast_expr *value = truncated(compare->left, &unit), *right = compare->right;
    const ast_expr *same = truncated(right, &other);
    bool is_this = (same && other == unit && is_now(same)) || is_now(right);
    bool is_text = right->kind == EXPR_STRING && is_date(right->text.text);
    bool is_equal = compare->compare == COMPARE_EQ || compare->compare == COMPARE_NE;
    if (!value || !is_equal || (!is_this && !is_text && right->kind != EXPR_DATE))
        return false;
    const char *words = diag_words(diags, value->where);
    const char *in = compare->compare == COMPARE_NE ? "not in" : "in";
    diag_error(diags, compare->left->where, E0116, "no function is named \"%s\"",
               name_of(compare->left));
    if (is_this)
        diag_propose(diags, compare->where, "%s %s this %s", words, in,
                     calendar_unit_name(unit));
    else
        diag_propose(diags, compare->where, "%s %s %s of %s", words, in,
                     calendar_unit_name(unit),
                     is_text ? right->text.text : diag_words(diags, right->where));
    return true;
}

/* `date(time) = "2025-12-24"`. */
static bool hint_compared_date(diags *diags, const ast_expr *compare)
{
    const ast_expr *call = compare->left, *literal = compare->right;
    if (!is_same_name(name_of(call), "date") || call->list.count != 1 ||
        literal->kind != EXPR_STRING || !is_date(literal->text.text))
        return false;
    text value;
    text_init(&value);
    append_time(&value, call->list.items[0]);
    diag_propose(diags, compare->where, "%s.date %s %s", value.data,
                 signs[compare->compare], literal->text.text);
    text_done(&value);
    return true;
}

/* `today() - last purchase > 30`, in days. */
static bool report_subtracted_time(diags *diags, const ast_expr *compare)
{
    const ast_expr *difference = compare->left;
    if (difference->kind != EXPR_SUBTRACT || difference->left->kind != EXPR_CALL ||
        difference->left->names.count != 1 || !is_now(difference->left) ||
        (compare->right->kind != EXPR_NUMBER && compare->right->kind != EXPR_DURATION))
        return false;
    const char *words = diag_words(diags, difference->right->where),
               *length = diag_words(diags, compare->right->where);
    diag_error(diags, difference->where, E0116, "no function is named \"%s\"",
               name_of(difference->left));
    diag_propose(diags, compare->where, "time since %s %s %s%s", words,
                 signs[compare->compare], length,
                 compare->right->kind == EXPR_NUMBER ? " days" : "");
    return true;
}

bool report_compared_call(diags *diags, const ast_expr *compare)
{
    if (report_subtracted_time(diags, compare))
        return true;
    const ast_expr *call = compare->left;
    calendar_unit unit;
    if (call->kind != EXPR_CALL || call->names.count != 1 ||
        (!IS_ONE_OF(name_of(call), folding) && !measured(call, &unit) &&
         !is_same_name(name_of(call), "datediff") && !word_of_part(call) &&
         !is_same_name(name_of(call), "date") && !is_length(call) && !is_place(call) &&
         !is_numbered_day(compare)))
        return false;
    diag_error(diags, call->where, E0116, "no function is named \"%s\"", name_of(call));
    if (!hint_folded(diags, compare) && !hint_compared_distance(diags, compare) &&
        !hint_two_times(diags, compare) && !hint_part_of_text(diags, compare) &&
        !hint_compared_date(diags, compare) && !hint_length(diags, compare) &&
        !hint_place_of_part(diags, compare) && !hint_numbered_day(diags, compare))
        hint_foreign_call(diags, call);
    return true;
}
