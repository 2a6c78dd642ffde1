/* SPDX-License-Identifier: MIT
 *
 * Reads a rule with the rows of sayings.def in all ways there are: for each symbol and each
 * word once, what the symbol can be from there on. Words that say nothing may be passed by, at
 * a price, so readings that use more of the rule come first.
 */
#include "lang/sayings.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "lang/keywords.h"
#include "lang/mistaken.h"
#include "lang/saying.h"

enum {
    MOST_FINDINGS = 64, /* of a symbol at a word */
    MOST_WORDS = 400,   /* of a rule */
    MOST_STEPS = 200000
};

static const char gap_signs[] = "?#@~^";

typedef struct finding {
    size_t end;
    const char *text;
    unsigned cost;
} finding;

/* What a symbol can be at a word. */
typedef struct cell {
    finding items[MOST_FINDINGS];
    size_t count;
    bool is_known;
} cell;

typedef struct sayings {
    saying_context context;
    arena *memory;
    saying_table table;
    cell **cells;     /* of each symbol at each word; NULL: not asked for */
    meanings **means; /* of each class at each word, too */
    size_t steps;
} sayings;

/* ---- texts -------------------------------------------------------------------------- */

/* The text with its gaps filled; NULL: it has none, and so no place for `by`. Those for windows
 * and conditions stay open behind it. */
static const char *filled(const sayings *s, const char *in, char gap, const char *by)
{
    text out;
    bool stays = gap == GAP_WINDOW || gap == GAP_WHERE;
    if (stays && !*by)
        return in;
    if (!strchr(in, gap))
        return gap == GAP_EVENT ? in : NULL;
    text_init(&out);
    for (; *in; in++) {
        if (*in != gap)
            text_append_char(&out, *in);
        else if (stays)
            text_append_format(&out, " %s%c", by, gap);
        else
            text_append(&out, by);
    }
    const char *kept = arena_copy_string(s->memory, out.data);
    text_done(&out);
    return kept;
}

static size_t piece_of(char digit)
{
    return isdigit((unsigned char)digit) ? (size_t)(digit - '1')
                                         : (size_t)(digit - 'A') + 9;
}

static bool is_gap_sign(char sign)
{
    return sign && strchr(gap_signs + 1, sign);
}

static bool is_piece_digit(char digit)
{
    return (digit >= '1' && digit <= '9') || (digit >= 'A' && digit <= 'G');
}

/* `$2#1`: the second piece, the gaps for its subject filled with the first. */
static const char *append_part(const sayings *s, const char *form,
                               const char *const *pieces, text *out)
{
    const char *part = pieces[piece_of(form[1])];
    for (form += 2; part && is_gap_sign(*form) && is_piece_digit(form[1]); form += 2)
        part = filled(s, part, (char)(strchr(gap_signs, *form) - gap_signs),
                      pieces[piece_of(form[1])]);
    if (part)
        text_append(out, part);
    return part ? form : NULL;
}

/* NULL: what stands in it has no place there. */
static const char *rendered(const sayings *s, const char *form, const char *const *pieces)
{
    text out;
    text_init(&out);
    while (form && *form) {
        if (*form == '$' && is_piece_digit(form[1]))
            form = append_part(s, form, pieces, &out);
        else if (is_gap_sign(*form))
            text_append_char(&out, (char)(strchr(gap_signs, *form++) - gap_signs));
        else
            text_append_char(&out, *form++);
    }
    const char *kept = form ? arena_copy_string(s->memory, out.data) : NULL;
    text_done(&out);
    return kept;
}

/* ---- what a symbol can be --------------------------------------------------------- */

static void keep(cell *of, finding found)
{
    size_t worst = 0;
    for (size_t i = 0; i < of->count; i++) {
        finding *known = &of->items[i];
        if (known->end == found.end && strcmp(known->text, found.text) == 0) {
            known->cost = known->cost < found.cost ? known->cost : found.cost;
            return;
        }
        worst = known->cost > of->items[worst].cost ? i : worst;
    }
    if (of->count < MOST_FINDINGS)
        of->items[of->count++] = found;
    else if (of->items[worst].cost > found.cost)
        of->items[worst] = found;
}

/* One way through a row, so far. */
typedef struct path {
    const saying_row *row;
    size_t at;
    unsigned cost;
    const char *texts[MOST_PIECES];
    bool is_used[MOST_PIECES];
} path;

static void go_on(sayings *s, path *p, size_t next, cell *out);
static const cell *symbol_at(sayings *s, size_t symbol, size_t at);

/* Piece `i` is found: try the rest of the row behind it. */
static void take(sayings *s, const path *p, size_t i, finding found, size_t next,
                 cell *out)
{
    path longer = *p;
    longer.at = found.end;
    longer.cost += found.cost;
    longer.texts[i] = found.text;
    longer.is_used[i] = true;
    go_on(s, &longer, next, out);
}

static bool is_noise(const sayings *s, size_t at)
{
    return at < s->context.words->count && s->context.words->items[at].is_noise;
}

/* How many bytes of the alternative these words take, in which _ stands for blanks; 0: none. */
static size_t spelled_bytes(slice rest, const char *words)
{
    size_t size = 0;
    while (words[size] && size < rest.size &&
           rest.data[size] == (words[size] == ' ' ? '_' : words[size]))
        size++;
    return !words[size] && (size == rest.size || rest.data[size] == '_') ? size : 0;
}

/* Of an alternative in quotes: a text of the rule. Letter case counts in `%m` alone. */
static size_t text_bytes(slice rest, const word *met)
{
    size_t size = strlen(met->text) + 2;
    bool is_exact = *met->text == '%';
    if (met->kind != WORD_TEXT || rest.size < size || rest.data[size - 1] != '\'')
        return 0;
    return (is_exact ? strncmp : strncasecmp)(rest.data + 1, met->text, size - 2) == 0
               ? size
               : 0;
}

/* The same of a word of the rule, as it stands or as the language says it. */
static size_t taken_bytes(slice rest, const word *met)
{
    if (*rest.data == '\'')
        return text_bytes(rest, met);
    if (met->kind != WORD_NAME && met->kind != WORD_SIGN && met->kind != WORD_NUMBER)
        return 0;
    size_t size = spelled_bytes(rest, met->text);
    return size > 0 ? size : spelled_bytes(rest, met->ours);
}

/* How many words from `at` on spell this alternative. */
static size_t spell(const sayings *s, size_t at, slice words)
{
    size_t taken = 0;
    for (size_t begin = 0, size; begin < words.size; begin += size + 1, taken++) {
        size = taken_bytes((slice){words.data + begin, words.size - begin},
                           &s->context.words->items[at + taken]);
        if (size == 0)
            return 0;
    }
    return taken;
}

static void take_words(sayings *s, const path *p, size_t i, size_t at, size_t next,
                       cell *out)
{
    slice all = p->row->pieces[i].text;
    for (size_t begin = 0, size; begin < all.size; begin += size + 1) {
        const char *bar = memchr(all.data + begin, '|', all.size - begin);
        size = bar ? (size_t)(bar - all.data) - begin : all.size - begin;
        size_t taken = spell(s, at, (slice){all.data + begin, size});
        finding found = {at + taken, "", (unsigned)(at - p->at)};
        if (taken > 0)
            take(s, p, i, found, next, out);
    }
}

static const meanings *class_at(sayings *s, size_t number, size_t at)
{
    meanings **kept = &s->means[number * (s->context.words->count + 1) + at];
    if (!*kept) {
        *kept = arena_alloc(s->memory, sizeof **kept);
        saying_classes[number].read(&s->context, at, *kept);
    }
    return *kept;
}

static void take_class(sayings *s, const path *p, size_t i, size_t at, size_t next,
                       cell *out)
{
    const meanings *found = class_at(s, p->row->pieces[i].number, at);
    for (size_t k = 0; k < found->count; k++) {
        const meaning_of_words *m = &found->items[k];
        if (m->end > at || at == p->at)
            take(s, p, i, (finding){m->end, m->text, m->cost + (unsigned)(at - p->at)},
                 next, out);
    }
}

/* The same as another piece of the row is a symbol with the same text. */
static void take_symbol(sayings *s, const path *p, size_t i, size_t next, cell *out)
{
    const saying_piece *wanted = &p->row->pieces[i];
    const char *same = wanted->kind == PIECE_SAME ? p->texts[wanted->number] : NULL;
    size_t symbol = same ? p->row->pieces[wanted->number].number : wanted->number;
    const cell *found = symbol_at(s, symbol, p->at);
    for (size_t k = 0; found && k < found->count; k++)
        if (!same || strcmp(found->items[k].text, same) == 0)
            take(s, p, i, found->items[k], next, out);
}

/* Words and classes may stand behind words that say nothing. */
static void take_piece(sayings *s, const path *p, size_t i, size_t next, cell *out)
{
    const saying_piece *wanted = &p->row->pieces[i];
    if (wanted->kind == PIECE_SYMBOL || wanted->kind == PIECE_SAME) {
        take_symbol(s, p, i, next, out);
        return;
    }
    for (size_t at = p->at; at <= s->context.words->count; at++) {
        if (wanted->kind == PIECE_CLASS)
            take_class(s, p, i, at, next, out);
        else
            take_words(s, p, i, at, next, out);
        if (!is_noise(s, at))
            break;
    }
}

/* The pieces of a set, from `next` on: those that were not used, in any order, or none. */
static void take_set(sayings *s, path *p, size_t next, cell *out)
{
    size_t end = next;
    while (end < p->row->count && p->row->pieces[end].is_set)
        end++;
    for (size_t i = next; i < end; i++)
        if (!p->is_used[i])
            take_piece(s, p, i, next, out);
    go_on(s, p, end, out);
}

/* Is nothing left of the rule but what says nothing? */
static bool is_through(const sayings *s, size_t at)
{
    while (is_noise(s, at) || strcmp(s->context.words->items[at].text, ".") == 0)
        at++;
    return at >= s->context.words->count;
}

/* Of whole rules, which are `cells` of their symbol at the first word, others lead nowhere. */
static bool is_wanted(const sayings *s, const cell *out, size_t end)
{
    size_t width = s->context.words->count + 1;
    return out != s->cells[s->table.rule * width] || is_through(s, end);
}

static void go_on(sayings *s, path *p, size_t next, cell *out)
{
    if (++s->steps > MOST_STEPS)
        return;
    if (next == p->row->count) {
        bool is_in = is_wanted(s, out, p->at);
        const char *said = is_in ? rendered(s, p->row->form, p->texts) : NULL;
        if (said)
            keep(out, (finding){p->at, said, p->cost + p->row->cost});
        return;
    }
    /* behind a set, its begin is in the middle of the row again */
    if (p->row->pieces[next].is_set) {
        take_set(s, p, next, out);
        return;
    }
    if (p->row->pieces[next].is_optional)
        go_on(s, p, next + 1, out);
    take_piece(s, p, next, next + 1, out);
}

/* A symbol that begins with itself would never end: it is nothing while it is looked for. */
static const cell *symbol_at(sayings *s, size_t symbol, size_t at)
{
    size_t width = s->context.words->count + 1;
    cell **kept = &s->cells[symbol * width + at];
    if (*kept)
        return (*kept)->is_known ? *kept : NULL;
    *kept = arena_alloc(s->memory, sizeof **kept);
    for (const saying_row *row = s->table.first[symbol]; row; row = row->next) {
        path begin = {.row = row, .at = at};
        for (size_t k = 0; k < MOST_PIECES; k++)
            begin.texts[k] = "";
        go_on(s, &begin, 0, *kept);
    }
    (*kept)->is_known = true;
    return *kept;
}

/* ---- whole rules ----------------------------------------------------------------------- */

/* Without gaps, and with single blanks outside of texts; new lines begin with two. */
static const char *tidied(const sayings *s, const char *rule)
{
    text out;
    bool is_text = false;
    text_init(&out);
    for (; *rule; rule++) {
        char last = out.size > 0 ? out.data[out.size - 1] : ' ';
        is_text ^= *rule == '"';
        if (*rule >= GAP_SUBJECT && *rule <= GAP_WHERE)
            continue;
        if (!is_text && *rule == ' ' && strchr(" (", last))
            continue;
        if (!is_text && strchr("),\n", *rule) && last == ' ')
            out.data[--out.size] = '\0';
        text_append_char(&out, *rule);
        text_append(&out, *rule == '\n' ? "  " : "");
    }
    while (out.size > 0 && out.data[out.size - 1] == ' ')
        out.data[--out.size] = '\0';
    const char *kept = arena_copy_string(s->memory, out.data);
    text_done(&out);
    return kept;
}

static bool are_same_but_blanks(const char *a, const char *b)
{
    for (;; a++, b++) {
        a += strspn(a, " ");
        b += strspn(b, " ");
        if (*a != *b || *a == '\0')
            return *a == *b;
    }
}

static void add_reading(const sayings *s, const char *rule, unsigned cost, readings *out)
{
    rule = tidied(s, rule);
    size_t at = 0;
    while (at < out->count && !are_same_but_blanks(out->rules[at], rule))
        at++;
    if (at < out->count && out->costs[at] <= cost)
        return;
    if (at == MOST_READINGS && out->costs[--at] <= cost)
        return;
    out->count = at == out->count ? at + 1 : out->count;
    for (; at > 0 && out->costs[at - 1] > cost; at--) {
        out->rules[at] = out->rules[at - 1];
        out->costs[at] = out->costs[at - 1];
    }
    out->rules[at] = rule;
    out->costs[at] = cost;
}

/* An event that is not named is the one that the rule names, else any that has such a
 * property: the checker knows. */
static void add_with_events(const sayings *s, const finding *found, readings *out)
{
    enum { UNNAMED = 4, MOST_KINDS = 12 };
    const char *kinds[MOST_KINDS];
    if (strchr(found->text, GAP_SUBJECT))
        return;
    if (!strchr(found->text, GAP_EVENT)) {
        add_reading(s, found->text, found->cost, out);
        return;
    }
    size_t count = saying_kinds(&s->context, kinds, MOST_KINDS);
    unsigned cost = count > 0 ? 0 : UNNAMED;
    const schema *known = s->context.book->schema;
    for (size_t k = 0; cost > 0 && k < known->kind_count && count < MOST_KINDS; k++)
        kinds[count++] = known->kinds[k].name;
    for (size_t k = 0; k < count; k++)
        add_reading(s, filled(s, found->text, GAP_EVENT, kinds[k]), found->cost + cost,
                    out);
}

/* Is the word part of a name of the data or of a unit of time? */
static bool is_word_of_data(sayings *s, size_t at)
{
    for (size_t begin = at > 2 ? at - 2 : 0; begin <= at; begin++)
        for (size_t i = 0; i < saying_class_count; i++) {
            const meanings *found =
                saying_classes[i].is_data ? class_at(s, i, begin) : NULL;
            for (size_t k = 0; found && k < found->count; k++)
                if (found->items[k].end > at)
                    return true;
        }
    return false;
}

static bool is_listed(const readings *out, const char *word)
{
    for (size_t i = 0; i < out->unknown_count; i++)
        if (strcmp(out->unknown[i], word) == 0)
            return true;
    return false;
}

/* Is the declaration one that is read here? The words of others are names and texts. */
static bool is_read(const word *head)
{
    static const char *const heads[] = {"segment", "let", "score", "groups", "event"};
    size_t i = 0;
    while (i < LENGTH(heads) && strcmp(head->text, heads[i]) != 0)
        i++;
    return i < LENGTH(heads);
}

/* What is known of the data, said somewhere, or a name of the rules; so is what begins a line of
 * a set of groups. */
static bool is_known_word(sayings *s, size_t at, bool is_set)
{
    const word *w = &s->context.words->items[at];
    return w->is_noise || w->is_said || keyword_has_word(w->text) ||
           is_word_of_data(s, at) || rulebook_find(s->context.book, w->written) ||
           (is_set && begins_line(w));
}

/* Behind the name of the rule, and of a segment behind its attributes. */
static void list_unknown(sayings *s, readings *out)
{
    const words *all = s->context.words;
    bool is_set = strcmp(all->items[0].text, "groups") == 0;
    size_t at = 2;
    while (!is_set && at < all->count && strcmp(all->items[at].text, "when") != 0)
        at++;
    for (at = at < all->count ? at : 2; at < all->count && is_read(all->items); at++) {
        const word *w = &all->items[at];
        if (w->kind == WORD_NAME && out->unknown_count < MOST_UNKNOWN &&
            !is_known_word(s, at, is_set) && !is_listed(out, w->written))
            out->unknown[out->unknown_count++] = w->written;
    }
}

void sayings_read(slice rule, const rulebook *book, arena *memory, readings *out)
{
    *out = (readings){0};
    words all = saying_words(rule, memory);
    sayings s = {.context = {book, &all, memory}, .memory = memory};
    if (all.count < 3 || all.count > MOST_WORDS)
        return;
    s.table = saying_table_read(memory);
    saying_table_mark(&s.table, &all);
    s.cells = arena_alloc_array(memory, s.table.symbol_count * (all.count + 1),
                                sizeof *s.cells);
    s.means =
        arena_alloc_array(memory, saying_class_count * (all.count + 1), sizeof *s.means);
    const cell *found = symbol_at(&s, s.table.rule, 0);
    for (size_t i = 0; i < found->count; i++)
        add_with_events(&s, &found->items[i], out);
    list_unknown(&s, out);
}
