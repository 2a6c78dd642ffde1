/* SPDX-License-Identifier: MIT
 *
 * facts -- histories that are told row by row, instead of read from a source.
 *
 *     facts *f = facts_new(schema);
 *     uint32_t ann = facts_person(f, "ann");
 *     fact_row row = facts_event(f, ann, kind, instant);
 *     facts_set_integer(f, row, amount, 1250);       // others are missing
 *     fact_row since_ever = facts_trait(f, ann, country, TIME_MIN);
 *     facts_set_text(f, since_ever, 0, slice_of("DE"));
 *     store *s = facts_finish(f);                    // and facts_free(f)
 *
 * Rows of equal time stand in the order in which they were told. Values are those of a
 * column (value/type.h); whoever tells them has checked them. The items of a list are
 * told one after the other, behind the row that holds it and before the next row of its
 * kind; a person's list of traits is a row of the kind of its settings, and items behind it.
 */
#ifndef INGEST_FACTS_H
#define INGEST_FACTS_H

#include "store/store.h"

typedef struct facts facts;

facts *facts_new(const schema *s);
void facts_free(facts *f); /* accepts NULL */

/* The number of a person, who is known since ever. Asked again, it is the same. */
uint32_t facts_person(facts *f, const char *id);

/* A row of an event kind, or of a trait: its only property is 0. It can be filled until
 * the facts are finished, also after other rows were told. */
typedef struct fact_row {
    bool is_trait;
    size_t table, row;
} fact_row;

fact_row facts_event(facts *f, uint32_t person, size_t kind, int64_t time);
fact_row facts_trait(facts *f, uint32_t person, size_t trait, int64_t time);

/* One more item of a list of the row told last of its kind: `list` is the kind of the items. */
fact_row facts_item(facts *f, fact_row holder, size_t list);

/* So many rows stand elsewhere, which came before the next one. */
void facts_pass(facts *f, size_t count);

void facts_set_bool(facts *f, fact_row row, size_t property, bool value);
void facts_set_integer(facts *f, fact_row row, size_t property, int64_t value);
void facts_set_number(facts *f, fact_row row, size_t property, double value);
void facts_set_text(facts *f, fact_row row, size_t property, slice value);

/* Hand over what was told; nothing can be told any more. The caller frees the store before
 * the schema. */
store *facts_finish(facts *f);

#endif
