/* SPDX-License-Identifier: MIT
 *
 * Files that grow, new files and files that change between loads give, load after load, the
 * store of one load without any store before, whether parts are put together in between or not: whatever stands where a file ended (quotes that
 * are open, half a line, CR), and whatever is cut into pieces. Files that grew by whole lines are
 * read from where they ended. Files that get another name, packed or not, are read once. Rows with one id are taken once, whichever load brings them;
 * people who were forgotten stay away.
 */
#include "plugin_support.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>

#include "base/directory.h"
#include "base/file.h"
#include "engine/engine.h"
#include "store/compact.h"
#include "store/store.h"
#include "unit_random.h"

enum { HISTORIES = 60, LOADS = 6, MANY_LOADS = 40, FILE_COUNT = 3 };

static const char project_file[] =
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
    "    traits: {plan: size}\n"
    "    refused: 100%\n";

/* ---- the store as text ---------------------------------------------------- */

static void append_value(text *out, const column *c, size_t row)
{
    if (!column_has(c, row)) {
        text_append(out, " -");
    } else if (c->dictionary) {
        slice s = dictionary_text(c->dictionary, column_code(c, row));
        text_append_format(out, " \"%.*s\"", (int)s.size, s.data);
    } else {
        text_append_format(out, " %llx", (unsigned long long)column_get(c, row));
    }
}

static void append_rows(text *out, const event_table *t, size_t person)
{
    for (size_t row = (size_t)t->offsets[person]; row < t->offsets[person + 1]; row++) {
        text_append_format(out, "  %lld #%lld", (long long)event_table_time(t, row),
                           (long long)packed_get(&t->arrival, row));
        for (size_t i = 0; i < t->column_count; i++)
            append_value(out, &t->columns[i], row);
        text_append_char(out, '\n');
    }
}

static int compare_lines(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* People by their ids, since numbers depend on who was loaded first. */
static void append_people(text *out, const store *s)
{
    char **people = memory_alloc_array(s->person_count + 1, sizeof *people);
    size_t count = 0;
    for (size_t p = 0; p < s->person_count; p++) {
        text person;
        slice id = dictionary_text(s->persons, (uint32_t)p);
        if (s->known_since[p] == INT64_MAX)
            continue; /* no row names them any more */
        text_init(&person);
        text_append_format(&person, "%.*s since %lld\n", (int)id.size, id.data,
                           (long long)s->known_since[p]);
        for (size_t k = 0; k < s->schema->kind_count; k++)
            append_rows(&person, &s->kinds[k], p);
        append_rows(&person, &s->traits[0], p);
        people[count++] = person.data;
    }
    qsort(people, count, sizeof *people, compare_lines);
    for (size_t i = 0; i < count; i++) {
        text_append(out, people[i]);
        memory_free(people[i]);
    }
    memory_free(people);
}

/* The list of refused rows, in one order. */
static void append_refused(text *out)
{
    carpel_error err;
    text list;
    char *lines[4096];
    size_t count = 0;
    text_init(&list);
    if (file_read(support_path("refused.csv"), 1 << 24, &list, &err))
        for (char *at = strtok(list.data, "\n"); at && count < 4096;
             at = strtok(NULL, "\n"))
            lines[count++] = at;
    qsort(lines, count, sizeof *lines, compare_lines);
    for (size_t i = 0; i < count; i++)
        text_append_format(out, "%s\n", lines[i]);
    text_done(&list);
}

static void hear(void *context, const char *message)
{
    *(bool *)context |= strstr(message, "is loaded again") != NULL;
}

static void write_project(bool has_store, bool has_id)
{
    text project;
    text_init(&project);
    text_append_format(&project, "%s%s%s", has_store ? "store: kept\n" : "store: none\n",
                       project_file, has_id ? "    id: size\n" : "");
    support_write("carpel.yaml", project.data, project.size);
    text_done(&project);
}

/* Load and tell all that came out. */
static char *load(bool has_store, bool has_id, size_t threads, size_t piece_bytes,
                  bool *is_whole, uint64_t *repeated)
{
    carpel_error err;
    text out;
    text_init(&out);
    write_project(has_store, has_id);
    diags *problems = diags_new();
    engine *e = engine_open(support_directory, problems);
    assert_true(e && engine_compile(e, problems));
    unlink(support_path("refused.csv"));
    const engine_load_options options = {.refused_path = support_path("refused.csv"),
                                         .listener = {.context = is_whole, .log = hear},
                                         .threads = threads,
                                         .piece_bytes = piece_bytes};
    if (!engine_load(e, &options, &err))
        fail_msg("%s", err.message);
    append_people(&out, engine_store(e));
    append_refused(&out);
    const engine_intake *i = engine_intake_of(e, 0);
    text_append_format(&out, "%llu taken, %llu repeated, %llu refused\n",
                       (unsigned long long)i->taken, (unsigned long long)i->repeated,
                       (unsigned long long)i->refused);
    *repeated += i->repeated;
    engine_close(e);
    diags_free(problems);
    return out.data;
}

static size_t count_parts(void)
{
    path_list parts = {0};
    assert_true(directory_list(support_path("kept/parts"), &parts));
    size_t count = parts.count;
    path_list_done(&parts);
    return count;
}

/* Write the store anew: without a person, or only as one part. */
static void rewrite(bool has_id, const char *person)
{
    carpel_error err;
    engine_forgotten gone;
    write_project(true, has_id);
    diags *problems = diags_new();
    engine *e = engine_open(support_directory, problems);
    assert_true(e && engine_compile(e, problems));
    if (!(person ? engine_forget(e, &person, 1, &gone, &err)
                 : engine_compact_store(e, &err)))
        fail_msg("%s", err.message);
    engine_close(e);
    diags_free(problems);
    assert_true(count_parts() <= 1);
}

/* Cut a person out of what load() told. */
static void cut_out(char *told, const char *person)
{
    char head[32];
    snprintf(head, sizeof head, "%s since ", person);
    char *at = strncmp(told, head, strlen(head)) == 0 ? told : strstr(told, head);
    if (!at)
        return;
    char *end = strchr(at, '\n') + 1;
    while (*end == ' ')
        end = strchr(end, '\n') + 1;
    memmove(at, end, strlen(end) + 1);
}

/* Cut out the lines with a text. */
static void cut_lines(char *told, const char *text)
{
    for (char *at; (at = strstr(told, text)) != NULL;) {
        char *end = strchr(at, '\n') + 1;
        while (at > told && at[-1] != '\n')
            at--;
        memmove(at, end, strlen(end) + 1);
    }
}

/* Cut out the refused rows, of which all are of the person who was forgotten, and their count: those
 * that were refused before stay without their values, and later ones are left out. */
static void cut_out_refused(char *told)
{
    cut_lines(told, "file,line,reason");
    cut_lines(told, "\"yesterday\"");
    cut_lines(told, "\"(removed)\"");
    *strrchr(told, ',') = '\0';
}

/* How many different rows of the source a person's part of what load() told is of. */
static uint64_t count_rows_of(const char *told, const char *person)
{
    enum { MOST_ROWS = 4096 };
    static bool is_seen[MOST_ROWS];
    uint64_t count = 0;
    char head[32];
    snprintf(head, sizeof head, "%s since ", person);
    const char *at = strncmp(told, head, strlen(head)) == 0 ? told : strstr(told, head);
    memset(is_seen, 0, sizeof is_seen);
    for (at = at ? strchr(at, '\n') + 1 : ""; *at == ' '; at = strchr(at, '\n') + 1) {
        size_t row = strtoull(strchr(at, '#') + 1, NULL, 10);
        assert_true(row < MOST_ROWS);
        count += !is_seen[row];
        is_seen[row] = true;
    }
    return count;
}

/* Rows of who was forgotten do not count. */
static void reduce_taken(char *told, uint64_t by)
{
    char *count = strstr(told, " taken, "), *end = count;
    while (count > told && count[-1] != '\n')
        count--;
    uint64_t taken = strtoull(count, NULL, 10) - by;
    memmove(count, end, strlen(end) + 1);
    char digits[24];
    size_t size =
        (size_t)snprintf(digits, sizeof digits, "%llu", (unsigned long long)taken);
    memmove(count + size, count, strlen(count) + 1);
    memcpy(count, digits, size);
}

/* ---- files through time --------------------------------------------------- */

static const char *const tame[] = {"ann,2026-03-01 10:00:00,buy,12.50,shoes,1\n",
                                   "bob,2026-02-01T10:00:00,see,,\"a, \"\"b\"\"\",\r\n",
                                   "eve,2026-02-02,buy,4,hat,1\n",
                                   "fay,2026-02-03,see,,hat,1\n",
                                   "gus,2026-02-04,buy,7,hat,2.5\n",
                                   "cid,2026-03-29 02:30:00,buy,1,\"two\nlines\",2.5\n",
                                   "dora,2026-03-01 10:00:00,buy,3,\"\",\n",
                                   "ann,yesterday,buy,1,x,1\n",
                                   "\n"};
static const char *const wild[] = {"\"",
                                   "eve,2026-03-01,see,,half a l",
                                   "ine,2\n",
                                   "\r",
                                   "ann,2026-03-01,buy,1,\"open",
                                   "bob,2026-",
                                   "x\"",
                                   "\n"};

/* Of known times, so that no file counts as just written. */
static void set_time(const char *name, time_t seconds)
{
    const struct timespec times[2] = {{.tv_sec = seconds}, {.tv_sec = seconds}};
    assert_int_equal(utimensat(AT_FDCWD, support_path(name), times, 0), 0);
}

static void append_file(const char *name, const text *more)
{
    FILE *f = fopen(support_path(name), "ab");
    assert_non_null(f);
    assert_int_equal(fwrite(more->data, 1, more->size, f), more->size);
    assert_int_equal(fclose(f), 0);
}

/* True: something was appended. */
static bool grow_file(random_numbers *random, const char *name, bool is_wild)
{
    text more;
    text_init(&more);
    if (!file_exists(support_path(name)))
        text_append(&more, "who,at,event,amount,what,size\n");
    for (size_t i = random_below(random, 8); i > 0; i--)
        text_append(&more, is_wild && random_below(random, 3) == 0
                               ? wild[random_below(random, sizeof wild / sizeof *wild)]
                               : tame[random_below(random, sizeof tame / sizeof *tame)]);
    bool has_grown = more.size > 0;
    if (has_grown)
        append_file(name, &more);
    text_done(&more);
    return has_grown;
}

/* Give a file another name, packed or not. False: it is not there. */
static bool move_file(const char *name, char to, bool is_packed)
{
    if (!file_exists(support_path(name)))
        return false;
    text line;
    text_init(&line);
    text_append_format(&line, "cd %s && ", support_directory);
    if (is_packed)
        text_append_format(&line, "gzip -nc %s >x && rm %s", name, name);
    else
        text_append_format(&line, "mv %s x", name);
    text_append_format(&line, " && mv x %c.csv && touch -d @1700000000 %c.csv", to, to);
    assert_int_equal(system(line.data), 0);
    text_done(&line);
    return true;
}

static void begin_history(void)
{
    char command[160];
    snprintf(command, sizeof command, "cd %s && rm -rf kept kept.forgotten ?.csv",
             support_directory);
    assert_int_equal(system(command), 0);
    support_write("a.seg", "segment buyers when did buy\n", 28);
}

static void test_histories(void **state)
{
    static const char *const names[FILE_COUNT] = {"b.csv", "a.csv", "c.csv"};
    random_numbers random;
    size_t grown = 0, read_on = 0, taken_over = 0, taken_on = 0;
    uint64_t repeated = 0;
    (void)state;
    uint64_t seed = random_begin(&random, "test_increments");
    for (size_t h = 0; h < HISTORIES; h++) {
        bool is_wild = h % 2 == 1, has_id = h % 3 == 2;
        char moved = 'd';
        bool is_gone[FILE_COUNT] = {false};
        begin_history();
        for (size_t l = 0; l < (h < 3 ? MANY_LOADS : LOADS); l++) {
            bool has_grown = false, is_anew = false, is_whole = false, unused = false;
            for (size_t i = 0; i <= l && i < FILE_COUNT; i++)
                if (grow_file(&random, names[i], is_wild)) {
                    has_grown |= l > 0;
                    is_anew |= is_gone[i];
                    is_gone[i] = false;
                    set_time(names[i], (time_t)(1700000000 + l));
                }
            size_t pick = random_below(&random, FILE_COUNT);
            if (moved < 'z' && l > 0 && random_below(&random, 6) == 0 &&
                move_file(names[pick], moved++, random_below(&random, 2) == 0))
                is_anew = is_gone[pick] = true;
            has_grown &= !is_anew; /* the source may be loaded as a whole */
            if (l > 0 && h >= 3 && random_below(&random, 3) == 0)
                rewrite(has_id, NULL);
            if (h % 4 == 0 && l == LOADS / 2)
                rewrite(has_id, "ann");
            size_t bytes = 1 + random_below(&random, 300);
            char *kept = load(true, has_id, 1 + random_below(&random, 2), bytes,
                              &is_whole, &repeated);
            assert_true(count_parts() <= COMPACT_MOST_PARTS);
            char *expected = load(false, has_id, 1, 1 << 30, &unused, &repeated);
            if (h % 4 == 0 && l >= LOADS / 2) {
                assert_null(strstr(kept, "yesterday"));
                reduce_taken(expected, count_rows_of(expected, "ann"));
                cut_out(expected, "ann");
                cut_out_refused(kept);
                cut_out_refused(expected);
            }
            if (strcmp(kept, expected) != 0)
                fail_msg("CARPEL_SEED=%llu, history %zu, load %zu:\n%s\n---\n%s",
                         (unsigned long long)seed, h, l, kept, expected);
            grown += has_grown && !is_wild && !has_id;
            read_on += has_grown && !is_wild && !has_id && !is_whole;
            taken_over += has_id && !is_wild && is_whole;
            taken_on += has_id && has_grown && !is_whole;
            memory_free(kept);
            memory_free(expected);
        }
    }
    assert_true(grown > 0);
    assert_int_equal(grown, read_on);
    assert_true(repeated > 0 && taken_over > 0 && taken_on > 0);
}

/* Load into the store; was the watched file opened? */
static bool load_opens(int watch)
{
    char events[4096];
    bool unused = false;
    uint64_t repeated = 0;
    memory_free(load(true, false, 1, 1 << 20, &unused, &repeated));
    ssize_t size = read(watch, events, sizeof events);
    assert_true(size > 0 || errno == EAGAIN);
    return size > 0;
}

static void test_files_as_they_were_are_not_opened(void **state)
{
    random_numbers random;
    (void)state;
    random_begin(&random, "test_increments, unchanged");
    begin_history();
    while (!grow_file(&random, "a.csv", false))
        continue;
    set_time("a.csv", 1700000000);
    int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    assert_true(watch >= 0);
    assert_true(inotify_add_watch(watch, support_path("a.csv"), IN_OPEN) >= 0);
    assert_true(load_opens(watch));
    assert_false(load_opens(watch));
    set_time("a.csv", 1600000000);
    assert_true(load_opens(watch));
    assert_false(load_opens(watch));
    close(watch);
}

/* The store and its folders, which support_end does not know. */
static int end(void **state)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s*", support_path("kept"));
    return system(command) != 0 || support_end(state) != 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_histories),
        cmocka_unit_test(test_files_as_they_were_are_not_opened)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, support_begin, end);
}
