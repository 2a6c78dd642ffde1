/* SPDX-License-Identifier: MIT
 *
 * mapped -- is there any memory at an address that somebody else handed over?
 *
 * A pointer and a length from outside cannot be proved right, but a length that is far off
 * usually leaves what is mapped, and that can be asked before the bytes are read.
 */
#ifndef BASE_MAPPED_H
#define BASE_MAPPED_H

#include <stdbool.h>
#include <stddef.h>

/* Are all pages of [begin, begin + size) mapped? True as well when the system cannot
 * tell. A few microseconds. */
bool memory_is_mapped(const void *begin, size_t size);

/* The same for a buffer that is said to be so long. The address sanitizer, in a build with
 * it, knows to the byte. */
bool memory_is_readable(const void *begin, size_t size);

#endif
