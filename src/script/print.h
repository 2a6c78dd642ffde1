/* SPDX-License-Identifier: MIT
 *
 * print -- the function that scripts see, for those who try them: lines go to whoever asked for them,
 * and where nobody did a call is an error.
 *
 *     script_set_print_to(set, (script_printer){say_line, data});    // before files are loaded
 *
 * What files print outside of functions is told when they are loaded, and not again by states that
 * are made later.
 */
#ifndef SCRIPT_PRINT_H
#define SCRIPT_PRINT_H

#include <lua.h>

#include "base/text.h"

/* A call may print so many lines of so many bytes; longer ones are cut. */
enum { SCRIPT_MOST_PRINTED = 1000, SCRIPT_MOST_PRINTED_BYTES = 4000 };

typedef struct script_printer {
    void (*line)(void *data, slice line); /* NULL: nobody reads it */
    void *data;
} script_printer;

struct script_set;
void script_set_print_to(struct script_set *s, script_printer to);

/* What scripts see as print. */
int script_print(lua_State *L);

#endif
