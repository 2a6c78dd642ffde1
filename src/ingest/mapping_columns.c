/* SPDX-License-Identifier: MIT
 *
 * The columns that a source is asked for: values that are the same share one. How a value is wanted follows
 * from its type and from what the project file says of it.
 */
#include <string.h>

#include "ingest/planner.h"
#include "value/time_formats.h"
#include "value/value.h"

/* ---- columns --------------------------------------------------------------------- */

/* Are both NULL, or both the same text? */
static bool texts_agree(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool columns_agree(const carpel_column *a, const zone *a_zone,
                          const carpel_column *b, const zone *b_zone)
{
    return a->type == b->type && a->scale == b->scale && strcmp(a->from, b->from) == 0 &&
           texts_agree(a->format, b->format) &&
           strcmp(zone_name(a_zone), zone_name(b_zone)) == 0;
}

carpel_column planner_column_of(const char *name, const wanted *w)
{
    return (carpel_column){.name = name,
                           .from = w->from,
                           .type = w->type,
                           .scale = w->scale,
                           .format = w->format,
                           .others = w->others,
                           .is_optional = w->is_optional,
                           .items = w->items,
                           .item_count = w->item_count,
                           .is_plain = w->is_plain};
}

static bool cleanings_agree(const column_cleaning *a, const column_cleaning *b)
{
    return texts_agree(a ? a->written : NULL, b ? b->written : NULL);
}

static bool column_serves(const mapping *m, size_t column, const wanted *w)
{
    const carpel_column *c = &m->columns[column], other = planner_column_of("", w);
    if (!columns_agree(c, m->zones[column], &other, w->zone) ||
        !cleanings_agree(m->cleanings[column], w->cleaning) ||
        c->item_count != w->item_count || c->is_plain != w->is_plain ||
        c->others != w->others || m->is_next[column] != w->is_next)
        return false;
    for (size_t i = 0; i < c->item_count; i++) {
        if (!columns_agree(&c->items[i], m->item_zones[column][i], &w->items[i],
                           w->item_zones[i]) ||
            !cleanings_agree(m->item_cleanings[column][i], w->item_cleanings[i]))
            return false;
    }
    return true;
}

static bool is_any_cleaned(const wanted *w)
{
    bool is_cleaned = w->cleaning != NULL;
    for (size_t i = 0; i < w->item_count; i++)
        is_cleaned = is_cleaned || w->item_cleanings[i] != NULL;
    return is_cleaned;
}

static size_t add_column(planner *p, const char *name, const wanted *w)
{
    mapping *m = p->m;
    m->columns[m->column_count] = planner_column_of(name, w);
    m->is_next[m->column_count] = w->is_next;
    m->zones[m->column_count] = w->zone;
    m->item_zones[m->column_count] = w->item_zones;
    m->cleanings[m->column_count] = w->cleaning;
    m->item_cleanings[m->column_count] = w->item_cleanings;
    m->has_cleanings = m->has_cleanings || is_any_cleaned(w);
    p->next[m->column_count] = SCHEMA_NONE;
    return m->column_count++;
}

/* One that is asked for already, or a new one, without looking at the fields beside it. */
static size_t plan_one_column(planner *p, const char *name, const wanted *w)
{
    mapping *m = p->m;
    size_t first = name_index_find(&p->by_from, w->from), last = SCHEMA_NONE;
    for (size_t i = first; i != SCHEMA_NONE; last = i, i = p->next[i]) {
        if (column_serves(m, i, w)) {
            m->columns[i].is_optional = m->columns[i].is_optional && w->is_optional;
            return i;
        }
    }
    size_t column = add_column(p, name, w);
    if (last == SCHEMA_NONE)
        name_index_add(&p->by_from, p->memory, w->from, column);
    else
        p->next[last] = column;
    return column;
}

/* May a text of such a column be none once it is cleaned? */
static bool may_be_nothing(const wanted *w)
{
    const cleaning *steps = w->cleaning ? &w->cleaning->steps : NULL;
    return steps &&
           (cleaning_does(steps, CLEAN_MISSING) || cleaning_does(steps, CLEAN_TRIM) ||
            cleaning_does(steps, CLEAN_REPLACE));
}

/* The texts of the fields beside the column's first, each by itself. */
static const size_t *plan_next(planner *p, const char *name, const wanted *w)
{
    size_t count = 0;
    while (w->others[count])
        count++;
    size_t *columns = arena_alloc_array(p->memory, count + 1, sizeof *columns);
    for (size_t i = 0; i < count; i++) {
        wanted other = *w;
        other.from = w->others[i];
        other.others = NULL;
        other.cleaning = NULL;
        other.is_optional = true;
        other.is_next = true;
        columns[i] = plan_one_column(p, name, &other);
    }
    columns[count] = SCHEMA_NONE;
    return columns;
}

size_t planner_plan_column(planner *p, const char *name, const wanted *w)
{
    size_t column = plan_one_column(p, name, w);
    if (w->others && !w->has_choices && may_be_nothing(w) && !p->m->next[column])
        p->m->next[column] = plan_next(p, name, w);
    return column;
}

size_t planner_plan_condition(planner *p, const char *name, const char *from)
{
    wanted w = {.from = from, .type = CARPEL_STRING, .zone = p->zone};
    planner_clean(p, &(planned_cleaning){NULL, NULL, NULL}, &w);
    size_t column = planner_plan_column(p, name, &w);
    p->m->is_tested[column] = true;
    return column;
}

void planner_set_type(wanted *w, type t, const type_details *details)
{
    switch (t.kind) {
    case TYPE_ERROR:
    case TYPE_LIST: /* no data are of either */
    case TYPE_VERSION:
    case TYPE_STRING: w->type = CARPEL_STRING; break;
    case TYPE_BOOL: w->type = CARPEL_BOOL; break;
    case TYPE_DECIMAL:
        w->type = t.scale == 0 ? CARPEL_INT : CARPEL_DECIMAL;
        w->scale = t.scale;
        break;
    case TYPE_NUMBER: w->type = CARPEL_NUMBER; break;
    case TYPE_TIME: w->type = CARPEL_TIME; break;
    case TYPE_DATE: w->type = CARPEL_DATE; break;
    case TYPE_DURATION:
        w->type = CARPEL_DURATION;
        w->format = type_unit(details);
        break;
    case TYPE_PERSON: w->type = CARPEL_PERSON; break;
    }
}

/* ---- what the project file says -------------------------------------------------- */

void planner_report_similar(planner *p, const char *similar)
{
    p->is_well = false;
    if (similar != NULL)
        diag_hint(p->diags, "Did you mean \"%s\"?", similar);
}

void planner_report_wrong_way(planner *p, const char *name, const char *column)
{
    p->is_well = false;
    diag_hint(p->diags,
              "The name in carpel.yaml comes first, then the column: write %s: %s.", name,
              column);
}

/* Can the format be used? Reported if not. */
static void check_format(planner *p, const config_text *format)
{
    const char *reason;
    if (value_check_time_format(format->text, &reason))
        return;
    diag_error(p->diags, format->where, E0305, "the format \"%s\" cannot be used: %s",
               format->text, reason);
    char ours[64];
    if (time_format_translate(format->text, ours, sizeof ours))
        diag_propose(p->diags, format->where, "\"%s\"", ours);
    else
        diag_hint(p->diags,
                  "A format is made like \"%%Y-%%m-%%d %%H:%%M:%%S\", or is one "
                  "of iso, unix, unix_ms, unix_us.");
    p->is_well = false;
}

/* Take over the format and zone of `from:`; for times and dates only. */
static void set_format(planner *p, const config_mapping *config, wanted *w)
{
    bool is_time = w->type == CARPEL_TIME, is_date = w->type == CARPEL_DATE;
    if (config->format.text != NULL && !is_time && !is_date) {
        diag_error(p->diags, config->format.where, E0305,
                   "only times and dates have a format");
        planner_report_similar(p, NULL);
    } else if (config->format.text != NULL) {
        w->format = config->format.text;
        check_format(p, &config->format);
        for (size_t i = 0; i < config->more_format_count; i++)
            check_format(p, &config->more_formats[i]);
    }
    if (config->zone.text != NULL && !is_time) {
        diag_error(p->diags, config->zone.where, E0305, "only times have a zone");
        planner_report_similar(p, NULL);
    }
}

static void set_zone(planner *p, const config_mapping *config, wanted *w)
{
    carpel_error err;
    char advice[256];
    if (config->zone.text == NULL || w->type != CARPEL_TIME)
        return;
    if (zone_open_in(config->zone.text, p->memory, &w->zone, &err))
        return;
    diag_error(p->diags, config->zone.where, E0305, "%s", err.message);
    p->is_well = false;
    if (zone_advise(config->zone.text, advice, sizeof advice))
        diag_hint(p->diags, "%s", advice);
}

void planner_check_path(planner *p, const config_text *from)
{
    if (strncmp(from->text, "$.", 2) != 0)
        return;
    diag_error(p->diags, from->where, E0305, "the path \"%s\" begins with \"$.\"",
               from->text);
    diag_propose(p->diags, from->where, "%s", from->text + 2);
    p->is_well = false;
}

const char *const *planner_other_fields(planner *p, const config_text *fields,
                                        size_t count)
{
    if (count == 0)
        return NULL;
    const char **others = arena_alloc_array(p->memory, count + 1, sizeof *others);
    for (size_t i = 0; i < count; i++) {
        planner_check_path(p, &fields[i]);
        others[i] = fields[i].text;
    }
    return others;
}

void planner_set_mapping(planner *p, const config_mapping *config, wanted *w)
{
    w->from = config->from.text;
    w->others = planner_other_fields(p, config->more_fields, config->more_field_count);
    w->is_optional = false;
    planner_check_path(p, &config->from);
    set_format(p, config, w);
    set_zone(p, config, w);
}
