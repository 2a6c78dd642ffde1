/* SPDX-License-Identifier: MIT
 *
 * Finds the row of mistakes.def that fits the trouble best, and reports it. Patterns are
 * read anew each time: they are short, and mistakes are few.
 */
#include "lang/mistake_pattern.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "lang/foreign.h"

static const row rows[] = {
#define MISTAKE(code, pattern, expected, message, hint, fixes, example, meant)           \
    {code, pattern, expected, message, hint, fixes},
#include "lang/mistakes.def"
#undef MISTAKE
};

/* ---- the best row ------------------------------------------------------------------- */

/* Can the token in trouble be what the row has at @? Nearly all rows end here, before the
 * rest of their patterns is read. */
static bool may_fit(const mistake *m, const row *r)
{
    const char *mark = strchr(r->pattern, '@');
    if (!mark || mark[1] == ' ' || mark[1] == '\0')
        return true;
    mark += 1 + (mark[1] == '^');
    slice piece = {mark, strcspn(mark, " ")};
    bool is_single =
        !slice_is(piece, "VALUE") && !slice_is(piece, "REST") && !slice_is(piece, "SOME");
    return !is_single || fits_piece(m, m->at, piece);
}

static bool find_match(const mistake *m, bool is_last, match *best)
{
    *best = (match){0};
    for (size_t i = 0; i < LENGTH(rows); i++) {
        if (is_last_resort(&rows[i]) != is_last || !may_fit(m, &rows[i]))
            continue;
        match tried = {.row = &rows[i]};
        read_pattern(&rows[i], &tried);
        if (fits_pattern(m, &tried) &&
            fits_expected(m, rows[i].expected, &tried.weight) &&
            tried.weight > best->weight)
            *best = tried;
    }
    return best->row;
}

/* ---- texts -------------------------------------------------------------------------- */

static void append_source(const mistake *m, size_t from, size_t to, text *out)
{
    span where = span_join(m->p->tokens[from].where, m->p->tokens[to - 1].where);
    slice written = span_text(where);
    text_append_bytes(out, written.data, written.size);
}

/* The unit of time without its s. */
static void append_unit(const lex_token *token, text *out)
{
    calendar_unit unit;
    if (calendar_unit_parse(token->text, strlen(token->text), &unit))
        text_append(out, calendar_unit_name(unit));
    else if (token->keyword && IS_ANY(token, TOKEN_UNIT, TOKEN_SECOND))
        text_append(out, calendar_unit_name((calendar_unit)token->keyword->value));
    else
        text_append(out, token->text);
}

/* As a name without blanks: `Big spenders` is big_spenders. */
static void append_simple_name(const lex_token *token, text *out)
{
    for (const char *at = token->text; *at != '\0'; at++) {
        unsigned char letter = (unsigned char)*at;
        bool is_plain = isalnum(letter) || letter >= 0x80;
        text_append_char(out, is_plain ? (char)tolower(letter) : '_');
    }
}

/* Of 0 to 6, as SQL counts them from sunday on. */
static void append_weekday(const lex_token *token, text *out)
{
    static const char *const days[] = {"sunday",   "monday", "tuesday", "wednesday",
                                       "thursday", "friday", "saturday"};
    text_append(out, days[(unsigned)atoi(token->text) % LENGTH(days)]);
}

/* All of it but its points; hyphens of names become `_`. */
static void append_bare(const mistake *m, const atom *a, text *out)
{
    slice written =
        span_text(span_join(m->p->tokens[a->from].where, m->p->tokens[a->to - 1].where));
    for (size_t i = 0; i < written.size; i++)
        if (written.data[i] != '.')
            text_append_char(out, written.data[i] == '-' ? '_' : written.data[i]);
}

/* Without the event of the call that is open there: what is calculated of each event names its
 * properties alone. */
static void append_properties(const mistake *m, const atom *a, text *out)
{
    const lex_token *open = NULL;
    bool is_glued = true, is_in_call = open_brackets(m, &open) > 0;
    for (size_t at = a->from; at < a->to; at++) {
        const lex_token *token = token_at(m->p, at);
        if (is_in_call && token[1].kind == '.' &&
            strcmp(token->text, open[1].text) == 0) {
            at++;
            continue;
        }
        is_glued = is_glued || token->kind == ')' || token->kind == '.';
        text_append_format(out, "%s%s", is_glued ? "" : " ", token->text);
        is_glued = token->kind == '(' || token->kind == '.';
    }
}

/* `1 <` is `> 1`. */
static void append_mirrored(const lex_token *sign, text *out)
{
    bool is_less = *sign->text == '<', is_greater = *sign->text == '>';
    text_append_format(out, "%s%s",
                       is_less      ? ">"
                       : is_greater ? "<"
                                    : "",
                       sign->text + (is_less || is_greater));
}

static void append_spelled(const mistake *m, const atom *a, text *out)
{
    unsigned number;
    number_in_words(m, a->from, &number);
    text_append_format(out, "%u", number);
}

/* How many, as we say it, its sign, its opposite; the window of what lies so far back, and what stands
 * behind the length of it; the windows of what lies so far before or after something. */
static void append_quantity(const mistake *m, const atom *a, char letter, text *out)
{
    size_t count;
    const quantity *q = quantity_at(m, a->from, &count);
    const char *said = letter == 'c'   ? q->words
                       : letter == '<' ? q->sign
                       : letter == 'O' ? q->opposite
                       : letter == 'W' ? q->ago
                       : letter == 'a' ? q->behind
                       : letter == 'P' ? q->before
                                       : q->after;
    text_append(out, said ? said : q->words); /* rows of `exactly` are apart */
}

/* The unit whose span is meant by "exactly 30 days ago". */
static void append_span(const lex_token *unit, text *out)
{
    int value = unit->keyword->value;
    text_append(out,
                calendar_unit_name(value < UNIT_DAY ? (calendar_unit)value : UNIT_DAY));
}

static void append_name(const lex_token *token, text *out)
{
    lexer_append_name(token->text, out);
}

/* The event that the word means, under its own name. */
static void append_event(const mistake *m, const lex_token *token, text *out)
{
    const char *event = m->p->names ? data_event(m->p->names, token->text) : NULL;
    lexer_append_name(event ? event : token->text, out);
}

/* When the person joined, as the data call it. */
static void append_joining(const mistake *m, text *out)
{
    const char *trait = schema_joining_trait(m->p->names->schema);
    text_append_format(out, "user.%s", trait);
}

/* One piece, in the form that the letter asks for; see mistakes.def. */
static void append_piece(const mistake *m, const atom *a, char letter, text *out)
{
    const lex_token *token = token_at(m->p, a->from);
    switch (letter) {
    case 'u': append_unit(token, out); break;
    case 'k': append_name(token, out); break;
    case 's': append_simple_name(token, out); break;
    case 'v': text_append_format(out, "%d", ordinal_of(token)); break;
    case 'n': text_append_format(out, "%02d", month_of(token)); break;
    case 'q': text_append_format(out, "%02d", 3 * quarter_of(token) - 2); break;
    case 'd': text_append_format(out, "%02d", atoi(token->text)); break;
    case 'w': append_weekday(token, out); break;
    case 't': text_append(out, token->text); break;
    case 'o': append_source(m, a->from, a->to - 1, out); break;
    case 'e': append_event(m, token, out); break;
    case 'j': append_joining(m, out); break;
    case 'f': text_append(out, foreign_unit(token->text)); break;
    case 'b': append_bare(m, a, out); break;
    case 'r': append_properties(m, a, out); break;
    case 'M': append_mirrored(token, out); break;
    case 'i': append_spelled(m, a, out); break;
    case '+': text_append_format(out, "%lld", (long long)token->number.value + 1); break;
    case 'U': append_span(token, out); break;
    case 'c':
    case '<':
    case 'O':
    case 'W':
    case 'a':
    case 'P':
    case 'Q': append_quantity(m, a, letter, out); break;
    default:
        if (a->from < m->p->end && a->from < a->to)
            append_source(m, a->from, a->to, out);
        else if (a->is_optional && out->size > 0 && out->data[out->size - 1] == ' ')
            out->data[--out->size] = '\0'; /* nor the blank before what is absent */
    }
}

/* Pieces are counted 1 to 9, then A to G. */
static size_t piece_number(char letter)
{
    static const char letters[] = "123456789ABCDEFG";
    const char *at = letter != '\0' ? strchr(letters, letter) : NULL;
    return at ? (size_t)(at - letters) : SIZE_MAX;
}

static void append_filled(const mistake *m, const match *found, slice form, text *out)
{
    for (size_t i = 0; i < form.size; i++) {
        char next = i + 1 < form.size ? form.data[i + 1] : '\0';
        bool is_special = next != '\0' && strchr("uksnvqdtowejbfi+c<OWaPQUrM", next);
        char digit = is_special && i + 2 < form.size ? form.data[i + 2] : next;
        size_t piece = piece_number(digit);
        if (form.data[i] != '$' || piece == SIZE_MAX) {
            text_append_char(out, form.data[i]);
            continue;
        }
        assert(piece < found->count);
        append_piece(m, &found->atoms[piece], is_special ? next : '\0', out);
        i += 1 + is_special;
    }
}

static char *fill(const mistake *m, const match *found, slice form)
{
    text out;
    text_init(&out);
    append_filled(m, found, form, &out);
    return out.data;
}

/* Where the mistake stands: all of the pattern but its surroundings. What a fix replaces may
 * be more. */
static span wrong_span(const mistake *m, const match *found, bool of_fix)
{
    span where = {NULL, 0, 0};
    for (size_t i = 0; i < found->count; i++) {
        const atom *a = &found->atoms[i];
        bool counts = !a->is_context && (of_fix || !a->is_replaced);
        for (size_t at = a->from; counts && at < a->to; at++)
            where = span_join(where, token_at(m->p, at)->where);
    }
    return where;
}

/* Blanks at its ends are of no interest to readers. */
static void append_hint(text *hint, const char *fix)
{
    fix += strspn(fix, " ");
    size_t size = strlen(fix);
    while (size > 0 && fix[size - 1] == ' ')
        size--;
    text_append_format(hint, "%s%.*s", hint->size == 0 ? "Write: " : ", or: ", (int)size,
                       fix);
}

/* Fixes stand between bars. Where people are told nothing else, they read these. */
static void add_fixes(const mistake *m, const match *found, span where)
{
    const char *rest = found->row->fixes;
    text hint;
    text_init(&hint);
    while (rest) {
        const char *bar = strchr(rest, '|');
        slice form = {rest, bar ? (size_t)(bar - rest) : strlen(rest)};
        char *fix = fill(m, found, form);
        fix(m, where, "%s", fix);
        append_hint(&hint, fix);
        memory_free(fix);
        rest = bar ? bar + 1 : NULL;
    }
    if (!found->row->hint && hint.size > 0)
        hint(m, "%s.", hint.data);
    text_done(&hint);
}

/* The first number that events have, and *kind, which are these; or NULL. */
static const property *own_number(const schema *s, const event_kind **kind)
{
    for (size_t i = 0; i < s->kind_count; i++)
        for (size_t k = 0; k < s->kinds[i].property_count; k++)
            if (type_is_numeric(s->kinds[i].properties[k].type)) {
                *kind = &s->kinds[i];
                return &s->kinds[i].properties[k];
            }
    return NULL;
}

/* Examples are about `purchase` and its `amount`; where the data have no such event, about one that
 * they have. */
static char *own_example(const mistake *m, const char *hint)
{
    text out;
    text_init(&out);
    const schema *s = m->p->names ? m->p->names->schema : NULL;
    const event_kind *kind;
    bool is_foreign = s && schema_find_event(s, "purchase") == SCHEMA_NONE &&
                      !strstr(hint, "category"); /* which others may not have */
    const property *number = is_foreign ? own_number(s, &kind) : NULL;
    for (const char *at = hint; *at != '\0';) {
        size_t word = 0;
        while (isalnum((unsigned char)at[word]))
            word++;
        slice name = {at, word};
        if (number && slice_is(name, "purchase"))
            lexer_append_name(kind->name, &out);
        else if (number && slice_is(name, "amount") && at > hint && strchr(".(", at[-1]))
            lexer_append_name(number->name, &out);
        else
            text_append_bytes(&out, at, word = word > 0 ? word : 1);
        at += word;
    }
    return out.data;
}

static bool report_row(const mistake *m, bool is_last)
{
    match found;
    if (!find_match(m, is_last, &found))
        return false;
    span where = wrong_span(m, &found, false);
    char *message = fill(m, &found, slice_of(found.row->message));
    error(m, where, found.row->code, "%s", message);
    memory_free(message);
    if (found.row->hint) {
        char *form = own_example(m, found.row->hint);
        char *hint = fill(m, &found, slice_of(form));
        memory_free(form);
        hint(m, "%s", hint);
        memory_free(hint);
    }
    add_fixes(m, &found, wrong_span(m, &found, true));
    return true;
}

bool mistake_in_rows(const mistake *m)
{
    return report_row(m, false);
}

bool mistake_in_last_rows(const mistake *m)
{
    return report_row(m, true);
}
