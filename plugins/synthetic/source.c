/* SPDX-License-Identifier: MIT
 *
 * The source `synthetic`: the made-up customers of shop.c, to try carpel and to test it.
 * The same options give the same rows, on every machine.
 */
#include <carpel/plugin.h>

#include <stdio.h>
#include <string.h>

#include "common/memory.h"
#include "common/names.h"
#include "common/stream.h"
#include "synthetic/shop.h"

typedef struct synthetic_options {
    int64_t people, days, seed;
    const char *end;
} synthetic_options;

static const carpel_option options_table[] = {
    {.name = "people",
     .type = CARPEL_OPTION_INTEGER,
     .offset = offsetof(synthetic_options, people),
     .default_text = "1000",
     .minimum = 1,
     .maximum = 100000000,
     .help = "How many people there are."},
    {.name = "days",
     .type = CARPEL_OPTION_INTEGER,
     .offset = offsetof(synthetic_options, days),
     .default_text = "365",
     .minimum = 1,
     .maximum = 3650,
     .help = "How many days of events."},
    {.name = "seed",
     .type = CARPEL_OPTION_INTEGER,
     .offset = offsetof(synthetic_options, seed),
     .default_text = "1",
     .help = "Another number makes up other people."},
    {.name = "end",
     .type = CARPEL_OPTION_TEXT,
     .offset = offsetof(synthetic_options, end),
     .default_text = "2026-01-01",
     .help = "The date before whose first instant (in UTC) all events lie."},
    {0}};

typedef struct synthetic {
    const carpel_host *host;
    const carpel_request *request;
    const shop_column **columns;       /* for each wanted column; NULL: none */
    bool is_wanted[SHOP_NO_EVENT + 1]; /* which kinds of rows the project has use for */
    shop shop;
    carpel_rows *rows; /* while fill works */
    uint64_t next, count;
} synthetic;

static void set_text(const synthetic *s, size_t column, const char *text)
{
    s->host->row_set_text(s->rows, column, text, strlen(text), true);
}

static void set_date(const synthetic *s, size_t column, int64_t date)
{
    int64_t year;
    unsigned month, day;
    char text[32];
    if (s->request->columns[column].type == CARPEL_DATE) {
        s->host->row_set_int(s->rows, column, date);
        return;
    }
    shop_civil(date, &year, &month, &day);
    snprintf(text, sizeof text, "%04lld-%02u-%02u", (long long)year, month, day);
    set_text(s, column, text);
}

static void set_cents(const synthetic *s, size_t column, int64_t cents)
{
    char text[32];
    snprintf(text, sizeof text, "%lld.%02d", (long long)(cents / 100),
             (int)(cents % 100));
    set_text(s, column, text);
}

static void set_cell(const synthetic *s, size_t column, shop_kind kind,
                     const shop_value *value)
{
    switch (kind) {
    case KIND_TEXT: set_text(s, column, value->text); break;
    case KIND_CENTS: set_cents(s, column, value->number); break;
    case KIND_DATE: set_date(s, column, value->number); break;
    case KIND_TRUTH: s->host->row_set_bool(s->rows, column, value->number != 0); break;
    case KIND_WHOLE:
    case KIND_INSTANT: s->host->row_set_int(s->rows, column, value->number); break;
    }
}

static void take_row(void *context, const shop_row *row)
{
    const synthetic *s = context;
    if (!s->is_wanted[row->event])
        return;
    s->host->row_begin(s->rows, s->next);
    for (size_t i = 0; i < s->request->column_count; i++) {
        const shop_column *c = s->columns[i];
        if (c != NULL && row->is_set[c->field] &&
            (c->event == SHOP_NO_EVENT || c->event == row->event))
            set_cell(s, i, c->kind, &row->values[c->field]);
    }
    s->host->row_end(s->rows);
}

/* Person by person; the `line` of a row is the person's number. */
static bool fill(void *state, carpel_rows *rows, bool *is_over, carpel_error *err)
{
    synthetic *s = state;
    (void)err;
    s->rows = rows;
    s->host->rows_begin_file(rows, "synthetic");
    for (; !s->host->rows_is_full(rows) && s->next <= s->count; s->next++)
        shop_make_person(&s->shop, s->next);
    *is_over = s->next > s->count;
    return true;
}

static void close_source(void *state)
{
    synthetic *s = state;
    free(s->columns);
    free(s);
}

static bool fail_missing(const char *wanted, carpel_error *err)
{
    const char *names[SHOP_COLUMN_COUNT];
    for (size_t i = 0; i < SHOP_COLUMN_COUNT; i++)
        names[i] = shop_columns[i].name;
    return names_fail_missing(err, "source plugin \"synthetic\"", wanted, names,
                              SHOP_COLUMN_COUNT);
}

static bool find_columns(synthetic *s, carpel_error *err)
{
    const carpel_request *request = s->request;
    for (size_t i = 0; i < request->column_count; i++) {
        const carpel_column *wanted = &request->columns[i];
        for (size_t j = 0; j < SHOP_COLUMN_COUNT; j++)
            if (wanted->type != CARPEL_LIST &&
                strcmp(shop_columns[j].name, wanted->from) == 0)
                s->columns[i] = &shop_columns[j];
        if (s->columns[i] == NULL && !wanted->is_optional)
            return fail_missing(wanted->from, err);
    }
    return true;
}

static bool is_listed(const char *const *names, const char *name)
{
    for (; *names != NULL; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return false;
}

static bool wants_traits(const carpel_request *request)
{
    for (size_t i = 0; i < request->column_count; i++)
        if (strncmp(request->columns[i].name, "user.", 5) == 0)
            return true;
    return false;
}

/* A row without an event brings traits only: a project without any has no place for it. */
static void find_wanted_events(synthetic *s)
{
    const char *const *events = s->request->events;
    for (size_t i = 0; i < SHOP_NO_EVENT; i++)
        s->is_wanted[i] = events == NULL || is_listed(events, shop_event_names[i]);
    s->is_wanted[SHOP_NO_EVENT] = events == NULL || wants_traits(s->request);
}

static bool open_source(const carpel_host *host, const carpel_request *request,
                        struct ArrowArrayStream *out, carpel_error *err)
{
    const synthetic_options *options = request->options;
    int64_t end;
    if (!shop_parse_date(options->end, &end))
        return carpel_fail(err, CARPEL_E_INPUT,
                           "end \"%s\" is not a date like 2026-01-01", options->end);
    synthetic *s = common_alloc(1, sizeof *s);
    s->host = host;
    s->request = request;
    s->columns = common_alloc(request->column_count, sizeof *s->columns);
    find_wanted_events(s);
    if (!find_columns(s, err)) {
        close_source(s);
        return false;
    }
    s->next = 1;
    s->count = (uint64_t)options->people;
    s->shop = (shop){.seed = (uint64_t)options->seed,
                     .first_day = end - options->days,
                     .end_day = end,
                     .take = take_row,
                     .context = s};
    row_stream_open(host, request,
                    (row_source){.state = s, .fill = fill, .close = close_source}, out);
    return true;
}

static const carpel_source source = {
    .struct_size = sizeof(carpel_source), .open = open_source, .brings_own_names = true};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_SOURCE,
    .name = "synthetic",
    .version = "1.0",
    .summary = "Made-up customers of a shop, the same ones for the same seed.",
    .manual =
        "sources:\n"
        "  - plugin: synthetic\n"
        "    people: 20000\n"
        "    days: 730\n"
        "\n"
        "Events and their properties:\n"
        "  signup\n"
        "  page_view    url, section, device: string\n"
        "  add_to_cart  sku, category: string; price: decimal(2)\n"
        "  checkout     value: decimal(2)\n"
        "  purchase     order_id, sku, category, store: string; amount: decimal(2);\n"
        "               quantity: int; discount: decimal(2), often missing\n"
        "  refund       amount: decimal(2)\n"
        "  email_sent, email_open, email_click   campaign: string\n"
        "  app_open     device: string\n"
        "Traits: country, plan: string; birthday: date; subscribed: bool; signed_up: "
        "time;\n"
        "nps: int, for the few who answered.\n"
        "\n"
        "An order of several articles is several purchases with one order_id. People "
        "who\n"
        "signed up before the first day have no signup event; some have no events at "
        "all.\n",
    .options_size = sizeof(synthetic_options),
    .options = options_table,
    .source = &source,
};
