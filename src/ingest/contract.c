/* SPDX-License-Identifier: MIT
 *
 * The sentence about a plugin that broke the contract.
 */
#include "ingest/contract.h"

bool contract_fail_list(carpel_error *err, const char *plugin, const char *format,
                        va_list arguments)
{
    char what[400];
    vsnprintf(what, sizeof what, format, arguments);
    return carpel_fail(err, CARPEL_E_PLUGIN, "plugin \"%s\" broke the contract: %s",
                       plugin, what);
}

bool contract_fail(carpel_error *err, const char *plugin, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    contract_fail_list(err, plugin, format, arguments);
    va_end(arguments);
    return false;
}
