/* SPDX-License-Identifier: MIT
 *
 * record -- the changes that processes make to files, one behind the other in a file.
 *
 *     record_process("../record");          // in a child: its changes are appended from now on
 *     record_acknowledge("../record");      // the child has ended, and said that all is well
 *     record *r = record_read("../record");
 *     for (size_t i = 0; i < r->count; i++) ... r->items[i] ...
 *     record_free(r);
 */
#ifndef FAULTS_RECORD_H
#define FAULTS_RECORD_H

#include <stdint.h>

#include "base/fault.h"
#include "base/text.h"

/* What is recorded beside the changes. */
enum { RECORD_PROCESS = 100, RECORD_ACKNOWLEDGED };

typedef struct recorded {
    int kind;               /* a fault_change_kind, or one of those above */
    const char *path, *to;  /* absolute, or NULL */
    int fd, flags;          /* fd: of the process that began last */
    const char *data;       /* written */
    size_t size;            /* of it */
    uint64_t device, inode; /* of what was opened */
} recorded;

typedef struct record {
    recorded *items;
    size_t count, capacity;
    text bytes; /* into which the items point */
} record;

void record_process(const char *path);
void record_acknowledge(const char *path);
record *record_read(const char *path);
void record_free(record *r);

#endif
