/* SPDX-License-Identifier: MIT
 *
 * What the data look like by themselves: ids and texts that may be one, words for nothing,
 * rows twice, times that cannot be meant. Only the first rows and texts of each table are looked at, and a
 * few lines are said; where it can be told, each ends with what to write into carpel.yaml. As the loaded data are
 * looked at, and not the files, every run says so again.
 */
#include <string.h>

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
    if (is_accepted(l, note, subject) || l->said++ >= MOST_SAID)
        return;
    text line;
    va_list arguments;
    text_init(&line);
    va_start(arguments, format);
    text_append_format_list(&line, format, arguments);
    va_end(arguments);
    text_append_format(&line, " (%s)", codes[note]);
    l->listener->log(l->listener->context, line.data);
    text_done(&line);
}

const char *looker_field(const looker *l, const char *owner, const char *name)
{
    return arena_format(l->engine->memory, "%s.%s", owner, name);
}

static void look_at_kind(looker *l, const event_kind *kind, const event_table *t)
{
    for (size_t i = 0; i < t->column_count; i++) {
        const char *name = kind->properties[i].name;
        notes_on_texts(l, t, &t->columns[i], kind->name, name);
        const char *field = looker_field(l, kind->name, name);
        notes_on_points(l, t, &t->columns[i], field, field);
        notes_on_column(l, t, &t->columns[i], field);
    }
    notes_on_currencies(l, kind, t);
    notes_on_repeats(l, kind, t);
    notes_on_future(l, kind, t);
    notes_on_1970(l, kind, t);
}

void engine_note_looks(const engine *e, int64_t now, const engine_listener *listener)
{
    looker l = {.engine = e, .listener = listener, .now = now};
    const store *data = e->store;
    if (e->project->source_count == 0)
        looker_say(&l, NOTE_NO_SOURCES, "",
                   "carpel.yaml names no sources, so there is nobody to judge");
    notes_on_ids(&l);
    for (size_t k = 0; k < e->schema->kind_count; k++)
        look_at_kind(&l, &e->schema->kinds[k], &data->kinds[k]);
    for (size_t i = 0; i < e->schema->trait_count; i++) {
        const event_table *t = &data->traits[i];
        const char *name = e->schema->traits[i].name;
        notes_on_texts(&l, t, t->columns, "user", name);
        notes_on_points(&l, t, t->columns, looker_field(&l, "user", name), name);
        notes_on_column(&l, t, t->columns, looker_field(&l, "user", name));
        notes_on_values(&l, &e->schema->traits[i], t);
    }
    notes_on_days(&l);
    notes_on_sources(&l);
    notes_on_kinds(&l);
    notes_on_undeclared(&l);
    notes_on_other_ids(&l);
}
