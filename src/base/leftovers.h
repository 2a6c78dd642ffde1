/* SPDX-License-Identifier: MIT
 *
 * leftovers -- files and folders to remove if the process has to end early: what is
 * written aside must not stay behind because memory ran out or the user pressed ^C twice.
 *
 *     leftover *l = leftovers_add_file(path);
 *     int fd = open(path, O_CREAT | ...);
 *     ...
 *     leftovers_drop(l);                  // it is in place, or removed
 *
 * Any thread may add and drop. leftovers_remove_all() may be called from a signal handler
 * and without memory; exit() calls it too, so that a plugin that ends the process leaves
 * nothing.
 */
#ifndef BASE_LEFTOVERS_H
#define BASE_LEFTOVERS_H

typedef struct leftover leftover;

/* Remember a path (copied; absolute, or the working folder stays). A folder is removed
 * only when it is empty. */
leftover *leftovers_add_file(const char *path);
leftover *leftovers_add_folder(const char *path);

/* Forget it: the path is left alone from now on. Accepts NULL. */
void leftovers_drop(leftover *l);

/* Remove all that is remembered, files first. */
void leftovers_remove_all(void);

#endif
