/* SPDX-License-Identifier: MIT
 *
 * Names of the library and files in folders, compared with what was written.
 */
#include "script/meant.h"

#include <string.h>

#include "base/directory.h"
#include "base/memory.h"
#include "base/path.h"
#include "report/suggest.h"
#include "script/script.h"

enum { DEEPEST = 3, MOST_NAMES = 2000 };

/* ---- the library ---------------------------------------------------------- */

const char *script_meant_library(slice wanted)
{
    if (slice_starts_with(wanted, slice_of("lib.")) ||
        slice_starts_with(wanted, slice_of("lib/")))
        wanted = (slice){wanted.data + 4, wanted.size - 4};
    for (size_t i = 0; script_library_name(i); i++) {
        slice name = slice_of(script_library_name(i));
        if (slice_starts_with(wanted, name) &&
            (wanted.size == name.size || wanted.data[name.size] == '.'))
            return name.data;
    }
    return NULL;
}

/* ---- files ---------------------------------------------------------------- */

/* Folders and their files, and how many names were looked at. */
typedef struct search {
    const char *directory;
    path_list files; /* as seen from the directory */
    size_t name_count;
} search;

static void list_files(search *s, const char *folder, int depth);

static void list_name(search *s, const char *folder, const char *name, int depth)
{
    char *path = folder[0] ? path_join(folder, name) : memory_copy_string(name);
    char *full = path_join(s->directory, path);
    bool is_folder = directory_exists(full);
    if (is_folder && depth < DEEPEST)
        list_files(s, path, depth + 1);
    else if (!is_folder && slice_ends_with(slice_of(name), slice_of(".lua")))
        path_list_add(&s->files, path);
    memory_free(full);
    memory_free(path);
}

/* What is hidden is left out. */
static void list_files(search *s, const char *folder, int depth)
{
    path_list names = {0};
    char *full = path_join(s->directory, folder);
    directory_list(folder[0] ? full : s->directory, &names);
    for (size_t i = 0; i < names.count && s->name_count < MOST_NAMES; i++) {
        s->name_count++;
        if (names.items[i][0] != '.')
            list_name(s, folder, names.items[i], depth);
    }
    memory_free(full);
    path_list_done(&names);
}

static search search_begin(const char *directory)
{
    search s = {.directory = directory};
    list_files(&s, "", 0);
    return s;
}

/* Without folders and ending. */
static slice own_name(const char *path)
{
    slice name = slice_of(path_base(path));
    if (slice_ends_with(name, slice_of(".lua")))
        name.size -= strlen(".lua");
    return name;
}

static const char *file_named(const search *s, const char *wanted)
{
    const char *found = NULL;
    for (size_t i = 0; i < s->files.count; i++) {
        if (!slice_equals(own_name(s->files.items[i]), own_name(wanted)))
            continue;
        if (found)
            return NULL;
        found = s->files.items[i];
    }
    return found;
}

static char *copy_or_none(const char *found)
{
    return found ? memory_copy_string(found) : NULL;
}

char *script_meant_file(const char *directory, const char *wanted)
{
    search s = search_begin(directory);
    char *copy = copy_or_none(file_named(&s, wanted));
    path_list_done(&s.files);
    return copy;
}

/* ---- both ----------------------------------------------------------------- */

static char *library_path(const char *name)
{
    text path;
    text_init(&path);
    text_append_format(&path, "lib/%s.lua", name);
    char *copy = memory_copy_string(path.data);
    text_done(&path);
    return copy;
}

/* By whole paths, then by the files' own names. */
static const char *file_near(const search *s, const char *wanted)
{
    suggestion whole = suggest_begin(wanted), own = suggest_begin(path_base(wanted));
    for (size_t i = 0; i < s->files.count; i++) {
        suggest_consider(&whole, s->files.items[i]);
        suggest_consider(&own, path_base(s->files.items[i]));
    }
    if (suggest_best(&whole))
        return suggest_best(&whole);
    const char *base = suggest_best(&own);
    for (size_t i = 0; base && i < s->files.count; i++)
        if (path_base(s->files.items[i]) == base)
            return s->files.items[i];
    return NULL;
}

static const char *library_near(const char *wanted)
{
    slice name = own_name(wanted);
    char *copy = memory_copy_text(name.data, name.size);
    suggestion similar = suggest_begin(copy);
    for (size_t i = 0; script_library_name(i); i++)
        suggest_consider(&similar, script_library_name(i));
    memory_free(copy);
    return suggest_best(&similar);
}

char *script_meant_path(const char *directory, const char *wanted)
{
    search s = search_begin(directory);
    const char *library = script_meant_library(slice_of(wanted));
    const char *file = file_named(&s, wanted);
    if (!file && !library)
        file = file_near(&s, wanted);
    if (!file && !library)
        library = library_near(wanted);
    char *found = file      ? memory_copy_string(file)
                  : library ? library_path(library)
                            : NULL;
    path_list_done(&s.files);
    return found;
}
