/* SPDX-License-Identifier: MIT
 *
 * example_text -- a short text in which a pattern probably occurs.
 *
 *     example_text_of(slice_of("^/shop/[0-9]+"), &out)       "/shop/0"
 *     example_text_of(slice_of("\\.(pdf|doc)$"), &out)       ".pdf"
 *
 * It knows letters, classes, groups, alternatives and how often something comes. It is a guess for
 * whoever asks the engine then whether the pattern does occur.
 */
#ifndef EXPLAIN_EXAMPLE_TEXT_H
#define EXPLAIN_EXAMPLE_TEXT_H

#include "base/text.h"

/* Append one. False: the pattern says more than is known here; what is appended then is of no use. */
bool example_text_of(slice pattern, text *out);

#endif
