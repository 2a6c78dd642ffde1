/* SPDX-License-Identifier: MIT
 *
 * File by file: the share of its lines that were run, and those that were not.
 */
#include "app/script_coverage.h"

#include "app/page.h"
#include "report/terminal.h"

/* Lines that were not run, from the first to the last of them; between them stands nothing that
 * was. */
typedef struct line_range {
    size_t first, last;
} line_range;

/* The next range behind a line; false: there is none. */
static bool next_range(const script_lines *l, size_t behind, line_range *out)
{
    *out = (line_range){0, 0};
    for (size_t line = behind + 1; line <= l->count; line++) {
        script_line state = script_lines_at(l, line);
        if (state == SCRIPT_LINE_RUN && out->first > 0)
            break;
        if (state != SCRIPT_LINE_NOT_RUN)
            continue;
        out->first = out->first > 0 ? out->first : line;
        out->last = line;
    }
    return out->first > 0;
}

/* Where nothing can be run, nothing is missing. */
static double share(size_t run, size_t all)
{
    return all > 0 ? (double)run / (double)all : 1;
}

/* As rules write it. */
static const char *path_of(const script_lines *l)
{
    return l->path[0] == '.' && l->path[1] == '/' ? l->path + 2 : l->path;
}

/* The next file that one of the functions is made of; NULL: any file. */
static bool next_file(const script_set *s, const bool *functions, size_t *at,
                      script_lines *l)
{
    while (script_set_lines(s, (*at)++, l)) {
        bool is_meant = !functions;
        for (size_t f = 0; !is_meant && f < script_set_function_count(s); f++)
            is_meant = functions[f] && script_lines_serve(s, l, f);
        if (is_meant)
            return true;
    }
    return false;
}

/* ---- for people ------------------------------------------------------------------ */

static void append_file(const script_lines *l, text *out)
{
    line_range range;
    terminal_append_safe(out, slice_of(path_of(l)));
    text_append_format(out, ": %zu of %zu, %.1f%%", l->was_run, l->can_run,
                       100 * share(l->was_run, l->can_run));
    for (size_t at = 0; next_range(l, at, &range); at = range.last) {
        text_append_format(out, "%s%zu", at == 0 ? "; not run: " : ", ", range.first);
        if (range.last > range.first)
            text_append_format(out, "-%zu", range.last);
    }
    text_append_char(out, '\n');
}

void script_coverage_append(const script_set *s, const bool *functions, text *out)
{
    size_t run = 0, all = 0;
    script_lines l;
    for (size_t at = 0; next_file(s, functions, &at, &l);) {
        run += l.was_run;
        all += l.can_run;
    }
    if (all == 0)
        return;
    text_append_format(out, "\nscripts: %zu of %zu line%s run, %.1f%%\n", run, all,
                       all == 1 ? " was" : "s were", 100 * share(run, all));
    for (size_t at = 0; next_file(s, functions, &at, &l);)
        append_file(&l, out);
}

/* ---- for programs ---------------------------------------------------------------- */

static void write_file(const script_lines *l, json_writer *w)
{
    line_range range;
    json_object_begin(w);
    page_write_text(w, "file", path_of(l));
    json_key(w, "lines");
    json_int(w, (int64_t)l->can_run);
    json_key(w, "run");
    json_int(w, (int64_t)l->was_run);
    json_key(w, "share");
    json_number(w, share(l->was_run, l->can_run));
    json_key(w, "not_run");
    json_array_begin(w);
    for (size_t at = 0; next_range(l, at, &range); at = range.last) {
        json_object_begin(w);
        json_key(w, "first");
        json_int(w, (int64_t)range.first);
        json_key(w, "last");
        json_int(w, (int64_t)range.last);
        json_object_end(w);
    }
    json_array_end(w);
    json_object_end(w);
}

void script_coverage_write(const script_set *s, const bool *functions, json_writer *w)
{
    script_lines l;
    json_key(w, "scripts");
    json_array_begin(w);
    for (size_t at = 0; next_file(s, functions, &at, &l);)
        write_file(&l, w);
    json_array_end(w);
}
