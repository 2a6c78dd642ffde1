/* SPDX-License-Identifier: MIT
 *
 * States of programs.
 */
#include "exec/states.h"

#include <string.h>

#include "common/memory.h"

static void forget_streams(states *s)
{
    while (s->stream_count > 0) {
        stream_state *last = &s->streams[--s->stream_count];
        free(last->name);
        free(last->space);
        buffer_done(&last->text);
    }
    s->stream_bytes = 0;
}

void states_done(states *s)
{
    forget_streams(s);
    free(s->streams);
    buffer_done(&s->whole);
}

static void take_whole(states *s, const char *before, part value, const char *behind)
{
    forget_streams(s);
    buffer_clear(&s->whole);
    buffer_add(&s->whole, before);
    buffer_add_bytes(&s->whole, value.data, value.size);
    buffer_add(&s->whole, behind);
    s->is_listed = before[0] != '\0';
    s->is_behind = false;
}

static bool is_same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* The state of this stream, which is made when there is none; both texts become its own. */
static stream_state *find_stream(states *s, char *name, char *space)
{
    for (size_t i = 0; i < s->stream_count; i++) {
        stream_state *known = &s->streams[i];
        if (!is_same(known->name, name) || !is_same(known->space, space))
            continue;
        free(name);
        free(space);
        return known;
    }
    s->streams = common_resize(s->streams, (s->stream_count + 1) * sizeof *s->streams);
    s->streams[s->stream_count] = (stream_state){.name = name, .space = space};
    return &s->streams[s->stream_count++];
}

static void take_stream(states *s, json *j, part stream)
{
    part descriptor = {0}, name = {0}, space = {0};
    const wanted_part inner[] = {{"stream_descriptor", &descriptor}};
    const wanted_part of_descriptor[] = {{"name", &name}, {"namespace", &space}};
    if (parts_find(j, stream, inner, 1))
        parts_find(j, descriptor, of_descriptor, 2);
    bool is_wanted = part_is_text(j, name, s->stream);
    s->has_stream |= is_wanted;
    if (is_wanted || name.size == 0)
        s->is_behind = false;
    if (!s->are_kept)
        return;
    stream_state *state =
        find_stream(s, part_copy_text(j, name), part_copy_text(j, space));
    buffer_clear(&s->whole);
    s->stream_bytes -= state->text.size;
    buffer_clear(&state->text);
    buffer_add(&state->text, "{\"type\":\"STREAM\",\"stream\":");
    buffer_add_bytes(&state->text, stream.data, stream.size);
    buffer_add(&state->text, "}");
    s->stream_bytes += state->text.size;
}

void states_take(states *s, part value)
{
    if (value.size > 0)
        take_whole(s, "", value, "");
}

void states_take_airbyte(states *s, json *j, part state)
{
    part stream = {0}, global = {0}, data = {0};
    const wanted_part inner[] = {
        {"stream", &stream}, {"global", &global}, {"data", &data}};
    bool is_known = parts_find(j, state, inner, 3);
    if (is_known && part_is_given(global))
        take_whole(s, "{\"type\":\"GLOBAL\",\"global\":", global, "}");
    else if (is_known && part_is_given(stream))
        take_stream(s, j, stream);
    else
        take_whole(s, "", part_is_given(data) ? data : state, "");
}

void states_read(states *s, json *j, const char *text)
{
    json list = {0};
    json_begin(&list, text, strlen(text));
    if (strncmp(text, "[{\"type\":\"", 10) != 0) {
        take_whole(s, "", (part){text, strlen(text)}, "");
        return;
    }
    do {
        list.at++; /* the bracket or comma */
        const char *begin = list.at;
        if (!json_skip(&list, 1))
            break;
        states_take_airbyte(s, j, (part){begin, (size_t)(list.at - begin)});
    } while (json_peek(&list) == ',');
    json_done(&list);
}

size_t states_size(const states *s)
{
    return s->whole.size + 2 + s->stream_count + s->stream_bytes;
}

void states_write(const states *s, buffer *out)
{
    bool is_list = s->is_listed || s->stream_count > 0;
    if (s->stream_count == 0 && s->whole.size == 0)
        return;
    buffer_add(out, is_list ? "[" : "");
    for (size_t i = 0; i < s->stream_count; i++) {
        buffer_add(out, i > 0 ? "," : "");
        buffer_add_bytes(out, s->streams[i].text.data, s->streams[i].text.size);
    }
    buffer_add_bytes(out, s->whole.data, s->whole.size);
    buffer_add(out, is_list ? "]" : "");
}
