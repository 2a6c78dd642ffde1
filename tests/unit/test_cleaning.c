/* SPDX-License-Identifier: MIT
 *
 * cleaning: each step by cases, merged settings, and steps one after the other.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "value/cleaning.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define MISSING      "(missing)"
#define REFUSED      "(refused)"

/* A text and what a step makes of it. `setting` has the words between |; of expressions "from|to". */
typedef struct step_case {
    clean_step step;
    const char *setting, *in, *out;
} step_case;

static const step_case cases[] = {
    {CLEAN_UNICODE, "nfc", "Ko\u0308ln", "K\u00F6ln"},
    {CLEAN_UNICODE, "nfc", "K\u00F6ln", "K\u00F6ln"},
    {CLEAN_UNICODE, "nfc", "\uFF11", "\uFF11"},
    {CLEAN_UNICODE, "nfkc", "\uFF11\uFF12", "12"},
    {CLEAN_UNICODE, "nfc", "\xFF", "\xFF"},
    {CLEAN_TRIM, "true", " a b\t", "a b"},
    {CLEAN_TRIM, "true", "\u00A0\uFEFFa\u200B\u3000", "a"},
    {CLEAN_TRIM, "true", " \t", MISSING},
    {CLEAN_TRIM, "true", "", ""},
    {CLEAN_TRIM, "true", "\u00E4", "\u00E4"},
    {CLEAN_TRIM, "true", "a \x91\x80", "a \x91\x80"},
    {CLEAN_REPLACE, "^0+|", "00012", "12"},
    {CLEAN_REPLACE, "([a-z]+)@.*|$1$$", "ann@x", "ann$"},
    {CLEAN_REPLACE, "a|b|b|c", "aab", "ccc"},
    {CLEAN_REPLACE, ".+|", "abc", MISSING},
    {CLEAN_REPLACE, "x|y", "abc", "abc"},
    {CLEAN_MISSING, "NULL|\\N", "NULL", MISSING},
    {CLEAN_MISSING, "NULL|\\N", "\\N", MISSING},
    {CLEAN_MISSING, "NULL|\\N", "null", "null"},
    {CLEAN_MISSING, "NULL|\\N", "", ""},
    {CLEAN_MISSING, "", "", MISSING},
    {CLEAN_CASE, "fold", "Ann@MAIL", "ann@mail"},
    {CLEAN_CASE, "fold", "Stra\u00DFe \u00C4", "strasse \u00E4"},
    {CLEAN_CASE, "lower", "Stra\u00DFe \u00C4", "stra\u00DFe \u00E4"},
    {CLEAN_CASE, "upper", "\u00E4b", "\u00C4B"},
    {CLEAN_CASE, "upper", "ab1", "AB1"},
    {CLEAN_CASE, "lower", "T\u0308", "t\u0308"},
    {CLEAN_CASE, "lower", "@[`{", "@[`{"},
    {CLEAN_CASE, "lower", "A\xFF", "A\xFF"},
    {CLEAN_WHOLE, "true", "1001.0", "1001"},
    {CLEAN_WHOLE, "true", "-1001.000", "-1001"},
    {CLEAN_WHOLE, "true", "1001.10", "1001.10"},
    {CLEAN_WHOLE, "true", "100", "100"},
    {CLEAN_WHOLE, "true", "v1.0", "v1.0"},
    {CLEAN_WHOLE, "true", "1.2.0", "1.2.0"},
    {CLEAN_WHOLE, "true", ".0", ".0"},
    {CLEAN_WHOLE, "true", "0.0", "0"},
    {CLEAN_WHOLE, "true", "-.0", "-.0"},
    {CLEAN_TRUE_WORDS, "ja|x", "JA", "true"},
    {CLEAN_TRUE_WORDS, "ja|x", "nein", "nein"},
    {CLEAN_FALSE_WORDS, "nein", "Nein", "false"},
    {CLEAN_FALSE_WORDS, "", "", "false"},
    {CLEAN_THOUSANDS, ".", "1.234.567,80", "1234567,80"},
    {CLEAN_THOUSANDS, ".", "-1.080", "-1080"},
    {CLEAN_THOUSANDS, ".", "12", "12"},
    {CLEAN_THOUSANDS, ".", "1.08", REFUSED},
    {CLEAN_THOUSANDS, ".", "1234.567", REFUSED},
    {CLEAN_THOUSANDS, ".", ".567", REFUSED},
    {CLEAN_THOUSANDS, ".", "1.2345", REFUSED},
    {CLEAN_THOUSANDS, " |'", "1 234'567", "1234567"},
    {CLEAN_THOUSANDS, "\u202F", "1\u202F234", "1234"},
    {CLEAN_DECIMAL, ",", "12,5", "12.5"},
    {CLEAN_DECIMAL, ",", "12", "12"},
    {CLEAN_DECIMAL, ",", "12.5", REFUSED},
    {CLEAN_DECIMAL, ".", "12.5", "12.5"},
    {CLEAN_UNIT, "cents", "1250", "12.50"},
    {CLEAN_UNIT, "cents", "-5", "-0.05"},
    {CLEAN_UNIT, "cents", "0", "0.00"},
    {CLEAN_UNIT, "cents", "12.5", "0.125"},
    {CLEAN_UNIT, "thousandths", "1", "0.001"},
    {CLEAN_UNIT, "millionths", "4990000", "4.990000"},
    {CLEAN_UNIT, "cents", "1e3", "10"},
    {CLEAN_UNIT, "cents", "abc", "abc"},
    {CLEAN_ROUND, "half_even", "59.699999999999996", "59.70"},
    {CLEAN_ROUND, "half_even", "0.125", "0.12"},
    {CLEAN_ROUND, "half_even", "0.135", "0.14"},
    {CLEAN_ROUND, "half_even", "0.1250000001", "0.13"},
    {CLEAN_ROUND, "half_up", "0.125", "0.13"},
    {CLEAN_ROUND, "half_up", "-0.125", "-0.13"},
    {CLEAN_ROUND, "down", "0.129", "0.12"},
    {CLEAN_ROUND, "half_even", "99.995", "100.00"},
    {CLEAN_ROUND, "half_even", "-0.001", "0.00"},
    {CLEAN_ROUND, "half_even", "9e-3", "0.01"},
    {CLEAN_ROUND, "half_even", "1e-9", "0.00"},
    {CLEAN_ROUND, "half_even", "12.500", "12.500"},
    {CLEAN_ROUND, "half_even", "12.5", "12.5"},
    {CLEAN_ROUND, "half_even", "1,5", "1,5"},
};

/* A setting of words between |; what it holds is released with `words`. */
typedef struct made_setting {
    cleaning all;
    char words[64];
    const char *texts[8];
    pattern *patterns[4];
} made_setting;

static void make(made_setting *m, clean_step step, const char *words)
{
    clean_setting *s = &m->all.settings[step];
    *m = (made_setting){0};
    *s = (clean_setting){.is_given = true, .texts = m->texts, .patterns = m->patterns};
    snprintf(m->words, sizeof m->words, "%s", words);
    for (char *at = m->words; at; s->text_count++) {
        m->texts[s->text_count] = at;
        at = strchr(at, '|');
        if (at)
            *at++ = '\0';
    }
    if (clean_steps[step].form != CLEAN_PATTERNS)
        return;
    for (size_t i = 0; i < s->text_count; i += 2) {
        char reason[80];
        size_t offset;
        m->patterns[i / 2] =
            pattern_new(slice_of(m->texts[i]), reason, sizeof reason, &offset);
        assert_non_null(m->patterns[i / 2]);
    }
}

static void unmake(made_setting *m)
{
    for (size_t i = 0; i < COUNT(m->patterns); i++)
        pattern_free(m->patterns[i]);
}

static void check_case(const step_case *c)
{
    made_setting m;
    clean_work work;
    char got[80];
    make(&m, c->step, c->setting);
    clean_work_init(&work);
    clean_outcome out =
        cleaning_apply(&m.all, clean_steps[c->step].fields, 2, slice_of(c->in), &work);
    snprintf(got, sizeof got, "%.*s", (int)out.text.size, out.text.data);
    const char *is = out.refusal ? REFUSED : out.is_missing ? MISSING : got;
    if (strcmp(is, c->out) != 0)
        fail_msg("%s: %s makes \"%s\" of \"%s\", and not \"%s\"",
                 clean_steps[c->step].key, c->setting, is, c->in, c->out);
    bool is_changed = strcmp(c->in, c->out) != 0;
    if (out.changed_by != (is_changed ? 1u << c->step : 0))
        fail_msg("%s of \"%s\": changed by %x", clean_steps[c->step].key, c->in,
                 out.changed_by);
    clean_work_done(&work);
    unmake(&m);
}

static void test_each_step(void **state)
{
    (void)state;
    uint32_t changing =
        1u << CLEAN_SPLIT |
        1u << CLEAN_ON_ERROR; /* they are of values, see tests/golden/cleaning */
    for (size_t i = 0; i < COUNT(cases); i++) {
        check_case(&cases[i]);
        if (strcmp(cases[i].in, cases[i].out) != 0)
            changing |= 1u << cases[i].step;
    }
    assert_int_equal(changing, (1u << CLEAN_STEP_COUNT) - 1);
}

/* All in one: a German amount in cents with a word before it. */
static void test_steps_follow_one_another(void **state)
{
    (void)state;
    made_setting parts[5];
    static const struct {
        clean_step step;
        const char *setting;
    } steps[] = {{CLEAN_ROUND, "half_up"},
                 {CLEAN_DECIMAL, ","},
                 {CLEAN_REPLACE, "EUR|"},
                 {CLEAN_THOUSANDS, "."},
                 {CLEAN_TRIM, "true"}};
    cleaning all = {0};
    for (size_t i = 0; i < COUNT(steps); i++) {
        make(&parts[i], steps[i].step, steps[i].setting);
        all = cleaning_merged(&all, &parts[i].all);
    }
    clean_work work;
    clean_work_init(&work);
    clean_outcome out = cleaning_apply(&all, CLEAN_OF_NUMBERS | CLEAN_OF_EXACT, 2,
                                       slice_of(" 1.234,565EUR "), &work);
    assert_true(slice_is(out.text, "1234.57"));
    /* A step for other fields is not done. */
    out = cleaning_apply(&all, CLEAN_OF_TEXTS, 0, slice_of(" 1.234 "), &work);
    assert_true(slice_is(out.text, "1.234"));
    clean_work_done(&work);
    for (size_t i = 0; i < COUNT(steps); i++)
        unmake(&parts[i]);
}

/* There is a small t with two dots, and no large one. */
static void test_another_case_keeps_the_form(void **state)
{
    static const struct {
        const char *form, *cased, *in, *out;
    } cases[] = {{"nfc", "lower", "T\u0308", "\u1E97"},
                 {"nfkc", "lower", "\uFF34\u0308", "\u1E97"},
                 {"nfc", "fold", "T\u0308", "\u1E97"},
                 {"nfc", "lower", "J\u030C", "\u01F0"}};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        made_setting form, cased;
        make(&form, CLEAN_UNICODE, cases[i].form);
        make(&cased, CLEAN_CASE, cases[i].cased);
        cleaning all = cleaning_merged(&form.all, &cased.all);
        clean_work work;
        clean_work_init(&work);
        clean_outcome out =
            cleaning_apply(&all, CLEAN_OF_TEXTS, 0, slice_of(cases[i].in), &work);
        assert_true(slice_is(out.text, cases[i].out));
        clean_work_done(&work);
        unmake(&form);
        unmake(&cased);
    }
}

static void test_the_nearest_setting_counts(void **state)
{
    (void)state;
    made_setting trim, words;
    make(&trim, CLEAN_TRIM, "true");
    make(&words, CLEAN_MISSING, "NULL|n/a");
    cleaning both = cleaning_merged(&trim.all, &words.all);
    assert_true(cleaning_does(&both, CLEAN_TRIM) && cleaning_does(&both, CLEAN_MISSING));
    cleaning off = {.settings[CLEAN_TRIM] = {.is_given = true}};
    cleaning left = cleaning_merged(&both, &off);
    assert_false(cleaning_does(&left, CLEAN_TRIM));
    assert_true(cleaning_does(&left, CLEAN_MISSING));
    assert_true(cleaning_concerns(&left, CLEAN_OF_TIMES));
    assert_false(cleaning_concerns(&off, CLEAN_OF_ALL));
    assert_false(cleaning_concerns(&(cleaning){0}, CLEAN_OF_ALL));

    text written;
    text_init(&written);
    cleaning_append(&both, CLEAN_OF_TEXTS, &written);
    assert_string_equal(written.data, "trim: true, missing: [NULL, n/a]");
    text_done(&written);
}

/* Every byte string comes through each step: nothing is read beyond its end. */
static void test_any_bytes(void **state)
{
    (void)state;
    uint32_t noise = 11;
    clean_work work;
    clean_work_init(&work);
    for (size_t round = 0; round < 2000; round++) {
        static const char signs[] = "019.,-+eE \xC3\xA4\xCC\x88 NUL\\n\xF0\x9F\xFF'";
        size_t size = round % 12;
        char *in = test_malloc(size + 1);
        for (size_t i = 0; i < size; i++) {
            noise = noise * 1664525u + 1013904223u;
            in[i] = signs[(noise >> 16) % (sizeof signs - 1)];
        }
        made_setting m;
        const step_case *c = &cases[round % COUNT(cases)];
        make(&m, c->step, c->setting);
        (void)cleaning_apply(&m.all, CLEAN_OF_ALL, round % 4, (slice){in, size}, &work);
        unmake(&m);
        test_free(in);
    }
    clean_work_done(&work);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_step),
        cmocka_unit_test(test_steps_follow_one_another),
        cmocka_unit_test(test_another_case_keeps_the_form),
        cmocka_unit_test(test_the_nearest_setting_counts),
        cmocka_unit_test(test_any_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
