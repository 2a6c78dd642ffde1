/* SPDX-License-Identifier: MIT
 *
 * YAML with places, on the event interface of libyaml: one recursive function builds a
 * node from its events and refuses what carpel does not read. The depth is counted
 * here, before libyaml's own cost grows with the square of it. libyaml's marks count
 * characters, spans count bytes; a table made once translates.
 */
#include "config/yaml.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/dictionary.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "config/foreign_yaml.h"

/* A text with an anchor. */
typedef struct anchored {
    const char *anchor, *text;
    const struct anchored *next;
} anchored;

typedef struct reader {
    const source *file;
    const char *(*environment)(const char *name);
    arena *memory;
    diags *diags;
    yaml_parser_t parser;
    uint32_t *offsets; /* the byte where each character begins, and the file's end */
    size_t character_count;
    yaml_node **pending; /* finished nodes whose parents are still being read */
    size_t pending_count, pending_capacity;
    bool failed;             /* the rest of the file cannot be read */
    const anchored *anchors; /* the newest first */
} reader;

/* What libyaml finds, and how it is said here. The first row that fits counts. */
typedef struct syntax_message {
    const char *problem, *message, *hint;
} syntax_message;

static const syntax_message syntax_messages[] = {
    {"mapping values are not allowed", "a colon stands where no key can be",
     "Put a text that holds \": \" in quotes, and check the indentation."},
    {"did not find expected key", "a key is needed here",
     "The keys of one mapping start in the same column, without a \"-\" before them; "
     "check "
     "the indentation."},
    {"could not find expected ':'", "a colon is missing behind a key",
     "Write \"key: value\", with a blank behind the colon."},
    {"found character that cannot start", "no value can start with this character",
     "Put the text in quotes; indent with blanks, never with tabs."},
    {"found a tab character", "a tab stands where blanks are needed",
     "Indent with blanks, never with tabs."},
    {"did not find expected ',' or ']'", "a comma or \"]\" is missing",
     "A list is written [a, b, c]."},
    {"did not find expected ',' or '}'", "a comma or \"}\" is missing",
     "A mapping on one line is written {a: 1, b: 2}."},
    {"did not find expected '-'",
     "an item of the list, starting with \"-\", is needed here",
     "The items of one list start in the same column; check the indentation."},
    {"block sequence entries are not allowed", "an item of a list cannot stand here",
     "Start the list on a line of its own below its key."},
    {"did not find expected node content", "a value is needed here",
     "Put a text that starts with a special character in quotes."},
    {"found unknown escape", "no such escape is known in a text in double quotes",
     "Write a backslash twice, or use single quotes."},
    {"found undefined tag handle", "tags (\"!\") are not read",
     "Leave the tag out; carpel knows the type that each key needs."},
    {"did not find expected <document start>", "this stands outside of the mapping",
     "Check the indentation: all keys of the file start in column 1."},
    {"control characters are not allowed", "a control character stands in the file",
     "Remove it, or write it as an escape in double quotes, such as \"\\t\"."},
};

static uint32_t offset_of(const reader *r, yaml_mark_t mark)
{
    return r->offsets[mark.index < r->character_count ? mark.index : r->character_count];
}

static span span_between(const reader *r, yaml_mark_t begin, yaml_mark_t end)
{
    return (span){r->file, offset_of(r, begin), offset_of(r, end)};
}

/* The character at a byte, or a point when the line or file ends there. */
static span span_of_character(const reader *r, uint32_t begin)
{
    slice bytes = source_text(r->file);
    size_t length = 0;
    if (begin < bytes.size && bytes.data[begin] != '\n' && bytes.data[begin] != '\r')
        utf8_decode(bytes.data + begin, bytes.size - begin, &length);
    return (span){r->file, begin, begin + (uint32_t)length};
}

/* The word that begins at a mark: an anchor, a tag, an alias. */
static span span_of_word(const reader *r, yaml_mark_t mark)
{
    slice bytes = source_text(r->file);
    uint32_t begin = offset_of(r, mark);
    size_t size = strcspn(bytes.data + begin, " \t\r\n,[]{}");
    return (span){r->file, begin, begin + (uint32_t)size};
}

static const syntax_message *find_syntax_message(const char *problem)
{
    size_t count = sizeof syntax_messages / sizeof *syntax_messages;
    for (size_t i = 0; i < count; i++) {
        const char *known = syntax_messages[i].problem;
        if (strncmp(problem, known, strlen(known)) == 0)
            return &syntax_messages[i];
    }
    return NULL;
}

/* A text in quotes without an end is best shown where it starts. */
static bool report_open_quote(reader *r)
{
    const yaml_parser_t *p = &r->parser;
    if (p->context == NULL || strcmp(p->context, "while scanning a quoted scalar") != 0 ||
        strcmp(p->problem, "found unexpected end of stream") != 0)
        return false;
    span where = span_of_character(r, offset_of(r, p->context_mark));
    diag_error(r->diags, where, E0301, "the quotes that open here are never closed");
    diag_hint(r->diags, "Close the text with the same sign as it was opened with.");
    return true;
}

/* The last line before `at` that has words, and no colon behind them; false when there is
 * none above. */
static bool find_line_without_colon(const reader *r, uint32_t at, span *out)
{
    const char *begin = source_text(r->file).data;
    for (uint32_t end = at; end > 0;) {
        uint32_t first = end;
        while (first > 0 && begin[first - 1] != '\n')
            first--;
        uint32_t word = first + (uint32_t)strspn(begin + first, " ");
        uint32_t size = (uint32_t)strcspn(begin + word, "\r\n#");
        *out = (span){r->file, word, word + size};
        if (size > 0 && memchr(begin + word, ':', size) == NULL)
            return true;
        const char *colon = size > 0 ? memchr(begin + word, ':', size) : NULL;
        if (colon != NULL && colon[1] != ' ' && colon[1] != '\n' && colon[1] != '\r')
            return true;
        end = first > 0 ? first - 1 : 0;
    }
    return false;
}

/* `time_zone = Europe/Berlin`, `time_zone:Europe/Berlin`: the parser notices lines later. */
static bool report_lacking_colon(reader *r, uint32_t at)
{
    span where;
    if (!find_line_without_colon(r, at, &where))
        return false;
    slice words = span_text(where);
    size_t key = 0;
    while (key < words.size && strchr("=: \t", words.data[key]) == NULL)
        key++;
    size_t value = key;
    while (value < words.size && strchr("=: \t", words.data[value]) != NULL)
        value++;
    if (key == 0 || value == words.size)
        return false;
    if (strncmp(words.data, "//", 2) == 0 || strncmp(words.data, "--", 2) == 0) {
        diag_error(r->diags, where, E0301, "a comment begins with #");
        diag_propose(r->diags, where, "#%.*s", (int)words.size - 2, words.data + 2);
        return true;
    }
    diag_error(r->diags, where, E0301,
               "a colon with a blank is missing behind the key \"%.*s\"", (int)key,
               words.data);
    diag_propose(r->diags, where, "%.*s: %.*s", (int)key, words.data,
                 (int)(words.size - value), words.data + value);
    return true;
}

/* `rules: *.seg`. */
static bool report_bare_star(reader *r)
{
    const yaml_parser_t *p = &r->parser;
    if (p->context == NULL || strcmp(p->context, "while scanning an alias") != 0)
        return false;
    uint32_t begin = offset_of(r, p->context_mark);
    slice file = source_text(r->file);
    uint32_t end = begin;
    while (end < file.size && strchr(" \t\r\n,]}", file.data[end]) == NULL)
        end++;
    span where = {r->file, begin, end};
    diag_error(r->diags, where, E0301, "a text that begins with \"*\" needs quotes");
    diag_propose(r->diags, where, "\"%.*s\"", (int)(end - begin), file.data + begin);
    return true;
}

static void report_syntax(reader *r)
{
    const yaml_parser_t *p = &r->parser;
    const char *problem = p->problem != NULL ? p->problem : "no memory is left";
    r->failed = true;
    if (p->error != YAML_READER_ERROR && (report_open_quote(r) || report_bare_star(r)))
        return;
    if (strncmp(problem, "could not find expected ':'", 27) == 0 &&
        report_lacking_colon(r, offset_of(r, p->problem_mark)))
        return;
    uint32_t at = p->error == YAML_READER_ERROR ? (uint32_t)p->problem_offset
                                                : offset_of(r, p->problem_mark);
    const syntax_message *known = find_syntax_message(problem);
    if (known != NULL)
        diag_error(r->diags, span_of_character(r, at), E0301, "%s", known->message);
    else
        diag_error(r->diags, span_of_character(r, at), E0301, "this is not YAML: %s",
                   problem);
    diag_hint(r->diags, "%s",
              known != NULL ? known->hint
                            : "Check the indentation, quotes and brackets around here.");
    bool in_brackets = p->context != NULL && strstr(p->context, "flow") != NULL;
    if (in_brackets && p->context_mark.index < p->problem_mark.index)
        diag_note_at(r->diags, span_of_character(r, offset_of(r, p->context_mark)),
                     "the bracket that opens here");
}

static bool next_event(reader *r, yaml_event_t *event)
{
    if (r->failed)
        return false;
    if (yaml_parser_parse(&r->parser, event))
        return true;
    report_syntax(r);
    return false;
}

static void refuse_anchor(reader *r, yaml_mark_t mark, const unsigned char *anchor)
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
static void remember_anchor(reader *r, const unsigned char *anchor, const char *value)
{
    anchored *added = arena_alloc(r->memory, sizeof *added);
    *added =
        (anchored){arena_copy_string(r->memory, (const char *)anchor), value, r->anchors};
    r->anchors = added;
}

static const char *anchored_text(const reader *r, const char *anchor)
{
    const anchored *at = r->anchors;
    while (at != NULL && strcmp(at->anchor, anchor) != 0)
        at = at->next;
    return at != NULL ? at->text : NULL;
}

static void refuse_tag(reader *r, yaml_mark_t mark, const unsigned char *tag)
{
    if (tag == NULL)
        return;
    diag_error(r->diags, span_of_word(r, mark), E0301, "tags (\"!\") are not read");
    diag_hint(r->diags, "Leave the tag out; carpel knows the type that each key needs.");
}

static yaml_node *new_node(reader *r, yaml_kind kind, span where)
{
    yaml_node *node = arena_alloc(r->memory, sizeof *node);
    node->kind = kind;
    node->where = where;
    node->text = "";
    return node;
}

static yaml_node *read_alias(reader *r, const yaml_event_t *event)
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

/* Where `part` of a value stands in the file, or the whole value when escapes hide it.
 * *from moves behind it, so that the next search finds the next one. */
static span span_of_part(const reader *r, span whole, uint32_t *from, const char *part,
                         size_t size)
{
    slice bytes = source_text(r->file);
    const char *found = memmem(bytes.data + *from, whole.end - *from, part, size);
    if (found == NULL)
        return whole;
    uint32_t begin = (uint32_t)(found - bytes.data);
    *from = begin + (uint32_t)size;
    return (span){r->file, begin, *from};
}

static size_t variable_name_size(const char *name)
{
    if (!isalpha((unsigned char)*name) && *name != '_')
        return 0;
    size_t size = 1;
    while (isalnum((unsigned char)name[size]) || name[size] == '_')
        size++;
    return size;
}

/* `${{ env.OUT }}` and `${OUT:-out}` are ${OUT}. */
static void hint_variable(const reader *r, const char *name)
{
    name += strspn(name, "{ ");
    if (strncmp(name, "env.", 4) == 0)
        name += 4;
    size_t size = variable_name_size(name);
    if (size > 0)
        diag_hint(r->diags, "Write ${%.*s}: the name alone, without a default.",
                  (int)size, name);
    else
        diag_hint(r->diags, "Write ${NAME}, or $${ for the signs themselves.");
}

/* Append the value of the variable that `dollar` ("${NAME}...") names, and return
 * what is behind it. */
static const char *append_variable(reader *r, yaml_node *node, const char *dollar,
                                   uint32_t *from, text *out)
{
    const char *name = dollar + 2;
    size_t size = variable_name_size(name);
    if (size == 0 || name[size] != '}') {
        span where = span_of_part(r, node->where, from, "${", 2);
        diag_error(r->diags, where, E0308,
                   "\"${\" needs the name of an environment variable and a \"}\"");
        hint_variable(r, name);
        node->is_broken = true;
        return name;
    }
    span where = span_of_part(r, node->where, from, dollar, size + 3);
    char *copy = arena_copy_text(r->memory, name, size);
    const char *value = r->environment(copy);
    if (value == NULL) {
        diag_error(r->diags, where, E0308, "the environment variable \"%s\" is not set",
                   copy);
        diag_hint(r->diags, "Set it before the run, for example: %s=... carpel run",
                  copy);
        node->is_broken = true;
    } else if (!utf8_is_valid(value, strlen(value))) {
        diag_error(r->diags, where, E0308,
                   "the environment variable \"%s\" is not text in UTF-8", copy);
        diag_hint(r->diags, "Set it to a text in UTF-8.");
        node->is_broken = true;
    } else {
        text_append(out, value);
    }
    return name + size + 1;
}

/* Warn of a variable that is written as other tools write it, and stays a text. */
static void warn_of_variable(const reader *r, const yaml_node *node)
{
    foreign_variable found;
    if (!foreign_variable_find(node->text, &found))
        return;
    uint32_t from = node->where.begin;
    span where =
        span_of_part(r, node->where, &from, node->text + found.begin, found.size);
    diag_warning(r->diags, where, W0303, "\"%.*s\" is a text here, not a variable",
                 (int)found.size, node->text + found.begin);
    diag_hint(r->diags, "A variable of the environment is written ${%.*s}.",
              (int)found.name_size, found.name);
    diag_fix(r->diags, where, "${%.*s}", (int)found.name_size, found.name);
}

/* Put the variables of the environment in place. */
static void substitute(reader *r, yaml_node *node)
{
    const char *at = node->text;
    warn_of_variable(r, node);
    if (strstr(at, "${") == NULL)
        return;
    uint32_t from = node->where.begin;
    text out;
    text_init(&out);
    while (*at != '\0') {
        if (strncmp(at, "$${", 3) == 0) {
            text_append(&out, "${");
            span_of_part(r, node->where, &from, "$${", 3);
            at += 3;
        } else if (strncmp(at, "${", 2) == 0) {
            at = append_variable(r, node, at, &from, &out);
        } else {
            text_append_char(&out, *at++);
        }
    }
    node->text = arena_copy_text(r->memory, out.data, out.size);
    text_done(&out);
}

static yaml_node *read_scalar(reader *r, const yaml_event_t *event)
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

static void push_pending(reader *r, yaml_node *node)
{
    memory_grow((void **)&r->pending, r->pending_count, &r->pending_capacity,
                sizeof *r->pending);
    r->pending[r->pending_count++] = node;
}

/* Give the pending nodes from `first` on to their parent. */
static void take_pending(reader *r, size_t first, yaml_node *parent)
{
    parent->count = r->pending_count - first;
    parent->items = arena_alloc_array(r->memory, parent->count, sizeof *parent->items);
    if (parent->count > 0)
        memcpy(parent->items, r->pending + first, parent->count * sizeof *parent->items);
    r->pending_count = first;
}

/* A collection without brackets ends with its last item; libyaml would take in the
 * blank lines and comments behind it. */
static void end_collection(const reader *r, yaml_node *node, const yaml_event_t *end)
{
    uint32_t begin = offset_of(r, end->start_mark), behind = offset_of(r, end->end_mark);
    if (behind > begin)
        node->where.end = behind;
    else if (node->count > 0)
        node->where.end = node->items[node->count - 1]->where.end;
}

static bool is_usable_key(reader *r, const yaml_node *key)
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
static void add_value(reader *r, const yaml_node *key, yaml_node *value, dictionary *keys,
                      size_t first)
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

static yaml_node *read_node(reader *r, yaml_event_t *event, size_t depth, bool is_key);

static void read_items(reader *r, yaml_node *node, size_t depth)
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

static void read_pairs(reader *r, yaml_node *node, size_t depth)
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

static yaml_node *read_collection(reader *r, const yaml_event_t *event, size_t depth)
{
    span where = span_between(r, event->start_mark, event->end_mark);
    if (depth > YAML_MAX_DEPTH) {
        diag_error(r->diags, span_of_character(r, where.begin), E0301,
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
static yaml_node *read_node(reader *r, yaml_event_t *event, size_t depth, bool is_key)
{
    yaml_node *node = NULL;
    if (event->type == YAML_ALIAS_EVENT) {
        node = read_alias(r, event);
    } else if (event->type == YAML_SCALAR_EVENT) {
        node = read_scalar(r, event);
        if (!is_key && !node->is_broken)
            substitute(r, node);
    } else {
        node = read_collection(r, event, depth);
    }
    yaml_event_delete(event);
    return r->failed ? NULL : node;
}

static void refuse_second_document(reader *r, const yaml_event_t *event)
{
    diag_error(r->diags, span_of_word(r, event->start_mark), E0301,
               "a second document starts here");
    diag_hint(r->diags, "Keep one document a file: remove the \"---\" and what follows.");
}

/* Read the only document; NULL when the file holds none, or when reading failed. */
static yaml_node *read_document(reader *r)
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
static bool find_characters(reader *r)
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

static bool is_small_enough(const reader *r)
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
    reader r = {.file = file,
                .environment = environment != NULL ? environment : from_process,
                .memory = memory,
                .diags = diags};
    yaml_node *root = NULL;
    if (!is_small_enough(&r) || !find_characters(&r))
        goto done;
    if (!yaml_parser_initialize(&r.parser)) {
        report_syntax(&r);
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
