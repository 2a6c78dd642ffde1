/* SPDX-License-Identifier: MIT
 *
 * guarded -- the functions of a plugin, called so that nothing they answer is believed.
 *
 * A source opens as a stream that stands before the plugin's own: it checks what each call
 * answers (that there are functions, a schema, a message with a failure, a batch that can
 * be released, an end), says whose function is at work (call.h), and puts the source's name
 * before what the plugin says. What breaks the contract becomes the host's failure; the
 * contents of batches are the loader's to check (ingest/batch.h).
 *
 *     if (guarded_open(host, plugin, &request, &stream, &err)) {
 *         ok = loader_add(loader, mapping, &stream, &err);
 *         stream.release(&stream);
 *     }
 *     ok = host_is_well(host, &err) && ok;
 *
 * A function of an output answers true, or false with an error:
 *
 *     guarded_call call;
 *     guarded_begin(&call, host, "prepare");
 *     ok = guarded_end(&call, output->prepare(instance, &call.error), &err);
 */
#ifndef PLUGIN_GUARDED_H
#define PLUGIN_GUARDED_H

#include "plugin/call.h"
#include "plugin/host.h"

/* After so many batches without a row, and without a sign of work, a source has no end. */
#define GUARDED_MOST_EMPTY_BATCHES 10000

/* A source that says that it has more partitions does not know what it says. */
#define GUARDED_MOST_PARTITIONS 1000000

/* Cursors have room for so many bytes, with the NUL behind them: more than any plugin may count on. */
enum { GUARDED_CURSOR_SIZE = 256 * 1024 };

/* One call that answers true or an error. */
typedef struct guarded_call {
    plugin_call call;
    plugin_host *host;
    carpel_error error; /* for the plugin to fill */
} guarded_call;

/* `function` is a literal. */
void guarded_begin(guarded_call *call, plugin_host *host, const char *function);

/* The plugin answered. False, with *err filled, when it failed or broke the contract. */
bool guarded_end(guarded_call *call, bool answer, carpel_error *err);

/* Open a source of the plugin. *out is zeroed, or to be released before the host is freed. */
bool guarded_open(plugin_host *host, const carpel_plugin *plugin,
                  const carpel_request *request, struct ArrowArrayStream *out,
                  carpel_error *err);

/* How a source is read in pieces; NULL: it is not. */
const carpel_reading *guarded_reading(const carpel_plugin *plugin);

/* The functions of a reading, guarded as the others; `place` is told of a piece whose stream has
 * ended. */
bool guarded_open_reading(plugin_host *host, const carpel_plugin *plugin,
                          const carpel_request *request, size_t piece_bytes,
                          carpel_pieces *out, carpel_error *err);
bool guarded_open_piece(plugin_host *host, const carpel_plugin *plugin, void *state,
                        size_t piece, uint64_t begin, struct ArrowArrayStream *out,
                        carpel_error *err);
void guarded_place(plugin_host *host, const carpel_plugin *plugin, void *state,
                   size_t piece, carpel_piece_place *out);

/* Does the plugin know any packing? */
bool guarded_can_unpack(const carpel_plugin *plugin);

/* Hand out the bytes of a packed file without the packing, as `unpack` of carpel_reading says; a
 * plugin that does not know any takes no file for packed. */
bool guarded_unpack(plugin_host *host, const carpel_plugin *plugin, const char *path,
                    bool (*take)(void *context, const char *bytes, size_t size),
                    void *context, bool *is_packed, carpel_error *err);

/* How a source goes on where it was; NULL: it does not. */
const carpel_resuming *guarded_resuming(const carpel_plugin *plugin);

/* Does it go on with these options? */
bool guarded_resumes(const carpel_plugin *plugin, const void *options);

/* Is it an option that rows of the plugin, which is a source, do not depend on? */
bool guarded_is_access_option(const carpel_plugin *plugin, const carpel_option *option);

/* Where a stream of guarded_open() is, as a text that the caller frees. */
bool guarded_cursor(plugin_host *host, const carpel_plugin *plugin,
                    const struct ArrowArrayStream *stream, char **out, carpel_error *err);

/* Tell the source that the rows up to the cursor are kept. */
bool guarded_acknowledge(plugin_host *host, const carpel_plugin *plugin,
                         const carpel_request *request, const char *cursor,
                         carpel_error *err);

/* How the partitions of a source that goes on with these options are read side by side; NULL: they are not.
 * Its functions, guarded as the others. */
const carpel_partitioning *guarded_partitioning(const carpel_plugin *plugin,
                                                const void *options);
bool guarded_open_partitions(plugin_host *host, const carpel_plugin *plugin,
                             const carpel_request *request, carpel_partitions *out,
                             carpel_error *err);
bool guarded_open_partition(plugin_host *host, const carpel_plugin *plugin, void *state,
                            size_t partition, const char *cursor,
                            struct ArrowArrayStream *out, carpel_error *err);
void guarded_close_partitions(plugin_host *host, const carpel_plugin *plugin,
                              void *state);

/* The cursor of the source, as a text that the caller frees; of partitions that are nowhere yet, NULL or ""
 * stands among `cursors`, of which there are `count`. */
bool guarded_join(plugin_host *host, const carpel_plugin *plugin, void *state,
                  const char *const *cursors, size_t count, char **out,
                  carpel_error *err);

/* Does the connector reach what it connects to? *is_tried is false when it has no way to tell. */
carpel_reach guarded_check(plugin_host *host, const carpel_plugin *plugin,
                           const carpel_inquiry *inquiry, bool *is_tried,
                           carpel_error *err);

/* Has it a way to tell? */
bool guarded_can_check(const carpel_plugin *plugin);

/* Can the plugin look at files that nobody has mapped? */
bool guarded_can_look(const carpel_plugin *plugin);

/* Let it look at a file; `view` hears of it as <carpel/plugin.h> says. */
bool guarded_look(plugin_host *host, const carpel_plugin *plugin, const char *path,
                  const carpel_view *view, bool *is_mine, carpel_error *err);

/* What a view hears of options, and of fields or refused rows, that nobody wants to know. */
void view_ignore_option(void *context, const char *name, const char *value);
void view_ignore_text(void *context, const char *text);

/* Can the source tell what there is to read? */
bool guarded_can_discover(const carpel_plugin *plugin);

/* Let it tell, as guarded_look. */
bool guarded_discover(plugin_host *host, const carpel_plugin *plugin,
                      const carpel_inquiry *inquiry, const carpel_view *view,
                      carpel_error *err);

void guarded_close_reading(plugin_host *host, const carpel_plugin *plugin, void *state);

#endif
