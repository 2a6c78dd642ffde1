/* SPDX-License-Identifier: MIT
 *
 * constant_<name>, for each kind of node whose value is worked out from its operands'
 * values alone.
 */
#include "graph/constants.h"

#include <string.h>

#include "base/half_life.h"
#include "base/memory.h"
#include "base/weekday.h"
#include "graph/make.h"
#include "graph/scalar.h"

typedef struct evaluation {
    const graph *graph;
    const node *node;
    constant_value value; /* what it comes to: zero at first */
} evaluation;

typedef scalar_outcome constant_function(evaluation *e);

static const constant_value *value_of(const evaluation *e, size_t operand)
{
    return &e->node->operands[operand]->constant;
}

static bool is_of_numbers(const evaluation *e)
{
    return e->node->operands[0]->type.kind == TYPE_NUMBER;
}

static scalar_outcome answer(evaluation *e, bool holds)
{
    e->value.integer = holds;
    return SCALAR_VALUE;
}

/* ---- arithmetic --------------------------------------------------------- */

static int128 scaled(const evaluation *e, size_t operand)
{
    return (int128)value_of(e, operand)->integer * node_power_to_scale(e->node, operand);
}

#define BINARY(name)                                                                     \
    static scalar_outcome name##_of_one_scale(evaluation *e)                             \
    {                                                                                    \
        const constant_value *x = value_of(e, 0), *y = value_of(e, 1);                   \
        return is_of_numbers(e)                                                          \
                   ? scalar_##name##_numbers(x->number, y->number, &e->value.number)     \
                   : scalar_##name(x->integer, y->integer, &e->value.integer);           \
    }

#define SCALED_BINARY(name)                                                              \
    BINARY(name)                                                                         \
    static scalar_outcome constant_##name(evaluation *e)                                 \
    {                                                                                    \
        return node_joins_scales(e->node)                                                \
                   ? scalar_##name##_wide(scaled(e, 0), scaled(e, 1), &e->value.integer) \
                   : name##_of_one_scale(e);                                             \
    }

SCALED_BINARY(add)
SCALED_BINARY(subtract)
SCALED_BINARY(smaller)
SCALED_BINARY(larger)
BINARY(multiply)

static scalar_outcome constant_multiply(evaluation *e)
{
    return multiply_of_one_scale(e);
}

static scalar_outcome constant_divide(evaluation *e)
{
    const constant_value *x = value_of(e, 0), *y = value_of(e, 1);
    return is_of_numbers(e)
               ? scalar_divide_numbers(x->number, y->number, &e->value.number)
               : scalar_divide(x->integer, y->integer, e->node->scale, &e->value.number);
}

static scalar_outcome constant_divide_duration(evaluation *e)
{
    return scalar_divide_duration(value_of(e, 0)->integer, value_of(e, 1)->integer,
                                  e->node->scale, &e->value.integer);
}

static scalar_outcome constant_floor_divide(evaluation *e)
{
    return scalar_floor_divide(value_of(e, 0)->integer, value_of(e, 1)->integer,
                               &e->value.integer);
}

static scalar_outcome constant_negate(evaluation *e)
{
    const constant_value *x = value_of(e, 0);
    if (!is_of_numbers(e))
        return scalar_negate(x->integer, &e->value.integer);
    e->value.number = -x->number;
    return SCALAR_VALUE;
}

static scalar_outcome constant_rescale(evaluation *e)
{
    return scalar_rescale(value_of(e, 0)->integer, e->node->digits, &e->value.integer);
}

static scalar_outcome constant_to_number(evaluation *e)
{
    e->value.number =
        scalar_to_number(value_of(e, 0)->integer, e->node->operands[0]->type.scale);
    return SCALAR_VALUE;
}

static scalar_outcome constant_to_duration(evaluation *e)
{
    return scalar_to_duration(value_of(e, 0)->number, &e->value.integer);
}

static scalar_outcome constant_faded(evaluation *e)
{
    e->value.number = half_life_left(value_of(e, 0)->integer, e->node->half_life);
    return SCALAR_VALUE;
}

static scalar_outcome best_of(evaluation *e, scalar_integers *better)
{
    e->value.integer = value_of(e, 0)->integer;
    for (size_t i = 1; i < e->node->operand_count; i++)
        better(value_of(e, i)->integer, e->value.integer, &e->value.integer);
    return SCALAR_VALUE;
}

static scalar_outcome constant_least_of(evaluation *e)
{
    return best_of(e, scalar_smaller);
}

static scalar_outcome constant_greatest_of(evaluation *e)
{
    return best_of(e, scalar_larger);
}

static scalar_outcome constant_if(evaluation *e)
{
    e->value = *value_of(e, value_of(e, 0)->integer ? 1 : 2);
    return SCALAR_VALUE;
}

/* ---- dates -------------------------------------------------------------- */

static scalar_outcome constant_move_date(evaluation *e)
{
    e->value.integer = scalar_move_date(value_of(e, 0)->integer, e->node->move);
    return SCALAR_VALUE;
}

static scalar_outcome constant_date_part(evaluation *e)
{
    int64_t part = scalar_date_part(value_of(e, 0)->integer, e->node->date_part);
    if (e->node->type.kind == TYPE_STRING)
        e->value.text = slice_of(weekday_names[part]);
    else
        e->value.integer = part;
    return SCALAR_VALUE;
}

static scalar_outcome constant_next_anniversary(evaluation *e)
{
    e->value.integer =
        date_next_anniversary(value_of(e, 0)->integer, value_of(e, 1)->integer);
    return SCALAR_VALUE;
}

static scalar_outcome constant_next_occasion(evaluation *e)
{
    bool is_there = occasion_next(e->graph->occasions[e->node->occasion],
                                  value_of(e, 0)->integer, &e->value.integer);
    return is_there ? SCALAR_VALUE : SCALAR_NONE;
}

static scalar_outcome constant_in_occasion(evaluation *e)
{
    return answer(
        e, occasion_has(e->graph->occasions[e->node->occasion], value_of(e, 0)->integer));
}

/* ---- comparisons -------------------------------------------------------- */

#define COMPARISON(name, HOLDS)                                                          \
    static scalar_outcome constant_##name(evaluation *e)                                 \
    {                                                                                    \
        const constant_value *x = value_of(e, 0), *y = value_of(e, 1);                   \
        return answer(e, is_of_numbers(e) ? HOLDS(x->number, y->number)                  \
                                          : HOLDS(x->integer, y->integer));              \
    }

COMPARISON(equal, SCALAR_EQUAL)
COMPARISON(less, SCALAR_LESS)
COMPARISON(less_or_equal, SCALAR_LESS_OR_EQUAL)

static scalar_outcome compare_quotients(evaluation *e, bool (*holds)(int order))
{
    quotient_scales scales = scalar_quotient_scales(e->node->scale);
    const int64_t of[4] = {value_of(e, 0)->integer, value_of(e, 1)->integer,
                           value_of(e, 2)->integer, value_of(e, 3)->integer};
    int order;
    return answer(e, scalar_quotient_order(&scales, of, &order) && holds(order));
}

static scalar_outcome constant_quotient_equal(evaluation *e)
{
    return compare_quotients(e, scalar_order_is_equal);
}

static scalar_outcome constant_quotient_less(evaluation *e)
{
    return compare_quotients(e, scalar_order_is_less);
}

static scalar_outcome constant_quotient_less_or_equal(evaluation *e)
{
    return compare_quotients(e, scalar_order_is_less_or_equal);
}

/* ---- texts -------------------------------------------------------------- */

static scalar_outcome constant_text_equal(evaluation *e)
{
    return answer(e, slice_equals(value_of(e, 0)->text, value_of(e, 1)->text));
}

/* The constant texts that follow the one that is asked about. */
static scalar_outcome ask(evaluation *e, text_question question, const dictionary *list,
                          const pattern *p)
{
    size_t count = e->node->operand_count - 1;
    slice *texts = memory_alloc_array(count + 1, sizeof *texts);
    pattern_scratch *scratch = NULL;
    for (size_t i = 0; i < count; i++)
        texts[i] = value_of(e, i + 1)->text;
    text_test test = {question, texts, count, list, p};
    text_answer said = text_test_ask(&test, value_of(e, 0)->text, &scratch);
    pattern_scratch_free(scratch);
    memory_free(texts);
    e->value.integer = said == TEXT_PASSES;
    return said == TEXT_GAVE_UP ? SCALAR_LOST : SCALAR_VALUE;
}

static scalar_outcome constant_text_in(evaluation *e)
{
    return ask(e, TEXT_IS_ONE_OF, NULL, NULL);
}

static scalar_outcome constant_text_in_list(evaluation *e)
{
    return ask(e, TEXT_IS_IN_LIST, e->graph->lists[e->node->list], NULL);
}

static scalar_outcome constant_text_contains(evaluation *e)
{
    return ask(e, TEXT_CONTAINS, NULL, NULL);
}

static scalar_outcome constant_text_starts(evaluation *e)
{
    return ask(e, TEXT_STARTS_WITH, NULL, NULL);
}

static scalar_outcome constant_text_ends(evaluation *e)
{
    return ask(e, TEXT_ENDS_WITH, NULL, NULL);
}

static scalar_outcome constant_text_matches(evaluation *e)
{
    char reason[256];
    size_t offset;
    pattern *p = pattern_new(value_of(e, 1)->text, reason, sizeof reason, &offset);
    if (!p)
        return SCALAR_LOST; /* reported where it is written */
    scalar_outcome outcome = ask(e, TEXT_MATCHES, NULL, p);
    pattern_free(p);
    return outcome;
}

/* ---- conditions --------------------------------------------------------- */

static scalar_outcome constant_is_present(evaluation *e)
{
    return answer(e, true);
}

static scalar_outcome constant_holds(evaluation *e)
{
    return answer(e, value_of(e, 0)->integer);
}

static scalar_outcome constant_not(evaluation *e)
{
    return answer(e, !value_of(e, 0)->integer);
}

static scalar_outcome constant_and(evaluation *e)
{
    bool holds = true;
    for (size_t i = 0; i < e->node->operand_count; i++)
        holds &= value_of(e, i)->integer != 0;
    return answer(e, holds);
}

static scalar_outcome constant_or(evaluation *e)
{
    bool holds = false;
    for (size_t i = 0; i < e->node->operand_count; i++)
        holds |= value_of(e, i)->integer != 0;
    return answer(e, holds);
}

/* ---- all kinds ---------------------------------------------------------- */

/* By the shape of a kind. */
#define CONSTANT_ELEMENT(name)   constant_##name
#define CONSTANT_LEAF(name)      NULL
#define CONSTANT_LOCAL(name)     NULL
#define CONSTANT_NEIGHBOUR(name) NULL
#define CONSTANT_BETWEEN(name)   NULL
#define CONSTANT_SEARCH(name)    NULL
#define CONSTANT_WINDOW(name)    NULL
#define CONSTANT_FOLD(name)      NULL
#define CONSTANT_UNITED(name)    NULL
#define CONSTANT_RANKING(name)   NULL
#define CONSTANT_JUDGEMENT(name) NULL
#define CONSTANT_CALL(name)      NULL

static constant_function *const functions[] = {
#define X(NAME, name, least, most, SHAPE, PAYLOAD, MISSING, motion, simplify, doc)       \
    CONSTANT_##SHAPE(name),
#include "graph/nodes.def"
#undef X
};

static bool are_known(const node *n)
{
    for (size_t i = 0; i < n->operand_count; i++)
        if (!node_is_known(n->operands[i]))
            return false;
    return true;
}

const node *constant_of(graph *g, const node *wanted)
{
    constant_function *function = functions[wanted->kind];
    if (!function || !are_known(wanted))
        return NULL;
    evaluation e = {g, wanted, {0}};
    switch (function(&e)) {
    case SCALAR_VALUE: break;
    case SCALAR_NONE: return make_missing(g, wanted->type);
    case SCALAR_LOST: return NULL;
    }
    return graph_node(
        g, &(node){.kind = NODE_CONSTANT, .type = wanted->type, .constant = e.value});
}
