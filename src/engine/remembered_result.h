/* SPDX-License-Identifier: MIT
 *
 * remembered_result -- the result of a run as it is remembered.
 */
#ifndef ENGINE_REMEMBERED_RESULT_H
#define ENGINE_REMEMBERED_RESULT_H

#include "engine/audience.h"
#include "engine/engine.h"
#include "runs/remembered.h"

/* Without a number; of its outputs is told what they take, and nothing of the runs before. Without
 * audiences, NULL, it is the same and has no outputs. Texts are those of the engine and the result,
 * which outlive it; the caller frees it. */
remembered_run *remembered_result(const engine *e, const run_result *result,
                                  const audiences *audiences);

#endif
