/* SPDX-License-Identifier: MIT
 *
 * `carpel list`: the rules with what their files say about them, as a table or as JSON.
 */
#include <stdio.h>
#include <string.h>

#include "app/commands.h"
#include "app/say.h"
#include "app/session.h"
#include "engine/selection.h"
#include "lang/rulebook.h"
#include "report/json.h"
#include "report/table.h"
#include "report/terminal.h"

/* ---- what a declaration says about itself ---------------------------------------- */

static size_t part_count(const ast_decl *decl)
{
    return decl->kind == DECL_SPLIT ? decl->arms.count : decl->groups.count;
}

static const char *part_name(const ast_decl *decl, size_t i)
{
    return decl->kind == DECL_SPLIT
               ? ((const ast_arm *)decl->arms.items[i])->name.text
               : ((const ast_group *)decl->groups.items[i])->name.text;
}

static const char *part_title(const ast_decl *decl, size_t i)
{
    return decl->kind == DECL_SPLIT
               ? NULL
               : ((const ast_group *)decl->groups.items[i])->title.text;
}

static void append_tags(const ast_decl *decl, text *out)
{
    for (size_t i = 0; i < decl->tags.count; i++)
        text_append_format(out, "%s%s", i > 0 ? ", " : "",
                           ((const ast_name *)decl->tags.items[i])->text);
}

/* ---- the table -------------------------------------------------------------------- */

static void add_place(table *t, span where)
{
    table_cell_format(t, "%s:%u", source_name(where.file),
                      source_place(where.file, where.begin).line);
}

static void add_rule(table *t, const ast_decl *decl)
{
    text tags;
    text_init(&tags);
    append_tags(decl, &tags);
    table_cell(t, decl->name.text);
    table_cell(t, decl_kind_word(decl));
    table_cell(t, decl->title.text ? decl->title.text : "");
    table_cell(t, tags.data);
    table_cell(t, decl->owner.text ? decl->owner.text : "");
    add_place(t, decl->where);
    text_done(&tags);
    for (size_t i = 0; i < part_count(decl); i++) {
        table_cell_format(t, "  %s", part_name(decl, i));
        table_cell(t, "");
        table_cell(t, part_title(decl, i) ? part_title(decl, i) : "");
        for (size_t k = 0; k < 3; k++)
            table_cell(t, "");
    }
}

static void append_table(const engine *e, text *out)
{
    static const char *const headings[] = {"rule", "", "title", "tags", "owner", "where"};
    size_t width = terminal_is_interactive(stdout) ? terminal_width(stdout) : SIZE_MAX;
    table *t = table_new();
    for (size_t i = 0; i < 6; i++)
        table_column(t, headings[i], TABLE_LEFT);
    for (size_t i = 0; i < engine_decl_count(e); i++)
        if (engine_is_selected(e, engine_decl(e, i)))
            add_rule(t, engine_decl(e, i));
    table_append(t, out, width, terminal_has_utf8());
    table_free(t);
}

/* ---- JSON --------------------------------------------------------------------------- */

static void write_text(json_writer *w, const char *key, const char *value)
{
    json_key(w, key);
    json_string(w, value);
}

static void write_note(json_writer *w, const ast_decl *decl)
{
    text note;
    text_init(&note);
    for (size_t i = 0; i < decl->notes.count; i++)
        text_append_format(&note, "%s%s", i > 0 ? " " : "",
                           ((const ast_name *)decl->notes.items[i])->text);
    write_text(w, "note", decl->notes.count > 0 ? note.data : NULL);
    text_done(&note);
}

static void write_labels(json_writer *w, const ast_decl *decl)
{
    json_key(w, "tags");
    json_array_begin(w);
    for (size_t i = 0; i < decl->tags.count; i++)
        json_string(w, ((const ast_name *)decl->tags.items[i])->text);
    json_array_end(w);
    json_key(w, "groups");
    json_array_begin(w);
    for (size_t i = 0; i < part_count(decl); i++) {
        json_object_begin(w);
        write_text(w, "name", part_name(decl, i));
        write_text(w, "title", part_title(decl, i));
        json_object_end(w);
    }
    json_array_end(w);
}

static void write_rule(json_writer *w, const ast_decl *decl)
{
    place at = source_place(decl->where.file, decl->where.begin);
    json_object_begin(w);
    write_text(w, "name", decl->name.text);
    write_text(w, "kind", decl_kind_word(decl));
    write_text(w, "title", decl->title.text);
    write_note(w, decl);
    write_text(w, "owner", decl->owner.text);
    write_text(w, "purpose", decl->purpose.text);
    write_labels(w, decl);
    write_text(w, "file", source_name(decl->where.file));
    json_key(w, "line");
    json_int(w, at.line);
    json_object_end(w);
}

static void append_json(const engine *e, text *out)
{
    json_writer w;
    json_begin(&w, out);
    json_array_begin(&w);
    for (size_t i = 0; i < engine_decl_count(e); i++)
        if (engine_is_selected(e, engine_decl(e, i)))
            write_rule(&w, engine_decl(e, i));
    json_array_end(&w);
    json_end(&w);
}

/* ---- the command -------------------------------------------------------------------- */

int command_list(const command_line *line)
{
    session s;
    int code = session_open_rules(&s, line);
    if (code == EXIT_GOOD)
        code = session_select_arguments(&s, line);
    if (code == EXIT_GOOD) {
        text out;
        text_init(&out);
        if (line->json)
            append_json(s.engine, &out);
        else
            append_table(s.engine, &out);
        code = say_result(&out);
        text_done(&out);
    }
    session_close(&s);
    return code;
}
