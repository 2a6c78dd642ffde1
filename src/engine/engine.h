/* SPDX-License-Identifier: MIT
 *
 * engine -- the library's front: a project on disk, its compiled rules, a run.
 *
 *     diags *d = diags_new();
 *     engine *e = engine_open("shop", d);             // reads and checks everything
 *     if (!engine_compile(e, d)) { diags_print(d, stderr, true); ... }
 *     if (!engine_load(e, &load, &err)) ...           // sources -> store
 *     run_result *r = engine_run(e, as_of, threads, &err);
 *     engine_write(e, r, &err);                       // outputs
 *     run_result_free(r); engine_close(e); diags_free(d);
 *
 * Diagnostics point into texts that the engine owns: print them before engine_close.
 */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/aside.h"
#include "base/cancel.h"
#include "base/error.h"
#include "base/text.h"
#include "config/project.h"
#include "engine/withheld.h"
#include "exec/run.h"
#include "graph/graph.h"
#include "script/print.h"
#include "lang/ast.h"
#include "plugin/catalog.h"
#include "report/diags.h"
#include "script/script.h"
#include "ingest/quarantine.h"
#include "store/store.h"

typedef struct engine engine;

/* Read the project file, its schema, zone, plugins (with their options), scripts and rule
 * files. Mistakes are reported; NULL when there is no readable project file. */
engine *engine_open(const char *directory, diags *diags);

/* The same without the outputs, whose plugins need not be there: for what writes none. */
engine *engine_open_sources(const char *directory, diags *diags);

/* The same without any connectors: for what needs the rules and no data. */
engine *engine_open_rules(const char *directory, diags *diags);

/* The rules of another folder, to be judged over the data of an engine, which outlives the new one:
 * events, traits and the store are its own. It may be loaded later. */
engine *engine_open_over(const char *directory, engine *data, diags *diags);
void engine_close(engine *e); /* accepts NULL */

/* Stop loading, judging and writing when this flag is asked (NULL: never); they fail with
 * CARPEL_E_CANCELLED then. Outputs that have begun to be put in place hold it. The flag
 * outlives the engine. */
void engine_set_cancel(engine *e, cancel *c);

/* Let outputs have more changes than `most_changes` of them allows. */
void engine_set_forced(engine *e, bool is_forced);

/* Ask runs from now on where their time went (exec/profile.h). */
void engine_set_profiled(engine *e, bool is_profiled);

/* Let go meanwhile what the store has in memory of its files, as nobody is judged any more: engine_close is
 * quick then. It ends before that. NULL: there is little. */
aside *engine_begin_rest(const engine *e);

/* The wall clock, for what is noted of runs; 0: it is not known. */
void engine_set_clock(engine *e, int64_t now);

/* Add rules that stand in no file, such as those of the command line; once, before
 * engine_compile. Messages call them by `name`. */
void engine_add_rules(engine *e, const char *name, const char *rules, diags *diags);

/* The same, in the place of those that have their names. Lines about names that nothing has, and that
 * are probably slips, are appended to `notes`. */
void engine_replace_rules(engine *e, const char *name, const char *rules, text *notes,
                          diags *diags);

/* Check the rules and build the graph. False when `diags` has errors. */
bool engine_compile(engine *e, diags *diags);

/* Compile what the project's fits say in the words of the rules, and look at their dates. False when
 * that has mistakes, which are told at their place in the project file. The other: of one fit of `p`. */
bool engine_check_fits(const engine *e, diags *diags);
bool engine_check_fit(const project *p, const config_fit *only, diags *diags);

/* Add to what was found what becomes of declarations when all hints are followed, where that
 * takes several and is right in the end. */
void engine_mend(const engine *e, diags *found);

/* Note which lines of scripts are run (script/lines.h), of what is judged from now on. */
void engine_watch_scripts(engine *e, bool is_on);

/* Whoever reads what functions print in what is judged from now on. */
void engine_print_scripts(engine *e, script_printer to);

/* The scripts of the project; after engine_compile those that rules use, too. */
script_set *engine_scripts(const engine *e);

const zone *engine_zone(const engine *e);
const schema *engine_schema(const engine *e);
const char *engine_name(const engine *e); /* of the project; NULL: it has none */
size_t engine_file_count(const engine *e);
const ast_file *engine_file(const engine *e, size_t index);

/* The graph of all rules; NULL before engine_compile. */
const graph *engine_graph(const engine *e);

/* Where messages of sources go and how far they are; any function may be NULL. */
typedef struct engine_listener {
    void *context;
    void (*stage)(void *context, const char *title, const char *unit, uint64_t total);
    void (*progress)(void *context, uint64_t done);
    void (*log)(void *context, const char *message);
    void (*waits)(void *context,
                  const char *message); /* for another process, or to try again: told
                                            while that is so; NULL: as `log` */
    /* What failed of an output, although the run goes on; NULL: as `log`. */
    void (*warn)(void *context, const char *message);
} engine_listener;

typedef struct engine_load_options {
    bool
        is_strict; /* the first row that does not fit is an error, and so is, when people are
                       judged, the first value that cannot be worked out */
    bool notes_origins; /* read into memory, rows tell where they stand, too */
    bool reads_as_is;   /* read the store as it is, whatever the sources have now */
    bool
        only_keeps; /* what is new is put into the store, or it is an error; the store is not
                        opened */
    const char *refused_path; /* NULL: .carpel/refused.csv in the project's folder */
    engine_listener listener;
    void (*commits)(void); /* told when what was loaded is about to be kept, for it is not
                              known then until the load ends; or NULL */
    size_t threads;        /* 0: one a processor */
    size_t piece_bytes;    /* that a thread reads together; 0: some million */
    size_t memory_bytes; /* for the rows of a load into a store; 0: as the project says */
} engine_load_options;

/* What became of the rows of a source, those that were in the store among them. */
typedef struct engine_intake {
    const char *source;
    uint64_t taken, skipped, refused;
    uint64_t repeated; /* rows with the id of one that was taken */
    uint64_t added;    /* of `taken`: rows that were read now */
} engine_intake;

/* Load what is new of the sources into the store of the project, and open it; a project without
 * one has all sources read into memory. Unless it only keeps, events and people are in engine_store() after. CARPEL_E_LIMIT when
 * more went wrong than the project's `limits` allow; the intakes and the quarantine are
 * there then, too. */
bool engine_load(engine *e, const engine_load_options *options, carpel_error *err);

/* Make one part of all that the store has of each source, so that it is read quickest. The engine
 * was opened with its sources. CARPEL_E_CANCELLED: another process writes. */
bool engine_compact_store(engine *e, carpel_error *err);

/* Forget people: their rows, ids and values in the store, and their places in remembered runs, are
 * gone from the disk when this returns. The store keeps a keyed hash of each id, so that no load
 * brings them back. The engine was opened with its sources. May be asked again when it failed.
 * CARPEL_E_CANCELLED: another process writes. */
typedef struct engine_forgotten {
    uint64_t rows; /* that were theirs */
    uint64_t runs; /* that knew them */
    const char *
        *unknown; /* those of the ids that nothing had, nor has forgotten before */
    const char *
        *questions; /* of each of these: "Did you mean ...?"; NULL: no id is like it */
    size_t unknown_count;
} engine_forgotten;
bool engine_forget(engine *e, const char *const *ids, size_t count, engine_forgotten *out,
                   carpel_error *err);

/* The outputs of the project, by name: what was delivered to them is not carpel's to forget. */
size_t engine_output_count(const engine *e);
const char *engine_output_name(const engine *e, size_t index);

/* Are runs remembered (`keep_runs`)? */
bool engine_keeps_runs(const engine *e);

/* The name of the project's source at this place. */
const char *engine_source_name(const engine *e, size_t source);

/* The folder of the project's store, or NULL. */
const char *engine_store_path(const engine *e);

/* Has loading made a store of which the project file says nothing? */
bool engine_made_store_unasked(const engine *e);
size_t engine_intake_count(const engine *e); /* sources that were read */
const engine_intake *engine_intake_of(const engine *e, size_t source);

/* A field of a source: what it is here, where it is found, and what is done to its texts. */
typedef struct engine_field {
    const char *source, *name, *from, *type;
    const char *steps; /* "trim: true, decimal: \",\""; empty: nothing */
} engine_field;

/* Visit the fields of a source (NULL: of all) in the order of the project. The engine was opened with
 * its sources; what the visit is given lives until it returns. */
typedef void engine_field_visit(void *context, const engine_field *f);
void engine_list_fields(const engine *e, const char *source, engine_field_visit *visit,
                        void *context);
bool engine_has_source(const engine *e, const char *name);

/* Append what is read of people, how long it is kept, and who gets it. */
void engine_explain_use(const engine *e, text *out);

const store *engine_store(const engine *e);
uint64_t engine_refused_count(const engine *e);
uint64_t engine_skipped_count(const engine *e);
const quarantine *engine_quarantine(const engine *e);

/* Judge everyone at `as_of` on `threads` threads (0: one a processor). */
run_result *engine_run(engine *e, int64_t as_of, size_t threads,
                       const engine_listener *listener, carpel_error *err);

/* After engine_load: tell the listener when all events are over before any window of the rules begins
 * that is judged at `instant`. The note names the option that chooses another one; engine_run has
 * told it by itself. */
void engine_note_instant(const engine *e, int64_t instant, const char *option,
                         const engine_listener *listener);

/* A judge of few people at `as_of`, one after another (exec/judge.h): only rules that need
 * everyone, such as rankings, make it look at everyone, once, now. The engine outlives it. */
struct judge *engine_judge(engine *e, int64_t as_of, carpel_error *err);

/* Before engine_load: of a store on the disk only the tables are read that an explanation of the rule looks
 * at. Nothing else may be asked of the engine then. */
void engine_read_for(engine *e, const char *path);

/* Why a person is in a segment, a group ("lifecycle.active") or a set of groups, or what their
 * score is made of, at `as_of` (explain/explain.h). NULL: *err says why not, or that there is no
 * such rule or person. The engine outlives it. */
struct explanation *engine_explain(engine *e, const char *path, const char *person,
                                   int64_t as_of, carpel_error *err);

/* What is known of a person at `as_of`, with the latest `most_rows` events (explain/person.h). NULL:
 * *err says why not. The engine outlives it. */
struct person_view *engine_person(engine *e, const char *person, int64_t as_of,
                                  size_t most_rows, carpel_error *err);

/* Put right what an earlier run left that was killed while it wrote its outputs. A note
 * tells of it. */
bool engine_recover(engine *e, const engine_listener *listener, carpel_error *err);

/* Write every output of the project, and remember the run: all of this, or on failure
 * nothing. */
bool engine_write(engine *e, const run_result *result, const engine_listener *listener,
                  carpel_error *err);

/* What outputs did not get then, in the order of the outputs. */
const withheld *engine_withheld(const engine *e, size_t *count);

/* Does an output have the path "-"? Then nothing else is to be written there. */
bool engine_writes_standard_output(const engine *e);

/* What a script that is written there would destroy ("a rule file"); NULL: nothing but a script. */
const char *engine_script_conflict(const engine *e, const char *path);

/* Read an instant that a user typed: ISO 8601 or a date, in the project's zone (a date:
 * its first instant). */
bool engine_read_time(const engine *e, const char *text, int64_t *out, carpel_error *err);

/* All person numbers sorted by id, person_count of them; made at the first call. */
const uint32_t *engine_person_order(engine *e);

#endif
