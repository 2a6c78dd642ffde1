/* SPDX-License-Identifier: MIT
 *
 * Each meaning is written as text, and hashed.
 */
#include "ingest/meaning.h"

#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "ingest/mapping.h"

const char *meaning_name(source_meaning m)
{
    static const char *const names[] = {"schema", "mapping", "time zone",
                                        "plugin or its options"};
    return names[m];
}

/* A text and where it ends. */
static void add(text *out, const char *word)
{
    text_append_bytes(out, word ? word : "", word ? strlen(word) + 1 : 0);
    text_append_char(out, word ? '+' : '-');
}

static void add_number(text *out, uint64_t number)
{
    text_append_format(out, "%llu,", (unsigned long long)number);
}

/* ---- types ---------------------------------------------------------------- */

static void add_property(text *out, const property *p)
{
    add(out, p->name);
    type_append(p->type, out);
    text_append_format(out, "(%d %a %a %lld)", p->details.has_range, p->details.minimum,
                       p->details.maximum, p->details.unit_microseconds);
}

static void add_kind(text *out, const schema *s, size_t kind)
{
    const event_kind *k = &s->kinds[kind];
    add(out, k->name);
    for (size_t i = 0; i < k->property_count; i++)
        add_property(out, &k->properties[i]);
    for (size_t l = s->kind_count; l < schema_total(s); l++)
        if (s->kinds[l].derivation == KIND_LIST && s->kinds[l].parent == kind)
            add_kind(out, s, l);
}

/* Settings of a trait that is a list are brought with the items of it. */
static bool may_bring(const mapping *m, size_t kind)
{
    const schema *s = m->schema;
    if (kind < s->kind_count && s->kinds[kind].derivation == KIND_FROM_DATA)
        return mapping_brings_kind(m, kind);
    if (s->kinds[kind].derivation == KIND_LINKS)
        return m->identity_count > 0;
    for (size_t l = s->kind_count; l < schema_total(s); l++)
        if (s->kinds[l].derivation == KIND_LIST && s->kinds[l].parent == kind &&
            m->lists[l] != SCHEMA_NONE)
            return true;
    return false;
}

static void add_types(text *out, const mapping *m)
{
    const schema *s = m->schema;
    for (size_t k = 0; k < schema_total(s); k++)
        if (kind_is_stored(&s->kinds[k]) && may_bring(m, k))
            add_kind(out, s, k);
    for (size_t t = 0; t < s->trait_count; t++)
        if (mapping_brings_trait(m, t))
            add_property(out, &s->traits[t]);
}

/* ---- the mapping ---------------------------------------------------------- */

static void add_column(text *out, const carpel_column *c)
{
    add(out, c->name);
    add(out, c->from);
    add(out, c->format);
    text_append_format(out, "%d %u %d %d(", (int)c->type, c->scale, c->is_optional,
                       c->is_plain);
    for (size_t i = 0; i < c->item_count; i++)
        add_column(out, &c->items[i]);
    text_append_char(out, ')');
}

static void add_rules(text *out, const mapping *m, const mapping_rule *rules,
                      size_t count, bool has_kinds)
{
    for (size_t i = 0; i < count; i++) {
        add(out, has_kinds ? m->schema->kinds[rules[i].kind].name : "skip");
        for (size_t c = 0; c < rules[i].condition_count; c++) {
            slice pattern = rules[i].conditions[c].pattern;
            add_number(out, rules[i].conditions[c].column);
            add_number(out, pattern.size);
            text_append_bytes(out, pattern.data, pattern.size);
        }
    }
}

static void add_places(text *out, const mapping *m)
{
    const schema *s = m->schema;
    add_number(out, m->person);
    add_number(out, m->time);
    add_number(out, m->event);
    for (size_t i = 0; i < m->identity_count; i++) {
        add(out, id_kind_names[m->identities[i].kind]);
        add_number(out, m->identities[i].column);
    }
    if (m->id_count == 0)
        add_number(out, SCHEMA_NONE);
    for (size_t i = 0; i < m->id_count; i++)
        add_number(out, m->ids[i]);
    if (m->duplicates != DUPLICATES_FIRST)
        add_number(out, m->duplicates);
    for (size_t k = 0; k < s->kind_count; k++)
        for (size_t i = 0; m->properties[k] && i < s->kinds[k].property_count; i++)
            add_number(out, m->properties[k][i]);
    for (size_t k = s->kind_count; k < schema_total(s); k++)
        if (s->kinds[k].derivation == KIND_LIST)
            add_number(out, m->lists[k]);
    for (size_t t = 0; t < s->trait_count; t++)
        if (m->traits[t] != SCHEMA_NONE)
            add_number(out, m->traits[t]);
}

/* Columns that come as they are add nothing. */
static void add_cleanings(text *out, const mapping *m)
{
    for (size_t i = 0; i < m->column_count; i++) {
        if (m->cleanings[i])
            add(out, m->cleanings[i]->written);
        for (size_t k = 0; k < m->columns[i].item_count; k++)
            if (m->item_cleanings[i][k])
                add(out, m->item_cleanings[i][k]->written);
    }
}

static void add_mapping(text *out, const mapping *m)
{
    for (size_t i = 0; i < m->column_count; i++) {
        add_column(out, &m->columns[i]);
        for (size_t k = 0; m->columns[i].others && m->columns[i].others[k]; k++)
            add(out, m->columns[i].others[k]);
    }
    add_cleanings(out, m);
    for (size_t i = 0; i < m->name_count; i++) {
        add(out, m->names[i].from);
        size_t kind = m->names[i].kind;
        add(out, kind == SCHEMA_NONE ? "" : m->schema->kinds[kind].name);
    }
    if (m->has_plain_names)
        add(out, "plain names");
    for (size_t i = 0; i < m->ignored_count; i++)
        add(out, m->ignored[i].data);
    add_rules(out, m, m->rules, m->rule_count, true);
    add_rules(out, m, m->skips, m->skip_count, false);
    add_places(out, m);
}

/* ---- zones and options ---------------------------------------------------- */

/* The zone of a column that holds instants or days. */
static void add_zone(text *out, const carpel_column *c, const column_cleaning *cleaning,
                     const zone *z)
{
    carpel_type type = cleaning ? cleaning->type : c->type;
    if (type == CARPEL_TIME || type == CARPEL_DATE)
        add(out, z ? zone_name(z) : NULL);
}

static void add_zones(text *out, const mapping *m)
{
    for (size_t i = 0; i < m->column_count; i++) {
        const carpel_column *c = &m->columns[i];
        add_zone(out, c, m->cleanings[i], mapping_column_zone(m, i));
        for (size_t k = 0; k < c->item_count; k++)
            add_zone(out, &c->items[k], m->item_cleanings[i][k],
                     mapping_item_zone(m, i, k));
    }
}

static bool is_among(const char *key, const char *const *keys)
{
    for (; *keys; keys++)
        if (strcmp(key, *keys) == 0)
            return true;
    return false;
}

/* `streams: [orders]` is what `streams: orders` is. */
static bool is_list_of_one_text(const yaml_node *node)
{
    return node->kind == YAML_SEQUENCE && node->count == 1 &&
           node->items[0]->kind == YAML_SCALAR;
}

static void add_options(text *out, const yaml_node *node, const char *const *left_out)
{
    add(out, node->key);
    if (is_list_of_one_text(node)) {
        add(out, node->items[0]->text);
        text_append_char(out, '.');
        return;
    }
    if (node->kind == YAML_SCALAR)
        add(out, node->text);
    for (size_t i = 0; i < node->count; i++) {
        const yaml_node *item = node->items[i];
        if (left_out && item->key &&
            (is_among(item->key, left_out) || strcmp(item->key, "files") == 0))
            continue;
        add_options(out, item, NULL);
    }
    text_append_char(out, '.');
}

static uint64_t hash(text *written)
{
    uint64_t hashed = XXH3_64bits(written->data, written->size);
    text_clear(written);
    return hashed;
}

void meaning_hash(const mapping *m, const config_source *source,
                  const char *plugin_version, const char *const *left_out,
                  uint64_t out[MEANING_COUNT])
{
    text written;
    text_init(&written);
    add_types(&written, m);
    out[MEANING_TYPES] = hash(&written);
    add_mapping(&written, m);
    out[MEANING_MAPPING] = hash(&written);
    add_zones(&written, m);
    out[MEANING_ZONE] = hash(&written);
    add(&written, m->plugin);
    add(&written, plugin_version);
    add_options(&written, source->node, left_out);
    out[MEANING_PLUGIN] = hash(&written);
    text_done(&written);
}
