/* SPDX-License-Identifier: MIT
 *
 * disk -- what a disk may hold after the power was cut.
 *
 *     disk *d = disk_new("/tmp/x/project");      // what is outside of the folder does not count
 *     for (i < cut) disk_apply(d, &record->items[i]);
 *     disk_build(d, seed);                       // one of the states that may be found there
 *     disk_free(d);
 *
 * It promises no more than POSIX does:
 *
 *   - bytes of a file are there when the file was synced after they were written. Of others any
 *     blocks of 512 or 4,096 bytes may be there, in any order; the file may have any size between
 *     the one that was synced and the largest, and holes are zeros;
 *   - a name in a folder is there, or gone, or stands for another file, when that folder was
 *     synced after the change. Of other changes any may be there, in any order; a rename is
 *     there wholly or not at all;
 *   - a synced file whose name, or the name of whose folder, was not synced may be lost.
 *
 * Files that the journal of outputs tells of have other numbers (inodes) in what is built; they
 * are put right in it, as they would not change on a disk.
 */
#ifndef FAULTS_DISK_H
#define FAULTS_DISK_H

#include "record.h"

typedef struct disk disk;

/* Syncs that count for nothing, to see that a test needs them. */
typedef enum disk_lie { LIE_NONE, LIE_FILES, LIE_FOLDERS } disk_lie;

disk *disk_new(const char *root, disk_lie lie);
void disk_free(disk *d);
disk_lie disk_lies(const disk *d);

void disk_apply(disk *d, const recorded *change);

/* Make the root folder's files those that may be found; the root is there, and none of them
 * is. */
void disk_build(const disk *d, uint64_t seed);

#endif
