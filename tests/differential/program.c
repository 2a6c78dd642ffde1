/* SPDX-License-Identifier: MIT */
#include "differential/program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Noreturn void end_with_usage(const char *program, const program_option *options,
                                     size_t count)
{
    fputs(program, stderr);
    for (size_t i = 0; i < count; i++)
        fprintf(stderr, " [%s%s%s]", options[i].name, options[i].value ? " " : "",
                options[i].value ? options[i].value : "");
    fputc('\n', stderr);
    exit(64);
}

static unsigned long read_number(const char *program, const char *written)
{
    char *end;
    unsigned long n = strtoul(written, &end, 10);
    if (*written == '\0' || *end != '\0') {
        fprintf(stderr, "%s: %s is no number\n", program, written);
        exit(64);
    }
    return n;
}

static const program_option *find_option(const program_option *options, size_t count,
                                         const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(options[i].name, name) == 0)
            return &options[i];
    return NULL;
}

void program_read_options(const char *program, const program_option *options,
                          size_t count, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        const program_option *o = find_option(options, count, argv[i]);
        if (!o || (o->value && i + 1 == argc))
            end_with_usage(program, options, count);
        if (o->flag)
            *o->flag = true;
        else if (o->text)
            *o->text = argv[++i];
        else
            *o->number = read_number(program, argv[++i]);
    }
}
