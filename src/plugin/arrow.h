/* SPDX-License-Identifier: MIT
 *
 * arrow -- makes the structs of the Arrow C data interface, with their releases.
 *
 *     arrow_schema_init(&schema, "+s", "", 2);
 *     arrow_schema_init(schema.children[0], "u", "segment", 0);
 *     arrow_schema_init(schema.children[1], "l", "count", 0);
 *     ...
 *     schema.release(&schema);
 *
 * Every struct owns its names, buffers and children, so a consumer may move a child out
 * of its parent and release it later, as the specification allows.
 */
#ifndef PLUGIN_ARROW_H
#define PLUGIN_ARROW_H

#include <carpel/arrow.h>

#include <stddef.h>

#define ARROW_MAX_BUFFERS 3

/* Make a schema of a nullable column, or with children of a struct. The texts are copied;
 * the children are zeroed and are to be initialised by the caller. */
void arrow_schema_init(struct ArrowSchema *out, const char *format, const char *name,
                       size_t child_count);

/* The column's values are codes of this dictionary; returns its schema, made "u". */
struct ArrowSchema *arrow_schema_add_dictionary(struct ArrowSchema *schema);

/* Make an array with `buffer_count` buffers (NULL until given) and zeroed children. */
void arrow_array_init(struct ArrowArray *out, size_t length, size_t null_count,
                      size_t buffer_count, size_t child_count);

/* Hand a block of memory_alloc to the array as its buffer number `index`. */
void arrow_array_give(struct ArrowArray *array, size_t index, void *block);

/* Add a zeroed dictionary, to be initialised by the caller. */
struct ArrowArray *arrow_array_add_dictionary(struct ArrowArray *array);

#endif
