/* SPDX-License-Identifier: MIT
 *
 * words -- the words of a program as a project gives them: is there one to run?
 */
#ifndef EXEC_WORDS_H
#define EXEC_WORDS_H

#include <carpel/plugin.h>

/* Fails when the first word names no program by its form, such as a whole command line. */
bool words_check(const carpel_texts *words, const char *directory, carpel_error *err);

/* Whether the program can be begun from the directory, without doing so. */
carpel_reach words_reach(const carpel_texts *words, const char *directory,
                         carpel_error *err);

#endif
