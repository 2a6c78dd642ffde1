/* SPDX-License-Identifier: MIT
 *
 * portion -- what a stream gives, read and judged ahead in any thread, until the loader takes it
 * in its turn. So only what depends on the rows before (numbers of texts and people, places in the
 * total order) is done one portion after the other.
 *
 *     portion p;
 *     portion_init(&p, mapping);
 *     portion_read(&p, &stream, cancel);                        // a thread of many
 *     ok = loader_add_portion(loader, &p, lines_before, &err);  // in the order of the source
 *     while (ok && !p.is_over) ...                              // read and add again
 *     portion_done(&p);                                         // before the stream
 *
 * It holds so many batches at most, so a stream without an end takes no more memory than another.
 */
#ifndef INGEST_PORTION_H
#define INGEST_PORTION_H

#include "ingest/batch.h"
#include "ingest/refused_rows.h"

typedef struct portion portion;
struct portion {
    const mapping *mapping;
    struct ArrowSchema schema;
    batch *batches; /* judged */
    struct ArrowArray *arrays;
    size_t count, capacity;
    refused_rows refused;
    uint64_t next_row;  /* the number of the stream's row that comes next, from 1 ... */
    uint64_t first_row; /* ... and of the first at hand */
    uint64_t most_rows; /* about so many are at hand; 0: any number */
    bool is_over;       /* there is nothing behind the batches */
    bool has_failed;    /* behind the batches there was an error */
    carpel_error error;
};

void portion_init(portion *p, const mapping *m);
void portion_done(portion *p);

/* Forget the rows at hand, and read on: up to the end, a failure, `most_rows`, or so many batches. */
enum { PORTION_BATCHES = 16 };
void portion_read(portion *p, struct ArrowArrayStream *stream, const cancel *c);

#endif
