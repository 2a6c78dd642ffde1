/* SPDX-License-Identifier: MIT
 *
 * The rows of sayings.def, their patterns cut into pieces.
 */
#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "base/name_index.h"
#include "lang/saying.h"

typedef struct said {
    const char *symbol;
    unsigned cost;
    const char *pattern, *form;
} said;

static const said table[] = {
#define NOISE(words)
#define SAID(symbol, cost, pattern, form) {#symbol, cost, pattern, form},
#include "lang/sayings.def"
#undef SAID
#undef NOISE
};

enum { ROW_COUNT = sizeof table / sizeof *table };

/* Classes first, and symbols behind them. */
static void number_names(name_index *names, arena *memory)
{
    for (size_t i = 0; i < saying_class_count; i++)
        name_index_add(names, memory, saying_classes[i].name, i);
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (i == 0 || strcmp(table[i - 1].symbol, table[i].symbol) != 0)
            name_index_add(names, memory, table[i].symbol, names->count);
}

static saying_piece make_piece(slice text, bool is_set, const name_index *names,
                               arena *memory)
{
    saying_piece made = {.kind = PIECE_WORDS, .is_set = is_set};
    made.is_optional = text.size > 1 && text.data[text.size - 1] == '?';
    text.size -= made.is_optional;
    made.text = text;
    if (*text.data == '$') {
        made.kind = PIECE_SAME;
        made.number = (size_t)(text.data[1] - '1');
        return made;
    }
    if (!isupper((unsigned char)text.data[0]))
        return made;
    size_t number = name_index_find(names, arena_copy_text(memory, text.data, text.size));
    assert(number != SIZE_MAX);
    made.kind = number < saying_class_count ? PIECE_CLASS : PIECE_SYMBOL;
    made.number =
        made.kind == PIECE_CLASS ? number : (size_t)(number - saying_class_count);
    return made;
}

static void read_pattern(const char *at, const name_index *names, arena *memory,
                         saying_row *out)
{
    bool is_set = false;
    for (; *at; at += strspn(at, " ")) {
        size_t size = strcspn(at, " ");
        if (*at == '[' || *at == ']') {
            is_set = *at == '[';
        } else {
            assert(out->count < MOST_PIECES);
            out->pieces[out->count++] =
                make_piece((slice){at, size}, is_set, names, memory);
        }
        at += size;
    }
}

static saying_table read_rows(const name_index *names, arena *memory)
{
    saying_table out = {.symbol_count = names->count - saying_class_count};
    saying_row **last = arena_alloc_array(memory, out.symbol_count, sizeof *last);
    out.first = arena_alloc_array(memory, out.symbol_count, sizeof *out.first);
    out.rows = arena_alloc_array(memory, ROW_COUNT, sizeof *out.rows);
    out.row_count = ROW_COUNT;
    out.rule = name_index_find(names, "RULE") - saying_class_count;
    for (size_t i = 0; i < ROW_COUNT; i++) {
        saying_row *made = &out.rows[i];
        size_t symbol = name_index_find(names, table[i].symbol) - saying_class_count;
        made->cost = table[i].cost;
        made->form = table[i].form;
        read_pattern(table[i].pattern, names, memory, made);
        *(last[symbol] ? &last[symbol]->next : &out.first[symbol]) = made;
        last[symbol] = made;
    }
    return out;
}

saying_table saying_table_read(arena *memory)
{
    name_index names = {0};
    number_names(&names, memory);
    return read_rows(&names, memory);
}

/* ---- which words it has -------------------------------------------------------------------- */

static void mark_word(slice said, const words *all)
{
    for (size_t i = 0; i < all->count; i++)
        if (all->items[i].text[0] == said.data[0] && slice_is(said, all->items[i].text))
            all->items[i].is_said = true;
}

/* The words of a piece, which stand between bars and blanks. */
static void mark_words(slice said, const bool *is_first, const words *all)
{
    for (size_t at = 0, size; at < said.size; at += size + 1) {
        const char *word = said.data + at;
        for (size = 0; at + size < said.size && word[size] != '_' && word[size] != '|';)
            size++;
        if (size > 0 && is_first[(unsigned char)*word])
            mark_word((slice){word, size}, all);
    }
}

void saying_table_mark(const saying_table *t, const words *all)
{
    bool is_first[256] = {false};
    for (size_t i = 0; i < all->count; i++)
        is_first[(unsigned char)all->items[i].text[0]] = true;
    for (size_t i = 0; i < t->row_count; i++)
        for (size_t k = 0; k < t->rows[i].count; k++)
            if (t->rows[i].pieces[k].kind == PIECE_WORDS)
                mark_words(t->rows[i].pieces[k].text, is_first, all);
}
