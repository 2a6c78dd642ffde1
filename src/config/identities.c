/* SPDX-License-Identifier: MIT
 *
 * Reads what the project file says of ids of people.
 */
#include "config/identities.h"

#include <string.h>

#include "config/cleaning.h"

#define MOST_LINKED 1000000

enum { STANDARD_IDS_OF_PERSON = 500 };

static const shape_key project_keys[] = {
    {"links", SHAPE_TEXT, false, "known or latest", "links: latest"},
    {"most", SHAPE_MAPPING, false, "a mapping of kinds of ids to numbers",
     "most: {person: 500, cookie: 10}"},
    {"unlink", SHAPE_LIST, false, "a list of pairs of ids", "unlink: [[anon-7, ann]]"},
    END_OF_KEYS,
};

static const shape_key most_keys[] = {
    {"person", SHAPE_TEXT, false, "a whole number", "person: 500"},
#define X(ID, name, most, what)                                                          \
    {name, SHAPE_TEXT, false, "a whole number", name ": " #most},
#include "value/id_kinds.def"
#undef X
    END_OF_KEYS,
};

/* `anonymousId: {kind: cookie, case: fold}` */
static const shape_key identity_keys[] = {
    {"kind", SHAPE_TEXT, true, "a kind of ids", "kind: email"},
#define X CLEANING_SHAPE
#include "value/cleaning.def"
#undef X
    END_OF_KEYS,
};

/* ---- sources --------------------------------------------------------------- */

static bool read_kind(const reader *r, const yaml_node *node, id_kind *out)
{
    config_text given = reader_name(r, node);
    text all;
    if (!given.text || id_kind_find(given.text, out))
        return given.text;
    text_init(&all);
    id_kind_append_all(&all);
    diag_error(r->diags, given.where, E0305, "no kind of ids is named \"%s\"",
               given.text);
    diag_hint(r->diags, "The kinds are %s: the field first, then the kind of its ids.",
              all.data);
    text_done(&all);
    return false;
}

static bool read_identity(const reader *r, const yaml_node *item, config_identity *out)
{
    const char *owner = arena_format(r->memory, "\"%s\"", item->key);
    const yaml_node *kind = item;
    *out = (config_identity){.field.from = reader_key(item)};
    if (item->is_broken)
        return false;
    if (!shape_fits(item, SHAPE_TEXT | SHAPE_MAPPING)) {
        shape_refuse(item, owner, "a kind of ids",
                     arena_format(r->memory, "%s: cookie", item->key), r->diags);
        return false;
    }
    if (item->kind == YAML_MAPPING) {
        shape_check(item, identity_keys, owner, SHAPE_CLOSED, r->diags);
        cleaning_read(r, item, &out->field.clean);
        kind = shape_get(item, identity_keys, "kind");
    }
    return kind && read_kind(r, kind, &out->kind);
}

void identities_read_source(const reader *r, const yaml_node *node, config_source *s)
{
    if (!node)
        return;
    s->identities = reader_array(r, node->count, sizeof *s->identities);
    for (size_t i = 0; i < node->count; i++)
        if (read_identity(r, node->items[i], &s->identities[s->identity_count]))
            s->identity_count++;
}

/* ---- the project ----------------------------------------------------------- */

static void set_standard(config_identities *out)
{
    for (int k = 0; k < ID_KIND_COUNT; k++)
        out->most[k] = id_kind_most[k];
    out->most_of_person = STANDARD_IDS_OF_PERSON;
}

static uint32_t read_most_of(const reader *r, const yaml_node *node, const char *name,
                             uint32_t standard)
{
    const char *example = arena_format(r->memory, "%s: %u", name, standard);
    return (uint32_t)reader_number(r, shape_get(node, most_keys, name), standard,
                                   MOST_LINKED, example);
}

static void read_most(const reader *r, const yaml_node *node, config_identities *out)
{
    if (!node)
        return;
    shape_check(node, most_keys, "\"most\"", SHAPE_CLOSED, r->diags);
    for (int k = 0; k < ID_KIND_COUNT; k++)
        out->most[k] = read_most_of(r, node, id_kind_names[k], out->most[k]);
    out->most_of_person = read_most_of(r, node, "person", out->most_of_person);
}

static void read_links(const reader *r, const yaml_node *node, config_identities *out)
{
    config_text given = reader_text(node);
    if (!given.text || strcmp(given.text, "known") == 0)
        return;
    out->are_latest = strcmp(given.text, "latest") == 0;
    if (out->are_latest)
        return;
    diag_error(r->diags, given.where, E0305, "\"links\" is known or latest, not \"%s\"",
               given.text);
    diag_hint(r->diags, "Write \"links: latest\" to join ids at a past instant by links "
                        "that became known later, too.");
}

static bool read_pair(const reader *r, const yaml_node *item, config_unlinked *out)
{
    const char *example = "unlink: [[anon-7, ann]]";
    size_t count = 0;
    config_text *ids = NULL;
    if (item->is_broken)
        return false;
    if (item->kind == YAML_SEQUENCE)
        ids = reader_texts(r, item, "an id of \"unlink\"", "a text", example, &count);
    if (count != 2) {
        shape_refuse(item, "an item of \"unlink\"", "two ids", example, r->diags);
        return false;
    }
    *out = (config_unlinked){{ids[0], ids[1]}};
    return true;
}

static void read_unlinked(const reader *r, const yaml_node *node, config_identities *out)
{
    size_t count = node ? node->count : 0;
    out->unlinked = reader_array(r, count, sizeof *out->unlinked);
    for (size_t i = 0; i < count; i++)
        if (read_pair(r, node->items[i], &out->unlinked[out->unlinked_count]))
            out->unlinked_count++;
}

/* Without ids that could be joined the settings would say nothing. */
static void check_sources(const reader *r, const yaml_node *node)
{
    size_t count = 0;
    for (size_t i = 0; i < r->project->source_count; i++)
        count += r->project->sources[i].identity_count;
    if (count > 0 || diags_has_errors(r->diags))
        return;
    diag_error(r->diags, shape_place(node), E0304,
               "no source says which of its fields hold ids of people");
    diag_hint(r->diags,
              "Add a line such as \"identities: {anonymousId: cookie, email: email}\" "
              "to the sources that name several ids in a row.");
}

void identities_read_project(const reader *r, const yaml_node *node)
{
    config_identities *out = &r->project->identities;
    set_standard(out);
    if (!node)
        return;
    shape_check(node, project_keys, "\"identities\"", SHAPE_CLOSED, r->diags);
    read_links(r, shape_get(node, project_keys, "links"), out);
    read_most(r, shape_get(node, project_keys, "most"), out);
    read_unlinked(r, shape_get(node, project_keys, "unlink"), out);
    check_sources(r, node);
}
