/* SPDX-License-Identifier: MIT
 *
 * The stream of a run's members: order, several segments and batches, nobody at all.
 */
#include "plugin_support.h"

#include "base/bitmap.h"
#include "base/dictionary.h"
#include "plugin/memberships.h"

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
    const membership items[] = {{"vip", &some, persons, order},
                                {"empty", &none, persons, order},
                                {"lifecycle.active", &all, persons, order}};
    struct ArrowArrayStream stream;
    text out;
    (void)state;
    text_init(&out);
    dictionary_add(persons, "zoe", 3);
    dictionary_add(persons, "ann", 3);
    dictionary_add(persons, "b\xc3\xb6rn", 5);
    memberships_stream(items, 3, 1500000, &stream);
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
    const membership item = {"vip", &none, persons, NULL};
    struct ArrowArrayStream stream;
    text out;
    (void)state;
    text_init(&out);
    memberships_stream(&item, 1, 0, &stream);
    assert_int_equal(read_all(&stream, &out), 0);
    stream.release(&stream);
    memberships_stream(NULL, 0, 0, &stream);
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
    const membership items[] = {{"odd", odd, persons, order},
                                {"all", everyone, persons, order}};
    struct ArrowArrayStream stream;
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
    memberships_stream(items, 2, 0, &stream);
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
    const membership item = {"vip", &all, persons, order};
    struct ArrowArrayStream stream;
    struct ArrowArray batch;
    (void)state;
    dictionary_add(persons, "ann", 3);
    memberships_stream(&item, 1, 0, &stream);
    assert_int_equal(stream.get_next(&stream, &batch), 0);
    struct ArrowArray kept = *batch.children[1];
    batch.children[1]->release = NULL;
    batch.release(&batch);
    stream.release(&stream);
    assert_memory_equal(kept.buffers[2], "ann", 3);
    kept.release(&kept);
    dictionary_free(persons);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order), cmocka_unit_test(test_nobody),
        cmocka_unit_test(test_batches), cmocka_unit_test(test_moved_column)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
