/* SPDX-License-Identifier: MIT
 *
 * subject -- a plugin that is put to the test, with the options and columns that it is tried with.
 *
 * The options stand in a file of YAML: what stands below `- plugin: NAME` in a project, so that an
 * entry can be copied from there. Of a source, `person`, `time`, `event: {from: ...}`, `properties`
 * and `traits` say which fields it has.
 *
 *     kit_subject s;
 *     if (kit_subject_open(&s, "source_mine.so", "mine.yaml", diags, &err)) ...
 *     kit_subject_close(&s);
 */
#ifndef KIT_SUBJECT_H
#define KIT_SUBJECT_H

#include "plugin/catalog.h"
#include "report/diags.h"

typedef struct kit_subject {
    catalog *catalog;
    const carpel_plugin *plugin; /* NULL: it was refused */
    arena *memory;
    source *file;     /* of the options; or NULL */
    char *directory;  /* from which relative paths of sources are seen */
    const char *path; /* of the plugin */
    void *options, *defaults;
    carpel_column *columns; /* of a source */
    size_t column_count;
    uint64_t seed; /* of what is drawn */
} kit_subject;

/* Load the plugin, after it was tried in a child. *err says why it is refused. */
bool kit_subject_load(kit_subject *s, const char *path, carpel_error *err);

/* Read the options of a plugin that is loaded; NULL: there is no file. False, with *err, when there is
 * no such file; mistakes in it are reported, and are for the caller to look for. */
bool kit_subject_read(kit_subject *s, const char *path, diags *d, carpel_error *err);

void kit_subject_close(kit_subject *s);

#endif
