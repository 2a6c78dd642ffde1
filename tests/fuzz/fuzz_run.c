/* SPDX-License-Identifier: MIT
 *
 * Any bytes as the head and the body of a remembered run, with checksums that are right: it is
 * read or refused, and what is read can be compared. With libFuzzer (-fsanitize=fuzzer) it
 * looks for new inputs; else play.c plays files back.
 *
 *     input    2 bytes, low first: how long the head is; the head; the body, unpacked
 */
#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/memory.h"
#include "runs/packing.h"
#include "runs/run_changes.h"
#include "runs/run_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void append_sum(text *file, size_t begin)
{
    digest sum = digest_of_bytes(file->data + begin, file->size - begin);
    pack_number(file, sum.high);
    pack_number(file, sum.low);
}

static void make_file(slice head, slice body, text *file)
{
    uLongf packed_size = compressBound((uLong)body.size);
    char *packed = memory_alloc(packed_size + 1);
    compress2((Bytef *)packed, &packed_size, (const Bytef *)body.data, (uLong)body.size,
              1);
    text_append(file, "carpelrn");
    pack_number(file, RUN_FILE_VERSION);
    pack_number(file, head.size);
    pack_number(file, packed_size);
    pack_number(file, body.size);
    text_append_bytes(file, head.data, head.size);
    append_sum(file, 0);
    size_t begin = file->size;
    text_append_bytes(file, packed, packed_size);
    append_sum(file, begin);
    memory_free(packed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    carpel_error err;
    text file;
    if (size < 2)
        return 0;
    size_t head_size = data[0] | (size_t)data[1] << 8;
    const char *bytes = (const char *)data + 2;
    size -= 2;
    if (head_size > size)
        head_size = size;
    text_init(&file);
    make_file((slice){bytes, head_size}, (slice){bytes + head_size, size - head_size},
              &file);
    remembered_run *r = run_file_read((slice){file.data, file.size}, "x", &err);
    if (r) {
        run_changes *c = run_changes_between(r, r);
        for (size_t i = 0; i < c->count; i++)
            if (!c->items[i].is_set && c->items[i].row_count > 0)
                abort(); /* nobody changed */
        run_changes_free(c);
    }
    remembered_run_free(r);
    text_done(&file);
    return 0;
}
