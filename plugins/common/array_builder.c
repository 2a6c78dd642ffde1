/* SPDX-License-Identifier: MIT
 *
 * The blocks of a builder become those of its array, so nothing is copied when it is taken.
 */
#include "common/array_builder.h"

#include <string.h>

#include "common/arrays.h"
#include "common/bits.h"
#include "common/memory.h"

enum {
    MEMO_SIZE = 4096,
    MEMO_TRIAL = 4096 /* texts before remembering is given up */
};

/* ---- texts ---------------------------------------------------------------------------- */

/* Room for another text. */
static void reserve_text(text_list *t, size_t size)
{
    if (t->count + 1 >= t->capacity) {
        t->capacity = t->capacity * 2 + 1024;
        t->ends = common_resize(t->ends, t->capacity * sizeof *t->ends);
        t->ends[0] = 0;
    }
    if (t->size + size >= t->room) { /* so that there are bytes, if only an empty text */
        t->room = (t->room + size) * 2 + 4096;
        t->bytes = common_resize(t->bytes, t->room);
    }
}

/* Short texts, as most are, without a call: two parts that overlap. */
static inline void copy_bytes(char *to, const char *from, size_t size)
{
    if (size > 16) {
        memcpy(to, from, size);
    } else if (size >= 8) {
        uint64_t first, last;
        memcpy(&first, from, 8);
        memcpy(&last, from + size - 8, 8);
        memcpy(to, &first, 8);
        memcpy(to + size - 8, &last, 8);
    } else if (size >= 4) {
        uint32_t first, last;
        memcpy(&first, from, 4);
        memcpy(&last, from + size - 4, 4);
        memcpy(to, &first, 4);
        memcpy(to + size - 4, &last, 4);
    } else if (size > 0) {
        to[0] = from[0];
        to[size / 2] = from[size / 2];
        to[size - 1] = from[size - 1];
    }
}

/* The bytes of a text of at most 8 as a number, which differs for those of one size. */
static inline uint64_t short_text(const char *text, size_t size)
{
    if (size >= 4) {
        uint32_t first, last;
        memcpy(&first, text, 4);
        memcpy(&last, text + size - 4, 4);
        return (uint64_t)last << 32 | first;
    }
    if (size == 0)
        return 0;
    return (uint64_t)(unsigned char)text[0] |
           (uint64_t)(unsigned char)text[size / 2] << 8 |
           (uint64_t)(unsigned char)text[size - 1] << 16;
}

static inline uint64_t mix(uint64_t all, uint64_t part)
{
    all = (all ^ part) * UINT64_C(0x9e3779b97f4a7c15);
    return all ^ all >> 29;
}

static inline size_t hash_of(const char *text, size_t size)
{
    uint64_t all = size, part;
    for (; size > sizeof part; text += sizeof part, size -= sizeof part) {
        memcpy(&part, text, sizeof part);
        all = mix(all, part);
    }
    return (size_t)(mix(all, short_text(text, size)) >> 40) % MEMO_SIZE;
}

static inline bool is_text_at(const text_list *t, int32_t number, const char *text,
                              size_t size)
{
    size_t begin = (size_t)t->ends[number], end = (size_t)t->ends[number + 1];
    return end - begin == size && memcmp(t->bytes + begin, text, size) == 0;
}

/* Ids that differ from row to row are not worth the look. */
static inline bool is_memo_worth(const text_list *t)
{
    return t->looked < MEMO_TRIAL || t->met >= t->looked / 4;
}

static bool add_text(text_list *t, const char *text, size_t size, int32_t *number)
{
    if (size > ARRAY_MOST_BYTES || t->size + size > INT32_MAX)
        return false;
    reserve_text(t, size);
    copy_bytes(t->bytes + t->size, text, size);
    t->size += size;
    *number = (int32_t)t->count++;
    t->ends[t->count] = (int32_t)t->size;
    return true;
}

/* The number of the text. */
static bool find_code(array_builder *b, const char *text, size_t size, int32_t *number)
{
    text_list *t = &b->texts;
    if (!is_memo_worth(t))
        return add_text(t, text, size, number);
    int32_t *known = &b->memo[hash_of(text, size)];
    t->looked++;
    if (*known > 0 && is_text_at(t, *known - 1, text, size)) {
        t->met++;
        *number = *known - 1;
        return true;
    }
    if (!add_text(t, text, size, number))
        return false;
    *known = *number + 1;
    return true;
}

/* ---- values --------------------------------------------------------------------------- */

static size_t width_of(carpel_type type)
{
    bool is_text = type == CARPEL_STRING || type == CARPEL_PERSON;
    return type == CARPEL_BOOL              ? 0
           : type == CARPEL_DATE || is_text ? sizeof(int32_t)
                                            : sizeof(int64_t);
}

bool array_builder_begin(array_builder *b, const carpel_column *wanted,
                         const struct ArrowSchema *schema)
{
    bool is_text = wanted->type == CARPEL_STRING || wanted->type == CARPEL_PERSON;
    b->type = wanted->type;
    b->width = width_of(wanted->type);
    b->is_coded = schema->dictionary != NULL;
    if (wanted->type == CARPEL_LIST || b->is_coded != is_text)
        return false;
    if (b->is_coded)
        b->memo = common_alloc(MEMO_SIZE, sizeof *b->memo);
    return true;
}

void array_builder_done(array_builder *b)
{
    free(b->present);
    free(b->values);
    free(b->texts.ends);
    free(b->texts.bytes);
    free(b->memo);
}

void array_builder_reserve(array_builder *b, size_t rows)
{
    if (rows <= b->capacity)
        return;
    size_t old_bits = (b->capacity + 7) / 8;
    b->capacity = rows + b->capacity / 2;
    size_t bits = (b->capacity + 7) / 8;
    b->present = common_resize(b->present, bits);
    memset(b->present + old_bits, 0xff, bits - old_bits);
    b->values = common_resize(b->values, b->width == 0 ? bits : b->capacity * b->width);
}

bool array_builder_code(array_builder *b, size_t row, const char *text, size_t size)
{
    int32_t *numbers = (int32_t *)(void *)b->values;
    if (size > 0 || b->type == CARPEL_STRING)
        return find_code(b, text, size, &numbers[row]);
    array_builder_miss(b, row, 1);
    return true;
}

static void clear_values(array_builder *b, size_t row, size_t count)
{
    if (b->width > 0)
        memset(b->values + row * b->width, 0, count * b->width);
    else
        for (size_t i = row; i < row + count; i++)
            bit_set(b->values, i, false);
}

void array_builder_miss(array_builder *b, size_t row, size_t count)
{
    for (size_t i = row; i < row + count; i++)
        bit_set(b->present, i, false);
    clear_values(b, row, count);
    b->missing_count += count;
}

void array_builder_forget(array_builder *b, size_t row, size_t count)
{
    for (size_t i = row; i < row + count; i++) {
        b->missing_count -= !bit_at(b->present, i);
        bit_set(b->present, i, true);
    }
}

/* ---- handing out ---------------------------------------------------------------------- */

/* The blocks are the array's from here on. */
static void make_array(struct ArrowArray *out, size_t length, size_t missing_count,
                       void *present, void *values, void *bytes)
{
    array_begin(out, length, bytes ? 3 : 2, 0);
    out->null_count = (int64_t)missing_count;
    out->buffers[0] = present;
    out->buffers[1] = values;
    if (bytes)
        out->buffers[2] = bytes;
}

static void give_texts(text_list *t, struct ArrowArray *out)
{
    reserve_text(t, 1);
    out->dictionary = common_alloc(1, sizeof *out->dictionary);
    make_array(out->dictionary, t->count, 0, NULL, t->ends, t->bytes);
    *t = (text_list){0};
}

void array_builder_take(array_builder *b, size_t rows, struct ArrowArray *out)
{
    make_array(out, rows, b->missing_count, b->present, b->values, NULL);
    if (b->is_coded) {
        give_texts(&b->texts, out);
        memset(b->memo, 0, MEMO_SIZE * sizeof *b->memo);
    }
    b->present = NULL;
    b->values = NULL;
    b->missing_count = b->capacity = 0;
}

void array_builder_place(const char *place, size_t rows, struct ArrowArray *out)
{
    text_list t = {0};
    size_t size = strlen(place);
    reserve_text(&t, size);
    memcpy(t.bytes, place, size);
    t.ends[1] = (int32_t)size;
    t.size = size;
    t.count = 1;
    make_array(out, rows, 0, NULL, common_alloc(rows, sizeof(int32_t)), NULL);
    give_texts(&t, out);
}

void array_builder_lines(uint64_t first, size_t rows, struct ArrowArray *out)
{
    int64_t *lines = common_alloc(rows, sizeof *lines);
    for (size_t i = 0; i < rows; i++)
        lines[i] = (int64_t)(first + i);
    make_array(out, rows, 0, NULL, lines, NULL);
}
