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

/* Make room for more bytes. */
static void reserve_bytes(cells *c, size_t size)
{
    if (size <= c->byte_capacity - c->byte_count)
        return;
    size_t needed = c->byte_count + size;
    c->byte_capacity = needed < 1024 ? 4096 : needed * 2;
    if (c->bytes == NULL && c->byte_capacity < c->usual_bytes)
        c->byte_capacity = c->usual_bytes;
    c->bytes = memory_resize(c->bytes, c->byte_capacity);
}

void cells_append_bytes(cells *c, const char *data, size_t size)
{
    reserve_bytes(c, size);
    if (size > 0)
        memcpy(c->bytes + c->byte_count, data, size);
    c->byte_count += size;
}

/* Make room for the offsets of at least so many texts. */
static void grow_texts(cells *c, size_t count)
{
    c->text_capacity = c->text_capacity == 0 ? FIRST_TEXTS : c->text_capacity * 2;
    if (c->text_capacity < count)
        c->text_capacity = count;
    c->text_offsets =
        memory_resize_array(c->text_offsets, c->text_capacity, sizeof *c->text_offsets);
    c->text_offsets[0] = 0;
}

int32_t cells_add_text(cells *c, const char *data, size_t size)
{
    if (c->text_count + 1 >= c->text_capacity)
        grow_texts(c, c->text_count + 2);
    cells_append_bytes(c, data, size);
    c->text_offsets[c->text_count + 1] = (int32_t)c->byte_count;
    return (int32_t)c->text_count++;
}

slice cells_pending_text(const cells *c, size_t row)
{
    if (!c->is_text || !c->is_set)
        return (slice){"", 0};
    int32_t begin =
        c->is_coded ? c->text_offsets[c->values.codes[row]] : c->values.offsets[row];
    size_t end =
        c->is_coded ? (size_t)c->text_offsets[c->values.codes[row] + 1] : c->byte_count;
    return (slice){c->bytes + begin, end - (size_t)begin};
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

/* A text as the memo knows it. A text of up to 16 bytes is told by the two words and its size. */
typedef struct memo_key {
    uint64_t first, last;
} memo_key;

static inline memo_key memo_key_of(const char *data, size_t size)
{
    uint64_t first = text_first_bytes(data, size);
    return (memo_key){first, size < 8 ? first : text_load(data + size - 8)};
}

/* The same without a branch, when eight bytes may be read whatever the size is. */
static inline memo_key memo_key_of_8(const char *data, size_t size)
{
    uint64_t mask = text_bytes_mask(size);
    return (memo_key){text_load(data) & mask,
                      text_load(data + (size > 8 ? size - 8 : 0)) & mask};
}

/* Where the text would be remembered. */
static inline cells_memo *memo_of(const cells *c, memo_key key, size_t size)
{
    uint64_t mixed = (key.first ^ (key.last << 23 | key.last >> 41) ^ size) *
                     UINT64_C(0x9e3779b97f4a7c15);
    return &c->memo[mixed >> 32 & (CELLS_MEMO_SIZE - 1)];
}

static inline bool is_remembered(const cells *c, const cells_memo *m, memo_key key,
                                 const char *data, size_t size)
{
    return m->first == key.first && m->last == key.last && m->size == size &&
           (size <= 16 ||
            memcmp(c->bytes + c->text_offsets[m->code] + 8, data + 8, size - 16) == 0);
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

static inline bool is_utf8(uint64_t first, const char *data, size_t size)
{
    const uint64_t high_bits = UINT64_C(0x8080808080808080);
    bool is_plain = size <= 8 ? (first & high_bits) == 0 : cells_is_ascii(data, size);
    return is_plain || utf8_is_valid(data, size);
}

bool cells_find_code(cells *c, const char *data, size_t size, int32_t *code)
{
    memo_key key = memo_key_of(data, size);
    cells_memo *m = memo_of(c, key, size);
    bool is_worth = is_memo_worth(c);
    c->memo_tries += is_worth ? 1 : 0;
    if (is_worth && is_remembered(c, m, key, data, size)) {
        c->memo_hits++;
        *code = m->code;
        return true;
    }
    if (size > INT32_MAX - c->byte_count || !is_utf8(key.first, data, size))
        return false;
    *code = cells_add_text(c, data, size);
    if (is_worth)
        *m = (cells_memo){key.first, key.last, (uint32_t)size, *code};
    return true;
}

/* ---- many texts ------------------------------------------------------------------------ */

enum {
    SPARE_BYTES = 16
}; /* behind the column's, so that short texts are copied at once */

/* Make room for all of the texts. False: they are too long. */
static bool reserve_texts(cells *c, const present_cells *p)
{
    size_t bytes = SPARE_BYTES, texts = c->text_count + p->count + 2;
    for (size_t i = 0; i < p->count; i++)
        bytes += present_text(p, i).size;
    if (bytes > INT32_MAX - c->byte_count)
        return false;
    reserve_bytes(c, bytes);
    if (texts > c->text_capacity)
        grow_texts(c, texts);
    return true;
}

/* As cells_add_text, where there is room. */
static inline int32_t put_text(cells *c, const present_cells *p, slice s)
{
    char *to = c->bytes + c->byte_count;
    if (s.size <= SPARE_BYTES && has_bytes(p, s, SPARE_BYTES))
        memcpy(to, s.data, SPARE_BYTES);
    else
        memcpy(to, s.data, s.size);
    c->byte_count += s.size;
    c->text_offsets[c->text_count + 1] = (int32_t)c->byte_count;
    return (int32_t)c->text_count++;
}

/* Texts that mostly came before. */
static bool set_known_texts(cells *c, size_t row, const present_cells *p)
{
    int32_t *codes = c->values.codes + row;
    size_t text_count = c->text_count;
    for (size_t i = 0; i < p->count; i++) {
        slice s = present_text(p, i);
        memo_key key = has_bytes(p, s, 8) ? memo_key_of_8(s.data, s.size)
                                          : memo_key_of(s.data, s.size);
        cells_memo *m = memo_of(c, key, s.size);
        if (!is_remembered(c, m, key, s.data, s.size)) {
            if (!is_utf8(key.first, s.data, s.size))
                return false;
            *m = (cells_memo){key.first, key.last, (uint32_t)s.size, put_text(c, p, s)};
        }
        codes[p->rows[i]] = m->code;
    }
    c->memo_tries += p->count;
    c->memo_hits += p->count - (c->text_count - text_count);
    return true;
}

/* Texts that mostly are new. */
static bool set_new_texts(cells *c, size_t row, const present_cells *p)
{
    int32_t *codes = c->values.codes + row;
    for (size_t i = 0; i < p->count; i++) {
        slice s = present_text(p, i);
        uint64_t first = has_bytes(p, s, 8) ? text_load(s.data) & text_bytes_mask(s.size)
                                            : text_first_bytes(s.data, s.size);
        if (!is_utf8(first, s.data, s.size))
            return false;
        codes[p->rows[i]] = put_text(c, p, s);
    }
    return true;
}

bool cells_set_texts(cells *c, size_t row, const present_cells *p)
{
    return reserve_texts(c, p) &&
           (is_memo_worth(c) ? set_known_texts(c, row, p) : set_new_texts(c, row, p));
}
