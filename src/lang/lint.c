/* SPDX-License-Identifier: MIT
 *
 * Warnings that the tree alone shows. One walk visits every expression with the sentence
 * that it stands in, and asks each lint in turn.
 */
#include "lang/passes.h"

#include <ctype.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "lang/lints.h"
#include "lang/walk.h"

/* Where an expression stands. */
typedef struct lint {
    ast_visitor visitor;
    const rulebook *book;
    diags *diags;
    const ast_decl *decl;
    const ast_expr *chain;       /* the nearest `and` around it, or NULL */
    const ast_expr *either;      /* the `or` that it is a part of, or NULL */
    const ast_window **previous; /* the `in previous` of the rule; NULL: none */
    size_t *window_count;        /* of the rule */
    bool is_denied;              /* it stands in the brackets of a `not`, or is counted */
    bool is_of_event;            /* it is asked of each event, or of each user */
} lint;

/* ---- what the tree says --------------------------------------------------- */

/* Is `part` the expression or a part of it? */
static bool holds_expr(const ast_expr *expr, const ast_expr *part)
{
    return part->where.begin >= expr->where.begin && part->where.end <= expr->where.end;
}

/* `count(user)`: an account has at least one. */
static bool counts_all_users(const schema *s, const ast_expr *expr)
{
    const ast_selection *what = expr->selection;
    if (expr->aggregate != AGGREGATE_COUNT || expr->modifiers.windows.count > 0 ||
        what->pattern->is_sequence || what->property.text || what->value)
        return false;
    const ast_event *event = what->pattern->step->events.items[0];
    return event->kind < schema_total(s) &&
           s->kinds[event->kind].derivation == KIND_USERS && !event->where &&
           !what->pattern->step->where;
}

/* Is the value 0 for everyone who did nothing? */
static bool is_zero_of_nothing(const schema *s, const ast_expr *expr)
{
    switch (expr->kind) {
    case EXPR_AGGREGATE:
        return aggregates[expr->aggregate].of_nothing == OF_NOTHING_ZERO &&
               !counts_all_users(s, expr);
    case EXPR_MULTIPLY:
        return is_zero_of_nothing(s, expr->left) || is_zero_of_nothing(s, expr->right);
    case EXPR_ADD:
    case EXPR_SUBTRACT:
        return is_zero_of_nothing(s, expr->left) && is_zero_of_nothing(s, expr->right);
    case EXPR_DIVIDE:
        return is_zero_of_nothing(s, expr->left) && expr->right->kind == EXPR_NUMBER;
    case EXPR_PATH: {
        const meaning *m = expr->meaning;
        return m && m->kind == MEANING_DECL && m->decl->meaning->is_zero_of_nothing;
    }
    default: return false;
    }
}

/* ---- never used ----------------------------------------------------------- */

static void lint_unused(const ast_decl *decl, diags *diags)
{
    bool is_local = decl->kind == DECL_LET || decl->kind == DECL_LIST ||
                    decl->kind == DECL_EVENT || decl->kind == DECL_OCCASION;
    if (!is_local || decl->is_used)
        return;
    diag_warning(diags, decl->name.where, W0201, "nothing uses the %s \"%s\"",
                 decl_kind_word(decl), decl->name.text);
    diag_hint(diags, "Delete it, or write # before it.");
}

/* ---- comparisons ------------------------------------------------------------ */

/* Does another part of the sentence ask for events at all? */
static bool has_guard(const lint *l, const ast_expr *expr)
{
    for (size_t i = 0; l->chain && i < l->chain->list.count; i++) {
        const ast_expr *other = l->chain->list.items[i];
        bool is_count = other->kind == EXPR_COMPARE &&
                        (is_zero_of_nothing(l->book->schema, other->left) ||
                         is_zero_of_nothing(l->book->schema, other->right));
        if (!holds_expr(other, expr) &&
            ((other->kind == EXPR_DID && !other->is_negated) || is_count))
            return true;
    }
    return false;
}

/* `count(a) <= 50% * count(b)`: 0 <= 0. */
static void lint_zero_ratio(const lint *l, const ast_expr *expr)
{
    bool holds_for_zero = expr->compare == COMPARE_LE || expr->compare == COMPARE_GE ||
                          expr->compare == COMPARE_EQ;
    if (!holds_for_zero || !is_zero_of_nothing(l->book->schema, expr->left) ||
        !is_zero_of_nothing(l->book->schema, expr->right) || has_guard(l, expr))
        return;
    diag_warning(l->diags, expr->where, W0204,
                 "this is true for everyone who did nothing of it: 0 is compared with 0");
    diag_hint(l->diags,
              "Divide instead, as in count(a) / count(b) <= 50%%: a division by nothing "
              "is missing, and so the condition false.");
}

/* ---- missing values ----------------------------------------------------------- */

/* Can a person have no such value? What is compared inside a `where` is meant as it is. */
static bool may_lack_value(const ast_expr *expr)
{
    if (expr->kind == EXPR_PATH)
        return expr->meaning && expr->meaning->kind == MEANING_TRAIT;
    return expr->kind == EXPR_PICK;
}

/* Does the sentence ask elsewhere whether there is such a value? */
static bool is_asked_elsewhere(const lint *l, const ast_expr *expr, const ast_expr *value)
{
    for (size_t i = 0; l->chain && i < l->chain->list.count; i++) {
        const ast_expr *other = l->chain->list.items[i];
        if (!holds_expr(other, expr) &&
            slice_contains(span_text(other->where), span_text(value->where)))
            return true;
    }
    return false;
}

/* `user.country != "DE" or user.country != "AT"` is always true, which is said of it. */
static bool is_always_one(const lint *l, const ast_expr *expr)
{
    for (size_t i = 0; l->either && i < l->either->list.count; i++) {
        const ast_expr *other = l->either->list.items[i];
        if (other != expr && expr->kind == EXPR_COMPARE && other->kind == EXPR_COMPARE &&
            other->compare == COMPARE_NE &&
            slice_equals(span_text(other->left->where), span_text(expr->left->where)) &&
            !slice_equals(span_text(other->right->where), span_text(expr->right->where)))
            return true;
    }
    return false;
}

/* `user.country != "DE" or user.country is missing`: it says so. */
static bool is_missing_meant(const lint *l, const ast_expr *value)
{
    for (size_t i = 0; l->either && i < l->either->list.count; i++) {
        const ast_expr *other = l->either->list.items[i];
        if (other->kind == EXPR_IS_MISSING && !other->is_negated &&
            slice_equals(span_text(other->left->where), span_text(value->where)))
            return true;
    }
    return false;
}

/* `user.country != "DE"` holds without a country, and so does `not (user.nps >= 7)`: `whole` is the
 * condition that holds then. */
static void lint_missing(const lint *l, const ast_expr *expr, const ast_expr *whole)
{
    static const char *const opposite[] = {
        [COMPARE_LT] = ">=", [COMPARE_GT] = "<=", [COMPARE_LE] = ">", [COMPARE_GE] = "<"};
    const ast_expr *value = expr->left;
    bool is_order = expr->kind == EXPR_COMPARE && expr->compare >= COMPARE_LT;
    bool is_empty_text = expr->right && expr->right->kind == EXPR_STRING &&
                         expr->right->text.text[0] == '\0';
    if (!may_lack_value(value) || is_empty_text || is_asked_elsewhere(l, whole, value) ||
        is_always_one(l, expr) || is_missing_meant(l, value))
        return;
    const char *words = diag_words(l->diags, value->where);
    diag_warning(l->diags, whole->where, W0210,
                 "this is also true for people without \"%s\"", words);
    if (is_order)
        diag_offer(l->diags, whole->where, "If they are not meant, write: %s.",
                   "%s %s %s", words, opposite[expr->compare],
                   diag_words(l->diags, expr->right->where));
    else
        diag_hint(l->diags, "If they are not meant, write: %s is not missing and ...",
                  words);
}

/* Does another part of `joined` name the event, or a segment, which may? */
static bool is_named_beside(const ast_expr *joined, const ast_expr *expr,
                            const ast_event *event)
{
    for (size_t i = 0; joined && i < joined->list.count; i++) {
        const ast_expr *other = joined->list.items[i];
        bool is_said =
            other->kind == EXPR_MEMBER ||
            slice_contains(span_text(other->where), slice_of(event->name.text));
        if (!holds_expr(other, expr) && is_said)
            return true;
    }
    return false;
}

static bool asks_for_absence(const ast_expr *expr)
{
    if (expr->is_negated || expr->modifiers.times.count == 0)
        return expr->is_negated;
    const ast_times *times = expr->modifiers.times.items[0];
    return times->quantity == QUANTITY_AT_MOST ||
           times->quantity == QUANTITY_FEWER_THAN ||
           (times->quantity == QUANTITY_EXACTLY && times->count == 0);
}

/* `not (user.nps >= 7)`. */
static void lint_denied_value(const lint *l, const ast_expr *expr)
{
    const ast_expr *inner = expr->left;
    switch (inner->kind) {
    case EXPR_COMPARE:
        if (inner->compare != COMPARE_NE)
            lint_missing(l, inner, expr);
        break;
    case EXPR_CONTAINS:
    case EXPR_STARTS_WITH:
    case EXPR_ENDS_WITH:
    case EXPR_MATCHES:
    case EXPR_IN_VALUES:
        if (!inner->is_negated)
            lint_missing(l, inner, expr);
        break;
    default: break;
    }
}

/* `did not purchase since last email_open`, of who never opened one. */
static void lint_without_anchor(const lint *l, const ast_expr *did)
{
    for (size_t i = 0; asks_for_absence(did) && i < did->modifiers.windows.count; i++) {
        const ast_window *window = did->modifiers.windows.items[i];
        bool is_end = window_forms[window->kind].shape == SHAPE_END;
        const ast_expr *anchor = is_end ? window->from : NULL;
        const ast_step *step =
            anchor && anchor->kind == EXPR_PICK ? anchor->selection->pattern->step : NULL;
        const ast_event *event =
            step && step->events.count == 1 ? step->events.items[0] : NULL;
        if (!event || event->is_anything || l->decl->among.decl ||
            is_named_beside(l->chain, did, event) ||
            is_named_beside(l->either, did, event))
            continue;
        diag_warning(l->diags, window->place, W0210,
                     "this is also true for people without \"%s\"",
                     diag_words(l->diags, anchor->where));
        diag_hint(l->diags, "If they are not meant, write: did %s and %s.",
                  event->name.text, diag_words(l->diags, did->where));
        diag_fix(l->diags, did->where, "(did %s and %s)", event->name.text,
                 diag_words(l->diags, did->where));
    }
}

/* `user.age > 17 or user.age < 66`: together they hold for every number. */
static void lint_always_either(const lint *l, const ast_expr *either)
{
    for (size_t i = 0; i < either->list.count; i++)
        for (size_t k = 0; k < either->list.count; k++) {
            const ast_expr *above = either->list.items[i], *below = either->list.items[k];
            bool are_compared =
                above->kind == EXPR_COMPARE && below->kind == EXPR_COMPARE &&
                (above->compare == COMPARE_GT || above->compare == COMPARE_GE) &&
                (below->compare == COMPARE_LT || below->compare == COMPARE_LE);
            if (!are_compared || above->right->kind != EXPR_NUMBER ||
                below->right->kind != EXPR_NUMBER ||
                number_of(&above->right->number) >= number_of(&below->right->number) ||
                !slice_equals(span_text(above->left->where),
                              span_text(below->left->where)))
                continue;
            diag_warning(l->diags, either->where, W0202, "this is true for every \"%s\"",
                         diag_words(l->diags, above->left->where));
            diag_hint(l->diags, "For those between, write \"and\".");
            const ast_expr *first = either->list.items[0],
                           *second = either->list.items[1];
            span joint = {either->where.file, first->where.end, second->where.begin};
            if (either->list.count == 2)
                diag_fix(l->diags, joint, " and ");
            return;
        }
}

/* `time until user.trial_ends <= 7 days`. */
static void lint_past(const lint *l, const ast_expr *compare)
{
    const ast_expr *instant = time_ahead(compare);
    if (instant && !is_asked_elsewhere(l, compare, instant))
        report_past_too(compare, instant, l->diags);
}

/* ---- literals ------------------------------------------------------------------- */

/* `1.000`, which is one and not a thousand. */
static void lint_thousands(const lint *l, const ast_expr *expr)
{
    const char *point = expr->text.text ? strchr(expr->text.text, '.') : NULL;
    if (!point || strcmp(point, ".000") != 0)
        return;
    int digits = (int)(point - expr->text.text);
    diag_warning(l->diags, expr->where, W0211,
                 "%s is %.*s, written with three digits more", expr->text.text, digits,
                 expr->text.text);
    diag_hint(l->diags, "If you mean thousands, write %.*s000.", digits, expr->text.text);
}

/* ---- behaviour -------------------------------------------------------------------- */

static bool opens_later(const ast_window *window)
{
    bool is_behind = window->kind == WINDOW_WITHIN_AFTER ||
                     window->kind == WINDOW_WITHIN_OF ||
                     window->kind == WINDOW_UNIT_AFTER;
    return is_behind && window->from;
}

/* `did not x within 7 days after user.signed_up`: true on the first day already. */
static void lint_open_window(const lint *l, const ast_expr *expr)
{
    for (size_t i = 0; asks_for_absence(expr) && i < expr->modifiers.windows.count; i++) {
        const ast_window *window = expr->modifiers.windows.items[i];
        if (!opens_later(window) || is_asked_elsewhere(l, expr, window->from))
            continue;
        report_open_window(window, l->diags);
    }
}

/* "did login in last 30 days" of `did login in last 30 days at most 3 times`; the caller
 * frees it. */
static char *without_times(const ast_expr *did, const ast_times *times)
{
    text out;
    span before = did->where, behind = did->where;
    before.end = times->place.begin;
    behind.begin = times->place.end;
    slice first = span_text(before), second = span_text(behind);
    while (first.size > 0 && isspace((unsigned char)first.data[first.size - 1]))
        first.size--;
    while (second.size > 0 && isspace((unsigned char)second.data[0]))
        second.data++, second.size--;
    text_init(&out);
    text_append_format(&out, "%.*s%s%.*s", (int)first.size, first.data,
                       second.size > 0 ? " " : "", (int)second.size, second.data);
    return out.data;
}

/* `did login at most 3 times`: never is at most 3 times, too. */
static void lint_at_most(const lint *l, const ast_expr *expr)
{
    const ast_modifiers *how = &expr->modifiers;
    bool may_be_none = how->times.count == 1 && how->periods.count == 0 &&
                       how->rows.count == 0 && !l->is_denied && !expr->is_negated &&
                       asks_for_absence(expr);
    const ast_times *times = may_be_none ? expr->modifiers.times.items[0] : NULL;
    int64_t fewest = times && times->quantity == QUANTITY_FEWER_THAN ? 2 : 1;
    if (!times || times->count < fewest || has_guard(l, expr))
        return;
    const char *how_often = diag_words(l->diags, times->place),
               *whole = diag_words(l->diags, expr->where);
    diag_warning(l->diags, times->place, W0224,
                 "\"%s\" is also true for people who never did it", how_often);
    char *ever = without_times(expr, times);
    diag_hint(l->diags,
              "If they are not meant, add: and %s. If they are, compare the number: "
              "count(...) %s %lld.",
              ever, times->quantity == QUANTITY_FEWER_THAN ? "<" : "<=",
              (long long)times->count);
    diag_fix(l->diags, expr->where, "(%s and %s)", whole, ever);
    memory_free(ever);
}

/* `(a or b where (c))`: whose condition is it? */
static void lint_reach_of_where(const lint *l, const ast_step *step)
{
    size_t last = step->events.count - 1;
    if (step->events.count < 2 || step->where)
        return;
    for (size_t i = 0; i < last; i++)
        if (((const ast_event *)step->events.items[i])->where)
            return;
    const ast_event *event = step->events.items[last];
    if (!event->where)
        return;
    diag_warning(l->diags, event->place, W0208, "this \"where\" belongs to \"%s\" alone",
                 event->is_anything ? "anything" : event->name.text);
    diag_hint(l->diags,
              "For all of them, write it behind the bracket: ( ... ) where ( ... ).");
}

/* `sum(purchase.amount) in bottom 20%`: who bought nothing has 0. */
static void lint_bottom(const lint *l, const ast_expr *expr)
{
    if (expr->kind != EXPR_IN_RANKS || expr->amount.is_top || expr->among.name.text ||
        !is_zero_of_nothing(l->book->schema, expr->left))
        return;
    diag_warning(l->diags, expr->where, W0206,
                 "everyone who did nothing has 0, and stands at the bottom");
    diag_hint(l->diags, "Rank those who did: add \"among\" with a segment, such as "
                        "\"among buyers\" with: segment buyers when did purchase.");
}

/* A ranking that forgets the `among` of its rule. */
static void lint_ranking(const lint *l, const ast_expr *expr)
{
    if (!l->decl->among.name.text)
        lint_bottom(l, expr);
    if (!l->decl->among.name.text || expr->among.name.text)
        return;
    diag_warning(l->diags, expr->where, W0206,
                 "this ranks everyone, although the rule is among \"%s\"",
                 l->decl->among.name.text);
    diag_hint(l->diags, "Write \"among %s%s%s\" in the ranking too.",
              l->decl->among.name.text, l->decl->among.member.text ? "." : "",
              l->decl->among.member.text ? l->decl->among.member.text : "");
}

/* `user.plan` of an account, which has many users. */
static void lint_user_of_account(const lint *l, const ast_expr *trait)
{
    const meaning *m = trait->meaning;
    if (!l->decl->subject.text || l->is_of_event || m->kind != MEANING_TRAIT ||
        m->is_of_account)
        return;
    const char *name = l->book->schema->traits[m->trait].name;
    diag_warning(l->diags, trait->where, W0230,
                 "of an account, this is the newest value that any of its people has");
    diag_hint(
        l->diags,
        "Write account.%s if that is meant; people are counted with count(user where "
        "(user.%s = ...)).",
        name, name);
}

/* ---- the walk ----------------------------------------------------------------------- */

static void look_at(const lint *l, const ast_expr *expr)
{
    lint_habits(l->book, expr, l->either != NULL, l->diags);
    switch (expr->kind) {
    case EXPR_COMPARE:
        lint_zero_ratio(l, expr);
        lint_range(l->book, expr, l->diags);
        lint_two_readings(expr, l->diags);
        lint_counted_texts(expr, l->diags);
        lint_itself(expr, l->diags);
        lint_overlap(expr, l->diags);
        lint_exact_distance(expr, l->diags);
        lint_past(l, expr);
        if (expr->compare == COMPARE_NE)
            lint_missing(l, expr, expr);
        break;
    case EXPR_MATCHES:
    case EXPR_CONTAINS:
    case EXPR_STARTS_WITH:
    case EXPR_ENDS_WITH:
        if (expr->is_negated)
            lint_missing(l, expr, expr);
        break;
    case EXPR_IN_VALUES:
    case EXPR_IN_NAMED:
        lint_range(l->book, expr, l->diags);
        if (expr->is_negated)
            lint_missing(l, expr, expr);
        break;
    case EXPR_NUMBER: lint_thousands(l, expr); break;
    case EXPR_PATH: lint_user_of_account(l, expr); break;
    case EXPR_DID:
        lint_open_window(l, expr);
        lint_at_most(l, expr);
        lint_without_anchor(l, expr);
        break;
    case EXPR_NOT: lint_denied_value(l, expr); break;
    case EXPR_OR: lint_always_either(l, expr); break;
    case EXPR_PER_UNIT: lint_empty_units(expr, l->diags); break;
    case EXPR_DIVIDE: lint_average(expr, l->diags); break;
    case EXPR_IN_RANKS:
    case EXPR_NTILE:
    case EXPR_PERCENTILE:
    case EXPR_RANK: lint_ranking(l, expr); break;
    default: break;
    }
}

static bool lint_step(const ast_visitor *v, const ast_step *step)
{
    lint l = *(const lint *)v;
    l.chain = NULL;
    l.is_of_event = true;
    lint_reach_of_where(&l, step);
    for (size_t i = 0; !l.decl->subject.text && i < step->events.count; i++)
        lint_same_for_all(l.book->schema, step->events.items[i], l.diags);
    return visit_step(&l.visitor, step);
}

static bool lint_pattern(const ast_visitor *v, const ast_pattern *pattern)
{
    const lint *l = (const lint *)v;
    if (pattern->is_sequence) {
        lint_direct(l->book, pattern, l->diags);
        lint_bounds(pattern, l->diags);
    }
    return visit_pattern(v, pattern);
}

static bool lint_window(const ast_visitor *v, const ast_window *window)
{
    lint l = *(const lint *)v;
    l.chain = NULL;
    ++*l.window_count;
    if (window->kind == WINDOW_IN_PREVIOUS)
        *l.previous = window;
    lint_birthday_window(l.book, window, l.diags);
    lint_day_left_out(window, l.diags);
    lint_day_let_in(window, l.diags);
    return visit_window(&l.visitor, window);
}

static bool lint_expr(const ast_visitor *v, const ast_expr *expr)
{
    lint l = *(const lint *)v;
    look_at(&l, expr);
    l.either = expr->kind == EXPR_OR ? expr : NULL;
    if (expr->kind == EXPR_AND)
        l.chain = expr;
    else if (expr->kind == EXPR_NOT || expr->kind == EXPR_IF ||
             expr->kind == EXPR_SOME_OF || expr->kind == EXPR_LASTING)
        l.chain = NULL;
    l.is_denied |= expr->kind == EXPR_NOT || expr->kind == EXPR_SOME_OF;
    if (expr->selection)
        lint_closed_sequence(expr->selection->pattern, &expr->modifiers.windows, l.diags);
    return visit_expr(&l.visitor, expr);
}

static void lint_decl(const rulebook *book, const ast_decl *decl, diags *diags)
{
    const ast_window *previous = NULL;
    size_t window_count = 0;
    lint l = {.visitor = {lint_expr, lint_step, lint_pattern, lint_window},
              .book = book,
              .diags = diags,
              .decl = decl,
              .previous = &previous,
              .window_count = &window_count};
    for (size_t i = 0; i < decl->points.count; i++) {
        const ast_point *point = decl->points.items[i];
        lint_cap(point, diags);
        if (point->pattern)
            lint_closed_sequence(point->pattern, &point->windows, diags);
    }
    lint_groups(decl, diags);
    visit_decl(&l.visitor, decl);
    if (decl->kind == DECL_SEGMENT && previous && window_count == 1 &&
        decl->uses.count == 0)
        lint_time_before(previous, diags);
}

void lint_rules(const rulebook *book, diags *diags)
{
    for (size_t i = 0; i < book->order.count; i++) {
        const ast_decl *decl = book->order.items[i];
        decl->meaning->is_zero_of_nothing =
            decl->value && is_zero_of_nothing(book->schema, decl->value);
    }
    for (size_t i = 0; i < book->decls.count; i++) {
        const ast_decl *decl = book->decls.items[i];
        lint_unused(decl, diags);
        if (decl->kind != DECL_SCENARIO)
            lint_decl(book, decl, diags);
    }
}
