/* SPDX-License-Identifier: MIT
 *
 * Calls of Lua functions, person by person. A call that fails leaves its value missing.
 */
#include "base/bitmap.h"
#include "base/memory.h"
#include "base/number.h"
#include "exec/judged.h"
#include "exec/kernels.h"
#include "exec/lists.h"
#include "script/result.h"
#include "value/calendar.h"

enum {
    MAX_ARGUMENTS = 64,
    MOST_WASTED_CALLS = 100, /* failing calls may take so many times a call's limit */
    LEAST_WASTE = 1000       /* microseconds; what fails quickly stops nothing */
};

static script_value number_value(double number)
{
    return (script_value){.kind = SCRIPT_NUMBER, .number = number};
}

static const script_parameter *parameter_of(const script_signature *s, size_t argument)
{
    return s ? &s->parameters[argument] : NULL;
}

static slice text_of_column(const script_column *c, uint32_t code)
{
    return bound_text(c->texts, *(const text_origin *)c->origin, code);
}

/* By what whole numbers are divided on their way; 0: they arrive as they are. Times arrive
 * in seconds, durations in the unit that the function declares or in seconds, dates as days
 * since 1970-01-01. */
static int64_t divisor_of(type t, const script_parameter *p)
{
    switch (t.kind) {
    case TYPE_DECIMAL:
        if (t.scale > 0)
            return (int64_t)number_power_of_ten(t.scale);
        return p && p->type.kind == TYPE_NUMBER ? 1 : 0;
    case TYPE_TIME: return MICROSECONDS_PER_SECOND;
    case TYPE_DURATION: return p ? p->details.unit_microseconds : MICROSECONDS_PER_SECOND;
    default: return 0;
    }
}

static script_kind kind_of_argument(type t, int64_t divisor)
{
    switch (t.kind) {
    case TYPE_BOOL: return SCRIPT_BOOL;
    case TYPE_NUMBER: return SCRIPT_NUMBER;
    case TYPE_STRING:
    case TYPE_VERSION:
    case TYPE_PERSON: return SCRIPT_TEXT;
    case TYPE_LIST: return SCRIPT_LIST;
    default: return divisor > 0 ? SCRIPT_NUMBER : SCRIPT_INTEGER;
    }
}

static script_part part_of_column(const script_column *c, size_t at)
{
    int64_t list = ((const int64_t *)c->values)[at];
    return (script_part){list_first(list), list_count(list)};
}

/* Of the items of lists. */
static script_column column_of_items(const block *b, const list_items *items,
                                     const script_parameter *p)
{
    int64_t divisor = divisor_of(items->type, p);
    return (script_column){.kind = kind_of_argument(items->type, divisor),
                           .values = items->values,
                           .divisor = divisor,
                           .text_of = text_of_column,
                           .texts = b->bound,
                           .origin = &items->origin};
}

static script_column column_of(const block *b, const node *n, size_t argument,
                               const script_signature *s)
{
    const node *from = n->operands[argument];
    const vector *v = operand_vector(b, n, argument);
    const script_parameter *p = parameter_of(s, argument);
    int64_t divisor = divisor_of(from->type, p);
    return (script_column){.kind = kind_of_argument(from->type, divisor),
                           .is_uniform = v->is_uniform,
                           .is_required = p && !p->may_be_missing,
                           .values = v->values,
                           .present = v->present,
                           .divisor = divisor,
                           .text_of = text_of_column,
                           .texts = b->bound,
                           .origin = &from->origin,
                           .part_of = part_of_column};
}

/* The same value for a message. */
static script_value argument_at(const script_column *c, size_t i)
{
    size_t at = c->is_uniform ? 0 : i;
    if (c->present && !bitmap_get(c->present, at))
        return (script_value){.kind = SCRIPT_MISSING};
    switch (c->kind) {
    case SCRIPT_BOOL:
        return (script_value){.kind = SCRIPT_BOOL, .boolean = bitmap_get(c->values, at)};
    case SCRIPT_TEXT:
        return (script_value){.kind = SCRIPT_TEXT,
                              .text = c->text_of(c, ((const uint32_t *)c->values)[at])};
    case SCRIPT_NUMBER:
        if (c->divisor == 0)
            return number_value(((const double *)c->values)[at]);
        return number_value(
            number_quotient(((const int64_t *)c->values)[at], c->divisor));
    default:
        return (script_value){.kind = SCRIPT_INTEGER,
                              .integer = ((const int64_t *)c->values)[at]};
    }
}

/* ---- what comes back ----------------------------------------------------- */

/* What the function did wrong, or NULL. It lives in `out`. */
static const char *fault_of_result(const block *b, const node *n, const script_value *r,
                                   const script_signature *s, text *out)
{
    if (n->script.takes_any || !script_result_fault(n->type, s, r, out))
        return NULL;
    const char *name =
        script_set_function_name(b->bound->plan->scripts, n->script.function);
    text fault = *out;
    text_init(out);
    text_append_format(out, "the function \"%s\" %s", name, fault.data);
    text_done(&fault);
    return out->data;
}

/* Put a result that is there into the node's vector. */
static void put_result(const block *b, const node *n, const script_value *r,
                       const script_signature *s, void *values, size_t i)
{
    switch (n->type.kind) {
    case TYPE_BOOL: bitmap_put(values, i, r->boolean); break;
    case TYPE_STRING: ((uint32_t *)values)[i] = bound_add_text(b->bound, r->text); break;
    case TYPE_NUMBER:
        ((double *)values)[i] =
            r->kind == SCRIPT_INTEGER ? (double)r->integer : r->number;
        break;
    default: ((int64_t *)values)[i] = script_result_whole(n->type, s, r); break;
    }
}

/* ---- calls --------------------------------------------------------------- */

/* What the calls of a block share. */
typedef struct calls {
    block *block;
    const node *node;
    const script_signature *signature; /* or NULL */
    const script_column *columns;
    void *values;
    uint64_t *present;
    text spare;
    size_t called; /* rows up to here */
} calls;

static void append_argument(const script_column *c, size_t i, text *out)
{
    enum { MOST_SHOWN = 3 };
    script_value shown[MOST_SHOWN];
    if (c->kind != SCRIPT_LIST) {
        script_value value = argument_at(c, i);
        script_value_append(&value, out);
        return;
    }
    script_part part = c->part_of(c, c->is_uniform ? 0 : i);
    size_t count = part.count < MOST_SHOWN ? part.count : MOST_SHOWN;
    for (size_t j = 0; j < count; j++)
        shown[j] = argument_at(c->items, part.first + j);
    script_list_append(shown, count, part.count, out);
}

/* "(12.5, missing, "x")" */
static void append_arguments(const calls *c, size_t i, text *out)
{
    enum { MOST_SHOWN = 6 };
    text_append_char(out, '(');
    for (size_t a = 0; a < c->node->operand_count; a++) {
        text_append(out, a > 0 ? ", " : "");
        if (a == MOST_SHOWN) {
            text_append(out, "...");
            break;
        }
        append_argument(&c->columns[a], i, out);
    }
    text_append_char(out, ')');
}

static void tell_failure(const calls *c, size_t i, const char *message)
{
    text value;
    text_init(&value);
    append_arguments(c, i, &value);
    block_trouble(c->block, c->node, i, message, value.data);
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
 * on the order of calls. So does one whose results depend on the rows of a batch. */
static void tell_impure(const calls *c, size_t i, const char *message)
{
    text value, sentence;
    text_init(&value);
    text_init(&sentence);
    append_arguments(c, i, &value);
    text_append_format(
        &sentence, "%s; %s", message,
        script_was_uneven(c->block->script)
            ? "treat each row by itself: who is in a batch together is not known"
            : "keep nothing between calls, and no cache either: the order of calls is "
              "not known");
    block *b = c->block;
    block_note(b, &b->impure[c->node->id], block_person(b, c->node->domain, i),
               sentence.data, value.data);
    text_done(&value);
    text_done(&sentence);
}

static void note_failure(block *b, const node *n, int64_t wasted)
{
    run_function *f = &b->bound->functions[n->script.function];
    __atomic_fetch_add(&f->failures, 1, __ATOMIC_RELAXED);
    if (wasted >= LEAST_WASTE)
        __atomic_fetch_add(&f->wasted_microseconds, wasted, __ATOMIC_RELAXED);
}

static bool give(void *data, size_t i, const script_value *result)
{
    calls *c = data;
    const node *n = c->node;
    const char *fault = fault_of_result(c->block, n, result, c->signature, &c->spare);
    if (fault) {
        note_failure(c->block, n, 0);
        tell_failure(c, i, fault);
    }
    if (fault || result->kind == SCRIPT_MISSING)
        bitmap_unset(c->present, i);
    else if (!n->script.takes_any)
        put_result(c->block, n, result, c->signature, c->values, i);
    c->called = i + 1;
    return !fault;
}

/* The value of an earlier one. */
static void repeat(void *data, size_t i, size_t before)
{
    calls *c = data;
    const node *n = c->node;
    size_t size = type_value_size(n->type);
    c->called = i + 1;
    if (!bitmap_get(c->present, before)) {
        bitmap_unset(c->present, i);
    } else if (n->script.takes_any) {
        return;
    } else if (size == 0) {
        bitmap_put(c->values, i, bitmap_get(c->values, before));
    } else {
        char *values = c->values;
        memcpy(values + i * size, values + before * size, size);
    }
}

static bool fail(void *data, size_t i, const char *message)
{
    calls *c = data;
    block *b = c->block;
    bool is_impure = script_was_impure(b->script);
    note_failure(b, c->node, script_wasted_microseconds(b->script));
    bitmap_unset(c->present, i);
    c->called = i + 1;
    if (is_impure)
        tell_impure(c, i, message);
    else
        tell_failure(c, i, message);
    return !is_impure && !is_stopped(b, c->node);
}

/* The values that are wanted, of those the run leaves some out; NULL: each. The caller
 * frees them. */
static uint64_t *wanted_of(block *b, const node *n, size_t count)
{
    if (!b->bound->judged)
        return NULL;
    uint64_t *wanted = memory_alloc_zero_array(bitmap_words(count) + 1, sizeof *wanted);
    for (size_t i = 0; i < count; i++) {
        size_t person = block_person(b, n->domain, i);
        bitmap_put(wanted, i, person == NOBODY || judged_has(b->bound->judged, person));
    }
    return wanted;
}

static void call_all(calls *c, size_t count, const uint64_t *wanted)
{
    script_column columns[MAX_ARGUMENTS], items[MAX_ARGUMENTS];
    for (size_t a = 0; a < c->node->operand_count; a++) {
        const list_items *list = operand_vector(c->block, c->node, a)->items;
        columns[a] = column_of(c->block, c->node, a, c->signature);
        columns[a].items = &items[a];
        items[a] = list ? column_of_items(c->block, list, parameter_of(c->signature, a))
                        : (script_column){.kind = SCRIPT_MISSING};
    }
    c->columns = columns;
    script_rows rows = {.function = c->node->script.function,
                        .columns = columns,
                        .column_count = c->node->operand_count,
                        .row_count = count,
                        .wanted = wanted,
                        .wants_number = c->node->type.kind == TYPE_NUMBER,
                        .data = c,
                        .give = give,
                        .repeat = repeat,
                        .fail = fail};
    bool may_call =
        c->block->impure[c->node->id].count == 0 && !is_stopped(c->block, c->node);
    if (may_call)
        script_call_rows(c->block->script, &rows);
}

/* Those for whom the function was not called any more have no value. */
static size_t leave_rest(calls *c, size_t count, const uint64_t *wanted)
{
    size_t left = 0;
    bool is_impure = c->block->impure[c->node->id].count > 0;
    bool is_cancelled = cancel_is_asked(c->block->bound->cancel);
    for (size_t i = c->called; i < count && !is_cancelled; i++) {
        bitmap_unset(c->present, i);
        if (wanted && !bitmap_get(wanted, i))
            continue;
        left++;
        if (!is_impure)
            tell_not_called(c->block, c->node, i);
    }
    return left;
}

void kernel_script(block *b, const node *n)
{
    vector *out = &b->vectors[n->id];
    size_t count = block_length(b, n), size = type_value_size(n->type);
    size_t bytes =
        size > 0 ? (count + 1) * size : (bitmap_words(count) + 1) * sizeof(uint64_t);
    calls c = {.block = b, .node = n};
    c.signature = script_set_signature(b->bound->plan->scripts, n->script.function);
    c.values = vector_take(b, out, bytes);
    c.present = vector_take_present(b, out, count);
    text_init(&c.spare);
    memset(c.values, 0, bytes);
    uint64_t *wanted = wanted_of(b, n, count);
    for (size_t i = 0; wanted && i < count; i++)
        if (!bitmap_get(wanted, i))
            bitmap_unset(c.present, i);
    call_all(&c, count, wanted);
    size_t not_called = leave_rest(&c, count, wanted);
    run_function *f = &b->bound->functions[n->script.function];
    size_t asked = wanted ? bitmap_count(wanted, 0, count) : count;
    __atomic_fetch_add(&f->calls, asked - not_called, __ATOMIC_RELAXED);
    __atomic_fetch_add(&f->not_called, not_called, __ATOMIC_RELAXED);
    memory_free(wanted);
    text_done(&c.spare);
}
