/* SPDX-License-Identifier: MIT
 *
 * Any bytes as what a plugin delivers: a schema and batches of the Arrow C data interface,
 * mostly of the right shape, with lengths, offsets, counts of missing cells, codes and values
 * as the bytes say. Loading ends, with a store or a message, and reads no byte that the
 * plugin did not give. With libFuzzer (-fsanitize=fuzzer) it looks for new inputs; else
 * play.c plays files back.
 *
 * The one promise that is kept here is that buffers are as large as an array's own offset,
 * length and texts say: the interface has no sizes, so nobody can check that.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "plugin/arrow.h"
#include "ingest/loader.h"
#include "support/world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_BATCHES = 4, MOST_LENGTH = 40, TEXT_BYTES = 64 };

/* The bytes that decide; 0 behind their end. */
typedef struct decisions {
    const uint8_t *at, *end;
    const mapping *mapping;
    int batches;
} decisions;

static uint8_t next(decisions *d)
{
    return d->at < d->end ? *d->at++ : 0;
}

/* Once in a while: when the byte is a capital letter. */
static bool is_odd(decisions *d)
{
    uint8_t byte = next(d);
    return byte >= 'A' && byte <= 'Z';
}

/* A number that is small and right in most cases, and else one of those that hurt. */
static int64_t pick(decisions *d, int64_t usual)
{
    static const int64_t bad[] = {-1, INT64_MAX, INT64_MIN, INT32_MAX, 1, 0, 7, -7};
    return is_odd(d) ? bad[next(d) % 8] : usual;
}

static const char *format_of(carpel_type type)
{
    static const char *const formats[] = {"",        "b",   "l",   "l", "g", "u",
                                          "tsu:UTC", "tdD", "tDu", "u", "+l"};
    return formats[type];
}

static bool is_text(carpel_type type)
{
    return type == CARPEL_STRING || type == CARPEL_PERSON;
}

/* ---- arrays ---------------------------------------------------------------------------- */

static void *give(struct ArrowArray *a, size_t index, size_t bytes)
{
    void *block = memory_alloc_zero(bytes);
    arrow_array_give(a, index, block);
    return block;
}

static void fill(decisions *d, void *block, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        ((uint8_t *)block)[i] = next(d);
}

/* Offsets that go up by some bytes; an odd one is anything below the end of the texts. */
static void fill_offsets(decisions *d, int32_t *offsets, size_t count, int32_t most)
{
    int32_t at = 0;
    for (size_t i = 0; i < count; i++) {
        if (is_odd(d))
            at = (int32_t)(next(d) % (uint32_t)(most + 1)) - (next(d) == '-' ? most : 0);
        offsets[i] = at;
        at += at + 3 < most && at >= 0 ? (int32_t)(next(d) % 3) : 0;
    }
}

static void make_texts(decisions *d, struct ArrowArray *a, size_t room)
{
    fill_offsets(d, give(a, 1, (room + 1) * sizeof(int32_t)), room + 1, TEXT_BYTES);
    fill(d, give(a, 2, TEXT_BYTES), TEXT_BYTES);
}

static void make_codes(decisions *d, struct ArrowArray *a, size_t room)
{
    enum { TEXTS = 5 };
    int32_t *codes = give(a, 1, (room + 1) * sizeof *codes);
    for (size_t i = 0; i < room; i++)
        codes[i] = (int32_t)pick(d, next(d) % TEXTS);
    struct ArrowArray *texts = arrow_array_add_dictionary(a);
    arrow_array_init(texts, TEXTS, 0, 3, 0);
    make_texts(d, texts, TEXTS);
}

/* What the array says of itself may be wrong only where that can be seen. */
static void spoil(decisions *d, struct ArrowArray *a)
{
    switch (next(d)) {
    case 'L': a->length /= 2; break;
    case 'M': a->length = -5; break;
    case 'O': a->offset = -3; break;
    case 'N': a->null_count = 99; break;
    case 'B': a->n_buffers = 0; break;
    case 'P': a->buffers[1] = NULL; break;
    case 'C': a->n_children = 1; break;
    default: break;
    }
}

static void make_column(decisions *d, struct ArrowArray *a, carpel_type type,
                        bool is_coded, size_t length)
{
    size_t offset = next(d) % 9, room = offset + length;
    bool has_texts = is_text(type) && !is_coded;
    bool is_list = type == CARPEL_LIST;
    arrow_array_init(a, length, 0, has_texts ? 3 : 2, is_list ? 1 : 0);
    a->offset = (int64_t)offset;
    if (is_odd(d)) {
        fill(d, give(a, 0, room / 8 + 1), room / 8 + 1);
        a->null_count = -1;
    }
    if (has_texts)
        make_texts(d, a, room);
    else if (is_coded)
        make_codes(d, a, room);
    else if (is_list)
        fill_offsets(d, give(a, 1, (room + 1) * sizeof(int32_t)), room + 1, 20);
    else
        fill(d, give(a, 1, (room + 1) * 8), room * 8);
    if (is_list) {
        arrow_array_init(a->children[0], 20, 0, 3, 0);
        make_texts(d, a->children[0], 20);
    }
    spoil(d, a);
}

/* ---- the stream ---------------------------------------------------------------------------- */

static bool is_coded(const decisions *d, size_t column)
{
    return is_text(mapping_columns(d->mapping)[column].type) && column % 2 == 1;
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out)
{
    decisions *d = stream->private_data;
    size_t count = mapping_column_count(d->mapping);
    arrow_schema_init(out, "+s", "", count);
    for (size_t i = 0; i < count; i++) {
        const carpel_column *c = &mapping_columns(d->mapping)[i];
        bool is_list = c->type == CARPEL_LIST;
        const char *format = is_odd(d) ? "zz" : is_coded(d, i) ? "i" : format_of(c->type);
        arrow_schema_init(out->children[i], format, is_odd(d) ? "other" : c->name,
                          is_list);
        if (is_coded(d, i))
            arrow_schema_add_dictionary(out->children[i]);
        if (is_list)
            arrow_schema_init(out->children[i]->children[0], "u", "item", 0);
    }
    return 0;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out)
{
    decisions *d = stream->private_data;
    *out = (struct ArrowArray){0};
    if (d->batches++ >= MOST_BATCHES || d->at == d->end)
        return 0;
    if (is_odd(d))
        return (int)pick(d, 5);
    size_t count = mapping_column_count(d->mapping), length = next(d) % MOST_LENGTH;
    arrow_array_init(out, length, 0, 1, count);
    for (size_t i = 0; i < count; i++)
        make_column(d, out->children[i], mapping_columns(d->mapping)[i].type,
                    is_coded(d, i), length);
    out->offset = pick(d, 0);
    out->length = pick(d, (int64_t)length);
    return 0;
}

static const char *get_error(struct ArrowArrayStream *stream)
{
    (void)stream;
    return NULL;
}

static void release(struct ArrowArrayStream *stream)
{
    stream->release = NULL;
}

/* ---- the project: made once --------------------------------------------------------------- */

#define TEXT(t)                                                                          \
    {                                                                                    \
        .text = (char *)(t)                                                              \
    }

static const world *shop(void)
{
    static world *w;
    if (w != NULL)
        return w;
    w = world_new("Europe/Berlin");
    world_kind(w, "purchase",
               "amount decimal(2), sku string, share number, gift bool, "
               "due date, stay duration, seen time, tags [string]");
    world_trait(w, "country", "string");
    return w;
}

static const mapping *map(void)
{
    static config_event_rule rules[] = {{.name = TEXT("purchase")}};
    static const config_source source = {.name = TEXT("log"),
                                         .plugin = TEXT("fuzz"),
                                         .person = {.from = TEXT("id")},
                                         .time = {.from = TEXT("at")},
                                         .event_rules = rules,
                                         .event_rule_count = 1};
    static const mapping *m;
    if (m == NULL) {
        diags *found = diags_new();
        m = mapping_new(shop()->schema, &source, shop()->zone, false, shop()->memory,
                        found);
        if (m == NULL)
            abort();
        diags_free(found);
    }
    return m;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    decisions d = {data, data + size, map(), 0};
    struct ArrowArrayStream stream = {get_schema, get_next, get_error, release, &d};
    quarantine *refused = quarantine_new(NULL, false);
    loader *l = loader_new(shop()->schema, refused);
    carpel_error err = {.message = ""};
    if (loader_add(l, map(), &stream, &err))
        store_free(loader_finish(l));
    else if (err.message[0] == '\0')
        abort();
    loader_free(l);
    quarantine_free(refused);
    return 0;
}
