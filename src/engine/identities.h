/* SPDX-License-Identifier: MIT
 *
 * identities -- who is one person, for the instant at which they are judged.
 *
 *     engine_people_at(e, as_of, &err);              // engine_store() has joined people then
 *     identity_view *v = engine_identity(e, "anon-7", as_of, &err);
 *     ... v->ids ... v->links ...
 *     identity_view_free(v);
 *
 * The rows of one person's ids are put together once for all instants at which the same ids are
 * theirs; what was made stays as long as the engine. Those of now are kept in the store
 * (kept_people.h), and then its parts are read when somebody asks for another instant.
 */
#ifndef ENGINE_IDENTITIES_H
#define ENGINE_IDENTITIES_H

#include "engine/engine.h"
#include "store/joined.h"
#include "store/row_origins.h"

/* Does the project join ids? */
bool engine_joins_people(const engine *e);

/* Let engine_store() be the store as it was loaded, with the ids of one person as one. Of a project that
 * joins none nothing changes. False: parts of the store cannot be read. */
bool engine_people_at(engine *e, int64_t as_of, carpel_error *err);

/* The store with the people of all links that are known, whichever instant is judged: engine_store()
 * itself where they are the same. NULL: as engine_people_at fails. */
const store *engine_store_of_all_links(engine *e, carpel_error *err);

/* The number there of somebody of engine_store(). */
uint32_t engine_person_of_all_links(const engine *e, const store *all_links,
                                    uint32_t person);

/* engine_close: all of it. */
void engine_end_people(engine *e);

/* Tell which ids and people are over a limit at the instant of engine_people_at, and which lines of `unlink` do
 * not do what they say. */
void engine_note_people(const engine *e, const engine_listener *listener);

/* An id of a person, or one that is linked with theirs. */
typedef struct identity_id {
    slice id;
    id_kind kind;
    int64_t since;
    bool is_theirs; /* else a link that does not hold names it */
} identity_id;

/* A link between two ids, by the first row that tells it. */
typedef struct identity_proof {
    slice a, b;
    int64_t time;
    link_state state;
    bool has_origin;
    row_origin origin;
    uint64_t rows; /* that tell it, as far as they are kept */
} identity_proof;

typedef struct identity_view {
    slice shown;
    identity_id *ids; /* theirs, the shown one first, then by time; then the others */
    size_t id_count, own_count;
    identity_proof *links; /* by time */
    size_t link_count;
    identity_refusal *refused; /* that concern them */
    size_t refused_count;
    identity_limits limits;
    const slice *texts; /* by number, of `refused` */
    arena *memory;
} identity_view;

/* All that links an id with others; NULL: nobody has the id, or as engine_people_at fails. */
identity_view *engine_identity(engine *e, const char *id, int64_t as_of,
                               carpel_error *err);
void identity_view_free(identity_view *v); /* accepts NULL */

/* What was refused of all people. */
typedef struct identity_totals {
    size_t ids[ID_KIND_COUNT]; /* how many there are of each kind */
    size_t people, people_with_several;
    const identity_refusal *refused; /* by id */
    size_t refused_count;
    const slice *texts; /* by number, of `refused` */
    identity_limits limits;
} identity_totals;
bool engine_identity_totals(engine *e, int64_t as_of, identity_totals *out,
                            carpel_error *err);

/* These ids, and all others of those whose they are, whenever that was known: to forget them. The first
 * `*unlinked` are those of these that nobody has. In memory of the engine. NULL: as engine_people_at fails. */
const char *const *engine_all_ids(engine *e, const char *const *ids, size_t count,
                                  size_t *out_count, size_t *unlinked, carpel_error *err);

#endif
