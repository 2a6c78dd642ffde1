/* SPDX-License-Identifier: MIT
 *
 * Sources to a store: each is opened in the order of the project file and read to its
 * end.
 */
#include <string.h>

#include "base/command.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "base/path.h"
#include "engine/cursors.h"
#include "engine/load_partitions.h"
#include "engine/parts.h"
#include "engine/retrying.h"
#include "engine/taken_stream.h"

/* What the host of one source tells on to whoever listens to the engine. */
typedef struct relay {
    const engine_listener *listener;
    const char *title;
    bool has_begun;
    bool counts_rows; /* its bytes are not told */
} relay;

static void on_log(void *context, carpel_log_level level, const char *message)
{
    relay *r = context;
    (void)level;
    if (r->listener->log)
        r->listener->log(r->listener->context, message);
}

static void on_progress(void *context, uint64_t done_bytes, uint64_t total_bytes)
{
    relay *r = context;
    if (!r->has_begun && r->listener->stage)
        r->listener->stage(r->listener->context, r->title, "bytes", total_bytes);
    r->has_begun = true;
    if (r->listener->progress && !r->counts_rows)
        r->listener->progress(r->listener->context, done_bytes);
}

/* Of a source that does not tell its bytes. */
static void on_rows(void *context, uint64_t row_count)
{
    relay *r = context;
    if (!r->has_begun && r->listener->stage)
        r->listener->stage(r->listener->context, r->title, "rows", 0);
    r->counts_rows |= !r->has_begun;
    r->has_begun = true;
    if (r->counts_rows && r->listener->progress)
        r->listener->progress(r->listener->context, row_count);
}

const carpel_option *engine_files_option(const carpel_plugin *plugin)
{
    for (const carpel_option *o = plugin ? plugin->options : NULL; o && o->name; o++)
        if (strcmp(o->name, "files") == 0 && o->type == CARPEL_OPTION_PATHS)
            return o;
    return NULL;
}

/* The options of a source, with other files. */
static const void *options_with_files(const engine *e, const engine_connector *c,
                                      carpel_texts files)
{
    const carpel_plugin *plugin = c->plugin;
    char *options = arena_alloc(e->memory, plugin->options_size + 1);
    memcpy(options, c->options, plugin->options_size);
    *(carpel_texts *)(void *)(options + engine_files_option(plugin)->offset) = files;
    return options;
}

/* Where the source is now that all is read. */
static bool note_cursor(engine *e, const carpel_plugin *plugin, plugin_host *host,
                        const struct ArrowArrayStream *stream, source_extent *extent,
                        carpel_error *err)
{
    char *cursor;
    if (!guarded_cursor(host, plugin, stream, &cursor, err))
        return false;
    extent->told = arena_copy_string(e->memory, cursor);
    memory_free(cursor);
    return true;
}

/* What is read of a source, and with what. */
typedef struct source_reading {
    engine *engine;
    const engine_source *source;
    source_extent *extent;  /* or NULL */
    const command *program; /* whose output a file stands for; or NULL */
    loader *loader;
    const engine_load_options *options;
    relay relay;
    const char *cursor; /* where it begins; NULL: at the beginning */
} source_reading;

static carpel_request request_of(const source_reading *r)
{
    const engine *e = r->engine;
    const engine_source *s = r->source;
    const source_extent *x = r->extent;
    carpel_request request = {.struct_size = sizeof request,
                              .name = s->name,
                              .options = s->connector.options,
                              .columns = mapping_columns(s->mapping),
                              .column_count = mapping_column_count(s->mapping),
                              .project_directory = e->project->directory,
                              .events = e->event_names,
                              .cursor = r->cursor};
    if (x && !x->resumes) {
        request.options = options_with_files(e, &s->connector, x->files);
        request.begins = r->program ? NULL : x->begins;
    }
    return request;
}

static bool resumes(const source_reading *r)
{
    return r->extent && r->extent->resumes;
}

/* Read it as one stream. *can_go_on: when this failed, it may be read on from the new cursor. */
static bool read_stream(source_reading *r, plugin_host *host,
                        const carpel_request *request, bool *can_go_on, carpel_error *err)
{
    const carpel_plugin *plugin = r->source->connector.plugin;
    taken_stream t;
    bool ok = taken_stream_open(&t, host, plugin, request, resumes(r),
                                r->engine->quarantine, err);
    t.on_rows = on_rows;
    t.context = &r->relay;
    ok = ok && loader_add(r->loader, r->source->mapping, &t.stream, err) &&
         (!resumes(r) || note_cursor(r->engine, plugin, host, &t.source, r->extent, err));
    *can_go_on = !ok && !r->program && taken_stream_can_go_on(&t);
    if (*can_go_on && t.cursor)
        r->cursor = arena_copy_string(r->engine->memory, t.cursor);
    taken_stream_close(&t, *can_go_on);
    return ok;
}

/* Read its partitions side by side. */
static bool read_partitions(const source_reading *r, plugin_host *host,
                            const carpel_request *request, retrying *again,
                            bool *can_go_on, carpel_error *err)
{
    partitions_load p = {.engine = r->engine,
                         .source = r->source,
                         .host = host,
                         .request = request,
                         .threads = r->options->threads,
                         .again = again,
                         .has_cursors = resumes(r)};
    bool ok = engine_load_partitions(&p, r->loader, err);
    *can_go_on = p.can_go_on;
    if (p.cursor)
        r->extent->told = arena_copy_string(r->engine->memory, p.cursor);
    memory_free(p.cursor);
    return ok;
}

/* Read it in pieces or by partitions, where it knows how, or as one stream. */
static bool read_with(source_reading *r, plugin_host *host, retrying *again,
                      bool *can_go_on, carpel_error *err)
{
    const engine_source *s = r->source;
    carpel_request request = request_of(r);
    *can_go_on = false;
    if (r->program)
        host_title_file(host, command_path(r->program), command_title(r->program));
    if (guarded_reading(s->connector.plugin) && !r->program)
        return engine_load_pieces(r->engine, s, host, &request, r->extent, r->options,
                                  r->loader, err);
    if (guarded_partitioning(s->connector.plugin, s->connector.options) && !r->program)
        return read_partitions(r, host, &request, again, can_go_on, err);
    return read_stream(r, host, &request, can_go_on, err);
}

/* Read it, or what is left of it. *is_tried_again: that failed, it has been waited, and it may go
 * well now. */
static bool try_reading(source_reading *r, retrying *again, bool *is_tried_again,
                        carpel_error *err)
{
    const engine *e = r->engine;
    const engine_source *s = r->source;
    const carpel_plugin *plugin = s->connector.plugin;
    const host_listener hears = {
        .context = &r->relay,
        .log = on_log,
        .progress = on_progress,
        .cancel = e->cancel,
        .plugin = plugin->name,
        .isolation = s->connector.isolation,
        .title = arena_format(e->memory, "source \"%s\" (%s)", s->name, plugin->name)};
    plugin_host *host = host_new(s->mapping, NULL, &hears);
    bool can_go_on, ok = read_with(r, host, again, &can_go_on, err);
    if (!host_is_well(host, err))
        ok = false;
    *is_tried_again = !ok && can_go_on && retrying_wait(again, host, err);
    if (!ok && cancel_is_asked(e->cancel)) /* such as a call that a signal interrupted */
        cancel_fail(err);
    host_free(host);
    return ok;
}

/* Read the files of a source, or, when `program` is not NULL, the one that stands for its output. */
static bool read_files(engine *e, size_t source, source_extent *extent,
                       const command *program, loader *l,
                       const engine_load_options *options, carpel_error *err)
{
    const engine_source *s = &e->sources[source];
    source_reading r = {.engine = e,
                        .source = s,
                        .extent = extent,
                        .program = program,
                        .loader = l,
                        .options = options,
                        .relay = {&options->listener,
                                  arena_format(e->memory, "reading %s", s->name), false,
                                  false},
                        .cursor = extent && extent->resumes ? extent->cursor : NULL};
    retrying again;
    retrying_init(&again, &e->project->sources[source].retry, e->cancel,
                  &options->listener);
    for (bool is_tried_again = true; is_tried_again;)
        if (try_reading(&r, &again, &is_tried_again, err))
            return true;
    return false;
}

/* What a message says of the file that stands for a program, it says of the program. */
static void name_command(carpel_error *err, const command *c)
{
    const char *path = command_path(c), *found = strstr(err->message, path);
    carpel_error said = *err;
    if (found)
        carpel_fail(err, said.code, "%.*s%s%s", (int)(found - err->message), said.message,
                    command_title(c),
                    said.message + (found - err->message) + strlen(path));
}

static void tell_said(const engine *e, const char *source, const text *said,
                      const engine_listener *listener)
{
    if (said->size > 0 && listener->log)
        listener->log(listener->context,
                      arena_format(e->memory, "the command of the source \"%s\" says: %s",
                                   source, said->data));
}

/* Read the output of a source's program. */
static bool read_command(engine *e, size_t source, loader *l,
                         const engine_load_options *options, carpel_error *err)
{
    const config_source *config = &e->project->sources[source];
    const char **words =
        arena_alloc_array(e->memory, config->command_count, sizeof *words);
    for (size_t i = 0; i < config->command_count; i++)
        words[i] = config->command[i].text;
    command *c = command_start(words, config->command_count, e->project->directory,
                               e->cancel, err);
    if (!c)
        return false;
    const char *path = arena_copy_string(e->memory, command_path(c));
    uint64_t begin = 0, line = 0;
    file_end end;
    source_extent output = {
        .files = {&path, 1}, .begins = &begin, .lines = &line, .ends = &end};
    text said;
    text_init(&said);
    bool is_read = read_files(e, source, &output, c, l, options, err);
    if (!is_read)
        name_command(err, c);
    bool is_good = command_end(c, is_read, &said, err) && is_read;
    if (is_good)
        tell_said(e, config->name.text, &said, &options->listener);
    text_done(&said);
    return is_good;
}

static bool read_once(engine *e, size_t source, source_extent *extent, loader *l,
                      const engine_load_options *options, carpel_error *err)
{
    return e->project->sources[source].command_count > 0
               ? read_command(e, source, l, options, err)
               : read_files(e, source, extent, NULL, l, options, err);
}

bool engine_look_at_source(engine *e, size_t source, source_extent *extent, loader *l,
                           const engine_load_options *options, carpel_error *err)
{
    engine_load_options silent = *options;
    quarantine *kept = e->quarantine;
    silent.listener.log = NULL;
    e->quarantine = quarantine_new(NULL, false);
    loader_begin_looking(l);
    bool is_good = read_once(e, source, extent, l, &silent, err);
    loader_end_looking(l);
    quarantine_free(e->quarantine);
    e->quarantine = kept;
    return is_good;
}

/* Look which row is the last with each id. */
static bool look_for_last(engine *e, size_t source, source_extent *extent, loader *l,
                          const engine_load_options *options, carpel_error *err)
{
    if (!cursors_find(e, source).are_files)
        return carpel_fail(err, CARPEL_E_INPUT,
                           "the source \"%s\" is read twice for \"duplicates: last\", "
                           "so it has to be made of files",
                           e->sources[source].name);
    return engine_look_at_source(e, source, extent, l, options, err);
}

/* Which values are not as they stand in the files, and where the first of each field stands. */
static void note_cleaned(const engine *e, size_t source, const loader *l,
                         const engine_listener *listener)
{
    const engine_source *s = &e->sources[source];
    text changed;
    text_init(&changed);
    loader_append_cleaned(l, s->mapping, &changed);
    if (changed.size > 0 && listener->log)
        listener->log(listener->context,
                      arena_format(e->memory,
                                   "cleaning changed values of the source \"%s\": %s",
                                   s->name, changed.data));
    text_done(&changed);
}

bool engine_read_source(engine *e, size_t source, source_extent *extent, loader *l,
                        const engine_load_options *options, carpel_error *err)
{
    if (e->project->sources[source].duplicates == DUPLICATES_LAST &&
        !look_for_last(e, source, extent, l, options, err))
        return false;
    if (!read_once(e, source, extent, l, options, err))
        return false;
    note_cleaned(e, source, l, &options->listener);
    return true;
}

/* Read a source, and count in the next intake what becomes of its rows. */
static bool take_source(engine *e, size_t source, loader *l,
                        const engine_load_options *options, carpel_error *err)
{
    uint64_t taken = loader_row_count(l), skipped = loader_skipped_count(l),
             repeated = loader_repeated_count(l);
    if (!engine_read_source(e, source, NULL, l, options, err))
        return false;
    engine_intake intake = {.source = e->sources[source].name,
                            .taken = loader_row_count(l) - taken,
                            .skipped = loader_skipped_count(l) - skipped,
                            .refused = quarantine_source_count(e->quarantine, source),
                            .repeated = loader_repeated_count(l) - repeated};
    intake.added = intake.taken;
    engine_add_intake(e, intake, &options->listener);
    return true;
}

/* Read them one after the other. Each brings a stretch of rows. */
static bool take_sources(engine *e, loader *l, row_origins *stretches,
                         const engine_load_options *options, carpel_error *err)
{
    for (size_t i = 0; i < e->project->source_count; i++) {
        row_stretch s = {.source = i, .noted = e->origins};
        if (e->origins)
            s.first = s.place = origins_row_count(e->origins);
        quarantine_begin_source(e->quarantine);
        if (!take_source(e, i, l, options, err))
            return false;
        if (e->origins)
            s.count = origins_row_count(e->origins) - s.first;
        row_origins_add(stretches, s);
    }
    return true;
}

/* Read all sources, and keep nothing. */
static bool load_into_memory(engine *e, const engine_load_options *options,
                             carpel_error *err)
{
    loader *l = loader_new(e->schema, e->quarantine);
    row_origins *stretches = row_origins_new(e->memory);
    if (options->notes_origins)
        e->origins = origins_new();
    loader_set_origins(l, e->origins);
    loader_set_cancel(l, e->cancel);
    loader_set_threads(l, options->threads > 0 ? options->threads
                                               : parallel_processor_count());
    bool ok = take_sources(e, l, stretches, options, err) &&
              engine_finish_intake(e, &options->listener, err);
    if (ok) {
        e->store = loader_finish(l);
        ok = e->store != NULL || cancel_fail(err);
    }
    if (ok)
        e->store->origins = stretches;
    loader_free(l);
    return ok;
}

bool engine_load(engine *e, const engine_load_options *options, carpel_error *err)
{
    bool is_done = false;
    e->is_strict = options->is_strict;
    e->intakes =
        arena_alloc_array(e->memory, e->project->source_count + 1, sizeof *e->intakes);
    engine_begin_intake(e, options);
    engine_begin_keeping(e);
    if (e->project->store.text && !engine_load_store(e, options, &is_done, err))
        return false;
    if (!is_done && !load_into_memory(e, options, err))
        return false;
    return options->only_keeps || engine_check_people(e, err);
}

size_t engine_output_count(const engine *e)
{
    return e->project->output_count;
}

const char *engine_output_name(const engine *e, size_t index)
{
    return e->project->outputs[index].name.text;
}

const char *engine_source_name(const engine *e, size_t source)
{
    return e->project->sources[source].name.text;
}

const char *engine_store_path(const engine *e)
{
    return e->project->store.text;
}

bool engine_made_store_unasked(const engine *e)
{
    return e->has_made_store && !e->project->is_store_named;
}
