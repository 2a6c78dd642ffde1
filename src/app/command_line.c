/* SPDX-License-Identifier: MIT
 *
 * The command line: getopt_long cuts it into options and arguments, the tables say which
 * of them the command takes, and mistakes get the nearest name as a hint.
 */
#include "app/command_line.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/say.h"
#include "report/suggest.h"

#define FOR(id) (1u << COMMAND_##id)
#define EVERY   ((1u << COMMAND_COUNT) - 1)

const command_description command_table[COMMAND_COUNT] = {
#define COMMAND(id, name, arguments, least, most, summary, description)                  \
    {#name, arguments, least, most, summary, description},
#include "app/commands.def"
};

const option_description option_table[] = {
#define OPTION(field, kind, long_name, short_name, argument, commands, help)             \
    {OPTION_##kind, long_name, short_name, argument, commands, help},
#include "app/commands.def"
};
const size_t option_count = sizeof option_table / sizeof *option_table;

const exit_description exit_table[] = {
#define EXIT(id, code, meaning) {code, meaning},
#include "app/commands.def"
};
const size_t exit_count = sizeof exit_table / sizeof *exit_table;

/* Where the value of each option goes. */
static const size_t option_offsets[] = {
#define OPTION(field, kind, long_name, short_name, argument, commands, help)             \
    offsetof(command_line, field),
#include "app/commands.def"
};

enum {
    OPTION_TOTAL = sizeof option_table / sizeof *option_table,
    FIRST_LONG = 256 /* what getopt returns for the first option by its long name */
};

/* ---- what getopt needs ---------------------------------------------------- */

static void make_getopt_tables(struct option *longs, char *shorts)
{
    *shorts++ = ':'; /* a missing argument is told apart from an unknown option */
    for (size_t i = 0; i < OPTION_TOTAL; i++) {
        const option_description *o = &option_table[i];
        bool has_argument = o->kind != OPTION_FLAG;
        longs[i] = (struct option){o->long_name, has_argument, NULL, FIRST_LONG + (int)i};
        if (o->short_name != 0) {
            *shorts++ = o->short_name;
            if (has_argument)
                *shorts++ = ':';
        }
    }
    longs[OPTION_TOTAL] = (struct option){0};
    *shorts = '\0';
}

/* The option that getopt's answer stands for, or OPTION_TOTAL. */
static size_t option_of(int answer)
{
    if (answer >= FIRST_LONG)
        return (size_t)(answer - FIRST_LONG);
    for (size_t i = 0; i < OPTION_TOTAL; i++) {
        if (option_table[i].short_name != 0 && option_table[i].short_name == answer)
            return i;
    }
    return OPTION_TOTAL;
}

/* ---- mistakes --------------------------------------------------------------- */

static int refuse_unknown(const char *argument, int letter)
{
    suggestion s;
    if (letter > 0 && letter < FIRST_LONG) {
        say_error("no option is named \"-%c\"", letter);
        if (letter >= '0' && letter <= '9')
            say_hint(
                "Numbers below 0 stand behind \"--\": carpel lua FILE FUNCTION -- -%c",
                letter);
    } else if (letter >= FIRST_LONG) {
        say_error("the option \"--%s\" takes no value",
                  option_table[letter - FIRST_LONG].long_name);
    } else {
        const char *name = argument + strspn(argument, "-");
        say_error("no option is named \"%s\"", argument);
        s = suggest_begin(name);
        for (size_t i = 0; i < OPTION_TOTAL; i++)
            suggest_consider(&s, option_table[i].long_name);
        if (suggest_best(&s) != NULL)
            say_hint("Did you mean \"--%s\"?", suggest_best(&s));
    }
    return EXIT_BAD_USAGE;
}

/* What other tools call our commands, or NULL. */
static const char *foreign_command(const char *name)
{
    static const struct {
        const char *word, *ours;
    } words[] = {
#define X(word, ours) {word, ours},
#include "app/foreign_commands.def"
#undef X
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].word, name) == 0)
            return words[i].ours;
    return NULL;
}

static int refuse_command(const char *name)
{
    suggestion s = suggest_begin(name);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        suggest_consider(&s, command_table[i].name);
    say_error("no command is named \"%s\"", name);
    const char *ours = foreign_command(name);
    if (ours != NULL)
        say_hint("Write \"carpel %s\".", ours);
    else if (suggest_best(&s) != NULL)
        say_hint("Did you mean \"%s\"?", suggest_best(&s));
    else
        say_hint("\"carpel help\" lists the commands.");
    return EXIT_BAD_USAGE;
}

static int refuse_arguments(const command_line *line)
{
    const command_description *c = &command_table[line->command];
    if (line->argument_count > c->most)
        say_error("\"carpel %s\" does not take \"%s\"", c->name,
                  line->arguments[c->most]);
    else
        say_error("\"carpel %s\" needs %s", c->name, c->arguments);
    say_hint("Usage: carpel %s%s%s", c->name, c->arguments[0] == '\0' ? "" : " ",
             c->arguments);
    return EXIT_BAD_USAGE;
}

/* What the command calls an option that others have, or NULL. */
static const char *kindred_option(command_id command, const char *name)
{
    static const struct {
        command_id command;
        const char *theirs, *ours;
    } names[] = {
#define X(command, theirs, ours) {COMMAND_##command, theirs, ours},
#include "app/kindred_options.def"
#undef X
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].command == command && strcmp(names[i].theirs, name) == 0)
            return names[i].ours;
    return NULL;
}

static int refuse_option(const command_line *line, size_t option)
{
    const char *name = command_table[line->command].name;
    say_error("\"carpel %s\" has no option \"--%s\"", name,
              option_table[option].long_name);
    const char *ours = kindred_option(line->command, option_table[option].long_name);
    if (ours)
        say_hint("Write \"--%s\" instead.", ours);
    else
        say_hint("\"carpel %s --help\" lists its options.", name);
    return EXIT_BAD_USAGE;
}

/* ---- values ------------------------------------------------------------------ */

enum {
    MOST_COUNT = 4096,
    MOST_PEOPLE = 1000000000, /* or events */
};

static bool read_count(const char *value, unsigned long most, size_t *out)
{
    char *end;
    errno = 0;
    unsigned long number = strtoul(value, &end, 10);
    if (value[0] < '0' || value[0] > '9' || *end != '\0' || errno != 0 || number == 0 ||
        number > most)
        return false;
    *out = number;
    return true;
}

static bool add_to_list(option_list *list, size_t option, const char *value)
{
    if (list->count == MOST_IN_LIST) {
        say_error("\"--%s\" can be given %d times", option_table[option].long_name,
                  MOST_IN_LIST);
        return false;
    }
    list->items[list->count++] = value;
    return true;
}

static bool store_count(size_t option, const char *value, unsigned long most, size_t *to)
{
    if (read_count(value, most, to))
        return true;
    say_error("\"--%s\" needs a whole number from 1 to %lu, not \"%s\"",
              option_table[option].long_name, most, value);
    return false;
}

static bool store_value(command_line *line, size_t option, char *value)
{
    void *to = (char *)line + option_offsets[option];
    switch (option_table[option].kind) {
    case OPTION_FLAG: *(bool *)to = true; return true;
    case OPTION_TEXT: *(const char **)to = value; return true;
    case OPTION_LIST: return add_to_list(to, option, value);
    case OPTION_COUNT: return store_count(option, value, MOST_COUNT, to);
    case OPTION_PEOPLE: return store_count(option, value, MOST_PEOPLE, to);
    }
    return false;
}

/* ---- reading ------------------------------------------------------------------- */

/* Read all options; *given gets a bit for each. -1, or the exit code of a mistake. */
static int read_options(int argc, char **argv, command_line *line, uint64_t *given)
{
    struct option longs[OPTION_TOTAL + 1];
    char shorts[2 * OPTION_TOTAL + 2];
    make_getopt_tables(longs, shorts);
    *given = 0;
    opterr = 0;
    optind = 0;
    int answer;
    while ((answer = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
        if (answer == '?')
            return refuse_unknown(argv[optind - 1], optopt);
        if (answer == ':') {
            const option_description *o = &option_table[option_of(optopt)];
            say_error("the option \"--%s\" needs a value: --%s %s", o->long_name,
                      o->long_name, o->argument);
            return EXIT_BAD_USAGE;
        }
        size_t option = option_of(answer);
        *given |= UINT64_C(1) << option;
        if (!store_value(line, option, optarg))
            return EXIT_BAD_USAGE;
    }
    return -1;
}

static int print(void (*append)(command_id, text *), command_id command)
{
    text out;
    text_init(&out);
    append(command, &out);
    int code = say_result(&out);
    text_done(&out);
    return code;
}

static void append_overview(command_id command, text *out)
{
    (void)command;
    command_append_overview(out);
}

static void append_version(command_id command, text *out)
{
    (void)command;
    text_append(out, "carpel " CARPEL_VERSION "\n");
}

/* What needs no command: -1 when there is one. */
static int answer_without_command(const command_line *line, bool has_command)
{
    if (line->version)
        return print(append_version, COMMAND_COUNT);
    if (has_command)
        return -1;
    if (line->help)
        return print(append_overview, COMMAND_COUNT);
    text usage;
    text_init(&usage);
    command_append_overview(&usage);
    fputs(usage.data, stderr);
    text_done(&usage);
    return EXIT_BAD_USAGE;
}

/* Do the options and arguments fit the command? -1, or the exit code of a mistake. */
static int check_command(const command_line *line, uint64_t given)
{
    for (size_t i = 0; i < OPTION_TOTAL; i++) {
        if ((given >> i & 1) && !(option_table[i].commands >> line->command & 1))
            return refuse_option(line, i);
    }
    const command_description *c = &command_table[line->command];
    if (line->argument_count < c->least || line->argument_count > c->most)
        return refuse_arguments(line);
    return -1;
}

int command_line_read(int argc, char **argv, command_line *out)
{
    uint64_t given;
    *out = (command_line){.command = COMMAND_COUNT};
    int code = read_options(argc, argv, out, &given);
    if (code < 0)
        code = answer_without_command(out, optind < argc);
    if (code >= 0)
        return code;
    out->command = command_find(argv[optind]);
    if (out->command == COMMAND_COUNT)
        return refuse_command(argv[optind]);
    out->arguments = argv + optind + 1;
    out->argument_count = (size_t)(argc - optind - 1);
    if (out->help)
        return print(command_append_usage, out->command);
    return check_command(out, given);
}

command_id command_find(const char *name)
{
    size_t i = 0;
    while (i < COMMAND_COUNT && strcmp(command_table[i].name, name) != 0)
        i++;
#define ALIAS(id, other)                                                                 \
    if (strcmp(name, other) == 0)                                                        \
        return COMMAND_##id;
#include "app/commands.def"
    return (command_id)i;
}

/* ---- usage ---------------------------------------------------------------------- */

/* "  -p, --project DIR". */
static void append_option(const option_description *o, text *out)
{
    if (o->short_name != 0)
        text_append_format(out, "  -%c, --%s", o->short_name, o->long_name);
    else
        text_append_format(out, "      --%s", o->long_name);
    if (o->argument != NULL)
        text_append_format(out, " %s", o->argument);
    text_append_char(out, '\n');
    say_wrap(o->help, 10, out);
}

void command_append_overview(text *out)
{
    text_append(out, "carpel finds segments of people with rules over what they did.\n\n"
                     "Usage: carpel COMMAND [OPTION ...] [ARGUMENT ...]\n\nCommands:\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        text_append_format(out, "  %-9s %s\n", command_table[i].name,
                           command_table[i].summary);
    text_append(out,
                "\nStart with:  carpel init my-shop && carpel run --project my-shop\n"
                "Learn more:  carpel COMMAND --help, carpel help\n");
}

void command_append_usage(command_id command, text *out)
{
    const command_description *c = &command_table[command];
    text_append_format(out, "Usage: carpel %s [OPTION ...]%s%s\n\n", c->name,
                       c->arguments[0] == '\0' ? "" : " ", c->arguments);
    say_wrap(c->description, 0, out);
    text_append(out, "\nOptions:\n");
    for (size_t i = 0; i < OPTION_TOTAL; i++) {
        if (option_table[i].commands >> command & 1)
            append_option(&option_table[i], out);
    }
}
