/* SPDX-License-Identifier: MIT
 *
 * kit -- does a plugin keep what <carpel/plugin.h> asks of it? One check after the other, each in a child
 * process, so that a plugin that crashes, hangs or ends the process fails one of them.
 *
 *     size_t count = kit_check_count(&subject);
 *     for (size_t i = 0; i < count; i++)
 *         kit_run(&subject, i, 10000, &result);
 *
 * Not for a process with other threads.
 */
#ifndef KIT_KIT_H
#define KIT_KIT_H

#include "kit/subject.h"

typedef enum kit_outcome { KIT_PASSED, KIT_SKIPPED, KIT_BROKEN } kit_outcome;

typedef struct kit_result {
    const char *title;
    kit_outcome outcome;
    bool is_final; /* the others make no sense */
    text said;     /* lines: what is wrong, or why it was skipped; text_done() it */
} kit_result;

/* How many checks there are for a plugin of this kind. */
size_t kit_check_count(const kit_subject *s);

/* Run one of them, for at most so long. */
void kit_run(const kit_subject *s, size_t index, int limit_milliseconds, kit_result *out);

#endif
