/* SPDX-License-Identifier: MIT
 *
 * late_texts -- texts that come up while workers are at work, numbered as they are met.
 *
 * Any worker may add; one that got a number from late_texts_add(), or from what all
 * workers finished before, may read it without a lock, since nothing ever moves.
 */
#ifndef EXEC_LATE_TEXTS_H
#define EXEC_LATE_TEXTS_H

#include "base/text.h"
#include <stdint.h>

typedef struct late_texts late_texts;

late_texts *late_texts_new(void);
void late_texts_free(late_texts *l); /* accepts NULL */

/* The number of the text, which is copied when it is new. */
uint32_t late_texts_add(late_texts *l, slice text);

slice late_texts_get(const late_texts *l, uint32_t number);
size_t late_texts_count(const late_texts *l);

#endif
