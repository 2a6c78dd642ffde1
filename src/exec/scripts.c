/* SPDX-License-Identifier: MIT
 *
 * Calls of Lua functions, person by person. A call that fails leaves its value missing.
 */
#include <math.h>

#include "base/bitmap.h"
#include "base/number.h"
#include "exec/kernels.h"
#include "store/value.h"

enum { MAX_ARGUMENTS = 64 };

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
    case TYPE_PERSON: {
        const dictionary *texts = bound_dictionary(b->bound, from->origin);
        return (script_value){
            .kind = SCRIPT_TEXT,
            .text = dictionary_text(texts, ((const uint32_t *)v->values)[at])};
    }
    default: return integral_value(from, ((const int64_t *)v->values)[at]);
    }
}

/* The number that came back; false when there is none. */
static bool take_result(block *b, const node *n, const script_value *result, double *out)
{
    *out = 0;
    switch (result->kind) {
    case SCRIPT_MISSING: return false;
    case SCRIPT_INTEGER: *out = (double)result->integer; return true;
    case SCRIPT_NUMBER: *out = result->number; return true;
    default:
        block_trouble(b, n, 0, "it returned something else than a number", "");
        return false;
    }
}

void kernel_script(block *b, const node *n)
{
    vector *out = &b->vectors[n->id];
    size_t count = block_length(b, n);
    double *values = vector_take(b, out, (count + 1) * sizeof *values);
    uint64_t *present = vector_take_present(b, out, count);
    script_value arguments[MAX_ARGUMENTS];
    for (size_t i = 0; i < count && !cancel_is_asked(b->bound->cancel); i++) {
        script_value result;
        const char *message;
        for (size_t a = 0; a < n->operand_count; a++)
            arguments[a] = argument_at(b, n->operands[a], operand_vector(b, n, a), i);
        values[i] = 0;
        if (!script_call(b->script, (size_t)n->integer, arguments, n->operand_count,
                         &result, &message)) {
            block_trouble(b, n, i, message, "");
            bitmap_unset(present, i);
        } else if (!take_result(b, n, &result, &values[i])) {
            bitmap_unset(present, i);
        }
    }
}
