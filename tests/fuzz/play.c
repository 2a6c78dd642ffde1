/* SPDX-License-Identifier: MIT
 *
 * Plays files, or the files of folders, back to a fuzz target; the program for everyone who
 * has no libFuzzer. It ends with an error when there was nothing to play.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t played;

static bool play_file(const char *path)
{
    enum { LIMIT_BYTES = 64 << 20 };
    carpel_error err;
    text content;
    text_init(&content);
    bool ok = file_read(path, LIMIT_BYTES, &content, &err);
    if (ok) {
        LLVMFuzzerTestOneInput((const uint8_t *)content.data, content.size);
        played++;
    } else {
        fprintf(stderr, "%s\n", err.message);
    }
    text_done(&content);
    return ok;
}

/* A file, or the files of a folder. */
static bool play(const char *path)
{
    DIR *folder = opendir(path);
    if (!folder)
        return play_file(path);
    bool ok = true;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char name[4096];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        ok = play_file(name) && ok;
    }
    closedir(folder);
    return ok;
}

int main(int argc, char **argv)
{
    bool ok = true;
    for (int i = 1; i < argc; i++)
        ok = play(argv[i]) && ok;
    printf("%zu inputs played\n", played);
    return ok && played > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
