/* SPDX-License-Identifier: MIT
 *
 * host -- what carpel lends a plugin while it works: the functions of carpel_host.
 *
 * One host serves one instance: it knows the zones in which its times are read, the
 * quarantine for bad rows, and where messages and progress go.
 */
#ifndef PLUGIN_HOST_H
#define PLUGIN_HOST_H

#include <carpel/plugin.h>

#include <stdatomic.h>

#include "base/cancel.h"
#include "base/placing.h"
#include "plugin/failure.h"
#include "ingest/loader.h"
#include "ingest/quarantine.h"
#include "ingest/refused_rows.h"

/* Whose messages these are and where they go; anything may be NULL. */
typedef struct host_listener {
    void *context;
    void (*log)(void *context, carpel_log_level level, const char *message);
    void (*progress)(void *context, uint64_t done_bytes, uint64_t total_bytes);
    const cancel *cancel; /* by which the user stops the work; or NULL */
    const char *plugin;   /* the plugin's name */
    const char *title;    /* before each message: `source "purchases" (csv)` */
    const struct isolation *isolation; /* the process that the plugin works in; or NULL */
    atomic_uint
        *alive; /* in a child: grows whenever the plugin speaks with the host, and the
                           parent counts messages; or NULL */
} host_listener;

typedef struct plugin_host plugin_host;

/* `m` and `q` may be NULL for an output; both outlive the host. */
plugin_host *host_new(const mapping *m, quarantine *q, const host_listener *listener);
void host_free(plugin_host *h);

/* Let an output write files; `files` outlives the host. Without, file_open refuses. */
void host_lend_files(plugin_host *h, placing *files);

/* Let what an output writes without a path go to this program, which outlives the host. */
void host_lend_program(plugin_host *h, const placing_program *program);

/* Files that are somebody else's business than the disk's, for trying an output. */
typedef struct host_files {
    void *context;
    bool (*open)(void *context, const char *path, carpel_file **out, carpel_error *err);
    bool (*write)(carpel_file *file, const void *data, size_t size);
} host_files;

/* Let an output's files go there; `files` outlives the host. */
void host_replace_files(plugin_host *h, const host_files *files);

/* Let a batch be full with so many rows, and not before, for trying a source. */
void host_size_batches(plugin_host *h, size_t rows);

/* Let the rows that are set aside wait in `refused`, which outlives the host. */
void host_collect_refused(plugin_host *h, refused_rows *refused);

/* Rows of this file are those of what people call `title`; both outlive the host. */
void host_title_file(plugin_host *h, const char *path, const char *title);

/* What the plugin is handed. */
const carpel_host *host_interface(const plugin_host *h);

/* What went wrong while the instance worked: the plugin broke the contract, the quarantine
 * refused a row (in strict mode, or when its list cannot be written), or rows were built and
 * not handed over. False when there is something (then *err is filled): it is the cause of
 * what came after. */
bool host_is_well(const plugin_host *h, carpel_error *err);

/* Did the plugin fail with CARPEL_E_LATER since this was asked last? Then also how long it
 * wants to be left alone; 0: it said nothing. Who hears of the failure hears CARPEL_E_SYSTEM. */
bool host_asks_again(plugin_host *h, double *pause_seconds);

/* Set aside a row that another process has built. */
void host_refuse_row(plugin_host *h, slice person, const char *file, uint64_t line,
                     const char *reason);

/* A host for the same source, with another listener and no quarantine. */
plugin_host *host_twin(const plugin_host *of, const host_listener *listener);

/* What rows are read as; NULL: the host serves none. */
const mapping *host_mapping(const plugin_host *h);

/* ---- for guarded.c ---- */

/* The plugin said: later. The error becomes one of the machine. */
void host_note_later(plugin_host *h, carpel_error *err);

const host_listener *host_heard_by(const plugin_host *h);
instance_failure *host_failure(plugin_host *h);

/* The source came to its end and handed over so many rows: are these all that it built? */
void host_check_end(plugin_host *h, uint64_t row_count);

/* Something that grows while the instance does anything: rows set aside, progress. */
uint64_t host_activity(const plugin_host *h);

#endif
