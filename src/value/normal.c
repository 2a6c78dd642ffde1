/* SPDX-License-Identifier: MIT
 *
 * Which rules are whose, and where they are written down, stands in docs/outputs.md.
 */
#include "value/normal.h"

#include <nettle/base16.h>
#include <nettle/sha2.h>
#include <string.h>

#include "base/unicode.h"
#include "base/utf8.h"
#include "value/phone.h"

/* ---- parts of texts ------------------------------------------------------- */

/* The text without the blanks of any kind at its ends. */
static slice trimmed(slice in)
{
    size_t begin = in.size, end = 0, length;
    for (size_t at = 0; at < in.size; at += length) {
        uint32_t code = utf8_decode(in.data + at, in.size - at, &length);
        if (utf8_is_blank(code) || code == '\n' || code == '\r')
            continue;
        begin = at < begin ? at : begin;
        end = at + length;
    }
    return begin < end ? (slice){in.data + begin, end - begin} : (slice){in.data, 0};
}

/* Small letters, each with its marks in one sign. A text that is not UTF-8 has none. */
static bool append_small(slice in, text *out)
{
    return unicode_append(out, in, UNICODE_SMALL);
}

/* What is kept of a text, code point by code point. */
typedef bool is_kept(uint32_t code);

static void append_kept(slice in, is_kept *keeps, text *out)
{
    size_t length;
    for (size_t at = 0; at < in.size; at += length) {
        uint32_t code = utf8_decode(in.data + at, in.size - at, &length);
        if (keeps(code))
            text_append_bytes(out, in.data + at, length);
    }
}

static bool is_no_blank(uint32_t code)
{
    return !utf8_is_blank(code);
}

static bool is_digit(uint32_t code)
{
    return code >= '0' && code <= '9';
}

static bool is_of_word(uint32_t code)
{
    return is_digit(code) || (code != '_' && code != '$' && utf8_is_letter(code));
}

/* The small text, less what is not kept; false when nothing is left. */
static bool append_small_kept(slice in, is_kept *keeps, text *out)
{
    text small;
    text_init(&small);
    size_t before = out->size;
    if (append_small(trimmed(in), &small))
        append_kept((slice){small.data, small.size}, keeps, out);
    text_done(&small);
    return out->size > before;
}

/* ---- the forms ------------------------------------------------------------ */

static bool normal_trim(slice in, text *out)
{
    slice inner = trimmed(in);
    text_append_bytes(out, inner.data, inner.size);
    return inner.size > 0;
}

static bool is_email(slice s)
{
    const char *at = memchr(s.data, '@', s.size);
    return at && at > s.data && at + 1 < s.data + s.size &&
           !memchr(at + 1, '@', (size_t)(s.data + s.size - at - 1));
}

static bool normal_email(slice in, text *out)
{
    text small;
    text_init(&small);
    bool is_good = append_small_kept(in, is_no_blank, &small) &&
                   is_email((slice){small.data, small.size});
    if (is_good)
        text_append_bytes(out, small.data, small.size);
    text_done(&small);
    return is_good;
}

enum { LEAST_DIGITS = 7, MOST_DIGITS = 15, MOST_DIALLED = 30 };

/* Signs that people put between digits. A hyphen of typesetters and a blank that does not break
 * are among them. */
static bool is_between_digits(uint32_t code)
{
    return utf8_is_blank(code) || (code < 128 && strchr("-./()", (int)code)) ||
           (code >= 0x2010 && code <= 0x2015);
}

/* The digits of a number, less the (0) behind the code of a country, which is for callers inside: +49 (0) 170. */
static bool append_digits(slice s, size_t most, text *out)
{
    size_t length, count = 0;
    for (size_t at = 0; at < s.size; at += length) {
        uint32_t code = utf8_decode(s.data + at, s.size - at, &length);
        if (count > 0 && s.size - at >= 3 && memcmp(s.data + at, "(0)", 3) == 0) {
            length = 3;
        } else if (is_digit(code) && count < most) {
            text_append_char(out, (char)code);
            count++;
        } else if (!is_between_digits(code)) {
            return false;
        }
    }
    return true;
}

/* What stands before the code of a country: + or 00; 0: nothing does. */
static size_t mark_size(slice s)
{
    if (s.size > 0 && s.data[0] == '+')
        return 1;
    return s.size > 1 && s.data[0] == '0' && s.data[1] == '0' ? 2 : 0;
}

/* All digits, with the code of a country; of a number without + the one that whoever is in the country would call. */
static bool append_full_digits(slice s, const char *country, text *out)
{
    size_t mark = mark_size(s);
    if (mark == 1 || (mark == 2 && !country))
        return append_digits((slice){s.data + mark, s.size - mark}, MOST_DIGITS, out);
    text dialled;
    text_init(&dialled);
    bool is_good = country && append_digits(s, MOST_DIALLED, &dialled) &&
                   phone_append(country, dialled.data, out);
    text_done(&dialled);
    return is_good;
}

static bool append_phone(slice in, const char *country, const char *before, text *out)
{
    text digits;
    text_init(&digits);
    bool is_good = append_full_digits(trimmed(in), country, &digits) &&
                   digits.size >= LEAST_DIGITS && digits.size <= MOST_DIGITS &&
                   digits.data[0] != '0';
    if (is_good) {
        text_append(out, before);
        text_append_bytes(out, digits.data, digits.size);
    }
    text_done(&digits);
    return is_good;
}

static bool normal_phone(slice in, text *out)
{
    return append_phone(in, NULL, "+", out);
}

static bool normal_phone_digits(slice in, text *out)
{
    return append_phone(in, NULL, "", out);
}

static bool normal_name(slice in, text *out)
{
    text small;
    text_init(&small);
    size_t before = out->size, length;
    bool is_good = append_small(trimmed(in), &small), was_blank = false;
    for (size_t at = 0; is_good && at < small.size; at += length) {
        bool is_blank =
            utf8_is_blank(utf8_decode(small.data + at, small.size - at, &length));
        if (is_blank && !was_blank)
            text_append_char(out, ' ');
        else if (!is_blank)
            text_append_bytes(out, small.data + at, length);
        was_blank = is_blank;
    }
    text_done(&small);
    return out->size > before;
}

static bool normal_word(slice in, text *out)
{
    return append_small_kept(in, is_of_word, out);
}

static bool normal_country(slice in, text *out)
{
    slice s = trimmed(in);
    if (s.size != 2)
        return false;
    for (size_t i = 0; i < 2; i++)
        if ((s.data[i] | 0x20) < 'a' || (s.data[i] | 0x20) > 'z')
            return false;
    text_append_char(out, (char)(s.data[0] | 0x20));
    text_append_char(out, (char)(s.data[1] | 0x20));
    return true;
}

/* 12345-6789, with which the United States say more than the area. */
static bool is_long_zip(slice s)
{
    for (size_t i = 0; i < s.size; i++)
        if (i == 5 ? s.data[i] != '-' : !is_digit((unsigned char)s.data[i]))
            return false;
    return s.size == 10;
}

static bool normal_zip_short(slice in, text *out)
{
    slice s = trimmed(in);
    return append_small_kept(is_long_zip(s) ? (slice){s.data, 5} : s, is_of_word, out);
}

static bool normal_gender(slice in, text *out)
{
    static const char *const words[][2] = {{"m", "m"}, {"male", "m"},   {"man", "m"},
                                           {"f", "f"}, {"female", "f"}, {"woman", "f"}};
    text small;
    text_init(&small);
    size_t before = out->size;
    if (append_small(trimmed(in), &small))
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            if (strcmp(small.data, words[i][0]) == 0)
                text_append(out, words[i][1]);
    text_done(&small);
    return out->size > before;
}

/* ---- all forms ------------------------------------------------------------ */

const char *const normal_words[] = {
    "",
#define X(ID, word, function, meaning) word,
#include "value/normal.def"
#undef X
};

static bool (*const functions[])(slice in, text *out) = {
    NULL,
#define X(ID, word, function, meaning) function,
#include "value/normal.def"
#undef X
};

normal_form normal_find(const char *word)
{
    normal_form form = NORMAL_NONE + 1;
    while (form < NORMAL_COUNT && strcmp(normal_words[form], word) != 0)
        form++;
    return form;
}

bool normal_append(normal_form form, slice in, text *out)
{
    if (form != NORMAL_NONE)
        return functions[form](in, out);
    text_append_bytes(out, in.data, in.size);
    return true;
}

bool normal_is_phone(normal_form form)
{
    return form == NORMAL_PHONE || form == NORMAL_PHONE_DIGITS;
}

bool normal_append_of_country(normal_form form, slice in, const char *country, text *out)
{
    if (!country || !normal_is_phone(form))
        return normal_append(form, in, out);
    return append_phone(in, country, form == NORMAL_PHONE ? "+" : "", out);
}

void normal_append_sha256(slice in, text *out)
{
    struct sha256_ctx state;
    uint8_t digest[SHA256_DIGEST_SIZE];
    char digits[BASE16_ENCODE_LENGTH(SHA256_DIGEST_SIZE)];
    sha256_init(&state);
    sha256_update(&state, in.size, (const uint8_t *)in.data);
    sha256_digest(&state, sizeof digest, digest);
    base16_encode_update(digits, sizeof digest, digest);
    text_append_bytes(out, digits, sizeof digits);
}
