/* SPDX-License-Identifier: MIT
 *
 * Constants that a value never takes: of ranges in carpel.yaml, parts of times, rankings,
 * and days in a window of so many.
 */
#include "lang/foreign.h"
#include "lang/lints.h"

#include <math.h>
#include <string.h>

#include "base/number.h"
#include "report/suggest.h"

/* The numbers that a value can be. */
typedef struct limits {
    const char *name; /* what has them */
    double least, most;
    const ast_expr *ranked; /* RANK: what people are ranked by */
} limits;

const ast_expr *behind_let(const ast_expr *expr)
{
    while (expr->kind == EXPR_PATH && expr->meaning->kind == MEANING_DECL &&
           expr->meaning->part == PART_NONE && expr->meaning->decl->kind == DECL_LET)
        expr = expr->meaning->decl->value;
    return expr;
}

/* ---- ranges of the schema ----------------------------------------------- */

const property *property_of(const rulebook *book, const meaning *m)
{
    if (m->kind == MEANING_TRAIT)
        return &book->schema->traits[m->trait];
    if (m->kind != MEANING_PROPERTY || m->scope->kind_count != 1)
        return NULL;
    const event_kind *kind = &book->schema->kinds[m->scope->kinds[0]];
    return &kind->properties[kind_find_property(kind, m->name)];
}

/* The range of a value as the schema gives it: of a trait, a property, or what keeps to
 * one. */
static bool limits_of_schema(const rulebook *book, const ast_expr *expr, limits *out)
{
    const meaning *m = expr->meaning;
    bool keeps = expr->kind == EXPR_PICK || expr->kind == EXPR_PATH ||
                 (expr->kind == EXPR_AGGREGATE && aggregate_keeps_range(expr->aggregate));
    if (keeps && expr->selection && !expr->selection->value)
        m = expr->selection->meaning;
    const property *found =
        keeps && m && m->part == PART_NONE ? property_of(book, m) : NULL;
    if (!found || !found->details.has_range)
        return false;
    *out = (limits){found->name, found->details.minimum, found->details.maximum, NULL};
    return true;
}

/* ---- ranges of the language --------------------------------------------- */

time_part asked_part(const ast_expr *expr)
{
    const ast_expr *value = behind_let(expr);
    bool is_picked =
        value->kind == EXPR_PICK ||
        (value->kind == EXPR_AGGREGATE && value->aggregate == AGGREGATE_MOST_COMMON);
    const meaning *m = is_picked ? value->selection->meaning : value->meaning;
    return m ? m->part : PART_NONE;
}

static bool limits_of_part(const ast_expr *expr, limits *out)
{
    static const limits parts[PART_COUNT] = {
        [PART_HOUR] = {"an hour", 0, 23, NULL},
        [PART_DAY_OF_MONTH] = {"a day of a month", 1, 31, NULL},
        [PART_MONTH_OF_YEAR] = {"a month of a year", 1, 12, NULL},
        [PART_YEAR] = {"a year", 1, 9999, NULL}};
    *out = parts[asked_part(expr)];
    return out->name;
}

/* How many units do that many whole others touch at most? */
static int64_t most_units(calendar_unit unit, int64_t count, calendar_unit others)
{
    static const int64_t months[] = {
        [UNIT_MONTH] = 1, [UNIT_QUARTER] = 3, [UNIT_YEAR] = 12};
    if (unit == others)
        return count;
    if (unit >= UNIT_MONTH && others > unit)
        return count * months[others] / months[unit];
    int64_t days = count * calendar_unit_days(others, true),
            least = calendar_unit_days(unit, false);
    return (days - 2 + least) / least + 1;
}

/* `days_with`, `weeks_in_a_row` over full units. */
static bool limits_of_units(const ast_expr *expr, limits *out)
{
    enum { MOST = 100000 };
    calendar_unit unit;
    bool is_found = false;
    if (!aggregate_has_unit(expr->aggregate, &unit))
        return false;
    each (const ast_window, w, &expr->modifiers.windows) {
        if (w->kind != WINDOW_LAST_FULL || w->unit < UNIT_DAY || w->count > MOST)
            continue;
        *out = (limits){aggregates[expr->aggregate].spelling, 0,
                        (double)most_units(unit, w->count, w->unit), NULL};
        is_found = true;
    }
    return is_found;
}

static bool limits_of(const rulebook *book, const ast_expr *expr, limits *out)
{
    expr = behind_let(expr);
    switch (expr->kind) {
    case EXPR_PERCENTILE: *out = (limits){"a percentile", 0, 100, NULL}; return true;
    case EXPR_RANK: *out = (limits){"a rank", 1, HUGE_VAL, expr->left}; return true;
    case EXPR_NTILE:
        *out = (limits){"a tile", 1, (double)expr->number.value, NULL};
        return true;
    case EXPR_AGGREGATE:
        if (expr->aggregate == AGGREGATE_SHARE) {
            *out = (limits){"a share", 0, 1, NULL};
            return true;
        }
        return limits_of_units(expr, out) || limits_of_schema(book, expr, out);
    case EXPR_DIVIDE:
        *out = (limits){"a share", 0, 1, NULL};
        return is_share_of_count(expr);
    default: return limits_of_part(expr, out) || limits_of_schema(book, expr, out);
    }
}

/* ---- numbers ------------------------------------------------------------ */

double number_of(const ast_number *n)
{
    return (double)n->value / (double)number_power_of_ten(n->scale);
}

/* `> 0.5%` of a share that runs to 1: half of a hundredth. */
static bool is_small_percentage(const limits *of, const ast_number *n)
{
    return of->most == 1 && n->is_percent && n->scale > 2 && n->value > 0 &&
           number_of(n) < 0.01;
}

/* `percentile(x) >= 0.9`, as if it ran to 1. At most 1 is the last hundredth. */
static bool is_share_of_hundred(const ast_expr *value, const ast_number *n,
                                ast_compare compare)
{
    double number = number_of(n);
    bool is_last = compare == COMPARE_LT || compare == COMPARE_LE;
    return behind_let(value)->kind == EXPR_PERCENTILE && !n->is_percent && number > 0 &&
           (number < 1 || (number == 1 && !is_last));
}

static void hint_scale(const lint *l, const limits *of, const ast_expr *literal)
{
    double value = number_of(&literal->number), hundred = value * 100;
    if (of->ranked && literal->number.is_percent) {
        hint(l, "For a share of the people, write: %s in top %g%%.",
             words_of(l, of->ranked), hundred);
    } else if (is_small_percentage(of, &literal->number)) {
        hint(l, "%g%% is %g: did you mean %g%%? If not, write %g.", hundred, value,
             hundred * 100, value);
        fix(l, literal->where, "%g%%", hundred * 100);
        fix(l, literal->where, "%g", value);
    } else if (literal->number.is_percent && of->most > 1 && hundred <= of->most) {
        hint(l, "%g%% is %g: did you mean %g?", hundred, value, hundred);
    } else if (of->most == 100 && value <= 1) {
        offer(l, literal->where, "Did you mean %s?", "%g", hundred);
    } else if (of->most == 1 && value > 1 && value <= 100) {
        hint(l, "Did you mean %g%%?", value);
    }
}

static void lint_number(const lint *l, const limits *of, const ast_expr *value,
                        const ast_expr *literal, ast_compare compare)
{
    const ast_number *n = &literal->number;
    double number = number_of(n);
    bool is_wrong_scale = (n->is_percent && number != 0 && of->most > 1) ||
                          is_small_percentage(of, n) ||
                          is_share_of_hundred(value, n, compare);
    if (number >= of->least && number <= of->most && !is_wrong_scale)
        return;
    if (isinf(of->most))
        warn(l, literal->where, W0207, "%s is %g or more, and this is %g", of->name,
             of->least, number);
    else
        warn(l, literal->where, W0207, "%s runs from %g to %g, and this is %g", of->name,
             of->least, of->most, number);
    hint_scale(l, of, literal);
}

/* ---- percentages of what is no share ------------------------------------ */

/* The name of an exact number that is no share by its name, or NULL. */
static const char *amount_name(const ast_expr *value)
{
    const meaning *m = value->meaning;
    bool is_named = value->kind == EXPR_PATH && m->part == PART_NONE &&
                    (m->kind == MEANING_PROPERTY || m->kind == MEANING_TRAIT);
    if (!is_named || m->type.kind != TYPE_DECIMAL)
        return NULL;
    const char *name = name_at(&value->names, value->names.count - 1)->text;
    bool is_share =
        holds_word(name, "rate ratio share percent pct prob score risk chance");
    return is_share ? NULL : name;
}

/* `discount > 10%`, where a discount is an amount of money. */
static void lint_percentage(const lint *l, const ast_expr *value, const ast_expr *literal)
{
    const char *name = literal->number.is_percent && literal->number.value != 0
                           ? amount_name(value)
                           : NULL;
    double number = number_of(&literal->number);
    if (!name)
        return;
    warn(l, literal->where, W0207, "\"%s\" is no share, and %g%% is %g", name,
         number * 100, number);
    hint(l,
         "Say of what, as in: %s > %g%% * amount. If it holds shares, write %g, or "
         "declare it as number(0..1).",
         name, number * 100, number);
}

/* ---- weekdays ----------------------------------------------------------- */

/* "Saturday", "sat", "Samstag", "saterday"; or NULL. */
static const char *meant_weekday(const char *text)
{
    suggestion s = suggest_begin(text);
    for (size_t i = 0; i < WEEKDAY_COUNT; i++)
        suggest_consider(&s, weekday_names[i]);
    const char *named = foreign_weekday(text);
    return named ? named : suggest_best(&s);
}

static void lint_weekday(const lint *l, const ast_expr *literal, span where)
{
    const char *text = literal->text.text, *meant = meant_weekday(text);
    if (meant && strcmp(text, meant) == 0)
        return;
    warn(l, where, W0207, "no weekday is named \"%s\"", text);
    if (meant)
        offer(l, where, "Write %s: weekdays are lower case words.", "\"%s\"", meant);
    else
        hint(l, "The weekdays are \"monday\" to \"sunday\"; the weekend is in "
                "(\"saturday\", \"sunday\").");
}

/* ---- comparisons -------------------------------------------------------- */

static void lint_constant(const lint *l, const ast_expr *value, const ast_expr *literal,
                          ast_compare compare, span where)
{
    limits of;
    if (literal->kind == EXPR_STRING && asked_part(value) == PART_WEEKDAY)
        lint_weekday(l, literal, where);
    else if (literal->kind == EXPR_STRING)
        lint_event_name(l, value, literal);
    else if (literal->kind == EXPR_NUMBER && limits_of(l->book, value, &of))
        lint_number(l, &of, value, literal, compare);
    else if (literal->kind == EXPR_NUMBER) {
        lint_percentage(l, value, literal);
        lint_quotient(l, value, literal);
    }
}

/* The members of a list, in `x in weekend`; a segment has none that are written. */
static void lint_members(const lint *l, const ast_expr *expr)
{
    const ast_decl *decl = expr->ref.decl; /* NULL: a list that an event holds */
    for (size_t i = 0; decl && i < decl->values.count; i++) {
        const ast_expr *member = decl->values.items[i];
        if (member->kind == EXPR_STRING)
            lint_constant(l, expr->left, member, COMPARE_EQ, expr->ref.where);
    }
}

void lint_range(const lint *l, const ast_expr *expr)
{
    if (expr->kind == EXPR_IN_NAMED) {
        lint_members(l, expr);
    } else if (expr->kind == EXPR_COMPARE) {
        lint_constant(l, expr->left, expr->right, expr->compare, expr->right->where);
        lint_constant(l, expr->right, expr->left, COMPARE_EQ, expr->left->where);
    }
    for (size_t i = 0; expr->kind == EXPR_IN_VALUES && i < expr->list.count; i++) {
        const ast_expr *literal = expr->list.items[i];
        lint_constant(l, expr->left, literal, COMPARE_EQ, literal->where);
    }
}
