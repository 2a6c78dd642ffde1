/* SPDX-License-Identifier: MIT
 *
 * names -- what kinds, properties and traits are called that come from names in data: small letters,
 * digits and underscores, and no word that the language keeps for itself.
 */
#ifndef LOOK_NAMES_H
#define LOOK_NAMES_H

#include <stdbool.h>

#include "base/arena.h"

/* "Order Completed" and "orderCompleted" are order_completed; a kind that the language has a word
 * for gets "_event" behind it, a property "_value". */
const char *look_kind_name(const char *text, arena *memory);

/* The property of a field: without the path `prefix` that it begins with ("" or NULL: none), and of a
 * value that is chosen by its key ("params[key=page].value.*") the key. */
const char *look_property_name(const char *from, const char *prefix, arena *memory);

/* The letters and digits of the last part of a field's path, small: "user.customer_ID" is
 * "customerid". */
const char *look_bare_name(const char *from, arena *memory);

#endif
