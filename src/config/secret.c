/* SPDX-License-Identifier: MIT
 *
 * The rights are asked of the file that is opened, so that no other takes its place.
 */
#include "config/secret.h"

#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/system.h"

enum { MOST_BYTES = 64 * 1024, RIGHTS_OF_OTHERS = S_IRWXG | S_IRWXO };

static bool check_rights(int fd, const char *path, carpel_error *err)
{
    struct stat s;
    if (system_fstat(fd, &s) != 0)
        return fail_errno(err, "cannot look at", path);
    if (s.st_uid != 0 && s.st_uid != geteuid())
        return carpel_fail(err, CARPEL_E_INPUT,
                           "\"%s\" is not read: it belongs to somebody else (user %lu)",
                           path, (unsigned long)s.st_uid);
    if ((s.st_mode & RIGHTS_OF_OTHERS) != 0)
        return carpel_fail(
            err, CARPEL_E_INPUT,
            "\"%s\" is not read: others have rights on it (mode %04o); run: "
            "chmod go= \"%s\"",
            path, (unsigned)(s.st_mode & 07777), path);
    return true;
}

static bool read_all(int fd, const char *path, text *out, carpel_error *err)
{
    char part[4096];
    size_t begin = out->size;
    for (;;) {
        ssize_t size = system_read(fd, part, sizeof part);
        if (size < 0 && errno != EINTR)
            return fail_errno(err, "cannot read", path);
        if (size == 0)
            break;
        text_append_bytes(out, part, size > 0 ? (size_t)size : 0);
        if (out->size - begin > MOST_BYTES)
            return carpel_fail(err, CARPEL_E_LIMIT,
                               "\"%s\" has more than %d bytes, and is no secret", path,
                               MOST_BYTES);
    }
    if (out->size == begin || memchr(out->data + begin, '\0', out->size - begin))
        return carpel_fail(err, CARPEL_E_INPUT, "\"%s\" is %s", path,
                           out->size == begin ? "empty" : "no text");
    return true;
}

static void cut_line_end(text *t)
{
    if (t->size > 0 && t->data[t->size - 1] == '\n')
        t->data[--t->size] = '\0';
    if (t->size > 0 && t->data[t->size - 1] == '\r')
        t->data[--t->size] = '\0';
}

bool secret_read(const char *path, text *out, carpel_error *err)
{
    int fd;
    if (!file_open_regular(path, &fd, err))
        return false;
    bool ok = check_rights(fd, path, err) && read_all(fd, path, out, err);
    if (ok)
        cut_line_end(out);
    system_close(fd);
    return ok;
}
