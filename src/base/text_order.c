/* SPDX-License-Identifier: MIT
 *
 * Texts are sorted by their first bytes, digit by digit; those that begin alike are compared. At
 * each place most texts have few different bytes, ids of digits ten, so each byte is replaced
 * by its rank among those that are there: what is left to sort by is short.
 *
 *     "1207" "133"    bytes 31 32 30 37, 31 33 33 00    ranks 0 0 0 1, 0 1 1 0
 *
 * A number holds such a key in its upper half, and the text's place in the lower one.
 */
#include "base/text_order.h"

#include <endian.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum {
    PREFIX = 8,
    BYTES = 256,
    KEY_BITS = 32,
    DIGIT_BITS = 11,
    DIGITS = 1 << DIGIT_BITS
};

/* The order of the bytes that stand at a place, and how many bits that takes. */
typedef struct byte_ranks {
    uint8_t of[BYTES];
    unsigned shift, bits;
} byte_ranks;

static uint64_t prefix_of(slice s)
{
    uint64_t prefix = 0;
    if (s.size > 0)
        memcpy(&prefix, s.data, s.size < PREFIX ? s.size : PREFIX);
    return be64toh(prefix);
}

static unsigned bits_for(size_t count)
{
    unsigned bits = 0;
    while (count > (size_t)1 << bits)
        bits++;
    return bits;
}

static void rank_bytes(const uint64_t *prefixes, size_t count, byte_ranks *out)
{
    bool is_there[BYTES] = {false};
    size_t met = 0;
    for (size_t i = 0; i < count; i++)
        is_there[prefixes[i] >> out->shift & (BYTES - 1)] = true;
    for (size_t b = 0; b < BYTES; b++) {
        out->of[b] = (uint8_t)met;
        met += is_there[b];
    }
    out->bits = bits_for(met);
}

/* Rank the bytes of all places at which texts differ; returns how many these are. */
static size_t rank_places(const uint64_t *prefixes, size_t count,
                          byte_ranks ranks[PREFIX])
{
    uint64_t differ = 0;
    size_t places = 0;
    for (size_t i = 0; i < count; i++)
        differ |= prefixes[i] ^ prefixes[0];
    for (size_t place = 0; place < PREFIX; place++) {
        unsigned shift = (unsigned)(8 * (PREFIX - 1 - place));
        if ((differ >> shift & (BYTES - 1)) == 0)
            continue;
        ranks[places].shift = shift;
        rank_bytes(prefixes, count, &ranks[places++]);
    }
    return places;
}

/* Put keys and places where the prefixes are. Returns how many bits the keys have. */
static unsigned make_keys(uint64_t *prefixes, size_t count)
{
    byte_ranks ranks[PREFIX];
    size_t places = rank_places(prefixes, count, ranks);
    unsigned bits = 0;
    for (size_t place = 0; place < places; place++)
        bits += ranks[place].bits;
    unsigned surplus = bits > KEY_BITS ? bits - KEY_BITS : 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t key = 0;
        for (size_t place = 0; place < places; place++)
            key = key << ranks[place].bits |
                  ranks[place].of[prefixes[i] >> ranks[place].shift & (BYTES - 1)];
        prefixes[i] = key >> surplus << KEY_BITS | i;
    }
    return bits - surplus;
}

/* Order by one digit, keeping the order of before. */
static void sort_by_digit(const uint64_t *from, size_t count, unsigned shift,
                          uint64_t *to)
{
    uint32_t next[DIGITS] = {0}, place = 0;
    for (size_t i = 0; i < count; i++)
        next[from[i] >> shift & (DIGITS - 1)]++;
    for (size_t digit = 0; digit < DIGITS; digit++) {
        uint32_t here = next[digit];
        next[digit] = place;
        place += here;
    }
    for (size_t i = 0; i < count; i++)
        to[next[from[i] >> shift & (DIGITS - 1)]++] = from[i];
}

/* The last digit first; `spare` has room for all. Returns where the keys are then. */
static uint64_t *sort_by_key(uint64_t *keys, size_t count, unsigned bits, uint64_t *spare)
{
    for (unsigned done = 0; done < bits; done += DIGIT_BITS) {
        sort_by_digit(keys, count, KEY_BITS + done, spare);
        uint64_t *sorted = spare;
        spare = keys;
        keys = sorted;
    }
    return keys;
}

static int compare_texts(const void *left, const void *right, void *texts)
{
    const slice *all = texts;
    return slice_compare(all[*(const uint32_t *)left], all[*(const uint32_t *)right]);
}

/* Those with the same key are ordered by all of their bytes. */
static void sort_equal_keys(const slice *texts, const uint64_t *keys, size_t count,
                            uint32_t *places)
{
    for (size_t begin = 0, end; begin < count; begin = end) {
        for (end = begin + 1;
             end < count && keys[end] >> KEY_BITS == keys[begin] >> KEY_BITS;)
            end++;
        if (end - begin > 1)
            qsort_r(places + begin, end - begin, sizeof *places, compare_texts,
                    (void *)texts);
    }
}

void text_order(const slice *texts, size_t count, uint32_t *out)
{
    uint64_t *keys = memory_alloc_array(count, sizeof *keys),
             *spare = memory_alloc_array(count, sizeof *spare);
    for (size_t i = 0; i < count; i++)
        keys[i] = prefix_of(texts[i]);
    unsigned bits = make_keys(keys, count);
    uint64_t *sorted = sort_by_key(keys, count, bits, spare);
    for (size_t i = 0; i < count; i++)
        out[i] = (uint32_t)sorted[i];
    sort_equal_keys(texts, sorted, count, out);
    memory_free(keys);
    memory_free(spare);
}
