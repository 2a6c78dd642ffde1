/* SPDX-License-Identifier: MIT
 *
 * program -- a program that is run without a shell, whose lines are read one by one. Waiting
 * asks the host whether somebody wants to stop; then, and when it is closed early, the
 * program and what it has begun are ended.
 */
#ifndef EXEC_PROGRAM_H
#define EXEC_PROGRAM_H

#include <carpel/plugin.h>
#include <sys/types.h>

enum { PROGRAM_LAST_WORDS = 300 };

typedef struct program {
    const carpel_host *host;
    const char *name; /* the first word */
    pid_t pid;        /* 0: it is not running */
    int out, err;     /* -1: closed */
    char *line;       /* what was read and not handed out yet */
    size_t begin, end, room;
    char last_words[PROGRAM_LAST_WORDS]; /* of what it wrote on its standard error */
    size_t last_size;
} program;

/* `words` ends with NULL. */
bool program_begin(program *p, const carpel_host *host, const char *const *words,
                   const char *directory, carpel_error *err);

/* The next line, without its end but with a NUL behind it, which lives until the next call. *line
 * is NULL when there are no more; then the program has ended well. */
bool program_next_line(program *p, char **line, size_t *size, carpel_error *err);

void program_close(program *p);

#endif
