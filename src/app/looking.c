/* SPDX-License-Identifier: MIT
 *
 * Files are read one after the other, and the first that cannot be read ends it.
 */
#include "app/looking.h"

#include <errno.h>
#include <string.h>

#include "app/command_line.h"
#include "app/say.h"
#include "app/stop.h"
#include "base/file.h"
#include "base/memory.h"
#include "look/names.h"

static catalog *open_catalog(void)
{
    path_list folders = {0};
    catalog_default_directories(&folders);
    catalog *c = catalog_new((const char *const *)folders.items, folders.count);
    path_list_done(&folders);
    return c;
}

/* A file is read more than once, which a pipe is not. */
static bool check_file(const char *path)
{
    file_facts facts;
    if (!file_look(path, &facts))
        say_error("cannot open \"%s\": %s", path, strerror(errno));
    else if (!facts.is_regular)
        say_error("\"%s\" is no regular file, and a file is looked at more than once",
                  path);
    else
        return true;
    return false;
}

int looking_begin(looking *l, char *const *paths, size_t count)
{
    carpel_error err;
    *l = (looking){.catalog = open_catalog(), .draft = draft_new()};
    l->files = memory_alloc_zero_array(count, sizeof *l->files);
    for (size_t i = 0; i < count; i++) {
        if (!check_file(paths[i]))
            return EXIT_NO_INPUT;
        look_file *f = look_file_read(l->catalog, paths[i], stop_cancel(), &err);
        if (!f)
            return say_failure(&err);
        l->files[l->file_count++] = f;
        if (!draft_add_file(l->draft, l->catalog, f, stop_cancel(), &err))
            return say_failure(&err);
    }
    return EXIT_GOOD;
}

void looking_end(looking *l)
{
    draft_free(l->draft);
    for (size_t i = 0; i < l->file_count; i++)
        look_file_free(l->files[i]);
    memory_free(l->files);
    catalog_free(l->catalog);
}

const char *looking_name(const looking *l)
{
    const char *base = path_base(l->files[0]->path);
    char *stem = arena_copy_text(l->draft->memory, base, strcspn(base, "."));
    return look_kind_name(stem, l->draft->memory);
}
