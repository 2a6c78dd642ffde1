/* SPDX-License-Identifier: MIT
 *
 * Intervals of constants. A condition that is denied (`not x < 5`) also holds where x is
 * missing, so it alone never makes a contradiction.
 */
#include "graph/contradict.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "graph/counts.h"
#include "graph/subset.h"

/* What is known about one value. Ends are included: of exact numbers the next one is
 * taken for an end that is left out, and doubles keep the end with a flag. */
typedef struct range {
    const node *subject;
    int64_t least, most;
    double lower, upper;
    bool lower_out, upper_out;
    bool is_missing;        /* some condition holds only where there is none */
    bool is_present;        /* some condition holds only for a value that is there */
    const node *allowed[2]; /* TEXT_IN nodes: the text is in both */
    const node *denied;     /* a TEXT_IN node: the text is not in it */
    bool is_empty;
} range;

typedef struct range_list {
    range *items;
    size_t count, capacity;
} range_list;

static bool is_count(const node *n)
{
    return node_is_count(n) || n->kind == NODE_DISTINCT || n->kind == NODE_UNITS ||
           (n->kind == NODE_UNITED &&
            (n->united.kind == NODE_DISTINCT || n->united.kind == NODE_UNITS));
}

/* `any` asks for a count of one or more, so both stand for the same value. */
static bool is_same_subject(const node *a, const node *b)
{
    bool are_counts = (a->kind == NODE_ANY || a->kind == NODE_COUNT) &&
                      (b->kind == NODE_ANY || b->kind == NODE_COUNT);
    return a == b || (are_counts && a->rows == b->rows && node_payload_equals(a, b) &&
                      a->operand_count == b->operand_count &&
                      memcmp(a->operands, b->operands,
                             a->operand_count * sizeof *a->operands) == 0);
}

static range *range_of(range_list *list, const node *subject)
{
    for (size_t i = 0; i < list->count; i++)
        if (is_same_subject(list->items[i].subject, subject))
            return &list->items[i];
    memory_grow((void **)&list->items, list->count, &list->capacity, sizeof *list->items);
    bool counts = is_count(subject) || subject->kind == NODE_ANY;
    range *r = &list->items[list->count++];
    *r = (range){.subject = subject,
                 .least = counts ? 0 : INT64_MIN,
                 .most = INT64_MAX,
                 .lower = -HUGE_VAL,
                 .upper = HUGE_VAL,
                 .is_present = counts};
    return r;
}

/* ---- numbers, times, dates, durations ---------------------------------------- */

static void narrow_below(range *r, const node *limit, bool is_out)
{
    if (limit->type.kind == TYPE_NUMBER) {
        if (limit->constant.number < r->upper ||
            (limit->constant.number == r->upper && is_out)) {
            r->upper = limit->constant.number;
            r->upper_out = is_out;
        }
        return;
    }
    if (is_out && limit->constant.integer == INT64_MIN)
        r->is_empty = true;
    else if (limit->constant.integer - is_out < r->most)
        r->most = limit->constant.integer - is_out;
}

static void narrow_above(range *r, const node *limit, bool is_out)
{
    if (limit->type.kind == TYPE_NUMBER) {
        if (limit->constant.number > r->lower ||
            (limit->constant.number == r->lower && is_out)) {
            r->lower = limit->constant.number;
            r->lower_out = is_out;
        }
        return;
    }
    if (is_out && limit->constant.integer == INT64_MAX)
        r->is_empty = true;
    else if (limit->constant.integer + is_out > r->least)
        r->least = limit->constant.integer + is_out;
}

static bool is_known(const node *n)
{
    return node_is_constant(n) && !n->constant.is_missing;
}

static bool counts_events(const node *n)
{
    return n->kind == NODE_ANY || node_is_count(n);
}

static bool is_part(const node *part, const node *whole)
{
    return counts_events(part) && counts_events(whole) && graph_counts_part(part, whole);
}

/* a < b, a <= b, or their denials: not (a < b) is b <= a. */
static void add_order(range_list *list, const node *c, bool is_denied)
{
    const node *low = c->operands[is_denied], *high = c->operands[!is_denied];
    bool is_out = (c->kind == NODE_LESS) != is_denied;
    if (is_out && is_part(high, low))
        range_of(list, high)->is_empty = true;
    if (is_known(low) == is_known(high))
        return;
    range *r = range_of(list, is_known(low) ? high : low);
    r->is_present |= !is_denied;
    if (is_known(low))
        narrow_above(r, low, is_out);
    else
        narrow_below(r, high, is_out);
}

static void add_equal(range_list *list, const node *c, bool is_denied)
{
    const node *a = c->operands[0], *b = c->operands[1];
    if (is_denied || is_known(a) == is_known(b))
        return; /* a hole in an interval is not kept */
    range *r = range_of(list, is_known(a) ? b : a);
    r->is_present = true;
    narrow_above(r, is_known(a) ? a : b, false);
    narrow_below(r, is_known(a) ? a : b, false);
}

static void add_any(range_list *list, const node *c, bool is_denied)
{
    range *r = range_of(list, c);
    if (is_denied)
        r->most = r->most < 0 ? r->most : 0;
    else if (r->least < 1)
        r->least = 1;
}

/* ---- texts -------------------------------------------------------------------- */

static bool has_text(const node *set, const node *text)
{
    for (size_t i = 1; set && i < set->operand_count; i++)
        if (slice_equals(set->operands[i]->constant.text, text->constant.text))
            return true;
    return false;
}

/* Is there a text that every set allows and none denies? */
static bool has_no_text(const range *r)
{
    const node *first = r->allowed[0];
    if (!first)
        return false;
    for (size_t i = 1; i < first->operand_count; i++) {
        const node *text = first->operands[i];
        if ((!r->allowed[1] || has_text(r->allowed[1], text)) &&
            !has_text(r->denied, text))
            return false;
    }
    return true;
}

static void add_text(range_list *list, const node *c, bool is_denied)
{
    range *r = range_of(list, c->operands[0]);
    if (is_denied) {
        r->denied = c;
    } else {
        r->is_present = true;
        r->allowed[r->allowed[0] ? 1 : 0] = c;
    }
    r->is_empty |= has_no_text(r);
}

/* ---- conditions ----------------------------------------------------------------- */

static void add_condition(range_list *list, const node *c, bool is_denied)
{
    switch (c->kind) {
    case NODE_NOT: add_condition(list, c->operands[0], !is_denied); break;
    case NODE_LESS:
    case NODE_LESS_OR_EQUAL: add_order(list, c, is_denied); break;
    case NODE_EQUAL: add_equal(list, c, is_denied); break;
    case NODE_ANY: add_any(list, c, is_denied); break;
    case NODE_TEXT_IN: add_text(list, c, is_denied); break;
    case NODE_IS_PRESENT: {
        range *r = range_of(list, c->operands[0]);
        r->is_missing |= is_denied;
        r->is_present |= !is_denied;
        break;
    }
    default: break;
    }
}

static bool has_nothing_left(const range *r)
{
    bool is_empty = r->is_empty || r->least > r->most || r->lower > r->upper ||
                    (r->lower == r->upper && (r->lower_out || r->upper_out));
    return r->is_present && (is_empty || r->is_missing);
}

/* More of them in the last 7 days than in the last 30? */
static bool counts_contradict(const range_list *list)
{
    enum { MOST = 200 }; /* each is compared with each */
    for (size_t i = 0; list->count <= MOST && i < list->count; i++)
        for (size_t k = 0; counts_events(list->items[i].subject) && k < list->count;
             k++) {
            const range *part = &list->items[i], *whole = &list->items[k];
            if (part->least > whole->most && is_part(part->subject, whole->subject))
                return true;
        }
    return false;
}

/* Of how many values a condition is looked at. */
enum { MOST_VALUES = 1000 };

/* Do the parts of a node of this kind, denied or not, contradict each other? */
static bool parts_contradict(const node *c, node_kind kind, bool is_denied)
{
    range_list list = {0};
    bool found = false;
    if (c->kind == kind)
        for (size_t i = 0; i < c->operand_count && list.count < MOST_VALUES; i++)
            add_condition(&list, c->operands[i], is_denied);
    else
        add_condition(&list, c, is_denied);
    for (size_t i = 0; i < list.count && !found; i++)
        found = has_nothing_left(&list.items[i]);
    found = found || counts_contradict(&list);
    memory_free(list.items);
    return found;
}

bool graph_contradicts(const node *condition)
{
    return node_is_false(condition) || parts_contradict(condition, NODE_AND, false);
}

bool graph_is_tautology(const node *condition)
{
    return node_is_true(condition) || parts_contradict(condition, NODE_OR, true);
}
