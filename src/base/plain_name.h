/* SPDX-License-Identifier: MIT
 *
 * plain_name -- a name that is written in many ways, in one: "Order Completed", "orderCompleted" and
 * "order-completed" are order_completed.
 */
#ifndef BASE_PLAIN_NAME_H
#define BASE_PLAIN_NAME_H

#include "base/text.h"

/* Append its letters and digits, small, with an underscore for all between them, and where a small letter
 * stands before a large one. Nothing, when it has none of them. */
void plain_name_append(text *out, slice name);

#endif
