/* SPDX-License-Identifier: MIT
 *
 * Many cells of a column at once. What is written as usual is read in a few steps; all else,
 * and what does not fit, as one cell is.
 */
#include <endian.h>
#include <string.h>

#include "plugin/cells_parts.h"
#include "plugin/exponent.h"
#include "value/value.h"

enum {
    SHORT_DECIMAL = 9, /* characters that are read without a look at overflows */
    SHORT_SCALE = 9
};

/* Digits, and perhaps a point with at most `scale` digits behind it. False: it is written in
 * another way, or is very long. */
static inline bool read_short_decimal(const char *data, size_t size, unsigned scale,
                                      int64_t *out)
{
    static const int64_t powers[] = {1,      10,      100,      1000,      10000,
                                     100000, 1000000, 10000000, 100000000, 1000000000};
    int64_t value = 0;
    size_t i = 0, point;
    if (size > SHORT_DECIMAL || scale > SHORT_SCALE)
        return false;
    for (; i < size && (unsigned char)(data[i] - '0') <= 9; i++)
        value = value * 10 + (data[i] - '0');
    if (i == 0)
        return false;
    if (i == size) {
        *out = value * powers[scale];
        return true;
    }
    point = i++;
    if (data[point] != '.' || i == size || size - i > scale)
        return false;
    for (; i < size && (unsigned char)(data[i] - '0') <= 9; i++)
        value = value * 10 + (data[i] - '0');
    *out = value * powers[scale - (size - 1 - point)];
    return i == size;
}

/* "10:05:09" in microseconds; false: it is no such time. */
static inline bool read_usual_clock(const char *data, int64_t *out)
{
    const uint64_t zeros = UINT64_C(0x30303a30303a3030); /* "00:00:00" */
    uint64_t word;
    memcpy(&word, data, 8);
    word = le64toh(word) ^ zeros;
    uint64_t not_digits = (word + UINT64_C(0x0606000606000606)) | word;
    if ((not_digits & UINT64_C(0xf0f0fff0f0fff0f0)) != 0)
        return false;
    unsigned hour = (unsigned)((word & 15) * 10 + (word >> 8 & 15));
    unsigned minute = (unsigned)((word >> 24 & 15) * 10 + (word >> 32 & 15));
    unsigned second = (unsigned)((word >> 48 & 15) * 10 + (word >> 56 & 15));
    *out = (int64_t)(hour * 3600 + minute * 60 + second) * MICROSECONDS_PER_SECOND;
    return hour < 24 && minute < 60 && second < 60;
}

/* Is the date at `data` (10 bytes) the one that was read last? */
static inline bool is_same_day(const cells_day *day, const char *data)
{
    uint64_t first;
    uint16_t last;
    memcpy(&first, data, 8);
    memcpy(&last, data + 8, 2);
    return day->is_known && day->first == first && day->last == last;
}

/* Read a date and remember it. False: it cannot be, or not all of its times are as far
 * from its begin as the clock says. */
static bool remember_day(cells *c, const char *data)
{
    const char *why;
    int64_t date;
    c->day.is_known = value_read_date((slice){data, 10}, NULL, &date, &why) &&
                      date > DATE_MIN + 1 && date < DATE_MAX - 1;
    if (c->day.is_known && c->type == CARPEL_TIME)
        c->day.is_known = zone_day_is_even(c->local, date, &c->day.begin);
    else
        c->day.begin = date;
    memcpy(&c->day.first, data, 8);
    memcpy(&c->day.last, data + 8, 2);
    return c->day.is_known;
}

/* "2026-03-01 10:05:09" or with a T, in a column without a format. */
static inline bool read_usual_time(cells *c, const char *data, size_t size, int64_t *out)
{
    int64_t clock;
    if (c->format || size != 19 || (data[10] != ' ' && data[10] != 'T') ||
        !read_usual_clock(data + 11, &clock) ||
        (!is_same_day(&c->day, data) && !remember_day(c, data)))
        return false;
    *out = c->day.begin + clock;
    return true;
}

static inline bool read_usual_date(cells *c, const char *data, size_t size, int64_t *out)
{
    if (c->format || size != 10 ||
        (!is_same_day(&c->day, data) && !remember_day(c, data)))
        return false;
    *out = c->day.begin;
    return true;
}

/* ---- readers of a value: the usual form first ------------------------------------------ */

static inline bool read_whole(cells *c, slice s, int64_t *out)
{
    const char *why;
    return read_short_decimal(s.data, s.size, c->scale, out) ||
           exponent_read_decimal(s, c->scale, out, &why);
}

static inline bool read_time(cells *c, slice s, int64_t *out)
{
    const char *why;
    return read_usual_time(c, s.data, s.size, out) ||
           value_read_time(s, c->format, c->local, out, &why);
}

static inline bool read_date(cells *c, slice s, int64_t *out)
{
    const char *why;
    return read_usual_date(c, s.data, s.size, out) ||
           value_read_date(s, c->format, out, &why);
}

/* ---- columns ----------------------------------------------------------------------------- */

/* The cells one after the other, each by `reader`; answers as cells_add_texts. */
static inline bool add_read(cells *c, size_t row, const char *data,
                            const carpel_cell *texts, size_t stride, size_t count,
                            bool (*reader)(cells *c, slice s, int64_t *out))
{
    bool is_date = c->type == CARPEL_DATE;
    for (size_t i = 0; i < count; i++, row++, texts += stride) {
        slice s = {cell_text(data, *texts), cell_size(*texts)};
        int64_t value = 0;
        if (s.size == 0)
            c->null_count++;
        else if (!reader(c, s, &value))
            return false;
        else
            mark_present(c, row);
        if (is_date)
            c->values.days[row] = (int32_t)value;
        else
            c->values.wholes[row] = value;
    }
    return true;
}

/* Types that are rare. */
static bool add_others(cells *c, size_t row, const char *data, const carpel_cell *texts,
                       size_t stride, size_t count)
{
    const char *why;
    for (size_t i = 0; i < count; i++, row++, texts += stride) {
        slice s = {cell_text(data, *texts), cell_size(*texts)};
        if (s.size > 0 && !cells_read_value(c, row, s, &why)) {
            c->is_set = false;
            return false;
        }
        cells_end_row(c, row);
    }
    return true;
}

static bool add_texts(cells *c, size_t row, const char *data, const carpel_cell *texts,
                      size_t stride, size_t count)
{
    switch (c->type) {
    case CARPEL_STRING:
    case CARPEL_PERSON: return cells_add_strings(c, row, data, texts, stride, count);
    case CARPEL_INT:
    case CARPEL_DECIMAL: return add_read(c, row, data, texts, stride, count, read_whole);
    case CARPEL_TIME: return add_read(c, row, data, texts, stride, count, read_time);
    case CARPEL_DATE: return add_read(c, row, data, texts, stride, count, read_date);
    default: return add_others(c, row, data, texts, stride, count);
    }
}

bool cells_add_texts(cells *c, size_t row, const char *data, const carpel_cell *texts,
                     size_t stride, size_t count)
{
    size_t nulls = c->null_count;
    cells_reserve(c, row + count);
    if (!texts) {
        for (size_t i = 0; i < count; i++)
            cells_end_row(c, row + i);
        return true;
    }
    if (add_texts(c, row, data, texts, stride, count))
        return true;
    for (size_t i = row; i < row + count; i++)
        c->present[i / 8] = (uint8_t)(c->present[i / 8] & ~(1u << (i % 8)));
    c->null_count = nulls;
    return false;
}
