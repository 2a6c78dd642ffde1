/* SPDX-License-Identifier: MIT
 *
 * carpel/error.h -- what went wrong outside the user's rules.
 *
 * Functions that can fail take a `carpel_error *err` last and return `bool`;
 * false means that *err is filled. The storage is the caller's, usually on its
 * stack, so nothing has to be freed:
 *
 *     carpel_error err;
 *     if (!rulebook_load(path, &book, &err))
 *         fprintf(stderr, "%s\n", err.message);
 */
#ifndef CARPEL_ERROR_H
#define CARPEL_ERROR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Enums have the size of an int, and any number of an int may come: one that a later version has. */
#ifdef __cplusplus
#define CARPEL_ENUM_BASE : int
#else
#define CARPEL_ENUM_BASE
#endif

/* Who is to act on an error. The numbers are part of the ABI. */
typedef enum carpel_error_code CARPEL_ENUM_BASE {
    CARPEL_E_INPUT = 1,     /* a file or value that the user gave is wrong */
    CARPEL_E_SYSTEM = 2,    /* the machine refused: no such file, disk full, ... */
    CARPEL_E_LIMIT = 3,     /* a configured limit was reached */
    CARPEL_E_PLUGIN = 4,    /* a plugin broke its contract */
    CARPEL_E_CANCELLED = 5, /* the user stopped the work */
    /* of plugins: nothing was done, and the same may go well later; all others say that it never
     * will */
    CARPEL_E_LATER = 6
} carpel_error_code;

#ifndef __cplusplus
_Static_assert(sizeof(carpel_error_code) == sizeof(int),
               "<carpel/...> is compiled without -fshort-enums");
#endif

/* One failure. Filled if and only if the function that took it returned false. */
typedef struct carpel_error {
    carpel_error_code code;
    char message[512]; /* one line of UTF-8, lower case, without a full stop */
} carpel_error;

#if defined(__GNUC__)
#define CARPEL_PRINTF(format_index, first_argument)                                      \
    __attribute__((format(printf, format_index, first_argument)))
#else
#define CARPEL_PRINTF(format_index, first_argument)
#endif

/* End a text of so many bytes, which was cut, before the character that may lack its end. */
static inline void carpel_cut_character(char *text, size_t size)
{
    while (size > 0 && ((unsigned char)text[size - 1] & 0xC0) == 0x80)
        size--;
    if (size > 0 && ((unsigned char)text[size - 1] & 0x80) != 0)
        size--;
    text[size] = '\0';
}

/* Fill *err and return false, so that a failing function can end with
 *     return carpel_fail(err, CARPEL_E_INPUT, "no column is named \"%s\"", name);
 * A message that is too long is cut, between two characters. */
CARPEL_PRINTF(3, 4)
static inline bool carpel_fail(carpel_error *err, carpel_error_code code,
                               const char *format, ...)
{
    va_list arguments;
    err->code = code;
    va_start(arguments, format);
    int size = vsnprintf(err->message, sizeof err->message, format, arguments);
    va_end(arguments);
    if (size >= (int)sizeof err->message)
        carpel_cut_character(err->message, sizeof err->message - 1);
    return false;
}

#ifdef __cplusplus
}
#endif

#endif
