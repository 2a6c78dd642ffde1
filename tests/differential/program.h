/* SPDX-License-Identifier: MIT
 *
 * program -- the options of the programs that try random rules, from one table each.
 */
#ifndef DIFFERENTIAL_PROGRAM_H
#define DIFFERENTIAL_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

/* An option sets one of the three. */
typedef struct program_option {
    const char *name;  /* --seed */
    const char *value; /* what the usage calls the word behind it; NULL for a flag */
    unsigned long *number;
    const char **text;
    bool *flag;
} program_option;

/* Set what the arguments say. Anything else prints the usage, and ends with 64. */
void program_read_options(const char *program, const program_option *options,
                          size_t count, int argc, char **argv);

#endif
