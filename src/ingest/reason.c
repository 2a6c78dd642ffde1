/* SPDX-License-Identifier: MIT
 *
 * Reasons against values.
 */
#include "ingest/reason.h"

#include <string.h>

#include "base/utf8.h"
#include "report/yaml_text.h"
#include "value/cleaning.h"

enum { EXCERPT_SIZE = 40 }; /* bytes of a value that a message shows */

static void append_type(const reason_field *f, text *out)
{
    static const char *const names[] = {"?",        "bool",   "int",  "decimal",
                                        "number",   "string", "time", "date",
                                        "duration", "person", "list"};
    text_append(out, names[f->type]);
    if (f->type == CARPEL_DECIMAL)
        text_append_format(out, "(%u)", f->scale);
}

/* The beginning of a value, with what does not print replaced. */
static void append_excerpt(slice s, text *out)
{
    size_t at = 0;
    while (at < s.size && at < EXCERPT_SIZE) {
        size_t length;
        uint32_t code = utf8_decode(s.data + at, s.size - at, &length);
        if (code < 0x20 || code == 0x7f || code == 0xfffd)
            text_append_char(out, '?');
        else
            text_append_bytes(out, s.data + at, length);
        at += length;
    }
    if (at < s.size)
        text_append(out, "...");
}

/* The format that the reason itself names, when the column has none yet. */
static bool append_format(const reason_field *f, const char *why, text *out)
{
    static const char fits[] = "it would fit the format ";
    const char *format = strstr(why, fits);
    if (f->has_format || format == NULL)
        return false;
    text_append_format(out, "format: %s", format + strlen(fits));
    return true;
}

/* Does a point stand before the comma? Then it stands between thousands. */
static bool has_thousands(slice s)
{
    const char *comma = memchr(s.data, ',', s.size);
    const char *point = memchr(s.data, '.', s.size);
    return comma && point && point < comma;
}

/* "1.005": some people write a thousand and five so. */
static bool may_be_thousands(slice s)
{
    size_t begin = s.size > 0 && s.data[0] == '-' ? 1 : 0;
    const char *point = memchr(s.data, '.', s.size);
    size_t before = point ? (size_t)(point - s.data) - begin : 0;
    return before >= 1 && before <= 3 && begin + before + 4 == s.size;
}

static bool has_more_digits(const char *why)
{
    return strstr(why, "more digits after the point") != NULL;
}

/* What can be done to the texts of the field so that this one can be read; false: nothing is known. */
static bool append_step(const reason_field *f, slice value, const char *why, text *out)
{
    bool is_exact = f->type == CARPEL_DECIMAL || f->type == CARPEL_INT;
    if (append_format(f, why, out))
        return true;
    if (strstr(why, "a comma is not allowed"))
        text_append(out, has_thousands(value) ? "thousands: \".\", decimal: \",\""
                                              : "decimal: \",\"");
    else if (is_exact && has_more_digits(why))
        text_append(out, may_be_thousands(value)
                             ? "round: half_even}, or {..., thousands: \".\""
                             : "round: half_even");
    else if (strstr(why, "a word for nothing"))
        text_append_format(out, "missing: ['%.*s']", (int)value.size, value.data);
    else
        return false;
    return true;
}

/* The value is no whole number of what `unit` says, or one that the type cannot hold. */
static void append_unit(const reason_field *f, text *out)
{
    if (f->type == CARPEL_DECIMAL && (int)f->scale == cleaning_unit_digits(f->unit))
        text_append_format(out, "it is no whole number of %s", f->unit);
    else
        text_append_format(
            out, "counted in %s it has more digits after the point than the type keeps",
            f->unit);
    text_append_format(out, "; \"unit: %s\" may not fit the column", f->unit);
}

/* The field as `from:` has it; or the list of all of them. */
static void append_from(const reason_field *f, text *out)
{
    if (f->others)
        text_append_char(out, '[');
    yaml_append_text(out, slice_of(f->from));
    for (const char *const *other = f->others; other && *other; other++) {
        text_append(out, ", ");
        yaml_append_text(out, slice_of(*other));
    }
    if (f->others)
        text_append_char(out, ']');
}

/* ": write time: {from: ordered_at, format: "%d.%m.%Y"}" */
static void append_line(const reason_field *f, slice value, const char *why, text *out)
{
    static const char trait[] = "user.";
    text step;
    text_init(&step);
    bool is_trait = strncmp(f->name, trait, strlen(trait)) == 0;
    if (append_step(f, value, why, &step)) {
        text_append_format(
            out, "%s write %s: {from: ",
            strstr(why, "leave the field empty") ? ", or"
            : strstr(step.data, "thousands: \".\", decimal")
                ? "; where all points of the column stand between thousands,"
                : ":",
            f->name + (is_trait ? strlen(trait) : 0));
        append_from(f, out);
        text_append_format(out, ", %s}", step.data);
    }
    text_done(&step);
}

void reason_append_unreadable(const reason_field *f, slice value, const char *why,
                              text *out)
{
    text_append_format(out, "column \"%s\"", f->from);
    for (const char *const *other = f->others; other && *other; other++)
        text_append_format(out, ", else \"%s\"", *other);
    text_append(out, ": " REASON_QUOTE_BEGIN);
    append_excerpt(value, out);
    text_append(out, REASON_QUOTE_END);
    append_type(f, out);
    text_append(out, ": ");
    if (f->unit && has_more_digits(why)) {
        append_unit(f, out);
        return;
    }
    text_append(out, why);
    append_line(f, value, why, out);
}
