/* SPDX-License-Identifier: MIT
 *
 * Files of runs: what was written is read, and what is not what was written is refused,
 * whichever byte differs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "run_support.h"
#include "runs/packing.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

static remembered_run *make_run(void)
{
    remembered_run *r =
        run_of(12, -5, "ann bob cid dora",
               "vip:7=ann,dora life.new:8=cid life.old:9=ann,bob =risk:4=bob,cid");
    take(r, "crm", 11, true);
    take(r, "mail", 0, false);
    r->event_count = 17;
    r->first_time = -3;
    r->last_time = 99;
    return r;
}

static void write_run(text *out)
{
    remembered_run *r = make_run();
    text_init(out);
    run_file_write(r, out);
    remembered_run_free(r);
}

static slice all_of(const text *t)
{
    return (slice){t->data, t->size};
}

static void check_head(const remembered_run *a, const remembered_run *b)
{
    assert_int_equal(a->number, b->number);
    assert_int_equal(a->as_of, b->as_of);
    assert_int_equal(a->made_at, b->made_at);
    assert_true(slice_equals(a->version, b->version));
    assert_int_equal(a->rule_version, b->rule_version);
    assert_true(digest_equals(a->content, b->content));
    assert_int_equal(a->event_count, b->event_count);
    assert_int_equal(a->first_time, b->first_time);
    assert_int_equal(a->last_time, b->last_time);
    assert_int_equal(a->people.count, b->people.count);
    assert_int_equal(a->output_count, b->output_count);
    for (size_t i = 0; i < a->output_count; i++) {
        assert_true(slice_equals(a->outputs[i].name, b->outputs[i].name));
        assert_int_equal(a->outputs[i].baseline, b->outputs[i].baseline);
        assert_int_equal(a->outputs[i].is_latest, b->outputs[i].is_latest);
    }
    assert_int_equal(a->rule_count, b->rule_count);
    for (size_t i = 0; i < a->rule_count; i++) {
        const remembered_rule *x = &a->rules[i], *y = &b->rules[i];
        assert_int_equal(x->kind, y->kind);
        assert_true(slice_equals(x->path, y->path));
        assert_true(slice_equals(x->set, y->set));
        assert_true(slice_equals(x->name, y->name));
        assert_true(digest_equals(x->meaning, y->meaning));
        assert_int_equal(x->size, y->size);
        assert_true(type_equals(x->type, y->type));
    }
}

/* With who is in what. */
static void check_same(const remembered_run *a, const remembered_run *b)
{
    check_head(a, b);
    for (size_t i = 0; i < a->people.count; i++)
        assert_true(slice_equals(a->people.items[i], b->people.items[i]));
    for (size_t i = 0; i < a->rule_count; i++)
        assert_true(roaring_bitmap_equals(a->rules[i].members, b->rules[i].members));
}

static void test_what_was_written_is_read(void **state)
{
    (void)state;
    carpel_error err;
    text file;
    write_run(&file);
    remembered_run *written = make_run(),
                   *found = run_file_read(all_of(&file), "x", &err);
    assert_non_null(found);
    check_same(written, found);
    assert_int_equal(found->rules[3].values[0], 10);
    assert_int_equal(found->rules[3].values[1], 11);
    remembered_run *head = run_file_read_head(all_of(&file), "x", &err);
    check_head(written, head);
    assert_null(head->rules[0].members);
    remembered_run_free(head);
    remembered_run_free(found);
    remembered_run_free(written);
    text_done(&file);
}

/* With other ids of people it is version 3, without them the one before. */
static void test_other_ids(void **state)
{
    static const slice others[] = {{"anon-7", 6}, {"anon-77", 7}, {"dora@x", 6}};
    static const uint32_t into[] = {1, 0, 3};
    enum { VERSION_AT = 8 };
    (void)state;
    carpel_error err;
    text file;
    write_run(&file);
    assert_int_equal(file.data[VERSION_AT], 2);
    text_clear(&file);
    remembered_run *written = make_run();
    written->merged = (remembered_ids){others, LENGTH(others)};
    written->merged_into = into;
    run_file_write(written, &file);
    assert_int_equal(file.data[VERSION_AT], 3);
    remembered_run *found = run_file_read(all_of(&file), "x", &err);
    assert_non_null(found);
    check_same(written, found);
    assert_int_equal(found->merged.count, LENGTH(others));
    for (size_t i = 0; i < LENGTH(others); i++) {
        assert_true(slice_equals(found->merged.items[i], others[i]));
        assert_int_equal(found->merged_into[i], into[i]);
    }
    remembered_run_free(found);
    remembered_run_free(written);
    text_done(&file);
}

/* With what an output did not take it is version 4, and another run than without. */
static void test_what_outputs_took(void **state)
{
    static const slice others[] = {{"anon-7", 6}};
    static const uint32_t into[] = {1};
    enum { VERSION_AT = 8, RULES = 9, NOT_DORA = 8 };
    (void)state;
    for (int has_others = 0; has_others < 2; has_others++) {
        carpel_error err;
        text file;
        text_init(&file);
        remembered_run *plain = make_run(), *written = make_run();
        if (has_others) {
            written->merged = (remembered_ids){others, LENGTH(others)};
            written->merged_into = into;
        }
        note_taken(written, "ads", RULES, NOT_DORA);
        assert_false(digest_equals(plain->content, written->content));
        run_file_write(written, &file);
        assert_int_equal(file.data[VERSION_AT], 4);
        assert_true(run_file_is_of(all_of(&file), written));
        assert_false(run_file_is_of(all_of(&file), plain));
        remembered_run *found = run_file_read(all_of(&file), "x", &err);
        assert_non_null(found);
        check_same(written, found);
        assert_int_equal(found->merged.count, has_others);
        const remembered_output *ads = remembered_output_of(found, "ads");
        assert_true(roaring_bitmap_equals(ads->rules,
                                          remembered_output_of(written, "ads")->rules));
        assert_int_equal(roaring_bitmap_get_cardinality(ads->withheld), 1);
        assert_true(roaring_bitmap_contains(ads->withheld, 3));
        assert_null(remembered_output_of(found, "crm")->rules);
        remembered_run_free(found);
        remembered_run_free(written);
        remembered_run_free(plain);
        text_done(&file);
    }
}

static int compare_ids(const void *left, const void *right)
{
    return slice_compare(*(const slice *)left, *(const slice *)right);
}

static void test_scores_of_texts(void **state)
{
    (void)state;
    carpel_error err;
    text file;
    const slice texts[] = {{"Berlin", 6}, {"", 0}};
    remembered_run *r = run_of(1, 0, "ann bob", "=city:1=ann,bob");
    r->rules[0].type = (type){TYPE_STRING, 0};
    r->rules[0].texts = texts;
    text_init(&file);
    run_file_write(r, &file);
    remembered_run *found = run_file_read(all_of(&file), "x", &err);
    assert_non_null(found);
    assert_true(slice_is(found->rules[0].texts[0], "Berlin"));
    assert_true(slice_is(found->rules[0].texts[1], ""));
    remembered_run_free(found);
    remembered_run_free(r);
    text_done(&file);
}

/* A run of whom or of what something else is said is another one. */
static void test_the_file_of_a_run(void **state)
{
    (void)state;
    text file;
    write_run(&file);
    remembered_run *r = make_run();
    assert_true(run_file_is_of(all_of(&file), r));
    r->outputs[1].baseline = 3;
    assert_false(run_file_is_of(all_of(&file), r));
    r->outputs[1].baseline = 0;
    r->content.low ^= 1;
    assert_false(run_file_is_of(all_of(&file), r));
    r->content.low ^= 1;
    for (size_t i = 0; i < file.size; i++) {
        file.data[i] ^= 1;
        assert_false(run_file_is_of(all_of(&file), r));
        file.data[i] ^= 1;
        assert_false(run_file_is_of((slice){file.data, i}, r));
    }
    assert_true(run_file_is_of(all_of(&file), r));
    remembered_run_free(r);
    text_done(&file);
}

/* The run of make_run() as the first version of the format has it. */
static const char version_1[] =
    "63617270656c726e01000000000000000f020000000000004700000000000000"
    "ab000000000000000c00000000000000fbffffffffffffffe02e000000000000"
    "0300000000000000312e300100000000000000906a1e53a4b269d1a2bac1fa63"
    "33cb631100000000000000fdffffffffffffff63000000000000000400000000"
    "00000000000000000000000200000000000000030000000000000063726d0b00"
    "000000000000010000000000000004000000000000006d61696c000000000000"
    "0000000000000000000004000000000000000000000000000000030000000000"
    "0000766970000000000000000000000000000000000000000000000000000000"
    "0000000000070000000000000002000000000000000000000000000000000000"
    "0000000000010000000000000008000000000000006c6966652e6e6577040000"
    "00000000006c69666503000000000000006e6577000000000000000000000000"
    "0000000008000000000000000100000000000000000000000000000000000000"
    "00000000010000000000000008000000000000006c6966652e6f6c6404000000"
    "000000006c69666503000000000000006f6c6400000000000000000000000000"
    "0000000900000000000000020000000000000000000000000000000000000000"
    "000000020000000000000004000000000000007269736b000000000000000000"
    "0000000000000000000000000000000000000000000000040000000000000002"
    "00000000000000020000000000000000000000000000002fa8a726ac6082a68d"
    "14e6a16f62776d780163668080c4bc3c662833293f09c64cce4c61818aa6e417"
    "258a40d956060c0c8c603623830098666610c2906300cb3131e0d6c588538e91"
    "8189810b6a2237940600ae2907af67980eafb759e93f67443516adff596c";

static void test_version_1_is_read(void **state)
{
    (void)state;
    carpel_error err;
    text file;
    text_init(&file);
    for (const char *at = version_1; *at != '\0'; at += 2) {
        const char digits[] = {at[0], at[1], '\0'};
        text_append_char(&file, (char)strtoul(digits, NULL, 16));
    }
    remembered_run *expected = make_run(),
                   *found = run_file_read(all_of(&file), "x", &err);
    assert_non_null(found);
    check_same(expected, found);
    remembered_run_free(found);
    remembered_run_free(expected);
    text_done(&file);
}

/* Ids that share their beginnings, one of which is that of another, and long ones. */
static void test_ids_that_share(void **state)
{
    (void)state;
    carpel_error err;
    text file, people;
    text_init(&file);
    text_init(&people);
    for (int i = 0; i < 200; i++)
        text_append_format(&people, "a%0*d%s ", i < 100 ? 3 : 300, i, i % 2 ? "x" : "");
    text_append(&people, "b bb bbb");
    remembered_run *r = run_of(1, 0, people.data, "");
    qsort((void *)r->people.items, r->people.count, sizeof *r->people.items, compare_ids);
    run_file_write(r, &file);
    remembered_run *found = run_file_read(all_of(&file), "x", &err);
    assert_non_null(found);
    check_same(r, found);
    remembered_run_free(found);
    remembered_run_free(r);
    text_done(&people);
    text_done(&file);
}

/* Are the bytes of the file those of a run whose ids nobody packed before? */
static void check_bytes(const remembered_run *r)
{
    remembered_run plain = *r;
    text file, expected;
    text_init(&file);
    text_init(&expected);
    plain.packed = (packed_ids){0};
    run_file_write(r, &file);
    run_file_write(&plain, &expected);
    assert_int_equal(file.size, expected.size);
    assert_memory_equal(file.data, expected.data, expected.size);
    text_done(&file);
    text_done(&expected);
}

/* Ids may be packed before the rest of the run is known, of which the version depends. */
static void test_ids_that_are_packed_before(void **state)
{
    static const slice others[] = {{"anon-7", 6}};
    static const uint32_t into[] = {1};
    (void)state;
    for (int has_others = 0; has_others < 2; has_others++) {
        remembered_run *r = make_run();
        if (has_others) {
            r->merged = (remembered_ids){others, LENGTH(others)};
            r->merged_into = into;
        }
        run_file_pack_ids(r);
        assert_non_null(r->packed.bytes);
        assert_int_equal(r->packed.has_merged, has_others);
        check_bytes(r);
        note_taken(r, "ads", 1, 0);
        check_bytes(r);
        remembered_run_free(r);
    }
}

/* Each bit of each byte; the error names the file. */
static void test_each_flipped_bit_is_found(void **state)
{
    (void)state;
    text file;
    write_run(&file);
    for (size_t i = 0; i < file.size; i++)
        for (unsigned bit = 0; bit < 8; bit++) {
            carpel_error err = {0};
            file.data[i] = (char)(file.data[i] ^ 1 << bit);
            remembered_run *r = run_file_read(all_of(&file), "7.run", &err);
            if (r)
                fail_msg("bit %u of byte %zu", bit, i);
            assert_int_equal(err.code, CARPEL_E_INPUT);
            assert_non_null(strstr(err.message, "\"7.run\""));
            file.data[i] = (char)(file.data[i] ^ 1 << bit);
        }
    text_done(&file);
}

static void test_each_shorter_and_longer_file_is_refused(void **state)
{
    (void)state;
    text file;
    write_run(&file);
    carpel_error err;
    for (size_t size = 0; size < file.size; size++) {
        char *cut =
            memory_copy_text(file.data, size); /* so that a sanitizer sees the end */
        assert_null(run_file_read((slice){cut, size}, "x", &err));
        memory_free(cut);
    }
    text_append_char(&file, 'x');
    assert_null(run_file_read(all_of(&file), "x", &err));
    text_done(&file);
}

/* Checksums are right, but it is no run of this version. */
static void test_a_newer_version_is_named(void **state)
{
    (void)state;
    text file, newer;
    carpel_error err = {0};
    write_run(&file);
    text_init(&newer);
    unpacking sizes = {file.data + 16, file.data + 24, false};
    size_t head_end = 40 + (size_t)unpack_number(&sizes);
    text_append_bytes(&newer, file.data, 8);
    pack_number(&newer, RUN_FILE_VERSION + 1);
    text_append_bytes(&newer, file.data + 16, head_end - 16);
    digest sum = digest_of_bytes(newer.data, newer.size);
    pack_number(&newer, sum.high);
    pack_number(&newer, sum.low);
    text_append_bytes(&newer, file.data + newer.size, file.size - newer.size);
    assert_null(run_file_read(all_of(&newer), "x", &err));
    assert_string_equal(err.message,
                        "the remembered run \"x\" has version 5 of the format, "
                        "and this carpel knows versions up to 4");
    text_done(&newer);
    text_done(&file);
}

/* The content tells runs apart, whenever and as which number they were made. */
static void test_content(void **state)
{
    static const struct {
        int64_t as_of;
        const char *people, *rules;
        bool is_same;
    } cases[] = {
        {5, "ann bob", "vip:7=ann", true},      {6, "ann bob", "vip:7=ann", false},
        {5, "ann bob cid", "vip:7=ann", false}, {5, "ann bob", "vip:8=ann", false},
        {5, "ann bob", "vip:7=bob", false},     {5, "ann bob", "vip:7=", false},
        {5, "ann bob", "best:7=ann", false},    {5, "ann bob", "vip:7=ann x:1=", false},
    };
    (void)state;
    remembered_run *r = run_of(1, 5, "ann bob", "vip:7=ann");
    for (size_t i = 0; i < LENGTH(cases); i++) {
        remembered_run *other =
            run_of(2 + i, cases[i].as_of, cases[i].people, cases[i].rules);
        if (digest_equals(r->content, other->content) != cases[i].is_same)
            fail_msg("case %zu", i);
        remembered_run_free(other);
    }
    remembered_run_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_was_written_is_read),
        cmocka_unit_test(test_other_ids),
        cmocka_unit_test(test_scores_of_texts),
        cmocka_unit_test(test_the_file_of_a_run),
        cmocka_unit_test(test_what_outputs_took),
        cmocka_unit_test(test_version_1_is_read),
        cmocka_unit_test(test_ids_that_share),
        cmocka_unit_test(test_ids_that_are_packed_before),
        cmocka_unit_test(test_each_flipped_bit_is_found),
        cmocka_unit_test(test_each_shorter_and_longer_file_is_refused),
        cmocka_unit_test(test_a_newer_version_is_named),
        cmocka_unit_test(test_content),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
