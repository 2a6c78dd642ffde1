/* SPDX-License-Identifier: MIT
 *
 * A source goes through the same guard and the same checks of batches as in a load.
 */
#include "kit/reader.h"

#include <string.h>

#include "base/memory.h"

enum { ENOUGH_ROWS = 20000 };

static void prepare_mapping(kit_reader *r, const carpel_plugin *p)
{
    const carpel_request *q = &r->request;
    r->mapping = (mapping){.schema = &r->schema,
                           .source = q->name,
                           .plugin = p->name,
                           .columns = (carpel_column *)q->columns,
                           .column_count = q->column_count,
                           .cleanings = memory_alloc_zero_array(
                               q->column_count, sizeof *r->mapping.cleanings)};
    batch_init(&r->batch, &r->mapping);
}

static void on_log(void *context, carpel_log_level level, const char *message)
{
    (void)level;
    if (context)
        text_append_format(context, "%s\n", message);
}

void kit_reader_begin(kit_reader *r, kit_trial *t, const kit_how *how)
{
    const kit_subject *s = t->subject;
    *r = (kit_reader){.trial = t};
    cancel_init(&r->stop);
    kit_patience_begin(&r->patience, t->patience, &r->stop);
    const host_listener listener = {.context = how->log,
                                    .log = on_log,
                                    .cancel = &r->stop,
                                    .plugin = s->plugin->name};
    r->quarantine = quarantine_new(NULL, how->is_strict);
    r->host = host_new(NULL, r->quarantine, &listener);
    if (how->batch_rows > 0)
        host_size_batches(r->host, how->batch_rows);
    r->request = (carpel_request){.struct_size = sizeof(carpel_request),
                                  .name = "trial",
                                  .options = how->options ? how->options : s->options,
                                  .columns = how->columns ? how->columns : s->columns,
                                  .column_count =
                                      how->columns ? how->column_count : s->column_count,
                                  .project_directory = s->directory,
                                  .cursor = how->cursor};
    prepare_mapping(r, s->plugin);
}

bool kit_reader_open(kit_reader *r, kit_trial *t, const kit_how *how, carpel_error *err)
{
    kit_reader_begin(r, t, how);
    kit_step(t, "open");
    return guarded_open(r->host, t->subject->plugin, &r->request, &r->stream, err);
}

/* ---- batches ---------------------------------------------------------------------------- */

static bool fail_number(kit_reader *r, int number, carpel_error *err)
{
    const char *why = r->stream.get_last_error(&r->stream);
    if (!host_is_well(r->host, err))
        return false;
    return carpel_fail(err, number == ECANCELED ? CARPEL_E_CANCELLED : CARPEL_E_SYSTEM,
                       "%s", why ? why : "no reason");
}

static bool get_schema(kit_reader *r, carpel_error *err)
{
    if (r->has_schema)
        return true;
    kit_step(r->trial, "get_schema");
    int number = r->stream.get_schema(&r->stream, &r->batch.schema);
    if (number != 0)
        return fail_number(r, number, err);
    r->has_schema = true;
    return batch_check_schema(&r->batch, err);
}

static void append_cell(const vector *v, carpel_type type, size_t row, text *out)
{
    const int64_t *wholes = v->values;
    if (vector_is_missing(v, row)) {
        text_append_char(out, '-');
        return;
    }
    switch (type) {
    case CARPEL_BOOL:
        text_append(out, vector_bit(v->values, v->values_from + row) ? "true" : "false");
        break;
    case CARPEL_NUMBER:
        text_append_format(out, "%.17g", ((const double *)v->values)[row]);
        break;
    case CARPEL_DATE:
        text_append_format(out, "%d", (int)((const int32_t *)v->values)[row]);
        break;
    case CARPEL_STRING:
    case CARPEL_PERSON: {
        slice s = vector_text(v, row);
        text_append_format(out, "\"%.*s\"", (int)s.size, s.data);
        break;
    }
    case CARPEL_INT:
    case CARPEL_DECIMAL:
    case CARPEL_TIME:
    case CARPEL_DURATION: text_append_format(out, "%lld", (long long)wholes[row]); break;
    case CARPEL_LIST: break; /* none is asked for */
    }
}

/* Not more than enough in all, so that the same rows are compared however they come in batches. */
static void append_rows(const kit_reader *r, text *out)
{
    const mapping *m = &r->mapping;
    size_t left = r->row_count < ENOUGH_ROWS ? ENOUGH_ROWS - (size_t)r->row_count : 0;
    for (size_t row = 0; row < r->batch.row_count && row < left; row++) {
        for (size_t c = 0; c < m->column_count; c++) {
            text_append(out, c > 0 ? "\t" : "");
            append_cell(&r->batch.columns[c], m->columns[c].type, row, out);
        }
        text_append_char(out, '\n');
    }
}

kit_got kit_reader_next(kit_reader *r, text *rows, carpel_error *err)
{
    struct ArrowArray array = {0};
    if (!get_schema(r, err))
        return KIT_FAILED;
    kit_step(r->trial, "get_next, batch %llu", (unsigned long long)r->batch_count + 1);
    int number = r->stream.get_next(&r->stream, &array);
    if (number != 0) {
        fail_number(r, number, err);
        return KIT_FAILED;
    }
    if (!array.release)
        return KIT_END;
    bool ok = batch_open(&r->batch, &array, err);
    if (ok)
        append_rows(r, rows);
    r->batch_count++;
    r->row_count += ok ? r->batch.row_count : 0;
    kit_step(r->trial, "the release of batch %llu", (unsigned long long)r->batch_count);
    array.release(&array);
    return ok ? KIT_BATCH : KIT_FAILED;
}

kit_got kit_reader_read(kit_reader *r, text *rows, carpel_error *err)
{
    kit_got got = KIT_BATCH;
    while (got == KIT_BATCH && r->row_count < ENOUGH_ROWS)
        got = kit_reader_next(r, rows, err);
    return got;
}

bool kit_reader_close(kit_reader *r, carpel_error *err)
{
    batch_done(&r->batch);
    if (r->stream.release) {
        kit_step(r->trial, "the release of its stream");
        r->stream.release(&r->stream);
    }
    kit_patience_end(&r->patience);
    bool ok = host_is_well(r->host, err);
    host_free(r->host);
    quarantine_free(r->quarantine);
    memory_free(r->mapping.cleanings);
    return ok;
}

bool kit_read_all(kit_trial *t, const kit_how *how, text *rows, carpel_error *err)
{
    kit_reader r;
    carpel_error late;
    bool ok =
        kit_reader_open(&r, t, how, err) && kit_reader_read(&r, rows, err) != KIT_FAILED;
    bool is_well = kit_reader_close(&r, &late);
    if (ok && !is_well)
        *err = late;
    return ok && is_well;
}
