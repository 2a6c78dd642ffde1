/* SPDX-License-Identifier: MIT
 *
 * shape -- which keys a mapping may have, and which kind of value each needs.
 *
 * A table of keys is both the check and the reference of a part of the project file:
 *
 *     static const shape_key scripts_keys[] = {
 *         {"files", SHAPE_TEXT | SHAPE_LIST, true, "a path or a list of paths",
 *          "files: scores/x.lua"},
 *         {.name = NULL}};
 *     ...
 *     shape_check(node, scripts_keys, "\"scripts\"", SHAPE_CLOSED, diags);
 *     const yaml_node *files = shape_get(node, scripts_keys, "files");  // or NULL
 */
#ifndef CONFIG_SHAPE_H
#define CONFIG_SHAPE_H

#include <stdbool.h>

#include "config/yaml.h"
#include "report/diags.h"
#include "report/suggest.h"

/* Kinds of values, to be joined with |. EMPTY: `key:` with nothing behind it. */
enum { SHAPE_TEXT = 1, SHAPE_LIST = 2, SHAPE_MAPPING = 4, SHAPE_EMPTY = 8 };

/* A row of a table that ends with a NULL name. */
typedef struct shape_key {
    const char *name;
    unsigned kinds;
    bool required;
    const char *needs;   /* what is needed: "a path or a list of paths" */
    const char *example; /* one line of YAML */
} shape_key;

/* May a mapping have keys that somebody else reads? */
typedef enum shape_rest { SHAPE_CLOSED, SHAPE_OPEN } shape_rest;

/* Report unknown, ill-typed and missing keys of a mapping that messages call `owner`. */
void shape_check(const yaml_node *mapping, const shape_key *table, const char *owner,
                 shape_rest rest, diags *diags);

/* The value of a key, if it is there, not empty, and of a kind that the table allows. */
const yaml_node *shape_get(const yaml_node *mapping, const shape_key *table,
                           const char *key);

/* Is the value of one of these kinds? A broken value fits everything: it was reported. */
bool shape_fits(const yaml_node *node, unsigned kinds);

/* Report E0303: `what` needs `needs`, and is something else. The hint is the example. */
void shape_refuse(const yaml_node *node, const char *what, const char *needs,
                  const char *example, diags *diags);

/* Report E0302 for the key of `value`. `word` is "key" or "option"; `known` is a list
 * of all that would be right, shown when none of the names weighed in `s` is near. */
void shape_refuse_key(const yaml_node *value, const char *owner, const char *word,
                      const suggestion *s, const char *known, diags *diags);

/* Where to point for a value: at itself or, when it is empty, at its key. */
span shape_place(const yaml_node *node);

/* Is it a key of the table? */
bool shape_knows(const shape_key *table, const char *name);

/* Was the key `name` written, perhaps misspelt, or as other tools call it? Then it is not
 * missing as well. */
bool shape_is_written(const yaml_node *mapping, const shape_key *table, const char *name);

#endif
