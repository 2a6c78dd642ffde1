/* SPDX-License-Identifier: MIT
 *
 * Any bytes as a line of JSON: reading ends, inside the line, with a value or a fault. With
 * libFuzzer (-fsanitize=fuzzer) it looks for new inputs; else play.c plays files back.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    json j = {0};
    char *line = malloc(size + 1);
    if (!line)
        return 0;
    memcpy(line, data, size);
    line[size] = '\0';
    json_begin(&j, line, size);
    bool ok = json_skip(&j, 0);
    if ((!ok && !j.fault) || j.at < j.begin || j.at > j.end)
        abort();
    json_done(&j);
    free(line);
    return 0;
}
