/* SPDX-License-Identifier: MIT
 *
 * bits -- the bits of a column of Arrow, of which the first is the lowest of its byte.
 */
#ifndef COMMON_BITS_H
#define COMMON_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline bool bit_at(const void *bits, size_t at)
{
    return (((const uint8_t *)bits)[at / 8] >> at % 8 & 1) != 0;
}

static inline void bit_set(void *bits, size_t at, bool is_set)
{
    uint8_t *byte = (uint8_t *)bits + at / 8, bit = (uint8_t)(1u << at % 8);
    *byte = (uint8_t)(is_set ? *byte | bit : *byte & (uint8_t)~bit);
}

#endif
