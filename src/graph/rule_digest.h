/* SPDX-License-Identifier: MIT
 *
 * rule_digest -- what each rule means, as a digest: whether a rule of today is the rule of
 * yesterday.
 *
 *     rule_digests *d = rule_digests_new(g, &calendar);
 *     ... rule_digests_of(d, 3) ...                  // of g->rules[3]
 *     rule_digests_free(d);
 *
 * It is worked out from the nodes below a rule, each by the name of its kind, and from what
 * these name in the project: properties, lists, scripts, the calendar. It does not
 * depend on the names of rules, their texts, their order and files, what other rules there
 * are, the numbers of nodes, or the machine. Two forms of a rule have one digest where the
 * graph makes them one node; a rule whose form is another may mean the same all the same.
 *
 * Digests are kept on disk (docs/runs-format.md): what changes one of a rule that means what
 * it meant takes a new RULE_DIGEST_VERSION.
 */
#ifndef GRAPH_RULE_DIGEST_H
#define GRAPH_RULE_DIGEST_H

#include "base/digest.h"
#include "base/weekday.h"
#include "graph/graph.h"

#define RULE_DIGEST_VERSION 1

/* What days and weeks are. */
typedef struct rule_calendar {
    const char *zone; /* "Europe/Berlin" */
    weekday week_start;
} rule_calendar;

typedef struct rule_digests rule_digests;

/* Of the people's graph and, when there are any, of the accounts' below it. */
rule_digests *rule_digests_new(const graph *g, const rule_calendar *calendar);
digest rule_digests_of(const rule_digests *d, size_t rule);
digest rule_digests_of_accounts(const rule_digests *d, size_t rule); /* of g->accounts */
void rule_digests_free(rule_digests *d);                             /* accepts NULL */

#endif
