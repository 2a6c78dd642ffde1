/* SPDX-License-Identifier: MIT
 *
 * xxHash's own choice, where the library was built with one.
 */
#include "store/checksum.h"

#ifdef CARPEL_HAVE_XXHASH_DISPATCH
#include <xxh_x86dispatch.h>
#else
#define XXH_INLINE_ALL
#include <xxhash.h>
#endif

uint64_t checksum_of(const void *data, size_t size)
{
    return XXH3_64bits(data, size);
}
