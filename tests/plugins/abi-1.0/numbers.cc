/* SPDX-License-Identifier: MIT
 *
 * A source of interface 1.0 in C++20, kept as it is: so many rows, of which each has a person, a time and
 * an event.
 */
#include <carpel/row_stream.h>

#include <cmath>
#include <new>
#include <string>

namespace
{

struct numbers_options {
    int64_t count;
};

const carpel_option options_table[] = {{.name = "count",
                                        .type = CARPEL_OPTION_INTEGER,
                                        .offset = offsetof(numbers_options, count),
                                        .required = true,
                                        .minimum = 0,
                                        .maximum = HUGE_VAL,
                                        .help = "How many."},
                                       {}};

struct numbers {
    carpel_row_stream stream; /* first */
    int64_t done;
    std::string person;
};

bool read_row(carpel_row_stream *s, bool *is_end, carpel_error *)
{
    auto *n = reinterpret_cast<numbers *>(s);
    auto *options = static_cast<const numbers_options *>(s->request->options);
    *is_end = n->done >= options->count;
    if (*is_end)
        return true;
    n->person = "p" + std::to_string(n->done++);
    s->host->row_begin(s->rows, static_cast<uint64_t>(n->done));
    carpel_row_stream_set(s, "person", n->person.data(), n->person.size());
    carpel_row_stream_set(s, "time", "2026-01-01", 10);
    carpel_row_stream_set(s, "event", "visit", 5);
    s->host->row_end(s->rows);
    return true;
}

void end(carpel_row_stream *s)
{
    delete reinterpret_cast<numbers *>(s);
}

bool open_numbers(const carpel_host *host, const carpel_request *request,
                  ArrowArrayStream *out, carpel_error *err)
{
    auto *n = new (std::nothrow) numbers{};
    if (!n)
        return carpel_fail(err, CARPEL_E_LIMIT, "there is no memory");
    return carpel_row_stream_begin(&n->stream, host, request, read_row, end, out, err);
}

const carpel_source source = {.struct_size = sizeof source, .open = open_numbers};

} // namespace

/* The header has declared it as exported. */
const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,       .kind = CARPEL_SOURCE,
    .name = "numbers",          .version = "1.0",
    .summary = "So many rows.", .options_size = sizeof(numbers_options),
    .options = options_table,   .source = &source};
