/* SPDX-License-Identifier: MIT
 *
 * remembered_result -- the result of a run as it is remembered.
 */
#ifndef ENGINE_REMEMBERED_RESULT_H
#define ENGINE_REMEMBERED_RESULT_H

#include "engine/engine.h"
#include "runs/remembered.h"

/* Without a number and outputs. Texts are those of the engine and the result, which outlive
 * it; the caller frees it. */
remembered_run *remembered_result(const engine *e, const run_result *result);

#endif
