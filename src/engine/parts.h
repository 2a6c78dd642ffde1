/* SPDX-License-Identifier: MIT
 *
 * parts -- what an engine is made of; for the files of this folder only.
 */
#ifndef ENGINE_PARTS_H
#define ENGINE_PARTS_H

#include "engine/engine.h"
#include "lang/rulebook.h"
#include "plugin/host.h"
#include "plugin/isolation.h"
#include "ingest/loader.h"
#include "store/assemble.h"
#include "store/manifest.h"
#include "store/row_origins.h"

/* A plugin with its options, ready to be opened. */
typedef struct engine_connector {
    const carpel_plugin *plugin; /* NULL when it could not be loaded */
    void *options;
    const struct isolation *isolation; /* the process that it works in; or NULL */
} engine_connector;

typedef struct engine_source {
    const char *name;
    engine_connector connector;
    mapping *mapping;
} engine_source;

typedef struct engine_output {
    const config_output *config;
    engine_connector connector;
} engine_output;

/* A value that a scenario tells, in the type of its property. */
typedef struct told_value {
    bool is_missing;
    int64_t integer; /* BOOL, DECIMAL, TIME, DATE, DURATION */
    double number;   /* NUMBER */
    slice text;      /* STRING, PERSON */
} told_value;

/* How long events of a kind are kept. */
typedef struct kind_keep {
    size_t kind;
    calendar_span length;
} kind_keep;

struct engine {
    project *project;
    cancel *cancel; /* or NULL */
    schema *schema;
    const char **event_names; /* of the schema's kinds, ended by NULL */
    zone *zone;
    weekday week_start;
    catalog *catalog;
    engine_source *sources; /* as many as the project has */
    engine_output *outputs;
    script_set *scripts;
    rulebook *book;
    source **rule_sources;
    size_t rule_source_count;
    graph *graph; /* after engine_compile */
    plan *plan;
    const ast_decl **scenarios; /* after engine_compile */
    size_t scenario_count;
    store *store; /* after engine_load; its people are those of engine_people_at */
    const wanted_tables *wanted;          /* whose rows are read of a store; NULL: all */
    struct engine_identities *identities; /* when ids are joined (identities.h) */
    struct engine *data; /* whose store is judged (engine_open_over); NULL: its own */
    origins *origins;    /* of the rows that were read into memory; or NULL */
    bool has_made_store; /* it was not there before engine_load */
    quarantine *quarantine;
    int64_t keep_runs;      /* microseconds; 0: runs are not remembered */
    size_t forgotten_count; /* whom the store had to forget when it was opened */
    kind_keep *keeps;       /* of some kinds */
    size_t keep_count;
    int64_t clock;          /* of engine_set_clock */
    bool is_strict;         /* as it was loaded */
    bool is_forced;         /* outputs may have any number of changes */
    bool is_profiled;       /* runs tell where their time went */
    bool lacks_names;       /* events or traits of the project could not be read */
    engine_intake *intakes; /* of the sources that were read to their end */
    size_t intake_count;
    uint32_t *person_order; /* after engine_person_order */
    withheld *withheld;     /* of the last engine_write */
    size_t withheld_count, withheld_capacity;
    arena *memory;
};

/* engine.c: make the graph and the plan anew, of the rules that are selected now. False: more nodes
 * than there may be. */
bool engine_build_again(engine *e);

/* notes.c: tell the listener what the loaded data show about the rules. */
void engine_note_data(const engine *e, int64_t now, const engine_listener *listener);

/* Tell what looks odd in the data, whatever the rules are: ids that differ by a zero, rows
 * twice, a text "NULL". */
void engine_note_looks(const engine *e, int64_t now, size_t threads,
                       const engine_listener *listener);

/* Tell what the results of a run show about the rules. */
void engine_note_results(const run_result *r, const engine_listener *listener);

/* Where reading of a file ended. */
typedef struct file_end {
    uint64_t place, lines;
    bool is_settled;       /* what is appended to the file changes no row before that */
    file_content unpacked; /* of a packed file */
} file_end;

/* What is read of a source: of its files, whose ends are noted while it is read, or behind a cursor of
 * its own. */
typedef struct source_extent {
    bool resumes;       /* it has cursors, and no files */
    const char *cursor; /* NULL: from the beginning */
    const char *told;   /* where it was at the end */
    carpel_texts files;
    const uint64_t *begins,
        *lines;     /* by file: reading begins behind so many bytes and lines */
    file_end *ends; /* by file */
} source_extent;

/* resuming.c: tell a source that its rows up to the cursor are kept; a failure is only noted, as it is
 * told again when it is read the next time. */
void engine_acknowledge(engine *e, size_t source, const char *cursor,
                        const engine_listener *listener);

/* The option "files" of a source, of type PATHS; NULL: it has none. */
const carpel_option *engine_files_option(const carpel_plugin *plugin);

/* load.c: read a source, wholly or what `extent` says of it, and note in that how far it went. */
bool engine_read_source(engine *e, size_t source, source_extent *extent, loader *l,
                        const engine_load_options *options, carpel_error *err);

/* Read it so that no row is taken, and nobody hears of it. */
bool engine_look_at_source(engine *e, size_t source, source_extent *extent, loader *l,
                           const engine_load_options *options, carpel_error *err);

/* intake.c: forget what became of rows: sources are read from the first one on. */
void engine_begin_intake(engine *e, const engine_load_options *options);

/* Add the next intake; one of which nothing is left is told of. */
void engine_add_intake(engine *e, engine_intake intake, const engine_listener *listener);

/* All sources are taken: end the list of refused rows, and check that they are not too many. */
bool engine_finish_intake(engine *e, const engine_listener *listener, carpel_error *err);

/* load_store.c: load what is new into the store of the project and open it. *is_done is false
 * when nothing can be kept there: then all is to be read into memory. */
bool engine_load_store(engine *e, const engine_load_options *options, bool *is_done,
                       carpel_error *err);

/* What the rows of a source mean (ingest/meaning.h). */
void engine_source_meanings(const engine *e, size_t source, uint64_t *out);

/* store_work.c: lock the store to write it anew, whose sources all have the schema of the project;
 * NULL: err is filled. */
struct store_folder *engine_lock_store(engine *e, carpel_error *err);

/* keep.c: read how long events are kept; reports what cannot be. */
void engine_read_keep(engine *e, diags *diags);

/* What the clock of a run says. */
int64_t engine_clock(const engine *e);

/* Tell the schema from when on events are there, by the clock of now. */
void engine_begin_keeping(engine *e);

/* connectors.c: find the plugins of sources and outputs, and read their options. The catalog comes first. */
void engine_make_catalog(engine *e);
void engine_make_sources(engine *e, diags *diags);
void engine_make_outputs(engine *e, diags *diags);

/* outputs.c: be the only process that writes outputs and runs of the project; what a killed one left is
 * put right. Ends with journal_close; NULL: err is filled. */
struct journal *engine_hold_outputs(const engine *e, carpel_error *err);

/* limits.c: does what was read keep to the limits of the project? */
bool engine_check_intake(const engine *e, carpel_error *err);
bool engine_check_people(engine *e, carpel_error *err); /* with its store */
bool engine_check_run(const engine *e, const run_result *r, carpel_error *err);

/* told.c: work out the values that scenarios tell. Reports those that do not fit. */
void engine_read_told(engine *e, diags *diags);

/* Find the scenarios of the rules. */
void engine_list_scenarios(engine *e);

/* The people of a scenario with what is told of them; the caller frees it. */
store *told_store(const engine *e, const ast_decl *scenario);
/* One person without a history, for what is the same for everybody. */
store *told_store_of_anybody(const schema *s);

/* The instant of a line. */
int64_t told_instant(const engine *e, const ast_expr *at);

/* output_paths.c: the files and folders of the project that outputs must leave alone, as
 * they are now. */
struct places *places_new(const engine *e);
void places_free(struct places *p);

/* What of these an output would destroy at a path ("a rule file"); NULL: nothing. */
const char *places_conflict(const struct places *p, const char *path);

/* The same of a script, which may stand where scripts do. */
const char *places_script_conflict(const struct places *p, const char *path);

/* fit_checks.c: report fits whose names rules cannot say. */
void fits_check(const engine *e, diags *diags);

/* fit_dates.c: report a "from" or "test_to" on the wrong side of "to", dates that a fit has twice, and those of "train" whose label (so far ahead; 0: not known) is not
 * over when the first of "test" begins. */
void fit_dates_check(const engine *e, const config_fit *f, int64_t ahead, diags *diags);

/* Report the paths of outputs that must not be written, at their places. */
void output_paths_check(const engine *e, diags *diags);

/* Read a source in pieces (load_pieces.c), with its host, to which all messages go. `extent` may be
 * NULL. */
enum { PIECE_BYTES = 2 * 1024 * 1024 };
bool engine_load_pieces(engine *e, const engine_source *source, plugin_host *host,
                        const carpel_request *request, source_extent *extent,
                        const engine_load_options *options, loader *l, carpel_error *err);

#endif
