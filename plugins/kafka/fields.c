/* SPDX-License-Identifier: MIT
 *
 * Messages as rows.
 */
#include "kafka/fields.h"

#include <stdio.h>
#include <string.h>

#include "common/memory.h"
#include "common/moments.h"

/* What a registry of schemas puts before a value: a zero and the number of a schema. */
enum { SCHEMA_BYTES = 5 };

enum { FIELD_KEY, FIELD_TIME, FIELD_TOPIC, FIELD_PARTITION, FIELD_OFFSET, FIELD_COUNT };

static const char *const names[] = {"@key", "@time", "@topic", "@partition", "@offset"};

/* ---- wanted fields ---------------------------------------------------------------- */

static bool add_field(fields *f, const char *from, path_end end, carpel_error *err)
{
    const carpel_column *column = &f->request->columns[end.column];
    for (unsigned i = 0; i < FIELD_COUNT; i++) {
        if (strcmp(from, names[i]) != 0)
            continue;
        if (i == FIELD_TIME && (column->type != CARPEL_TIME || column->format))
            return carpel_fail(err, CARPEL_E_INPUT,
                               "\"@time\" is a time that says by itself which one it is: "
                               "it cannot be \"%s\" in another type or \"format\"",
                               column->name);
        f->items = common_resize(f->items, (f->count + 1) * sizeof *f->items);
        f->items[f->count++] = (field){end, i};
    }
    return true;
}

static bool add_fields(fields *f, size_t column, carpel_error *err)
{
    const char *const *others = f->request->columns[column].others;
    bool ok = add_field(f, f->request->columns[column].from,
                        (path_end){column, others != NULL, 0}, err);
    for (unsigned i = 0; ok && others && others[i]; i++)
        ok = add_field(f, others[i], (path_end){column, true, i + 1}, err);
    return ok;
}

bool fields_init(fields *f, const carpel_host *host, const carpel_request *request,
                 carpel_error *err)
{
    *f = (fields){.host = host, .request = request};
    for (size_t i = 0; i < request->column_count; i++)
        if (request->columns[i].type != CARPEL_LIST && !add_fields(f, i, err))
            return false;
    return true;
}

void fields_done(fields *f)
{
    free(f->items);
    buffer_done(&f->value);
}

/* ---- values ----------------------------------------------------------------------- */

static void set_time(const fields *f, carpel_rows *rows, size_t column,
                     const rd_kafka_message_t *m)
{
    rd_kafka_timestamp_type_t type;
    int64_t milliseconds = rd_kafka_message_timestamp(m, &type), microseconds;
    if (type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE || milliseconds < 0)
        return;
    if (__builtin_mul_overflow(milliseconds, INT64_C(1000), &microseconds))
        f->host->row_refuse(rows, "the time of the message is beyond all years");
    else
        f->host->row_set_int(rows, column, microseconds);
}

static bool has_field(unsigned which, const rd_kafka_message_t *m)
{
    return which != FIELD_KEY || m->key != NULL;
}

static void set_field(const fields *f, records *r, const field *wanted,
                      const rd_kafka_message_t *m)
{
    const carpel_host *host = f->host;
    carpel_rows *rows = r->rows;
    const char *topic = rd_kafka_topic_name(m->rkt);
    size_t column = wanted->end.column;
    r->was_found[column] = true;
    switch (wanted->which) {
    case FIELD_KEY: host->row_set_text(rows, column, m->key, m->key_len, true); break;
    case FIELD_TIME: set_time(f, rows, column, m); break;
    case FIELD_TOPIC: host->row_set_text(rows, column, topic, strlen(topic), true); break;
    case FIELD_PARTITION: host->row_set_int(rows, column, m->partition); break;
    default: host->row_set_int(rows, column, m->offset);
    }
}

/* The object in the value; NULL: there is none, for the reason. */
static const char *find_object(fields *f, const rd_kafka_message_t *m, size_t *size,
                               const char **reason)
{
    const char *value = m->payload;
    if (!value) {
        *reason = "it has no value (a tombstone)";
        return NULL;
    }
    bool has_schema = m->len > 0 && value[0] == '\0';
    size_t begin = has_schema ? SCHEMA_BYTES : 0;
    if (has_schema && (m->len <= SCHEMA_BYTES || value[SCHEMA_BYTES] != '{')) {
        *reason = "its value is no JSON; it has the number of a schema in front, as Avro "
                  "and Protobuf have";
        return NULL;
    }
    buffer_clear(&f->value);
    buffer_add_bytes(&f->value, value + begin, m->len - begin);
    *size = m->len - begin;
    return f->value.data ? f->value.data : "";
}

void fields_fill(fields *f, records *r, const rd_kafka_message_t *m)
{
    size_t size = 0;
    const char *reason, *object = find_object(f, m, &size, &reason);
    if (object)
        records_fill(r, object, size);
    else
        f->host->row_refuse(r->rows, reason);
    for (size_t i = 0; i < f->count; i++)
        if (has_field(f->items[i].which, m) && records_counts(r, f->items[i].end))
            set_field(f, r, &f->items[i], m);
}

/* ---- telling ---------------------------------------------------------------------- */

static void tell_number(const carpel_view *view, unsigned which, long long number)
{
    char text[24];
    int size = snprintf(text, sizeof text, "%lld", number);
    view->row_field(view->context, names[which], text, (size_t)size, false);
}

static void tell_text(const carpel_view *view, unsigned which, const char *text,
                      size_t size)
{
    view->row_field(view->context, names[which], text, size, true);
}

static void tell_time(const carpel_view *view, const rd_kafka_message_t *m)
{
    rd_kafka_timestamp_type_t type;
    int64_t milliseconds = rd_kafka_message_timestamp(m, &type);
    char text[64];
    if (type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE || milliseconds < 0)
        return;
    size_t size = moment_write_time(milliseconds, 1000, 'T', "Z", text, sizeof text);
    view->row_field(view->context, names[FIELD_TIME], text, size, false);
}

static void tell_own(const carpel_view *view, const rd_kafka_message_t *m)
{
    const char *topic = rd_kafka_topic_name(m->rkt);
    if (m->key)
        tell_text(view, FIELD_KEY, m->key, m->key_len);
    tell_time(view, m);
    tell_text(view, FIELD_TOPIC, topic, strlen(topic));
    tell_number(view, FIELD_PARTITION, m->partition);
    tell_number(view, FIELD_OFFSET, m->offset);
}

bool fields_tell(fields *f, records *r, const rd_kafka_message_t *m)
{
    size_t size = 0;
    const char *reason, *object = find_object(f, m, &size, &reason);
    if (!records_begin_told(r))
        return false;
    if (!object)
        r->view->row_refuse(r->view->context, reason);
    else if (records_tell(r, object, size))
        tell_own(r->view, m);
    r->view->row_end(r->view->context);
    return true;
}
