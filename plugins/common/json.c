/* SPDX-License-Identifier: MIT
 *
 * The strict reader of one line of JSON.
 */
#include "common/json.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "common/memory.h"

/* ---- characters --------------------------------------------------------- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_continuation(unsigned char c)
{
    return (c & 0xc0) == 0x80;
}

/* The length of the UTF-8 character at `p`, which is not ASCII; 0: it is malformed. */
static size_t utf8_length(const unsigned char *p, size_t size)
{
    if (p[0] >= 0xc2 && p[0] <= 0xdf && size >= 2 && is_continuation(p[1]))
        return 2;
    if (size >= 3 && is_continuation(p[1]) && is_continuation(p[2])) {
        bool is_overlong = p[0] == 0xe0 && p[1] < 0xa0;
        bool is_surrogate = p[0] == 0xed && p[1] > 0x9f;
        if (p[0] >= 0xe0 && p[0] <= 0xef)
            return is_overlong || is_surrogate ? 0 : 3;
    }
    if (size >= 4 && is_continuation(p[1]) && is_continuation(p[2]) &&
        is_continuation(p[3])) {
        bool is_overlong = p[0] == 0xf0 && p[1] < 0x90;
        bool is_too_large = p[0] == 0xf4 && p[1] > 0x8f;
        if (p[0] >= 0xf0 && p[0] <= 0xf4)
            return is_overlong || is_too_large ? 0 : 4;
    }
    return 0;
}

static char *put_utf8(char *out, uint32_t c)
{
    if (c < 0x80) {
        *out++ = (char)c;
    } else if (c < 0x800) {
        *out++ = (char)(0xc0 | c >> 6);
        *out++ = (char)(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        *out++ = (char)(0xe0 | c >> 12);
        *out++ = (char)(0x80 | (c >> 6 & 0x3f));
        *out++ = (char)(0x80 | (c & 0x3f));
    } else {
        *out++ = (char)(0xf0 | c >> 18);
        *out++ = (char)(0x80 | (c >> 12 & 0x3f));
        *out++ = (char)(0x80 | (c >> 6 & 0x3f));
        *out++ = (char)(0x80 | (c & 0x3f));
    }
    return out;
}

static void skip_blanks(json *j)
{
    while (j->at < j->end &&
           (*j->at == ' ' || *j->at == '\t' || *j->at == '\r' || *j->at == '\n'))
        j->at++;
}

/* ---- strings ------------------------------------------------------------ */

static bool take_hex(json *j, uint32_t *out)
{
    *out = 0;
    for (int i = 0; i < 4; i++) {
        char c = j->at < j->end ? *j->at : '\0';
        uint32_t digit;
        if (is_digit(c))
            digit = (uint32_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            digit = (uint32_t)(c - 'a' + 10);
        else if (c >= 'A' && c <= 'F')
            digit = (uint32_t)(c - 'A' + 10);
        else
            return json_fail(j, "\\u wants four hexadecimal digits");
        *out = *out << 4 | digit;
        j->at++;
    }
    return true;
}

/* The rest of "\uXXXX", and of the pair that stands for a character beyond U+FFFF. */
static bool take_unicode_escape(json *j, uint32_t *out)
{
    uint32_t low;
    if (!take_hex(j, out))
        return false;
    if (*out < 0xd800 || *out > 0xdfff)
        return true;
    if (*out > 0xdbff || j->end - j->at < 2 || j->at[0] != '\\' || j->at[1] != 'u')
        return json_fail(j, "half of a surrogate pair");
    j->at += 2;
    if (!take_hex(j, &low))
        return false;
    if (low < 0xdc00 || low > 0xdfff)
        return json_fail(j, "half of a surrogate pair");
    *out = 0x10000 + ((*out - 0xd800) << 10) + (low - 0xdc00);
    return true;
}

/* What stands behind a backslash. */
static bool take_escape(json *j, uint32_t *out)
{
    static const char letters[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    char c = j->at < j->end ? *j->at : '\0';
    const char *known = c == '\0' ? NULL : strchr(letters, c);
    if (c == 'u') {
        j->at++;
        return take_unicode_escape(j, out);
    }
    if (known == NULL)
        return json_fail(j, "no such escape in a string");
    j->at++;
    *out = (unsigned char)values[known - letters];
    return true;
}

/* Pass over printable ASCII up to a quote or a backslash, as far as whole steps reach. */
static inline const char *pass_ascii(const char *at, const char *end)
{
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\'),
                  blank = _mm_set1_epi8(' ');
    for (; end - at >= 16; at += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
        /* Bytes beyond ASCII are negative here. */
        __m128i stops = _mm_or_si128(
            _mm_cmplt_epi8(bytes, blank),
            _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)));
        unsigned found = (unsigned)_mm_movemask_epi8(stops);
        if (found != 0)
            return at + __builtin_ctz(found);
    }
#else
    (void)end;
#endif
    return at;
}

/* Go on to the quote or backslash that ends a plain stretch of a string. */
static bool pass_plain(json *j)
{
    while (j->at < j->end) {
        j->at = pass_ascii(j->at, j->end);
        if (j->at == j->end)
            break;
        unsigned char c = (unsigned char)*j->at;
        if (c == '"' || c == '\\')
            return true;
        if (c < 0x20)
            return json_fail(j, "a control character in a string; it has to be escaped");
        size_t length = c < 0x80 ? 1
                                 : utf8_length((const unsigned char *)j->at,
                                               (size_t)(j->end - j->at));
        if (length == 0)
            return json_fail(j, "bytes that are not UTF-8");
        j->at += length;
    }
    return json_fail(j, "a string that does not end");
}

/* The string's text is not longer than what is left of the line. */
static void reserve_scratch(json *j, size_t size)
{
    if (size <= j->scratch_capacity)
        return;
    j->scratch_capacity = size * 2;
    j->scratch = common_resize(j->scratch, j->scratch_capacity);
}

/* A string with escapes: at its first backslash, `begin` is its first character. */
static bool take_escaped_string(json *j, const char *begin, json_text *out)
{
    reserve_scratch(j, (size_t)(j->end - begin) + 4);
    char *to = j->scratch;
    const char *plain = begin;
    for (;;) {
        memcpy(to, plain, (size_t)(j->at - plain));
        to += j->at - plain;
        if (*j->at++ == '"')
            break;
        uint32_t c = 0;
        if (!take_escape(j, &c))
            return false;
        to = put_utf8(to, c);
        plain = j->at;
        if (!pass_plain(j))
            return false;
    }
    *out = (json_text){j->scratch, (size_t)(to - j->scratch)};
    return true;
}

/* ---- the public functions ----------------------------------------------- */

void json_begin(json *j, const char *line, size_t size)
{
    j->begin = j->at = line;
    j->end = line + size;
    j->fault = NULL;
}

void json_done(json *j)
{
    free(j->scratch);
    *j = (json){0};
}

char json_peek(json *j)
{
    skip_blanks(j);
    return j->at < j->end ? *j->at : '\0';
}

bool json_fail(json *j, const char *fault)
{
    j->fault = fault;
    return false;
}

bool json_take(json *j, char c)
{
    if (json_peek(j) == c && j->at < j->end) {
        j->at++;
        return true;
    }
    switch (c) {
    case '{': return json_fail(j, "a \"{\" is expected: each line holds one object");
    case ':': return json_fail(j, "a \":\" is expected");
    case '}': return json_fail(j, "a \",\" or \"}\" is expected");
    default: return json_fail(j, "a \",\" or \"]\" is expected");
    }
}

bool json_take_string(json *j, json_text *out)
{
    if (json_peek(j) != '"')
        return json_fail(j, "a string is expected");
    const char *begin = ++j->at;
    if (!pass_plain(j))
        return false;
    if (*j->at == '\\')
        return take_escaped_string(j, begin, out);
    *out = (json_text){begin, (size_t)(j->at - begin)};
    j->at++;
    return true;
}

/* Fail where a value should be. Many programs write numbers that JSON does not have. */
static bool fail_value(json *j, const char *fault)
{
    static const char *const words[] = {"NaN", "nan", "Infinity"};
    size_t left = (size_t)(j->end - j->at);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t size = strlen(words[i]);
        if (left >= size && memcmp(j->at, words[i], size) == 0)
            return json_fail(j, i == 2 ? "Infinity is no JSON; write null"
                                       : "NaN is no JSON; write null");
    }
    return json_fail(j, fault);
}

/* At least one digit. */
static bool take_digits(json *j)
{
    const char *begin = j->at;
    while (j->at < j->end && is_digit(*j->at))
        j->at++;
    return j->at > begin || fail_value(j, "a digit is expected");
}

static bool take_sign(json *j, char a, char b)
{
    bool is_there = j->at < j->end && (*j->at == a || *j->at == b);
    j->at += is_there;
    return is_there;
}

bool json_take_number(json *j, json_text *out)
{
    skip_blanks(j);
    const char *begin = j->at;
    take_sign(j, '-', '-');
    if (j->end - j->at >= 2 && j->at[0] == '0' && is_digit(j->at[1]))
        return json_fail(j, "a number with a zero in front");
    if (!take_digits(j) || (take_sign(j, '.', '.') && !take_digits(j)))
        return false;
    if (take_sign(j, 'e', 'E')) {
        take_sign(j, '+', '-');
        if (!take_digits(j))
            return false;
    }
    *out = (json_text){begin, (size_t)(j->at - begin)};
    return true;
}

bool json_take_word(json *j, const char *word)
{
    size_t size = strlen(word);
    skip_blanks(j);
    if ((size_t)(j->end - j->at) < size || memcmp(j->at, word, size) != 0)
        return fail_value(j, "a value is expected");
    j->at += size;
    return true;
}

static bool skip_object(json *j, unsigned depth)
{
    json_text key;
    j->at++;
    if (json_peek(j) == '}')
        return json_take(j, '}');
    for (;;) {
        if (!json_take_string(j, &key) || !json_take(j, ':') || !json_skip(j, depth))
            return false;
        if (json_peek(j) != ',')
            return json_take(j, '}');
        j->at++;
    }
}

static bool skip_list(json *j, unsigned depth)
{
    j->at++;
    if (json_peek(j) == ']')
        return json_take(j, ']');
    for (;;) {
        if (!json_skip(j, depth))
            return false;
        if (json_peek(j) != ',')
            return json_take(j, ']');
        j->at++;
    }
}

bool json_skip(json *j, unsigned depth)
{
    json_text ignored;
    char c = json_peek(j);
    if ((c == '{' || c == '[') && depth >= JSON_DEPTH_LIMIT)
        return json_fail(j, "objects and lists are nested too deeply");
    switch (c) {
    case '{': return skip_object(j, depth + 1);
    case '[': return skip_list(j, depth + 1);
    case '"': return json_take_string(j, &ignored);
    case 't': return json_take_word(j, "true");
    case 'f': return json_take_word(j, "false");
    case 'n': return json_take_word(j, "null");
    default:
        if (c == '-' || is_digit(c))
            return json_take_number(j, &ignored);
        return fail_value(j, "a value is expected");
    }
}

size_t json_character(const json *j)
{
    size_t count = 1;
    for (const char *p = j->begin; p < j->at; p++)
        count += !is_continuation((unsigned char)*p);
    return count;
}
