/* SPDX-License-Identifier: MIT
 *
 * Folders are looked into one after the other, up to a second file of the name.
 */
#include "script/lookup.h"

#include <string.h>

#include "base/directory.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"
#include "base/utf8.h"

enum { MOST_NAME_BYTES = 200 };

/* ---- names ---------------------------------------------------------------- */

static bool is_name_byte(unsigned char byte)
{
    return byte >= 0x80 || byte == '_' || byte == '-' || (byte >= '0' && byte <= '9') ||
           ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
}

bool lookup_is_name(slice name)
{
    bool was_dot = true;
    for (size_t i = 0; i < name.size; i++) {
        bool is_dot = name.data[i] == '.';
        if (is_dot ? was_dot : !is_name_byte((unsigned char)name.data[i]))
            return false;
        was_dot = is_dot;
    }
    return !was_dot && name.size <= MOST_NAME_BYTES &&
           utf8_is_valid(name.data, name.size);
}

void lookup_append_path(const char *name, text *out)
{
    for (; *name; name++)
        text_append_char(out, *name == '.' ? '/' : *name);
    text_append(out, ".lua");
}

/* ---- looking for a file --------------------------------------------------- */

void lookup_done(lookup *f)
{
    memory_free(f->path);
    memory_free(f->real_path);
    memory_free(f->other);
    memory_free(f->outside);
}

static bool is_inside(const char *folder, const char *real_path)
{
    char *real_folder = path_resolve(folder);
    slice path = slice_of(real_path);
    bool inside =
        real_folder && slice_starts_with(path, slice_of(real_folder)) &&
        (real_path[strlen(real_folder)] == '/' || strcmp(real_folder, "/") == 0);
    memory_free(real_folder);
    return inside;
}

static void keep(char **place, char *path)
{
    memory_free(*place);
    *place = path;
}

static void look_into(const char *folder, const char *relative, lookup *f)
{
    char *path = path_join(folder, relative), *real_path = path_resolve(path);
    if (!real_path || !file_exists(path)) {
        memory_free(path);
        memory_free(real_path);
    } else if (!is_inside(folder, real_path)) {
        keep(&f->outside, path);
        memory_free(real_path);
    } else if (!f->path) {
        f->path = path;
        f->real_path = real_path;
    } else {
        bool is_same = strcmp(f->real_path, real_path) == 0;
        memory_free(real_path);
        if (is_same)
            memory_free(path);
        else
            keep(&f->other, path);
    }
}

lookup lookup_file(const path_list *folders, const char *name)
{
    lookup f = {0};
    text relative;
    text_init(&relative);
    lookup_append_path(name, &relative);
    for (size_t i = 0; i < folders->count; i++)
        look_into(folders->items[i], relative.data, &f);
    text_done(&relative);
    return f;
}
