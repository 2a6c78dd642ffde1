/* SPDX-License-Identifier: MIT
 *
 * Handing a run's results to the outputs, so that all of their results appear or none.
 */
#include <inttypes.h>
#include <string.h>

#include "base/journal.h"
#include "base/memory.h"
#include "base/placing.h"
#include "engine/audience.h"
#include "engine/deliveries.h"
#include "engine/parts.h"
#include "engine/remembering.h"
#include "engine/retrying.h"
#include "plugin/guarded.h"

static void on_log(void *context, carpel_log_level level, const char *message)
{
    const engine_listener *listener = context;
    bool is_warning = level == CARPEL_LOG_WARNING && listener->warn;
    void (*tell)(void *, const char *) = is_warning ? listener->warn : listener->log;
    if (tell)
        tell(listener->context, message);
}

/* An output under way. */
typedef struct writing {
    const carpel_output *output;
    plugin_host *host;
    carpel_delivery delivery;
    placing_program program; /* that reads what is written */
    text said;               /* by it */
    uint64_t unread;         /* bytes that it left */
    delivery *table;
    void *instance;
    bool is_begun;
} writing;

/* What an engine_write has under way. */
typedef struct putting {
    engine *engine;
    const run_result *result;
    const engine_listener *listener;
    audiences *audiences;
    remembering *run; /* or NULL: it is not remembered */
    writing *all;
    placing *files;
    told_changes *changes; /* by output, once they were asked for */
    retrying *again;       /* by output */
} putting;

/* What is written goes to a program. */
static void lend_program(engine *e, const config_output *o, writing *w)
{
    const char **words =
        arena_alloc_array(e->memory, o->command_count + 1, sizeof *words);
    for (size_t i = 0; i < o->command_count; i++)
        words[i] = o->command[i].text;
    text_init(&w->said);
    w->program =
        (placing_program){.words = words,
                          .count = o->command_count,
                          .folder = e->project->directory,
                          .cancel = e->cancel,
                          .title = arena_format(e->memory, "output \"%s\"", o->name.text),
                          .said = &w->said,
                          .unread = &w->unread};
    if (o->command_count > 0)
        host_lend_program(w->host, &w->program);
}

/* Its number and what it came to, so that the same run made again is known; NULL: runs are not
 * remembered. */
static const char *name_run(const engine *e, const remembering *m)
{
    if (!m)
        return NULL;
    const remembered_run *run = remembering_run(m);
    return arena_format(e->memory, "%" PRIu64 "-%016" PRIx64, run->number,
                        run->content.high);
}

static bool begin(putting *p, const engine_output *o, writing *w, carpel_error *err)
{
    engine *e = p->engine;
    told_changes *changes = &p->changes[o - e->outputs];
    const char *plugin = o->connector.plugin->name;
    if (o->config->is_changes && !changes->changes &&
        !remembering_changes(p->run, o->config->name.text, changes, err))
        return false;
    host_listener host_hears = {.context = (void *)p->listener,
                                .log = on_log,
                                .cancel = e->cancel,
                                .plugin = plugin,
                                .isolation = o->connector.isolation,
                                .title = arena_format(e->memory, "output \"%s\" (%s)",
                                                      o->config->name.text, plugin)};
    w->output = o->connector.plugin->output;
    w->host = host_new(NULL, NULL, &host_hears);
    host_lend_files(w->host, p->files);
    lend_program(e, o->config, w);
    w->table = delivery_new(e, o->config, p->result,
                            audiences_of(p->audiences, (size_t)(o - e->outputs)),
                            o->config->is_changes ? changes : NULL);
    if (!e->is_forced && !delivery_check_changes(w->table, err))
        return false;
    w->delivery =
        (carpel_delivery){.struct_size = sizeof w->delivery,
                          .name = o->config->name.text,
                          .options = o->connector.options,
                          .columns = delivery_table(w->table)->told,
                          .column_count = delivery_table(w->table)->column_count,
                          .project_directory = e->project->directory,
                          .run = name_run(e, p->run),
                          .changes = delivery_word_of_changes(o->config),
                          .is_sequel = delivery_table(w->table)->baseline != NULL};
    guarded_call call;
    guarded_begin(&call, w->host, "begin");
    w->is_begun = w->output->begin(host_interface(w->host), &w->delivery, &w->instance,
                                   &call.error);
    return guarded_end(&call, w->is_begun, err);
}

/* A line each. */
static void log_lines(const engine_listener *listener, text *lines)
{
    char *rest = NULL;
    for (char *line = strtok_r(lines->data, "\n", &rest); line;
         line = strtok_r(NULL, "\n", &rest))
        on_log((void *)listener, CARPEL_LOG_INFO, line);
}

/* What was withheld of people, and what could not be told of them. */
static void note_losses(const putting *p, const engine_output *o, const writing *w)
{
    text lines;
    text_init(&lines);
    audience_append_notes(audiences_of(p->audiences, (size_t)(o - p->engine->outputs)),
                          &lines);
    delivery_append_losses(
        w->table, arena_format(p->engine->memory, "output \"%s\"", o->config->name.text),
        &lines);
    log_lines(p->listener, &lines);
    text_done(&lines);
}

static bool write_table(writing *w, carpel_error *err)
{
    struct ArrowArrayStream stream = {0};
    results_stream(delivery_table(w->table), &stream);
    guarded_call call;
    guarded_begin(&call, w->host, "write");
    bool ok =
        guarded_end(&call, w->output->write(w->instance, &stream, &call.error), err);
    if (stream.release)
        stream.release(&stream);
    return ok;
}

/* A function of the output that it need not have. */
static bool call_step(const writing *w, const char *name,
                      bool (*step)(void *instance, carpel_error *err), carpel_error *err)
{
    guarded_call call;
    if (step == NULL)
        return true;
    guarded_begin(&call, w->host, name);
    return guarded_end(&call, step(w->instance, &call.error), err);
}

/* The same for one that cannot fail; what it breaks comes too late for the run. */
static void call_ending(const writing *w, const char *name, void (*step)(void *instance))
{
    guarded_call call;
    carpel_error ignored;
    if (!w->is_begun || step == NULL)
        return;
    guarded_begin(&call, w->host, name);
    step(w->instance);
    (void)guarded_end(&call, true, &ignored);
}

static bool prepare(writing *all, size_t count, placing *files, carpel_error *err)
{
    for (size_t i = 0; i < count; i++)
        if (!call_step(&all[i], "prepare", all[i].output->prepare, err))
            return false;
    return placing_prepare(files, err);
}

/* One that says that it may go well later is asked for the same again. */
static bool commit_one(putting *p, size_t output, carpel_error *err)
{
    const writing *w = &p->all[output];
    while (!call_step(w, "commit", w->output->commit, err))
        if (!retrying_wait(&p->again[output], w->host, err))
            return false;
    return true;
}

/* Files first: they can be taken back. */
static bool commit(putting *p, carpel_error *err)
{
    if (!placing_put(p->files, err))
        return false;
    for (size_t i = 0; i < p->engine->project->output_count; i++)
        if (!commit_one(p, i, err))
            return false;
    return true;
}

static void abort_all(writing *all, size_t count, placing *files, carpel_error *err)
{
    for (size_t i = count; i-- > 0;)
        if (all[i].output != NULL)
            call_ending(&all[i], "abort", all[i].output->abort);
    placing_take_back(files, err);
}

/* False: an output broke the contract, if only when it was closed, and *err says so. */
static bool close_all(writing *all, size_t count, carpel_error *err)
{
    bool ok = true;
    for (size_t i = 0; i < count; i++) {
        if (all[i].output != NULL)
            call_ending(&all[i], "close", all[i].output->close);
        ok = ok && (!all[i].host || host_is_well(all[i].host, err));
        host_free(all[i].host);
        delivery_free(all[i].table);
        if (all[i].host)
            text_done(&all[i].said);
    }
    return ok;
}

/* What has begun to be put in place is finished or taken back, whoever wants to stop. */
static bool put_in_place(putting *p, carpel_error *err)
{
    engine *e = p->engine;
    cancel_hold(e->cancel);
    bool ok = commit(p, err) && placing_keep(p->files, err);
    if (!ok)
        abort_all(p->all, e->project->output_count, p->files, err);
    cancel_release(e->cancel, ok);
    return ok;
}

/* What programs wrote that read the rows. */
static bool note_said(const putting *p)
{
    for (size_t i = 0; i < p->engine->project->output_count; i++) {
        const writing *w = &p->all[i];
        if (w->said.size > 0)
            on_log((void *)p->listener, CARPEL_LOG_INFO,
                   arena_format(p->engine->memory, "the command of the %s says: %s",
                                w->program.title, w->said.data));
        if (w->unread > 0)
            on_log((void *)p->listener, CARPEL_LOG_INFO,
                   arena_format(p->engine->memory,
                                "the command of the %s ended well and had not read all: "
                                "%" PRIu64 " bytes are left",
                                w->program.title, w->unread));
    }
    return true;
}

/* Until all are ready; nothing has changed. What goes to streams cannot be taken back, so it goes
 * there first: when a reader fails, no file is another one, and no run is remembered. */
static bool write_all(putting *p, carpel_error *err)
{
    engine *e = p->engine;
    for (size_t i = 0; i < e->project->output_count; i++) {
        if (!begin(p, &e->outputs[i], &p->all[i], err) || !write_table(&p->all[i], err))
            return false;
    }
    if (!remembering_put(p->run, p->files, err) ||
        !prepare(p->all, e->project->output_count, p->files, err))
        return false;
    for (size_t i = 0; i < e->project->output_count; i++)
        note_losses(p, &e->outputs[i], &p->all[i]);
    return (!cancel_is_asked(e->cancel) || cancel_fail(err)) &&
           placing_copy_streams(p->files, err) && note_said(p);
}

/* Asked again when a file is opened: links may have changed since the check. */
typedef struct permission {
    struct places *taken;
    const remembering *run; /* whose file is carpel's own */
} permission;

static bool is_allowed(void *context, const char *path, carpel_error *err)
{
    const permission *p = context;
    if (remembering_owns(p->run, path))
        return true;
    const char *conflict = places_conflict(p->taken, path);
    return conflict == NULL ||
           carpel_fail(err, CARPEL_E_INPUT, "an output cannot write \"%s\": it is %s",
                       path, conflict);
}

/* Where it is noted what is being put in place, seen from the project's folder. */
#define JOURNAL_NAME ".carpel/outputs.journal"

static void on_note(void *context, const char *line)
{
    on_log(context, CARPEL_LOG_INFO, line);
}

static void on_wait(void *context, const char *line)
{
    const engine_listener *listener = context;
    if (listener->waits)
        listener->waits(listener->context, line);
    else
        on_note(context, line);
}

static journal_listener listen(const engine *e, const engine_listener *listener)
{
    return (journal_listener){(void *)listener, on_note, on_wait, e->cancel};
}

bool engine_recover(engine *e, const engine_listener *listener, carpel_error *err)
{
    journal_listener hears = listen(e, listener);
    return journal_recover(e->project->directory, JOURNAL_NAME, &hears, err);
}

journal *engine_hold_outputs(const engine *e, carpel_error *err)
{
    static const engine_listener nobody;
    journal_listener hears = listen(e, &nobody);
    return journal_open(e->project->directory, JOURNAL_NAME, &hears, err);
}

/* The run has failed, and said why. */
static void end_badly(journal *kept, bool is_stuck)
{
    carpel_error ignored;
    if (is_stuck)
        journal_leave(kept);
    else
        (void)journal_close(kept, &ignored);
}

/* Did an output fail that wants to be tried again, and has it been waited? */
static bool is_tried_again(const putting *p, carpel_error *err)
{
    size_t count = p->engine->project->output_count;
    for (size_t i = 0; i < count && !placing_is_stuck(p->files); i++)
        if (p->all[i].host && retrying_wait(&p->again[i], p->all[i].host, err))
            return true;
    return false;
}

/* Let all outputs begin, until they are in place or one has failed. */
static bool try_all(putting *p, bool *is_again, carpel_error *err)
{
    size_t count = p->engine->project->output_count;
    bool ok = write_all(p, err);
    *is_again = false;
    if (ok)
        return put_in_place(p, err);
    abort_all(p->all, count, p->files, err);
    *is_again = is_tried_again(p, err);
    return false;
}

/* The journal is at its end in any case. */
static bool end_try(const putting *p, journal *kept, bool ok, carpel_error *err)
{
    if (ok)
        ok = journal_close(kept, err);
    else
        end_badly(kept, placing_is_stuck(p->files));
    if (!ok &&
        cancel_is_asked(p->engine->cancel)) /* such as a call that was interrupted */
        cancel_fail(err);
    return ok;
}

/* A run that is only remembered needs no journal, each line of which is synced. */
static placing *begin_files(const putting *p, const placing_guard *guard, journal *kept)
{
    bool is_alone = p->engine->project->output_count == 0 && remembering_adds(p->run);
    return placing_new(guard, is_alone ? NULL : kept);
}

/* Nothing of a try before is left. */
static bool put_all(putting *p, const placing_guard *guard, journal *kept,
                    carpel_error *err)
{
    size_t count = p->engine->project->output_count;
    carpel_error later; /* the first failure is told */
    for (bool is_again = true, ok; is_again;) {
        p->all = memory_alloc_zero_array(count + 1, sizeof *p->all);
        p->files = begin_files(p, guard, kept);
        ok = try_all(p, &is_again, err);
        if (!is_again)
            ok = end_try(p, kept, ok, err);
        bool is_well = close_all(p->all, count, ok || is_again ? err : &later);
        placing_free(p->files);
        memory_free(p->all);
        is_again = is_again && is_well;
        if (ok)
            return is_well;
    }
    return false;
}

static bool write_outputs(putting *p, journal *kept, carpel_error *err)
{
    engine *e = p->engine;
    size_t count = e->project->output_count;
    permission allowed = {places_new(e), p->run};
    placing_guard guard = {&allowed, is_allowed};
    p->changes = memory_alloc_zero_array(count + 1, sizeof *p->changes);
    p->again = memory_alloc_zero_array(count + 1, sizeof *p->again);
    for (size_t i = 0; i < count; i++)
        retrying_init(&p->again[i], &e->project->outputs[i].retry, e->cancel,
                      p->listener);
    bool ok = put_all(p, &guard, kept, err);
    places_free(allowed.taken);
    memory_free(p->changes);
    memory_free(p->again);
    if (ok)
        remembering_prune(p->run);
    return ok;
}

bool engine_write(engine *e, const run_result *result, const engine_listener *listener,
                  carpel_error *err)
{
    putting p = {.engine = e, .result = result, .listener = listener};
    if (e->project->output_count == 0 && e->keep_runs == 0)
        return true;
    journal_listener hears = listen(e, listener);
    journal *kept = journal_open(e->project->directory, JOURNAL_NAME, &hears, err);
    if (kept == NULL)
        return false;
    bool ok = audiences_new(e, result, &p.audiences, err) &&
              remembering_begin(e, result, p.audiences, listener, &p.run, err);
    if (ok)
        ok = write_outputs(&p, kept, err);
    else
        end_badly(kept, false);
    remembering_free(p.run);
    audiences_free(p.audiences);
    return ok;
}
