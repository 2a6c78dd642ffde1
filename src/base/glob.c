/* SPDX-License-Identifier: MIT
 *
 * Patterns of paths, component by component. Those of folders with very many names are bounded: a pattern such as that of
 * all files of a machine would otherwise seem to hang.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/directory.h"
#include "base/path.h"
#include "base/text.h"

/* So many names are looked at for one pattern. */
enum { MOST_NAMES = 500000 };

typedef struct globbing {
    const char *pattern;
    path_list *out;
    text path; /* as far as it is found */
    size_t names;
    carpel_error *err;
} globbing;

static bool has_wildcard(const char *pattern, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (strchr("*?[", pattern[i]))
            return true;
    return false;
}

static bool find_rest(globbing *g, const char *rest);

/* Go on behind this name, which may be a folder. */
static bool find_below(globbing *g, const char *name, size_t name_size, const char *rest)
{
    size_t before = g->path.size;
    text_append_bytes(&g->path, name, name_size);
    bool ok = find_rest(g, rest);
    g->path.size = before;
    g->path.data[before] = '\0';
    return ok;
}

/* A name without wildcards; a backslash stands before a sign that is meant as itself. */
static bool find_plain(globbing *g, const char *name, size_t size, const char *rest)
{
    text plain;
    text_init(&plain);
    for (size_t i = 0; i < size; i++) {
        i += name[i] == '\\' && i + 1 < size;
        text_append_char(&plain, name[i]);
    }
    bool ok = find_below(g, plain.data, plain.size, rest);
    text_done(&plain);
    return ok;
}

/* The names of the folder at hand. One that is not there holds none; one that cannot be read, or too many of
 * them, end the search. */
static bool list_names(globbing *g, path_list *names)
{
    const char *folder = g->path.size > 0 ? g->path.data : ".";
    if (!directory_list(folder, names))
        return errno == ENOENT || errno == ENOTDIR ||
               carpel_fail(g->err, CARPEL_E_SYSTEM, "cannot list \"%s\": %s", folder,
                           strerror(errno));
    g->names += names->count;
    return g->names <= MOST_NAMES ||
           carpel_fail(g->err, CARPEL_E_LIMIT,
                       "\"%s\" goes through more than %d names; name the folders more "
                       "closely",
                       g->pattern, MOST_NAMES);
}

static bool find_fitting(globbing *g, const char *component, size_t size,
                         const char *rest)
{
    path_list names = {0};
    text wanted;
    text_init(&wanted);
    text_append_bytes(&wanted, component, size);
    bool ok = list_names(g, &names);
    for (size_t i = 0; ok && i < names.count; i++)
        if (fnmatch(wanted.data, names.items[i], FNM_PERIOD) == 0)
            ok = find_below(g, names.items[i], strlen(names.items[i]), rest);
    text_done(&wanted);
    path_list_done(&names);
    return ok;
}

/* The path at hand, when it is a file. One that cannot be looked at ends the search: without it, rows would
 * be missing and nobody would know. */
static bool take_file(globbing *g)
{
    bool is_taken;
    if (!path_look(g->path.data, &is_taken, g->err))
        return false;
    if (is_taken && !directory_exists(g->path.data))
        path_list_add(g->out, g->path.data);
    return true;
}

/* What fits the rest of the pattern, behind the path at hand. */
static bool find_rest(globbing *g, const char *rest)
{
    size_t slashes = strspn(rest, "/"), before = g->path.size;
    text_append_bytes(&g->path, rest, slashes);
    rest += slashes;
    size_t size = strcspn(rest, "/");
    bool ok = size == 0                  ? take_file(g)
              : has_wildcard(rest, size) ? find_fitting(g, rest, size, rest + size)
                                         : find_plain(g, rest, size, rest + size);
    g->path.size = before;
    g->path.data[before] = '\0';
    return ok;
}

static int compare_strings(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

bool path_glob(const char *pattern, path_list *out, carpel_error *err)
{
    size_t before = out->count;
    globbing g = {.pattern = pattern, .out = out, .err = err};
    if (!has_wildcard(pattern, strlen(pattern))) {
        path_list_add(out, pattern);
        return true;
    }
    text_init(&g.path);
    bool ok = find_rest(&g, pattern);
    text_done(&g.path);
    if (ok && out->count == before)
        return carpel_fail(err, CARPEL_E_INPUT, "no file fits \"%s\"", pattern);
    if (ok && out->count > before)
        qsort(out->items + before, out->count - before, sizeof *out->items,
              compare_strings);
    return ok;
}
