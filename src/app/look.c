/* SPDX-License-Identifier: MIT
 *
 * `carpel look FILE...`: what files of data have, and a draft of a project for them.
 */
#include <stdio.h>
#include <string.h>

#include "app/commands.h"
#include "app/looking.h"
#include "app/say.h"
#include "app/session.h"
#include "app/stop.h"
#include "report/json.h"
#include "report/table.h"
#include "report/terminal.h"

enum { EXAMPLES = 3, LONGEST_EXAMPLE = 40 };

/* ---- for people -------------------------------------------------------------------- */

static void append_examples(const look_column *c, text *out)
{
    for (uint32_t i = 0; i < EXAMPLES && i < dictionary_count(c->values); i++) {
        slice s = dictionary_text(c->values, i);
        bool is_long = s.size > LONGEST_EXAMPLE;
        text_append(out, i > 0 ? ", " : "");
        while (is_long && s.size > LONGEST_EXAMPLE)
            s.size--;
        while (is_long && s.size > 0 && ((unsigned char)s.data[s.size] & 0xc0) == 0x80)
            s.size--; /* not in the middle of a letter */
        terminal_append_safe(out, s);
        text_append(out, is_long ? "..." : "");
    }
}

/* "3 to 1250.5"; of texts nothing. */
static void append_range(const look_column *c, text *out)
{
    column_kind kind = column_kind_of(c);
    bool is_number =
        kind == COLUMN_INT || kind == COLUMN_DECIMAL || kind == COLUMN_NUMBER;
    if (!is_number || !c->may_be_number)
        return;
    text_append_format(out, "%.15g to %.15g", c->least, c->most);
}

static void add_column_row(table *t, const look_file *f, const look_column *c)
{
    text cell;
    char count[28];
    uint64_t rows = f->row_count - f->refused_count;
    text_init(&cell);
    table_cell(t, c->from);
    look_column_append_type(c, &cell);
    table_cell(t, cell.data);
    table_cell_format(t, "%.0f %%",
                      rows ? 100.0 * (double)c->row_count / (double)rows : 0.0);
    table_cell_format(t, "%s%s", c->has_more_values ? "over " : "",
                      format_count(look_column_distinct(c), count));
    text_clear(&cell);
    append_range(c, &cell);
    table_cell(t, cell.data);
    text_clear(&cell);
    append_examples(c, &cell);
    table_cell(t, cell.data);
    text_done(&cell);
}

static void append_columns(const look_file *f, text *out)
{
    table *t = table_new();
    table_column(t, "field", TABLE_LEFT);
    table_column(t, "type", TABLE_LEFT);
    table_column(t, "filled", TABLE_RIGHT);
    table_column(t, "different", TABLE_RIGHT);
    table_column(t, "range", TABLE_LEFT);
    table_column(t, "examples", TABLE_LEFT);
    for (size_t i = 0; i < f->column_count; i++)
        add_column_row(t, f, f->columns[i]);
    size_t width = terminal_is_interactive(stdout) ? terminal_width(stdout) : SIZE_MAX;
    table_append(t, out, width, terminal_has_utf8());
    table_free(t);
}

static void append_refused(const look_file *f, text *out)
{
    char count[28];
    text_append_format(out, "%s of them cannot be read",
                       format_count(f->refused_count, count));
    if (f->refused_reason)
        text_append_format(out, ", the first in line %llu: %s",
                           (unsigned long long)f->refused_line, f->refused_reason);
    text_append_char(out, '\n');
}

/* Of a source of the project: what of it was looked at. */
static void append_origin(const look_file *f, text *out)
{
    const look_asked *asked = f->asked;
    if (f->is_sample)
        text_append(out, "It cannot tell what fields there are; these are the ones that "
                         "carpel.yaml names.\n");
    else if (asked && asked->file_count == 1)
        text_append_format(out, "Its file is %s.\n", asked->file);
    else if (asked && asked->file)
        text_append_format(out, "Of its %zu files this is %s.\n", asked->file_count,
                           asked->file);
}

static void append_head(const look_file *f, text *out)
{
    char count[28];
    text_append_format(out, "%s: %s, %s row%s", f->path, f->plugin,
                       format_count(f->row_count, count), f->row_count == 1 ? "" : "s");
    for (size_t i = 0; i < f->option_count; i++)
        text_append_format(out, ", %s %s", f->options[i].name, f->options[i].value);
    text_append_char(out, '\n');
    append_origin(f, out);
    if (f->is_cut)
        text_append(out, "Only the beginning was looked at.\n");
    for (size_t i = 0; i < f->doubled_count; i++)
        text_append_format(out,
                           "Several columns are called \"%s\", so none of them can be "
                           "taken; rename all but one.\n",
                           f->doubled[i]);
    if (f->refused_count > 0)
        append_refused(f, out);
}

/* What may say who, when, what, and which row. */
static void append_roles(const look_file *f, text *out)
{
    look_roles roles = look_roles_of(f);
    for (look_role role = 0; role < ROLE_COUNT; role++) {
        const look_column *const *candidates = roles.candidates[role];
        if (!candidates[0])
            continue;
        text_append_format(out, "%s: %s", look_role_name(role), candidates[0]->from);
        for (size_t i = 1; i < ROLE_MOST_CANDIDATES && candidates[i]; i++)
            text_append_format(out, ", or %s", candidates[i]->from);
        text_append_char(out, '\n');
    }
}

static void append_misfits(const look_column *c, text *out)
{
    if (c->misfit_count == 0)
        return;
    text_append_format(out, "%s is ", c->from);
    look_column_append_type(c, out);
    text_append(out, ", but ");
    look_column_append_misfits(c, out);
    text_append_char(out, '\n');
}

/* What is odd about a column, and said in one line each. */
static void append_oddities(const look_file *f, text *out)
{
    for (size_t i = 0; i < f->column_count; i++) {
        const look_column *c = f->columns[i];
        char count[28];
        if (c->missing_words > 0)
            text_append_format(
                out, "%s: %s value%s %s \"%s\", which stands for nothing\n", c->from,
                format_count(c->missing_words, count), c->missing_words == 1 ? "" : "s",
                c->missing_words == 1 ? "is" : "are", c->missing_word);
        append_misfits(c, out);
        if (c->padded > 0)
            text_append_format(out, "%s: %s value%s blanks around\n", c->from,
                               format_count(c->padded, count),
                               c->padded == 1 ? " has" : "s have");
    }
}

static void append_file(const look_file *f, text *out)
{
    const shape_row *shape = shape_of(f);
    append_head(f, out);
    if (shape)
        text_append_format(out, "It looks like %s.\n", shape_title(shape));
    text_append_char(out, '\n');
    append_columns(f, out);
    text_append_char(out, '\n');
    if (!shape)
        append_roles(f, out);
    append_oddities(f, out);
    text_append_char(out, '\n');
}

static void append_report(const looking *l, text *out)
{
    for (size_t i = 0; i < l->file_count; i++)
        append_file(l->files[i], out);
    if (!l->has_draft)
        return;
    text_append(out, "A draft of carpel.yaml (carpel look --yaml prints only this; "
                     "carpel init DIR --from "
                     "FILE makes\na project of it):\n\n");
    draft_append_yaml(l->draft, looking_name(l), out);
}

/* ---- for programs ------------------------------------------------------------------------ */

static void write_column(json_writer *w, const look_column *c)
{
    text type;
    text_init(&type);
    look_column_append_type(c, &type);
    json_object_begin(w);
    json_key(w, "field");
    json_string(w, c->from);
    json_key(w, "type");
    json_string(w, type.data);
    json_key(w, "filled");
    json_int(w, (int64_t)c->row_count);
    json_key(w, "missing_words");
    json_int(w, (int64_t)c->missing_words);
    json_key(w, "misfits");
    json_int(w, (int64_t)c->misfit_count);
    json_key(w, "different");
    json_int(w, (int64_t)look_column_distinct(c));
    json_key(w, "has_more");
    json_bool(w, c->has_more_values);
    text_clear(&type);
    append_range(c, &type);
    if (type.size > 0) {
        json_key(w, "least");
        json_number(w, c->least);
        json_key(w, "most");
        json_number(w, c->most);
    }
    json_key(w, "examples");
    json_array_begin(w);
    for (uint32_t i = 0; i < EXAMPLES && i < dictionary_count(c->values); i++)
        json_text(w, dictionary_text(c->values, i));
    json_array_end(w);
    json_object_end(w);
    text_done(&type);
}

static void write_candidates(json_writer *w, const look_file *f)
{
    look_roles roles = look_roles_of(f);
    json_object_begin(w);
    for (look_role role = 0; role < ROLE_COUNT; role++) {
        json_key(w, look_role_name(role));
        json_array_begin(w);
        for (size_t i = 0; i < ROLE_MOST_CANDIDATES && roles.candidates[role][i]; i++)
            json_string(w, roles.candidates[role][i]->from);
        json_array_end(w);
    }
    json_object_end(w);
}

static void write_file(json_writer *w, const look_file *f)
{
    const shape_row *shape = shape_of(f);
    json_object_begin(w);
    json_key(w, "path");
    json_string(w, f->path);
    json_key(w, "plugin");
    json_string(w, f->plugin);
    json_key(w, "options");
    json_object_begin(w);
    for (size_t i = 0; i < f->option_count; i++) {
        json_key(w, f->options[i].name);
        json_string(w, f->options[i].value);
    }
    json_object_end(w);
    json_key(w, "shape");
    json_string(w, shape ? shape->a : NULL);
    json_key(w, "file");
    json_string(w, f->asked ? f->asked->file : f->path);
    json_key(w, "is_sample");
    json_bool(w, f->is_sample);
    json_key(w, "rows");
    json_int(w, (int64_t)f->row_count);
    json_key(w, "unreadable");
    json_int(w, (int64_t)f->refused_count);
    json_key(w, "is_cut");
    json_bool(w, f->is_cut);
    json_key(w, "doubled");
    json_array_begin(w);
    for (size_t i = 0; i < f->doubled_count; i++)
        json_string(w, f->doubled[i]);
    json_array_end(w);
    json_key(w, "candidates");
    write_candidates(w, f);
    json_key(w, "fields");
    json_array_begin(w);
    for (size_t i = 0; i < f->column_count; i++)
        write_column(w, f->columns[i]);
    json_array_end(w);
    json_object_end(w);
}

static void write_report(const looking *l, text *out)
{
    json_writer w;
    text yaml;
    text_init(&yaml);
    if (l->has_draft)
        draft_append_yaml(l->draft, looking_name(l), &yaml);
    json_begin(&w, out);
    json_object_begin(&w);
    json_key(&w, "files");
    json_array_begin(&w);
    for (size_t i = 0; i < l->file_count; i++)
        write_file(&w, l->files[i]);
    json_array_end(&w);
    json_key(&w, "yaml");
    json_string(&w, l->has_draft ? yaml.data : NULL);
    json_object_end(&w);
    json_end(&w);
    text_done(&yaml);
}

/* Where there is no draft, the fields of what was read are told all the same. */
static int print_looking(const looking *l, const command_line *line)
{
    text out;
    text_init(&out);
    if (line->json)
        write_report(l, &out);
    else if (!line->yaml)
        append_report(l, &out);
    else if (l->has_draft)
        draft_append_yaml(l->draft, looking_name(l), &out);
    int code = say_result(&out);
    text_done(&out);
    return code;
}

int command_look(const command_line *line)
{
    looking l;
    stop_begin();
    const looking_place place = {.directory = session_directory(line),
                                 .is_named = line->project != NULL};
    int code =
        looking_begin(&l, line->arguments, line->argument_count, line->person, place);
    int printed =
        l.file_count > 0 && code != EXIT_CANCELLED ? print_looking(&l, line) : code;
    looking_end(&l);
    return code == EXIT_GOOD ? printed : code;
}
