/* SPDX-License-Identifier: MIT
 *
 * withheld -- what an output did not get of a run, and why: some people, or a segment as a whole.
 */
#ifndef ENGINE_WITHHELD_H
#define ENGINE_WITHHELD_H

#include <stdint.h>

#include "base/text.h"

typedef enum withheld_reason {
    WITHHELD_NO_CONSENT, /* people who have not consented to the purpose `of` */
    WITHHELD_ON_LIST,    /* people of the list `of` */
    WITHHELD_TOO_FEW,    /* the segment `of`, which has fewer than `count` */
    WITHHELD_TELLING, /* the column of the set `of`: fewer than `count` would be without a group, and
                               so be told by that */
    WITHHELD_OTHER_PURPOSE, /* the segment `of`, which is for `purpose` */
    WITHHELD_OF_ACCOUNTS    /* the segment `of`, about accounts, where people are asked */
} withheld_reason;

extern const char *const withheld_words[]; /* "no consent", ... by withheld_reason */

typedef struct withheld {
    const char *output;
    withheld_reason reason;
    const char *of, *purpose;
    uint64_t count; /* of people who would have got through; or the least number */
    const char *
        many; /* WITHHELD_TOO_FEW, WITHHELD_TELLING: of whom it has too few, "people" or "accounts" */
} withheld;

/* Are people withheld one by one, and not a segment as a whole? */
bool withheld_are_people(const withheld *w);

/* Append it as a sentence, with an end of line. */
void withheld_append(const withheld *w, text *out);

#endif
