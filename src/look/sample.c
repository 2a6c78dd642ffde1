/* SPDX-License-Identifier: MIT
 *
 * Batches are checked as those of a load.
 */
#include "look/sample.h"

#include <errno.h>
#include <string.h>

#include "base/memory.h"
#include "ingest/batch.h"
#include "plugin/guarded.h"

/* A source that is read for a sample. */
typedef struct sampling {
    plugin_host *host;
    const carpel_view *view;
    struct ArrowArrayStream stream;
    schema schema;
    mapping mapping;
    batch batch;
    uint64_t row_count;
} sampling;

void look_sample_want(look_sample *s, const char *from, arena *memory)
{
    for (size_t i = 0; i < s->count; i++)
        if (strcmp(s->columns[i].from, from) == 0)
            return;
    memory_grow((void **)&s->columns, s->count, &s->capacity, sizeof *s->columns);
    const char *name = arena_copy_string(memory, from);
    s->columns[s->count++] = (carpel_column){
        .name = name, .from = name, .type = CARPEL_STRING, .is_optional = true};
}

/* ---- rows -------------------------------------------------------------------------- */

static bool fail_number(sampling *s, int number, carpel_error *err)
{
    const char *why = s->stream.get_last_error(&s->stream);
    return host_is_well(s->host, err) &&
           carpel_fail(err, carpel_error_code_of(number), "%s", why ? why : "no reason");
}

static void tell_cells(const sampling *s, size_t row)
{
    for (size_t i = 0; i < s->mapping.column_count; i++) {
        const vector *v = &s->batch.columns[i];
        if (vector_is_missing(v, row))
            continue;
        slice text = vector_text(v, row);
        s->view->row_field(s->view->context, s->mapping.columns[i].from, text.data,
                           text.size, false);
    }
}

/* False: no more rows are wanted. */
static bool tell_rows(sampling *s)
{
    for (size_t row = 0; row < s->batch.row_count; row++) {
        if (!s->view->row_begin(s->view->context, ++s->row_count))
            return false;
        tell_cells(s, row);
        s->view->row_end(s->view->context);
    }
    return s->row_count < SAMPLE_ROWS;
}

/* *goes_on is false behind the last batch that is wanted. */
static bool tell_batch(sampling *s, bool *goes_on, carpel_error *err)
{
    struct ArrowArray array = {0};
    int number = s->stream.get_next(&s->stream, &array);
    *goes_on = false;
    if (number != 0)
        return fail_number(s, number, err);
    if (!array.release)
        return true;
    bool ok = batch_open(&s->batch, &array, err);
    if (ok)
        *goes_on = tell_rows(s);
    array.release(&array);
    return ok;
}

static bool read_batches(sampling *s, carpel_error *err)
{
    bool goes_on = true, ok = true;
    int number = s->stream.get_schema(&s->stream, &s->batch.schema);
    if (number != 0)
        return fail_number(s, number, err);
    ok = batch_check_schema(&s->batch, err);
    while (ok && goes_on)
        ok = tell_batch(s, &goes_on, err);
    return ok;
}

/* ---- the source ------------------------------------------------------------------------ */

bool look_sample_tell(plugin_host *host, const carpel_plugin *plugin,
                      const look_sample *sample, const carpel_view *view,
                      carpel_error *err)
{
    carpel_request request = sample->request;
    request.columns = sample->columns;
    request.column_count = sample->count;
    sampling s = {.host = host, .view = view};
    s.mapping = (mapping){.schema = &s.schema,
                          .source = request.name,
                          .plugin = plugin->name,
                          .columns = sample->columns,
                          .column_count = sample->count,
                          .cleanings = memory_alloc_zero_array(
                              sample->count + 1, sizeof *s.mapping.cleanings)};
    batch_init(&s.batch, &s.mapping);
    bool ok =
        guarded_open(host, plugin, &request, &s.stream, err) && read_batches(&s, err);
    batch_done(&s.batch);
    if (s.stream.release)
        s.stream.release(&s.stream);
    carpel_error broken;
    bool is_well = host_is_well(host, &broken);
    if (ok && !is_well)
        *err = broken;
    memory_free(s.mapping.cleanings);
    return ok && is_well;
}
