/* SPDX-License-Identifier: MIT
 *
 * yaml_text -- texts as YAML 1.1 takes them for what they are: plain where that is the same text, else in double quotes,
 * with a code for every character that YAML does not allow, or takes for the end of a line.
 */
#ifndef REPORT_YAML_TEXT_H
#define REPORT_YAML_TEXT_H

#include "base/text.h"

/* A value, or an item of a list. What is not UTF-8 becomes U+FFFD. */
void yaml_append_text(text *out, slice s);

/* The same in quotes in any case. */
void yaml_append_quoted(text *out, slice s);

/* A key with its colon and a blank: "name: ". `indent`: what stands before a line of the mapping, NULL: it is one in
 * braces. A key that is too long for YAML to know it as one gets a question mark. */
void yaml_append_key(text *out, slice s, const char *indent);

#endif
