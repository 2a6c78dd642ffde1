/* SPDX-License-Identifier: MIT
 *
 * Entries of streams.
 */
#include "redis/entries.h"

#include <string.h>

static bool are_texts(const redisReply *reply)
{
    for (size_t i = 0; i < reply->elements; i++)
        if (reply->element[i]->type != REDIS_REPLY_STRING)
            return false;
    return true;
}

bool entry_read(const redisReply *entry, entry_id *id)
{
    return entry->type == REDIS_REPLY_ARRAY && entry->elements == 2 &&
           entry->element[0]->type == REDIS_REPLY_STRING &&
           entry_id_read(entry->element[0]->str, (size_t)entry->element[0]->len, id) &&
           entry->element[1]->type == REDIS_REPLY_ARRAY &&
           entry->element[1]->elements % 2 == 0 && are_texts(entry->element[1]);
}

const redisReply *entry_field(const redisReply *fields, const char *name)
{
    size_t size = strlen(name);
    for (size_t i = fields->elements; i >= 2; i -= 2) {
        const redisReply *field = fields->element[i - 2];
        if ((size_t)field->len == size && memcmp(field->str, name, size) == 0)
            return fields->element[i - 1];
    }
    return NULL;
}
