/* SPDX-License-Identifier: MIT
 *
 * Many cells of a column at once. What is written as usual is read in a few steps; all else,
 * and what does not fit, as one cell is.
 */
#include <endian.h>
#include <string.h>

#include "plugin/cells_parts.h"
#include "value/exponent.h"
#include "value/value.h"

enum {
    SHORT_DECIMAL = 8, /* characters, which one word holds */
    SHORT_SCALE = 9
};

/* Digits in the bytes of a word, the first one lowest, as a number. */
static inline uint64_t digits_to_number(uint64_t digits)
{
    digits = digits * 10 + (digits >> 8);
    uint64_t even = digits & UINT64_C(0x000000ff000000ff),
             odd = digits >> 16 & UINT64_C(0x000000ff000000ff);
    return (even * UINT64_C(0x000f424000000064) + odd * UINT64_C(0x0000271000000001)) >>
           32;
}

/* Digits, and perhaps a point with at most `scale` digits behind it, of which the word holds the
 * first bytes. False: it is written in another way, or is longer. Works without a branch on how
 * long the text is and where its point stands, which is hard to guess. */
static inline bool read_short_decimal(uint64_t word, size_t size, unsigned scale,
                                      int64_t *out)
{
    static const int64_t powers[] = {1,      10,      100,      1000,      10000,
                                     100000, 1000000, 10000000, 100000000, 1000000000};
    const uint64_t zeros = UINT64_C(0x3030303030303030), /* and '.' - '0' as xor: */
        points = UINT64_C(0x1e1e1e1e1e1e1e1e), low_bits = UINT64_C(0x7f7f7f7f7f7f7f7f),
                   over_nine = UINT64_C(0x7676767676767676);
    *out = 0;
    if (size == 0 || size > SHORT_DECIMAL || scale > SHORT_SCALE)
        return false;
    /* The last character in the highest byte, zeros before the first. */
    uint64_t digits = (word ^ zeros) << (8 - size) * 8;
    uint64_t differs = digits ^ points;
    uint64_t is_point = ~(((differs & low_bits) + low_bits) | differs | low_bits);
    /* What stands before the point moves up by one byte. */
    unsigned point = (unsigned)__builtin_ctzll(is_point | UINT64_C(1) << 63);
    unsigned decimals = 7 - point / 8;
    uint64_t before = digits & ((UINT64_C(1) << (point - 7)) - 1),
             behind = digits & ~((UINT64_C(2) << point) - 1);
    digits = is_point == 0 ? digits : before << 8 | behind;
    bool is_usual = (((digits + over_nine) | digits) & ~low_bits) == 0 &&
                    decimals <= scale &&
                    (is_point == 0 || (decimals > 0 && decimals + 1 < size));
    *out = (int64_t)digits_to_number(digits) * powers[is_usual ? scale - decimals : 0];
    return is_usual;
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

/* Whole numbers and decimals. */
static bool set_decimals(cells *c, size_t row, const present_cells *p)
{
    const char *why;
    int64_t *values = c->values.wholes + row;
    unsigned scale = c->scale;
    for (size_t i = 0; i < p->count; i++) {
        slice s = present_text(p, i);
        uint64_t word =
            has_bytes(p, s, 8) ? text_load(s.data) : text_first_bytes(s.data, s.size);
        int64_t *value = &values[p->rows[i]];
        if (!read_short_decimal(word, s.size, scale, value) &&
            !exponent_read_decimal(s, scale, value, &why))
            return false;
    }
    return true;
}

static bool set_times(cells *c, size_t row, const present_cells *p)
{
    int64_t *values = c->values.wholes + row;
    for (size_t i = 0; i < p->count; i++)
        if (!read_time(c, present_text(p, i), &values[p->rows[i]]))
            return false;
    return true;
}

static bool set_dates(cells *c, size_t row, const present_cells *p)
{
    int32_t *days = c->values.days + row;
    int64_t day;
    for (size_t i = 0; i < p->count; i++) {
        if (!read_date(c, present_text(p, i), &day))
            return false;
        days[p->rows[i]] = (int32_t)day;
    }
    return true;
}

/* Types that are rare. */
static bool set_others(cells *c, size_t row, const present_cells *p)
{
    const char *why;
    for (size_t i = 0; i < p->count; i++)
        if (!cells_read_value(c, row + p->rows[i], present_text(p, i), &why))
            return false;
    return true;
}

static bool set_present(cells *c, size_t row, const present_cells *p)
{
    switch (c->type) {
    case CARPEL_STRING:
    case CARPEL_PERSON: return cells_set_texts(c, row, p);
    case CARPEL_INT:
    case CARPEL_DECIMAL: return set_decimals(c, row, p);
    case CARPEL_TIME: return set_times(c, row, p);
    case CARPEL_DATE: return set_dates(c, row, p);
    default: return set_others(c, row, p);
    }
}

/* ---- which rows are there ---------------------------------------------------------------- */

/* Of a column of strings "" is a text. */
static uint32_t size_mask(const cells *c)
{
    return c->type == CARPEL_STRING ? UINT32_MAX : ~CARPEL_CELL_QUOTED;
}

/* List up to 64 rows of the field that have a text, from its row `first` on, as those from
 * `base` on. Returns a bit for each. */
static inline uint64_t list_word(const cells_field *f, size_t first, size_t count,
                                 uint32_t base, uint32_t mask, present_cells *p)
{
    const carpel_cell *cell = f->cells + first * f->stride;
    uint64_t bits = 0;
    size_t found = p->count;
    for (size_t i = 0; i < count; i++, cell += f->stride) {
        uint64_t is_there = (cell->size & mask) != 0;
        p->rows[found] = base + (uint32_t)i;
        p->cells[found] = *cell;
        found += is_there;
        bits |= is_there << i;
    }
    p->count = found;
    return bits;
}

/* Mark rows from `row` on as present, a bit for each. */
static void mark_rows(cells *c, size_t row, uint64_t bits)
{
    for (unsigned taken = 8 - row % 8; bits != 0; taken = 8) {
        unsigned low = (unsigned)bits & ((1u << taken) - 1);
        c->present[row / 8] = (uint8_t)(c->present[row / 8] | low << row % 8);
        bits >>= taken;
        row += taken;
    }
}

/* The rows from the field's row `first` on that have a text, which the column's rows from `row`
 * on become. */
static void list_present(cells *c, size_t row, const cells_field *f, size_t first,
                         size_t count, present_cells *p)
{
    uint32_t mask = size_mask(c);
    p->count = 0;
    for (size_t i = 0; i < count; i += 64) {
        size_t size = count - i < 64 ? count - i : 64;
        mark_rows(c, row + i, list_word(f, first + i, size, (uint32_t)i, mask, p));
    }
    c->null_count += count - p->count;
}

/* What stands in missing cells is zero. */
static void clear_values(cells *c, size_t row, size_t count)
{
    size_t size = c->type == CARPEL_DATE || c->is_text ? 4 : 8;
    if (c->type != CARPEL_BOOL)
        memset((char *)c->values.block + row * size, 0, count * size);
    else
        for (size_t i = row; i < row + count; i++)
            c->values.bits[i / 8] = (uint8_t)(c->values.bits[i / 8] & ~(1u << i % 8));
}

void cells_add_series(cells *c, size_t row, int64_t value, int64_t step, size_t count)
{
    cells_reserve(c, row + count);
    int64_t *values = c->values.wholes + row;
    for (size_t i = 0; i < count; i++)
        values[i] = value + (int64_t)i * step;
    for (size_t i = 0; i < count; i += 64)
        mark_rows(c, row + i,
                  count - i < 64 ? (UINT64_C(1) << (count - i)) - 1 : ~UINT64_C(0));
}

static bool add_some(cells *c, size_t row, const cells_field *f, size_t first,
                     size_t count)
{
    present_cells p;
    p.data = f->data;
    p.size = f->size;
    list_present(c, row, f, first, count, &p);
    if (p.count < count)
        clear_values(c, row, count);
    bool is_good = set_present(c, row, &p);
    c->is_set = false;
    return is_good;
}

/* Forget the rows from `row` on. */
static void take_back(cells *c, size_t row, size_t count, size_t null_count)
{
    for (size_t i = row; i < row + count; i++)
        c->present[i / 8] = (uint8_t)(c->present[i / 8] & ~(1u << i % 8));
    c->null_count = null_count;
}

bool cells_add_field(cells *c, size_t row, const cells_field *f)
{
    size_t nulls = c->null_count;
    cells_reserve(c, row + f->count);
    if (!f->cells) {
        clear_values(c, row, f->count);
        c->null_count += f->count;
        return true;
    }
    for (size_t first = 0; first < f->count; first += CELLS_AT_ONCE) {
        size_t count =
            f->count - first < CELLS_AT_ONCE ? f->count - first : CELLS_AT_ONCE;
        if (!add_some(c, row + first, f, first, count)) {
            take_back(c, row, f->count, nulls);
            return false;
        }
    }
    return true;
}
