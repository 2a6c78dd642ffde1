/* SPDX-License-Identifier: MIT
 *
 * A draft as carpel.yaml, with a comment where somebody has to decide.
 */
#include <string.h>

#include "look/by_format.h"
#include "look/draft.h"
#include "report/yaml_text.h"

static void append_text(const char *s, text *out)
{
    yaml_append_text(out, slice_of(s));
}

static void append_key(const char *key, const char *value, text *out)
{
    text_append_format(out, "    %s: ", key);
    append_text(value, out);
    text_append_char(out, '\n');
}

/* ---- kinds and traits --------------------------------------------------------------- */

/* Somebody has to mend them, or to say how they are read. */
static void append_misfits(const look_column *c, text *out)
{
    if (!c || c->misfit_count == 0)
        return;
    text_append(out, "   # ");
    look_column_append_misfits(c, out);
}

static void append_types(const draft_fields *fields, const char *indent, text *out)
{
    for (size_t i = 0; i < fields->count; i++) {
        const draft_field *f = &fields->items[i];
        text_append_format(out, "%s%s:", indent, f->name);
        if (f->item_count == 0)
            text_append_format(out, " %s", f->type);
        if (strcmp(f->type, "string") != 0)
            append_misfits(f->misfit, out);
        text_append_char(out, '\n');
        for (size_t k = 0; k < f->item_count; k++)
            text_append_format(out, "%s  %s %s: %s\n", indent, k == 0 ? "-" : " ",
                               f->items[k].name, f->items[k].type);
    }
}

static void append_kinds(const draft *d, text *out)
{
    if (d->kind_count > 0)
        text_append(out, "\nevents:\n");
    for (size_t i = 0; i < d->kind_count; i++) {
        const draft_kind *k = &d->kinds[i];
        text_append_format(out, "  %s:%s", k->name, k->fields.count == 0 ? " {}" : "");
        if (k->row_count > 0)
            text_append_format(out, "   # %llu row%s", (unsigned long long)k->row_count,
                               k->row_count == 1 ? "" : "s");
        text_append_char(out, '\n');
        append_types(&k->fields, "    ", out);
    }
    if (d->traits.count > 0)
        text_append(out, "\ntraits:\n");
    append_types(&d->traits, "  ", out);
}

/* ---- sources ---------------------------------------------------------------------------- */

/* With `each` an item stands in the place of its list. */
static void append_place_of_item(const draft_source *s, const char *from, text *out)
{
    const char *list = s->each ? strstr(from, "[]") : NULL;
    text_append_bytes(out, from, list ? (size_t)(list - from) : strlen(from));
    text_append(out, list ? list + 2 : "");
}

static void append_from(const draft_source *s, const char *from, text *out)
{
    text place;
    text_init(&place);
    append_place_of_item(s, from, &place);
    append_text(place.data, out);
    text_done(&place);
}

/* Options that are true or false are no texts. */
static void append_option(const look_option *option, text *out)
{
    bool is_truth =
        strcmp(option->value, "true") == 0 || strcmp(option->value, "false") == 0;
    if (is_truth)
        text_append_format(out, "    %s: %s\n", option->name, option->value);
    else
        append_key(option->name, option->value, out);
}

static void append_options(const draft_source *s, text *out)
{
    const look_file *f = s->file;
    append_key("plugin", f->plugin, out);
    if (f->asked)
        text_append(out, f->asked->settings);
    else
        append_key("files", f->path, out);
    for (size_t i = 0; i < f->option_count; i++)
        append_option(&f->options[i], out);
    if (s->each)
        append_key("each", s->each, out);
    if (s->format)
        append_key("format", s->format->a, out);
}

static void append_doubled(const draft_source *s, text *out)
{
    for (size_t i = 0; i < s->file->doubled_count; i++) {
        text_append(out, "    # several columns are called ");
        yaml_append_quoted(out, slice_of(s->file->doubled[i]));
        text_append(out, ", so none of them can be taken\n");
    }
}

/* What would join the ids that rows of a format name. */
static void append_identities(const draft_source *s, text *out)
{
    const format_part *p = s->format ? format_row(s->format, FORMAT_IDENTITIES, 0) : NULL;
    if (p)
        text_append_format(out,
                           "    # identities: {%s}   # makes one person of the ids that "
                           "a row names\n",
                           p->a);
}

static void append_persons(const draft_source *s, text *out)
{
    if (by_format_persons(s)) {
        append_identities(s, out);
        return;
    }
    text_append(out, s->person_count > 1 ? "    person: [" : "    person: ");
    for (size_t i = 0; i < s->person_count; i++) {
        text_append(out, i > 0 ? ", " : "");
        append_from(s, s->persons[i], out);
    }
    text_append(out, s->person_count > 1 ? "]\n" : "\n");
}

static bool is_more_than_field(const draft_field *f)
{
    return f->format || f->is_cents || f->decimal || f->thousands || f->money_sign;
}

/* "field" or {from: field, format: "..."}. */
static void append_place(const draft_source *s, const draft_field *f, text *out)
{
    if (!is_more_than_field(f)) {
        append_from(s, f->from, out);
        return;
    }
    text_append(out, "{from: ");
    append_from(s, f->from, out);
    if (f->format) {
        text_append(out, f->has_iso ? ", format: [" : ", format: ");
        append_text(f->format, out);
        text_append(out, f->has_iso ? ", iso]" : "");
    }
    if (f->money_sign)
        text_append_format(out, ", replace: {\" *[%s] *\": \"\"}", f->money_sign);
    if (f->thousands)
        text_append_format(out, ", thousands: \"%c\"", f->thousands);
    if (f->decimal)
        text_append_format(out, ", decimal: \"%c\"", f->decimal);
    text_append(out, f->is_cents ? ", unit: cents}" : "}");
}

static void append_doubt(const char *other, text *out)
{
    if (other) {
        text_append(out, "   # or ");
        append_text(other, out);
        text_append(out, "? all values fit both");
    }
    text_append_char(out, '\n');
}

static void append_time(const draft_source *s, text *out)
{
    if (!s->time || by_format_time(s))
        return;
    const look_column *c = look_file_column(s->file, s->time);
    const draft_field time = {
        .from = s->time, .format = s->time_format, .has_iso = s->time_has_iso};
    text_append(out, "    time: ");
    append_place(s, &time, out);
    append_misfits(c, out);
    append_doubt(s->time_other_format, out);
}

static void append_condition(const draft_source *s, const draft_rule *rule, text *out)
{
    text place;
    text_init(&place);
    append_place_of_item(s, rule->field, &place);
    text_append_char(out, '{');
    yaml_append_key(out, slice_of(place.data), NULL);
    append_text(rule->text, out);
    text_append_char(out, '}');
    text_done(&place);
}

/* The field names the kind, with the names that are other ones here. */
static void append_event_names(const draft_source *s, text *out)
{
    bool is_first = true;
    text_append(out, "    event:\n      from: ");
    append_from(s, s->event, out);
    text_append_char(out, '\n');
    for (size_t i = 0; i < s->rule_count; i++) {
        if (strcmp(s->rules[i].text, s->rules[i].kind) == 0)
            continue;
        text_append(out, is_first ? "      names:\n        " : "        ");
        yaml_append_key(out, slice_of(s->rules[i].text), "        ");
        text_append_format(out, "%s\n", s->rules[i].kind);
        is_first = false;
    }
}

/* Texts that the format takes for other kinds, or for none. */
static void append_names_beside_format(const draft_source *s, text *out)
{
    bool is_first = true;
    for (size_t i = 0; i < s->rule_count; i++) {
        if (by_format_name(s, &s->rules[i]))
            continue;
        text_append(out, is_first ? "    event:\n      names:\n        " : "        ");
        yaml_append_key(out, slice_of(s->rules[i].text), "        ");
        text_append_format(out, "%s\n", s->rules[i].kind);
        is_first = false;
    }
}

static void append_event(const draft_source *s, text *out)
{
    if (s->format) {
        append_names_beside_format(s, out);
    } else if (s->event) {
        append_event_names(s, out);
    } else if (s->rule_count == 1 && !s->rules[0].field) {
        append_key("event", s->rules[0].kind, out);
    } else if (s->rule_count > 0) {
        text_append(out, "    event:\n");
        for (size_t i = 0; i < s->rule_count; i++) {
            text_append_format(out, "      - {name: %s", s->rules[i].kind);
            if (s->rules[i].field) {
                text_append(out, ", when: ");
                append_condition(s, &s->rules[i], out);
            }
            text_append(out, "}\n");
        }
    }
}

static void append_skips(const draft_source *s, text *out)
{
    if (s->skip_count > 0)
        text_append(out, "    skip:\n");
    for (size_t i = 0; i < s->skip_count; i++) {
        text_append(out, "      - ");
        append_condition(s, &s->skips[i], out);
        text_append_char(out, '\n');
    }
}

/* Items of a list are found under their own names, or told. */
static void append_item_places(const draft_source *s, const draft_field *f, text *out)
{
    for (size_t i = 0; i < f->item_count; i++) {
        const draft_field *item = &f->items[i];
        if (strcmp(item->name, item->from) == 0 && !is_more_than_field(item))
            continue;
        text_append_format(out, "      %s.%s: ", f->name, item->name);
        append_place(s, item, out);
        append_doubt(item->other_format, out);
    }
}

/* A property of the field's own name needs no line; traits are all named. */
static void append_mapping(const draft_source *s, const char *key,
                           const draft_fields *fields, bool are_traits, text *out)
{
    text lines;
    text_init(&lines);
    for (size_t i = 0; i < fields->count; i++) {
        const draft_field *f = &fields->items[i];
        format_row_kind kind = are_traits          ? FORMAT_TRAIT
                               : f->item_count > 0 ? FORMAT_LIST
                                                   : FORMAT_PROPERTY;
        bool is_found = s->format ? by_format_field(s, kind, f)
                                  : !are_traits && strcmp(f->name, f->from) == 0;
        if (!is_found || is_more_than_field(f)) {
            text_append_format(&lines, "      %s: ", f->name);
            append_place(s, f, &lines);
            append_doubt(f->other_format, &lines);
        }
        append_item_places(s, f, &lines);
    }
    if (lines.size > 0)
        text_append_format(out, "    %s:\n%s", key, lines.data);
    text_done(&lines);
}

static void append_source(const draft_source *s, text *out)
{
    text_append_format(out, "  - name: %s\n", s->name);
    append_doubled(s, out);
    append_options(s, out);
    append_persons(s, out);
    append_time(s, out);
    append_event(s, out);
    if (s->id && !s->format)
        append_key("id", s->id, out);
    append_skips(s, out);
    append_mapping(s, "properties", &s->properties, false, out);
    append_mapping(s, "traits", &s->traits, true, out);
}

/* What all columns together need. */
typedef struct needs {
    bool trims, folds, makes_whole;
    const char *missing[8];
    size_t missing_count;
} needs;

static void need_missing(needs *n, const char *word)
{
    for (size_t i = 0; i < n->missing_count; i++)
        if (strcmp(n->missing[i], word) == 0)
            return;
    if (n->missing_count < sizeof n->missing / sizeof *n->missing)
        n->missing[n->missing_count++] = word;
}

static void look_at_needs(const draft_source *s, needs *n)
{
    for (size_t i = 0; i < s->file->column_count; i++) {
        const look_column *c = s->file->columns[i];
        n->trims |= c->padded > 0 && (c->is_flat || !strchr(c->from, '['));
        if (c->missing_words > 0)
            need_missing(n, c->missing_word);
    }
    for (size_t i = 0; i < s->person_count; i++) {
        const look_column *c = look_file_column(s->file, s->persons[i]);
        n->folds |= c && c->are_emails && c->has_capitals;
        n->makes_whole |= c && c->may_be_number && c->has_point && c->scale == 0;
    }
}

static void append_cleaning(const draft *d, text *out)
{
    needs n = {0};
    for (size_t i = 0; i < d->source_count; i++)
        look_at_needs(&d->sources[i], &n);
    if (n.trims || n.folds || n.makes_whole || n.missing_count > 0)
        text_append(out, "\n# Done to all texts before they are read.\nclean:\n");
    if (n.trims)
        text_append(out, "  trim: true\n");
    for (size_t i = 0; i < n.missing_count; i++) {
        text_append(out, i == 0 ? "  missing: [" : ", ");
        yaml_append_quoted(out, slice_of(n.missing[i]));
    }
    text_append(out, n.missing_count > 0 ? "]\n" : "");
    if (n.folds || n.makes_whole)
        text_append_format(out, "  person: {%s%s%s}\n", n.folds ? "case: fold" : "",
                           n.folds && n.makes_whole ? ", " : "",
                           n.makes_whole ? "whole: true" : "");
}

void draft_append_yaml(const draft *d, const char *name, text *out)
{
    text_append(out, "name: ");
    append_text(name, out);
    text_append(out, "\n\n# Days, weeks and months begin by this zone's clock, and so do "
                     "times without a "
                     "zone.\ntime_zone: UTC\n");
    append_cleaning(d, out);
    append_kinds(d, out);
    text_append(out, "\nsources:\n");
    for (size_t i = 0; i < d->source_count; i++)
        append_source(&d->sources[i], out);
    text_append(out,
                "\noutputs:\n  - {name: members, plugin: csv, path: out/members.csv}\n");
}
