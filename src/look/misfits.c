/* SPDX-License-Identifier: MIT
 *
 * One bad cell makes no texts of a column of times or numbers: of a column that is one of texts, it is asked which type
 * nearly all its values fit. The type is then that of those values, as if the others were not there; they stay in the
 * counts, and are named.
 */
#include <ctype.h>
#include <string.h>

#include "base/memory.h"
#include "look/column.h"
#include "report/json.h"
#include "value/value.h"

typedef enum fit_kind {
    FITS_NUMBER,
    FITS_COMMA_NUMBER,
    FITS_POINT_NUMBER,
    FITS_TIME
} fit_kind;

/* A type that values may fit; of times the format, NULL: ISO 8601. */
typedef struct fit {
    fit_kind kind;
    const char *format;
} fit;

/* Of two that as many values fit, the first counts. */
static const fit fits[] = {
    {FITS_NUMBER, NULL},
    {FITS_TIME, NULL},
#define X(format) {FITS_TIME, format},
#include "value/time_formats.def"
#undef X
    {FITS_COMMA_NUMBER, NULL},
    {FITS_POINT_NUMBER, NULL},
};
enum { FITS = sizeof fits / sizeof *fits };

static bool does_fit(slice s, const fit *f)
{
    double ignored;
    const char *reason;
    switch (f->kind) {
    case FITS_NUMBER: return value_read_number(s, &ignored, &reason);
    case FITS_COMMA_NUMBER: return look_is_grouped_number(s, '.', ',');
    case FITS_POINT_NUMBER: return look_is_grouped_number(s, ',', '.');
    case FITS_TIME: return value_fits_format(s, f->format);
    }
    return false;
}

/* How many values do not fit; when they are more than `most`, a number above it. */
static uint64_t count_misfits(const look_column *c, const fit *f, uint64_t most)
{
    uint64_t count = 0;
    for (uint32_t i = 0; count <= most && i < dictionary_count(c->values); i++)
        count += does_fit(dictionary_text(c->values, i), f) ? 0 : c->counts[i];
    return count;
}

/* The type that most values fit, when they are enough; or NULL. */
static const fit *best_fit(const look_column *c, uint64_t *misfit_count)
{
    const fit *best = NULL;
    uint64_t most = c->filled * (100 - COLUMN_LEAST_FITTING_PERCENT) / 100;
    for (size_t i = 0; i < FITS; i++) {
        uint64_t count = count_misfits(c, &fits[i], most);
        if (count > most || c->filled - count < COLUMN_LEAST_FITTING)
            continue;
        best = &fits[i];
        *misfit_count = count;
        if (count == 0)
            break;
        most = count - 1;
    }
    return best;
}

/* "C536379" beside 536379: letters and digits, and nothing else. */
static bool is_code(slice s)
{
    bool has_letter = false, has_digit = false;
    for (size_t i = 0; i < s.size; i++) {
        if (!isalnum((unsigned char)s.data[i]))
            return false;
        has_letter |= isalpha((unsigned char)s.data[i]) != 0;
        has_digit |= isdigit((unsigned char)s.data[i]) != 0;
    }
    return has_letter && has_digit;
}

/* Whole numbers beside such codes number something, and are texts as these are. */
static bool has_code(const look_column *c, const fit *f)
{
    for (uint32_t i = 0; i < dictionary_count(c->values); i++) {
        slice s = dictionary_text(c->values, i);
        if (is_code(s) && !does_fit(s, f))
            return true;
    }
    return false;
}

/* The column of the values that fit alone. */
static look_column column_of_fitting(const look_column *c, const fit *f)
{
    look_column fitting;
    look_column_begin(&fitting, c->from, c->memory);
    for (uint32_t i = 0; i < dictionary_count(c->values); i++) {
        slice s = dictionary_text(c->values, i);
        if (does_fit(s, f))
            look_column_add(&fitting, s, false, c->lines[i]);
    }
    return fitting;
}

static void name_misfits(look_column *c, const fit *f)
{
    size_t named = 0;
    for (uint32_t i = 0; named < COLUMN_MOST_MISFITS && i < dictionary_count(c->values);
         i++) {
        slice s = dictionary_text(c->values, i);
        if (does_fit(s, f))
            continue;
        c->misfits[named++] =
            (look_misfit){arena_copy_text(c->memory, s.data, s.size), c->lines[i]};
    }
}

/* What the values that fit say of the type, and what all say of the rest. */
static void take_type(look_column *c, look_column *fitting)
{
    look_column all = *c;
    *c = *fitting;
    c->filled = all.filled;
    c->row_count = all.row_count;
    c->last_row = all.last_row;
    c->missing_words = all.missing_words;
    c->missing_word = all.missing_word;
    c->padded = all.padded;
    c->is_quoted_text = all.is_quoted_text;
    c->values = all.values;
    c->has_more_values = all.has_more_values;
    c->counts = all.counts;
    c->lines = all.lines;
    c->count_capacity = all.count_capacity;
    c->line_capacity = all.line_capacity;
}

void look_column_finish(look_column *c)
{
    uint64_t misfit_count = 0;
    const fit *f = column_kind_of(c) == COLUMN_STRING ? best_fit(c, &misfit_count) : NULL;
    if (!f || misfit_count == 0)
        return;
    look_column fitting = column_of_fitting(c, f), old = fitting;
    column_kind kind = column_kind_of(&fitting);
    if (kind != COLUMN_STRING && !(kind == COLUMN_INT && has_code(c, f))) {
        take_type(c, &fitting);
        c->misfit_count = misfit_count;
        name_misfits(c, f);
    }
    look_column_done(&old);
}

/* Of a long value the begin, not ending in the middle of a letter. */
static slice shorten(const char *value)
{
    enum { LONGEST = 40 };
    slice s = slice_of(value);
    if (s.size <= LONGEST)
        return s;
    for (s.size = LONGEST; s.size > 0 && ((unsigned char)s.data[s.size] & 0xc0) == 0x80;)
        s.size--;
    return s;
}

void look_column_append_misfits(const look_column *c, text *out)
{
    text_append_format(out, "%llu value%s not fit: ", (unsigned long long)c->misfit_count,
                       c->misfit_count == 1 ? " does" : "s do");
    for (size_t i = 0; i < COLUMN_MOST_MISFITS && c->misfits[i].text; i++) {
        text_append(out, i > 0 ? ", " : "");
        json_append_quoted(out, shorten(c->misfits[i].text));
        text_append_format(out, " in line %llu", (unsigned long long)c->misfits[i].line);
    }
}
