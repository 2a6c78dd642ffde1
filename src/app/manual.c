/* SPDX-License-Identifier: MIT
 *
 * A program of the build: makes the man page and the completion for bash from the tables
 * of app/commands.def.
 *
 *     manual man <docs/carpel.1.in >carpel.1       lines @COMMANDS@, @EXITS@ are replaced
 *     manual completion >completion/carpel
 */
#include <stdio.h>
#include <string.h>

#include "app/command_line.h"

enum { LONGEST_LINE = 4096 };

/* ---- man page --------------------------------------------------------------------- */

/* A text with what troff would take for its own escaped. */
static void put_escaped(const char *value)
{
    for (; *value != '\0'; value++) {
        if (*value == '-' || *value == '\\')
            putchar('\\');
        putchar(*value == '\\' ? 'e' : *value);
    }
}

static void put_option(const option_description *o)
{
    printf(".TP\n.B ");
    if (o->short_name != 0)
        printf("\\-%c, ", o->short_name);
    printf("\\-\\-");
    put_escaped(o->long_name);
    if (o->argument != NULL)
        printf(" \\fI%s\\fR", o->argument);
    putchar('\n');
    put_escaped(o->help);
    printf(".\n");
}

static void put_command(command_id command)
{
    const command_description *c = &command_table[command];
    printf(".SS carpel %s %s\n", c->name, c->arguments);
    put_escaped(c->description);
    putchar('\n');
    for (size_t i = 0; i < option_count; i++) {
        unsigned commands = option_table[i].commands;
        bool is_everywhere = commands == (1u << COMMAND_COUNT) - 1;
        if (!is_everywhere && (commands >> command & 1))
            put_option(&option_table[i]);
    }
}

static void put_commands(void)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        put_command((command_id)i);
}

static void put_exits(void)
{
    for (size_t i = 0; i < exit_count; i++) {
        printf(".TP\n.B %d\n", exit_table[i].code);
        put_escaped(exit_table[i].meaning);
        printf(".\n");
    }
}

static void put_man_page(void)
{
    char line[LONGEST_LINE];
    while (fgets(line, sizeof line, stdin) != NULL) {
        if (strcmp(line, "@COMMANDS@\n") == 0)
            put_commands();
        else if (strcmp(line, "@EXITS@\n") == 0)
            put_exits();
        else if (strncmp(line, ".TH", 3) == 0)
            printf(".TH CARPEL 1 \"\" \"carpel " CARPEL_VERSION "\" \"User commands\"\n");
        else
            fputs(line, stdout);
    }
}

/* ---- completion for bash ----------------------------------------------------------- */

/* The long options of a command, as words. */
static void put_options_of(command_id command)
{
    for (size_t i = 0; i < option_count; i++) {
        if (option_table[i].commands >> command & 1)
            printf("--%s ", option_table[i].long_name);
    }
}

static void put_command_names(void)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        printf("%s ", command_table[i].name);
}

static void put_subjects(void)
{
#define TOPIC(name, summary, body) printf("%s ", name);
#include "app/topics.def"
#undef TOPIC
}

/* What may stand behind the options of a command. */
static void put_arguments_of(command_id command)
{
    switch (command) {
    case COMMAND_INIT: printf("compgen -d -- \"$word\""); break;
    case COMMAND_FMT:
        printf("compgen -f -X '!*.seg' -- \"$word\"; compgen -d -- \"$word\"");
        break;
    case COMMAND_HELP:
        printf("compgen -W '");
        put_command_names();
        put_subjects();
        printf("' -- \"$word\"");
        break;
    default: printf("true");
    }
}

static void put_completion(void)
{
    printf("# bash completion for carpel\n"
           "_carpel()\n{\n"
           "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
           "    local command='' options='' i\n"
           "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
           "        case ${COMP_WORDS[i]} in\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        printf("        %s) command=%s options='", command_table[i].name,
               command_table[i].name);
        put_options_of((command_id)i);
        printf("'; break ;;\n");
    }
    printf("        esac\n    done\n"
           "    COMPREPLY=()\n"
           "    if [[ $before == --project || $before == -p ]]; then\n"
           "        mapfile -t COMPREPLY < <(compgen -d -- \"$word\")\n"
           "    elif [[ -z $command ]]; then\n"
           "        mapfile -t COMPREPLY < <(compgen -W '");
    put_command_names();
    printf("--help --version' -- \"$word\")\n"
           "    elif [[ $word == -* ]]; then\n"
           "        mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$word\")\n"
           "    else\n"
           "        case $command in\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        printf("        %s) mapfile -t COMPREPLY < <(", command_table[i].name);
        put_arguments_of((command_id)i);
        printf(") ;;\n");
    }
    printf("        esac\n    fi\n}\ncomplete -o filenames -F _carpel carpel\n");
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "man") == 0) {
        put_man_page();
    } else if (argc == 2 && strcmp(argv[1], "completion") == 0) {
        put_completion();
    } else {
        fprintf(stderr, "usage: manual man|completion\n");
        return EXIT_BAD_USAGE;
    }
    return fflush(stdout) == 0 && !ferror(stdout) ? EXIT_GOOD : EXIT_IO;
}
