/* SPDX-License-Identifier: MIT
 *
 * What is drafted of one file: its shape's rows are carried out one after the other. A file of no
 * shape gets rows of its own, made of what its fields look like.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/path.h"
#include "config/formats.h"
#include "look/draft.h"
#include "look/money.h"
#include "look/names.h"

/* One file at work. */
typedef struct drafting {
    draft *draft;
    catalog *catalog;
    const look_file *file;
    const cancel *cancel;
    size_t source; /* of the draft, which may move */
    const look_column *events[2];
    look_presence *presences[2];
    size_t event_count;
    const shape_row *kinds_from; /* the first row of the source, for its kinds */
} drafting;

static draft_source *source_of(const drafting *w)
{
    return &w->draft->sources[w->source];
}

/* ---- kinds ------------------------------------------------------------------------- */

static const char *value_text(const drafting *w, const look_column *c, size_t code)
{
    slice s = dictionary_text(c->values, (uint32_t)code);
    return arena_copy_text(w->draft->memory, s.data, s.size);
}

/* Of a second field only the kinds of rows that the first one leaves open. */
static bool is_named_before(const drafting *w, size_t event, size_t code)
{
    const look_presence *p = w->presences[event];
    for (size_t i = 0; event > 0 && i < p->column_count; i++)
        if (w->file->columns[i] == w->events[0])
            return p->is_there[code * p->column_count + i];
    return false;
}

/* The kind of a value: NULL when it is none. */
static const char *kind_of_value(const drafting *w, size_t event, size_t code)
{
    const look_column *c = w->events[event];
    return is_named_before(w, event, code)
               ? NULL
               : look_kind_name(value_text(w, c, code), w->draft->memory);
}

/* Rules for all values of the fields that name kinds. */
static void add_named_kinds(drafting *w)
{
    draft_source *s = source_of(w);
    for (size_t e = 0; e < w->event_count; e++) {
        const look_column *c = w->events[e];
        for (size_t code = 0; code < w->presences[e]->kind_count; code++) {
            const char *kind = kind_of_value(w, e, code);
            if (!kind)
                continue;
            draft_add_kind(w->draft, kind)->row_count += c->counts[code];
            draft_add_rule(s, (draft_rule){kind, c->from, value_text(w, c, code)});
        }
    }
    s->event = w->event_count == 1 ? w->events[0]->from : NULL;
}

static bool add_event_column(drafting *w, const look_column *c, carpel_error *err)
{
    if (!c || w->event_count == 2 || look_column_distinct(c) > ROLE_MOST_KINDS ||
        c->filled == 0)
        return true;
    look_presence *p = look_file_presence(w->catalog, w->file, c, w->cancel, err);
    if (!p)
        return false;
    w->events[w->event_count] = c;
    w->presences[w->event_count++] = p;
    return true;
}

static void end_source(drafting *w)
{
    for (size_t i = 0; i < w->event_count; i++)
        look_presence_free(w->presences[i]);
    w->event_count = 0;
}

/* ---- fields ------------------------------------------------------------------------- */

/* Add a property to each kind of the source whose rows have its column. */
static void add_to_kinds(drafting *w, const look_column *c, draft_field field)
{
    size_t number = name_index_find(&w->file->by_from, c->from);
    draft_source *s = source_of(w);
    for (size_t i = 0; i < s->rule_count && w->event_count == 0; i++)
        draft_add_field(w->draft, s, draft_add_kind(w->draft, s->rules[i].kind), field);
    for (size_t e = 0; e < w->event_count; e++) {
        const look_presence *p = w->presences[e];
        for (size_t code = 0; code < p->kind_count; code++) {
            const char *kind = kind_of_value(w, e, code);
            if (kind && p->is_there[code * p->column_count + number])
                draft_add_field(w->draft, s, draft_add_kind(w->draft, kind), field);
        }
    }
}

/* A list inside a list cannot be said, and of an empty column there is nothing to say. */
static bool can_be_drafted(const look_column *c)
{
    const char *list = strstr(c->from, "[]");
    if (c->is_flat || c->filled == 0 || c->from[0] == '\0')
        return c->filled > 0 && c->from[0] != '\0';
    return !(list && strstr(list + 2, "[")) && !(strstr(c->from, "[key=") && list);
}

static void add_column(drafting *w, const char *name, const char *type, const char *from,
                       bool is_trait, bool is_cents)
{
    const look_column *c = look_file_column(w->file, from);
    draft_source *s = source_of(w);
    if (!c || !can_be_drafted(c))
        return;
    draft_field field =
        s->each ? draft_item_field(w->draft, c) : draft_field_of(w->draft, c, NULL);
    field.name = name;
    field.is_cents = is_cents;
    field.type = type ? type : field.type;
    if (type && strcmp(type, "time") != 0 && strcmp(type, "date") != 0)
        field.format = field.other_format = NULL;
    if (type && strncmp(type, "decimal", 7) != 0) {
        field.decimal = field.thousands = 0;
        field.money_sign = NULL;
    }
    if (is_trait)
        draft_add_field(w->draft, s, NULL, field);
    else
        add_to_kinds(w, c, field);
}

static void add_columns(drafting *w, const char *prefix, bool are_traits)
{
    size_t size = strlen(prefix);
    const char *left_out = strchr(prefix, '[') ? "" : prefix;
    for (size_t i = 0; i < w->file->column_count; i++) {
        const look_column *c = w->file->columns[i];
        draft_source *s = source_of(w);
        if (strncmp(c->from, prefix, size) != 0 || !can_be_drafted(c) ||
            draft_is_used(s, c->from))
            continue;
        draft_field field = draft_field_of(w->draft, c, left_out);
        if (are_traits)
            draft_add_field(w->draft, s, NULL, field);
        else
            add_to_kinds(w, c, field);
    }
}

/* ---- rows of a shape -------------------------------------------------------------------- */

static void set_time(drafting *w, const char *from, const char *format)
{
    const look_column *c = look_file_column(w->file, from);
    draft_source *s = source_of(w);
    if (!c || c->filled == 0 || s->time)
        return;
    s->time = from;
    s->time_format = format ? format : look_column_time_format(c, &s->time_other_format);
    s->time_has_iso = !format && look_column_mixes_iso(c);
}

/* The fields of the person that the source's project names, as many as are there. */
static size_t known_persons(const look_file *f, const char *out[DRAFT_MOST_PERSONS])
{
    size_t count = 0;
    for (size_t i = 0; f->asked && i < f->asked->person_count; i++)
        if (count < DRAFT_MOST_PERSONS && look_file_column(f, f->asked->persons[i]))
            out[count++] = f->asked->persons[i];
    return count;
}

static void add_person(drafting *w, const char *from)
{
    const look_column *c = look_file_column(w->file, from);
    draft_source *s = source_of(w);
    const char *named = w->draft->person, *known[DRAFT_MOST_PERSONS];
    size_t known_count = known_persons(w->file, known);
    if (named && look_file_column(w->file, named)) {
        s->persons[0] = named;
        s->person_count = 1;
        return;
    }
    if (known_count > 0) {
        memcpy(s->persons, known, known_count * sizeof *known);
        s->person_count = known_count;
        return;
    }
    if (c && c->filled > 0 && s->person_count < DRAFT_MOST_PERSONS)
        s->persons[s->person_count++] = from;
}

/* Does a value of the column fit the pattern? */
static bool has_fitting(const look_column *c, const char *text)
{
    bool is_found = false;
    for (uint32_t i = 0; !is_found && i < dictionary_count(c->values); i++)
        is_found = slice_fits(dictionary_text(c->values, i), slice_of(text));
    return is_found;
}

static void add_when(drafting *w, const char *kind, const char *field, const char *text)
{
    const look_column *c = look_file_column(w->file, field);
    if (!c || !has_fitting(c, text))
        return;
    draft_add_kind(w->draft, kind);
    draft_add_rule(source_of(w), (draft_rule){kind, field, text});
}

static void begin_source(drafting *w, const char *name)
{
    end_source(w);
    draft_add_source(w->draft, w->file, name);
    w->source = w->draft->source_count - 1;
}

/* A row of a format as one of a shape. */
static shape_row row_of(const source_format *f, const format_part *part)
{
    const format_part *time_format = format_row(f, FORMAT_TIME_FORMAT, 0);
    bool has_prefix = part->a && *part->a;
    switch (part->kind) {
    case FORMAT_PERSON: return (shape_row){ROW_PERSON, part->a, NULL, NULL};
    case FORMAT_TIME:
        return (shape_row){
            ROW_TIME, part->a,
            time_format && !format_row(f, FORMAT_TIME_FORMAT, 1) ? time_format->a : NULL,
            NULL};
    case FORMAT_EVENT: return (shape_row){ROW_EVENTS, part->a, NULL, NULL};
    case FORMAT_ID: return (shape_row){ROW_ID, part->a, NULL, NULL};
    case FORMAT_PROPERTY_AT: return (shape_row){ROW_FIELD, part->a, NULL, part->b};
    case FORMAT_TRAIT_AT: return (shape_row){ROW_TRAIT, part->a, "string", part->b};
    case FORMAT_PROPERTY:
        return (shape_row){has_prefix ? ROW_FIELDS : ROW_END, part->a, NULL, NULL};
    case FORMAT_TRAIT:
        return (shape_row){has_prefix ? ROW_TRAITS : ROW_END, part->a, NULL, NULL};
    default: return (shape_row){ROW_END, NULL, NULL, NULL};
    }
}

/* Who, when, what: before the fields, whose kinds these are. */
static bool carry_out_role(drafting *w, const shape_row *row, carpel_error *err)
{
    draft_source *s = source_of(w);
    const look_column *c = row->a ? look_file_column(w->file, row->a) : NULL;
    switch (row->kind) {
    case ROW_EACH: s->each = row->a; break;
    case ROW_PERSON: add_person(w, row->a); break;
    case ROW_TIME: set_time(w, row->a, row->b); break;
    case ROW_EVENT_WHEN: add_when(w, row->a, row->b, row->c); break;
    case ROW_EVENT:
        draft_add_kind(w->draft, row->a);
        draft_add_rule(s, (draft_rule){row->a, NULL, NULL});
        break;
    case ROW_EVENTS: return add_event_column(w, c, err);
    case ROW_ID: s->id = c && !s->id ? row->a : s->id; break;
    case ROW_SKIP:
        if (c)
            draft_add_skip(s, row->a, row->b);
        break;
    default: break;
    }
    return true;
}

static bool carry_out_field(drafting *w, const shape_row *row, carpel_error *err)
{
    (void)err;
    switch (row->kind) {
    case ROW_FIELD: add_column(w, row->a, row->b, row->c, false, false); break;
    case ROW_CENTS: add_column(w, row->a, "decimal(2)", row->c, false, true); break;
    case ROW_FIELDS: add_columns(w, row->a, false); break;
    case ROW_TRAIT: add_column(w, row->a, row->b, row->c, true, false); break;
    case ROW_TRAITS: add_columns(w, row->a, true); break;
    default: break;
    }
    return true;
}

static bool ends_source(const shape_row *row)
{
    return row->kind == ROW_SOURCE || row->kind == ROW_SHAPE || row->kind == ROW_END;
}

typedef bool carry_out_row(drafting *w, const shape_row *row, carpel_error *err);

/* Each row of a source, and in the place of its format the rows of that. */
static bool for_each_row(drafting *w, const shape_row *rows, carry_out_row *carry_out,
                         carpel_error *err)
{
    bool ok = true;
    for (const shape_row *row = rows; ok && !ends_source(row); row++) {
        const source_format *f = row->kind == ROW_FORMAT ? format_find(row->a) : NULL;
        const format_part *part = f;
        ok = f || carry_out(w, row, err);
        while (ok && f && format_next(&part)) {
            shape_row of_format = row_of(f, part);
            source_of(w)->format = f;
            ok = carry_out(w, &of_format, err);
        }
    }
    return ok;
}

/* The rows of one source, from the one behind its name on. */
static bool carry_out(drafting *w, const shape_row *rows, carpel_error *err)
{
    if (!for_each_row(w, rows, carry_out_role, err))
        return false;
    add_named_kinds(w);
    draft_skip_nobody(w->draft, source_of(w));
    return for_each_row(w, rows, carry_out_field, err);
}

/* Does a source of the shape have its list, when it is one of items? */
static bool has_each(const drafting *w, const shape_row *rows)
{
    size_t size = rows->kind == ROW_EACH ? strlen(rows->a) : 0;
    for (size_t i = 0; i < w->file->column_count; i++) {
        const char *from = w->file->columns[i]->from;
        if (size == 0 || (strncmp(from, rows->a, size) == 0 && from[size] == '['))
            return true;
    }
    return false;
}

static bool draft_shape(drafting *w, const shape_row *shape, carpel_error *err)
{
    for (const shape_row *row = shape + 1; row->kind != ROW_SHAPE && row->kind != ROW_END;
         row++) {
        if (row->kind != ROW_SOURCE || !has_each(w, row + 1))
            continue;
        begin_source(w, row->a);
        if (!carry_out(w, row + 1, err))
            return false;
    }
    return true;
}

/* ---- files of no shape --------------------------------------------------------------------- */

/* "orders" for "data/orders.csv.gz" */
static const char *stem_of(const drafting *w)
{
    const char *base = path_base(w->file->path);
    size_t size = strcspn(base, ".");
    char *stem = arena_copy_text(w->draft->memory, base, size);
    return look_kind_name(stem, w->draft->memory);
}

/* What the rows of a file are that has one kind: purchases when there is money or goods. */
static const char *guess_kind(const drafting *w)
{
    static const char *const goods[] = {"invoiceno", "sku", "orderid"};
    for (size_t i = 0; i < w->file->column_count; i++) {
        const look_column *c = w->file->columns[i];
        const char *bare = look_bare_name(c->from, w->draft->memory);
        if (money_is_paid(look_property_name(c->from, NULL, w->draft->memory)))
            return "purchase";
        for (size_t k = 0; k < sizeof goods / sizeof *goods; k++)
            if (strcmp(goods[k], bare) == 0)
                return "purchase";
    }
    return "activity";
}

const look_column *draft_person_of(const draft *d, const look_file *f)
{
    look_roles roles = look_roles_of(f);
    const look_column *named = d->person ? look_file_column(f, d->person) : NULL;
    const char *known[DRAFT_MOST_PERSONS];
    if (!named && known_persons(f, known) > 0)
        named = look_file_column(f, known[0]);
    return named ? named : roles.candidates[ROLE_PERSON][0];
}

/* The field that the source's project names for the role, when it may have it; or NULL. */
static const look_column *known_role(const look_file *f, look_role role)
{
    const char *from = !f->asked           ? NULL
                       : role == ROLE_TIME ? f->asked->time
                                           : f->asked->event;
    const look_column *c = from ? look_file_column(f, from) : NULL;
    if (!c || c->filled == 0)
        return NULL;
    bool may_be =
        role == ROLE_TIME ? look_column_may_be_time(c) : look_may_be_event(f, c);
    return may_be ? c : NULL;
}

/* The one that the project names, or the likeliest one that is not the person. */
static const look_column *other_role(const look_file *f, const look_roles *roles,
                                     look_role role, const look_column *person)
{
    const look_column *known = role == ROLE_ID ? NULL : known_role(f, role);
    if (known && known != person)
        return known;
    const look_column *const *candidates = roles->candidates[role];
    return candidates[0] && candidates[0] == person ? candidates[1] : candidates[0];
}

static bool draft_unknown(drafting *w, carpel_error *err)
{
    look_roles roles = look_roles_of(w->file);
    const look_column *person = draft_person_of(w->draft, w->file),
                      *time = other_role(w->file, &roles, ROLE_TIME, person),
                      *event = other_role(w->file, &roles, ROLE_EVENT, person),
                      *id = other_role(w->file, &roles, ROLE_ID, person);
    if (!person)
        return carpel_fail(err, CARPEL_E_INPUT,
                           "no field of \"%s\" looks like the id of a person",
                           w->file->path);
    shape_row rows[] = {{ROW_PERSON, person->from, NULL, NULL},
                        {ROW_TIME, time ? time->from : "", NULL, NULL},
                        {ROW_END, NULL, NULL, NULL},
                        {ROW_END, NULL, NULL, NULL},
                        {ROW_END, NULL, NULL, NULL},
                        {ROW_END, NULL, NULL, NULL}};
    size_t count = 2;
    if (time && event)
        rows[count++] = (shape_row){ROW_EVENTS, event->from, NULL, NULL};
    else if (time)
        rows[count++] = (shape_row){ROW_EVENT, guess_kind(w), NULL, NULL};
    if (time && id)
        rows[count++] = (shape_row){ROW_ID, id->from, NULL, NULL};
    rows[count] = (shape_row){time ? ROW_FIELDS : ROW_TRAITS, "", NULL, NULL};
    begin_source(w, stem_of(w));
    return carry_out(w, rows, err);
}

bool draft_add_file(draft *d, catalog *c, const look_file *f, const cancel *cancel,
                    carpel_error *err)
{
    drafting w = {.draft = d, .catalog = c, .file = f, .cancel = cancel};
    const shape_row *shape = shape_of(f);
    bool ok = shape ? draft_shape(&w, shape, err) : draft_unknown(&w, err);
    end_source(&w);
    return ok;
}
