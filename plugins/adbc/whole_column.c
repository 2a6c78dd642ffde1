/* SPDX-License-Identifier: MIT
 *
 * Values are copied, so a driver may do with its memory what it likes once a batch is released.
 */
#include "adbc/whole_column.h"

#include <math.h>
#include <string.h>

#include "adbc/values.h"
#include "common/bits.h"
#include "common/columns.h"
#include "common/moments.h"

/* ---- which are missing ---------------------------------------------------------------- */

static bool is_present(const whole_column *c, size_t row)
{
    return array_builder_has(&c->to, row);
}

/* The bits of the array; NULL: nothing is missing. */
static const uint8_t *bits_of(const struct ArrowArray *array)
{
    return array->n_buffers > 0 && array->null_count != 0 ? array->buffers[0] : NULL;
}

static void add_present(whole_column *c, const struct ArrowArray *array, int64_t begin,
                        size_t row, size_t count)
{
    const uint8_t *bits = bits_of(array);
    for (size_t i = 0; bits && i < count; i++)
        if (!bit_at(bits, (size_t)begin + i))
            array_builder_miss(&c->to, row + i, 1);
}

/* ---- numbers --------------------------------------------------------------------------- */

#define ADD_WHOLES(name, source_type)                                                    \
    static bool name(whole_column *c, const struct ArrowArray *array, int64_t begin,     \
                     size_t row, size_t count)                                           \
    {                                                                                    \
        const source_type *from = (const source_type *)array->buffers[1] + begin;        \
        int64_t *to = (int64_t *)(void *)c->to.values + row;                             \
        bool is_over = false;                                                            \
        for (size_t i = 0; i < count; i++)                                               \
            is_over |= __builtin_mul_overflow(from[i], c->factor, &to[i]) &&             \
                       is_present(c, row + i);                                           \
        return !is_over;                                                                 \
    }

ADD_WHOLES(add_int8, int8_t)
ADD_WHOLES(add_int16, int16_t)
ADD_WHOLES(add_int32, int32_t)
ADD_WHOLES(add_int64, int64_t)
ADD_WHOLES(add_uint8, uint8_t)
ADD_WHOLES(add_uint16, uint16_t)
ADD_WHOLES(add_uint32, uint32_t)
ADD_WHOLES(add_uint64, uint64_t)

static bool copy_numbers(whole_column *c, const struct ArrowArray *array, int64_t begin,
                         size_t row, size_t count)
{
    double *to = (double *)(void *)c->to.values + row;
    bool is_good = true;
    memcpy(to, (const double *)array->buffers[1] + begin, count * sizeof *to);
    for (size_t i = 0; i < count; i++)
        is_good &= isfinite(to[i]) || !is_present(c, row + i);
    return is_good;
}

/* 128 bits, of which nearly always 64 are used. */
static bool add_wide(whole_column *c, const struct ArrowArray *array, int64_t begin,
                     size_t row, size_t count)
{
    int64_t *to = (int64_t *)(void *)c->to.values + row, halves[2];
    const char *from = (const char *)array->buffers[1] + (size_t)begin * sizeof halves;
    bool is_over = false;
    for (size_t i = 0; i < count; i++) {
        memcpy(halves, from + i * sizeof halves, sizeof halves);
        bool is_wide = halves[1] != (halves[0] < 0 ? -1 : 0);
        is_wide |= __builtin_mul_overflow(halves[0], c->factor, &to[i]);
        is_over |= is_wide && is_present(c, row + i);
    }
    return !is_over;
}

static bool are_within(const whole_column *c, const int64_t *values, size_t row,
                       size_t count, int64_t first, int64_t last)
{
    bool is_good = true;
    for (size_t i = 0; i < count; i++)
        is_good &= (values[i] >= first && values[i] <= last) || !is_present(c, row + i);
    return is_good;
}

static bool add_moments(whole_column *c, const struct ArrowArray *array, int64_t begin,
                        size_t row, size_t count)
{
    return add_int64(c, array, begin, row, count) &&
           are_within(c, (const int64_t *)(void *)c->to.values + row, row, count,
                      MOMENT_FIRST, MOMENT_LAST);
}

static bool add_days(whole_column *c, const struct ArrowArray *array, int64_t begin,
                     size_t row, size_t count)
{
    int32_t *to = (int32_t *)(void *)c->to.values + row;
    bool is_good = true;
    memcpy(to, (const int32_t *)array->buffers[1] + begin, count * sizeof *to);
    for (size_t i = 0; i < count; i++)
        is_good &= (to[i] >= MOMENT_FIRST_DAY && to[i] <= MOMENT_LAST_DAY) ||
                   !is_present(c, row + i);
    return is_good;
}

static bool add_bits(whole_column *c, const struct ArrowArray *array, int64_t begin,
                     size_t row, size_t count)
{
    for (size_t i = 0; i < count; i++)
        bit_set(c->to.values, row + i, bit_at(array->buffers[1], (size_t)begin + i));
    return true;
}

/* ---- texts ----------------------------------------------------------------------------- */

/* Texts of 4 bytes an offset, as most drivers have them. */
static bool add_offset_texts(whole_column *c, const struct ArrowArray *array,
                             int64_t begin, size_t row, size_t count)
{
    const int32_t *offsets = (const int32_t *)array->buffers[1] + begin;
    const char *bytes = array->buffers[2];
    int32_t *numbers = (int32_t *)(void *)c->to.values;
    bool is_good = true;
    for (size_t i = 0; i < count && is_good; i++) {
        numbers[row + i] = 0;
        if (!is_present(c, row + i))
            continue;
        size_t size = offsets[i + 1] > offsets[i] && bytes
                          ? (size_t)(offsets[i + 1] - offsets[i])
                          : 0;
        is_good =
            array_builder_code(&c->to, row + i, size > 0 ? bytes + offsets[i] : "", size);
    }
    return is_good;
}

/* All others: large ones, views, and those of a dictionary, where a text may be missing, too. */
static bool add_other_texts(whole_column *c, const struct ArrowArray *array,
                            int64_t begin, size_t row, size_t count)
{
    int32_t *numbers = (int32_t *)(void *)c->to.values;
    bool is_good = true;
    for (size_t i = 0; i < count && is_good; i++) {
        value v = value_at(c->form, array, begin - array->offset + (int64_t)i);
        numbers[row + i] = 0;
        if (!v.is_missing) {
            is_good = array_builder_code(&c->to, row + i, v.bytes, v.size);
        } else if (is_present(c, row + i)) {
            array_builder_miss(&c->to, row + i, 1);
        }
    }
    return is_good;
}

/* ---- which columns ------------------------------------------------------------------------ */

static bool is_text(carpel_type type)
{
    return type == CARPEL_STRING || type == CARPEL_PERSON;
}

static whole_step *number_step(const form *f)
{
    static whole_step *const steps[2][4] = {
        {add_int8, add_int16, add_int32, add_int64},
        {add_uint8, add_uint16, add_uint32, add_uint64}};
    size_t size = f->width == 1 ? 0 : f->width == 2 ? 1 : f->width == 4 ? 2 : 3;
    return steps[f->kind == FORM_UINT][size];
}

/* 10 to the power; 0: it is no whole number of 64 bits. */
static int64_t power_of_ten(int power)
{
    int64_t out = 1;
    for (int i = 0; i < power && power <= 18; i++)
        out *= 10;
    return power >= 0 && power <= 18 ? out : 0;
}

/* A decimal of fewer digits behind the point than are wanted. */
static whole_step *decimal_step(const form *f)
{
    return f->width == 4    ? add_int32
           : f->width == 8  ? add_int64
           : f->width == 16 ? add_wide
                            : NULL;
}

/* 0: values cannot be brought to the scale by multiplying. What is no whole number has 1. */
static int64_t factor_of(const form *f, const carpel_column *wanted)
{
    int scale = wanted->type == CARPEL_DECIMAL ? (int)wanted->scale : 0;
    if (f->kind == FORM_TIME)
        return f->per_second <= 1000000 ? 1000000 / f->per_second : 0;
    return power_of_ten(scale - (f->kind == FORM_DECIMAL ? f->scale : 0));
}

/* NULL: such a column is set cell by cell. */
static whole_step *step_of(const form *f, const carpel_column *wanted)
{
    bool is_whole = wanted->type == CARPEL_INT || wanted->type == CARPEL_DECIMAL;
    if (f->code_width > 0 && f->kind != FORM_TEXT)
        return NULL;
    switch (f->kind) {
    case FORM_BOOL: return wanted->type == CARPEL_BOOL ? add_bits : NULL;
    case FORM_INT:
    case FORM_UINT: return is_whole ? number_step(f) : NULL;
    case FORM_DECIMAL: return is_whole ? decimal_step(f) : NULL;
    case FORM_FLOAT:
        return wanted->type == CARPEL_NUMBER && f->width == 8 ? copy_numbers : NULL;
    case FORM_DATE: return wanted->type == CARPEL_DATE && f->width == 4 ? add_days : NULL;
    case FORM_TIME:
        return wanted->type == CARPEL_TIME && f->has_zone ? add_moments : NULL;
    case FORM_TEXT:
        if (!is_text(wanted->type) || f->is_bytes)
            return NULL;
        return f->layout == LAYOUT_OFFSETS && f->width == 4 && f->code_width == 0
                   ? add_offset_texts
                   : add_other_texts;
    default: return NULL;
    }
}

bool whole_column_begin(whole_column *c, const carpel_column *wanted,
                        const size_t *places, const form *forms)
{
    if (places[0] == NO_COLUMN || forms[places[0]].kind == FORM_NONE)
        return places[0] == NO_COLUMN || places[1] == NO_COLUMN;
    c->form = &forms[places[0]];
    c->field = places[0];
    c->step = step_of(c->form, wanted);
    c->factor = factor_of(c->form, wanted);
    return c->step && places[1] == NO_COLUMN && c->factor > 0;
}

/* ---- adding ------------------------------------------------------------------------------- */

static bool is_aligned(const whole_column *c, const struct ArrowArray *array)
{
    size_t width = c->form->kind == FORM_TEXT ? sizeof(int32_t)
                   : c->form->width > 8       ? 1
                                              : c->form->width;
    return c->step == add_other_texts || width == 0 ||
           (uintptr_t)array->buffers[1] % width == 0;
}

bool whole_column_add(whole_column *c, const struct ArrowArray *batch, int64_t from,
                      size_t row, size_t count)
{
    if (!c->form) {
        array_builder_miss(&c->to, row, count);
        return true;
    }
    const struct ArrowArray *array = batch->children[c->field];
    int64_t begin = array->offset + batch->offset + from;
    if (!is_aligned(c, array))
        return false;
    add_present(c, array, begin, row, count);
    return c->step(c, array, begin, row, count);
}
