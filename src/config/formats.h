/* SPDX-License-Identifier: MIT
 *
 * formats -- the mapping that a source's `format:` stands for (config/formats.def).
 *
 *     const source_format *f = format_find("segment");       // NULL: there is none
 *     for (size_t i = 0; format_row(f, FORMAT_PROPERTY, i); i++) ...
 */
#ifndef CONFIG_FORMATS_H
#define CONFIG_FORMATS_H

#include <stddef.h>

#include "config/reader.h"

typedef enum format_row_kind {
    FORMAT_NAME, /* the name, the plugin, what it is */
    FORMAT_ALSO,
    FORMAT_PERSON,
    FORMAT_IDENTITIES, /* as carpel.yaml has them */
    FORMAT_TIME,
    FORMAT_TIME_FORMAT,
    FORMAT_EVENT,
    FORMAT_TRAITS_ONLY,
    FORMAT_ID,
    FORMAT_ID_TOGETHER,
    FORMAT_PROPERTY_AT, /* the name, and the field */
    FORMAT_TRAIT_AT,
    FORMAT_PROPERTY, /* what stands before the name, and behind it */
    FORMAT_TRAIT,
    FORMAT_LIST,
    FORMAT_END
} format_row_kind;

typedef struct format_part {
    format_row_kind kind;
    const char *a, *b, *c;
} format_part;

/* The row that begins it; the others stand behind. */
typedef struct format_part source_format;

const source_format *format_find(const char *name);

/* The row of this kind with this number, counted from 0, or NULL. */
const format_part *format_row(const source_format *f, format_row_kind kind,
                              size_t number);

/* Go on to the next row of the format; false: there is none. */
bool format_next(const format_part **at);

/* Where a value of this name (a PROPERTY, a TRAIT, a LIST) may be found, in the order in which it is looked for; ended by NULL. Lives in
 * `memory`. */
const char **format_places(const source_format *f, format_row_kind kind, const char *name,
                           arena *memory);

/* `format: segment`, and all that the source does not say itself. */
void formats_read(const reader *r, const yaml_node *node, config_source *s);

#endif
