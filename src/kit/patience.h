/* SPDX-License-Identifier: MIT
 *
 * patience -- asks a plugin to stop when it takes longer than a trial can wait for it.
 *
 * A drawn option may well be "wait for an hour", which is no fault: the plugin has to listen when it
 * is asked to stop, and not to come back at once.
 *
 *     kit_patience p = {0};
 *     kit_patience_begin(&p, 0.5, &stop);    // 0 seconds: it is never asked
 *     ... the plugin works ...
 *     kit_patience_end(&p);                  // also when it was not begun
 */
#ifndef KIT_PATIENCE_H
#define KIT_PATIENCE_H

#include <pthread.h>

#include "base/cancel.h"

typedef struct kit_patience {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t has_ended;
    double seconds;
    cancel *stop;
    bool is_begun, is_over;
} kit_patience;

/* `stop`, and *p where it lies, outlive the end. Without memory for a thread nobody is asked. */
void kit_patience_begin(kit_patience *p, double seconds, cancel *stop);
void kit_patience_end(kit_patience *p);

#endif
