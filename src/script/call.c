/* SPDX-License-Identifier: MIT
 *
 * Calls: of one function for one set of arguments, and for row after row of columns.
 */
#include <assert.h>
#include <lauxlib.h>
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bitmap.h"
#include "base/number.h"
#include "base/utf8.h"
#include "script/batch.h"
#include "script/internals.h"

typedef struct call {
    const script_set *set;
    size_t function;
    const script_value *arguments;
    size_t argument_count;
    list_view *views; /* of a function of steps: one for each argument; or NULL */
    script_value result;
} call;

static script_value read_number(lua_State *L)
{
    if (lua_isinteger(L, -1))
        return (script_value){.kind = SCRIPT_INTEGER, .integer = lua_tointeger(L, -1)};
    double number = lua_tonumber(L, -1);
    if (!isfinite(number))
        luaL_error(L, "it returns %s, and a value has to be finite",
                   isnan(number) ? "NaN" : "an infinity");
    return (script_value){.kind = SCRIPT_NUMBER, .number = number};
}

static script_value read_text(lua_State *L)
{
    script_value value = {.kind = SCRIPT_TEXT};
    value.text.data = lua_tolstring(L, -1, &value.text.size);
    if (!utf8_is_valid(value.text.data, value.text.size))
        luaL_error(L, "it returns a text that is not UTF-8");
    return value;
}

script_value script_read_result(lua_State *L)
{
    switch (lua_type(L, -1)) {
    case LUA_TNIL: return (script_value){.kind = SCRIPT_MISSING};
    case LUA_TBOOLEAN:
        return (script_value){.kind = SCRIPT_BOOL, .boolean = lua_toboolean(L, -1)};
    case LUA_TNUMBER: return read_number(L);
    case LUA_TSTRING: return read_text(L);
    default:
        luaL_error(L,
                   "it returns a %s, and a number, a text, true, false or nil is needed",
                   batch_type_name(L, -1));
        return (script_value){.kind = SCRIPT_MISSING};
    }
}

/* Where the lists of a function of steps stand while it is called; NULL of others. */
static list_view *views_of(script_state *s, size_t function)
{
    const script_signature *known = s->set->functions[function].signature;
    return known && known->has_steps ? s->views : NULL;
}

void script_check_variable_list(lua_State *L)
{
    int list = lua_gettop(L);
    lua_Integer count = (lua_Integer)lua_rawlen(L, list);
    for (lua_Integer i = 1; i < count; i += 3) {
        lua_rawgeti(L, list, i);
        lua_rawgeti(L, list, i + 1);
        int upvalue = (int)lua_tointeger(L, -1);
        lua_rawgeti(L, list, i + 2);
        const char *name = lua_getupvalue(L, list + 1, upvalue);
        if (!lua_rawequal(L, -1, -2)) {
            char what[120];
            snprintf(what, sizeof what, "\"%.60s\", a variable outside of the function",
                     name);
            guard_stop_impure(guard_of(L), NULL, what);
        }
        lua_settop(L, list);
    }
    lua_settop(L, list - 1);
}

void script_check_variables(lua_State *L, const script_set *s, size_t module)
{
    lua_rawgeti(L, LUA_REGISTRYINDEX, script_variables_slot(s, module));
    script_check_variable_list(L);
}

static void check_variables(lua_State *L, const call *c)
{
    script_check_variables(L, c->set, c->set->functions[c->function].module);
}

static int check_after_failure(lua_State *L)
{
    check_variables(L, lua_touserdata(L, 1));
    return 0;
}

/* The result stays on the stack, so that its text lives until the next call. */
static int call_function(lua_State *L)
{
    call *c = lua_touserdata(L, 1);
    luaL_checkstack(L, (int)c->argument_count + 10, "too many arguments");
    lua_rawgeti(L, LUA_REGISTRYINDEX, FIRST_FUNCTION_SLOT + (lua_Integer)c->function);
    for (size_t i = 0; i < c->argument_count; i++)
        script_push_value(L, &c->arguments[i], c->views ? &c->views[i] : NULL);
    lua_call(L, (int)c->argument_count, 1);
    c->result = script_read_result(L);
    check_variables(L, c);
    return 1;
}

/* The Lua state is made when it is not there; what that takes belongs to the call, since
 * another one like it threw the state away. */
static bool make_lua(script_state *s)
{
    if (s->lua != NULL)
        return true;
    bool ok = script_open_lua(s);
    s->wasted += guard_time_used(&s->guard);
    return ok;
}

bool script_call(script_state *s, size_t function, const script_value *arguments,
                 size_t argument_count, script_value *result, const char **message)
{
    assert(function < s->set->function_count && argument_count < 1000);
    call c = {s->set, function, arguments, argument_count, views_of(s, function), {0}};
    int64_t limit = s->set->limits.call_microseconds;
    s->is_impure = false;
    s->wasted = 0;
    s->printed = 0;
    bool ok = make_lua(s) && script_run_guarded(s, call_function, &c, limit);
    if (ok) {
        *result = c.result;
        return true;
    }
    s->wasted += guard_time_used(&s->guard);
    text_clear(&s->message);
    text_append_format(&s->message, "the function \"%s\" failed: %s",
                       s->set->functions[function].full_name, s->reason.data);
    if (s->lua != NULL && !script_run_guarded(s, check_after_failure, &c, limit)) {
        text_clear(&s->message);
        text_append_format(&s->message, "the function \"%s\" failed: %s",
                           s->set->functions[function].full_name, s->reason.data);
    }
    *message = s->message.data;
    *result = (script_value){.kind = SCRIPT_MISSING};
    return false;
}

bool script_was_impure(const script_state *s)
{
    return s->is_impure;
}

bool script_was_uneven(const script_state *s)
{
    return s->is_uneven;
}

int64_t script_wasted_microseconds(const script_state *s)
{
    return s->wasted;
}

/* ---- row after row ------------------------------------------------------- */

/* Is an argument missing without which there is no call? */
static bool lacks_one(const script_rows *r, size_t row)
{
    for (size_t i = 0; i < r->column_count; i++) {
        const script_column *c = &r->columns[i];
        if (c->is_required && c->present &&
            !bitmap_get(c->present, c->is_uniform ? 0 : row))
            return true;
    }
    return false;
}

/* Are all arguments doubles that are there in each row? Most are. */
static bool are_plain(const script_rows *r)
{
    for (size_t i = 0; i < r->column_count; i++) {
        const script_column *c = &r->columns[i];
        if (c->kind != SCRIPT_NUMBER || c->divisor > 0 || c->present || c->is_uniform)
            return false;
    }
    return true;
}

static void push_plain(lua_State *L, const script_rows *r, size_t row)
{
    for (size_t i = 0; i < r->column_count; i++)
        lua_pushnumber(L, ((const double *)r->columns[i].values)[row]);
}

static void push_columns(lua_State *L, const script_rows *r, list_view *views, size_t row)
{
    for (size_t i = 0; i < r->column_count; i++)
        script_push_column(L, &r->columns[i], row, views ? &views[i] : NULL);
}

/* Where a number is asked for, it need not be told whether it is an integer. */
static script_value read_wanted(lua_State *L, const script_rows *r)
{
    if (!r->wants_number || lua_type(L, -1) != LUA_TNUMBER)
        return script_read_result(L);
    double number = lua_tonumberx(L, -1, NULL);
    if (!isfinite(number))
        return script_read_result(L); /* raises */
    return (script_value){.kind = SCRIPT_NUMBER, .number = number};
}

/* Rows of which each calls the function at 1. */
typedef struct row_calls {
    script_state *state;
    const script_rows *rows;
    bool is_plain, checks_variables;
    repeats *repeats; /* NULL: nothing is looked for */
    list_view *views; /* of a function of steps, or NULL */
} row_calls;

/* Is the result that of a row before? */
static bool repeat_row(const row_calls *c, size_t row)
{
    size_t before = repeats_find(c->repeats, c->rows, row);
    if (before == SIZE_MAX)
        return false;
    c->rows->repeat(c->rows->data, row, before);
    return true;
}

static void call_row(lua_State *L, const row_calls *c, size_t row)
{
    static const script_value missing = {.kind = SCRIPT_MISSING};
    const script_rows *r = c->rows;
    if (!c->is_plain && lacks_one(r, row)) {
        r->give(r->data, row, &missing);
        return;
    }
    if (c->repeats && repeat_row(c, row))
        return;
    guard_next_call(&c->state->guard);
    c->state->printed = 0;
    lua_pushvalue(L, 1);
    if (c->is_plain)
        push_plain(L, r, row);
    else
        push_columns(L, r, c->views, row);
    lua_call(L, (int)r->column_count, 1);
    script_value result = read_wanted(L, r);
    if (c->checks_variables)
        check_variables(L, &(call){.set = c->state->set, .function = r->function});
    if (r->give(r->data, row, &result) && c->repeats)
        repeats_keep(c->repeats, row);
    lua_settop(L, 1);
}

static void call_each(lua_State *L, const row_calls *c)
{
    script_state *s = c->state;
    const script_rows *r = c->rows;
    for (size_t row = s->row; row < r->row_count; row++) {
        if (cancel_is_asked(s->guard.cancel))
            break;
        s->row = row;
        if (!r->wanted || bitmap_get(r->wanted, row))
            call_row(L, c, row);
    }
}

/* ---- batches ----------------------------------------------------------------- */

static bool is_wanted(const script_rows *r, size_t row)
{
    return !r->wanted || bitmap_get(r->wanted, row);
}

/* The first row to call the function for; those before it that are wanted lack a value. */
static size_t skip_rows(const script_rows *r, size_t row)
{
    static const script_value missing = {.kind = SCRIPT_MISSING};
    for (; row < r->row_count && (!is_wanted(r, row) || lacks_one(r, row)); row++)
        if (is_wanted(r, row))
            r->give(r->data, row, &missing);
    return row;
}

/* The rows of a batch, of which `first` is one. */
static void gather_rows(script_state *s, const script_rows *r, size_t first, size_t *rows)
{
    size_t most = first < s->alone_end ? 1 : s->batch_most, row = first;
    s->batch_count = 0;
    for (; row < r->row_count && s->batch_count < most; row++)
        if (is_wanted(r, row) && !lacks_one(r, row))
            rows[s->batch_count++] = row;
    s->batch_end = row;
}

static void call_some(lua_State *L, const row_calls *c, const size_t *rows, size_t count)
{
    guard_next_call(&c->state->guard);
    c->state->printed = 0;
    batch_call(L, c->rows, rows, count);
    if (c->checks_variables)
        check_variables(L, &(call){.set = c->state->set, .function = c->rows->function});
}

/* The two results on top are one; what is no result is told later. */
static bool are_equal(lua_State *L)
{
    bool is_number = lua_type(L, -1) == LUA_TNUMBER && lua_type(L, -2) == LUA_TNUMBER;
    bool are_both_nan =
        is_number && isnan(lua_tonumber(L, -1)) && isnan(lua_tonumber(L, -2));
    bool has_parts = lua_type(L, -1) == lua_type(L, -2) && lua_type(L, -1) >= LUA_TTABLE;
    return has_parts || are_both_nan || lua_rawequal(L, -1, -2);
}

static void show_result(lua_State *L, int index, char *out, size_t size)
{
    if (lua_isnil(L, index))
        snprintf(out, size, "missing");
    else if (lua_type(L, index) == LUA_TNUMBER && !lua_isinteger(L, index))
        snprintf(out, size, "%.17g", lua_tonumber(L, index));
    else
        snprintf(out, size, "%s", luaL_tolstring(L, index, NULL));
}

static _Noreturn void refuse_uneven(lua_State *L, script_state *s, int alone, int among)
{
    char one[60], other[60];
    show_result(L, alone, one, sizeof one);
    show_result(L, among, other, sizeof other);
    s->is_impure = s->is_uneven = true;
    luaL_error(L,
               "a result depends on the rows beside it: it is %s for one person alone, "
               "and %s in a batch of %d",
               one, other, (int)s->batch_count);
    abort();
}

/* Is the result on top, of the row at which the state stands, that which the row has alone? */
static void check_alone(lua_State *L, const row_calls *c)
{
    script_state *s = c->state;
    int top = lua_gettop(L);
    call_some(L, c, &s->row, 1);
    lua_rawgeti(L, -1, 1);
    lua_pushvalue(L, top);
    if (!are_equal(L))
        refuse_uneven(L, s, lua_gettop(L) - 1, top);
    lua_settop(L, top);
}

/* The rows of the batch up to its end, with their results from the table on top. */
static void give_batch(lua_State *L, const row_calls *c, const size_t *rows)
{
    script_state *s = c->state;
    const script_rows *r = c->rows;
    int table = lua_gettop(L);
    for (size_t i = 0; i < s->batch_count; i++) {
        s->row = skip_rows(r, s->row);
        lua_rawgeti(L, table, (lua_Integer)i + 1);
        if (s->batch_count > 1 && (i == 0 || i == s->batch_count - 1))
            check_alone(L, c);
        script_value result = read_wanted(L, r);
        r->give(r->data, rows[i], &result);
        lua_settop(L, table);
        s->row = rows[i] + 1;
    }
}

static void call_batches(lua_State *L, const row_calls *c)
{
    size_t rows[SCRIPT_MOST_BATCH];
    script_state *s = c->state;
    while ((s->row = skip_rows(c->rows, s->row)) < c->rows->row_count) {
        if (cancel_is_asked(s->guard.cancel))
            break;
        gather_rows(s, c->rows, s->row, rows);
        call_some(L, c, rows, s->batch_count);
        give_batch(L, c, rows);
        lua_settop(L, 1);
    }
}

/* A batch of several rows failed: its rows, from the one that stands now on, are called alone. What
 * takes too long for many gets fewer from now on. */
static bool falls_apart(script_state *s, const script_rows *r)
{
    const script_signature *known = s->set->functions[r->function].signature;
    if (!known || !known->has_batch || s->batch_count < 2 || s->is_impure)
        return false;
    s->alone_end = s->batch_end;
    if (!s->lua && s->batch_most > 1)
        s->batch_most /= 2;
    return true;
}

/* ---- all rows ------------------------------------------------------------------ */

/* From the row on at which the state stands. */
static int call_rows(lua_State *L)
{
    const script_rows *r = lua_touserdata(L, 1);
    script_state *s = lua_touserdata(L, 2);
    const script_set *set = s->set;
    row_calls c = {s,
                   r,
                   are_plain(r),
                   set->modules[set->functions[r->function].module]->writes,
                   s->looks_for_repeats ? s->repeats : NULL,
                   views_of(s, r->function)};
    luaL_checkstack(L, (int)r->column_count + 10, "too many arguments");
    lua_settop(L, 0);
    lua_rawgeti(L, LUA_REGISTRYINDEX, FIRST_FUNCTION_SLOT + (lua_Integer)r->function);
    if (batch_is(L, 1))
        call_batches(L, &c);
    else
        call_each(L, &c);
    return 0;
}

/* The rows up to one that fails, which is s->row then; all of them when none does. */
static bool call_until_failure(script_state *s, const script_rows *r)
{
    s->wasted = 0;
    if (!make_lua(s))
        return false;
    if (setjmp(s->guard.stop) != 0) {
        s->wasted += guard_time_used(&s->guard);
        s->is_impure = s->guard.is_impure;
        script_set_reason(s, s->guard.message, strlen(s->guard.message));
        script_drop_lua(s);
        return false;
    }
    guard_begin_row(&s->guard, s->set->limits.call_microseconds);
    lua_settop(s->lua, 0);
    lua_pushcfunction(s->lua, script_add_callers);
    lua_pushcfunction(s->lua, call_rows);
    lua_pushlightuserdata(s->lua, (void *)(uintptr_t)r);
    lua_pushlightuserdata(s->lua, s);
    int status = lua_pcall(s->lua, 2, 0, 1);
    if (status != LUA_OK) {
        s->wasted += guard_time_used(&s->guard);
        script_set_reason_from_stack(s);
    }
    guard_end_row(&s->guard);
    if (status == LUA_ERRMEM)
        script_drop_lua(s);
    return status == LUA_OK;
}

static void tell_variables(script_state *s, size_t function)
{
    call c = {.set = s->set, .function = function};
    if (s->lua)
        script_run_guarded(s, check_after_failure, &c, s->set->limits.call_microseconds);
}

void script_call_rows(script_state *s, const script_rows *r)
{
    assert(r->function < s->set->function_count);
    bool goes_on = true;
    s->looks_for_repeats = repeats_begin(s->repeats, r);
    s->row = s->alone_end = 0;
    while (goes_on && s->row < r->row_count) {
        s->is_impure = s->is_uneven = false;
        s->batch_count = 1;
        if (call_until_failure(s, r))
            break;
        tell_variables(s, r->function);
        if (falls_apart(s, r))
            continue;
        guard_measure(&s->guard);
        text_clear(&s->message);
        text_append_format(&s->message, "the function \"%s\" failed: %s",
                           s->set->functions[r->function].full_name, s->reason.data);
        goes_on = r->fail(r->data, s->row, s->message.data);
        s->row++;
    }
}
