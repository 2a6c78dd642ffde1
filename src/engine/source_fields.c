/* SPDX-License-Identifier: MIT
 *
 * What of each source becomes what, and what is done to it: the columns that were planned.
 */
#include "engine/parts.h"
#include "ingest/mapping.h"

static const char *type_word(carpel_type type)
{
    static const char *const words[] = {"?",        "bool",   "int",  "decimal",
                                        "number",   "string", "time", "date",
                                        "duration", "person", "list"};
    return words[type];
}

static void append_formats(const column_cleaning *c, text *out)
{
    for (size_t i = 0; i < c->format_count; i++)
        text_append_format(out, "%s\"%s\"", i == 0 ? "format: [" : ", ", c->formats[i]);
    if (c->format_count > 0)
        text_append(out, "]");
}

/* A column, or an item of one; `owner` is the list. */
static void visit_column(const engine_source *s, const carpel_column *c, const char *from,
                         const column_cleaning *cleaning, engine_field_visit *visit,
                         void *context)
{
    text steps;
    text_init(&steps);
    if (cleaning) {
        append_formats(cleaning, &steps);
        if (steps.size > 0 && cleaning_concerns(&cleaning->steps, cleaning->fields))
            text_append(&steps, ", ");
        cleaning_append(&cleaning->steps, cleaning->fields, &steps);
    } else if (c->format && c->type != CARPEL_DURATION) {
        text_append_format(&steps, "format: \"%s\"", c->format);
    }
    bool is_condition = c->name[0] == '?';
    engine_field field = {s->name, is_condition ? "(condition)" : c->name, from,
                          type_word(cleaning ? cleaning->type : c->type), steps.data};
    visit(context, &field);
    text_done(&steps);
}

/* "userId, else anonymousId" */
static const char *places_of(const engine *e, const mapping *m, size_t column)
{
    const char *places = m->columns[column].from;
    const char *const *others = m->columns[column].others;
    for (size_t i = 0; others && others[i]; i++)
        places = arena_format(e->memory, "%s, else %s", places, others[i]);
    return places;
}

/* One of several fields that may name the person, which all stand in the row of the person. */
static bool is_choice_only(const mapping *m, size_t column)
{
    bool is_choice = false;
    for (size_t i = 0; i < m->choice_count; i++)
        is_choice = is_choice || m->choices[i] == column;
    for (size_t i = 0; i < m->identity_count; i++)
        is_choice = is_choice && m->identities[i].column != column;
    return is_choice && column != m->person;
}

static void visit_source(const engine *e, const engine_source *s,
                         engine_field_visit *visit, void *context)
{
    const mapping *m = s->mapping;
    for (size_t i = 0; i < m->column_count; i++) {
        const carpel_column *c = &m->columns[i];
        if (m->is_next[i] || is_choice_only(m, i))
            continue;
        visit_column(s, c, places_of(e, m, i), m->cleanings[i], visit, context);
        for (size_t k = 0; k < c->item_count; k++) {
            carpel_column item = c->items[k];
            item.name = arena_format(e->memory, "%s[].%s", c->name, item.name);
            visit_column(s, &item, *item.from ? item.from : c->from,
                         m->item_cleanings[i][k], visit, context);
        }
    }
}

void engine_list_fields(const engine *e, const char *source, engine_field_visit *visit,
                        void *context)
{
    for (size_t i = 0; i < e->project->source_count; i++)
        if (e->sources[i].mapping && (!source || strcmp(source, e->sources[i].name) == 0))
            visit_source(e, &e->sources[i], visit, context);
}

bool engine_has_source(const engine *e, const char *name)
{
    for (size_t i = 0; i < e->project->source_count; i++)
        if (strcmp(e->sources[i].name, name) == 0)
            return true;
    return false;
}
