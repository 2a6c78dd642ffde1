/* SPDX-License-Identifier: MIT
 *
 * Finding and loading drivers.
 */
#include "adbc/driver.h"

#include <ctype.h>
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <link.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/buffer.h"
#include "common/memory.h"

/* ---- who could have written it ----------------------------------------------------- */

/* Is it the user's own group, of the same name and without others in it? */
static bool is_private_group(gid_t group)
{
    char user_texts[4096], group_texts[4096];
    struct passwd user, *found_user;
    struct group own, *found_group;
    if (getpwuid_r(geteuid(), &user, user_texts, sizeof user_texts, &found_user) != 0 ||
        !found_user ||
        getgrgid_r(group, &own, group_texts, sizeof group_texts, &found_group) != 0 ||
        !found_group)
        return false;
    bool has_others =
        own.gr_mem[0] && (own.gr_mem[1] || strcmp(own.gr_mem[0], user.pw_name) != 0);
    return strcmp(own.gr_name, user.pw_name) == 0 && !has_others;
}

/* In a folder like /tmp others add files, but cannot change those of somebody else. */
static bool is_ours(const struct stat *file)
{
    bool is_sticky = S_ISDIR(file->st_mode) && (file->st_mode & S_ISVTX) != 0;
    bool is_open = (file->st_mode & S_IWOTH) != 0 ||
                   ((file->st_mode & S_IWGRP) != 0 && !is_private_group(file->st_gid));
    return (is_sticky || !is_open) && (file->st_uid == geteuid() || file->st_uid == 0);
}

/* A driver has all rights of whoever runs carpel. */
static bool check_file(const char *path, carpel_error *err)
{
    struct stat file, folder;
    buffer parent = {0};
    const char *slash = strrchr(path, '/');
    buffer_add_bytes(&parent, path, (size_t)(slash - path) + 1);
    bool is_there = stat(path, &file) == 0 && stat(parent.data, &folder) == 0;
    buffer_done(&parent);
    if (!is_there)
        return carpel_fail(err, CARPEL_E_INPUT, "cannot load the driver \"%s\": %s", path,
                           strerror(errno));
    if (!S_ISREG(file.st_mode))
        return carpel_fail(err, CARPEL_E_INPUT, "the driver \"%s\" is no file", path);
    return (is_ours(&file) && is_ours(&folder)) ||
           carpel_fail(err, CARPEL_E_INPUT,
                       "others could have written the driver \"%s\", so it is not "
                       "loaded; it and its folder have to belong to you or to root, and "
                       "be writable for nobody else: chmod go-w",
                       path);
}

/* ---- is it whole ------------------------------------------------------------------- */

static bool lies_within(uint64_t offset, uint64_t size, uint64_t file_size)
{
    return offset <= file_size && size <= file_size - offset;
}

/* Are all segments within the file? What is no shared object at all has none: the linker says so. */
static bool has_segments(int fd, uint64_t file_size)
{
    ElfW(Ehdr) header;
    ElfW(Phdr) segment;
    bool is_whole = true;
    if (pread(fd, &header, sizeof header, 0) != sizeof header ||
        memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
        header.e_phentsize != sizeof segment)
        return true;
    for (size_t i = 0; is_whole && i < header.e_phnum; i++) {
        uint64_t at = header.e_phoff + i * sizeof segment;
        is_whole = lies_within(at, sizeof segment, file_size) &&
                   pread(fd, &segment, sizeof segment, (off_t)at) == sizeof segment &&
                   lies_within(segment.p_offset, segment.p_filesz, file_size);
    }
    return is_whole;
}

/* The linker maps what the headers promise, and the process dies where the file ends before. */
static bool check_whole(const char *path, carpel_error *err)
{
    struct stat file;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool is_read = fd >= 0 && fstat(fd, &file) == 0;
    bool is_whole = is_read && has_segments(fd, (uint64_t)file.st_size);
    if (!is_read)
        carpel_fail(err, CARPEL_E_INPUT, "cannot load the driver \"%s\": %s", path,
                    strerror(errno));
    else if (!is_whole)
        carpel_fail(err, CARPEL_E_INPUT,
                    "the driver \"%s\" is damaged or not copied whole: a part of it goes "
                    "beyond its %lld bytes",
                    path, (long long)file.st_size);
    if (fd >= 0)
        close(fd);
    return is_whole;
}

/* The file itself, whatever links lead to it, when nobody else can have written it and it is whole; a name
 * without a folder is for the system to find. NULL: it fails. To be freed. */
static char *choose_file(const char *path, carpel_error *err)
{
    if (!strchr(path, '/'))
        return common_copy(path, strlen(path));
    char *real = realpath(path, NULL);
    if (!real)
        carpel_fail(err, CARPEL_E_INPUT, "cannot load the driver \"%s\": %s", path,
                    strerror(errno));
    if (!real || (check_file(real, err) && check_whole(real, err)))
        return real;
    free(real);
    return NULL;
}

/* ---- the entry point --------------------------------------------------------------- */

/* Of libadbc_driver_flight_sql.so it is AdbcDriverFlightSqlInit. */
static void add_usual_entry(const char *path, buffer *out)
{
    static const char begin[] = "libadbc_driver_";
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    bool is_first = true;
    buffer_add(out, "AdbcDriver");
    if (strncmp(name, begin, sizeof begin - 1) == 0)
        for (name += sizeof begin - 1; *name != '\0' && *name != '.'; name++) {
            char letter = is_first ? (char)toupper((unsigned char)*name) : *name;
            is_first = *name == '_';
            if (!is_first)
                buffer_add_bytes(out, &letter, 1);
        }
    buffer_add(out, "Init");
}

static void *find_entry(void *library, const char *path, const char *entry)
{
    buffer usual = {0};
    if (entry)
        return dlsym(library, entry);
    add_usual_entry(path, &usual);
    void *found = dlsym(library, usual.data);
    buffer_done(&usual);
    if (!found)
        found = dlsym(library, "AdbcDriverInit");
    return found ? found : dlsym(library, "duckdb_adbc_init");
}

/* The functions without which nothing can be read. */
static bool is_whole(const adbc_driver *d)
{
    return d->database_new && d->database_set_option && d->database_init &&
           d->database_release && d->connection_new && d->connection_set_option &&
           d->connection_init && d->connection_release && d->statement_new &&
           d->statement_set_sql_query && d->statement_execute_query &&
           d->statement_release;
}

static bool fill_table(adbc_driver *out, adbc_entry *entry, const char *path,
                       carpel_error *err)
{
    const int revisions[] = {ADBC_REVISION_1_1, ADBC_REVISION_1_0};
    uint8_t status = ADBC_NOT_IMPLEMENTED;
    for (size_t i = 0; i < 2 && status == ADBC_NOT_IMPLEMENTED; i++) {
        adbc_error error = {.vendor_number = ADBC_ERROR_IS_LONG};
        *out = (adbc_driver){0};
        status = entry(revisions[i], out, &error);
        if (error.release)
            error.release(&error);
    }
    if (status == ADBC_OK && is_whole(out))
        return true;
    return carpel_fail(err, CARPEL_E_INPUT,
                       status == ADBC_OK
                           ? "the driver \"%s\" lacks functions that ADBC asks of all"
                           : "the driver \"%s\" speaks none of the revisions 1.0 and 1.1 "
                             "of ADBC",
                       path);
}

bool driver_load(adbc_driver *out, const char *path, const char *entry, carpel_error *err)
{
    *out = (adbc_driver){0};
    char *file = choose_file(path, err);
    if (!file)
        return false;
    void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    free(file);
    if (!library)
        return carpel_fail(err, CARPEL_E_INPUT, "cannot load the driver: %s", dlerror());
    void *found = find_entry(library, path, entry);
    adbc_entry *function;
    memcpy(&function, &found, sizeof function);
    if (!found)
        carpel_fail(
            err, CARPEL_E_INPUT,
            entry ? "the driver \"%s\" has no function \"%s\" (option \"entrypoint\")"
                  : "the driver \"%s\" has none of the entry points that drivers of "
                    "ADBC usually have; name its own with \"entrypoint\"",
            path, entry);
    bool ok = found && fill_table(out, function, path, err);
    dlclose(library);
    return ok;
}
