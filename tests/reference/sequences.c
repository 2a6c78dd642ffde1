/* SPDX-License-Identifier: MIT
 *
 * Sequences, by trying every choice of events for the steps that have one.
 */
#include <string.h>

#include "reference/evaluator.h"

enum { MOST_LINKS = 32 };

typedef struct search {
    reference *ref;
    const ast_pattern *pattern;
    scope who;
    const ending *ending;                 /* what is asked of the event that comes last */
    occurrences candidates[MOST_LINKS];   /* by link: the events that its step fits */
    occurrences endings[MOST_LINKS];      /* those when it comes last, in any order */
    bool is_ending[MOST_LINKS];           /* was one of these chosen? */
    occurrences repeats[MOST_LINKS];      /* by link: what may not come again, */
    occurrences others;                   /* and what may not lie between */
    const occurrence *chosen[MOST_LINKS]; /* by link; NULL for a `no` */
    const occurrence *behind;             /* a match begins after this one, */
    const occurrence *earliest;           /* and this is where the earliest ends */
} search;

static const ast_link *link_at(const search *t, size_t i)
{
    return t->pattern->links.items[i];
}

static size_t positive_before(const search *t, size_t i)
{
    while (link_at(t, --i)->is_negated)
        continue;
    return i;
}

/* Where the next event of the sequence is, or NULL behind the last. */
static const occurrence *positive_after(const search *t, size_t i)
{
    for (i++; i < t->pattern->links.count; i++)
        if (!link_at(t, i)->is_negated)
            return t->chosen[i];
    return NULL;
}

/* "each `within` counts from the step before (inclusive)" */
static bool spacings_hold(const search *t, const ast_link *link, int64_t from, int64_t to)
{
    for (size_t i = 0; i < link->spacings.count; i++) {
        const ast_spacing *spacing = link->spacings.items[i];
        int64_t bound = move_instant(t->ref, from, spacing->duration, 1);
        if (!quantity_holds(spacing->is_within ? QUANTITY_AT_MOST : spacing->quantity,
                            to < bound ? -1 : to > bound))
            return false;
    }
    return true;
}

/* The instant at which a `no` is certain, when something bounds it from above. */
static bool span_end(const search *t, const ast_link *link, int64_t from, int64_t *end)
{
    bool is_bounded = false;
    for (size_t i = 0; i < link->spacings.count; i++) {
        const ast_spacing *spacing = link->spacings.items[i];
        int64_t bound = move_instant(t->ref, from, spacing->duration, 1);
        bool is_upper = spacing->is_within || spacing->quantity == QUANTITY_AT_MOST ||
                        spacing->quantity == QUANTITY_FEWER_THAN ||
                        spacing->quantity == QUANTITY_EXACTLY;
        if (is_upper && (!is_bounded || bound < *end))
            *end = bound;
        is_bounded |= is_upper;
    }
    return is_bounded;
}

static bool is_same_on(const search *t, const occurrence *a, const occurrence *b)
{
    for (size_t i = 0; i < t->pattern->same.count; i++) {
        const char *name = ((const ast_name *)t->pattern->same.items[i])->text;
        if (!value_equals(t->ref->zone, occurrence_property(t->ref, a, name),
                          occurrence_property(t->ref, b, name)))
            return false;
    }
    return true;
}

/* "`with same p`: all steps, negated ones too, are equal on p" */
static bool is_same_on_all(const search *t, const occurrence *o)
{
    for (size_t i = 0; i < t->pattern->links.count; i++)
        if (t->chosen[i] && !is_same_on(t, t->chosen[i], o))
            return false;
    return true;
}

/* "`then no x within D`: no x in (t, t + D], and that span is over at `now`; a `no x` between
 * two steps forbids x between them; a final `no x` without a bound, none until now." */
static bool negated_link_holds(const search *t, size_t i)
{
    const ast_link *link = link_at(t, i);
    const occurrence *before = t->chosen[positive_before(t, i)],
                     *after = positive_after(t, i);
    int64_t end = 0;
    bool is_bounded = span_end(t, link, before->time, &end);
    if (is_bounded && end > t->who.now)
        return false;
    for (size_t j = 0; j < t->candidates[i].count; j++) {
        const occurrence *x = &t->candidates[i].items[j];
        bool is_between =
            is_bounded ? x->time > before->time
                       : comes_before(before, x) && (!after || comes_before(x, after));
        if (is_between && spacings_hold(t, link, before->time, x->time) &&
            is_same_on_all(t, x))
            return false;
    }
    return true;
}

/* "`directly`: no other event of the person lies between." */
static bool is_direct(const search *t, const occurrence *a, const occurrence *b)
{
    occurrences all = t->ref->histories[t->who.person];
    for (size_t i = 0; i < all.count; i++)
        if (comes_before(a, &all.items[i]) && comes_before(&all.items[i], b))
            return false;
    return true;
}

static bool lies_between(const occurrence *x, const occurrence *a, const occurrence *b)
{
    return comes_before(a, x) && comes_before(x, b);
}

/* "`with only (x or y)`: each event between the first and the last step is a step or one of
 * these" */
static bool only_allowed_between(const search *t, const occurrence *a,
                                 const occurrence *b)
{
    for (size_t i = 0; i < t->others.count; i++)
        if (lies_between(&t->others.items[i], a, b))
            return false;
    return true;
}

/* "`without repeats`: before the next step comes none that was taken already" */
static bool none_again(const search *t, size_t i, const occurrence *a,
                       const occurrence *b)
{
    for (size_t s = 0; s < i; s++)
        for (size_t j = 0; j < t->repeats[s].count; j++)
            if (lies_between(&t->repeats[s].items[j], a, b) &&
                is_same_on_all(t, &t->repeats[s].items[j]))
                return false;
    return true;
}

/* "`then` means later in that order" */
static bool positive_link_holds(const search *t, size_t i)
{
    const occurrence *before = t->chosen[positive_before(t, i)], *here = t->chosen[i];
    return comes_before(before, here) && only_allowed_between(t, before, here) &&
           none_again(t, i, before, here) &&
           (t->pattern->strictly_later.count == 0 || before->time < here->time) &&
           spacings_hold(t, link_at(t, i), before->time, here->time) &&
           (!link_at(t, i)->is_direct || is_direct(t, before, here));
}

/* The earliest (sign 1) or the latest (sign -1) of the events that were chosen. */
static const occurrence *end_of_choice(const search *t, int sign)
{
    const occurrence *end = NULL;
    for (size_t i = 0; i < t->pattern->links.count; i++) {
        const occurrence *o = t->chosen[i];
        if (o && (!end || (sign > 0 ? comes_before(o, end) : comes_before(end, o))))
            end = o;
    }
    return end;
}

/* "`all within` from the first positive step to the last" */
static bool all_within_holds(const search *t)
{
    int64_t first = end_of_choice(t, 1)->time, last = end_of_choice(t, -1)->time;
    for (size_t i = 0; i < t->pattern->all_within.count; i++) {
        const ast_duration *d = t->pattern->all_within.items[i];
        if (last > move_instant(t->ref, first, *d, 1))
            return false;
    }
    return true;
}

/* "One event never serves two steps." Steps in order cannot; those of `(a and b)` could. */
static bool is_chosen_before(const search *t, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (t->chosen[j] && !comes_before(t->chosen[j], t->chosen[i]) &&
            !comes_before(t->chosen[i], t->chosen[j]))
            return true;
    return false;
}

/* In any order, what is asked of the last event is asked of whichever step comes last. */
static bool endings_fit(const search *t, const occurrence *last)
{
    for (size_t i = 0; i < t->pattern->links.count; i++)
        if (t->chosen[i] && t->is_ending[i] != (t->chosen[i] == last))
            return false;
    return true;
}

/* "holds when *some* choice of events fits every bound": does this choice? */
static void consider_choice(search *t)
{
    const occurrence *last = end_of_choice(t, -1);
    if (t->behind && last->event == t->behind->event)
        return; /* a session and its first event are at one place: one match */
    if (t->pattern->is_any_order && t->ending && !endings_fit(t, last))
        return;
    bool has_order = !t->pattern->is_any_order;
    for (size_t i = 0; i < t->pattern->links.count; i++) {
        if (t->chosen[i] && (!is_same_on_all(t, t->chosen[i]) || is_chosen_before(t, i)))
            return;
        if (link_at(t, i)->is_negated ? !negated_link_holds(t, i)
                                      : has_order && i > 0 && !positive_link_holds(t, i))
            return;
    }
    if (all_within_holds(t) && (!t->earliest || comes_before(last, t->earliest)))
        t->earliest = last;
}

static void try_every_choice(search *t, size_t i);

static void try_each(search *t, size_t i, const occurrences *from,
                     const occurrence *before, bool is_ending)
{
    for (size_t j = 0; j < from->count; j++) {
        t->chosen[i] = &from->items[j];
        t->is_ending[i] = is_ending;
        if (!before || comes_before(before, t->chosen[i]))
            try_every_choice(t, i + 1);
    }
}

static void try_every_choice(search *t, size_t i)
{
    if (i == t->pattern->links.count) {
        consider_choice(t);
        return;
    }
    t->chosen[i] = NULL;
    if (link_at(t, i)->is_negated) {
        try_every_choice(t, i + 1);
        return;
    }
    const occurrence *before =
        i == 0 || t->pattern->is_any_order ? t->behind : t->chosen[positive_before(t, i)];
    try_each(t, i, &t->candidates[i], before, false);
    try_each(t, i, &t->endings[i], before, true);
}

/* "A window on the whole covers all matched events." */
static occurrences in_windows(search *t, size_t i, const ast_list *windows,
                              const ending *ending)
{
    const ast_link *link = link_at(t, i);
    occurrences kept = {0},
                all = occurrences_of_step(t->ref, link->step, t->who, true, ending);
    for (size_t j = 0; j < all.count; j++)
        if (link->is_negated || windows_hold(t->ref, windows, t->who, &all.items[j]))
            occurrences_add(t->ref, &kept, all.items[j]);
    return kept;
}

static void find_candidates(search *t, const ast_list *windows)
{
    bool has_order = !t->pattern->is_any_order;
    size_t last = positive_before(t, t->pattern->links.count);
    for (size_t i = 0; i < t->pattern->links.count; i++) {
        bool is_end = has_order && i == last;
        t->candidates[i] = in_windows(t, i, windows, is_end ? t->ending : NULL);
        if (!has_order && t->ending)
            t->endings[i] = in_windows(t, i, windows, t->ending);
    }
}

static bool has_occurrence(occurrences list, const occurrence *o)
{
    for (size_t i = 0; i < list.count; i++)
        if (is_same_occurrence(&list.items[i], o))
            return true;
    return false;
}

/* What strictness forbids between the steps. */
static void find_forbidden(search *t)
{
    occurrences all = t->ref->histories[t->who.person], only = {0};
    for (size_t i = 0; i < t->pattern->links.count; i++)
        if (t->pattern->without_repeats.count > 0 && !link_at(t, i)->is_negated)
            t->repeats[i] =
                occurrences_of_step(t->ref, link_at(t, i)->step, t->who, true, NULL);
    if (t->pattern->only.count == 0)
        return;
    only = occurrences_of_step(t->ref, t->pattern->only.items[0], t->who, true, NULL);
    for (size_t i = 0; i < all.count; i++)
        if (!has_occurrence(only, &all.items[i]))
            occurrences_add(t->ref, &t->others, all.items[i]);
}

/* "`count` of a sequence counts non-overlapping matches, each as early as it completes. A
 * named sequence [...] has the time and properties of its last positive step" */
occurrences sequence_matches(reference *ref, const ast_pattern *pattern,
                             const ast_list *windows, scope s, const ending *ending)
{
    search t = {.ref = ref, .pattern = pattern, .who = s, .ending = ending};
    occurrences matches = {0};
    if (pattern->links.count > MOST_LINKS)
        return matches;
    find_candidates(&t, windows);
    find_forbidden(&t);
    for (;;) {
        t.earliest = NULL;
        try_every_choice(&t, 0);
        if (!t.earliest)
            return matches;
        occurrence match = *t.earliest;
        match.is_match = true;
        occurrences_add(ref, &matches, match);
        t.behind = t.earliest;
    }
}
