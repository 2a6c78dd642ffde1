/* SPDX-License-Identifier: MIT
 *
 * part -- the rows of one load of one source, in a section file that never changes.
 *
 * A part holds a table for each kind of events, trait and list that the load brought rows
 * for, sorted as a store is (store.h), but with the people's numbers and the codes of texts
 * that the whole store has (glossary.h). Tables and columns have names, so that a schema may
 * change round them:
 *
 *     purchase          events            user/country      a trait
 *     purchase/amount   one property      purchase/items[]  the items of a list
 *
 * A column of which all values are missing is not there.
 */
#ifndef STORE_PART_H
#define STORE_PART_H

#include "store/forgotten.h"
#include "store/glossary.h"
#include "store/origins.h"
#include "store/store.h"
#include "store/taken_ids.h"

/* All parts are written anew with new texts: people keep their numbers, and of the texts of columns those
 * stay that rows have. */
typedef struct part_renewal {
    uint64_t *named; /* bits by person: a row of a new part names them; is filled */
} part_renewal;

/* What becomes a part. */
typedef struct part_content {
    const store
        *rows; /* numbered and coded in any way; what is new of its people and texts
                           is added to the glossary */
    glossary *glossary; /* NULL: the numbers and codes of `rows` are those of the store */
    const origins *origins;     /* of all arrivals in `rows` */
    uint64_t arrival_base;      /* is added to them: rows of the sources before */
    slice refused;              /* rows, as quarantine_keep has them */
    const taken_ids *ids;       /* of the rows; or NULL */
    const forgotten *forgotten; /* whose rows are left out, and who is no value either */
    part_renewal *renewal;      /* NULL: the part is added to the others */
    uint64_t left_out; /* is filled: rows of the source that are theirs (left_out.h) */
} part_content;

/* Write the part; on success its bytes are on the disk. */
bool part_write(const char *path, part_content *content, section_file_identity *out,
                carpel_error *err);

/* Write the tables of a part alone: whom its rows name, and the rows. */
void part_write_tables(section_writer *w, part_content *content);

/* Names of tables and columns; `out` is cleared. `kind` may be a list. */
void part_name_kind(const schema *s, size_t kind, text *out);
void part_name_trait(const schema *s, size_t trait, text *out);
void part_name_column(const char *table, const char *property, text *out);

#endif
