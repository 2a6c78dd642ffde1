/* SPDX-License-Identifier: MIT
 *
 * yaml_reader -- what the files of the YAML reader share: the file as it is read, and places in
 * it. yaml.c makes the tree, yaml_syntax.c says what is no YAML, yaml_variables.c puts variables
 * of the environment in place. Nobody else includes this.
 */
#ifndef CONFIG_YAML_READER_H
#define CONFIG_YAML_READER_H

#include <yaml.h>

#include "config/yaml.h"

/* A text with an anchor. */
typedef struct anchored {
    const char *anchor, *text;
    const struct anchored *next;
} anchored;

typedef struct yaml_reader {
    const source *file;
    const char *(*environment)(const char *name);
    arena *memory;
    diags *diags;
    yaml_parser_t parser;
    uint32_t *offsets; /* the byte where each character begins, and the file's end */
    size_t character_count;
    yaml_node **pending; /* finished nodes whose parents are still being read */
    size_t pending_count, pending_capacity;
    bool failed;             /* the rest of the file cannot be read */
    const anchored *anchors; /* the newest first */
} yaml_reader;

/* libyaml's marks count characters, spans count bytes. */
uint32_t yaml_offset_of(const yaml_reader *r, yaml_mark_t mark);

/* The character at a byte, or a point when the line or file ends there. */
span yaml_span_of_character(const yaml_reader *r, uint32_t begin);

/* Report what libyaml stumbled over. The rest of the file is not read. */
void yaml_report_syntax(yaml_reader *r);

/* Put the variables of the environment in the place of each ${NAME} of a scalar. */
void yaml_substitute(yaml_reader *r, yaml_node *node);

#endif
