/* SPDX-License-Identifier: MIT
 *
 * reasons -- what drivers say of failures, as messages that hold no secrets.
 */
#ifndef ADBC_REASONS_H
#define ADBC_REASONS_H

#include <carpel/plugin.h>

#include "adbc/session.h"

/* Who is to look at a failure with this status; until it is connected, that is the network. */
carpel_reach reason_reach(uint8_t status, bool is_connected);

/* Fail with what the driver says, in one line, without what stands in the address and in the
 * values of the options. */
bool reason_fail(uint8_t status, const char *said, const session_options *options,
                 const char *project_directory, carpel_error *err);

#endif
