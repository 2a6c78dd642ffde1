/* SPDX-License-Identifier: MIT
 *
 * writer -- an output that is led through its steps for a check, with rows that are made up and files
 * that lie in memory.
 *
 *     kit_writer w;
 *     bool ok = kit_writer_begin(&w, t, &kit_memberships, NULL, &err) &&
 *               kit_writer_write(&w, &feed, &err) && kit_writer_finish(&w, &err);
 *     kit_writer_close(&w, &err);             // always
 */
#ifndef KIT_WRITER_H
#define KIT_WRITER_H

#include "kit/feed.h"
#include "kit/patience.h"
#include "plugin/guarded.h"

typedef struct kit_writer {
    kit_trial *trial;
    plugin_host *host;
    cancel stop;
    kit_patience patience;
    carpel_delivery delivery;
    host_files files;
    text written;   /* of all files, one behind the other */
    size_t fail_at; /* the call of the files that fails, from 1; 0: none */
    size_t file_calls;
    void *instance;
    bool is_begun;
} kit_writer;

/* `options` NULL: those of the subject. */
bool kit_writer_begin(kit_writer *w, kit_trial *t, const kit_table *table,
                      const void *options, size_t fail_at, carpel_error *err);

/* Hand over the rows; checks as well that each batch was released. */
bool kit_writer_write(kit_writer *w, kit_feed *feed, carpel_error *err);

bool kit_writer_prepare(kit_writer *w, carpel_error *err);
bool kit_writer_commit(kit_writer *w, carpel_error *err);
void kit_writer_abort(kit_writer *w);

/* False, with *err, when the plugin broke the contract. */
bool kit_writer_close(kit_writer *w, carpel_error *err);

/* All steps. What its files got is appended to `written`. */
bool kit_write_all(kit_trial *t, const kit_table *table, kit_feed *feed,
                   const void *options, text *written, carpel_error *err);

#endif
