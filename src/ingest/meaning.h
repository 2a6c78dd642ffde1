/* SPDX-License-Identifier: MIT
 *
 * meaning -- what the rows of a source mean depends on more than its files: hashes of that, so
 * that a store knows when rows that it holds would be read in another way today.
 */
#ifndef INGEST_MEANING_H
#define INGEST_MEANING_H

#include <stdint.h>

#include "ingest/loader.h"

typedef enum source_meaning {
    MEANING_TYPES,   /* of properties and traits that the source may bring */
    MEANING_MAPPING, /* which field is what */
    MEANING_ZONE,    /* in which times without one are read */
    MEANING_PLUGIN,  /* which plugin, with which options */
    MEANING_COUNT
} source_meaning;

/* "its schema": what has changed, for people. */
const char *meaning_name(source_meaning m);

/* `plugin_version` and the node of the source, of which the keys `host_keys` (ended by NULL)
 * and "files" are left out. */
void meaning_hash(const mapping *m, const config_source *source,
                  const char *plugin_version, const char *const *left_out,
                  uint64_t out[MEANING_COUNT]);

#endif
