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
static const type DURATION = {TYPE_DURATION, 0};
static const type TIME = {TYPE_TIME, 0};

value value_of(const node *n)
{
    return (value){.node = n};
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
bool lower_is_certain(const node *instant)
{
    return !instant->may_be_missing;
}

/* `value`, or missing when there is no such instant, so that nothing was judged at it. */
static const node *if_judged(lowering *b, const node *instant, const node *value)
{
    if (!value || lower_is_certain(instant))
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

/* ---- choices ------------------------------------------------------------ */

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
    case EXPR_MISSING: return value_of(make_missing(b->graph, expr->meaning->type));
    case EXPR_NOW: return value_of(lower_part(b, c.now, expr->meaning->part));
    case EXPR_AGO: return value_of(lower_ago(b, &expr->duration, c));
    case EXPR_PATH: return lower_path(b, expr, c);
    case EXPR_CALL: return lower_call(b, expr, c);
    case EXPR_AS_OF: return lower_as_of(b, expr, c);
    case EXPR_NEGATE:
    case EXPR_ADD:
    case EXPR_SUBTRACT:
    case EXPR_MULTIPLY:
    case EXPR_DIVIDE: return lower_arithmetic(b, expr, c);
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
