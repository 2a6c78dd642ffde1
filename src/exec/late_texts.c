/* SPDX-License-Identifier: MIT
 *
 * A dictionary behind a lock, and beside it where each text is, in chunks that stay:
 * chunk k holds 2^k texts, from number 2^k - 1 on.
 */
#include "exec/late_texts.h"

#include <pthread.h>

#include "base/dictionary.h"
#include "base/memory.h"

enum { CHUNKS = 32 };

struct late_texts {
    pthread_mutex_t lock;
    dictionary *texts;
    slice *chunks[CHUNKS];
};

late_texts *late_texts_new(void)
{
    late_texts *l = memory_alloc_zero(sizeof *l);
    pthread_mutex_init(&l->lock, NULL);
    l->texts = dictionary_new();
    return l;
}

void late_texts_free(late_texts *l)
{
    if (l == NULL)
        return;
    for (size_t k = 0; k < CHUNKS; k++)
        memory_free(l->chunks[k]);
    dictionary_free(l->texts);
    pthread_mutex_destroy(&l->lock);
    memory_free(l);
}

static unsigned chunk_of(uint32_t number)
{
    return 31 - (unsigned)__builtin_clz(number + 1);
}

static slice *place_of(const late_texts *l, uint32_t number)
{
    unsigned k = chunk_of(number);
    return &l->chunks[k][number + 1 - (UINT32_C(1) << k)];
}

uint32_t late_texts_add(late_texts *l, slice text)
{
    pthread_mutex_lock(&l->lock);
    size_t count = dictionary_count(l->texts);
    uint32_t number = dictionary_add(l->texts, text.data, text.size);
    if (number == count) {
        unsigned k = chunk_of(number);
        if (l->chunks[k] == NULL)
            l->chunks[k] = memory_alloc_array((size_t)1 << k, sizeof(slice));
        *place_of(l, number) = dictionary_text(l->texts, number);
    }
    pthread_mutex_unlock(&l->lock);
    return number;
}

slice late_texts_get(const late_texts *l, uint32_t number)
{
    return *place_of(l, number);
}

size_t late_texts_count(const late_texts *l)
{
    return dictionary_count(l->texts);
}
