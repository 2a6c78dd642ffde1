/* SPDX-License-Identifier: MIT
 *
 * A remembered run whose head and body were changed, with checksums that are right: it is read
 * or refused, and what is read can be compared. With libFuzzer (-fsanitize=fuzzer) it looks
 * for new inputs; else play.c plays files back.
 *
 *     input    changes of 4 bytes each: where (2 bytes, low first; head and body, unpacked,
 *              stand one behind the other), what (see change), and a byte
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "../unit/run_support.h"
#include "base/memory.h"
#include "runs/packing.h"
#include "runs/run_changes.h"
#include "runs/run_file.h"

enum { CHANGE_SIZE = 4, CHECKSUM_SIZE = 16 };

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

/* The head and the unpacked body of a run of some people, groups and scores. */
static void take_apart(text *head, text *body)
{
    text file;
    remembered_run *r =
        run_of(3, 300, "ann bob cid dan",
               "vip:7=ann,bob life.new:8=cid life.old:8=dan =risk:9=ann,dan");
    take(r, "crm", 2, true);
    text_init(&file);
    run_file_write(r, &file);
    remembered_run_free(r);
    unpacking from = {file.data + strlen("carpelrn"), file.data + file.size, false};
    unpack_number(&from); /* the version */
    size_t head_size = unpack_number(&from);
    uLong packed_size = unpack_number(&from);
    uLongf body_size = unpack_number(&from);
    text_append_bytes(head, from.at, head_size);
    char *unpacked = memory_alloc(body_size + 1);
    if (uncompress((Bytef *)unpacked, &body_size,
                   (const Bytef *)from.at + head_size + CHECKSUM_SIZE,
                   packed_size) != Z_OK)
        abort();
    text_append_bytes(body, unpacked, body_size);
    memory_free(unpacked);
    text_done(&file);
}

static void change(text *t, size_t where, uint8_t what, uint8_t byte)
{
    switch (what % 4) {
    case 0: t->data[where] = (char)byte; break;
    case 1: t->data[where] = (char)(t->data[where] + byte); break;
    case 2: /* one byte more */
        text_append_char(t, 'x');
        memmove(t->data + where + 1, t->data + where, t->size - where - 1);
        t->data[where] = (char)byte;
        break;
    default: /* some bytes fewer */ {
        size_t left = t->size - where, gone = byte < left ? byte : left;
        memmove(t->data + where, t->data + where + gone, left - gone);
        t->size -= gone;
    }
    }
}

static void change_all(text *head, text *body, const uint8_t *data, size_t size)
{
    for (; size >= CHANGE_SIZE; data += CHANGE_SIZE, size -= CHANGE_SIZE) {
        size_t bytes = head->size + body->size;
        if (bytes == 0)
            return;
        size_t where = (data[0] | (size_t)data[1] << 8) % bytes;
        if (where < head->size)
            change(head, where, data[2], data[3]);
        else
            change(body, where - head->size, data[2], data[3]);
    }
}

static void compare_with_itself(const remembered_run *r)
{
    run_changes *c = run_changes_between(r, r);
    for (size_t i = 0; i < c->count; i++)
        if (!c->items[i].is_set && c->items[i].row_count > 0)
            abort(); /* nobody changed */
    run_changes_free(c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    carpel_error err;
    text head, body, file;
    text_init(&head);
    text_init(&body);
    text_init(&file);
    take_apart(&head, &body);
    change_all(&head, &body, data, size);
    make_file((slice){head.data, head.size}, (slice){body.data, body.size}, &file);
    remembered_run *r = run_file_read((slice){file.data, file.size}, "x", &err);
    if (r)
        compare_with_itself(r);
    else if (size < CHANGE_SIZE)
        abort(); /* nothing was changed */
    remembered_run_free(r);
    text_done(&file);
    text_done(&body);
    text_done(&head);
    return 0;
}
