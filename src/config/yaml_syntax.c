/* SPDX-License-Identifier: MIT
 *
 * What libyaml stumbles over, said as it is meant: a table of its messages, and the three
 * mistakes that it notices far behind their place.
 */
#include <string.h>

#include "base/utf8.h"
#include "config/yaml_reader.h"

/* What libyaml finds, and how it is said here. The first row that fits counts. */
typedef struct syntax_message {
    const char *problem, *message, *hint;
} syntax_message;

static const syntax_message syntax_messages[] = {
    {"mapping values are not allowed", "a colon stands where no key can be",
     "Put a text that holds \": \" in quotes, and check the indentation."},
    {"did not find expected key", "a key is needed here",
     "The keys of one mapping start in the same column, without a \"-\" before them; "
     "check "
     "the indentation."},
    {"could not find expected ':'", "a colon is missing behind a key",
     "Write \"key: value\", with a blank behind the colon."},
    {"found character that cannot start", "no value can start with this character",
     "Put the text in quotes; indent with blanks, never with tabs."},
    {"found a tab character", "a tab stands where blanks are needed",
     "Indent with blanks, never with tabs."},
    {"did not find expected ',' or ']'", "a comma or \"]\" is missing",
     "A list is written [a, b, c]."},
    {"did not find expected ',' or '}'", "a comma or \"}\" is missing",
     "A mapping on one line is written {a: 1, b: 2}."},
    {"did not find expected '-'",
     "an item of the list, starting with \"-\", is needed here",
     "The items of one list start in the same column; check the indentation."},
    {"block sequence entries are not allowed", "an item of a list cannot stand here",
     "Start the list on a line of its own below its key."},
    {"did not find expected node content", "a value is needed here",
     "Put a text that starts with a special character in quotes."},
    {"found unknown escape", "no such escape is known in a text in double quotes",
     "Write a backslash twice, or use single quotes."},
    {"found undefined tag handle", "tags (\"!\") are not read",
     "Leave the tag out; carpel knows the type that each key needs."},
    {"did not find expected <document start>", "this stands outside of the mapping",
     "Check the indentation: all keys of the file start in column 1."},
    {"control characters are not allowed", "a control character stands in the file",
     "Remove it, or write it as an escape in double quotes, such as \"\\t\"."},
};

uint32_t yaml_offset_of(const yaml_reader *r, yaml_mark_t mark)
{
    return r->offsets[mark.index < r->character_count ? mark.index : r->character_count];
}

span yaml_span_of_character(const yaml_reader *r, uint32_t begin)
{
    slice bytes = source_text(r->file);
    size_t length = 0;
    if (begin < bytes.size && bytes.data[begin] != '\n' && bytes.data[begin] != '\r')
        utf8_decode(bytes.data + begin, bytes.size - begin, &length);
    return (span){r->file, begin, begin + (uint32_t)length};
}

static const syntax_message *find_syntax_message(const char *problem)
{
    size_t count = sizeof syntax_messages / sizeof *syntax_messages;
    for (size_t i = 0; i < count; i++) {
        const char *known = syntax_messages[i].problem;
        if (strncmp(problem, known, strlen(known)) == 0)
            return &syntax_messages[i];
    }
    return NULL;
}

/* A text in quotes without an end is best shown where it starts. */
static bool report_open_quote(yaml_reader *r)
{
    const yaml_parser_t *p = &r->parser;
    if (p->context == NULL || strcmp(p->context, "while scanning a quoted scalar") != 0 ||
        strcmp(p->problem, "found unexpected end of stream") != 0)
        return false;
    span where = yaml_span_of_character(r, yaml_offset_of(r, p->context_mark));
    diag_error(r->diags, where, E0301, "the quotes that open here are never closed");
    diag_hint(r->diags, "Close the text with the same sign as it was opened with.");
    return true;
}

/* The last line before `at` that has words, and no colon behind them; false when there is
 * none above. */
static bool find_line_without_colon(const yaml_reader *r, uint32_t at, span *out)
{
    const char *begin = source_text(r->file).data;
    for (uint32_t end = at; end > 0;) {
        uint32_t first = end;
        while (first > 0 && begin[first - 1] != '\n')
            first--;
        uint32_t word = first + (uint32_t)strspn(begin + first, " ");
        uint32_t size = (uint32_t)strcspn(begin + word, "\r\n#");
        *out = (span){r->file, word, word + size};
        if (size > 0 && memchr(begin + word, ':', size) == NULL)
            return true;
        const char *colon = size > 0 ? memchr(begin + word, ':', size) : NULL;
        if (colon != NULL && colon[1] != ' ' && colon[1] != '\n' && colon[1] != '\r')
            return true;
        end = first > 0 ? first - 1 : 0;
    }
    return false;
}

/* `time_zone = Europe/Berlin`, `time_zone:Europe/Berlin`: the parser notices lines later. */
static bool report_lacking_colon(yaml_reader *r, uint32_t at)
{
    span where;
    if (!find_line_without_colon(r, at, &where))
        return false;
    slice words = span_text(where);
    size_t key = 0;
    while (key < words.size && strchr("=: \t", words.data[key]) == NULL)
        key++;
    size_t value = key;
    while (value < words.size && strchr("=: \t", words.data[value]) != NULL)
        value++;
    if (key == 0 || value == words.size)
        return false;
    if (strncmp(words.data, "//", 2) == 0 || strncmp(words.data, "--", 2) == 0) {
        diag_error(r->diags, where, E0301, "a comment begins with #");
        diag_propose(r->diags, where, "#%.*s", (int)words.size - 2, words.data + 2);
        return true;
    }
    diag_error(r->diags, where, E0301,
               "a colon with a blank is missing behind the key \"%.*s\"", (int)key,
               words.data);
    diag_propose(r->diags, where, "%.*s: %.*s", (int)key, words.data,
                 (int)(words.size - value), words.data + value);
    return true;
}

/* `rules: *.seg`. */
static bool report_bare_star(yaml_reader *r)
{
    const yaml_parser_t *p = &r->parser;
    if (p->context == NULL || strcmp(p->context, "while scanning an alias") != 0)
        return false;
    uint32_t begin = yaml_offset_of(r, p->context_mark);
    slice file = source_text(r->file);
    uint32_t end = begin;
    while (end < file.size && strchr(" \t\r\n,]}", file.data[end]) == NULL)
        end++;
    span where = {r->file, begin, end};
    diag_error(r->diags, where, E0301, "a text that begins with \"*\" needs quotes");
    diag_propose(r->diags, where, "\"%.*s\"", (int)(end - begin), file.data + begin);
    return true;
}

void yaml_report_syntax(yaml_reader *r)
{
    const yaml_parser_t *p = &r->parser;
    const char *problem = p->problem != NULL ? p->problem : "no memory is left";
    r->failed = true;
    if (p->error != YAML_READER_ERROR && (report_open_quote(r) || report_bare_star(r)))
        return;
    if (strncmp(problem, "could not find expected ':'", 27) == 0 &&
        report_lacking_colon(r, yaml_offset_of(r, p->problem_mark)))
        return;
    uint32_t at = p->error == YAML_READER_ERROR ? (uint32_t)p->problem_offset
                                                : yaml_offset_of(r, p->problem_mark);
    const syntax_message *known = find_syntax_message(problem);
    if (known != NULL)
        diag_error(r->diags, yaml_span_of_character(r, at), E0301, "%s", known->message);
    else
        diag_error(r->diags, yaml_span_of_character(r, at), E0301, "this is not YAML: %s",
                   problem);
    diag_hint(r->diags, "%s",
              known != NULL ? known->hint
                            : "Check the indentation, quotes and brackets around here.");
    bool in_brackets = p->context != NULL && strstr(p->context, "flow") != NULL;
    if (in_brackets && p->context_mark.index < p->problem_mark.index)
        diag_note_at(r->diags,
                     yaml_span_of_character(r, yaml_offset_of(r, p->context_mark)),
                     "the bracket that opens here");
}
