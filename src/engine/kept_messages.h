/* SPDX-License-Identifier: MIT
 *
 * kept_messages -- what a plugin says while a part of its source is read ahead, until the turn of that part
 * comes.
 */
#ifndef ENGINE_KEPT_MESSAGES_H
#define ENGINE_KEPT_MESSAGES_H

#include "plugin/host.h"

typedef struct kept_message {
    carpel_log_level level;
    char *text;
} kept_message;

/* Zeroed before it is used. */
typedef struct kept_messages {
    kept_message *items;
    size_t count, capacity;
} kept_messages;

void kept_messages_add(kept_messages *k, carpel_log_level level, const char *message);

/* Tell them, and forget them. */
void kept_messages_tell(kept_messages *k, const host_listener *listener);

void kept_messages_done(kept_messages *k);

#endif
