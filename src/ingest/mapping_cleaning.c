/* SPDX-License-Identifier: MIT
 *
 * What is done to the texts of each field. It is said at several places, and the nearest one counts, step by
 * step: the project, the source, of ids of people `person` of the project, of values `fields` of the project,
 * and the mapping of the field itself.
 */
#include <string.h>

#include "ingest/cleaned.h"
#include "ingest/planner.h"
#include "value/cleaning_checks.h"

static const config_cleaning nothing_said;

/* CLEAN_OF_...: what a value of the type is. */
static unsigned fields_of(carpel_type type)
{
    switch (type) {
    case CARPEL_STRING:
    case CARPEL_PERSON: return CLEAN_OF_TEXTS;
    case CARPEL_BOOL: return CLEAN_OF_BOOLS;
    case CARPEL_INT:
    case CARPEL_DECIMAL: return CLEAN_OF_NUMBERS | CLEAN_OF_EXACT;
    case CARPEL_NUMBER: return CLEAN_OF_NUMBERS;
    case CARPEL_TIME:
    case CARPEL_DATE:
    case CARPEL_DURATION: return CLEAN_OF_TIMES;
    case CARPEL_LIST: return CLEAN_OF_LISTS;
    }
    return 0;
}

/* What `fields` of the project says of the field. */
static const config_cleaning *find_field(const planner *p, const planned_cleaning *field)
{
    const project *of = p->source->project;
    const config_cleaning *found = &nothing_said;
    for (size_t i = 0; of && field->name && i < of->clean_field_count; i++) {
        const config_field_cleaning *said = &of->clean_fields[i];
        if (strcmp(said->name.text, field->full_name) == 0)
            return &said->clean;
        if (strcmp(said->name.text, field->name) == 0)
            found = &said->clean;
    }
    return found;
}

/* Steps that were said of this very field, and cannot be done to it. */
static void check_steps(planner *p, const config_cleaning *said, unsigned fields)
{
    for (int step = 0; step < CLEAN_STEP_COUNT; step++) {
        if (!said->settings.settings[step].is_given ||
            (clean_steps[step].fields & fields) != 0)
            continue;
        diag_error(p->diags, said->where[step], E0305,
                   "\"%s\" cannot be done to a field of this type",
                   clean_steps[step].key);
        diag_hint(p->diags, "What it is for: %s.", clean_steps[step].help);
        p->is_well = false;
    }
}

static cleaning merge(const planner *p, const planned_cleaning *field, carpel_type type)
{
    const project *of = p->source->project;
    cleaning merged =
        cleaning_merged(of ? &of->clean.settings : NULL, &p->source->clean.settings);
    if (of && type == CARPEL_PERSON)
        merged = cleaning_merged(&merged, &of->clean_person.settings);
    merged = cleaning_merged(&merged, &find_field(p, field)->settings);
    return cleaning_merged(&merged,
                           field->config ? &field->config->clean.settings : NULL);
}

/* The nearest level that says the step, or NULL. */
static const config_cleaning *level_of(const planner *p, const planned_cleaning *field,
                                       clean_step step)
{
    const project *of = p->source->project;
    const config_cleaning *levels[] = {field->config ? &field->config->clean : NULL,
                                       find_field(p, field), &p->source->clean,
                                       of ? &of->clean : NULL};
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (levels[i] && levels[i]->settings.settings[step].is_given)
            return levels[i];
    return NULL;
}

/* Do two levels say these? What one level says was checked when it was read. */
static bool are_of_two(const planner *p, const planned_cleaning *field, clean_step a,
                       clean_step b)
{
    return level_of(p, field, a) != level_of(p, field, b);
}

/* What two levels say must be no contradiction. One is told a source, as they mostly concern all its fields. */
static void check_together(planner *p, const planned_cleaning *field,
                           const cleaning *steps, unsigned fields)
{
    bool are_words = (fields & CLEAN_OF_BOOLS) != 0 &&
                     are_of_two(p, field, CLEAN_TRUE_WORDS, CLEAN_FALSE_WORDS);
    const char *both = are_words ? cleaning_find_both(steps) : NULL;
    bool is_one_sign = (fields & CLEAN_OF_NUMBERS) != 0 &&
                       are_of_two(p, field, CLEAN_DECIMAL, CLEAN_THOUSANDS) &&
                       cleaning_has_one_sign(steps);
    if ((!both && !is_one_sign) || p->has_contradiction)
        return;
    p->has_contradiction = true;
    p->is_well = false;
    if (both)
        diag_error(p->diags,
                   level_of(p, field, CLEAN_FALSE_WORDS)->where[CLEAN_FALSE_WORDS], E0305,
                   "\"%s\" stands for true and for false in \"%s\"", both, field->name);
    else
        diag_error(p->diags, level_of(p, field, CLEAN_DECIMAL)->where[CLEAN_DECIMAL],
                   E0305, "\"decimal\" and \"thousands\" are both \"%s\" in \"%s\"",
                   cleaning_word(steps, CLEAN_DECIMAL), field->name);
    diag_hint(p->diags,
              "Each step is said by the nearest of the field, the source and the "
              "project: say both at one place.");
}

/* How long a plain number of a duration is; 0: it has no unit. */
static int64_t unit_length(const char *name)
{
    calendar_span one = {1, UNIT_SECOND};
    int64_t length = 0;
    if (name && calendar_unit_parse(name, strlen(name), &one.unit))
        (void)calendar_span_microseconds(one, &length);
    return length;
}

static const char *const *formats_of(planner *p, const config_mapping *config,
                                     const wanted *w, size_t *count)
{
    size_t more = config ? config->more_format_count : 0;
    const char **formats = arena_alloc_array(p->memory, more + 1, sizeof *formats);
    *count = 0;
    if (w->format)
        formats[(*count)++] = w->format;
    for (size_t i = 0; i < more; i++)
        formats[(*count)++] = config->more_formats[i].text;
    return formats;
}

/* What two columns that are cleaned alike have in common. */
static const char *write_down(planner *p, const column_cleaning *c)
{
    text written;
    text_init(&written);
    text_append_format(&written, "%d %u %lld%s", (int)c->type, c->scale,
                       (long long)c->unit_microseconds, c->is_split ? " split" : "");
    for (size_t i = 0; i < c->format_count; i++)
        text_append_format(&written, " \"%s\"", c->formats[i]);
    text_append(&written, ": ");
    cleaning_append(&c->steps, c->fields, &written);
    const char *kept = arena_copy_string(p->memory, written.data);
    text_done(&written);
    return kept;
}

/* The cleaning of what is wanted as it is by now. */
static column_cleaning *make_cleaning(planner *p, const planned_cleaning *field,
                                      const cleaning *steps, const wanted *w,
                                      unsigned fields)
{
    column_cleaning *c = arena_alloc(p->memory, sizeof *c);
    *c = (column_cleaning){.steps = *steps,
                           .fields = fields,
                           .from = w->from,
                           .type = w->type,
                           .scale = w->type == CARPEL_DECIMAL ? w->scale : 0,
                           .zone = w->zone};
    if (w->type == CARPEL_TIME || w->type == CARPEL_DATE)
        c->formats = formats_of(p, field->config, w, &c->format_count);
    if (w->type == CARPEL_DURATION)
        c->unit_microseconds = unit_length(w->format);
    c->is_split = (fields & CLEAN_OF_LISTS) != 0;
    c->written = write_down(p, c);
    return c;
}

/* Ask for the texts as they stand. */
static void want_text(wanted *w, const column_cleaning *c)
{
    w->cleaning = c;
    w->type = w->type == CARPEL_PERSON ? CARPEL_PERSON : CARPEL_STRING;
    w->scale = 0;
    w->format = NULL;
}

void planner_clean(planner *p, const planned_cleaning *field, wanted *w)
{
    if (p->m->brings_own_names)
        return;
    unsigned fields = fields_of(w->type);
    cleaning steps = merge(p, field, w->type);
    check_steps(p, find_field(p, field), fields);
    if (field->config)
        check_steps(p, &field->config->clean, fields);
    check_together(p, field, &steps, fields);
    bool has_formats = field->config && field->config->more_format_count > 0;
    if (has_formats || cleaning_concerns(&steps, fields))
        want_text(w, make_cleaning(p, field, &steps, w, fields));
}

slice planner_cleaned(planner *p, size_t column, slice s)
{
    clean_work work;
    if (!p->m->cleanings[column])
        return s;
    clean_work_init(&work);
    slice cleaned = cleaned_text(p->m->cleanings[column], s, &work);
    cleaned.data = arena_copy_text(p->memory, cleaned.data, cleaned.size);
    clean_work_done(&work);
    return cleaned;
}

bool planner_clean_list(planner *p, const planned_cleaning *field, wanted *w,
                        wanted *item)
{
    if (p->m->brings_own_names)
        return false;
    unsigned of_item = fields_of(item->type), fields = of_item | CLEAN_OF_LISTS;
    cleaning steps = merge(p, field, item->type);
    check_steps(p, find_field(p, field), fields);
    if (field->config)
        check_steps(p, &field->config->clean, fields);
    item->from = w->from;
    if (!cleaning_does(&steps, CLEAN_SPLIT)) {
        if (cleaning_concerns(&steps, of_item))
            want_text(item, make_cleaning(p, field, &steps, item, of_item));
        item->from = "";
        return false;
    }
    want_text(w, make_cleaning(p, field, &steps, item, fields));
    return true;
}

/* ---- names of `fields` ---------------------------------------------------------------- */

/* Is `said` the name, or the name with its owner before it? */
static bool is_named(const char *said, const char *owner, const char *name)
{
    size_t size = strlen(owner);
    return strcmp(said, name) == 0 ||
           (strncmp(said, owner, size) == 0 && said[size] == '.' &&
            strcmp(said + size + 1, name) == 0);
}

/* A list, "items", or what its items have, "items.price". */
static bool names_list(const schema *s, const char *said, const event_kind *list,
                       arena *memory)
{
    const event_kind *parent = &s->kinds[list->parent];
    const char *owner = parent->derivation == KIND_SETTINGS ? "user" : parent->name;
    bool is_found = list->is_plain && is_named(said, owner, list->name);
    for (size_t i = 0; !is_found && !list->is_plain && i < list->property_count; i++)
        is_found =
            is_named(said, owner,
                     arena_format(memory, "%s.%s", list->name, list->properties[i].name));
    return is_found;
}

static bool is_field(const schema *s, const char *said, arena *memory)
{
    for (size_t i = 0; i < s->trait_count; i++)
        if (is_named(said, "user", s->traits[i].name))
            return true;
    for (size_t k = 0; k < schema_total(s); k++) {
        const event_kind *kind = &s->kinds[k];
        if (kind->derivation == KIND_LIST && names_list(s, said, kind, memory))
            return true;
        for (size_t i = 0; kind->derivation == KIND_FROM_DATA && i < kind->property_count;
             i++)
            if (is_named(said, kind->name, kind->properties[i].name))
                return true;
    }
    return false;
}

void mapping_check_fields(const schema *s, const project *p, arena *memory, diags *diags)
{
    for (size_t i = 0; i < p->clean_field_count; i++) {
        const config_text *name = &p->clean_fields[i].name;
        if (is_field(s, name->text, memory))
            continue;
        diag_error(diags, name->where, E0105, "no property or trait is named \"%s\"",
                   name->text);
        const char *similar = schema_similar_trait(s, name->text);
        if (similar)
            diag_hint(diags, "Did you mean \"%s\"?", similar);
    }
}
