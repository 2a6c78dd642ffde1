/* SPDX-License-Identifier: MIT
 *
 * The first failure stands.
 */
#include "plugin/failure.h"

#include "ingest/contract.h"

void instance_break(instance_failure *f, const char *format, ...)
{
    va_list arguments;
    if (f->has_failed)
        return;
    f->has_failed = true;
    va_start(arguments, format);
    contract_fail_list(&f->error, f->plugin, format, arguments);
    va_end(arguments);
}
