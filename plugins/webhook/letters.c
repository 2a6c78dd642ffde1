/* SPDX-License-Identifier: MIT
 *
 * Batches that wait for another day.
 */
#include "webhook/letters.h"

#include <errno.h>
#include <fcntl.h>
#include <search.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/json_write.h"
#include "common/memory.h"

#define BODY ",\"body\":" /* no text can hold it: its quotes would have a \ before them */

static bool fail_file(carpel_error *err, const char *what, const char *path)
{
    return carpel_fail(err, CARPEL_E_SYSTEM, "cannot %s \"%s\": %s", what, path,
                       strerror(errno));
}

static int compare_ids(const void *a, const void *b)
{
    return strcmp(a, b);
}

bool letters_have(const letters *l, const char *id)
{
    return tfind(id, &l->ids, compare_ids) != NULL;
}

/* Of two with one id the first is kept. */
static void keep_letter(letters *l, char *id, const char *body, size_t size)
{
    if (letters_have(l, id)) {
        free(id);
        return;
    }
    l->items = common_resize(l->items, (l->count + 1) * sizeof *l->items);
    l->items[l->count++] =
        (letter){.id = id, .body = common_copy(body, size), .body_size = size};
    (void)tsearch(id, &l->ids, compare_ids);
}

static bool add_letter(letters *l, const char *line, size_t size)
{
    static const char begin[] = "{\"id\":\"";
    const char *id = line + sizeof begin - 1;
    const char *body = memmem(line, size, BODY, sizeof BODY - 1);
    if (size < sizeof begin || strncmp(line, begin, sizeof begin - 1) != 0 || !body ||
        line[size - 1] != '}')
        return false;
    const char *id_end = memchr(id, '"', (size_t)(body - id));
    if (!id_end || id_end - id > 64)
        return false;
    body += sizeof BODY - 1;
    keep_letter(l, common_copy(id, (size_t)(id_end - id)), body,
                (size_t)(line + size - 1 - body));
    return true;
}

bool letters_read(letters *l, const char *path, carpel_error *err)
{
    char *line = NULL;
    size_t room = 0, number = 0;
    ssize_t size;
    bool ok = true;
    *l = (letters){0};
    FILE *file = fopen(path, "re");
    if (!file)
        return errno == ENOENT || fail_file(err, "read", path);
    while (ok && (size = getline(&line, &room, file)) > 0) {
        number++;
        ok = line[size - 1] == '\n' && add_letter(l, line, (size_t)size - 1);
    }
    if (!ok)
        carpel_fail(
            err, CARPEL_E_INPUT,
            "line %zu of \"%s\" is no batch that was put aside; move the file away",
            number, path);
    else if (ferror(file))
        ok = fail_file(err, "read", path);
    free(line);
    fclose(file);
    return ok;
}

static void leave(void *id)
{
    (void)id;
}

void letters_done(letters *l)
{
    tdestroy(l->ids, leave);
    for (size_t i = 0; i < l->count; i++) {
        free(l->items[i].id);
        free(l->items[i].body);
    }
    free(l->items);
    *l = (letters){0};
}

static void put(void *context, const char *data, size_t size)
{
    buffer_add_bytes(context, data, size);
}

void letters_add_line(buffer *out, const char *id, const char *reason, const char *body,
                      size_t size)
{
    const json_sink sink = {put, out};
    buffer_add(out, "{\"id\":\"");
    buffer_add(out, id);
    buffer_add(out, "\",\"reason\":");
    json_write_string(&sink, reason, strlen(reason));
    buffer_add(out, BODY);
    buffer_add_bytes(out, body, size);
    buffer_add(out, "}\n");
}

/* The folders above the file. */
static bool make_folders(const char *path)
{
    char *folder = common_copy(path, strlen(path));
    bool ok = true;
    for (char *at = folder + 1; ok && (at = strchr(at, '/')); at++) {
        *at = '\0';
        ok = mkdir(folder, 0777) == 0 || errno == EEXIST;
        *at = '/';
    }
    free(folder);
    return ok;
}

static bool is_file_or_none(const char *path)
{
    struct stat s;
    return stat(path, &s) != 0 || S_ISREG(s.st_mode);
}

bool letters_open(letters_file *f, const char *path, carpel_error *err)
{
    buffer aside = {0};
    *f = (letters_file){.path = path, .file = -1};
    if (!is_file_or_none(path))
        return carpel_fail(err, CARPEL_E_INPUT,
                           "cannot write \"%s\": it is there, and no file", path);
    buffer_add(&aside, path);
    buffer_add(&aside, ".XXXXXX");
    if (make_folders(path))
        f->file = mkostemp(aside.data, O_CLOEXEC);
    if (f->file < 0) {
        buffer_done(&aside);
        return fail_file(err, "write", path);
    }
    f->aside = aside.data;
    return true;
}

static bool write_all(int file, const buffer *lines)
{
    for (size_t at = 0; at < lines->size;) {
        ssize_t size = write(file, lines->data + at, lines->size - at);
        if (size < 0 && errno != EINTR)
            return false;
        at += size > 0 ? (size_t)size : 0;
    }
    return fsync(file) == 0;
}

bool letters_put(letters_file *f, const buffer *lines, carpel_error *err)
{
    if (lines->size == 0)
        return unlink(f->path) == 0 || errno == ENOENT ||
               fail_file(err, "remove", f->path);
    if (!write_all(f->file, lines) || rename(f->aside, f->path) != 0)
        return fail_file(err, "write", f->path);
    free(f->aside);
    f->aside = NULL;
    return true;
}

void letters_close(letters_file *f)
{
    if (f->aside) {
        unlink(f->aside);
        free(f->aside);
        f->aside = NULL;
    }
    if (f->path && f->file >= 0)
        close(f->file);
    f->path = NULL;
}
