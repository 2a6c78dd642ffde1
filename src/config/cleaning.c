/* SPDX-License-Identifier: MIT
 *
 * Each setting is checked for its form, and expressions are compiled; whether a step can be done to a
 * field is known to who knows its type.
 */
#include "config/cleaning.h"

#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "value/cleaning_checks.h"

static const shape_key source_keys[] = {
#define X CLEANING_SHAPE
#include "value/cleaning.def"
#undef X
    END_OF_KEYS,
};

static const shape_key project_keys[] = {
    {"person", SHAPE_MAPPING, false, "what is done to the ids of people",
     "person: {trim: true, case: fold}"},
    {"fields", SHAPE_MAPPING, false, "a mapping of properties and traits",
     "fields: {amount: {decimal: \",\"}}"},
#define X CLEANING_SHAPE
#include "value/cleaning.def"
#undef X
    END_OF_KEYS,
};

enum { MOST_SIGN_BYTES = 8 };

/* ---- words ------------------------------------------------------------------- */

/* Is `word` one of "a|b|c"? *is_last: the last one, which turns a step off. */
static bool is_choice(const char *choices, const char *word, bool *is_last)
{
    size_t size = strlen(word);
    for (const char *at = choices;; at++) {
        size_t length = strcspn(at, "|");
        *is_last = at[length] == '\0';
        if (length == size && memcmp(at, word, size) == 0)
            return true;
        if (*is_last)
            return false;
        at += length;
    }
}

static void refuse_value(const reader *r, const yaml_node *node,
                         const clean_step_info *step, const char *needs)
{
    diag_error(r->diags, shape_place(node), E0305, "\"%s\" is %s, not \"%s\"", step->key,
               needs, node->text);
    diag_hint(r->diags, "For example: %s", step->example);
}

/* "one of nfc, nfkc, none" */
static const char *list_choices(const reader *r, const char *choices)
{
    text list;
    text_init(&list);
    text_append(&list, "one of ");
    for (const char *at = choices; *at; at++)
        if (*at == '|')
            text_append(&list, ", ");
        else
            text_append_char(&list, *at);
    const char *kept = arena_copy_string(r->memory, list.data);
    text_done(&list);
    return kept;
}

static void set_word(const reader *r, const yaml_node *node, clean_setting *out)
{
    out->texts = reader_array(r, 1, sizeof *out->texts);
    out->texts[out->text_count++] = node->text;
}

static void read_flag(const reader *r, const yaml_node *node, const clean_step_info *step,
                      clean_setting *out)
{
    if (strcmp(node->text, "true") == 0)
        set_word(r, node, out);
    else if (strcmp(node->text, "false") != 0)
        refuse_value(r, node, step, "true or false");
}

static void read_choice(const reader *r, const yaml_node *node,
                        const clean_step_info *step, clean_setting *out)
{
    bool is_last;
    if (!is_choice(step->choices, node->text, &is_last))
        refuse_value(r, node, step, list_choices(r, step->choices));
    else if (!is_last)
        set_word(r, node, out);
}

static void read_sign(const reader *r, const yaml_node *node, const clean_step_info *step,
                      clean_setting *out)
{
    size_t size = strlen(node->text);
    if (size == 0 || size > MOST_SIGN_BYTES)
        refuse_value(r, node, step, "a sign of a few letters at most");
    else
        set_word(r, node, out);
}

static void read_words(const reader *r, const yaml_node *node,
                       const clean_step_info *step, clean_setting *out)
{
    size_t count = yaml_item_count(node);
    out->texts = reader_array(r, count, sizeof *out->texts);
    for (size_t i = 0; i < count; i++) {
        const yaml_node *item = yaml_item_at(node, i);
        if (item->kind != YAML_SCALAR) {
            const char *what = arena_format(r->memory, "an item of \"%s\"", step->key);
            shape_refuse(item, what, "a text", step->example, r->diags);
        } else if (!item->is_broken) {
            out->texts[out->text_count++] = item->text;
        }
    }
}

/* ---- expressions ---------------------------------------------------------------- */

/* Compile an expression, which lives as long as the project. */
static pattern *compile(const reader *r, const yaml_node *item)
{
    project *p = r->project;
    char reason[256];
    size_t offset = 0;
    pattern *compiled = pattern_new(slice_of(item->key), reason, sizeof reason, &offset);
    if (!compiled) {
        diag_error(r->diags, item->key_where, E0305,
                   "\"%s\" is no regular expression: %s", item->key, reason);
        return NULL;
    }
    memory_grow((void **)&p->patterns, p->pattern_count, &p->pattern_capacity,
                sizeof *p->patterns);
    return p->patterns[p->pattern_count++] = compiled;
}

static void read_patterns(const reader *r, const yaml_node *node,
                          const clean_step_info *step, clean_setting *out)
{
    out->texts = reader_array(r, node->count * 2, sizeof *out->texts);
    out->patterns = reader_array(r, node->count, sizeof(pattern *));
    for (size_t i = 0; i < node->count; i++) {
        const yaml_node *item = node->items[i];
        const char *reason;
        if (item->kind != YAML_SCALAR) {
            const char *what = arena_format(r->memory, "\"%s\"", item->key);
            shape_refuse(item, what, "a text", step->example, r->diags);
            continue;
        }
        pattern *compiled = item->is_broken ? NULL : compile(r, item);
        if (!compiled)
            continue;
        if (!pattern_accepts(compiled, slice_of(item->text), &reason)) {
            diag_error(r->diags, shape_place(item), E0305, "\"%s\" cannot be put in: %s",
                       item->text, reason);
            continue;
        }
        out->patterns[out->text_count / 2] = compiled;
        out->texts[out->text_count++] = item->key;
        out->texts[out->text_count++] = item->text;
    }
}

/* ---- the signs of numbers ---------------------------------------------------------- */

/* One character that can stand between digits and is no part of a number itself. */
static bool is_number_sign(const char *sign)
{
    size_t length;
    uint32_t code = sign[0] ? utf8_decode(sign, strlen(sign), &length) : 0;
    return code != 0 && sign[length] == '\0' && !utf8_is_letter(code) &&
           !(code >= '0' && code <= '9') && code != '+' && code != '-';
}

static void check_number_signs(const reader *r, const config_cleaning *c, clean_step step)
{
    const clean_setting *s = &c->settings.settings[step];
    for (size_t i = 0; s->is_given && i < s->text_count; i++)
        if (!is_number_sign(s->texts[i])) {
            diag_error(r->diags, c->where[step], E0305,
                       "\"%s\" is one character that is no digit, letter, + or -, not "
                       "\"%s\"",
                       clean_steps[step].key, s->texts[i]);
            diag_hint(r->diags, "For example: %s", clean_steps[step].example);
        }
}

/* A sign cannot mean two things. */
static void check_numbers(const reader *r, const config_cleaning *c)
{
    check_number_signs(r, c, CLEAN_DECIMAL);
    check_number_signs(r, c, CLEAN_THOUSANDS);
    if (!cleaning_has_one_sign(&c->settings))
        return;
    diag_error(r->diags, c->where[CLEAN_DECIMAL], E0305,
               "\"decimal\" and \"thousands\" are both \"%s\"",
               cleaning_word(&c->settings, CLEAN_DECIMAL));
    diag_hint(r->diags, "Write the sign that stands before the last digits of an "
                        "amount as \"decimal\".");
}

/* ---- words for truth ------------------------------------------------------------------ */

/* A word cannot mean both. */
static void check_truth(const reader *r, const config_cleaning *c)
{
    const char *word = cleaning_find_both(&c->settings);
    if (!word)
        return;
    diag_error(r->diags, c->where[CLEAN_FALSE_WORDS], E0305,
               "\"%s\" stands for true and for false", word);
    diag_hint(r->diags,
              "Letter case makes no difference here; leave it out of one of them.");
}

/* ---- all of them ---------------------------------------------------------------- */

static void read_step(const reader *r, const yaml_node *node, const clean_step_info *step,
                      clean_setting *out)
{
    switch (step->form) {
    case CLEAN_FLAG: read_flag(r, node, step, out); break;
    case CLEAN_CHOICE: read_choice(r, node, step, out); break;
    case CLEAN_SIGN: read_sign(r, node, step, out); break;
    case CLEAN_WORDS: read_words(r, node, step, out); break;
    case CLEAN_PATTERNS: read_patterns(r, node, step, out); break;
    }
}

void cleaning_read(const reader *r, const yaml_node *mapping, config_cleaning *out)
{
    for (int step = 0; mapping && step < CLEAN_STEP_COUNT; step++) {
        const yaml_node *node = yaml_get(mapping, clean_steps[step].key);
        bool is_scalar = node && node->kind == YAML_SCALAR;
        if (!node || node->is_broken || !shape_fits(node, source_keys[step].kinds))
            continue; /* it was reported */
        out->settings.settings[step].is_given = true;
        out->where[step] = is_scalar ? node->where : node->key_where;
        read_step(r, node, &clean_steps[step], &out->settings.settings[step]);
    }
    check_numbers(r, out);
    check_truth(r, out);
}

void cleaning_read_source(const reader *r, const yaml_node *node, config_cleaning *out)
{
    if (!node)
        return;
    shape_check(node, source_keys, "\"clean\"", SHAPE_CLOSED, r->diags);
    cleaning_read(r, node, out);
}

static void read_fields(const reader *r, const yaml_node *node)
{
    project *p = r->project;
    if (!node)
        return;
    p->clean_fields = reader_array(r, node->count, sizeof *p->clean_fields);
    for (size_t i = 0; i < node->count; i++) {
        const yaml_node *item = node->items[i];
        const char *owner = arena_format(r->memory, "\"%s\"", item->key);
        if (item->kind != YAML_MAPPING) {
            shape_refuse(item, owner, "a mapping of what is done to it",
                         "amount: {decimal: \",\"}", r->diags);
            continue;
        }
        config_field_cleaning *field = &p->clean_fields[p->clean_field_count++];
        field->name = reader_key(item);
        shape_check(item, source_keys, owner, SHAPE_CLOSED, r->diags);
        cleaning_read(r, item, &field->clean);
    }
}

void cleaning_read_project(const reader *r, const yaml_node *node)
{
    if (!node)
        return;
    shape_check(node, project_keys, "\"clean\"", SHAPE_CLOSED, r->diags);
    cleaning_read(r, node, &r->project->clean);
    const yaml_node *person = shape_get(node, project_keys, "person");
    if (person) {
        shape_check(person, source_keys, "\"person\"", SHAPE_CLOSED, r->diags);
        cleaning_read(r, person, &r->project->clean_person);
    }
    read_fields(r, shape_get(node, project_keys, "fields"));
}
