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

/* One event of a step, with room for its values. */
typedef struct imagining {
    imagined event;
    imagined_value values[ADVICE_VALUES];
    char fresh[16]; /* a text that was not there before */
} imagining;

/* A user is there when the trait names the account. */
static void imagine_user(const subject *s, int64_t at, size_t number, imagining *out)
{
    out->values[0] = (imagined_value){.text = slice_of(s->account)};
    out->event = (imagined){.person = s->count + number,
                            .is_trait = true,
                            .table = s->data->schema->account_trait,
                            .time = at,
                            .like = NO_LIKENESS,
                            .values = out->values,
                            .value_count = 1};
}

static void imagine(const advised *s, int64_t at, size_t number, imagining *out)
{
    snprintf(out->fresh, sizeof out->fresh, "(new %zu)", number);
    memcpy(out->values, s->values, sizeof s->values);
    for (size_t v = 0; v < s->value_count; v++)
        if (s->is_another[v])
            out->values[v].text = slice_of(out->fresh);
    out->event = (imagined){.person = s->person,
                            .is_trait = s->is_trait,
                            .table = s->table,
                            .time = at,
                            .like = s->like,
                            .values = out->values,
                            .value_count = s->value_count,
                            .has_item = s->has_item,
                            .list = s->list,
                            .item = s->item,
                            .item_value_count = s->item_value_count};
}

store *advice_store(const advice *a, const subject *s, int64_t until, int64_t at)
{
    imagining each[ADVICE_STEPS * ADVICE_TIMES];
    imagined all[ADVICE_STEPS * ADVICE_TIMES];
    size_t count = 0;
    for (size_t i = 0; i < a->step_count; i++)
        for (size_t k = 0; k < a->steps[i].times; k++, count++) {
            int64_t when = at + (i > 0 ? a->gap : 0);
            if (a->steps[i].is_user)
                imagine_user(s, when, count, &each[count]);
            else
                imagine(&a->steps[i], when, count + 1, &each[count]);
            all[count] = each[count].event;
        }
    return subject_store(s, until, all, count);
}

/* Does the condition hold for those to whom this happens, from `at` on? */
static bool would_do(advisor *a, const advice *t, int64_t at)
{
    const advice_request *r = a->request;
    run_options options = {.cancel = r->cancel};
    if (a->has_failed)
        return false;
    store *s = advice_store(t, r->subject, r->as_of, at);
    moments *m = r->subject->account
                     ? moments_new_of_account(r->plan, s, r->subject->account, &options)
                     : moments_new(r->plan, s, 0, &options);
    judge *j = moments_here(m, at + t->gap, a->err);
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
    return would_do(a, t, a->request->as_of);
}

/* Until when does it do? In growing steps, then in ever smaller ones. */
static void find_deadline(advisor *a, advice *t)
{
    int64_t begin = a->request->as_of, last, first = begin,
            step = MICROSECONDS_PER_DAY / 24;
    do {
        last = first;
        if (last >= begin + ADVICE_DAYS * MICROSECONDS_PER_DAY)
            return;
        first = last + step;
        step *= 2;
    } while (would_do(a, t, first));
    while (first - last > 1) {
        int64_t middle = last + (first - last) / 2;
        if (would_do(a, t, middle))
            last = middle;
        else
            first = middle;
    }
    t->has_deadline = true;
    t->deadline = first;
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

void advice_keep(advisor *a, const advice *found)
{
    advice kept = *found;
    kept.is_ordered = a->wishes.has_sequence;
    find_deadline(a, &kept);
    for (size_t i = 0; i < kept.step_count; i++) {
        keep_texts(a, kept.steps[i].values, kept.steps[i].value_count);
        keep_texts(a, kept.steps[i].item, kept.steps[i].item_value_count);
    }
    memory_grow((void **)&a->out->items, a->out->count, &a->out->capacity, sizeof kept);
    a->out->items[a->out->count++] = kept;
}
