/* SPDX-License-Identifier: MIT
 *
 * What other languages write: their signs, quotes and comments, and files that are no rules at
 * all. Each is reported, and read as what it stands for.
 */
#include "lang/lexing.h"

#include <string.h>

#include "base/utf8.h"
#include "lang/foreign.h"

#include "grammar/segment_parser.h"

/* A sign that other languages have, and what to read instead. */
typedef struct foreign_sign {
    const char *sign;
    int token; /* 0: nothing */
    const char *ours, *hint;
} foreign_sign;

static const foreign_sign foreign_signs[] = {
#define X(sign, token, ours, hint) {sign, token, ours, hint},
#define PLAIN(sign, token, ours)                                                         \
    {sign, token, ours, "Write the plain sign " ours " instead."},
#define SAID(sign, ours)
#include "lang/foreign_signs.def"
#undef SAID
#undef PLAIN
#undef X
};

/* Between brackets it parts values. */
static const foreign_sign inner_semicolon = {";", ',', ",",
                                             "Values stand between commas."};

/* Before the values of a list. */
static const foreign_sign list_bracket = {"{", '(', "(",
                                          "Brackets are round: write ( instead."};

static const char some_hint[] =
    "Text stands in double quotes; a name with such a sign stands in backticks.";

/* ---- texts in other quotes -------------------------------------------------------- */

/* `didn't`, at the quote: the words that are written instead, or NULL. */
static const char *contraction(const reader *r, size_t begin, size_t quote)
{
    static const char *const words[][2] = {{"didn", "did not"},  {"hasn", "did not"},
                                           {"haven", "did not"}, {"doesn", "not"},
                                           {"isn", "!="},        {"don", "did not"}};
    const lex_token *word = r->out->count > 0 ? &r->out->items[r->out->count - 1] : NULL;
    bool is_t = begin + quote < r->text.size && r->text.data[begin + quote] == 't';
    if (!word || !is_t || word->where.end != begin)
        return NULL;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(words[i][0], word->text) == 0)
            return words[i][1];
    }
    return NULL;
}

/* Is it an event or a property that is named here, by the word before? */
static bool is_name_due(const reader *r)
{
    size_t count = r->out->count;
    return count > 0 && is_word_of(r->out->items[count - 1].text,
                                   "did not then first last no . directly segment each");
}

/* `at '2026-03-01 10:00'`: the time in quotes, or NULL. */
static const char *quoted_time(const reader *r, const lex_token *token)
{
    const lex_token *before = token > r->out->items ? token - 1 : NULL;
    size_t size = strlen(token->text);
    if (!before || strcmp(before->text, "at") != 0 || (size != 10 && size < 16) ||
        !has_form(token->text, "9999-99-99") ||
        (size >= 16 &&
         (!strchr(" T", token->text[10]) || !has_form(token->text + 11, "99:99"))))
        return NULL;
    char *time = arena_copy_text(r->memory, token->text, size < 16 ? size : 16);
    if (size >= 16)
        time[10] = 'T';
    return time;
}

static void report_foreign_text(reader *r, const lex_token *token, bool is_name)
{
    bool is_plain = lexer_is_plain_name(token->text);
    if (!is_name) {
        const char *time = quoted_time(r, token);
        error(r, token->where, E0102,
              time ? "a time stands without quotes"
                   : "text stands in straight double quotes");
        if (time)
            propose(r, token->where, "%s", time);
        else
            offer(r, token->where, "Write %s.", "\"%s\"", token->text);
        return;
    }
    error(r, token->where, E0102, "a name stands in backticks, or without quotes");
    hint(r, is_plain ? "Write %s." : "Write `%s`.", token->text);
    fix(r, token->where, is_plain ? "%s" : "`%s`", token->text);
}

static void report_contraction(reader *r, size_t quote_end, const char *words)
{
    lex_token *word = &r->out->items[r->out->count - 1];
    error(r, word->where, E0102, "words are not shortened here");
    offer(r, span_of(r, word->where.begin, quote_end + 1), "Write \"%s\".", "%s", words);
    word->is_repaired = true;
}

void add_foreign_text(reader *r, size_t begin, size_t end)
{
    size_t first, last = 0, length;
    utf8_decode(r->text.data + begin, end - begin, &first);
    for (size_t at = begin + first; at < end; at += length) {
        uint32_t met = utf8_decode(r->text.data + at, end - at, &length);
        bool is_quote = met == '"' || met == '\'' || met == 0xAB || met == 0xBB ||
                        (met >= 0x2018 && met <= 0x201F);
        last = is_quote && at + length == end ? length : 0;
    }
    const char *shortened = contraction(r, begin, first);
    bool is_name = is_name_due(r);
    if (shortened)
        report_contraction(r, begin + first, shortened);
    lex_token *token = add_token(r, is_name ? TOKEN_NAME : TOKEN_STRING, begin, end);
    token->text = arena_copy_text(r->memory, r->text.data + begin + first,
                                  end - begin - first - last);
    token->is_repaired = true;
    token->is_quoted = is_name;
    token->is_unclosed = shortened;
    if (!shortened)
        report_foreign_text(r, token, is_name);
}

/* ---- signs ------------------------------------------------------------------------ */

/* `%20`. */
static void fix_percent(reader *r, size_t begin, size_t end, size_t last)
{
    offer(r, span_of(r, begin, last), "Write %s.", "%.*s%%", (int)(last - end),
          r->text.data + end);
}

static void hint_character(reader *r, size_t begin, size_t end)
{
    size_t digits = end;
    while (digits < r->text.size && r->text.data[digits] >= '0' &&
           r->text.data[digits] <= '9')
        digits++;
    if (r->text.data[begin] == '%' && digits > end)
        fix_percent(r, begin, end, digits);
    else
        hint(r, "%s", some_hint);
}

typedef enum bad_kind { BAD_BYTES, BAD_INVISIBLE, BAD_SIGN, ASCII_SIGN } bad_kind;

static bad_kind kind_of_character(uint32_t met, size_t length)
{
    if (met == 0 || (met == 0xFFFD && length == 1))
        return BAD_BYTES;
    if (met < 0x20 || met == 0x7F || (met >= 0x2000 && met <= 0x206F))
        return BAD_INVISIBLE;
    return met >= 0x80 && !utf8_is_letter(met) ? BAD_SIGN : ASCII_SIGN;
}

/* Where the run of such characters ends; blanks and lines are no part of it. */
static size_t run_end(const reader *r, size_t at, bad_kind kind)
{
    size_t length;
    for (; at < r->text.size; at += length) {
        size_t left = r->text.size - at;
        uint32_t met = utf8_decode(r->text.data + at, left, &length);
        if (is_blank_byte(r->text.data[at]) || met == '\n' || utf8_is_blank(met) ||
            kind_of_character(met, length) != kind)
            break;
    }
    return at;
}

static void report_character(reader *r, size_t begin, size_t end)
{
    size_t length;
    uint32_t met = utf8_decode(r->text.data + begin, end - begin, &length);
    bad_kind kind = kind_of_character(met, length);
    size_t last = kind == ASCII_SIGN ? end : run_end(r, end, kind);
    const char *more = last > end ? ", and more follow it" : "";
    r->reported_end = last;
    if (kind == BAD_BYTES) {
        tell_of_encoding(r, begin);
    } else if (kind == BAD_INVISIBLE) {
        error(r, span_of(r, begin, end), E0102,
              "an invisible character (U+%04X) stands here%s", (unsigned)met, more);
        hint(r, "Delete it.");
        fix(r, span_of(r, begin, last), "%s", "");
    } else {
        error(r, span_of(r, begin, end), E0102,
              "\"%.*s\" is not a sign of the language%s", (int)(end - begin),
              r->text.data + begin, more);
        hint_character(r, begin, end);
    }
}

/* The message for an opening bracket counts for the closing one too. */
static bool is_known_bracket(reader *r, slice sign)
{
    if (slice_is(sign, "[") || slice_is(sign, "{"))
        r->foreign_brackets++;
    if ((!slice_is(sign, "]") && !slice_is(sign, "}")) || r->foreign_brackets == 0)
        return false;
    r->foreign_brackets--;
    return true;
}

/* Is it the same sign as the one right before it, which was reported? */
static bool is_repeated(const reader *r, size_t begin, size_t end)
{
    size_t size = end - begin;
    return begin > 0 && r->reported_end == begin && begin >= size &&
           memcmp(r->text.data + begin - size, r->text.data + begin, size) == 0;
}

/* The closing bracket is put right with the opening one. */
static void fix_closing(reader *r, size_t begin, const char *ours)
{
    size_t end = nested_end(r, begin);
    if (strchr("]}", r->text.data[end - 1]))
        fix_also(r, span_of(r, end - 1, end), "%s", *ours ? ")" : "");
}

static void report_sign(reader *r, const foreign_sign *known, size_t begin, size_t end)
{
    bool is_known = known == &inner_semicolon && r->has_told_of_semicolon;
    r->has_told_of_semicolon |= known == &inner_semicolon;
    if (!is_known && !is_repeated(r, begin, end)) {
        error(r, span_of(r, begin, end), E0102, "\"%s\" is not a sign of the language",
              known->sign);
        hint(r, "%s", known->hint);
        fix(r, span_of(r, begin, end), "%s", known->ours);
        if (known->token == '(' && strchr("[{", known->sign[0]))
            fix_closing(r, begin, known->ours);
    }
    r->reported_end = end;
}

/* ---- all of them -------------------------------------------------------------------- */

/* What these stand for shows in what is around them: the parser, which takes none of them,
 * leads to the recognisers of mistakes. */
static bool is_left_to_parser(slice sign)
{
    return sign.size == 1 && strchr(":?~", sign.data[0]);
}

void add_foreign_sign(reader *r, size_t begin, size_t end)
{
    slice sign = {r->text.data + begin, end - begin};
    if (begin < r->reported_end)
        return;
    if (is_known_bracket(r, sign)) {
        add_token(r, ')', begin, end)->is_repaired = true;
        return;
    }
    if (report_index(r, begin))
        return;
    if (report_foreign_format(r, begin) || report_expected_list(r, begin)) {
        mark_repaired(r);
        return;
    }
    if (is_left_to_parser(sign)) {
        add_token(r, sign.data[0], begin, end);
        return;
    }
    for (size_t i = 0; i < sizeof foreign_signs / sizeof foreign_signs[0]; i++) {
        const foreign_sign *known = &foreign_signs[i];
        if (!slice_is(sign, known->sign))
            continue;
        if (known->sign[0] == ';' && r->depth > 0)
            known = &inner_semicolon;
        if (known->sign[0] == '{' && is_behind_in(r))
            known = &list_bracket;
        report_sign(r, known, begin, end);
        if (known->token != 0)
            add_token(r, known->token, begin, end)->is_repaired = true;
        else
            mark_repaired(r);
        return;
    }
    report_character(r, begin, end);
    mark_repaired(r);
}

/* `// words`, `-- words`, or words between `/` and `*`, which other languages have. */
void report_foreign_comment(reader *r, size_t begin, size_t end)
{
    const char *words = r->text.data + begin + 2;
    size_t size = end - begin - 2;
    bool is_block = words[-1] == '*';
    error(r, span_of(r, begin, begin + 2), E0102, "a comment begins with #");
    if (!is_block) {
        hint(r, "Write # instead of the two %s.",
             words[-1] == '/' ? "slashes" : "hyphens");
        fix(r, span_of(r, begin, begin + 2), "#");
        return;
    }
    hint(r, "Write # before each line of it.");
    bool is_last = end == r->text.size || r->text.data[end] == '\n';
    if (is_last && !memchr(words, '\n', size))
        fix(r, span_of(r, begin, end), "#%.*s", (int)(size - 2), words);
}
