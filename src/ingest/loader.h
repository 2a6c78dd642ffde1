/* SPDX-License-Identifier: MIT
 *
 * loader -- from the batches of sources to a store.
 *
 *     loader *l = loader_new(schema, quarantine);
 *     for each source of the project, in order:
 *         mapping = mapping_new(schema, source_config, zone, brings_own_names, ...);
 *         ... the plugin opens a stream for mapping->columns ...
 *         loader_add(l, mapping, &stream, &err);
 *     store *s = loader_finish(l);      // sorts; the loader is empty
 *     loader_free(l);
 *
 * Rows without a person, a time or a known kind go to the quarantine; rows that
 * a `skip` rule names are counted as skipped. For `skip` and event rules a missing cell
 * is the empty text. A row whose place the plugin does not tell is named by the source
 * and its number in it.
 */
#ifndef INGEST_LOADER_H
#define INGEST_LOADER_H

#include <carpel/plugin.h>

#include "base/arena.h"
#include "base/cancel.h"
#include "config/project.h"
#include "report/diags.h"
#include "value/calendar.h"
#include "ingest/listed_changes.h"
#include "ingest/quarantine.h"
#include "schema/schema.h"
#include "store/origins.h"
#include "store/store.h"
#include "store/taken_ids.h"

/* How the rows of one source become events and traits: which columns the source is
 * asked for, and what each of them is for. */
typedef struct mapping mapping;

/* Check a source of the project file against the schema and plan its columns. Lives in
 * `memory`. Reports unknown kinds, properties, traits, formats, zones and missing
 * `person` / `time`; NULL then.
 *
 * Every property of the kinds that the source can bring is asked for: as `properties:`
 * says under "amount" or "purchase.amount", else optionally under its own name; a field
 * of a record also as the record says ("address"), and a field of a list's items as the
 * project says under "items.price", seen from the item. Traits are asked for when
 * listed; all are, optionally, of a source that brings no events and lists none. What
 * agrees in field, type, format and zone shares a column. */
mapping *mapping_new(const schema *s, const config_source *source, const zone *zone,
                     bool brings_own_names, arena *memory, diags *diags);

/* Report names under `clean: fields:` of the project that nothing has. */
void mapping_check_fields(const schema *s, const project *p, arena *memory, diags *diags);

/* May the source bring events of the kind, values of the trait? */
bool mapping_brings_kind(const mapping *m, size_t kind);
bool mapping_brings_trait(const mapping *m, size_t trait);
const carpel_column *mapping_columns(const mapping *m);
size_t mapping_column_count(const mapping *m);

/* The column that says whose a row is. */
size_t mapping_person_column(const mapping *m);

/* The zone in which times of a wanted column without one are read. */
const zone *mapping_column_zone(const mapping *m, size_t column);
const zone *mapping_item_zone(const mapping *m, size_t column,
                              size_t item); /* of a list */

typedef struct loader loader;

loader *loader_new(const schema *s, quarantine *q);
void loader_free(loader *l);

/* Sort with so many threads; one without a call. */
void loader_set_threads(loader *l, size_t count);

/* Look at this flag (NULL: at none) between batches and tables; it outlives the loader. */
void loader_set_cancel(loader *l, const cancel *c);

/* Note in `o` (NULL: nowhere) where each row that comes from now on stands; its number there is
 * its arrival in the store. It outlives the loader. */
void loader_set_origins(loader *l, origins *o);

/* Call `spill` between two batches as soon as the rows take more than so many bytes: it takes
 * them with loader_finish, and loading goes on with an empty loader. It fails as the loader does. */
typedef bool loader_spill(void *context, carpel_error *err);
void loader_set_spill(loader *l, size_t limit_bytes, loader_spill *spill, void *context);

/* Take all batches of a stream. Checks what the plugin delivers (schema, lengths,
 * dictionary codes, finite numbers) and fails with CARPEL_E_PLUGIN naming the column when
 * it breaks the contract. Does not release the stream. */
bool loader_add(loader *l, const mapping *m, struct ArrowArrayStream *stream,
                carpel_error *err);

/* Take what was read ahead of a stream (ingest/portion.h). Its lines are behind so many others of
 * the file. */
struct portion;
bool loader_add_portion(loader *l, struct portion *p, uint64_t lines_before,
                        carpel_error *err);

uint64_t loader_row_count(const loader *l);     /* rows taken, of any use */
uint64_t loader_skipped_count(const loader *l); /* rows left out by `skip` */

/* Rows left out because one with their `id` was taken before: of those of one source that have
 * one kind, and one id, the first good one counts. */
uint64_t loader_repeated_count(const loader *l);

/* The ids of rows; those of earlier loads are put in before. */
taken_ids *loader_ids(loader *l);

/* "amount: thousands 2, decimal 1 (first d.csv:2)": how many values of a source each step of cleaning has
 * made others of. */
void loader_append_cleaned(const loader *l, const mapping *m, text *out);

/* From now on it is known which values of the source cleaning makes others of. */
void mapping_list_changes(mapping *m);

/* Tell them (NULL: nobody) batch by batch, in the order of rows. */
void loader_tell_changes(loader *l, told_change *told, void *context);

/* Of rows with one id the last counts, where a source says so: it is read twice. Between these calls rows are
 * only looked at; behind them they are taken when they are the last, as long as the next source has not begun. */
void loader_begin_looking(loader *l);
void loader_end_looking(loader *l);

/* Has an earlier load taken an id whose row may stand behind one that comes now? Then one load of all
 * would have taken the other row. */
bool loader_has_row_behind(const loader *l);

/* Sort and hand over the histories. The caller frees the store before the schema. NULL
 * when the work was stopped; the loader is empty then too. */
store *loader_finish(loader *l);

#endif
