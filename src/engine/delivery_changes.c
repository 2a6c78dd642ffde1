/* SPDX-License-Identifier: MIT
 *
 * The table of an output of changes: a row for each one who entered, left or moved.
 */
#include <string.h>

#include "engine/delivery_parts.h"
#include "report/table.h"

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

/* Of all rules those are told whose changes the others do not tell, too. */
static bool is_told(const delivery *d, const rule_changes *r, const char *name)
{
    return delivery_goes_with(d, r->is_of_accounts) &&
           audience_takes(d->audience, name, r->is_of_accounts) &&
           (d->config->segment_count > 0 || !r->is_group);
}

/* Is it a group of a set that is told as a whole? */
static bool is_told_with_set(const delivery *d, const rule_changes *r, const char *name)
{
    const char *dot = strchr(name, '.');
    if (!r->is_group || !dot)
        return false;
    const char *set = arena_copy_text(d->memory, name, (size_t)(dot - name));
    return audience_takes(d->audience, set, r->is_of_accounts);
}

/* What the output had and does not name any more has to leave, too. */
static bool is_taken_back(const delivery *d, const told_changes *told,
                          const rule_changes *r, const char *name)
{
    const remembered_output *o =
        told->baseline ? remembered_output_of(told->baseline, d->config->name.text)
                       : NULL;
    return o && o->rules && !r->is_set && r->size == 0 && r->size_before > 0 &&
           delivery_goes_with(d, r->is_of_accounts) &&
           !audience_takes(d->audience, name, r->is_of_accounts) &&
           !is_told_with_set(d, r, name);
}

/* The rows that an output of additions, or of removals, has. */
static const rule_changes *half_of(delivery *d, const rule_changes *r)
{
    if (d->config->changes == CHANGES_ALL)
        return r;
    change_kind wanted =
        d->config->changes == CHANGES_ADDITIONS ? CHANGE_ENTERED : CHANGE_LEFT;
    rule_changes *half = arena_alloc(d->memory, sizeof *half);
    *half = *r;
    half->rows = arena_alloc_array(d->memory, r->row_count + 1, sizeof *half->rows);
    half->row_count = 0;
    for (size_t i = 0; i < r->row_count; i++)
        if (r->rows[i].kind == wanted)
            half->rows[half->row_count++] = r->rows[i];
    return half;
}

static void add_rows(delivery *d, const told_changes *told)
{
    for (size_t i = 0; i < told->changes->count; i++) {
        const rule_changes *r = &told->changes->items[i];
        const char *name = arena_copy_text(d->memory, r->name.data, r->name.size);
        if (!is_told(d, r, name) && !is_taken_back(d, told, r, name))
            continue;
        d->changed += r->row_count;
        d->had += r->size_before;
        r = half_of(d, r);
        delivery_add_item(d, (result_item){.segment = name,
                                           .count = r->row_count,
                                           .changes = r,
                                           .subjects = subjects_of(d, r)});
    }
}

static void add_columns(delivery *d)
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
}

void delivery_add_changes(delivery *d, const told_changes *told)
{
    if (!delivery_add_named(d))
        add_columns(d);
    d->table.baseline = told->baseline;
    add_rows(d, told);
}

/* A share of fewer says little. */
enum { LEAST_HAD = 100 };

bool delivery_check_changes(const delivery *d, carpel_error *err)
{
    const config_output *o = d->config;
    char changed[28], had[28];
    if (o->most_changes == LIMIT_NONE || !d->table.baseline || d->had < LEAST_HAD ||
        (double)d->changed * MILLIONTHS <= (double)o->most_changes * (double)d->had)
        return true;
    return carpel_fail(
        err, CARPEL_E_LIMIT,
        "output \"%s\": %s changes of the %s members that it had are more than "
        "its most_changes (%g%%); look whether a source lacks rows, or let "
        "them through with --force",
        o->name.text, format_count(d->changed, changed), format_count(d->had, had),
        (double)o->most_changes / 10000);
}
