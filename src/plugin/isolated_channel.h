/* SPDX-License-Identifier: MIT
 *
 * isolated_channel -- a child that calls an isolated plugin, and what it tells of one call; for
 * isolation.c only.
 *
 * channel_begin makes the child, channel_take_answer waits for what it answers, channel_next gives what
 * follows, and channel_end waits for its end. Pieces of a reading have channels of their own to the child of
 * the reading: channel_new, channel_free. An output's child has a duct for orders, too. A child that crashes, sleeps or tells what cannot be read fails
 * the plugin's instance (host_failure), with a message of the function that was at work.
 */
#ifndef PLUGIN_ISOLATED_CHANNEL_H
#define PLUGIN_ISOLATED_CHANNEL_H

#include <pthread.h>

#include "plugin/isolated_parts.h"

/* Why a child is ended by force. */
typedef enum force {
    FORCE_NONE,    /* it ends by itself */
    FORCE_STOPPED, /* the user wants no more of it */
    FORCE_SILENT,
    FORCE_ENDLESS, /* it was to end, and works on */
    FORCE_GARBLED  /* what it tells is not whole, or cannot be */
} force;

/* A child. */
typedef struct worker {
    const isolation *isolation;
    isolated_common *common;
    int child,
        orders; /* a socket, for a reading, or the end of a duct, for an output; else -1 */
    char *rings; /* for batches; NULL: there are none */
    size_t ring_count, order_ring;
    pthread_mutex_t lock; /* of what follows */
    bool *is_lent;        /* of each ring: a channel has it, or the orders have */
    atomic_bool has_ended;
    force force;    /* the first */
    bool is_forced; /* it had not ended by itself before */
    child_end end;
} worker;

/* What a child tells of one call. */
typedef struct channel {
    worker *worker;
    plugin_host *host;
    duct_reader *in;
    size_t ring; /* or ISOLATED_NO_RING */
    const carpel_column *columns;
    size_t column_count;
    isolated_shape shape;
    isolated_place at;      /* behind the last batch */
    char *cursor;           /* there; or NULL */
    bool has_all;           /* that is wanted of it, or will come */
    bool is_held;           /* who wants to stop has to wait */
    bool is_deaf;           /* it follows no order any more, and ends */
    struct channel **place; /* of a piece: where it is known, until it is freed */
    unsigned alive;         /* as it was at `since` */
    double since, stopped;  /* seconds; stopped 0: nobody wants the end */
    carpel_error error;
} channel;

/* Begin a child for the task. NULL: there is none, and *err says why. */
channel *channel_begin(plugin_host *host, const isolated_task *task, carpel_error *err);

/* Another channel of the child; nobody is to read what it writes but the end of `in`. The child has to hear of
 * its ring. */
channel *channel_new(worker *w, plugin_host *host, int in);
void channel_free(channel *c);

/* Nothing that it still tells is wanted: another channel may have its ring. */
void channel_hear_no_more(channel *c);

/* The call is over: wait for the child's end, and free both. Whatever it still tells is not heard. */
void channel_end(channel *c);

/* The kind of the next message that is not for the host alone; 0: none comes whole. */
char channel_next(channel *c);

/* Wait for the answer of a call, with so much behind it. */
bool channel_take_answer(channel *c, void *out, size_t size, carpel_error *err);

/* What goes to the child of an output; owned by the caller. */
duct_writer *channel_take_orders(channel *c);

/* Where the source is; false: it does not come whole. */
bool channel_get_place(channel *c);

/* A text of the child that the caller frees; NULL: it does not come. */
char *channel_get_text(channel *c, size_t *size);

/* A failure that the child tells: MESSAGE_FAILED came. */
bool channel_take_failure(channel *c, carpel_error *err);

/* What comes from the child is not there, or not whole. */
bool channel_fail_end(channel *c, carpel_error *err);

/* There is no memory for what the child tells: nobody hears it any more, and it is not to blame. */
bool channel_fail_memory(channel *c, carpel_error *err);

/* The child told that the plugin broke the contract. */
void channel_break(plugin_host *host, const carpel_error *err);

bool channel_fail_to_begin(carpel_error *err);

#endif
