/* SPDX-License-Identifier: MIT
 *
 * foreign -- texts that a plugin hands over, which may be missing, long, or without an end.
 */
#ifndef PLUGIN_FOREIGN_H
#define PLUGIN_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>

/* Copy a text as one line that ends; what does not fit is cut. False when there is no
 * text: a pointer to nothing. */
bool foreign_text(const char *text, char *out, size_t capacity);

#endif
