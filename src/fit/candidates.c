/* SPDX-License-Identifier: MIT
 *
 * Patterns of values, filled with the names of a project.
 */
#include "fit/candidates.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/name_index.h"
#include "lang/lexer.h"
#include "report/yaml_text.h"
#include "value/type.h"

/* Of each kind of events: % stands for it. */
static const struct {
    const char *suffix, *value;
} of_kinds[] = {
    {"count", "count(%)"},
    {"count_30", "count(% in last 30 days)"},
    {"count_90", "count(% in last 90 days)"},
    {"silent", "time since last %"},
    {"known_for", "time since first %"},
    {"gap", "(last % - first %) / (count(%) - 1)"},
    {"trend", "count(% in last 30 days) - count(% in previous 30 days)"},
};

/* Of each number that an event has: $ stands for it. */
static const struct {
    const char *suffix, *value;
} of_numbers[] = {
    {"sum", "sum(%.$)"},
    {"sum_90", "sum(%.$ in last 90 days)"},
    {"average", "avg(%.$)"},
};

/* Of a trait, by its type. */
static const char *value_of_trait(type_kind kind)
{
    switch (kind) {
    case TYPE_BOOL:
    case TYPE_DECIMAL:
    case TYPE_NUMBER:
    case TYPE_DURATION: return "user.$";
    case TYPE_TIME: return "time since user.$";
    case TYPE_DATE: return "(now.date - user.$)";
    default: return "user.$ is not missing";
    }
}

typedef struct listing {
    const char *indent;
    size_t count;
    arena *memory;
    name_index taken;
    text *out;
} listing;

/* A feature's name: what is no letter or digit becomes _. */
static void append_plain(const char *name, text *out)
{
    if (isdigit((unsigned char)name[0]))
        text_append_char(out, '_');
    for (const char *at = name; *at; at++)
        text_append_char(out, isalnum((unsigned char)*at) ? *at : '_');
}

static void fill(const char *pattern, const char *kind, const char *field, text *out)
{
    for (const char *at = pattern; *at; at++)
        if (*at == '%')
            lexer_append_name(kind, out);
        else if (*at == '$')
            lexer_append_name(field, out);
        else
            text_append_char(out, *at);
}

/* Names that differ in other letters alone, and those that fits have, get a number behind. */
static void append_key(listing *l, const char *const *names)
{
    text plain, key;
    text_init(&plain);
    text_init(&key);
    for (size_t i = 0; names[i]; i++) {
        text_append(&plain, i > 0 ? "_" : "");
        append_plain(names[i], &plain);
    }
    text_append(&key, plain.data);
    for (int next = 2; name_index_find(&l->taken, key.data) != SIZE_MAX; next++) {
        text_clear(&key);
        text_append_format(&key, "%s_%d", plain.data, next);
    }
    name_index_add(&l->taken, l->memory, arena_copy_text(l->memory, key.data, key.size),
                   0);
    text_append(l->out, key.data);
    text_done(&plain);
    text_done(&key);
}

static void add(listing *l, const char *const *names, const char *pattern,
                const char *kind, const char *field)
{
    text value;
    text_init(&value);
    text_append(l->out, l->indent);
    append_key(l, names);
    text_append(l->out, ": ");
    fill(pattern, kind, field, &value);
    yaml_append_text(l->out, (slice){value.data, value.size});
    text_append_char(l->out, '\n');
    l->count++;
    text_done(&value);
}

static type_kind kind_of(const config_field *f)
{
    type t = {TYPE_ERROR, 0};
    type_details details;
    if (!f->type.text || f->is_list || !type_parse(f->type.text, &t, &details))
        return TYPE_ERROR;
    return t.kind;
}

static void add_kind(listing *l, const config_kind *k)
{
    const char *kind = k->name.text;
    for (size_t i = 0; i < sizeof of_kinds / sizeof *of_kinds; i++)
        add(l, (const char *[]){kind, of_kinds[i].suffix, NULL}, of_kinds[i].value, kind,
            "");
    for (size_t f = 0; f < k->field_count; f++) {
        type_kind type = kind_of(&k->fields[f]);
        const char *field = k->fields[f].name.text;
        if (type != TYPE_DECIMAL && type != TYPE_NUMBER && type != TYPE_DURATION)
            continue;
        for (size_t i = 0; i < sizeof of_numbers / sizeof *of_numbers; i++)
            add(l, (const char *[]){kind, field, of_numbers[i].suffix, NULL},
                of_numbers[i].value, kind, field);
    }
}

static void add_trait(listing *l, const config_field *f)
{
    type_kind kind = kind_of(f);
    if (kind != TYPE_ERROR)
        add(l, (const char *[]){f->name.text, NULL}, value_of_trait(kind), "",
            f->name.text);
}

/* Of the kind of events, or the trait; NULL: of all. */
static void add_all(listing *l, const project *p, const char *only)
{
    for (size_t i = 0; i < p->kind_count; i++)
        if (!only || strcmp(only, p->kinds[i].name.text) == 0)
            add_kind(l, &p->kinds[i]);
    for (size_t i = 0; i < p->trait_count; i++)
        if (!only || strcmp(only, p->traits[i].name.text) == 0)
            add_trait(l, &p->traits[i]);
}

size_t fit_candidates_append(const project *p, char *const *only, size_t only_count,
                             const char *indent, text *out, const char **unknown)
{
    static const char *const used[] = {"among", "chance", "label"}; /* by each fit */
    listing l = {.indent = indent, .memory = arena_new(), .out = out};
    *unknown = NULL;
    for (size_t i = 0; i < sizeof used / sizeof *used; i++)
        name_index_add(&l.taken, l.memory, used[i], 0);
    if (only_count == 0)
        add_all(&l, p, NULL);
    for (size_t i = 0; !*unknown && i < only_count; i++) {
        size_t before = l.count;
        add_all(&l, p, only[i]);
        *unknown = l.count == before ? only[i] : NULL;
    }
    arena_free(l.memory);
    return l.count;
}
