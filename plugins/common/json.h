/* SPDX-License-Identifier: MIT
 *
 * json -- takes one line of JSON apart, strictly as RFC 8259 has it, without building a
 * tree. Numbers keep the digits that were written, so decimals stay exact.
 *
 *     json_begin(&j, line, size);
 *     if (json_take(&j, '{') && json_take_string(&j, &key) && json_take(&j, ':') && ...
 *     else report(j.fault, json_character(&j));
 *
 * A function that returns false has set j.fault (a constant text) and stopped there.
 */
#ifndef COMMON_JSON_H
#define COMMON_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Objects and lists may be nested so deep, the outermost one included. */
#define JSON_DEPTH_LIMIT 64

typedef struct json {
    const char *begin, *at, *end;
    const char *fault;
    char *scratch; /* a string whose escapes were replaced */
    size_t scratch_capacity;
} json;

/* A string's or number's text: in the line, or in the scratch until the next string. */
typedef struct json_text {
    const char *data;
    size_t size;
} json_text;

/* Begin with a zeroed struct; the scratch is kept from line to line. The bytes of the
 * line have at least one more readable byte behind them. */
void json_begin(json *j, const char *line, size_t size);
void json_done(json *j);

/* The first character of what comes next, blanks passed over; 0 at the end. */
char json_peek(json *j);

/* Take this character, or fail. */
bool json_take(json *j, char c);

bool json_take_string(json *j, json_text *out);
bool json_take_number(json *j, json_text *out);
bool json_take_word(json *j, const char *word); /* true, false, null */

/* Take a value of any kind and forget it; `depth` objects and lists are open. */
bool json_skip(json *j, unsigned depth);

bool json_fail(json *j, const char *fault);

/* Where reading stopped, in characters of the line from 1. */
size_t json_character(const json *j);

#endif
