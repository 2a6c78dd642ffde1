/* SPDX-License-Identifier: MIT
 *
 * Messages to the user. Texts from outside lose what would move a terminal's cursor.
 */
#include "app/say.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "app/command_line.h"
#include "app/stop.h"
#include "base/utf8.h"
#include "report/terminal.h"

enum { LINE_WIDTH = 78 };

static void say(const char *title, const char *format, va_list arguments)
{
    text raw, line;
    text_init(&raw);
    text_init(&line);
    text_append_format_list(&raw, format, arguments);
    text_append(&line, title);
    terminal_append_safe(&line, (slice){raw.data, raw.size});
    fprintf(stderr, "%s\n", line.data);
    text_done(&raw);
    text_done(&line);
}

void say_error(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say("carpel: ", format, arguments);
    va_end(arguments);
}

void say_hint(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say("hint: ", format, arguments);
    va_end(arguments);
}

void say_warning(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say("warning: ", format, arguments);
    va_end(arguments);
}

void say_note(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say("note: ", format, arguments);
    va_end(arguments);
}

int say_failure(const carpel_error *err)
{
    if (cancel_is_asked(stop_cancel()))
        return EXIT_CANCELLED; /* stop_end has the one line */
    say_error("%s", err->message);
    switch (err->code) {
    case CARPEL_E_INPUT:
    case CARPEL_E_LIMIT: return EXIT_FAULT;
    case CARPEL_E_SYSTEM:
    case CARPEL_E_LATER: return EXIT_IO;
    case CARPEL_E_PLUGIN: return EXIT_SOFTWARE;
    case CARPEL_E_CANCELLED: return EXIT_CANCELLED;
    }
    return EXIT_SOFTWARE;
}

int say_result(const text *result)
{
    size_t written = fwrite(result->data, 1, result->size, stdout);
    if (written == result->size && fflush(stdout) == 0)
        return EXIT_GOOD;
    int cause = errno;
    if (cause == EPIPE)
        return EXIT_PIPE; /* such as head, which has seen enough */
    if (cancel_is_asked(stop_cancel()))
        return EXIT_CANCELLED;
    say_error("cannot write to standard output: %s", strerror(cause));
    return EXIT_IO;
}

void say_wrap(const char *paragraphs, size_t indent, text *out)
{
    size_t column = 0;
    for (const char *at = paragraphs; *at != '\0';) {
        if (*at == '\n') {
            text_append_char(out, '\n');
            column = 0;
            at++;
        } else if (*at == ' ') {
            at++;
        } else {
            size_t size = strcspn(at, " \n");
            size_t width = utf8_width(at, size);
            if (column > 0 && column + 1 + width > LINE_WIDTH) {
                text_append_char(out, '\n');
                column = 0;
            }
            text_append_repeat(out, " ", column == 0 ? indent : 1);
            column += (column == 0 ? indent : 1) + width;
            text_append_bytes(out, at, size);
            at += size;
        }
    }
    text_append_char(out, '\n');
}

static void append_marks(slice value, bool doubles_backslash, text *out)
{
    for (size_t i = 0; i < value.size; i++) {
        switch (value.data[i]) {
        case '\t': text_append(out, "\\t"); break;
        case '\n': text_append(out, "\\n"); break;
        case '\r': text_append(out, "\\r"); break;
        case '\\': text_append(out, doubles_backslash ? "\\\\" : "\\"); break;
        default: text_append_char(out, value.data[i]); break;
        }
    }
}

/* A program gets every byte; a terminal nothing that it would obey. */
static void append_on_line(slice value, bool doubles_backslash, text *out)
{
    text line;
    if (!terminal_is_there(stdout)) {
        append_marks(value, doubles_backslash, out);
        return;
    }
    text_init(&line);
    append_marks(value, doubles_backslash, &line);
    terminal_append_safe(out, (slice){line.data, line.size});
    text_done(&line);
}

void say_cell(slice value, text *out)
{
    append_on_line(value, true, out);
}

void say_id(slice id, text *out)
{
    append_on_line(id, false, out);
}
