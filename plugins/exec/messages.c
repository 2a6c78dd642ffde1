/* SPDX-License-Identifier: MIT
 *
 * What the lines of a program say.
 */
#include "exec/messages.h"

#include <stdio.h>
#include <string.h>

#include "common/memory.h"
#include "common/names.h"
#include "common/buffer.h"
#include "exec/parts.h"

typedef struct message {
    part line, type, stream, record, value, state, trace;
} message;

bool messages_fail_size(const messages *m, size_t most, carpel_error *err)
{
    char streams[80] = "";
    if (m->states->stream_count > 1)
        snprintf(streams, sizeof streams, ", or let it read fewer than %zu streams",
                 m->states->stream_count);
    return carpel_fail(
        err, CARPEL_E_INPUT,
        "the state of \"%.100s\" is longer than %zu bytes; leave \"state\" "
        "out, so that all is read each time%s",
        m->program, most, streams);
}

/* ---- streams ---------------------------------------------------------------------- */

static void meet_stream(messages *m, part stream)
{
    char *name = part_copy_text(&m->json, stream);
    bool is_known = !name || m->stream_count == KEPT_STREAMS;
    if (name && strcmp(name, m->stream) == 0)
        m->has_stream = is_known = true;
    for (size_t i = 0; i < m->stream_count && !is_known; i++)
        is_known = strcmp(m->streams[i], name) == 0;
    if (is_known)
        free(name);
    else
        m->streams[m->stream_count++] = name;
}

/* ---- records ---------------------------------------------------------------------- */

static void refuse(messages *m, const char *reason)
{
    m->states->is_behind = true;
    records_refuse(m->records, reason);
}

/* The object has no such key, but maybe one like it. */
static void refuse_lack(messages *m, part object, const char *what, const char *key)
{
    char reason[200];
    char *nearest = parts_nearest_key(&m->json, object, key);
    snprintf(reason, sizeof reason, "%s has no \"%s\"%s%.60s%s", what, key,
             nearest ? ", but \"" : "", nearest ? nearest : "", nearest ? "\"" : "");
    free(nearest);
    refuse(m, reason);
}

static void take_data(messages *m, part stream, part data)
{
    meet_stream(m, stream);
    if (stream.data[0] != '"') {
        refuse(m, "\"stream\" of the RECORD is no text");
        return;
    }
    if (!part_is_text(&m->json, stream, m->stream))
        return;
    if (data.data[0] != '{') {
        refuse(m, "the record is no object");
        return;
    }
    m->states->is_behind = true;
    records_add(m->records, data.data, data.size);
}

static bool is_other(messages *m, part stream)
{
    return stream.size > 0 && stream.data[0] == '"' &&
           !part_is_text(&m->json, stream, m->stream);
}

/* {"stream": "orders", "data": {...}} */
static void take_airbyte(messages *m, part line, part record)
{
    part stream = {0}, data = {0};
    const wanted_part inner[] = {{"stream", &stream}, {"data", &data}};
    if (!parts_find(&m->json, record, inner, 2))
        refuse(m, "the RECORD has neither a \"stream\" nor an object as its \"record\"");
    else if (stream.size == 0 && data.size == 0)
        refuse_lack(m, line, "the RECORD", "stream");
    else if (stream.size == 0)
        refuse_lack(m, record, "\"record\"", "stream");
    else if (data.size == 0 && !is_other(m, stream))
        refuse_lack(m, record, "\"record\"", "data");
    else
        take_data(m, stream, data);
}

static void take_record(messages *m, const message *found)
{
    if (found->record.size == 0) {
        meet_stream(m, found->stream);
        if (!is_other(m, found->stream))
            refuse_lack(m, found->line, "the RECORD", "record");
    } else if (found->stream.size > 0) {
        take_data(m, found->stream, found->record);
    } else {
        take_airbyte(m, found->line, found->record);
    }
}

/* {"type": "record", ...} and lines without a type; others are of no matter. */
static void take_other(messages *m, const message *found)
{
    if (found->type.size == 0)
        refuse_lack(m, found->line, "the message", "type");
    else if (found->record.size > 0 && !is_other(m, found->stream))
        refuse(m, "the message has a \"record\", but its \"type\" is not \"RECORD\"");
}

/* ---- other messages --------------------------------------------------------------- */

static bool fail_as_told(messages *m, part error, carpel_error *err)
{
    part message = {0};
    buffer words = {0};
    const wanted_part inner[] = {{"message", &message}};
    char *text =
        parts_find(&m->json, error, inner, 1) ? part_copy_text(&m->json, message) : NULL;
    buffer_add(&words, "");
    buffer_add_one_line(&words, text ? text : "it does not say which", 280);
    carpel_fail(err, CARPEL_E_INPUT, "\"%s\" reports an error: %s", m->program,
                words.data);
    buffer_done(&words);
    free(text);
    return false;
}

/* Of Airbyte there is one for each stream, so that there may be any number of them. */
static bool take_state(messages *m, const message *found, carpel_error *err)
{
    if (found->value.size > 0) {
        states_take(m->states, found->value);
        return true;
    }
    states_take_airbyte(m->states, &m->json, found->state);
    m->has_stream |= m->states->has_stream;
    return states_size(m->states) < STATES_MOST_BYTES || !m->states->are_kept ||
           messages_fail_size(m, STATES_MOST_BYTES - 1, err);
}

/* Of Airbyte: an error, or what becomes of a stream. */
static bool take_trace(messages *m, part trace, carpel_error *err)
{
    part type = {0}, error = {0}, status = {0}, descriptor = {0}, name = {0};
    const wanted_part inner[] = {
        {"type", &type}, {"error", &error}, {"stream_status", &status}};
    const wanted_part of_status[] = {{"stream_descriptor", &descriptor}};
    const wanted_part of_descriptor[] = {{"name", &name}};
    if (!parts_find(&m->json, trace, inner, 3))
        return true;
    if (part_is_text(&m->json, type, "ERROR"))
        return fail_as_told(m, error, err);
    if (parts_find(&m->json, status, of_status, 1) &&
        parts_find(&m->json, descriptor, of_descriptor, 1))
        meet_stream(m, name);
    return true;
}

static bool fail_line(const messages *m, const char *line, carpel_error *err)
{
    return carpel_fail(err, CARPEL_E_INPUT,
                       "line %llu of \"%s\" is no message of Singer or Airbyte: at "
                       "character %zu: %s: %.80s",
                       (unsigned long long)m->line, m->program, json_character(&m->json),
                       m->json.fault, line);
}

/* ---- the public functions --------------------------------------------------------- */

bool messages_take(messages *m, const char *line, size_t size, carpel_error *err)
{
    message found = {.line = {line, size}};
    const wanted_part wanted[] = {{"type", &found.type},     {"stream", &found.stream},
                                  {"record", &found.record}, {"value", &found.value},
                                  {"state", &found.state},   {"trace", &found.trace}};
    m->line++;
    if (strspn(line, " \t\r") == size)
        return true;
    if (!parts_find(&m->json, found.line, wanted, sizeof wanted / sizeof *wanted))
        return fail_line(m, line, err);
    if (part_is_text(&m->json, found.type, "RECORD"))
        take_record(m, &found);
    else if (part_is_text(&m->json, found.type, "STATE"))
        return take_state(m, &found, err);
    else if (part_is_text(&m->json, found.type, "TRACE"))
        return take_trace(m, found.trace, err);
    else if (part_is_text(&m->json, found.type, "SCHEMA"))
        meet_stream(m, found.stream);
    else
        take_other(m, &found);
    return true;
}

bool messages_end(messages *m, carpel_error *err)
{
    char program[120];
    if (m->has_stream || m->stream_count == 0)
        return true;
    snprintf(program, sizeof program, "\"%.100s\"", m->program);
    names_fail(err, program, "stream", m->stream, (const char *const *)m->streams,
               m->stream_count);
    return false;
}

void messages_done(messages *m)
{
    json_done(&m->json);
    while (m->stream_count > 0)
        free(m->streams[--m->stream_count]);
}
