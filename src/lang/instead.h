/* SPDX-License-Identifier: MIT
 *
 * instead -- hints that say what to write in place of what stands there.
 *
 *     diag_warning(diags, literal->where, W0220, ...);
 *     write_instead(diags, expr->where, "%s contains \"%s\"", value, text);
 *     // hint: Write: user.email contains "gmail"
 */
#ifndef LANG_INSTEAD_H
#define LANG_INSTEAD_H

#include "report/diags.h"

/* Add to the newest message what to write in place of `where`; it has to compile there. */
CARPEL_PRINTF(3, 4)
void write_instead(diags *diags, span where, const char *format, ...);

#endif
