/* SPDX-License-Identifier: MIT
 *
 * Cuts a rule into words, in whatever language it is written: quotes of all kinds, numbers as
 * people write them, signs of other languages under the name of ours.
 */
#include "lang/saying.h"

#include <ctype.h>
#include <string.h>

#include "base/utf8.h"
#include "lang/foreign.h"

/* Words that say nothing by themselves. A row of sayings.def may still name them. */
static const char *const noise[] = {
#define NOISE(words) words,
#define SAID(symbol, cost, pattern, template)
#include "lang/sayings.def"
#undef SAID
#undef NOISE
};

typedef struct cutter {
    slice text;
    size_t at, room;
    arena *memory;
    words *out;
    size_t depth; /* open brackets */
} cutter;

static bool is_letter(char c)
{
    return isalpha((unsigned char)c) || (unsigned char)c >= 0x80;
}

static bool is_name_byte(char c)
{
    return is_letter(c) || isdigit((unsigned char)c) || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char byte_at(const cutter *c, size_t at)
{
    return at < c->text.size ? c->text.data[at] : '\0';
}

static bool is_in_noise(const char *word)
{
    for (size_t i = 0; i < sizeof noise / sizeof *noise; i++)
        if (is_word_of(word, noise[i]))
            return true;
    return false;
}

static char *in_small_letters(const cutter *c, const char *written)
{
    char *text = arena_copy_string(c->memory, written);
    for (char *at = text; *at; at++)
        *at = (char)tolower((unsigned char)*at);
    return text;
}

/* `more as`, `older then`: what stands behind a comparative is "than". */
static bool is_than(const cutter *c, const char *text)
{
    const char *before = c->out->count > 0 ? c->out->items[c->out->count - 1].text : "";
    return is_word_of(text, "as that then") &&
           is_word_of(before,
                      "more less fewer older younger bigger greater higher lower larger "
                      "smaller longer shorter earlier later");
}

static void add_word(cutter *c, word_kind kind, const char *written)
{
    word added = {.kind = kind, .written = written};
    added.text = kind == WORD_TEXT ? written : in_small_letters(c, written);
    if (kind == WORD_NAME && is_than(c, added.text))
        added.text = "than";
    const foreign_word *foreign =
        kind == WORD_NAME ? foreign_find(added.text, NULL) : NULL;
    added.ours = foreign ? foreign->ours : added.text;
    added.is_noise = kind == WORD_NAME && is_in_noise(added.text);
    c->out->items[c->out->count++] = added;
}

static const char *copy(const cutter *c, size_t begin, size_t end)
{
    return arena_copy_text(c->memory, c->text.data + begin, end - begin);
}

/* The quote that closes one that opens here, and how many bytes it has; 0: none opens. */
static size_t closing_quote(const cutter *c, const char **closing)
{
    static const char *const pairs[][2] = {{"\"", "\""},
                                           {"'", "'"},
                                           {"\u201C", "\u201D"},
                                           {"\u201E", "\u201C"},
                                           {"\u00AB", "\u00BB"},
                                           {"\u2018", "\u2019"},
                                           {"`", "`"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        size_t size = strlen(pairs[i][0]);
        if (c->text.size - c->at >= size &&
            memcmp(c->text.data + c->at, pairs[i][0], size) == 0) {
            *closing = pairs[i][1];
            return size;
        }
    }
    return 0;
}

/* The text as a pattern: `/gmail/i` of other languages. */
static bool cut_pattern(cutter *c)
{
    const word *before = c->out->count > 0 ? &c->out->items[c->out->count - 1] : NULL;
    bool is_asked = before && is_word_of(before->text, "( ~ matches regexp");
    if (!is_asked || byte_at(c, c->at) != '/')
        return false;
    size_t end = c->at + 1;
    while (end < c->text.size && c->text.data[end] != '/')
        end += c->text.data[end] == '\\' ? 2 : 1;
    if (end >= c->text.size)
        return false;
    bool is_either = byte_at(c, end + 1) == 'i';
    add_word(c, WORD_TEXT,
             arena_format(c->memory, "%s%s", is_either ? "(?i)" : "",
                          copy(c, c->at + 1, end)));
    c->at = end + 1 + is_either;
    return true;
}

static bool cut_text(cutter *c)
{
    const char *closing;
    size_t open = closing_quote(c, &closing);
    for (size_t end = c->at + open; open > 0 && end < c->text.size; end++) {
        size_t size = strlen(closing);
        if (c->text.size - end < size || memcmp(c->text.data + end, closing, size) != 0)
            continue;
        add_word(c, *closing == '`' ? WORD_QUOTED : WORD_TEXT,
                 copy(c, c->at + open, end));
        c->at = end + size;
        return true;
    }
    return false;
}

/* `2026-03-01`, also with a time behind. */
static bool cut_date(cutter *c)
{
    static const char form[] = "dddd-dd-dd";
    size_t i = 0;
    while (form[i] && (form[i] == 'd' ? is_digit(byte_at(c, c->at + i))
                                      : byte_at(c, c->at + i) == form[i]))
        i++;
    if (form[i])
        return false;
    size_t end = c->at + i;
    if (byte_at(c, end) == 'T')
        while (is_digit(byte_at(c, end)) || strchr("T:+-Z", byte_at(c, end)))
            if (byte_at(c, end++) == '\0')
                break;
    add_word(c, WORD_DATE, copy(c, c->at, end));
    c->at = end;
    return true;
}

/* Does this comma group digits, as in `1,000`? In brackets it parts values. */
static bool is_comma_of_number(const cutter *c, size_t at)
{
    size_t digits = 0;
    while (is_digit(byte_at(c, at + 1 + digits)))
        digits++;
    return byte_at(c, at) == ',' && digits == 3 && c->depth == 0;
}

static bool cut_number(cutter *c)
{
    char digits[64];
    size_t size = 0;
    for (; size + 1 < sizeof digits; c->at++) {
        char met = byte_at(c, c->at);
        if (is_digit(met) || (met == '.' && size > 0 && is_digit(byte_at(c, c->at + 1))))
            digits[size++] = met;
        else if (size == 0 || !is_comma_of_number(c, c->at))
            break;
    }
    if (size == 0)
        return false;
    bool is_percent = byte_at(c, c->at) == '%';
    c->at += is_percent;
    digits[size] = '\0';
    add_word(c, is_percent ? WORD_PERCENT : WORD_NUMBER,
             arena_format(c->memory, is_percent ? "%s%%" : "%s", digits));
    return true;
}

/* A hyphen between letters, and the apostrophe of `didn't`, are part of a word. */
static bool goes_on(const cutter *c, size_t at)
{
    char met = byte_at(c, at);
    bool is_inner = (met == '\'' || met == '-' || met == '@') &&
                    is_letter(byte_at(c, at + 1)) && is_letter(byte_at(c, at - 1));
    return is_name_byte(met) || is_inner;
}

static bool cut_name(cutter *c)
{
    size_t end = c->at;
    size_t length;
    bool is_address = byte_at(c, c->at) == '@' && is_letter(byte_at(c, c->at + 1));
    if ((!is_name_byte(byte_at(c, c->at)) && !is_address) ||
        ((unsigned char)c->text.data[c->at] >= 0x80 &&
         utf8_decode(c->text.data + c->at, c->text.size - c->at, &length) >= 0x2000))
        return false;
    end += is_address;
    while (goes_on(c, end))
        end++;
    add_word(c, WORD_NAME, copy(c, c->at, end));
    c->at = end;
    return true;
}

/* The signs of other languages, under our name for them; "" is passed by. */
static void cut_sign(cutter *c)
{
    static const char *const signs[][2] = {
#define X(sign, token, ours, hint)
#define PLAIN(sign, token, ours)
#define SAID(sign, ours) {sign, ours},
#include "lang/foreign_signs.def"
#undef SAID
#undef PLAIN
#undef X
    };
    const char *sign = NULL;
    size_t size = 1;
    for (size_t i = 0; i < sizeof signs / sizeof *signs && !sign; i++) {
        size = strlen(signs[i][0]);
        if (c->text.size - c->at >= size &&
            memcmp(c->text.data + c->at, signs[i][0], size) == 0)
            sign = signs[i][1];
    }
    if (!sign) {
        utf8_decode(c->text.data + c->at, c->text.size - c->at, &size);
        sign = copy(c, c->at, c->at + size);
    }
    c->depth += *sign == '(';
    c->depth -= *sign == ')' && c->depth > 0;
    c->at += size;
    if (*sign)
        add_word(c, isalpha((unsigned char)*sign) ? WORD_NAME : WORD_SIGN, sign);
}

/* Blanks and comments. */
static bool skip_blanks(cutter *c)
{
    char met = byte_at(c, c->at);
    if (met == '#')
        while (c->at < c->text.size && c->text.data[c->at] != '\n')
            c->at++;
    else if (isspace((unsigned char)met))
        c->at++;
    else
        return false;
    return true;
}

words saying_words(slice rule, arena *memory)
{
    words out = {0};
    cutter c = {.text = rule, .memory = memory, .out = &out};
    out.items = arena_alloc_array(memory, rule.size + 1, sizeof *out.items);
    while (c.at < rule.size) {
        size_t begin = c.at, count = out.count;
        if (!skip_blanks(&c) && !cut_pattern(&c) && !cut_text(&c) && !cut_date(&c) &&
            !cut_number(&c) && !cut_name(&c))
            cut_sign(&c);
        if (out.count > count)
            out.items[count].source = (slice){rule.data + begin, c.at - begin};
    }
    out.items[out.count] = (word){.kind = WORD_END, .text = "", .written = ""};
    return out;
}
