/* SPDX-License-Identifier: MIT
 *
 * command_line -- what was asked for, read from the arguments by the tables of
 * app/commands.def.
 *
 *     command_line line;
 *     int code = command_line_read(argc, argv, &line);
 *     if (code >= 0)
 *         return code;              // it was a plain question, or a mistake: both answered
 */
#ifndef APP_COMMAND_LINE_H
#define APP_COMMAND_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

typedef enum command_id {
#define COMMAND(id, name, arguments, least, most, summary, description) COMMAND_##id,
#include "app/commands.def"
    COMMAND_COUNT
} command_id;

typedef enum exit_code {
#define EXIT(id, code, meaning) id = code,
#include "app/commands.def"
} exit_code;

/* COUNT: 1 to 4,096. PEOPLE: 1 to a billion. LIST: may be given several times. */
typedef enum option_kind {
    OPTION_FLAG,
    OPTION_TEXT,
    OPTION_COUNT,
    OPTION_PEOPLE,
    OPTION_LIST
} option_kind;

/* Rows of the tables, for what explains them. */
typedef struct command_description {
    const char *name, *arguments;
    size_t least, most; /* how many arguments */
    const char *summary, *description;
} command_description;

typedef struct option_description {
    option_kind kind;
    const char *long_name;
    char short_name; /* 0: none */
    const char *argument;
    unsigned commands; /* bit COMMAND_x: taken by that command */
    const char *help;
} option_description;

typedef struct exit_description {
    int code;
    const char *meaning;
} exit_description;

extern const command_description command_table[COMMAND_COUNT];
extern const option_description option_table[];
extern const size_t option_count;
extern const exit_description exit_table[];
extern const size_t exit_count;

enum { MOST_IN_LIST = 32 };

/* What an option was given, each time. */
typedef struct option_list {
    const char *items[MOST_IN_LIST];
    size_t count;
} option_list;

#define FIELD_FLAG   bool
#define FIELD_TEXT   const char *
#define FIELD_COUNT  size_t
#define FIELD_PEOPLE size_t
#define FIELD_LIST   option_list

/* Texts are those of argv. What was not given is false, NULL or 0. */
typedef struct command_line {
    command_id command;
    char **arguments;
    size_t argument_count;
#define OPTION(field, kind, long_name, short_name, argument, commands, help)             \
    FIELD_##kind field;
#include "app/commands.def"
} command_line;

/* Returns -1 when there is a command to carry out, else the exit code. `argv` is
 * reordered. */
int command_line_read(int argc, char **argv, command_line *out);

/* COMMAND_COUNT: no such command. */
command_id command_find(const char *name);

/* What `carpel --help` and `carpel COMMAND --help` print. */
void command_append_overview(text *out);
void command_append_usage(command_id command, text *out);

#endif
