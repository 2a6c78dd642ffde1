/* SPDX-License-Identifier: MIT
 *
 * Intervals of constants, and of instants that lie so far from now. A condition that is denied (`not x < 5`) also holds where x is
 * missing, so it alone never makes a contradiction.
 */
#include "graph/contradict.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "graph/counts.h"
#include "graph/moment.h"
#include "graph/subset.h"
#include "value/version.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

/* Lengths of time are shorter, so that none overflows. */
#define MOST_LENGTH (100000 * MICROSECONDS_PER_DAY)

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
    const node *parts[4];   /* the text starts with, ends with or contains something */
    slice lowest, highest;  /* of versions; without data: there is no such end */
    bool is_empty;
} range;

/* One end of the instants that a value can be. */
typedef struct end {
    const node *subject;
    const node *limit; /* NULL: the moment alone is known */
    moment at;
    bool is_upper, is_out;
} end;

typedef struct range_list {
    range *items;
    size_t count, capacity;
    end *ends;
    size_t end_count, end_capacity;
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

/* ---- versions ------------------------------------------------------------------ */

/* The version that stands in the rules, or a slice without data. */
static slice written_version(const node *n)
{
    bool is_written = n->kind == NODE_VERSION_PLACE && is_known(n->operands[0]);
    return is_written ? n->operands[0]->constant.text : (slice){NULL, 0};
}

/* Ends that are left out count as included: versions lie as near to each other as one likes. */
static bool add_version(range_list *list, const node *low, const node *high,
                        bool is_denied)
{
    slice least = written_version(low), most = written_version(high);
    if (!least.data == !most.data)
        return false;
    range *r = range_of(list, least.data ? high : low);
    r->is_present |= !is_denied;
    if (least.data && (!r->lowest.data || version_compare(least, r->lowest) > 0))
        r->lowest = least;
    if (most.data && (!r->highest.data || version_compare(most, r->highest) < 0))
        r->highest = most;
    return true;
}

/* ---- instants ------------------------------------------------------------------ */

static void add_end(range_list *list, end e, bool is_denied)
{
    memory_grow((void **)&list->ends, list->end_count, &list->end_capacity,
                sizeof *list->ends);
    list->ends[list->end_count++] = e;
    range_of(list, e.subject)->is_present |= !is_denied;
}

static bool is_instant(const node *n)
{
    return n->kind == NODE_NOW || n->kind == NODE_MOVE_TIME ||
           n->kind == NODE_MOVE_DAYS || n->kind == NODE_UNIT_START ||
           n->kind == NODE_DAY_START;
}

/* `30 days < now - x`: x lies before 30 days ago. */
static void add_distance(range_list *list, const node *length, const node *distance,
                         bool is_upper, bool is_out, bool is_denied)
{
    end e = {.is_upper = is_upper, .is_out = is_out};
    if (distance->kind != NODE_SUBTRACT || !is_instant(distance->operands[0]) ||
        length->type.kind != TYPE_DURATION || !moment_of(distance->operands[0], &e.at))
        return;
    int64_t back = length->constant.integer;
    if (!e.at.origin || back > MOST_LENGTH || back < -MOST_LENGTH)
        return;
    e.subject = distance->operands[1];
    e.at.least -= back;
    e.at.most -= back;
    add_end(list, e, is_denied);
}

static void add_instants(range_list *list, const node *low, const node *high, bool is_out,
                         bool is_denied)
{
    end lower = {.subject = high, .limit = low, .is_out = is_out},
        upper = {.subject = low, .limit = high, .is_out = is_out, .is_upper = true};
    if (is_instant(low) && moment_of(low, &lower.at))
        add_end(list, lower, is_denied);
    if (is_instant(high) && moment_of(high, &upper.at))
        add_end(list, upper, is_denied);
}

/* Does nothing lie between the two ends? */
static bool ends_exclude(const end *lower, const end *upper)
{
    bool strictly = !lower->is_out && !upper->is_out;
    if (lower->limit && upper->limit)
        return moment_is_before(upper->limit, lower->limit, strictly);
    return moments_in_order(&upper->at, &lower->at, strictly);
}

static void compare_ends(range_list *list)
{
    enum { MOST = 200 }; /* each is compared with each */
    for (size_t i = 0; list->end_count <= MOST && i < list->end_count; i++)
        for (size_t k = 0; k < list->end_count; k++) {
            const end *lower = &list->ends[i], *upper = &list->ends[k];
            if (!lower->is_upper && upper->is_upper && lower->subject == upper->subject &&
                ends_exclude(lower, upper))
                range_of(list, lower->subject)->is_empty = true;
        }
}

/* ---- order --------------------------------------------------------------------- */

/* a < b, a <= b, or their denials: not (a < b) is b <= a. */
static void add_order(range_list *list, const node *c, bool is_denied)
{
    const node *low = c->operands[is_denied], *high = c->operands[!is_denied];
    bool is_out = (c->kind == NODE_LESS) != is_denied;
    if (is_out && is_part(high, low))
        range_of(list, high)->is_empty = true;
    if (add_version(list, low, high, is_denied))
        return;
    if (is_known(low) == is_known(high)) {
        add_instants(list, low, high, is_out, is_denied);
        return;
    }
    add_distance(list, is_known(low) ? low : high, is_known(low) ? high : low,
                 is_known(low), is_out, is_denied);
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
    if (is_denied)
        return; /* a hole in an interval is not kept */
    if (add_version(list, a, b, false) && add_version(list, b, a, false))
        return;
    if (is_known(a) == is_known(b))
        return;
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

/* Can a text that fulfils the one condition fulfil the other: does the longer of two begins
 * begin with the shorter one? */
static bool parts_agree(const node *a, const node *b)
{
    slice x = a->operands[1]->constant.text, y = b->operands[1]->constant.text;
    slice longer = x.size > y.size ? x : y, shorter = x.size > y.size ? y : x;
    if (a->kind != b->kind)
        return true;
    return a->kind == NODE_TEXT_STARTS ? slice_starts_with(longer, shorter)
           : a->kind == NODE_TEXT_ENDS ? slice_ends_with(longer, shorter)
                                       : true;
}

static bool has_parts(const range *r, slice text)
{
    for (size_t i = 0; i < LENGTH(r->parts) && r->parts[i]; i++) {
        slice part = r->parts[i]->operands[1]->constant.text;
        bool has_part =
            r->parts[i]->kind == NODE_TEXT_STARTS ? slice_starts_with(text, part)
            : r->parts[i]->kind == NODE_TEXT_ENDS ? slice_ends_with(text, part)
                                                  : slice_contains(text, part);
        if (!has_part)
            return false;
    }
    return true;
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
            !has_text(r->denied, text) && has_parts(r, text->constant.text))
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

/* `x starts with "a"`. A denied one also holds where there is no text. */
static void add_part_of_text(range_list *list, const node *c, bool is_denied)
{
    size_t next = 0;
    if (is_denied)
        return;
    range *r = range_of(list, c->operands[0]);
    r->is_present = true;
    if (c->kind == NODE_TEXT_MATCHES || !is_known(c->operands[1]))
        return;
    for (; next < LENGTH(r->parts) && r->parts[next]; next++)
        r->is_empty |= !parts_agree(r->parts[next], c);
    if (next < LENGTH(r->parts))
        r->parts[next] = c;
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
    case NODE_TEXT_MATCHES:
    case NODE_TEXT_CONTAINS:
    case NODE_TEXT_STARTS:
    case NODE_TEXT_ENDS: add_part_of_text(list, c, is_denied); break;
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
    bool is_empty =
        r->is_empty || r->least > r->most || r->lower > r->upper ||
        (r->lower == r->upper && (r->lower_out || r->upper_out)) ||
        (r->lowest.data && r->highest.data && version_compare(r->lowest, r->highest) > 0);
    return r->is_present && (is_empty || r->is_missing);
}

/* Is it of one event or some, so that it is missing without any? */
static bool is_of_events(const node *n)
{
    return n->kind == NODE_FIRST || n->kind == NODE_LAST || n->kind == NODE_LEAST ||
           n->kind == NODE_GREATEST || n->kind == NODE_MOST_COMMON;
}

/* Is what the first says impossible beside what the second says? More of them in the last 7
 * days than in the last 30; the last of none. */
static bool excludes(const range *part, const range *whole)
{
    if (!counts_events(whole->subject))
        return false;
    if (counts_events(part->subject))
        return part->least > whole->most && is_part(part->subject, whole->subject);
    return whole->most < 1 && part->is_present && is_of_events(part->subject) &&
           whole->subject->kind != NODE_ADD &&
           graph_looks_at_part(part->subject, whole->subject);
}

static bool counts_contradict(const range_list *list)
{
    enum { MOST = 200 }; /* each is compared with each */
    for (size_t i = 0; list->count <= MOST && i < list->count; i++)
        for (size_t k = 0; k < list->count; k++)
            if (excludes(&list->items[i], &list->items[k]))
                return true;
    return false;
}

/* `a and b and not (a and b)`: everything that is denied together is asked for. */
static bool denies_what_it_asks(const node *c)
{
    for (size_t i = 0; c->kind == NODE_AND && i < c->operand_count; i++) {
        const node *n =
            c->operands[i]->kind == NODE_NOT ? c->operands[i]->operands[0] : c;
        size_t asked = 0;
        while (n->kind == NODE_AND && n != c && asked < n->operand_count &&
               graph_is_and_of(c, n->operands[asked]))
            asked++;
        if (n != c && n->kind == NODE_AND && asked == n->operand_count)
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
    compare_ends(&list);
    for (size_t i = 0; i < list.count && !found; i++)
        found = has_nothing_left(&list.items[i]);
    found = found || counts_contradict(&list);
    memory_free(list.items);
    memory_free(list.ends);
    return found;
}

bool graph_contradicts(const node *condition)
{
    return node_is_false(condition) || denies_what_it_asks(condition) ||
           parts_contradict(condition, NODE_AND, false);
}

bool graph_is_tautology(const node *condition)
{
    return node_is_true(condition) || parts_contradict(condition, NODE_OR, true);
}
