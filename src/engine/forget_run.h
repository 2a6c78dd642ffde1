/* SPDX-License-Identifier: MIT
 *
 * forget_run -- take a run out of those that are remembered.
 */
#ifndef ENGINE_FORGET_RUN_H
#define ENGINE_FORGET_RUN_H

#include "engine/engine.h"

/* The run of this number is none any more, but for outputs of changes that took it last (runs/run_folder.h). On success
 * this is on the disk; on failure it is as it was, or forgotten already. */
bool engine_forget_run(const engine *e, uint64_t number, carpel_error *err);

#endif
