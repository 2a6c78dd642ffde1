/* SPDX-License-Identifier: MIT
 *
 * What both sides of an isolated plugin know; for isolat*.c only.
 *
 * Each call of the plugin is answered by one message or more of the child, a byte for its kind and
 * what belongs to it:
 *
 *     log, progress, refused    at any time, for the parent's host
 *     done                      the call went well, with what it answers
 *     failed                    an isolated_failure
 *     shape                     of the batches, behind the done of an opening
 *     batch                     where the source is then, and the rows
 *     end                       where the source is then
 *     want                      an output wants the next batch
 *     file                      an output opens a file of the host's
 *     bytes                     and writes to it
 *
 * An output is ordered by its parent what to do, an isolated_order each; what it asks for is answered there, too,
 * behind one. A child that could not read an order or what belongs to it wholly follows none any more: what
 * comes next might be a remainder of rows.
 */
#ifndef PLUGIN_ISOLATED_PARTS_H
#define PLUGIN_ISOLATED_PARTS_H

#include "base/child.h"
#include "plugin/guarded.h"
#include "plugin/isolated_rows.h"
#include "plugin/isolation.h"

enum {
    MESSAGE_LOG = 'L',
    MESSAGE_PROGRESS = 'P',
    MESSAGE_REFUSED = 'R',
    MESSAGE_DONE = 'D',
    MESSAGE_FAILED = 'F',
    MESSAGE_SHAPE = 'S',
    MESSAGE_BATCH = 'B',
    MESSAGE_END = 'E',
    MESSAGE_WANT = 'N',
    MESSAGE_FILE = 'O',
    MESSAGE_BYTES = 'W',
};

enum {
    ORDER_WRITE = 'w',
    ORDER_PREPARE = 'p',
    ORDER_COMMIT = 'c',
    ORDER_ABORT = 'a',
    ORDER_CLOSE = 'q',
    ORDER_BATCH = 'b', /* what was wanted */
    ORDER_NO_MORE = 'e',
    ORDER_FAILED = 'f', /* a carpel_error: the rows end too early */
    ORDER_OPENED = 'o', /* an isolated_opened: the file that was asked for */
};

/* What rows do not have in them by chance. */
#define ISOLATED_ORDER_MAGIC UINT64_C(0xc3a7be1d5f92e806)

typedef struct isolated_order {
    uint64_t magic;
    uint64_t number; /* one more than that of the order before; the first is 1 */
    uint64_t kind;
} isolated_order;

/* Longer texts are not believed. */
enum { ISOLATED_LONGEST_TEXT = 1 << 20 };

typedef struct isolated_failure {
    carpel_error error;
    bool is_broken; /* the contract: the message says so already */
    bool
        is_deaf; /* the child of an output aborts, closes and ends without further orders */
    bool is_later;
    double pause_seconds;
    carpel_piece_place place; /* of a piece */
} isolated_failure;

/* Where a stream is behind its last batch. A cursor that is good comes behind it, as a text. */
typedef struct isolated_place {
    bool has_cursor, is_cursor_good;
    carpel_error cursor_error;
    carpel_piece_place place; /* of a piece */
} isolated_place;

/* Memory of both, in which there are no bools: the child may write anything there. */
typedef struct isolated_common {
    cancel cancel;          /* asked by the parent */
    atomic_uint alive;      /* grows with each sign of life */
    call_board calls;       /* at work */
    atomic_uint is_done;    /* the child has nothing more to do */
    atomic_uint has_failed; /* and this is what it found then */
    carpel_error error;
} isolated_common;

/* What a child is to do, of which one is not NULL or answers true. */
typedef struct isolated_task {
    const carpel_request *request;
    bool is_reading, is_acknowledge, wants_cursors;
    size_t piece_bytes;
    const carpel_inquiry *inquiry;
    const char *cursor;              /* to acknowledge */
    const carpel_delivery *delivery; /* to an output */
} isolated_task;

/* What an output is told of the file that it opens. */
typedef struct isolated_opened {
    uint64_t number;
    bool is_open;
    carpel_error error;
} isolated_opened;

/* No ring: what is told goes through the sockets of its duct. */
#define ISOLATED_NO_RING SIZE_MAX

/* A piece that the parent wants, which comes with the end of a duct. */
typedef struct isolated_wish {
    size_t piece;
    uint64_t begin;
    size_t ring;
} isolated_wish;

static inline duct_ring *isolated_ring(char *rings, size_t number)
{
    return number == ISOLATED_NO_RING
               ? NULL
               : (duct_ring *)(void *)(rings + number * duct_ring_size());
}

/* What a child tells and is told through. */
typedef struct isolated_ends {
    char *rings; /* of ducts; by their numbers, duct_ring_size() each */
    int out;     /* of a duct */
    size_t out_ring;
    int orders; /* a socket with wishes, for a reading, or the end of a duct, for an output */
    size_t order_ring;
} isolated_ends;

/* isolated_child.c: do it, and tell what comes of it. `host` is the parent's. */
void isolated_work(const isolation *i, const isolated_task *task, plugin_host *host,
                   isolated_common *common, const isolated_ends *ends);

#endif
