/* SPDX-License-Identifier: MIT
 *
 * Owners and modes of the file and of its folder, of what links lead to.
 */
#include "plugin/trust.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
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

/* `plugin` is the file, or lies in the folder, that is looked at. */
static bool check_one(const char *plugin, const char *path, const char *what,
                      carpel_error *err)
{
    struct stat s;
    if (system_stat(path, &s) != 0)
        return fail_errno(err, "cannot look at", path);
    if (!is_trusted_owner(s.st_uid))
        return carpel_fail(
            err, CARPEL_E_PLUGIN,
            "\"%s\" is not loaded: %s belongs to somebody else (user %lu); "
            "copy it to a folder of your own",
            plugin, what, (unsigned long)s.st_uid);
    if (is_writable_by_others(&s))
        return carpel_fail(err, CARPEL_E_PLUGIN,
                           "\"%s\" is not loaded: others can write %s (mode %04o); run: "
                           "chmod go-w \"%s\"",
                           plugin, what, (unsigned)(s.st_mode & 07777), path);
    return true;
}

bool trust_check(const char *path, carpel_error *err)
{
    char *real = system_realpath(path);
    if (real == NULL)
        return fail_errno(err, "cannot look at", path);
    char *folder = path_directory(real);
    bool ok = check_one(path, real, "the file", err) &&
              check_one(path, folder, "its folder", err);
    memory_free(folder);
    system_free(real);
    return ok;
}
