/* SPDX-License-Identifier: MIT */
#include "value/phone.h"

#include <assert.h>
#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"
#include "base/plugin_folders.h"
#include "base/shared_object.h"
#include "base/trust.h"
#include "value/phone_library.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of loading */
static phone_library_read *library;                      /* NULL: it is not loaded */

/* What was loaded is not closed. A data pointer is made one of a function by copying it. */
static bool open_file(const char *path, carpel_error *err)
{
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    void *found = handle ? dlsym(handle, PHONE_LIBRARY_FUNCTION) : NULL;
    memcpy(&library, &found, sizeof found);
    return found || carpel_fail(err, CARPEL_E_SYSTEM,
                                "cannot load libphonenumber, which knows the phones of "
                                "countries: %s (Debian has it as libphonenumber8)",
                                dlerror());
}

static bool open_trusted(const char *path, carpel_error *err)
{
    trusted_file f;
    if (!trust_open(&f, path, err))
        return false;
    carpel_error unused;
    bool is_good = shared_object_check_file(f.fd, path, err) && open_file(path, err) &&
                   trust_holds(&f, err);
    is_good &= trust_close(&f, is_good ? err : &unused);
    if (!is_good)
        library = NULL;
    return is_good;
}

/* NULL: no folder has it; else to be freed. */
static char *find_file(void)
{
    path_list folders = {0};
    char *found = NULL;
    plugin_folders(&folders);
    for (size_t i = 0; !found && i < folders.count; i++) {
        char *path = path_join(folders.items[i], PHONE_LIBRARY_FILE);
        if (file_exists(path))
            found = path;
        else
            memory_free(path);
    }
    path_list_done(&folders);
    return found;
}

static bool load(carpel_error *err)
{
    char *path = find_file();
    bool is_good =
        path ? open_trusted(path, err)
             : carpel_fail(err, CARPEL_E_SYSTEM,
                           "this carpel was built without libphonenumber, which knows "
                           "the phones of countries");
    memory_free(path);
    return is_good;
}

bool phone_load(carpel_error *err)
{
    pthread_mutex_lock(&lock);
    bool is_good = library || load(err);
    pthread_mutex_unlock(&lock);
    return is_good;
}

bool phone_knows_country(const char *country)
{
    char out[PHONE_LIBRARY_ROOM];
    assert(library);
    return library("", country, out) != PHONE_UNKNOWN_COUNTRY;
}

bool phone_append(const char *country, const char *dialled, text *out)
{
    char number[PHONE_LIBRARY_ROOM];
    assert(library);
    if (library(dialled, country, number) != PHONE_GOOD)
        return false;
    text_append(out, number + strlen("+"));
    return true;
}
