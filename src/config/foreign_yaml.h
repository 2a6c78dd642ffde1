/* SPDX-License-Identifier: MIT
 *
 * foreign_yaml -- what other tools write in their YAML files, and what it is called here.
 */
#ifndef CONFIG_FOREIGN_YAML_H
#define CONFIG_FOREIGN_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "config/yaml.h"

/* Our name for a key of other tools, or NULL. Only what `is_key` knows among `keys` is one here. */
const char *foreign_key(const char *written,
                        bool (*is_key)(const void *keys, const char *name),
                        const void *keys);

/* A variable as other tools write it: `{{ env_var('OUT') }}`, `%OUT%`, `$OUT`. */
typedef struct foreign_variable {
    size_t begin, size; /* within the text */
    const char *name;   /* within it, too */
    size_t name_size;
} foreign_variable;

/* The first one in the text; false: there is none. */
bool foreign_variable_find(const char *text, foreign_variable *out);

/* The size of the first part of a path that other tools fill in, as in `members_{date}.csv` and
 * `members_%Y.csv`, and where it begins; 0: there is none. */
size_t foreign_path_part(const char *path, size_t *begin);

/* Columns as dbt and databases list them, `[{name: amount, data_type: numeric}]`, as properties are written
 * here: `amount: numeric`. False: the node is no such list. */
bool foreign_columns(const yaml_node *node, text *out);

#endif
