/* SPDX-License-Identifier: MIT
 *
 * looking -- what the commands that look at files of data do alike: read each, and draft a project.
 *
 *     looking l;
 *     int code = looking_begin(&l, files, count, person); // messages are said
 *     ... l.files, l.draft ...
 *     looking_end(&l);                                 // always
 */
#ifndef APP_LOOKING_H
#define APP_LOOKING_H

#include "app/asked_source.h"
#include "look/draft.h"

typedef struct looking {
    catalog *catalog;
    look_file **files; /* as many as were read */
    size_t file_count;
    asked_source *sources; /* those that are no files */
    size_t source_count;
    draft *draft;
    bool
        lacks_person; /* no field of the last file that was read looks like the id of a person */
} looking;

/* A path may be a source that is no file (asked_source.h). `person`: the field that says whose rows they are, or NULL. Returns the exit code. Messages are said; what was
 * read is there. */
int looking_begin(looking *l, char *const *paths, size_t count, const char *person);
void looking_end(looking *l);

/* What the project is called that these files become: by the first one's name. */
const char *looking_name(const looking *l);

#endif
