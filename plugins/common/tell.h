/* SPDX-License-Identifier: MIT
 *
 * tell -- the fields of an object of JSON, as a view hears of them: each value with the path that `from` takes
 * (paths.h), a list of plain values as "tags[]" once for each. Lists of records, which records cannot be read from,
 * are left out.
 */
#ifndef COMMON_TELL_H
#define COMMON_TELL_H

#include <carpel/plugin.h>

#include "common/buffer.h"
#include "common/json.h"

/* Tell of the object that begins here; `path` is empty, for the names. False: j->fault says why. */
bool tell_object(json *j, const carpel_view *view, buffer *path);

#endif
