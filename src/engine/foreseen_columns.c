/* SPDX-License-Identifier: MIT
 *
 * A run of nobody, of which one table is made.
 */
#include "engine/foreseen_columns.h"

#include "base/memory.h"
#include "engine/deliveries.h"
#include "engine/parts.h"
#include "exec/run.h"
#include "ingest/facts.h"

static store *store_of_nobody(const schema *s)
{
    facts *f = facts_new(s);
    store *nobody = facts_finish(f);
    facts_free(f);
    return nobody;
}

/* Lists of people to leave out are read, as a run reads them. */
static bool judge_nobody(engine *e, foreseen_columns *f, carpel_error *err)
{
    const run_options options = {.as_of = engine_clock(e), .threads = 1};
    store *before = e->store;
    f->nobody = store_of_nobody(e->schema);
    f->result = run_plan(e->plan, f->nobody, &options, err);
    e->store = f->nobody;
    bool ok = f->result && audiences_new(e, f->result, &f->audiences, err);
    e->store = before;
    return ok;
}

foreseen_columns *foreseen_columns_new(engine *e, size_t output, carpel_error *err)
{
    const config_output *config = e->outputs[output].config;
    const run_changes none = {0};
    const told_changes told = {.changes = &none};
    foreseen_columns *f = memory_alloc_zero(sizeof *f);
    if (!judge_nobody(e, f, err)) {
        foreseen_columns_free(f);
        return NULL;
    }
    f->delivery = delivery_new(e, config, f->result, audiences_of(f->audiences, output),
                               config->is_changes ? &told : NULL);
    f->columns = delivery_table(f->delivery)->told;
    f->count = delivery_table(f->delivery)->column_count;
    f->changes = delivery_word_of_changes(config);
    return f;
}

void foreseen_columns_free(foreseen_columns *f)
{
    if (!f)
        return;
    delivery_free(f->delivery);
    audiences_free(f->audiences);
    run_result_free(f->result);
    store_free(f->nobody);
    memory_free(f);
}
