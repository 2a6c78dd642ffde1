/* SPDX-License-Identifier: MIT
 *
 * Names and first bytes tell.
 */
#include "store/store_files.h"

#include <string.h>

#include "base/directory.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"
#include "store/section_layout.h"

/* What a store has in its folder before its first commit. */
static const char *const begun[] = {"lock",  "manifest", "manifest.new",
                                    "parts", "texts",    "runs"};

static bool is_of_stores(const char *name)
{
    if (name[0] == '.' || strcmp(name, "lost+found") == 0)
        return true;
    for (size_t i = 0; i < sizeof begun / sizeof *begun; i++)
        if (strcmp(name, begun[i]) == 0)
            return true;
    return false;
}

bool store_files_may_begin(const char *folder, carpel_error *err)
{
    path_list names = {0};
    bool may = true;
    directory_list(folder, &names);
    for (size_t i = 0; may && i < names.count; i++)
        if (!is_of_stores(names.items[i]))
            may =
                carpel_fail(err, CARPEL_E_INPUT,
                            "the folder \"%s\" is no store, and \"%s\" lies in it: give "
                            "the store a folder of its own",
                            folder, names.items[i]);
    path_list_done(&names);
    return may;
}

/* Numbers are written without zeros in front. */
static bool is_number(const char *name)
{
    return name[0] >= '1' && name[0] <= '9' && name[strspn(name, "0123456789")] == '\0';
}

static bool is_beginning(const text *bytes)
{
    static const char zeros[sizeof(section_head)];
    size_t size = sizeof SECTION_MAGIC - 1;
    size = bytes->size < size ? bytes->size : size;
    return memcmp(bytes->data, SECTION_MAGIC, size) == 0 ||
           memcmp(bytes->data, zeros, bytes->size) == 0;
}

bool store_files_is_own(const char *path)
{
    carpel_error unused;
    text bytes;
    text_init(&bytes);
    bool is_own = is_number(path_base(path)) &&
                  file_read_beginning(path, sizeof(section_head), &bytes, &unused) &&
                  is_beginning(&bytes);
    text_done(&bytes);
    return is_own;
}
