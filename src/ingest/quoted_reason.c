/* SPDX-License-Identifier: MIT */
#include "ingest/quoted_reason.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The last place of `needle` in the text, or NULL. */
static const char *find_last(const char *text, const char *needle)
{
    const char *found = NULL;
    for (const char *at = text; (at = strstr(at, needle)) != NULL; at++)
        found = at;
    return found;
}

void quoted_reason_append_kind(const char *reason, text *out)
{
    const char *value = strstr(reason, REASON_QUOTE_BEGIN);
    const char *behind = value != NULL ? find_last(value, REASON_QUOTE_END) : NULL;
    bool is_quoted = false;
    for (const char *at = reason; *at != '\0'; at++) {
        if (behind != NULL && at == value) {
            text_append(out, REASON_QUOTE_BEGIN);
            at = behind;
        }
        is_quoted ^= *at == '"';
        if (is_quoted || !is_digit(*at))
            text_append_char(out, *at);
        else if (!is_digit(at[1]))
            text_append_char(out, '0');
    }
}

/* The value of the data that a reason quotes between these, also when the reason was cut within
 * it. False: there is none. */
static bool find_quoted(const char *reason, const char *before, const char *behind,
                        slice *out)
{
    const char *quote = strstr(reason, before);
    if (!quote)
        return false;
    const char *value = quote + strlen(before), *end = find_last(value, behind);
    *out = (slice){value, end ? (size_t)(end - value) : strlen(value)};
    return true;
}

void quoted_reason_append_hidden(const char *reason, value_is_hidden *is_hidden,
                                 void *context, text *out)
{
    slice value;
    bool is_quoted = find_quoted(reason, REASON_QUOTE_BEGIN, REASON_QUOTE_END, &value) ||
                     find_quoted(reason, REASON_NAME_BEGIN, REASON_NAME_END, &value);
    if (!is_quoted || !is_hidden(context, value)) {
        text_append_bytes(out, reason, strlen(reason) + 1);
        return;
    }
    const char *rest = value.data + value.size;
    text_append_bytes(out, reason, (size_t)(value.data - reason));
    text_append(out, REASON_REMOVED);
    text_append_bytes(out, rest, strlen(rest) + 1);
}
