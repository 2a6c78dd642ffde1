/* SPDX-License-Identifier: MIT
 *
 * The table, and what a source takes from it.
 */
#include "config/formats.h"

#include <string.h>

static const format_part parts[] = {
#define FORMAT(name, plugin, title) {FORMAT_NAME, name, plugin, title},
#define ALSO(name)                  {FORMAT_ALSO, name, NULL, NULL},
#define PERSON(field)               {FORMAT_PERSON, field, NULL, NULL},
#define IDENTITIES(fields)          {FORMAT_IDENTITIES, fields, NULL, NULL},
#define TIME(field)                 {FORMAT_TIME, field, NULL, NULL},
#define TIME_FORMAT(format)         {FORMAT_TIME_FORMAT, format, NULL, NULL},
#define EVENT(field)                {FORMAT_EVENT, field, NULL, NULL},
#define TRAITS_ONLY(text)           {FORMAT_TRAITS_ONLY, text, NULL, NULL},
#define ID(field)                   {FORMAT_ID, field, NULL, NULL},
#define ID_TOGETHER(field)          {FORMAT_ID_TOGETHER, field, NULL, NULL},
#define PROPERTY_AT(name, field)    {FORMAT_PROPERTY_AT, name, field, NULL},
#define TRAIT_AT(name, field)       {FORMAT_TRAIT_AT, name, field, NULL},
#define PROPERTY(before, behind)    {FORMAT_PROPERTY, before, behind, NULL},
#define TRAIT(before, behind)       {FORMAT_TRAIT, before, behind, NULL},
#define LIST(before)                {FORMAT_LIST, before, "", NULL},
#include "config/formats.def"
    {FORMAT_END, NULL, NULL, NULL}};

static bool ends_format(const format_part *part)
{
    return part->kind == FORMAT_NAME || part->kind == FORMAT_END;
}

static bool is_called(const source_format *f, const char *name)
{
    bool is_it = strcmp(f->a, name) == 0;
    for (const format_part *p = f + 1; !is_it && p->kind == FORMAT_ALSO; p++)
        is_it = strcmp(p->a, name) == 0;
    return is_it;
}

const source_format *format_find(const char *name)
{
    for (const format_part *p = parts; p->kind != FORMAT_END; p++)
        if (p->kind == FORMAT_NAME && is_called(p, name))
            return p;
    return NULL;
}

bool format_next(const format_part **at)
{
    bool goes_on = !ends_format(*at + 1);
    *at += goes_on;
    return goes_on;
}

const format_part *format_row(const source_format *f, format_row_kind kind, size_t number)
{
    for (const format_part *p = f + 1; !ends_format(p); p++)
        if (p->kind == kind && number-- == 0)
            return p;
    return NULL;
}

/* "order_id" as "orderId". */
static char *in_humps(const char *name, arena *memory)
{
    char *humps = arena_copy_string(memory, name), *out = humps;
    for (const char *in = name; *in != '\0'; in++) {
        bool is_hump = in > name && in[0] == '_' && in[1] >= 'a' && in[1] <= 'z';
        *out++ = is_hump ? (char)(*++in - 'a' + 'A') : *in;
    }
    *out = '\0';
    return humps;
}

/* The field that is said of this very name, or NULL. */
static const char *place_of(const source_format *f, format_row_kind kind,
                            const char *name)
{
    const format_part *p;
    format_row_kind said = kind == FORMAT_PROPERTY ? FORMAT_PROPERTY_AT
                           : kind == FORMAT_TRAIT  ? FORMAT_TRAIT_AT
                                                   : FORMAT_END;
    for (size_t i = 0; (p = format_row(f, said, i)) != NULL; i++)
        if (strcmp(p->a, name) == 0)
            return p->b;
    return NULL;
}

const char **format_places(const source_format *f, format_row_kind kind, const char *name,
                           arena *memory)
{
    const char *const spellings[] = {name, in_humps(name, memory)};
    size_t spelling_count = strcmp(spellings[0], spellings[1]) == 0 ? 1 : 2;
    size_t pattern_count = 0, count = 0;
    const format_part *p;
    while (format_row(f, kind, pattern_count))
        pattern_count++;
    const char **places =
        arena_alloc_array(memory, 2 * pattern_count + 2, sizeof *places);
    places[0] = place_of(f, kind, name);
    count = places[0] != NULL;
    for (size_t i = 0; (p = format_row(f, kind, i)) != NULL; i++)
        for (size_t k = 0; k < spelling_count; k++)
            places[count++] = arena_format(memory, "%s%s%s", p->a, spellings[k], p->b);
    places[count] = NULL;
    return places;
}

/* ---- what a source takes ----------------------------------------------------------- */

/* The fields of all rows of a kind, said where the format is named. */
static config_text *fields_of(const reader *r, const config_source *s,
                              format_row_kind kind, size_t *count)
{
    const format_part *p;
    *count = 0;
    while (format_row(s->format, kind, *count))
        ++*count;
    config_text *fields = reader_array(r, *count + 1, sizeof *fields);
    for (size_t i = 0; (p = format_row(s->format, kind, i)) != NULL; i++)
        fields[i] = (config_text){p->a, s->format_where};
    return fields;
}

static bool is_given(const config_mapping *mapping)
{
    return mapping->from.text || mapping->is_broken;
}

static void take_person(const reader *r, config_source *s)
{
    if (is_given(&s->person))
        return;
    s->person_fields = fields_of(r, s, FORMAT_PERSON, &s->person_field_count);
    s->person.from = s->person_fields[0];
}

static void take_time(const reader *r, config_source *s)
{
    size_t count;
    if (is_given(&s->time))
        return;
    config_text *fields = fields_of(r, s, FORMAT_TIME, &count);
    s->time = (config_mapping){
        .from = fields[0], .more_fields = fields + 1, .more_field_count = count - 1};
    config_text *formats = fields_of(r, s, FORMAT_TIME_FORMAT, &count);
    if (count == 0)
        return;
    s->time.format = formats[0];
    s->time.more_formats = formats + 1;
    s->time.more_format_count = count - 1;
}

static void take_event(const reader *r, config_source *s)
{
    size_t count;
    if (is_given(&s->event) || s->event_rule_count > 0)
        return;
    config_text *fields = fields_of(r, s, FORMAT_EVENT, &count);
    s->event.from = fields[0];
    s->event.more_fields = fields + 1;
    s->event.more_field_count = count - 1;
    s->has_plain_names = true;
}

/* Rows of such an envelope may lack their id. */
static void take_id(const reader *r, config_source *s)
{
    size_t alternatives;
    if (is_given(&s->id))
        return;
    config_text *one = fields_of(r, s, FORMAT_ID, &alternatives);
    s->id_fields = fields_of(r, s, FORMAT_ID_TOGETHER, &s->id_field_count);
    if (alternatives > 0) {
        s->id_fields = one;
        s->id_field_count = 1;
        s->id.more_fields = one + 1;
        s->id.more_field_count = alternatives - 1;
    }
    s->id.from = s->id_fields[0];
    s->is_id_optional = true;
}

static bool is_of_times(const char *format)
{
    return strchr(format, '%') != NULL || strncmp(format, "unix", 4) == 0;
}

static void refuse_name(const reader *r, const config_source *s, config_text name)
{
    text known;
    suggestion similar = suggest_begin(name.text);
    text_init(&known);
    for (const format_part *p = parts; p->kind != FORMAT_END; p++) {
        if (p->kind != FORMAT_NAME && p->kind != FORMAT_ALSO)
            continue;
        text_append_format(&known, "%s%s", known.size > 0 ? ", " : "", p->a);
        suggest_consider(&similar, p->a);
    }
    diag_error(r->diags, name.where, E0305, "no format is called \"%s\"", name.text);
    if (is_of_times(name.text))
        diag_hint(r->diags,
                  "How times are written is said of the time: time: {from: %s, "
                  "format: \"%s\"}.",
                  s->time.from.text ? s->time.from.text : "created_at", name.text);
    else if (suggest_best(&similar))
        diag_propose(r->diags, name.where, "%s", suggest_best(&similar));
    else
        diag_hint(r->diags, "The formats are: %s.", known.data);
    text_done(&known);
}

/* One error is enough: what the format would have said is not missed, too. */
static void refuse(const reader *r, config_source *s, config_text name,
                   const source_format *f)
{
    s->person.is_broken = s->person.is_broken || !s->person.from.text;
    s->time.is_broken = s->time.is_broken || !s->time.from.text;
    if (!f) {
        refuse_name(r, s, name);
        return;
    }
    diag_error(r->diags, name.where, E0305,
               "the format \"%s\" is for sources of the plugin \"%s\"", name.text, f->b);
    diag_hint(r->diags,
              "Write \"plugin: %s\" if the data are so; else say person, time and event "
              "in place of the format.",
              f->b);
}

void formats_read(const reader *r, const yaml_node *node, config_source *s)
{
    config_text name = reader_text(node);
    if (!name.text)
        return;
    const source_format *f = format_find(name.text);
    if (!f || (s->plugin.text && strcmp(s->plugin.text, f->b) != 0)) {
        refuse(r, s, name, f);
        return;
    }
    s->format = f;
    s->format_where = name.where;
    take_person(r, s);
    take_time(r, s);
    take_event(r, s);
    take_id(r, s);
}
