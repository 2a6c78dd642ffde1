/* SPDX-License-Identifier: MIT
 *
 * The letters of the Greek and Cyrillic alphabets that are drawn like Latin ones.
 */
#include "report/lookalike.h"

#include <stdbool.h>
#include <string.h>

#include "base/utf8.h"

enum { FIRST_GREEK = 0x370, FIRST_CYRILLIC = 0x400 };

static const struct {
    uint32_t foreign;
    char latin;
} pairs[] = {
    {0x430, 'a'}, {0x435, 'e'}, {0x43E, 'o'}, {0x440, 'p'}, {0x441, 'c'}, {0x443, 'y'},
    {0x445, 'x'}, {0x455, 's'}, {0x456, 'i'}, {0x458, 'j'}, {0x501, 'd'}, {0x4BB, 'h'},
    {0x51B, 'q'}, {0x51D, 'w'}, {0x43A, 'k'}, {0x43C, 'm'}, {0x442, 't'}, {0x43F, 'n'},
    {0x410, 'A'}, {0x412, 'B'}, {0x415, 'E'}, {0x41A, 'K'}, {0x41C, 'M'}, {0x41D, 'H'},
    {0x41E, 'O'}, {0x420, 'P'}, {0x421, 'C'}, {0x422, 'T'}, {0x423, 'Y'}, {0x425, 'X'},
    {0x405, 'S'}, {0x406, 'I'}, {0x408, 'J'}, {0x3BF, 'o'}, {0x3B1, 'a'}, {0x3BD, 'v'},
    {0x3C1, 'p'}, {0x3B9, 'i'}, {0x3C5, 'u'}, {0x391, 'A'}, {0x392, 'B'}, {0x395, 'E'},
    {0x396, 'Z'}, {0x397, 'H'}, {0x399, 'I'}, {0x39A, 'K'}, {0x39C, 'M'}, {0x39D, 'N'},
    {0x39F, 'O'}, {0x3A1, 'P'}, {0x3A4, 'T'}, {0x3A5, 'Y'}, {0x3A7, 'X'},
};

uint32_t lookalike_latin(uint32_t letter)
{
    if (letter < FIRST_GREEK)
        return letter;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (pairs[i].foreign == letter)
            return (uint32_t)pairs[i].latin;
    }
    return letter;
}

/* The first letter of `wanted` that only looks like the one of `similar`; 0: they differ
 * in more than that. */
static uint32_t find_lookalike(const char *wanted, const char *similar)
{
    size_t size = strlen(wanted), length;
    uint32_t found = 0;
    for (size_t at = 0; at < size; at += length, similar++) {
        uint32_t letter = utf8_decode(wanted + at, size - at, &length);
        uint32_t latin = lookalike_latin(letter);
        if (latin != (unsigned char)*similar)
            return 0;
        if (latin != letter && found == 0)
            found = letter;
    }
    return *similar == '\0' ? found : 0;
}

void hint_similar(diags *d, span where, const char *wanted, const char *similar)
{
    uint32_t letter = find_lookalike(wanted, similar);
    char shown[4];
    if (letter == 0)
        diag_hint(d, "Did you mean \"%s\"?", similar);
    else
        diag_hint(d, "The \"%.*s\" in it is a %s letter. Write \"%s\" in Latin letters.",
                  (int)utf8_encode(letter, shown), shown,
                  letter < FIRST_CYRILLIC ? "Greek" : "Cyrillic", similar);
    diag_fix(d, where, "%s", similar);
}
