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

/* What a file is made of: its ids are packed in it. */
typedef struct pieces {
    text head, ids, results;
} pieces;

static void make_file(const pieces *p, text *file)
{
    uLongf packed_size = compressBound((uLong)p->ids.size);
    char *packed = memory_alloc(packed_size + 1);
    compress2((Bytef *)packed, &packed_size, (const Bytef *)p->ids.data,
              (uLong)p->ids.size, 1);
    text_append(file, "carpelrn");
    pack_number(file, RUN_FILE_VERSION);
    pack_number(file, p->head.size);
    pack_number(file, 8 + packed_size + p->results.size);
    pack_number(file, p->ids.size);
    text_append_bytes(file, p->head.data, p->head.size);
    append_sum(file, 0);
    size_t begin = file->size;
    pack_text(file, (slice){packed, packed_size});
    text_append_bytes(file, p->results.data, p->results.size);
    append_sum(file, begin);
    memory_free(packed);
}

/* Of a run of some people, groups and scores. */
static void take_apart(pieces *p)
{
    text file;
    remembered_run *r =
        run_of(3, 300, "ann bob cid dan",
               "vip:7=ann,bob life.new:8=cid life.old:8=dan =risk:9=ann,dan");
    static const slice others[] = {{"an-7", 4}, {"an-8", 4}, {"cid@x", 5}};
    static const uint32_t into[] = {0, 0, 2};
    take(r, "crm", 2, true);
    note_taken(r, "mail", 5, 2);
    r->merged = (remembered_ids){others, 3};
    r->merged_into = into;
    text_init(&file);
    run_file_write(r, &file);
    remembered_run_free(r);
    unpacking from = {file.data + strlen("carpelrn"), file.data + file.size, false};
    unpack_number(&from); /* the version */
    size_t head_size = unpack_number(&from), body_size = unpack_number(&from);
    uLongf ids_size = unpack_number(&from);
    text_append_bytes(&p->head, from.at, head_size);
    unpacking body = {from.at + head_size + CHECKSUM_SIZE,
                      from.at + head_size + CHECKSUM_SIZE + body_size, false};
    slice packed = unpack_text(&body);
    char *ids = memory_alloc(ids_size + 1);
    if (uncompress((Bytef *)ids, &ids_size, (const Bytef *)packed.data, packed.size) !=
        Z_OK)
        abort();
    text_append_bytes(&p->ids, ids, ids_size);
    text_append_bytes(&p->results, body.at, (size_t)(body.end - body.at));
    memory_free(ids);
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

static void change_all(pieces *p, const uint8_t *data, size_t size)
{
    for (; size >= CHANGE_SIZE; data += CHANGE_SIZE, size -= CHANGE_SIZE) {
        size_t bytes = p->head.size + p->ids.size + p->results.size;
        if (bytes == 0)
            return;
        size_t where = (data[0] | (size_t)data[1] << 8) % bytes;
        if (where < p->head.size)
            change(&p->head, where, data[2], data[3]);
        else if (where - p->head.size < p->ids.size)
            change(&p->ids, where - p->head.size, data[2], data[3]);
        else
            change(&p->results, where - p->head.size - p->ids.size, data[2], data[3]);
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
    pieces p;
    text file;
    text_init(&p.head);
    text_init(&p.ids);
    text_init(&p.results);
    text_init(&file);
    take_apart(&p);
    change_all(&p, data, size);
    make_file(&p, &file);
    remembered_run *r = run_file_read((slice){file.data, file.size}, "x", &err);
    if (r)
        compare_with_itself(r);
    else if (size < CHANGE_SIZE)
        abort(); /* nothing was changed */
    remembered_run_free(r);
    text_done(&file);
    text_done(&p.results);
    text_done(&p.ids);
    text_done(&p.head);
    return 0;
}
