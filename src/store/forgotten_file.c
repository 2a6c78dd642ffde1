/* SPDX-License-Identifier: MIT
 *
 * What is read is believed only when its checksum is right.
 */
#include "store/forgotten_file.h"

#include <inttypes.h>
#include <string.h>

#include <nettle/base16.h>
#include "base/durable.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"
#include "store/checksum.h"
#include "store/store_files.h"

#define FIRST_LINE "carpel forgotten 1\n"
#define KEY        "key "
#define HASH       "forgotten "
#define LAST_LINE  "checksum "

enum { MOST_BYTES = 1 << 30, LAST_BYTES = sizeof LAST_LINE - 1 + 16 + 1 };

static char *path_of(const char *store)
{
    size_t size = strlen(store);
    while (size > 1 && store[size - 1] == '/')
        size--;
    text path;
    text_init(&path);
    text_append_bytes(&path, store, size);
    text_append(&path, ".forgotten");
    return text_take(&path);
}

/* ---- writing -------------------------------------------------------------- */

static void append_line(const char *what, const uint8_t *bytes, size_t count, text *out)
{
    text_append(out, what);
    for (size_t i = 0; i < count; i++)
        text_append_format(out, "%02x", bytes[i]);
    text_append_char(out, '\n');
}

static void append_last(slice lines, text *out)
{
    text_append_format(out, LAST_LINE "%016" PRIx64 "\n",
                       checksum_of(lines.data, lines.size));
}

/* Whoever may read the store has to know whom it leaves out. */
static bool take_rights(const char *path, const char *store, carpel_error *err)
{
    char *manifest = path_join(store, STORE_MANIFEST);
    bool is_good = durable_take_rights(path, manifest, err);
    memory_free(manifest);
    return is_good;
}

bool forgotten_file_write(const char *store, const forgotten *f, carpel_error *err)
{
    text out;
    text_init(&out);
    text_append(&out, FIRST_LINE);
    append_line(KEY, f->key, sizeof f->key, &out);
    for (size_t i = 0; i < f->count; i++)
        append_line(HASH, f->items[i].bytes, sizeof f->items[i].bytes, &out);
    append_last((slice){out.data, out.size}, &out);
    char *path = path_of(store);
    bool is_new = !file_exists(path);
    bool is_good = durable_replace(path, out.data, out.size, err) &&
                   (!is_new || take_rights(path, store, err));
    memory_free(path);
    text_done(&out);
    return is_good;
}

/* ---- reading -------------------------------------------------------------- */

static bool is_whole(slice written)
{
    if (written.size < LAST_BYTES || !slice_starts_with(written, slice_of(FIRST_LINE)))
        return false;
    slice lines = {written.data, written.size - LAST_BYTES};
    text last;
    text_init(&last);
    append_last(lines, &last);
    bool is_right = memcmp(last.data, lines.data + lines.size, LAST_BYTES) == 0;
    text_done(&last);
    return is_right;
}

/* Take a line with so many bytes from the begin of the lines. */
static bool take_line(slice *lines, const char *what, uint8_t *out, size_t count)
{
    size_t before = strlen(what), size = before + 2 * count + 1, done = count;
    struct base16_decode_ctx context;
    base16_decode_init(&context);
    if (lines->size < size || memcmp(lines->data, what, before) != 0 ||
        lines->data[size - 1] != '\n' ||
        !base16_decode_update(&context, &done, out, 2 * count, lines->data + before) ||
        done != count)
        return false;
    *lines = (slice){lines->data + size, lines->size - size};
    return true;
}

static bool read_lines(slice lines, forgotten *out)
{
    forgotten_hash hash;
    if (!take_line(&lines, KEY, out->key, sizeof out->key))
        return false;
    while (take_line(&lines, HASH, hash.bytes, sizeof hash.bytes))
        forgotten_put(out, hash);
    return lines.size == 0;
}

static bool read_written(slice written, const char *path, forgotten *out,
                         carpel_error *err)
{
    const size_t first = strlen(FIRST_LINE);
    if (is_whole(written) &&
        read_lines((slice){written.data + first, written.size - first - LAST_BYTES}, out))
        return true;
    return carpel_fail(
        err, CARPEL_E_INPUT,
        "\"%s\", which says who is forgotten, is damaged: put it back from "
        "a backup, or remove it and forget them again",
        path);
}

static bool read_file(const char *path, forgotten *out, carpel_error *err)
{
    bool exists;
    text written;
    text_init(&written);
    bool is_good = path_look(path, &exists, err);
    if (is_good && exists)
        is_good = file_read(path, MOST_BYTES, &written, err) &&
                  read_written((slice){written.data, written.size}, path, out, err);
    text_done(&written);
    return is_good;
}

/* Nobody may be lost. */
static bool join(const forgotten *there, const char *path, forgotten *f,
                 carpel_error *err)
{
    if (there->count == 0)
        return true;
    if (f->count > 0 && memcmp(f->key, there->key, sizeof f->key) != 0)
        return carpel_fail(err, CARPEL_E_INPUT,
                           "\"%s\" says who is forgotten in another store than the one "
                           "beside it: put the file or the folder back where it was",
                           path);
    memcpy(f->key, there->key, sizeof f->key);
    for (size_t i = 0; i < there->count; i++) {
        forgotten_hash h = there->items[i];
        bool is_same = i < f->count && memcmp(&f->items[i], &h, sizeof h) == 0;
        if (!is_same) /* in most cases it is, and nothing is searched */
            forgotten_put_once(f, h);
    }
    return true;
}

bool forgotten_file_read(const char *store, forgotten *f, size_t *count,
                         carpel_error *err)
{
    forgotten there = {0};
    char *path = path_of(store);
    bool is_good = read_file(path, &there, err) && join(&there, path, f, err);
    *count = there.count;
    forgotten_done(&there);
    memory_free(path);
    return is_good;
}
