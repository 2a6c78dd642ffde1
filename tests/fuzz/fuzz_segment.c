/* SPDX-License-Identifier: MIT
 *
 * Any bytes as a segment file: parsing never crashes, and what parses keeps its meaning
 * when it is formatted. With libFuzzer (-fsanitize=fuzzer -DFUZZ_WITH_LIBFUZZER) it looks
 * for new inputs; else it plays back the files and folders that are its arguments.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "lang/format.h"
#include "lang/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Parse, dump and format; true when there was no mistake. */
static bool read_rules(const char *data, size_t size, text *dump, text *formatted)
{
    source *origin = source_new("fuzz.seg", data, size);
    arena *memory = arena_new();
    diags *found = diags_new();
    ast_file *file = parse_segments(origin, memory, found);
    ast_dump(file, dump);
    format_file(file, formatted);
    text messages;
    text_init(&messages);
    diags_append(found, &messages, false);
    text_done(&messages);
    bool is_good = !diags_has_errors(found);
    diags_free(found);
    arena_free(memory);
    source_free(origin);
    return is_good;
}

static void insist(bool holds, const char *what, const text *formatted)
{
    if (holds)
        return;
    fprintf(stderr, "%s:\n%s\n", what, formatted->data);
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    text dump, formatted, dump_again, formatted_again;
    text_init(&dump);
    text_init(&formatted);
    text_init(&dump_again);
    text_init(&formatted_again);
    if (read_rules((const char *)data, size, &dump, &formatted)) {
        bool is_good =
            read_rules(formatted.data, formatted.size, &dump_again, &formatted_again);
        insist(is_good, "the formatted text does not parse", &formatted);
        insist(strcmp(dump.data, dump_again.data) == 0,
               "the formatted text means something else", &formatted);
        insist(strcmp(formatted.data, formatted_again.data) == 0,
               "formatting is not settled", &formatted);
    }
    text_done(&dump);
    text_done(&formatted);
    text_done(&dump_again);
    text_done(&formatted_again);
    return 0;
}

#ifndef FUZZ_WITH_LIBFUZZER

static size_t played;

static bool play_file(const char *path)
{
    carpel_error err;
    source *file = source_open(path, NULL, &err);
    if (file == NULL) {
        fprintf(stderr, "%s\n", err.message);
        return false;
    }
    slice whole = source_text(file);
    LLVMFuzzerTestOneInput((const uint8_t *)whole.data, whole.size);
    source_free(file);
    played++;
    return true;
}

/* A file, or the files of a folder. */
static bool play(const char *path)
{
    DIR *folder = opendir(path);
    if (folder == NULL)
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

#endif
