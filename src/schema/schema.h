/* SPDX-License-Identifier: MIT
 *
 * schema -- the event kinds and traits of a project, with the types of their properties.
 *
 * A trait is stored as a small event kind of its own: one row for each time it was set.
 * Records are taken apart: the field `city` of the record `address` is the property
 * "address.city". A list inside an event is a kind of its own, too, whose rows belong
 * to rows of the event's kind instead of to a person and an instant.
 *
 * A trait that is a list has no place among the traits: each time it was set is a row of
 * a kind without properties, called "user.tags", and its items are a list inside that.
 */
#ifndef SCHEMA_SCHEMA_H
#define SCHEMA_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "config/project.h"
#include "report/diags.h"
#include "base/name_index.h"
#include "value/type.h"

#define SCHEMA_NONE ((size_t)-1)

typedef struct property {
    const char *name;
    span where;
    type type;
    type_details details;
} property;

/* Where the events of a kind come from. */
typedef enum kind_derivation {
    KIND_FROM_DATA,
    KIND_LIST,     /* the items of a list inside the events of `parent` */
    KIND_SETTINGS, /* the times at which people got a new list as their trait */
    KIND_SESSIONS, /* runs of a person's events without a longer gap than the project's */
    KIND_LINKS,    /* the times at which a row named several ids of a person */
    KIND_USERS /* of an account: a row for each of its people; their traits are its properties */
} kind_derivation;

/* The one property of the items of a list of plain values, such as `tags: [string]`. */
#define SCHEMA_ITEM_VALUE "value"

typedef struct event_kind {
    const char *name;
    span where;
    kind_derivation derivation;
    size_t parent; /* LIST: the kind whose events hold the list */
    bool is_plain; /* LIST: of values, which are its only property */
    property *properties;
    size_t property_count;
    bool has_kept_from; /* events before `kept_from` are not kept, and not there */
    int64_t kept_from;
    name_index names; /* of the properties; empty in what was put together by hand */
    name_index lists; /* the numbers of the kinds of its lists */
} event_kind;

typedef struct schema {
    event_kind
        *kinds; /* those of the data, then their lists and those that are derived */
    size_t kind_count; /* of the data */
    size_t derived_count;
    name_index event_names; /* of the kinds that are no lists */
    property *traits;
    size_t trait_count;
    name_index trait_names;
    name_index list_traits; /* the numbers of the kinds of their settings */
    int64_t session_gap;    /* microseconds; 0: sessions are not derived */
    size_t
        account_trait; /* which names a person's account; SCHEMA_NONE: there are none */
} schema;

/* Properties that every event has by itself; no data property may be called so. */
typedef enum pseudo_property {
#define X(NAME, name, meaning, example) PSEUDO_##NAME,
#include "schema/event_values.def"
#undef X
    PSEUDO_COUNT
} pseudo_property;
const char *pseudo_property_name(pseudo_property p);
bool pseudo_property_find(const char *name, pseudo_property *out);

/* Room for kinds that are derived from the data, beside the lists. */
#define SCHEMA_MAX_DERIVED 3

/* Derive sessions with this gap, unless the data bring events of that name. */
void schema_add_sessions(schema *s, int64_t gap_microseconds, arena *memory);

/* Let this trait name the account of a person: there is a kind "user" then. */
void schema_add_accounts(schema *s, size_t trait, arena *memory);

/* Keep the links between the ids of people: what the other id is, and its kind. */
enum { LINK_COLUMN_ID, LINK_COLUMN_KIND };
#define LINK_OWN                                                                         \
    "own " /* before a kind: it is that of the person's own id, and the row has no other */
void schema_add_links(schema *s, arena *memory);
size_t schema_find_links(const schema *s); /* the number of that kind, or SCHEMA_NONE */

/* Read the types of a project. Reports unknown types, properties with the name of a
 * pseudo-property (saying which rename to write), kinds called `user` or `anything`, and
 * lists inside lists. Lives in `memory`. Never NULL. */
schema *schema_new(const project *p, arena *memory, diags *diags);

size_t schema_find_kind(const schema *s, const char *name); /* or SCHEMA_NONE */
size_t schema_find_event(const schema *s,
                         const char *name); /* sessions, too; not lists */
size_t schema_find_list(const schema *s, size_t parent, const char *name);
size_t schema_find_trait(const schema *s, const char *name); /* that is no list */

/* Of a trait that is a list: the kind of its settings, or SCHEMA_NONE. */
size_t schema_find_list_trait(const schema *s, const char *name);

/* Has the kind rows of its own in a store, with a person and a time? */
static inline bool kind_is_stored(const event_kind *kind)
{
    return kind->derivation == KIND_FROM_DATA || kind->derivation == KIND_SETTINGS ||
           kind->derivation == KIND_LINKS;
}

/* Is an event of the kind too old to be there? */
static inline bool kind_is_over(const event_kind *kind, int64_t time)
{
    return kind->has_kept_from && time < kind->kept_from;
}
size_t kind_find_property(const event_kind *kind, const char *name);

/* All kinds, with the lists and the derived ones. */
size_t schema_total(const schema *s);

/* The nearest name, for a hint, or NULL. */
const char *schema_similar_kind(const schema *s, const char *name);
const char *schema_similar_trait(const schema *s, const char *name);
const char *kind_similar_property(const event_kind *kind, const char *name);

#endif
