/* SPDX-License-Identifier: MIT
 *
 * Each form is tried: what it makes of the text is looked up.
 */
#include "engine/near_texts.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "base/unicode.h"
#include "base/utf8.h"

enum { LONGEST_TEXT = 100 };

static bool is_digits(slice s)
{
    for (size_t i = 0; i < s.size; i++)
        if (s.data[i] < '0' || s.data[i] > '9')
            return false;
    return s.size > 0;
}

/* Zeros before other digits, which some tables lose. */
static slice without_zeros(slice s, text *space)
{
    (void)space;
    bool is_number = is_digits(s);
    while (is_number && s.size > 1 && s.data[0] == '0')
        s.data++, s.size--;
    return s;
}

/* ".0" behind digits, which others add. */
static slice without_fraction(slice s, text *space)
{
    (void)space;
    bool has_fraction = s.size > 2 && memcmp(s.data + s.size - 2, ".0", 2) == 0 &&
                        is_digits((slice){s.data, s.size - 2});
    s.size -= has_fraction ? 2 : 0;
    return s;
}

static slice without_blanks(slice s, text *space)
{
    (void)space;
    return slice_trim(s, WHITE_SPACE);
}

static slice in_form(slice s, unicode_form form, text *space)
{
    text_clear(space);
    return unicode_append(space, s, form) ? (slice){space->data, space->size} : s;
}

static slice composed(slice s, text *space)
{
    return utf8_is_ascii(s.data, s.size) ? s : in_form(s, UNICODE_COMPOSED, space);
}

static slice folded(slice s, text *space)
{
    if (!utf8_is_ascii(s.data, s.size))
        return in_form(s, UNICODE_FOLDED, space);
    text_clear(space);
    text_append_bytes(space, s.data, s.size);
    for (size_t i = 0; i < s.size; i++)
        space->data[i] = (char)tolower((unsigned char)space->data[i]);
    return (slice){space->data, s.size};
}

/* How a text may be written otherwise, and what makes one of both. */
typedef struct other_form {
    slice (*make)(slice s, text *space);
    unsigned steps;
    bool is_of_ids; /* texts that differ so are mostly meant to */
} other_form;

static slice folded_number(slice s, text *space)
{
    return without_zeros(slice_trim(folded(s, space), WHITE_SPACE), space);
}

static const other_form forms[] = {
    {without_blanks, NEAR_TRIM, false},
    {composed, NEAR_COMPOSE, false},
    {folded, NEAR_FOLD, true},
    {without_fraction, NEAR_WHOLE, true},
    {without_zeros, NEAR_ZEROS, true},
    {folded_number, NEAR_TRIM | NEAR_FOLD | NEAR_ZEROS, true},
};

/* Those of the steps of folded_number that change this text. */
static unsigned steps_of_number(slice s)
{
    text space;
    text_init(&space);
    slice low = folded(s, &space), bare = slice_trim(low, WHITE_SPACE);
    unsigned steps = (slice_equals(low, s) ? 0 : NEAR_FOLD) |
                     (bare.size < low.size ? NEAR_TRIM : 0) |
                     (without_zeros(bare, NULL).size < bare.size ? NEAR_ZEROS : 0);
    text_done(&space);
    return steps;
}

/* The steps that make the other text of this one. */
static unsigned steps_to(const other_form *form, slice s)
{
    return form->make == folded_number ? steps_of_number(s) : form->steps;
}

/* Is it written in one way only, as most ids are? Each form of it is the text itself. */
static bool is_plain(slice s)
{
    bool is_odd = s.size == 0 || s.data[0] == '0';
    for (size_t i = 0; i < s.size; i++)
        is_odd |=
            s.data[i] <= ' ' || s.data[i] > '~' || (s.data[i] >= 'A' && s.data[i] <= 'Z');
    return !is_odd && (s.size < 2 || memcmp(s.data + s.size - 2, ".0", 2) != 0);
}

static const other_form *find_in_form(const dictionary *d, slice s, bool is_id,
                                      slice *twin, text *space)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (s.size == 0 || s.size > LONGEST_TEXT || (forms[i].is_of_ids && !is_id))
            continue;
        slice form = forms[i].make(s, space);
        uint32_t code = slice_equals(form, s) ? DICTIONARY_NONE
                                              : dictionary_find(d, form.data, form.size);
        if (code == DICTIONARY_NONE)
            continue;
        *twin = dictionary_text(d, code);
        return &forms[i];
    }
    return NULL;
}

unsigned near_text_find(const dictionary *d, slice s, bool is_id, slice *twin)
{
    text space;
    if (is_plain(s))
        return 0;
    text_init(&space);
    const other_form *form = find_in_form(d, s, is_id, twin, &space);
    text_done(&space);
    return form ? steps_to(form, s) : 0;
}

const char *near_text_steps(unsigned steps, arena *memory)
{
    static const char *const texts[] = {"trim: true", "unicode: nfc", "case: fold",
                                        "whole: true", "replace: {\"^0+\": \"\"}"};
    const char *line = "";
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (steps >> i & 1)
            line = arena_format(memory, "%s%s%s", line, *line ? ", " : "", texts[i]);
    return line;
}
