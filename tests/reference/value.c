/* SPDX-License-Identifier: MIT
 *
 * Arithmetic as one does it on paper: fractions, brought to one denominator.
 */
#include "reference/value.h"

#include <math.h>
#include <string.h>

value value_missing(void)
{
    return (value){.kind = MISSING};
}

value value_truth(bool holds)
{
    return (value){.kind = TRUTH, .integer = holds};
}

static bool fits_in_64_bits(int128 n)
{
    return n >= INT64_MIN && n <= INT64_MAX;
}

/* "Overflow, NaN and infinities are errors at load, not values": one that arises in a
 * calculation is missing. */
value value_exact(int128 above, unsigned scale)
{
    if (!fits_in_64_bits(above))
        return value_missing();
    return (value){.kind = EXACT,
                   .above = above,
                   .below = number_power_of_ten(scale),
                   .scale = scale};
}

value value_double(double number)
{
    return isfinite(number) ? (value){.kind = DOUBLE, .number = number} : value_missing();
}

value value_text(const char *text)
{
    return (value){.kind = TEXT, .text = text};
}

value value_version(const char *text)
{
    return (value){.kind = VERSION, .text = text};
}

value value_time(int64_t instant)
{
    return (value){.kind = TIME, .integer = instant};
}

value value_date(int64_t date)
{
    return (value){.kind = DATE, .integer = date};
}

value value_duration(int128 microseconds)
{
    if (!fits_in_64_bits(microseconds))
        return value_missing();
    return (value){.kind = DURATION, .above = microseconds, .below = 1};
}

/* "division by zero give[s] missing" */
value value_quotient(value_kind kind, int128 above, int128 below)
{
    if (below == 0)
        return value_missing();
    return (value){.kind = kind, .above = above, .below = below, .is_quotient = true};
}

bool value_holds(value v)
{
    return v.kind == TRUTH && v.integer;
}

double value_nearest(value v)
{
    return v.kind == DOUBLE ? v.number : number_quotient(v.above, v.below);
}

/* Halves go away from zero. */
static int128 nearest_integer(int128 above, int128 below)
{
    if (below < 0)
        return nearest_integer(-above, -below);
    int128 whole = above / below, rest = above % below;
    int128 size = rest < 0 ? -rest : rest;
    if (size < below - size)
        return whole;
    return above < 0 ? whole - 1 : whole + 1;
}

value value_settled(value v)
{
    if (!v.is_quotient)
        return v;
    if (v.kind == DURATION)
        return value_duration(nearest_integer(v.above, v.below));
    return value_double(value_nearest(v));
}

value value_as(value v, type t)
{
    v = value_settled(v);
    if (v.kind == EXACT && t.kind == TYPE_NUMBER)
        return value_double(value_nearest(v));
    if (v.kind == EXACT && t.kind == TYPE_DECIMAL && t.scale > v.scale)
        return value_exact(v.above * number_power_of_ten(t.scale - v.scale), t.scale);
    v.anchored = NO_ANCHOR;
    return v;
}

/* ---- numbers ------------------------------------------------------------------------- */

static value calculate_doubles(ast_expr_kind operation, double a, double b)
{
    switch (operation) {
    case EXPR_ADD: return value_double(a + b);
    case EXPR_SUBTRACT: return value_double(a - b);
    case EXPR_MULTIPLY: return value_double(a * b);
    default: return b == 0 ? value_missing() : value_double(a / b);
    }
}

/* "Sums and averages of decimals are exact" */
static value calculate_exact(ast_expr_kind operation, value a, value b)
{
    unsigned scale = a.scale > b.scale ? a.scale : b.scale;
    int128 left = a.above * number_power_of_ten(scale - a.scale);
    int128 right = b.above * number_power_of_ten(scale - b.scale);
    switch (operation) {
    case EXPR_ADD: return value_exact(left + right, scale);
    case EXPR_SUBTRACT: return value_exact(left - right, scale);
    case EXPR_DIVIDE: return value_quotient(EXACT, left, right);
    default:
        if (a.scale + b.scale > DECIMAL_MAX_SCALE)
            return value_double(value_nearest(a) * value_nearest(b));
        return value_exact(a.above * b.above, a.scale + b.scale);
    }
}

/* ---- durations ----------------------------------------------------------------------- */

static value nearest_duration(double microseconds)
{
    double rounded = round(microseconds);
    bool fits = fabs(rounded) < 9223372036854775808.0;
    return fits ? value_duration((int128)rounded) : value_missing();
}

static value scale_duration(value duration, value factor)
{
    if (factor.kind == DOUBLE)
        return nearest_duration((double)(int64_t)duration.above * factor.number);
    value product = value_duration(duration.above * factor.above);
    if (product.kind == MISSING || factor.below == 1)
        return product;
    return value_quotient(DURATION, product.above, factor.below);
}

/* "A duration divided by a duration is a number." */
static value divide_duration(value a, value b)
{
    if (b.kind == DURATION)
        return value_quotient(EXACT, a.above, b.above);
    if (b.kind == DOUBLE)
        return b.number == 0 ? value_missing()
                             : nearest_duration((double)(int64_t)a.above / b.number);
    return value_quotient(DURATION, a.above * b.below, b.above);
}

static value calculate_durations(ast_expr_kind operation, value a, value b)
{
    switch (operation) {
    case EXPR_ADD: return value_duration(a.above + b.above);
    case EXPR_SUBTRACT: return value_duration(a.above - b.above);
    case EXPR_MULTIPLY:
        return a.kind == DURATION ? scale_duration(a, b) : scale_duration(b, a);
    default: return divide_duration(a, b);
    }
}

/* ---- moments ------------------------------------------------------------------------- */

static value calculate_moments(ast_expr_kind operation, value a, value b)
{
    int sign = operation == EXPR_SUBTRACT ? -1 : 1;
    if (a.kind == TIME && b.kind == TIME)
        return value_duration((int128)a.integer - b.integer);
    if (a.kind == DATE && b.kind == DATE)
        return value_duration(((int128)a.integer - b.integer) * MICROSECONDS_PER_DAY);
    value moment = a.kind == TIME ? a : b, length = a.kind == TIME ? b : a;
    int128 moved = moment.integer + sign * length.above;
    return fits_in_64_bits(moved) ? value_time((int64_t)moved) : value_missing();
}

static bool is_moment(value v)
{
    return v.kind == TIME || v.kind == DATE;
}

/* "arithmetic on missing [...] give[s] missing" */
value value_calculate(ast_expr_kind operation, value a, value b)
{
    a = value_settled(a);
    b = value_settled(b);
    if (a.kind == MISSING || b.kind == MISSING)
        return value_missing();
    if (is_moment(a) || is_moment(b))
        return calculate_moments(operation, a, b);
    if (a.kind == DURATION || b.kind == DURATION)
        return calculate_durations(operation, a, b);
    if (a.kind == DOUBLE || b.kind == DOUBLE)
        return calculate_doubles(operation, value_nearest(a), value_nearest(b));
    return calculate_exact(operation, a, b);
}

value value_negated(value v)
{
    v = value_settled(v);
    if (v.kind == DOUBLE)
        return value_double(-v.number);
    if (v.kind == DURATION)
        return value_duration(-v.above);
    return v.kind == EXACT ? value_exact(-v.above, v.scale) : v;
}

/* ---- comparison ---------------------------------------------------------------------- */

#define SIGN(a, b) ((a) < (b) ? -1 : (a) > (b))

/* "A date stands for the whole local day": a time is compared with one by its own date. */
static int64_t date_of(const zone *z, value v)
{
    return v.kind == DATE ? v.integer : zone_date(z, v.integer);
}

/* "A comparison with a missing operand is false" */
bool value_compare(const zone *z, value a, value b, int *order)
{
    if (a.kind == MISSING || b.kind == MISSING)
        return false;
    if (a.kind == VERSION || b.kind == VERSION)
        *order = versions_in_order(a.text, b.text);
    else if (a.kind == TEXT)
        *order = strcmp(a.text, b.text);
    else if (a.kind == DOUBLE || b.kind == DOUBLE)
        *order = SIGN(value_nearest(a), value_nearest(b));
    else if (a.kind == EXACT || a.kind == DURATION)
        *order = number_compare_quotients(a.above, a.below, b.above, b.below);
    else if (a.kind != b.kind)
        *order = SIGN(date_of(z, a), date_of(z, b));
    else
        *order = SIGN(a.integer, b.integer);
    return true;
}

bool value_equals(const zone *z, value a, value b)
{
    int order;
    return value_compare(z, a, b, &order) && order == 0;
}
