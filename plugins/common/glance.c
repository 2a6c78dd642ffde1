/* SPDX-License-Identifier: MIT
 *
 * Texts that are not UTF-8 are taken for Windows-1252, which is Latin-1 with letters where that has
 * controls; and what has zeros is UTF-16, when they stand in every other place, or no text.
 */
#include "common/glance.h"

#include <string.h>

#include "common/input.h"

/* So many bytes tell whether it is UTF-16. */
enum { FIRST_BYTES = 4096 };

typedef struct finding {
    bool is_utf8, has_letters_for_controls, has_zero;
    unsigned wanted;           /* bytes that are still to come of a letter in UTF-8 */
    unsigned char least, most; /* the next of them */
} finding;

/* The first byte of a letter of several bytes: how many follow, and what the next one may be. */
static bool begin_letter(finding *f, unsigned char c)
{
    f->least = c == 0xe0 ? 0xa0 : c == 0xf0 ? 0x90 : 0x80;
    f->most = c == 0xed ? 0x9f : c == 0xf4 ? 0x8f : 0xbf;
    f->wanted = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
    return c >= 0xc2 && c <= 0xf4;
}

static void look_at_byte(finding *f, unsigned char c)
{
    if (f->wanted > 0) {
        f->is_utf8 = f->is_utf8 && c >= f->least && c <= f->most;
        f->wanted = f->is_utf8 ? f->wanted - 1 : 0;
        f->least = 0x80;
        f->most = 0xbf;
    } else if (c >= 0x80 && f->is_utf8) {
        f->is_utf8 = begin_letter(f, c);
        f->wanted = f->is_utf8 ? f->wanted : 0;
    }
    f->has_letters_for_controls |= c >= 0x80 && c < 0xa0;
    f->has_zero |= c == 0;
}

/* Do zeros stand in one of every two bytes, as they do beside Latin letters? */
static const char *utf16_of(const char *bytes, size_t size)
{
    size_t zeros[2] = {0, 0};
    size_t looked_at = size < FIRST_BYTES ? size & ~(size_t)1 : FIRST_BYTES;
    for (size_t i = 0; i < looked_at; i++)
        zeros[i % 2] += bytes[i] == 0;
    bool is_big = zeros[0] > looked_at / 4 && zeros[1] == 0;
    bool is_little = zeros[1] > looked_at / 4 && zeros[0] == 0;
    return is_big ? "UTF-16BE" : is_little ? "UTF-16LE" : NULL;
}

/* The first byte that is no blank and no zero of UTF-16. */
static char first_of(const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i] != 0 && !strchr(" \t\r\n", bytes[i]))
            return bytes[i];
    return 0;
}

/* https://www.sqlite.org/fileformat.html: 16 bytes, of which the last is zero. */
static const char sqlite_header[] = "SQLite format 3";

static bool begins_with(const char *bytes, size_t size, const char *head,
                        size_t head_size)
{
    return size >= head_size && memcmp(bytes, head, head_size) == 0;
}

/* Files that programs write, by their first bytes. */
static bool check_first(const char *path, const char *bytes, size_t size,
                        carpel_error *err)
{
    if (begins_with(bytes, size, "PK\3\4", 4))
        return carpel_fail(err, CARPEL_E_INPUT,
                           "\"%s\" is a spreadsheet (.xlsx) or another zipped file, "
                           "whatever its name: save it as CSV in UTF-8",
                           path);
    if (begins_with(bytes, size, sqlite_header, sizeof sqlite_header))
        return carpel_fail(err, CARPEL_E_INPUT,
                           "\"%s\" is a database of SQLite; look at one of its tables: "
                           "carpel look 'sqlite: {file: %s, table: ...}'",
                           path, path);
    return true;
}

/* Look at all bytes of the open file, from those in its window on. */
static bool look_on(const carpel_host *host, input *in, finding *f, carpel_error *err)
{
    for (uint64_t seen = 0; seen < GLANCE_LIMIT_BYTES;) {
        for (size_t i = in->begin; i < in->end; i++)
            look_at_byte(f, (unsigned char)in->data[i]);
        seen += in->end - in->begin;
        in->begin = in->end;
        if (in->is_at_end || f->has_zero)
            break;
        if (host->is_cancelled(host))
            return carpel_fail(err, CARPEL_E_CANCELLED, "the work was stopped");
        if (!input_more(in, err))
            return false;
    }
    f->is_utf8 = f->is_utf8 && (f->wanted == 0 || !in->is_at_end);
    return true;
}

bool glance_at(const carpel_host *host, const char *path, glance *out, carpel_error *err)
{
    input in;
    finding f = {.is_utf8 = true};
    if (!input_open(&in, path, NULL, err))
        return false;
    const char *bytes = in.data + in.begin;
    size_t size = in.end - in.begin;
    bool is_marked = in.encoding && strcmp(in.encoding, "UTF-8") != 0;
    const char *utf16 = in.encoding ? NULL : utf16_of(bytes, size);
    *out = (glance){.first = first_of(bytes, size),
                    .encoding = is_marked ? in.encoding : utf16};
    bool ok = check_first(path, bytes, size, err);
    if (ok && !utf16)
        ok = look_on(host, &in, &f, err);
    if (ok && !utf16 && f.has_zero)
        ok = carpel_fail(err, CARPEL_E_INPUT,
                         "\"%s\" is no text: it has bytes that are zero", path);
    if (ok && !utf16 && !f.is_utf8)
        out->encoding = f.has_letters_for_controls ? "CP1252" : "ISO-8859-1";
    input_close(&in);
    return ok;
}
