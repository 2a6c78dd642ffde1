/* SPDX-License-Identifier: MIT
 *
 * sample -- the first rows of a source that cannot tell what there is to read: it is opened as for a
 * load, asked for fields that are known by name, all of them as texts, and what it gives is told as
 * a file is told of. Nothing that it reads is kept, or acknowledged.
 *
 *     look_sample s = {.request = request};       // name, options and project_directory of it
 *     look_sample_want(&s, "customer.id", memory);
 *     look_sample_tell(host, plugin, &s, &view, &err);
 */
#ifndef LOOK_SAMPLE_H
#define LOOK_SAMPLE_H

#include "base/arena.h"
#include "plugin/host.h"

/* So many rows show what fields look like. */
enum { SAMPLE_ROWS = 10000 };

typedef struct look_sample {
    carpel_request request; /* without columns */
    carpel_column *columns; /* in the caller's memory */
    size_t count, capacity;
} look_sample;

/* Ask for one more field; one that is asked for already is no other. */
void look_sample_want(look_sample *s, const char *from, arena *memory);

/* Rows that the host sets aside are in its quarantine. */
bool look_sample_tell(plugin_host *host, const carpel_plugin *plugin,
                      const look_sample *s, const carpel_view *view, carpel_error *err);

#endif
