/* SPDX-License-Identifier: MIT
 *
 * identity -- which ids are one person, as the links between them say.
 *
 * A link says that two ids are one person's, since an instant. All links that are known at an
 * instant are judged together, so that it does not matter in which order they came:
 *
 *     1. of each id it is counted with how many others it is linked; one that is over the limit
 *        of its kind is a shared one, and none of its links holds
 *     2. ids that links join are one person; one who has more ids than a person may have loses
 *        the links of the weakest kind, until it fits
 *     3. the id that is shown is the oldest of the strongest kind
 *
 *     identity_answer a = identity_resolve(&question, memory);
 *     uint32_t who = a.shown[id];            // ids with one `shown` are one person
 */
#ifndef STORE_IDENTITY_H
#define STORE_IDENTITY_H

#include "base/arena.h"
#include "base/text.h"
#include "value/id_kind.h"

typedef struct identity_link {
    uint32_t a, b;  /* numbers of ids; equal: it tells only of which kind the id is */
    id_kind kind;   /* of b */
    int64_t time;   /* since when it is known; TIME_MIN: since ever */
    bool is_undone; /* the project says that it is wrong */
} identity_link;

typedef struct identity_limits {
    uint32_t linked[ID_KIND_COUNT]; /* with so many ids one of the kind may be linked */
    uint32_t ids;                   /* so many a person may have */
} identity_limits;

typedef struct identity_question {
    const slice *ids; /* all differ */
    const int64_t *since;
    size_t id_count;
    const identity_link *links;
    size_t link_count;
    identity_limits limits;
    int64_t until; /* later links are not known */
} identity_question;

/* What becomes of a link. */
typedef enum link_state {
    LINK_HOLDS,
    LINK_LATER,
    LINK_UNDONE,
    LINK_OF_SHARED_ID, /* one of its ids is over its limit */
    LINK_OF_FULL_PERSON
} link_state;

/* An id, or a person, over the limit. */
typedef struct identity_refusal {
    link_state state; /* LINK_OF_SHARED_ID or LINK_OF_FULL_PERSON */
    uint32_t id;      /* of a person: the one that would be shown */
    id_kind kind;     /* of the id; of a person that of the links that were lost */
    uint32_t count;   /* of ids with which it is linked, or that the person would have */
} identity_refusal;

typedef struct identity_answer {
    uint32_t *shown;   /* by id: the one that stands for its person */
    id_kind *kinds;    /* by id; what no link tells is a user's */
    link_state *links; /* by link */
    identity_refusal *refused;
    size_t refused_count;
} identity_answer;

identity_answer identity_resolve(const identity_question *q, arena *memory);

#endif
