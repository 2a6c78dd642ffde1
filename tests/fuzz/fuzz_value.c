/* SPDX-License-Identifier: MIT
 *
 * Any bytes as a number, a truth value, a date, a time or a duration: what is refused has a
 * reason, and what is read comes back when it is written and read again. The first byte
 * chooses the type, the rest of the first line is a format or a scale. With the first byte c the text is
 * cleaned, by the steps whose bits the first line names: what is UTF-8 stays so, and what was cleaned
 * stays as it is when it is cleaned again. With libFuzzer
 * (-fsanitize=fuzzer) it looks for new inputs; else play.c plays files back.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "value/cleaning.h"
#include "value/value.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void insist(bool holds, const char *what, const text *written)
{
    if (holds)
        return;
    fprintf(stderr, "%s: %s\n", what, written != NULL ? written->data : "");
    abort();
}

static const zone *berlin(void)
{
    static zone *z;
    carpel_error err;
    insist(z != NULL || zone_open("Europe/Berlin", &z, &err), "no zone", NULL);
    return z;
}

static void try_decimal(slice s, unsigned scale)
{
    const char *reason = NULL;
    int64_t value, again;
    if (!value_read_decimal(s, scale, &value, &reason)) {
        insist(reason != NULL, "refused without a reason", NULL);
        return;
    }
    text written;
    text_init(&written);
    value_append_decimal(value, scale, &written);
    bool ok =
        value_read_decimal((slice){written.data, written.size}, scale, &again, &reason);
    insist(ok && again == value, "a decimal does not come back", &written);
    text_done(&written);
}

/* The formats of the whole line that the input begins with; NULL when there is none. */
static void try_time(slice s, const char *format)
{
    const char *reason = NULL;
    int64_t value, again;
    if (format != NULL && !value_check_time_format(format, &reason)) {
        insist(reason != NULL, "a format is refused without a reason", NULL);
        return;
    }
    if (!value_read_time(s, format, berlin(), &value, &reason)) {
        insist(reason != NULL, "refused without a reason", NULL);
        return;
    }
    insist(value >= TIME_MIN && value <= TIME_MAX, "a time outside of the years", NULL);
    text written;
    text_init(&written);
    value_append_time(value, NULL, &written);
    bool ok =
        value_read_time((slice){written.data, written.size}, NULL, NULL, &again, &reason);
    insist(ok && again == value, "a time does not come back", &written);
    text_done(&written);
}

static void try_date(slice s, const char *format)
{
    const char *reason = NULL;
    int64_t value, again;
    if (format != NULL && !value_check_time_format(format, &reason))
        return;
    if (!value_read_date(s, format, &value, &reason)) {
        insist(reason != NULL, "refused without a reason", NULL);
        return;
    }
    text written;
    text_init(&written);
    value_append_date(value, &written);
    bool ok = value_read_date((slice){written.data, written.size}, NULL, &again, &reason);
    insist(ok && again == value, "a date does not come back", &written);
    text_done(&written);
}

static void try_duration(slice s, int64_t unit)
{
    const char *reason = NULL;
    int64_t value, again;
    if (!value_read_duration(s, unit, &value, &reason)) {
        insist(reason != NULL, "refused without a reason", NULL);
        return;
    }
    text written;
    text_init(&written);
    value_append_duration(value, &written);
    bool ok =
        value_read_duration((slice){written.data, written.size}, 0, &again, &reason);
    insist(!ok || again == value, "a duration comes back as another", &written);
    text_done(&written);
}

static void try_other(slice s)
{
    const char *reason = NULL;
    double number;
    bool flag;
    if (!value_read_number(s, &number, &reason))
        insist(reason != NULL, "refused without a reason", NULL);
    else
        insist(number - number == 0, "a number that is not finite", NULL);
    reason = NULL;
    if (!value_read_bool(s, &flag, &reason))
        insist(reason != NULL, "refused without a reason", NULL);
}

/* Each step with words that stand for many. */
static cleaning make_cleaning(unsigned long steps, const char **words)
{
    static const struct {
        clean_step step;
        const char *word;
    } settings[] = {
        {CLEAN_UNICODE, "nfc"},      {CLEAN_TRIM, "true"},      {CLEAN_MISSING, "NULL"},
        {CLEAN_CASE, "lower"},       {CLEAN_WHOLE, "true"},     {CLEAN_TRUE_WORDS, "ja"},
        {CLEAN_FALSE_WORDS, "nein"}, {CLEAN_THOUSANDS, ","},    {CLEAN_DECIMAL, "."},
        {CLEAN_UNIT, "cents"},       {CLEAN_ROUND, "half_even"}};
    cleaning c = {0};
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        words[i] = settings[i].word;
        if (steps >> settings[i].step & 1)
            c.settings[settings[i].step] =
                (clean_setting){.is_given = true, .texts = &words[i], .text_count = 1};
    }
    return c;
}

static void try_cleaning(slice s, unsigned long steps)
{
    enum { SCALE = 2 };
    unsigned fields = steps >> CLEAN_STEP_COUNT & 1 ? CLEAN_OF_NUMBERS | CLEAN_OF_EXACT
                                                    : CLEAN_OF_TEXTS | CLEAN_OF_BOOLS;
    const char *words[CLEAN_STEP_COUNT];
    cleaning c = make_cleaning(steps, words);
    bool is_steady = !cleaning_does(&c, CLEAN_UNIT); /* which divides each time */
    clean_work first, second;
    clean_work_init(&first);
    clean_work_init(&second);
    clean_outcome out = cleaning_apply(&c, fields, SCALE, s, &first);
    insist(out.refusal || out.changed_by != 0 || slice_equals(out.text, s),
           "a text has changed by itself", NULL);
    if (!out.refusal && !out.is_missing) {
        clean_outcome again = cleaning_apply(&c, fields, SCALE, out.text, &second);
        insist(!is_steady || again.refusal || again.is_missing ||
                   slice_equals(again.text, out.text),
               "a cleaned text is cleaned again", &first.buffers[0]);
        insist(!utf8_is_valid(s.data, s.size) ||
                   utf8_is_valid(out.text.data, out.text.size),
               "a cleaned text is not UTF-8 any more", NULL);
    }
    clean_work_done(&first);
    clean_work_done(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *line_end = size > 0 ? memchr(data, '\n', size) : NULL;
    if (line_end == NULL || line_end == data)
        return 0;
    char format[64] = "";
    size_t format_size = (size_t)(line_end - data) - 1;
    if (format_size >= sizeof format)
        return 0;
    memcpy(format, data + 1, format_size);
    slice s = {(const char *)line_end + 1, (size_t)(data + size - line_end) - 1};
    char *copy = malloc(s.size > 0 ? s.size : 1); /* of its exact size */
    memcpy(copy, s.data, s.size);
    s.data = copy;
    const char *given = format[0] != '\0' ? format : NULL;
    if (data[0] == 'c') {
        try_cleaning(s, strtoul(format, NULL, 10));
        free(copy);
        return 0;
    }
    switch (data[0] % 5) {
    case 0: try_decimal(s, (unsigned)strtoul(format, NULL, 10) % 19); break;
    case 1: try_time(s, given); break;
    case 2: try_date(s, given); break;
    case 3: try_duration(s, strtoll(format, NULL, 10) & 0xffffffff); break;
    default: try_other(s);
    }
    free(copy);
    return 0;
}
