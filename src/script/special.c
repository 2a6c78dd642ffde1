/* SPDX-License-Identifier: MIT
 *
 * Logarithms of gamma, beta and hypergeometric functions, so that a thousand purchases
 * neither overflow nor underflow; and the beta distribution, for rates.
 */
#include "script/special.h"

#include <lauxlib.h>
#include <math.h>

#include "script/define.h"
#include "script/guard.h"

enum { MOST_TERMS = 10000000, TERMS_A_LOOK = 1000, MOST_FRACTIONS = 10000 };

static const double NEGLIGIBLE = 1e-16; /* beside what was added up so far */
static const double LARGE = 1e200;      /* sums are scaled down from here on */

static double log_gamma(double x)
{
    int sign;
    return lgamma_r(x, &sign);
}

static double log_beta(double a, double b)
{
    return log_gamma(a) + log_gamma(b) - log_gamma(a + b);
}

static double check_positive(lua_State *L, int argument)
{
    double x = luaL_checknumber(L, argument);
    luaL_argcheck(L, x > 0, argument, "a number above 0 is needed");
    return x;
}

static int lua_log_gamma(lua_State *L)
{
    lua_pushnumber(L, log_gamma(check_positive(L, 1)));
    return 1;
}

static int lua_log_beta(lua_State *L)
{
    lua_pushnumber(L, log_beta(check_positive(L, 1), check_positive(L, 2)));
    return 1;
}

/* ln 2F1(a, b; c; z) for positive a, b, c and 0 <= z < 1: all terms of the series are
 * positive, so nothing cancels. */
static int lua_log_hypergeometric(lua_State *L)
{
    double a = check_positive(L, 1), b = check_positive(L, 2), c = check_positive(L, 3);
    double z = luaL_checknumber(L, 4);
    luaL_argcheck(L, z >= 0 && z < 1, 4, "a number from 0 to below 1 is needed");
    double term = 1, sum = 1, scale = 0; /* the sum is sum * exp(scale) */
    for (int n = 0; n < MOST_TERMS; n++) {
        double ratio = (a + n) * (b + n) / ((c + n) * (n + 1)) * z;
        term *= ratio;
        sum += term;
        if (ratio < 1 && term < sum * NEGLIGIBLE) {
            lua_pushnumber(L, log(sum) + scale);
            return 1;
        }
        if (sum > LARGE) {
            scale += log(sum);
            term /= sum;
            sum = 1;
        }
        if (n % TERMS_A_LOOK == 0)
            guard_check_time(guard_of(L), L);
    }
    return luaL_error(L, "the series of log_hyp2f1 does not end: %f is too near to 1", z);
}

/* ---- the beta distribution -------------------------------------------------- */

/* The continued fraction of the incomplete beta function, by Lentz's method. */
static double beta_fraction(double a, double b, double x)
{
    static const double tiny = 1e-300;
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < tiny ? tiny : d);
    double value = d;
    for (int m = 1; m < MOST_FRACTIONS; m++) {
        for (int half = 0; half < 2; half++) {
            double k = half == 0
                           ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
                           : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 + k * d;
            c = 1 + k / c;
            d = 1 / (fabs(d) < tiny ? tiny : d);
            c = fabs(c) < tiny ? tiny : c;
            value *= c * d;
        }
        if (fabs(c * d - 1) < NEGLIGIBLE * 10)
            break;
    }
    return value;
}

/* How likely a value of at most x is. */
static double beta_below(double a, double b, double x)
{
    if (x <= 0 || x >= 1)
        return x <= 0 ? 0 : 1;
    double front = exp(a * log(x) + b * log1p(-x) - log_beta(a, b));
    if (x < (a + 1) / (a + b + 2))
        return front * beta_fraction(a, b, x) / a;
    return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

static int lua_beta_below(lua_State *L)
{
    lua_pushnumber(L, beta_below(check_positive(L, 1), check_positive(L, 2),
                                 luaL_checknumber(L, 3)));
    return 1;
}

/* The value that a share `p` of all lies below, by halving. */
static int lua_beta_quantile(lua_State *L)
{
    double a = check_positive(L, 1), b = check_positive(L, 2);
    double p = luaL_checknumber(L, 3), low = 0, high = 1;
    luaL_argcheck(L, p >= 0 && p <= 1, 3, "a number from 0 to 1 is needed");
    for (int i = 0; i < 100 && high - low > low * NEGLIGIBLE; i++) {
        double middle = low + (high - low) / 2;
        if (beta_below(a, b, middle) < p)
            low = middle;
        else
            high = middle;
        guard_check_time(guard_of(L), L);
    }
    lua_pushnumber(L, low + (high - low) / 2);
    return 1;
}

static int lua_normal_below(lua_State *L)
{
    lua_pushnumber(L, 0.5 * erfc(-luaL_checknumber(L, 1) / sqrt(2)));
    return 1;
}

/* ---- all of them ---------------------------------------------------------------- */

int special_open(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"define", define_function},        {"log_gamma", lua_log_gamma},
        {"log_beta", lua_log_beta},         {"log_hyp2f1", lua_log_hypergeometric},
        {"beta_below", lua_beta_below},     {"beta_quantile", lua_beta_quantile},
        {"normal_below", lua_normal_below}, {NULL, NULL}};
    static const struct {
        const char *name;
        int seconds;
    } units[] = {{"minute", 60}, {"hour", 3600}, {"day", 86400}, {"week", 604800}};
    luaL_newlib(L, functions);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        lua_pushinteger(L, units[i].seconds);
        lua_setfield(L, -2, units[i].name);
    }
    return 1;
}
