/* SPDX-License-Identifier: MIT
 *
 * The steps of cleaning that look at the signs and digits of numbers. They work on the text, so nothing is
 * lost to doubles.
 */
#include "value/cleaning_parts.h"
#include "value/decimal_text.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool has_at(slice s, size_t at, slice part)
{
    return part.size > 0 && at + part.size <= s.size &&
           memcmp(s.data + at, part.data, part.size) == 0;
}

/* The size of the sign between thousands that stands at `at`, or 0. */
static size_t thousands_sign(const clean_setting *s, slice in, size_t at)
{
    for (size_t i = 0; i < s->text_count; i++) {
        slice sign = slice_of(s->texts[i]);
        if (has_at(in, at, sign))
            return sign.size;
    }
    return 0;
}

static size_t count_digits(slice in, size_t at)
{
    size_t count = 0;
    while (at + count < in.size && is_digit(in.data[at + count]))
        count++;
    return count;
}

/* Where the digits before the decimal sign begin: behind a sign of the number. */
static size_t begin_of_digits(slice in)
{
    return in.size > 0 && (in.data[0] == '-' || in.data[0] == '+') ? 1 : 0;
}

/* "1.234.567,80": behind each sign there are three digits, and before the first one to three. A sign behind
 * the decimal sign is none. */
clean_result clean_thousands(clean_job *job, slice in, text *out)
{
    size_t at = begin_of_digits(in), digits = count_digits(in, at), sign;
    bool is_grouped = false;
    text_append_bytes(out, in.data, at + digits);
    at += digits;
    while ((sign = thousands_sign(job->setting, in, at)) > 0) {
        size_t group = count_digits(in, at + sign);
        if (group != 3 || digits == 0 || digits > 3) {
            job->refusal = "a sign between thousands has to stand before three digits";
            return CLEAN_REFUSED;
        }
        is_grouped = true;
        text_append_bytes(out, in.data + at + sign, group);
        at += sign + group;
        digits = group;
    }
    text_append_bytes(out, in.data + at, in.size - at);
    return is_grouped ? CLEAN_CHANGED : CLEAN_SAME;
}

clean_result clean_decimal(clean_job *job, slice in, text *out)
{
    slice sign = slice_of(job->setting->texts[0]);
    size_t found = in.size;
    for (size_t i = 0; i < in.size; i++) {
        if (has_at(in, i, sign) && found == in.size)
            found = i;
        else if (in.data[i] == '.') {
            job->refusal = "it has a point, which is not the decimal sign here";
            return CLEAN_REFUSED;
        }
    }
    if (found == in.size || slice_is(sign, "."))
        return CLEAN_SAME;
    text_append_bytes(out, in.data, found);
    text_append_char(out, '.');
    text_append_bytes(out, in.data + found + sign.size, in.size - found - sign.size);
    return CLEAN_CHANGED;
}

int cleaning_unit_digits(const char *unit)
{
    if (strcmp(unit, "cents") == 0)
        return 2;
    return strcmp(unit, "thousandths") == 0 ? 3 : 6;
}

/* What is no number stays as it is: whoever reads it says why. */
clean_result clean_unit(clean_job *job, slice in, text *out)
{
    decimal_text number;
    if (!decimal_text_read(in, &number))
        return CLEAN_SAME;
    number.point -= cleaning_unit_digits(job->setting->texts[0]);
    decimal_text_append(&number, out);
    return CLEAN_CHANGED;
}

clean_result clean_round(clean_job *job, slice in, text *out)
{
    const char *mode = job->setting->texts[0];
    decimal_text number;
    if (!decimal_text_read(in, &number) ||
        !decimal_text_round(&number, job->scale,
                            strcmp(mode, "down") == 0      ? DECIMAL_TEXT_DOWN
                            : strcmp(mode, "half_up") == 0 ? DECIMAL_TEXT_HALF_UP
                                                           : DECIMAL_TEXT_HALF_EVEN))
        return CLEAN_SAME;
    decimal_text_append(&number, out);
    return CLEAN_CHANGED;
}
