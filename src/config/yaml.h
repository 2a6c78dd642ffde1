/* SPDX-License-Identifier: MIT
 *
 * yaml -- a YAML file as a tree whose every node knows its place.
 *
 * libyaml does the reading; this module refuses what makes a project file hard to
 * trust (aliases, anchors, tags, several documents, nesting beyond 64, duplicate keys,
 * keys that are not plain texts) and puts environment variables in place of ${NAME}
 * in values; $${ stands for a literal ${.
 */
#ifndef CONFIG_YAML_H
#define CONFIG_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "report/diags.h"

#define YAML_MAX_DEPTH 64
#define YAML_MAX_BYTES (1024 * 1024)

typedef enum yaml_kind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING } yaml_kind;

typedef struct yaml_node yaml_node;
struct yaml_node {
    yaml_kind kind;
    span where;
    const char *text; /* SCALAR: after ${NAME} was put in place */
    bool is_quoted;   /* SCALAR: written in quotes or as a block */
    bool is_broken;   /* SCALAR: a mistake in it was reported; `text` means nothing */
    const char *key;  /* the key of this node, when it is a value of a mapping */
    span key_where;
    yaml_node **items; /* the items of a SEQUENCE, the values of a MAPPING in order */
    size_t count;
};

/* Read `file` into a tree in `memory`. Every mistake is reported; NULL when the file
 * cannot be read as a tree at all. An empty file is an empty mapping. The nodes point
 * into `file`. `environment` looks up a variable (NULL: getenv). */
yaml_node *yaml_parse(const source *file, const char *(*environment)(const char *name),
                      arena *memory, diags *diags);

/* The value of a key, or NULL. */
yaml_node *yaml_get(const yaml_node *mapping, const char *key);

/* The items of a list; what is none is the only item itself. */
size_t yaml_item_count(const yaml_node *node);
const yaml_node *yaml_item_at(const yaml_node *node, size_t i);

/* Is it an unquoted empty scalar, `~` or `null`? */
bool yaml_is_null(const yaml_node *node);

#endif
