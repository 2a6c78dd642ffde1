/* SPDX-License-Identifier: MIT
 *
 * run_forget -- take a person out of what is remembered: for whoever has to be forgotten.
 *
 * Their id, memberships, group and scores are gone from the run, as if it had never judged
 * them; everybody else's stay. The run is another one by its content then: that of data
 * without the person.
 */
#ifndef RUNS_RUN_FORGET_H
#define RUNS_RUN_FORGET_H

#include "runs/run_folder.h"
#include "store/forgotten.h"

/* False: the run does not know the id. */
bool remembered_run_forget(remembered_run *r, slice id);

/* Take out whom a store forgot while the people of the run were judged; how many they were. */
size_t remembered_run_forget_those(remembered_run *r, const forgotten *gone);

/* Write all runs anew that know the id, each whole or not at all; *changed is how many. False
 * when one could not be, or is damaged and may know it; the others are written even so, and
 * it may be asked again. Nobody else may write runs
 * meanwhile: what an ended process left half written is removed. */
bool run_folder_forget(const run_folder *f, slice id, size_t *changed, carpel_error *err);

#endif
