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

#endif
