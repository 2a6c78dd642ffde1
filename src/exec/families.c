/* SPDX-License-Identifier: MIT */
#include "exec/families.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static int compare_keys(const family_question *a, const family_question *b)
{
    if (a->key_count != b->key_count)
        return a->key_count < b->key_count ? -1 : 1;
    for (size_t i = 0; i < a->key_count; i++)
        if (a->key[i] != b->key[i])
            return a->key[i] < b->key[i] ? -1 : 1;
    return 0;
}

static int compare_questions(const void *a, const void *b)
{
    const family_question *x = a, *y = b;
    int order = compare_keys(x, y);
    if (order == 0)
        order = (x->from > y->from) - (x->from < y->from);
    return order != 0 ? order : (x->id > y->id) - (x->id < y->id);
}

void families_sort(family_question *questions, size_t count)
{
    qsort(questions, count, sizeof *questions, compare_questions);
}

size_t family_end(const family_question *questions, size_t count, size_t first)
{
    int64_t until = questions[first].until;
    size_t end = first + 1;
    for (; end < count; end++) {
        const family_question *next = &questions[end];
        if (compare_keys(next, &questions[first]) != 0 || next->from >= until)
            break;
        until = next->until > until ? next->until : until;
    }
    return end;
}

void families_free(family_question *questions, size_t count)
{
    for (size_t i = 0; i < count; i++)
        memory_free(questions[i].key);
    memory_free(questions);
}
