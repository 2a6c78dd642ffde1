/* SPDX-License-Identifier: MIT
 *
 * cuts -- the power is cut while carpel loads, runs and drops.
 */
#ifndef FAULTS_CUTS_H
#define FAULTS_CUTS_H

#include <stdbool.h>
#include <stdint.h>

/* Build and judge that many images (disk.h), in folders below `root`, by so many processes.
 * Speaks TAP, under this number and the two behind it: of the images, and of images of disks that lie about
 * syncs, among which bad ones have to be found. */
bool cuts_walk(const char *root, uint64_t images, uint64_t seed, int jobs, int number);

#endif
