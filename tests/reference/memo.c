/* SPDX-License-Identifier: MIT
 *
 * What was worked out before: a table that changes no answer, only how long one waits.
 */
#include "base/memory.h"
#include "reference/evaluator.h"

typedef struct entry {
    const void *what;
    size_t member, person;
    int64_t now, horizon;
    value v;
    struct entry *next;
} entry;

enum { SLOTS = 4096 };

struct memo {
    entry *slots[SLOTS];
};

value *memo_entry(reference *ref, const void *what, size_t member, size_t person,
                  int64_t now, bool *is_new)
{
    uint64_t key =
        (uint64_t)(uintptr_t)what * 31 + member * 7 + person * 1009 + (uint64_t)now;
    if (!ref->memo)
        ref->memo = memory_alloc_zero(sizeof *ref->memo);
    entry **slot = &ref->memo->slots[(key * UINT64_C(0x9e3779b97f4a7c15)) >> 52];
    for (entry *e = *slot; e; e = e->next)
        if (e->what == what && e->member == member && e->person == person &&
            e->now == now && e->horizon == ref->horizon) {
            *is_new = false;
            return &e->v;
        }
    entry *e = arena_alloc(ref->memory, sizeof *e);
    *e = (entry){.what = what,
                 .member = member,
                 .person = person,
                 .now = now,
                 .horizon = ref->horizon,
                 .next = *slot};
    *slot = e;
    *is_new = true;
    return &e->v;
}

void memo_free(struct memo *m)
{
    memory_free(m);
}
