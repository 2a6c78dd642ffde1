/* SPDX-License-Identifier: MIT
 *
 * retry -- what to do after an answer, and how long to wait before the next try.
 */
#ifndef WEBHOOK_RETRY_H
#define WEBHOOK_RETRY_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

typedef enum retry_verdict {
    VERDICT_TAKEN,
    VERDICT_AGAIN,    /* the same may go well later */
    VERDICT_REFUSED,  /* this batch never will */
    VERDICT_HOPELESS, /* nor will any other */
} retry_verdict;

/* `status` of HTTP; 0: there was no answer. */
retry_verdict retry_judge(long status);

/* Seconds to wait after the try with this number (from 0): `first`, then twice as long each
 * time, up to a minute, of which up to a half is left to chance (`chance` is 0 to 1). What
 * the receiver asks for in Retry-After (NULL: nothing), in seconds or as a date, is the
 * least, up to an hour. */
double retry_seconds(unsigned attempt, double first, double chance,
                     const char *retry_after, time_t now);

#endif
