/* SPDX-License-Identifier: MIT
 *
 * Each source is looked at by a loader that takes no row.
 */
#include "engine/changed_values.h"

#include <string.h>

#include "engine/parts.h"
#include "value/cleaning.h"

typedef struct telling {
    const char *source;
    engine_told_value *told;
    void *context;
    uint64_t count, most;
} telling;

static void tell(void *context, const listed_change *c)
{
    telling *t = context;
    const char *steps[CLEAN_STEP_COUNT];
    changed_value value = {.source = t->source,
                           .file = c->file,
                           .field = c->field,
                           .line = c->line,
                           .before = c->before,
                           .after = c->after,
                           .is_refused = c->is_refused,
                           .steps = steps};
    if (t->count++ >= t->most)
        return;
    for (int step = 0; step < CLEAN_STEP_COUNT; step++)
        if (c->steps >> step & 1)
            steps[value.step_count++] = clean_steps[step].key;
    t->told(t->context, &value);
}

static bool look_at(engine *e, size_t source, telling *t, carpel_error *err)
{
    engine_load_options options = {.threads = 1};
    quarantine *refused = quarantine_new(NULL, false);
    loader *l = loader_new(e->schema, refused);
    mapping_list_changes(e->sources[source].mapping);
    loader_set_cancel(l, e->cancel);
    loader_tell_changes(l, tell, t);
    t->source = e->sources[source].name;
    bool is_good = engine_look_at_source(e, source, NULL, l, &options, err);
    loader_free(l);
    quarantine_free(refused);
    return is_good;
}

bool engine_list_changed(engine *e, const char *source, engine_told_value *told,
                         void *context, uint64_t *more, carpel_error *err)
{
    telling t = {
        .told = told, .context = context, .most = (uint64_t)e->project->limits.list_rows};
    for (size_t i = 0; i < e->project->source_count; i++)
        if ((!source || strcmp(source, e->sources[i].name) == 0) &&
            !look_at(e, i, &t, err))
            return false;
    *more = t.count > t.most ? t.count - t.most : 0;
    return true;
}
