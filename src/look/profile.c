/* SPDX-License-Identifier: MIT
 *
 * Asks the source plugins whose file it is, and listens to the one that says so.
 */
#include "look/profile.h"

#include <string.h>

#include "base/memory.h"
#include "plugin/guarded.h"

/* Who is at work on a file: it listens to all rows, and takes them for `file`. */
typedef struct listener {
    look_file *file;
    uint64_t byte_count;
    bool is_cut;
    uint64_t line;

    /* of look_file_presence; else NULL */
    const look_file *known;
    const look_column *event;
    look_presence *presence;
    bool *row_columns; /* fields of the row at hand */
    uint32_t row_kind;
} listener;

/* ---- what is read ----------------------------------------------------------------- */

static const look_column *find(const look_file *f, const char *from, size_t *number)
{
    *number = name_index_find(&f->by_from, from);
    return *number == SIZE_MAX ? NULL : f->columns[*number];
}

const look_column *look_file_column(const look_file *f, const char *from)
{
    size_t number;
    return find(f, from, &number);
}

static look_column *find_or_add(look_file *f, const char *from)
{
    size_t number = name_index_find(&f->by_from, from);
    if (number != SIZE_MAX)
        return f->columns[number];
    if (f->column_count >= LOOK_MOST_COLUMNS)
        return NULL;
    look_column *c = arena_alloc(f->memory, sizeof *c);
    look_column_begin(c, from, f->memory);
    memory_grow((void **)&f->columns, f->column_count, &f->column_capacity,
                sizeof(look_column *));
    f->columns[f->column_count] = c;
    name_index_add(&f->by_from, f->memory, c->from, f->column_count++);
    return c;
}

static void hear_option(void *context, const char *name, const char *value)
{
    look_file *f = ((listener *)context)->file;
    memory_grow((void **)&f->options, f->option_count, &f->option_capacity,
                sizeof *f->options);
    f->options[f->option_count++] = (look_option){arena_copy_string(f->memory, name),
                                                  arena_copy_string(f->memory, value)};
}

/* Of fields that have one name, none can be mapped. */
static void note_doubled(look_file *f, look_column *c)
{
    if (!c->is_doubled) {
        memory_grow((void **)&f->doubled, f->doubled_count, &f->doubled_capacity,
                    sizeof *f->doubled);
        f->doubled[f->doubled_count++] = c->from;
    }
    c->is_doubled = true;
}

static void hear_field(void *context, const char *from)
{
    look_file *f = ((listener *)context)->file;
    look_column *c = find_or_add(f, from);
    if (c && c->is_flat)
        note_doubled(f, c);
    else if (c)
        c->is_flat = true;
}

static void leave_out_doubled(look_file *f)
{
    size_t kept = 0;
    f->by_from = (name_index){0};
    for (size_t i = 0; i < f->column_count; i++) {
        look_column *c = f->columns[i];
        if (c->is_doubled) {
            look_column_done(c);
            continue;
        }
        name_index_add(&f->by_from, f->memory, c->from, kept);
        f->columns[kept++] = c;
    }
    f->column_count = kept;
}

static bool begin_row(void *context, uint64_t line)
{
    listener *l = context;
    l->line = line;
    l->is_cut = l->byte_count >= LOOK_MOST_BYTES;
    l->file->row_count += !l->is_cut;
    return !l->is_cut;
}

static void hear_value(void *context, const char *from, const char *data, size_t size,
                       bool is_text)
{
    listener *l = context;
    look_column *c = find_or_add(l->file, from);
    l->byte_count += size;
    if (c)
        look_column_add(c, (slice){data, size}, is_text, l->line);
}

static void refuse_row(void *context, const char *reason)
{
    listener *l = context;
    look_file *f = l->file;
    if (f->refused_count++ > 0)
        return;
    f->refused_line = l->line;
    f->refused_reason = arena_copy_string(f->memory, reason);
}

static void end_row(void *context)
{
    (void)context;
}

static const carpel_view profile_view = {.struct_size = sizeof profile_view,
                                         .option = hear_option,
                                         .field = hear_field,
                                         .row_begin = begin_row,
                                         .row_field = hear_value,
                                         .row_refuse = refuse_row,
                                         .row_end = end_row};

/* ---- which plugin ------------------------------------------------------------------- */

static void count_set_aside(look_file *f, uint64_t count)
{
    f->row_count += count;
    f->refused_count += count;
}

/* Read some rows of a source that cannot tell. */
static bool sample_with(const carpel_plugin *plugin, const host_listener *hears,
                        const look_sample *sample, const carpel_view *view, listener *l,
                        carpel_error *err)
{
    quarantine *q = quarantine_new(NULL, false);
    plugin_host *host = host_new(NULL, q, hears);
    bool ok = look_sample_tell(host, plugin, sample, view, err);
    if (ok && l->file)
        count_set_aside(l->file, quarantine_count(q));
    host_free(host);
    quarantine_free(q);
    return ok;
}

/* Let one plugin look at a file, or tell what its source has. */
static bool look_with(const carpel_plugin *plugin, const look_file *f,
                      const cancel *cancel, carpel_view view, listener *l, bool *is_mine,
                      carpel_error *err)
{
    const host_listener hears = {.cancel = cancel, .plugin = plugin->name};
    const look_asked *asked = f->asked;
    view.context = l;
    if (f->is_sample)
        return sample_with(plugin, &hears, asked->sample, &view, l, err);
    plugin_host *host = host_new(NULL, NULL, &hears);
    bool ok = asked && !asked->file
                  ? guarded_discover(host, plugin, &asked->inquiry, &view, err)
                  : guarded_look(host, plugin, asked ? asked->file : f->path, &view,
                                 is_mine, err);
    host_free(host);
    return ok;
}

/* Ask one after the other. */
static bool look_with_any(catalog *c, const char *path, const cancel *cancel, listener *l,
                          carpel_error *err)
{
    const catalog_entry *entries;
    size_t count = catalog_list(c, &entries);
    bool is_mine = false;
    for (size_t i = 0; !is_mine && i < count; i++) {
        const carpel_plugin *plugin = entries[i].plugin;
        if (!plugin || plugin->kind != CARPEL_SOURCE || !guarded_can_look(plugin))
            continue;
        if (!look_with(plugin, l->file, cancel, profile_view, l, &is_mine, err))
            return false;
        l->file->plugin = plugin->name;
    }
    return is_mine || carpel_fail(err, CARPEL_E_INPUT, "no source reads \"%s\"", path);
}

/* No row can be read: why? */
static bool fail_without_rows(const look_file *f, carpel_error *err)
{
    const char *path = f->asked && f->asked->file ? f->asked->file : f->path;
    if (f->row_count > f->refused_count)
        return carpel_fail(err, CARPEL_E_INPUT, "no row of \"%s\" has a value%s", path,
                           f->is_sample ? " in a field that carpel.yaml names" : "");
    bool is_file = !f->asked || f->asked->file;
    if (f->is_sample || (!is_file && f->refused_count == 0))
        return carpel_fail(err, CARPEL_E_INPUT,
                           "the source \"%s\" has no rows to look at%s", f->path,
                           f->refused_count > 0 ? "; all of them were set aside" : "");
    if (f->refused_count > 0)
        return carpel_fail(err, CARPEL_E_INPUT,
                           "no row of \"%s\" can be read: line %llu: %s", path,
                           (unsigned long long)f->refused_line, f->refused_reason);
    return carpel_fail(err, CARPEL_E_INPUT,
                       f->column_count == 0 ? "\"%s\" is empty"
                                            : "\"%s\" has a header and no rows",
                       path);
}

static look_file *begin_file(const char *path)
{
    look_file *f = memory_alloc_zero(sizeof *f);
    f->memory = arena_new();
    f->path = arena_copy_string(f->memory, path);
    return f;
}

/* All has been heard, or not. */
static look_file *end_file(look_file *f, const listener *l, bool ok, carpel_error *err)
{
    if (ok && (f->row_count == f->refused_count || f->column_count == 0))
        ok = fail_without_rows(f, err);
    f->is_cut |= l->is_cut;
    if (f->doubled_count > 0)
        leave_out_doubled(f);
    for (size_t i = 0; ok && i < f->column_count; i++)
        look_column_finish(f->columns[i]);
    if (ok)
        return f;
    look_file_free(f);
    return NULL;
}

look_file *look_file_read(catalog *c, const char *path, const cancel *cancel,
                          carpel_error *err)
{
    look_file *f = begin_file(path);
    listener l = {.file = f};
    bool ok = look_with_any(c, path, cancel, &l, err);
    return end_file(f, &l, ok, err);
}

/* How it is looked at: false when it is in no way. */
static bool choose_way(look_file *f, const carpel_plugin *plugin, carpel_error *err)
{
    const look_asked *asked = f->asked;
    if (asked->file ? guarded_can_look(plugin) : guarded_can_discover(plugin))
        return true;
    f->is_sample = asked->sample != NULL;
    return f->is_sample || carpel_fail(err, CARPEL_E_INPUT,
                                       "the source \"%s\" cannot tell what there is to "
                                       "read",
                                       plugin->name);
}

look_file *look_source_read(const carpel_plugin *plugin, const look_asked *asked,
                            const cancel *cancel, carpel_error *err)
{
    bool is_mine = true;
    look_file *f = begin_file(asked->inquiry.name);
    listener l = {.file = f};
    f->plugin = plugin->name;
    f->asked = asked;
    bool ok = choose_way(f, plugin, err) &&
              look_with(plugin, f, cancel, profile_view, &l, &is_mine, err);
    if (ok && !is_mine)
        ok = carpel_fail(err, CARPEL_E_INPUT,
                         "\"%s\" does not look like a file that the source \"%s\" (%s) "
                         "reads",
                         asked->file, f->path, plugin->name);
    f->is_cut = f->is_sample && f->row_count - f->refused_count >= SAMPLE_ROWS;
    return end_file(f, &l, ok, err);
}

void look_file_free(look_file *f)
{
    if (!f)
        return;
    for (size_t i = 0; i < f->column_count; i++)
        look_column_done(f->columns[i]);
    memory_free(f->columns);
    memory_free(f->doubled);
    memory_free(f->options);
    arena_free(f->memory);
    memory_free(f);
}

/* ---- which fields go with which kind ------------------------------------------------------ */

static bool begin_known_row(void *context, uint64_t line)
{
    listener *l = context;
    (void)line;
    memset(l->row_columns, 0, l->presence->column_count);
    l->row_kind = DICTIONARY_NONE;
    return l->byte_count < LOOK_MOST_BYTES;
}

static void mark_value(void *context, const char *from, const char *data, size_t size,
                       bool is_text)
{
    listener *l = context;
    size_t number;
    const look_column *c = find(l->known, from, &number);
    (void)is_text;
    l->byte_count += size;
    if (!c || size == 0)
        return;
    l->row_columns[number] = true;
    if (c == l->event)
        l->row_kind = dictionary_find(c->values, data, size);
}

static void end_known_row(void *context)
{
    listener *l = context;
    look_presence *p = l->presence;
    if (l->row_kind >= p->kind_count)
        return;
    bool *is_there = p->is_there + l->row_kind * p->column_count;
    for (size_t i = 0; i < p->column_count; i++)
        is_there[i] |= l->row_columns[i];
}

static const carpel_view presence_view = {.struct_size = sizeof presence_view,
                                          .option = view_ignore_option,
                                          .field = view_ignore_text,
                                          .row_begin = begin_known_row,
                                          .row_field = mark_value,
                                          .row_refuse = view_ignore_text,
                                          .row_end = end_known_row};

look_presence *look_file_presence(catalog *c, const look_file *f,
                                  const look_column *event, const cancel *cancel,
                                  carpel_error *err)
{
    const carpel_plugin *plugin;
    bool is_mine;
    look_presence *p = memory_alloc_zero(sizeof *p);
    p->column_count = f->column_count;
    p->kind_count = look_column_distinct(event);
    p->is_there = memory_alloc_zero_array(p->kind_count * p->column_count + 1, 1);
    listener l = {.known = f, .event = event, .presence = p};
    l.row_columns = memory_alloc_zero_array(p->column_count + 1, 1);
    bool ok = catalog_find(c, CARPEL_SOURCE, f->plugin, &plugin, err) &&
              look_with(plugin, f, cancel, presence_view, &l, &is_mine, err);
    memory_free(l.row_columns);
    if (ok)
        return p;
    look_presence_free(p);
    return NULL;
}

void look_presence_free(look_presence *p)
{
    if (!p)
        return;
    memory_free(p->is_there);
    memory_free(p);
}
