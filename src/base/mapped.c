/* SPDX-License-Identifier: MIT
 *
 * Asks the system page by page: mincore refuses a range with a hole in it.
 */
#include "base/mapped.h"

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#endif

enum { PAGES_AT_ONCE = 4096 };

/* The address sanitizer, whose heap is mapped far behind what is in use, knows more. */
static bool is_poisoned(const void *begin, size_t size)
{
#ifdef __SANITIZE_ADDRESS__
    return __asan_region_is_poisoned((void *)begin, size) != NULL;
#else
    (void)begin;
    (void)size;
    return false;
#endif
}

bool memory_is_mapped(const void *begin, size_t size)
{
    unsigned char residence[PAGES_AT_ONCE];
    const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t first = (uintptr_t)begin, end = first + size;
    if (size == 0)
        return true;
    if (end < first)
        return false;
    for (uintptr_t at = first - first % page; at < end; at += page * PAGES_AT_ONCE) {
        uintptr_t left = end - at, most = page * PAGES_AT_ONCE;
        if (mincore((void *)at, left < most ? left : most, residence) != 0 &&
            errno == ENOMEM)
            return false;
    }
    return true;
}

bool memory_is_readable(const void *begin, size_t size)
{
    return size == 0 || (!is_poisoned(begin, size) && memory_is_mapped(begin, size));
}
