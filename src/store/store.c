/* SPDX-License-Identifier: MIT
 *
 * The end of a store: whoever made it knows how to release its memory.
 */
#include "store/store.h"

void store_free(store *s)
{
    if (s != NULL && s->release != NULL)
        s->release(s->owner);
}
