/* SPDX-License-Identifier: MIT
 *
 * phone -- phone numbers as they are dialled inside one country, read by libphonenumber (phone_library.h), which is
 * loaded when somebody names a country.
 *
 *     if (!phone_load(&err)) ...                       carpel was built without it, or it cannot be loaded
 *     if (!phone_knows_country("DE")) ...
 *     if (phone_append("DE", "015123456789", &out)) ...      4915123456789
 *
 * What was loaded stays until the process ends. Threads may read numbers at the same time.
 */
#ifndef VALUE_PHONE_H
#define VALUE_PHONE_H

#include "base/error.h"
#include "base/text.h"

/* Before all else here; any thread may, and more than once. */
bool phone_load(carpel_error *err);

/* Two capitals of ISO 3166. */
bool phone_knows_country(const char *country);

/* Append the digits of the number, the code of its country first; false: these are none. */
bool phone_append(const char *country, const char *dialled, text *out);

#endif
