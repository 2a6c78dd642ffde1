/* SPDX-License-Identifier: MIT
 *
 * Expressions to nodes. Types were checked, so every case here is one that has a meaning.
 */
#include "graph/lowering.h"

#include <assert.h>
#include <string.h>

#include "base/number.h"

static const type BOOLEAN = {TYPE_BOOL, 0};
static const type WHOLE = {TYPE_DECIMAL, 0};
static const type NUMBER = {TYPE_NUMBER, 0};
static const type DURATION = {TYPE_DURATION, 0};
static const type TIME = {TYPE_TIME, 0};

value value_of(const node *n)
{
    return (value){.node = n};
}

/* One number out of a quotient: the nearest double; of a duration, the nearest
 * microsecond. */
const node *value_single(lowering *b, value v)
{
    if (v.days)
        return lower_exact_days(b, v);
    if (!v.denominator)
        return v.node;
    const node *operands[] = {v.node, v.denominator};
    bool is_duration =
        v.node->type.kind == TYPE_DURATION && v.denominator->type.kind == TYPE_DECIMAL;
    int64_t above = v.node->type.scale, below = v.denominator->type.scale;
    uint32_t meeting = make_meeting(b->graph, operands[0]->domain, operands[1]->domain);
    for (size_t i = 0; i < 2; i++)
        operands[i] = make_spread(b->graph, operands[i], meeting);
    return graph_node(b->graph,
                      &(node){.kind = is_duration ? NODE_DIVIDE_DURATION : NODE_DIVIDE,
                              .type = is_duration ? DURATION : NUMBER,
                              .domain = meeting,
                              .scale = is_duration ? below : above - below,
                              .operands = operands,
                              .operand_count = 2});
}

const node *lower_single(lowering *b, const ast_expr *expr, context c)
{
    return value_single(b, lower_value(b, expr, c));
}

const node *lower_condition(lowering *b, const ast_expr *expr, context c)
{
    size_t first_part = b->conditions ? b->conditions->count : 0;
    const node *holds = make_holds(b->graph, lower_single(b, expr, c));
    if (b->conditions)
        lowered_add(b->conditions, (lowered){expr, holds, first_part});
    return holds;
}

/* ---- literals ----------------------------------------------------------- */

static int64_t exact_microseconds(ast_duration d)
{
    int64_t exact = 0;
    calendar_span_microseconds((calendar_span){d.count.value, d.unit}, &exact);
    return exact / number_power_of_ten(d.count.scale);
}

static value lower_duration(lowering *b, const ast_duration *d, context c)
{
    if (d->unit >= UNIT_MONTH)
        return (value){.is_calendar = true, .calendar = {d->count.value, d->unit}};
    if (c.by_calendar && lower_are_days(d))
        return lower_days(b, d);
    return value_of(make_integer(b->graph, DURATION, exact_microseconds(*d)));
}

static const node *lower_ago(lowering *b, const ast_duration *d, context c)
{
    if (c.by_calendar && lower_are_days(d))
        return lower_moved(b, c.now, lower_days(b, d), -1);
    if (d->unit >= UNIT_MONTH || d->count.scale == 0)
        return make_move(b->graph, c.now, (calendar_span){-d->count.value, d->unit});
    const node *by = make_integer(b->graph, DURATION, exact_microseconds(*d));
    return make_binary(b->graph, NODE_SUBTRACT, TIME, c.now, by);
}

static const node *lower_time_literal(lowering *b, const ast_expr *expr)
{
    int64_t instant =
        expr->time_has_zone ? expr->time : zone_instant(b->book->zone, expr->time);
    return make_integer(b->graph, TIME, instant);
}

/* ---- names -------------------------------------------------------------- */

const node *lower_part(lowering *b, const node *moment, time_part part)
{
    static const date_part date_parts[] = {[PART_WEEKDAY] = DATE_PART_WEEKDAY,
                                           [PART_DAY_OF_MONTH] = DATE_PART_DAY,
                                           [PART_MONTH_OF_YEAR] = DATE_PART_MONTH,
                                           [PART_YEAR] = DATE_PART_YEAR};
    if (part == PART_NONE)
        return moment;
    if (part == PART_HOUR)
        return make_unary(b->graph, NODE_LOCAL_HOUR, WHOLE, moment);
    const node *date = moment;
    if (moment->type.kind == TYPE_TIME)
        date = make_unary(b->graph, NODE_LOCAL_DATE, (type){TYPE_DATE, 0}, moment);
    if (part == PART_DATE)
        return date;
    bool is_text = part == PART_WEEKDAY;
    node wanted = {.kind = NODE_DATE_PART,
                   .type = is_text ? (type){TYPE_STRING, 0} : WHOLE,
                   .domain = date->domain,
                   .date_part = date_parts[part],
                   .operands = &date,
                   .operand_count = 1};
    if (is_text)
        wanted.origin.kind = ORIGIN_WEEKDAYS;
    return graph_node(b->graph, &wanted);
}

const node *lower_trait(lowering *b, size_t trait, const node *now)
{
    row_set rows = {.domain = graph_trait_domain(b->graph, trait), .kind = SCHEMA_NONE};
    type t = b->book->schema->traits[trait].type;
    const node *column = make_column(b->graph, rows.domain, t, 0);
    const node *window = lower_history(b, rows.domain, now);
    return make_fold(b->graph, NODE_LAST, t, window, NULL, column);
}

/* The rows that a name belongs to: the items that are judged, or the events that hold
 * them. */
static const row_set *judged_rows(const meaning *m, context c)
{
    return m->is_of_outer ? c.rows->parent : c.rows;
}

static value lower_path(lowering *b, const ast_expr *expr, context c)
{
    const meaning *m = expr->meaning;
    value v = {0};
    switch (m->kind) {
    case MEANING_DECL:
        v = c.by_calendar && m->part == PART_NONE
                ? lower_decl_by_calendar(b, m->decl, c.now)
                : lower_decl_value(b, m->decl, c.now);
        break;
    case MEANING_PROPERTY: v.node = row_named_property(b, judged_rows(m, c), m); break;
    case MEANING_PSEUDO: v.node = row_pseudo(b, judged_rows(m, c), m->pseudo); break;
    case MEANING_TRAIT: v.node = lower_trait(b, m->trait, c.now); break;
    default: assert(!"a name without a meaning"); break;
    }
    return m->part == PART_NONE ? v
                                : value_of(lower_part(b, value_single(b, v), m->part));
}

/* Now, what is written down, and what is worked out from them and always there. */
static bool is_certain(const node *instant)
{
    return !instant->may_be_missing;
}

/* `value`, or missing when there is no such instant, so that nothing was judged at it. */
static const node *if_judged(lowering *b, const node *instant, const node *value)
{
    if (!value || is_certain(instant))
        return value;
    return make_if(b->graph, make_unary(b->graph, NODE_IS_PRESENT, BOOLEAN, instant),
                   value, make_missing(b->graph, value->type));
}

static value lower_as_of(lowering *b, const ast_expr *expr, context c)
{
    const node *then =
        lower_instant(b, expr->right, (context){.now = c.now, .rows = c.rows});
    const node *horizon = lower_enter(b, then, c.now);
    value v =
        lower_value(b, expr->left, (context){.now = then, .by_calendar = c.by_calendar});
    b->horizon = horizon;
    v.anchor = NULL; /* `time since` of another day is a plain duration today */
    v.node = if_judged(b, then, v.node);
    return v;
}

/* The smaller (larger) of two versions, as its text came; missing when one is. */
static const node *lower_version(lowering *b, const node *x, const node *y,
                                 bool wants_larger)
{
    graph *g = b->graph;
    const node *is_in_order =
        make_binary(g, NODE_LESS_OR_EQUAL, BOOLEAN, make_version_place(g, x),
                    make_version_place(g, y));
    const node *chosen =
        wants_larger ? make_if(g, is_in_order, y, x) : make_if(g, is_in_order, x, y);
    const node *are_known = make_and(g, make_unary(g, NODE_IS_PRESENT, BOOLEAN, x),
                                     make_unary(g, NODE_IS_PRESENT, BOOLEAN, y));
    return make_if(g, are_known, chosen, make_missing(g, x->type));
}

static value lower_call(lowering *b, const ast_expr *expr, context c)
{
    size_t count = expr->list.count;
    const node **operands = arena_alloc_array(b->memory, count + 1, sizeof *operands);
    uint32_t meeting = RUN;
    for (size_t i = 0; i < count; i++) {
        operands[i] = lower_single(b, expr->list.items[i], c);
        meeting = make_meeting(b->graph, meeting, operands[i]->domain);
    }
    if (expr->meaning->kind == MEANING_BUILTIN) {
        static const node_kind kinds[] = {
#define X(name, spelling, count, doc, example) NODE_##name,
#include "lang/builtins.def"
#undef X
        };
        type t = expr->meaning->type;
        if (t.kind == TYPE_VERSION)
            return value_of(lower_version(b, operands[0], operands[1],
                                          kinds[expr->meaning->function] == NODE_LARGER));
        for (size_t i = 0; i < count; i++)
            if (t.kind == TYPE_NUMBER)
                operands[i] = make_to_number(b->graph, operands[i]);
        return value_of(
            make_many(b->graph, kinds[expr->meaning->function], t, operands, count));
    }
    if (meeting == RUN)
        meeting =
            PEOPLE; /* judged for each person, so that every worker calls its own state */
    for (size_t i = 0; i < count; i++)
        operands[i] = make_spread(b->graph, operands[i], meeting);
    return value_of(graph_node(
        b->graph, &(node){.kind = NODE_SCRIPT,
                          .type = expr->meaning->type,
                          .domain = meeting,
                          .script = {expr->meaning->function, expr->meaning->takes_any},
                          .operands = operands,
                          .operand_count = count}));
}

/* ---- arithmetic --------------------------------------------------------- */

/* Two operands of one type: exact numbers, or doubles. */
static const node *join_operands(lowering *b, node_kind kind, type t, const node *x,
                                 const node *y)
{
    if (t.kind == TYPE_NUMBER) {
        x = make_to_number(b->graph, x);
        y = make_to_number(b->graph, y);
    }
    return make_binary(b->graph, kind, t, x, y);
}

static value lower_move(lowering *b, const ast_expr *expr, context c)
{
    bool moment_is_left = expr->left->meaning->type.kind != TYPE_DURATION;
    const node *moment = lower_single(b, moment_is_left ? expr->left : expr->right, c);
    const ast_expr *by = moment_is_left ? expr->right : expr->left;
    int64_t sign = expr->kind == EXPR_SUBTRACT ? -1 : 1;
    if (c.by_calendar && moment->type.kind == TYPE_TIME &&
        by->meaning->duration != DURATION_CALENDAR)
        return value_of(lower_moved(b, moment, lower_value(b, by, c), sign));
    if (by->kind == EXPR_DURATION && by->duration.count.scale == 0)
        return value_of(make_move(
            b->graph, moment,
            (calendar_span){sign * by->duration.count.value, by->duration.unit}));
    const node *length = lower_single(b, by, c);
    return value_of(make_binary(b->graph, sign < 0 ? NODE_SUBTRACT : NODE_ADD,
                                moment->type, moment, length));
}

const node *lower_difference(lowering *b, type t, const node *x, const node *y)
{
    if (x->type.kind != TYPE_DATE)
        return join_operands(b, NODE_SUBTRACT, t, x, y);
    const node *days = make_binary(b->graph, NODE_SUBTRACT, WHOLE, x, y);
    const node *day = make_integer(b->graph, DURATION, MICROSECONDS_PER_DAY);
    return make_binary(b->graph, NODE_MULTIPLY, DURATION, days, day);
}

static value lower_sum(lowering *b, const ast_expr *expr, context c)
{
    bool left_is_moment = type_is_moment(expr->left->meaning->type);
    if (left_is_moment != type_is_moment(expr->right->meaning->type))
        return lower_move(b, expr, c);
    type t = expr->meaning->type;
    if (left_is_moment)
        c.by_calendar = false; /* the length between them is exact */
    value x = lower_value(b, expr->left, c), y = lower_value(b, expr->right, c);
    node_kind kind = expr->kind == EXPR_ADD ? NODE_ADD : NODE_SUBTRACT;
    if (x.days || y.days)
        return lower_days_joined(b, kind, x, y);
    const node *left = value_single(b, x), *right = value_single(b, y);
    return value_of(kind == NODE_ADD ? join_operands(b, kind, t, left, right)
                                     : lower_difference(b, t, left, right));
}

/* A duration times an exact number is a quotient: (microseconds * digits) / 10^scale. */
static value lower_scaled_duration(lowering *b, const node *duration, const node *factor)
{
    if (factor->type.kind == TYPE_NUMBER) {
        const node *product = make_binary(b->graph, NODE_MULTIPLY, NUMBER,
                                          make_to_number(b->graph, duration), factor);
        return value_of(make_unary(b->graph, NODE_TO_DURATION, DURATION, product));
    }
    value v = value_of(make_binary(b->graph, NODE_MULTIPLY, DURATION, duration, factor));
    if (factor->type.scale > 0)
        v.denominator =
            make_integer(b->graph, WHOLE, number_power_of_ten(factor->type.scale));
    return v;
}

static value lower_product(lowering *b, const ast_expr *expr, context c)
{
    value left = lower_value(b, expr->left, c), right = lower_value(b, expr->right, c);
    const node *x = value_single(b, left), *y = value_single(b, right);
    if (left.days && type_equals(y->type, WHOLE))
        return lower_days_times(b, left, y);
    if (right.days && type_equals(x->type, WHOLE))
        return lower_days_times(b, right, x);
    if (x->type.kind == TYPE_DURATION)
        return lower_scaled_duration(b, x, y);
    if (y->type.kind == TYPE_DURATION)
        return lower_scaled_duration(b, y, x);
    return value_of(join_operands(b, NODE_MULTIPLY, expr->meaning->type, x, y));
}

static value lower_quotient(lowering *b, const ast_expr *expr, context c)
{
    const node *x = lower_single(b, expr->left, c), *y = lower_single(b, expr->right, c);
    if (node_is_exact(x) && node_is_exact(y))
        return (value){.node = x, .denominator = y};
    if (x->type.kind == TYPE_DURATION) {
        const node *quotient =
            make_binary(b->graph, NODE_DIVIDE, NUMBER, make_to_number(b->graph, x),
                        make_to_number(b->graph, y));
        return value_of(make_unary(b->graph, NODE_TO_DURATION, DURATION, quotient));
    }
    return value_of(make_binary(b->graph, NODE_DIVIDE, NUMBER,
                                make_to_number(b->graph, x),
                                make_to_number(b->graph, y)));
}

/* ---- tests --------------------------------------------------------------- */

static const node *lower_text_test(lowering *b, const ast_expr *expr, context c)
{
    static const node_kind kinds[] = {NODE_TEXT_MATCHES, NODE_TEXT_CONTAINS,
                                      NODE_TEXT_STARTS, NODE_TEXT_ENDS};
    if (expr->meaning->kind == MEANING_LIST)
        return lower_list_test(b, expr, c);
    const node *x = lower_single(b, expr->left, c), *y = lower_single(b, expr->right, c);
    return make_binary(b->graph, kinds[expr->kind - EXPR_MATCHES], BOOLEAN, x, y);
}

/* Is `x` equal to one of the values? Constant texts are one table, the rest an `or`. */
static const node *lower_among_values(lowering *b, value x, const ast_list *list,
                                      context c)
{
    const node *any = make_bool(b->graph, false);
    const node **texts = arena_alloc_array(b->memory, list->count + 1, sizeof *texts);
    size_t text_count = 1;
    for (size_t i = 0; i < list->count; i++) {
        const ast_expr *item = list->items[i];
        value y = lower_value(b, item, c);
        if (item->kind == EXPR_STRING && x.node->type.kind != TYPE_VERSION)
            texts[text_count++] = y.node;
        else
            any = make_or(b->graph, any, lower_compare(b, COMPARE_EQ, x, y, c));
    }
    texts[0] = x.node;
    if (text_count > 1)
        any = make_or(b->graph, any,
                      make_many(b->graph, NODE_TEXT_IN, BOOLEAN, texts, text_count));
    return any;
}

static const node *lower_in_list(lowering *b, value x, const ast_decl *list, context c)
{
    if (!list->from.text)
        return lower_among_values(b, x, &list->values, c);
    size_t number = graph_list(b->graph, list->file_list);
    return graph_node(b->graph, &(node){.kind = NODE_TEXT_IN_LIST,
                                        .type = BOOLEAN,
                                        .domain = x.node->domain,
                                        .list = number,
                                        .operands = &x.node,
                                        .operand_count = 1});
}

static const node *lower_in_values(lowering *b, const ast_expr *expr, context c)
{
    if (expr->meaning->kind == MEANING_LIST)
        return lower_list_test(b, expr, c);
    value x = lower_value(b, expr->left, c);
    if (expr->kind == EXPR_IN_VALUES)
        return lower_among_values(b, x, &expr->list, c);
    if (expr->ref.decl->kind == DECL_LIST)
        return lower_in_list(b, x, expr->ref.decl, c);
    assert(c.now->domain == RUN); /* another person's membership, by the same instant */
    const node *member = lower_member(b, &expr->ref, c.now);
    return graph_node(b->graph, &(node){.kind = NODE_MEMBER_OF,
                                        .type = BOOLEAN,
                                        .domain = x.node->domain,
                                        .operands = (const node *[]){x.node, member},
                                        .operand_count = 2});
}

static const node *lower_membership(lowering *b, const ast_expr *expr, context c)
{
    const node *now = expr->right ? lower_instant(b, expr->right, c) : c.now;
    const ast_decl *decl = expr->ref.decl;
    const node *horizon = expr->right ? lower_enter(b, now, c.now) : b->horizon;
    const node *holds =
        decl->kind == DECL_LIST
            ? lower_in_list(b, value_of(make_person_id(b->graph)), decl, c)
            : lower_member(b, &expr->ref, now);
    b->horizon = horizon;
    if (!expr->right || is_certain(now))
        return holds;
    return make_and(b->graph, holds, make_unary(b->graph, NODE_IS_PRESENT, BOOLEAN, now));
}

/* ---- logic -------------------------------------------------------------- */

static const node *lower_logic(lowering *b, const ast_expr *expr, context c)
{
    const node **operands =
        arena_alloc_array(b->memory, expr->list.count, sizeof *operands);
    for (size_t i = 0; i < expr->list.count; i++)
        operands[i] = lower_condition(b, expr->list.items[i], c);
    return make_many(b->graph, expr->kind == EXPR_AND ? NODE_AND : NODE_OR, BOOLEAN,
                     operands, expr->list.count);
}

/* How many of the conditions hold. */
static const node *count_holding(lowering *b, const node *const *conditions, size_t count)
{
    const node *zero = make_integer(b->graph, WHOLE, 0),
               *one = make_integer(b->graph, WHOLE, 1), *total = zero;
    for (size_t i = 0; i < count; i++)
        total = make_binary(b->graph, NODE_ADD, WHOLE, total,
                            make_if(b->graph, conditions[i], one, zero));
    return total;
}

/* Do at least `least` of them hold? */
static const node *lower_at_least(lowering *b, const node *const *conditions,
                                  size_t count, int64_t least, context c)
{
    if (least <= 0 || least > (int64_t)count)
        return make_bool(b->graph, least <= 0);
    if (count == 1)
        return conditions[0];
    if (least == 1 || least == (int64_t)count)
        return make_many(b->graph, least == 1 ? NODE_OR : NODE_AND, BOOLEAN, conditions,
                         count);
    return lower_compare(b, COMPARE_GE, value_of(count_holding(b, conditions, count)),
                         value_of(make_integer(b->graph, WHOLE, least)), c);
}

const node *lower_so_many(lowering *b, const ast_times *times, const node *const *holds,
                          size_t count, context c)
{
    int64_t least, most;
    quantity_bounds(times, &least, &most);
    if (least == most && least > 0 && least < (int64_t)count)
        return lower_compare(b, COMPARE_EQ, value_of(count_holding(b, holds, count)),
                             value_of(make_integer(b->graph, WHOLE, least)), c);
    const node *enough = lower_at_least(b, holds, count, least, c);
    if (most >= (int64_t)count)
        return enough;
    const node *too_many = lower_at_least(b, holds, count, most + 1, c);
    return make_and(b->graph, enough, make_not(b->graph, too_many));
}

static const node *lower_some_of(lowering *b, const ast_expr *expr, context c)
{
    size_t count = expr->list.count;
    const node **holds = arena_alloc_array(b->memory, count, sizeof *holds);
    for (size_t i = 0; i < count; i++)
        holds[i] = lower_condition(b, expr->list.items[i], c);
    return lower_so_many(b, expr->times, holds, count, c);
}

static value lower_choice(lowering *b, const ast_expr *expr, context c)
{
    const node *condition =
        lower_condition(b, expr->condition, (context){.now = c.now, .rows = c.rows});
    value left = lower_value(b, expr->left, c), right = lower_value(b, expr->right, c);
    if (left.days || right.days)
        return lower_days_chosen(b, condition, left, right);
    const node *yes = value_single(b, left), *no = value_single(b, right);
    type t = expr->meaning->type;
    if (t.kind == TYPE_NUMBER) {
        yes = make_to_number(b->graph, yes);
        no = make_to_number(b->graph, no);
    } else if (t.kind == TYPE_DECIMAL) {
        yes = make_rescale(b->graph, yes, t.scale);
        no = make_rescale(b->graph, no, t.scale);
    }
    return value_of(make_if(b->graph, condition, yes, no));
}

static value lower_negative(lowering *b, const ast_expr *expr, context c)
{
    value v = lower_value(b, expr->left, c);
    if (v.days)
        return lower_days_negated(b, v);
    const node *x = value_single(b, v);
    return value_of(make_unary(b->graph, NODE_NEGATE, x->type, x));
}

/* ---- time ---------------------------------------------------------------- */

/* The time at which a trait last got another value than it had; that which it had since ever
 * is no change, and neither is the first that is known. */
static const node *lower_last_change(lowering *b, const ast_expr *expr, context c)
{
    size_t trait = expr->meaning->trait;
    row_set rows = {.domain = graph_trait_domain(b->graph, trait), .kind = SCHEMA_NONE};
    const node *column =
        make_column(b->graph, rows.domain, b->book->schema->traits[trait].type, 0);
    const node *time = row_pseudo(b, &rows, PSEUDO_TIME);
    const node *ever = make_integer(b->graph, TIME, TIME_MIN);
    const node *is_dated = make_binary(b->graph, NODE_LESS, BOOLEAN, ever, time);
    const node *changed =
        make_unary(b->graph, NODE_CHANGED, BOOLEAN, make_comparable(b->graph, column));
    return make_fold(b->graph, NODE_LAST, TIME, lower_history(b, rows.domain, c.now),
                     make_and(b->graph, is_dated, changed), time);
}

static const node *today(lowering *b, context c)
{
    return make_unary(b->graph, NODE_LOCAL_DATE, (type){TYPE_DATE, 0}, c.now);
}

static const node *lower_next_occasion(lowering *b, const ast_expr *expr, context c)
{
    const ast_name *name = expr->names.items[0];
    const node *date = today(b, c);
    size_t number = lower_occasion(b, rulebook_find(b->book, name->text));
    return graph_node(b->graph, &(node){.kind = NODE_NEXT_OCCASION,
                                        .type = date->type,
                                        .domain = date->domain,
                                        .occasion = number,
                                        .operands = &date,
                                        .operand_count = 1});
}

static const node *lower_next_anniversary(lowering *b, const ast_expr *expr, context c)
{
    const node *date = lower_single(b, expr->left, c);
    if (date->type.kind == TYPE_TIME)
        date = make_unary(b->graph, NODE_LOCAL_DATE, (type){TYPE_DATE, 0}, date);
    return make_binary(b->graph, NODE_NEXT_ANNIVERSARY, date->type, date, today(b, c));
}

static value lower_span_of_time(lowering *b, const ast_expr *expr, context c)
{
    const node *anchor = lower_instant(b, expr->left, c);
    bool is_until = expr->kind == EXPR_TIME_UNTIL;
    const node *length =
        is_until ? make_binary(b->graph, NODE_SUBTRACT, DURATION, anchor, c.now)
                 : make_binary(b->graph, NODE_SUBTRACT, DURATION, c.now, anchor);
    return (value){.node = length, .anchor = anchor, .is_until = is_until};
}

/* ---- all of them -------------------------------------------------------- */

static const node *lower_test(lowering *b, const ast_expr *expr, context c)
{
    switch (expr->kind) {
    case EXPR_COMPARE:
        return lower_compare(b, expr->compare, lower_value(b, expr->left, c),
                             lower_value(b, expr->right, c), c);
    case EXPR_MATCHES:
    case EXPR_CONTAINS:
    case EXPR_STARTS_WITH:
    case EXPR_ENDS_WITH: return lower_text_test(b, expr, c);
    case EXPR_IS_MISSING:
        return make_not(b->graph, make_unary(b->graph, NODE_IS_PRESENT, BOOLEAN,
                                             lower_single(b, expr->left, c)));
    case EXPR_IN_VALUES:
    case EXPR_IN_NAMED: return lower_in_values(b, expr, c);
    case EXPR_IN_RANKS: return lower_in_ranks(b, expr, c);
    case EXPR_IN_WINDOW:
        return lower_in_windows(b, expr->left, &expr->modifiers.windows, c);
    case EXPR_MEMBER: return lower_membership(b, expr, c);
    case EXPR_NOT: return make_not(b->graph, lower_condition(b, expr->left, c));
    case EXPR_AND:
    case EXPR_OR: return lower_logic(b, expr, c);
    case EXPR_SOME_OF: return lower_some_of(b, expr, c);
    case EXPR_LASTING: return lower_lasting(b, expr, c);
    default: assert(!"an expression without a meaning"); return NULL;
    }
}

static value lower_kind(lowering *b, const ast_expr *expr, context c)
{
    graph *g = b->graph;
    switch (expr->kind) {
    case EXPR_NUMBER:
        return value_of(make_integer(g, (type){TYPE_DECIMAL, expr->number.scale},
                                     expr->number.value));
    case EXPR_STRING: {
        slice text = slice_of(expr->text.text);
        return value_of(make_text(g, text.data, text.size));
    }
    case EXPR_DATE: return value_of(make_integer(g, (type){TYPE_DATE, 0}, expr->time));
    case EXPR_TIME: return value_of(lower_time_literal(b, expr));
    case EXPR_BOOL: return value_of(make_bool(g, expr->boolean));
    case EXPR_DURATION: return lower_duration(b, &expr->duration, c);
    case EXPR_NOW: return value_of(lower_part(b, c.now, expr->meaning->part));
    case EXPR_AGO: return value_of(lower_ago(b, &expr->duration, c));
    case EXPR_PATH: return lower_path(b, expr, c);
    case EXPR_CALL: return lower_call(b, expr, c);
    case EXPR_AS_OF: return lower_as_of(b, expr, c);
    case EXPR_NEGATE: return lower_negative(b, expr, c);
    case EXPR_ADD:
    case EXPR_SUBTRACT: return lower_sum(b, expr, c);
    case EXPR_MULTIPLY: return lower_product(b, expr, c);
    case EXPR_DIVIDE: return lower_quotient(b, expr, c);
    case EXPR_IF: return lower_choice(b, expr, c);
    case EXPR_DID: return value_of(lower_did(b, expr, c));
    case EXPR_DID_SOME: return value_of(lower_did_some(b, expr, c));
    case EXPR_AGGREGATE: return lower_aggregate(b, expr, c);
    case EXPR_PER_UNIT: return lower_per_unit(b, expr, c);
    case EXPR_PICK: return value_of(lower_pick(b, expr, c));
    case EXPR_LAST_CHANGE: return value_of(lower_last_change(b, expr, c));
    case EXPR_NEXT_OCCASION: return value_of(lower_next_occasion(b, expr, c));
    case EXPR_NEXT_ANNIVERSARY: return value_of(lower_next_anniversary(b, expr, c));
    case EXPR_NTILE:
    case EXPR_PERCENTILE:
    case EXPR_RANK: return lower_ranking(b, expr, c);
    case EXPR_TIME_SINCE:
    case EXPR_TIME_UNTIL: return lower_span_of_time(b, expr, c);
    default: return value_of(lower_negated(b, expr->is_negated, lower_test(b, expr, c)));
    }
}

/* Is it asked for more than once, as the ends of windows and what people are ranked by
 * are? Then what it holds of its kind would be asked for twice as often, and so on. */
static bool is_asked_again(const ast_expr *expr)
{
    switch (expr->kind) {
    case EXPR_DID:
    case EXPR_DID_SOME:
    case EXPR_AGGREGATE:
    case EXPR_PER_UNIT:
    case EXPR_PICK:
    case EXPR_AS_OF:
    case EXPR_IN_WINDOW:
    case EXPR_IN_RANKS:
    case EXPR_NTILE:
    case EXPR_PERCENTILE:
    case EXPR_RANK: return true;
    default: return false;
    }
}

/* Is its value a part of the time, or of the length, that the expression is? */
static bool hands_on(const ast_expr *expr)
{
    switch (expr->kind) {
    case EXPR_DURATION:
    case EXPR_AGO:
    case EXPR_PATH:
    case EXPR_AS_OF:
    case EXPR_NEGATE:
    case EXPR_ADD:
    case EXPR_SUBTRACT:
    case EXPR_MULTIPLY:
    case EXPR_IF: return true;
    case EXPR_CALL: return expr->meaning->kind == MEANING_BUILTIN;
    default: return false;
    }
}

value lower_value(lowering *b, const ast_expr *expr, context c)
{
    c.by_calendar = c.by_calendar && hands_on(expr);
    bool is_kept = is_asked_again(expr);
    const value *known = is_kept ? lower_remembered(b, expr, c) : NULL;
    if (known)
        return *known;
    origin before = graph_stand_at(b->graph, (origin){.where = expr->where});
    b->level++;
    value v = lower_kind(b, expr, c);
    b->level--;
    graph_stand_at(b->graph, before);
    if (is_kept)
        lower_remember(b, expr, c, v);
    return v;
}
