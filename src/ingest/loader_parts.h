/* SPDX-License-Identifier: MIT
 *
 * loader_parts -- what the loader is made of; for loader.c and loader_finish.c only.
 */
#ifndef INGEST_LOADER_PARTS_H
#define INGEST_LOADER_PARTS_H

#include "ingest/batch.h"
#include "ingest/cleaned_totals.h"
#include "ingest/loader.h"
#include "store/last_rows.h"

struct loader {
    const schema *schema;
    quarantine *quarantine;
    const cancel *cancel;
    size_t thread_count;
    origins *origins;    /* or NULL */
    loader_spill *spill; /* or NULL */
    void *spill_context;
    size_t limit_bytes;  /* of the rows before it is called */
    dictionary *persons; /* NULL: nothing was taken yet, and there are no tables */
    known_times known;   /* of the persons */
    link_set links;
    size_t kind_count; /* with the lists */
    raw_table *kinds, *traits;
    uint64_t row_count, skipped_count, repeated_count;
    cleaned_totals cleaned;
    told_change *told_change; /* or NULL */
    void *told_context;
    taken_ids *ids;    /* of rows that have one */
    last_rows *last;   /* of the source at hand, where the last row with an id counts */
    bool is_looking;   /* for these; nothing is taken */
    uint64_t id_count; /* rows of the source at hand that have an id */
    bool has_row_behind;
    uint64_t arrival;    /* of the next row, over all sources */
    uint64_t item_count; /* of all lists */
};

/* Make tables where there are none; release what there is of them. */
void loader_need_tables(loader *l);
void loader_end_tables(loader *l);

#endif
