/* SPDX-License-Identifier: MIT
 *
 * remembered -- what is kept of a run: who was in which segment, each one's group and score,
 * what the rules meant, and which outputs took it.
 *
 * People and accounts stand under their ids, sorted by bytes; the place of an id is the
 * number of its person in this run. So a run depends on nothing beside it: not on the order
 * in which people came up, nor on a store that may be made anew.
 */
#ifndef RUNS_REMEMBERED_H
#define RUNS_REMEMBERED_H

#include <roaring/roaring.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/text.h"
#include "value/type.h"

typedef enum remembered_kind {
    REMEMBERED_SEGMENT,
    REMEMBERED_GROUP,
    REMEMBERED_SCORE
} remembered_kind;

typedef struct remembered_rule {
    remembered_kind kind;
    slice path;      /* "vip", "lifecycle.active", "churn_risk" */
    slice set, name; /* of a group: "lifecycle", "active" */
    bool is_of_accounts;
    digest meaning; /* graph/rule_digest.h */
    uint64_t size;
    roaring_bitmap_t
        *members;       /* who is in it; of a score: who has a value. NULL in a head */
    type type;          /* of a score: */
    const slice *texts; /* one for each who has a value: of texts */
    const uint64_t *values; /* ... of all others; a double as its bits */
} remembered_rule;

/* An output that took the run, and what of it: NULL where nothing was noted, for it took all. */
typedef struct remembered_output {
    slice name;
    uint64_t baseline;          /* the run that it had taken before; 0: none */
    bool is_latest;             /* it had taken no run of a later instant */
    roaring_bitmap_t *rules;    /* the places of rules whose members it got, but for */
    roaring_bitmap_t *withheld; /* these people, whom it did not get */
} remembered_output;

/* People, or accounts. */
typedef struct remembered_ids {
    const slice *items; /* NULL in a head */
    size_t count;
} remembered_ids;

/* Ids as the file has them, once run_file_pack_ids has packed them. */
typedef struct packed_ids {
    char *bytes; /* NULL: they were not */
    size_t size, unpacked_size;
    bool has_merged; /* also when there are none */
} packed_ids;

typedef struct remembered_run {
    uint64_t number; /* 1, 2, ... in the order in which they were made */
    int64_t as_of, made_at;
    slice version;         /* of carpel */
    uint64_t rule_version; /* of the digests: others cannot be compared */
    digest content;        /* of instant, ids, rules and who is in them */
    uint64_t event_count;  /* of the data that was judged */
    int64_t first_time, last_time;
    remembered_output *outputs;
    size_t output_count;
    remembered_rule *rules; /* in the order of the rules */
    size_t rule_count;
    remembered_ids people, accounts;
    remembered_ids merged;       /* the other ids of people who have several */
    const uint32_t *merged_into; /* by place there: the place of the person in `people` */
    packed_ids packed;           /* all of these */
    arena *memory;               /* owns all but the bitmaps and what is packed */
} remembered_run;

remembered_run *remembered_run_new(void);
void remembered_run_free(remembered_run *r); /* accepts NULL */

/* Forget how its ids are packed: they are others from now on. */
void remembered_run_drop_packed(remembered_run *r);

/* The output of that name, or NULL. */
const remembered_output *remembered_output_of(const remembered_run *r, const char *name);

/* The same with a copy of what was noted, to be put among the outputs of another run. */
remembered_output remembered_output_copy(const remembered_output *o);

/* Did the output get the members of this rule of the run? NULL: it took all. */
bool remembered_output_took(const remembered_run *r, const remembered_output *o,
                            const remembered_rule *rule);

/* Do they go by the same name and kind, whatever they mean? */
bool remembered_rule_is(const remembered_rule *rule, const remembered_rule *like);

/* The rule of the run that is of the kind, path and population of `like`; NULL: it has none.
 * Accepts no run, NULL. */
const remembered_rule *remembered_run_find(const remembered_run *r,
                                           const remembered_rule *like);

/* Those who are judged by the rule. */
const remembered_ids *remembered_ids_of(const remembered_run *r,
                                        const remembered_rule *rule);

#endif
