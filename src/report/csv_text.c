/* SPDX-License-Identifier: MIT
 *
 * Quotes where a reader would need them, and nowhere else.
 */
#include "report/csv_text.h"

#include <string.h>

static bool has_signs(slice value)
{
    for (size_t i = 0; i < value.size; i++)
        if (value.data[i] != '\0' && strchr(",\"\r\n", value.data[i]))
            return true;
    return false;
}

void csv_append_text(text *out, slice value)
{
    if (!has_signs(value)) {
        text_append_bytes(out, value.data, value.size);
        return;
    }
    text_append_char(out, '"');
    for (size_t i = 0; i < value.size; i++) {
        if (value.data[i] == '"')
            text_append_char(out, '"');
        text_append_char(out, value.data[i]);
    }
    text_append_char(out, '"');
}
