/* SPDX-License-Identifier: MIT
 *
 * Expressions as a row of texts and possible breaks. Brackets are not in the tree: each
 * node is asked how tightly it binds, and gets brackets where its place asks for more.
 */
#include "lang/formatter.h"

#include <inttypes.h>
#include <string.h>

#include "base/number.h"

/* ---- small parts ------------------------------------------------------------------ */

void put_number(layout *l, const ast_number *number)
{
    char digits[32];
    size_t scale = number->scale - (number->is_percent ? 2 : 0);
    int length =
        snprintf(digits, sizeof digits, "%0*" PRId64, (int)scale + 1, number->value);
    size_t whole = (size_t)length - scale;
    layout_format(l, "%.*s%s%s%s", (int)whole, digits, scale > 0 ? "." : "",
                  digits + whole, number->is_percent ? "%" : "");
}

/* "month", or "months" unless there is one. */
void put_duration(layout *l, const ast_duration *duration)
{
    bool is_one = duration->count.value == number_power_of_ten(duration->count.scale);
    put_number(l, &duration->count);
    layout_format(l, " %s%s", calendar_unit_name(duration->unit), is_one ? "" : "s");
}

void put_ref(layout *l, const ast_ref *ref)
{
    layout_name(l, &ref->name);
    if (ref->member.text) {
        layout_text(l, ".");
        layout_name(l, &ref->member);
    }
}

void put_path(layout *l, const ast_list *names)
{
    for (size_t i = 0; i < names->count; i++) {
        if (i > 0)
            layout_text(l, ".");
        layout_name(l, names->items[i]);
    }
}

static void put_list(layout *l, const ast_list *values, layout_break_kind kind,
                     binding place)
{
    layout_open(l);
    for (size_t i = 0; i < values->count; i++) {
        const ast_expr *value = values->items[i];
        layout_comma(l, i, kind, 0, value->where.begin);
        put_expr(l, value, place);
    }
    layout_close(l);
}

/* As many on a line as fit. */
void put_values(layout *l, const ast_list *values, binding place)
{
    put_list(l, values, LAYOUT_FILL, place);
}

/* ---- expressions ------------------------------------------------------------------ */

static const struct {
    binding binds;
    const char *form;
} forms[] = {
#define X(kind, binds, asks, form) {BINDS_##binds, form},
#include "lang/exprs.def"
#undef X
};

static binding binding_of(const ast_expr *expr)
{
    return forms[expr->kind].binds;
}

/* a and b and c. When it is broken, the joints stand under the first operand, as brackets
 * need it, or hang before it. */
static void put_chain(layout *l, const ast_expr *chain, bool is_hanging)
{
    const char *joint = forms[chain->kind].form;
    int column = is_hanging ? -(int)strlen(joint) : 0;
    layout_open(l);
    for (size_t i = 0; i < chain->list.count; i++) {
        const ast_expr *operand = chain->list.items[i];
        if (i > 0) {
            layout_go_on(l, column, operand->where.begin, joint);
        }
        put_expr(l, operand, BINDS_LASTING);
    }
    layout_close(l);
}

/* a + b - c: the left operand of the same kind goes on without a group of its own. */
static void put_operands(layout *l, const ast_expr *expr, int column)
{
    binding level = binding_of(expr);
    if (binding_of(expr->left) == level)
        put_operands(l, expr->left, column);
    else
        put_expr(l, expr->left, level);
    layout_go_on(l, column, expr->right->where.begin, forms[expr->kind].form);
    put_expr(l, expr->right, level + 1);
}

static void put_arithmetic(layout *l, const ast_expr *expr, bool is_hanging)
{
    layout_open(l);
    put_operands(l, expr, is_hanging ? -2 : 0);
    layout_close(l);
}

static void put_amount(layout *l, const ast_amount *amount)
{
    static const char *const parts[] = {
        [2] = "half", [3] = "third", [4] = "quarter", [5] = "fifth"};
    layout_text(l, amount->is_top ? "top " : "bottom ");
    if (amount->divisor != 0)
        layout_text(l, parts[amount->divisor]);
    else
        put_number(l, &amount->number);
}

/* The first window stays with its value; more of them may go to lines of their own. */
static void put_windows_of_value(layout *l, const ast_expr *expr)
{
    const ast_list *windows = &expr->modifiers.windows;
    put_window(l, windows->items[0], windows->count > 1);
    for (size_t i = 1; i < windows->count; i++) {
        const ast_window *window = windows->items[i];
        layout_break(l, LAYOUT_SOFT, 2, window->place.begin);
        put_window(l, window, i + 1 < windows->count);
    }
}

/* `time since T` in a `where` is read as a window by itself. The name gets no backticks,
 * which any other name before `since` needs. */
static bool is_time_of_event(const ast_expr *expr)
{
    const ast_name *name = expr->kind == EXPR_PATH ? expr->names.items[0] : NULL;
    return name && expr->names.count == 1 && !name->is_quoted &&
           strcmp(name->text, "time") == 0;
}

static void put_tested(layout *l, const ast_expr *test)
{
    if (is_time_of_event(test->left))
        layout_text(l, "time");
    else
        put_expr(l, test->left, BINDS_SUM);
}

/* What a person did several of: `(a, b)` in did at least 2 of (a, b). */
static void put_steps(layout *l, const ast_pattern *pattern)
{
    layout_open(l);
    for (size_t i = 0; i < pattern->links.count; i++) {
        const ast_link *link = pattern->links.items[i];
        layout_comma(l, i, LAYOUT_SOFT, 0, link->place.begin);
        put_link(l, link);
    }
    layout_close(l);
}

/* Brackets only where they are needed: for a window, alternatives or a sequence. */
static void put_pick(layout *l, const ast_expr *expr)
{
    const ast_pattern *pattern = expr->selection->pattern;
    put_picked(l, expr, expr->modifiers.windows.count > 0 || pattern->is_sequence);
}

/* A word or two, then what it is about. */
void put_prefix(layout *l, const char *words, const ast_expr *operand, binding place)
{
    layout_text(l, words);
    put_expr(l, operand, place);
}

/* ---- forms ------------------------------------------------------------------------ */

static const ast_expr *operand_of(const ast_expr *expr, char part)
{
    return part == 'l'   ? expr->left
           : part == 'c' ? expr->condition
           : part == 'k' ? expr->within_each
                         : expr->right;
}

static bool has_part(const void *node, char part)
{
    const ast_expr *expr = node;
    switch (part) {
    case '!': return expr->is_negated;
    case '0': return expr->counts_empty;
    case '.': return expr->text.text;
    case 'A': return expr->among.name.text;
    case 'H': return expr->selection->half_life;
    default: return operand_of(expr, part);
    }
}

static uint32_t position_of(const void *node, char part)
{
    const ast_expr *expr = node;
    return expr->kind == EXPR_LASTING ? expr->duration.where.begin
                                      : operand_of(expr, part)->where.begin;
}

/* What an expression of several parts names in its row of exprs.def. */
static void put_part(layout *l, const void *node, char part, int number)
{
    static const char *const signs[] = {"=", "!=", "<", ">", "<=", ">="};
    static const char *const whether[] = {"any", "all", "none"};
    const ast_expr *expr = node;
    switch (part) {
    case '#': put_number(l, &expr->number); break;
    case '"': layout_quoted(l, expr->text.text); break;
    case 'x': layout_text(l, expr->text.text); break;
    case '.': layout_name(l, &expr->text); break;
    case 'b': layout_text(l, expr->boolean ? "true" : "false"); break;
    case 'd': put_duration(l, &expr->duration); break;
    case 'n': put_path(l, &expr->names); break;
    case 'L': put_values(l, &expr->list, (binding)number); break;
    case 'C': put_list(l, &expr->list, LAYOUT_SOFT, BINDS_IF); break;
    case 'o': put_some(l, expr->times); break;
    case 'q': layout_text(l, quantity_words[expr->quantity]); break;
    case '=': layout_text(l, signs[expr->compare]); break;
    case 'h': layout_text(l, whether[expr->has]); break;
    case 'R': put_ref(l, &expr->ref); break;
    case 'A': put_ref(l, &expr->among); break;
    case 'a': put_amount(l, &expr->amount); break;
    case 't': put_tested(l, expr); break;
    case 'w': put_windows_of_value(l, expr); break;
    case 'u': layout_text(l, calendar_unit_name(expr->unit)); break;
    case 'g': layout_text(l, aggregates[expr->aggregate].spelling); break;
    case 's': put_selection(l, expr->selection, number); break;
    case 'm': put_modifiers(l, &expr->modifiers, number); break;
    case 'H': put_duration(l, expr->selection->half_life); break;
    case 'S': put_steps(l, expr->selection->pattern); break;
    case 'B': put_bounds(l, expr->selection->pattern, number); break;
    case 'p': put_pick(l, expr); break;
    default: put_expr(l, operand_of(expr, part), (binding)number); break;
    }
}

static void put_bare_expr(layout *l, const ast_expr *expr, bool is_hanging)
{
    static const layout_parts parts = {put_part, has_part, position_of};
    switch (binding_of(expr)) {
    case BINDS_CHAIN: put_chain(l, expr, is_hanging); break;
    case BINDS_SUM:
    case BINDS_TERM: put_arithmetic(l, expr, is_hanging); break;
    default: layout_form(l, forms[expr->kind].form, &parts, expr); break;
    }
}

void put_expr(layout *l, const ast_expr *expr, binding place)
{
    bool needs_brackets = binding_of(expr) < place;
    if (needs_brackets)
        layout_text(l, "(");
    put_bare_expr(l, expr, false);
    if (needs_brackets)
        layout_text(l, ")");
}

void put_whole(layout *l, const ast_expr *expr)
{
    put_bare_expr(l, expr, true);
}
