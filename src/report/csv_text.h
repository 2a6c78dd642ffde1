/* SPDX-License-Identifier: MIT
 *
 * csv_text -- fields of CSV, quoted as RFC 4180 has it where that is needed.
 */
#ifndef REPORT_CSV_TEXT_H
#define REPORT_CSV_TEXT_H

#include "base/text.h"

/* Append a field, every byte of it as it is. */
void csv_append_text(text *out, slice value);

#endif
