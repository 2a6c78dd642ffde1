/* SPDX-License-Identifier: MIT
 *
 * histories -- a history as it is printed: tables to read, CSV and JSON for programs, a chart.
 */
#ifndef APP_HISTORIES_H
#define APP_HISTORIES_H

#include "app/session.h"
#include "engine/history.h"

/* What is printed, of what. */
typedef struct histories {
    const session *session;
    const command_line *line;
    const history *h;
    history_steps steps;
} histories;

/* history_text.c, history_data.c */
void histories_append_text(const histories *p, text *out);
void histories_append_csv(const histories *p, text *out);
void histories_append_json(const histories *p, text *out);

/* history_chart.c: write the file of --svg. Returns the exit code. */
int histories_write_chart(const histories *p);

/* ---- what these share ------------------------------------------------------------- */

/* The part of those known that is in. */
double histories_share(const history_point *p);

/* The date of an instant, with the time of day when that is not midnight. */
void histories_append_date(const histories *p, size_t at, text *out);

/* "week from 2026-01-05 to 2026-02-02", or "2 weeks ..."; `from` is the word between, with its
 * blanks. */
void histories_append_span(const histories *p, const char *from, text *out);

/* The group of this number; behind the last "(none)". */
const char *histories_group_name(const history *h, const history_set *set, size_t i);

#endif
