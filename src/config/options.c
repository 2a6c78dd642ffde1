/* SPDX-License-Identifier: MIT
 *
 * Reads a YAML mapping into a struct that a table of options describes. One function a
 * type turns a node into a value and says what is wrong with it; a default goes the
 * same way as a text that the user wrote.
 */
#include "config/options.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/directory.h"
#include "base/memory.h"
#include "config/files.h"
#include "config/foreign_yaml.h"
#include "config/misplaced_keys.h"
#include "config/option_words.h"
#include "config/secret.h"
#include "config/shape.h"

typedef struct reader {
    const options_context *context;
    const carpel_option *table;
    char *out;
    size_t size;
    arena *memory;
    diags *diags;
    const yaml_node *mapping; /* what is read, or NULL */
} reader;

static bool refuse_kind(const reader *r, const carpel_option *o, const yaml_node *node)
{
    text what, needs, example;
    text_init(&what);
    text_init(&needs);
    text_init(&example);
    text_append_format(&what, "the option \"%s\" of %s", o->name, r->context->owner);
    const char *article =
        o->type == CARPEL_OPTION_BOOLEAN || o->type == CARPEL_OPTION_CHOICE ? "" : "a ";
    text_append(&needs, article);
    options_append_type(o, &needs);
    option_append_example(o, &example);
    shape_refuse(node, what.data, needs.data, example.data, r->diags);
    text_done(&example);
    text_done(&needs);
    text_done(&what);
    return false;
}

/* A text that cannot be read as the option's type. A secret is not shown. */
static bool refuse_text(const reader *r, const carpel_option *o, const yaml_node *node,
                        diag_code code)
{
    text needs;
    text_init(&needs);
    options_append_type(o, &needs);
    bool is_list = o->type == CARPEL_OPTION_BOOLEAN || o->type == CARPEL_OPTION_CHOICE;
    if (o->secret)
        diag_error(r->diags, shape_place(node), code, "the option \"%s\" needs %s%s",
                   o->name, is_list ? "" : "a ", needs.data);
    else
        diag_error(r->diags, shape_place(node), code,
                   "the option \"%s\" needs %s%s, not \"%s\"", o->name,
                   is_list ? "" : "a ", needs.data, node->text);
    text_clear(&needs);
    option_append_example_for(o, node->text, &needs);
    diag_hint(r->diags, "For example: %s", needs.data);
    text_done(&needs);
    return false;
}

static bool is_in_range(const carpel_option *o, double value)
{
    return !option_has_range(o) || (value >= o->minimum && value <= o->maximum);
}

static bool starts_number(const char *text)
{
    if (*text == '-')
        text++;
    return (*text >= '0' && *text <= '9') || *text == '.';
}

static bool read_integer(const reader *r, const carpel_option *o, const yaml_node *node,
                         int64_t *value)
{
    char *end = NULL;
    errno = 0;
    long long number = strtoll(node->text, &end, 10);
    if (!starts_number(node->text) || end == node->text || *end != '\0')
        return refuse_text(r, o, node, E0303);
    if (errno == ERANGE || !is_in_range(o, (double)number))
        return refuse_text(r, o, node, E0305);
    *value = number;
    return true;
}

static bool read_number(const reader *r, const carpel_option *o, const yaml_node *node,
                        double *value)
{
    char *end = NULL;
    double number = strtod(node->text, &end);
    bool is_hexadecimal = strpbrk(node->text, "xX") != NULL;
    if (!starts_number(node->text) || *end != '\0' || is_hexadecimal)
        return refuse_text(r, o, node, E0303);
    if (!isfinite(number) || !is_in_range(o, number))
        return refuse_text(r, o, node, E0305);
    *value = number;
    return true;
}

static bool read_boolean(const reader *r, const carpel_option *o, const yaml_node *node,
                         bool *value)
{
    *value = strcmp(node->text, "true") == 0;
    if (*value || strcmp(node->text, "false") == 0)
        return true;
    return refuse_text(r, o, node, E0303);
}

static bool read_choice(const reader *r, const carpel_option *o, const yaml_node *node,
                        const char **value)
{
    suggestion s = suggest_begin(node->text);
    for (size_t i = 0; o->choices != NULL && o->choices[i] != NULL; i++) {
        if (strcmp(node->text, o->choices[i]) == 0) {
            *value = o->choices[i];
            return true;
        }
        suggest_consider(&s, o->choices[i]);
    }
    refuse_text(r, o, node, E0305);
    const char *similar = suggest_best(&s);
    if (similar != NULL)
        diag_hint(r->diags, "Did you mean \"%s\"?", similar);
    return false;
}

static bool refuse_empty_path(const reader *r, const carpel_option *o,
                              const yaml_node *node)
{
    if (node->text[0] != '\0')
        return false;
    refuse_text(r, o, node, E0305);
    return true;
}

static bool read_path(const reader *r, const carpel_option *o, const yaml_node *node,
                      const char **value)
{
    if (refuse_empty_path(r, o, node))
        return false;
    if (o->type == CARPEL_OPTION_OUTPUT_PATH && strcmp(node->text, "-") == 0) {
        *value = "-";
        return true;
    }
    char *path = files_seen_from(r->context->project_directory, node->text);
    *value = arena_copy_string(r->memory, path);
    memory_free(path);
    return true;
}

/* `password: {file: db.password}` */
static bool is_secret_file(const carpel_option *o, const yaml_node *node)
{
    bool is_text = o->type == CARPEL_OPTION_TEXT || o->type == CARPEL_OPTION_TEXTS ||
                   o->type == CARPEL_OPTION_PAIRS;
    return o->secret && is_text && node->kind == YAML_MAPPING && node->count == 1 &&
           strcmp(node->items[0]->key, "file") == 0 &&
           node->items[0]->kind == YAML_SCALAR && !node->items[0]->is_broken;
}

static bool read_secret_file(const reader *r, const yaml_node *node, const char **value)
{
    text secret;
    carpel_error err;
    const char *name = node->items[0]->text;
    char *path = files_seen_from(r->context->project_directory, name);
    text_init(&secret);
    bool ok = secret_read(path, &secret, &err);
    if (ok)
        *value = arena_copy_text(r->memory, secret.data, secret.size);
    else
        diag_error(r->diags, shape_place(node->items[0]), E0307, "%s", err.message);
    text_done(&secret);
    memory_free(path);
    return ok;
}

/* Append the files or the text of one item. */
static bool read_item(const reader *r, const carpel_option *o, const yaml_node *item,
                      path_list *list)
{
    const char *secret;
    if (item->is_broken)
        return false;
    if (is_secret_file(o, item)) {
        if (!read_secret_file(r, item, &secret))
            return false;
        path_list_add(list, secret);
        return true;
    }
    if (item->kind != YAML_SCALAR || yaml_is_null(item))
        return refuse_kind(r, o, item);
    if (o->type == CARPEL_OPTION_TEXTS) {
        path_list_add(list, item->text);
        return true;
    }
    if (refuse_empty_path(r, o, item))
        return false;
    if (strcmp(item->text, "-") == 0) { /* standard input */
        path_list_add(list, item->text);
        return true;
    }
    return files_expand(item->text, r->context->project_directory, shape_place(item),
                        list, r->diags);
}

static bool read_list(const reader *r, const carpel_option *o, const yaml_node *node,
                      carpel_texts *value)
{
    path_list list = {0};
    bool ok = true;
    bool is_list = node->kind == YAML_SEQUENCE;
    if (!is_list)
        ok = read_item(r, o, node, &list);
    for (size_t i = 0; is_list && i < node->count; i++)
        ok = read_item(r, o, node->items[i], &list) && ok;
    if (o->type == CARPEL_OPTION_PATHS) {
        files_make_distinct(&list);
        files_sort(&list);
    }
    const char **items = arena_alloc_array(r->memory, list.count, sizeof *items);
    for (size_t i = 0; i < list.count; i++)
        items[i] = arena_copy_string(r->memory, list.items[i]);
    *value = (carpel_texts){items, list.count};
    path_list_done(&list);
    return ok;
}

/* `{name: value}` as name, value, ...; a secret value may stand in a file. */
static bool read_pairs(const reader *r, const carpel_option *o, const yaml_node *node,
                       carpel_texts *value)
{
    const char **items = arena_alloc_array(r->memory, 2 * node->count, sizeof *items);
    for (size_t i = 0; i < node->count; i++) {
        const yaml_node *item = node->items[i];
        items[2 * i] = arena_copy_string(r->memory, item->key);
        if (is_secret_file(o, item)) {
            if (!read_secret_file(r, item, &items[2 * i + 1]))
                return false;
            continue;
        }
        if (item->is_broken)
            return false;
        if (item->kind != YAML_SCALAR || yaml_is_null(item))
            return refuse_kind(r, o, item);
        items[2 * i + 1] = arena_copy_string(r->memory, item->text);
    }
    *value = (carpel_texts){items, 2 * node->count};
    return true;
}

/* A value on its way from YAML to the struct. */
typedef union option_value {
    const char *text;
    bool boolean;
    int64_t integer;
    double number;
    carpel_texts texts;
} option_value;

static bool read_typed(const reader *r, const carpel_option *o, const yaml_node *node,
                       option_value *value)
{
    switch (o->type) {
    case CARPEL_OPTION_TEXT:
        if (is_secret_file(o, node))
            return read_secret_file(r, node, &value->text);
        value->text = arena_copy_string(r->memory, node->text);
        return true;
    case CARPEL_OPTION_BOOLEAN: return read_boolean(r, o, node, &value->boolean);
    case CARPEL_OPTION_INTEGER: return read_integer(r, o, node, &value->integer);
    case CARPEL_OPTION_NUMBER: return read_number(r, o, node, &value->number);
    case CARPEL_OPTION_CHOICE: return read_choice(r, o, node, &value->text);
    case CARPEL_OPTION_PATH:
    case CARPEL_OPTION_OUTPUT_PATH: return read_path(r, o, node, &value->text);
    case CARPEL_OPTION_PATHS:
    case CARPEL_OPTION_TEXTS: return read_list(r, o, node, &value->texts);
    case CARPEL_OPTION_PAIRS: return read_pairs(r, o, node, &value->texts);
    }
    return false;
}

static bool takes_list(const carpel_option *o)
{
    return o->type == CARPEL_OPTION_PATHS || o->type == CARPEL_OPTION_TEXTS;
}

/* A list of words that has to be given has some. */
static bool refuse_empty_list(const reader *r, const carpel_option *o,
                              const yaml_node *node)
{
    text example;
    if (!o->required || o->type != CARPEL_OPTION_TEXTS || node->kind == YAML_SCALAR ||
        node->count > 0)
        return false;
    text_init(&example);
    option_append_example(o, &example);
    diag_error(r->diags, shape_place(node), E0305,
               "the option \"%s\" of %s is a list of nothing", o->name,
               r->context->owner);
    diag_hint(r->diags, "For example: %s", example.data);
    text_done(&example);
    return true;
}

static bool read_option(const reader *r, const carpel_option *o, const yaml_node *node)
{
    if (node->is_broken)
        return false;
    bool is_pairs = o->type == CARPEL_OPTION_PAIRS;
    unsigned kinds = is_pairs        ? SHAPE_MAPPING
                     : takes_list(o) ? SHAPE_TEXT | SHAPE_LIST
                                     : SHAPE_TEXT;
    if ((is_pairs || !is_secret_file(o, node)) && !shape_fits(node, kinds))
        return refuse_kind(r, o, node);
    if (refuse_empty_list(r, o, node))
        return false;
    option_value value;
    if (!read_typed(r, o, node, &value))
        return false;
    memcpy(r->out + o->offset, &value, option_size(o->type));
    return true;
}

static bool read_default(const reader *r, const carpel_option *o, span where)
{
    if (o->default_text == NULL)
        return true;
    yaml_node node = {.kind = YAML_SCALAR,
                      .where = where,
                      .text = o->default_text,
                      .is_quoted = true,
                      .key = o->name,
                      .key_where = where};
    return read_option(r, o, &node);
}

const carpel_option *options_find(const carpel_option *table, const char *name)
{
    for (; table != NULL && table->name != NULL; table++)
        if (strcmp(table->name, name) == 0)
            return table;
    return NULL;
}

/* The table came with a plugin: every option has a known type and lies in the struct. */
static bool check_table(const reader *r, span where)
{
    for (const carpel_option *o = r->table; o != NULL && o->name != NULL; o++) {
        size_t width = option_size(o->type);
        if (width > 0 && o->offset <= r->size && r->size - o->offset >= width)
            continue;
        diag_error(r->diags, where, E0306, "%s describes its option \"%s\" wrongly",
                   r->context->owner, o->name);
        diag_hint(r->diags, "Its author has to mend its table of options.");
        return false;
    }
    return true;
}

bool options_has_other_key(const options_context *context, const char *key)
{
    for (size_t i = 0; context->other_keys != NULL && context->other_keys[i] != NULL; i++)
        if (strcmp(context->other_keys[i], key) == 0)
            return true;
    return false;
}

/* The option or key of somebody else that a misspelt key probably means. */
static suggestion suggest_for(const reader *r, const char *key)
{
    suggestion s = suggest_begin(key);
    for (const carpel_option *o = r->table; o != NULL && o->name != NULL; o++)
        suggest_consider(&s, o->name);
    const char *const *others = r->context->other_keys;
    for (size_t i = 0; others != NULL && others[i] != NULL; i++)
        suggest_consider(&s, others[i]);
    return s;
}

static bool has_option(const reader *r, const char *name)
{
    for (const carpel_option *o = r->table; o != NULL && o->name != NULL; o++)
        if (strcmp(o->name, name) == 0)
            return true;
    return false;
}

static bool has_key(const void *of, const char *name)
{
    const reader *r = of;
    bool is_known = options_has_other_key(r->context, name) || has_option(r, name);
    return is_known && yaml_get(r->mapping, name) == NULL;
}

static void report_unknown(const reader *r, const yaml_node *value)
{
    const char *meant = foreign_key(value->key, has_key, r);
    if (misplaced_key_report(value, r->mapping, r->context, r->diags))
        return;
    if (meant != NULL) {
        diag_error(r->diags, value->key_where, E0302, "%s has no option \"%s\"",
                   r->context->owner, value->key);
        diag_hint(r->diags, "Did you mean \"%s\"?", meant);
        diag_fix(r->diags, value->key_where, "%s", meant);
        return;
    }
    text known;
    text_init(&known);
    for (const carpel_option *o = r->table; o != NULL && o->name != NULL; o++)
        text_append_format(&known, "%s%s", known.size > 0 ? ", " : "", o->name);
    suggestion s = suggest_for(r, value->key);
    shape_refuse_key(value, r->context->owner, "option", &s, known.data, r->diags);
    text_done(&known);
}

/* Was the option misspelt, or said in another word? Then it is not missing as well. */
static bool is_misspelt(const reader *r, const yaml_node *mapping, const char *name)
{
    for (size_t i = 0; i < mapping->count; i++) {
        const char *key = mapping->items[i]->key;
        if (options_find(r->table, key) != NULL || options_has_other_key(r->context, key))
            continue;
        suggestion s = suggest_for(r, key);
        const char *synonym = foreign_key(key, has_key, r);
        const char *meant = synonym != NULL ? synonym : suggest_best(&s);
        if (meant != NULL && strcmp(meant, name) == 0)
            return true;
    }
    return false;
}

static span place_of(const yaml_node *mapping)
{
    return mapping != NULL ? mapping->where : (span){0};
}

static bool read_missing(const reader *r, const carpel_option *o,
                         const yaml_node *mapping)
{
    span where = place_of(mapping);
    bool is_supplied = r->context->supplied && strcmp(r->context->supplied, o->name) == 0;
    if (!o->required || is_supplied)
        return read_default(r, o, where);
    if (mapping != NULL && is_misspelt(r, mapping, o->name))
        return false;
    text example;
    text_init(&example);
    option_append_example(o, &example);
    diag_error(r->diags, where, E0304, "%s needs the option \"%s\"", r->context->owner,
               o->name);
    diag_hint(r->diags, "Add a line such as \"%s\".%s%s", example.data,
              o->help != NULL ? " " : "", o->help != NULL ? o->help : "");
    text_done(&example);
    return false;
}

bool options_read(const yaml_node *mapping, const carpel_option *table, size_t size,
                  const options_context *context, void *out, arena *memory, diags *diags)
{
    reader r = {context, table, out, size, memory, diags, mapping};
    bool ok = true;
    if (size > 0)
        memset(out, 0, size);
    if (!check_table(&r, place_of(mapping)))
        return false;
    for (size_t i = 0; mapping != NULL && i < mapping->count; i++) {
        const yaml_node *value = mapping->items[i];
        const carpel_option *option = options_find(table, value->key);
        if (option != NULL) {
            ok = read_option(&r, option, value) && ok;
        } else if (!options_has_other_key(context, value->key)) {
            report_unknown(&r, value);
            ok = false;
        }
    }
    for (const carpel_option *o = table; o != NULL && o->name != NULL; o++)
        if (yaml_get(mapping, o->name) == NULL)
            ok = read_missing(&r, o, mapping) && ok;
    return ok;
}
