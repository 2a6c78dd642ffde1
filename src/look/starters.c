/* SPDX-License-Identifier: MIT
 *
 * Rules are about the kind of events that is about buying, else about the most frequent one.
 */
#include "look/starters.h"

#include <stdio.h>
#include <string.h>

#include "base/name_index.h"
#include "look/money.h"

typedef enum starter_needs {
    KIND,
    MONEY,
    AMOUNT,
    SECOND,
    WORD,
    HIGH,
    LOW,
    FLAG,
    DAY
} starter_needs;

/* A kind with money stands before all kinds without. */
enum { RANK_OF_MONEY = 1000 };

/* Where the upper fifth of values begins, and where the lower one ends. */
static const double UPPER = 0.8, LOWER = 0.2;

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
    const char *kind, *money, *name, *second, *trait, *value; /* NULL: there is none */
} filling;

/* At work: no two rules have one name. */
typedef struct starting {
    const draft *draft;
    name_index names, traits;
} starting;

static void append_filled(const char *body, const filling *f, text *out)
{
    while (*body != '\0') {
        const char *value = NULL;
        if (body[0] == '@' && body[1] != '\0' && body[2] == '@')
            value = body[1] == 'K'   ? f->kind
                    : body[1] == 'M' ? f->money
                    : body[1] == 'N' ? f->name
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

/* A rule that is filled in: its name is the second word. One that is taken gets a number behind it. */
static void append_distinct(starting *s, const char *rule, text *out)
{
    arena *memory = s->draft->memory;
    size_t begin = strcspn(rule, " ") + 1, end = begin + strcspn(rule + begin, " ");
    const char *name = arena_copy_text(memory, rule + begin, end - begin);
    size_t first = strcspn(name, "_") + 1;
    bool is_doubled = strlen(name) > first && strncmp(name, name + first, first) == 0;
    name += is_doubled ? first : 0; /* "is_is_member" */
    const char *tried = name;
    for (size_t number = 2; name_index_find(&s->names, tried) != SIZE_MAX; number++)
        tried = arena_format(memory, "%s_%zu", name, number);
    name_index_add(&s->names, memory, tried, 0);
    text_append_bytes(out, rule, begin);
    text_append(out, tried);
    text_append(out, rule + end);
}

/* All rules that need this. Returns how many. */
static size_t append_starters(starting *s, starter_needs needs, const filling *f,
                              text *out)
{
    size_t count = 0;
    text rule;
    text_init(&rule);
    for (size_t i = 0; i < STARTERS; i++) {
        if (starters[i].needs != needs)
            continue;
        text_clear(&rule);
        append_filled(starters[i].text, f, &rule);
        text_append_char(out, '\n');
        append_distinct(s, rule.data, out);
        count++;
    }
    text_done(&rule);
    return count;
}

/* A number that parts the values there; not the least one or 0, which part nothing. */
static bool find_threshold(const look_column *c, double part, char *out, size_t size)
{
    double least, value;
    if (!look_column_quantile(c, 0, &least) || !look_column_quantile(c, part, &value) ||
        value <= least || value == 0)
        return false;
    snprintf(out, size, "%.15g", value);
    return !strchr(out, 'e');
}

/* ---- events ------------------------------------------------------------------------ */

/* The kind that is surest about buying, one with money before one without; when none is, the most
 * frequent one that is no failure. */
static const draft_kind *main_kind(const draft *d)
{
    const draft_kind *best = NULL;
    int best_rank = 0;
    for (size_t i = 0; i < d->kind_count; i++) {
        const draft_kind *k = &d->kinds[i];
        int rank = money_is_ruled_out(k->name) ? -1 : money_rank_of_kind(k->name);
        rank += money_of(d, k).amount ? RANK_OF_MONEY : 0;
        if (best && rank <= best_rank &&
            (rank < best_rank || k->row_count <= best->row_count))
            continue;
        best = k;
        best_rank = rank;
    }
    return best;
}

/* The most frequent kind beside the main one. */
static const draft_kind *second_kind(const draft *d, const draft_kind *first)
{
    const draft_kind *best = NULL;
    for (size_t i = 0; i < d->kind_count; i++)
        if (&d->kinds[i] != first && !money_is_ruled_out(d->kinds[i].name) &&
            (!best || d->kinds[i].row_count > best->row_count))
            best = &d->kinds[i];
    return best;
}

static void append_money_starters(starting *s, const draft_kind *kind, text *out)
{
    char large[40];
    draft_money money = money_of(s->draft, kind);
    if (!money.amount)
        return;
    const char *name = money.amount->name;
    filling f = {.kind = kind->name, .money = name, .name = name, .value = large};
    if (money.quantity) {
        arena *memory = s->draft->memory;
        f.money = arena_format(memory, "(%s * %s)", money.quantity->name, name);
        f.name = arena_format(memory, "%s times %s", money.quantity->name, name);
    }
    append_starters(s, MONEY, &f, out);
    const look_column *c = money_column_of(s->draft, name);
    if (!money.quantity && !money.amount->is_cents && c &&
        find_threshold(c, UPPER, large, sizeof large))
        append_starters(s, AMOUNT, &f, out);
}

static void append_event_starters(starting *s, text *out)
{
    const draft_kind *kind = main_kind(s->draft);
    if (!kind)
        return;
    const draft_kind *second = second_kind(s->draft, kind);
    filling f = {.kind = kind->name, .second = second ? second->name : NULL};
    append_starters(s, KIND, &f, out);
    append_money_starters(s, kind, out);
    if (second)
        append_starters(s, SECOND, &f, out);
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

static size_t append_number_starters(starting *s, const look_column *c, filling f,
                                     text *out)
{
    char value[64];
    size_t count = 0;
    f.value = value;
    if (look_column_may_be_time(c))
        return 0;
    if (find_threshold(c, UPPER, value, sizeof value))
        count += append_starters(s, HIGH, &f, out);
    if (find_threshold(c, LOWER, value, sizeof value))
        count += append_starters(s, LOW, &f, out);
    return count;
}

static size_t append_trait_starters(starting *s, const look_column *c,
                                    const draft_field *trait, text *out)
{
    char value[64];
    const filling f = {.trait = trait->name, .value = value};
    bool is_number =
        strcmp(trait->type, "int") == 0 || strncmp(trait->type, "decimal", 7) == 0;
    if (strcmp(trait->type, "bool") == 0)
        return append_starters(s, FLAG, &f, out);
    if (strcmp(trait->type, "date") == 0 || strcmp(trait->type, "time") == 0)
        return append_starters(s, DAY, &f, out);
    if (is_number)
        return append_number_starters(s, c, f, out);
    if (strcmp(trait->type, "string") == 0 && find_word(c, value, sizeof value))
        return append_starters(s, WORD, &f, out);
    return 0;
}

/* Of a trait that two sources have, the first one counts. */
static size_t append_new_trait(starting *s, const draft_source *source,
                               const draft_field *trait, text *out)
{
    const look_column *c = look_file_column(source->file, trait->from);
    if (!c || trait->item_count > 0 ||
        name_index_find(&s->traits, trait->name) != SIZE_MAX)
        return 0;
    name_index_add(&s->traits, s->draft->memory, trait->name, 0);
    size_t number = 0;
    while (strcmp(s->draft->traits.items[number].name, trait->name) != 0)
        number++;
    return append_trait_starters(s, c, &s->draft->traits.items[number], out);
}

void starters_append(const draft *d, text *out)
{
    starting s = {.draft = d};
    text_append(out, "# Rules read like the sentences they stand for. After a change:\n"
                     "#     carpel check, carpel fmt, carpel run\n");
    append_event_starters(&s, out);
    size_t count = 0;
    for (size_t i = 0; i < d->source_count; i++)
        for (size_t k = 0; count < STARTERS_OF_TRAITS && k < d->sources[i].traits.count;
             k++)
            count +=
                append_new_trait(&s, &d->sources[i], &d->sources[i].traits.items[k], out);
}
