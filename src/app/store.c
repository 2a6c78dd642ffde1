/* SPDX-License-Identifier: MIT
 *
 * `carpel store`: what the store of the project holds, whether it is whole, and forgetting a
 * source of it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app/commands.h"
#include "app/say.h"
#include "app/session.h"
#include "base/memory.h"
#include "report/suggest.h"
#include "report/table.h"
#include "report/terminal.h"
#include "store/store_folder.h"
#include "value/value.h"

/* ---- showing -------------------------------------------------------------- */

/* A table or column of all parts together. */
typedef struct held {
    char *name;
    bool is_table;
    uint64_t rows, bytes;
    size_t parts;
    int64_t first, last;
} held;

typedef struct held_list {
    held *items;
    size_t count, capacity;
} held_list;

static held *get_held(held_list *list, slice name, bool is_table)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].is_table == is_table && slice_is(name, list->items[i].name))
            return &list->items[i];
    memory_grow((void **)&list->items, list->count, &list->capacity, sizeof *list->items);
    held *h = &list->items[list->count++];
    *h = (held){.name = memory_copy_text(name.data, name.size), .is_table = is_table};
    return h;
}

static void add_table(held *h, const section *s)
{
    bool is_first = h->rows == 0;
    if (s->count > 0) {
        h->first = is_first || s->base < h->first ? s->base : h->first;
        h->last = is_first || s->unit > h->last ? s->unit : h->last;
    }
    h->rows += s->count;
    h->parts++;
}

static void add_section(held_list *list, const section *s)
{
    switch (s->role) {
    case ROLE_TABLE: add_table(get_held(list, s->name, true), s); break;
    case ROLE_PERSONS:
    case ROLE_COUNTS:
    case ROLE_TIMES:
    case ROLE_ARRIVALS: get_held(list, s->name, true)->bytes += s->bytes; break;
    case ROLE_VALUES:
    case ROLE_PRESENT: get_held(list, s->name, false)->bytes += s->bytes; break;
    default: break;
    }
}

static bool add_part(store_folder *f, const manifest_file *part, held_list *list,
                     carpel_error *err)
{
    section_file *file = store_folder_open_part(f, part, err);
    for (size_t i = 0; file && i < section_file_count(file); i++)
        add_section(list, section_file_get(file, i));
    section_file_close(file);
    return file != NULL;
}

static void cell_count(table *t, uint64_t count)
{
    char buffer[28];
    table_cell(t, format_count(count, buffer));
}

static void cell_day(table *t, const session *s, int64_t time)
{
    text day;
    text_init(&day);
    if (time > TIME_MIN)
        value_append_date(zone_date(engine_zone(s->engine), time), &day);
    table_cell(t, day.data);
    text_done(&day);
}

static void append_tables(const session *s, const held_list *list, text *out)
{
    table *t = table_new();
    table_column(t, "table, column", TABLE_LEFT);
    table_column(t, "rows", TABLE_RIGHT);
    table_column(t, "bytes", TABLE_RIGHT);
    table_column(t, "parts", TABLE_RIGHT);
    table_column(t, "from", TABLE_LEFT);
    table_column(t, "to", TABLE_LEFT);
    for (size_t i = 0; i < list->count; i++) {
        const held *h = &list->items[i];
        table_cell_format(t, "%s%s", h->is_table ? "" : "  ", h->name);
        if (h->is_table)
            cell_count(t, h->rows);
        else
            table_cell(t, "");
        cell_count(t, h->bytes);
        if (h->is_table)
            cell_count(t, h->parts);
        else
            table_cell(t, "");
        if (h->is_table && h->rows > 0) {
            cell_day(t, s, h->first);
            cell_day(t, s, h->last);
        } else {
            table_cell(t, "");
            table_cell(t, "");
        }
    }
    table_append(t, out, terminal_width(stdout), terminal_has_utf8());
    table_free(t);
}

static void append_sources(const manifest *m, text *out)
{
    table *t = table_new();
    table_column(t, "source", TABLE_LEFT);
    table_column(t, "rows", TABLE_RIGHT);
    table_column(t, "refused", TABLE_RIGHT);
    table_column(t, "parts", TABLE_RIGHT);
    table_column(t, "bytes", TABLE_RIGHT);
    for (size_t i = 0; i < m->source_count; i++) {
        const manifest_source *s = &m->sources[i];
        uint64_t bytes = 0;
        for (size_t p = 0; p < s->parts.count; p++)
            bytes += s->parts.items[p].identity.size;
        table_cell(t, s->name);
        cell_count(t, s->taken);
        cell_count(t, s->refused);
        cell_count(t, s->parts.count);
        cell_count(t, bytes);
        for (size_t c = 0; c < s->cursor_count; c++) {
            table_cell_format(t, "  %s", s->cursors[c].path);
            for (int k = 0; k < 3; k++)
                table_cell(t, "");
            cell_count(t, s->cursors[c].bytes);
        }
    }
    table_append(t, out, terminal_width(stdout), terminal_has_utf8());
    table_free(t);
}

static int show(const session *s, store_folder *f)
{
    carpel_error err;
    held_list list = {0};
    const manifest *m = store_folder_manifest(f);
    bool is_good = true;
    for (size_t i = 0; i < m->source_count; i++)
        for (size_t p = 0; is_good && p < m->sources[i].parts.count; p++)
            is_good = add_part(f, &m->sources[i].parts.items[p], &list, &err);
    text out;
    text_init(&out);
    append_sources(m, &out);
    text_append_char(&out, '\n');
    append_tables(s, &list, &out);
    int code = is_good ? say_result(&out) : say_failure(&err);
    text_done(&out);
    for (size_t i = 0; i < list.count; i++)
        memory_free(list.items[i].name);
    memory_free(list.items);
    return code;
}

/* ---- verifying ------------------------------------------------------------ */

/* What is wrong with people who are kept joined, or with the file beside the folder, says by itself what
 * to do. */
static void say_damage(void *context, const char *message, bool is_of_folder)
{
    bool *is_folder_damaged = context;
    *is_folder_damaged |= is_of_folder;
    say_error("%s", message);
}

static int verify(const session *s, store_folder *f, const command_line *line)
{
    bool is_folder_damaged = false;
    size_t damaged =
        store_folder_verify(f, engine_schema(s->engine), say_damage, &is_folder_damaged);
    if (is_folder_damaged)
        say_hint("Remove the folder \"%s\" and load the data again. Keep the file "
                 "\"%s.forgotten\", if there is one.",
                 store_folder_path(f), store_folder_path(f));
    if (damaged > 0)
        return EXIT_FAULT;
    text out;
    text_init(&out);
    text_append(&out, "the store is whole\n");
    int code = line->quiet ? EXIT_GOOD : say_result(&out);
    text_done(&out);
    return code;
}

/* ---- dropping ------------------------------------------------------------- */

static void hint_source(const manifest *m, const char *source)
{
    suggestion s = suggest_begin(source);
    for (size_t i = 0; i < m->source_count; i++)
        suggest_consider(&s, m->sources[i].name);
    if (suggest_best(&s))
        say_hint("Did you mean \"%s\"?", suggest_best(&s));
    else
        say_hint("\"carpel store\" lists the sources.");
}

static int drop(store_folder *f, const char *source)
{
    carpel_error err;
    store_lock lock = store_folder_lock(f, &err);
    if (lock == STORE_BUSY) {
        say_error("another process writes to the store: try again later");
        return EXIT_CANCELLED;
    }
    if (lock != STORE_LOCKED || !store_folder_read(f, &err))
        return say_failure(&err);
    if (!manifest_drop_source(store_folder_manifest(f), source)) {
        say_error("the store has no source \"%s\"", source);
        hint_source(store_folder_manifest(f), source);
        return EXIT_FAULT;
    }
    return store_folder_commit(f, &err) ? EXIT_GOOD : say_failure(&err);
}

/* ---- the command ---------------------------------------------------------- */

/* How many arguments stand behind the action; -1: it is none. */
static int arguments_of(const char *action)
{
    if (strcmp(action, "drop") == 0)
        return 1;
    bool is_action = strcmp(action, "show") == 0 || strcmp(action, "verify") == 0 ||
                     strcmp(action, "compact") == 0;
    return is_action ? 0 : -1;
}

static int refuse_action(const command_line *line)
{
    const char *action = line->arguments[0];
    int wanted = arguments_of(action);
    if (wanted < 0)
        say_error("\"%s\" is nothing that can be done with a store", action);
    else if (line->argument_count <= (size_t)wanted)
        say_error("\"store %s\" needs the name of a source", action);
    else
        say_error("\"store %s\" does not take \"%s\"", action,
                  line->arguments[wanted + 1]);
    say_hint("There are \"store\", \"store verify\", \"store compact\" and \"store drop "
             "SOURCE\".");
    return EXIT_BAD_USAGE;
}

static int act(const session *s, store_folder *f, const command_line *line)
{
    carpel_error err;
    const char *action = line->argument_count > 0 ? line->arguments[0] : "show";
    size_t behind = line->argument_count > 0 ? line->argument_count - 1 : 0;
    if (arguments_of(action) != (int)behind)
        return refuse_action(line);
    if (strcmp(action, "drop") == 0)
        return drop(f, line->arguments[1]);
    if (strcmp(action, "verify") == 0)
        return verify(s, f, line);
    if (strcmp(action, "compact") == 0)
        return engine_compact_store(s->engine, &err) ? EXIT_GOOD : say_failure(&err);
    return store_folder_read(f, &err) ? show(s, f) : say_failure(&err);
}

int command_store(const command_line *line)
{
    session s;
    bool is_compacted =
        line->argument_count > 0 && strcmp(line->arguments[0], "compact") == 0;
    int code =
        is_compacted ? session_open_sources(&s, line) : session_open_rules(&s, line);
    if (code == EXIT_GOOD)
        code = session_check_store(&s);
    if (code == EXIT_GOOD) {
        store_folder *f = store_folder_new(engine_store_path(s.engine));
        code = act(&s, f, line);
        store_folder_free(f);
    }
    session_close(&s);
    return code;
}
