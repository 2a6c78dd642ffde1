/* SPDX-License-Identifier: MIT
 *
 * identity_parts -- what an engine knows of the people whose ids are joined; for the files of this folder
 * that do so.
 */
#ifndef ENGINE_IDENTITY_PARTS_H
#define ENGINE_IDENTITY_PARTS_H

#include "engine/identities.h"
#include "engine/parts.h"

/* People as they are from an instant on, until another. */
typedef struct people {
    int64_t from, until; /* INT64_MAX: for ever */
    store *joined;       /* or NULL: as it was loaded */
    joined_numbers numbers;
    slice notes;      /* of people who were kept joined: lines, each with a NUL */
    bool is_resolved; /* the answer is there */
    identity_answer answer;
    arena *memory;
    struct people *next;
} people;

typedef struct engine_identities {
    store *
        opened; /* as the engine has it without joining: loaded, or with people who were kept joined */
    store *loaded; /* NULL: its parts are not read yet */
    arena *memory;
    store_links *links;      /* NULL: not read yet */
    uint32_t (*unlinked)[2]; /* by line of `unlink`; DICTIONARY_NONE: nobody's id */
    bool *does_undo;         /* by line: a link that rows tell */
    people *known;           /* the latest first */
    const people *at;        /* whose store the engine has */
} engine_identities;

identity_limits engine_identity_limits(const engine *e);

/* The instant whose links join the people of this one: with `links: latest`, it is the same for all. */
int64_t engine_instant_of_links(const engine *e, int64_t as_of);

/* Are people who are so from an instant on, until another, so at this one? */
bool people_last_at(int64_t from, int64_t until, int64_t instant);

/* The people at an instant with the answer of the links, which are read; of a project that joins ids. NULL: err
 * is filled. */
const people *engine_resolve_people(engine *e, int64_t as_of, carpel_error *err);

/* The same as engine_people_at(), with numbers by which people of several instants can be compared. */
bool engine_numbered_people_at(engine *e, int64_t as_of, carpel_error *err);

/* Whose store the engine has, and going back to them. */
const people *engine_people_now(const engine *e);
void engine_use_people(engine *e, const people *p);

/* The store of the engine has people who were kept joined, as they are between these instants. */
void engine_use_kept_people(engine *e, int64_t from, int64_t until, slice notes);

#endif
