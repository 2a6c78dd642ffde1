/* SPDX-License-Identifier: MIT
 *
 * planner -- what the files of a mapping's planning share: mapping.c (all of it, in turn), mapping_columns.c (how
 * values are wanted, and in which columns), mapping_rows.c (person, id, time, event), mapping_fields.c (properties, lists,
 * traits), mapping_cleaning.c (what is done to their texts), mapping_names.c (names that nothing has). For these only.
 */
#ifndef INGEST_PLANNER_H
#define INGEST_PLANNER_H

#include "base/name_index.h"
#include "ingest/mapping.h"

typedef struct planner planner;

/* What one planning works on. */
struct planner {
    mapping *m;
    const config_source *source;
    const zone *zone; /* of the project */
    arena *memory;
    diags *diags;
    bool is_well;           /* nothing was reported yet */
    bool has_contradiction; /* of steps of cleaning, which was told */
    name_index by_from;     /* the first column of each `from`, */
    size_t *next; /* and for each column the next one of its `from`, or SCHEMA_NONE */
    name_index mapped_properties, mapped_traits; /* by their places in the source */
    size_t compared;                             /* names, with unknown ones */
};

/* How a value is wanted, but for its name. */
typedef struct wanted {
    const char *from;
    const char *const *others; /* fields beside it, ended by NULL; or NULL */
    bool has_choices;          /* these are looked at in another way: batch_people.c */
    bool is_next;              /* a field beside the first one of another column */
    carpel_type type;
    uint32_t scale;
    const char *format;
    const zone *zone;
    bool is_optional;
    const carpel_column *items; /* of a LIST, with their zones */
    const zone **item_zones;
    size_t item_count;
    bool is_plain;
    const column_cleaning
        *cleaning; /* the host reads the values, out of texts; else NULL */
    const column_cleaning **item_cleanings;
} wanted;

/* ---- mapping_columns.c ---------------------------------------------------------------- */

/* The column for a value: one that is asked for already, or a new one. */
size_t planner_plan_column(planner *p, const char *name, const wanted *w);

/* The field of a condition, as it is by what is done to all fields of the source. */
size_t planner_plan_condition(planner *p, const char *name, const char *from);

carpel_column planner_column_of(const char *name, const wanted *w);

/* The type of a property as plugins know it. */
void planner_set_type(wanted *w, type t, const type_details *details);

/* What the user maps by hand, which then is not optional. */
void planner_set_mapping(planner *p, const config_mapping *config, wanted *w);

/* Fields beside the first one, as a plugin is told of them; NULL: there are none. */
const char *const *planner_other_fields(planner *p, const config_text *fields,
                                        size_t count);

/* `$.order.total` is how other tools begin a path, which is reported. */
void planner_check_path(planner *p, const config_text *from);

/* Something was reported; and what may have been meant, unless it is NULL. */
void planner_report_similar(planner *p, const char *similar);

/* `total: amount`, where the property is called amount and the column total. */
void planner_report_wrong_way(planner *p, const char *name, const char *column);

/* ---- mapping_rows.c ------------------------------------------------------------------- */

/* Person, ids, time and event of the rows, and conditions. */
void planner_plan_rows(planner *p);

/* Which rows are left out, and which events they are by conditions. */
void planner_plan_rules(planner *p);

bool planner_brings_events(const config_source *source);

/* Can a row of the source be of this kind? */
bool planner_brings_kind(const mapping *m, size_t kind);

/* ---- mapping_fields.c ----------------------------------------------------------------- */

/* Properties, lists and traits. */
void planner_plan_fields(planner *p);

/* The name that holds a field: "address" for "address.city"; NULL for the outermost one. */
char *planner_name_around(planner *p, const char *name);

/* ---- mapping_names.c ------------------------------------------------------------------ */

/* Each name that the source maps has to be one of a property or trait. */
void planner_check_names(planner *p);

/* ---- mapping_cleaning.c --------------------------------------------------------------- */

/* A field: what the mapping of it says (NULL: nothing), and under which names `fields:` of the project
 * speaks of it (NULL: under none). */
typedef struct planned_cleaning {
    const config_mapping *config;
    const char *name, *full_name;
} planned_cleaning;

/* What is wanted gets to know what is done to its texts; it is asked for as text then. Reports steps that
 * cannot be done to it. */
void planner_clean(planner *p, const planned_cleaning *field, wanted *w);

/* What the cleaning of a planned column makes of a text; empty when it is missing then. */
slice planner_cleaned(planner *p, size_t column, slice s);

/* The same for a list of values, of which `item` is what each is. True: the list is made of one text, and
 * `w` wants that. */
bool planner_clean_list(planner *p, const planned_cleaning *field, wanted *w,
                        wanted *item);

#endif
