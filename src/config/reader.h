/* SPDX-License-Identifier: MIT
 *
 * reader -- what the parts of the project file are read with: texts with their places.
 *
 * Every function reports what is wrong and returns what could be read; a text that
 * cannot be used has a NULL `text`. For project.c and connectors.c only.
 */
#ifndef CONFIG_READER_H
#define CONFIG_READER_H

#include "config/project.h"
#include "config/shape.h"

#define END_OF_KEYS                                                                      \
    {                                                                                    \
        .name = NULL                                                                     \
    }

typedef struct reader {
    project *project;
    arena *memory;
    diags *diags;
} reader;

/* A zeroed array in the project's memory. */
void *reader_array(const reader *r, size_t count, size_t size);

/* The value of a node (NULL: not given); its key. */
config_text reader_text(const yaml_node *node);
config_text reader_key(const yaml_node *node);

/* A text that names something: never empty. */
config_text reader_name(const reader *r, const yaml_node *node);

/* A whole number from 1 to `maximum`, or `standard` when it was not given. */
int64_t reader_number(const reader *r, const yaml_node *node, int64_t standard,
                      int64_t maximum, const char *example);

/* One name or a list of names. What is no text is reported: `what` needs `needs`. */
config_text *reader_texts(const reader *r, const yaml_node *node, const char *what,
                          const char *needs, const char *example, size_t *count);

/* By text and then by place; for qsort. */
int reader_compare_texts(const void *a, const void *b);

/* Report texts that stand twice; `what` says of which kind they are: "sources". */
void reader_check_distinct(const reader *r, const config_text *texts, size_t count,
                           const char *what);

#endif
