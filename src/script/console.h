/* SPDX-License-Identifier: MIT
 *
 * console -- lines of Lua that somebody types, run one after the other in the sandbox.
 *
 *     script_console *c = script_console_new(set);
 *     script_console_offer(c, "value", ask, data);
 *     switch (script_console_run(c, chunk, &out)) ...
 *     script_console_free(c);
 *
 * The modules of the set are there by their names, and others by `require`. Globals stay from chunk to chunk, until one passes
 * a limit: then they are gone, and the next begins anew.
 */
#ifndef SCRIPT_CONSOLE_H
#define SCRIPT_CONSOLE_H

#include "script/script.h"

typedef struct script_console script_console;

typedef enum console_outcome {
    CONSOLE_GOOD,   /* `out` has a line for each value that it gave, with its type */
    CONSOLE_FAILED, /* `out` says why, with the place */
    CONSOLE_OPEN    /* it is not finished: more lines are needed */
} console_outcome;

/* A function of one text for what is typed. False: *reason says why, for the caller of it. What the
 * result points at lives until the next call. */
typedef bool console_function(void *data, const char *argument, script_value *result,
                              text *reason);

/* The set outlives it, and gets the files that chunks require. */
script_console *script_console_new(script_set *s);
void script_console_free(script_console *c);

/* At most two; the name is a literal. A chunk may call what is offered 100 times. */
void script_console_offer(script_console *c, const char *name, console_function *function,
                          void *data);

console_outcome script_console_run(script_console *c, slice chunk, text *out);

#endif
