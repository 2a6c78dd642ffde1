/* SPDX-License-Identifier: MIT
 *
 * Constants are worked out, equal forms are brought to one, and what cannot matter
 * goes away. Every rewrite keeps the meaning for missing values too.
 */
#include "graph/simplify.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "graph/counts.h"
#include "graph/make.h"
#include "graph/members.h"
#include "graph/scalar.h"

static const type BOOLEAN = {TYPE_BOOL, 0};

static bool is_missing(const node *n)
{
    return node_is_constant(n) && n->constant.is_missing;
}

static bool is_known(const node *n)
{
    return node_is_constant(n) && !n->constant.is_missing;
}

static bool is_integral(const node *n)
{
    return n->type.kind != TYPE_NUMBER && !type_is_text(n->type);
}

static bool is_integer(const node *n, int64_t value)
{
    return is_known(n) && is_integral(n) && n->constant.integer == value;
}

/* Can the value be missing for anybody? Conditions and counts cannot. */
static bool may_be_missing(const node *n)
{
    switch (n->kind) {
    case NODE_ADD: return !node_is_count(n);
    case NODE_UNITED:
        return n->united.kind != NODE_DISTINCT && n->united.kind != NODE_UNITS &&
               n->united.kind != NODE_UNITS_IN_A_ROW;
    case NODE_CONSTANT: return n->constant.is_missing;
    case NODE_IF: return may_be_missing(n->operands[1]) || may_be_missing(n->operands[2]);
    case NODE_SPREAD:
    case NODE_TAKE:
    case NODE_RESCALE: /* its overflow is */
    case NODE_NEGATE: return n->kind == NODE_RESCALE || may_be_missing(n->operands[0]);
    case NODE_NOW:
    case NODE_PERSON_ID:
    case NODE_ROW_TIME:
    case NODE_ROW_NUMBER:
    case NODE_COUNT:
    case NODE_DISTINCT:
    case NODE_UNITS:
    case NODE_UNITS_IN_A_ROW:
    case NODE_LONGEST_ROW:
    case NODE_SPLIT_POINT:
    case NODE_SESSION_DURATION:
    case NODE_SESSION_EVENTS: return false;
    default:
        return n->type.kind != TYPE_BOOL || n->kind == NODE_COLUMN ||
               n->kind == NODE_MERGE || n->kind == NODE_MOST_COMMON ||
               n->kind == NODE_FIRST || n->kind == NODE_LAST || n->kind == NODE_SCRIPT;
    }
}

/* ---- and, or, not ------------------------------------------------------- */

static int compare_nodes(const void *a, const void *b)
{
    const node *x = *(const node *const *)a, *y = *(const node *const *)b;
    return (x->id > y->id) - (x->id < y->id);
}

typedef struct node_list {
    const node **items;
    size_t count, capacity;
} node_list;

static void list_add(node_list *list, const node *n)
{
    memory_grow((void **)&list->items, list->count, &list->capacity, sizeof *list->items);
    list->items[list->count++] = n;
}

/* Collect the operands, and those of nested nodes of the same kind while the list stays
 * short: in a row of rules, each with one condition more, all would have all of them. */
static void flatten(node_list *list, const node *wanted)
{
    enum { SHORT = 64 };
    size_t count = wanted->operand_count;
    for (size_t i = 0; i < wanted->operand_count; i++) {
        const node *n = wanted->operands[i];
        bool is_nested = n->kind == wanted->kind && count + n->operand_count <= SHORT;
        for (size_t k = 0; is_nested && k < n->operand_count; k++)
            list_add(list, n->operands[k]);
        if (is_nested)
            count += n->operand_count - 1;
        else
            list_add(list, n);
    }
}

static void sort_distinct(node_list *list)
{
    qsort(list->items, list->count, sizeof *list->items, compare_nodes);
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++)
        if (kept == 0 || list->items[kept - 1] != list->items[i])
            list->items[kept++] = list->items[i];
    list->count = kept;
}

static bool list_has(const node_list *list, const node *n)
{
    return bsearch(&n, list->items, list->count, sizeof *list->items, compare_nodes);
}

static bool has_complement(const node_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i]->kind == NODE_NOT &&
            list_has(list, list->items[i]->operands[0]))
            return true;
    return false;
}

/* Is one of the list denied somewhere inside a long nested `and`? A group is denied by
 * all that follow it. */
static bool is_denied_inside(const node_list *list, const node *inside)
{
    enum { MOST_STEPS = 16 }; /* of up to 64 each, see flatten */
    for (size_t step = 0; inside && step < MOST_STEPS; step++) {
        const node *deeper = NULL;
        for (size_t i = 0; i < inside->operand_count; i++) {
            const node *n = inside->operands[i];
            if (n->kind == NODE_AND)
                deeper = n;
            else if (n->kind == NODE_NOT && list_has(list, n->operands[0]))
                return true;
        }
        inside = deeper;
    }
    return false;
}

static bool has_denied_inside(const node_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i]->kind == NODE_AND && is_denied_inside(list, list->items[i]))
            return true;
    return false;
}

/* One sorted, flat list; `absorbing` (false of `and`, true of `or`) decides at once. */
static const node *simplify_many(graph *g, node *wanted)
{
    bool absorbing = wanted->kind == NODE_OR;
    node_list list = {0};
    const node *result = NULL;
    flatten(&list, wanted);
    sort_distinct(&list);
    size_t kept = 0;
    for (size_t i = 0; i < list.count; i++) {
        const node *n = list.items[i];
        if (is_known(n) && (n->constant.integer != 0) == absorbing)
            result = n;
        else if (!is_known(n))
            list.items[kept++] = n;
    }
    list.count = kept;
    bool is_decided =
        has_complement(&list) || (wanted->kind == NODE_AND && has_denied_inside(&list));
    if (!result && is_decided)
        result = make_bool(g, absorbing);
    if (!result && list.count == 0)
        result = make_bool(g, !absorbing);
    if (!result && list.count == 1)
        result = list.items[0];
    bool is_new =
        list.count != wanted->operand_count ||
        memcmp(list.items, wanted->operands, list.count * sizeof *list.items) != 0;
    if (!result && is_new)
        result = make_many(g, wanted->kind, BOOLEAN, list.items, list.count);
    memory_free(list.items);
    return result;
}

static const node *simplify_not(graph *g, const node *a)
{
    if (is_known(a))
        return make_bool(g, !a->constant.integer);
    bool is_order = a->kind == NODE_LESS || a->kind == NODE_LESS_OR_EQUAL;
    if (is_order && !may_be_missing(a->operands[0]) && !may_be_missing(a->operands[1]))
        return make_binary(g, a->kind == NODE_LESS ? NODE_LESS_OR_EQUAL : NODE_LESS,
                           BOOLEAN, a->operands[1], a->operands[0]);
    return a->kind == NODE_NOT ? a->operands[0] : NULL;
}

/* ---- comparisons -------------------------------------------------------- */

/* Put the operands of a node whose order does not matter into one order. */
static void order_operands(node *wanted)
{
    if (wanted->operands[0]->id > wanted->operands[1]->id) {
        const node *first = wanted->operands[0];
        wanted->operands[0] = wanted->operands[1];
        wanted->operands[1] = first;
    }
}

static bool compare_known(node_kind kind, const node *a, const node *b)
{
    int order;
    if (a->type.kind == TYPE_NUMBER)
        order = (a->constant.number > b->constant.number) -
                (a->constant.number < b->constant.number);
    else
        order = (a->constant.integer > b->constant.integer) -
                (a->constant.integer < b->constant.integer);
    if (kind == NODE_EQUAL)
        return order == 0;
    return kind == NODE_LESS ? order < 0 : order <= 0;
}

static const node *any_of_count(graph *g, const node *count)
{
    if (count->kind == NODE_ADD)
        return make_or(g, any_of_count(g, count->operands[0]),
                       any_of_count(g, count->operands[1]));
    node wanted = *count;
    wanted.kind = NODE_ANY;
    wanted.type = BOOLEAN;
    return graph_node(g, &wanted);
}

/* "at least one" and "none" are asked without counting. */
static const node *compare_count(graph *g, const node *wanted)
{
    const node *a = wanted->operands[0], *b = wanted->operands[1];
    if (node_is_count(b) && is_known(a)) {
        bool or_equal = wanted->kind == NODE_LESS_OR_EQUAL;
        if (wanted->kind != NODE_EQUAL && a->constant.integer < (or_equal ? 1 : 0))
            return make_bool(g, true);
        if (wanted->kind != NODE_EQUAL && a->constant.integer == (or_equal ? 1 : 0))
            return any_of_count(g, b);
    } else if (node_is_count(a) && is_known(b)) {
        bool or_equal = wanted->kind == NODE_LESS_OR_EQUAL;
        if (wanted->kind != NODE_EQUAL && b->constant.integer < (or_equal ? 0 : 1))
            return make_bool(g, false);
        if (wanted->kind != NODE_EQUAL && b->constant.integer == (or_equal ? 0 : 1))
            return make_not(g, any_of_count(g, a));
    }
    const node *count = node_is_count(a) ? a : b, *other = node_is_count(a) ? b : a;
    if (wanted->kind == NODE_EQUAL && node_is_count(count) && is_known(other)) {
        if (other->constant.integer < 0)
            return make_bool(g, false);
        if (other->constant.integer == 0)
            return make_not(g, any_of_count(g, count));
    }
    return NULL;
}

static const node *simplify_compare(graph *g, node *wanted)
{
    if (wanted->kind == NODE_EQUAL)
        order_operands(wanted);
    const node *a = wanted->operands[0], *b = wanted->operands[1];
    if (is_missing(a) || is_missing(b))
        return make_bool(g, false);
    if (is_known(a) && is_known(b))
        return make_bool(g, compare_known(wanted->kind, a, b));
    if (a == b)
        return wanted->kind == NODE_LESS ? make_bool(g, false)
                                         : make_unary(g, NODE_IS_PRESENT, BOOLEAN, a);
    return compare_count(g, wanted);
}

static const node *simplify_quotient(graph *g, const node *wanted)
{
    const node *const *o = wanted->operands;
    for (size_t i = 0; i < 4; i++)
        if (is_missing(o[i]))
            return make_bool(g, false);
    if (is_integer(o[1], 0) || is_integer(o[3], 0))
        return make_bool(g, false);
    if (!is_integer(o[1], 1) || !is_integer(o[3], 1) || wanted->scale != 0)
        return NULL;
    static const node_kind plain[] = {NODE_EQUAL, NODE_LESS, NODE_LESS_OR_EQUAL};
    return make_binary(g, plain[wanted->kind - NODE_QUOTIENT_EQUAL], BOOLEAN, o[0], o[2]);
}

/* ---- texts -------------------------------------------------------------- */

static bool text_test(node_kind kind, slice a, slice b)
{
    switch (kind) {
    case NODE_TEXT_CONTAINS: return slice_contains(a, b);
    case NODE_TEXT_STARTS: return slice_starts_with(a, b);
    case NODE_TEXT_ENDS: return slice_ends_with(a, b);
    default: return slice_equals(a, b);
    }
}

/* Constants behind the text of TEXT_IN: in the order of their ids, each once. */
static const node *simplify_text_in(graph *g, node *wanted)
{
    node_list list = {0};
    for (size_t i = 1; i < wanted->operand_count; i++)
        list_add(&list, wanted->operands[i]);
    sort_distinct(&list);
    const node *subject = wanted->operands[0], *result = NULL;
    if (is_missing(subject))
        result = make_bool(g, false);
    if (is_known(subject)) {
        bool found = false;
        for (size_t i = 0; i < list.count; i++)
            found |= slice_equals(subject->constant.text, list.items[i]->constant.text);
        result = make_bool(g, found);
    }
    memcpy(wanted->operands + 1, list.items, list.count * sizeof *list.items);
    wanted->operand_count = list.count + 1;
    memory_free(list.items);
    return result;
}

static const node *simplify_text_test(graph *g, node *wanted)
{
    if (wanted->kind == NODE_TEXT_EQUAL)
        order_operands(wanted);
    const node *a = wanted->operands[0], *b = wanted->operands[1];
    if (is_missing(a) || is_missing(b))
        return make_bool(g, false);
    if (is_known(a) && is_known(b) && wanted->kind != NODE_TEXT_MATCHES)
        return make_bool(g, text_test(wanted->kind, a->constant.text, b->constant.text));
    if (wanted->kind != NODE_TEXT_EQUAL)
        return NULL;
    if (a == b)
        return make_unary(g, NODE_IS_PRESENT, BOOLEAN, a);
    if (is_known(a) || is_known(b))
        return make_binary(g, NODE_TEXT_IN, BOOLEAN, is_known(a) ? b : a,
                           is_known(a) ? a : b);
    return NULL;
}

/* ---- arithmetic --------------------------------------------------------- */

static bool calculate(node_kind kind, int64_t a, int64_t b, int64_t *out)
{
    switch (kind) {
    case NODE_ADD: return !__builtin_add_overflow(a, b, out);
    case NODE_SUBTRACT: return !__builtin_sub_overflow(a, b, out);
    case NODE_MULTIPLY: return !__builtin_mul_overflow(a, b, out);
    case NODE_SMALLER: *out = a < b ? a : b; return true;
    case NODE_LARGER: *out = a > b ? a : b; return true;
    default: return false;
    }
}

static double calculate_number(node_kind kind, double a, double b)
{
    switch (kind) {
    case NODE_ADD: return a + b;
    case NODE_SUBTRACT: return a - b;
    case NODE_MULTIPLY: return a * b;
    case NODE_SMALLER: return a < b ? a : b;
    default: return a > b ? a : b;
    }
}

static scalar_wide *combine_of(node_kind kind)
{
    if (kind == NODE_ADD)
        return scalar_add_wide;
    if (kind == NODE_SUBTRACT)
        return scalar_subtract_wide;
    return kind == NODE_SMALLER ? scalar_smaller_wide : scalar_larger_wide;
}

/* Two constants that have not the scale of the result. */
static const node *simplify_scales(graph *g, const node *wanted)
{
    const node *a = wanted->operands[0], *b = wanted->operands[1];
    int64_t value;
    if (!is_known(a) || !is_known(b))
        return NULL;
    int128 x = (int128)a->constant.integer * node_power_to_scale(wanted, 0),
           y = (int128)b->constant.integer * node_power_to_scale(wanted, 1);
    return combine_of(wanted->kind)(x, y, &value) == SCALAR_VALUE
               ? make_integer(g, wanted->type, value)
               : NULL;
}

static const node *simplify_arithmetic(graph *g, node *wanted)
{
    if (wanted->kind != NODE_SUBTRACT)
        order_operands(wanted);
    const node *a = wanted->operands[0], *b = wanted->operands[1];
    if (is_missing(a) || is_missing(b))
        return make_missing(g, wanted->type);
    if (node_joins_scales(wanted))
        return simplify_scales(g, wanted);
    if (is_known(a) && is_known(b)) {
        int64_t value;
        if (wanted->type.kind == TYPE_NUMBER) {
            double number =
                calculate_number(wanted->kind, a->constant.number, b->constant.number);
            return isfinite(number) ? make_number(g, number) : NULL;
        }
        return calculate(wanted->kind, a->constant.integer, b->constant.integer, &value)
                   ? make_integer(g, wanted->type, value)
                   : NULL;
    }
    bool is_sum = wanted->kind == NODE_ADD || wanted->kind == NODE_SUBTRACT;
    if (is_sum && is_integer(b, 0) && type_equals(a->type, wanted->type))
        return a;
    if (wanted->kind == NODE_ADD && is_integer(a, 0) &&
        type_equals(b->type, wanted->type))
        return b;
    if (wanted->kind == NODE_MULTIPLY && is_integer(b, 1) &&
        type_equals(a->type, wanted->type))
        return a;
    if (wanted->kind == NODE_MULTIPLY && is_integer(a, 1) &&
        type_equals(b->type, wanted->type))
        return b;
    return NULL;
}

static const node *simplify_divide(graph *g, const node *wanted)
{
    const node *a = wanted->operands[0], *b = wanted->operands[1];
    bool by_zero =
        is_known(b) && (b->type.kind == TYPE_NUMBER ? b->constant.number == 0
                                                    : b->constant.integer == 0);
    if (is_missing(a) || is_missing(b) || by_zero)
        return make_missing(g, wanted->type);
    return NULL;
}

static double number_of(const node *n)
{
    if (n->type.kind == TYPE_NUMBER)
        return n->constant.number;
    int64_t power = n->type.kind == TYPE_DECIMAL ? number_power_of_ten(n->type.scale) : 1;
    return number_quotient(n->constant.integer, power);
}

static const node *simplify_unary(graph *g, const node *wanted)
{
    const node *a = wanted->operands[0];
    int64_t value;
    if (is_missing(a))
        return make_missing(g, wanted->type);
    if (!is_known(a))
        return NULL;
    switch (wanted->kind) {
    case NODE_NEGATE:
        if (a->type.kind == TYPE_NUMBER)
            return make_number(g, -a->constant.number);
        return a->constant.integer == INT64_MIN
                   ? NULL
                   : make_integer(g, a->type, -a->constant.integer);
    case NODE_RESCALE:
        return number_scale_up(a->constant.integer, wanted->digits, &value)
                   ? make_integer(g, wanted->type, value)
                   : NULL;
    case NODE_TO_NUMBER: return make_number(g, number_of(a));
    default: return NULL;
    }
}

/* ---- times -------------------------------------------------------------- */

/* A time moved twice the same way by exact lengths is moved once: what lies between the
 * ends is a time when they are. */
static const node *simplify_move(graph *g, const node *wanted)
{
    const node *inner = wanted->operands[0];
    if (inner->kind != NODE_MOVE_TIME)
        return NULL;
    calendar_span first = inner->move, second = wanted->move;
    int64_t count;
    bool are_exact = first.unit == UNIT_SECOND && second.unit == UNIT_SECOND;
    if (!are_exact || (first.count < 0) != (second.count < 0) ||
        __builtin_add_overflow(first.count, second.count, &count))
        return NULL;
    return make_move(g, inner->operands[0], (calendar_span){count, UNIT_SECOND});
}

/* ---- the rest ----------------------------------------------------------- */

static const node *simplify_if(const node *wanted)
{
    const node *condition = wanted->operands[0];
    if (is_known(condition))
        return wanted->operands[condition->constant.integer ? 1 : 2];
    return wanted->operands[1] == wanted->operands[2] ? wanted->operands[1] : NULL;
}

static const node *simplify_presence(graph *g, const node *wanted)
{
    const node *a = wanted->operands[0];
    if (is_missing(a))
        return make_bool(g, false);
    if (may_be_missing(a))
        return NULL;
    return wanted->kind == NODE_HOLDS ? a : make_bool(g, true);
}

/* A mask that is never true leaves nothing to look at. */
static const node *simplify_fold(graph *g, const node *wanted)
{
    if (!(wanted->fold.has_mask) || !node_is_false(wanted->operands[1]))
        return fold_by_members(g, wanted);
    switch (wanted->kind) {
    case NODE_ANY: return make_bool(g, false);
    case NODE_SUM:
        if (wanted->type.kind == TYPE_NUMBER)
            return make_number(g, 0);
        return make_integer(g, wanted->type, 0);
    case NODE_COUNT:
    case NODE_DISTINCT:
    case NODE_UNITS:
    case NODE_UNITS_IN_A_ROW:
    case NODE_LONGEST_ROW: return make_integer(g, wanted->type, 0);
    default: return make_missing(g, wanted->type);
    }
}

const node *simplify(graph *g, node *wanted)
{
    switch (wanted->kind) {
    case NODE_AND:
    case NODE_OR: return simplify_many(g, wanted);
    case NODE_NOT: return simplify_not(g, wanted->operands[0]);
    case NODE_EQUAL:
    case NODE_LESS:
    case NODE_LESS_OR_EQUAL: return simplify_compare(g, wanted);
    case NODE_QUOTIENT_EQUAL:
    case NODE_QUOTIENT_LESS:
    case NODE_QUOTIENT_LESS_OR_EQUAL: return simplify_quotient(g, wanted);
    case NODE_TEXT_IN: return simplify_text_in(g, wanted);
    case NODE_TEXT_EQUAL:
    case NODE_TEXT_MATCHES:
    case NODE_TEXT_CONTAINS:
    case NODE_TEXT_STARTS:
    case NODE_TEXT_ENDS: return simplify_text_test(g, wanted);
    case NODE_ADD:
    case NODE_SUBTRACT:
    case NODE_MULTIPLY:
    case NODE_SMALLER:
    case NODE_LARGER: return simplify_arithmetic(g, wanted);
    case NODE_DIVIDE:
    case NODE_DIVIDE_DURATION: return simplify_divide(g, wanted);
    case NODE_NEGATE:
    case NODE_RESCALE:
    case NODE_TO_NUMBER: return simplify_unary(g, wanted);
    case NODE_MOVE_TIME: return simplify_move(g, wanted);
    case NODE_IF: return simplify_if(wanted);
    case NODE_IS_PRESENT:
    case NODE_HOLDS: return simplify_presence(g, wanted);
    case NODE_BOTH_WINDOWS:
        order_operands(wanted);
        return wanted->operands[0] == wanted->operands[1] ? wanted->operands[0] : NULL;
    default: return node_is_fold(wanted->kind) ? simplify_fold(g, wanted) : NULL;
    }
}
