/* SPDX-License-Identifier: MIT
 *
 * Warnings that the tree alone shows. One walk visits every expression with the sentence
 * that it stands in, and asks each lint in turn.
 */
#include "lang/passes.h"

#include <string.h>

#include "lang/lints.h"

/* ---- what the tree says --------------------------------------------------- */

/* `count(user)`: an account has at least one. */
static bool counts_all_users(const schema *s, const ast_expr *expr)
{
    const ast_selection *what = expr->selection;
    if (expr->aggregate != AGGREGATE_COUNT || expr->modifiers.windows.count > 0 ||
        what->pattern->is_sequence || what->names.count > 0 || what->value)
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

static void lint_unused(const lint *l)
{
    const ast_decl *decl = l->decl;
    bool is_local = decl->kind == DECL_LET || decl->kind == DECL_LIST ||
                    decl->kind == DECL_EVENT || decl->kind == DECL_OCCASION;
    if (!is_local || decl->is_used)
        return;
    warn(l, decl->name.where, W0201, "nothing uses the %s \"%s\"", decl_kind_word(decl),
         decl->name.text);
    hint(l, "Delete it, or write # before it.");
}

/* ---- comparisons ------------------------------------------------------------ */

/* Does another part of the sentence ask for events at all? */
bool has_guard(const lint *l, const ast_expr *expr)
{
    const schema *s = l->book->schema;
    each (const ast_expr, other, l->chain) {
        bool is_did = other->kind == EXPR_DID && !other->is_negated;
        bool is_count =
            other->kind == EXPR_COMPARE &&
            (is_zero_of_nothing(s, other->left) || is_zero_of_nothing(s, other->right));
        if (!holds_expr(other, expr) && (is_did || is_count))
            return true;
    }
    return false;
}

/* `count(a) <= 50% * count(b)`: 0 <= 0. */
void lint_zero_ratio(const lint *l, const ast_expr *expr)
{
    bool holds_for_zero = expr->compare == COMPARE_LE || expr->compare == COMPARE_GE ||
                          expr->compare == COMPARE_EQ;
    if (!holds_for_zero || !is_zero_of_nothing(l->book->schema, expr->left) ||
        !is_zero_of_nothing(l->book->schema, expr->right) || has_guard(l, expr))
        return;
    warn(l, expr->where, W0204,
         "this is true for everyone who did nothing of it: 0 is compared with 0");
    hint(l, "Divide instead, as in count(a) / count(b) <= 50%%: a division by nothing "
            "is missing, and so the condition false.");
}

/* ---- missing values ----------------------------------------------------------- */

/* Does the sentence ask elsewhere whether there is such a value? */
bool is_asked_elsewhere(const lint *l, const ast_expr *expr, const ast_expr *value)
{
    each (const ast_expr, other, l->chain)
        if (!holds_expr(other, expr) &&
            slice_contains(span_text(other->where), span_text(value->where)))
            return true;
    return false;
}

/* `user.country != "DE" or user.country is missing` says it; and `!= "DE" or != "AT"` is always
 * true, which is said of it. */
static bool is_said_beside(const lint *l, const ast_expr *expr)
{
    each (const ast_expr, other, l->either) {
        bool is_missing = other->kind == EXPR_IS_MISSING && !other->is_negated;
        bool is_other = other != expr && expr->kind == EXPR_COMPARE &&
                        other->kind == EXPR_COMPARE && other->compare == COMPARE_NE &&
                        !are_same_words(other->right, expr->right);
        if ((is_missing || is_other) && are_same_words(other->left, expr->left))
            return true;
    }
    return false;
}

/* `user.country != "DE"` holds without a country, and so does `not (user.nps >= 7)`: `whole` is the
 * condition that holds then. What is compared inside a `where` is meant as it is. */
static void warn_of_missing(const lint *l, const ast_expr *expr, const ast_expr *whole)
{
    static const char *const opposite[] = {
        [COMPARE_LT] = ">=", [COMPARE_GT] = "<=", [COMPARE_LE] = ">", [COMPARE_GE] = "<"};
    const ast_expr *value = expr->left;
    bool is_order = expr->kind == EXPR_COMPARE && expr->compare >= COMPARE_LT;
    bool is_empty_text = expr->right && expr->right->kind == EXPR_STRING &&
                         expr->right->text.text[0] == '\0';
    bool may_lack = names_trait(value) || value->kind == EXPR_PICK;
    if (!may_lack || is_empty_text || is_asked_elsewhere(l, whole, value) ||
        is_said_beside(l, expr))
        return;
    const char *words = words_of(l, value);
    warn(l, whole->where, W0210, "this is also true for people without \"%s\"", words);
    if (is_order)
        offer(l, whole->where, "If they are not meant, write: %s.", "%s %s %s", words,
              opposite[expr->compare], words_of(l, expr->right));
    else
        hint(l, "If they are not meant, write: %s is not missing and ...", words);
}

void lint_missing(const lint *l, const ast_expr *expr)
{
    if (expr->kind == EXPR_COMPARE ? expr->compare == COMPARE_NE : expr->is_negated)
        warn_of_missing(l, expr, expr);
}

/* `not (user.nps >= 7)`. */
void lint_denied_value(const lint *l, const ast_expr *expr)
{
    const ast_expr *inner = expr->left;
    bool is_test = asks_text(inner) || inner->kind == EXPR_IN_VALUES;
    if (inner->kind == EXPR_COMPARE ? inner->compare != COMPARE_NE
                                    : is_test && !inner->is_negated)
        warn_of_missing(l, inner, expr);
}

/* Does one hold for whatever the other does not: `x > 17`, `x < 66`? */
static bool leave_nothing(const ast_expr *above, const ast_expr *below)
{
    return above->kind == EXPR_COMPARE && below->kind == EXPR_COMPARE &&
           (above->compare == COMPARE_GT || above->compare == COMPARE_GE) &&
           (below->compare == COMPARE_LT || below->compare == COMPARE_LE) &&
           above->right->kind == EXPR_NUMBER && below->right->kind == EXPR_NUMBER &&
           number_of(&above->right->number) < number_of(&below->right->number) &&
           are_same_words(above->left, below->left);
}

/* `user.age > 17 or user.age < 66`: together they hold for every number. */
void lint_always_either(const lint *l, const ast_expr *either)
{
    const ast_expr *first = expr_at(&either->list, 0),
                   *second = expr_at(&either->list, 1);
    each (const ast_expr, above, &either->list)
        each (const ast_expr, below, &either->list) {
            if (!leave_nothing(above, below))
                continue;
            warn(l, either->where, W0202, "this is true for every \"%s\"",
                 words_of(l, above->left));
            hint(l, "For those between, write \"and\".");
            if (either->list.count == 2)
                fix(l, span_gap(first->where, second->where), " and ");
            return;
        }
}

/* ---- literals ------------------------------------------------------------------- */

/* `1.000`, which is one and not a thousand. */
void lint_thousands(const lint *l, const ast_expr *expr)
{
    const char *point = expr->text.text ? strchr(expr->text.text, '.') : NULL;
    if (!point || strcmp(point, ".000") != 0)
        return;
    int digits = (int)(point - expr->text.text);
    warn(l, expr->where, W0211, "%s is %.*s, written with three digits more",
         expr->text.text, digits, expr->text.text);
    hint(l, "If you mean thousands, write %.*s000.", digits, expr->text.text);
}

/* `sum(purchase.amount) in bottom 20%`: who bought nothing has 0. */
static void lint_bottom(const lint *l, const ast_expr *expr)
{
    if (expr->kind != EXPR_IN_RANKS || expr->amount.is_top || expr->among.name.text ||
        !is_zero_of_nothing(l->book->schema, expr->left))
        return;
    warn(l, expr->where, W0206,
         "everyone who did nothing has 0, and stands at the bottom");
    hint(l, "Rank those who did: add \"among\" with a segment, such as "
            "\"among buyers\" with: segment buyers when did purchase.");
}

/* A ranking that forgets the `among` of its rule. */
void lint_ranking(const lint *l, const ast_expr *expr)
{
    if (!l->decl->among.name.text)
        lint_bottom(l, expr);
    if (!l->decl->among.name.text || expr->among.name.text)
        return;
    warn(l, expr->where, W0206, "this ranks everyone, although the rule is among \"%s\"",
         l->decl->among.name.text);
    hint(l, "Write \"among %s%s%s\" in the ranking too.", l->decl->among.name.text,
         l->decl->among.member.text ? "." : "",
         l->decl->among.member.text ? l->decl->among.member.text : "");
}

/* `user.plan` of an account, which has many users. */
void lint_user_of_account(const lint *l, const ast_expr *trait)
{
    const meaning *m = trait->meaning;
    if (!l->decl->subject.text || l->is_of_event || m->kind != MEANING_TRAIT ||
        m->is_of_account)
        return;
    const char *name = l->book->schema->traits[m->trait].name;
    warn(l, trait->where, W0230,
         "of an account, this is the newest value that any of its people has");
    hint(l,
         "Write account.%s if that is meant; people are counted with count(user where "
         "(user.%s = ...)).",
         name, name);
}

/* ---- the walk ----------------------------------------------------------------------- */

static const struct {
    ast_expr_kind kind;
    void (*look)(const lint *l, const ast_expr *expr);
} lints[] = {
#define X(kind, name) {EXPR_##kind, lint_##name},
#include "lang/lints.def"
#undef X
};

static const ast_list no_parts = {0};

static bool lint_step(const ast_visitor *v, const ast_step *step)
{
    lint l = *(const lint *)v;
    l.chain = &no_parts;
    l.is_of_event = true;
    lint_reach_of_where(&l, step);
    for (size_t i = 0; !l.decl->subject.text && i < step->events.count; i++)
        lint_same_for_all(&l, step->events.items[i]);
    return visit_step(&l.visitor, step);
}

static bool lint_pattern(const ast_visitor *v, const ast_pattern *pattern)
{
    const lint *l = (const lint *)v;
    if (pattern->is_sequence) {
        lint_direct(l, pattern);
        lint_bounds(l, pattern);
    }
    return visit_pattern(v, pattern);
}

static bool lint_window(const ast_visitor *v, const ast_window *window)
{
    lint l = *(const lint *)v;
    l.chain = &no_parts;
    ++*l.window_count;
    if (window->kind == WINDOW_IN_PREVIOUS)
        *l.previous = window;
    lint_birthday_window(&l, window);
    lint_day_left_out(&l, window);
    lint_day_let_in(&l, window);
    return visit_window(&l.visitor, window);
}

static bool lint_expr(const ast_visitor *v, const ast_expr *expr)
{
    lint l = *(const lint *)v;
    for (size_t i = 0; i < sizeof lints / sizeof *lints; i++)
        if (lints[i].kind == expr->kind)
            lints[i].look(&l, expr);
    l.either = expr->kind == EXPR_OR ? &expr->list : &no_parts;
    if (expr->kind == EXPR_AND)
        l.chain = &expr->list;
    else if (expr->kind == EXPR_NOT || expr->kind == EXPR_IF ||
             expr->kind == EXPR_SOME_OF || expr->kind == EXPR_LASTING)
        l.chain = &no_parts;
    l.is_denied |= expr->kind == EXPR_NOT || expr->kind == EXPR_SOME_OF;
    if (expr->selection)
        lint_closed_sequence(&l, expr->selection->pattern, &expr->modifiers.windows);
    lint_cut_window(&l, &expr->modifiers.windows);
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
              .chain = &no_parts,
              .either = &no_parts,
              .previous = &previous,
              .window_count = &window_count};
    each (const ast_point, point, &decl->points) {
        lint_cap(&l, point);
        if (point->pattern)
            lint_closed_sequence(&l, point->pattern, &point->windows);
    }
    lint_groups(&l, decl);
    visit_decl(&l.visitor, decl);
    if (decl->kind == DECL_SEGMENT && previous && window_count == 1 &&
        decl->uses.count == 0)
        lint_time_before(&l, previous);
}

void lint_rules(const rulebook *book, diags *diags)
{
    each (const ast_decl, decl, &book->order) {
        decl->meaning->is_zero_of_nothing =
            decl->value && is_zero_of_nothing(book->schema, decl->value);
    }
    each (const ast_decl, decl, &book->decls) {
        lint l = {.book = book, .diags = diags, .decl = decl};
        lint_unused(&l);
        if (decl->kind != DECL_SCENARIO)
            lint_decl(book, decl, diags);
    }
}
