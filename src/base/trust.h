/* SPDX-License-Identifier: MIT
 *
 * trust -- who could have put a plugin where it is?
 *
 * A plugin runs with all rights of whoever runs carpel, so it has to come from somebody
 * who has them already: the file and its folder belong to the user, to root, or to the
 * owner of the command itself, and nobody else can write them. Group-writable is fine
 * when the group is the user's own, as many systems give everyone one of the same name, or
 * when the command itself is writable for it. In a sticky folder such as /tmp it is the
 * file that counts.
 *
 *     trusted_file f;
 *     if (trust_open(&f, path, &err)) {
 *         ... f.fd is read ...
 *         handle = dlopen(f.path, ...);
 *         ok = trust_holds(&f, &err);        // else what was loaded is another file
 *         ok = trust_close(&f, &err) && ok;
 *     }
 *
 * The file is opened once, and it is that one which is judged and read. The linker takes no open file, only
 * a path; so it is looked whether the path leads to the same file before and after it was loaded. As long as
 * the file is open, no other one can be taken for it.
 */
#ifndef BASE_TRUST_H
#define BASE_TRUST_H

#include <stdbool.h>

#include "base/error.h"

typedef struct trusted_file {
    const char *path; /* the caller's */
    char *real;       /* without links */
    int fd;
} trusted_file;

/* The message has the command that mends it. On failure nothing is to be closed. */
bool trust_open(trusted_file *f, const char *path, carpel_error *err);

/* Does the path still lead to the file? */
bool trust_holds(const trusted_file *f, carpel_error *err);

/* False: the machine could not close it. */
bool trust_close(trusted_file *f, carpel_error *err);

#endif
