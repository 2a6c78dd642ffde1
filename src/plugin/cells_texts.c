/* SPDX-License-Identifier: MIT
 *
 * The texts of a column: its bytes, its dictionary, and which of them came before.
 */
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "plugin/cells_parts.h"

enum {
    FIRST_TEXTS = 1024, /* of a dictionary */
    MEMO_TRIAL = 1024   /* texts before remembering is given up */
};

void cells_append_bytes(cells *c, const char *data, size_t size)
{
    if (size > c->byte_capacity - c->byte_count) {
        size_t needed = c->byte_count + size;
        c->byte_capacity = needed < 1024 ? 4096 : needed * 2;
        if (c->bytes == NULL && c->byte_capacity < c->usual_bytes)
            c->byte_capacity = c->usual_bytes;
        c->bytes = memory_resize(c->bytes, c->byte_capacity);
    }
    if (size > 0)
        memcpy(c->bytes + c->byte_count, data, size);
    c->byte_count += size;
}

int32_t cells_add_text(cells *c, const char *data, size_t size)
{
    if (c->text_count + 1 >= c->text_capacity) {
        c->text_capacity = c->text_capacity == 0 ? FIRST_TEXTS : c->text_capacity * 2;
        c->text_offsets = memory_resize_array(c->text_offsets, c->text_capacity,
                                              sizeof *c->text_offsets);
        c->text_offsets[0] = 0;
    }
    cells_append_bytes(c, data, size);
    c->text_offsets[c->text_count + 1] = (int32_t)c->byte_count;
    return (int32_t)c->text_count++;
}

/* Most texts are short: two loads that overlap take the place of a loop over the rest. */
bool cells_is_ascii(const char *data, size_t size)
{
    const uint64_t high_bits = UINT64_C(0x8080808080808080);
    uint64_t high = 0, word;
    if (size >= 8) {
        for (size_t at = 0; at + 8 < size; at += 8) {
            memcpy(&word, data + at, 8);
            high |= word;
        }
        memcpy(&word, data + size - 8, 8);
        return ((high | word) & high_bits) == 0;
    }
    if (size >= 4) {
        uint32_t first, last;
        memcpy(&first, data, 4);
        memcpy(&last, data + size - 4, 4);
        return ((first | last) & (uint32_t)high_bits) == 0;
    }
    for (size_t at = 0; at < size; at++)
        high |= (uint64_t)(unsigned char)data[at];
    return (high & high_bits) == 0;
}

/* A number of the text's first bytes. With the size it is all of a text of up to 8. */
static inline uint64_t key_of(const char *data, size_t size)
{
    const unsigned char *bytes = (const unsigned char *)data;
    uint32_t low, high;
    uint64_t key;
    if (size >= 8) {
        memcpy(&key, data, 8);
        return key;
    }
    if (size >= 4) {
        memcpy(&low, data, 4);
        memcpy(&high, data + size - 4, 4);
        return (uint64_t)high << 32 | low;
    }
    return size == 0 ? 0
                     : (uint64_t)bytes[size - 1] << 16 | (uint64_t)bytes[size / 2] << 8 |
                           bytes[0];
}

/* Where the text would be remembered. */
static inline cells_memo *memo_of(const cells *c, uint64_t key, size_t size)
{
    uint64_t mixed = (key ^ size) * UINT64_C(0x9e3779b97f4a7c15);
    return &c->memo[mixed >> 56 & (CELLS_MEMO_SIZE - 1)];
}

static inline bool is_remembered(const cells *c, const cells_memo *m, uint64_t key,
                                 const char *data, size_t size)
{
    return m->key == key && m->size == size &&
           (size <= 8 || memcmp(c->bytes + c->text_offsets[m->code], data, size) == 0);
}

void cells_forget_texts(cells *c)
{
    for (size_t i = 0; i < CELLS_MEMO_SIZE; i++)
        c->memo[i].size = UINT32_MAX;
    c->memo_tries = c->memo_hits = 0;
}

/* Ids that differ from row to row are not worth the look. */
static inline bool is_memo_worth(const cells *c)
{
    return c->memo_tries < MEMO_TRIAL || c->memo_hits >= c->memo_tries / 4;
}

bool cells_find_code(cells *c, const char *data, size_t size, int32_t *code)
{
    const uint64_t high_bits = UINT64_C(0x8080808080808080);
    uint64_t key = key_of(data, size);
    cells_memo *m = memo_of(c, key, size);
    bool is_worth = is_memo_worth(c);
    c->memo_tries += is_worth ? 1 : 0;
    if (is_worth && is_remembered(c, m, key, data, size)) {
        c->memo_hits++;
        *code = m->code;
        return true;
    }
    bool is_plain = size <= 8 ? (key & high_bits) == 0 : cells_is_ascii(data, size);
    if (size > INT32_MAX - c->byte_count || (!is_plain && !utf8_is_valid(data, size)))
        return false;
    *code = cells_add_text(c, data, size);
    if (is_worth)
        *m = (cells_memo){key, (uint32_t)size, *code};
    return true;
}

bool cells_add_strings(cells *c, size_t row, const char *data, const carpel_cell *texts,
                       size_t stride, size_t count)
{
    for (size_t i = 0; i < count; i++, row++, texts += stride) {
        size_t size = cell_size(*texts);
        bool is_missing = c->type == CARPEL_STRING ? texts->size == 0 : size == 0;
        c->values.codes[row] = 0;
        if (is_missing)
            c->null_count++;
        else if (!cells_find_code(c, cell_text(data, *texts), size,
                                  &c->values.codes[row]))
            return false;
        else
            mark_present(c, row);
    }
    return true;
}
