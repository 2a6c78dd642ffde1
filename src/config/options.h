/* SPDX-License-Identifier: MIT
 *
 * options -- a YAML mapping checked against a table of options and stored in a struct.
 *
 * Plugins and carpel itself describe their keys with the carpel_option table of
 * <carpel/plugin.h>, so every mistake gets the same message with place and suggestion.
 */
#ifndef CONFIG_OPTIONS_H
#define CONFIG_OPTIONS_H

#include <carpel/plugin.h>

#include "base/arena.h"
#include "config/yaml.h"
#include "report/diags.h"

/* What the check needs to know beside the table. */
typedef struct options_context {
    const char *owner;             /* in messages: "source plugin \"csv\"" */
    const char *project_directory; /* PATH and PATHS are seen from here: they stay
                                      relative when this is */
    const char *const *other_keys; /* keys that somebody else reads, and NULL; or NULL */
    const char
        *supplied; /* an option that nobody has to give, as it is told later; or NULL */
} options_context;

/* Does somebody else read this key? */
bool options_has_other_key(const options_context *context, const char *key);

/* The option of that name; NULL: there is none, or no table. */
const carpel_option *options_find(const carpel_option *table, const char *name);

/* Fill `out` (a struct of `size` bytes, zeroed here) from `mapping` (NULL: all defaults).
 * Texts and lists live in `memory`. Reports unknown, missing and ill-typed keys with the
 * nearest name; false when anything was reported, here or by yaml_parse() about one of
 * the values. The table itself is checked as well: it may come from a plugin. */
bool options_read(const yaml_node *mapping, const carpel_option *table, size_t size,
                  const options_context *context, void *out, arena *memory, diags *diags);

/* How the manual calls the type: "text", "whole number (1 to 64)", "one of a, b". */
void options_append_type(const carpel_option *option, text *out);

#endif
