/* SPDX-License-Identifier: MIT
 *
 * Types of literals, names and operators. A quotient of exact numbers has the type
 * `number`; that it is exact when compared is the graph's business.
 */
#include "lang/checker.h"

#include <string.h>

#include "base/number.h"
#include "base/pattern.h"
#include "lang/walk.h"

static const type NO_TYPE = {TYPE_ERROR, 0};
static const type BOOLEAN = {TYPE_BOOL, 0};
static const type WHOLE = {TYPE_DECIMAL, 0};
static const type NUMBER = {TYPE_NUMBER, 0};
static const type DURATION = {TYPE_DURATION, 0};

static const type part_types[] = {
    {TYPE_ERROR, 0},
#define X(name, spelling, kind, doc) {kind, 0},
#include "lang/time_parts.def"
#undef X
};

const char *type_words(checker *c, type t)
{
    switch (t.kind) {
    case TYPE_BOOL: return "a condition";
    case TYPE_DECIMAL:
    case TYPE_NUMBER: return "a number";
    case TYPE_STRING: return "a text";
    case TYPE_TIME: return "a time";
    case TYPE_DATE: return "a date";
    case TYPE_DURATION: return "a duration";
    case TYPE_PERSON: return "a person";
    case TYPE_ERROR: break;
    }
    (void)c;
    return "nothing";
}

type refuse_not_yet(checker *c, span where, const char *what)
{
    diag_error(c->diags, where, E0112, "%s has no meaning in this version of carpel",
               what);
    return NO_TYPE;
}

static bool is_error(type a, type b)
{
    return a.kind == TYPE_ERROR || b.kind == TYPE_ERROR;
}

type type_join(type a, type b)
{
    if (a.kind == TYPE_DECIMAL && b.kind == TYPE_DECIMAL)
        return (type){TYPE_DECIMAL, a.scale > b.scale ? a.scale : b.scale};
    if (type_is_numeric(a) && type_is_numeric(b))
        return NUMBER;
    return a.kind == b.kind ? a : NO_TYPE;
}

static type expr_type(const ast_expr *expr)
{
    return expr->meaning->type;
}

/* ---- what functions of scripts give ---------------------------------------- */

/* Is it for the use to tell what type this has? Until then it counts as a number. */
static bool is_untold(const ast_expr *expr)
{
    switch (expr->kind) {
    case EXPR_CALL: return expr->meaning->kind == MEANING_SCRIPT;
    case EXPR_AS_OF: return is_untold(expr->left);
    case EXPR_IF: return is_untold(expr->left) && is_untold(expr->right);
    default: return false;
    }
}

/* The use of `expr` asks for such a value: a number, a text or a truth value. */
static void ask_for(ast_expr *expr, type wanted)
{
    if (!is_untold(expr))
        return;
    if (wanted.kind == TYPE_PERSON)
        wanted.kind = TYPE_STRING;
    if (wanted.kind != TYPE_STRING && wanted.kind != TYPE_BOOL)
        wanted = NUMBER;
    expr->meaning->type = wanted;
    if (expr->kind != EXPR_CALL)
        ask_for(expr->left, wanted);
    if (expr->kind == EXPR_IF)
        ask_for(expr->right, wanted);
}

/* Two values that meet tell each other's type; false when neither tells. */
static bool ask_each_other(ast_expr *left, ast_expr *right)
{
    if (is_untold(left) && is_untold(right))
        return false;
    ask_for(left, expr_type(right));
    ask_for(right, expr_type(left));
    return true;
}

static type report_untold(checker *c, const ast_expr *expr)
{
    diag_error(c->diags, expr->where, E0108,
               "comparing two functions of scripts does not tell what they give");
    diag_hint(c->diags, "For numbers, write one of them with \"+ 0\"; otherwise let one "
                        "function compare, and return true or false.");
    return BOOLEAN;
}

bool expr_is_calendar(const ast_expr *expr)
{
    return expr_type(expr).kind == TYPE_DURATION &&
           expr->meaning->duration == DURATION_CALENDAR;
}

static duration_form form_of_unit(calendar_unit unit)
{
    return unit >= UNIT_MONTH ? DURATION_CALENDAR : DURATION_EXACT;
}

static type check_duration(checker *c, ast_expr *expr)
{
    const ast_duration *d = &expr->duration;
    int64_t exact;
    expr->meaning->duration = form_of_unit(d->unit);
    if (d->unit >= UNIT_MONTH && d->count.scale > 0) {
        diag_error(c->diags, d->where, E0103, "a month, quarter or year cannot be split");
        hint_split_unit(c, d);
    } else if (d->unit < UNIT_MONTH &&
               (!calendar_span_microseconds((calendar_span){d->count.value, d->unit},
                                            &exact) ||
                exact % number_power_of_ten(d->count.scale) != 0))
        diag_error(c->diags, d->where, E0103,
                   "this duration is too long, or finer than a microsecond");
    return DURATION;
}

/* ---- names -------------------------------------------------------------- */

static type pseudo_type(pseudo_property p)
{
    switch (p) {
    case PSEUDO_TIME: return (type){TYPE_TIME, 0};
    case PSEUDO_GAP: return DURATION;
    case PSEUDO_NTH: return WHOLE;
    default: return (type){TYPE_STRING, 0};
    }
}

static type property_type(checker *c, const meaning *m, span where)
{
    type t = NO_TYPE;
    const event_kind *first, *second;
    if (!scope_property_type(m->scope, m->name, &t, &first, &second)) {
        diag_error(
            c->diags, where, E0108, "\"%s\" is %s of \"%s\" but %s of \"%s\"", m->name,
            type_words(c, t), first->name,
            type_words(c, second->properties[kind_find_property(second, m->name)].type),
            second->name);
        return NO_TYPE;
    }
    return t;
}

/* The type of `x.weekday`, when x is a time or a date. */
static type part_type(checker *c, type whole, time_part part, span where)
{
    if (part == PART_NONE || whole.kind == TYPE_ERROR)
        return whole;
    if (whole.kind == TYPE_TIME || (whole.kind == TYPE_DATE && part != PART_HOUR))
        return part_types[part];
    diag_error(c->diags, where, E0108, "%s has no such part; a time has",
               type_words(c, whole));
    return NO_TYPE;
}

/* `account.seats`, which nobody but an account has. */
static void need_account_trait(checker *c, size_t trait, span where)
{
    const char *name = c->book->schema->traits[trait].name;
    bool is_of_people = c->level == LEVEL_PERSON;
    need_level(c, LEVEL_ACCOUNT, where,
               arena_format(c->book->memory, "account.%s", name));
    if (is_of_people)
        diag_hint(c->diags,
                  "Write user.%s, or say \"for each account\" if it is a rule about "
                  "accounts.",
                  name);
}

static type check_meaning(checker *c, meaning *m, span where)
{
    type t = NO_TYPE;
    switch (m->kind) {
    case MEANING_DECL:
        need_level(c, m->decl->meaning->level, where, m->decl->name.text);
        t = m->decl->meaning->type;
        m->duration = m->decl->meaning->duration;
        break;
    case MEANING_PROPERTY: t = property_type(c, m, where); break;
    case MEANING_PSEUDO: t = pseudo_type(m->pseudo); break;
    case MEANING_TRAIT:
        if (m->is_of_account)
            need_account_trait(c, m->trait, where);
        t = c->book->schema->traits[m->trait].type;
        break;
    default: return NO_TYPE;
    }
    return part_type(c, t, m->part, where);
}

static type check_builtin(checker *c, ast_expr *expr)
{
    static const struct {
        const char *name;
        size_t count;
        const char *example;
    } builtins[] = {
#define X(name, spelling, count, doc, example) {spelling, count, example},
#include "lang/builtins.def"
#undef X
    };
    size_t which = expr->meaning->function;
    if (expr->list.count != builtins[which].count) {
        diag_error(c->diags, expr->where, E0117, "\"%s\" takes %zu values, not %zu",
                   builtins[which].name, builtins[which].count, expr->list.count);
        diag_hint(c->diags, "For example: %s", builtins[which].example);
        return NO_TYPE;
    }
    type a = expr_type(expr->list.items[0]), b = expr_type(expr->list.items[1]);
    type joined = type_join(a, b);
    if (is_error(a, b))
        return NO_TYPE;
    if (joined.kind == TYPE_ERROR || !type_is_ordered(joined) ||
        expr_is_calendar(expr->list.items[0]) || expr_is_calendar(expr->list.items[1])) {
        diag_error(c->diags, expr->where, E0117, "%s and %s cannot be put in order",
                   type_words(c, a), type_words(c, b));
        return NO_TYPE;
    }
    return joined;
}

static type check_script_call(checker *c, ast_expr *expr)
{
    enum { MAX_ARGUMENTS = 64 };
    if (expr->list.count > MAX_ARGUMENTS)
        diag_error(c->diags, expr->where, E0117, "a script takes at most %d values",
                   MAX_ARGUMENTS);
    for (size_t i = 0; i < expr->list.count; i++) {
        const ast_expr *argument = expr->list.items[i];
        if (expr_is_calendar(argument)) {
            diag_error(
                c->diags, argument->where, E0117,
                "months, quarters and years have no fixed length to hand to a script");
            return NO_TYPE;
        }
    }
    return NUMBER;
}

static type check_call(checker *c, ast_expr *expr)
{
    if (expr->meaning->kind == MEANING_NONE)
        return NO_TYPE; /* reported; its arguments were not resolved */
    for (size_t i = 0; i < expr->list.count; i++)
        check_expr(c, expr->list.items[i]);
    switch (expr->meaning->kind) {
    case MEANING_BUILTIN: return check_builtin(c, expr);
    case MEANING_SCRIPT: return check_script_call(c, expr);
    default: return NO_TYPE;
    }
}

static type check_as_of(checker *c, ast_expr *expr)
{
    type t = check_expr(c, expr->left);
    check_instant(c, expr->right, E0108, "\"as of\"");
    if (!check_same_instant(c, expr->right, expr_is_of_population(expr->left)))
        return NO_TYPE;
    if (expr->left->meaning->kind == MEANING_PROPERTY ||
        expr->left->meaning->kind == MEANING_PSEUDO) {
        diag_error(c->diags, expr->left->where, E0108,
                   "a property of an event never changes, so it has no \"as of\"");
        return NO_TYPE;
    }
    expr->meaning->duration = DURATION_EXACT;
    return t;
}

/* ---- arithmetic --------------------------------------------------------- */

static const char *operator_word(ast_expr_kind kind)
{
    switch (kind) {
    case EXPR_ADD: return "added to";
    case EXPR_SUBTRACT: return "taken from";
    case EXPR_MULTIPLY: return "multiplied with";
    default: return "divided by";
    }
}

static type report_arithmetic(checker *c, const ast_expr *expr, type a, type b)
{
    bool reversed = expr->kind == EXPR_ADD || expr->kind == EXPR_SUBTRACT;
    diag_error(c->diags, expr->where, E0108, "%s cannot be %s %s",
               type_words(c, reversed ? b : a), operator_word(expr->kind),
               type_words(c, reversed ? a : b));
    return NO_TYPE;
}

static bool is_moment(type t)
{
    return t.kind == TYPE_TIME || t.kind == TYPE_DATE;
}

/* A date moves by whole days, weeks, months, quarters and years that are written down. */
static bool moves_dates(const ast_expr *expr)
{
    return expr->kind == EXPR_DURATION && expr->duration.unit >= UNIT_DAY &&
           expr->duration.count.scale == 0;
}

static type check_move(checker *c, ast_expr *expr, const ast_expr *moment,
                       const ast_expr *by)
{
    if (expr_type(moment).kind == TYPE_DATE && !moves_dates(by)) {
        diag_error(c->diags, expr->where, E0108,
                   "a date moves by whole days, weeks, months, quarters or years only");
        return NO_TYPE;
    }
    if (expr_is_calendar(by) && by->kind != EXPR_DURATION) {
        diag_error(c->diags, by->where, E0108,
                   "months, quarters and years are written where a time moves by them");
        return NO_TYPE;
    }
    return expr_type(moment);
}

static type check_sum(checker *c, ast_expr *expr)
{
    type a = expr_type(expr->left), b = expr_type(expr->right);
    if (type_is_numeric(a) && type_is_numeric(b))
        return type_join(a, b);
    if (is_moment(a) && b.kind == TYPE_DURATION)
        return check_move(c, expr, expr->left, expr->right);
    if (expr->kind == EXPR_ADD && a.kind == TYPE_DURATION && is_moment(b))
        return check_move(c, expr, expr->right, expr->left);
    if (expr->kind == EXPR_SUBTRACT && is_moment(a) && a.kind == b.kind)
        return DURATION;
    if (a.kind == TYPE_DURATION && b.kind == TYPE_DURATION &&
        !expr_is_calendar(expr->left) && !expr_is_calendar(expr->right))
        return DURATION;
    return report_arithmetic(c, expr, a, b);
}

static type check_product(checker *c, ast_expr *expr)
{
    type a = expr_type(expr->left), b = expr_type(expr->right);
    if (expr_is_calendar(expr->left) || expr_is_calendar(expr->right)) {
        diag_error(c->diags, expr->where, E0108,
                   "months, quarters and years have no fixed length to calculate with");
        diag_hint(c->diags, "Use days or weeks.");
        return NO_TYPE;
    }
    if (a.kind == TYPE_DECIMAL && b.kind == TYPE_DECIMAL &&
        a.scale + b.scale <= DECIMAL_MAX_SCALE)
        return (type){TYPE_DECIMAL, a.scale + b.scale};
    if (type_is_numeric(a) && type_is_numeric(b))
        return NUMBER;
    if ((a.kind == TYPE_DURATION && type_is_numeric(b)) ||
        (type_is_numeric(a) && b.kind == TYPE_DURATION))
        return DURATION;
    return report_arithmetic(c, expr, a, b);
}

static type check_quotient(checker *c, ast_expr *expr)
{
    type a = expr_type(expr->left), b = expr_type(expr->right);
    if (expr_is_calendar(expr->left) || expr_is_calendar(expr->right)) {
        diag_error(c->diags, expr->where, E0108,
                   "months, quarters and years have no fixed length to calculate with");
        diag_hint(c->diags, "Use days or weeks, as in \"/ 1 day\".");
        return NO_TYPE;
    }
    if (type_is_numeric(a) && type_is_numeric(b))
        return NUMBER;
    if (a.kind == TYPE_DURATION && b.kind == TYPE_DURATION)
        return NUMBER;
    if (a.kind == TYPE_DURATION && type_is_numeric(b))
        return DURATION;
    return report_arithmetic(c, expr, a, b);
}

static type check_arithmetic(checker *c, ast_expr *expr)
{
    type a = check_expr(c, expr->left), b = check_expr(c, expr->right);
    if (is_error(a, b))
        return NO_TYPE;
    switch (expr->kind) {
    case EXPR_MULTIPLY: return check_product(c, expr);
    case EXPR_DIVIDE: return check_quotient(c, expr);
    default: return check_sum(c, expr);
    }
}

static type check_negate(checker *c, ast_expr *expr)
{
    type t = check_expr(c, expr->left);
    if (t.kind == TYPE_ERROR || type_is_numeric(t) ||
        (t.kind == TYPE_DURATION && !expr_is_calendar(expr->left)))
        return t;
    diag_error(c->diags, expr->where, E0108, "%s has no negative", type_words(c, t));
    return NO_TYPE;
}

/* ---- comparisons -------------------------------------------------------- */

static bool comparable_durations(const ast_expr *a, const ast_expr *b)
{
    duration_form left = a->meaning->duration, right = b->meaning->duration;
    if (left == DURATION_CALENDAR)
        return right == DURATION_SINCE;
    if (right == DURATION_CALENDAR)
        return left == DURATION_SINCE;
    return true;
}

static bool types_compare(type a, type b)
{
    bool texts = (a.kind == TYPE_STRING || a.kind == TYPE_PERSON) &&
                 (b.kind == TYPE_STRING || b.kind == TYPE_PERSON);
    return is_error(a, b) || (type_is_numeric(a) && type_is_numeric(b)) ||
           (is_moment(a) && is_moment(b)) || texts || a.kind == b.kind;
}

/* The name of a value that is a call: it was taken for a number where it is declared. */
static bool names_untold(const ast_expr *expr)
{
    const ast_decl *decl = expr->kind == EXPR_PATH ? expr->meaning->decl : NULL;
    return decl != NULL && decl->kind == DECL_LET && decl->value != NULL &&
           is_untold(decl->value);
}

bool check_comparable(checker *c, const ast_expr *left, const ast_expr *right, span where)
{
    type a = expr_type(left), b = expr_type(right);
    if (!types_compare(a, b)) {
        diag_error(c->diags, where, E0108, "%s cannot be compared with %s",
                   type_words(c, a), type_words(c, b));
        if (names_untold(left) || names_untold(right))
            diag_hint(c->diags,
                      "Write the call in place of the name: what a function of a "
                      "script gives is told by what it is compared with.");
        else
            hint_comparison(c, left, right);
        return false;
    }
    if (a.kind == TYPE_DURATION && b.kind == TYPE_DURATION &&
        !comparable_durations(left, right)) {
        diag_error(c->diags, where, E0108,
                   "months, quarters and years have no fixed length to compare with this "
                   "duration");
        diag_hint(c->diags,
                  "Compare \"time since ...\" with them, or use days or weeks.");
        return false;
    }
    return true;
}

static type check_compare(checker *c, ast_expr *expr)
{
    check_expr(c, expr->left);
    check_expr(c, expr->right);
    if (!ask_each_other(expr->left, expr->right))
        return report_untold(c, expr);
    type a = expr_type(expr->left), b = expr_type(expr->right);
    if (!check_comparable(c, expr->left, expr->right, expr->where) || is_error(a, b))
        return BOOLEAN;
    bool asks_order = expr->compare != COMPARE_EQ && expr->compare != COMPARE_NE;
    if (asks_order && !(type_is_ordered(a) && type_is_ordered(b))) {
        diag_error(c->diags, expr->where, E0108,
                   "%s is equal or different, not more or less", type_words(c, a));
        if (a.kind == TYPE_STRING)
            diag_hint(c->diags, "Numbers have to be declared as such in carpel.yaml.");
    }
    return BOOLEAN;
}

static void check_text_operand(checker *c, const ast_expr *expr, const char *word)
{
    type t = expr_type(expr);
    if (t.kind != TYPE_STRING && t.kind != TYPE_PERSON && t.kind != TYPE_ERROR)
        diag_error(c->diags, expr->where, E0108,
                   "\"%s\" looks into a text, and this is %s", word, type_words(c, t));
}

static void check_regex(checker *c, const ast_expr *literal)
{
    char reason[256];
    size_t offset = 0;
    slice expression = slice_of(literal->text.text);
    pattern *p = pattern_new(expression, reason, sizeof reason, &offset);
    if (!p) {
        span where = literal->where;
        uint32_t point = where.begin + 1 + (uint32_t)offset;
        if (point < where.end)
            where.begin = point, where.end = point + 1;
        diag_error(c->diags, where, E0114, "this pattern cannot be read: %s", reason);
        diag_hint(c->diags, "To find a text just as it is, write \"contains\" instead of "
                            "\"matches\".");
    }
    pattern_free(p);
}

/* `"x" in tags`, `tags contains "x"`. */
static type check_list_test(checker *c, ast_expr *expr)
{
    const meaning *m = expr->meaning;
    ast_expr *value = expr->kind == EXPR_CONTAINS ? expr->right : expr->left;
    type t = check_expr(c, value), item = NO_TYPE;
    const event_kind *first, *second;
    const event_scope *items = scope_of_items(m->scope, m->name, c->book->memory);
    if (!scope_list_is_plain(m->scope, m->name)) {
        diag_error(c->diags, expr->where, E0108,
                   "\"%s\" is a list of records, and this asks for one of its values",
                   m->name);
        diag_hint(c->diags, "Say which field: did %s where (... = ...).", m->name);
    } else if (!scope_property_type(items, SCHEMA_ITEM_VALUE, &item, &first, &second)) {
        diag_error(c->diags, expr->where, E0108, "the lists \"%s\" differ in type",
                   m->name);
    } else if (expr_is_calendar(value)) {
        diag_error(
            c->diags, value->where, E0108,
            "months, quarters and years have no fixed length to look for in \"%s\"",
            m->name);
    } else if (ask_for(value, item), !types_compare(t = expr_type(value), item)) {
        diag_error(c->diags, expr->where, E0108,
                   "%s cannot be one of \"%s\", whose items are %s", type_words(c, t),
                   m->name, type_words(c, item));
    }
    return BOOLEAN;
}

static type check_text_test(checker *c, ast_expr *expr, const char *word)
{
    if (expr->meaning->kind == MEANING_LIST)
        return check_list_test(c, expr);
    check_expr(c, expr->left);
    check_expr(c, expr->right);
    ask_for(expr->left, (type){TYPE_STRING, 0});
    ask_for(expr->right, (type){TYPE_STRING, 0});
    check_text_operand(c, expr->left, word);
    if (expr->kind != EXPR_MATCHES)
        check_text_operand(c, expr->right, word);
    else if (expr->right->kind == EXPR_STRING)
        check_regex(c, expr->right);
    else
        diag_error(c->diags, expr->right->where, E0114,
                   "\"matches\" needs its pattern as a text in quotes");
    return BOOLEAN;
}

/* Whether there is a value is asked of any type. */
static void take_any(ast_expr *expr)
{
    if (!is_untold(expr))
        return;
    expr->meaning->takes_any = true;
    if (expr->kind != EXPR_CALL)
        take_any(expr->left);
    if (expr->kind == EXPR_IF)
        take_any(expr->right);
}

static type check_is_missing(checker *c, ast_expr *expr)
{
    check_expr(c, expr->left);
    take_any(expr->left);
    if (expr_is_calendar(expr->left))
        diag_error(c->diags, expr->where, E0108,
                   "months, quarters and years are written, and never missing");
    return BOOLEAN;
}

static type check_in_values(checker *c, ast_expr *expr)
{
    check_expr(c, expr->left);
    for (size_t i = 0; i < expr->list.count; i++) {
        ast_expr *value = expr->list.items[i];
        check_expr(c, value);
        if (!is_untold(value))
            ask_for(expr->left, expr_type(value));
    }
    for (size_t i = 0; i < expr->list.count; i++) {
        ast_expr *value = expr->list.items[i];
        ask_for(value, expr_type(expr->left));
        check_comparable(c, expr->left, value, value->where);
    }
    return BOOLEAN;
}

static type check_in_named(checker *c, ast_expr *expr)
{
    if (expr->meaning->kind == MEANING_LIST)
        return check_list_test(c, expr);
    type t = check_expr(c, expr->left);
    const ast_decl *decl = expr->ref.decl;
    if (!decl || t.kind == TYPE_ERROR)
        return BOOLEAN;
    if (decl->kind == DECL_LIST) {
        bool holds_texts = decl->values.count == 0;
        const type text = {TYPE_STRING, 0};
        ask_for(expr->left, holds_texts ? text : expr_type(decl->values.items[0]));
        t = expr_type(expr->left);
    } else {
        if (t.kind == TYPE_PERSON) {
            need_level(c, decl->meaning->level, expr->ref.where, decl->name.text);
            return BOOLEAN;
        }
        diag_error(c->diags, expr->where, E0108,
                   "\"%s\" has people in it, and this is %s", decl->name.text,
                   type_words(c, t));
        diag_hint(c->diags, "Membership of the judged person is written \"in %s\" alone.",
                  decl->name.text);
        return BOOLEAN;
    }
    if (decl->values.count > 0)
        check_comparable(c, expr->left, decl->values.items[0], expr->where);
    else if (t.kind != TYPE_STRING && t.kind != TYPE_PERSON)
        diag_error(c->diags, expr->where, E0108,
                   "a list from a file holds texts, and this is %s", type_words(c, t));
    return BOOLEAN;
}

static type check_member(checker *c, ast_expr *expr)
{
    const ast_decl *decl = expr->ref.decl;
    if (decl)
        need_level(c, decl->meaning->level, expr->ref.where, decl->name.text);
    if (expr->right) {
        check_instant(c, expr->right, E0108, "\"as of\"");
        check_same_instant(c, expr->right, expr_is_of_population(expr));
    }
    if (decl && decl->kind == DECL_LIST && decl->values.count > 0) {
        const ast_expr *first = decl->values.items[0];
        if (expr_type(first).kind != TYPE_STRING && expr_type(first).kind != TYPE_ERROR)
            diag_error(
                c->diags, expr->where, E0108,
                "\"in %s\" asks for a person's id, and the list holds something else",
                decl->name.text);
    }
    return BOOLEAN;
}

/* ---- logic -------------------------------------------------------------- */

/* `before` is the condition joined with this one, or NULL. */
static void check_joined(checker *c, const ast_expr *before, ast_expr *expr,
                         const char *what)
{
    check_expr(c, expr);
    ask_for(expr, BOOLEAN);
    type t = expr_type(expr);
    if (t.kind == TYPE_BOOL || t.kind == TYPE_ERROR)
        return;
    diag_error(c->diags, expr->where, E0109, "%s needs a condition, and this is %s", what,
               type_words(c, t));
    hint_alternatives(c, before, expr);
}

void check_condition(checker *c, ast_expr *expr, const char *what)
{
    check_joined(c, NULL, expr, what);
}

static type check_logic(checker *c, ast_expr *expr)
{
    bool is_or = expr->kind == EXPR_OR;
    for (size_t i = 0; i < expr->list.count; i++)
        check_joined(c, i > 0 && is_or ? expr->list.items[i - 1] : NULL,
                     expr->list.items[i], is_or ? "\"or\"" : "\"and\"");
    return BOOLEAN;
}

static type check_if(checker *c, ast_expr *expr)
{
    check_condition(c, expr->condition, "\"if\"");
    check_expr(c, expr->left);
    check_expr(c, expr->right);
    ask_each_other(expr->left, expr->right); /* else whoever uses the choice tells */
    type a = expr_type(expr->left), b = expr_type(expr->right);
    if (is_error(a, b))
        return NO_TYPE;
    type joined = type_join(a, b);
    if (joined.kind == TYPE_ERROR || expr_is_calendar(expr->left) ||
        expr_is_calendar(expr->right)) {
        diag_error(c->diags, expr->where, E0108,
                   "\"then\" gives %s and \"else\" gives %s", type_words(c, a),
                   type_words(c, b));
        return NO_TYPE;
    }
    return joined;
}

static type check_span_of_time(checker *c, ast_expr *expr)
{
    check_instant(c, expr->left, E0108,
                  expr->kind == EXPR_TIME_SINCE ? "\"time since\"" : "\"time until\"");
    expr->meaning->duration = DURATION_SINCE;
    return DURATION;
}

/* ---- all of them -------------------------------------------------------- */

static type check_last_change(checker *c, const ast_expr *expr)
{
    if (expr->meaning->kind == MEANING_TRAIT && expr->meaning->part == PART_NONE) {
        if (expr->meaning->is_of_account)
            need_account_trait(c, expr->meaning->trait, expr->where);
        return (type){TYPE_TIME, 0};
    }
    if (expr->meaning->kind != MEANING_NONE)
        diag_error(c->diags, expr->where, E0108,
                   "\"last change of\" asks about a trait: user.x");
    return NO_TYPE;
}

static type check_next_anniversary(checker *c, ast_expr *expr)
{
    check_instant(c, expr->left, E0108, "\"next anniversary of\"");
    return (type){TYPE_DATE, 0};
}

static type check_in_window(checker *c, ast_expr *expr)
{
    type t = check_expr(c, expr->left);
    if (t.kind == TYPE_ERROR)
        return BOOLEAN; /* whether a window fits is not known */
    if (type_is_numeric(t) || t.kind == TYPE_DURATION) {
        diag_error(c->diags, expr->where, E0108,
                   "a window is for times and dates, and this is %s", type_words(c, t));
        hint_number_window(c, expr->left, expr->window);
        return BOOLEAN;
    }
    check_instant(c, expr->left, E0108, "a window");
    check_window(c, expr->window, false);
    return BOOLEAN;
}

static type check_kind(checker *c, ast_expr *expr)
{
    switch (expr->kind) {
    case EXPR_NUMBER: return (type){TYPE_DECIMAL, expr->number.scale};
    case EXPR_STRING: return (type){TYPE_STRING, 0};
    case EXPR_DATE: return (type){TYPE_DATE, 0};
    case EXPR_TIME:
    case EXPR_NOW: return (type){TYPE_TIME, 0};
    case EXPR_BOOL: return BOOLEAN;
    case EXPR_DURATION: return check_duration(c, expr);
    case EXPR_AGO: check_duration(c, expr); return (type){TYPE_TIME, 0};
    case EXPR_PATH: return check_meaning(c, expr->meaning, expr->where);
    case EXPR_CALL: return check_call(c, expr);
    case EXPR_AS_OF: return check_as_of(c, expr);
    case EXPR_NEGATE: return check_negate(c, expr);
    case EXPR_ADD:
    case EXPR_SUBTRACT:
    case EXPR_MULTIPLY:
    case EXPR_DIVIDE: return check_arithmetic(c, expr);
    case EXPR_COMPARE: return check_compare(c, expr);
    case EXPR_MATCHES: return check_text_test(c, expr, "matches");
    case EXPR_CONTAINS: return check_text_test(c, expr, "contains");
    case EXPR_STARTS_WITH: return check_text_test(c, expr, "starts with");
    case EXPR_ENDS_WITH: return check_text_test(c, expr, "ends with");
    case EXPR_IS_MISSING: return check_is_missing(c, expr);
    case EXPR_IN_VALUES: return check_in_values(c, expr);
    case EXPR_IN_NAMED: return check_in_named(c, expr);
    case EXPR_IN_RANKS: return check_population(c, expr);
    case EXPR_IN_WINDOW: return check_in_window(c, expr);
    case EXPR_MEMBER: return check_member(c, expr);
    case EXPR_AND:
    case EXPR_OR: return check_logic(c, expr);
    case EXPR_NOT: check_condition(c, expr->left, "\"not\""); return BOOLEAN;
    case EXPR_IF: return check_if(c, expr);
    case EXPR_DID: return check_did(c, expr);
    case EXPR_AGGREGATE: return check_aggregate(c, expr);
    case EXPR_PICK: return check_pick(c, expr);
    case EXPR_LAST_CHANGE: return check_last_change(c, expr);
    case EXPR_NEXT_OCCASION: return (type){TYPE_DATE, 0};
    case EXPR_NEXT_ANNIVERSARY: return check_next_anniversary(c, expr);
    case EXPR_TIME_SINCE:
    case EXPR_TIME_UNTIL: return check_span_of_time(c, expr);
    case EXPR_NTILE:
    case EXPR_PERCENTILE:
    case EXPR_RANK: return check_population(c, expr);
    }
    return NO_TYPE;
}

type check_expr(checker *c, ast_expr *expr)
{
    expr->meaning->type = check_kind(c, expr);
    return expr->meaning->type;
}
