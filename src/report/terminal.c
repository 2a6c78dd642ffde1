/* SPDX-License-Identifier: MIT
 *
 * Asks the stream and the environment what can be shown.
 */
#include "report/terminal.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/utf8.h"

enum { NARROWEST = 40, USUAL = 80, WIDEST = 400 };

static const char *environment(const char *name)
{
    const char *value = getenv(name);
    return value == NULL ? "" : value;
}

static size_t asked_width(FILE *stream)
{
    struct winsize size;
    if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    const char *columns = environment("COLUMNS");
    if (columns[0] < '0' || columns[0] > '9')
        return USUAL;
    return (size_t)strtoul(columns, NULL, 10);
}

/* Signs without a shape that change what the terminal does with others. */
static bool is_unsafe(uint32_t code_point)
{
    return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0) ||
           code_point == 0x200E || code_point == 0x200F || code_point == 0x2028 ||
           code_point == 0x2029 || (code_point >= 0x202A && code_point <= 0x202E) ||
           (code_point >= 0x2066 && code_point <= 0x2069);
}

bool terminal_is_there(FILE *stream)
{
    return isatty(fileno(stream));
}

bool terminal_is_interactive(FILE *stream)
{
    return isatty(fileno(stream)) && strcmp(environment("TERM"), "dumb") != 0;
}

bool terminal_has_colour(FILE *stream)
{
    return terminal_is_interactive(stream) && environment("NO_COLOR")[0] == '\0';
}

size_t terminal_width(FILE *stream)
{
    size_t width = asked_width(stream);
    if (width < NARROWEST)
        return NARROWEST;
    return width > WIDEST ? WIDEST : width;
}

size_t terminal_line_width(FILE *stream)
{
    return isatty(fileno(stream)) ? terminal_width(stream) : SIZE_MAX;
}

/* The bytes in front of the text behind the first column. */
static size_t first_column(const char *line)
{
    size_t begin = strspn(line, " ");
    size_t end = begin + strcspn(line + begin, " ");
    size_t blanks = strspn(line + end, " ");
    return blanks >= 2 && line[end + blanks] != '\0' ? end + blanks : begin;
}

/* The bytes that fit, at least one sign. */
static size_t fitting(slice line, size_t width)
{
    size_t at = 0, length, columns = 0;
    while (at < line.size) {
        utf8_decode(line.data + at, line.size - at, &length);
        columns += utf8_width(line.data + at, length);
        if (at > 0 && columns > width)
            break;
        at += length;
    }
    return at;
}

/* Where the line is broken: in front of a blank, or, when there is none behind those that it
 * begins with, where the width ends. */
static size_t break_at(slice line, size_t width)
{
    size_t most = fitting(line, width), end = most, begin = 0;
    while (begin < line.size && line.data[begin] == ' ')
        begin++;
    while (end > begin && line.data[end] != ' ')
        end--;
    if (end <= begin)
        return most;
    while (line.data[end - 1] == ' ')
        end--;
    return end;
}

/* How far the lines that go on are indented. */
static size_t hanging(const char *line, size_t width)
{
    size_t first = first_column(line);
    size_t hang = utf8_width(line, first) + (first == strspn(line, " ") ? 2 : 0);
    return hang > width / 2 ? width / 2 : hang;
}

void terminal_append_wrapped(text *out, const char *line, size_t width)
{
    slice rest = slice_of(line);
    size_t hang = hanging(line, width), room = width;
    while (utf8_width(rest.data, rest.size) > room) {
        size_t end = break_at(rest, room);
        text_append_bytes(out, rest.data, end);
        while (end < rest.size && rest.data[end] == ' ')
            end++;
        rest = (slice){rest.data + end, rest.size - end};
        if (rest.size == 0)
            return;
        text_append_char(out, '\n');
        text_append_repeat(out, " ", hang);
        room = width - hang;
    }
    text_append_bytes(out, rest.data, rest.size);
}

bool terminal_has_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = environment(names[i]);
        if (value[0] != '\0')
            return strcasestr(value, "utf-8") != NULL ||
                   strcasestr(value, "utf8") != NULL;
    }
    return false;
}

void terminal_append_safe(text *out, slice value)
{
    size_t length;
    for (size_t at = 0; at < value.size; at += length) {
        uint32_t code_point = utf8_decode(value.data + at, value.size - at, &length);
        char bytes[4];
        size_t size = utf8_encode(is_unsafe(code_point) ? 0xFFFD : code_point, bytes);
        text_append_bytes(out, bytes, size);
    }
}

void terminal_append_safe_lines(text *out, slice lines)
{
    for (size_t at = 0, end; at < lines.size; at = end + 1) {
        const char *found = memchr(lines.data + at, '\n', lines.size - at);
        end = found ? (size_t)(found - lines.data) : lines.size;
        terminal_append_safe(out, (slice){lines.data + at, end - at});
        text_append_char(out, '\n');
    }
}
