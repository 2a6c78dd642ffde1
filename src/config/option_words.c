/* SPDX-License-Identifier: MIT
 *
 * What messages and lists say of options, and what they take of the struct.
 */
#include "config/option_words.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "config/options.h"

bool option_has_range(const carpel_option *o)
{
    return o->minimum != 0 || o->maximum != 0;
}

static void append_range(const carpel_option *o, text *out)
{
    if (isinf(o->maximum))
        text_append_format(out, " (at least %.15g)", o->minimum);
    else if (isinf(o->minimum))
        text_append_format(out, " (at most %.15g)", o->maximum);
    else if (option_has_range(o))
        text_append_format(out, " (%.15g to %.15g)", o->minimum, o->maximum);
}

static void append_choices(const carpel_option *o, text *out)
{
    for (size_t i = 0; o->choices != NULL && o->choices[i] != NULL; i++)
        text_append_format(out, "%s%s", i > 0 ? ", " : "", o->choices[i]);
}

/* What the help of the option shows in quotes behind "such as", in a list; false: nothing. */
static bool append_shown(const carpel_option *o, text *out)
{
    static const char begin[] = "such as \"";
    const char *shown = o->help != NULL ? strstr(o->help, begin) : NULL;
    const char *end = shown != NULL ? strchr(shown + sizeof begin - 1, '"') : NULL;
    if (end == NULL || o->type != CARPEL_OPTION_TEXTS)
        return false;
    shown += sizeof begin - 1;
    text_append_format(out, "[\"%.*s\"]", (int)(end - shown), shown);
    return true;
}

void option_append_example(const carpel_option *o, text *out)
{
    static const char *const values[] = {[CARPEL_OPTION_TEXT] = "\"some text\"",
                                         [CARPEL_OPTION_BOOLEAN] = "true",
                                         [CARPEL_OPTION_NUMBER] = "0.5",
                                         [CARPEL_OPTION_PATH] = "data/file.csv",
                                         [CARPEL_OPTION_PATHS] = "data/*.csv",
                                         [CARPEL_OPTION_TEXTS] = "[one, two]",
                                         [CARPEL_OPTION_OUTPUT_PATH] = "out/file.csv",
                                         [CARPEL_OPTION_PAIRS] = "{name: value}"};
    text_append_format(out, "%s: ", o->name);
    if (o->default_text != NULL && o->default_text[0] != '\0')
        text_append(out, o->default_text);
    else if (o->type == CARPEL_OPTION_CHOICE)
        text_append(out,
                    o->choices != NULL && o->choices[0] != NULL ? o->choices[0] : "");
    else if (option_has_range(o))
        text_append_format(out, "%.15g", isinf(o->minimum) ? o->maximum : o->minimum);
    else if (!append_shown(o, out))
        text_append(out, o->type == CARPEL_OPTION_INTEGER ? "10" : values[o->type]);
}

void options_append_type(const carpel_option *option, text *out)
{
    switch (option->type) {
    case CARPEL_OPTION_TEXT: text_append(out, "text"); break;
    case CARPEL_OPTION_BOOLEAN: text_append(out, "true or false"); break;
    case CARPEL_OPTION_INTEGER:
        text_append(out, "whole number");
        append_range(option, out);
        break;
    case CARPEL_OPTION_NUMBER:
        text_append(out, "number");
        append_range(option, out);
        break;
    case CARPEL_OPTION_CHOICE:
        text_append(out, "one of ");
        append_choices(option, out);
        break;
    case CARPEL_OPTION_PATH:
    case CARPEL_OPTION_OUTPUT_PATH: text_append(out, "path"); break;
    case CARPEL_OPTION_PATHS: text_append(out, "path or a list of paths"); break;
    case CARPEL_OPTION_TEXTS: text_append(out, "text or a list of texts"); break;
    case CARPEL_OPTION_PAIRS: text_append(out, "mapping of names to texts"); break;
    }
}

size_t option_size(carpel_option_type type)
{
    switch (type) {
    case CARPEL_OPTION_BOOLEAN: return sizeof(bool);
    case CARPEL_OPTION_INTEGER: return sizeof(int64_t);
    case CARPEL_OPTION_NUMBER: return sizeof(double);
    case CARPEL_OPTION_PATHS:
    case CARPEL_OPTION_TEXTS:
    case CARPEL_OPTION_PAIRS: return sizeof(carpel_texts);
    case CARPEL_OPTION_TEXT:
    case CARPEL_OPTION_CHOICE:
    case CARPEL_OPTION_PATH:
    case CARPEL_OPTION_OUTPUT_PATH: return sizeof(const char *);
    }
    return 0;
}

/* `no header`, `none`, `without`, `off`: words of those who mean false. */
static bool denies(const char *text)
{
    static const char *const words[] = {"no", "false", "off", "without"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strncasecmp(text, words[i], strlen(words[i])) == 0)
            return true;
    return strcmp(text, "0") == 0;
}

void option_append_example_for(const carpel_option *o, const char *written, text *out)
{
    if (o->type == CARPEL_OPTION_BOOLEAN)
        text_append_format(out, "%s: %s", o->name, denies(written) ? "false" : "true");
    else
        option_append_example(o, out);
}
