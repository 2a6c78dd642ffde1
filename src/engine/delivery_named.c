/* SPDX-License-Identifier: MIT
 *
 * The columns of a table that has just those that its output names.
 */
#include <inttypes.h>
#include <string.h>

#include "engine/delivery_columns.h"
#include "engine/delivery_parts.h"
#include "engine/parts.h"

static void add_own(delivery *d, const config_column *c, const column_meaning *m)
{
    delivery_add_column(d, c->name.text, (result_column){.kind = m->own}, m->type);
}

static void add_set(delivery *d, const config_column *c, const char *name)
{
    for (size_t i = 0; i < d->result->group_count; i++)
        if (strcmp(d->result->groups[i].name, name) == 0)
            delivery_add_groups(d, c->name.text, &d->result->groups[i]);
}

static void add_member(delivery *d, const config_column *c, const char *path)
{
    const run_result *r = d->result;
    for (size_t i = 0; i < r->segment_count; i++)
        if (strcmp(r->segments[i].path, path) == 0)
            delivery_add_membership(d, c->name.text, &r->segments[i]);
    for (size_t i = 0; i < r->group_member_count; i++)
        if (strcmp(r->group_members[i].path, path) == 0)
            delivery_add_membership(d, c->name.text, &r->group_members[i]);
}

static void add_meant(delivery *d, const config_column *c, const column_meaning *m)
{
    const run_result *r = d->result;
    switch (m->kind) {
    case COLUMN_OWN: add_own(d, c, m); break;
    case COLUMN_TRAIT:
        delivery_add_values(d, c->name.text,
                            delivery_score_named(r->traits, r->trait_count, m->name));
        break;
    case COLUMN_SCORE:
        delivery_add_values(d, c->name.text,
                            delivery_score_named(r->scores, r->score_count, m->name));
        break;
    case COLUMN_SET: add_set(d, c, m->name); break;
    case COLUMN_MEMBER: add_member(d, c, m->name); break;
    case COLUMN_UNKNOWN: break; /* not after deliveries_check */
    }
}

/* Country and zip say who somebody is only beside a name. */
static bool identifies(normal_form form)
{
    return form != NORMAL_COUNTRY && form != NORMAL_ZIP && form != NORMAL_ZIP_SHORT;
}

/* The format of a preset is for those that have dates. */
static void finish(delivery *d, const config_column *c, const column_meaning *m)
{
    size_t index = d->table.column_count - 1;
    bool has_format = c->format.text && type_is_moment(m->type);
    carpel_error ignored;
    if (!has_format && c->form == NORMAL_NONE && !c->is_hashed)
        return;
    result_finish *f = arena_alloc(d->memory, sizeof *f);
    *f = (result_finish){.format = has_format ? c->format.text : NULL,
                         .form = c->form,
                         .phone_country = d->config->phone_country,
                         .is_hashed = c->is_hashed,
                         .identifies = identifies(c->form),
                         .lost = &d->lost[index]};
    if (c->zone.text)
        zone_open_in(c->zone.text, d->memory, &f->zone, &ignored); /* it was checked */
    d->columns[index].finish = f;
    d->told[index] =
        (carpel_column){.name = c->name.text, .type = CARPEL_STRING, .is_verbatim = true};
}

/* How many values of a column have no form, and of phones what may have been missing. */
static void append_loss(const delivery *d, size_t column, const char *title, text *out)
{
    const config_column *c = &d->config->columns[column];
    bool is_one = d->lost[column] == 1;
    text_append_format(
        out, "%s: %" PRIu64 " %s of \"%s\" %s no %s: %s left empty%s\n", title,
        d->lost[column], is_one ? "value" : "values", c->from.text, is_one ? "is" : "are",
        normal_is_phone(c->form) ? "phone" : normal_words[c->form],
        is_one ? "it is" : "they are",
        normal_is_phone(c->form) && !d->config->phone_country
            ? "; \"phone_country: DE\" says whose those without the code of a country are"
            : "");
}

void delivery_append_losses(const delivery *d, const char *title, text *out)
{
    for (size_t i = 0; d->lost && i < d->config->column_count; i++)
        if (d->lost[i] > 0)
            append_loss(d, i, title, out);
    if (d->unfound > 0)
        text_append_format(out,
                           "%s: %" PRIu64 " %s left out, of whom there is nothing to be "
                           "matched by\n",
                           title, d->unfound,
                           d->unfound == 1 ? "person is" : "people are");
}

bool delivery_add_named(delivery *d)
{
    const config_output *o = d->config;
    if (!o->is_exact)
        return false;
    d->lost = arena_alloc_array(d->memory, o->column_count + 1, sizeof *d->lost);
    for (size_t i = 0; i < o->column_count; i++) {
        column_meaning m = delivery_column_meaning(d->engine, o, &o->columns[i]);
        add_meant(d, &o->columns[i], &m);
        finish(d, &o->columns[i], &m);
        d->told[d->table.column_count - 1].from = o->columns[i].from.text;
    }
    if (o->preset.text)
        d->table.unfound = &d->unfound;
    return true;
}
