/* SPDX-License-Identifier: MIT
 *
 * quoted_reason -- the value of the data that a reason quotes, in the words of reason.h and of sources.
 */
#ifndef INGEST_QUOTED_REASON_H
#define INGEST_QUOTED_REASON_H

#include "base/text.h"
#include "ingest/quarantine.h"

/* What reasons of one kind have in common: without the value that is quoted, and with 0 for
 * the numbers outside of quotes. */
void quoted_reason_append_kind(const char *reason, text *out);

/* The reason with its NUL, without the value that it quotes if that is to be hidden. */
void quoted_reason_append_hidden(const char *reason, value_is_hidden *is_hidden,
                                 void *context, text *out);

#endif
