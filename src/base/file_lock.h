/* SPDX-License-Identifier: MIT
 *
 * file_lock -- one process at a time. The lock ends with the process that holds it, however
 * that ends; the file stays.
 */
#ifndef BASE_FILE_LOCK_H
#define BASE_FILE_LOCK_H

#include <stdbool.h>

#include "base/error.h"

typedef struct file_lock file_lock;

/* Lock without waiting; the file is made when it is not there. NULL: another one has it
 * (*is_busy), or *err says what failed. */
file_lock *file_lock_new(const char *path, bool *is_busy, carpel_error *err);
void file_lock_free(file_lock *l); /* accepts NULL */

#endif
