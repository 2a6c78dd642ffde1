/* SPDX-License-Identifier: MIT
 *
 * people_asked -- who has consented to a purpose, by what the store knows of them.
 */
#ifndef ENGINE_PEOPLE_ASKED_H
#define ENGINE_PEOPLE_ASKED_H

#include "engine/engine.h"

/* Where the people of a store say it. */
typedef struct consent_tables {
    const event_table *trait;             /* NULL: it is said by events: */
    const event_table *given, *withdrawn; /* and their kinds */
} consent_tables;

typedef struct people_asked {
    const engine *engine;
    const store *all_links;    /* identities.h */
    consent_tables now, later; /* of the people of the run; of those by all links */
    const event_kind *given_kind, *withdrawn_kind;
    int64_t as_of;
} people_asked;

/* False: the store cannot be read. */
bool people_ask(engine *e, const config_consent *c, int64_t as_of, people_asked *out,
                carpel_error *err);

/* Both at the instant and by all that is known. Of a gift and a withdrawal at the same time, the
 * withdrawal counts; who has said nothing has not consented. */
bool people_consent(const people_asked *asked, uint32_t person);

#endif
