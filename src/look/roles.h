/* SPDX-License-Identifier: MIT
 *
 * roles -- which fields of a file say who did what when: candidates, the likeliest first, by their names
 * (look/roles.def) and by what their values look like.
 */
#ifndef LOOK_ROLES_H
#define LOOK_ROLES_H

#include "look/profile.h"

typedef enum look_role {
    ROLE_PERSON,
    ROLE_TIME,
    ROLE_EVENT,
    ROLE_ID,
    ROLE_COUNT
} look_role;

enum { ROLE_MOST_CANDIDATES = 3 };

/* A file whose rows are of more kinds than these has no field that names kinds. */
enum { ROLE_MOST_KINDS = 200 };

typedef struct look_roles {
    const look_column *candidates[ROLE_COUNT][ROLE_MOST_CANDIDATES]; /* NULL: no more */
} look_roles;

look_roles look_roles_of(const look_file *f);

/* "person", "time", "event", "id" */
const char *look_role_name(look_role role);

/* Do the values name kinds of events: few texts that come again and again? */
bool look_may_be_event(const look_file *f, const look_column *c);

#endif
