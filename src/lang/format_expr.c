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

static void put_among(layout *l, const ast_ref *among)
{
    if (!among->name.text)
        return;
    layout_text(l, " among ");
    put_ref(l, among);
}

void put_path(layout *l, const ast_list *names)
{
    for (size_t i = 0; i < names->count; i++) {
        if (i > 0)
            layout_text(l, ".");
        layout_name(l, names->items[i]);
    }
}

/* Values with commas between them, as many on a line as fit. */
void put_values(layout *l, const ast_list *values, binding place)
{
    layout_open(l);
    for (size_t i = 0; i < values->count; i++) {
        const ast_expr *value = values->items[i];
        layout_comma(l, i, LAYOUT_FILL, 0, value->where.begin);
        put_expr(l, value, place);
    }
    layout_close(l);
}

/* ---- expressions ------------------------------------------------------------------ */

static const struct {
    binding binds;
    const char *words;
} forms[] = {
#define X(kind, binds, is_plain, words) {BINDS_##binds, words},
#include "lang/exprs.def"
#undef X
};

static binding binding_of(const ast_expr *expr)
{
    return forms[expr->kind].binds;
}

static const char *words_of(const ast_expr *expr)
{
    return forms[expr->kind].words;
}

/* a and b and c. When it is broken, the joints stand under the first operand, as brackets
 * need it, or hang before it. */
static void put_chain(layout *l, const ast_expr *chain, bool is_hanging)
{
    const char *joint = words_of(chain);
    int column = is_hanging ? -(int)strlen(joint) : 0;
    layout_open(l);
    for (size_t i = 0; i < chain->list.count; i++) {
        const ast_expr *operand = chain->list.items[i];
        if (i > 0) {
            layout_go_on(l, column, operand->where.begin, joint);
        }
        put_expr(l, operand, BINDS_TEST);
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
    layout_go_on(l, column, expr->right->where.begin, words_of(expr));
    put_expr(l, expr->right, level + 1);
}

static void put_arithmetic(layout *l, const ast_expr *expr, bool is_hanging)
{
    layout_open(l);
    put_operands(l, expr, is_hanging ? -2 : 0);
    layout_close(l);
}

static void put_if(layout *l, const ast_expr *expr)
{
    layout_open(l);
    layout_text(l, "if ");
    put_expr(l, expr->condition, BINDS_IF);
    layout_go_on(l, 0, expr->left->where.begin, "then ");
    put_expr(l, expr->left, BINDS_IF);
    layout_go_on(l, 0, expr->right->where.begin, "else ");
    put_expr(l, expr->right, BINDS_IF);
    layout_close(l);
}

/* at least 2 of (a, b, c): all conditions on one line, or each on its own. */
static void put_some_of(layout *l, const ast_expr *expr)
{
    put_some(l, expr->times);
    layout_text(l, "(");
    layout_open(l);
    for (size_t i = 0; i < expr->list.count; i++) {
        const ast_expr *condition = expr->list.items[i];
        layout_comma(l, i, LAYOUT_SOFT, 0, condition->where.begin);
        put_expr(l, condition, BINDS_IF);
    }
    layout_close(l);
    layout_text(l, ")");
}

static void put_lasting(layout *l, const ast_expr *expr)
{
    bool lasts_twice = expr->left->kind == EXPR_LASTING;
    layout_open(l);
    put_expr(l, expr->left, lasts_twice ? BINDS_SUM : BINDS_TEST);
    layout_break(l, LAYOUT_SOFT, 2, expr->duration.where.begin);
    layout_format(l, "for %s ", quantity_words[expr->quantity]);
    put_duration(l, &expr->duration);
    layout_close(l);
}

static void put_compare(layout *l, const ast_expr *expr)
{
    static const char *const signs[] = {"= ", "!= ", "< ", "> ", "<= ", ">= "};
    layout_open(l);
    put_expr(l, expr->left, BINDS_SUM);
    layout_go_on(l, 2, expr->right->where.begin, signs[expr->compare]);
    put_expr(l, expr->right, BINDS_SUM);
    layout_close(l);
}

static void put_amount(layout *l, const ast_amount *amount)
{
    static const char *const parts[] = {
        [2] = "half", [3] = "third", [4] = "quarter", [5] = "fifth"};
    if (amount->divisor != 0)
        layout_text(l, parts[amount->divisor]);
    else
        put_number(l, &amount->number);
}

/* `within each user.country`: the class that people are ranked in. */
static void put_class(layout *l, const ast_expr *expr)
{
    if (!expr->within_each)
        return;
    layout_text(l, " within each ");
    put_expr(l, expr->within_each, BINDS_SUM);
}

/* The first window stays with its value; more of them may go to lines of their own. */
static void put_windows_of_value(layout *l, const ast_expr *expr)
{
    const ast_list *windows = &expr->modifiers.windows;
    layout_text(l, expr->is_negated ? " not " : " ");
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
    if (test->kind == EXPR_IN_WINDOW && is_time_of_event(test->left))
        layout_text(l, "time");
    else
        put_expr(l, test->left, BINDS_SUM);
}

/* What follows a value and makes a condition of it. */
static void put_test(layout *l, const ast_expr *expr)
{
    const char *no = expr->is_negated ? " not" : "";
    layout_open(l);
    put_tested(l, expr);
    switch (expr->kind) {
    case EXPR_MATCHES:
    case EXPR_CONTAINS:
    case EXPR_STARTS_WITH:
    case EXPR_ENDS_WITH: layout_format(l, "%s %s ", no, words_of(expr)); break;
    case EXPR_IS_MISSING: layout_format(l, " is%s missing", no); break;
    case EXPR_IN_VALUES:
        layout_format(l, "%s in (", no);
        put_values(l, &expr->list, BINDS_SUM);
        layout_text(l, ")");
        break;
    case EXPR_HAS:
        layout_text(l, expr->has == HAS_ANY   ? " has any of ("
                       : expr->has == HAS_ALL ? " has all of ("
                                              : " has none of (");
        put_values(l, &expr->list, BINDS_SUM);
        layout_text(l, ")");
        break;
    case EXPR_IN_NAMED:
        layout_format(l, "%s in ", no);
        put_ref(l, &expr->ref);
        break;
    case EXPR_IN_RANKS:
        layout_format(l, "%s in %s ", no, expr->amount.is_top ? "top" : "bottom");
        put_amount(l, &expr->amount);
        put_among(l, &expr->among);
        put_class(l, expr);
        break;
    default: put_windows_of_value(l, expr); break;
    }
    if (expr->right)
        put_expr(l, expr->right, BINDS_SUM);
    layout_close(l);
}

static void put_member(layout *l, const ast_expr *expr)
{
    layout_text(l, expr->is_negated ? "not in " : "in ");
    put_ref(l, &expr->ref);
    if (expr->right) {
        layout_text(l, " as of ");
        put_expr(l, expr->right, BINDS_PRIMARY);
    }
}

static void put_did(layout *l, const ast_expr *expr)
{
    layout_open(l);
    layout_text(l, expr->is_negated ? "did not " : "did ");
    put_selection(l, expr->selection, 4);
    put_modifiers(l, &expr->modifiers, 4);
    layout_close(l);
}

/* did at least 2 of (a, b) all within 14 days */
static void put_did_some(layout *l, const ast_expr *expr)
{
    const ast_pattern *pattern = expr->selection->pattern;
    layout_open(l);
    layout_text(l, "did ");
    put_some(l, expr->times);
    layout_text(l, "(");
    layout_open(l);
    for (size_t i = 0; i < pattern->links.count; i++) {
        const ast_link *link = pattern->links.items[i];
        layout_comma(l, i, LAYOUT_SOFT, 0, link->place.begin);
        put_link(l, link);
    }
    layout_close(l);
    layout_text(l, ")");
    put_bounds(l, pattern, 4);
    put_modifiers(l, &expr->modifiers, 4);
    layout_close(l);
}

/* The second value of an aggregate. */
static void put_share(layout *l, const ast_expr *expr)
{
    if (!expr->right)
        return;
    layout_text(l, ",");
    layout_break(l, LAYOUT_SOFT, 0, expr->right->where.begin);
    put_expr(l, expr->right, BINDS_IF);
}

static void put_aggregate(layout *l, const ast_expr *expr)
{
    layout_format(l, "%s(", aggregates[expr->aggregate].spelling);
    layout_open(l);
    put_selection(l, expr->selection, 2);
    put_modifiers(l, &expr->modifiers, 2);
    put_share(l, expr);
    layout_close(l);
    layout_text(l, ")");
    if (expr->selection->half_life) {
        layout_text(l, " with half-life ");
        put_duration(l, expr->selection->half_life);
    }
}

/* avg(sum(purchase.amount) per day else 0 in last 90 days) */
static void put_per_unit(layout *l, const ast_expr *expr)
{
    layout_format(l, "%s(", aggregates[expr->aggregate].spelling);
    layout_open(l);
    put_expr(l, expr->left, BINDS_PRIMARY);
    layout_format(l, " per %s%s", calendar_unit_name(expr->unit),
                  expr->counts_empty ? " else 0" : "");
    put_modifiers(l, &expr->modifiers, 2);
    put_share(l, expr);
    layout_close(l);
    layout_text(l, ")");
}

/* Brackets only where they are needed: for a window, alternatives or a sequence. */
static void put_pick(layout *l, const ast_expr *expr)
{
    const ast_pattern *pattern = expr->selection->pattern;
    put_picked(l, expr, expr->modifiers.windows.count > 0 || pattern->is_sequence);
}

static void put_call(layout *l, const ast_expr *expr)
{
    put_path(l, &expr->names);
    layout_text(l, "(");
    put_values(l, &expr->list, BINDS_IF);
    layout_text(l, ")");
}

static void put_ranking(layout *l, const ast_expr *expr)
{
    layout_text(l, words_of(expr));
    if (expr->kind == EXPR_NTILE) {
        put_number(l, &expr->number);
        layout_text(l, ", ");
    }
    put_expr(l, expr->left, BINDS_SUM);
    put_among(l, &expr->among);
    put_class(l, expr);
    layout_text(l, ")");
}

/* A word or two, then what it is about. */
void put_prefix(layout *l, const char *words, const ast_expr *operand, binding place)
{
    layout_text(l, words);
    put_expr(l, operand, place);
}

static void put_primary(layout *l, const ast_expr *expr)
{
    switch (expr->kind) {
    case EXPR_NUMBER: put_number(l, &expr->number); break;
    case EXPR_STRING: layout_quoted(l, expr->text.text); break;
    case EXPR_DATE:
    case EXPR_TIME: layout_text(l, expr->text.text); break;
    case EXPR_BOOL: layout_text(l, expr->boolean ? "true" : "false"); break;
    case EXPR_NOW:
        layout_text(l, "now");
        if (expr->text.text) {
            layout_text(l, ".");
            layout_name(l, &expr->text);
        }
        break;
    case EXPR_DURATION: put_duration(l, &expr->duration); break;
    case EXPR_MISSING: layout_text(l, "missing"); break;
    case EXPR_AGO:
        put_duration(l, &expr->duration);
        layout_text(l, " ago");
        break;
    case EXPR_PATH: put_path(l, &expr->names); break;
    case EXPR_CALL: put_call(l, expr); break;
    case EXPR_AS_OF:
        put_expr(l, expr->left, BINDS_PRIMARY);
        put_prefix(l, " as of ", expr->right, BINDS_PRIMARY);
        break;
    case EXPR_AGGREGATE: put_aggregate(l, expr); break;
    case EXPR_PER_UNIT: put_per_unit(l, expr); break;
    case EXPR_PICK: put_pick(l, expr); break;
    case EXPR_LAST_CHANGE:
    case EXPR_NEXT_OCCASION:
        layout_text(l, words_of(expr));
        put_path(l, &expr->names);
        break;
    case EXPR_NEXT_ANNIVERSARY:
    case EXPR_TIME_SINCE:
    case EXPR_TIME_UNTIL: put_prefix(l, words_of(expr), expr->left, BINDS_PRIMARY); break;
    default: put_ranking(l, expr); break;
    }
}

static void put_bare_expr(layout *l, const ast_expr *expr)
{
    switch (expr->kind) {
    case EXPR_IF: put_if(l, expr); break;
    case EXPR_AND:
    case EXPR_OR: put_chain(l, expr, false); break;
    case EXPR_NOT:
        put_prefix(l, "not (", expr->left, BINDS_IF);
        layout_text(l, ")");
        break;
    case EXPR_SOME_OF: put_some_of(l, expr); break;
    case EXPR_LASTING: put_lasting(l, expr); break;
    case EXPR_COMPARE: put_compare(l, expr); break;
    case EXPR_MEMBER: put_member(l, expr); break;
    case EXPR_DID: put_did(l, expr); break;
    case EXPR_DID_SOME: put_did_some(l, expr); break;
    case EXPR_ADD:
    case EXPR_SUBTRACT:
    case EXPR_MULTIPLY:
    case EXPR_DIVIDE: put_arithmetic(l, expr, false); break;
    case EXPR_NEGATE: put_prefix(l, words_of(expr), expr->left, BINDS_UNARY); break;
    default:
        if (binding_of(expr) == BINDS_TEST)
            put_test(l, expr);
        else
            put_primary(l, expr);
        break;
    }
}

void put_expr(layout *l, const ast_expr *expr, binding place)
{
    bool needs_brackets = binding_of(expr) < place;
    if (needs_brackets)
        layout_text(l, "(");
    put_bare_expr(l, expr);
    if (needs_brackets)
        layout_text(l, ")");
}

void put_whole(layout *l, const ast_expr *expr)
{
    binding level = binding_of(expr);
    if (level == BINDS_CHAIN)
        put_chain(l, expr, true);
    else if (level == BINDS_SUM || level == BINDS_TERM)
        put_arithmetic(l, expr, true);
    else
        put_expr(l, expr, BINDS_IF);
}
