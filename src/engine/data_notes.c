/* SPDX-License-Identifier: MIT
 *
 * What the data look like by themselves: ids and texts that may be one, words for nothing,
 * rows twice, times that cannot be meant. Only the first rows and texts of each table are looked at, and a
 * few lines are said; where it can be told, each ends with what to write into carpel.yaml. As the loaded data are
 * looked at, and not the files, every run says so again.
 */
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "engine/looker.h"

enum { MOST_SAID = 5 };

static const char *const codes[NOTE_COUNT] = {
#define X(id, code, name) code,
#include "engine/data_notes.def"
#undef X
};

/* Does the project say that it knows: "D05", or "D05 order.city"? */
static bool is_accepted(const looker *l, data_note note, const char *subject)
{
    const project *p = l->engine->project;
    for (size_t i = 0; i < p->accepted_count; i++) {
        const char *said = p->accepted[i].text;
        size_t size = strlen(codes[note]);
        if (strncmp(said, codes[note], size) == 0 &&
            (said[size] == '\0' || strcmp(said + size + 1, subject) == 0))
            return true;
    }
    return false;
}

void looker_say(looker *l, data_note note, const char *subject, const char *format, ...)
{
    if (is_accepted(l, note, subject) || l->said_count == MOST_SAID)
        return;
    text line;
    va_list arguments;
    text_init(&line);
    va_start(arguments, format);
    text_append_format_list(&line, format, arguments);
    va_end(arguments);
    text_append_format(&line, " (%s)", codes[note]);
    l->said[l->said_count++] = arena_copy_string(l->memory, line.data);
    text_done(&line);
}

const char *looker_field(const looker *l, const char *owner, const char *name)
{
    return arena_format(l->memory, "%s.%s", owner, name);
}

/* ---- the looks ---------------------------------------------------------------------------- */

static void look_at_people(looker *l, size_t unused)
{
    (void)unused;
    if (l->engine->project->source_count == 0)
        looker_say(l, NOTE_NO_SOURCES, "",
                   "carpel.yaml names no sources, so there is nobody to judge");
    notes_on_ids(l);
}

static void look_at_kind(looker *l, size_t index)
{
    const event_kind *kind = &l->engine->schema->kinds[index];
    const event_table *t = &l->engine->store->kinds[index];
    for (size_t i = 0; i < t->column_count; i++) {
        const char *name = kind->properties[i].name;
        notes_on_texts(l, t, &t->columns[i], kind->name, name);
        const char *field = looker_field(l, kind->name, name);
        notes_on_points(l, t, &t->columns[i], field, field);
        notes_on_column(l, t, &t->columns[i], field);
    }
    notes_on_currencies(l, kind, t);
    notes_on_repeats(l, kind, t);
    notes_on_times(l, kind, t);
}

static void look_at_trait(looker *l, size_t index)
{
    const property *trait = &l->engine->schema->traits[index];
    const event_table *t = &l->engine->store->traits[index];
    notes_on_texts(l, t, t->columns, "user", trait->name);
    notes_on_points(l, t, t->columns, looker_field(l, "user", trait->name), trait->name);
    notes_on_column(l, t, t->columns, looker_field(l, "user", trait->name));
    notes_on_values(l, trait, t);
}

static void look_at_sources(looker *l, size_t unused)
{
    (void)unused;
    notes_on_days(l);
    notes_on_sources(l);
    notes_on_kinds(l);
    notes_on_undeclared(l);
}

/* Asks plugins, which one thread does at a time. */
static void look_at_files(looker *l, size_t unused)
{
    (void)unused;
    notes_on_other_ids(l);
}

/* ---- all of them -------------------------------------------------------------------------- */

typedef struct look {
    void (*look)(looker *l, size_t index);
    size_t index;
    looker looker;
} look;

typedef struct looks {
    const engine *engine;
    int64_t now;
    look *items; /* in the order in which they are told */
    size_t count;
} looks;

static void add_look(looks *all, void (*function)(looker *l, size_t index), size_t index)
{
    all->items[all->count++] = (look){function, index, {0}};
}

static void do_look(void *context, size_t piece, size_t worker)
{
    looks *all = context;
    look *here = &all->items[piece];
    arena *memory = arena_new();
    (void)worker;
    here->looker = (looker){.engine = all->engine, .now = all->now, .memory = memory};
    here->looker.said = arena_alloc_array(memory, MOST_SAID, sizeof *here->looker.said);
    here->look(&here->looker, here->index);
}

/* The first lines of all. */
static void tell(const looks *all, const engine_listener *listener)
{
    size_t told = 0;
    for (size_t i = 0; i < all->count; i++) {
        const looker *l = &all->items[i].looker;
        for (size_t k = 0; k < l->said_count && told < MOST_SAID; k++, told++)
            listener->log(listener->context, l->said[k]);
    }
}

void engine_note_looks(const engine *e, int64_t now, size_t threads,
                       const engine_listener *listener)
{
    enum { FEW = 10000 }; /* people and rows: sooner done than threads begun */
    const schema *s = e->schema;
    bool is_small = e->store->person_count + e->store->event_count < FEW;
    looks all = {.engine = e, .now = now};
    all.items = memory_alloc_array(s->kind_count + s->trait_count + 3, sizeof *all.items);
    add_look(&all, look_at_people, 0);
    for (size_t k = 0; k < s->kind_count; k++)
        add_look(&all, look_at_kind, k);
    for (size_t i = 0; i < s->trait_count; i++)
        add_look(&all, look_at_trait, i);
    add_look(&all, look_at_sources, 0);
    parallel_run(is_small ? 1 : threads, all.count, do_look, &all);
    add_look(&all, look_at_files, 0);
    do_look(&all, all.count - 1, 0);
    tell(&all, listener);
    for (size_t i = 0; i < all.count; i++)
        arena_free(all.items[i].looker.memory);
    memory_free(all.items);
}
