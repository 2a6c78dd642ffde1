/* SPDX-License-Identifier: MIT
 *
 * lookalike -- letters of another alphabet that look like Latin ones.
 *
 * A Cyrillic "а" in a name cannot be told from a Latin "a" on the screen, so a message
 * about it has to name it:
 *
 *     hint_similar(diags, name->where, "рurchase", "purchase");
 *     // The "р" in it is a Cyrillic letter. Write "purchase" in Latin letters.
 */
#ifndef REPORT_LOOKALIKE_H
#define REPORT_LOOKALIKE_H

#include <stdint.h>

#include "report/diags.h"

/* The Latin letter that one of another alphabet looks like; any other letter as it is. */
uint32_t lookalike_latin(uint32_t letter);

/* Add the hint that `similar` was meant by `wanted`. */
void hint_similar(diags *d, span where, const char *wanted, const char *similar);

#endif
