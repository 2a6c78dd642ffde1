/* SPDX-License-Identifier: MIT
 *
 * page -- what commands that tell about one person have in common: lines for people, and keys for
 * programs.
 *
 *     page p = page_begin(engine, &out);
 *     page_line(&p, "ann is in vip", PAGE_PLAIN);
 *
 * Nothing in a line can move the cursor or begin another line, whatever the data hold.
 */
#ifndef APP_PAGE_H
#define APP_PAGE_H

#include "engine/engine.h"
#include "explain/reason.h"
#include "report/json.h"

typedef struct page {
    const engine *engine;
    const zone *zone;
    size_t width;
    bool has_colour;
    text *out;
} page;

typedef enum page_colour {
    PAGE_PLAIN,
    PAGE_GREEN,
    PAGE_RED,
    PAGE_DIM,
    PAGE_BOLD
} page_colour;

/* For standard output; `out` outlives it. */
page page_begin(const engine *e, text *out);

void page_line(page *p, const char *line, page_colour colour);
void page_gap(page *p);
void page_indent(size_t depth, text *line);

/* What stands in the file, on one line. */
void page_append_words(span where, text *line);

/* A line of a rule file, a tab as one blank, so that signs below it stand under their places. */
void page_append_line(slice written, text *out);

/* An instant in the project's zone, or "since ever". */
void page_append_instant(const page *p, int64_t at, text *line);

/* "2026-03-10T11:00:00+01:00  purchase (amount = 120.50)  events.csv:4" */
void page_append_row(const page *p, const store *data, size_t person, bool says_who,
                     const witness *w, text *line);

void page_write_text(json_writer *w, const char *key, const char *value); /* NULL: null */
void page_write_words(json_writer *w, const char *key, span where);

/* Null when it has none, or is since ever. */
void page_write_instant(json_writer *w, const page *p, const char *key, bool has,
                        int64_t at);

/* An object: time, with `says_who` the person, row, source, file, line. */
void page_write_row(json_writer *w, const page *p, const store *data, size_t person,
                    bool says_who, const witness *row);

#endif
