/* SPDX-License-Identifier: MIT
 *
 * profile -- what a file of data has: which plugin reads it and how, and its fields.
 *
 *     look_file *f = look_file_read(catalog, "orders.csv", cancel, &err);    // NULL: *err says why
 *     ...
 *     look_file_free(f);
 *
 * What a source of a database has is told by its plugin, and taken for a file; so are the rows of one
 * that cannot tell, and a file of a source of files:
 *
 *     look_file *f = look_source_read(plugin, &asked, cancel, err);
 */
#ifndef LOOK_PROFILE_H
#define LOOK_PROFILE_H

#include "base/cancel.h"
#include "base/name_index.h"
#include "look/column.h"
#include "look/sample.h"
#include "plugin/catalog.h"

/* A field is looked at among so many at most, and of a file so many bytes of values. */
enum { LOOK_MOST_COLUMNS = 2000 };
#define LOOK_MOST_BYTES (UINT64_C(256) * 1024 * 1024)

typedef struct look_option {
    const char *name, *value;
} look_option;

/* A source that is no path of somebody. All of it lives longer than what is read of it. */
typedef struct look_asked {
    carpel_inquiry
        inquiry; /* what its plugin is asked, where that can tell what there is */
    const char *settings; /* the plugin's options as lines of carpel.yaml */
    const char *file;     /* of a source of files: the one that is looked at; or NULL */
    size_t file_count;    /* that it has */
    const look_sample *sample; /* what is asked for where it cannot tell; or NULL */
    /* The fields that its project names for who, when and what, whether they are there or not. */
    const char **persons;
    size_t person_count;
    const char *time, *event; /* or NULL */
} look_asked;

typedef struct look_file {
    const char *path;     /* or the name of the source */
    const char *plugin;   /* that reads it */
    look_option *options; /* of the plugin, that the file wants */
    size_t option_count, option_capacity;
    look_column **columns; /* in the order in which they were met */
    size_t column_count, column_capacity;
    name_index by_from;
    const char **doubled; /* names that several fields have, none of which is a column */
    size_t doubled_count, doubled_capacity;
    uint64_t row_count, refused_count; /* rows, and those of them that cannot be read */
    uint64_t refused_line;
    const char *refused_reason; /* of the first */
    bool is_cut;                /* only its begin was looked at */
    arena *memory;

    const look_asked *asked; /* of a source; NULL: it is a file */
    bool is_sample; /* fields are those that were asked for, and there may be others */
} look_file;

look_file *look_file_read(catalog *c, const char *path, const cancel *cancel,
                          carpel_error *err);
look_file *look_source_read(const carpel_plugin *plugin, const look_asked *asked,
                            const cancel *cancel, carpel_error *err);
void look_file_free(look_file *f); /* accepts NULL */

/* The column of this field, or NULL. */
const look_column *look_file_column(const look_file *f, const char *from);

/* Which fields the rows of each kind of event have, where `event` tells the kind: [value of the event
 * column, by its code][column]. Read from the file once more. NULL: *err says why. */
typedef struct look_presence {
    size_t column_count, kind_count;
    bool *is_there; /* [kind * column_count + column] */
} look_presence;

look_presence *look_file_presence(catalog *c, const look_file *f,
                                  const look_column *event, const cancel *cancel,
                                  carpel_error *err);
void look_presence_free(look_presence *p); /* accepts NULL */

#endif
