/* SPDX-License-Identifier: MIT
 *
 * Sequences that nothing can ever be.
 */
#include "lang/lints.h"
#include "lang/reach.h"

static const ast_link *link_at(const ast_pattern *sequence, size_t i)
{
    return sequence->links.items[i];
}

/* The positive step before number i, or SIZE_MAX. */
static size_t step_before(const ast_pattern *sequence, size_t i)
{
    while (i-- > 0)
        if (!link_at(sequence, i)->is_negated)
            return i;
    return SIZE_MAX;
}

static bool is_of_data(const ast_step *step, const schema *s)
{
    each (const ast_event, event, &step->events)
        if (!event_is_of_data(event, s))
            return false;
    return true;
}

static bool kinds_meet(const ast_step *x, const ast_step *y, const rulebook *book)
{
    const event_scope *a = scope_of_step(x, book->schema, book->memory);
    const event_scope *b = scope_of_step(y, book->schema, book->memory);
    for (size_t i = 0; i < a->kind_count; i++)
        for (size_t j = 0; j < b->kind_count; j++)
            if (a->kinds[i] == b->kinds[j])
                return true;
    return false;
}

/* The only event of a step, when it is a declared sequence and nothing more is asked. */
static const ast_decl *bare_match(const ast_step *step)
{
    const ast_event *event = step->events.items[0];
    if (step->events.count != 1 || event->where || !event->decl ||
        !event->decl->pattern->is_sequence)
        return NULL;
    return event->decl;
}

/* Matches of one sequence share no event: is there an event of the second between them? */
static bool begins_between(const ast_decl *decl, const schema *s)
{
    const ast_pattern *sequence = decl->pattern;
    size_t last = step_before(sequence, sequence->links.count);
    for (size_t i = 0; i < sequence->links.count; i++)
        if ((sequence->is_any_order || i != last) && !link_at(sequence, i)->is_negated &&
            !is_of_data(link_at(sequence, i)->step, s))
            return false;
    return step_before(sequence, last) != SIZE_MAX;
}

/* Is the event that stands right before the end of such a match never that of the step
 * before? Then it lies between. */
static bool is_led_by_another(const ast_decl *decl, const ast_step *before,
                              const rulebook *book)
{
    const ast_pattern *sequence = decl->pattern;
    size_t last = step_before(sequence, sequence->links.count);
    size_t leading = step_before(sequence, last);
    if (sequence->is_any_order || leading == SIZE_MAX ||
        !link_at(sequence, last)->is_direct)
        return false;
    const ast_step *leads = link_at(sequence, leading)->step;
    return is_of_data(leads, book->schema) && is_of_data(before, book->schema) &&
           !kinds_meet(leads, before, book);
}

static bool is_never_direct(const ast_step *before, const ast_step *step,
                            const rulebook *book)
{
    const ast_decl *decl = bare_match(step);
    if (!decl)
        return false;
    if (bare_match(before) == decl)
        return begins_between(decl, book->schema);
    return is_led_by_another(decl, before, book);
}

void lint_direct(const lint *l, const ast_pattern *sequence)
{
    for (size_t i = 1; i < sequence->links.count; i++) {
        const ast_link *link = link_at(sequence, i);
        size_t before = step_before(sequence, i);
        if (!link->is_direct || before == SIZE_MAX ||
            !is_never_direct(link_at(sequence, before)->step, link->step, l->book))
            continue;
        warn(l, link->place, W0202,
             "\"%s\" never follows directly: an event of its own lies between",
             bare_match(link->step)->name.text);
        hint(l, "A match stands at its last step, and its other steps lie before "
                "that. Write all steps one after another.");
    }
}

/* ---- bounds of steps ------------------------------------------------------------ */

/* How far a step may lie behind the one before: a bound with its own edge in or out. */
typedef struct edge {
    int64_t length; /* microseconds; REACH_OPEN: there is none */
    bool is_out;
    span where;
} edge;

/* The least that a bound asks for, at its shortest. */
static edge least_of(const ast_spacing *s)
{
    bool is_least = !s->is_within && s->quantity != QUANTITY_AT_MOST &&
                    s->quantity != QUANTITY_FEWER_THAN;
    return (edge){is_least ? duration_length(&s->duration, false) : REACH_OPEN,
                  s->quantity == QUANTITY_MORE_THAN, s->duration.where};
}

/* The most that it leaves, at its longest. */
static edge most_of(const ast_spacing *s)
{
    bool is_most = s->is_within || s->quantity == QUANTITY_AT_MOST ||
                   s->quantity == QUANTITY_FEWER_THAN || s->quantity == QUANTITY_EXACTLY;
    return (edge){is_most ? duration_length(&s->duration, true) : REACH_OPEN,
                  !s->is_within && s->quantity == QUANTITY_FEWER_THAN, s->duration.where};
}

static bool excludes(edge least, edge most)
{
    if (least.length == REACH_OPEN || most.length == REACH_OPEN)
        return false;
    return least.length > most.length ||
           (least.length == most.length && (least.is_out || most.is_out));
}

static void lint_step_bounds(const lint *l, const ast_link *link)
{
    for (size_t i = 0; i < link->spacings.count; i++)
        for (size_t k = 0; k < link->spacings.count; k++) {
            edge least = least_of(link->spacings.items[i]);
            edge most = most_of(link->spacings.items[k]);
            if (i == k || !excludes(least, most))
                continue;
            warn(l, most.where, W0202,
                 "this step can never follow: its bounds exclude each other");
            note(l, least.where, "the other bound");
            hint(l, "Both count from the step before. Is one of them meant for "
                    "another step?");
            return;
        }
}

/* The largest of the least bounds of a step. */
static edge least_before(const ast_link *link)
{
    edge least = {0, false, link->place};
    for (size_t i = 0; !link->is_negated && i < link->spacings.count; i++) {
        edge own = least_of(link->spacings.items[i]);
        if (own.length != REACH_OPEN &&
            (own.length > least.length || (own.length == least.length && own.is_out)))
            least = own;
    }
    return least;
}

static void lint_whole_bound(const lint *l, const ast_pattern *sequence,
                             const ast_duration *all)
{
    edge together = {0, false, all->where};
    edge most = {duration_length(all, true), false, all->where};
    for (size_t i = 0; i < sequence->links.count; i++) {
        edge least = least_before(link_at(sequence, i));
        if (__builtin_add_overflow(together.length, least.length, &together.length))
            return;
        together.is_out |= least.is_out;
    }
    if (!excludes(together, most))
        return;
    warn(l, all->where, W0202,
         "nothing is ever all within this: the steps lie further apart");
    hint(l, "What stands behind \"all within\" holds from the first step to the "
            "last.");
}

void lint_bounds(const lint *l, const ast_pattern *sequence)
{
    for (size_t i = 1; i < sequence->links.count; i++)
        lint_step_bounds(l, link_at(sequence, i));
    for (size_t i = 0; !sequence->is_any_order && i < sequence->all_within.count; i++)
        lint_whole_bound(l, sequence, sequence->all_within.items[i]);
}
