/* SPDX-License-Identifier: MIT
 *
 * The end of Lua's own message names what was nil.
 */
#include "script/left_out.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *named, *name, *why;
} left_out[] = {
#define X(named, name, why) {named, name, why},
#include "script/left_out.def"
#undef X
};

bool left_out_push(lua_State *L, const char *message)
{
    for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++) {
        char end[80];
        snprintf(end, sizeof end, " a nil value (%s)", left_out[i].named);
        size_t size = strlen(message), end_size = strlen(end);
        if (size < end_size || strcmp(message + size - end_size, end) != 0)
            continue;
        lua_pushfstring(L, "; %s is left out: %s", left_out[i].name, left_out[i].why);
        return true;
    }
    return false;
}
