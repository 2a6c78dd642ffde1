/* SPDX-License-Identifier: MIT
 *
 * dictionary: codes in the order of arrival, slices that stay, and sorting.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/dictionary.h"
#include "base/memory.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void any_bytes_are_texts(void **state)
{
    (void)state;
    static const struct {
        const char *data;
        size_t size;
        uint32_t code;
    } cases[] = {
        {"shoes", 5, 0}, {"hat", 3, 1},      {"shoes", 5, 0}, {"", 0, 2},
        {NULL, 0, 2},    {"\0", 1, 3},       {"a\0b", 3, 4},  {"a\0c", 3, 5},
        {"a", 1, 6},     {"\xFF\xFE", 2, 7}, {"a\0b", 3, 4},  {"shoe", 4, 8},
    };
    dictionary *d = dictionary_new();
    assert_int_equal(dictionary_find(d, "shoes", 5), DICTIONARY_NONE);
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(dictionary_add(d, cases[i].data, cases[i].size), cases[i].code);
        assert_int_equal(dictionary_find(d, cases[i].data, cases[i].size), cases[i].code);
        slice known = dictionary_text(d, cases[i].code);
        assert_true(slice_equals(known, (slice){cases[i].data, cases[i].size}));
        assert_int_equal(known.data[known.size], '\0');
    }
    assert_int_equal(dictionary_count(d), 9);
    assert_int_equal(dictionary_find(d, "sho", 3), DICTIONARY_NONE);
    dictionary_append_texts(d, (slice[]){{"new", 3}, {"newer", 5}}, 2);
    assert_int_equal(dictionary_find_once(d, "newer", 5), 10);
    assert_int_equal(dictionary_find_once(d, "", 0), 2);
    assert_int_equal(dictionary_find_once(d, "ne", 2), DICTIONARY_NONE);
    assert_int_equal(dictionary_find(d, "newer", 5), 10);
    assert_int_equal(dictionary_find_once(d, "newer", 5), 10);
    dictionary_free(d);
    dictionary_free(NULL);
}

/* Short, longer and very long texts; each slice has to stay where it was. */
static void many_texts_keep_codes_and_places(void **state)
{
    (void)state;
    enum { TEXTS = 30000 };
    dictionary *d = dictionary_new();
    const char **places = memory_alloc_array(TEXTS, sizeof *places);
    text key;
    text_init(&key);
    for (uint32_t i = 0; i < TEXTS; i++) {
        text_clear(&key);
        text_append_format(&key, "%u", i * 2654435761u);
        text_append_repeat(&key, "x", i % 1000 == 0 ? 5000 + i : i % 40);
        assert_int_equal(dictionary_add(d, key.data, key.size), i);
        places[i] = dictionary_text(d, i).data;
    }
    for (uint32_t i = 0; i < TEXTS; i++) {
        text_clear(&key);
        text_append_format(&key, "%u", i * 2654435761u);
        text_append_repeat(&key, "x", i % 1000 == 0 ? 5000 + i : i % 40);
        assert_int_equal(dictionary_find(d, key.data, key.size), i);
        assert_ptr_equal(dictionary_text(d, i).data, places[i]);
        assert_string_equal(places[i], key.data);
    }
    assert_int_equal(dictionary_count(d), TEXTS);
    text_done(&key);
    memory_free(places);
    dictionary_free(d);
}

static void sorts_by_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *data;
        size_t size;
    } sorted[] = {
        {"", 0},
        {"\0", 1},
        {"\0\0", 2},
        {"10", 2},
        {"9", 1},
        {"Z", 1},
        {"a", 1},
        {"a\0", 2},
        {"aaaaaaaa", 8},
        {"aaaaaaaaa", 9},
        {"aaaaaaab", 8},
        {"customer-10", 11},
        {"customer-9", 10},
        {"\x7F", 1},
        {"\xC3\xA9", 2},
        {"\xFF", 1},
    };
    dictionary *d = dictionary_new();
    uint32_t codes[COUNT(sorted)], out[COUNT(sorted)];
    for (size_t i = 0; i < COUNT(sorted); i++) {
        size_t pick = i * 7 % COUNT(sorted);
        codes[pick] = dictionary_add(d, sorted[pick].data, sorted[pick].size);
    }
    dictionary_sort(d, dictionary_count(d), out);
    for (size_t i = 0; i < COUNT(sorted); i++)
        assert_int_equal(out[i], codes[i]);
    dictionary_free(d);

    dictionary *empty = dictionary_new();
    dictionary_sort(empty, 0, out);
    dictionary_free(empty);
}

/* Random texts of few letters, so that many begin alike. */
static void test_sorts_many(void **state)
{
    enum { MOST = 4000 };
    static uint32_t out[MOST];
    uint32_t seed = 3;
    (void)state;
    dictionary *d = dictionary_new();
    for (size_t i = 0; i < MOST; i++) {
        char text[16];
        size_t size = 0;
        for (seed = seed * 1664525u + 1013904223u; size < (seed >> 8) % 15; size++)
            text[size] = "a\xFF\0"[(seed >> (10 + size)) % 3];
        dictionary_add(d, text, size);
    }
    dictionary_sort(d, dictionary_count(d), out);
    assert_in_range(dictionary_count(d), 300, MOST);
    for (size_t i = 1; i < dictionary_count(d); i++)
        assert_true(slice_compare(dictionary_text(d, out[i - 1]),
                                  dictionary_text(d, out[i])) < 0);
    dictionary_free(d);
}

/* Ids of digits, of which none begins with eight bytes of its own. */
static void test_sorts_numbers(void **state)
{
    enum { MOST = 30000 };
    static uint32_t out[MOST];
    (void)state;
    dictionary *d = dictionary_new();
    for (unsigned i = 0; i < MOST; i++) {
        char text[32];
        int size =
            snprintf(text, sizeof text, i % 3 ? "%u" : "customer-%u", i * 7919u % MOST);
        dictionary_add(d, text, (size_t)size);
    }
    dictionary_sort(d, MOST, out);
    for (size_t i = 1; i < MOST; i++)
        assert_true(slice_compare(dictionary_text(d, out[i - 1]),
                                  dictionary_text(d, out[i])) < 0);
    dictionary_free(d);
}

/* Many at once get the codes that they get one by one, also while the index grows. */
static void test_many_at_once(void **state)
{
    enum { COUNT = 5000 };
    static char bytes[COUNT][12];
    static slice texts[COUNT];
    static uint32_t codes[COUNT];
    dictionary *one = dictionary_new(), *many = dictionary_new();
    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        int size = snprintf(bytes[i], sizeof bytes[i], "t%zu", i * 7919 % 1777);
        texts[i] = (slice){bytes[i], i % 100 == 0 ? 0 : (size_t)size};
    }
    dictionary_add_many(many, texts, 0, codes);
    dictionary_add_many(many, texts, COUNT, codes);
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(dictionary_add(one, texts[i].data, texts[i].size), codes[i]);
    assert_int_equal(dictionary_fingerprint(one), dictionary_fingerprint(many));
    texts[7] = (slice){"nowhere", 7};
    texts[8] = (slice){"t", 1};
    codes[7] = codes[8] = DICTIONARY_NONE;
    static uint32_t found[COUNT];
    dictionary_find_many(many, texts, COUNT, found);
    assert_memory_equal(found, codes, sizeof codes);
    dictionary_free(one);
    dictionary_free(many);
}

/* Texts that stay where they are are found once somebody looks for them. */
static void test_texts_in_place(void **state)
{
    enum { COUNT = 3000 };
    static char bytes[COUNT][12];
    static slice texts[COUNT];
    dictionary *d = dictionary_new();
    (void)state;
    for (size_t i = 0; i < COUNT; i++)
        texts[i] = (slice){bytes[i], (size_t)snprintf(bytes[i], 12, "t%zu", i)};
    dictionary_append_texts(d, texts, 0);
    dictionary_append_texts(d, texts, COUNT - 1);
    assert_int_equal(dictionary_find(d, "t2998", 5), COUNT - 2);
    dictionary_append_texts(d, &texts[COUNT - 1], 1);
    for (uint32_t i = 0; i < COUNT; i++) {
        assert_int_equal(dictionary_find(d, bytes[i], texts[i].size), i);
        assert_ptr_equal(dictionary_text(d, i).data, bytes[i]);
    }
    assert_int_equal(dictionary_add(d, "t7", 2), 7);
    assert_int_equal(dictionary_add(d, "new", 3), COUNT);
    dictionary_free(d);
}

/* Copies outlive the texts, follow those that are there, and are found. */
static void test_copies_of_another(void **state)
{
    enum { COUNT = 500 };
    char name[16];
    dictionary *from = dictionary_new(), *none = dictionary_new(), *d = dictionary_new();
    (void)state;
    for (int i = 0; i < COUNT; i++)
        dictionary_add(from, name, (size_t)snprintf(name, sizeof name, "text %d", i));
    dictionary_add(from, "", 0);
    dictionary_add(from, "a\0b", 3);
    dictionary_add(d, "first", 5);
    dictionary_append_copies(d, none);
    dictionary_append_copies(d, from);
    dictionary_free(from);
    dictionary_free(none);
    assert_int_equal(dictionary_count(d), COUNT + 3);
    assert_int_equal(dictionary_find(d, "first", 5), 0);
    assert_int_equal(dictionary_find(d, "", 0), COUNT + 1);
    assert_int_equal(dictionary_add(d, "a\0b", 3), COUNT + 2);
    for (uint32_t i = 0; i < COUNT; i++) {
        size_t size = (size_t)snprintf(name, sizeof name, "text %u", i);
        assert_int_equal(dictionary_find(d, name, size), i + 1);
        assert_string_equal(dictionary_text(d, i + 1).data, name);
    }
    assert_int_equal(dictionary_add(d, "last", 4), COUNT + 3);
    dictionary_free(d);
}

/* Texts that differ in their last byte, in one in the middle, or in their length alone. */
static void test_texts_of_all_sizes(void **state)
{
    enum { MOST = 40 };
    dictionary *d = dictionary_new();
    uint32_t next = 0;
    (void)state;
    for (int rounds = 0; rounds < 2; rounds++) {
        uint32_t code = 0;
        for (size_t size = 0; size <= MOST; size++) {
            char *bytes = memory_alloc(size + 1); /* no byte behind may be read */
            memset(bytes, 'a', size);
            assert_int_equal(dictionary_add(d, bytes, size), code++);
            for (size_t i = 0; i < size; i++) {
                bytes[i] = i % 2 == 0 ? 'b' : '\0';
                assert_int_equal(dictionary_add(d, bytes, size), code++);
                bytes[i] = 'a';
            }
            memory_free(bytes);
        }
        assert_true(rounds == 0 || code == next);
        next = code;
    }
    assert_int_equal(dictionary_count(d), next);
    dictionary_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_copies_of_another),
        cmocka_unit_test(test_texts_of_all_sizes),
        cmocka_unit_test(any_bytes_are_texts),
        cmocka_unit_test(many_texts_keep_codes_and_places),
        cmocka_unit_test(sorts_by_bytes),
        cmocka_unit_test(test_sorts_many),
        cmocka_unit_test(test_sorts_numbers),
        cmocka_unit_test(test_many_at_once),
        cmocka_unit_test(test_texts_in_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
