/* SPDX-License-Identifier: MIT
 *
 * Loops without a way out, so that the compiler makes vector instructions of them.
 */
#include "base/scan.h"

#include <string.h>

#include "base/clones.h"

VECTOR_CLONES
bool scan_is_rising(const int32_t *values, size_t count)
{
    uint32_t falls = 0;
    for (size_t i = 1; i < count; i++)
        falls |= values[i - 1] > values[i];
    return falls == 0;
}

VECTOR_CLONES
bool scan_is_below(const int32_t *values, size_t count, uint32_t limit)
{
    uint32_t beyond = 0;
    for (size_t i = 0; i < count; i++)
        beyond |= (uint32_t)values[i] >= limit;
    return beyond == 0;
}

VECTOR_CLONES
bool scan_is_within(const int64_t *values, size_t count, int64_t least, int64_t most)
{
    uint64_t beyond = 0;
    for (size_t i = 0; i < count; i++)
        beyond |= (uint64_t)(values[i] < least) | (uint64_t)(values[i] > most);
    return beyond == 0;
}

VECTOR_CLONES
size_t scan_count_bits(const uint8_t *bytes, size_t count)
{
    size_t bits = 0, i = 0;
    for (; i + 8 <= count; i += 8) {
        uint64_t word;
        memcpy(&word, bytes + i, 8);
        bits += (size_t)__builtin_popcountll(word);
    }
    for (; i < count; i++)
        bits += (size_t)__builtin_popcount(bytes[i]);
    return bits;
}
