/* SPDX-License-Identifier: MIT
 *
 * Drivers like to say again what they were given. Of an address the name and the password are
 * taken out as well, should they come alone.
 */
#include "adbc/reasons.h"

#include <string.h>

#include "adbc/adbc.h"
#include "common/buffer.h"

enum { LONGEST_REASON = 400, SHORTEST_SECRET = 3 };

carpel_reach reason_reach(uint8_t status, bool is_connected)
{
    switch (status) {
    case ADBC_UNAUTHENTICATED:
    case ADBC_UNAUTHORIZED: return CARPEL_DENIED;
    case ADBC_IO:
    case ADBC_TIMEOUT: return CARPEL_UNREACHABLE;
    case ADBC_NOT_FOUND: return CARPEL_NO_DATA;
    default: return is_connected ? CARPEL_NO_DATA : CARPEL_UNREACHABLE;
    }
}

/* Put "..." where the secret stands. */
static void hide(buffer *text, const char *secret, size_t size)
{
    buffer shown = {0};
    if (size < SHORTEST_SECRET)
        return;
    buffer_add(&shown, "");
    for (const char *at = text->data; *at != '\0';) {
        bool is_secret = strncmp(at, secret, size) == 0;
        buffer_add_bytes(&shown, is_secret ? "..." : at, is_secret ? 3 : 1);
        at += is_secret ? size : 1;
    }
    buffer_done(text);
    *text = shown;
}

/* scheme://name:password@host, or without the scheme */
static void hide_password(buffer *text, const char *uri)
{
    const char *scheme = strstr(uri, "://"), *begin = scheme ? scheme + 3 : uri;
    const char *end = strrchr(begin, '@');
    const char *colon = end ? memchr(begin, ':', (size_t)(end - begin)) : NULL;
    if (colon)
        hide(text, colon + 1, (size_t)(end - colon - 1));
}

static bool is_secret(const char *value)
{
    return strcmp(value, "true") != 0 && strcmp(value, "false") != 0;
}

/* Hide a text as it was given, and as the driver got it. */
static void hide_given(buffer *text, const char *given, const char *project_directory)
{
    buffer got = {0};
    session_add_text(project_directory, given, false, &got);
    hide(text, got.data, got.size);
    hide(text, given, strlen(given));
    buffer_done(&got);
}

static void hide_all(buffer *text, const session_options *options,
                     const char *project_directory)
{
    const carpel_texts *all = &options->options;
    if (options->uri) {
        hide_given(text, options->uri, project_directory);
        hide_password(text, options->uri);
    }
    for (size_t i = 1; i < all->count; i += 2)
        if (is_secret(all->items[i]))
            hide_given(text, all->items[i], project_directory);
}

bool reason_fail(uint8_t status, const char *said, const session_options *options,
                 const char *project_directory, carpel_error *err)
{
    buffer all = {0}, line = {0};
    carpel_error_code code =
        status == ADBC_IO || status == ADBC_TIMEOUT ? CARPEL_E_SYSTEM : CARPEL_E_INPUT;
    buffer_add(&all, said && said[0] != '\0' ? said : "nothing more");
    hide_all(&all, options, project_directory);
    buffer_add_one_line(&line, all.data, LONGEST_REASON);
    carpel_fail(err, code, "the driver says: %s", line.data);
    buffer_done(&line);
    buffer_done(&all);
    return false;
}
