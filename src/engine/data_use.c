/* SPDX-License-Identifier: MIT
 *
 * What is read of people, how long it is kept, and who gets it, as the project says: what a
 * privacy page has to tell.
 */
#include <string.h>

#include "base/memory.h"
#include "config/project.h"
#include "engine/engine.h"
#include "engine/parts.h"
#include "engine/purposes.h"

/* ---- what is read -------------------------------------------------------------- */

typedef struct listing {
    text *out;
    const char *source;
} listing;

static void list_field(void *context, const engine_field *f)
{
    listing *l = context;
    if (!l->source || strcmp(l->source, f->source) != 0)
        text_append_format(l->out, "  %s:", f->source);
    text_append_format(l->out, "%s %s",
                       l->source && strcmp(l->source, f->source) == 0 ? "," : "",
                       f->name);
    l->source = f->source;
}

static void list_read(const engine *e, text *out)
{
    text_append(out, "What is read\n");
    for (size_t i = 0; i < e->project->source_count; i++) {
        listing l = {.out = out};
        engine_list_fields(e, e->sources[i].name, list_field, &l);
        text_append(out, l.source ? "\n" : "");
    }
}

/* ---- how long it is kept ---------------------------------------------------------- */

static const char *kept_for(const engine *e, const char *kind)
{
    for (size_t i = 0; i < e->project->keep_count; i++)
        if (e->project->keeps[i].length.text &&
            strcmp(e->project->keeps[i].kind.text, kind) == 0)
            return e->project->keeps[i].length.text;
    return "for as long as the sources and the store have them";
}

static void list_kept(const engine *e, text *out)
{
    const project *p = e->project;
    text_append(out, "\nHow long it is kept\n");
    for (size_t i = 0; i < e->schema->kind_count; i++)
        text_append_format(out, "  %s: %s\n", e->schema->kinds[i].name,
                           kept_for(e, e->schema->kinds[i].name));
    if (e->schema->trait_count > 0)
        text_append(out,
                    "  traits: for as long as the sources and the store have them\n");
    text_append_format(out, "  who was in which segment: %s\n",
                       e->keep_runs == 0   ? "not at all"
                       : p->keep_runs.text ? p->keep_runs.text
                                           : "400 days");
    if (p->store.text)
        text_append_format(out, "  the store is \"%s\"\n", p->store.text);
}

/* ---- who gets it -------------------------------------------------------------------- */

static void list_names(const char *what, const config_text *names, size_t count,
                       text *out)
{
    for (size_t i = 0; i < count; i++)
        text_append_format(out, "%s%s", i == 0 ? what : ", ", names[i].text);
    text_append(out, count > 0 ? "\n" : "");
}

static void list_column(const config_column *c, text *out)
{
    bool is_person = strcmp(c->from.text, "person") == 0;
    text_append_format(out, "%s%s", is_person ? "the id of the person" : c->from.text,
                       c->is_hashed ? " (SHA-256)" : "");
}

/* A table that does not name them all has the id of the person by itself. */
static void list_columns(const config_output *o, text *out)
{
    text_append(out, "    columns: ");
    if (!o->is_exact)
        text_append(out, "the id of the person");
    for (size_t i = 0; i < o->column_count; i++) {
        text_append(out, i > 0 || !o->is_exact ? ", " : "");
        list_column(&o->columns[i], out);
    }
    text_append_char(out, '\n');
}

static void list_consent(const engine *e, const config_output *o, text *out)
{
    const config_consent *c = purposes_consent(e, o);
    if (!o->purpose.text)
        return;
    text_append_format(out, "    for: %s", o->purpose.text);
    if (c && c->is_everyone)
        text_append(out, ", of everybody");
    else if (c && c->trait.text)
        text_append_format(out, ", of those whose \"%s\" is true", c->trait.text);
    else if (c)
        text_append_format(out,
                           ", of those whose last \"%s\" is later than the last \"%s\"",
                           c->given.text, c->withdrawn.text);
    text_append_char(out, '\n');
}

static void list_left_out(const config_suppress *all, size_t count, text *out)
{
    for (size_t i = 0; i < count; i++)
        text_append_format(out, "    but for: %s \"%s\"\n",
                           all[i].segment.text ? "the segment" : "the list",
                           all[i].segment.text ? all[i].segment.text : all[i].name.text);
}

static void list_place(const config_output *o, text *out)
{
    const yaml_node *path = yaml_get(o->node, "path");
    text_append_format(out, "  %s: %s", o->name.text, o->plugin.text);
    if (path && path->kind == YAML_SCALAR && !path->is_broken)
        text_append_format(out, ", \"%s\"", path->text);
    if (o->command_count > 0)
        text_append_format(out, ", the program \"%s\"", o->command[0].text);
    text_append_char(out, '\n');
}

static void list_output(const engine *e, const config_output *o, text *out)
{
    const project *p = e->project;
    list_place(o, out);
    list_consent(e, o, out);
    list_left_out(p->suppress, p->suppress_count, out);
    list_left_out(o->suppress, o->suppress_count, out);
    list_names("    segments: ", o->segments, o->segment_count, out);
    list_names("    scores: ", o->scores, o->score_count, out);
    list_columns(o, out);
}

void engine_explain_use(const engine *e, text *out)
{
    const project *p = e->project;
    list_read(e, out);
    list_kept(e, out);
    text_append(out, "\nWho gets it\n");
    if (p->output_count == 0)
        text_append(out, "  nobody: the project has no outputs\n");
    for (size_t i = 0; i < p->output_count; i++)
        list_output(e, &p->outputs[i], out);
}
