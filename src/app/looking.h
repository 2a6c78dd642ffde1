/* SPDX-License-Identifier: MIT
 *
 * looking -- what the commands that look at files of data do alike: read each, and draft a project.
 *
 *     looking l;
 *     int code = looking_begin(&l, files, count, person, place); // messages are said
 *     ... l.files, l.draft ...
 *     looking_end(&l);                                 // always
 */
#ifndef APP_LOOKING_H
#define APP_LOOKING_H

#include "app/asked_source.h"
#include "config/project.h"
#include "look/draft.h"

typedef struct looking {
    catalog *catalog;
    look_file **files; /* as many as were read */
    size_t file_count;
    asked_source *sources; /* those that are no paths */
    size_t source_count;
    project *project;    /* whose sources may be named; or NULL */
    bool is_project_set; /* somebody named the project */
    diags *diags;        /* what there is to report of it */
    draft *draft;
    bool has_draft; /* all could be read, and it is known whose rows they are */
} looking;

/* Where the sources are that may be named. */
typedef struct looking_place {
    const char *directory; /* of a project; NULL: sources have no names */
    bool is_named; /* somebody asked for this one, so its sources go before files */
} looking_place;

/* A path may be a source: its plugin and options (asked_source.h), or the name that it has in the project
 * (known_source.h). `person`: the field that says whose rows they are, or NULL. Returns the exit code: of
 * several that fail the greatest. Messages are said; what was read is there. */
int looking_begin(looking *l, char *const *paths, size_t count, const char *person,
                  looking_place place);
void looking_end(looking *l);

/* What the project is called that these files become: by the first one's name. */
const char *looking_name(const looking *l);

#endif
