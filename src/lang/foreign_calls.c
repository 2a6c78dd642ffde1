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

static const struct foreign_call {
    const char *names, *arguments, *instead, *why;
    bool is_test;
} calls[] = {
#define X(names, arguments, instead)        {names, arguments, instead, NULL, false},
#define WHY(names, arguments, instead, why) {names, arguments, instead, why, false},
#define TEST(names, arguments, instead)     {names, arguments, instead, NULL, true},
#include "lang/foreign_calls.def"
#undef TEST
#undef WHY
#undef X
};

typedef struct foreign_call foreign_call;

const char *name_of_call(const ast_expr *call)
{
    return name_at(&call->names, 0)->text;
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
        if (is_word_of(name, translated[i].theirs))
            return translated[i].english;
    return name;
}

bool is_function_of(const char *written, const char *listed)
{
    return is_word_of(english_name(written), listed);
}

/* ---- arguments ------------------------------------------------------------ */

bool is_whole_number(const ast_expr *expr)
{
    return expr->kind == EXPR_NUMBER && expr->number.scale == 0;
}

bool is_truth(const ast_expr *expr, bool wanted)
{
    const char *value = expr_word(expr) ? foreign_value(expr_word(expr)) : NULL;
    return expr->kind == EXPR_BOOL
               ? expr->boolean == wanted
               : value && strcmp(value, wanted ? "true" : "false") == 0;
}

/* Is it written as dates are, 1990-05-01? */
static bool is_written_date(const char *words)
{
    static const char form[] = "0000-00-00";
    for (size_t i = 0; i < sizeof form; i++)
        if (form[i] == '0' ? !isdigit((unsigned char)words[i]) : words[i] != form[i])
            return false;
    return true;
}

/* Is it what the letter of foreign_calls.def stands for? */
static bool fits_argument(const ast_expr *argument, char letter)
{
    bool is_text = argument->kind == EXPR_STRING,
         compares = argument->kind == EXPR_COMPARE;
    switch (letter) {
    case 'e': return expr_word(argument);
    case 'p': return expr_is_pair(argument);
    case 't': return is_text;
    case 'd': return is_text && is_written_date(argument->text.text);
    case 'n': return is_whole_number(argument);
    case 'N': return argument->kind == EXPR_NUMBER;
    case 'y': return is_truth(argument, true);
    case 'o': return is_truth(argument, false);
    case 'c': return compares;
    case 'C': return compares && expr_is_pair(argument->left);
    default: return letter == 'a';
    }
}

/* Properties of one event, from argument `first` on, and criteria by turns? */
static bool are_criteria(const ast_list *all, size_t first)
{
    for (size_t i = first; i < all->count; i++) {
        const ast_expr *argument = expr_at(all, i), *range = expr_at(all, first);
        bool is_range = (i - first) % 2 == 0;
        if (!fits_argument(argument, is_range ? 'p' : 't') ||
            (is_range && strcmp(name_at(&argument->names, 0)->text,
                                name_at(&range->names, 0)->text) != 0))
            return false;
    }
    return all->count > first && (all->count - first) % 2 == 0;
}

static bool fit_arguments(const ast_list *all, const char *letters)
{
    for (size_t i = 0;; i++) {
        if (letters[i] == '*' || letters[i] == '%')
            return letters[i] == '*' ? i < all->count : are_criteria(all, i);
        if (i == all->count || !fits_argument(expr_at(all, i), letters[i]))
            return i == all->count && letters[i] == '\0';
    }
}

/* ---- rows of the table ---------------------------------------------------- */

static const foreign_call *find_call(const ast_expr *call)
{
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (is_function_of(name_of_call(call), calls[i].names) &&
            fit_arguments(&call->list, calls[i].arguments))
            return &calls[i];
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
    return expr->kind == EXPR_AND || expr->kind == EXPR_OR || expr->kind == EXPR_IF ||
           (expr->kind == EXPR_CALL && expr->names.count == 1 &&
            is_function_of(name_of_call(expr), "and or ifand"));
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

/* `category = "toys" and amount > 50` */
static void append_criteria(text *out, const ast_list *all, size_t first)
{
    for (size_t i = first; i + 1 < all->count; i += 2) {
        text_append_format(out, "%s%s ", i > first ? " and " : "",
                           name_at(&expr_at(all, i)->names, 1)->text);
        append_criterion(out, expr_at(all, i + 1)->text.text);
    }
}

/* A comparison whose property is named without its event. */
static void append_comparison(text *out, const ast_expr *compare)
{
    span where = compare->where;
    where.begin = name_at(&compare->left->names, 1)->where.begin;
    append_slice(out, span_text(where));
}

/* One slot of what is written instead, in the form that the letter asks for; `rest` is what
 * follows it. False: it cannot be filled. */
static bool append_slot(text *out, char letter, const ast_list *all, size_t index,
                        const char *rest)
{
    const ast_expr *argument = expr_at(all, index);
    long long number = (long long)argument->number.value;
    switch (letter) {
    case 't': return append_part_of(out, argument, rest);
    case 'e': {
        const ast_expr *of = argument->kind == EXPR_COMPARE ? argument->left : argument;
        text_append(out, name_at(&of->names, 0)->text);
        break;
    }
    case 'p': text_append(out, name_at(&argument->names, 1)->text); break;
    case 'c': append_criterion(out, argument->text.text); break;
    case '%': append_criteria(out, all, index); break;
    case 'r': append_comparison(out, argument); break;
    case 'x': text_append(out, argument->text.text); break;
    case 'y': text_append_format(out, "%04lld", number); break;
    case 'z': text_append_format(out, "%02lld", number); break;
    case 'q': text_append_format(out, "%lld", 25 * number); break;
    default: append_argument(out, argument); break;
    }
    return true;
}

/* Between all arguments: how many signs the word has that says so, behind a $; 0: none. */
static size_t append_all(text *out, const char *form, const ast_list *arguments)
{
    static const char *const joints[] = {" and ", " or ", " then "};
    for (size_t i = 0; i < sizeof joints / sizeof *joints; i++) {
        size_t size = strlen(joints[i]) - 2;
        if (strncmp(form, joints[i] + 1, size) == 0) {
            append_joined(out, arguments, joints[i]);
            return size;
        }
    }
    return 0;
}

static bool append_row(text *out, const foreign_call *row, const ast_expr *call)
{
    for (const char *at = row->instead; *at; at++) {
        size_t size = *at == '$' ? append_all(out, at + 1, &call->list) : 0;
        at += size;
        if (size > 0)
            continue;
        bool has_letter = at[0] == '$' && !isdigit((unsigned char)at[1]);
        if (*at != '$')
            text_append_char(out, *at);
        else if (!append_slot(out, has_letter ? at[1] : '\0', &call->list,
                              (size_t)(at[1 + has_letter] - '1'), at + 2 + has_letter))
            return false;
        at += *at == '$' ? 1 + has_letter : 0;
    }
    return true;
}

bool is_foreign_test(const ast_expr *call)
{
    const foreign_call *row = find_call(call);
    return row && row->is_test;
}

static bool hint_row(diags *diags, const ast_expr *call)
{
    text out;
    text_init(&out);
    const foreign_call *row = find_call(call);
    bool is_known = row && append_row(&out, row, call);
    if (is_known && row->why) {
        diag_hint(diags, row->why, out.data);
        diag_fix(diags, call->where, "%s", out.data);
    } else if (is_known) {
        diag_propose(diags, call->where, "%s", out.data);
    }
    text_done(&out);
    return is_known;
}

/* ---- what is offered ---------------------------------------------------------- */

static bool is_calculation(const char *name)
{
    return is_function_of(
        name, "round floor ceil ceiling abs sqrt log ln exp power pow mod trunc");
}

void hint_foreign_call(diags *diags, const ast_expr *call)
{
    if (hint_product(diags, call) || hint_named_quantile(diags, call) ||
        hint_nullif(diags, call) || hint_choices(diags, call) ||
        hint_moved(diags, call) || hint_row(diags, call))
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
    if (is_function_of(name,
                       "nullif ifs multiif casewhen dateadd adddate timestampadd edate "
                       "datesub subdate timestampsub dayssince sumproduct sumx averagex "
                       "avgx"))
        return true;
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (is_function_of(name, calls[i].names))
            return true;
    return is_calculation(name) || share_in_name(name) > 0 ||
           phrase_find(english_name(name), NULL);
}
