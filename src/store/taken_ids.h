/* SPDX-License-Identifier: MIT
 *
 * taken_ids -- the ids of rows that were taken, so that no row is taken twice.
 *
 * Of an id its hash of 128 bits is kept. A part holds those of its rows as a sorted section;
 * a load asks the parts of the loads before, where they lie.
 *
 *     taken_ids *t = taken_ids_new();
 *     taken_ids_add_part(t, file, err);                 // which stays open as long as t lives
 *     if (taken_ids_take(t, taken_ids_hash(seed, id), "b.csv") == ID_IS_NEW) ...
 *     taken_ids_write(t, writer);                       // those that were new
 *     taken_ids_free(t);
 */
#ifndef STORE_TAKEN_IDS_H
#define STORE_TAKEN_IDS_H

#include "store/section_file.h"
#include "store/section_writer.h"

typedef struct id_hash {
    uint64_t high, low;
} id_hash;

/* Has a row with the id been taken? Of rows with one id the first in the order of files counts. */
typedef enum id_answer {
    ID_IS_NEW,    /* no: it is now */
    ID_IS_TAKEN,  /* yes, and that one stands before */
    ID_IS_BEHIND, /* yes, but in a load before, and perhaps behind this one */
} id_answer;

typedef struct taken_ids taken_ids;

taken_ids *taken_ids_new(void);
void taken_ids_free(taken_ids *t); /* accepts NULL */

/* `seed` tells apart what may have the same ids: sources, and kinds of events. */
id_hash taken_ids_hash(uint64_t seed, slice id);

/* Take a row of this file. */
id_answer taken_ids_take(taken_ids *t, id_hash id, slice file);

/* The rows of a part were taken by an earlier load. CARPEL_E_INPUT when it is damaged. */
bool taken_ids_add_part(taken_ids *t, const section_file *f, carpel_error *err);

/* The rows of a part count as those of this load: for parts that become one. */
bool taken_ids_keep_part(taken_ids *t, const section_file *f, carpel_error *err);

/* Those that were new, as a section of a part; of none, nothing. */
void taken_ids_write(const taken_ids *t, section_writer *w);

#endif
