/* SPDX-License-Identifier: MIT
 *
 * From the host's batches to rows. The stream is checked, so that a host that hands out
 * something else is refused and not misread.
 */
#include "common/members.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

typedef enum member_column { SEGMENT, PERSON, AS_OF, COLUMN_COUNT } member_column;

static const char *const column_names[] = {"segment", "person", "as_of"};
static const char *const column_formats[] = {"u", "u", "tsu:UTC"};

static bool check_schema(const struct ArrowSchema *schema, carpel_error *err)
{
    bool ok = strcmp(schema->format, "+s") == 0 && schema->n_children == COLUMN_COUNT;
    for (int i = 0; ok && i < COLUMN_COUNT; i++) {
        const struct ArrowSchema *child = schema->children[i];
        ok = child->name != NULL && strcmp(child->name, column_names[i]) == 0 &&
             strcmp(child->format, column_formats[i]) == 0;
    }
    return ok || carpel_fail(err, CARPEL_E_PLUGIN,
                             "the rows are not segment, person and as_of");
}

static bool fail_stream(struct ArrowArrayStream *rows, int result, carpel_error *err)
{
    const char *message = rows->get_last_error(rows);
    carpel_error_code code = result == ECANCELED ? CARPEL_E_CANCELLED : CARPEL_E_SYSTEM;
    return carpel_fail(err, code, "%s",
                       message != NULL ? message : "the rows ended early");
}

static bool read_schema(struct ArrowArrayStream *rows, carpel_error *err)
{
    struct ArrowSchema schema;
    int result = rows->get_schema(rows, &schema);
    if (result != 0)
        return fail_stream(rows, result, err);
    bool ok = check_schema(&schema, err);
    schema.release(&schema);
    return ok;
}

static const char *text_at(const struct ArrowArray *column, int64_t row, size_t *size)
{
    const int32_t *offsets = column->buffers[1];
    const char *bytes = column->buffers[2];
    offsets += column->offset + row;
    *size = (size_t)(offsets[1] - offsets[0]);
    return bytes + offsets[0];
}

static void add_batch(aside *out, const member_format *format, const void *options,
                      const struct ArrowArray *batch)
{
    const struct ArrowArray *times = batch->children[AS_OF];
    const int64_t *as_of = times->buffers[1];
    for (int64_t i = 0; i < batch->length; i++) {
        int64_t row = batch->offset + i;
        member m = {.as_of = as_of[times->offset + row]};
        m.segment = text_at(batch->children[SEGMENT], row, &m.segment_size);
        m.person = text_at(batch->children[PERSON], row, &m.person_size);
        format->add(out, options, &m);
    }
}

static bool has_nulls(const struct ArrowArray *batch)
{
    for (int i = 0; i < COLUMN_COUNT; i++)
        if (batch->children[i]->null_count != 0)
            return true;
    return false;
}

static bool add_all(const carpel_host *host, aside *out, const member_format *format,
                    const void *options, struct ArrowArrayStream *rows, carpel_error *err)
{
    for (;;) {
        struct ArrowArray batch;
        if (host->is_cancelled(host))
            return carpel_fail(err, CARPEL_E_CANCELLED, "the work was stopped");
        int result = rows->get_next(rows, &batch);
        if (result != 0)
            return fail_stream(rows, result, err);
        if (batch.release == NULL)
            return true;
        bool ok = batch.n_children == COLUMN_COUNT && !has_nulls(&batch);
        if (ok)
            add_batch(out, format, options, &batch);
        else
            carpel_fail(err, CARPEL_E_PLUGIN, "a row has no segment, person or as_of");
        batch.release(&batch);
        if (!ok)
            return false;
    }
}

/* The civil date of a day since 1970. */
static void civil(int64_t day, int64_t *year, int64_t *month, int64_t *of_month)
{
    int64_t z = day + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097, of_era = z - era * 146097;
    int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * y + y / 4 - y / 100), m = (5 * of_year + 2) / 153;
    *of_month = of_year - (153 * m + 2) / 5 + 1;
    *month = m < 10 ? m + 3 : m - 9;
    *year = y + era * 400 + (*month <= 2);
}

size_t member_time(int64_t as_of, char out[MEMBER_TIME_SIZE])
{
    int64_t second = as_of / 1000000, fraction = as_of % 1000000;
    if (fraction < 0) {
        fraction += 1000000;
        second--;
    }
    int64_t day = second / 86400, of_day = second % 86400, year, month, of_month;
    if (of_day < 0) {
        of_day += 86400;
        day--;
    }
    civil(day, &year, &month, &of_month);
    int size =
        snprintf(out, MEMBER_TIME_SIZE,
                 "%04" PRId64 "-%02" PRId64 "-%02" PRId64 "T%02" PRId64 ":%02" PRId64
                 ":%02" PRId64,
                 year, month, of_month, of_day / 3600, of_day / 60 % 60, of_day % 60);
    size_t used = size < 0 ? 0 : (size_t)size;
    if (fraction != 0) {
        snprintf(out + used, MEMBER_TIME_SIZE - used, ".%06" PRId64, fraction);
        used += 7;
        while (out[used - 1] == '0')
            used--;
    }
    out[used++] = 'Z';
    out[used] = '\0';
    return used;
}

bool members_write(const carpel_host *host, const char *path, const member_format *format,
                   const void *options, struct ArrowArrayStream *rows, carpel_error *err)
{
    aside out;
    if (!read_schema(rows, err) || !aside_open(&out, path, err))
        return false;
    if (format->begin != NULL)
        format->begin(&out, options);
    if (!add_all(host, &out, format, options, rows, err)) {
        aside_abandon(&out);
        return false;
    }
    return aside_commit(&out, err);
}
