/* SPDX-License-Identifier: MIT
 *
 * by_format -- what of a drafted source its format says already, so that the draft needs no line for it.
 * Without a format nothing is said.
 */
#ifndef LOOK_BY_FORMAT_H
#define LOOK_BY_FORMAT_H

#include "config/formats.h"
#include "look/draft.h"

bool by_format_persons(const draft_source *s);
bool by_format_time(const draft_source *s);

/* Which kind the text of this rule names. */
bool by_format_name(const draft_source *s, const draft_rule *rule);

/* Where a property, a trait or a list of this name is. */
bool by_format_field(const draft_source *s, format_row_kind kind, const draft_field *f);

#endif
