/* SPDX-License-Identifier: MIT
 *
 * Calls of Lua functions, person by person. A call that fails leaves its value missing.
 */
#include <math.h>

#include "base/bitmap.h"
#include "base/number.h"
#include "exec/judged.h"
#include "exec/kernels.h"
#include "value/value.h"

enum {
    MAX_ARGUMENTS = 64,
    MOST_WASTED_CALLS = 100, /* failing calls may take so many times a call's limit */
    LEAST_WASTE = 1000       /* microseconds; what fails quickly stops nothing */
};

static script_value number_value(double number)
{
    return (script_value){.kind = SCRIPT_NUMBER, .number = number};
}

static script_value integral_value(const node *from, int64_t integer)
{
    switch (from->type.kind) {
    case TYPE_DECIMAL:
        if (from->type.scale == 0)
            return (script_value){.kind = SCRIPT_INTEGER, .integer = integer};
        return number_value(
            number_quotient(integer, number_power_of_ten(from->type.scale)));
    case TYPE_TIME:
    case TYPE_DURATION:
        return number_value((double)integer / (double)MICROSECONDS_PER_SECOND);
    default: return (script_value){.kind = SCRIPT_INTEGER, .integer = integer};
    }
}

/* Times and durations arrive in seconds, dates as days since 1970-01-01. */
static script_value argument_at(const block *b, const node *from, const vector *v,
                                size_t i)
{
    size_t at = v->is_uniform ? 0 : i;
    if (v->present && !bitmap_get(v->present, at))
        return (script_value){.kind = SCRIPT_MISSING};
    switch (from->type.kind) {
    case TYPE_BOOL:
        return (script_value){.kind = SCRIPT_BOOL, .boolean = bitmap_get(v->values, at)};
    case TYPE_NUMBER: return number_value(((const double *)v->values)[at]);
    case TYPE_STRING:
    case TYPE_VERSION:
    case TYPE_PERSON:
        return (script_value){.kind = SCRIPT_TEXT,
                              .text = bound_text(b->bound, from->origin,
                                                 ((const uint32_t *)v->values)[at])};
    default: return integral_value(from, ((const int64_t *)v->values)[at]);
    }
}

/* ---- what comes back ----------------------------------------------------- */

/* Texts that come back are kept until the end of the run. */
enum { MOST_RESULT_BYTES = 1024 };

static bool is_wanted_kind(const node *n, script_kind kind)
{
    switch (n->type.kind) {
    case TYPE_STRING: return kind == SCRIPT_TEXT;
    case TYPE_BOOL: return kind == SCRIPT_BOOL;
    default: return kind == SCRIPT_INTEGER || kind == SCRIPT_NUMBER;
    }
}

static const char *kind_words(script_kind kind)
{
    return kind == SCRIPT_TEXT   ? "a text"
           : kind == SCRIPT_BOOL ? "a truth value"
                                 : "a number";
}

static const char *wanted_words(const node *n)
{
    return n->type.kind == TYPE_STRING ? "a text"
           : n->type.kind == TYPE_BOOL ? "true or false"
                                       : "a number";
}

/* What the function did wrong, or NULL. It lives in `out`. */
static const char *fault_of_result(const block *b, const node *n, const script_value *r,
                                   text *out)
{
    if (r->kind == SCRIPT_MISSING || n->script.takes_any)
        return NULL;
    const char *name =
        script_set_function_name(b->bound->plan->scripts, n->script.function);
    text_clear(out);
    if (!is_wanted_kind(n, r->kind))
        text_append_format(out,
                           "the function \"%s\" returned %s, and the rule asks for %s",
                           name, kind_words(r->kind), wanted_words(n));
    else if (r->kind == SCRIPT_TEXT && r->text.size > MOST_RESULT_BYTES)
        text_append_format(out,
                           "the function \"%s\" returned a text of more than %d bytes",
                           name, MOST_RESULT_BYTES);
    else
        return NULL;
    return out->data;
}

/* Put a result that is there into the node's vector. */
static void put_result(const block *b, const node *n, const script_value *r, void *values,
                       size_t i)
{
    if (n->type.kind == TYPE_BOOL)
        bitmap_put(values, i, r->boolean);
    else if (n->type.kind == TYPE_STRING)
        ((uint32_t *)values)[i] = bound_add_text(b->bound, r->text);
    else
        ((double *)values)[i] =
            r->kind == SCRIPT_INTEGER ? (double)r->integer : r->number;
}

/* ---- calls --------------------------------------------------------------- */

/* "(12.5, missing, "x")" */
static void append_arguments(const script_value *arguments, size_t count, text *out)
{
    enum { MOST_SHOWN = 6 };
    text_append_char(out, '(');
    for (size_t i = 0; i < count; i++) {
        const script_value *a = &arguments[i];
        text_append(out, i > 0 ? ", " : "");
        if (i == MOST_SHOWN) {
            text_append(out, "...");
            break;
        }
        switch (a->kind) {
        case SCRIPT_MISSING: text_append(out, "missing"); break;
        case SCRIPT_BOOL: text_append(out, a->boolean ? "true" : "false"); break;
        case SCRIPT_INTEGER:
            text_append_format(out, "%lld", (long long)a->integer);
            break;
        case SCRIPT_NUMBER: text_append_format(out, "%.14g", a->number); break;
        case SCRIPT_TEXT: trouble_append_text(a->text, out); break;
        }
    }
    text_append_char(out, ')');
}

static void tell_failure(block *b, const node *n, size_t i, const char *message,
                         const script_value *arguments)
{
    text value;
    text_init(&value);
    append_arguments(arguments, n->operand_count, &value);
    block_trouble(b, n, i, message, value.data);
    text_done(&value);
}

/* Has the function wasted so much time that it is called no more? Then the rest is
 * missing. */
static bool is_stopped(const block *b, const node *n)
{
    const run_function *f = &b->bound->functions[n->script.function];
    return __atomic_load_n(&f->wasted_microseconds, __ATOMIC_RELAXED) >=
           MOST_WASTED_CALLS * script_call_microseconds(b->bound->plan->scripts);
}

static void tell_not_called(block *b, const node *n, size_t i)
{
    if (!block_tells(b, n))
        return;
    text message;
    text_init(&message);
    text_append_format(
        &message,
        "the function \"%s\" is called no more: its calls that failed took "
        "as long as %d that reach the limit of time",
        script_set_function_name(b->bound->plan->scripts, n->script.function),
        MOST_WASTED_CALLS);
    block_note(b, &b->not_called[n->id], block_person(b, n->domain, i), message.data, "");
    text_done(&message);
}

/* A function that changes what outlives its call ends the run: its answers would depend
 * on the order of calls. */
static void tell_impure(block *b, const node *n, size_t i, const char *message,
                        const script_value *arguments)
{
    text value, sentence;
    text_init(&value);
    text_init(&sentence);
    append_arguments(arguments, n->operand_count, &value);
    text_append_format(
        &sentence,
        "%s; keep nothing between calls, and no cache either: the order of "
        "calls is not known",
        message);
    block_note(b, &b->impure[n->id], block_person(b, n->domain, i), sentence.data,
               value.data);
    text_done(&value);
    text_done(&sentence);
}

static void note_failure(block *b, const node *n)
{
    int64_t wasted = script_wasted_microseconds(b->script);
    run_function *f = &b->bound->functions[n->script.function];
    __atomic_fetch_add(&f->failures, 1, __ATOMIC_RELAXED);
    if (wasted >= LEAST_WASTE)
        __atomic_fetch_add(&f->wasted_microseconds, wasted, __ATOMIC_RELAXED);
}

static void call_for(block *b, const node *n, size_t i, void *values, uint64_t *present,
                     text *spare)
{
    script_value arguments[MAX_ARGUMENTS], result;
    const char *message = NULL;
    for (size_t a = 0; a < n->operand_count; a++)
        arguments[a] = argument_at(b, n->operands[a], operand_vector(b, n, a), i);
    bool ok = script_call(b->script, n->script.function, arguments, n->operand_count,
                          &result, &message);
    if (ok)
        message = fault_of_result(b, n, &result, spare);
    if (message != NULL)
        note_failure(b, n);
    if (!ok && script_was_impure(b->script))
        tell_impure(b, n, i, message, arguments);
    else if (message != NULL)
        tell_failure(b, n, i, message, arguments);
    if (message != NULL || result.kind == SCRIPT_MISSING)
        bitmap_unset(present, i);
    else if (!n->script.takes_any)
        put_result(b, n, &result, values, i);
}

/* Is value `i` that of somebody whom the run leaves out? */
static bool is_left_out(block *b, const node *n, size_t i)
{
    if (b->bound->judged == NULL)
        return false;
    size_t person = block_person(b, n->domain, i);
    return person != NOBODY && !judged_has(b->bound->judged, person);
}

void kernel_script(block *b, const node *n)
{
    vector *out = &b->vectors[n->id];
    size_t count = block_length(b, n), size = type_value_size(n->type);
    size_t bytes =
        size > 0 ? (count + 1) * size : (bitmap_words(count) + 1) * sizeof(uint64_t);
    void *values = vector_take(b, out, bytes);
    uint64_t *present = vector_take_present(b, out, count);
    text spare;
    text_init(&spare);
    memset(values, 0, bytes);
    run_function *f = &b->bound->functions[n->script.function];
    size_t calls = 0, not_called = 0;
    for (size_t i = 0; i < count && !cancel_is_asked(b->bound->cancel); i++) {
        bool is_impure = b->impure[n->id].count > 0;
        if (is_left_out(b, n, i)) {
            bitmap_unset(present, i);
            continue;
        }
        if (is_impure || is_stopped(b, n)) {
            bitmap_unset(present, i);
            not_called++;
            if (!is_impure)
                tell_not_called(b, n, i);
            continue;
        }
        calls++;
        call_for(b, n, i, values, present, &spare);
    }
    __atomic_fetch_add(&f->calls, calls, __ATOMIC_RELAXED);
    __atomic_fetch_add(&f->not_called, not_called, __ATOMIC_RELAXED);
    text_done(&spare);
}
