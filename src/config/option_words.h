/* SPDX-License-Identifier: MIT
 *
 * option_words -- words of messages about an option of a plugin. Its type is named by
 * options_append_type of config/options.h.
 */
#ifndef CONFIG_OPTION_WORDS_H
#define CONFIG_OPTION_WORDS_H

#include <carpel/plugin.h>

#include <stddef.h>

#include "base/text.h"

bool option_has_range(const carpel_option *o);

/* Append a line of YAML that would be right. */
void option_append_example(const carpel_option *o, text *out);

/* The same for who wrote something else: of `header: no header` it is `header: false`. */
void option_append_example_for(const carpel_option *o, const char *written, text *out);

/* How many bytes a value has in the struct of options; 0: the type is unknown. */
size_t option_size(carpel_option_type type);

#endif
