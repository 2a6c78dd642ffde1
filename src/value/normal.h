/* SPDX-License-Identifier: MIT
 *
 * normal -- identifiers of people in the one form that destinations match them by.
 *
 *     text_clear(&out);
 *     if (normal_append(NORMAL_EMAIL, slice_of(" Ann@G.example"), &out)) ...   ann@g.example
 *     normal_append_sha256(text_slice, &out);                                  64 small digits
 *
 * What has no such form, such as an email without @, has none: nothing is guessed.
 */
#ifndef VALUE_NORMAL_H
#define VALUE_NORMAL_H

#include "base/text.h"

typedef enum normal_form {
    NORMAL_NONE, /* as it is */
#define X(ID, word, function, meaning) NORMAL_##ID,
#include "value/normal.def"
#undef X
    NORMAL_COUNT
} normal_form;

extern const char *const normal_words[]; /* "email", ... by form; "" of NORMAL_NONE */

/* NORMAL_COUNT: there is no such word. */
normal_form normal_find(const char *word);

/* Append the form of `in`; false, and nothing appended, when it has none. */
bool normal_append(normal_form form, slice in, text *out);

bool normal_is_phone(normal_form form);

/* The same, where phones without the code of a country are of this one (phone_load() was called); NULL: they have no form. */
bool normal_append_of_country(normal_form form, slice in, const char *country, text *out);

/* Append the SHA-256 of the bytes, in small hexadecimal digits. */
void normal_append_sha256(slice in, text *out);

#endif
