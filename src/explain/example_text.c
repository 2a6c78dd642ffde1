/* SPDX-License-Identifier: MIT
 *
 * From left to right: each part is written once, and then as often as it has to come at least.
 */
#include "explain/example_text.h"

#include <string.h>

enum { DEEPEST = 50, MOST_SIZE = 200, MOST_TIMES = 50 };

typedef struct reader {
    const char *at, *end;
    text *out;
    size_t depth;
} reader;

static bool is_at(const reader *r, const char *word)
{
    size_t size = strlen(word);
    return (size_t)(r->end - r->at) >= size && memcmp(r->at, word, size) == 0;
}

static bool take(reader *r, const char *word)
{
    bool is = is_at(r, word);
    r->at += is ? strlen(word) : 0;
    return is;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* ---- classes ------------------------------------------------------------- */

/* The letters of ASCII that a class has. */
typedef struct letters {
    bool has[128];
} letters;

static void add_range(letters *l, unsigned char first, unsigned char last)
{
    for (unsigned c = first; c <= last && c < sizeof l->has; c++)
        l->has[c] = true;
}

/* `\d`, `\w`, `\s`, and what they leave out as capitals; false: it is no class. */
static bool add_named(letters *l, char name)
{
    letters own = {{false}};
    switch (name | 0x20) {
    case 'd': add_range(&own, '0', '9'); break;
    case 'w':
        add_range(&own, 'a', 'z');
        add_range(&own, 'A', 'Z');
        add_range(&own, '0', '9');
        add_range(&own, '_', '_');
        break;
    case 's': add_range(&own, ' ', ' '); break;
    default: return false;
    }
    for (size_t c = ' '; c < sizeof l->has - 1; c++)
        l->has[c] |= own.has[c] != (name < 'a');
    return true;
}

/* What people write rather comes first. */
static bool append_one_of(const letters *l, bool is_denied, text *out)
{
    static const char order[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789-_/.@ !\"#$%&'()*+,:;<=>?[\\]^`{|}~";
    for (const char *c = order; *c != '\0'; c++)
        if (l->has[(unsigned char)*c] != is_denied) {
            text_append_char(out, *c);
            return true;
        }
    return false;
}

/* One sign of a class, with a backslash before it or not; false: it is none of ASCII. */
static bool take_sign(reader *r, char *sign)
{
    if (r->at < r->end && *r->at == '\\')
        r->at++;
    if (r->at == r->end || (unsigned char)*r->at >= 128)
        return false;
    *sign = *r->at++;
    return true;
}

/* Behind "[". */
static bool read_class(reader *r)
{
    letters l = {{false}};
    bool is_denied = take(r, "^"), is_first = true;
    while (r->at < r->end && (is_first || *r->at != ']')) {
        char first, last;
        bool is_escaped = *r->at == '\\';
        if (is_at(r, "[:") || !take_sign(r, &first))
            return false;
        is_first = false;
        if (is_escaped && add_named(&l, first))
            continue;
        bool is_range = r->end - r->at >= 2 && r->at[0] == '-' && r->at[1] != ']';
        last = first;
        r->at += is_range;
        if (is_range && !take_sign(r, &last))
            return false;
        add_range(&l, (unsigned char)first, (unsigned char)last);
    }
    return take(r, "]") && append_one_of(&l, is_denied, r->out);
}

/* ---- parts --------------------------------------------------------------- */

static bool read_choice(reader *r);

/* Behind "(": what must not come is left out. */
static bool read_group(reader *r)
{
    size_t before = r->out->size;
    bool is_denied = take(r, "?!") || take(r, "?<!");
    if (!is_denied && (is_at(r, "?=") || is_at(r, "?<=") || is_at(r, "*")))
        return false;
    if (!is_denied && take(r, "?") && !take(r, ":")) {
        while (r->at < r->end && *r->at != '>' && *r->at != ':' && *r->at != ')')
            r->at++; /* "<name>", "i:", or "i)" alone */
        if (r->at == r->end)
            return false;
        if (*r->at++ == ')')
            return true;
    }
    if (!read_choice(r) || !take(r, ")"))
        return false;
    if (is_denied)
        text_cut(r->out, before);
    return true;
}

/* Behind "\". */
static bool read_escape(reader *r)
{
    letters l = {{false}};
    if (r->at == r->end)
        return false;
    char c = *r->at++;
    if (c != '\0' && strchr("bBAzZG", c))
        return true;
    if (add_named(&l, c))
        return append_one_of(&l, false, r->out);
    bool has_meaning = is_letter(c) || (c >= '0' && c <= '9') || (unsigned char)c >= 128;
    if (!has_meaning)
        text_append_char(r->out, c);
    return !has_meaning;
}

/* The dot of "shop.example" probably means one. */
static bool is_between_letters(const reader *r)
{
    size_t size = r->out->size;
    return size > 0 && is_letter(r->out->data[size - 1]) && r->at < r->end &&
           is_letter(*r->at);
}

static bool read_part(reader *r)
{
    if (take(r, "^") || take(r, "$"))
        return true;
    if (take(r, "("))
        return read_group(r);
    if (take(r, "["))
        return read_class(r);
    if (take(r, "\\"))
        return read_escape(r);
    if (take(r, ".")) {
        text_append_char(r->out, is_between_letters(r) ? '.' : 'a');
        return true;
    }
    text_append_char(r->out, *r->at++);
    while (r->at < r->end && ((unsigned char)*r->at & 0xc0) == 0x80)
        text_append_char(r->out, *r->at++); /* the rest of a sign of UTF-8 */
    return true;
}

/* "{2,}": at least 2. "{" that begins nothing of this stands for itself. */
static bool take_braces(reader *r, size_t *least)
{
    const char *at = r->at + 1;
    size_t number = 0;
    if (r->at == r->end || *r->at != '{')
        return false;
    for (; at < r->end && *at >= '0' && *at <= '9' && number <= MOST_TIMES; at++)
        number = number * 10 + (size_t)(*at - '0');
    bool has_number = at > r->at + 1;
    while (at < r->end && (*at == ',' || (*at >= '0' && *at <= '9')))
        at++;
    if (!has_number || at == r->end || *at != '}')
        return false;
    r->at = at + 1;
    *least = number;
    return true;
}

static size_t read_times(reader *r)
{
    size_t least = 1;
    bool is_told = true;
    if (take(r, "*") || take(r, "?"))
        least = 0;
    else if (!take(r, "+"))
        is_told = take_braces(r, &least);
    if (is_told && !take(r, "?"))
        take(r, "+"); /* lazy or greedy is the same here */
    return least;
}

static void repeat(text *out, size_t from, size_t times)
{
    size_t size = out->size - from;
    if (times == 0)
        text_cut(out, from);
    for (size_t i = 1; i < times && i < MOST_TIMES && out->size <= MOST_SIZE; i++)
        for (size_t k = 0; k < size; k++)
            text_append_char(out, out->data[from + k]);
}

static bool read_row(reader *r)
{
    while (r->at < r->end && *r->at != '|' && *r->at != ')') {
        size_t from = r->out->size;
        if (!read_part(r))
            return false;
        repeat(r->out, from, read_times(r));
        if (r->out->size > MOST_SIZE)
            return false;
    }
    return true;
}

/* Of several, the first. */
static bool read_choice(reader *r)
{
    bool ok = ++r->depth < DEEPEST && read_row(r);
    size_t first = r->out->size;
    while (ok && take(r, "|")) {
        ok = read_row(r);
        text_cut(r->out, first);
    }
    r->depth--;
    return ok;
}

bool example_text_of(slice pattern, text *out)
{
    reader r = {.at = pattern.data, .end = pattern.data + pattern.size, .out = out};
    return read_choice(&r) && r.at == r.end;
}
