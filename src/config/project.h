/* SPDX-License-Identifier: MIT
 *
 * project -- the file carpel.yaml as a struct.
 *
 * It is checked for shape here (keys, kinds of values, files that are named); what the
 * values mean (types, zones, plugins) is checked by whoever uses them, at the spans
 * kept here. docs/project.md is the reference; all keys stand in the tables of project.c
 * and connectors.c. Paths are seen from the project's folder, relative when it is.
 *
 *     project *p = project_open(directory, diags);   // NULL: nothing usable
 *     ...
 *     project_free(p);
 */
#ifndef CONFIG_PROJECT_H
#define CONFIG_PROJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/weekday.h"
#include "config/yaml.h"
#include "report/diags.h"
#include "report/source.h"
#include "value/cleaning.h"
#include "value/id_kind.h"
#include "value/normal.h"

#define PROJECT_FILE_NAME "carpel.yaml"

/* Where the store lies when the project file says nothing about it. */
#define STANDARD_STORE ".carpel/store"

/* A text of the file and where it stands. `text` is NULL when it was not given. */
typedef struct config_text {
    const char *text;
    span where;
} config_text;

/* A property or trait: `amount: decimal(2)`; a record of such: `address: {city:
 * string}`; a list of values `tags: [string]`, or of records `items: [{sku: string}]`. */
typedef struct config_field {
    config_text name, type;      /* type.text NULL: a record, or a list of records: */
    struct config_field *fields; /* what it is made of */
    size_t field_count;
    bool is_list;
} config_field;

/* An event kind: `purchase: {amount: decimal(2)}`. */
typedef struct config_kind {
    config_text name;
    config_field *fields;
    size_t field_count;
} config_kind;

/* "this field of the row fits this pattern": `InvoiceNo: "C*"`. */
typedef struct config_condition {
    config_text from, pattern; /* * stands for any run of characters */
} config_condition;

/* One candidate for the kind of a row; all conditions must hold (none: always). */
typedef struct config_event_rule {
    config_text name;
    config_condition *conditions;
    size_t condition_count;
} config_event_rule;

/* `buy: purchase`: a text of the event column and the kind it stands for. */
typedef struct config_event_name {
    config_text from, kind;
} config_event_name;

/* What is done to texts before they are read, and where each step was said. */
typedef struct config_cleaning {
    cleaning settings;
    span where[CLEAN_STEP_COUNT];
} config_cleaning;

/* The same of one property or trait, in whatever source: `amount: {decimal: ","}`. */
typedef struct config_field_cleaning {
    config_text name;
    config_cleaning clean;
} config_field_cleaning;

/* Where a property, trait, the person or the time comes from:
 *     amount: dollar_value      or     when: {from: ts, format: unix_ms, zone: UTC} */
typedef struct config_mapping {
    config_text name;         /* the property or trait; empty for person and time */
    config_text from;         /* the field of the source */
    config_text *more_fields; /* that are looked at when `from` is not there */
    size_t more_field_count;
    bool is_broken; /* given without a field, which was reported */
    config_text format, zone;
    config_text *more_formats; /* that are tried after `format` */
    size_t more_format_count;
    config_cleaning clean;
} config_mapping;

/* `anonymousId: cookie`: a field that holds an id of the person, too. */
typedef struct config_identity {
    config_mapping field;
    id_kind kind;
} config_identity;

/* Two ids that are not one person's, whatever the rows say. */
typedef struct config_unlinked {
    config_text ids[2];
} config_unlinked;

/* How ids are joined. */
typedef struct config_identities {
    bool are_latest; /* all links count, whenever they became known */
    uint32_t most[ID_KIND_COUNT], most_of_person;
    config_unlinked *unlinked;
    size_t unlinked_count;
} config_identities;

/* Which of the rows with one id counts. */
typedef enum config_duplicates {
    DUPLICATES_FIRST,
    DUPLICATES_LAST,
    DUPLICATES_REFUSE /* the first; the others are refused */
} config_duplicates;

/* How often a connector is tried that says that the same may go well later. */
typedef struct config_retry {
    int64_t attempts; /* in all */
    int64_t longest_wait_seconds;
} config_retry;

typedef struct config_source {
    config_text name, plugin;
    config_cleaning clean; /* of all fields */
    const struct format_part
        *format; /* whose mapping counts where the source says none */
    span format_where;
    config_mapping person, id, time, event; /* from.text NULL: not given */
    bool is_id_optional;                    /* rows may lack the id's fields */
    config_text *command; /* the words of a program whose output is read, not files */
    size_t command_count;
    config_text
        *person_fields; /* the first that is there; `from` of the person is the first */
    size_t person_field_count;
    config_text *id_fields; /* all of the id; its `from` is the first */
    size_t id_field_count;
    config_duplicates duplicates;
    config_identity *identities;
    size_t identity_count;
    /* The kind of each row: fixed (one rule without conditions), by a column
     * (`event`, with names), or the first rule that holds. All empty: rows bring
     * traits only. */
    bool has_plain_names; /* a text of the column stands for the kind of its plain name */
    config_text *ignored; /* patterns of its texts, whose rows are left out */
    size_t ignored_count;
    config_event_name *event_names;
    size_t event_name_count;
    config_event_rule *event_rules;
    size_t event_rule_count;
    /* Rows to leave out on purpose: any of these rules (their names are empty). */
    config_event_rule *skip_rules;
    size_t skip_rule_count;
    config_mapping *properties, *traits; /* only what is not `name: name` need be given */
    size_t property_count, trait_count;
    int64_t refused_limit; /* as in config_limits; LIMIT_NONE: that of the project */
    config_retry retry;
    int64_t isolation_seconds;     /* that its process may be silent; 0: it has none */
    bool is_appended;              /* `mode: append`, for what is no file */
    bool has_properties;           /* a `properties:` key was given, empty or not */
    yaml_node *node;               /* the whole mapping, for the plugin's own options */
    const struct project *project; /* that it is of; NULL: of none */
} config_source;

/* A column of an output: `phone`, or {name: Phone, from: phone, normalise: phone, hash:
 * sha256}. */
typedef struct config_column {
    config_text from; /* what stands in it: a trait, a score, person, segment, ... */
    config_text name; /* what it is called */
    config_text format, zone; /* of times and dates; text NULL: none */
    normal_form form;
    bool is_hashed;
    span where;
} config_column;

/* Which changes an output has. */
typedef enum config_changes {
    CHANGES_NONE, /* it has members, not changes */
    CHANGES_ALL,
    CHANGES_ADDITIONS, /* those who entered */
    CHANGES_REMOVALS   /* those who left */
} config_changes;

/* `ads: {given: opted_in, withdrawn: opted_out}`: by what people say that their data may be
 * used for a purpose. */
typedef struct config_consent {
    config_text purpose;
    config_text trait;            /* text NULL: it is said by events, or */
    config_text given, withdrawn; /* text NULL: it is a trait, or */
    bool is_everyone;             /* nobody is asked */
    bool is_broken;
    span where;
} config_consent;

/* People whom outputs leave out. */
typedef struct config_suppress {
    config_text name, path; /* of a file with ids, or hashes of them; text NULL: none */
    config_text of;         /* the trait that the file holds; text NULL: it is ids */
    config_text segment;    /* text NULL: none */
    span where;
} config_suppress;

typedef struct config_output {
    config_text name, plugin;
    config_text *segments; /* none: all, unless scores or columns are named */
    size_t segment_count;
    config_text *scores;
    size_t score_count;
    config_column *columns;
    size_t column_count;
    bool is_exact; /* the table has just these columns; else they are traits that stand
                           behind its own */
    config_text
        *command; /* the words of a program that reads what would stand in a file */
    size_t command_count;
    config_text preset;        /* "google_customer_match"; NULL: none */
    const char *phone_country; /* of phones without the code of one; NULL: nobody says */
    bool is_wide;              /* a row a person, not a row a membership or value */
    bool
        is_changes; /* a row for each one who entered, left or moved: `changes` of them */
    config_changes changes;
    span changes_where;
    config_text purpose; /* what it is for; text NULL: nobody says */
    config_suppress *suppress;
    size_t suppress_count;
    int64_t least_people; /* in a segment; 0: any number */
    int64_t
        most_changes; /* the share of people who may change at once; LIMIT_NONE: any */
    span most_changes_where;
    config_retry retry;
    int64_t isolation_seconds; /* as of sources */
    yaml_node *node;
} config_output;

/* How much may go wrong in a run. Shares are in millionths, or LIMIT_NONE. */
#define MILLIONTHS 1000000
#define LIMIT_NONE INT64_C(-1)

typedef struct config_limits {
    int64_t refused;       /* of a source's rows; LIMIT_NONE: all but the last one */
    int64_t script_errors; /* of a function's calls */
    int64_t people;        /* as many there have to be */
    int64_t list_rows, list_bytes; /* of the list of refused rows */
} config_limits;

/* `keep: {page_view: 400 days}` */
typedef struct config_keep {
    config_text kind, length; /* length.text NULL: it is no text */
} config_keep;

/* A value of a person that a chance depends on: `silent: time since last purchase`. */
typedef struct config_feature {
    config_text name, value; /* in the words of the rules */
} config_feature;

enum { FIT_MOST_FEATURES = 30 };

/* What a model is fitted to: `buying: {model: bg_nbd, events: purchase}` (fits.h). */
typedef struct config_fit {
    config_text name, model;
    int rows;                            /* what the model knows of a person */
    config_text events, amount;          /* in the words of the rules */
    const char *count, *orders, *period; /* one of the words that there are */
    config_text from, to, test_to;       /* instants; text NULL: none */
    config_text file;                    /* seen from the project */
    /* Of chances and uplifts: */
    config_text label, among, against, treatment;
    const char *method; /* of uplifts: one of the words */
    double held_back;   /* the share of people who are tested with; 0: "test" has dates */
    config_feature *features;
    size_t feature_count;
    config_text *train, *test, *trusted;
    size_t train_count, test_count, trusted_count;
    double penalty;
} config_fit;

typedef struct project {
    const char *directory;
    source *file;
    config_text name, time_zone; /* defaults: none, "UTC" */
    weekday week_start;
    config_text *rule_patterns, *script_patterns; /* as written, wildcards and all */
    size_t rule_pattern_count, script_pattern_count;
    config_text *rules; /* files, sorted and distinct */
    size_t rule_count;
    config_kind *kinds;
    size_t kind_count;
    config_field *traits;
    size_t trait_count;
    config_keep *keeps;
    size_t keep_count;
    config_source *sources;
    size_t source_count;
    config_output *outputs;
    size_t output_count;
    config_consent *consents; /* by purpose */
    size_t consent_count;
    bool has_consent;          /* then every output says what it is for */
    config_suppress *suppress; /* of all outputs */
    size_t suppress_count;
    config_text *scripts; /* Lua files */
    size_t script_count;
    int64_t script_memory_bytes, script_call_microseconds; /* limits, with defaults */
    bool stops_at_script_error; /* a run ends where a function fails for somebody */
    int64_t memory_bytes;       /* that loading into a store may take for rows */
    config_limits limits;
    config_fit *fits;
    size_t fit_count;
    config_cleaning clean, clean_person; /* of all fields; of the ids of people */
    config_identities identities;
    config_field_cleaning *clean_fields;
    size_t clean_field_count;
    config_text *accepted; /* notes on the data that the project knows of */
    size_t accepted_count;
    pattern **patterns; /* of `replace`; released by project_free */
    size_t pattern_count, pattern_capacity;
    config_text store;         /* the folder of the store; NULL: none */
    bool is_store_named;       /* the project file says something about it */
    config_text account_trait; /* of whom "for each account" is */
    config_text session_gap;   /* a duration: "30 minutes" */
    config_text keep_runs;     /* a duration, or "none" */
    config_text *plugin_directories;
    size_t plugin_directory_count;
    arena *memory; /* owns all of the above */
} project;

/* Keys of a source or output that the host reads; the rest are the plugin's options. */
extern const char *const project_source_keys[];
extern const char *const project_output_keys[];

/* Read PROJECT_FILE_NAME in `directory`. Reports every mistake; returns NULL only when
 * there is no readable file, else what could be read, so that later checks can go on. */
project *project_open(const char *directory, diags *diags);

/* Accepts NULL. The spans in `diags` point into the project's sources: print first. */
void project_free(project *p);

#endif
