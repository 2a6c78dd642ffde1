/* SPDX-License-Identifier: MIT
 *
 * Reads the outputs of a project: their table of keys, then one function a key. The keys of
 * the plugins stand beside them and are left to options_read().
 */
#include <string.h>

#include "config/connectors.h"
#include "config/consent.h"
#include "config/foreign_yaml.h"
#include "config/isolated.h"
#include "config/limits.h"
#include "config/output_columns.h"
#include "config/retry.h"
#include "value/phone.h"

#define MOST_LEAST_PEOPLE INT64_C(1000000000)

#define OUTPUT_KEYS(X)                                                                   \
    X("name", SHAPE_TEXT, false, "a text", "name: members")                              \
    X("plugin", SHAPE_TEXT, true, "the name of a plugin", "plugin: csv")                 \
    X("command", SHAPE_LIST, false, "a list: a program and its arguments",               \
      "command: [psql, -c, \"copy members from stdin csv header\"]")                     \
    X("segments", SHAPE_TEXT | SHAPE_LIST, false, "a segment or a list of segments",     \
      "segments: [vip, lifecycle.active]")                                               \
    X("scores", SHAPE_TEXT | SHAPE_LIST, false, "a score or a list of scores",           \
      "scores: [churn_risk]")                                                            \
    X("columns", SHAPE_TEXT | SHAPE_LIST | SHAPE_MAPPING, false,                         \
      "a trait, a list of columns, or a mapping of names to what they hold",             \
      "columns: [country, plan]")                                                        \
    X("format", SHAPE_TEXT, false, "the name of a preset",                               \
      "format: google_customer_match")                                                   \
    X("phone_country", SHAPE_TEXT, false, "the two letters of a country",                \
      "phone_country: DE")                                                               \
    X("shape", SHAPE_TEXT, false, "long or wide", "shape: wide")                         \
    X("changes", SHAPE_TEXT, false, "true, additions, removals or false",                \
      "changes: true")                                                                   \
    X("purpose", SHAPE_TEXT, false, "what the output is for", "purpose: marketing")      \
    X("suppress", SHAPE_TEXT | SHAPE_LIST | SHAPE_MAPPING, false,                        \
      "a file of ids, or a list of files and segments", "suppress: [lists/stop.txt]")    \
    X("least_people", SHAPE_TEXT, false, "a whole number", "least_people: 50")           \
    X("most_changes", SHAPE_TEXT, false, "a share of people", "most_changes: 30%")       \
    X("retry", SHAPE_MAPPING, false, "a mapping", "retry: {attempts: 4}")                \
    X("isolation", SHAPE_TEXT | SHAPE_MAPPING, false, "process, none, or a mapping",     \
      "isolation: process")

#define ROW(name, kinds, required, needs, example)                                       \
    {name, kinds, required, needs, example},
#define NAME(name, kinds, required, needs, example) name,
static const shape_key output_keys[] = {OUTPUT_KEYS(ROW) END_OF_KEYS};
const char *const project_output_keys[] = {OUTPUT_KEYS(NAME) NULL};
#undef NAME
#undef ROW

static bool read_is_wide(const reader *r, const yaml_node *node)
{
    if (node == NULL)
        return false;
    config_text shape = reader_text(node);
    if (strcmp(shape.text, "wide") == 0)
        return true;
    if (strcmp(shape.text, "long") != 0) {
        diag_error(r->diags, shape.where, E0305, "the shape \"%s\" is not known",
                   shape.text);
        diag_hint(r->diags, "Write \"shape: long\", a row for each membership or value, "
                            "or \"shape: wide\", a row for each person.");
    }
    return false;
}

static config_changes read_changes(const reader *r, const yaml_node *node)
{
    static const char *const words[] = {"false", "true", "additions", "removals"};
    config_text wanted = reader_text(node);
    for (size_t i = 0; wanted.text && i < sizeof words / sizeof *words; i++)
        if (strcmp(wanted.text, words[i]) == 0)
            return (config_changes)i;
    if (!wanted.text)
        return CHANGES_NONE;
    diag_error(r->diags, wanted.where, E0305,
               "\"changes\" is true, additions, removals or false, not \"%s\"",
               wanted.text);
    diag_hint(r->diags,
              "Write \"changes: true\", a row for each one who entered, left or moved "
              "since the last run, or \"additions\" or \"removals\" for some of them.");
    return CHANGES_NONE;
}

/* Customer lists know members and no segments: each output is one list. */
static void check_preset(const reader *r, const config_output *o)
{
    if (!o->preset.text)
        return;
    if (o->segment_count != 1 || o->score_count > 0 || o->is_wide) {
        diag_error(r->diags, o->preset.where, E0305,
                   "a list for %s is made of one segment", o->preset.text);
        diag_hint(r->diags, "Name it, as in \"segments: [vip]\", and nothing else; write "
                            "an output for each list.");
    }
    if (o->changes == CHANGES_ALL) {
        diag_error(r->diags, o->changes_where, E0305,
                   "people are added to a list with one file, and removed with another");
        diag_hint(r->diags, "Write two outputs, one with \"changes: additions\" and one "
                            "with \"changes: removals\".");
    }
}

static void read_most_changes(const reader *r, const yaml_node *node, config_output *o)
{
    o->most_changes = limits_read_share(r, node);
    o->most_changes_where = reader_text(node).where;
    if (o->most_changes == LIMIT_NONE || o->is_changes)
        return;
    diag_error(r->diags, o->most_changes_where, E0305,
               "\"most_changes\" is of an output of changes, and this one has all rows");
    diag_hint(r->diags, "Write \"changes: true\", too, or leave it out.");
}

static bool has_phones(const config_output *o)
{
    for (size_t i = 0; i < o->column_count; i++)
        if (normal_is_phone(o->columns[i].form))
            return true;
    return false;
}

/* Two letters as capitals; NULL: the text is something else, or no country. */
static const char *find_country(const reader *r, const char *given)
{
    char *country = arena_copy_string(r->memory, given);
    for (char *c = country; *c; c++)
        *c = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
    return phone_knows_country(country) ? country : NULL;
}

/* A file that is not trusted, or not whole, is there: the reason says what is wrong with it. */
static void refuse_phone_country(const reader *r, span where, const carpel_error *reason)
{
    diag_error(r->diags, where, E0305, "%s", reason->message);
    if (reason->code == CARPEL_E_PLUGIN)
        return;
    diag_hint(
        r->diags,
        "Install libphonenumber-dev and g++ (Debian), then configure and build "
        "carpel anew; or, where all phones are of one country, say it where they "
        "are read: clean: {fields: {phone: {replace: {\"^0([1-9])\": \"+49$1\"}}}}");
}

static void read_phone_country(const reader *r, const yaml_node *node, config_output *o)
{
    config_text given = reader_text(node);
    carpel_error err;
    if (!given.text)
        return;
    if (!phone_load(&err)) {
        refuse_phone_country(r, node->key_where, &err);
        return;
    }
    o->phone_country = find_country(r, given.text);
    if (!o->phone_country) {
        diag_error(r->diags, given.where, E0305, "no country is known as \"%s\"",
                   given.text);
        diag_hint(r->diags, "Write its two letters of ISO 3166: DE is Germany, GB the "
                            "United Kingdom, US the United States.");
    } else if (!has_phones(o)) {
        diag_error(r->diags, node->key_where, E0305,
                   "no column of this output is a phone, of which a country could be");
        diag_hint(r->diags, "Say which one is: \"columns: {Phone: {from: phone, "
                            "normalise: phone}}\", or leave \"phone_country\" out.");
    }
}

/* `path: out/members_{date}.csv` */
static void warn_of_filled_path(const reader *r, const yaml_node *path)
{
    size_t begin, size = path && path->kind == YAML_SCALAR && !path->is_broken
                             ? foreign_path_part(path->text, &begin)
                             : 0;
    if (size == 0)
        return;
    diag_warning(r->diags, path->where, W0303,
                 "\"%.*s\" stands for itself in the name of this file", (int)size,
                 path->text + begin);
    diag_hint(r->diags, "A run writes one file of this name, anew each time: name it "
                        "without, and write an output for each segment that is to have a "
                        "file of its own.");
}

static void read_output(const reader *r, yaml_node *item, config_output *o)
{
    shape_check(item, output_keys, "the output", SHAPE_OPEN, r->diags);
    o->node = item;
    o->plugin = connector_plugin(r, item, output_keys);
    o->name = connector_name(r, item, output_keys, o->plugin);
    o->command = reader_texts(
        r, shape_get(item, output_keys, "command"), "an item of \"command\"", "a word",
        "command: [psql, -c, \"copy members from stdin csv header\"]", &o->command_count);
    o->segments = reader_texts(r, shape_get(item, output_keys, "segments"),
                               "an item of \"segments\"", "the name of a segment",
                               "segments: [vip, lifecycle.active]", &o->segment_count);
    reader_check_distinct(r, o->segments, o->segment_count, "segments of this output");
    o->scores =
        reader_texts(r, shape_get(item, output_keys, "scores"), "an item of \"scores\"",
                     "the name of a score", "scores: [churn_risk]", &o->score_count);
    reader_check_distinct(r, o->scores, o->score_count, "scores of this output");
    output_columns_read(r, shape_get(item, output_keys, "columns"),
                        shape_get(item, output_keys, "format"), o);
    o->is_wide = read_is_wide(r, shape_get(item, output_keys, "shape"));
    o->changes = read_changes(r, shape_get(item, output_keys, "changes"));
    o->is_changes = o->changes != CHANGES_NONE;
    o->changes_where = reader_text(shape_get(item, output_keys, "changes")).where;
    o->purpose = reader_text(shape_get(item, output_keys, "purpose"));
    o->suppress =
        suppress_read(r, shape_get(item, output_keys, "suppress"), &o->suppress_count);
    o->least_people = reader_number(r, shape_get(item, output_keys, "least_people"), 0,
                                    MOST_LEAST_PEOPLE, "least_people: 50");
    read_most_changes(r, shape_get(item, output_keys, "most_changes"), o);
    o->retry = retry_read(r, shape_get(item, output_keys, "retry"));
    o->isolation_seconds = isolated_read(r, shape_get(item, output_keys, "isolation"));
    read_phone_country(r, shape_get(item, output_keys, "phone_country"), o);
    warn_of_filled_path(r, yaml_get(item, "path"));
    check_preset(r, o);
}

static config_text add_output(const reader *r, yaml_node *item)
{
    config_output *o = &r->project->outputs[r->project->output_count++];
    read_output(r, item, o);
    return o->name;
}

void connectors_read_outputs(const reader *r, const yaml_node *node)
{
    static const connector_list outputs = {
        "an output", "outputs", "- {plugin: csv, path: out/members.csv}", add_output};
    if (!node)
        return;
    r->project->outputs = reader_array(r, node->count, sizeof *r->project->outputs);
    connectors_read_list(r, node, &outputs);
}
