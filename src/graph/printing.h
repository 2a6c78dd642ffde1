/* SPDX-License-Identifier: MIT
 *
 * printing -- what the files of print.h share: each appends a part of a node in words.
 */
#ifndef GRAPH_PRINTING_H
#define GRAPH_PRINTING_H

#include "graph/print.h"

void print_append_domain(const graph *g, uint32_t id, text *out);
void print_append_detail(const graph *g, const node *n, text *out);
void print_append_type(const node *n, text *out);

#endif
