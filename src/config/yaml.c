/* SPDX-License-Identifier: MIT
 *
 * YAML with places, on the event interface of libyaml: one recursive function builds a
 * node from its events and refuses what carpel does not read. The depth is counted
 * here, before libyaml's own cost grows with the square of it. libyaml's marks count
 * characters, spans count bytes; a table made once translates.
 */
#include "config/yaml.h"

#include <stdlib.h>
#include <string.h>

#include "base/dictionary.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "config/yaml_reader.h"

static span span_between(const yaml_reader *r, yaml_mark_t begin, yaml_mark_t end)
{
    return (span){r->file, yaml_offset_of(r, begin), yaml_offset_of(r, end)};
}

/* The word that begins at a mark: an anchor, a tag, an alias. */
static span span_of_word(const yaml_reader *r, yaml_mark_t mark)
{
    slice bytes = source_text(r->file);
    uint32_t begin = yaml_offset_of(r, mark);
    size_t size = strcspn(bytes.data + begin, " \t\r\n,[]{}");
    return (span){r->file, begin, begin + (uint32_t)size};
}

static bool next_event(yaml_reader *r, yaml_event_t *event)
{
    if (r->failed)
        return false;
    if (yaml_parser_parse(&r->parser, event))
        return true;
    yaml_report_syntax(r);
    return false;
}

static void refuse_anchor(yaml_reader *r, yaml_mark_t mark, const unsigned char *anchor)
{
    if (anchor == NULL)
        return;
    span where = span_of_word(r, mark);
    diag_error(r->diags, where, E0301, "anchors (\"&%s\") are not read",
               (const char *)anchor);
    diag_hint(r->diags, "Remove it, and write the value again where it is needed.");
    where.end += source_text(r->file).data[where.end] == ' ';
    diag_fix(r->diags, where, "%s", "");
}

/* A text that an anchor names, for the hints on what refers to it. */
static void remember_anchor(yaml_reader *r, const unsigned char *anchor,
                            const char *value)
{
    anchored *added = arena_alloc(r->memory, sizeof *added);
    *added =
        (anchored){arena_copy_string(r->memory, (const char *)anchor), value, r->anchors};
    r->anchors = added;
}

static const char *anchored_text(const yaml_reader *r, const char *anchor)
{
    const anchored *at = r->anchors;
    while (at != NULL && strcmp(at->anchor, anchor) != 0)
        at = at->next;
    return at != NULL ? at->text : NULL;
}

static void refuse_tag(yaml_reader *r, yaml_mark_t mark, const unsigned char *tag)
{
    if (tag == NULL)
        return;
    diag_error(r->diags, span_of_word(r, mark), E0301, "tags (\"!\") are not read");
    diag_hint(r->diags, "Leave the tag out; carpel knows the type that each key needs.");
}

static yaml_node *new_node(yaml_reader *r, yaml_kind kind, span where)
{
    yaml_node *node = arena_alloc(r->memory, sizeof *node);
    node->kind = kind;
    node->where = where;
    node->text = "";
    return node;
}

static yaml_node *read_alias(yaml_reader *r, const yaml_event_t *event)
{
    yaml_node *node = new_node(r, YAML_SCALAR, span_of_word(r, event->start_mark));
    node->is_broken = true;
    const char *anchor = (const char *)event->data.alias.anchor;
    const char *value = anchored_text(r, anchor);
    diag_error(r->diags, node->where, E0301, "aliases (\"*%s\") are not read", anchor);
    if (value != NULL)
        diag_offer(r->diags, node->where, "Write the value out: %s", "%s", value);
    else
        diag_hint(
            r->diags,
            "Write the value out; a text that starts with * needs quotes, as \"*\".");
    return node;
}

static yaml_node *read_scalar(yaml_reader *r, const yaml_event_t *event)
{
    const char *value = (const char *)event->data.scalar.value;
    size_t size = event->data.scalar.length;
    span where = span_between(r, event->start_mark, event->end_mark);
    yaml_node *node = new_node(r, YAML_SCALAR, where);
    refuse_anchor(r, event->start_mark, event->data.scalar.anchor);
    refuse_tag(r, event->start_mark, event->data.scalar.tag);
    node->is_quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    node->text = arena_copy_text(r->memory, value, size);
    if (event->data.scalar.anchor != NULL)
        remember_anchor(r, event->data.scalar.anchor, node->text);
    if (memchr(value, '\0', size) != NULL) {
        diag_error(r->diags, where, E0301, "a text holds the character NUL");
        diag_hint(r->diags, "Remove the \"\\0\" from the text.");
        node->is_broken = true;
    }
    return node;
}

static void push_pending(yaml_reader *r, yaml_node *node)
{
    memory_grow((void **)&r->pending, r->pending_count, &r->pending_capacity,
                sizeof *r->pending);
    r->pending[r->pending_count++] = node;
}

/* Give the pending nodes from `first` on to their parent. */
static void take_pending(yaml_reader *r, size_t first, yaml_node *parent)
{
    parent->count = r->pending_count - first;
    parent->items = arena_alloc_array(r->memory, parent->count, sizeof *parent->items);
    if (parent->count > 0)
        memcpy(parent->items, r->pending + first, parent->count * sizeof *parent->items);
    r->pending_count = first;
}

/* A collection without brackets ends with its last item; libyaml would take in the
 * blank lines and comments behind it. */
static void end_collection(const yaml_reader *r, yaml_node *node, const yaml_event_t *end)
{
    uint32_t begin = yaml_offset_of(r, end->start_mark),
             behind = yaml_offset_of(r, end->end_mark);
    if (behind > begin)
        node->where.end = behind;
    else if (node->count > 0)
        node->where.end = node->items[node->count - 1]->where.end;
}

static bool is_usable_key(yaml_reader *r, const yaml_node *key)
{
    if (key->kind != YAML_SCALAR) {
        diag_error(r->diags, key->where, E0301, "a key has to be a plain text");
        diag_hint(r->diags, "Write \"key: value\"; put a key with brackets in quotes.");
        return false;
    }
    if (!key->is_broken && !key->is_quoted && key->text[0] == '\0') {
        diag_error(r->diags, key->where, E0301, "a key is missing before the colon");
        diag_hint(r->diags, "Write \"key: value\"; an empty key is written \"\".");
        return false;
    }
    return !key->is_broken;
}

/* Keep the value with its key, unless the key cannot be used or stands twice. */
static void add_value(yaml_reader *r, const yaml_node *key, yaml_node *value,
                      dictionary *keys, size_t first)
{
    if (!is_usable_key(r, key))
        return;
    size_t size = strlen(key->text);
    uint32_t earlier = dictionary_find(keys, key->text, size);
    if (earlier != DICTIONARY_NONE) {
        diag_error(r->diags, key->where, E0309, "the key \"%s\" stands twice", key->text);
        diag_hint(r->diags, "Remove one of the two, or put their values together.");
        diag_note_at(r->diags, r->pending[first + earlier]->key_where,
                     "the first \"%s\" is here", key->text);
        return;
    }
    dictionary_add(keys, key->text, size); /* its code is its place among the values */
    value->key = key->text;
    value->key_where = key->where;
    push_pending(r, value);
}

static yaml_node *read_node(yaml_reader *r, yaml_event_t *event, size_t depth,
                            bool is_key);

static void read_items(yaml_reader *r, yaml_node *node, size_t depth)
{
    size_t first = r->pending_count;
    yaml_event_t event;
    while (next_event(r, &event)) {
        if (event.type == YAML_SEQUENCE_END_EVENT) {
            take_pending(r, first, node);
            end_collection(r, node, &event);
            yaml_event_delete(&event);
            return;
        }
        yaml_node *item = read_node(r, &event, depth, false);
        if (item != NULL)
            push_pending(r, item);
    }
}

static void read_pairs(yaml_reader *r, yaml_node *node, size_t depth)
{
    size_t first = r->pending_count;
    dictionary *keys = dictionary_new();
    yaml_event_t event;
    while (next_event(r, &event)) {
        if (event.type == YAML_MAPPING_END_EVENT) {
            take_pending(r, first, node);
            end_collection(r, node, &event);
            yaml_event_delete(&event);
            break;
        }
        const yaml_node *key = read_node(r, &event, depth, true);
        if (key == NULL || !next_event(r, &event))
            break;
        yaml_node *value = read_node(r, &event, depth, false);
        if (value != NULL)
            add_value(r, key, value, keys, first);
    }
    dictionary_free(keys);
}

static yaml_node *read_collection(yaml_reader *r, const yaml_event_t *event, size_t depth)
{
    span where = span_between(r, event->start_mark, event->end_mark);
    if (depth > YAML_MAX_DEPTH) {
        diag_error(r->diags, yaml_span_of_character(r, where.begin), E0301,
                   "the file is nested deeper than %d levels", YAML_MAX_DEPTH);
        diag_hint(r->diags, "A project file needs no more than seven levels.");
        r->failed = true;
        return NULL;
    }
    bool is_mapping = event->type == YAML_MAPPING_START_EVENT;
    yaml_node *node = new_node(r, is_mapping ? YAML_MAPPING : YAML_SEQUENCE, where);
    refuse_anchor(r, event->start_mark,
                  is_mapping ? event->data.mapping_start.anchor
                             : event->data.sequence_start.anchor);
    refuse_tag(r, event->start_mark,
               is_mapping ? event->data.mapping_start.tag
                          : event->data.sequence_start.tag);
    if (is_mapping)
        read_pairs(r, node, depth + 1);
    else
        read_items(r, node, depth + 1);
    return node;
}

/* Build the node that `event` starts and release the event; NULL when reading has to
 * stop. */
static yaml_node *read_node(yaml_reader *r, yaml_event_t *event, size_t depth,
                            bool is_key)
{
    yaml_node *node = NULL;
    if (event->type == YAML_ALIAS_EVENT) {
        node = read_alias(r, event);
    } else if (event->type == YAML_SCALAR_EVENT) {
        node = read_scalar(r, event);
        if (!is_key && !node->is_broken)
            yaml_substitute(r, node);
    } else {
        node = read_collection(r, event, depth);
    }
    yaml_event_delete(event);
    return r->failed ? NULL : node;
}

static void refuse_second_document(yaml_reader *r, const yaml_event_t *event)
{
    diag_error(r->diags, span_of_word(r, event->start_mark), E0301,
               "a second document starts here");
    diag_hint(r->diags, "Keep one document a file: remove the \"---\" and what follows.");
}

/* Read the only document; NULL when the file holds none, or when reading failed. */
static yaml_node *read_document(yaml_reader *r)
{
    yaml_node *root = NULL;
    yaml_event_t event;
    bool goes_on = true;
    while (goes_on && next_event(r, &event)) {
        goes_on = event.type != YAML_STREAM_END_EVENT;
        if (event.type == YAML_DOCUMENT_START_EVENT && root != NULL) {
            refuse_second_document(r, &event);
            goes_on = false;
        }
        bool is_frame = event.type == YAML_STREAM_START_EVENT || !goes_on ||
                        event.type == YAML_DOCUMENT_START_EVENT ||
                        event.type == YAML_DOCUMENT_END_EVENT;
        if (is_frame)
            yaml_event_delete(&event);
        else
            root = read_node(r, &event, 1, false);
    }
    return r->failed ? NULL : root;
}

/* Find where each character begins, after a byte order mark. False at the first byte that is not UTF-8. */
static bool find_characters(yaml_reader *r)
{
    slice bytes = source_text(r->file);
    r->offsets = memory_alloc_array(bytes.size + 1, sizeof *r->offsets);
    size_t at = utf8_mark_size(bytes.data, bytes.size);
    while (at < bytes.size) {
        size_t length = 0;
        utf8_decode(bytes.data + at, bytes.size - at, &length);
        if (length == 1 && (unsigned char)bytes.data[at] >= 0x80) {
            diag_error(r->diags, (span){r->file, (uint32_t)at, (uint32_t)at + 1}, E0301,
                       "the file is not text in UTF-8");
            diag_hint(r->diags, "Save the file in the encoding UTF-8.");
            return false;
        }
        r->offsets[r->character_count++] = (uint32_t)at;
        at += length;
    }
    r->offsets[r->character_count] = (uint32_t)bytes.size;
    return true;
}

static bool is_small_enough(const yaml_reader *r)
{
    if (source_text(r->file).size <= YAML_MAX_BYTES)
        return true;
    diag_error(r->diags, (span){r->file, 0, 0}, E0301, "the file is larger than %d bytes",
               YAML_MAX_BYTES);
    diag_hint(r->diags,
              "A project file describes the data; keep the data in files apart.");
    return false;
}

static const char *from_process(const char *name)
{
    return getenv(name);
}

yaml_node *yaml_parse(const source *file, const char *(*environment)(const char *name),
                      arena *memory, diags *diags)
{
    yaml_reader r = {.file = file,
                     .environment = environment != NULL ? environment : from_process,
                     .memory = memory,
                     .diags = diags};
    yaml_node *root = NULL;
    if (!is_small_enough(&r) || !find_characters(&r))
        goto done;
    if (!yaml_parser_initialize(&r.parser)) {
        yaml_report_syntax(&r);
        goto done;
    }
    slice bytes = source_text(file);
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    size_t mark = utf8_mark_size(bytes.data, bytes.size);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)bytes.data + mark,
                                 bytes.size - mark);
    root = read_document(&r);
    if (!r.failed && (root == NULL || yaml_is_null(root)))
        root = new_node(&r, YAML_MAPPING, (span){file, 0, 0});
    yaml_parser_delete(&r.parser);
done:
    memory_free(r.pending);
    memory_free(r.offsets);
    return root;
}

size_t yaml_item_count(const yaml_node *node)
{
    return node->kind == YAML_SEQUENCE ? node->count : 1;
}

const yaml_node *yaml_item_at(const yaml_node *node, size_t i)
{
    return node->kind == YAML_SEQUENCE ? node->items[i] : node;
}

yaml_node *yaml_get(const yaml_node *mapping, const char *key)
{
    if (mapping == NULL || mapping->kind != YAML_MAPPING)
        return NULL;
    for (size_t i = 0; i < mapping->count; i++)
        if (strcmp(mapping->items[i]->key, key) == 0)
            return mapping->items[i];
    return NULL;
}

bool yaml_is_null(const yaml_node *node)
{
    if (node->kind != YAML_SCALAR || node->is_quoted || node->is_broken)
        return false;
    return node->text[0] == '\0' || strcmp(node->text, "~") == 0 ||
           strcmp(node->text, "null") == 0;
}
