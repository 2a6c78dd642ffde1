/* SPDX-License-Identifier: MIT
 *
 * Texts as scalars of YAML. `${` names a variable in a project file, and `$${` is what stands for it there.
 */
#include "report/yaml_text.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"

/* A key of 1024 characters is one no more; codes of characters are counted as they are written. */
enum { LONGEST_KEY = 500 };

static bool is_word_of_yaml(slice s)
{
    static const char *const words[] = {"true", "false", "yes", "no", "on",
                                        "off",  "null",  "y",   "n"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i]) == s.size && strncasecmp(words[i], s.data, s.size) == 0)
            return true;
    return false;
}

/* Is it a scalar that YAML takes as a text without quotes, also inside brackets? */
static bool is_plain(slice s)
{
    if (s.size == 0 || is_word_of_yaml(s) || s.data[s.size - 1] == ' ' ||
        (!isalpha((unsigned char)s.data[0]) && s.data[0] != '_'))
        return false;
    for (size_t i = 0; i < s.size; i++) {
        unsigned char c = (unsigned char)s.data[i];
        if (!isalnum(c) && (c == '\0' || !strchr("_./-() ", c)))
            return false;
    }
    return true;
}

/* May it stand in a quoted text as it is? U+0085, U+2028 and U+2029 end lines. */
static bool is_printable(uint32_t code)
{
    return (code >= 0x20 && code < 0x7f) ||
           (code >= 0xa0 && code < 0xd800 && code != 0x2028 && code != 0x2029) ||
           (code >= 0xe000 && code < 0xfffe && code != 0xfeff) ||
           (code >= 0x10000 && code <= 0x10ffff);
}

static void append_code(text *out, uint32_t code)
{
    if (code <= 0xff)
        text_append_format(out, "\\x%02x", code);
    else if (code <= 0xffff)
        text_append_format(out, "\\u%04x", code);
    else
        text_append_format(out, "\\U%08x", code);
}

/* Variables are put into values, and not into keys. */
static void append_quoted(text *out, slice s, bool is_value)
{
    size_t length;
    text_append_char(out, '"');
    for (size_t i = 0; i < s.size; i += length) {
        const char *at = s.data + i;
        uint32_t code = utf8_decode(at, s.size - i, &length);
        bool is_good = utf8_is_valid(at, length);
        if (code == '"' || code == '\\')
            text_append_char(out, '\\');
        if (is_value && code == '$' && i + 1 < s.size && at[1] == '{')
            text_append_char(out, '$');
        if (is_good && is_printable(code))
            text_append_bytes(out, at, length);
        else
            append_code(out, is_good ? code : 0xfffd);
    }
    text_append_char(out, '"');
}

static void append_text(text *out, slice s, bool is_value)
{
    if (is_plain(s))
        text_append_bytes(out, s.data, s.size);
    else
        append_quoted(out, s, is_value);
}

void yaml_append_quoted(text *out, slice s)
{
    append_quoted(out, s, true);
}

void yaml_append_text(text *out, slice s)
{
    append_text(out, s, true);
}

void yaml_append_key(text *out, slice s, const char *indent)
{
    text key;
    text_init(&key);
    append_text(&key, s, false);
    bool is_long = key.size > LONGEST_KEY;
    text_append(out, is_long ? "? " : "");
    text_append(out, key.data);
    if (is_long && indent)
        text_append_format(out, "\n%s: ", indent);
    else
        text_append(out, is_long ? " : " : ": ");
    text_done(&key);
}
