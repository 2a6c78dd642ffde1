/* SPDX-License-Identifier: MIT
 *
 * Hashes of what leads to a database.
 */
#include "adbc/place.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

static const char *const names[] = {
    "path",   "uri", "host",    "server",     "port",       "account", "database",
    "dbname", "db",  "catalog", "project_id", "dataset_id", "schema",  "region"};

static bool says_where(const char *option)
{
    const char *dot = strrchr(option, '.'), *last = dot ? dot + 1 : option;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(last, names[i]) == 0)
            return true;
    return false;
}

static uint32_t hash_text(uint32_t hash, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ (unsigned char)text[i]) * UINT32_C(0x01000193);
    return (hash ^ 0xff) * UINT32_C(0x01000193);
}

/* Without name:password@, and without parameters, among which passwords may be; a list of
 * key=value has nothing in front of them. */
static uint32_t hash_address(uint32_t hash, const char *uri)
{
    const char *scheme = strstr(uri, "://"), *at = strrchr(uri, '@');
    size_t begin = scheme ? (size_t)(scheme - uri) : 0;
    const char *rest = at ? at + 1 : uri + begin;
    if (at && (size_t)(at - uri) > strcspn(uri, "?;")) /* it may be of a password */
        rest = "";
    return hash_text(hash_text(hash, uri, begin), rest, strcspn(rest, "?;="));
}

void place_write(const session_options *options, char out[PLACE_SIZE])
{
    uint32_t hash = UINT32_C(0x811c9dc5);
    const carpel_texts *all = &options->options;
    hash = hash_address(hash, options->uri ? options->uri : "");
    for (size_t i = 0; i + 1 < all->count; i += 2)
        if (says_where(all->items[i]))
            hash = hash_address(hash_text(hash, all->items[i], strlen(all->items[i])),
                                all->items[i + 1]);
    snprintf(out, PLACE_SIZE, "%08x", (unsigned)hash);
}

bool place_take(const session_options *options, const char *cursor, const char **out,
                carpel_error *err)
{
    char place[PLACE_SIZE];
    place_write(options, place);
    *out = cursor;
    if (cursor[0] != '@' || strlen(cursor) < PLACE_SIZE)
        return true; /* kept before places were told, or empty */
    *out = cursor + PLACE_SIZE;
    return strncmp(cursor + 1, place, PLACE_SIZE - 1) == 0 ||
           carpel_fail(err, CARPEL_E_INPUT,
                       "\"uri\" or \"options\" lead to another database than the one "
                       "that the rows came from; drop the source's rows to read this one "
                       "from its beginning");
}
