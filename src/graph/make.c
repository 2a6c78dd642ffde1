/* SPDX-License-Identifier: MIT
 *
 * Making nodes: types, domains and origins of texts follow from the operands.
 */
#include "graph/make.h"

#include <assert.h>

#include "base/memory.h"
#include "base/number.h"

/* ---- leaves ------------------------------------------------------------- */

const node *make_bool(graph *g, bool value)
{
    return make_integer(g, (type){TYPE_BOOL, 0}, value);
}

const node *make_integer(graph *g, type t, int64_t value)
{
    return graph_node(
        g, &(node){.kind = NODE_CONSTANT, .type = t, .constant.integer = value});
}

const node *make_number(graph *g, double value)
{
    return graph_node(g, &(node){.kind = NODE_CONSTANT,
                                 .type = {TYPE_NUMBER, 0},
                                 .constant.number = value});
}

const node *make_text(graph *g, const char *data, size_t size)
{
    return graph_node(g, &(node){.kind = NODE_CONSTANT,
                                 .type = {TYPE_STRING, 0},
                                 .constant.text = {data, size}});
}

const node *make_missing(graph *g, type t)
{
    return graph_node(
        g, &(node){.kind = NODE_CONSTANT, .type = t, .constant.is_missing = true});
}

const node *make_zero(graph *g, type t)
{
    return graph_node(g, &(node){.kind = NODE_CONSTANT, .type = t}); /* or false */
}

const node *make_now(graph *g)
{
    return graph_node(g, &(node){.kind = NODE_NOW, .type = {TYPE_TIME, 0}});
}

const node *make_person_id(graph *g)
{
    return graph_node(g, &(node){.kind = NODE_PERSON_ID,
                                 .type = {TYPE_STRING, 0},
                                 .domain = PEOPLE,
                                 .origin = {.kind = ORIGIN_PERSONS}});
}

static text_origin column_origin(const domain *d, size_t column)
{
    if (d->kind == DOMAIN_TRAIT)
        return (text_origin){.kind = ORIGIN_TRAIT, .table = d->index};
    return (text_origin){.kind = ORIGIN_KIND, .table = d->index, .column = column};
}

const node *make_leaf(graph *g, node_kind kind, uint32_t domain_id, type t)
{
    return graph_node(g, &(node){.kind = kind, .type = t, .domain = domain_id});
}

const node *make_column(graph *g, uint32_t domain_id, type t, size_t property)
{
    return graph_node(
        g, &(node){.kind = NODE_COLUMN,
                   .type = t,
                   .domain = domain_id,
                   .origin = column_origin(graph_domain(g, domain_id), property),
                   .column = property});
}

const node *make_in_member(graph *g, uint32_t domain_id, size_t member)
{
    return graph_node(g, &(node){.kind = NODE_IN_MEMBER,
                                 .type = {TYPE_BOOL, 0},
                                 .domain = domain_id,
                                 .member = member});
}

/* ---- elementwise -------------------------------------------------------- */

const node *make_spread(graph *g, const node *n, uint32_t domain_id)
{
    if (n->domain == RUN || n->domain == domain_id ||
        !graph_domain_is_inside(g, domain_id, n->domain))
        return n;
    n = make_spread(g, n, graph_group_of(g, domain_id)); /* one level after the other */
    return graph_node(g, &(node){.kind = NODE_SPREAD,
                                 .type = n->type,
                                 .domain = domain_id,
                                 .origin = n->origin,
                                 .operands = &n,
                                 .operand_count = 1});
}

uint32_t make_meeting(const graph *g, uint32_t a, uint32_t b)
{
    if (graph_domain_is_inside(g, a, b))
        return a;
    assert(graph_domain_is_inside(g, b, a));
    return b;
}

/* The domain in which operands meet: that of items, else of rows, of people, of the run. */
static uint32_t meeting_domain(const graph *g, const node *const *operands, size_t count)
{
    uint32_t meeting = RUN;
    for (size_t i = 0; i < count; i++)
        meeting = make_meeting(g, meeting, operands[i]->domain);
    return meeting;
}

static bool origin_equals(text_origin a, text_origin b)
{
    return a.kind == b.kind && a.table == b.table && a.column == b.column;
}

/* The dictionary of a text that is one of several. */
static text_origin joined_origin(const node *a, const node *b)
{
    return origin_equals(a->origin, b->origin) ? a->origin
                                               : (text_origin){.kind = ORIGIN_COMMON};
}

const node *make_many(graph *g, node_kind kind, type t, const node *const *operands,
                      size_t count)
{
    const node **spread = memory_alloc_array(count + 1, sizeof *spread);
    uint32_t meeting = meeting_domain(g, operands, count);
    for (size_t i = 0; i < count; i++)
        spread[i] = make_spread(g, operands[i], meeting);
    const node *made = graph_node(g, &(node){.kind = kind,
                                             .type = t,
                                             .domain = meeting,
                                             .operands = spread,
                                             .operand_count = count});
    memory_free(spread);
    return made;
}

const node *make_unary(graph *g, node_kind kind, type t, const node *a)
{
    return graph_node(g, &(node){.kind = kind,
                                 .type = t,
                                 .domain = a->domain,
                                 .operands = &a,
                                 .operand_count = 1});
}

const node *make_binary(graph *g, node_kind kind, type t, const node *a, const node *b)
{
    return make_many(g, kind, t, (const node *[]){a, b}, 2);
}

const node *make_if(graph *g, const node *condition, const node *yes, const node *no)
{
    const node *operands[] = {condition, yes, no};
    uint32_t meeting = meeting_domain(g, operands, 3);
    for (size_t i = 0; i < 3; i++)
        operands[i] = make_spread(g, operands[i], meeting);
    return graph_node(g, &(node){.kind = NODE_IF,
                                 .type = yes->type,
                                 .domain = meeting,
                                 .origin = joined_origin(yes, no),
                                 .operands = operands,
                                 .operand_count = 3});
}

const node *make_not(graph *g, const node *a)
{
    return make_unary(g, NODE_NOT, (type){TYPE_BOOL, 0}, a);
}

const node *make_and(graph *g, const node *a, const node *b)
{
    return make_binary(g, NODE_AND, (type){TYPE_BOOL, 0}, a, b);
}

const node *make_or(graph *g, const node *a, const node *b)
{
    return make_binary(g, NODE_OR, (type){TYPE_BOOL, 0}, a, b);
}

const node *make_holds(graph *g, const node *a)
{
    return make_unary(g, NODE_HOLDS, (type){TYPE_BOOL, 0}, a);
}

const node *make_rescale(graph *g, const node *a, unsigned scale)
{
    if (a->type.kind != TYPE_DECIMAL || a->type.scale == scale)
        return a;
    return graph_node(g, &(node){.kind = NODE_RESCALE,
                                 .type = {TYPE_DECIMAL, scale},
                                 .domain = a->domain,
                                 .digits = scale - a->type.scale,
                                 .operands = &a,
                                 .operand_count = 1});
}

const node *make_version_place(graph *g, const node *a)
{
    return make_unary(g, NODE_VERSION_PLACE, (type){TYPE_DECIMAL, 0}, a);
}

const node *make_comparable(graph *g, const node *a)
{
    return a->type.kind == TYPE_VERSION ? make_version_place(g, a) : a;
}

const node *make_to_number(graph *g, const node *a)
{
    return a->type.kind == TYPE_NUMBER
               ? a
               : make_unary(g, NODE_TO_NUMBER, (type){TYPE_NUMBER, 0}, a);
}

/* ---- time --------------------------------------------------------------- */

/* `7 days` and `1 week` are one length: days for a date, seconds for a time. */
static calendar_span plain_length(calendar_span by, bool is_date)
{
    int64_t exact;
    if (is_date && by.unit == UNIT_WEEK && !__builtin_mul_overflow(by.count, 7, &exact))
        return (calendar_span){exact, UNIT_DAY};
    if (!is_date && calendar_span_microseconds(by, &exact))
        return (calendar_span){exact / MICROSECONDS_PER_SECOND, UNIT_SECOND};
    return by;
}

const node *make_move(graph *g, const node *moment, calendar_span by)
{
    bool is_date = moment->type.kind == TYPE_DATE;
    by = plain_length(by, is_date);
    return graph_node(g, &(node){.kind = is_date ? NODE_MOVE_DATE : NODE_MOVE_TIME,
                                 .type = moment->type,
                                 .domain = moment->domain,
                                 .move = by,
                                 .operands = &moment,
                                 .operand_count = 1});
}

const node *make_unit_start(graph *g, const node *time, calendar_unit unit, int64_t units)
{
    return graph_node(g, &(node){.kind = NODE_UNIT_START,
                                 .type = time->type,
                                 .domain = time->domain,
                                 .unit_start = {unit, units},
                                 .operands = &time,
                                 .operand_count = 1});
}

const node *make_day_start(graph *g, const node *date, int64_t days)
{
    return graph_node(g, &(node){.kind = NODE_DAY_START,
                                 .type = {TYPE_TIME, 0},
                                 .domain = date->domain,
                                 .days = days,
                                 .operands = &date,
                                 .operand_count = 1});
}

/* ---- behaviour ---------------------------------------------------------- */

const node *make_window(graph *g, uint32_t rows, const node *lower, bool lower_in,
                        const node *upper, bool upper_in)
{
    const node *ends[2];
    node wanted = {.kind = NODE_WINDOW,
                   .domain = graph_group_of(g, rows),
                   .rows = rows,
                   .operands = ends};
    if (lower) {
        ends[wanted.operand_count++] = lower;
        wanted.window.has_lower = true;
        wanted.window.lower_in = lower_in;
    }
    if (upper) {
        ends[wanted.operand_count++] = upper;
        wanted.window.has_upper = true;
        wanted.window.upper_in = upper_in;
    }
    for (size_t i = 0; i < wanted.operand_count; i++)
        wanted.domain = make_meeting(g, wanted.domain, ends[i]->domain);
    for (size_t i = 0; i < wanted.operand_count; i++)
        ends[i] = make_spread(g, ends[i], wanted.domain);
    return graph_node(g, &wanted);
}

const node *make_window_like(graph *g, const node *window, uint32_t rows)
{
    if (window->domain != PEOPLE)
        return NULL;
    if (window->kind == NODE_BOTH_WINDOWS) {
        const node *a = make_window_like(g, window->operands[0], rows),
                   *b = make_window_like(g, window->operands[1], rows);
        return a && b ? make_both_windows(g, a, b) : NULL;
    }
    if (window->kind != NODE_WINDOW)
        return NULL;
    node copy = *window;
    copy.rows = rows;
    return graph_node(g, &copy);
}

const node *make_both_windows(graph *g, const node *a, const node *b)
{
    return graph_node(g, &(node){.kind = NODE_BOTH_WINDOWS,
                                 .domain = make_meeting(g, a->domain, b->domain),
                                 .rows = a->rows,
                                 .operands = (const node *[]){a, b},
                                 .operand_count = 2});
}

static const node *fold_of(graph *g, node wanted, const node *window, const node *mask,
                           const node *value)
{
    const node *operands[3] = {window};
    wanted.domain = window->domain;
    wanted.rows = window->rows;
    wanted.operands = operands;
    wanted.operand_count = 1;
    if (mask && !node_is_true(mask))
        operands[wanted.operand_count++] = make_spread(g, mask, window->rows);
    if (value)
        operands[wanted.operand_count++] = make_spread(g, value, window->rows);
    wanted.fold.has_mask = mask && !node_is_true(mask);
    wanted.fold.has_value = value != NULL;
    if (value)
        wanted.origin = value->origin;
    return graph_node(g, &wanted);
}

const node *make_fold(graph *g, node_kind kind, type t, const node *window,
                      const node *mask, const node *value)
{
    return fold_of(g, (node){.kind = kind, .type = t}, window, mask, value);
}

const node *make_fold_like(graph *g, const node *fold, const node *window,
                           const node *mask, const node *value)
{
    return fold_of(g, *fold, window, mask, value);
}

const node *make_units(graph *g, node_kind kind, const node *window, const node *mask,
                       calendar_unit unit, int64_t least, int64_t most)
{
    node wanted = {
        .kind = kind, .type = {TYPE_DECIMAL, 0}, .fold.units = {unit, least, most}};
    return fold_of(g, wanted, window, mask, NULL);
}

const node *make_quantile(graph *g, const node *window, const node *mask,
                          const node *value, int64_t p, int64_t d)
{
    node wanted = {.kind = NODE_QUANTILE, .type = value->type, .fold.share = {p, d}};
    return fold_of(g, wanted, window, mask, value);
}
