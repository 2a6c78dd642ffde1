/* SPDX-License-Identifier: MIT
 *
 * Functions of SQL and of spreadsheets: what is written here instead, with the arguments as
 * they were written.
 */
#include "lang/foreign_calls.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "lang/foreign.h"
#include "lang/foreign_parts.h"

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

const char *name_of_call(const ast_expr *call)
{
    return ((const ast_name *)call->names.items[0])->text;
}

static bool is_spelled_as(const char *written, const char *listed)
{
    for (;; written++, listed++) {
        while (*written == '_')
            written++;
        if ((char)tolower((unsigned char)*written) != *listed || *listed == '\0')
            return *written == '\0' && *listed == '\0';
    }
}

/* What it is called in English, or itself. */
static const char *english_name(const char *name)
{
    static const struct {
        const char *theirs, *english;
    } translated[] = {
#define X(theirs, english) {theirs, english},
#include "lang/foreign_functions.def"
#undef X
    };
    for (size_t i = 0; i < sizeof translated / sizeof *translated; i++)
        if (is_spelled_as(name, translated[i].theirs))
            return translated[i].english;
    return name;
}

bool is_same_function(const char *written, const char *listed)
{
    return is_spelled_as(english_name(written), listed);
}

bool is_one_of_functions(const char *written, const char *const *listed, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (is_same_function(written, listed[i]))
            return true;
    return false;
}

/* ---- rows of the table ---------------------------------------------------- */

static const foreign_call *find_call(const ast_expr *call)
{
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        int count = calls[i].argument_count;
        if (is_same_function(name_of_call(call), calls[i].name) &&
            (count < 0 ? call->list.count > 0 : (size_t)count == call->list.count))
            return &calls[i];
    }
    return NULL;
}

static void append_slice(text *out, slice words)
{
    text_append_bytes(out, words.data, words.size);
}

static bool append_row(text *out, const foreign_call *row, const ast_expr *call);

void append_argument(text *out, const ast_expr *argument)
{
    bool is_call = argument->kind == EXPR_CALL && argument->names.count == 1;
    const foreign_call *row = is_call ? find_call(argument) : NULL;
    const char *ours = is_call && !row ? foreign_function(name_of_call(argument)) : NULL;
    if (row && append_row(out, row, argument)) {
        return;
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
            IS_ONE_OF(name_of_call(expr), names));
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

static bool is_of_path(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '.';
}

/* A time by a function, `first(sale.time)` or `max(sale.time)`, is said as `first sale.time`. False: it is
 * none of these, or of more than a path. */
static bool append_picked_time(text *out, slice written)
{
    static const struct {
        const char *function, *ours;
    } picks[] = {
        {"first(", "first"}, {"last(", "last"}, {"min(", "first"}, {"max(", "last"}};
    for (size_t i = 0; i < sizeof picks / sizeof *picks; i++) {
        slice function = slice_of(picks[i].function);
        if (!slice_starts_with(written, function))
            continue;
        slice path = {written.data + function.size, written.size - function.size - 1};
        bool is_plain = slice_ends_with(path, slice_of(".time"));
        for (size_t k = 0; k < path.size; k++)
            is_plain = is_plain && is_of_path(path.data[k]);
        if (is_plain)
            text_append_format(out, "%s %.*s", picks[i].ours, (int)path.size, path.data);
        return is_plain;
    }
    return false;
}

/* `first(sale.time)`, `max(sale.time)` */
static bool is_called_time(const ast_expr *argument)
{
    bool is_of_events = argument->kind == EXPR_PICK || argument->kind == EXPR_AGGREGATE;
    return is_of_events && slice_ends_with(span_text(argument->where), slice_of(")"));
}

/* As append_argument(), of a time: `last purchase` has no parts; its time has. False: nor has what is called
 * so. */
static bool append_time(text *out, const ast_expr *argument)
{
    if (is_called_time(argument))
        return append_picked_time(out, span_text(argument->where));
    append_argument(out, argument);
    if (argument->kind == EXPR_PICK)
        text_append(out, ".time");
    return true;
}

/* A time of which the part follows. Days are compared by `on`: `first purchase on 2026-01-05`. */
static bool append_part_of(text *out, const ast_expr *argument, const char *part)
{
    bool is_day = strcmp(part, ".date") == 0;
    return !(is_day && is_called_time(argument)) && append_time(out, argument);
}

/* Fill one slot of what is written instead; how many signs it has. 0: it cannot be filled. */
static size_t append_slot(text *out, const char *slot, const ast_list *arguments)
{
    if (strncmp(slot, "$and", 4) == 0)
        return append_joined(out, arguments, " and "), 4;
    if (strncmp(slot, "$then", 5) == 0)
        return append_joined(out, arguments, " then "), 5;
    if (strncmp(slot, "$or", 3) == 0)
        return append_joined(out, arguments, " or "), 3;
    if (slot[1] == 't')
        return append_part_of(out, arguments->items[0], slot + 2) ? 2 : 0;
    return append_argument(out, arguments->items[slot[1] - '1']), 2;
}

static bool append_row(text *out, const foreign_call *row, const ast_expr *call)
{
    for (const char *at = row->instead; *at != '\0';) {
        size_t size = 1;
        if (*at == '$')
            size = append_slot(out, at, &call->list);
        else
            text_append_char(out, *at);
        if (size == 0)
            return false;
        at += size;
    }
    return true;
}

/* What foreign_calls.def has for the call, if it has a row that can be filled. */
static bool append_instead(text *out, const ast_expr *call)
{
    const foreign_call *row = find_call(call);
    return row && append_row(out, row, call);
}

static bool hint_row(diags *diags, const ast_expr *call)
{
    text out;
    text_init(&out);
    bool is_known = append_instead(&out, call);
    if (is_known)
        diag_propose(diags, call->where, "%s", out.data);
    text_done(&out);
    return is_known;
}

/* ---- what is offered ---------------------------------------------------------- */

/* `round(avg(purchase.amount), 2)`. */
static bool hint_rounded(diags *diags, const ast_expr *call)
{
    if (!is_same_function(name_of_call(call), "round") || call->list.count == 0)
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
        hint_conditional(diags, call) || hint_criteria(diags, call))
        return;
    const phrase *line = phrase_find(english_name(name_of_call(call)), NULL);
    if (is_calculation(name_of_call(call)))
        diag_hint(diags,
                  "Numbers are compared as they are, not rounded; further functions are "
                  "written in Lua, and called with their script's name: script.%s(...).",
                  name_of_call(call));
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
        if (is_same_function(name, calls[i].name))
            return true;
    return is_calculation(name) || is_shaped_call(name) ||
           is_same_function(name, "dayssince") || phrase_find(english_name(name), NULL);
}
