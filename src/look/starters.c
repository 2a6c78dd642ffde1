/* SPDX-License-Identifier: MIT
 *
 * Rules are about the kind of events that has money, else about the most frequent one.
 */
#include "look/starters.h"

#include <stdio.h>
#include <string.h>

typedef enum starter_needs { KIND, MONEY, SECOND, WORD, NUMBER, FLAG, DAY } starter_needs;

static const struct starter {
    starter_needs needs;
    const char *text;
} starters[] = {
#define X(needs, text) {needs, text},
#include "look/starters.def"
#undef X
};
enum { STARTERS = sizeof starters / sizeof *starters };

/* What takes the place of the @SIGNS@. */
typedef struct filling {
    const char *kind, *money, *second, *trait, *value; /* NULL: there is none */
} filling;

static void append_filled(const char *body, const filling *f, text *out)
{
    while (*body != '\0') {
        const char *value = NULL;
        if (body[0] == '@' && body[1] != '\0' && body[2] == '@')
            value = body[1] == 'K'   ? f->kind
                    : body[1] == 'M' ? f->money
                    : body[1] == 'S' ? f->second
                    : body[1] == 'T' ? f->trait
                                     : f->value;
        if (value)
            text_append(out, value);
        else
            text_append_char(out, *body);
        body += value ? 3 : 1;
    }
}

/* All rules that need this. Returns how many. */
static size_t append_starters(starter_needs needs, const filling *f, text *out)
{
    size_t count = 0;
    for (size_t i = 0; i < STARTERS; i++) {
        if (starters[i].needs != needs)
            continue;
        text_append_char(out, '\n');
        append_filled(starters[i].text, f, out);
        count++;
    }
    return count;
}

/* ---- events ------------------------------------------------------------------------ */

/* The column that a source has for a property, or NULL. */
static const look_column *column_of(const draft *d, const char *property)
{
    for (size_t i = 0; i < d->source_count; i++) {
        const draft_fields *fields = &d->sources[i].properties;
        for (size_t k = 0; k < fields->count; k++)
            if (strcmp(fields->items[k].name, property) == 0)
                return look_file_column(d->sources[i].file, fields->items[k].from);
    }
    return NULL;
}

/* An amount of the kind: a property of that name, else the first that has a fraction. */
static const draft_field *money_of(const draft_kind *kind)
{
    static const char *const names[] = {"amount", "revenue", "total", "value", "price"};
    const draft_fields *fields = &kind->fields;
    for (size_t n = 0; n < sizeof names / sizeof *names; n++)
        for (size_t i = 0; i < fields->count; i++)
            if (strcmp(fields->items[i].name, names[n]) == 0 &&
                strncmp(fields->items[i].type, "decimal", 7) == 0)
                return &fields->items[i];
    for (size_t i = 0; i < fields->count; i++)
        if (strncmp(fields->items[i].type, "decimal", 7) == 0)
            return &fields->items[i];
    return NULL;
}

static const draft_kind *main_kind(const draft *d)
{
    const draft_kind *best = NULL;
    for (size_t i = 0; i < d->kind_count; i++) {
        const draft_kind *k = &d->kinds[i];
        bool has_money = money_of(k) && !strstr(k->name, "refund");
        bool best_has = best && money_of(best) && !strstr(best->name, "refund");
        if (!best || (has_money && !best_has) ||
            (has_money == best_has && k->row_count > best->row_count))
            best = k;
    }
    return best;
}

/* The most frequent kind beside the main one. */
static const draft_kind *second_kind(const draft *d, const draft_kind *first)
{
    const draft_kind *best = NULL;
    for (size_t i = 0; i < d->kind_count; i++)
        if (&d->kinds[i] != first && (!best || d->kinds[i].row_count > best->row_count))
            best = &d->kinds[i];
    return best;
}

static void append_event_starters(const draft *d, text *out)
{
    char half[40];
    const draft_kind *kind = main_kind(d);
    if (!kind)
        return;
    const draft_kind *second = second_kind(d, kind);
    const draft_field *money = money_of(kind);
    const look_column *c = money ? column_of(d, money->name) : NULL;
    filling f = {.kind = kind->name,
                 .money = money ? money->name : NULL,
                 .second = second ? second->name : NULL,
                 .value = half};
    snprintf(half, sizeof half, "%.0f", c && c->may_be_number ? c->most / 2 : 100.0);
    append_starters(KIND, &f, out);
    if (money)
        append_starters(MONEY, &f, out);
    if (second)
        append_starters(SECOND, &f, out);
}

/* ---- traits ----------------------------------------------------------------------------- */

/* The most frequent value of few, which needs no quotes of its own. */
static bool find_word(const look_column *c, char *out, size_t size)
{
    uint32_t best = 0;
    if (look_column_distinct(c) > 50 || look_column_distinct(c) * 2 > c->filled)
        return false;
    for (uint32_t i = 1; i < look_column_distinct(c); i++)
        best = c->counts[i] > c->counts[best] ? i : best;
    slice s = dictionary_text(c->values, best);
    if (s.size >= size || memchr(s.data, '"', s.size) || memchr(s.data, '\\', s.size))
        return false;
    memcpy(out, s.data, s.size);
    out[s.size] = '\0';
    return true;
}

static size_t append_trait_starters(const draft_source *s, const draft_field *trait,
                                    text *out)
{
    char value[64];
    const look_column *c = look_file_column(s->file, trait->from);
    const filling f = {.trait = trait->name, .value = value};
    if (!c || trait->item_count > 0)
        return 0;
    bool is_number =
        strcmp(trait->type, "int") == 0 || strncmp(trait->type, "decimal", 7) == 0;
    if (strcmp(trait->type, "bool") == 0)
        return append_starters(FLAG, &f, out);
    if (strcmp(trait->type, "date") == 0 || strcmp(trait->type, "time") == 0)
        return append_starters(DAY, &f, out);
    if (is_number && c->may_be_number && c->most > c->least) {
        snprintf(value, sizeof value, "%.0f", c->least + (c->most - c->least) / 2);
        return append_starters(NUMBER, &f, out);
    }
    if (strcmp(trait->type, "string") == 0 && find_word(c, value, sizeof value))
        return append_starters(WORD, &f, out);
    return 0;
}

void starters_append(const draft *d, text *out)
{
    text_append(out, "# Rules read like the sentences they stand for. After a change:\n"
                     "#     carpel check, carpel fmt, carpel run\n");
    append_event_starters(d, out);
    size_t count = 0;
    for (size_t i = 0; i < d->source_count; i++)
        for (size_t k = 0; count < STARTERS_OF_TRAITS && k < d->sources[i].traits.count;
             k++)
            count += append_trait_starters(&d->sources[i], &d->sources[i].traits.items[k],
                                           out);
}
