/* SPDX-License-Identifier: MIT
 *
 * Cleans a text and reads what it has become, with the readers that all sources share.
 */
#include "ingest/cleaned.h"

#include "value/exponent.h"
#include "value/value.h"

typedef bool read_text(slice s, const char *format, const zone *zone, int64_t *out,
                       const char **why);

static bool read_date(slice s, const char *format, const zone *zone, int64_t *out,
                      const char **why)
{
    (void)zone;
    if (!value_read_date(s, format, out, why))
        return false;
    *why = "it is outside the years 1 to 9999";
    return *out >= DATE_MIN && *out <= DATE_MAX;
}

static bool read_time(slice s, const char *format, const zone *zone, int64_t *out,
                      const char **why)
{
    if (!value_read_time(s, format, zone, out, why))
        return false;
    *why = "it is outside the years 1 to 9999";
    return *out >= TIME_MIN && *out <= TIME_MAX;
}

/* The first of the formats that the text fits. */
static bool read_formats(const column_cleaning *c, slice s, read_text *read_one,
                         int64_t *out, const char **why)
{
    for (size_t i = 0; i < c->format_count; i++)
        if (read_one(s, c->formats[i], c->zone, out, why))
            return true;
    if (c->format_count == 0)
        return read_one(s, NULL, c->zone, out, why);
    if (c->format_count > 1)
        *why = "it fits none of the formats";
    return false;
}

static bool read_bool(slice s, int64_t *out, const char **why)
{
    bool truth = false;
    bool is_good = value_read_bool(s, &truth, why);
    *out = truth;
    return is_good;
}

static bool read_value(const column_cleaning *c, cleaned_value *v, const char **why)
{
    slice s = v->text;
    switch (c->type) {
    case CARPEL_BOOL: return read_bool(s, &v->whole, why);
    case CARPEL_INT:
    case CARPEL_DECIMAL: return exponent_read_decimal(s, c->scale, &v->whole, why);
    case CARPEL_NUMBER: return value_read_number(s, &v->number, why);
    case CARPEL_TIME: return read_formats(c, s, read_time, &v->whole, why);
    case CARPEL_DATE: return read_formats(c, s, read_date, &v->whole, why);
    case CARPEL_DURATION:
        return value_read_duration(s, c->unit_microseconds, &v->whole, why);
    case CARPEL_STRING:
    case CARPEL_PERSON:
    case CARPEL_LIST: break;
    }
    return true;
}

slice cleaned_text(const column_cleaning *c, slice s, clean_work *work)
{
    if (!c)
        return s;
    clean_outcome done = cleaning_apply(&c->steps, c->fields, c->scale, s, work);
    return done.is_missing ? (slice){"", 0} : done.text;
}

cleaned_value cleaned_read(const column_cleaning *c, slice s, clean_work *work)
{
    clean_outcome done = cleaning_apply(&c->steps, c->fields, c->scale, s, work);
    cleaned_value v = {.changed_by = done.changed_by, .text = done.text};
    const char *why = done.refusal;
    v.is_missing = done.is_missing || (done.text.size == 0 && c->type != CARPEL_STRING);
    if (!why && (v.is_missing || read_value(c, &v, &why)))
        return v;
    v.is_missing = cleaning_does(&c->steps, CLEAN_ON_ERROR);
    v.changed_by |= v.is_missing ? 1u << CLEAN_ON_ERROR : 0;
    v.why = v.is_missing ? NULL : why;
    return v;
}
