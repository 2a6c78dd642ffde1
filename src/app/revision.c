/* SPDX-License-Identifier: MIT
 *
 * Files are written by git itself, from an index of their own.
 */
#include "app/revision.h"

#include <string.h>

#include "base/memory.h"
#include "base/program.h"

/* $1: the project; $2: the revision. Prints the folder, or says what is wrong. */
static const char script[] =
    "set -e\n"
    "top=$(git -C \"$1\" rev-parse --show-toplevel)\n"
    "below=$(git -C \"$1\" rev-parse --show-prefix)\n"
    "commit=$(git -C \"$1\" rev-parse --verify --quiet --end-of-options \"$2^{commit}\") "
    "|| {\n"
    "  echo \"no revision is named \\\"$2\\\"\"; exit 1; }\n"
    "folder=$(mktemp -d)\n"
    "fail() { rm -rf \"$folder\"; exit 1; }\n"
    "export GIT_INDEX_FILE=\"$folder/index\"\n"
    "git -C \"$top\" read-tree \"$commit:${below%/}\" || fail\n"
    "git -C \"$top\" checkout-index --all --prefix=\"$folder/project/\" || fail\n"
    "mkdir -p \"$folder/project\"\n"
    "printf %s \"$folder\"\n";

static void cut_lines(text *said)
{
    for (size_t i = 0; i < said->size; i++)
        if (said->data[i] == '\n')
            said->data[i] = i + 1 < said->size ? ' ' : '\0';
}

bool revision_extract(const char *project, const char *revision, char **folder,
                      carpel_error *err)
{
    const char *arguments[] = {"sh", "-c", script, "sh", project, revision, NULL};
    program_end end;
    if (!program_run(arguments, &end, err))
        return false;
    bool ok = end.code == 0;
    if (ok)
        *folder = memory_copy_string(end.said.data);
    cut_lines(&end.said);
    if (!ok)
        carpel_fail(err, CARPEL_E_INPUT, "cannot read the project as of \"%s\": %s",
                    revision, end.said.data);
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
