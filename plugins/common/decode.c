/* SPDX-License-Identifier: MIT
 *
 * Bytes of a letter that is cut by the end of what was given wait for the rest.
 */
#include "common/decode.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "common/memory.h"

struct decoder {
    iconv_t iconv;
    const char *encoding, *path;
    char *waiting; /* [at, end) */
    size_t at, end, capacity;
    bool is_hungry;
};

const char *encoding_of_mark(const char *bytes, size_t size, size_t *mark_size)
{
    static const struct {
        const char *mark;
        size_t size;
        const char *encoding;
    } marks[] = {/* the longer one of two that begin alike comes first */
                 {"\xef\xbb\xbf", 3, "UTF-8"},
                 {"\xff\xfe\0\0", 4, "UTF-32LE"},
                 {"\0\0\xfe\xff", 4, "UTF-32BE"},
                 {"\xff\xfe", 2, "UTF-16LE"},
                 {"\xfe\xff", 2, "UTF-16BE"}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        *mark_size = marks[i].size;
        if (size >= *mark_size && memcmp(bytes, marks[i].mark, *mark_size) == 0)
            return marks[i].encoding;
    }
    *mark_size = 0;
    return NULL;
}

decoder *decoder_open(const char *encoding, const char *path, carpel_error *err)
{
    iconv_t opened = iconv_open("UTF-8", encoding);
    if (opened == (iconv_t)-1) {
        carpel_fail(err, CARPEL_E_SYSTEM, "this system cannot read %s, as \"%s\" has it",
                    encoding, path);
        return NULL;
    }
    decoder *d = common_alloc(1, sizeof *d);
    *d =
        (decoder){.iconv = opened, .encoding = encoding, .path = path, .is_hungry = true};
    return d;
}

void decoder_close(decoder *d)
{
    if (!d)
        return;
    iconv_close(d->iconv);
    free(d->waiting);
    free(d);
}

void decoder_give(decoder *d, const char *bytes, size_t size)
{
    size_t left = d->end - d->at;
    if (left > 0)
        memmove(d->waiting, d->waiting + d->at, left);
    if (left + size > d->capacity) {
        d->capacity = left + size;
        d->waiting = common_resize(d->waiting, d->capacity);
    }
    if (size > 0)
        memcpy(d->waiting + left, bytes, size);
    d->at = 0;
    d->end = left + size;
    d->is_hungry = d->end == 0;
}

bool decoder_is_hungry(const decoder *d)
{
    return d->is_hungry;
}

bool decoder_take(decoder *d, char *out, size_t size, size_t *got, carpel_error *err)
{
    char *in = d->waiting + d->at;
    size_t left = d->end - d->at, room = size;
    size_t result = iconv(d->iconv, &in, &left, &out, &room);
    int reason = errno;
    d->at = d->end - left;
    *got = size - room;
    d->is_hungry = left == 0 || (result == (size_t)-1 && reason == EINVAL);
    if (result == (size_t)-1 && reason == EILSEQ && *got == 0)
        return carpel_fail(err, CARPEL_E_INPUT, "\"%s\" is not %s as it says", d->path,
                           d->encoding);
    return true;
}

bool decoder_check_end(const decoder *d, carpel_error *err)
{
    return d->at == d->end ||
           carpel_fail(err, CARPEL_E_INPUT, "\"%s\" ends in the middle of a letter (%s)",
                       d->path, d->encoding);
}

bool byte_table_make(const char *encoding, byte_table *out, carpel_error *err)
{
    iconv_t opened = iconv_open("UTF-8", encoding);
    if (opened == (iconv_t)-1)
        return carpel_fail(err, CARPEL_E_SYSTEM, "this system cannot read %s", encoding);
    for (size_t i = 0; i < 256; i++) {
        char byte = (char)i, *in = &byte, *to = out->bytes[i];
        size_t left = 1, room = sizeof out->bytes[i];
        bool is_letter = iconv(opened, &in, &left, &to, &room) != (size_t)-1;
        out->sizes[i] = is_letter ? (unsigned char)(sizeof out->bytes[i] - room) : 0;
        iconv(opened, NULL, NULL, NULL, NULL);
    }
    iconv_close(opened);
    return true;
}
