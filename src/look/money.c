/* SPDX-License-Identifier: MIT
 *
 * Names are taken word by word, as kinds and properties have underscores between them.
 */
#include "look/money.h"

#include <string.h>

enum {
    NO_WORD = -1,
    LEAST_ALONE = 30, /* a price of one unit alone is not what was paid */
    LEAST_SURE = 80   /* a value may be one of anything, an amount hardly */
};

typedef enum money_word_of { KIND, FIELD, PIECE, QUANTITY } money_word_of;

static const struct money_word {
    money_word_of of;
    const char *word;
    int rank;
} words[] = {
#define X(of, word, rank) {of, word, rank},
#include "look/money.def"
#undef X
};

static bool has_word(const char *name, const char *word)
{
    size_t size = strlen(word);
    for (const char *at = name; at; at = strchr(at, '_')) {
        at += *at == '_';
        if (strncmp(at, word, size) == 0 && (at[size] == '_' || at[size] == '\0'))
            return true;
    }
    return false;
}

/* The rank of the first row that has a word of the name, or NO_WORD. */
static int rank_of(money_word_of of, const char *name)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (words[i].of == of && has_word(name, words[i].word))
            return words[i].rank;
    return NO_WORD;
}

int money_rank_of_kind(const char *name)
{
    int rank = rank_of(KIND, name);
    return rank == NO_WORD ? 0 : rank;
}

bool money_is_ruled_out(const char *name)
{
    return rank_of(KIND, name) == 0;
}

bool money_is_paid(const char *property)
{
    return rank_of(FIELD, property) >= LEAST_SURE || rank_of(PIECE, property) > 0 ||
           rank_of(QUANTITY, property) >= LEAST_SURE;
}

const look_column *money_column_of(const draft *d, const char *property)
{
    for (size_t i = 0; i < d->source_count; i++) {
        const draft_fields *fields = &d->sources[i].properties;
        for (size_t k = 0; k < fields->count; k++)
            if (strcmp(fields->items[k].name, property) == 0)
                return look_file_column(d->sources[i].file, fields->items[k].from);
    }
    return NULL;
}

/* Numbers, but no counts of seconds since 1970. */
static bool is_amount(const draft *d, const draft_field *field)
{
    const look_column *c = money_column_of(d, field->name);
    bool is_number = strcmp(field->type, "int") == 0 ||
                     strcmp(field->type, "number") == 0 ||
                     strncmp(field->type, "decimal", 7) == 0;
    return is_number && !(c && look_column_may_be_time(c));
}

/* The amount of the highest rank, which is at least this. */
static const draft_field *best_of(const draft *d, const draft_kind *kind,
                                  money_word_of of, int least)
{
    const draft_field *best = NULL;
    for (size_t i = 0; i < kind->fields.count; i++) {
        const draft_field *field = &kind->fields.items[i];
        int rank = rank_of(of, field->name);
        if (rank < least || !is_amount(d, field))
            continue;
        best = field;
        least = rank + 1;
    }
    return best;
}

draft_money money_of(const draft *d, const draft_kind *kind)
{
    const draft_field *amount = best_of(d, kind, FIELD, 1);
    if (money_rank_of_kind(kind->name) == 0)
        return (draft_money){NULL, NULL};
    if (amount)
        return (draft_money){amount, NULL};
    const draft_field *quantity = best_of(d, kind, QUANTITY, 1);
    return (draft_money){best_of(d, kind, PIECE, quantity ? 1 : LEAST_ALONE), quantity};
}
