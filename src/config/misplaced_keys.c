/* SPDX-License-Identifier: MIT
 *
 * Each row has the keys of other tools, the key here by which the owner is known, and the hint.
 */
#include "config/misplaced_keys.h"

#include <string.h>

/* What a hint may need. */
typedef struct misplaced {
    const yaml_node *value, *mapping;
    diags *diags;
} misplaced;

typedef struct misplaced_key {
    const char *keys[7]; /* and NULL */
    const char *beside;  /* the owner reads this key, too */
    bool is_text;        /* what stands behind it is one text */
    bool is_whole;       /* the key is marked with its value */
    void (*hint)(const misplaced *m);
} misplaced_key;

/* A source has no time zone, and its times have one. */
static void hint_zone(const misplaced *m)
{
    diag_hint(m->diags, "The zone belongs to the time: time: {from: ..., zone: %s}.",
              m->value->text);
}

/* The field that the times of the source stand in, as far as the project file says. */
static const char *time_field(const yaml_node *mapping)
{
    const yaml_node *time = yaml_get(mapping, "time");
    const yaml_node *from =
        time && time->kind == YAML_MAPPING ? yaml_get(time, "from") : time;
    bool is_said = from && from->kind == YAML_SCALAR && !from->is_broken;
    return is_said ? from->text : "created_at";
}

/* A source has no format of times, and its times have one. */
static void hint_time_format(const misplaced *m)
{
    diag_hint(m->diags,
              "The format belongs to the time: time: {from: %s, format: \"%s\"}.",
              time_field(m->mapping), m->value->text);
}

static void hint_wide(const misplaced *m)
{
    const char *said = m->value->text;
    bool is_wide = strcmp(said, "false") != 0 && strcmp(said, "no") != 0;
    diag_propose(m->diags, span_join(m->value->key_where, m->value->where), "shape: %s",
                 is_wide ? "wide" : "long");
}

/* Which rows count is said by the kind of their event. */
static void hint_filter(const misplaced *m)
{
    diag_hint(m->diags,
              "Which rows are events of a kind is said by \"when\": event: [{name: "
              "purchase, when: {status: paid}}]. Rows are left out by \"skip\"; "
              "numbers are compared in the rules.");
}

static const misplaced_key misplaced_keys[] = {
    {{"timezone", "tz", "time_zone", "zone"}, "time", true, false, hint_zone},
    {{"time_format", "timestamp_format", "date_format", "datetime_format", "timeformat",
      "dateformat"},
     "time",
     true,
     false,
     hint_time_format},
    {{"wide"}, "shape", true, true, hint_wide},
    {{"where", "filter", "when"}, "event", false, false, hint_filter},
};

static bool has_key(const misplaced_key *row, const char *key)
{
    for (size_t i = 0; row->keys[i]; i++)
        if (strcmp(row->keys[i], key) == 0)
            return true;
    return false;
}

bool misplaced_key_report(const yaml_node *value, const yaml_node *mapping,
                          const options_context *context, diags *diags)
{
    for (size_t i = 0; i < sizeof misplaced_keys / sizeof *misplaced_keys; i++) {
        const misplaced_key *row = &misplaced_keys[i];
        if (!has_key(row, value->key) || (row->is_text && value->kind != YAML_SCALAR) ||
            !options_has_other_key(context, row->beside))
            continue;
        span where =
            row->is_whole ? span_join(value->key_where, value->where) : value->key_where;
        diag_error(diags, where, E0302, "%s has no option \"%s\"", context->owner,
                   value->key);
        row->hint(&(misplaced){value, mapping, diags});
        return true;
    }
    return false;
}
