/* SPDX-License-Identifier: MIT
 *
 * Manifests as text. What is read is believed only when its checksum is right.
 */
#include "store/manifest.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "store/checksum.h"

#define FIRST_LINE "carpel store "
#define LAST_LINE  "checksum "

/* ---- writing -------------------------------------------------------------- */

/* A word: bytes that would end it stand as %20. */
static void append_word(const char *word, text *out)
{
    for (const char *c = word; *c != '\0'; c++)
        if ((unsigned char)*c <= ' ' || *c == '%' || *c == 0x7F)
            text_append_format(out, "%%%02x", (unsigned)(unsigned char)*c);
        else
            text_append_char(out, *c);
    if (*word == '\0')
        text_append(out, "%");
}

static void append_files(const char *what, const manifest_files *files, text *out)
{
    for (size_t i = 0; i < files->count; i++)
        text_append_format(out, "%s %" PRIu64 " %" PRIu64 " %016" PRIx64 "\n", what,
                           files->items[i].number, files->items[i].identity.size,
                           files->items[i].identity.checksum);
}

static void append_content(const file_content *c, text *out)
{
    if (c->bytes > 0)
        text_append_format(out, " %" PRIu64 " %016" PRIx64 " %016" PRIx64, c->bytes,
                           c->head, c->tail);
    text_append_char(out, '\n');
}

static void append_source(const manifest_source *s, text *out)
{
    text_append(out, "source ");
    append_word(s->name, out);
    text_append_format(out, " %d\nmeaning", s->has_cursors);
    for (size_t i = 0; i < MANIFEST_MEANINGS; i++)
        text_append_format(out, " %016" PRIx64, s->meanings[i]);
    text_append_format(
        out, "\nintake %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
        s->taken, s->skipped, s->refused, s->places, s->repeated);
    for (size_t i = 0; i < s->cursor_count; i++) {
        const manifest_cursor *c = &s->cursors[i];
        text_append(out, "cursor ");
        append_word(c->path, out);
        text_append_format(out,
                           " %" PRIu64 " %" PRId64 " %016" PRIx64 " %016" PRIx64
                           " %" PRIu64 " %d %" PRId64,
                           c->bytes, c->modified, c->head, c->tail, c->lines,
                           c->is_settled, c->touched);
        append_content(&c->unpacked, out);
    }
    if (s->position) {
        text_append(out, "position ");
        append_word(s->position, out);
        text_append_char(out, '\n');
    }
    append_files("part", &s->parts, out);
}

static void append_bytes(const char *what, const uint8_t *bytes, size_t count, text *out)
{
    text_append_format(out, "%s ", what);
    for (size_t i = 0; i < count; i++)
        text_append_format(out, "%02x", bytes[i]);
    text_append_char(out, '\n');
}

static void append_forgotten(const forgotten *f, text *out)
{
    if (f->count > 0)
        append_bytes("key", f->key, sizeof f->key, out);
    for (size_t i = 0; i < f->count; i++)
        append_bytes("forgotten", f->items[i].bytes, sizeof f->items[i].bytes, out);
}

/* A carpel that knows no joined people would leave those who are forgotten in their file. */
static void append_joined(const manifest_joined *j, text *out)
{
    if (j->file.count == 0)
        return;
    text_append_format(out, "joined %016" PRIx64 " %" PRId64 " %" PRId64 " %" PRId64,
                       j->terms, j->from, j->until, j->made);
    append_files("", &j->file, out);
}

/* A carpel that knows no positions would read all of a source again and count it twice. */
static int version_of(const manifest *m)
{
    if (m->joined.file.count > 0)
        return MANIFEST_VERSION;
    for (size_t i = 0; i < m->source_count; i++)
        if (m->sources[i].position)
            return MANIFEST_POSITION_VERSION;
    return MANIFEST_PLAIN_VERSION;
}

void manifest_write(const manifest *m, text *out)
{
    text_append_format(out, FIRST_LINE "%d\nnext %" PRIu64 "\n", version_of(m),
                       m->next_number);
    append_files("texts", &m->texts, out);
    append_forgotten(&m->forgotten, out);
    append_joined(&m->joined, out);
    for (size_t i = 0; i < m->source_count; i++)
        append_source(&m->sources[i], out);
    text_append_format(out, LAST_LINE "%016" PRIx64 "\n",
                       checksum_of(out->data, out->size));
}

/* ---- reading -------------------------------------------------------------- */

/* What is left of a line. */
typedef struct words {
    const char *at;
} words;

static bool read_number(words *w, int base, uint64_t *out)
{
    char *end;
    while (*w->at == ' ')
        w->at++;
    if (!isxdigit((unsigned char)*w->at) && *w->at != '-')
        return false;
    *out = *w->at == '-' ? (uint64_t)strtoll(w->at, &end, base)
                         : (uint64_t)strtoull(w->at, &end, base);
    bool is_number = end > w->at && (*end == ' ' || *end == '\0');
    w->at = end;
    return is_number;
}

/* A number at the end of the line that was not always written. */
static bool read_newer_number(words *w, int base, uint64_t *out)
{
    *out = 0;
    return *w->at == '\0' || read_number(w, base, out);
}

static unsigned hex_digit(char c)
{
    return (unsigned)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
}

static const char *read_word(words *w, arena *memory)
{
    text word;
    text_init(&word);
    while (*w->at == ' ')
        w->at++;
    for (; *w->at != '\0' && *w->at != ' '; w->at++)
        if (*w->at != '%')
            text_append_char(&word, *w->at);
        else if (isxdigit((unsigned char)w->at[1]) && isxdigit((unsigned char)w->at[2])) {
            text_append_char(&word,
                             (char)(hex_digit(w->at[1]) << 4 | hex_digit(w->at[2])));
            w->at += 2;
        }
    const char *copy = arena_copy_string(memory, word.data);
    text_done(&word);
    return copy;
}

static bool read_file(words *w, manifest_files *out)
{
    uint64_t number, size, checksum;
    if (!read_number(w, 10, &number) || !read_number(w, 10, &size) ||
        !read_number(w, 16, &checksum))
        return false;
    manifest_add_file(out, number, (section_file_identity){size, checksum});
    return true;
}

static bool read_cursor(words *w, manifest *m, manifest_source *s)
{
    manifest_cursor c = {.path = read_word(w, m->memory)};
    uint64_t modified, is_settled, touched;
    if (!read_number(w, 10, &c.bytes) || !read_number(w, 10, &modified) ||
        !read_number(w, 16, &c.head) || !read_number(w, 16, &c.tail) ||
        !read_newer_number(w, 10, &c.lines) || !read_newer_number(w, 10, &is_settled) ||
        !read_newer_number(w, 10, &touched) ||
        !read_newer_number(w, 10, &c.unpacked.bytes) ||
        !read_newer_number(w, 16, &c.unpacked.head) ||
        !read_newer_number(w, 16, &c.unpacked.tail))
        return false;
    c.modified = (int64_t)modified;
    c.is_settled = is_settled != 0;
    c.touched = (int64_t)touched;
    manifest_put_cursor(m, s, &c);
    return true;
}

static bool read_bytes(words *w, uint8_t *out, size_t count)
{
    while (*w->at == ' ')
        w->at++;
    for (size_t i = 0; i < count; i++, w->at += 2) {
        if (!isxdigit((unsigned char)w->at[0]) || !isxdigit((unsigned char)w->at[1]))
            return false;
        out[i] = (uint8_t)(hex_digit(w->at[0]) << 4 | hex_digit(w->at[1]));
    }
    return *w->at == '\0';
}

static bool read_forgotten(words *w, manifest *m)
{
    forgotten_hash hash;
    if (!read_bytes(w, hash.bytes, sizeof hash.bytes))
        return false;
    forgotten_put(&m->forgotten, hash);
    return true;
}

static bool read_instant(words *w, int64_t *out)
{
    uint64_t number;
    bool is_number = read_number(w, 10, &number);
    *out = is_number ? (int64_t)number : 0;
    return is_number;
}

static bool read_joined(words *w, manifest_joined *j)
{
    return j->file.count == 0 && read_number(w, 16, &j->terms) &&
           read_instant(w, &j->from) && read_instant(w, &j->until) &&
           read_instant(w, &j->made) && read_file(w, &j->file);
}

static bool read_source(words *w, manifest *m)
{
    uint64_t has_cursors;
    manifest_source *s = manifest_begin_source(m, read_word(w, m->memory));
    if (!read_number(w, 10, &has_cursors))
        return false;
    s->has_cursors = has_cursors != 0;
    return true;
}

static bool read_meanings(words *w, manifest_source *s)
{
    for (size_t i = 0; i < MANIFEST_MEANINGS; i++)
        if (!read_number(w, 16, &s->meanings[i]))
            return false;
    return true;
}

static bool read_line(const char *line, manifest *m)
{
    words w = {line};
    manifest_source *s = m->source_count > 0 ? &m->sources[m->source_count - 1] : NULL;
    const char *what = read_word(&w, m->memory);
    if (strcmp(what, "next") == 0)
        return read_number(&w, 10, &m->next_number);
    if (strcmp(what, "texts") == 0)
        return read_file(&w, &m->texts);
    if (strcmp(what, "key") == 0)
        return read_bytes(&w, m->forgotten.key, sizeof m->forgotten.key);
    if (strcmp(what, "forgotten") == 0)
        return read_forgotten(&w, m);
    if (strcmp(what, "joined") == 0)
        return read_joined(&w, &m->joined);
    if (strcmp(what, "source") == 0)
        return read_source(&w, m);
    if (!s)
        return false;
    if (strcmp(what, "meaning") == 0)
        return read_meanings(&w, s);
    if (strcmp(what, "intake") == 0)
        return read_number(&w, 10, &s->taken) && read_number(&w, 10, &s->skipped) &&
               read_number(&w, 10, &s->refused) && read_number(&w, 10, &s->places) &&
               read_newer_number(&w, 10, &s->repeated);
    if (strcmp(what, "cursor") == 0)
        return read_cursor(&w, m, s);
    if (strcmp(what, "position") == 0) {
        s->position = read_word(&w, m->memory);
        return true;
    }
    return strcmp(what, "part") == 0 && read_file(&w, &s->parts);
}

static bool fail(const char *path, const char *what, carpel_error *err)
{
    return carpel_fail(err, CARPEL_E_INPUT, "the store is damaged: \"%s\" %s", path,
                       what);
}

/* The lines between the first and the last. */
static bool read_lines(slice lines, const char *path, manifest *out, carpel_error *err)
{
    const char *at = lines.data, *end = lines.data + lines.size;
    while (at < end) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        if (!line_end)
            return fail(path, "ends within a line", err);
        char *line = arena_copy_text(out->memory, at, (size_t)(line_end - at));
        if (!read_line(line, out))
            return fail(path, "has a line that nobody wrote", err);
        at = line_end + 1;
    }
    return true;
}

bool manifest_read(slice written, const char *path, manifest *out, carpel_error *err)
{
    const size_t last = strlen(LAST_LINE) + 16 + 1, first = strlen(FIRST_LINE);
    if (written.size < first + last || !slice_starts_with(written, slice_of(FIRST_LINE)))
        return fail(path, "does not begin as a manifest", err);
    slice checked = {written.data, written.size - last};
    text end;
    text_init(&end);
    text_append_format(&end, LAST_LINE "%016" PRIx64 "\n",
                       checksum_of(checked.data, checked.size));
    bool is_right = slice_equals((slice){end.data, end.size},
                                 (slice){checked.data + checked.size, last});
    text_done(&end);
    if (!is_right)
        return fail(path, "has changed since it was written", err);
    int version = atoi(checked.data + first);
    if (version > MANIFEST_VERSION)
        return carpel_fail(
            err, CARPEL_E_INPUT,
            "\"%s\" has version %d of the format, and this carpel knows up "
            "to %d: take a newer carpel",
            path, version, MANIFEST_VERSION);
    const char *rest = memchr(checked.data, '\n', checked.size);
    if (!rest)
        return fail(path, "ends within a line", err);
    rest++;
    return read_lines((slice){rest, checked.size - (size_t)(rest - checked.data)}, path,
                      out, err);
}
