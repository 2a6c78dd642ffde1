/* SPDX-License-Identifier: MIT */
#include "base/unicode.h"

#include <utf8proc.h>

#include "base/system.h"

static const utf8proc_option_t options[] = {
    [UNICODE_COMPOSED] = UTF8PROC_STABLE | UTF8PROC_COMPOSE,
    [UNICODE_COMPATIBLE] = UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT,
    [UNICODE_FOLDED] = UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD,
    [UNICODE_SMALL] = UTF8PROC_STABLE | UTF8PROC_COMPOSE,
};

static utf8proc_int32_t change(utf8proc_int32_t code, void *form)
{
    return *(const unicode_form *)form == UNICODE_SMALL ? utf8proc_tolower(code) : code;
}

bool unicode_append(text *out, slice in, unicode_form form)
{
    utf8proc_uint8_t *mapped = NULL;
    utf8proc_ssize_t size =
        utf8proc_map_custom((const utf8proc_uint8_t *)in.data, (utf8proc_ssize_t)in.size,
                            &mapped, options[form], change, &form);
    if (size >= 0)
        text_append_bytes(out, (const char *)mapped, (size_t)size);
    system_free(mapped);
    return size >= 0;
}
