/* SPDX-License-Identifier: MIT
 *
 * A list of messages.
 */
#include "engine/kept_messages.h"

#include "base/memory.h"

void kept_messages_add(kept_messages *k, carpel_log_level level, const char *message)
{
    memory_grow((void **)&k->items, k->count, &k->capacity, sizeof *k->items);
    k->items[k->count++] = (kept_message){level, memory_copy_string(message)};
}

static void forget(kept_messages *k)
{
    for (size_t i = 0; i < k->count; i++)
        memory_free(k->items[i].text);
    k->count = 0;
}

void kept_messages_tell(kept_messages *k, const host_listener *listener)
{
    for (size_t i = 0; i < k->count; i++)
        listener->log(listener->context, k->items[i].level, k->items[i].text);
    forget(k);
}

void kept_messages_done(kept_messages *k)
{
    forget(k);
    memory_free(k->items);
    *k = (kept_messages){0};
}
