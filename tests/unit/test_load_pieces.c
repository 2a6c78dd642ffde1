/* SPDX-License-Identifier: MIT
 *
 * Files that are read in pieces, by any number of threads, give the store, the refused rows and the
 * messages of files that are read as a whole: random files with quotes, line ends of all kinds
 * within them, empty lines, ragged rows, bad values and bytes that are no UTF-8, cut everywhere.
 */
#include "plugin_support.h"

#include <dirent.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/digest.h"
#include "engine/engine.h"
#include "store/store.h"
#include "unit_random.h"
#include "value/type.h"

enum { PROJECTS = 60, CUTS = 3, MOST_BYTES = 2000, FILE_COUNT = 3 };
enum { SHOWN_BYTES = 200 }; /* of an array; of a longer one the digest is compared */

static const char project_file[] =
    "name: pieces\n"
    "time_zone: Europe/Berlin\n"
    "rules: \"*.seg\"\n"
    "events:\n"
    "  buy: {amount: decimal(2), what: string, size: number}\n"
    "  see: {what: string}\n"
    "traits: {plan: string}\n"
    "sources:\n"
    "  - name: log\n"
    "    plugin: csv\n"
    "    files: \"?.csv\"\n"
    "    person: who\n"
    "    time: at\n"
    "    event: {from: event}\n"
    "  - name: people\n"
    "    plugin: csv\n"
    "    files: people.txt\n"
    "    header: false\n"
    "    person: \"1\"\n"
    "    traits: {plan: \"2\"}\n"
    "  - name: app\n"
    "    plugin: jsonl\n"
    "    files: \"?.jsonl\"\n"
    "    person: who\n"
    "    time: at\n"
    "    event: {from: what}\n"
    "    properties: {amount: sum.total, size: sum.size, see.what: page}\n";

static void append_bytes(text *out, const void *data, size_t size)
{
    for (size_t i = 0; size <= SHOWN_BYTES && i < size; i++)
        text_append_format(out, "%02x", ((const unsigned char *)data)[i]);
    if (size > SHOWN_BYTES)
        digest_append(digest_of_bytes(data, size), out);
    text_append_char(out, '\n');
}

static void append_texts(text *out, const dictionary *d)
{
    for (size_t i = 0; d && i < dictionary_count(d); i++) {
        slice s = dictionary_text(d, (uint32_t)i);
        append_bytes(out, s.data, s.size);
    }
}

static void append_numbers(text *out, const packed *numbers, size_t count)
{
    int64_t *wide = memory_alloc_array(count, sizeof *wide);
    for (size_t i = 0; i < count; i++)
        wide[i] = packed_get(numbers, i);
    append_bytes(out, wide, count * sizeof *wide);
    memory_free(wide);
}

static void append_table(text *out, const event_table *t, size_t person_count)
{
    text_append_format(out, "%zu rows\n", t->row_count);
    if (!t->offsets)
        return;
    append_bytes(out, t->offsets, (person_count + 1) * sizeof *t->offsets);
    append_numbers(out, &t->time, t->row_count);
    append_numbers(out, &t->arrival, t->row_count);
    for (size_t i = 0; i < t->column_count; i++) {
        const column *c = &t->columns[i];
        append_numbers(out, &c->values, t->row_count);
        if (c->present)
            append_bytes(out, c->present, (t->row_count + 63) / 64 * 8);
        append_texts(out, c->dictionary);
    }
}

static void append_store(text *out, const store *s)
{
    append_texts(out, s->persons);
    append_bytes(out, s->known_since, s->person_count * sizeof *s->known_since);
    for (size_t i = 0; i < s->schema->kind_count; i++)
        append_table(out, &s->kinds[i], s->person_count);
    for (size_t i = 0; i < s->schema->trait_count; i++)
        append_table(out, &s->traits[i], s->person_count);
}

static void hear(void *context, const char *message)
{
    text_append_format(context, "log: %s\n", message);
}

/* How a project is loaded. */
typedef struct loading {
    bool is_strict;
    size_t threads, piece_bytes, memory_bytes;
} loading;

/* All that loading gives, as text. */
static char *load_as(loading how, uint64_t *taken)
{
    text out, refused;
    carpel_error err;
    diags *problems = diags_new();
    text_init(&out);
    text_init(&refused);
    engine *e = engine_open(support_directory, problems);
    if (!e || !engine_compile(e, problems)) {
        diags_print(problems, stderr, false);
        fail_msg("the project is wrong");
    }
    unlink(support_path("refused.csv"));
    const engine_load_options options = {.is_strict = how.is_strict,
                                         .refused_path = support_path("refused.csv"),
                                         .listener = {.context = &out, .log = hear},
                                         .threads = how.threads,
                                         .piece_bytes = how.piece_bytes,
                                         .memory_bytes = how.memory_bytes};
    if (engine_load(e, &options, &err)) {
        append_store(&out, engine_store(e));
        *taken += engine_store(e)->event_count;
    } else {
        text_append_format(&out, "error: %s\n", err.message);
    }
    if (file_read(support_path("refused.csv"), 1 << 24, &refused, &err))
        text_append(&out, refused.data);
    text_done(&refused);
    engine_close(e);
    diags_free(problems);
    return out.data;
}

static char *load(bool is_strict, size_t threads, size_t piece_bytes, uint64_t *taken)
{
    return load_as((loading){is_strict, threads, piece_bytes, 0}, taken);
}

/* Most rows are good in a file that `is_tame`. */
static void write_log(random_numbers *random, const char *name, bool is_tame)
{
    static const char *const good[] = {
        "ann,2026-03-01 10:00:00,buy,12.50,shoes,1\n",
        "bob,2026-02-01T10:00:00,see,,\"a, \"\"b\"\"\",\r\n",
        "cid,2026-03-29 02:30:00,buy,1,\"two\nlines\",2.5\n",
        "\"ann\",2026-01-01,see,,hat,\n",
        "dora,2026-03-01 10:00:00,buy,3,\"\",\r",
        "eve,2026-03-01 10:00:01,see,,\"\n\n,,,,,\n\",7\n",
        "\n"};
    static const char *const bad[] = {"ann,yesterday,buy,1,x,1\n",
                                      "bob,2026-03-01,dance,1,x,1\n",
                                      ",2026-03-01,buy,1,x,1\n",
                                      "ann,2026-03-01,buy\n",
                                      "\"",
                                      "\r",
                                      "x\"y,",
                                      "caf\xe9,2026-03-01,see,,,\n",
                                      "ann,2026-03-01,buy,x,,\n"};
    text out;
    text_init(&out);
    if (random_below(random, 3) == 0)
        text_append(&out, "\xef\xbb\xbf");
    text_append(&out, "who,at,event,amount,what,size\n");
    size_t wanted = random_below(random, MOST_BYTES);
    while (out.size < wanted) {
        bool is_bad = random_below(random, is_tame ? 40 : 5) == 0;
        text_append(&out, is_bad
                              ? bad[random_below(random, sizeof bad / sizeof *bad)]
                              : good[random_below(random, sizeof good / sizeof *good)]);
    }
    if (random_below(random, 8) == 0)
        text_clear(&out);
    support_write(name, out.data, out.size);
    text_done(&out);
}

static void write_lines(random_numbers *random, const char *name, bool is_tame)
{
    static const char *const good[] = {
        "{\"who\":\"ann\",\"at\":\"2026-03-01\",\"what\":\"buy\","
        "\"sum\":{\"total\":12.50,\"size\":3}}\n",
        "{\"what\": \"see\", \"page\": \"/caf\\u00e9\\n\xc3\xa9, a long way\", "
        "\"who\": \"bob\", \"at\": \"2026-02-01T10:00:00\"}\r\n",
        "{\"who\":\"fay\",\"at\":\"2026-03-01\",\"what\":\"see\",\"tags\":[1,[{}]]}\n",
        "\n"};
    static const char *const bad[] = {
        "{\"who\":\"ann\",\"at\":\"2026-03-01\",\"what\":\"buy\",\"who\":\"bob\"}\n",
        "{\"who\":\"ann\",\"at\":\"2026-03-01\",\"what\":\"dance\"}\n",
        "{\"who\":\"\",\"at\":\"2026-03-01\",\"what\":\"buy\"}\n",
        "{\"who\":\"caf\xe9\"}\n",
        "{\"who\":\n",
        "\r",
        "[1]\n",
        "{\"who\":\"ann\",\"at\":\"2026-03-01\",\"what\":\"buy\",\"sum\":{\"size\":1e999}"
        "}\n",
        "{\"page\":\"\t\"} \n"};
    text out;
    text_init(&out);
    if (random_below(random, 3) == 0)
        text_append(&out, "\xef\xbb\xbf");
    size_t wanted = random_below(random, MOST_BYTES);
    while (out.size < wanted) {
        bool is_bad = out.size > 10 && random_below(random, is_tame ? 40 : 5) == 0;
        text_append(&out, is_bad
                              ? bad[random_below(random, sizeof bad / sizeof *bad)]
                              : good[random_below(random, sizeof good / sizeof *good)]);
    }
    if (out.size > 0 && random_below(random, 3) == 0)
        out.size -= 1 + random_below(random, out.size < 20 ? out.size : 20);
    support_write(name, out.data, out.size);
    text_done(&out);
}

static void write_project(random_numbers *random)
{
    static const char *const names[FILE_COUNT] = {"a.csv", "b.csv", "c.csv"};
    text people;
    text_init(&people);
    for (size_t i = 0; i < FILE_COUNT; i++)
        write_log(random, names[i], random_below(random, 2) == 0);
    write_lines(random, "d.jsonl", random_below(random, 2) == 0);
    write_lines(random, "e.jsonl", random_below(random, 2) == 0);
    for (size_t i = random_below(random, 40); i > 0; i--)
        text_append_format(&people, "p%zu,%s\n", random_below(random, 20),
                           random_below(random, 9) == 0 ? "a,b" : "gold");
    support_write("people.txt", people.data, people.size);
    text_done(&people);
}

/* The project, with a line about its store. */
static void write_carpel_yaml(const char *store)
{
    text project;
    text_init(&project);
    text_append_format(&project, "%s%s", project_file, store);
    support_write("carpel.yaml", project.data, project.size);
    text_done(&project);
}

static void test_pieces(void **state)
{
    random_numbers random;
    uint64_t taken = 0;
    (void)state;
    uint64_t seed = random_begin(&random, "test_load_pieces");
    write_carpel_yaml("store: none\n");
    support_write("one.seg", "segment s when did buy\n", 23);
    for (size_t i = 0; i < PROJECTS; i++) {
        bool is_strict = i % 10 == 9;
        write_project(&random);
        char *expected = load(is_strict, 1, 1 << 30, &taken);
        for (size_t j = 0; j < CUTS; j++) {
            size_t threads = 1 + random_below(&random, 3);
            size_t bytes = j == 0   ? 1 + random_below(&random, 20)
                           : j == 1 ? 20 + random_below(&random, 200)
                                    : 200 + random_below(&random, 2000);
            char *found = load(is_strict, threads, bytes, &taken);
            if (strcmp(expected, found) != 0)
                fail_msg(
                    "CARPEL_SEED=%llu, project %zu, %zu threads, pieces of %zu bytes:"
                    "\n%s\n---\n%s",
                    (unsigned long long)seed, i, threads, bytes, expected, found);
            memory_free(found);
        }
        memory_free(expected);
    }
    assert_true(taken > 0);
}

/* ---- into a store, with little memory --------------------------------------------------- */

/* The last number of a file of a folder. */
static long last_number(const char *folder)
{
    struct dirent **entries;
    long last = 0;
    int count = scandir(folder, &entries, NULL, versionsort);
    for (int i = 0; i < count; i++) {
        last = strtol(entries[i]->d_name, NULL, 10);
        free(entries[i]);
    }
    free(entries);
    return last;
}

/* What loading into a new store gives. *parts: how many were written on the way. */
static char *load_into_store(loading how, long *parts, uint64_t *taken)
{
    char command[400];
    snprintf(command, sizeof command, "rm -rf %s", support_path("kept"));
    assert_int_equal(system(command), 0);
    char *said = load_as(how, taken);
    *parts = last_number(support_path("kept/parts"));
    return said;
}

/* A load that has little memory puts rows down time and again; what is left in the end is that of
 * one that has enough. */
static void test_little_memory(void **state)
{
    enum { PROJECTS_WITH_STORE = 30 };
    random_numbers random;
    uint64_t taken = 0;
    long few, many, most = 0;
    (void)state;
    uint64_t seed = random_begin(&random, "test_little_memory");
    write_carpel_yaml("store: kept\n");
    support_write("one.seg", "segment s when did buy\n", 23);
    for (size_t i = 0; i < PROJECTS_WITH_STORE; i++) {
        loading how = {i % 10 == 9, 1 + random_below(&random, 3),
                       20 + random_below(&random, 400), 1 << 30};
        write_project(&random);
        char *expected = load_into_store(how, &few, &taken);
        how.memory_bytes = 1 + random_below(&random, i % 2 == 0 ? 100 : 20000);
        char *found = load_into_store(how, &many, &taken);
        if (strcmp(expected, found) != 0)
            fail_msg("CARPEL_SEED=%llu, project %zu, %zu bytes of memory:\n%s\n---\n%s",
                     (unsigned long long)seed, i, how.memory_bytes, expected, found);
        most = many - few > most ? many - few : most;
        memory_free(expected);
        memory_free(found);
    }
    assert_true(taken > 0);
    assert_true(most > 10); /* else there was memory enough */
}

/* ---- files of one kind of row -------------------------------------------------------- */

static void write_file(const char *name, const text *content)
{
    support_write(name, content->data, content->size);
}

static void begin_project(text *log)
{
    write_carpel_yaml("store: none\n");
    support_write("one.seg", "segment s when did buy\n", 23);
    support_write("people.txt", "ann,gold\n", 9);
    support_write("b.csv", "", 0);
    support_write("c.csv", "", 0);
    support_write("d.jsonl", "", 0);
    support_write("e.jsonl", "", 0);
    text_init(log);
    text_append(log, "who,at,event,amount,what,size\n");
}

static void expect_same(size_t threads, size_t piece_bytes, const char *expected)
{
    uint64_t taken = 0;
    char *found = load(false, threads, piece_bytes, &taken);
    if (strcmp(expected, found) != 0)
        fail_msg("%zu threads, pieces of %zu bytes:\n%.2000s\n---\n%.2000s", threads,
                 piece_bytes, expected, found);
    assert_true(taken > 0);
    memory_free(found);
}

/* More rows than are held of a piece at once, some of them bad. */
static void test_long_piece(void **state)
{
    enum { ROWS = 40 * 16384 };
    text log;
    uint64_t taken = 0;
    (void)state;
    begin_project(&log);
    for (size_t i = 0; i < ROWS; i++)
        text_append(&log,
                    i % 50000 == 7 ? "ann,never,see,,,\n" : "ann,2026-03-01,see,,,\n");
    write_file("a.csv", &log);
    char *expected = load(false, 1, 1 << 30, &taken);
    assert_non_null(strstr(expected, "a.csv,650009,"));
    expect_same(3, 1 << 30, expected);
    expect_same(2, 1 << 20, expected);
    memory_free(expected);
    text_done(&log);
}

/* A row that opens a quote; in it lines of `line_bytes`, which end with `line_end`. */
static void append_long_row(text *log, size_t size, size_t line_bytes,
                            const char *line_end, const char *end)
{
    text_append(log, "ann,2026-03-01,see,,\"");
    for (size_t at = 0; at < size; at += line_bytes) {
        text_append_repeat(log, "x", size - at < line_bytes ? size - at : line_bytes);
        text_append(log, line_end);
    }
    text_append(log, end);
}

static void compare_long_row(size_t size, size_t line_bytes, const char *line_end,
                             const char *end)
{
    text log;
    uint64_t taken = 0;
    begin_project(&log);
    text_append(&log, "bob,2026-03-01,see,,,\n");
    append_long_row(&log, size, line_bytes, line_end, end);
    text_append(&log, "cid,2026-03-01,see,,,\n");
    write_file("a.csv", &log);
    char *expected = load(false, 1, 1 << 30, &taken);
    assert_non_null(strstr(expected, "a.csv,3,"));
    expect_same(2, 3000000, expected);
    memory_free(expected);
    text_done(&log);
}

/* Rows that are too long: whichever reason they are refused for, it does not depend on where the
 * file is cut. */
static void test_longest_rows(void **state)
{
    static const size_t beyond[] = {1, 5000, 100000, 500000, 2000000};
    static const char *const ends[] = {"\",\n", "\n", "\"x,\n"};
    (void)state;
    for (size_t i = 0; i < sizeof beyond / sizeof *beyond; i++) {
        size_t size = ((size_t)16 << 20) + beyond[i];
        compare_long_row(size, 1 << 20, i % 2 == 0 ? "\n" : "\"\"", ends[i % 3]);
        compare_long_row(size, size, "", ends[(i + 1) % 3]);
    }
}

static void replace_file(void *context, uint64_t done_bytes)
{
    (void)context;
    (void)done_bytes;
    rename(support_path("other"), support_path("a.csv"));
}

/* Pieces of the old file and of the new one would be a file that nobody wrote. */
static void test_replaced_file(void **state)
{
    text log;
    carpel_error err;
    diags *problems = diags_new();
    (void)state;
    begin_project(&log);
    text_append_repeat(&log, "ann,2026-03-01,see,,,\n", 100);
    write_file("a.csv", &log);
    write_file("other", &log);
    engine *e = engine_open(support_directory, problems);
    assert_true(e && engine_compile(e, problems));
    const engine_load_options options = {
        .listener = {.progress = replace_file}, .threads = 1, .piece_bytes = 500};
    assert_false(engine_load(e, &options, &err));
    assert_string_equal(err.message,
                        "source \"log\" (csv): \"a.csv\" was replaced while it was read");
    engine_close(e);
    diags_free(problems);
    text_done(&log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pieces), cmocka_unit_test(test_little_memory),
        cmocka_unit_test(test_long_piece), cmocka_unit_test(test_longest_rows),
        cmocka_unit_test(test_replaced_file)};
    return cmocka_run_group_tests(tests, support_begin, support_end);
}
