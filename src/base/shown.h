/* SPDX-License-Identifier: MIT
 *
 * shown -- texts from outside, as messages show them.
 */
#ifndef BASE_SHOWN_H
#define BASE_SHOWN_H

#include "base/text.h"

/* The beginning of a text in quotes, on one line. */
void text_append_shown(slice value, text *out);

#endif
