/* SPDX-License-Identifier: MIT
 *
 * The table of an output of changes: a row for each one who entered, left or moved.
 */
#include "engine/delivery_parts.h"

static const type WHOLE = {TYPE_DECIMAL, 0};

/* The numbers in this run of those who changed; RESULT_NOBODY for whom it does not know. */
static const uint32_t *subjects_of(delivery *d, const rule_changes *r)
{
    const run_population *p =
        r->is_of_accounts ? &d->result->accounts : &d->result->people;
    uint32_t *subjects = arena_alloc_array(d->memory, r->row_count + 1, sizeof *subjects);
    for (size_t i = 0; i < r->row_count; i++) {
        slice id = r->rows[i].id;
        subjects[i] = p->ids ? run_population_find(p, id) : RESULT_NOBODY;
    }
    return subjects;
}

/* Are the named scores and traits those of accounts? */
static bool has_columns_of_accounts(const delivery *d)
{
    return d->config->score_count > 0 &&
           delivery_score(d, 0)->population == &d->result->accounts;
}

/* Beside values of people no rows of accounts can stand, nor the other way round. */
static bool goes_with_columns(const delivery *d, const rule_changes *r)
{
    bool has_columns = d->config->score_count + d->config->column_count > 0;
    return !has_columns || r->is_of_accounts == has_columns_of_accounts(d);
}

/* Of all rules those are told whose changes the others do not tell, too. */
static bool is_told(const delivery *d, const name_index *wanted, const rule_changes *r,
                    const char *name)
{
    return goes_with_columns(d, r) && delivery_is_wanted(d, wanted, name) &&
           (d->config->segment_count > 0 || !r->is_group);
}

static void add_rows(delivery *d, const told_changes *told)
{
    name_index wanted = delivery_index_wanted(d);
    for (size_t i = 0; i < told->changes->count; i++) {
        const rule_changes *r = &told->changes->items[i];
        const char *name = arena_copy_text(d->memory, r->name.data, r->name.size);
        if (is_told(d, &wanted, r, name))
            delivery_add_item(d, (result_item){.segment = name,
                                               .count = r->row_count,
                                               .changes = r,
                                               .subjects = subjects_of(d, r)});
    }
}

void delivery_add_changes(delivery *d, const told_changes *told)
{
    delivery_add_fixed(d, "segment", RESULT_SEGMENT);
    delivery_add_fixed(d, "person", RESULT_ID);
    delivery_add_fixed(d, "as_of", RESULT_INSTANT);
    delivery_add_fixed(d, "change", RESULT_CHANGE);
    delivery_add_fixed(d, "from", RESULT_FROM);
    delivery_add_fixed(d, "to", RESULT_TO);
    delivery_add_fixed(d, "reason", RESULT_REASON);
    delivery_add_column(d, "since", (result_column){.kind = RESULT_SINCE},
                        (type){TYPE_TIME, 0});
    delivery_add_column(d, "since_run", (result_column){.kind = RESULT_SINCE_RUN}, WHOLE);
    delivery_add_scores(d);
    delivery_add_traits(d);
    d->table.baseline = told->baseline;
    add_rows(d, told);
}
