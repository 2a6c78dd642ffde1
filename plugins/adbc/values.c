/* SPDX-License-Identifier: MIT
 *
 * Numbers of Arrow have the order of bytes of the machine.
 */
#include "adbc/values.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/bits.h"
#include "common/moments.h"

#define MILLISECONDS_OF_DAY INT64_C(86400000)
#define MICROSECONDS_OF_DAY INT64_C(86400000000)

/* ---- shape ------------------------------------------------------------------------- */

static int64_t buffers_of(const form *f, bool is_coded)
{
    if (is_coded)
        return 2;
    switch (f->kind) {
    case FORM_NONE: return 0;
    case FORM_RECORD: return 1;
    case FORM_LIST: return f->layout == LAYOUT_FIXED ? 1 : 2;
    case FORM_TEXT: return f->layout == LAYOUT_OFFSETS ? 3 : 2;
    default: return 2;
    }
}

/* Has it the buffers that its form needs? The one of missing values may be NULL, and that of the
 * bytes of texts where there are none. */
static bool has_buffers(const form *f, const struct ArrowArray *array, bool is_coded)
{
    int64_t count = buffers_of(f, is_coded);
    if (array->n_buffers < count || (count > 0 && !array->buffers))
        return false;
    return count < 2 || array->length == 0 || array->buffers[1];
}

static int64_t last_item(const form *f, const struct ArrowArray *array, int64_t length)
{
    int64_t begin, end = 0;
    if (length > 0)
        value_items(f, array, length - 1, &begin, &end);
    return end;
}

static bool children_hold(const form *f, const struct ArrowSchema *schema,
                          const struct ArrowArray *array, int64_t length)
{
    if (f->kind != FORM_LIST && f->kind != FORM_RECORD)
        return true;
    if (array->n_children != schema->n_children ||
        (array->n_children > 0 && !array->children))
        return false;
    int64_t needed =
        f->kind == FORM_LIST ? last_item(f, array, length) : array->offset + length;
    for (int64_t i = 0; i < array->n_children; i++)
        if (!values_hold(schema->children[i], array->children[i], needed))
            return false;
    return true;
}

bool values_hold(const struct ArrowSchema *schema, const struct ArrowArray *array,
                 int64_t length)
{
    form f = form_of(schema);
    bool is_coded = schema->dictionary != NULL;
    if (!array || !array->release || array->offset < 0 || array->length < length ||
        !has_buffers(&f, array, is_coded))
        return false;
    if (is_coded &&
        (!array->dictionary ||
         !values_hold(schema->dictionary, array->dictionary, array->dictionary->length)))
        return false;
    return is_coded || children_hold(&f, schema, array, length);
}

/* ---- reading ----------------------------------------------------------------------- */

static const char *element(const struct ArrowArray *array, int64_t at, size_t width)
{
    return (const char *)array->buffers[1] + (size_t)at * width;
}

static int64_t read_signed(const char *data, unsigned width)
{
    int8_t a;
    int16_t b;
    int32_t c;
    int64_t d;
    switch (width) {
    case 1: memcpy(&a, data, 1); return a;
    case 2: memcpy(&b, data, 2); return b;
    case 4: memcpy(&c, data, 4); return c;
    default: memcpy(&d, data, 8); return d;
    }
}

static uint64_t read_unsigned(const char *data, unsigned width)
{
    uint64_t all = (uint64_t)read_signed(data, width);
    return width == 8 ? all : all & ((UINT64_C(1) << 8 * width) - 1);
}

static double read_half(uint64_t bits)
{
    double size = (double)(bits & 0x3ff);
    int exponent = (int)(bits >> 10 & 0x1f);
    if (exponent == 31)
        size = size == 0 ? HUGE_VAL : NAN;
    else
        size = exponent == 0 ? ldexp(size, -24) : ldexp(size + 1024, exponent - 25);
    return bits >> 15 ? -size : size;
}

static double read_float(const char *data, unsigned width)
{
    float small;
    double large;
    switch (width) {
    case 2: return read_half(read_unsigned(data, 2));
    case 4: memcpy(&small, data, 4); return (double)small;
    default: memcpy(&large, data, 8); return large;
    }
}

/* Of up to 12 bytes the text stands in the view itself. */
static void read_view(const struct ArrowArray *array, const char *view, value *out)
{
    out->size = (size_t)read_unsigned(view, 4);
    uint64_t buffer = read_unsigned(view + 8, 4), begin = read_unsigned(view + 12, 4);
    out->bytes = view + 4;
    if (out->size > 12)
        out->bytes = (int64_t)buffer + 2 < array->n_buffers
                         ? (const char *)array->buffers[buffer + 2] + begin
                         : "";
}

static void read_text(const form *f, const struct ArrowArray *array, int64_t at,
                      value *out)
{
    if (f->layout == LAYOUT_VIEWS) {
        read_view(array, element(array, at, 16), out);
        return;
    }
    if (f->layout == LAYOUT_FIXED) {
        out->bytes = element(array, at, f->width);
        out->size = f->width;
        return;
    }
    int64_t begin = read_signed(element(array, at, f->width), f->width);
    int64_t end = read_signed(element(array, at + 1, f->width), f->width);
    out->bytes =
        array->buffers[2] && end > begin ? (const char *)array->buffers[2] + begin : "";
    out->size = array->buffers[2] && end > begin ? (size_t)(end - begin) : 0;
}

static void read_interval(const form *f, const char *data, value *out)
{
    out->months = f->width == 8 ? 0 : read_signed(data, 4);
    out->whole = f->width == 8    ? read_signed(data, 4)
                 : f->width == 16 ? read_signed(data + 4, 4)
                                  : 0;
    out->nanoseconds = f->width == 8    ? read_signed(data + 4, 4) * 1000000
                       : f->width == 16 ? read_signed(data + 8, 8)
                                        : 0;
}

static void read_value(const form *f, const struct ArrowArray *array, int64_t at,
                       value *out)
{
    const char *data = f->kind == FORM_TEXT || f->kind == FORM_BOOL ||
                               f->kind == FORM_LIST || f->kind == FORM_RECORD
                           ? NULL
                           : element(array, at, f->width);
    switch (f->kind) {
    case FORM_BOOL: out->whole = bit_at(array->buffers[1], (size_t)at); break;
    case FORM_INT:
    case FORM_TIME:
    case FORM_SPAN: out->whole = read_signed(data, f->width); break;
    case FORM_UINT: out->natural = read_unsigned(data, f->width); break;
    case FORM_FLOAT: out->number = read_float(data, f->width); break;
    case FORM_DATE: {
        int64_t left;
        out->whole = read_signed(data, f->width);
        if (f->width == 8)
            out->whole = moment_split(out->whole, MILLISECONDS_OF_DAY, &left);
        break;
    }
    case FORM_DECIMAL:
        out->bytes = data;
        out->size = f->width;
        break;
    case FORM_MONTHS_DAYS: read_interval(f, data, out); break;
    case FORM_TEXT: read_text(f, array, at, out); break;
    default: break;
    }
}

static bool is_missing(const struct ArrowArray *array, int64_t at)
{
    return array->n_buffers > 0 && array->buffers[0] && array->null_count != 0 &&
           !bit_at(array->buffers[0], (size_t)at);
}

value value_at(const form *f, const struct ArrowArray *array, int64_t at)
{
    value out = {0};
    at += array->offset;
    out.is_missing = f->kind == FORM_NONE || is_missing(array, at);
    if (!out.is_missing && f->code_width > 0) {
        const struct ArrowArray *texts = array->dictionary;
        const char *code = element(array, at, f->code_width);
        at = f->are_codes_signed ? read_signed(code, f->code_width)
                                 : (int64_t)read_unsigned(code, f->code_width);
        out.is_missing =
            at < 0 || at >= texts->length || is_missing(texts, at + texts->offset);
        at += texts->offset;
        array = texts;
    }
    if (!out.is_missing)
        read_value(f, array, at, &out);
    return out;
}

void value_items(const form *f, const struct ArrowArray *array, int64_t at,
                 int64_t *begin, int64_t *end)
{
    at += array->offset;
    if (f->layout == LAYOUT_FIXED) {
        *begin = at * f->width;
        *end = *begin + f->width;
        return;
    }
    *begin = read_signed(element(array, at, f->width), f->width);
    *end = read_signed(element(array, at + 1, f->width), f->width);
}

/* ---- texts ------------------------------------------------------------------------- */

enum { LIMBS = 8, GROUP_DIGITS = 9, MOST_GROUPS = 9 };

/* Divide the number by a billion; returns what is left. */
static uint32_t take_group(uint32_t limbs[LIMBS])
{
    uint64_t left = 0;
    for (int i = LIMBS - 1; i >= 0; i--) {
        uint64_t part = left << 32 | limbs[i];
        limbs[i] = (uint32_t)(part / 1000000000);
        left = part % 1000000000;
    }
    return (uint32_t)left;
}

/* The number without its sign; true: it is negative. */
static bool read_limbs(const value *v, uint32_t limbs[LIMBS])
{
    bool is_negative = (v->bytes[v->size - 1] & 0x80) != 0;
    uint64_t carry = 1;
    memset(limbs, is_negative ? 0xff : 0, LIMBS * sizeof *limbs);
    memcpy(limbs, v->bytes, v->size);
    for (int i = 0; is_negative && i < LIMBS; i++) {
        carry += (uint32_t)~limbs[i];
        limbs[i] = (uint32_t)carry;
        carry >>= 32;
    }
    return is_negative;
}

/* The number in 64 bits, as nearly all are. */
static bool read_narrow(const value *v, int64_t *out)
{
    *out = read_signed(v->bytes, v->size < 8 ? 4 : 8);
    for (size_t i = 8; i < v->size; i++)
        if (v->bytes[i] != (*out < 0 ? '\xff' : '\0'))
            return false;
    return true;
}

static void write_narrow(int64_t number, int scale, buffer *out)
{
    char digits[32], *at = digits + sizeof digits;
    uint64_t left = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    for (int i = 0; left > 0 || i <= scale; i++) {
        if (i == scale && scale > 0)
            *--at = '.';
        *--at = (char)('0' + left % 10);
        left /= 10;
    }
    if (number < 0)
        *--at = '-';
    buffer_add_bytes(out, at, (size_t)(digits + sizeof digits - at));
}

static void write_decimal(const form *f, const value *v, buffer *out)
{
    int64_t number;
    if (f->scale >= 0 && f->scale <= 18 && read_narrow(v, &number)) {
        write_narrow(number, f->scale, out);
        return;
    }
    uint32_t limbs[LIMBS], groups[MOST_GROUPS];
    char digits[MOST_GROUPS * GROUP_DIGITS + 110], *at = digits;
    buffer_add(out, read_limbs(v, limbs) ? "-" : "");
    for (int i = 0; i < MOST_GROUPS; i++)
        groups[i] = take_group(limbs);
    for (int i = MOST_GROUPS - 1; i >= 0; i--)
        at += sprintf(at, "%09" PRIu32, groups[i]);
    for (int i = 0; i > f->scale; i--)
        *at++ = '0';
    size_t fraction = f->scale > 0 ? (size_t)f->scale : 0;
    size_t count = (size_t)(at - digits), first = 0;
    if (fraction >= count) { /* such a scale leaves no wholes */
        buffer_add(out, "0.");
        for (; count < fraction; fraction--)
            buffer_add(out, "0");
        buffer_add_bytes(out, digits, count);
        return;
    }
    while (first + 1 < count - fraction && digits[first] == '0')
        first++;
    buffer_add_bytes(out, digits + first, count - fraction - first);
    buffer_add(out, fraction > 0 ? "." : "");
    buffer_add_bytes(out, digits + count - fraction, fraction);
}

/* As few digits as read the same again. A float of 4 bytes has those that make it, and not
 * those of the double beside it: 0.1 stays 0.1. */
static void write_number(const form *f, double number, buffer *out)
{
    char digits[40];
    for (int precision = f->width == 8 ? 15 : 3; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, number);
        if (f->width == 8 ? strtod(digits, NULL) == number
                          : (double)strtof(digits, NULL) == number)
            break;
    }
    buffer_add(out, digits);
}

void value_write(const form *f, const value *v, buffer *out)
{
    char text[80] = "";
    switch (f->kind) {
    case FORM_BOOL: buffer_add(out, v->whole ? "true" : "false"); return;
    case FORM_INT: snprintf(text, sizeof text, "%" PRId64, v->whole); break;
    case FORM_UINT: snprintf(text, sizeof text, "%" PRIu64, v->natural); break;
    case FORM_FLOAT: write_number(f, v->number, out); return;
    case FORM_DECIMAL: write_decimal(f, v, out); return;
    case FORM_DATE: moment_write_date(v->whole, text, sizeof text); break;
    case FORM_TIME:
        moment_write_time(v->whole, f->per_second, ' ', f->has_zone ? "+00" : "", text,
                          sizeof text);
        break;
    case FORM_TEXT: buffer_add_bytes(out, v->bytes, v->size); return;
    case FORM_SPAN:
        snprintf(text, sizeof text, "%" PRId64 " / %" PRId64 " seconds", v->whole,
                 f->per_second);
        break;
    case FORM_MONTHS_DAYS:
        snprintf(text, sizeof text,
                 "%" PRId64 " months %" PRId64 " days %" PRId64 " seconds", v->months,
                 v->whole, v->nanoseconds / 1000000000);
        break;
    default: break;
    }
    buffer_add(out, text);
}

bool value_is_infinite(const form *f, const value *v)
{
    if (f->kind == FORM_DATE)
        return v->whole >= INT32_MAX || v->whole <= -INT32_MAX;
    return f->kind == FORM_TIME && (v->whole == INT64_MAX || v->whole <= -INT64_MAX);
}

bool value_microseconds(const form *f, const value *v, int64_t *out)
{
    int64_t left;
    if (f->kind == FORM_MONTHS_DAYS) {
        int64_t days;
        *out = moment_split(v->nanoseconds, 1000, &left);
        return !__builtin_mul_overflow(v->whole, MICROSECONDS_OF_DAY, &days) &&
               !__builtin_add_overflow(*out, days, out);
    }
    if (f->per_second > 1000000) {
        *out = moment_split(v->whole, f->per_second / 1000000, &left);
        return true;
    }
    return !__builtin_mul_overflow(v->whole, 1000000 / f->per_second, out);
}
