/* SPDX-License-Identifier: MIT
 *
 * Rule by rule: the lines that have a condition of which one side was not seen.
 */
#include "app/test_coverage.h"

#include "app/page.h"

static bool is_tried(const condition *c)
{
    return c->was_true || c->was_false;
}

static bool is_covered(const condition *c)
{
    return c->was_true && c->was_false;
}

/* ---- for people ------------------------------------------------------------------ */

/* "   12 |   and distinct(...) >= 3", and the marks below it. */
static void append_condition(const condition *c, text *out)
{
    const source *file = c->where.file;
    place at = source_place(file, c->where.begin), end = source_place(file, c->where.end);
    slice line = source_line(file, at.line);
    text_append_format(out, "%5u | ", at.line);
    page_append_line(line, out);
    text_append(out, "\n      | ");
    for (uint32_t i = 1; i < at.column; i++)
        text_append_char(out, ' ');
    size_t rest = line.size >= at.column ? line.size - at.column + 1 : 1;
    size_t width = end.line > at.line ? rest : end.column - at.column;
    for (size_t i = 0; i < width; i++)
        text_append_char(out, '^');
    text_append_format(out, " never %s\n",
                       !is_tried(c)   ? "tried"
                       : c->was_false ? "true"
                                      : "false");
}

static void append_rule(const condition *c, size_t count, text *out)
{
    size_t tried = 0, covered = 0;
    span name = c->decl->name.where;
    for (size_t i = 0; i < count; i++) {
        tried += is_tried(&c[i]);
        covered += is_covered(&c[i]);
    }
    if (covered == count)
        return;
    text_append_format(out, "%s:%u: ", source_name(name.file),
                       source_place(name.file, name.begin).line);
    text_append(out, c->decl->name.text);
    if (tried == 0) {
        text_append(out, ": no scenario expects anything of it\n");
        return;
    }
    text_append_char(out, '\n');
    for (size_t i = 0; i < count; i++)
        if (!is_covered(&c[i]))
            append_condition(&c[i], out);
}

void coverage_append(const coverage *c, size_t left_out, text *out)
{
    size_t count, covered = 0;
    const condition *all = coverage_conditions(c, &count);
    for (size_t i = 0; i < count; i++)
        covered += is_covered(&all[i]);
    text_append_format(out, "\ncoverage: %zu of %zu condition%s both true and false\n",
                       covered, count, count == 1 ? " was" : "s were");
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i; end < count && all[end].decl == all[i].decl;)
            end++;
        append_rule(&all[i], end - i, out);
    }
    if (left_out > 0)
        text_append_format(
            out, "left out: %zu rule%s of which these scenarios expect nothing\n",
            left_out, left_out == 1 ? "" : "s");
}

/* ---- for programs ---------------------------------------------------------------- */

static void write_condition(const condition *c, json_writer *w)
{
    place at = source_place(c->where.file, c->where.begin);
    json_object_begin(w);
    page_write_text(w, "rule", c->decl->name.text);
    page_write_words(w, "text", c->where);
    page_write_text(w, "file", source_name(c->where.file));
    json_key(w, "line");
    json_int(w, at.line);
    json_key(w, "column");
    json_int(w, at.column);
    json_key(w, "was_true");
    json_bool(w, c->was_true);
    json_key(w, "was_false");
    json_bool(w, c->was_false);
    json_object_end(w);
}

void coverage_write(const coverage *c, json_writer *w)
{
    size_t count;
    const condition *all = coverage_conditions(c, &count);
    json_key(w, "coverage");
    json_array_begin(w);
    for (size_t i = 0; i < count; i++)
        write_condition(&all[i], w);
    json_array_end(w);
}
