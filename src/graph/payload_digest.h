/* SPDX-License-Identifier: MIT
 *
 * payload_digest -- what a node carries beside its operands, as a part of its digest: numbers
 * that only this graph knows stand for what they name. For rule_digest.c only.
 */
#ifndef GRAPH_PAYLOAD_DIGEST_H
#define GRAPH_PAYLOAD_DIGEST_H

#include "base/digest.h"
#include "graph/graph.h"
#include "graph/rule_digest.h"

/* A graph whose nodes get their digests. */
typedef struct digesting {
    const graph *graph;
    const rule_calendar *calendar;
    const char *account_trait;      /* of accounts; NULL: people are judged */
    const struct digesting *people; /* of accounts: what they import is there */
    digest *nodes, *domains;        /* by number; those of nodes below are known */
    bool *is_domain_known;
    enum domain_order { ORDER_UNKNOWN, ORDER_FREE, ORDER_MATTERS } * order;
} digesting;

void payload_digest_put(digesting *d, digest_input *in, const node *n);
void payload_digest_put_sequence(const digesting *d, digest_input *in, const sequence *s);

/* rule_digest.c: what is judged again and again. */
void digest_put_judgement(digesting *d, digest_input *in, const judgement *j);

#endif
