/* SPDX-License-Identifier: MIT
 *
 * JUnit and TAP.
 */
#include "app/test_reports.h"

#include <string.h>

#include "report/terminal.h"

/* ---- JUnit --------------------------------------------------------------- */

/* What XML 1.0 cannot hold becomes U+FFFD, and what would be markup is written out. */
static void append_escaped(const char *s, text *out)
{
    text safe;
    text_init(&safe);
    for (const char *line = s; *line != '\0';) {
        size_t size = strcspn(line, "\n");
        terminal_append_safe(&safe, (slice){line, size});
        line += size + (line[size] == '\n');
        if (line[-1] == '\n')
            text_append_char(&safe, '\n');
    }
    for (size_t i = 0; i < safe.size; i++) {
        switch (safe.data[i]) {
        case '&': text_append(out, "&amp;"); break;
        case '<': text_append(out, "&lt;"); break;
        case '>': text_append(out, "&gt;"); break;
        case '"': text_append(out, "&quot;"); break;
        default: text_append_char(out, safe.data[i]);
        }
    }
    text_done(&safe);
}

static void append_attribute(const char *name, const char *value, text *out)
{
    text_append_format(out, " %s=\"", name);
    append_escaped(value, out);
    text_append_char(out, '"');
}

void junit_begin(junit *j)
{
    *j = (junit){0};
    text_init(&j->cases);
}

static void append_failure(const trial *t, const diags *failures, text *out)
{
    text message, words;
    text_init(&message);
    text_init(&words);
    text_append_format(&message, "%zu of %zu expectations", t->failed_count,
                       t->expectation_count);
    diags_append(failures, &words, false);
    text_append(out, ">\n      <failure");
    append_attribute("message", message.data, out);
    text_append_char(out, '>');
    append_escaped(words.data ? words.data : "", out);
    text_append(out, "</failure>\n    </testcase>\n");
    text_done(&message);
    text_done(&words);
}

void junit_add(junit *j, const trial *t, const diags *failures)
{
    text *out = &j->cases;
    j->count++;
    j->failed += t->failed_count > 0;
    text_append(out, "    <testcase");
    append_attribute("classname", source_name(t->where.file), out);
    append_attribute("name", t->name, out);
    append_attribute("file", source_name(t->where.file), out);
    text_append_format(out, " line=\"%u\" assertions=\"%zu\"",
                       source_place(t->where.file, t->where.begin).line,
                       t->expectation_count);
    if (t->failed_count > 0)
        append_failure(t, failures, out);
    else
        text_append(out, "/>\n");
}

void junit_end(junit *j, text *out)
{
    text_append_format(
        out,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuites tests=\"%zu\" failures=\"%zu\">\n"
        "  <testsuite name=\"scenarios\" tests=\"%zu\" failures=\"%zu\">\n",
        j->count, j->failed, j->count, j->failed);
    text_append(out, j->cases.data ? j->cases.data : "");
    text_append(out, "  </testsuite>\n</testsuites>\n");
    text_done(&j->cases);
}

/* ---- TAP ----------------------------------------------------------------- */

/* "#" would begin a directive. */
static void append_description(const char *name, text *out)
{
    text safe;
    text_init(&safe);
    terminal_append_safe(&safe, slice_of(name));
    for (size_t i = 0; i < safe.size; i++) {
        if (safe.data[i] == '#' || safe.data[i] == '\\')
            text_append_char(out, '\\');
        text_append_char(out, safe.data[i]);
    }
    text_done(&safe);
}

static void append_comments(const char *lines, text *out)
{
    for (const char *line = lines; *line != '\0';) {
        size_t size = strcspn(line, "\n");
        text_append_format(out, "# %.*s\n", (int)size, line);
        line += size + (line[size] == '\n');
    }
}

void tap_append(size_t number, const trial *t, const diags *failures, text *out)
{
    text words;
    text_append_format(out, "%sok %zu - ", t->failed_count > 0 ? "not " : "", number);
    append_description(t->name, out);
    text_append_char(out, '\n');
    text_init(&words);
    diags_append(failures, &words, false);
    append_comments(words.data ? words.data : "", out);
    text_done(&words);
}

void tap_append_plan(size_t count, text *out)
{
    text_append_format(out, "1..%zu\n", count);
}
