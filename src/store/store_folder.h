/* SPDX-License-Identifier: MIT
 *
 * store_folder -- a store on the disk: its folder, its lock, its commits.
 *
 *     .carpel/store/
 *         lock           locked by the one process that writes; the lock ends with it
 *         manifest       what the store consists of (manifest.h); replaced whole
 *         parts/3        the rows of one load of one source (part.h); never changes
 *         texts/2        the texts that one load added (glossary.h); never changes
 *
 * A reader opens what the manifest says, and keeps it, however often the store changes after.
 * A writer adds files, and its commit makes them part of the store at once:
 *
 *     store_folder *f = store_folder_new(path);
 *     switch (store_folder_lock(f, err)) ...             // only to write
 *     store_folder_read(f, err);
 *     m = store_folder_manifest(f);                      // to look at, or to change
 *     store_folder_add_part(f, source, content, err) ...
 *     store_folder_commit(f, err);                       // from here on it lasts
 *     store *s = store_open(f, schema, names, count, NULL, err);          // open_store.h
 *     store_folder_free(f);                              // the store lives on
 *
 * People are numbered in the order in which rows first named them. A number is for ever: no
 * later load and no merge of parts changes it, and whoever has no rows any more keeps it.
 */
#ifndef STORE_STORE_FOLDER_H
#define STORE_STORE_FOLDER_H

#include "store/joined_file.h"
#include "store/manifest.h"
#include "store/part.h"

typedef struct store_folder store_folder;

typedef enum store_lock {
    STORE_LOCKED,    /* by us */
    STORE_BUSY,      /* another process writes */
    STORE_READ_ONLY, /* nothing can be written there; *err says why */
    STORE_OF_OTHERS /* the folder is no store and holds other files, or nobody can tell; *err
                        says which */
} store_lock;

/* Looks at nothing yet. */
store_folder *store_folder_new(const char *path);

/* Forget what was not committed, and unlock. Accepts NULL. */
void store_folder_free(store_folder *f);

/* Lock for writing, without waiting; the folder is made when it is not there, and what a
 * killed process left is removed. */
store_lock store_folder_lock(store_folder *f, carpel_error *err);

/* Read the manifest and the texts; of a folder that is not there, an empty one. A file that
 * is damaged is CARPEL_E_INPUT, and named. */
bool store_folder_read(store_folder *f, carpel_error *err);

/* The same of a folder that `before` has read a moment ago: what it has of the texts, which is
 * most, is taken from it, when they are still the same. `before` has none then. */
bool store_folder_read_again(store_folder *f, store_folder *before, carpel_error *err);

/* Read the manifest, and whom the store has to forget, alone: nothing can be added then, and nothing be opened. */
bool store_folder_look(store_folder *f, carpel_error *err);

/* Read whom the store has to forget, alone, as the file beside the folder says. */
bool store_folder_look_beside(store_folder *f, carpel_error *err);

/* May a store be made at the place, or does one lie there? False: *err says what lies there, or
 * that nobody can tell. */
bool store_folder_check_place(const store_folder *f, carpel_error *err);

/* Could a file of it not be written, as on a full disk? */
bool store_folder_has_failed(const store_folder *f);

/* Has anything ever been committed? */
bool store_folder_exists(const store_folder *f);
const char *store_folder_path(const store_folder *f);

/* Two folders are the same store in the same state when their stamps are equal. */
uint64_t store_folder_stamp(const store_folder *f);
manifest *store_folder_manifest(store_folder *f);

/* The texts, as they were read and with what was added. */
glossary *store_folder_glossary(store_folder *f);

/* The commit writes all texts into one file. */
void store_folder_join_texts(store_folder *f);

/* The texts go over to the caller: no part can be added after. */
glossary *store_folder_take_texts(store_folder *f);

/* Begin with no texts; those that were there go over to the caller. */
glossary *store_folder_renew_texts(store_folder *f);

/* Write a part of the source. `content->glossary` is filled in here. */
bool store_folder_add_part(store_folder *f, manifest_source *s, part_content *content,
                           carpel_error *err);

/* Write what is new of texts, then the manifest; remove what it does not name any more. */
bool store_folder_commit(store_folder *f, carpel_error *err);

/* Keep the people of the store beside its parts, as they are joined now; of `joined` the file is filled in
 * here. The next commit makes them part of the store, and the one after that drops them. */
bool store_folder_keep_joined(store_folder *f, const manifest_joined *joined,
                              const joined_content *content, carpel_error *err);

/* Append the rows that were refused when the part was loaded (ROLE_REFUSED). */
bool store_folder_read_refused(const store_folder *f, const manifest_file *part,
                               text *out, carpel_error *err);

/* Open a part to look at its directory; the caller closes it. */
section_file *store_folder_open_part(const store_folder *f, const manifest_file *part,
                                     carpel_error *err);

/* Check every byte of every file that the manifest names, instead of reading it. `report` is called
 * for each section that is damaged, and when people who are kept joined have other ids than the store.
 * `is_of_folder` is false of what is not mended by loading anew: of these people, whom the next reader joins
 * anew, and of the file beside the folder that says who is forgotten. Returns how many. */
typedef void store_damage(void *context, const char *message, bool is_of_folder);
size_t store_folder_verify(store_folder *f, const schema *s, store_damage *report,
                           void *context);

#endif
