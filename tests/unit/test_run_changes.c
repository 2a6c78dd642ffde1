/* SPDX-License-Identifier: MIT
 *
 * Who entered, left and moved: tables of pairs of runs, and random ones against sets that
 * are compared person by person.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "run_support.h"
#include "runs/run_changes.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

/* "ann+ bob-! cid:new>old", and the cause; "!": merged. */
static void append_changes(const rule_changes *r, text *out)
{
    for (size_t i = 0; i < r->row_count; i++) {
        const change_row *row = &r->rows[i];
        text_append(out, i > 0 ? " " : "");
        text_append_bytes(out, row->id.data, row->id.size);
        if (r->is_set) {
            text_append_char(out, ':');
            text_append_bytes(out, row->from.data, row->from.size);
            text_append_char(out, '>');
            text_append_bytes(out, row->to.data, row->to.size);
        } else {
            text_append_char(out, row->kind == CHANGE_ENTERED ? '+' : '-');
        }
        text_append(out, row->cause == CAUSE_MERGED       ? "!"
                         : row->cause == CAUSE_PERMISSION ? "?"
                                                          : "");
    }
    text_append_format(out, "%s%s", r->row_count > 0 ? " " : "",
                       change_cause_words[r->cause]);
}

typedef struct change_case {
    const char *people_before, *before; /* before NULL: the first run */
    const char *people_now, *now;
    const char *name, *expected;
} change_case;

static const change_case cases[] = {
    {"ann bob", "vip:1=ann", "ann bob", "vip:1=ann", "vip", "behaviour"},
    {"ann bob", "vip:1=ann", "ann bob", "vip:1=bob", "vip", "ann- bob+ behaviour"},
    {"ann bob", "vip:1=ann", "ann bob", "vip:2=bob", "vip", "ann- bob+ rule"},
    {"ann bob", "vip:1=ann", "ann bob", "vip:2=ann", "vip", "rule"},
    {NULL, NULL, "ann bob", "vip:1=bob", "vip", "bob+ first run"},
    {"ann bob", "x:1=ann", "ann bob", "vip:1=bob", "vip", "bob+ new rule"},
    {"ann bob", "x:1=ann", "ann bob", "vip:1=bob", "x", "ann- rule gone"},
    /* people come and go, and those between have other numbers then */
    {"bob dora", "vip:1=dora", "ann bob cid dora", "vip:1=dora", "vip", "behaviour"},
    {"bob dora", "vip:1=dora", "ann bob cid dora", "vip:1=ann,cid", "vip",
     "ann+ cid+ dora- behaviour"},
    {"ann bob cid dora", "vip:1=ann,dora", "bob dora", "vip:1=bob", "vip",
     "ann- bob+ dora- behaviour"},
    {"ann", "vip:1=ann", "", "vip:1=", "vip", "ann- behaviour"},
    /* groups */
    {"ann bob", "l.new:1=ann l.old:2=bob", "ann bob", "l.new:1=bob l.old:2=", "l",
     "ann:new> bob:old>new behaviour"},
    {"ann bob", "l.new:1=ann l.old:2=", "ann bob", "l.new:1= l.old:2=ann,bob", "l",
     "ann:new>old bob:>old behaviour"},
    {"ann bob", "l.new:1=ann l.old:2=", "ann bob", "l.new:1= l.old:2=ann,bob", "l.new",
     "ann- behaviour"},
    {"ann", "l.new:1=ann", "ann", "l.new:3=ann", "l", "rule"},
    {"ann", "l.new:1=ann", "ann", "l.new:1= l.x:2=ann", "l", "ann:new>x rule"},
    {"ann", "l.new:1= l.x:2=ann", "ann", "l.new:1=ann", "l", "ann:x>new rule"},
    {"ann", "v:1=", "ann", "v:1= l.x:2=ann", "l", "ann:>x new rule"},
    {"ann", "v:1= l.x:2=ann", "ann", "v:1=", "l", "ann:x> rule gone"},
    {"ann", "v:1= l.x:2=ann", "ann", "v:1=", "l.x", "ann- rule gone"},
    {NULL, NULL, "ann bob", "l.x:2=ann", "l", "ann:>x first run"},
};

static char *changes_of(const change_case *c)
{
    text out;
    text_init(&out);
    remembered_run *before = c->before ? run_of(1, 5, c->people_before, c->before) : NULL;
    remembered_run *now = run_of(2, 6, c->people_now, c->now);
    run_changes *found = run_changes_between(before, now);
    const rule_changes *r = run_changes_find(found, c->name);
    assert_non_null(r);
    assert_int_equal(r->entered + r->left + r->moved, r->row_count);
    append_changes(r, &out);
    run_changes_free(found);
    remembered_run_free(now);
    remembered_run_free(before);
    return text_take(&out);
}

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(cases); i++) {
        char *found = changes_of(&cases[i]);
        if (strcmp(found, cases[i].expected) != 0)
            fail_msg("case %zu: %s", i, found);
        memory_free(found);
    }
}

/* anon-7 became ann, who was there, and anon-9 became cid, who was not; zoe has left by herself. */
static void test_ids_that_were_joined(void **state)
{
    static const slice others[] = {{"anon-7", 6}, {"anon-9", 6}, {"cid@x", 5}};
    static const uint32_t into[] = {0, 1, 1};
    static const struct {
        const char *before, *now, *name, *expected;
    } merged[] = {
        {"vip:1=anon-7", "vip:1=ann", "vip", "ann+! anon-7-! behaviour"},
        {"vip:1=ann,anon-7", "vip:1=ann", "vip", "anon-7-! behaviour"},
        {"vip:1=anon-9,zoe", "vip:1=cid", "vip", "anon-9-! cid+! zoe- behaviour"},
        {"vip:1=anon-7", "vip:1=cid", "vip", "anon-7-! cid+ behaviour"},
        {"l.a:1=anon-9 l.b:2=", "l.a:1= l.b:2=cid", "l", "anon-9:a>! cid:>b! behaviour"},
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(merged); i++) {
        text out;
        text_init(&out);
        remembered_run *before = run_of(1, 5, "ann anon-7 anon-9 zoe", merged[i].before),
                       *now = run_of(2, 6, "ann cid", merged[i].now);
        now->merged = (remembered_ids){others, LENGTH(others)};
        now->merged_into = into;
        run_changes *found = run_changes_between(before, now);
        append_changes(run_changes_find(found, merged[i].name), &out);
        assert_string_equal(out.data, merged[i].expected);
        run_changes_free(found);
        remembered_run_free(now);
        remembered_run_free(before);
        text_done(&out);
    }
}

/* As the output "o" saw them: `not_...` are bits of people whom it did not get, `rules` of rules that it
 * got. Both runs have ann, bob and cid. */
static void test_changes_through_an_output(void **state)
{
    static const struct {
        const char *before, *now, *name;
        uint32_t rules_before, not_before, rules_now, not_now;
        const char *expected;
    } through[] = {
        {"vip:1=ann,bob", "vip:1=ann,bob", "vip", 1, 0, 1, 0, "behaviour"},
        {"vip:1=ann,bob", "vip:1=ann,bob", "vip", 1, 0, 1, 2, "bob-? behaviour"},
        {"vip:1=ann,bob", "vip:1=ann,bob", "vip", 1, 2, 1, 0, "bob+? behaviour"},
        {"vip:1=ann,bob", "vip:1=ann,bob", "vip", 1, 2, 1, 2, "behaviour"},
        {"vip:1=ann,bob", "vip:1=bob,cid", "vip", 1, 2, 1, 2, "ann- cid+ behaviour"},
        {"vip:1=ann,bob", "vip:1=bob,cid", "vip", 1, 1, 1, 4, "behaviour"},
        {"vip:1=ann,bob", "vip:1=ann,bob", "vip", 0, 0, 1, 0, "ann+? bob+? behaviour"},
        {"vip:1=ann,bob", "vip:1=ann,bob", "vip", 1, 0, 0, 0, "ann-? bob-? behaviour"},
        {"vip:1=ann", "vip:2=ann", "vip", 1, 1, 1, 0, "ann+? rule"},
        {"g.a:1=ann,bob g.b:1=cid", "g.a:1=ann g.b:1=bob,cid", "g", 3, 4, 3, 0,
         "bob:a>b cid:>b? behaviour"},
        {"g.a:1=ann,bob g.b:1=cid", "g.a:1=ann g.b:1=bob,cid", "g", 3, 0, 1, 0,
         "bob:a> cid:b>? behaviour"},
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(through); i++) {
        text out;
        text_init(&out);
        remembered_run *before = run_of(1, 5, "ann bob cid", through[i].before),
                       *now = run_of(2, 6, "ann bob cid", through[i].now);
        note_taken(before, "o", through[i].rules_before, through[i].not_before);
        note_taken(now, "o", through[i].rules_now, through[i].not_now);
        run_changes *found = run_changes_through("o", before, now);
        append_changes(run_changes_find(found, through[i].name), &out);
        assert_string_equal(out.data, through[i].expected);
        run_changes_free(found);
        remembered_run_free(now);
        remembered_run_free(before);
        text_done(&out);
    }
}

/* Digests of two versions say nothing of each other. */
static void test_other_versions_of_digests_accuse_no_rule(void **state)
{
    (void)state;
    remembered_run *before = run_of(1, 5, "ann", "vip:1="),
                   *now = run_of(2, 6, "ann", "vip:2=ann");
    now->rule_version = 2;
    run_changes *found = run_changes_between(before, now);
    assert_int_equal(run_changes_find(found, "vip")->cause, CAUSE_BEHAVIOUR);
    run_changes_free(found);
    remembered_run_free(now);
    remembered_run_free(before);
}

static void test_scores_and_names_that_are_not_there(void **state)
{
    (void)state;
    remembered_run *now = run_of(2, 6, "ann", "=risk:1=ann");
    run_changes *found = run_changes_between(NULL, now);
    assert_null(run_changes_find(found, "risk"));
    assert_null(run_changes_find(found, "x"));
    run_changes_free(found);
    remembered_run_free(now);
}

/* ---- random runs against sets --------------------------------------------------------- */

enum { MOST_PEOPLE = 40 };

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* By person: is there; is in "s"; in which group of "g". */
typedef struct plain_run {
    bool is_there[MOST_PEOPLE], is_in[MOST_PEOPLE];
    unsigned group[MOST_PEOPLE]; /* 0: none */
} plain_run;

static plain_run random_run(uint64_t *seed)
{
    plain_run p = {0};
    uint64_t rare = next_random(seed) % 4 + 1;
    for (size_t i = 0; i < MOST_PEOPLE; i++) {
        p.is_there[i] = next_random(seed) % 5 > 0;
        p.is_in[i] = p.is_there[i] && next_random(seed) % rare == 0;
        p.group[i] = p.is_there[i] ? (unsigned)(next_random(seed) % 4) : 0;
    }
    return p;
}

static void append_members(text *out, const plain_run *p, unsigned group)
{
    const char *between = "";
    for (size_t i = 0; i < MOST_PEOPLE; i++)
        if (group == 0 ? p->is_in[i] : p->group[i] == group) {
            text_append_format(out, "%sp%02zu", between, i);
            between = ",";
        }
}

static remembered_run *run_of_plain(const plain_run *p, uint64_t number)
{
    text people, rules;
    text_init(&people);
    text_init(&rules);
    for (size_t i = 0; i < MOST_PEOPLE; i++)
        if (p->is_there[i])
            text_append_format(&people, "p%02zu ", i);
    text_append(&rules, "s:1=");
    append_members(&rules, p, 0);
    for (unsigned g = 1; g < 4; g++) {
        text_append_format(&rules, " g.%u:1=", g);
        append_members(&rules, p, g);
    }
    remembered_run *r = run_of(number, (int64_t)number, people.data, rules.data);
    text_done(&rules);
    text_done(&people);
    return r;
}

static void append_expected(text *out, const plain_run *a, const plain_run *b)
{
    const char *between = "";
    for (size_t i = 0; i < MOST_PEOPLE; i++)
        if (a->is_in[i] != b->is_in[i]) {
            text_append_format(out, "%sp%02zu%c", between, i, b->is_in[i] ? '+' : '-');
            between = " ";
        }
    text_append_format(out, "%sbehaviour", *between ? " " : "");
}

static void append_expected_set(text *out, const plain_run *a, const plain_run *b)
{
    const char *between = "";
    for (size_t i = 0; i < MOST_PEOPLE; i++) {
        if (a->group[i] == b->group[i])
            continue;
        text_append_format(out, "%sp%02zu:", between, i);
        if (a->group[i] > 0)
            text_append_format(out, "%u", a->group[i]);
        text_append_char(out, '>');
        if (b->group[i] > 0)
            text_append_format(out, "%u", b->group[i]);
        between = " ";
    }
    text_append_format(out, "%sbehaviour", *between ? " " : "");
}

static void check_random(const run_changes *c, const plain_run *a, const plain_run *b,
                         bool of_set)
{
    text expected, found;
    text_init(&expected);
    text_init(&found);
    if (of_set)
        append_expected_set(&expected, a, b);
    else
        append_expected(&expected, a, b);
    append_changes(run_changes_find(c, of_set ? "g" : "s"), &found);
    assert_string_equal(found.data, expected.data);
    text_done(&found);
    text_done(&expected);
}

static void test_random_runs(void **state)
{
    (void)state;
    uint64_t seed = 20261129;
    for (size_t round = 0; round < 2000; round++) {
        plain_run a = random_run(&seed), b = random_run(&seed);
        remembered_run *before = run_of_plain(&a, 1), *now = run_of_plain(&b, 2);
        run_changes *c = run_changes_between(before, now);
        check_random(c, &a, &b, false);
        check_random(c, &a, &b, true);
        run_changes_free(c);
        remembered_run_free(now);
        remembered_run_free(before);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
        cmocka_unit_test(test_ids_that_were_joined),
        cmocka_unit_test(test_changes_through_an_output),
        cmocka_unit_test(test_other_versions_of_digests_accuse_no_rule),
        cmocka_unit_test(test_scores_and_names_that_are_not_there),
        cmocka_unit_test(test_random_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
