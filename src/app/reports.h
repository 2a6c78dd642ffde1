/* SPDX-License-Identifier: MIT
 *
 * reports -- what the files share that write the page of `carpel report`.
 */
#ifndef APP_REPORTS_H
#define APP_REPORTS_H

#include "app/session.h"
#include "engine/audit.h"
#include "engine/history.h"

/* What the page is made of. */
typedef struct report_page {
    const session *session;
    const history *history;
    const audit *audit;
    text *out;
} report_page;

/* report.c: append markup as it is, and words whatever they are. */
void report_put(const report_page *p, const char *markup);
void report_put_text(const report_page *p, const char *words);

/* "1 person", "2,004 people" */
void report_put_counted(const report_page *p, uint64_t count, const char *one,
                        const char *many);

/* Below a heading: what its figures mean. */
void report_put_explanation(const report_page *p, const char *words);

/* Begin a table: its headings up to a NULL, and by letter which of them are of numbers (n); and cells. */
void report_put_head(const report_page *p, const char *const *headings,
                     const char *numeric);
void report_put_count_cell(const report_page *p, size_t count);
void report_put_share_cell(const report_page *p, double share);

/* report_findings.c, report_scores.c: sections, where there is something to tell. */
void report_put_overlaps(const report_page *p);
void report_put_findings(const report_page *p);
void report_put_scores(const report_page *p);

/* report_rules.c: each rule with its labels and its text, words in colours. */
void report_put_rules(const report_page *p);

#endif
