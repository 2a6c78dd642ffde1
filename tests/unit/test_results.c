/* SPDX-License-Identifier: MIT
 *
 * The stream of a run's results: order, several segments and batches, nobody at all; values,
 * groups and memberships beside them.
 */
#include "plugin_support.h"

#include "base/bitmap.h"
#include "base/dictionary.h"
#include "plugin/results.h"

enum { PEOPLE = 20000 };

/* All rows as "segment person as_of", and how many batches there were. */
static size_t read_all(struct ArrowArrayStream *stream, text *out)
{
    struct ArrowSchema shape;
    struct ArrowArray batch;
    size_t batches = 0;
    assert_int_equal(stream->get_schema(stream, &shape), 0);
    assert_int_equal(shape.n_children, 3);
    assert_string_equal(shape.children[0]->name, "segment");
    assert_string_equal(shape.children[0]->format, "u");
    assert_string_equal(shape.children[1]->name, "person");
    assert_string_equal(shape.children[1]->format, "u");
    assert_string_equal(shape.children[2]->name, "as_of");
    assert_string_equal(shape.children[2]->format, "tsu:UTC");
    for (;; batches++) {
        assert_int_equal(stream->get_next(stream, &batch), 0);
        if (batch.release == NULL)
            break;
        for (int i = 0; i < 3; i++)
            support_check_column(shape.children[i], batch.children[i], batch.length);
        for (int64_t row = 0; row < batch.length; row++)
            for (int i = 0; i < 3; i++) {
                support_append_cell(shape.children[i], batch.children[i], row, out);
                text_append(out, i < 2 ? " " : "\n");
            }
        batch.release(&batch);
        assert_null(batch.release);
    }
    shape.release(&shape);
    return batches;
}

static void test_order(void **state)
{
    static const uint32_t order[] = {1, 2, 0};
    static const uint64_t all = 7, some = 5, none = 0;
    dictionary *persons = dictionary_new();
    const result_item items[] = {
        {.segment = "vip", .members = &some, .ids = persons, .order = order, .count = 3},
        {.segment = "empty",
         .members = &none,
         .ids = persons,
         .order = order,
         .count = 3},
        {.segment = "lifecycle.active",
         .members = &all,
         .ids = persons,
         .order = order,
         .count = 3}};
    struct ArrowArrayStream stream;
    result_table table;
    text out;
    (void)state;
    text_init(&out);
    dictionary_add(persons, "zoe", 3);
    dictionary_add(persons, "ann", 3);
    dictionary_add(persons, "b\xc3\xb6rn", 5);
    table = support_memberships(items, 3, 1500000);
    results_stream(&table, &stream);
    assert_int_equal(read_all(&stream, &out), 1);
    assert_string_equal(out.data, "vip b\xc3\xb6rn 1500000\nvip zoe 1500000\n"
                                  "lifecycle.active ann 1500000\n"
                                  "lifecycle.active b\xc3\xb6rn 1500000\n"
                                  "lifecycle.active zoe 1500000\n");
    stream.release(&stream);
    assert_null(stream.release);
    dictionary_free(persons);
    text_done(&out);
}

static void test_nobody(void **state)
{
    static const uint64_t none = 0;
    dictionary *persons = dictionary_new();
    const result_item item = {
        .segment = "vip", .members = &none, .ids = persons, .order = NULL};
    struct ArrowArrayStream stream;
    result_table table;
    text out;
    (void)state;
    text_init(&out);
    table = support_memberships(&item, 1, 0);
    results_stream(&table, &stream);
    assert_int_equal(read_all(&stream, &out), 0);
    stream.release(&stream);
    table = support_memberships(NULL, 0, 0);
    results_stream(&table, &stream);
    assert_int_equal(read_all(&stream, &out), 0);
    stream.release(&stream);
    assert_int_equal(out.size, 0);
    dictionary_free(persons);
    text_done(&out);
}

/* More members than a batch holds, with the cut inside a segment. */
static void test_batches(void **state)
{
    static uint64_t everyone[(PEOPLE + 63) / 64], odd[(PEOPLE + 63) / 64];
    static uint32_t order[PEOPLE];
    dictionary *persons = dictionary_new();
    const result_item items[] = {{.segment = "odd",
                                  .members = odd,
                                  .ids = persons,
                                  .order = order,
                                  .count = PEOPLE},
                                 {.segment = "all",
                                  .members = everyone,
                                  .ids = persons,
                                  .order = order,
                                  .count = PEOPLE}};
    struct ArrowArrayStream stream;
    result_table table;
    text out, expected;
    (void)state;
    text_init(&out);
    text_init(&expected);
    for (uint32_t i = 0; i < PEOPLE; i++) {
        char id[16];
        int size = snprintf(id, sizeof id, "p%05u", i);
        dictionary_add(persons, id, (size_t)size);
        bitmap_set(everyone, i);
        bitmap_put(odd, i, i % 2 == 1);
        order[i] = i;
    }
    for (uint32_t i = 1; i < PEOPLE; i += 2)
        text_append_format(&expected, "odd p%05u 0\n", i);
    for (uint32_t i = 0; i < PEOPLE; i++)
        text_append_format(&expected, "all p%05u 0\n", i);
    table = support_memberships(items, 2, 0);
    results_stream(&table, &stream);
    assert_true(read_all(&stream, &out) > 1);
    assert_true(strcmp(out.data, expected.data) == 0);
    stream.release(&stream);
    dictionary_free(persons);
    text_done(&out);
    text_done(&expected);
}

/* A consumer may keep a column when it releases the batch, as Arrow allows. */
static void test_moved_column(void **state)
{
    static const uint32_t order[] = {0};
    static const uint64_t all = 1;
    dictionary *persons = dictionary_new();
    const result_item item = {
        .segment = "vip", .members = &all, .ids = persons, .order = order, .count = 1};
    struct ArrowArrayStream stream;
    result_table table;
    struct ArrowArray batch;
    (void)state;
    dictionary_add(persons, "ann", 3);
    table = support_memberships(&item, 1, 0);
    results_stream(&table, &stream);
    assert_int_equal(stream.get_next(&stream, &batch), 0);
    struct ArrowArray kept = *batch.children[1];
    batch.children[1]->release = NULL;
    batch.release(&batch);
    stream.release(&stream);
    assert_memory_equal(kept.buffers[2], "ann", 3);
    kept.release(&kept);
    dictionary_free(persons);
}

/* ---- values ----------------------------------------------------------------------------- */

/* All cells of a row behind each other; a missing one is "-". */
static void read_rows(const result_table *table, text *out)
{
    struct ArrowArrayStream stream;
    struct ArrowSchema shape;
    struct ArrowArray batch;
    results_stream(table, &stream);
    assert_int_equal(stream.get_schema(&stream, &shape), 0);
    assert_int_equal(shape.n_children, table->column_count);
    while (stream.get_next(&stream, &batch) == 0 && batch.release != NULL) {
        for (int64_t i = 0; i < shape.n_children; i++)
            support_check_column(shape.children[i], batch.children[i], batch.length);
        for (int64_t row = 0; row < batch.length; row++) {
            for (int64_t i = 0; i < shape.n_children; i++) {
                text_append(out, i > 0 ? " " : "");
                support_append_cell(shape.children[i], batch.children[i], row, out);
            }
            text_append_char(out, '\n');
        }
        batch.release(&batch);
    }
    shape.release(&shape);
    stream.release(&stream);
}

static dictionary *three_people(void)
{
    dictionary *persons = dictionary_new();
    dictionary_add(persons, "zoe", 3);
    dictionary_add(persons, "ann", 3);
    dictionary_add(persons, "ben", 3);
    return persons;
}

static const uint32_t by_id[] = {1, 2, 0};
static const uint64_t everyone = 7, without_ann = 5;

/* A column of each type, with ann's value missing. */
static void test_values_of_all_types(void **state)
{
    static const int64_t cents[] = {1250, 7, -5}, times[] = {1, 2, 3},
                         days[] = {4, 5, -6};
    static const double numbers[] = {0.5, 1, -2.25};
    static const uint64_t bits[] = {5};
    static const uint32_t codes[] = {0, 0, 1};
    static const type types[] = {{TYPE_DECIMAL, 2}, {TYPE_DECIMAL, 0}, {TYPE_NUMBER, 0},
                                 {TYPE_TIME, 0},    {TYPE_DATE, 0},    {TYPE_DURATION, 0},
                                 {TYPE_BOOL, 0},    {TYPE_STRING, 0}};
    const void *values[] = {cents, cents, numbers, times, days, times, bits, codes};
    enum { COUNT = sizeof values / sizeof *values };
    dictionary *persons = three_people(), *texts = dictionary_new();
    result_column columns[COUNT] = {0};
    carpel_column told[COUNT] = {0};
    const result_item all = {
        .segment = "", .members = &everyone, .ids = persons, .order = by_id, .count = 3};
    text out;
    (void)state;
    text_init(&out);
    dictionary_add(texts, "red", 3);
    dictionary_add(texts, "", 0);
    for (size_t i = 0; i < COUNT; i++) {
        columns[i] = (result_column){.kind = RESULT_VALUE,
                                     .value = {types[i], values[i], &without_ann, texts}};
        told[i] = (carpel_column){
            .name = "v", .type = result_type(types[i]), .scale = types[i].scale};
    }
    const result_table table = {.items = &all,
                                .item_count = 1,
                                .columns = columns,
                                .told = told,
                                .column_count = COUNT};
    read_rows(&table, &out);
    assert_string_equal(out.data, "- - - - - - - -\n"
                                  "-5 -5 -2.25 3 -6 3 true \n"
                                  "1250 1250 0.5 1 4 1 true red\n");
    dictionary_free(persons);
    dictionary_free(texts);
    text_done(&out);
}

/* Values of several types of numbers in one column, a row each. */
static void test_own_values(void **state)
{
    static const int64_t cents[] = {1250, 7, -5}, wholes[] = {3, 2, 1};
    static const result_column columns[] = {
        {.kind = RESULT_SEGMENT}, {.kind = RESULT_ID}, {.kind = RESULT_OWN_VALUE}};
    static const carpel_column told[] = {{.name = "score", .type = CARPEL_STRING},
                                         {.name = "person", .type = CARPEL_STRING},
                                         {.name = "value", .type = CARPEL_NUMBER}};
    dictionary *persons = three_people();
    const result_item items[] = {
        {.segment = "spent",
         .members = &without_ann,
         .ids = persons,
         .order = by_id,
         .count = 3,
         .value = {{TYPE_DECIMAL, 2}, cents, &without_ann, NULL}},
        {.segment = "orders",
         .members = &everyone,
         .ids = persons,
         .order = by_id,
         .count = 3,
         .value = {{TYPE_DECIMAL, 0}, wholes, NULL, NULL}}};
    const result_table table = {.items = items,
                                .item_count = 2,
                                .columns = columns,
                                .told = told,
                                .column_count = 3};
    text out;
    (void)state;
    text_init(&out);
    read_rows(&table, &out);
    assert_string_equal(out.data, "spent ben -0.05\nspent zoe 12.5\n"
                                  "orders ann 2\norders ben 1\norders zoe 3\n");
    dictionary_free(persons);
    text_done(&out);
}

static void test_memberships_and_groups(void **state)
{
    static const uint64_t only_zoe = 1, only_ann = 2;
    dictionary *persons = three_people();
    const result_item groups[] = {{.segment = "new",
                                   .members = &only_ann,
                                   .ids = persons,
                                   .order = by_id,
                                   .count = 3},
                                  {.segment = "old",
                                   .members = &only_zoe,
                                   .ids = persons,
                                   .order = by_id,
                                   .count = 3}};
    const result_column columns[] = {
        {.kind = RESULT_ID},
        {.kind = RESULT_MEMBER, .members = &without_ann},
        {.kind = RESULT_GROUP, .groups = groups, .group_count = 2}};
    static const carpel_column told[] = {{.name = "person", .type = CARPEL_STRING},
                                         {.name = "vip", .type = CARPEL_BOOL},
                                         {.name = "stage", .type = CARPEL_STRING}};
    const result_item all = {
        .segment = "", .members = &everyone, .ids = persons, .order = by_id, .count = 3};
    const result_table table = {.items = &all,
                                .item_count = 1,
                                .columns = columns,
                                .told = told,
                                .column_count = 3};
    text out;
    (void)state;
    text_init(&out);
    read_rows(&table, &out);
    assert_string_equal(out.data, "ann false new\nben true -\nzoe true old\n");
    dictionary_free(persons);
    text_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_order),
                                       cmocka_unit_test(test_nobody),
                                       cmocka_unit_test(test_batches),
                                       cmocka_unit_test(test_moved_column),
                                       cmocka_unit_test(test_values_of_all_types),
                                       cmocka_unit_test(test_own_values),
                                       cmocka_unit_test(test_memberships_and_groups)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
