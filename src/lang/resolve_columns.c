/* SPDX-License-Identifier: MIT
 *
 * Names of columns that other tools make of events, and words that stand for a day or a
 * value there: what the language says for `last_purchase`, `total_amount`, `today`, `yes`.
 */
#include <string.h>
#include <strings.h>

#include "lang/foreign.h"
#include "lang/resolver.h"

/* What comes before or behind the name of an event, and what is meant; %s is the event. */
static const struct {
    const char *begin, *end, *ours;
} forms_of_events[] = {
    {"last_", "", "last %s"},
    {"latest_", "", "last %s"},
    {"first_", "", "first %s"},
    {"last_", "_date", "last %s"},
    {"first_", "_date", "first %s"},
    {"last_", "_at", "last %s"},
    {"first_", "_at", "first %s"},
    {"", "_count", "count(%s)"},
    {"", "s_count", "count(%s)"},
    {"count_", "", "count(%s)"},
    {"num_", "", "count(%s)"},
    {"num_", "s", "count(%s)"},
    {"number_of_", "", "count(%s)"},
    {"number_of_", "s", "count(%s)"},
    {"total_", "s", "count(%s)"},
    {"days_since_", "", "(time since last %s) / 1 day"},
    {"days_since_last_", "", "(time since last %s) / 1 day"},
    {"time_since_last_", "", "time since last %s"},
};

/* The same of a property: KIND.PROPERTY is put in. */
static const struct {
    const char *begin, *end, *ours;
} forms_of_properties[] = {
    {"total_", "", "sum(%s)"}, {"sum_", "", "sum(%s)"},    {"", "_sum", "sum(%s)"},
    {"", "_total", "sum(%s)"}, {"avg_", "", "avg(%s)"},    {"average_", "", "avg(%s)"},
    {"mean_", "", "avg(%s)"},  {"max_", "", "max(%s)"},    {"min_", "", "min(%s)"},
    {"last_", "", "last %s"},  {"first_", "", "first %s"}, {"median_", "", "median(%s)"},
};

/* Days, and when people were there at all. */
static const struct {
    const char *words, *ours;
} others[] = {
    {"today", "now.date"},
    {"yesterday", "now.date - 1 day"},
    {"tomorrow", "now.date + 1 day"},
    {"current_date current_timestamp sysdate getdate", "now"},
    {"last_seen last_seen_at last_active last_active_at last_activity last_event "
     "last_event_at last_visit",
     "last anything"},
    {"first_seen first_seen_at first_activity first_event first_visit", "first anything"},
};

/* What stands between `begin` and `end`, or NULL. */
static const char *middle(resolver *r, const char *name, const char *begin,
                          const char *end)
{
    size_t size = strlen(name), before = strlen(begin), behind = strlen(end);
    if (size <= before + behind || strncasecmp(name, begin, before) != 0 ||
        strcasecmp(name + size - behind, end) != 0)
        return NULL;
    return arena_format(r->book->memory, "%.*s", (int)(size - before - behind),
                        name + before);
}

static const char *fill_form(resolver *r, const char *ours, const char *subject)
{
    const char *gap = strstr(ours, "%s");
    return arena_format(r->book->memory, "%.*s%s%s", (int)(gap - ours), ours, subject,
                        gap + 2);
}

static const char *form_of_event(resolver *r, const char *name)
{
    const schema *s = r->book->schema;
    for (size_t i = 0; i < sizeof forms_of_events / sizeof *forms_of_events; i++) {
        const char *kind =
            middle(r, name, forms_of_events[i].begin, forms_of_events[i].end);
        if (kind && schema_find_event(s, kind) != SCHEMA_NONE)
            return fill_form(r, forms_of_events[i].ours, kind);
    }
    return NULL;
}

static const char *form_of_property(resolver *r, const char *name)
{
    for (size_t i = 0; i < sizeof forms_of_properties / sizeof *forms_of_properties;
         i++) {
        const char *written =
            middle(r, name, forms_of_properties[i].begin, forms_of_properties[i].end);
        const char *kind = written ? kind_with_property(r->book->schema, written) : NULL;
        if (kind)
            return fill_form(r, forms_of_properties[i].ours,
                             arena_format(r->book->memory, "%s.%s", kind, written));
    }
    return NULL;
}

/* `$orders`, where orders is declared. */
static const char *without_dollar(const resolver *r, const char *name)
{
    return name[0] == '$' && rulebook_find(r->book, name + 1) ? name + 1 : NULL;
}

static const char *other_form(const char *name)
{
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (is_word_of(name, others[i].words))
            return others[i].ours;
    return NULL;
}

const char *meant_column(resolver *r, const char *name)
{
    const char *ours = without_dollar(r, name);
    if (!ours)
        ours = form_of_event(r, name);
    if (!ours)
        ours = form_of_property(r, name);
    return ours ? ours : other_form(name);
}

bool hint_foreign_value(resolver *r, span where, const char *name)
{
    if (is_word_of(name, "others other rest remaining everyone everybody all default")) {
        hint(r, "Everybody is \"true\". Of groups, the last is written with its "
                "name and \"otherwise\", without \"when\".");
        return true;
    }
    const char *ours = foreign_value(name);
    if (!ours)
        return false;
    if (strcmp(ours, "missing") == 0)
        hint(r, "Write \"is missing\" or \"is not missing\" instead of comparing.");
    else
        propose(r, where, "%s", ours);
    return true;
}
