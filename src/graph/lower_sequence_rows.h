/* SPDX-License-Identifier: MIT
 *
 * lower_sequence_rows -- which rows a sequence looks at, each table of a step by itself, so
 * that no union of them has to be made.
 */
#ifndef GRAPH_LOWER_SEQUENCE_ROWS_H
#define GRAPH_LOWER_SEQUENCE_ROWS_H

#include "graph/lowering.h"

/* A sequence on its way into the graph. Arrays are in the lowering's memory. */
typedef struct sequence_lowering {
    struct lowering *lowering;
    const ast_pattern *pattern;
    const ast_list *windows;
    context context;
    vantage from;
    sequence shape; /* rows are filled in by: */
    sequence_rows *rows;
    uint32_t *members;
    const row_set **row_sets; /* without masks */
    size_t capacity;
    struct {
        const node **items;
        size_t count, capacity;
    } inputs;
} sequence_lowering;

/* Fill in the rows, the members and the inputs of the sequence's domain. */
void lower_sequence_rows(sequence_lowering *l);

#endif
