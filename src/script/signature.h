/* SPDX-License-Identifier: MIT
 *
 * signature -- what a file of Lua declares of a function with carpel.define{...}: its
 * arguments with their types and units, its result with its range, and a line of help. The
 * compiler holds calls against it before any data are read.
 */
#ifndef SCRIPT_SIGNATURE_H
#define SCRIPT_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "value/type.h"

/* "orders: int", "silent: duration(days)?", "amounts: list of number" */
typedef struct script_parameter {
    char name[64];
    char spelling[48]; /* of the type, as it was written */
    type type;
    type_details details;
    bool is_list;        /* of values of the type */
    bool may_be_missing; /* else a missing argument makes the result missing, uncalled */
} script_parameter;

enum { SCRIPT_MOST_PARAMETERS = 64 };

typedef struct script_signature {
    char *help;
    script_parameter *parameters;
    size_t parameter_count;
    script_parameter result; /* without a name */
    bool has_steps;          /* it goes through its lists by itself (steps.h) */
    bool has_batch;          /* it takes columns (batch.h) */
} script_signature;

/* Read "name: type" or, of a result, "type". False: *reason, a sentence in `reason`, says
 * what is wrong. Takes no memory. */
bool script_parameter_parse(const char *spelling, bool is_result, script_parameter *out,
                            char *reason, size_t reason_size);

/* So many values a call has to have: those behind may be left out. */
size_t script_signature_least(const script_signature *s);

/* "(silent: duration(days), orders: int): number(0..1)" */
void script_signature_append(const script_signature *s, text *out);

void script_signature_free(script_signature *s);

#endif
