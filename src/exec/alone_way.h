/* SPDX-License-Identifier: MIT
 *
 * alone_way -- how a node is worked out for a person alone (alone.h).
 */
#ifndef EXEC_ALONE_WAY_H
#define EXEC_ALONE_WAY_H

#include "exec/block.h"

typedef enum evaluation_way {
    WAY_RUN,        /* it was worked out for all */
    WAY_GIVEN,      /* by an earlier pass */
    WAY_DECISION,   /* AND and OR */
    WAY_COMPARISON, /* of two values of a person */
    WAY_NOT,
    WAY_FOLD,       /* of no rows it is the same for everybody */
    WAY_PLAIN_FOLD, /* of rows whose number, or one of them, is all that is asked */
    WAY_KERNEL,     /* as in a block of many people */
    WAY_WINDOW,
    WAY_SHARED_WINDOW /* between two instants that are the same for everybody */
} evaluation_way;

evaluation_way way_of(const block *b, const node *n);

#endif
