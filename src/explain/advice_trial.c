/* SPDX-License-Identifier: MIT
 *
 * A change is told as a person's history of its own, and the engine is asked.
 */
#include <stdio.h>
#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "exec/block.h"
#include "exec/moments.h"
#include "explain/advising.h"
#include "value/calendar.h"

/* So much is tried to find what does, and of rows as much again for until when: what takes a few
 * hundredths of a second of somebody with few events, and some tenths of one with very many. */
enum { MOST_TRIALS = 400, MOST_ROWS = 1500000 };

/* What an event of a step has; those that have the same share it. */
typedef struct imagined_values {
    imagined_value values[ADVICE_VALUES];
    imagined_value item[ADVICE_VALUES];
    char fresh[16]; /* a text that was not there before */
} imagined_values;

/* A user is there when the trait names the account. */
static imagined imagine_user(const subject *s, int64_t at, size_t number,
                             imagined_values *own)
{
    own->values[0] = (imagined_value){.text = slice_of(s->account)};
    return (imagined){.person = s->count + number,
                      .is_trait = true,
                      .table = s->data->schema->account_trait,
                      .time = at,
                      .like = NO_LIKENESS,
                      .values = own->values,
                      .value_count = 1};
}

/* With the fresh text where another one is wanted. */
static void copy_values(const imagined_value *from, const bool *is_another, size_t count,
                        const char *fresh, imagined_value *to)
{
    for (size_t v = 0; v < count; v++) {
        to[v] = from[v];
        if (is_another[v])
            to[v].text = slice_of(fresh);
    }
}

static void imagine_values(const advised *s, size_t number, imagined_values *out)
{
    snprintf(out->fresh, sizeof out->fresh, "(new %zu)", number);
    copy_values(s->values, s->is_another, s->value_count, out->fresh, out->values);
    copy_values(s->item, s->item_is_another, s->item_value_count, out->fresh, out->item);
}

static imagined imagine(const advised *s, int64_t at, const imagined_values *own)
{
    return (imagined){.person = s->person,
                      .is_trait = s->is_trait,
                      .table = s->table,
                      .time = at,
                      .like = s->like,
                      .values = own->values,
                      .value_count = s->value_count,
                      .has_item = s->has_item,
                      .list = s->list,
                      .item = own->item,
                      .item_value_count = s->item_value_count};
}

/* Do its events differ? */
static bool has_another(const advised *s)
{
    bool has = false;
    for (size_t v = 0; v < ADVICE_VALUES; v++)
        has |= (v < s->value_count && s->is_another[v]) ||
               (v < s->item_value_count && s->item_is_another[v]);
    return has;
}

static size_t events_of(const advice *a)
{
    size_t count = 0;
    for (size_t i = 0; i < a->step_count; i++)
        count += a->steps[i].times;
    return count;
}

/* All events of a change, and what they have. */
typedef struct imagined_events {
    imagined_values *values;
    imagined *all;
    size_t count;
} imagined_events;

static size_t kinds_of_values(const advice *a)
{
    size_t count = 0;
    for (size_t i = 0; i < a->step_count; i++)
        count += has_another(&a->steps[i]) ? a->steps[i].times : 1;
    return count;
}

/* When the first step happens for the k-th time, counted from 0. */
static int64_t time_of(const advice *a, const zone *z, int64_t at, size_t k)
{
    return a->days_apart == 0 ? at : time_add_days(z, at, (int64_t)k * a->days_apart);
}

static void imagine_step(const advice *a, size_t i, const zone *z, const subject *s,
                         int64_t begin, imagined_values **own, imagined_events *e)
{
    const advised *step = &a->steps[i];
    bool do_differ = has_another(step);
    for (size_t k = 0; k < step->times; k++, e->count++) {
        int64_t at = i > 0 ? begin + a->gap : time_of(a, z, begin, k);
        if (k == 0 || do_differ)
            imagine_values(step, e->count + 1, ++*own);
        e->all[e->count] =
            step->is_user ? imagine_user(s, at, e->count, *own) : imagine(step, at, *own);
    }
}

static imagined_events imagine_all(const advice *a, const zone *z, const subject *s,
                                   int64_t at)
{
    imagined_events e = {.values =
                             memory_alloc_array(kinds_of_values(a) + 1, sizeof *e.values),
                         .all = memory_alloc_array(events_of(a) + 1, sizeof *e.all)};
    imagined_values *last = e.values;
    for (size_t i = 0; i < a->step_count; i++)
        imagine_step(a, i, z, s, at, &last, &e);
    return e;
}

static void imagined_events_done(imagined_events *e)
{
    memory_free(e->values);
    memory_free(e->all);
}

int64_t advice_end(const advice *a, const zone *z, int64_t at)
{
    size_t times = a->steps[0].times;
    return a->gap + (times > 0 ? time_of(a, z, at, times - 1) : at);
}

store *advice_store(const advice *a, const zone *z, const subject *s, int64_t until,
                    int64_t at)
{
    imagined_events e = imagine_all(a, z, s, at);
    store *made = subject_store(s, until, e.all, e.count);
    imagined_events_done(&e);
    return made;
}

/* The same, with what is known already. */
static store *trial_store(const advisor *a, const advice *t, int64_t at)
{
    imagined_events e = imagine_all(t, a->request->plan->zone, a->request->subject, at);
    store *made = histories_with(a->known, e.all, e.count);
    imagined_events_done(&e);
    return made;
}

/* Does the condition hold for those to whom this happens, from `at` on? */
static bool would_do(advisor *a, const advice *t, int64_t at)
{
    const advice_request *r = a->request;
    run_options options = {.cancel = r->cancel};
    if (a->has_failed)
        return false;
    store *s = trial_store(a, t, at);
    moments *m = r->subject->account
                     ? moments_new_of_account(r->plan, s, r->subject->account, &options)
                     : moments_new(r->plan, s, 0, &options);
    judge *j = moments_here(m, advice_end(t, r->plan->zone, at), a->err);
    bool holds = false;
    if (j) {
        const vector *v = judge_node(j, r->node);
        holds = vector_has(v, 0) && bitmap_get(v->values, 0);
    }
    a->has_failed |= !j;
    moments_free(m);
    store_free(s);
    return holds;
}

bool advice_does(advisor *a, const advice *t)
{
    size_t rows = a->rows + events_of(t);
    if (!advice_may_do(a, t) || a->trial_count == MOST_TRIALS ||
        rows > MOST_ROWS - a->rows_told)
        return false;
    a->trial_count++;
    a->rows_told += rows;
    return would_do(a, t, a->request->as_of);
}

/* When enough was tried, what is sure is told: it does up to there. */
static bool has_rows_left(advisor *a, const advice *t)
{
    size_t rows = a->rows + events_of(t);
    if (rows > MOST_ROWS - a->rows_told_for_deadlines)
        return false;
    a->rows_told_for_deadlines += rows;
    return true;
}

/* Until when does it do? In growing steps, then in ever smaller ones. */
static void find_deadline(advisor *a, advice *t)
{
    int64_t begin = a->request->as_of, last, first = begin,
            step = MICROSECONDS_PER_DAY / 24;
    bool does = true;
    while (does) {
        last = first;
        if (last >= begin + ADVICE_DAYS * MICROSECONDS_PER_DAY)
            return;
        first = last + step;
        step *= 2;
        does = has_rows_left(a, t) && would_do(a, t, first);
    }
    while (first - last > 1 && has_rows_left(a, t)) {
        int64_t middle = last + (first - last) / 2;
        if (would_do(a, t, middle))
            last = middle;
        else
            first = middle;
    }
    t->has_deadline = true;
    t->deadline = last + 1;
}

/* The graph's texts end with it. */
static void keep_texts(advisor *a, imagined_value *values, size_t count)
{
    for (size_t v = 0; v < count; v++) {
        slice text = values[v].text;
        if (text.data)
            values[v].text.data = arena_copy_text(a->memory, text.data, text.size);
    }
}

/* ---- what is told ------------------------------------------------------------ */

static bool is_same_value(const imagined_value *a, const imagined_value *b)
{
    return a->property == b->property && a->integer == b->integer &&
           memcmp(&a->number, &b->number, sizeof a->number) == 0 &&
           slice_equals(a->text, b->text);
}

static bool are_same_values(const imagined_value *a, size_t a_count,
                            const imagined_value *b, size_t b_count)
{
    bool is_same = a_count == b_count;
    for (size_t i = 0; is_same && i < a_count; i++)
        is_same = is_same_value(&a[i], &b[i]);
    return is_same;
}

static bool is_same_step(const advised *a, const advised *b)
{
    return a->person == b->person && a->is_user == b->is_user &&
           a->is_trait == b->is_trait && a->table == b->table && a->times == b->times &&
           a->like == b->like && a->has_item == b->has_item &&
           (!a->has_item || a->list == b->list) &&
           memcmp(a->is_another, b->is_another, sizeof a->is_another) == 0 &&
           memcmp(a->item_is_another, b->item_is_another, sizeof a->item_is_another) ==
               0 &&
           are_same_values(a->values, a->value_count, b->values, b->value_count) &&
           are_same_values(a->item, a->item_value_count, b->item, b->item_value_count);
}

/* Of an account, two conditions may ask the same of somebody. */
static bool is_told(const advisor *a, const advice *t)
{
    for (size_t i = 0; i < a->out->count; i++) {
        const advice *other = &a->out->items[i];
        bool is_same = other->step_count == t->step_count && other->gap == t->gap &&
                       other->days_apart == t->days_apart;
        for (size_t k = 0; is_same && k < t->step_count; k++)
            is_same = is_same_step(&other->steps[k], &t->steps[k]);
        if (is_same)
            return true;
    }
    return false;
}

void advice_keep(advisor *a, const advice *found)
{
    advice kept = *found;
    if (is_told(a, found))
        return;
    kept.is_ordered = a->wishes.has_sequence;
    find_deadline(a, &kept);
    for (size_t i = 0; i < kept.step_count; i++) {
        keep_texts(a, kept.steps[i].values, kept.steps[i].value_count);
        keep_texts(a, kept.steps[i].item, kept.steps[i].item_value_count);
    }
    memory_grow((void **)&a->out->items, a->out->count, &a->out->capacity, sizeof kept);
    a->out->items[a->out->count++] = kept;
}
