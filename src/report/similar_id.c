/* SPDX-License-Identifier: MIT
 *
 * Both ids are read side by side, without what may be written otherwise.
 */
#include "report/similar_id.h"

#include <string.h>

#include "report/terminal.h"

/* ---- the same ------------------------------------------------------------ */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A blank at the end or the begin, also one that does not break lines: its length. */
static size_t blank_at_begin(slice s)
{
    if (s.size >= 2 && memcmp(s.data, "\xc2\xa0", 2) == 0)
        return 2;
    return s.size > 0 && strchr(" \t\r\n", s.data[0]) && s.data[0] != '\0';
}

static size_t blank_at_end(slice s)
{
    if (s.size >= 2 && memcmp(s.data + s.size - 2, "\xc2\xa0", 2) == 0)
        return 2;
    return s.size > 0 && blank_at_begin((slice){s.data + s.size - 1, 1}) == 1;
}

static slice without_blanks(slice s)
{
    size_t length;
    while ((length = blank_at_begin(s)) > 0)
        s = (slice){s.data + length, s.size - length};
    while ((length = blank_at_end(s)) > 0)
        s.size -= length;
    return s;
}

/* "12361.0" as a number is 12361. */
static slice without_zero_fraction(slice s)
{
    size_t whole = 0, end = s.size;
    while (whole < s.size && is_digit(s.data[whole]))
        whole++;
    while (end > whole + 1 && s.data[end - 1] == '0')
        end--;
    bool is_one = whole > 0 && end == whole + 1 && end < s.size && s.data[whole] == '.';
    return is_one ? (slice){s.data, whole} : s;
}

typedef struct reader {
    const char *at, *end;
    bool is_in_number;
} reader;

static reader read_id(slice s)
{
    s = without_zero_fraction(without_blanks(s));
    if (s.size > 1 && s.data[0] == '+' && is_digit(s.data[1]))
        s = (slice){s.data + 1, s.size - 1};
    return (reader){s.data, s.data + s.size, false};
}

/* -1 behind the end. Of "007" and of "A-007" the 7. */
static int next(reader *r)
{
    while (!r->is_in_number && r->end - r->at >= 2 && r->at[0] == '0' &&
           is_digit(r->at[1]))
        r->at++;
    if (r->at == r->end)
        return -1;
    char c = *r->at++;
    r->is_in_number = is_digit(c);
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

bool similar_ids_are_same(slice a, slice b)
{
    reader x = read_id(a), y = read_id(b);
    for (;;) {
        int own = next(&x), other = next(&y);
        if (own != other)
            return false;
        if (own < 0)
            return true;
    }
}

/* ---- those that were meant ------------------------------------------------- */

similar_ids similar_ids_begin(const char *wanted)
{
    return (similar_ids){.near = suggest_begin(wanted)};
}

static bool is_number(const char *id)
{
    slice s = without_zero_fraction(without_blanks(slice_of(id)));
    for (size_t i = 0; i < s.size; i++)
        if (!is_digit(s.data[i]))
            return false;
    return s.size > 0;
}

void similar_ids_consider(similar_ids *s, const char *id)
{
    const char *wanted = s->near.wanted;
    if (strcmp(id, wanted) == 0)
        return;
    if (similar_ids_are_same(slice_of(id), slice_of(wanted))) {
        if (s->same_count < SIMILAR_IDS)
            s->same[s->same_count] = id;
        s->same_count++;
    } else if (!is_number(wanted))
        suggest_consider(&s->near, id);
}

void similar_ids_consider_all(similar_ids *s, const dictionary *known, arena *memory)
{
    for (uint32_t i = 0; i < dictionary_count(known); i++) {
        slice id = dictionary_text(known, i);
        similar_ids_consider(s, arena_copy_text(memory, id.data, id.size));
    }
}

static void append_id(const char *id, text *out)
{
    text_append_char(out, '"');
    terminal_append_safe(out, slice_of(id));
    text_append_char(out, '"');
}

bool similar_ids_append(const similar_ids *s, text *out)
{
    const char *near = suggest_best(&s->near);
    size_t count = s->same_count < SIMILAR_IDS ? s->same_count : SIMILAR_IDS;
    if (count == 0 && !near)
        return false;
    text_append(out, "Did you mean ");
    for (size_t i = 0; i < count; i++) {
        text_append(out, i == 0 ? "" : i + 1 < s->same_count ? ", " : " or ");
        append_id(s->same[i], out);
    }
    if (count == 0)
        append_id(near, out);
    text_append(out, s->same_count > count ? ", or another that is written so?" : "?");
    return true;
}
