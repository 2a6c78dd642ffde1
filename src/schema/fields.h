/* SPDX-License-Identifier: MIT
 *
 * fields -- from what an event kind, a list or the traits have in the project file to typed properties.
 *
 *     fields_count(config->fields, config->field_count, memory, &property_count, &list_count);
 *     field_target t = {schema, memory, diags, number, properties, &kind->property_count, &kind->names};
 *     fields_add(&t, NULL, config->fields, config->field_count);
 */
#ifndef SCHEMA_FIELDS_H
#define SCHEMA_FIELDS_H

#include "base/arena.h"
#include "base/name_index.h"
#include "config/project.h"
#include "report/diags.h"
#include "schema/schema.h"

/* Where the fields of one kind, of one list or of the traits go. */
typedef struct field_target {
    schema *schema;
    arena *memory;
    diags *diags;
    size_t kind; /* or SCHEMA_NONE: the traits */
    property *properties;
    size_t *count;
    name_index *names;
} field_target;

/* How many properties the fields become, and how many lists; both are added to what is there. */
void fields_count(const config_field *fields, size_t count, arena *memory,
                  size_t *properties, size_t *lists);

/* Add them; of a record's fields `prefix` is its name, else NULL. What is wrong is reported. */
void fields_add(field_target *t, const char *prefix, const config_field *fields,
                size_t count);

#endif
