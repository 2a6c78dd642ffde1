/* SPDX-License-Identifier: MIT
 *
 * json_write -- rows of an output as JSON: an object a row, with the columns' names as its
 * keys. Missing values are null.
 */
#ifndef COMMON_JSON_WRITE_H
#define COMMON_JSON_WRITE_H

#include "common/delivery.h"

/* Who gets what is written. */
typedef struct json_sink {
    void (*put)(void *context, const char *data, size_t size);
    void *context;
} json_sink;

void json_write_string(const json_sink *sink, const char *data, size_t size);
void json_write_row(const json_sink *sink, const delivered *row, size_t count);

#endif
