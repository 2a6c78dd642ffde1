/* SPDX-License-Identifier: MIT
 *
 * Files are written by git itself, from an index of their own.
 */
#include "app/revision.h"

#include <string.h>

#include "base/memory.h"
#include "base/program.h"
#include "base/text.h"

/* $1: the project; $2: the revision. Prints the folder, and then the links that were left out, each
 * on a line; or says what is wrong. */
static const char script[] =
    "set -e\n"
    "top=$(git -C \"$1\" rev-parse --show-toplevel 2>&1) || {\n"
    "  case $top in *'not a git repository'*)\n"
    "    top='there is no such folder, and the project is in no git repository' ;;\n"
    "  esac\n"
    "  printf '%s\\n' \"$top\"; exit 1; }\n"
    "below=$(git -C \"$1\" rev-parse --show-prefix)\n"
    "commit=$(git -C \"$1\" rev-parse --verify --quiet --end-of-options \"$2^{commit}\") "
    "|| {\n"
    "  echo \"no revision is named \\\"$2\\\"\"; exit 1; }\n"
    "tree=$(git -C \"$1\" rev-parse --verify --quiet \"$commit:${below%/}\") || {\n"
    "  echo 'the project is not in it'; exit 1; }\n"
    "folder=$(mktemp -d)\n"
    "fail() { rm -rf \"$folder\"; exit 1; }\n"
    "export GIT_INDEX_FILE=\"$folder/index\"\n"
    "git -C \"$top\" read-tree \"$tree\" || fail\n"
    "git -C \"$top\" checkout-index --all --prefix=\"$folder/project/\" || fail\n"
    "mkdir -p \"$folder/project\"\n"
    "printf '%s\\n' \"$folder\"\n"
    "cd \"$folder/project\"\n"
    "find . -type l -exec sh -c '\n"
    "for link; do\n"
    "  case $(readlink -f -- \"$link\") in\n"
    "  \"$(pwd -P)\"/*) ;;\n"
    "  *) rm -f -- \"$link\"; printf \"%s\\n\" \"${link#./}\" ;;\n"
    "  esac\n"
    "done' sh {} +\n";

/* Lines as one, with `between` where they meet. */
static char *join_lines(const char *said, const char *between)
{
    text joined;
    text_init(&joined);
    for (const char *c = said; *c; c++)
        if (*c != '\n')
            text_append_char(&joined, *c);
        else if (c[1])
            text_append(&joined, between);
    char *line = memory_copy_string(joined.data);
    text_done(&joined);
    return line;
}

/* The first line, and (NULL: there are none) the others. */
static void take_lines(const char *said, char **folder, char **others)
{
    size_t size = strcspn(said, "\n");
    const char *rest = said[size] ? said + size + 1 : "";
    *folder = memory_copy_text(said, size);
    *others = *rest ? join_lines(rest, ", ") : NULL;
}

bool revision_extract(const char *project, const char *revision, char **folder,
                      char **left_out, carpel_error *err)
{
    const char *arguments[] = {"sh", "-c", script, "sh", project, revision, NULL};
    program_end end;
    if (!program_run(arguments, &end, err))
        return false;
    bool ok = end.code == 0;
    char *line = ok ? NULL : join_lines(end.said.data, " ");
    if (ok)
        take_lines(end.said.data, folder, left_out);
    else
        carpel_fail(err, CARPEL_E_INPUT, "cannot read the project as of \"%s\": %s",
                    revision, line);
    memory_free(line);
    program_end_done(&end);
    return ok;
}

void revision_remove(char *folder)
{
    if (!folder)
        return;
    const char *arguments[] = {"rm", "-rf", "--", folder, NULL};
    program_end end;
    carpel_error ignored;
    if (program_run(arguments, &end, &ignored))
        program_end_done(&end);
    memory_free(folder);
}
