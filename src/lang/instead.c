/* SPDX-License-Identifier: MIT
 *
 * What to write instead, as a hint.
 */
#include "lang/instead.h"

#include <stdarg.h>

#include "base/text.h"

void write_instead(diags *diags, span where, const char *format, ...)
{
    text words;
    va_list arguments;
    text_init(&words);
    va_start(arguments, format);
    text_append_format_list(&words, format, arguments);
    va_end(arguments);
    diag_hint(diags, "Write: %s", words.data);
    (void)where;
    text_done(&words);
}
