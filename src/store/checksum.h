/* SPDX-License-Identifier: MIT
 *
 * checksum -- what the store writes beside each block, and asks again whenever it is read: XXH3, 64 bits.
 */
#ifndef STORE_CHECKSUM_H
#define STORE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

/* The same on every machine; by the widest vectors that this one has. */
uint64_t checksum_of(const void *data, size_t size);

#endif
