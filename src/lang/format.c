/* SPDX-License-Identifier: MIT
 *
 * The tree as a row of texts and possible breaks, which layout.c puts on lines. Brackets
 * are not in the tree: each node is asked how tightly it binds, and gets brackets where
 * its place asks for more.
 */
#include "lang/format.h"

#include <inttypes.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/utf8.h"
#include "lang/layout.h"

#define NO_LIMIT ((size_t)1 << 40)

/* How tightly an expression binds, and how tightly a place asks it to. */
typedef enum binding {
    BINDS_IF,
    BINDS_CHAIN,
    BINDS_TEST,
    BINDS_SUM,
    BINDS_TERM,
    BINDS_UNARY,
    BINDS_PRIMARY
} binding;

static const char *const quantity_words[] = {"at least", "at most", "exactly",
                                             "more than", "fewer than"};

static void put_expr(layout *l, const ast_expr *expr, binding place);

/* ---- small parts ------------------------------------------------------------------ */

static void put_number(layout *l, const ast_number *number)
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
static void put_duration(layout *l, const ast_duration *duration)
{
    bool is_one = duration->count.value == number_power_of_ten(duration->count.scale);
    put_number(l, &duration->count);
    layout_format(l, " %s%s", calendar_unit_name(duration->unit), is_one ? "" : "s");
}

static void put_ref(layout *l, const ast_ref *ref)
{
    layout_name(l, &ref->name);
    if (ref->member.text != NULL) {
        layout_text(l, ".");
        layout_name(l, &ref->member);
    }
}

static void put_among(layout *l, const ast_ref *among)
{
    if (among->name.text == NULL)
        return;
    layout_text(l, " among ");
    put_ref(l, among);
}

static void put_path(layout *l, const ast_list *names)
{
    for (size_t i = 0; i < names->count; i++) {
        if (i > 0)
            layout_text(l, ".");
        layout_name(l, names->items[i]);
    }
}

/* Values with commas between them, as many on a line as fit. */
static void put_values(layout *l, const ast_list *values, binding place)
{
    layout_open(l);
    for (size_t i = 0; i < values->count; i++) {
        const ast_expr *value = values->items[i];
        if (i > 0) {
            layout_text(l, ",");
            layout_break(l, LAYOUT_FILL, 0, value->where.begin);
        }
        put_expr(l, value, place);
    }
    layout_close(l);
}

/* ---- behaviour -------------------------------------------------------------------- */

/* A part that may go to a line of its own, `column` behind where the group begins. */
static void put_where(layout *l, const ast_expr *where, int column)
{
    if (where == NULL)
        return;
    layout_break(l, LAYOUT_SOFT, column, where->where.begin);
    layout_text(l, "where (");
    put_expr(l, where, BINDS_IF);
    layout_text(l, ")");
}

static void put_kind(layout *l, const ast_event *event)
{
    if (event->is_anything)
        layout_text(l, "anything");
    else
        layout_name(l, &event->name);
}

static void put_event(layout *l, const ast_event *event, int column)
{
    put_kind(l, event);
    put_where(l, event->where, column);
}

static void put_alternatives(layout *l, const ast_step *step)
{
    layout_text(l, "(");
    layout_open(l);
    for (size_t i = 0; i < step->events.count; i++) {
        const ast_event *event = step->events.items[i];
        if (i > 0) {
            layout_break(l, LAYOUT_SOFT, 0, event->place.begin);
            layout_text(l, "or ");
        }
        layout_open(l);
        put_event(l, event, 4);
        layout_close(l);
    }
    layout_close(l);
    layout_text(l, ")");
}

static void put_step(layout *l, const ast_step *step, int column)
{
    if (step->events.count == 1) {
        put_event(l, step->events.items[0], column);
        return;
    }
    put_alternatives(l, step);
    put_where(l, step->where, column);
}

static void put_link(layout *l, const ast_link *link)
{
    layout_open(l);
    if (link->is_negated)
        layout_text(l, "no ");
    if (link->is_direct)
        layout_text(l, "directly ");
    put_step(l, link->step, 4);
    for (size_t i = 0; i < link->spacings.count; i++) {
        const ast_spacing *spacing = link->spacings.items[i];
        layout_break(l, LAYOUT_SOFT, 4, spacing->duration.where.begin);
        layout_format(l, "%s ",
                      spacing->is_within ? "within" : quantity_words[spacing->quantity]);
        put_duration(l, &spacing->duration);
        if (!spacing->is_within)
            layout_text(l, " later");
    }
    layout_close(l);
}

static void put_sequence(layout *l, const ast_pattern *pattern, int column)
{
    layout_text(l, "(");
    layout_open(l);
    for (size_t i = 0; i < pattern->links.count; i++) {
        const ast_link *link = pattern->links.items[i];
        if (i > 0) {
            layout_break(l, LAYOUT_SOFT, 0, link->place.begin);
            layout_text(l, pattern->is_any_order ? "and " : "then ");
        }
        put_link(l, link);
    }
    layout_close(l);
    layout_text(l, ")");
    for (size_t i = 0; i < pattern->all_within.count; i++) {
        const ast_duration *duration = pattern->all_within.items[i];
        layout_break(l, LAYOUT_SOFT, column, duration->where.begin);
        layout_text(l, "all within ");
        put_duration(l, duration);
    }
    for (size_t i = 0; i < pattern->same.count; i++) {
        const ast_name *same = pattern->same.items[i];
        layout_break(l, LAYOUT_SOFT, column, same->where.begin);
        layout_text(l, "with same ");
        layout_name(l, same);
    }
}

static void put_pattern(layout *l, const ast_pattern *pattern, int column)
{
    if (pattern->is_sequence)
        put_sequence(l, pattern, column);
    else
        put_step(l, pattern->step, column);
}

/* purchase.amount where (...): the condition belongs to the event, and stands last. */
static void put_selection(layout *l, const ast_selection *selection, int column)
{
    if (selection->property.text == NULL && selection->value == NULL) {
        put_pattern(l, selection->pattern, column);
        return;
    }
    const ast_step *step = selection->pattern->step;
    const ast_event *event = step->events.items[0];
    bool is_single = step->events.count == 1;
    if (is_single)
        put_kind(l, event);
    else
        put_alternatives(l, step);
    if (selection->value != NULL) {
        layout_text(l, ".(");
        put_expr(l, selection->value, BINDS_IF);
        layout_text(l, ")");
    } else {
        layout_text(l, ".");
        layout_name(l, &selection->property);
    }
    if (selection->field.text != NULL) {
        layout_text(l, ".");
        layout_name(l, &selection->field);
    }
    put_where(l, is_single ? event->where : step->where, column);
}

static void put_anchor(layout *l, const ast_window *window)
{
    if (window->step == NULL) {
        put_expr(l, window->from, BINDS_SUM);
        return;
    }
    layout_text(l, "any ");
    layout_open(l);
    put_step(l, window->step, 2);
    layout_close(l);
    if (window->same.text != NULL) {
        layout_text(l, " with same ");
        layout_name(l, &window->same);
    }
}

static void put_last_full(layout *l, const ast_window *window)
{
    const char *unit = calendar_unit_name(window->unit);
    if (window->is_bare)
        layout_format(l, "in last full %s", unit);
    else
        layout_format(l, "in last %" PRId64 " full %s%s", window->count, unit,
                      window->count == 1 ? "" : "s");
}

static void put_window(layout *l, const ast_window *window)
{
    /* What stands before the duration, unit or instant, and between a unit or duration
     * and an instant. */
    static const struct {
        const char *before, *between;
    } words[] = {
        [WINDOW_IN_LAST] = {"in last ", ""},
        [WINDOW_IN_PREVIOUS] = {"in previous ", ""},
        [WINDOW_IN_NEXT] = {"in next ", ""},
        [WINDOW_IN_THIS] = {"in this ", ""},
        [WINDOW_UNIT_OF] = {"in ", " of "},
        [WINDOW_UNIT_AFTER] = {"in ", " after "},
        [WINDOW_UNIT_BEFORE] = {"in ", " before "},
        [WINDOW_TODAY] = {"today", ""},
        [WINDOW_YESTERDAY] = {"yesterday", ""},
        [WINDOW_BETWEEN] = {"between ", " and "},
        [WINDOW_SINCE] = {"since ", ""},
        [WINDOW_BEFORE] = {"before ", ""},
        [WINDOW_AFTER] = {"after ", ""},
        [WINDOW_ON] = {"on ", ""},
        [WINDOW_DURING] = {"during ", ""},
        [WINDOW_WITHIN_OF] = {"within ", " of "},
        [WINDOW_WITHIN_AFTER] = {"within ", " after "},
        [WINDOW_WITHIN_BEFORE] = {"within ", " before "},
    };
    if (words[window->kind].before != NULL)
        layout_text(l, words[window->kind].before);
    switch (window->kind) {
    case WINDOW_LAST_FULL:
        put_last_full(l, window);
        break;
    case WINDOW_LAST_EVENTS:
        layout_format(l, "in last %" PRId64 " ", window->count);
        layout_name(l, &window->name);
        break;
    case WINDOW_IN_LAST:
    case WINDOW_IN_PREVIOUS:
    case WINDOW_IN_NEXT:
        put_duration(l, &window->duration);
        break;
    case WINDOW_IN_THIS:
        layout_text(l, calendar_unit_name(window->unit));
        break;
    case WINDOW_UNIT_OF:
    case WINDOW_UNIT_AFTER:
    case WINDOW_UNIT_BEFORE:
        layout_text(l, calendar_unit_name(window->unit));
        layout_text(l, words[window->kind].between);
        put_expr(l, window->from, BINDS_SUM);
        break;
    case WINDOW_TODAY:
    case WINDOW_YESTERDAY:
        break;
    case WINDOW_BETWEEN:
        put_expr(l, window->from, BINDS_SUM);
        layout_text(l, words[window->kind].between);
        put_expr(l, window->to, BINDS_SUM);
        break;
    case WINDOW_SINCE:
    case WINDOW_BEFORE:
    case WINDOW_AFTER:
    case WINDOW_ON:
        put_expr(l, window->from, BINDS_SUM);
        break;
    case WINDOW_DURING:
        layout_name(l, &window->name);
        break;
    case WINDOW_WITHIN_OF:
    case WINDOW_WITHIN_AFTER:
    case WINDOW_WITHIN_BEFORE:
        put_duration(l, &window->duration);
        layout_text(l, words[window->kind].between);
        put_anchor(l, window);
        break;
    }
}

static void put_times(layout *l, const ast_times *times)
{
    layout_text(l, quantity_words[times->quantity]);
    if (times->count == 1 || times->count == 2)
        layout_text(l, times->count == 1 ? " once" : " twice");
    else
        layout_format(l, " %" PRId64 " times", times->count);
}

static void put_windows(layout *l, const ast_list *windows, int column)
{
    for (size_t i = 0; i < windows->count; i++) {
        const ast_window *window = windows->items[i];
        layout_break(l, LAYOUT_SOFT, column, window->place.begin);
        put_window(l, window);
    }
}

/* The number of times first, then the windows. */
static void put_modifiers(layout *l, const ast_modifiers *modifiers, int column)
{
    for (size_t i = 0; i < modifiers->times.count; i++) {
        const ast_times *times = modifiers->times.items[i];
        layout_break(l, LAYOUT_SOFT, column, times->place.begin);
        put_times(l, times);
    }
    put_windows(l, &modifiers->windows, column);
}

/* ---- expressions ------------------------------------------------------------------ */

static binding binding_of(const ast_expr *expr)
{
    switch (expr->kind) {
    case EXPR_IF:
        return BINDS_IF;
    case EXPR_AND:
    case EXPR_OR:
        return BINDS_CHAIN;
    case EXPR_NOT:
    case EXPR_COMPARE:
    case EXPR_MATCHES:
    case EXPR_CONTAINS:
    case EXPR_STARTS_WITH:
    case EXPR_ENDS_WITH:
    case EXPR_IS_MISSING:
    case EXPR_IN_VALUES:
    case EXPR_IN_NAMED:
    case EXPR_IN_RANKS:
    case EXPR_IN_WINDOW:
    case EXPR_MEMBER:
    case EXPR_DID:
        return BINDS_TEST;
    case EXPR_ADD:
    case EXPR_SUBTRACT:
        return BINDS_SUM;
    case EXPR_MULTIPLY:
    case EXPR_DIVIDE:
        return BINDS_TERM;
    case EXPR_NEGATE:
        return BINDS_UNARY;
    default:
        return BINDS_PRIMARY;
    }
}

/* a and b and c. When it is broken, the joints stand under the first operand, as brackets
 * need it, or hang before it. */
static void put_chain(layout *l, const ast_expr *chain, bool is_hanging)
{
    const char *joint = chain->kind == EXPR_AND ? "and " : "or ";
    int column = is_hanging ? -(int)strlen(joint) : 0;
    layout_open(l);
    for (size_t i = 0; i < chain->list.count; i++) {
        const ast_expr *operand = chain->list.items[i];
        if (i > 0) {
            layout_break(l, LAYOUT_SOFT, column, operand->where.begin);
            layout_text(l, joint);
        }
        put_expr(l, operand, BINDS_TEST);
    }
    layout_close(l);
}

/* a + b - c: the left operand of the same kind goes on without a group of its own. */
static void put_operands(layout *l, const ast_expr *expr, int column)
{
    binding level = binding_of(expr);
    const char *sign = expr->kind == EXPR_ADD        ? "+ "
                       : expr->kind == EXPR_SUBTRACT ? "- "
                       : expr->kind == EXPR_MULTIPLY ? "* "
                                                     : "/ ";
    if (binding_of(expr->left) == level)
        put_operands(l, expr->left, column);
    else
        put_expr(l, expr->left, level);
    layout_break(l, LAYOUT_SOFT, column, expr->right->where.begin);
    layout_text(l, sign);
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
    layout_break(l, LAYOUT_SOFT, 0, expr->left->where.begin);
    layout_text(l, "then ");
    put_expr(l, expr->left, BINDS_IF);
    layout_break(l, LAYOUT_SOFT, 0, expr->right->where.begin);
    layout_text(l, "else ");
    put_expr(l, expr->right, BINDS_IF);
    layout_close(l);
}

static void put_compare(layout *l, const ast_expr *expr)
{
    static const char *const signs[] = {"= ", "!= ", "< ", "> ", "<= ", ">= "};
    layout_open(l);
    put_expr(l, expr->left, BINDS_SUM);
    layout_break(l, LAYOUT_SOFT, 2, expr->right->where.begin);
    layout_text(l, signs[expr->compare]);
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
    if (expr->within_each == NULL)
        return;
    layout_text(l, " within each ");
    put_expr(l, expr->within_each, BINDS_SUM);
}

/* What follows a value and makes a condition of it. */
static void put_test(layout *l, const ast_expr *expr)
{
    const char *no = expr->is_negated ? " not" : "";
    put_expr(l, expr->left, BINDS_SUM);
    switch (expr->kind) {
    case EXPR_MATCHES:
        layout_format(l, "%s matches ", no);
        break;
    case EXPR_CONTAINS:
        layout_format(l, "%s contains ", no);
        break;
    case EXPR_STARTS_WITH:
        layout_format(l, "%s starts with ", no);
        break;
    case EXPR_ENDS_WITH:
        layout_format(l, "%s ends with ", no);
        break;
    case EXPR_IS_MISSING:
        layout_format(l, " is%s missing", no);
        break;
    case EXPR_IN_VALUES:
        layout_format(l, "%s in (", no);
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
    default:
        layout_format(l, "%s ", no);
        put_window(l, expr->window);
        break;
    }
    if (expr->right != NULL)
        put_expr(l, expr->right, BINDS_SUM);
}

static void put_member(layout *l, const ast_expr *expr)
{
    layout_text(l, expr->is_negated ? "not in " : "in ");
    put_ref(l, &expr->ref);
    if (expr->right != NULL) {
        layout_text(l, " as of ");
        put_expr(l, expr->right, BINDS_PRIMARY);
    }
}

static void put_did(layout *l, const ast_expr *expr)
{
    layout_open(l);
    layout_text(l, expr->is_negated ? "did not " : "did ");
    put_pattern(l, expr->selection->pattern, 4);
    put_modifiers(l, &expr->modifiers, 4);
    layout_close(l);
}

static void put_aggregate(layout *l, const ast_expr *expr)
{
    layout_format(l, "%s(", expr->text.text);
    layout_open(l);
    put_selection(l, expr->selection, 2);
    put_modifiers(l, &expr->modifiers, 2);
    if (expr->right != NULL) {
        layout_text(l, ",");
        layout_break(l, LAYOUT_SOFT, 0, expr->right->where.begin);
        put_expr(l, expr->right, BINDS_IF);
    }
    layout_close(l);
    layout_text(l, ")");
}

/* Brackets only where they are needed: for a window, alternatives or a sequence. */
static void put_pick(layout *l, const ast_expr *expr)
{
    const ast_pattern *pattern = expr->selection->pattern;
    bool is_plain = expr->modifiers.windows.count == 0 && !pattern->is_sequence &&
                    pattern->step->events.count == 1;
    layout_text(l, expr->is_last ? "last" : "first");
    layout_text(l, is_plain ? " " : "(");
    layout_open(l);
    put_selection(l, expr->selection, 2);
    put_windows(l, &expr->modifiers.windows, 2);
    layout_close(l);
    if (!is_plain)
        layout_text(l, ")");
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
    if (expr->kind == EXPR_NTILE) {
        layout_text(l, "ntile(");
        put_number(l, &expr->number);
        layout_text(l, ", ");
    } else {
        layout_text(l, expr->kind == EXPR_RANK ? "rank(" : "percentile(");
    }
    put_expr(l, expr->left, BINDS_SUM);
    put_among(l, &expr->among);
    put_class(l, expr);
    layout_text(l, ")");
}

/* A word or two, then what it is about. */
static void put_prefix(layout *l, const char *words, const ast_expr *operand,
                       binding place)
{
    layout_text(l, words);
    put_expr(l, operand, place);
}

static void put_primary(layout *l, const ast_expr *expr)
{
    switch (expr->kind) {
    case EXPR_NUMBER:
        put_number(l, &expr->number);
        break;
    case EXPR_STRING:
        layout_quoted(l, expr->text.text);
        break;
    case EXPR_DATE:
    case EXPR_TIME:
        layout_text(l, expr->text.text);
        break;
    case EXPR_BOOL:
        layout_text(l, expr->boolean ? "true" : "false");
        break;
    case EXPR_NOW:
        layout_text(l, "now");
        break;
    case EXPR_DURATION:
        put_duration(l, &expr->duration);
        break;
    case EXPR_AGO:
        put_duration(l, &expr->duration);
        layout_text(l, " ago");
        break;
    case EXPR_PATH:
        put_path(l, &expr->names);
        break;
    case EXPR_CALL:
        put_call(l, expr);
        break;
    case EXPR_AS_OF:
        put_expr(l, expr->left, BINDS_PRIMARY);
        put_prefix(l, " as of ", expr->right, BINDS_PRIMARY);
        break;
    case EXPR_AGGREGATE:
        put_aggregate(l, expr);
        break;
    case EXPR_PICK:
        put_pick(l, expr);
        break;
    case EXPR_LAST_CHANGE:
        layout_text(l, "last change of ");
        put_path(l, &expr->names);
        break;
    case EXPR_NEXT_OCCASION:
        layout_text(l, "next ");
        put_path(l, &expr->names);
        break;
    case EXPR_NEXT_ANNIVERSARY:
        put_prefix(l, "next anniversary of ", expr->left, BINDS_PRIMARY);
        break;
    case EXPR_TIME_SINCE:
        put_prefix(l, "time since ", expr->left, BINDS_PRIMARY);
        break;
    case EXPR_TIME_UNTIL:
        put_prefix(l, "time until ", expr->left, BINDS_PRIMARY);
        break;
    default:
        put_ranking(l, expr);
        break;
    }
}

static void put_bare_expr(layout *l, const ast_expr *expr)
{
    switch (expr->kind) {
    case EXPR_IF:
        put_if(l, expr);
        break;
    case EXPR_AND:
    case EXPR_OR:
        put_chain(l, expr, false);
        break;
    case EXPR_NOT:
        put_prefix(l, "not (", expr->left, BINDS_IF);
        layout_text(l, ")");
        break;
    case EXPR_COMPARE:
        put_compare(l, expr);
        break;
    case EXPR_MEMBER:
        put_member(l, expr);
        break;
    case EXPR_DID:
        put_did(l, expr);
        break;
    case EXPR_ADD:
    case EXPR_SUBTRACT:
    case EXPR_MULTIPLY:
    case EXPR_DIVIDE:
        put_arithmetic(l, expr, false);
        break;
    case EXPR_NEGATE:
        put_prefix(l, "-", expr->left, BINDS_UNARY);
        break;
    default:
        if (binding_of(expr) == BINDS_TEST)
            put_test(l, expr);
        else
            put_primary(l, expr);
        break;
    }
}

static void put_expr(layout *l, const ast_expr *expr, binding place)
{
    bool needs_brackets = binding_of(expr) < place;
    if (needs_brackets)
        layout_text(l, "(");
    put_bare_expr(l, expr);
    if (needs_brackets)
        layout_text(l, ")");
}

/* The whole expression behind `when` or =: its joints hang before it. */
static void put_whole(layout *l, const ast_expr *expr)
{
    binding level = binding_of(expr);
    if (level == BINDS_CHAIN)
        put_chain(l, expr, true);
    else if (level == BINDS_SUM || level == BINDS_TERM)
        put_arithmetic(l, expr, true);
    else
        put_expr(l, expr, BINDS_IF);
}

/* ---- declarations ----------------------------------------------------------------- */

static void put_title(layout *l, const ast_name *title)
{
    if (title->text == NULL)
        return;
    layout_text(l, " ");
    layout_quoted(l, title->text);
}

static bool has_attributes(const ast_decl *decl)
{
    return decl->notes.count > 0 || decl->owner.text != NULL || decl->tags.count > 0 ||
           decl->purpose.text != NULL;
}

/* How wide the words before attributes and `when` are: these stand in a column. */
static int key_width(const ast_decl *decl)
{
    return decl->purpose.text != NULL                      ? 7
           : decl->owner.text != NULL                      ? 5
           : decl->notes.count > 0 || decl->tags.count > 0 ? 4
                                                           : 0;
}

static void put_key(layout *l, const ast_decl *decl, const char *key, span place)
{
    layout_break(l, LAYOUT_HARD, 2, place.begin);
    layout_format(l, "%-*s ", key_width(decl), key);
}

static void put_notes(layout *l, const ast_decl *decl)
{
    for (size_t i = 0; i < decl->notes.count; i++) {
        const ast_name *note = decl->notes.items[i];
        if (i == 0)
            put_key(l, decl, "note", note->where);
        else
            layout_break(l, LAYOUT_HARD, 3 + key_width(decl), note->where.begin);
        layout_quoted(l, note->text);
    }
}

static void put_tags(layout *l, const ast_decl *decl)
{
    for (size_t i = 0; i < decl->tags.count; i++) {
        const ast_name *tag = decl->tags.items[i];
        if (i == 0) {
            put_key(l, decl, "tags", tag->where);
        } else {
            layout_text(l, ",");
            layout_break(l, LAYOUT_FILL, 3 + key_width(decl), tag->where.begin);
        }
        layout_name(l, tag);
    }
}

static void put_attributes(layout *l, const ast_decl *decl)
{
    put_notes(l, decl);
    if (decl->owner.text != NULL) {
        put_key(l, decl, "owner", decl->owner.where);
        layout_quoted(l, decl->owner.text);
    }
    put_tags(l, decl);
    if (decl->purpose.text != NULL) {
        put_key(l, decl, "purpose", decl->purpose.where);
        layout_name(l, &decl->purpose);
    }
}

/* For whom the rule is judged, on the first line unless attributes stand between. */
static void put_scope(layout *l, const ast_decl *decl)
{
    layout_break_kind kind = has_attributes(decl) ? LAYOUT_HARD : LAYOUT_FILL;
    if (decl->subject.text != NULL) {
        layout_break(l, kind, 2, decl->subject.where.begin);
        layout_text(l, "for each ");
        layout_name(l, &decl->subject);
    }
    if (decl->among.name.text != NULL) {
        layout_break(l, kind, 2, decl->among.where.begin);
        layout_text(l, "among ");
        put_ref(l, &decl->among);
    }
    if (decl->is_judged) {
        layout_break(l, LAYOUT_HARD, 2, decl->judged_place.begin);
        layout_format(l, "judged every %s", calendar_unit_name(decl->judged_unit));
    }
}

static void put_segment(layout *l, const ast_decl *decl)
{
    layout_break(l, LAYOUT_SOFT, 2, decl->value->where.begin);
    layout_format(l, "%-*s ", has_attributes(decl) ? key_width(decl) : 4, "when");
    put_whole(l, decl->value);
    if (decl->stay != NULL) {
        layout_break(l, LAYOUT_HARD, 2, decl->stay->where.begin);
        layout_text(l, "stay while ");
        put_whole(l, decl->stay);
    }
}

/* How wide a name is in the file. */
static size_t name_width(const ast_name *name)
{
    if (name->text == NULL)
        return 0;
    layout *l = layout_new();
    size_t width;
    layout_name(l, name);
    layout_is_flat(l, &width);
    layout_free(l);
    return width;
}

static size_t title_width(const ast_name *title)
{
    if (title->text == NULL)
        return 0;
    layout *l = layout_new();
    size_t width;
    layout_quoted(l, title->text);
    layout_is_flat(l, &width);
    layout_free(l);
    return width + 1;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static void put_groups(layout *l, const ast_decl *decl)
{
    size_t names = 0, titles = 0;
    for (size_t i = 0; i < decl->groups.count; i++) {
        const ast_group *group = decl->groups.items[i];
        names = larger(names, name_width(&group->name));
        titles = larger(titles, title_width(&group->title));
    }
    for (size_t i = 0; i < decl->groups.count; i++) {
        const ast_group *group = decl->groups.items[i];
        layout_break(l, LAYOUT_HARD, 2, group->place.begin);
        layout_name(l, &group->name);
        if (group->title.text != NULL) {
            layout_pad_to(l, 2 + names);
            put_title(l, &group->title);
        }
        layout_pad_to(l, 2 + names + titles);
        layout_text(l, group->when != NULL ? " when " : " otherwise");
        if (group->when != NULL)
            put_whole(l, group->when);
    }
}

static void put_point(layout *l, const ast_point *point)
{
    layout_text(l, point->is_minus ? "minus " : "plus ");
    put_number(l, &point->amount);
    if (point->when != NULL) {
        layout_text(l, " when ");
        put_whole(l, point->when);
        return;
    }
    layout_text(l, " each ");
    layout_open(l);
    put_pattern(l, point->pattern, 2);
    put_windows(l, &point->windows, 2);
    if (point->has_cap) {
        layout_text(l, " at most ");
        put_number(l, &point->cap);
    }
    layout_close(l);
}

static void put_score(layout *l, const ast_decl *decl)
{
    for (size_t i = 0; i < decl->points.count; i++) {
        const ast_point *point = decl->points.items[i];
        layout_break(l, LAYOUT_HARD, 2, point->place.begin);
        put_point(l, point);
    }
    if (decl->value == NULL)
        return;
    if (has_attributes(decl)) {
        layout_break(l, LAYOUT_HARD, 2, decl->value->where.begin);
        layout_text(l, "= ");
    } else {
        layout_text(l, " = ");
    }
    put_whole(l, decl->value);
}

static const char *const month_names[] = {
    "january", "february", "march",     "april",   "may",      "june",
    "july",    "august",   "september", "october", "november", "december"};

static void put_occasion(layout *l, const ast_occasion *occasion)
{
    static const char *const weekdays[] = {"monday", "tuesday",  "wednesday", "thursday",
                                           "friday", "saturday", "sunday"};
    static const char *const ordinals[] = {"last",  "",       "first", "second",
                                           "third", "fourth", "fifth"};
    layout_text(l, " on ");
    switch (occasion->kind) {
    case OCCASION_WEEKDAY:
        layout_format(l, "%s %s of %s", ordinals[occasion->ordinal + 1],
                      weekdays[occasion->weekday], month_names[occasion->month - 1]);
        break;
    case OCCASION_DATES:
        layout_text(l, "dates ");
        put_values(l, &occasion->dates, BINDS_SUM);
        break;
    default:
        layout_format(l, "%s %u", month_names[occasion->first.month - 1],
                      occasion->first.day);
        if (occasion->kind == OCCASION_SPAN)
            layout_format(l, " to %s %u", month_names[occasion->last.month - 1],
                          occasion->last.day);
        break;
    }
}

static void put_split(layout *l, const ast_decl *decl)
{
    size_t names = 0;
    if (decl->by.text != NULL) {
        layout_break(l, LAYOUT_FILL, 2, decl->by.where.begin);
        layout_text(l, "by ");
        layout_quoted(l, decl->by.text);
    }
    for (size_t i = 0; i < decl->arms.count; i++)
        names = larger(names, name_width(&((const ast_arm *)decl->arms.items[i])->name));
    for (size_t i = 0; i < decl->arms.count; i++) {
        const ast_arm *arm = decl->arms.items[i];
        layout_break(l, LAYOUT_HARD, 2, arm->place.begin);
        layout_name(l, &arm->name);
        layout_pad_to(l, 3 + names);
        put_number(l, &arm->share);
    }
}

static void put_settings(layout *l, const ast_list *settings)
{
    for (size_t i = 0; i < settings->count; i++) {
        const ast_setting *setting = settings->items[i];
        if (i > 0)
            layout_text(l, ", ");
        layout_name(l, &setting->name);
        layout_text(l, " = ");
        put_expr(l, setting->value, BINDS_SUM);
    }
}

static void put_line(layout *l, const ast_line *line)
{
    bool is_expected = line->kind == LINE_EXPECT_IN || line->kind == LINE_EXPECT_HAS;
    if (is_expected)
        layout_text(l, "expect ");
    layout_name(l, &line->person);
    if (line->kind == LINE_DID) {
        layout_text(l, " did ");
        layout_name(l, &line->event);
    } else if (line->kind == LINE_EXPECT_IN) {
        layout_text(l, line->is_negated ? " not in " : " in ");
        put_ref(l, &line->ref);
    } else {
        layout_text(l, " has ");
        put_settings(l, &line->settings);
    }
    if (line->at != NULL)
        put_prefix(l, " at ", line->at, BINDS_PRIMARY);
    if (line->kind == LINE_DID && line->settings.count > 0) {
        layout_text(l, " (");
        put_settings(l, &line->settings);
        layout_text(l, ")");
    }
}

static void put_lines(layout *l, const ast_decl *decl)
{
    for (size_t i = 0; i < decl->lines.count; i++) {
        const ast_line *line = decl->lines.items[i];
        layout_break(l, LAYOUT_HARD, 2, line->place.begin);
        put_line(l, line);
    }
}

static void put_list(layout *l, const ast_decl *decl)
{
    if (decl->from.text != NULL) {
        layout_text(l, " from ");
        layout_quoted(l, decl->from.text);
        return;
    }
    layout_text(l, " = ");
    put_values(l, &decl->values, BINDS_SUM);
}

/* The first words: what it is, its name, its title. */
static void put_head(layout *l, const ast_decl *decl)
{
    static const char *const heads[] = {"use",     "let",     "list",  "event",
                                        "segment", "groups",  "score", "occasion",
                                        "split",   "scenario"};
    bool is_text = decl->kind == DECL_USE || decl->kind == DECL_SCENARIO;
    layout_format(l, "%s ", heads[decl->kind]);
    if (is_text)
        layout_quoted(l, decl->name.text);
    else
        layout_name(l, &decl->name);
    put_title(l, &decl->title);
}

/* `column`: where = or `on` stands, to be in line with the declarations around; or 0. */
static void put_decl(layout *l, const ast_decl *decl, size_t column)
{
    layout_open(l);
    put_head(l, decl);
    put_attributes(l, decl);
    put_scope(l, decl);
    layout_pad_to(l, column);
    switch (decl->kind) {
    case DECL_USE:
        break;
    case DECL_LET:
        layout_text(l, " = ");
        put_whole(l, decl->value);
        break;
    case DECL_LIST:
        put_list(l, decl);
        break;
    case DECL_EVENT:
        layout_text(l, " = ");
        layout_open(l);
        put_pattern(l, decl->pattern, 2);
        layout_close(l);
        break;
    case DECL_SEGMENT:
        put_segment(l, decl);
        break;
    case DECL_GROUPS:
        put_groups(l, decl);
        break;
    case DECL_SCORE:
        put_score(l, decl);
        break;
    case DECL_OCCASION:
        put_occasion(l, &decl->occasion);
        break;
    case DECL_SPLIT:
        put_split(l, decl);
        break;
    case DECL_SCENARIO:
        put_lines(l, decl);
        break;
    }
    layout_close(l);
}

/* ---- the file --------------------------------------------------------------------- */

/* A declaration on its way to paper. */
typedef struct sheet {
    const ast_decl *decl;
    layout *layout;
    size_t first_comment, comment_count; /* the comments before it */
    bool is_after_blank_line;
    size_t head_width; /* up to = or `on`, when it can be put in line */
    size_t width;
} sheet;

/* Are there two line ends before this place, and only blanks between? */
static bool is_after_blank_line(const source *file, uint32_t at)
{
    slice whole = source_text(file);
    unsigned line_ends = 0;
    while (at > 0 && strchr(" \t\r\v\f\n", whole.data[at - 1]) != NULL) {
        at--;
        line_ends += whole.data[at] == '\n';
    }
    return line_ends > 1;
}

static bool is_in_column(const ast_decl *decl)
{
    return decl->kind == DECL_LET || decl->kind == DECL_OCCASION;
}

/* Lay the declaration out, and give it the comments before it and inside it. */
static sheet make_sheet(const ast_file *file, const ast_decl *decl, size_t *next_comment)
{
    sheet s = {.decl = decl, .layout = layout_new(), .first_comment = *next_comment};
    while (*next_comment < file->comments.count) {
        const ast_comment *comment = file->comments.items[*next_comment];
        if (comment->where.begin >= decl->where.begin)
            break;
        ++*next_comment;
        s.comment_count++;
    }
    s.is_after_blank_line = is_after_blank_line(file->source, decl->where.begin);
    put_decl(s.layout, decl, 0);
    layout_bind_comments(s.layout, &file->comments, next_comment);
    if (is_in_column(decl) && layout_is_flat(s.layout, &s.width)) {
        layout *head = layout_new();
        put_head(head, decl);
        layout_is_flat(head, &s.head_width);
        layout_free(head);
    }
    return s;
}

/* May these two be in one column? Nothing stands between them but a line's end. */
static bool are_neighbours(const ast_file *file, const sheet *a, const sheet *b)
{
    for (size_t i = 0; i < b->comment_count; i++) {
        const ast_comment *comment = file->comments.items[b->first_comment + i];
        if (i > 0 || comment->is_alone)
            return false;
    }
    return a->head_width > 0 && b->head_width > 0 && a->decl->kind == b->decl->kind &&
           !b->is_after_blank_line;
}

/* Put = or `on` of neighbours of one line each into one column, if they still fit. */
static void align_sheets(const ast_file *file, sheet *sheets, size_t count)
{
    for (size_t begin = 0, end; begin < count; begin = end) {
        size_t head = sheets[begin].head_width, tail = 0;
        for (end = begin + 1; end < count; end++) {
            if (!are_neighbours(file, &sheets[end - 1], &sheets[end]))
                break;
            head = larger(head, sheets[end].head_width);
        }
        for (size_t i = begin; i < end; i++)
            tail = larger(tail, sheets[i].width - sheets[i].head_width);
        if (end - begin < 2 || head + tail > LAYOUT_WIDTH)
            continue;
        for (size_t i = begin; i < end; i++) {
            layout_free(sheets[i].layout);
            sheets[i].layout = layout_new();
            put_decl(sheets[i].layout, sheets[i].decl, head);
        }
    }
}

/* Comments between declarations; the first may stand behind the one before. */
static void print_comments(const ast_file *file, size_t first, size_t count, text *out)
{
    for (size_t i = 0; i < count; i++) {
        const ast_comment *comment = file->comments.items[first + i];
        bool is_behind = i == 0 && !comment->is_alone && out->size > 0;
        if (is_behind) {
            out->data[--out->size] = '\0'; /* the line end */
            text_append(out, "  ");
        } else if (comment->is_after_blank_line && out->size > 0) {
            text_append_char(out, '\n');
        }
        text_append(out, comment->text);
        text_append_char(out, '\n');
    }
}

void format_file(const ast_file *file, text *out)
{
    size_t count = file->decls.count, next_comment = 0;
    sheet *sheets = memory_alloc_zero_array(count + 1, sizeof *sheets);
    text body;
    text_init(&body);
    for (size_t i = 0; i < count; i++)
        sheets[i] = make_sheet(file, file->decls.items[i], &next_comment);
    align_sheets(file, sheets, count);
    for (size_t i = 0; i < count; i++) {
        print_comments(file, sheets[i].first_comment, sheets[i].comment_count, &body);
        if (sheets[i].is_after_blank_line && body.size > 0)
            text_append_char(&body, '\n');
        layout_print(sheets[i].layout, LAYOUT_WIDTH, &body);
        text_append_char(&body, '\n');
        layout_free(sheets[i].layout);
    }
    print_comments(file, next_comment, file->comments.count - next_comment, &body);
    text_append_bytes(out, body.data, body.size);
    text_done(&body);
    memory_free(sheets);
}

void format_expr(const ast_expr *expr, text *out)
{
    layout *l = layout_new();
    layout_open(l);
    put_expr(l, expr, BINDS_IF);
    layout_close(l);
    layout_print(l, NO_LIMIT, out);
    layout_free(l);
}
