/* SPDX-License-Identifier: MIT
 *
 * script_coverage -- which lines of the project's scripts no scenario ran; and as a key of a JSON
 * document.
 */
#ifndef APP_SCRIPT_COVERAGE_H
#define APP_SCRIPT_COVERAGE_H

#include "report/json.h"
#include "script/lines.h"

/* Nothing where there are no scripts. `functions`, by number: only of the files that those are
 * made of; NULL: of all. */
void script_coverage_append(const script_set *s, const bool *functions, text *out);

/* The key "scripts". */
void script_coverage_write(const script_set *s, const bool *functions, json_writer *w);

#endif
