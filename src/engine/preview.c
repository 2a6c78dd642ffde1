/* SPDX-License-Identifier: MIT
 *
 * The tables of the outputs are made as for a run, and their rows counted as they stream.
 */
#include "engine/preview.h"

#include "engine/deliveries.h"
#include "engine/parts.h"
#include "engine/remembering.h"
#include "runs/run_folder.h"

/* ---- rows ---------------------------------------------------------------- */

static bool count_rows(const result_table *table, uint64_t *out, carpel_error *err)
{
    struct ArrowArrayStream stream = {0};
    struct ArrowArray batch = {0};
    bool ok = true;
    results_stream(table, &stream);
    for (*out = 0; ok;) {
        ok = stream.get_next(&stream, &batch) == 0 ||
             carpel_fail(err, CARPEL_E_SYSTEM, "the rows of an output cannot be made");
        if (!ok || !batch.release)
            break;
        *out += (uint64_t)batch.length;
        batch.release(&batch);
    }
    stream.release(&stream);
    return ok;
}

/* In the words of a run. */
static void tell_losses(const delivery *d, const audience *a, output_preview *out,
                        arena *memory)
{
    carpel_error err;
    text lines;
    text_init(&lines);
    audience_append_notes(a, &lines);
    delivery_append_losses(d, arena_format(memory, "output \"%s\"", out->name), &lines);
    out->losses = arena_copy_text(memory, lines.data ? lines.data : "", lines.size);
    if (!delivery_check_changes(d, &err))
        out->refusal = arena_copy_string(memory, err.message);
    text_done(&lines);
}

static bool preview_output(engine *e, const run_result *result, preview *p, size_t index,
                           carpel_error *err)
{
    const config_output *config = e->outputs[index].config;
    output_preview *out = &p->outputs[index];
    told_changes told = {0};
    *out = (output_preview){.name = config->name.text,
                            .plugin = config->plugin.text,
                            .is_changes = config->is_changes};
    if (out->is_changes && !remembering_changes(p->run, out->name, &told, err))
        return false;
    out->changes = told.changes;
    out->since = told.baseline;
    delivery *d = delivery_new(e, config, result, audiences_of(p->audiences, index),
                               out->is_changes ? &told : NULL);
    bool ok = count_rows(delivery_table(d), &out->rows, err);
    if (ok)
        tell_losses(d, audiences_of(p->audiences, index), out, p->memory);
    delivery_free(d);
    return ok;
}

static bool preview_outputs(engine *e, const run_result *result, preview *p,
                            carpel_error *err)
{
    size_t count = e->project->output_count;
    p->outputs = arena_alloc_array(p->memory, count + 1, sizeof *p->outputs);
    for (; p->output_count < count; p->output_count++)
        if (!preview_output(e, result, p, p->output_count, err))
            return false;
    return true;
}

/* ---- the run before ------------------------------------------------------ */

static bool compare_with_last(preview *p, carpel_error *err)
{
    if (!p->run)
        return true;
    const run_folder *folder = remembering_folder(p->run);
    const remembered_run *now = remembering_run(p->run);
    const remembered_run *last = run_folder_up_to(folder, now->as_of);
    if (last) {
        p->before = run_folder_read(folder, last->number, err);
        if (!p->before)
            return false;
    }
    const remembered_run *latest = run_folder_up_to(folder, INT64_MAX);
    p->has_later = latest && latest->as_of > now->as_of;
    p->changes = run_changes_between(p->before, now);
    return true;
}

preview *engine_preview(engine *e, const run_result *result,
                        const engine_listener *listener, carpel_error *err)
{
    arena *memory = arena_new();
    preview *p = arena_alloc(memory, sizeof *p);
    p->memory = memory;
    if (audiences_new(e, result, &p->audiences, err) &&
        remembering_foresee(e, result, p->audiences, listener, &p->run, err) &&
        preview_outputs(e, result, p, err) && compare_with_last(p, err))
        return p;
    preview_free(p);
    return NULL;
}

void preview_free(preview *p)
{
    if (!p)
        return;
    run_changes_free(p->changes);
    remembered_run_free(p->before);
    remembering_free(p->run);
    audiences_free(p->audiences);
    arena_free(p->memory);
}
