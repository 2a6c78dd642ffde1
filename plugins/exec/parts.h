/* SPDX-License-Identifier: MIT
 *
 * parts -- the members of an object of JSON as they stand in its line.
 *
 *     part type = {0};
 *     const wanted_part wanted[] = {{"type", &type}};
 *     if (parts_find(&j, line, wanted, 1) && part_is_text(&j, type, "RECORD")) ...
 */
#ifndef EXEC_PARTS_H
#define EXEC_PARTS_H

#include "common/json.h"

/* A value as it stands in its line. */
typedef struct part {
    const char *data;
    size_t size;
} part;

typedef struct wanted_part {
    const char *key;
    part *out;
} wanted_part;

/* Find some members of an object; those that it has not are left as they are, and of those
 * that it has twice the last counts. False: it is no JSON, as j->fault says. */
bool parts_find(json *j, part object, const wanted_part *wanted, size_t count);

/* Is it there, and not null? */
bool part_is_given(part value);

/* Is it this text in quotes? */
bool part_is_text(json *j, part value, const char *text);

/* The text of a string, which the caller frees; NULL: it is none. */
char *part_copy_text(json *j, part value);

/* The key of an object that is most like this one, which the caller frees; NULL: none is. */
char *parts_nearest_key(json *j, part object, const char *wanted);

#endif
