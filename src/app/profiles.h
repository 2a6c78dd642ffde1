/* SPDX-License-Identifier: MIT
 *
 * profiles -- what `carpel run --profile` shows: where the time went, as tables or in JSON.
 */
#ifndef APP_PROFILES_H
#define APP_PROFILES_H

#include "app/session.h"
#include "report/json.h"

/* Three tables: phases, tables of the data, values. */
void profiles_append(const session *s, text *out);

/* The key "profile"; docs/commands.md names what is in it. */
void profiles_write(const session *s, json_writer *w);

#endif
