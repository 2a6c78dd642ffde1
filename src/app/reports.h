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

/* report_rules.c: each rule with its labels and its text, words in colours. */
void report_put_rules(const report_page *p);

#endif
