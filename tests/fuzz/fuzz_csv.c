/* SPDX-License-Identifier: MIT
 *
 * Any bytes as a CSV file: reading ends, every field lies in what was read, lines count
 * upwards, and a row that is refused says why. The first byte chooses the delimiter and the
 * quote. With libFuzzer (-fsanitize=fuzzer) it looks for new inputs; else play.c plays files
 * back.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "csv/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const csv_format formats[] = {{',', '"', NULL},
                                     {';', '"', NULL},
                                     {'\t', '\'', NULL},
                                     {CSV_BLANKS, CSV_NO_QUOTE, NULL},
                                     {'|', CSV_NO_QUOTE, NULL}};

/* The bytes as a file in memory, made once; its path. */
static const char *as_file(const uint8_t *data, size_t size)
{
    static int fd = -1;
    static char path[64];
    if (fd < 0) {
        fd = memfd_create("fuzz.csv", 0);
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    }
    if (fd < 0 || ftruncate(fd, 0) != 0 || pwrite(fd, data, size, 0) != (ssize_t)size)
        abort();
    return path;
}

/* Every byte is looked at, so that the sanitizers see it. */
static unsigned weigh(const csv_reader *r)
{
    unsigned weight = 0;
    for (size_t i = 0; i < r->field_count && i < CSV_MAX_FIELDS; i++)
        for (size_t at = 0; at < r->fields[i].size; at++)
            weight += (unsigned char)r->fields[i].data[at];
    return weight;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    carpel_error err;
    csv_reader r;
    size_t format = (size_t)(data[0] - '0') % (sizeof formats / sizeof *formats);
    err.message[0] = '\0';
    if (!csv_reader_open(&r, as_file(data + 1, size - 1), &formats[format], &err)) {
        if (err.message[0] == '\0') /* what begins like gzip may be no gzip */
            abort();
        return 0;
    }
    static volatile unsigned weight; /* so that looking is not left out */
    uint64_t line = 0;
    csv_result result;
    while ((result = csv_read(&r, &err)) == CSV_ROW || result == CSV_BAD_ROW) {
        if (r.line <= line || (result == CSV_BAD_ROW && r.reason[0] == '\0'))
            abort();
        line = r.line;
        if (result == CSV_ROW)
            weight = weight + weigh(&r);
    }
    csv_reader_close(&r);
    return 0;
}
