/* SPDX-License-Identifier: MIT
 *
 * time_formats -- what to say of a time that does not fit its format, or of a format that
 * is written as in another tool.
 */
#ifndef VALUE_TIME_FORMATS_H
#define VALUE_TIME_FORMATS_H

#include "base/text.h"

/* Why a text is refused that does not fit: with the format that it fits, when one is known;
 * else `reason`. */
const char *time_format_reason(slice s, const char *format, const char *reason);

/* "DD.MM.YYYY HH:mm" is "%d.%m.%Y %H:%M"; false when it is nothing of the kind. */
bool time_format_translate(const char *format, char *out, size_t out_size);

#endif
