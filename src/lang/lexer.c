/* SPDX-License-Identifier: MIT
 *
 * Raw pieces to tokens, in two rounds: first each piece by itself (numbers and dates are
 * read, quotes taken off, foreign signs reported and replaced), then the words by what
 * stands beside them.
 */
#include "lang/lexing.h"

#include <ctype.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"

#include "grammar/segment_parser.h"

#define MAX_SOURCE_BYTES (64u << 20)

span span_of(const reader *r, size_t begin, size_t end)
{
    return (span){r->source, (uint32_t)begin, (uint32_t)end};
}

/* ---- where things stand --------------------------------------------------------- */

static bool is_line_begin(const reader *r, size_t at)
{
    return at == 0 || r->text.data[at - 1] == '\n' ||
           (at == 3 && utf8_mark_size(r->text.data, r->text.size) == 3);
}

bool is_blank_byte(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

/* Is there nothing but blanks between the begin of the line and `at`? */
static bool is_first_in_line(const reader *r, size_t at)
{
    while (!is_line_begin(r, at) && is_blank_byte(r->text.data[at - 1]))
        at--;
    return is_line_begin(r, at);
}

bool lexer_is_after_blank_line(slice text, size_t at)
{
    unsigned line_ends = 0;
    while (at > 0 && (is_blank_byte(text.data[at - 1]) || text.data[at - 1] == '\n'))
        line_ends += text.data[--at] == '\n';
    return line_ends > 1;
}

/* ---- tokens ----------------------------------------------------------------------- */

lex_token *add_token(reader *r, int kind, size_t begin, size_t end)
{
    token_list *list = r->out;
    memory_grow((void **)&list->items, list->count, &list->capacity, sizeof *list->items);
    lex_token *token = &list->items[list->count++];
    *token = (lex_token){.kind = kind, .where = span_of(r, begin, end)};
    token->text = arena_copy_text(r->memory, r->text.data + begin, end - begin);
    token->is_at_margin = is_line_begin(r, begin);
    token->is_first_in_line = is_first_in_line(r, begin);
    token->is_repaired = r->is_repaired;
    r->is_repaired = false;
    return token;
}

/* What was just reported is no part of a token: its neighbours know. */
void mark_repaired(reader *r)
{
    r->is_repaired = true;
    if (r->out->count > 0)
        r->out->items[r->out->count - 1].is_repaired = true;
}

/* ---- texts and names in quotes ---------------------------------------------------- */

void tell_of_encoding(reader *r, size_t at)
{
    if (r->has_told_of_encoding)
        return;
    r->has_told_of_encoding = true;
    error(r, span_of(r, at, at + 1), E0102, "this is not UTF-8 text");
    hint(r, "Save the file in the encoding UTF-8.");
}

static void add_comment(reader *r, size_t begin, size_t end)
{
    while (end > begin && is_blank_byte(r->text.data[end - 1]))
        end--;
    const char *words = r->text.data + begin;
    if (memchr(words, '\0', end - begin) || !utf8_is_valid(words, end - begin))
        tell_of_encoding(r, begin);
    ast_comment *comment = arena_alloc(r->memory, sizeof *comment);
    comment->text = arena_copy_text(r->memory, r->text.data + begin, end - begin);
    comment->where = span_of(r, begin, end);
    comment->is_alone = is_first_in_line(r, begin);
    comment->is_after_blank_line = lexer_is_after_blank_line(r->text, begin);
    ast_list_add(r->memory, r->comments, comment);
}

/* Report bytes that no text can hold. */
static bool check_text(reader *r, size_t begin, size_t end)
{
    size_t length;
    for (size_t at = begin; at < end; at += length) {
        const char *here = r->text.data + at;
        uint32_t met = utf8_decode(here, end - at, &length);
        if (met == 0 || (met == 0xFFFD && length == 1)) {
            tell_of_encoding(r, at);
            return false;
        }
        if ((met < 0x20 && met != '\t') || met == 0x7F) {
            error(r, span_of(r, at, at + 1), E0102,
                  "a control character (U+%04X) stands in the text", (unsigned)met);
            return false;
        }
    }
    return true;
}

/* The text between quotes, where a quote inside stands twice. */
static const char *unquote(reader *r, size_t begin, size_t end, char quote)
{
    char *out = arena_alloc(r->memory, end - begin + 1);
    size_t size = 0;
    for (size_t at = begin; at < end; at++) {
        out[size++] = r->text.data[at];
        if (r->text.data[at] == quote && at + 1 < end && r->text.data[at + 1] == quote)
            at++;
    }
    out[size] = '\0';
    return out;
}

static void add_text(reader *r, size_t begin, size_t end)
{
    lex_token *token = add_token(r, TOKEN_STRING, begin, end);
    token->is_repaired |= !check_text(r, begin, end);
    token->text = unquote(r, begin + 1, end - 1, '"');
}

/* What looks like a blank, or like nothing at all. Joiners (U+200C, U+200D) belong to some
 * scripts. */
static bool is_unseen(uint32_t c)
{
    return (utf8_is_blank(c) && c != ' ') || (c >= 0x80 && c <= 0x9F) || c == 0xAD ||
           c == 0x200B || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x206F);
}

/* Names stand in results and on screens: two that look alike are one. */
static bool check_name(reader *r, size_t begin, size_t end)
{
    size_t length;
    if (begin < end && (r->text.data[begin] == ' ' || r->text.data[end - 1] == ' ')) {
        error(r, span_of(r, begin, end), E0103, "the name begins or ends with a blank");
        return false;
    }
    for (size_t at = begin; at < end; at += length) {
        uint32_t met = utf8_decode(r->text.data + at, end - at, &length);
        if (!is_unseen(met))
            continue;
        error(r, span_of(r, at, at + length), E0102,
              "an invisible character (U+%04X) stands in the name", (unsigned)met);
        hint(r, "Delete it, or write a plain blank.");
        return false;
    }
    return true;
}

static void add_quoted_name(reader *r, size_t begin, size_t end)
{
    lex_token *token = add_token(r, TOKEN_NAME, begin, end);
    token->is_quoted = true;
    token->is_repaired |=
        !check_text(r, begin, end) || !check_name(r, begin + 1, end - 1);
    token->text = unquote(r, begin + 1, end - 1, '`');
    if (token->text[0] == '\0') {
        error(r, token->where, E0103, "there is no name between the backticks");
        token->is_repaired = true;
    }
}

/* A quote that is not closed on its line. */
static void add_open(reader *r, size_t begin, size_t end, int kind, const char *what,
                     const char *quote)
{
    while (end > begin + 1 && is_blank_byte(r->text.data[end - 1]))
        end--;
    lex_token *token = add_token(r, kind, begin, end);
    token->text = arena_copy_text(r->memory, r->text.data + begin + 1, end - begin - 1);
    token->is_quoted = kind == TOKEN_NAME;
    token->is_repaired = token->is_unclosed = true;
    error(r, span_of(r, begin, begin + 1), E0103,
          "the %s that begins here has no end on this line", what);
    hint(r, "Close it with %s.", quote);
    if (lexer_name_length(token->text, strlen(token->text)) == strlen(token->text))
        fix(r, span_of(r, end, end), "%c", r->text.data[begin]);
}

/* ---- signs ------------------------------------------------------------------------ */

static void add_sign(reader *r, size_t begin, size_t end)
{
    const char *sign = r->text.data + begin;
    int kind = sign[0];
    if (end - begin == 2)
        kind = sign[0] == '<' ? TOKEN_LE : sign[0] == '>' ? TOKEN_GE : TOKEN_NE;
    r->depth += kind == '(';
    r->depth -= kind == ')' && r->depth > 0;
    add_token(r, kind, begin, end);
}

/* ---- first round: pieces ---------------------------------------------------------- */

static void add_piece(reader *r, raw_kind kind, size_t begin, size_t end)
{
    if (begin < r->skipped_end && kind != RAW_END)
        return;
    switch (kind) {
    case RAW_END: add_token(r, 0, begin, begin); break;
    case RAW_WORD: add_token(r, TOKEN_NAME, begin, end); break;
    case RAW_BACKTICKS: add_quoted_name(r, begin, end); break;
    case RAW_TEXT: add_text(r, begin, end); break;
    case RAW_OPEN_BACKTICK:
        add_open(r, begin, end, TOKEN_NAME, "name", "a backtick");
        break;
    case RAW_OPEN_TEXT:
        add_open(r, begin, end, TOKEN_STRING, "text", "a double quote");
        break;
    case RAW_FOREIGN_TEXT: add_foreign_text(r, begin, end); break;
    case RAW_NUMBER:
    case RAW_PERCENT: add_number(r, kind, begin, end); break;
    case RAW_DATE: add_date(r, begin, end); break;
    case RAW_TIME: add_time(r, begin, end); break;
    case RAW_DOTTED_DATE: add_dotted_date(r, begin, end); break;
    case RAW_SIGN: add_sign(r, begin, end); break;
    case RAW_FOREIGN_SIGN: add_foreign_sign(r, begin, end); break;
    case RAW_COMMENT: add_comment(r, begin, end); break;
    case RAW_FOREIGN_COMMENT: report_foreign_comment(r, begin, end); break;
    }
}

/* ---- second round: words ---------------------------------------------------------- */

bool is_plain_name(const lex_token *token)
{
    return token->kind == TOKEN_NAME && !token->is_quoted;
}

static void become(lex_token *token, const keyword *meaning)
{
    token->kind = meaning->token;
    token->keyword = meaning;
    token->text = meaning->spelling;
}

static const keyword *find_word(const char *spelling, const lex_token *behind)
{
    return behind->kind == '(' ? keyword_find_call(spelling) : keyword_find(spelling);
}

/* `SUM(...)`, `30 DAYS`: a word of the language in capitals, where it can be no name. */
static void settle_capitals(lex_token *word, const lex_token *before,
                            const lex_token *behind, diags *d)
{
    char small[32];
    size_t size = strlen(word->text), i = 0;
    for (; i < size && size < sizeof small; i++)
        small[i] = (char)tolower((unsigned char)word->text[i]);
    small[i] = '\0';
    const keyword *known = size < sizeof small ? find_word(small, behind) : NULL;
    bool is_unit = known && (known->token == TOKEN_UNIT || known->token == TOKEN_SECOND);
    bool is_meant = known && strcmp(small, word->text) != 0 &&
                    ((known->use == KEYWORD_CALL && behind->kind == '(') ||
                     (is_unit && before && before->kind == TOKEN_NUMBER));
    if (!is_meant || (before && before->kind == '.'))
        return;
    diag_error(d, word->where, E0101, "words of the language are in small letters");
    diag_propose(d, word->where, "%s", known->spelling);
    word->text = known->spelling;
}

/* What the word is, between the token before it and the one behind it. True: it and the
 * next one are a phrase. */
static bool settle_word(lex_token *word, const lex_token *before, const lex_token *behind)
{
    const keyword *known = find_word(word->text, behind);
    if (known && known->use == KEYWORD_HEAD && word->is_at_margin) {
        become(word, known);
        return false;
    }
    if (before && before->kind == '.')
        return false;
    bool is_times = known && known->token == TOKEN_TIMES;
    if (is_times && before && before->kind == TOKEN_NUMBER) {
        become(word, known);
        return false;
    }
    const keyword *phrase =
        is_plain_name(behind) ? keyword_phrase(word->text, behind->text) : NULL;
    if (phrase) {
        become(word, phrase);
        word->where.end = behind->where.end;
        word->is_repaired |= behind->is_repaired;
        return true;
    }
    if (!known || known->use == KEYWORD_HEAD || is_times)
        return false;
    if (known->use != KEYWORD_CALL || behind->kind == '(')
        become(word, known);
    return false;
}

static bool are_adjacent(const lex_token *a, const lex_token *b)
{
    return a->where.end == b->where.begin;
}

/* `half-life` behind `with`, whose hyphen is no minus there: how many tokens it has, all
 * of them a phrase with the word; else 0. */
static size_t settle_hyphen(lex_token *word, const token_list *list, size_t at)
{
    const lex_token *next = &list->items[at];
    if (list->count - at < 3 || !is_plain_name(&next[0]) || next[1].kind != '-' ||
        !is_plain_name(&next[2]) || !are_adjacent(&next[0], &next[1]) ||
        !are_adjacent(&next[1], &next[2]))
        return 0;
    text joined;
    text_init(&joined);
    text_append_format(&joined, "%s-%s", next[0].text, next[2].text);
    const keyword *phrase = keyword_phrase(word->text, joined.data);
    text_done(&joined);
    if (!phrase)
        return 0;
    become(word, phrase);
    word->where.end = next[2].where.end;
    return 3;
}

static void settle_words(token_list *list, diags *d)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        lex_token token = list->items[i];
        const lex_token *before = kept > 0 ? &list->items[kept - 1] : NULL;
        if (is_plain_name(&token) && i + 1 < list->count)
            settle_capitals(&token, before, &list->items[i + 1], d);
        size_t hyphenated =
            is_plain_name(&token) ? settle_hyphen(&token, list, i + 1) : 0;
        if (hyphenated > 0)
            i += hyphenated;
        else if (is_plain_name(&token) &&
                 settle_word(&token, before, &list->items[i + 1]))
            i++;
        list->items[kept++] = token;
    }
    list->count = kept;
}

bool is_head(const lex_token *token)
{
    return token->keyword && token->keyword->use == KEYWORD_HEAD;
}

bool token_is_word(const lex_token *token)
{
    return token->keyword || is_plain_name(token);
}

size_t lexer_name_length(const char *text, size_t size)
{
    size_t at = size > 0 && text[0] == '$' ? 1 : 0, begin = at, length;
    for (; at < size; at += length) {
        uint32_t met = utf8_decode(text + at, size - at, &length);
        bool is_digit = met >= '0' && met <= '9' && at > begin;
        if (met != '_' && !is_digit && !utf8_is_letter(met))
            break;
    }
    return at > begin ? at : 0;
}

bool lexer_is_plain_name(const char *name)
{
    size_t size = strlen(name);
    return lexer_name_length(name, size) == size && !keyword_find(name);
}

void lexer_append_name(const char *name, text *out)
{
    text_append_format(out, lexer_is_plain_name(name) ? "%s" : "`%s`", name);
}

void lexer_read(const source *file, arena *memory, diags *d, token_list *out,
                ast_list *comments)
{
    reader r = {.source = file,
                .text = source_text(file),
                .memory = memory,
                .diags = d,
                .out = out,
                .comments = comments};
    if (r.text.size > MAX_SOURCE_BYTES) {
        diag_error(d, span_of(&r, 0, 0), E0101, "the file is larger than 64 MiB");
        add_token(&r, 0, 0, 0);
        return;
    }
    if (is_foreign_file(&r))
        return;
    raw_scanner *scanner = raw_scanner_new(r.text.data, r.text.size);
    size_t begin, end;
    raw_kind kind;
    do {
        kind = raw_scanner_next(scanner, &begin, &end);
        add_piece(&r, kind, begin, end);
    } while (kind != RAW_END);
    raw_scanner_free(scanner);
    settle_words(out, d);
}

void token_list_done(token_list *list)
{
    memory_free(list->items);
    *list = (token_list){0};
}
