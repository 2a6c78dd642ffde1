/* SPDX-License-Identifier: MIT
 *
 * Paths and patterns of the project file. A name that is not there is compared with
 * what is in its folder, so that a slip of the pen is named.
 */
#include "config/files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/dictionary.h"
#include "base/directory.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"
#include "report/suggest.h"

/* Say what is wrong with a path: its folder, or its spelling. */
static void hint_missing(const char *path, diags *diags)
{
    char *folder = path_directory(path);
    suggestion s = suggest_begin(path_base(path));
    path_list names = {0};
    bool is_read = directory_list(folder, &names);
    for (size_t i = 0; i < names.count; i++)
        if (names.items[i][0] != '.')
            suggest_consider(&s, names.items[i]);
    const char *similar = suggest_best(&s);
    if (strchr(path, '\\') != NULL)
        diag_hint(diags, "Folders are separated by \"/\", on every system.");
    else if (!is_read)
        diag_hint(diags, "The folder \"%s\" is not there or cannot be read.", folder);
    else if (similar != NULL)
        diag_hint(diags, "The folder holds \"%s\"; is that what you meant?", similar);
    else
        diag_hint(diags, "Paths are seen from the folder of the project file.");
    path_list_done(&names);
    memory_free(folder);
}

static bool report_missing(const char *path, const char *kind, span where, diags *diags)
{
    diag_error(diags, where, E0307, "there is no %s \"%s\"", kind, path);
    hint_missing(path, diags);
    return false;
}

/* What fits the files of a folder: rules and scripts have endings. */
static const char *pattern_of_files(const char *folder)
{
    static const char *const patterns[] = {"/*.seg", "/*.lua"};
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
        text pattern;
        path_list found = {0};
        carpel_error err;
        text_init(&pattern);
        text_append_format(&pattern, "%s%s", folder, patterns[i]);
        bool is_any = path_glob(pattern.data, &found, &err) && found.count > 0;
        path_list_done(&found);
        text_done(&pattern);
        if (is_any)
            return patterns[i];
    }
    return "/*";
}

static bool check_file(const char *path, span where, diags *diags)
{
    if (file_exists(path))
        return true;
    if (!directory_exists(path))
        return report_missing(path, "file", where, diags);
    diag_error(diags, where, E0307, "\"%s\" is a folder, and files are needed", path);
    size_t size = strlen(path);
    while (size > 1 && path[size - 1] == '/')
        size--;
    diag_hint(diags, "Name the files in it, for example %.*s%s.", (int)size, path,
              pattern_of_files(path));
    return false;
}

/* Of a name at which nothing could be looked it is not known that it is none: opening it will tell. */
static bool may_be_file(const char *path)
{
    errno = 0;
    return file_exists(path) || (errno != 0 && errno != ENOENT);
}

/* Append what fits a pattern, without the folders among it. */
static bool add_fitting(const char *pattern, span where, path_list *out, diags *diags)
{
    path_list found = {0};
    size_t before = out->count;
    carpel_error err;
    bool is_found = path_glob(pattern, &found, &err);
    for (size_t i = 0; is_found && i < found.count; i++)
        if (may_be_file(found.items[i]))
            path_list_add(out, found.items[i]);
    path_list_done(&found);
    if (out->count > before)
        return true;
    if (!is_found && err.code != CARPEL_E_INPUT) {
        diag_error(diags, where, E0307, "%s", err.message);
        return false;
    }
    char *folder = path_directory(pattern);
    diag_error(diags, where, E0307, "no file fits \"%s\"", pattern);
    if (strstr(pattern, "**"))
        diag_hint(diags,
                  "\"**\" stands for one name, as \"*\" does: write a \"*/\" for each "
                  "level of folders.");
    else if (strpbrk(folder, "*?[") == NULL && !directory_exists(folder))
        diag_hint(diags, "The folder \"%s\" is not there or cannot be read.", folder);
    else
        diag_hint(diags, "Paths are seen from the folder of the project file.");
    memory_free(folder);
    return false;
}

char *files_seen_from(const char *directory, const char *name)
{
    bool is_here = strcmp(directory, ".") == 0 || directory[0] == '\0';
    return is_here ? memory_copy_string(name) : path_join(directory, name);
}

bool files_expand(const char *pattern, const char *directory, span where, path_list *out,
                  diags *diags)
{
    char *path = files_seen_from(directory, pattern);
    bool is_pattern = strpbrk(path, "*?[") != NULL && !file_exists(path);
    bool ok = is_pattern ? add_fitting(path, where, out, diags)
                         : check_file(path, where, diags);
    if (ok && !is_pattern)
        path_list_add(out, path);
    memory_free(path);
    return ok;
}

bool files_find_folder(const char *name, const char *directory, span where,
                       path_list *out, diags *diags)
{
    char *path = files_seen_from(directory, name);
    bool ok = directory_exists(path) || report_missing(path, "folder", where, diags);
    if (ok)
        path_list_add(out, path);
    memory_free(path);
    return ok;
}

void files_make_distinct(path_list *list)
{
    dictionary *seen = dictionary_new();
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        char *path = list->items[i];
        size_t before = dictionary_count(seen);
        dictionary_add(seen, path, strlen(path));
        if (dictionary_count(seen) > before)
            list->items[kept++] = path;
        else
            memory_free(path);
    }
    list->count = kept;
    dictionary_free(seen);
}

static int compare_paths(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

void files_sort(path_list *list)
{
    if (list->count > 1)
        qsort(list->items, list->count, sizeof *list->items, compare_paths);
}
