/* SPDX-License-Identifier: MIT
 *
 * Whatever a value has stays inside of the comment.
 */
#include "fit/comment.h"

#include <string.h>

void comment_append(const char *key, const char *value, text *out)
{
    text_append_format(out, "-- %s: ", key);
    for (const char *at = value; *at; at++)
        text_append_char(out, *at == '\n' || *at == '\r' ? ' ' : *at);
    text_append_char(out, '\n');
}

void comment_append_dates(const char *key, const config_text *dates, size_t count,
                          text *out)
{
    text all;
    text_init(&all);
    for (size_t i = 0; i < count; i++)
        text_append_format(&all, "%s%s", i > 0 ? ", " : "", dates[i].text);
    comment_append(key, all.data, out);
    text_done(&all);
}

void comment_append_rules(const text *rules, text *out)
{
    text_append(out, "--\n-- Rules that use it:\n--\n");
    for (const char *at = rules->data; *at;) {
        size_t size = strcspn(at, "\n\r");
        text_append_format(out, "--   %.*s\n", (int)size, at);
        at += size + (at[size] != '\0');
    }
}
