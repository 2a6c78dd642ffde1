/* SPDX-License-Identifier: MIT */
#include "config/consent.h"

#include <string.h>

#include "base/memory.h"
#include "config/files.h"

static const shape_key consent_keys[] = {
    {"trait", SHAPE_TEXT, false, "a trait that is true or false", "trait: newsletter"},
    {"given", SHAPE_TEXT, false, "the event by which consent is given",
     "given: opted_in"},
    {"withdrawn", SHAPE_TEXT, false, "the event by which it is withdrawn",
     "withdrawn: opted_out"},
    END_OF_KEYS,
};

static const shape_key suppress_keys[] = {
    {"file", SHAPE_TEXT, false, "the path of a list", "file: lists/stop.txt"},
    {"of", SHAPE_TEXT, false, "the trait that the list holds", "of: email"},
    {"segment", SHAPE_TEXT, false, "the name of a segment", "segment: complained"},
    END_OF_KEYS,
};

/* ---- consent ----------------------------------------------------------------- */

static config_text read_key(const reader *r, const yaml_node *item, const char *key)
{
    const yaml_node *node = shape_get(item, consent_keys, key);
    return node ? reader_name(r, node) : (config_text){NULL, item->where};
}

static void read_events(const reader *r, const yaml_node *item, config_consent *c)
{
    shape_check(item, consent_keys, "the consent", SHAPE_CLOSED, r->diags);
    c->trait = read_key(r, item, "trait");
    c->given = read_key(r, item, "given");
    c->withdrawn = read_key(r, item, "withdrawn");
    bool has_events = c->given.text && c->withdrawn.text;
    bool has_part = c->given.text || c->withdrawn.text;
    if (c->trait.text ? !has_part : has_events)
        return;
    diag_error(
        r->diags, item->where, E0304,
        "consent is a trait, or two events: one that gives it, one that withdraws it");
    diag_hint(r->diags, "For example: %s: {given: opted_in, withdrawn: opted_out}",
              item->key);
    c->is_broken = true;
}

static config_consent read_consent(const reader *r, const yaml_node *item)
{
    config_consent c = {.purpose = reader_key(item), .where = item->where};
    if (item->kind == YAML_MAPPING) {
        read_events(r, item, &c);
    } else if (shape_fits(item, SHAPE_TEXT)) {
        config_text name = reader_name(r, item);
        c.is_everyone = name.text && strcmp(name.text, "everyone") == 0;
        c.trait = c.is_everyone ? (config_text){NULL, name.where} : name;
        c.is_broken = !name.text;
    } else {
        shape_refuse(item, "a purpose", "a trait, or a mapping of two events",
                     arena_format(r->memory, "%s: newsletter", item->key), r->diags);
        c.is_broken = true;
    }
    return c;
}

void consent_read(const reader *r, const yaml_node *node)
{
    project *p = r->project;
    p->has_consent = node != NULL;
    if (!node)
        return;
    p->consents = reader_array(r, node->count, sizeof *p->consents);
    for (size_t i = 0; i < node->count; i++)
        p->consents[p->consent_count++] = read_consent(r, node->items[i]);
}

/* ---- lists of people to leave out ----------------------------------------------- */

static config_text path_of(const reader *r, config_text name)
{
    if (!name.text)
        return name;
    char *path = files_seen_from(r->project->directory, name.text);
    config_text seen = {arena_copy_string(r->memory, path), name.where};
    memory_free(path);
    return seen;
}

static config_text read_part(const reader *r, const yaml_node *item, const char *key)
{
    const yaml_node *node = shape_get(item, suppress_keys, key);
    return node ? reader_name(r, node) : (config_text){NULL, item->where};
}

static bool read_list(const reader *r, const yaml_node *item, config_suppress *s)
{
    shape_check(item, suppress_keys, "a list of people to leave out", SHAPE_CLOSED,
                r->diags);
    s->name = read_part(r, item, "file");
    s->of = read_part(r, item, "of");
    s->segment = read_part(r, item, "segment");
    if (s->name.text ? !s->segment.text : s->segment.text && !s->of.text)
        return true;
    diag_error(r->diags, item->where, E0304,
               "people to leave out are those of a file or of a segment");
    diag_hint(r->diags, "For example: {file: lists/stop.txt, of: email}");
    return false;
}

config_suppress *suppress_read(const reader *r, const yaml_node *node, size_t *count)
{
    *count = 0;
    if (!node)
        return NULL;
    size_t item_count = yaml_item_count(node);
    config_suppress *all = reader_array(r, item_count, sizeof *all);
    for (size_t i = 0; i < item_count; i++) {
        const yaml_node *item = yaml_item_at(node, i);
        config_suppress s = {.where = item->where};
        bool is_good = !item->is_broken;
        if (is_good && item->kind == YAML_MAPPING)
            is_good = read_list(r, item, &s);
        else if (is_good && shape_fits(item, SHAPE_TEXT))
            s.name = reader_name(r, item);
        else if (is_good)
            shape_refuse(item, "an item of \"suppress\"", "a file or a segment",
                         "suppress: [lists/stop.txt]", r->diags);
        s.path = path_of(r, s.name);
        if (is_good && (s.path.text || s.segment.text))
            all[(*count)++] = s;
    }
    return all;
}
