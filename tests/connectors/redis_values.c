/* SPDX-License-Identifier: MIT
 *
 * The connectors of Redis against a server that tests/connectors/redis.sh has started, at the socket
 * $REDIS, as the process $REDIS_PROCESS: what a source makes of fields of every type, where it begins
 * and ends, names and values made to do harm, and a server that says nothing.
 */
#include "unit/hostile_support.h"

#include <hiredis.h>
#include <signal.h>
#include <sys/types.h>
#include <sys/time.h>

enum { TABLE_COUNT = 100, MANY_ENTRIES = 5000 };

/* ---- the server ------------------------------------------------------------------- */

/* Run a command of words; what it answers is for the caller to free. */
static redisReply *ask_words(const char **words, const size_t *sizes, int count)
{
    redisContext *server = redisConnectUnix(getenv("REDIS"));
    assert_non_null(server);
    redisReply *reply = redisCommandArgv(server, count, words, sizes);
    if (!reply || reply->type == REDIS_REPLY_ERROR)
        fail_msg("%s: %s", words[0], reply ? reply->str : server->errstr);
    redisFree(server);
    return reply;
}

static redisReply *ask(const char *command)
{
    const char *words[12];
    char *copy = memory_copy_string(command), *rest = copy;
    int count = 0;
    for (char *word; (word = strtok_r(rest, " ", &rest));)
        words[count++] = word;
    redisReply *reply = ask_words(words, NULL, count);
    memory_free(copy);
    return reply;
}

static void tell(const char *command)
{
    freeReplyObject(ask(command));
}

static text yaml_of(const char *stream, const char *more)
{
    text yaml;
    text_init(&yaml);
    text_append_format(&yaml, "host: %s\n", getenv("REDIS"));
    if (stream) {
        text_append(&yaml, "streams: ");
        hostile_quote(stream, &yaml);
    }
    text_append_format(&yaml, "\n%s", more);
    return yaml;
}

/* ---- fields ----------------------------------------------------------------------- */

typedef struct value_case {
    const char *value; /* of the field "x"; NULL: there is none */
    carpel_column column;
    const char *expected; /* "!" and a reason: the row is refused */
} value_case;

static const value_case values[] = {
    {"true", {.from = "x", .type = CARPEL_BOOL}, "true"},
    {"-7", {.from = "x", .type = CARPEL_INT}, "-7"},
    {"12.5", {.from = "x", .type = CARPEL_DECIMAL, .scale = 2}, "1250"},
    {"1.005", {.from = "x", .type = CARPEL_DECIMAL, .scale = 2}, "!*1.005*"},
    {"1e300", {.from = "x", .type = CARPEL_NUMBER}, "1e+300"},
    {"", {.from = "x", .type = CARPEL_STRING}, ""},
    {"", {.from = "x", .type = CARPEL_INT}, "-"},
    {NULL, {.from = "x", .type = CARPEL_STRING}, "-"},
    {"\xff", {.from = "x", .type = CARPEL_STRING}, "!*not UTF-8*"},
    {"2026-01-01T01:00:00+01:00", {.from = "x", .type = CARPEL_TIME}, "1767225600000000"},
    {"1767225600",
     {.from = "x", .type = CARPEL_TIME, .format = "unix"},
     "1767225600000000"},
    {"2026-01-01", {.from = "x", .type = CARPEL_DATE}, "20454"},
    {"90", {.from = "x", .type = CARPEL_DURATION, .format = "seconds"}, "90000000"},
    {"1", {.from = "entry_id", .type = CARPEL_STRING}, "1767225600123-4"},
    {"1", {.from = "entry_time", .type = CARPEL_TIME}, "1767225600123000"},
    {"1",
     {.from = "entry_time", .type = CARPEL_TIME, .format = "unix_ms"},
     "1767225600123000"},
    {"1", {.from = "entry_time", .type = CARPEL_INT}, "1767225600123"},
    {"1", {.from = "entry_stream", .type = CARPEL_STRING}, "values"},
    {"1", {.from = "y", .type = CARPEL_STRING}, "twice"},
};

static void add_entry(const char *value)
{
    const char *words[] = {"XADD", "values", "1767225600123-4", "y", "once", "y", "twice",
                           "x",    value};
    freeReplyObject(ask_words(words, NULL, value ? 9 : 7));
}

static void test_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        char expected[120];
        carpel_column column = values[i].column;
        bool is_refused = values[i].expected[0] == '!', is_seen = values[i].value != NULL;
        column.name = "x";
        tell("UNLINK values");
        add_entry(values[i].value);
        text yaml = yaml_of("values", "");
        char *actual = support_run("redis", yaml.data, &column, 1);
        snprintf(expected, sizeof expected, is_refused ? "! values,1,*%s\n" : "%s1: %s\n",
                 is_refused ? values[i].expected + 1
                 : is_seen  ? ""
                            : "log: no entry has a field \"x\"\n",
                 values[i].expected);
        if (!slice_fits(slice_of(actual), slice_of(expected)))
            fail_msg("%zu: %s is wanted, and it gives %s", i, expected, actual);
        memory_free(actual);
        text_done(&yaml);
    }
}

/* ---- an instance that is open ----------------------------------------------------- */

typedef struct opened {
    catalog *catalog;
    const carpel_plugin *plugin;
    arena *memory;
    source *file;
    cancel cancel;
    host_listener listener;
    plugin_host *host;
    carpel_request request;
    struct ArrowArrayStream stream;
} opened;

static const carpel_column number_column = {.name = "n", .from = "n", .type = CARPEL_INT};

static void open_source(opened *o, const char *yaml, const char *cursor)
{
    carpel_error err;
    *o = (opened){.catalog = support_catalog(), .memory = arena_new()};
    cancel_init(&o->cancel);
    o->listener = (host_listener){.cancel = &o->cancel};
    assert_true(catalog_find(o->catalog, CARPEL_SOURCE, "redis", &o->plugin, &err));
    o->file = source_new("carpel.yaml", yaml, strlen(yaml));
    o->host = host_new(NULL, NULL, &o->listener);
    o->request = (carpel_request){
        .name = "x",
        .options = support_read_options(o->plugin, yaml, o->memory, o->file),
        .columns = &number_column,
        .column_count = 1,
        .cursor = cursor};
    if (!o->plugin->source->open(host_interface(o->host), &o->request, &o->stream, &err))
        fail_msg("%s", err.message);
}

static void close_source(opened *o)
{
    o->stream.release(&o->stream);
    host_free(o->host);
    source_free(o->file);
    arena_free(o->memory);
    catalog_free(o->catalog);
}

/* The sum and the count of all numbers that still come. */
static int64_t read_numbers(opened *o, int64_t *count)
{
    int64_t sum = 0;
    for (struct ArrowArray batch = {0};;) {
        if (o->stream.get_next(&o->stream, &batch) != 0)
            fail_msg("%s", o->stream.get_last_error(&o->stream));
        if (!batch.release)
            return sum;
        for (int64_t i = 0; i < batch.length; i++)
            sum += ((const int64_t *)batch.children[0]->buffers[1])[i];
        *count += batch.length;
        batch.release(&batch);
    }
}

static void add_numbers(const char *stream, int64_t from, int64_t to)
{
    redisContext *server = redisConnectUnix(getenv("REDIS"));
    for (int64_t i = from; i < to; i++)
        redisAppendCommand(server, "XADD %s * n %lld", stream, (long long)i);
    for (int64_t i = from; i < to; i++) {
        redisReply *reply;
        assert_int_equal(redisGetReply(server, (void **)&reply), REDIS_OK);
        assert_int_equal(reply->type, REDIS_REPLY_STRING);
        freeReplyObject(reply);
    }
    redisFree(server);
}

/* ---- where it begins and ends ----------------------------------------------------- */

/* What is added while it is read is for the next load, also when the group was given it. */
static void expect_end(const char *options)
{
    opened o;
    carpel_error err;
    char cursor[CARPEL_CURSOR_SIZE];
    int64_t count = 0;
    text yaml = yaml_of(NULL, options);
    tell("UNLINK one two");
    add_numbers("one", 0, MANY_ENTRIES);
    add_numbers("two", 0, 10);
    open_source(&o, yaml.data, NULL);
    add_numbers("one", 0, 50);
    add_numbers("two", 100, 200);
    assert_int_equal(read_numbers(&o, &count),
                     (int64_t)MANY_ENTRIES * (MANY_ENTRIES - 1) / 2 + 45);
    assert_int_equal(count, MANY_ENTRIES + 10);
    assert_true(
        o.plugin->source->resuming->cursor(&o.stream, cursor, sizeof cursor, &err));
    close_source(&o);

    count = 0;
    open_source(&o, yaml.data, cursor);
    assert_int_equal(read_numbers(&o, &count), 1225 + 14950);
    assert_int_equal(count, 150);
    close_source(&o);
    text_done(&yaml);
}

static void test_ends(void **state)
{
    (void)state;
    expect_end("streams: [one, two]\n");
    expect_end("streams: [one, two]\ngroup: g\n");
}

/* Two loads of one group at once: each gets all. */
static void test_side_by_side(void **state)
{
    opened a, b;
    int64_t count_a = 0, count_b = 0,
            wanted = (int64_t)MANY_ENTRIES * (MANY_ENTRIES - 1) / 2;
    struct ArrowArray batch;
    (void)state;
    text yaml = yaml_of("one", "group: g\n");
    tell("UNLINK one");
    add_numbers("one", 0, MANY_ENTRIES);
    open_source(&a, yaml.data, NULL);
    open_source(&b, yaml.data, NULL);
    assert_int_equal(a.stream.get_next(&a.stream, &batch), 0);
    int64_t sum = 0;
    count_a = batch.length;
    for (int64_t i = 0; i < batch.length; i++)
        sum += ((const int64_t *)batch.children[0]->buffers[1])[i];
    batch.release(&batch);
    assert_int_equal(read_numbers(&b, &count_b), wanted);
    assert_int_equal(sum + read_numbers(&a, &count_a), wanted);
    assert_int_equal(count_a, MANY_ENTRIES);
    assert_int_equal(count_b, MANY_ENTRIES);
    close_source(&a);
    close_source(&b);
    text_done(&yaml);
}

/* ---- names and values made to do harm --------------------------------------------- */

static void add_row(const hostile_table *t, size_t row)
{
    const char *words[3 + 2 * HOSTILE_WIDTH] = {"XADD", t->name, "*"};
    size_t sizes[3 + 2 * HOSTILE_WIDTH] = {4, strlen(t->name), 1};
    int count = 3;
    for (size_t c = 0; c < HOSTILE_WIDTH; c++) {
        if (t->is_missing[row][c])
            continue;
        words[count] = t->column_names[c];
        sizes[count++] = strlen(t->column_names[c]);
        words[count] = t->values[row][c].data;
        sizes[count++] = t->values[row][c].size;
    }
    freeReplyObject(ask_words(words, sizes, count));
}

static void expect_read(const hostile_table *t)
{
    text yaml = yaml_of(t->name, "group: ");
    hostile_quote(t->name, &yaml);
    for (size_t row = 0; row < HOSTILE_HEIGHT; row++)
        add_row(t, row);
    hostile_expect("redis", yaml.data, t);
    text_done(&yaml);
}

/* The first column is the segment, the second the person. */
static void expect_member(const hostile_table *t, const char *prefix, size_t row)
{
    text key;
    text_init(&key);
    text_append(&key, prefix);
    text_append_bytes(&key, t->values[row][0].data, t->values[row][0].size);
    const char *words[] = {"SMEMBERS", key.data};
    const size_t sizes[] = {8, key.size};
    redisReply *reply = ask_words(words, sizes, 2);
    assert_int_equal(reply->elements, t->is_missing[row][1] ? 0 : 1);
    if (reply->elements > 0) {
        assert_int_equal(reply->element[0]->len, t->values[row][1].size);
        assert_memory_equal(reply->element[0]->str, t->values[row][1].data,
                            t->values[row][1].size);
    }
    freeReplyObject(reply);
    text_done(&key);
}

/* Columns that the output knows. */
static void name_usual(hostile_table *t)
{
    static const char *const usual[HOSTILE_WIDTH] = {"segment", "person", "as_of",
                                                     "change",  "from",   "to",
                                                     "reason",  "since",  "since_run"};
    for (size_t c = 0; c < HOSTILE_WIDTH; c++)
        t->columns[c].name = t->columns[c].from = usual[c];
}

static void expect_written(hostile_table *t)
{
    char prefix[80];
    snprintf(prefix, sizeof prefix, "%s:", t->name);
    for (char *c = prefix; *c != '\0'; c++)
        if (*c == '(')
            *c = '[';
    name_usual(t);
    text yaml = yaml_of(NULL, "prefix: ");
    hostile_quote(prefix, &yaml);
    hostile_write("redis", yaml.data, t);
    for (size_t row = 0; row < HOSTILE_HEIGHT; row++)
        expect_member(t, prefix, row);
    text_done(&yaml);
}

static void test_hostile(void **state)
{
    random_numbers random;
    (void)state;
    random_begin(&random, "redis_values");
    tell("SET canary alive");
    for (size_t i = 0; i < TABLE_COUNT; i++) {
        hostile_table t;
        hostile_make(&t, &random, i);
        expect_read(&t);
        expect_written(&t);
        hostile_done(&t);
    }
    redisReply *canary = ask("GET canary");
    assert_string_equal(canary->str, "alive");
    freeReplyObject(canary);
}

/* ---- a connection that is lost ---------------------------------------------------- */

typedef struct delivering {
    catalog *catalog;
    arena *memory;
    source *file;
    plugin_host *host;
    carpel_delivery delivery;
    const carpel_output *output;
    void *instance;
} delivering;

/* Have all rows of the table prepared. */
static void begin_delivery(delivering *d, const char *yaml, hostile_table *t)
{
    const carpel_plugin *plugin;
    carpel_error err;
    struct ArrowArrayStream rows = {hostile_schema, hostile_next, hostile_error,
                                    hostile_release, t};
    t->is_over = false;
    d->catalog = support_catalog();
    assert_true(catalog_find(d->catalog, CARPEL_OUTPUT, "redis", &plugin, &err));
    d->memory = arena_new();
    d->file = source_new("carpel.yaml", yaml, strlen(yaml));
    d->host = host_new(NULL, NULL, NULL);
    d->delivery = (carpel_delivery){
        .options = support_read_options(plugin, yaml, d->memory, d->file),
        .columns = t->columns,
        .column_count = HOSTILE_WIDTH};
    d->output = plugin->output;
    assert_true(
        d->output->begin(host_interface(d->host), &d->delivery, &d->instance, &err));
    assert_true(d->output->write(d->instance, &rows, &err));
    assert_true(d->output->prepare(d->instance, &err));
}

static void end_delivery(delivering *d)
{
    d->output->close(d->instance);
    host_free(d->host);
    source_free(d->file);
    arena_free(d->memory);
    catalog_free(d->catalog);
}

/* What was queued is gone with the connection: the failure says so, and is none that goes by. */
static void test_lost(void **state)
{
    random_numbers random;
    hostile_table t;
    delivering d;
    carpel_error err;
    (void)state;
    random_begin(&random, "redis_values");
    hostile_make(&t, &random, 0);
    name_usual(&t);
    text yaml = yaml_of(NULL, "prefix: \"lost:\"\n");
    begin_delivery(&d, yaml.data, &t);
    tell("CLIENT KILL TYPE normal");
    assert_false(d.output->commit(d.instance, &err));
    assert_int_equal(err.code, CARPEL_E_SYSTEM);
    assert_non_null(strstr(err.message, "the connection to the server is lost"));
    d.output->abort(d.instance);
    end_delivery(&d);
    redisReply *left = ask("KEYS lost:*");
    assert_int_equal(left->elements, 0);
    freeReplyObject(left);
    hostile_done(&t);
    text_done(&yaml);
}

/* ---- a server that says nothing --------------------------------------------------- */

static void halt(int signal_number)
{
    assert_int_equal(kill((pid_t)atoi(getenv("REDIS_PROCESS")), signal_number), 0);
}

static cancel *asked_later;

static void ask_to_stop(int signal_number)
{
    (void)signal_number;
    cancel_ask(asked_later);
}

/* Asked to stop while nothing comes: it ends, and does not wait for an hour. */
static void test_stopped(void **state)
{
    opened o;
    struct ArrowArray batch = {0};
    (void)state;
    text yaml = yaml_of("one", "wait: 3600\n");
    open_source(&o, yaml.data, NULL);
    asked_later = &o.cancel;
    halt(SIGSTOP);
    signal(SIGALRM, ask_to_stop);
    const struct itimerval soon = {.it_value = {.tv_usec = 20000}};
    setitimer(ITIMER_REAL, &soon, NULL);
    assert_int_equal(o.stream.get_next(&o.stream, &batch), ECANCELED);
    close_source(&o);
    text_done(&yaml);
    halt(SIGCONT);
}

static void test_silent(void **state)
{
    opened o;
    struct ArrowArray batch = {0};
    (void)state;
    text yaml = yaml_of("one", "wait: 1\n");
    open_source(&o, yaml.data, NULL);
    halt(SIGSTOP);
    assert_int_equal(o.stream.get_next(&o.stream, &batch), EIO);
    assert_non_null(strstr(o.stream.get_last_error(&o.stream),
                           "did not answer within 1 seconds (option \"wait\")"));
    close_source(&o);
    text_done(&yaml);
    halt(SIGCONT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),       cmocka_unit_test(test_ends),
        cmocka_unit_test(test_side_by_side), cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_lost),         cmocka_unit_test(test_stopped),
        cmocka_unit_test(test_silent)};
    return cmocka_run_group_tests(tests, support_begin, support_end);
}
