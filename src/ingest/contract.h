/* SPDX-License-Identifier: MIT
 *
 * contract -- the one sentence that ends a run when a plugin does not do what
 * <carpel/plugin.h> asks of it:
 *
 *     plugin "csv" broke the contract: column "amount" has text offsets that go backwards
 *
 * Whoever finds a breach says what was seen; nobody goes on with what the plugin gave.
 */
#ifndef INGEST_CONTRACT_H
#define INGEST_CONTRACT_H

#include <carpel/error.h>

/* Fail with CARPEL_E_PLUGIN. Returns false. */
CARPEL_PRINTF(3, 4)
bool contract_fail(carpel_error *err, const char *plugin, const char *format, ...);
bool contract_fail_list(carpel_error *err, const char *plugin, const char *format,
                        va_list arguments);

#endif
