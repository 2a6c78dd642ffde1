/* SPDX-License-Identifier: MIT
 *
 * text_order -- many texts in the order of their bytes.
 */
#ifndef BASE_TEXT_ORDER_H
#define BASE_TEXT_ORDER_H

#include <stdint.h>

#include "base/text.h"

/* The places of `count` texts, which are below 2^32, in the order of the texts' bytes: out[0] is
 * that of the first. Texts that are equal stand in any order. */
void text_order(const slice *texts, size_t count, uint32_t *out);

#endif
