/* SPDX-License-Identifier: MIT
 *
 * draft -- a first carpel.yaml for files that nobody has mapped yet.
 *
 *     draft *d = draft_new();
 *     for each file:
 *         draft_add_file(d, catalog, file, cancel, &err);   // as its shape says, or by what its fields look like
 *     draft_append_yaml(d, "My project", &out);
 *     draft_free(d);
 *
 * Files outlive the draft.
 */
#ifndef LOOK_DRAFT_H
#define LOOK_DRAFT_H

#include "look/profile.h"
#include "look/roles.h"
#include "look/shapes.h"

/* A property, a trait, or a field of a list's items. */
typedef struct draft_field {
    const char *name, *type;
    const char *from;   /* the field of the source; of an item seen from there */
    const char *format; /* of times; or NULL */
    const char *other_format;
    bool has_iso; /* some are ISO 8601, and the others as the format says */
    bool is_cents;
    const char *money_sign; /* that is taken away; or NULL */
    char decimal,
        thousands; /* signs of numbers that are not written as 1234.50; or NUL */
    const look_column
        *misfit; /* the column, when some of its values are not of the type; or NULL */
    struct draft_field *items; /* of a list of records */
    size_t item_count, item_capacity;
} draft_field;

typedef struct draft_fields {
    draft_field *items;
    size_t count, capacity;
} draft_fields;

typedef struct draft_kind {
    const char *name;
    uint64_t row_count; /* that were seen; 0: not known */
    draft_fields fields;
} draft_kind;

/* Rows whose `field` is `text` are of the kind; field NULL: all rows are. */
typedef struct draft_rule {
    const char *kind, *field, *text;
} draft_rule;

enum { DRAFT_MOST_PERSONS = 3 };

typedef struct draft_source {
    const char *name;
    const look_file *file;
    const struct format_part *format; /* whose lines are left out; or NULL */
    const char *each;                 /* a row for each item of this list; or NULL */
    const char *persons[DRAFT_MOST_PERSONS];
    size_t person_count;
    const char *time; /* NULL: rows are no events */
    const char *time_format, *time_other_format;
    bool time_has_iso;
    const char
        *event; /* the field that names kinds, by `rules`; NULL: the rules tell all */
    draft_rule *rules, *skips; /* of a skip the kind is NULL */
    size_t rule_count, rule_capacity, skip_count, skip_capacity;
    const char *id;
    draft_fields properties, traits;
} draft_source;

typedef struct draft {
    arena *memory;
    const char
        *person; /* the field that somebody named, for all files that have it; or NULL */
    draft_kind *kinds;
    size_t kind_count, kind_capacity;
    draft_fields traits;
    draft_source *sources;
    size_t source_count, source_capacity;
} draft;

draft *draft_new(void);
void draft_free(draft *d); /* accepts NULL */

/* Whose rows they are in a file of no shape: as somebody named it, or as it looks; or NULL. */
const look_column *draft_person_of(const draft *d, const look_file *f);

/* Add what is drafted of a file: of its shape, when it is of one. */
bool draft_add_file(draft *d, catalog *c, const look_file *f, const cancel *cancel,
                    carpel_error *err);

void draft_append_yaml(const draft *d, const char *name, text *out);

/* ---- for the files that draft ---------------------------------------------------------- */

draft_source *draft_add_source(draft *d, const look_file *f, const char *name);
draft_kind *draft_add_kind(draft *d, const char *name); /* or the one that is there */
void draft_add_rule(draft_source *s, draft_rule rule);
void draft_add_skip(draft_source *s, const char *field, const char *text);

/* Is the field the person, the time, the event or the id of the source, or mapped already? */
bool draft_is_used(const draft_source *s, const char *from);

/* Add a property of a kind, or (kind NULL) a trait, with its place in the source. A name that has
 * another place there gets a number behind it. */
void draft_add_field(draft *d, draft_source *s, draft_kind *kind, draft_field field);

/* The property of a column: its name is made of what its path has behind `prefix`. */
draft_field draft_field_of(draft *d, const look_column *c, const char *prefix);

/* The same of an item that stands in the place of its list. */
draft_field draft_item_field(draft *d, const look_column *c);

/* Rows of people that the source cannot name are skipped. */
void draft_skip_nobody(draft *d, draft_source *s);

#endif
