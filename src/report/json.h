/* SPDX-License-Identifier: MIT
 *
 * json -- writes one JSON document into a text.
 *
 *     json_writer w;
 *     json_begin(&w, out);
 *     json_object_begin(&w);
 *     json_key(&w, "people");
 *     json_int(&w, 23570);
 *     json_object_end(&w);
 *     json_end(&w);
 *
 * Commas and indentation are its business. Texts that are not UTF-8 get U+FFFD.
 */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

#define JSON_MAX_DEPTH 64

typedef struct json_writer {
    text *out;
    unsigned depth;
    bool has_items[JSON_MAX_DEPTH];
    bool after_key;
    bool is_compact; /* set after json_begin: everything on one line */
} json_writer;

void json_begin(json_writer *w, text *out);
void json_end(json_writer *w); /* ends the last line */
void json_object_begin(json_writer *w);
void json_object_end(json_writer *w);
void json_array_begin(json_writer *w);
void json_array_end(json_writer *w);
void json_key(json_writer *w, const char *key);
void json_string(json_writer *w, const char *value); /* NULL: null */
void json_text(json_writer *w, slice value);
void json_int(json_writer *w, int64_t value);
/* The shortest form that reads back the same; null for what is not finite. */
void json_number(json_writer *w, double value);
/* A number whose digits are there already, such as those of an exact one. */
void json_digits(json_writer *w, const char *digits);
void json_bool(json_writer *w, bool value);
void json_null(json_writer *w);

/* Append `value` with its quotes, escaped. */
void json_append_quoted(text *out, slice value);

#endif
