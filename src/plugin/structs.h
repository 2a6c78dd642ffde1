/* SPDX-License-Identifier: MIT
 *
 * structs -- structs of a plugin as this carpel knows them, whichever interface 1.x it was built with.
 *
 * A struct of <carpel/plugin.h> that begins with its size may have been filled by a plugin that knows
 * fewer members than the host, or more. What is taken has the host's size: members that the plugin
 * does not know are zero, and members that the host does not know have to be.
 *
 *     carpel_resuming own;
 *     foreign_struct s = {path, "carpel_resuming", r, r->struct_size, STRUCT_TO(carpel_resuming, cursor), 0};
 *     if (!struct_take(&s, &own, sizeof own, err)) ...
 */
#ifndef PLUGIN_STRUCTS_H
#define PLUGIN_STRUCTS_H

#include <carpel/plugin.h>

#include "base/error.h"

/* The size of a struct up to the end of a member. */
#define STRUCT_TO(type, member) (offsetof(type, member) + sizeof(((type *)NULL)->member))

typedef struct foreign_struct {
    const char *path, *name; /* of its file and type, for messages */
    const void *at;
    size_t size;    /* that it says it has */
    size_t least;   /* of the interface that it came with ... */
    unsigned minor; /* ... which is 1.`minor` */
} foreign_struct;

/* Copy it to `out`, which has `size` bytes. */
bool struct_take(const foreign_struct *s, void *out, size_t size, carpel_error *err);

/* Are all of these bytes 0? */
bool struct_is_zero(const void *bytes, size_t size);

#endif
