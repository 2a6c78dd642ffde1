/* SPDX-License-Identifier: MIT
 *
 * A file is opened, mapped and closed: the mapping keeps it alive.
 */
#include "base/file_view.h"

#include "base/file.h"
#include "base/system.h"

static bool map(int fd, const char *path, file_view *out, carpel_error *err)
{
    struct stat st;
    if (system_fstat(fd, &st) != 0)
        return fail_errno(err, "cannot read", path);
    *out = (file_view){.data = (const unsigned char *)"", .size = (size_t)st.st_size};
    if (out->size == 0)
        return true;
    void *mapped = system_map(fd, out->size);
    if (mapped == MAP_FAILED)
        return fail_errno(err, "cannot read", path);
    out->data = out->mapped = mapped;
    return true;
}

bool file_view_open(const char *path, file_view *out, carpel_error *err)
{
    int fd;
    if (!file_open_regular(path, &fd, err))
        return false;
    bool is_mapped = map(fd, path, out, err);
    system_close(fd);
    return is_mapped;
}

void file_view_close(file_view *v)
{
    if (v->mapped)
        system_unmap(v->mapped, v->size);
    *v = (file_view){.data = (const unsigned char *)""};
}
