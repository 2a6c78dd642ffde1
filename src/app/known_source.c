/* SPDX-License-Identifier: MIT
 *
 * A source is looked at in one of three ways: its plugin tells what there is; the first of its files is
 * looked at as any file is; or some rows are read, with the fields that the project names.
 */
#include "app/known_source.h"

#include <stdio.h>
#include <string.h>

#include "app/say.h"
#include "config/options.h"
#include "plugin/guarded.h"
#include "report/suggest.h"
#include "report/terminal.h"

const config_source *known_source_find(const project *p, const char *name)
{
    for (size_t i = 0; i < p->source_count; i++)
        if (p->sources[i].name.text && strcmp(p->sources[i].name.text, name) == 0)
            return &p->sources[i];
    return NULL;
}

void known_source_hint(const project *p, const char *name)
{
    suggestion similar = suggest_begin(name);
    text names;
    text_init(&names);
    for (size_t i = 0; i < p->source_count; i++) {
        const char *one = p->sources[i].name.text;
        if (!one)
            continue;
        suggest_consider(&similar, one);
        text_append_format(&names, "%s\"%s\"", names.size > 0 ? ", " : "", one);
    }
    if (suggest_best(&similar))
        say_hint("Did you mean the source \"%s\" of carpel.yaml?",
                 suggest_best(&similar));
    else if (names.size > 0)
        say_hint("The sources of carpel.yaml are %s.", names.data);
    text_done(&names);
}

/* ---- the options as they are written ------------------------------------------------ */

/* The options of the plugin, or, of a source whose file is looked at, its files alone: how they are
 * written is found out anew. */
static const char *settings_of(const asked_source *a, const project *p,
                               const config_source *s, diags *d)
{
    text lines;
    text_init(&lines);
    const yaml_node *root = asked_source_unread(p->file, a->memory, d);
    const yaml_node *sources = root ? yaml_get(root, "sources") : NULL;
    const yaml_node *own = NULL;
    for (size_t i = 0; sources && i < yaml_item_count(sources); i++)
        if (yaml_item_at(sources, i)->where.begin == s->node->where.begin)
            own = yaml_item_at(sources, i);
    for (size_t i = 0; own && i < own->count; i++) {
        const yaml_node *one = own->items[i];
        bool is_shown = a->asked.file
                            ? strcmp(one->key, "files") == 0
                            : options_find(a->plugin->options, one->key) != NULL;
        if (is_shown)
            asked_source_append_setting(one, &lines);
    }
    const char *settings =
        arena_copy_text(a->memory, lines.data ? lines.data : "", lines.size);
    text_done(&lines);
    return settings;
}

/* ---- fields that the project names --------------------------------------------------- */

static void want(asked_source *a, const char *from)
{
    if (from && from[0] != '\0')
        look_sample_want(&a->sample, from, a->memory);
}

static void want_texts(asked_source *a, const config_text *texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        want(a, texts[i].text);
}

static void want_mappings(asked_source *a, const config_mapping *mappings, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        want(a, mappings[i].from.text);
        want_texts(a, mappings[i].more_fields, mappings[i].more_field_count);
    }
}

static void want_conditions(asked_source *a, const config_event_rule *rules, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < rules[i].condition_count; k++)
            want(a, rules[i].conditions[k].from.text);
}

/* A property has the field of its name where nothing else is said; lists are left out. */
static void want_declared(asked_source *a, const config_field *fields, size_t count,
                          const char *prefix)
{
    for (size_t i = 0; i < count; i++) {
        const config_field *f = &fields[i];
        const char *name = arena_format(a->memory, "%s%s", prefix, f->name.text);
        if (f->is_list)
            continue;
        if (f->type.text)
            want(a, name);
        else
            want_declared(a, f->fields, f->field_count,
                          arena_format(a->memory, "%s.", name));
    }
}

static void want_fields(asked_source *a, const project *p, const config_source *s)
{
    want(a, s->person.from.text);
    want_texts(a, s->person_fields, s->person_field_count);
    want(a, s->time.from.text);
    want_texts(a, s->time.more_fields, s->time.more_field_count);
    want(a, s->event.from.text);
    want_texts(a, s->id_fields, s->id_field_count);
    for (size_t i = 0; i < s->identity_count; i++)
        want(a, s->identities[i].field.from.text);
    want_conditions(a, s->event_rules, s->event_rule_count);
    want_conditions(a, s->skip_rules, s->skip_rule_count);
    want_mappings(a, s->properties, s->property_count);
    want_mappings(a, s->traits, s->trait_count);
    for (size_t i = 0; i < p->kind_count; i++)
        want_declared(a, p->kinds[i].fields, p->kinds[i].field_count, "");
    want_declared(a, p->traits, p->trait_count, "");
}

/* What it says of who, when and what, for the draft. */
static void tell_roles(asked_source *a, const config_source *s)
{
    a->asked.persons =
        arena_alloc(a->memory, (s->person_field_count + 1) * sizeof *a->asked.persons);
    for (size_t i = 0; i < s->person_field_count; i++)
        a->asked.persons[a->asked.person_count++] = s->person_fields[i].text;
    if (s->person_field_count == 0 && s->person.from.text)
        a->asked.persons[a->asked.person_count++] = s->person.from.text;
    a->asked.time = s->time.from.text;
    a->asked.event = s->event.from.text;
}

/* ---- how it is looked at -------------------------------------------------------------- */

static bool take_files(asked_source *a, const char *name)
{
    const carpel_option *o = options_find(a->plugin->options, "files");
    if (!o || o->type != CARPEL_OPTION_PATHS)
        return false;
    const char *bytes = a->asked.inquiry.options;
    const carpel_texts *files = (const carpel_texts *)(const void *)(bytes + o->offset);
    if (files->count == 0) {
        say_error(
            "the source \"%s\" reads what a program writes, and a file is looked at "
            "more than once",
            name);
        say_hint("Let the program write a file, and look at that.");
        return false;
    }
    a->asked.file = files->items[0];
    a->asked.file_count = files->count;
    return true;
}

static bool sample_fields(asked_source *a, const project *p, const config_source *s)
{
    if (a->plugin->source->brings_own_names) {
        say_error("the source \"%s\" (%s) brings the names of the project by itself, so "
                  "there is nothing to map",
                  s->name.text, a->plugin->name);
        return false;
    }
    want_fields(a, p, s);
    if (a->sample.count == 0) {
        say_error(
            "the source \"%s\" (%s) cannot tell what fields it has, and carpel.yaml "
            "names none of it",
            s->name.text, a->plugin->name);
        say_hint(
            "Name some, such as \"person\" and \"time\"; then their values are looked "
            "at.");
        return false;
    }
    a->sample.request =
        (carpel_request){.struct_size = sizeof a->sample.request,
                         .name = s->name.text,
                         .options = a->asked.inquiry.options,
                         .project_directory = a->asked.inquiry.project_directory};
    a->asked.sample = &a->sample;
    return true;
}

static bool choose_way(asked_source *a, const project *p, const config_source *s)
{
    if (guarded_can_discover(a->plugin))
        return true;
    return guarded_can_look(a->plugin) ? take_files(a, s->name.text)
                                       : sample_fields(a, p, s);
}

/* Report what is wrong about the source; the rest of the project is not looked at. */
static void print_own(const config_source *s, const diags *all)
{
    const span own = s->node->where;
    diags *d = diags_new();
    for (size_t i = 0; i < diags_count(all); i++) {
        const diag *one = diags_get(all, i);
        bool is_inside = one->where.file == own.file && one->where.begin >= own.begin &&
                         one->where.end <= own.end;
        if (!is_inside || one->severity != DIAG_ERROR)
            continue;
        diag_error(d, one->where, one->code, "%s", one->message);
        if (one->hint)
            diag_hint(d, "%s", one->hint);
    }
    diags_print(d, stderr, terminal_has_colour(stderr));
    diags_free(d);
}

/* ---- opening ---------------------------------------------------------------------------- */

static bool read_options(asked_source *a, const project *p, const config_source *s,
                         diags *d)
{
    const carpel_plugin *plugin = a->plugin;
    const options_context context = {
        .owner = arena_format(a->memory, "source plugin \"%s\"", plugin->name),
        .project_directory = p->directory,
        .other_keys = project_source_keys,
        .supplied = yaml_get(s->node, "command") ? "files" : NULL};
    void *values = arena_alloc(a->memory, plugin->options_size + 1);
    if (!options_read(s->node, plugin->options, plugin->options_size, &context, values,
                      a->memory, d))
        return false;
    a->asked.inquiry = (carpel_inquiry){.struct_size = sizeof a->asked.inquiry,
                                        .name = s->name.text,
                                        .options = values,
                                        .project_directory = p->directory};
    return true;
}

bool known_source_open(asked_source *a, catalog *c, const project *p,
                       const config_source *s, diags *d)
{
    carpel_error err;
    *a = (asked_source){.memory = arena_new()};
    if (!s->plugin.text) {
        print_own(s, d);
        return false;
    }
    if (!catalog_find(c, CARPEL_SOURCE, s->plugin.text, &a->plugin, &err)) {
        say_failure(&err);
        return false;
    }
    if (!read_options(a, p, s, d)) {
        print_own(s, d);
        return false;
    }
    if (!choose_way(a, p, s))
        return false;
    tell_roles(a, s);
    a->asked.settings = settings_of(a, p, s, d);
    return true;
}
