/* SPDX-License-Identifier: MIT
 *
 * sarif -- messages as a SARIF 2.1.0 document, as code review tools read it.
 */
#ifndef REPORT_SARIF_H
#define REPORT_SARIF_H

#include "report/diags.h"

/* One run with one result a message. Files are named as in the messages, relative to the
 * folder that the command ran in. */
void diags_append_sarif(const diags *d, const char *version, text *out);

#endif
