/* SPDX-License-Identifier: MIT
 *
 * Owners and modes of the file and of its folder, of what links lead to.
 */
#include "base/trust.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"
#include "base/system.h"

/* The command that runs: who can write it can do anything already. */
static bool stat_command(struct stat *out)
{
    return system_stat("/proc/self/exe", out) == 0;
}

static bool is_trusted_owner(uid_t owner)
{
    struct stat command;
    return owner == 0 || owner == geteuid() ||
           (stat_command(&command) && command.st_uid == owner);
}

/* Is it the user's own group, of the same name and without others in it? */
static bool is_private_group(gid_t group)
{
    char user_texts[4096], group_texts[4096];
    struct passwd user, *found_user;
    struct group own, *found_group;
    if (getpwuid_r(geteuid(), &user, user_texts, sizeof user_texts, &found_user) != 0 ||
        found_user == NULL ||
        getgrgid_r(group, &own, group_texts, sizeof group_texts, &found_group) != 0 ||
        found_group == NULL)
        return false;
    bool has_others = own.gr_mem[0] != NULL &&
                      (own.gr_mem[1] != NULL || strcmp(own.gr_mem[0], user.pw_name) != 0);
    return strcmp(own.gr_name, user.pw_name) == 0 && !has_others;
}

static bool is_trusted_group(gid_t group)
{
    struct stat command;
    return is_private_group(group) ||
           (stat_command(&command) && command.st_gid == group &&
            (command.st_mode & S_IWGRP) != 0);
}

static bool is_writable_by_others(const struct stat *s)
{
    bool is_sticky = S_ISDIR(s->st_mode) && (s->st_mode & S_ISVTX) != 0;
    if (is_sticky)
        return false;
    return (s->st_mode & S_IWOTH) != 0 ||
           ((s->st_mode & S_IWGRP) != 0 && !is_trusted_group(s->st_gid));
}

/* `path`: the file, or the folder in which `plugin` lies. */
static bool check_one(const char *plugin, const struct stat *s, const char *path,
                      const char *what, carpel_error *err)
{
    if (!is_trusted_owner(s->st_uid))
        return carpel_fail(
            err, CARPEL_E_PLUGIN,
            "\"%s\" is not loaded: %s belongs to somebody else (user %lu); "
            "copy it to a folder of your own",
            plugin, what, (unsigned long)s->st_uid);
    if (is_writable_by_others(s))
        return carpel_fail(err, CARPEL_E_PLUGIN,
                           "\"%s\" is not loaded: others can write %s (mode %04o); run: "
                           "chmod go-w \"%s\"",
                           plugin, what, (unsigned)(s->st_mode & 07777), path);
    return true;
}

static bool check_folder(const trusted_file *f, carpel_error *err)
{
    struct stat s;
    char *folder = path_directory(f->real);
    bool ok =
        (system_stat(folder, &s) == 0 || fail_errno(err, "cannot look at", folder)) &&
        check_one(f->path, &s, folder, "its folder", err);
    memory_free(folder);
    return ok;
}

static bool check_file(const trusted_file *f, carpel_error *err)
{
    struct stat s;
    return (system_fstat(f->fd, &s) == 0 || fail_errno(err, "cannot look at", f->path)) &&
           check_one(f->path, &s, f->real, "the file", err);
}

bool trust_open(trusted_file *f, const char *path, carpel_error *err)
{
    *f = (trusted_file){.path = path, .fd = -1};
    if (!file_open_regular(path, &f->fd, err))
        return false;
    f->real = system_realpath(path);
    if ((f->real || fail_errno(err, "cannot look at", path)) && check_file(f, err) &&
        check_folder(f, err) && trust_holds(f, err))
        return true;
    carpel_error unused;
    (void)trust_close(f, &unused);
    return false;
}

bool trust_holds(const trusted_file *f, carpel_error *err)
{
    struct stat opened, now;
    bool is_same = system_fstat(f->fd, &opened) == 0 && system_stat(f->path, &now) == 0 &&
                   opened.st_dev == now.st_dev && opened.st_ino == now.st_ino;
    return is_same || carpel_fail(err, CARPEL_E_PLUGIN,
                                  "\"%s\" is not loaded: another file took its place "
                                  "while it was looked at; try again",
                                  f->path);
}

bool trust_close(trusted_file *f, carpel_error *err)
{
    bool is_closed = system_close(f->fd) == 0 || fail_errno(err, "cannot close", f->path);
    system_free(f->real);
    *f = (trusted_file){.path = f->path, .fd = -1};
    return is_closed;
}
