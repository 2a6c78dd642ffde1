/* SPDX-License-Identifier: MIT
 *
 * cleaning -- reads what is done to the texts of fields: the keys of value/cleaning.def, wherever they
 * may stand, and `clean:` of the project and of a source. For the files of this folder.
 */
#ifndef CONFIG_CLEANING_H
#define CONFIG_CLEANING_H

#include "config/reader.h"

/* What the value of each form is, in YAML. */
enum {
    SHAPE_OF_CLEAN_FLAG = SHAPE_TEXT,
    SHAPE_OF_CLEAN_CHOICE = SHAPE_TEXT,
    SHAPE_OF_CLEAN_SIGN = SHAPE_TEXT,
    SHAPE_OF_CLEAN_WORDS = SHAPE_TEXT | SHAPE_LIST,
    SHAPE_OF_CLEAN_PATTERNS = SHAPE_MAPPING
};
#define NEEDS_CLEAN_FLAG     "true or false"
#define NEEDS_CLEAN_CHOICE   "a word"
#define NEEDS_CLEAN_SIGN     "a text"
#define NEEDS_CLEAN_WORDS    "a text or a list of texts"
#define NEEDS_CLEAN_PATTERNS "a mapping of regular expressions to texts"

/* A row of a table of keys, of each row of the list:
 *     #define X CLEANING_SHAPE
 *     #include "value/cleaning.def"
 *     #undef X */
#define CLEANING_SHAPE(id, key, fields, form, choices, function, example, help)          \
    {key, SHAPE_OF_##form, false, NEEDS_##form, example},

/* The settings among the keys of a mapping that was checked against such a table. */
void cleaning_read(const reader *r, const yaml_node *mapping, config_cleaning *out);

/* `clean:` of the project, with what it says of people and of single fields; and of a source. */
void cleaning_read_project(const reader *r, const yaml_node *node);
void cleaning_read_source(const reader *r, const yaml_node *node, config_cleaning *out);

#endif
