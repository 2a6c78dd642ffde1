/* SPDX-License-Identifier: MIT
 *
 * looker -- what the files of the notes on data share: each looks at one subject, and says what is odd about it.
 * For data_notes.c and the files named after it.
 */
#ifndef ENGINE_LOOKER_H
#define ENGINE_LOOKER_H

#include "engine/parts.h"

enum {
    MOST_LOOKED_AT = 100000, /* people, rows of a table */
    FEWEST_EQUAL = 100       /* of so many rows nobody would expect that they are alike */
};

typedef enum data_note {
#define X(id, code, name) NOTE_##id,
#include "engine/data_notes.def"
#undef X
    NOTE_COUNT
} data_note;

/* One look at the data. Several of them go on side by side, each with a looker of its own. */
typedef struct looker {
    const engine *engine;
    int64_t now;
    arena *memory;     /* of what is made for its lines */
    const char **said; /* the first MOST_SAID lines */
    size_t said_count;
} looker;

/* Say it, with its code; `subject` is the field, event or source that it is about. */
CARPEL_PRINTF(4, 5)
void looker_say(looker *l, data_note note, const char *subject, const char *format, ...);

/* "order.city", "user.city", in the looker's memory. */
const char *looker_field(const looker *l, const char *owner, const char *name);

/* ---- data_notes_texts.c ------------------------------------------------------------------- */

/* Ids that differ by little. */
void notes_on_ids(looker *l);

/* A column of categories: of a property, or of a trait ("user"). */
void notes_on_texts(looker *l, const event_table *t, const column *c, const char *owner,
                    const char *name);

/* ---- data_notes_ids.c --------------------------------------------------------------------- */

/* Fields beside `person` that hold ids of people. */
void notes_on_other_ids(looker *l);

/* ---- data_notes_values.c ------------------------------------------------------------------ */

/* A refused "1.070,10" shows that points stand between thousands; do they in all others? */
void notes_on_points(looker *l, const event_table *t, const column *c, const char *name,
                     const char *yaml);

/* A column that says nothing. */
void notes_on_column(looker *l, const event_table *t, const column *c, const char *name);

/* Amounts of an event beside a field that says in which of several currencies they are. */
void notes_on_currencies(looker *l, const event_kind *kind, const event_table *t);

/* ---- data_notes_rows.c -------------------------------------------------------------------- */

void notes_on_repeats(looker *l, const event_kind *kind, const event_table *t);
void notes_on_values(looker *l, const property *trait, const event_table *t);

/* ---- data_notes_times.c ------------------------------------------------------------------- */

/* Of events years ahead, and of January 1970. */
void notes_on_times(looker *l, const event_kind *kind, const event_table *t);
void notes_on_days(looker *l);

/* ---- data_notes_sources.c ----------------------------------------------------------------- */

void notes_on_sources(looker *l);

void notes_on_kinds(looker *l);

/* Kinds that rows name, and nobody declared. */
void notes_on_undeclared(looker *l);

#endif
