/* SPDX-License-Identifier: MIT
 *
 * Names of the kinds of ids, and what is none.
 */
#include "value/id_kind.h"

#include <string.h>
#include <strings.h>

const char *const id_kind_names[] = {
#define X(ID, name, most, what) name,
#include "value/id_kinds.def"
#undef X
};

const uint32_t id_kind_most[] = {
#define X(ID, name, most, what) most,
#include "value/id_kinds.def"
#undef X
};

static const slice no_ids[] = {
#define X(text) {text, sizeof text - 1},
#include "value/no_ids.def"
#undef X
};

#define X(text) _Static_assert(sizeof text - 1 <= ID_LONGEST_WORD, "ids may be none");
#include "value/no_ids.def"
#undef X

bool id_kind_find(const char *name, id_kind *out)
{
    for (int k = 0; k < ID_KIND_COUNT; k++) {
        if (strcmp(id_kind_names[k], name) != 0)
            continue;
        *out = (id_kind)k;
        return true;
    }
    return false;
}

void id_kind_append_all(text *out)
{
    for (int k = 0; k < ID_KIND_COUNT; k++)
        text_append_format(out, "%s%s", k > 0 ? ", " : "", id_kind_names[k]);
}

/* "0", "-1", "00000000-0000-0000-0000-000000000000", "---" */
static bool is_zeros(slice s)
{
    for (size_t i = 0; i < s.size; i++)
        if (s.data[i] != '0' && s.data[i] != '-')
            return s.size == 2 && memcmp(s.data, "-1", 2) == 0;
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static slice without_blanks(slice s)
{
    while (s.size > 0 && is_blank(s.data[0]))
        s = (slice){s.data + 1, s.size - 1};
    while (s.size > 0 && is_blank(s.data[s.size - 1]))
        s.size--;
    return s;
}

/* What the first letters of the words have, but for their case: a bit each. */
static uint32_t first_letters(void)
{
    uint32_t letters = 0;
#define X(text) letters |= UINT32_C(1) << ((unsigned char)text[0] & 31);
#include "value/no_ids.def"
#undef X
    return letters;
}

/* Letters of both cases differ in one bit. */
static bool may_be_same(slice a, slice b)
{
    return a.size == b.size && ((a.data[0] ^ b.data[0]) & ~('a' ^ 'A')) == 0;
}

bool id_stands_for_none(slice s)
{
    s = without_blanks(s);
    if (is_zeros(s))
        return true;
    if (s.size > ID_LONGEST_WORD || (first_letters() >> (s.data[0] & 31) & 1) == 0)
        return false;
    for (size_t i = 0; i < sizeof no_ids / sizeof *no_ids; i++)
        if (may_be_same(no_ids[i], s) && strncasecmp(no_ids[i].data, s.data, s.size) == 0)
            return true;
    return false;
}
