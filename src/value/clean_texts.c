/* SPDX-License-Identifier: MIT
 *
 * The steps of cleaning that look at letters, blanks and words. Texts of ASCII, which nearly all are,
 * stay away from the tables of Unicode.
 */
#include <strings.h>
#include <utf8proc.h>

#include "base/unicode.h"
#include "base/utf8.h"
#include "value/cleaning_parts.h"

static clean_result compare(slice in, const text *out)
{
    return slice_equals(in, (slice){out->data, out->size}) ? CLEAN_SAME : CLEAN_CHANGED;
}

/* What is not UTF-8 stays as it is: it is refused elsewhere. */
static clean_result change_form(slice in, unicode_form form, text *out)
{
    return unicode_append(out, in, form) ? compare(in, out) : CLEAN_SAME;
}

static unicode_form form_of(const clean_setting *s)
{
    return strcmp(s->texts[0], "nfkc") == 0 ? UNICODE_COMPATIBLE : UNICODE_COMPOSED;
}

clean_result clean_unicode(clean_job *job, slice in, text *out)
{
    if (utf8_is_ascii(in.data, in.size))
        return CLEAN_SAME;
    return change_form(in, form_of(job->setting), out);
}

/* A blank of any kind, or a sign without a width that gets into files by accident. */
static bool is_blank(uint32_t code)
{
    return code <= ' ' || code == 0x7F || code == 0x85 || code == 0xA0 ||
           code == 0x1680 || (code >= 0x2000 && code <= 0x200B) || code == 0x2028 ||
           code == 0x2029 || code == 0x202F || code == 0x205F || code == 0x2060 ||
           code == 0x3000 || code == 0xFEFF;
}

/* Where the last character of a text that is not empty begins. */
static size_t last_begin(slice s)
{
    size_t at = s.size - 1;
    while (at > 0 && ((unsigned char)s.data[at] & 0xC0) == 0x80)
        at--;
    return at;
}

static slice trimmed(slice s)
{
    size_t length;
    while (s.size > 0 && is_blank(utf8_decode(s.data, s.size, &length))) {
        s.data += length;
        s.size -= length;
    }
    while (s.size > 0) {
        size_t at = last_begin(s);
        bool is_blank_there = is_blank(utf8_decode(s.data + at, s.size - at, &length));
        if (!is_blank_there || at + length != s.size)
            break;
        s.size = at;
    }
    return s;
}

clean_result clean_trim(clean_job *job, slice in, text *out)
{
    (void)job;
    slice s = trimmed(in);
    if (s.size == in.size)
        return CLEAN_SAME;
    text_append_bytes(out, s.data, s.size);
    return CLEAN_CHANGED;
}

/* One expression after the other, each on what the one before has left. */
clean_result clean_replace(clean_job *job, slice in, text *out)
{
    const clean_setting *s = job->setting;
    if (!job->work->scratch)
        job->work->scratch = pattern_scratch_new();
    text from;
    text_init(&from);
    text_append_bytes(&from, in.data, in.size);
    for (size_t i = 0; i * 2 < s->text_count; i++) {
        text_clear(out);
        pattern_result result =
            pattern_replace(s->patterns[i], (slice){from.data, from.size},
                            slice_of(s->texts[i * 2 + 1]), job->work->scratch, out);
        if (result == PATTERN_LIMIT)
            job->refusal = "an expression of \"replace\" takes too long on it";
        if (result != PATTERN_YES)
            continue;
        text_clear(&from);
        text_append_bytes(&from, out->data, out->size);
    }
    text_clear(out);
    text_append_bytes(out, from.data, from.size);
    text_done(&from);
    return job->refusal ? CLEAN_REFUSED : compare(in, out);
}

clean_result clean_missing(clean_job *job, slice in, text *out)
{
    (void)out;
    for (size_t i = 0; i < job->setting->text_count; i++)
        if (slice_is(in, job->setting->texts[i]))
            return CLEAN_NOTHING;
    return CLEAN_SAME;
}

static void append_code(utf8proc_int32_t code, text *out)
{
    utf8proc_uint8_t bytes[4];
    text_append_bytes(out, (const char *)bytes,
                      (size_t)utf8proc_encode_char(code, bytes));
}

static clean_result change_case(slice in, bool is_upper, text *out)
{
    if (!utf8_is_valid(in.data, in.size))
        return CLEAN_SAME;
    for (size_t at = 0, length; at < in.size; at += length) {
        utf8proc_int32_t code =
            (utf8proc_int32_t)utf8_decode(in.data + at, in.size - at, &length);
        append_code(is_upper ? utf8proc_toupper(code) : utf8proc_tolower(code), out);
    }
    return compare(in, out);
}

/* The same for ASCII. */
static clean_result change_ascii(slice in, bool is_upper, text *out)
{
    const char first = is_upper ? 'a' : 'A';
    size_t i = 0;
    while (i < in.size && (unsigned char)(in.data[i] - first) >= 26)
        i++;
    if (i == in.size)
        return CLEAN_SAME;
    text_append_bytes(out, in.data, in.size);
    for (; i < in.size; i++)
        if ((unsigned char)(out->data[i] - first) < 26)
            out->data[i] = (char)(out->data[i] ^ 0x20);
    return CLEAN_CHANGED;
}

static clean_result change_letters(const char *wanted, slice in, text *out)
{
    bool is_upper = strcmp(wanted, "upper") == 0;
    if (utf8_is_ascii(in.data, in.size))
        return change_ascii(in, is_upper, out);
    return strcmp(wanted, "fold") == 0 ? change_form(in, UNICODE_FOLDED, out)
                                       : change_case(in, is_upper, out);
}

/* A letter and its mark may be one sign in one case only: there is a small t with two dots,
 * and no large one. So what has got another case gets its form once more. */
clean_result clean_case(clean_job *job, slice in, text *out)
{
    clean_result result = change_letters(job->setting->texts[0], in, out);
    if (result == CLEAN_SAME || !cleaning_does(job->all, CLEAN_UNICODE))
        return result;
    text cased = *out;
    text_init(out);
    if (!unicode_append(out, (slice){cased.data, cased.size},
                        form_of(&job->all->settings[CLEAN_UNICODE])))
        text_append_bytes(out, cased.data, cased.size);
    text_done(&cased);
    return compare(in, out);
}

/* Digits, a point, and nothing but zeros behind it: what a table made of a whole number. */
clean_result clean_whole(clean_job *job, slice in, text *out)
{
    (void)job;
    size_t end = in.size, point;
    while (end > 0 && in.data[end - 1] == '0')
        end--;
    if (end < 2 || end == in.size || in.data[end - 1] != '.')
        return CLEAN_SAME;
    point = end - 1;
    for (size_t i = in.data[0] == '-' && point > 1 ? 1 : 0; i < point; i++)
        if (in.data[i] < '0' || in.data[i] > '9')
            return CLEAN_SAME;
    text_append_bytes(out, in.data, point);
    return CLEAN_CHANGED;
}

static clean_result change_word(const clean_setting *s, slice in, const char *becomes,
                                text *out)
{
    for (size_t i = 0; i < s->text_count; i++)
        if (strlen(s->texts[i]) == in.size &&
            strncasecmp(s->texts[i], in.data, in.size) == 0) {
            text_append(out, becomes);
            return CLEAN_CHANGED;
        }
    return CLEAN_SAME;
}

clean_result clean_true(clean_job *job, slice in, text *out)
{
    return change_word(job->setting, in, "true", out);
}

clean_result clean_false(clean_job *job, slice in, text *out)
{
    return change_word(job->setting, in, "false", out);
}
