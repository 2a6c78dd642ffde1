/* SPDX-License-Identifier: MIT
 *
 * One paragraph a rule: what is different, who enters and leaves and why, its last weeks, and
 * what depends on it.
 */
#include "app/differences.h"

#include <stdio.h>
#include <string.h>

#include "app/say.h"
#include "base/memory.h"
#include "report/chart.h"
#include "report/json.h"
#include "report/table.h"
#include "report/terminal.h"
#include "value/value.h"

/* How the parts of a paragraph are set. */
typedef struct style {
    const char *item;            /* before each line of a rule */
    const char *code, *code_end; /* around names and conditions */
} style;

static const style plain = {"  ", "", ""}, markdown = {"- ", "`", "`"};

/* ---- words ------------------------------------------------------------------------- */

static void append_count(text *out, size_t count)
{
    char buffer[28];
    text_append(out, format_count(count, buffer));
}

static const char *word_of_population(const rule_difference *d, size_t count)
{
    if (d->is_of_accounts)
        return count == 1 ? "account" : "accounts";
    return count == 1 ? "person" : "people";
}

static void append_names(const style *s, const name_list *names, text *out)
{
    for (size_t i = 0; i < names->count; i++)
        text_append_format(out, "%s%s%s%s", i > 0 ? ", " : "", s->code, names->items[i],
                           s->code_end);
}

/* The file as it is seen from the project, when that was extracted from a revision. */
static const char *file_of(const differences *d, const ast_decl *decl)
{
    const char *file = source_name(decl->where.file);
    for (size_t i = 0; i < 2; i++) {
        size_t size = d->extracted[i] ? strlen(d->extracted[i]) : 0;
        if (size > 0 && strncmp(file, d->extracted[i], size) == 0 && file[size] == '/')
            return file + size + 1;
    }
    return file;
}

static void append_place(const differences *d, const ast_decl *decl, text *out)
{
    text_append_format(out, "%s:%u", file_of(d, decl),
                       source_place(decl->where.file, decl->where.begin).line);
}

/* "changed", "renamed from x", "changed, since spent changed". */
static void append_kind(const style *s, const rule_difference *d, text *out)
{
    text_append(out, difference_words[d->kind]);
    if (d->kind == DIFFERENCE_RENAMED)
        text_append_format(out, " from %s%s%s", s->code, d->path_before, s->code_end);
    if (d->kind != DIFFERENCE_CHANGED || d->is_own)
        return;
    text_append(out, " by ");
    if (d->causes.count > 0)
        append_names(s, &d->causes, out);
    else
        text_append(out, "a file or a setting that it uses");
}

/* In Markdown an id is code, fenced by more backticks than stand in it, so that nothing of it
 * is taken for a sign of the page. */
static void append_id(const style *s, slice id, text *out)
{
    size_t fence = 1;
    if (s != &markdown) {
        say_id(id, out);
        return;
    }
    for (size_t i = 0, run = 0; i < id.size; i++) {
        run = id.data[i] == '`' ? run + 1 : 0;
        fence = run + 1 > fence ? run + 1 : fence;
    }
    const char *blank = fence > 1 ? " " : "";
    text_append_repeat(out, "`", fence);
    text_append(out, blank);
    terminal_append_safe(out, id);
    text_append(out, blank);
    text_append_repeat(out, "`", fence);
}

/* ---- who enters and leaves ---------------------------------------------------------- */

/* What keeps the first of them out, where they are not in: "was" or "is". */
static void append_why(const style *s, const moved_people *m, const char *out_where,
                       text *out)
{
    const reason_line *why = &m->why;
    if (!why->condition && !why->group)
        return;
    text_append_format(out, "  %s", s->item);
    append_id(s, m->examples[0], out);
    if (why->group)
        text_append_format(out, " %s in a group above: %s%s%s\n", out_where, s->code,
                           why->group, s->code_end);
    else
        text_append_format(out, " %s kept out by %s%s%s\n", out_where, s->code,
                           why->condition, s->code_end);
}

static void append_moved(const style *s, const rule_difference *d, const moved_people *m,
                         const char *verb, const char *out_where, text *out)
{
    if (m->count == 0)
        return;
    text_append(out, s->item);
    append_count(out, m->count);
    text_append_format(out, " %s %s: ", word_of_population(d, m->count), verb);
    for (size_t i = 0; i < m->example_count; i++) {
        text_append(out, i > 0 ? ", " : "");
        append_id(s, m->examples[i], out);
    }
    text_append(out, m->count > m->example_count ? ", ...\n" : "\n");
    append_why(s, m, out_where, out);
}

static void append_weeks(const style *s, const comparison *c, const char *word,
                         const size_t *sizes, text *out)
{
    if (!sizes || c->instant_count < 2)
        return;
    double *values = memory_alloc_array(c->instant_count, sizeof *values);
    for (size_t i = 0; i < c->instant_count; i++)
        values[i] = (double)sizes[i];
    text_append_format(out, "%s%s ", s->item, word);
    append_count(out, sizes[0]);
    text_append_char(out, ' ');
    chart_append_sparkline(values, c->instant_count, terminal_has_utf8(), out);
    text_append_char(out, ' ');
    append_count(out, sizes[c->instant_count - 1]);
    text_append_format(out, " in the last %zu weeks\n", c->instant_count - 1);
    memory_free(values);
}

static void append_size(const rule_difference *d, text *out)
{
    bool has_both = d->path_before && d->kind != DIFFERENCE_REMOVED;
    text_append(out, ": ");
    if (has_both && d->size_before != d->size) {
        append_count(out, d->size_before);
        text_append(out, " to ");
    }
    size_t size = d->kind == DIFFERENCE_REMOVED ? d->size_before : d->size;
    append_count(out, size);
    text_append_format(out, " %s",
                       d->is_score ? "with a value" : word_of_population(d, size));
    text_append(out, has_both && d->size_before == d->size ? ", as many as before" : "");
}

static bool has_same_weeks(const comparison *c, const rule_difference *d)
{
    return d->sizes_before && d->sizes &&
           memcmp(d->sizes_before, d->sizes, c->instant_count * sizeof *d->sizes) == 0;
}

static void append_both_weeks(const style *s, const comparison *c,
                              const rule_difference *d, text *out)
{
    if (has_same_weeks(c, d)) {
        append_weeks(s, c, "before and now:", d->sizes, out);
        return;
    }
    append_weeks(s, c, d->sizes ? "before:" : "it had", d->sizes_before, out);
    append_weeks(s, c, d->sizes_before ? "now:   " : "it has", d->sizes, out);
}

/* Who moves, in words where nobody does. */
static void append_members(const style *s, const rule_difference *d, text *out)
{
    append_moved(s, d, &d->entered, d->entered.count == 1 ? "enters" : "enter", "was",
                 out);
    append_moved(s, d, &d->left, d->left.count == 1 ? "leaves" : "leave", "is", out);
    if (d->kind == DIFFERENCE_RENAMED)
        text_append_format(out, "%sit means what it meant: %s\n", s->item,
                           d->is_score ? "values are as they were"
                                       : "nobody enters or leaves");
    else if (d->kind == DIFFERENCE_CHANGED && !d->is_score &&
             d->entered.count + d->left.count == 0)
        text_append_format(out, "%snobody enters or leaves\n", s->item);
}

static void append_rule(const style *s, const differences *all, const rule_difference *d,
                        text *out)
{
    const comparison *c = all->comparison;
    text_append_format(out, "%s%s%s%s ", s == &markdown ? "### " : "", s->code, d->path,
                       s->code_end);
    append_kind(s, d, out);
    if (d->kind != DIFFERENCE_RENAMED)
        append_size(d, out);
    text_append(out, s == &markdown ? "\n\n" : "\n");
    if (d->is_score && d->differing > 0) {
        text_append(out, s->item);
        append_count(out, d->differing);
        text_append_format(out, " %s another value\n",
                           d->differing == 1 ? "has" : "have");
    }
    append_members(s, d, out);
    append_both_weeks(s, c, d, out);
    if (d->rules.count > 0) {
        text_append_format(out, "%srules that depend on it: ", s->item);
        append_names(s, &d->rules, out);
        text_append_char(out, '\n');
    }
    if (d->outputs.count > 0) {
        text_append_format(out, "%soutputs that write it: ", s->item);
        append_names(s, &d->outputs, out);
        text_append_char(out, '\n');
    }
    text_append_format(out, "%s", s->item);
    append_place(all, d->decl ? d->decl : d->before, out);
    text_append(out, "\n\n");
}

static void append_foot(const comparison *c, const zone *zone, text *out)
{
    size_t kinds[4] = {0};
    for (size_t i = 0; i < c->count; i++)
        kinds[c->items[i].kind]++;
    bool is_first = true;
    for (size_t k = 0; k < 4; k++) {
        if (kinds[k] == 0)
            continue;
        text_append_format(out, "%s%zu %s", is_first ? "" : ", ", kinds[k],
                           difference_words[k]);
        is_first = false;
    }
    text_append_format(out, "%s%zu unchanged", is_first ? "" : ", ", c->unchanged);
    if (c->instant_count > 0) {
        text_append(out, "; judged as of ");
        value_append_time(c->as_of, zone, out);
        text_append(out, " over ");
        format_append_counted(c->people, "person", "people", out);
    }
    text_append_char(out, '\n');
}

void differences_append_project(const project_change *c, text *out)
{
    text_append(out, c->key);
    if (!c->before)
        text_append(out, " is new");
    else if (!c->now)
        text_append(out, " is gone");
    else
        text_append_format(out, " is %s, and was %s", *c->now ? c->now : "a record",
                           *c->before ? c->before : "a record");
    if (!c->before && *c->now)
        text_append_format(out, ": %s", c->now);
}

/* Data are read in one way for both sides, so what this changes is no one's difference. */
static void append_project(const style *s, const differences *d, text *out)
{
    const project_changes *p = d->project;
    for (size_t i = 0; i < p->count; i++) {
        text_append_format(out, "%s%s", s == &markdown ? s->item : "", "carpel.yaml: ");
        differences_append_project(&p->items[i], out);
        text_append_char(out, '\n');
    }
    if (p->count > 0)
        text_append(out, "Both sides are judged over the data as carpel.yaml reads them "
                         "now.\n\n");
}

static void append_text(const style *s, const differences *d, text *out)
{
    const comparison *c = d->comparison;
    if (s == &markdown)
        text_append(out, c->count > 0 ? "## What the change of the rules changes\n\n"
                                      : "## No rule means anything else\n\n");
    append_project(s, d, out);
    for (size_t i = 0; i < c->count; i++)
        append_rule(s, d, &c->items[i], out);
    append_foot(c, d->zone, out);
}

/* ---- JSON ----------------------------------------------------------------------------- */

static void write_text(json_writer *w, const char *key, const char *value)
{
    json_key(w, key);
    json_string(w, value);
}

static void write_int(json_writer *w, const char *key, size_t value)
{
    json_key(w, key);
    json_int(w, (int64_t)value);
}

static void write_names(json_writer *w, const char *key, const name_list *names)
{
    json_key(w, key);
    json_array_begin(w);
    for (size_t i = 0; i < names->count; i++)
        json_string(w, names->items[i]);
    json_array_end(w);
}

static void write_moved(json_writer *w, const char *key, const moved_people *m)
{
    json_key(w, key);
    json_object_begin(w);
    write_int(w, "count", m->count);
    json_key(w, "examples");
    json_array_begin(w);
    for (size_t i = 0; i < m->example_count; i++)
        json_text(w, m->examples[i]);
    json_array_end(w);
    write_text(w, "reason", m->why.condition);
    write_text(w, "group", m->why.group);
    json_object_end(w);
}

static void write_sizes(json_writer *w, const comparison *c, const char *key,
                        const size_t *sizes)
{
    json_key(w, key);
    if (!sizes) {
        json_null(w);
        return;
    }
    json_array_begin(w);
    for (size_t i = 0; i < c->instant_count; i++)
        json_int(w, (int64_t)sizes[i]);
    json_array_end(w);
}

static void write_rule(json_writer *w, const differences *all, const rule_difference *d)
{
    const comparison *c = all->comparison;
    const ast_decl *decl = d->decl ? d->decl : d->before;
    json_object_begin(w);
    write_text(w, "name", d->path);
    write_text(w, "change", difference_words[d->kind]);
    write_text(w, "name_before", d->path_before);
    json_key(w, "own");
    json_bool(w, d->is_own);
    write_names(w, "causes", &d->causes);
    if (d->kind != DIFFERENCE_RENAMED) {
        write_int(w, "size_before", d->size_before);
        write_int(w, "size", d->size);
    }
    if (d->is_score)
        write_int(w, "other_values", d->differing);
    else if (d->kind != DIFFERENCE_RENAMED) {
        write_moved(w, "entered", &d->entered);
        write_moved(w, "left", &d->left);
        write_sizes(w, c, "weeks_before", d->sizes_before);
        write_sizes(w, c, "weeks", d->sizes);
    }
    write_names(w, "rules", &d->rules);
    write_names(w, "outputs", &d->outputs);
    write_text(w, "file", file_of(all, decl));
    write_int(w, "line", source_place(decl->where.file, decl->where.begin).line);
    json_object_end(w);
}

static void write_project(json_writer *w, const project_changes *p)
{
    json_key(w, "project");
    json_array_begin(w);
    for (size_t i = 0; i < p->count; i++) {
        json_object_begin(w);
        write_text(w, "key", p->items[i].key);
        write_text(w, "before", p->items[i].before);
        write_text(w, "now", p->items[i].now);
        json_object_end(w);
    }
    json_array_end(w);
}

static void append_json(const differences *d, text *out)
{
    const comparison *c = d->comparison;
    json_writer w;
    text as_of;
    text_init(&as_of);
    if (c->instant_count > 0)
        value_append_time(c->as_of, d->zone, &as_of);
    json_begin(&w, out);
    json_object_begin(&w);
    write_text(&w, "as_of", c->instant_count > 0 ? as_of.data : NULL);
    json_key(&w, "people");
    if (c->instant_count > 0)
        json_int(&w, (int64_t)c->people);
    else
        json_null(&w);
    write_int(&w, "unchanged", c->unchanged);
    write_project(&w, d->project);
    json_key(&w, "rules");
    json_array_begin(&w);
    for (size_t i = 0; i < c->count; i++)
        write_rule(&w, d, &c->items[i]);
    json_array_end(&w);
    json_object_end(&w);
    json_end(&w);
    text_done(&as_of);
}

int differences_print(const differences *d, const command_line *line)
{
    text out;
    text_init(&out);
    if (line->json)
        append_json(d, &out);
    else if (line->csv)
        differences_append_csv(d->comparison, &out);
    else
        append_text(line->markdown ? &markdown : &plain, d, &out);
    int code = say_result(&out);
    text_done(&out);
    return code;
}
