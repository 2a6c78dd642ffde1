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
 *     portion_done(&p);                                         // before the stream
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
    bool has_failed; /* behind the batches there was an error */
    carpel_error error;
};

void portion_init(portion *p, const mapping *m);
void portion_done(portion *p);

/* Read all of the stream, or up to a failure. */
void portion_read(portion *p, struct ArrowArrayStream *stream, const cancel *c);

#endif
