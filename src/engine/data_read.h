/* SPDX-License-Identifier: MIT
 *
 * data_read -- which declarations name a kind of event, a property or a trait of the project.
 *
 *     data_field field;
 *     if (data_field_find(schema, "purchase.amount", &field))
 *         ... decl_reads(decl, &field) ...
 */
#ifndef ENGINE_DATA_READ_H
#define ENGINE_DATA_READ_H

#include "lang/ast.h"
#include "schema/schema.h"

/* What a name of the data stands for. It points into that name. */
typedef struct data_field {
    size_t kind;          /* SCHEMA_NONE: it is a trait */
    const char *property; /* of the kind; NULL: all of it */
    size_t trait;
} data_field;

/* "purchase", "purchase.amount" or "user.country"; false when the data have no such name. */
bool data_field_find(const schema *s, const char *written, data_field *out);

/* Does a declaration that was checked name it by itself, not through another one? `anything` names
 * every kind. */
bool decl_reads(const ast_decl *decl, const data_field *field);

#endif
