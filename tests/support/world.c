/* SPDX-License-Identifier: MIT
 *
 * The made-up population: a schema and lists of events that tests fill, handed to the
 * loader as a source would hand them, and rules judged in every way that has to agree.
 */
#include "support/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "exec/score.h"
#include "graph/lower.h"
#include "lang/parse.h"
#include "lang/passes.h"
#include "plugin/rows.h"
#include "ingest/loader.h"
#include "value/value.h"
#include "support/alone.h"

enum { MOST_NAMES = 128 }; /* kinds, traits, properties of a kind */

/* The text's bytes, which the caller frees, when the text is no longer needed. */
static char *text_end(text *t)
{
    char *data = text_take(t);
    text_done(t);
    return data;
}

/* ---- reading what a test wrote ------------------------------------------------------- */

/* A place in a text of the form "name type, name type". */
typedef struct reader {
    const char *at;
    const char *all; /* for messages */
} reader;

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t';
}

static void skip_blanks(reader *r)
{
    while (is_blank(*r->at))
        r->at++;
}

/* The bytes up to one of `ends` (or the end), without blanks around them. */
static slice read_until(reader *r, const char *ends)
{
    skip_blanks(r);
    slice s = {r->at, strcspn(r->at, ends)};
    r->at += s.size;
    while (s.size > 0 && is_blank(s.data[s.size - 1]))
        s.size--;
    return s;
}

/* Go behind `c` if it comes next. */
static bool read_char(reader *r, char c)
{
    skip_blanks(r);
    if (*r->at != c)
        return false;
    r->at++;
    return true;
}

static type read_type(slice spelling, type_details *details)
{
    char name[64];
    type t;
    snprintf(name, sizeof name, "%.*s", (int)spelling.size, spelling.data);
    if (!type_parse(name, &t, details))
        fail_msg("no type is written \"%s\"", name);
    return t;
}

static void add_property(const world *w, property *list, size_t *count, slice name,
                         slice spelling)
{
    property *p = &list[(*count)++];
    if (*count > MOST_NAMES)
        fail_msg("more than %d names in one list", MOST_NAMES);
    p->name = arena_copy_text(w->memory, name.data, name.size);
    p->type = read_type(spelling, &p->details);
}

/* A text in double quotes, else what stands up to the next comma or bracket. */
static slice read_written_value(reader *r)
{
    if (!read_char(r, '"'))
        return read_until(r, ",)");
    slice s = {r->at, strcspn(r->at, "\"")};
    r->at += s.size;
    if (!read_char(r, '"'))
        fail_msg("a text has no end in: %s", r->all);
    return s;
}

/* What stands up to the bracket that closes the one before, which is passed over. */
static slice read_brackets(reader *r)
{
    slice s = {r->at, strcspn(r->at, "]")};
    r->at += s.size;
    if (!read_char(r, ']'))
        fail_msg("a bracket does not close in: %s", r->all);
    return s;
}

static world_value value_of(const world *w, const property *p, slice written)
{
    world_value value = {false, 0, 0, NULL};
    const char *reason = "";
    bool flag = false, ok = true;
    switch (p->type.kind) {
    case TYPE_BOOL:
        ok = value_read_bool(written, &flag, &reason);
        value.integer = flag;
        break;
    case TYPE_DECIMAL:
        ok = value_read_decimal(written, p->type.scale, &value.integer, &reason);
        break;
    case TYPE_NUMBER: ok = value_read_number(written, &value.number, &reason); break;
    case TYPE_TIME:
        ok = value_read_time(written, NULL, w->zone, &value.integer, &reason);
        break;
    case TYPE_DATE: ok = value_read_date(written, NULL, &value.integer, &reason); break;
    case TYPE_DURATION:
        ok = value_read_duration(written, p->details.unit_microseconds, &value.integer,
                                 &reason);
        break;
    default: value.text = arena_copy_text(w->memory, written.data, written.size);
    }
    if (!ok)
        fail_msg("\"%.*s\" for %s: %s", (int)written.size, written.data, p->name, reason);
    return value;
}

/* ---- life and schema ----------------------------------------------------------------- */

world *world_new(const char *zone_name)
{
    world *w = memory_alloc_zero(sizeof *w);
    carpel_error err;
    w->memory = arena_new();
    w->schema = arena_alloc(w->memory, sizeof *w->schema);
    w->schema->account_trait = SCHEMA_NONE;
    w->schema->kinds = arena_alloc_array(w->memory, MOST_NAMES, sizeof(event_kind));
    w->schema->traits = arena_alloc_array(w->memory, MOST_NAMES, sizeof(property));
    if (!zone_open(zone_name, &w->zone, &err))
        fail_msg("%s", err.message);
    return w;
}

void world_free(world *w)
{
    if (w == NULL)
        return;
    zone_free(w->zone);
    memory_free(w->people);
    memory_free(w->events);
    arena_free(w->memory);
    memory_free(w);
}

/* "sku string, price decimal(2)"; "string" alone is a plain value. */
static void read_item_types(const world *w, event_kind *list, const char *written)
{
    reader r = {written, written};
    list->is_plain = strpbrk(written, " ,") == NULL;
    for (skip_blanks(&r); *r.at != '\0'; skip_blanks(&r)) {
        slice name = list->is_plain ? slice_of(SCHEMA_ITEM_VALUE) : read_until(&r, " ,");
        slice spelling = read_until(&r, ",");
        add_property(w, list->properties, &list->property_count, name, spelling);
        read_char(&r, ',');
    }
}

static void add_list(world *w, size_t parent, slice name, slice written)
{
    schema *s = w->schema;
    event_kind *list = &s->kinds[s->kind_count + s->derived_count++];
    if (schema_total(s) > MOST_NAMES)
        fail_msg("more than %d kinds", MOST_NAMES);
    *list = (event_kind){.name = arena_copy_text(w->memory, name.data, name.size),
                         .derivation = KIND_LIST,
                         .parent = parent};
    list->properties = arena_alloc_array(w->memory, MOST_NAMES, sizeof(property));
    read_item_types(w, list, arena_copy_text(w->memory, written.data, written.size));
}

/* A place for a kind behind those of the data, before the lists. */
static event_kind *new_kind(world *w)
{
    schema *s = w->schema;
    event_kind *kind = &s->kinds[s->kind_count];
    if (schema_total(s) >= MOST_NAMES)
        fail_msg("more than %d kinds", MOST_NAMES);
    memmove(kind + 1, kind, s->derived_count * sizeof *kind);
    for (size_t i = 1; i <= s->derived_count; i++)
        if (kind[i].derivation == KIND_LIST && kind[i].parent >= s->kind_count)
            kind[i].parent++; /* the settings of a trait that is a list */
    s->kind_count++;
    *kind = (event_kind){0};
    return kind;
}

void world_kind(world *w, const char *name, const char *properties)
{
    event_kind *kind = new_kind(w);
    reader r = {properties, properties};
    kind->name = arena_copy_string(w->memory, name);
    kind->properties = arena_alloc_array(w->memory, MOST_NAMES, sizeof(property));
    for (skip_blanks(&r); *r.at != '\0'; skip_blanks(&r)) {
        slice property_name = read_until(&r, " ,");
        if (read_char(&r, '['))
            add_list(w, w->schema->kind_count - 1, property_name, read_brackets(&r));
        else
            add_property(w, kind->properties, &kind->property_count, property_name,
                         read_until(&r, ","));
        read_char(&r, ',');
    }
}

/* A trait that is a list: the kind of its settings, and the list inside. */
static void add_list_trait(world *w, const char *name, reader *type)
{
    schema *s = w->schema;
    size_t number = s->kind_count + s->derived_count++;
    s->kinds[number] = (event_kind){.name = arena_format(w->memory, "user.%s", name),
                                    .derivation = KIND_SETTINGS};
    add_list(w, number, slice_of(name), read_brackets(type));
}

void world_trait(world *w, const char *name, const char *type)
{
    reader r = {type, type};
    if (read_char(&r, '[')) {
        add_list_trait(w, name, &r);
        return;
    }
    add_property(w, w->schema->traits, &w->schema->trait_count, slice_of(name),
                 slice_of(type));
}

/* ---- people and events --------------------------------------------------------------- */

size_t world_person(world *w, const char *id)
{
    for (size_t i = 0; i < w->person_count; i++)
        if (strcmp(w->people[i], id) == 0)
            return i;
    memory_grow((void **)&w->people, w->person_count, &w->person_capacity,
                sizeof *w->people);
    w->people[w->person_count] = arena_copy_string(w->memory, id);
    return w->person_count++;
}

bool world_is_event(const world *w, const world_event *e)
{
    return !e->is_trait && w->schema->kinds[e->kind].derivation != KIND_SETTINGS;
}

/* The properties of an event, or the trait itself. */
static const property *event_properties(const world *w, const world_event *e,
                                        size_t *count)
{
    *count = e->is_trait ? 1 : w->schema->kinds[e->kind].property_count;
    return e->is_trait ? &w->schema->traits[e->kind]
                       : w->schema->kinds[e->kind].properties;
}

void world_add(world *w, world_event event)
{
    size_t count;
    event_properties(w, &event, &count);
    world_value *values = arena_alloc_array(w->memory, count + 1, sizeof *values);
    if (count > 0)
        memcpy(values, event.values, count * sizeof *values);
    event.values = values;
    world_list *lists = arena_alloc_array(w->memory, event.list_count + 1, sizeof *lists);
    if (event.list_count > 0)
        memcpy(lists, event.lists, event.list_count * sizeof *lists);
    event.lists = lists;
    event.arrival = (uint32_t)w->event_count;
    memory_grow((void **)&w->events, w->event_count, &w->event_capacity,
                sizeof *w->events);
    w->events[w->event_count++] = event;
}

/* "name=value, ..." up to the end, or the bracket that closes an item; lists go to `e`. */
static void read_properties(const world *w, const event_kind *kind, reader *r,
                            world_value *values, world_event *e)
{
    for (skip_blanks(r); *r->at != '\0' && *r->at != ')'; skip_blanks(r)) {
        slice name = read_until(r, "=");
        char *copy = arena_copy_text(w->memory, name.data, name.size);
        size_t i = kind_find_property(kind, copy);
        size_t list =
            e == NULL ? SCHEMA_NONE : schema_find_list(w->schema, e->kind, copy);
        if ((i == SCHEMA_NONE && list == SCHEMA_NONE) || !read_char(r, '='))
            fail_msg("%s has no property \"%s\" in: %s", kind->name, copy, r->all);
        if (list != SCHEMA_NONE && read_char(r, '[')) {
            slice items = read_brackets(r);
            char *written = arena_copy_text(w->memory, items.data, items.size);
            e->lists[e->list_count++] = (world_list){list, written};
        } else {
            values[i] = value_of(w, &kind->properties[i], read_written_value(r));
        }
        read_char(r, ',');
    }
}

/* One item of a list: a record in brackets, a value, or the word "missing". */
static world_value *read_item(const world *w, const event_kind *list, reader *r)
{
    world_value *values =
        arena_alloc_array(w->memory, list->property_count, sizeof *values);
    for (size_t i = 0; i < list->property_count; i++)
        values[i].is_missing = true;
    if (!list->is_plain && !read_char(r, '('))
        fail_msg("an item begins with a bracket in: %s", r->all);
    if (!list->is_plain)
        read_properties(w, list, r, values, NULL);
    else if (strncmp(r->at, "missing", 7) == 0)
        r->at += 7;
    else
        values[0] = value_of(w, &list->properties[0], read_written_value(r));
    read_char(r, ')');
    read_char(r, ',');
    return values;
}

world_value **world_items(const world *w, const world_list *list, size_t *count)
{
    reader r = {list->written, list->written};
    world_value **items = arena_alloc_array(w->memory, MOST_NAMES, sizeof *items);
    *count = 0;
    for (skip_blanks(&r); *r.at != '\0' && *count < MOST_NAMES; skip_blanks(&r))
        items[(*count)++] = read_item(w, &w->schema->kinds[list->kind], &r);
    return items;
}

void world_did(world *w, const char *person, const char *kind, const char *time,
               const char *properties)
{
    size_t k = schema_find_kind(w->schema, kind);
    world_value values[MOST_NAMES];
    world_list lists[MOST_NAMES];
    if (k == SCHEMA_NONE)
        fail_msg("no kind is named \"%s\"", kind);
    for (size_t i = 0; i < MOST_NAMES; i++)
        values[i] = (world_value){true, 0, 0, NULL};
    world_event event = {.person = world_person(w, person),
                         .kind = k,
                         .time = world_time(w, time),
                         .values = values,
                         .lists = lists};
    reader r = {properties, properties};
    if (properties != NULL)
        read_properties(w, &w->schema->kinds[k], &r, values, &event);
    world_add(w, event);
}

static void set_list_trait(world *w, const char *person, const char *trait,
                           const char *time, reader *items)
{
    size_t kind = schema_find_list_trait(w->schema, trait);
    if (kind == SCHEMA_NONE)
        fail_msg("no trait that is a list is named \"%s\"", trait);
    slice written = read_brackets(items);
    world_list list = {schema_find_list(w->schema, kind, trait),
                       arena_copy_text(w->memory, written.data, written.size)};
    world_add(w, (world_event){.person = world_person(w, person),
                               .kind = kind,
                               .time = time == NULL ? TIME_MIN : world_time(w, time),
                               .lists = &list,
                               .list_count = 1});
}

void world_has(world *w, const char *person, const char *trait, const char *time,
               const char *value)
{
    size_t t = schema_find_trait(w->schema, trait);
    reader r = {value, value};
    if (read_char(&r, '[')) {
        set_list_trait(w, person, trait, time, &r);
        return;
    }
    if (t == SCHEMA_NONE)
        fail_msg("no trait is named \"%s\"", trait);
    world_value values[1] = {value_of(w, &w->schema->traits[t], read_written_value(&r))};
    world_add(w, (world_event){.person = world_person(w, person),
                               .kind = t,
                               .is_trait = true,
                               .time = time == NULL ? TIME_MIN : world_time(w, time),
                               .values = values});
}

int64_t world_time(const world *w, const char *text)
{
    const char *reason;
    int64_t instant;
    if (!value_read_time(slice_of(text), NULL, w->zone, &instant, &reason))
        fail_msg("cannot read the time \"%s\": %s", text, reason);
    return instant;
}

/* ---- the store: a source that brings the events -------------------------------------- */

/* The rows of a world as a stream: first each person, then each event. */
typedef struct world_stream {
    const world *world;
    const mapping *mapping;
    rows_context context;
    carpel_rows *rows;
    size_t person, event; /* the next */
} world_stream;

static size_t find_column(const world_stream *s, const char *owner, const char *name)
{
    char full[256];
    const carpel_column *columns = mapping_columns(s->mapping);
    if (owner == NULL)
        snprintf(full, sizeof full, "%s", name);
    else
        snprintf(full, sizeof full, "%s.%s", owner, name);
    for (size_t i = 0; i < mapping_column_count(s->mapping); i++)
        if (strcmp(columns[i].from, full) == 0)
            return i;
    fail_msg("the loader asks for no column \"%s\"", full);
    return 0;
}

static void set_text(world_stream *s, size_t column, const char *value)
{
    rows_set_text(s->rows, column, value, strlen(value), true);
}

static void set_value(world_stream *s, size_t column, const property *p,
                      const world_value *value)
{
    text digits;
    switch (p->type.kind) {
    case TYPE_BOOL: rows_set_bool(s->rows, column, value->integer != 0); break;
    case TYPE_NUMBER: rows_set_number(s->rows, column, value->number); break;
    case TYPE_STRING:
    case TYPE_VERSION:
    case TYPE_PERSON: set_text(s, column, value->text); break;
    case TYPE_DECIMAL:
        text_init(&digits);
        value_append_decimal(value->integer, p->type.scale, &digits);
        rows_set_text(s->rows, column, digits.data, digits.size, false);
        text_done(&digits);
        break;
    default: rows_set_int(s->rows, column, value->integer);
    }
}

static bool world_has_rows(const world *w, size_t person)
{
    for (size_t i = 0; i < w->event_count; i++)
        if (w->events[i].person == person)
            return true;
    return false;
}

static void add_person_row(world_stream *s, size_t person)
{
    rows_begin_row(s->rows, person + 1);
    set_text(s, find_column(s, NULL, "person"), s->world->people[person]);
    rows_end_row(s->rows);
}

static void set_item(world_stream *s, const event_kind *list, const world_value *values)
{
    for (size_t i = 0; i < list->property_count; i++)
        if (!values[i].is_missing)
            set_value(s, i, &list->properties[i], &values[i]);
}

static void add_items(world_stream *s, const char *owner, const world_list *items)
{
    const event_kind *kinds = s->world->schema->kinds, *list = &kinds[items->kind];
    bool is_trait = kinds[list->parent].derivation == KIND_SETTINGS;
    size_t column = find_column(s, is_trait ? "user" : owner, list->name), count;
    rows_begin_list(s->rows, column);
    world_value **values = world_items(s->world, items, &count);
    for (size_t i = 0; i < count; i++) {
        rows_begin_item(s->rows, column);
        set_item(s, list, values[i]);
        rows_end_item(s->rows);
    }
}

static void add_event_row(world_stream *s, const world_event *e)
{
    const world *w = s->world;
    const char *owner = e->is_trait ? "user" : w->schema->kinds[e->kind].name;
    bool is_event = world_is_event(w, e);
    size_t count;
    const property *properties = event_properties(w, e, &count);
    rows_begin_row(s->rows, w->person_count + e->arrival + 1);
    set_text(s, find_column(s, NULL, "person"), w->people[e->person]);
    if (is_event)
        set_text(s, find_column(s, NULL, "event"), owner);
    if (is_event || e->time != TIME_MIN)
        rows_set_int(s->rows, find_column(s, NULL, "time"), e->time);
    for (size_t i = 0; i < count; i++)
        if (!e->values[i].is_missing)
            set_value(s, find_column(s, owner, properties[i].name), &properties[i],
                      &e->values[i]);
    for (size_t i = 0; i < e->list_count; i++)
        add_items(s, owner, &e->lists[i]);
    rows_end_row(s->rows);
}

static int stream_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    rows_schema(((world_stream *)stream->private_data)->rows, out);
    return 0;
}

static int stream_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    world_stream *s = stream->private_data;
    const world *w = s->world;
    *out = (struct ArrowArray){0};
    for (; s->person < w->person_count && !rows_is_full(s->rows); s->person++)
        if (!w->is_known_by_rows || !world_has_rows(w, s->person))
            add_person_row(s, s->person);
    while (s->event < w->event_count && !rows_is_full(s->rows))
        add_event_row(s, &w->events[s->event++]);
    if (rows_count(s->rows) > 0)
        rows_take(s->rows, out);
    return 0;
}

static const char *stream_last_error(struct ArrowArrayStream *stream)
{
    (void)stream;
    return NULL;
}

static void stream_release(struct ArrowArrayStream *stream)
{
    stream->release = NULL; /* the struct is world_store's */
}

/* People without events need a row of their own, which only a schema with traits allows. */
static size_t first_person_row(const world *w)
{
    return w->schema->trait_count > 0 ? 0 : w->person_count;
}

store *world_store(const world *w)
{
    arena *memory = arena_new();
    diags *problems = diags_new();
    quarantine *q = quarantine_new(NULL, true);
    loader *l = loader_new(w->schema, q);
    config_source config = {.name = {.text = "world"}, .plugin = {.text = "world"}};
    world_stream s = {.world = w, .person = first_person_row(w)};
    carpel_error err;

    s.mapping = mapping_new(w->schema, &config, w->zone, true, memory, problems);
    s.context = (rows_context){.mapping = s.mapping, .utc = w->zone, .quarantine = q};
    s.rows =
        rows_new(&s.context, mapping_columns(s.mapping), mapping_column_count(s.mapping));
    struct ArrowArrayStream stream = {stream_schema, stream_next, stream_last_error,
                                      stream_release, &s};
    if (!loader_add(l, s.mapping, &stream, &err))
        fail_msg("%s", err.message);
    if (s.context.failure.has_failed)
        fail_msg("%s", s.context.failure.error.message);
    store *result = loader_finish(l);
    if (result->person_count != w->person_count)
        fail_msg("a person without events needs a schema with a trait");
    rows_end(&s.context);
    loader_free(l);
    quarantine_free(q);
    diags_free(problems);
    arena_free(memory);
    return result;
}

/* ---- rules --------------------------------------------------------------------------- */

static void compile_book(world_rules *r, const world *w)
{
    read_files(r->book, r->diags);
    resolve_names(r->book, r->diags);
    check_types(r->book, r->diags);
    if (diags_has_errors(r->diags)) {
        rulebook_done(r->book);
        r->book = NULL;
        return;
    }
    lint_rules(r->book, r->diags);
    r->graph = graph_lower(r->book, NULL, NULL);
    r->plan = plan_new(r->graph, w->zone, w->week_start, r->scripts);
}

world_rules *world_compile(const world *w, const char *rules)
{
    world_rules *r = memory_alloc_zero(sizeof *r);
    text messages;
    r->memory = arena_new();
    r->diags = diags_new();
    r->file = source_new("test.seg", rules, strlen(rules));
    r->scripts = script_set_new((script_limits){16 << 20, 100000});
    r->book = rulebook_new(w->schema, r->scripts, ".", w->zone, r->memory);
    rulebook_add(r->book, parse_rules(r->file, &r->book->names, r->memory, r->diags));
    compile_book(r, w);
    text_init(&messages);
    diags_append(r->diags, &messages, false);
    r->messages = text_end(&messages);
    return r;
}

void world_rules_free(world_rules *r)
{
    if (r == NULL)
        return;
    plan_free(r->plan);
    graph_free(r->graph);
    rulebook_done(r->book);
    script_set_free(r->scripts);
    diags_free(r->diags);
    source_free(r->file);
    arena_free(r->memory);
    memory_free(r->messages);
    memory_free(r);
}

run_result *world_run(const world *w, const world_rules *r, const store *s, int64_t now,
                      size_t threads, size_t block_people)
{
    run_options options = {
        .as_of = now, .threads = threads, .block_people = block_people};
    carpel_error err;
    (void)w;
    run_result *result = run_plan(r->plan, s, &options, &err);
    if (result == NULL)
        fail_msg("%s", err.message);
    return result;
}

/* ---- questions ----------------------------------------------------------------------- */

static const run_segment *find_segment(const run_result *result, const char *path)
{
    for (size_t i = 0; i < result->segment_count; i++)
        if (strcmp(result->segments[i].path, path) == 0)
            return &result->segments[i];
    for (size_t i = 0; i < result->group_member_count; i++)
        if (strcmp(result->group_members[i].path, path) == 0)
            return &result->group_members[i];
    fail_msg("the rules have no segment \"%s\"", path);
    return NULL;
}

static char *list_members(const run_segment *segment)
{
    const run_population *all = segment->population;
    uint32_t *order = memory_alloc_array(all->number_count + 1, sizeof *order);
    text ids;
    text_init(&ids);
    dictionary_sort(all->ids, dictionary_count(all->ids), order);
    for (size_t i = 0; i < all->number_count; i++) {
        slice id = dictionary_text(all->ids, order[i]);
        if (!bitmap_get(segment->members, order[i]))
            continue;
        if (ids.size > 0)
            text_append_char(&ids, ' ');
        text_append_bytes(&ids, id.data, id.size);
    }
    memory_free(order);
    return text_end(&ids);
}

/* The members as judged with so many threads and people a block. */
static char *members_in_every_way(const world *w, const world_rules *r,
                                  const char *segment, int64_t now)
{
    static const struct way {
        size_t threads, block_people;
    } ways[] = {{1, 0}, {1, 1}, {1, 3}, {3, 0}, {3, 1}, {3, 3}};
    enum { WAY_COUNT = sizeof ways / sizeof *ways };
    store *s = world_store(w);
    char *first = NULL;
    for (size_t i = 0; i <= WAY_COUNT; i++) {
        bool is_alone = i == WAY_COUNT;
        run_result *result =
            is_alone ? world_run_alone(r, s, now)
                     : world_run(w, r, s, now, ways[i].threads, ways[i].block_people);
        char *members = list_members(find_segment(result, segment));
        run_result_free(result);
        if (is_alone && strcmp(first, members) != 0)
            fail_msg("%s: \"%s\", but \"%s\" when each is judged alone", segment, first,
                     members);
        if (first != NULL && strcmp(first, members) != 0)
            fail_msg("%s: \"%s\" with one thread, but \"%s\" with %zu threads and blocks "
                     "of %zu people",
                     segment, first, members, ways[i].threads, ways[i].block_people);
        if (first == NULL)
            first = members;
        else
            memory_free(members);
    }
    store_free(s);
    return first;
}

char *world_members(const world *w, const char *rules, const char *segment,
                    const char *now)
{
    world_rules *r = world_compile(w, rules);
    char *members = r->book == NULL
                        ? memory_copy_string(r->messages)
                        : members_in_every_way(w, r, segment, world_time(w, now));
    world_rules_free(r);
    return members;
}

static void append_score(const run_score *score, size_t person, text *out)
{
    const int64_t *integers = score->values;
    if (!bitmap_get(score->present, person)) {
        text_append(out, "missing");
        return;
    }
    switch (score->type.kind) {
    case TYPE_BOOL:
        text_append(out, bitmap_get(score->values, person) ? "true" : "false");
        break;
    case TYPE_NUMBER:
        text_append_format(out, "%.15g", ((const double *)score->values)[person]);
        break;
    case TYPE_DECIMAL:
        value_append_decimal(integers[person], score->type.scale, out);
        break;
    case TYPE_TIME: value_append_time(integers[person], NULL, out); break;
    case TYPE_DATE: value_append_date(integers[person], out); break;
    case TYPE_DURATION: value_append_duration(integers[person], out); break;
    case TYPE_STRING:
    case TYPE_VERSION:
    case TYPE_PERSON: {
        slice value = score_text(score, person);
        text_append_bytes(out, value.data, value.size);
        break;
    }
    default: fail_msg("a score \"%s\" of a type without a text", score->name);
    }
}

static const run_score *find_score(const run_result *result, const char *name)
{
    for (size_t i = 0; i < result->score_count; i++)
        if (strcmp(result->scores[i].name, name) == 0)
            return &result->scores[i];
    fail_msg("the rules have no score \"%s\"", name);
    return NULL;
}

static char *score_of(const world *w, const world_rules *r, const char *score,
                      const char *person, int64_t now)
{
    store *s = world_store(w);
    run_result *result = world_run(w, r, s, now, 1, 0);
    const run_score *found = find_score(result, score);
    uint32_t code = dictionary_find(found->population->ids, person, strlen(person));
    text value;
    text_init(&value);
    if (code == DICTIONARY_NONE)
        fail_msg("nobody is called \"%s\"", person);
    append_score(found, code, &value);
    run_result_free(result);
    store_free(s);
    return text_end(&value);
}

char *world_score(const world *w, const char *rules, const char *score,
                  const char *person, const char *now)
{
    world_rules *r = world_compile(w, rules);
    char *value = r->book == NULL ? memory_copy_string(r->messages)
                                  : score_of(w, r, score, person, world_time(w, now));
    world_rules_free(r);
    return value;
}

/* ---- tables of cases ----------------------------------------------------------------- */

/* Rules as they are, or a condition or an expression as a rule called "s". */
static char *whole_rules(const char *rules, const char *declaration)
{
    static const char *const heads[] = {"segment ", "groups ", "score ",    "let ",
                                        "list ",    "event ",  "occasion ", "split "};
    text whole;
    text_init(&whole);
    bool is_whole = false;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        is_whole = is_whole || slice_starts_with(slice_of(rules), slice_of(heads[i]));
    if (!is_whole)
        text_append(&whole, declaration);
    text_append(&whole, rules);
    return text_end(&whole);
}

/* Print a case that came out otherwise. */
static bool agrees(const char *rules, const char *now, const char *is,
                   const char *expected)
{
    if (strcmp(is, expected) == 0)
        return true;
    print_error("%s\n    at %s\n    is       %s\n    expected %s\n", rules, now, is,
                expected);
    return false;
}

void world_check(const world *w, const world_case *cases, size_t count)
{
    size_t wrong = 0;
    for (size_t i = 0; i < count; i++) {
        char *rules = whole_rules(cases[i].rules, "segment s when ");
        char *members = world_members(w, rules, "s", cases[i].now);
        wrong += !agrees(rules, cases[i].now, members, cases[i].members);
        memory_free(members);
        memory_free(rules);
    }
    if (wrong > 0)
        fail_msg("%zu of %zu cases are wrong", wrong, count);
}

void world_check_values(const world *w, const world_value_case *cases, size_t count)
{
    size_t wrong = 0;
    for (size_t i = 0; i < count; i++) {
        const world_value_case *c = &cases[i];
        char *rules = whole_rules(c->rules, "score s = ");
        char *value = world_score(w, rules, "s", c->person, c->now);
        wrong += !agrees(rules, c->now, value, c->value);
        memory_free(value);
        memory_free(rules);
    }
    if (wrong > 0)
        fail_msg("%zu of %zu cases are wrong", wrong, count);
}
