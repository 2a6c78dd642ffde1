/* SPDX-License-Identifier: MIT
 *
 * A project as a list of keys and values, and the difference of two such lists.
 */
#include "config/project_changes.h"

#include <string.h>

#include "base/memory.h"
#include "base/name_index.h"

typedef struct fact {
    const char *key, *value;
} fact;

typedef struct facts {
    arena *memory;
    fact *items;
    size_t count, capacity;
} facts;

/* ---- what a project says -------------------------------------------------- */

/* Blanks of a type do not count: "decimal( 2 )". */
static const char *without_blanks(arena *memory, const char *text)
{
    char *out = arena_copy_string(memory, text ? text : "");
    size_t size = 0;
    for (const char *c = out; *c; c++)
        if (*c != ' ')
            out[size++] = *c;
    out[size] = '\0';
    return out;
}

/* What is not said, or could not be read, has no key. */
static void say(facts *f, const char *under, const char *name, const char *value)
{
    if (!name || !value)
        return;
    memory_grow((void **)&f->items, f->count, &f->capacity, sizeof *f->items);
    f->items[f->count++] =
        (fact){arena_format(f->memory, "%s%s%s", under, *under ? "." : "", name),
               arena_copy_string(f->memory, value)};
}

static void say_fields(facts *f, const char *under, const config_field *fields,
                       size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const config_field *field = &fields[i];
        const char *type = without_blanks(f->memory, field->type.text);
        say(f, under, field->name.text,
            field->is_list ? arena_format(f->memory, "[%s]", type) : type);
        say_fields(f, arena_format(f->memory, "%s.%s", under, field->name.text),
                   field->fields, field->field_count);
    }
}

static void say_events(facts *f, const project *p)
{
    for (size_t i = 0; i < p->kind_count; i++) {
        const config_kind *kind = &p->kinds[i];
        say(f, "events", kind->name.text, "");
        say_fields(f, arena_format(f->memory, "events.%s", kind->name.text), kind->fields,
                   kind->field_count);
    }
}

/* "ts (unix_ms, UTC)" */
static void say_mapping(facts *f, const char *under, const char *name,
                        const config_mapping *m)
{
    text how;
    if (!m->from.text)
        return;
    text_init(&how);
    text_append(&how, m->from.text);
    const char *parts[] = {m->format.text, m->zone.text};
    for (size_t i = 0, told = 0; i < 2; i++)
        if (parts[i])
            text_append_format(&how, "%s%s", told++ ? ", " : " (", parts[i]);
    text_append(&how, m->format.text || m->zone.text ? ")" : "");
    say(f, under, name, how.data);
    text_done(&how);
}

static void say_mappings(facts *f, const char *under, const config_mapping *all,
                         size_t count)
{
    for (size_t i = 0; i < count; i++)
        say_mapping(f, under, all[i].name.text, &all[i]);
}

static const char *rule_of(facts *f, const config_event_rule *rule)
{
    text out;
    text_init(&out);
    for (size_t i = 0; i < rule->condition_count; i++)
        text_append_format(&out, "%s%s: %s", i > 0 ? ", " : "",
                           rule->conditions[i].from.text,
                           rule->conditions[i].pattern.text);
    const char *copy = arena_copy_string(f->memory, out.data);
    text_done(&out);
    return copy;
}

/* Which kind the rows are of, and which are left out. */
static void say_kinds(facts *f, const char *under, const config_source *s)
{
    say(f, under, "event", s->event.from.text);
    for (size_t i = 0; i < s->event_name_count; i++)
        say(f, arena_format(f->memory, "%s.event", under), s->event_names[i].from.text,
            s->event_names[i].kind.text);
    for (size_t i = 0; i < s->event_rule_count; i++)
        say(f, arena_format(f->memory, "%s.event", under), s->event_rules[i].name.text,
            rule_of(f, &s->event_rules[i]));
    for (size_t i = 0; i < s->skip_rule_count; i++)
        say(f, under, arena_format(f->memory, "skip %zu", i + 1),
            rule_of(f, &s->skip_rules[i]));
}

static void say_sources(facts *f, const project *p)
{
    for (size_t i = 0; i < p->source_count; i++) {
        const config_source *s = &p->sources[i];
        const char *under = arena_format(f->memory, "sources.%s", s->name.text);
        say(f, "sources", s->name.text, s->plugin.text);
        say_mapping(f, under, "person", &s->person);
        say_mapping(f, under, "id", &s->id);
        say_mapping(f, under, "time", &s->time);
        say_kinds(f, under, s);
        say_mappings(f, under, s->properties, s->property_count);
        say_mappings(f, under, s->traits, s->trait_count);
    }
}

static facts facts_of(const project *p, arena *memory)
{
    facts f = {.memory = memory};
    say(&f, "", "time_zone", p->time_zone.text);
    say(&f, "", "week_start", weekday_names[p->week_start]);
    say(&f, "", "account_trait", p->account_trait.text);
    say(&f, "", "session_gap", p->session_gap.text);
    say_events(&f, p);
    say_fields(&f, "traits", p->traits, p->trait_count);
    say_sources(&f, p);
    return f;
}

/* ---- what differs ----------------------------------------------------------- */

static name_index index_of(const facts *f)
{
    name_index index = {0};
    for (size_t i = 0; i < f->count; i++)
        name_index_add(&index, f->memory, f->items[i].key, i);
    return index;
}

/* Is it a part of what is new, or gone? That stands before it. */
static bool is_part(const project_changes *c, const char *key, bool is_new)
{
    for (size_t i = 0; i < c->count; i++) {
        const project_change *whole = &c->items[i];
        size_t size = strlen(whole->key);
        if ((is_new ? whole->before : whole->now) == NULL &&
            strncmp(whole->key, key, size) == 0 && key[size] == '.')
            return true;
    }
    return false;
}

static void add_new(project_changes *c, const facts *before, const facts *now)
{
    name_index known = index_of(before);
    for (size_t i = 0; i < now->count; i++) {
        const fact *f = &now->items[i];
        size_t at = name_index_find(&known, f->key);
        const char *old = at == SIZE_MAX ? NULL : before->items[at].value;
        bool is_told = old ? strcmp(old, f->value) != 0 : !is_part(c, f->key, true);
        if (is_told)
            c->items[c->count++] = (project_change){f->key, old, f->value};
    }
}

static void add_gone(project_changes *c, const facts *before, const facts *now)
{
    name_index known = index_of(now);
    for (size_t i = 0; i < before->count; i++) {
        const fact *f = &before->items[i];
        if (name_index_find(&known, f->key) == SIZE_MAX && !is_part(c, f->key, false))
            c->items[c->count++] = (project_change){f->key, f->value, NULL};
    }
}

project_changes project_changes_between(const project *before, const project *now,
                                        arena *memory)
{
    project_changes c = {0};
    if (!before || !now)
        return c;
    facts old = facts_of(before, memory), new = facts_of(now, memory);
    c.items = arena_alloc_array(memory, old.count + new.count + 1, sizeof *c.items);
    add_new(&c, &old, &new);
    add_gone(&c, &old, &new);
    memory_free(old.items);
    memory_free(new.items);
    return c;
}
