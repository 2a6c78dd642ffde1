/* SPDX-License-Identifier: MIT */
#include "engine/remembering.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/directory.h"
#include "base/memory.h"
#include "base/own_folder.h"
#include "engine/parts.h"
#include "engine/remembered_result.h"
#include "runs/run_file.h"
#include "runs/run_folder.h"
#include "runs/run_forget.h"
#include "store/store_folder.h"
#include "value/value.h"

/* What an output of changes is told; kept until the end. */
typedef struct told_output {
    remembered_run *baseline;
    run_changes *changes;
} told_output;

struct remembering {
    const engine *engine;
    const audiences *audiences;
    const engine_listener *listener;
    run_folder *folder;
    remembered_run *run;
    bool is_kept; /* the file is there already */
    bool is_new;  /* there is none of that number yet */
    char *path;
    told_output *told;
    size_t told_count;
    arena *memory;
};

static void note(const remembering *m, const char *message)
{
    if (m->listener && m->listener->log)
        m->listener->log(m->listener->context, message);
}

static bool tells_changes(const engine *e)
{
    for (size_t i = 0; i < e->project->output_count; i++)
        if (e->project->outputs[i].is_changes)
            return true;
    return false;
}

/* ---- the run ------------------------------------------------------------- */

/* The run that this one is again, or NULL. */
static const remembered_run *find_same(const remembering *m)
{
    const remembered_run *last = run_folder_at(m->folder, m->run->as_of);
    return last && digest_equals(last->content, m->run->content) ? last : NULL;
}

/* What is known of an output stays, unless the run that it was compared with was removed. */
static void set_baseline(const remembering *m, const remembered_run *same,
                         const char *name, remembered_output *out)
{
    const remembered_output *known = same ? remembered_output_of(same, name) : NULL;
    uint64_t number = m->run->number;
    int64_t as_of = m->run->as_of;
    out->is_latest =
        known ? known->is_latest : !run_folder_later(m->folder, name, as_of, UINT64_MAX);
    if (known && (known->baseline == 0 || run_folder_has(m->folder, known->baseline))) {
        out->baseline = known->baseline;
        return;
    }
    const remembered_run *baseline = run_folder_baseline(m->folder, name, as_of, number);
    out->baseline = baseline ? baseline->number : 0;
}

/* Those that took the same run earlier and are not there any more. */
static void add_gone(remembered_run *r, const remembered_run *same)
{
    remembered_output *outputs = arena_alloc_array(
        r->memory, r->output_count + same->output_count + 1, sizeof *outputs);
    size_t count = r->output_count;
    for (size_t i = 0; i < count; i++)
        outputs[i] = r->outputs[i];
    r->outputs = outputs;
    for (size_t i = 0; i < same->output_count; i++) {
        slice name = same->outputs[i].name;
        bool is_there = false;
        for (size_t k = 0; k < count; k++)
            is_there |= slice_equals(outputs[k].name, name);
        if (!is_there)
            outputs[r->output_count++] = remembered_output_copy(&same->outputs[i]);
    }
}

/* The outputs of now are there already, with what they take. */
static void complete_outputs(remembering *m, const remembered_run *same)
{
    const project *p = m->engine->project;
    for (size_t i = 0; i < p->output_count; i++)
        set_baseline(m, same, p->outputs[i].name.text, &m->run->outputs[i]);
    if (same)
        add_gone(m->run, same);
}

static bool number_run(remembering *m, carpel_error *err)
{
    const remembered_run *same = find_same(m);
    m->run->number = same ? same->number : run_folder_next(m->folder);
    m->is_new = !same;
    if (same)
        m->run->made_at = same->made_at;
    complete_outputs(m, same);
    m->path = run_folder_file(m->folder, m->run->number);
    return !same || run_folder_keeps(m->folder, m->run, &m->is_kept, err);
}

/* Nobody knows which outputs took a run that cannot be read. */
static bool check_damage(const remembering *m, carpel_error *err)
{
    const run_entry *damaged = run_folder_damaged(m->folder);
    if (!damaged || !tells_changes(m->engine))
        return true;
    return carpel_fail(
        err, CARPEL_E_INPUT,
        "%s; changes may be told against it: forget it (carpel runs --forget %" PRIu64
        "), and they are told against the run before",
        damaged->damage, damaged->number);
}

/* Make the folder. False: *err says why; is it a project that this user may not write to? */
static bool make_folder(const char *folder, bool *is_read_only, carpel_error *err)
{
    bool ok = own_folder_make(folder, err);
    if (ok && !directory_is_writable(folder))
        ok = carpel_fail(err, CARPEL_E_SYSTEM, "cannot write to \"%s\": %s", folder,
                         strerror(errno));
    *is_read_only = !ok && (errno == EACCES || errno == EROFS || errno == EPERM);
    return ok;
}

/* All else of a run is done where nothing may be written, but for telling changes. */
static bool can_keep(const remembering *m, bool *can, carpel_error *err)
{
    bool is_read_only;
    *can = make_folder(m->folder->path, &is_read_only, err);
    if (*can)
        return check_damage(m, err);
    if (!is_read_only)
        return false;
    if (tells_changes(m->engine))
        return carpel_fail(err, CARPEL_E_SYSTEM,
                           "%s; outputs of changes need the run to be remembered there",
                           arena_format(m->memory, "%s", err->message));
    note(m, arena_format(m->memory, "this run is not remembered: %s", err->message));
    return true;
}

/* Nobody forgets anybody while this run is written: both hold the lock of the outputs. Whoever was
 * forgotten since its people were loaded is left out. */
static bool leave_out_forgotten(remembering *m, carpel_error *err)
{
    const char *path = m->engine->project->store.text;
    if (!path)
        return true;
    store_folder *now = store_folder_new(path);
    bool is_good = store_folder_look(now, err);
    if (!is_good && err->code == CARPEL_E_SYSTEM) /* the sources were read without it */
        is_good = store_folder_look_beside(now, err);
    const forgotten *gone = &store_folder_manifest(now)->forgotten;
    if (is_good && gone->count != m->engine->forgotten_count)
        remembered_run_forget_those(m->run, gone);
    store_folder_free(now);
    return is_good;
}

static bool begin(remembering *m, bool *can, carpel_error *err)
{
    m->folder = run_folder_open(m->engine->project->directory, err);
    if (!m->folder || !can_keep(m, can, err))
        return false;
    carpel_error unused; /* what cannot be removed is in nobody's way */
    if (*can)
        (void)run_folder_remove_aside(m->folder, &unused);
    return true;
}

static remembering *remembering_new(const engine *e, const audiences *audiences,
                                    const engine_listener *listener)
{
    remembering *m = memory_alloc_zero(sizeof *m);
    m->engine = e;
    m->audiences = audiences;
    m->listener = listener;
    m->memory = arena_new();
    m->told = arena_alloc_array(m->memory, e->project->output_count + 1, sizeof *m->told);
    return m;
}

bool remembering_begin(const engine *e, const run_result *result,
                       const audiences *audiences, const engine_listener *listener,
                       remembering **out, carpel_error *err)
{
    *out = NULL;
    if (e->keep_runs == 0)
        return true;
    bool can = false;
    remembering *m = remembering_new(e, audiences, listener);
    bool ok = begin(m, &can, err);
    if (ok && can) {
        m->run = remembered_result(e, result, audiences);
        ok = leave_out_forgotten(m, err) && number_run(m, err);
    }
    if (ok && can)
        *out = m;
    else
        remembering_free(m);
    return ok;
}

bool remembering_foresee(const engine *e, const run_result *result,
                         const audiences *audiences, const engine_listener *listener,
                         remembering **out, carpel_error *err)
{
    *out = NULL;
    if (e->keep_runs == 0)
        return true;
    remembering *m = remembering_new(e, audiences, listener);
    m->folder = run_folder_open(e->project->directory, err);
    bool ok = m->folder && check_damage(m, err);
    if (ok) {
        m->run = remembered_result(e, result, audiences);
        ok = number_run(m, err);
    }
    if (ok)
        *out = m;
    else
        remembering_free(m);
    return ok;
}

const remembered_run *remembering_run(const remembering *m)
{
    return m->run;
}

const run_folder *remembering_folder(const remembering *m)
{
    return m->folder;
}

/* ---- changes ------------------------------------------------------------- */

static void note_baseline(const remembering *m, const char *output,
                          const told_output *told)
{
    text line;
    text_init(&line);
    text_append_format(&line, "output \"%s\": ", output);
    if (told->baseline) {
        text_append_format(&line, "changes since run %" PRIu64 ", as of ",
                           told->baseline->number);
        value_append_time(told->baseline->as_of, m->engine->zone, &line);
        if (!run_folder_remembers(m->folder, told->baseline->number))
            text_append(&line, ", which is forgotten, and which it took last");
    } else {
        text_append(&line,
                    "it has taken no run of this or an earlier instant, so everybody "
                    "in a segment has entered it");
    }
    note(m, line.data);
    text_done(&line);
}

/* A look back is what somebody asked for, or a clock that was wrong now or then; the latter would
 * make each later run a look back, too. */
static void note_later(const remembering *m, const char *output)
{
    const remembered_run *later =
        run_folder_later(m->folder, output, m->run->as_of, m->run->number);
    if (!later)
        return;
    text line;
    text_init(&line);
    text_append_format(&line, "output \"%s\": it has taken run %" PRIu64 ", as of ",
                       output, later->number);
    value_append_time(later->as_of, m->engine->zone, &line);
    text_append_format(
        &line,
        ", so this run is a look back, with which no later one is compared; "
        "if a wrong clock made run %" PRIu64 ": carpel runs --forget %" PRIu64,
        later->number, later->number);
    note(m, line.data);
    text_done(&line);
}

bool remembering_changes(remembering *m, const char *output, told_changes *out,
                         carpel_error *err)
{
    const remembered_output *o = remembered_output_of(m->run, output);
    told_output *told = &m->told[m->told_count];
    if (o->baseline > 0) {
        told->baseline = run_folder_read(m->folder, o->baseline, err);
        if (!told->baseline)
            return false;
    }
    m->told_count++;
    told->changes = run_changes_through(output, told->baseline, m->run);
    note_baseline(m, output, told);
    note_later(m, output);
    *out = (told_changes){told->changes, told->baseline};
    return true;
}

/* ---- the file ------------------------------------------------------------ */

bool remembering_put(const remembering *m, placing *files, carpel_error *err)
{
    placing_file *file;
    if (!m || m->is_kept)
        return true;
    if (!placing_open(files, m->path, &file, err))
        return false;
    text bytes;
    text_init(&bytes);
    run_file_write(m->run, &bytes);
    placing_write(file, bytes.data,
                  bytes.size); /* a failure is told when all is prepared */
    text_done(&bytes);
    return true;
}

bool remembering_adds(const remembering *m)
{
    return m && m->is_new;
}

bool remembering_owns(const remembering *m, const char *path)
{
    return m && strcmp(m->path, path) == 0;
}

void remembering_prune(remembering *m)
{
    if (!m)
        return;
    const project *p = m->engine->project;
    const char **names = memory_alloc_array(p->output_count + 1, sizeof *names);
    for (size_t i = 0; i < p->output_count; i++)
        names[i] = p->outputs[i].name.text;
    run_folder_prune(m->folder, m->run->made_at - m->engine->keep_runs, names,
                     p->output_count);
    memory_free(names);
}

void remembering_free(remembering *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < m->told_count; i++) {
        run_changes_free(m->told[i].changes);
        remembered_run_free(m->told[i].baseline);
    }
    remembered_run_free(m->run);
    run_folder_free(m->folder);
    memory_free(m->path);
    arena_free(m->memory);
    memory_free(m);
}
