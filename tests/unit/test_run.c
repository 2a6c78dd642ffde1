/* SPDX-License-Identifier: MIT
 *
 * Running a plan: the same bits with any number of threads and any size of blocks, on a
 * random population; what goes wrong for some is counted; what is wrong for all is an error.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bitmap.h"
#include "base/file.h"
#include "base/memory.h"
#include "exec/pieces.h"
#include "support/alone.h"
#include "support/world.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))
#define NOON          "2026-03-31T12:00:00Z"

/* ---- a random population --------------------------------------------------------------- */

enum { PEOPLE_COUNT = 3000 };

static uint64_t seed;

/* splitmix64: the same population in every run of the test. */
static uint64_t draw(uint64_t below)
{
    uint64_t x = seed += UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (x ^ (x >> 31)) % below;
}

static world_value maybe(world_value value)
{
    value.is_missing = draw(8) == 0;
    return value;
}

static void add_random_buy(world *w, size_t person, int64_t time)
{
    static const char *const stores[] = {"", "a", "b", "c", "\xC3\xA9", "somewhere else"};
    char *friend = arena_format(w->memory, "p%u", (unsigned)draw(PEOPLE_COUNT));
    world_value values[] = {
        maybe((world_value){.integer = (int64_t)draw(20000) - 2000}),
        maybe((world_value){.integer = (int64_t)draw(5)}),
        maybe((world_value){.number = (double)draw(1000) / 7}),
        maybe((world_value){.text = stores[draw(LENGTH(stores))]}),
        maybe((world_value){.integer = (int64_t)draw(2)}),
        maybe((world_value){.integer = 20500 + (int64_t)draw(60)}),
        maybe((world_value){.text = friend}),
    };
    world_add(w,
              (world_event){.person = person, .kind = 0, .time = time, .values = values});
}

/* A time in the year before now, now and then on a whole day, so that some are equal. */
static int64_t random_time(const world *w)
{
    int64_t hours = (int64_t)draw(24 * 366) - 24;
    if (draw(3) == 0)
        hours = hours / 24 * 24;
    return world_time(w, NOON) - hours * 3600 * MICROSECONDS_PER_SECOND;
}

static void add_random_person(world *w, size_t number)
{
    char id[32];
    snprintf(id, sizeof id, "p%zu", number);
    size_t person = world_person(w, id);
    size_t buys = draw(4) == 0 ? 0 : draw(12), looks = draw(5);
    for (size_t i = 0; i < buys; i++)
        add_random_buy(w, person, random_time(w));
    for (size_t i = 0; i < looks; i++)
        world_add(w, (world_event){.person = person, .kind = 1, .time = random_time(w)});
    if (draw(2) == 0)
        world_has(w, id, "country", draw(2) == 0 ? NULL : "2026-03-01",
                  draw(2) == 0 ? "\"DE\"" : "\"FR\"");
}

static world *random_world(void)
{
    world *w = world_new("Europe/Berlin");
    seed = 7;
    world_kind(
        w, "buy",
        "amount decimal(2), qty int, weight number, store string, gift bool, due date, "
        "friend person");
    world_kind(w, "look", "");
    world_trait(w, "country", "string");
    for (size_t i = 0; i < PEOPLE_COUNT; i++)
        add_random_person(w, i);
    return w;
}

/* Each person by themselves. */
#define PERSON_RULES                                                                     \
    "let spent = sum(buy.amount)\n"                                                      \
    "event dear = buy where (amount > 100)\n"                                            \
    "list stores = \"a\", \"b\"\n"                                                       \
    "segment vip when spent >= 500 and did buy at least 3 times in last 90 days\n"       \
    "segment recent when last buy in last 30 days\n"                                     \
    "segment lately when did buy in this month or did look in last full week\n"          \
    "segment textual when did buy where (store in stores or store matches "              \
    "\"^some\\b\")\n"                                                                    \
    "segment shares when share(buy where (gift)) >= 1 / 3\n"                             \
    "segment first_is_dear when did dear where (nth = 1 and gap is missing)\n"           \
    "segment gaps when max(buy.gap) > 60 days and distinct(buy.store) > 2\n"             \
    "segment german among recent when user.country = \"DE\"\n"                           \
    "segment was_german when user.country as of 2026-02-01 != \"DE\"\n"                  \
    "segment back when in recent and not in recent as of 30 days ago\n"                  \
    "segment due when did buy where (due in next 7 days) or first buy.due = "            \
    "2026-03-01\n"                                                                       \
    "segment weekend when did (buy or look) where (time.weekday in (\"saturday\", "      \
    "\"sunday\"))\n"                                                                     \
    "segment at_event when did buy where (user.country as of time is missing)\n"         \
    "segment own when did buy where (amount >= avg(buy.amount))\n"                       \
    "groups journey\n"                                                                   \
    "  prospect when did not buy\n"                                                      \
    "  new      when first buy in last 30 days\n"                                        \
    "  active   when last buy in last 60 days\n"                                         \
    "  lapsed   otherwise\n"                                                             \
    "score points\n"                                                                     \
    "  plus 20 when user.country = \"DE\"\n"                                             \
    "  plus 0.5 each buy where (qty > 2) at most 2\n"                                    \
    "score mean = avg(buy.amount)\n"                                                     \
    "score heavy = sum(buy.weight)\n"                                                    \
    "score heaviest = max(buy.(weight * qty))\n"                                         \
    "score seen = last anything\n"                                                       \
    "score mixed = if in vip then spent * 10% else smaller(spent, 5)\n"                  \
    "score active_days = days_with((buy or look)) + months_with(buy) / 2\n"              \
    "score has_gift = last buy.gift\n"                                                   \
    "score age = time since first buy\n"                                                 \
    "segment left_cart when did (look then no buy within 3 days) in last 90 days\n"      \
    "segment again when did (buy then buy within 30 days) with same store\n"             \
    "segment near when did look within 2 days after any buy\n"                           \
    "segment newest when did buy where (gift) in last 3 buy\n"                           \
    "segment loyal judged every month when count(buy in last 90 days) >= 3\n"            \
    "  stay while did buy in last 90 days\n"                                             \
    "split test by \"2026\"\n  control 10%\n  changed 90%\n"                             \
    "score usual = median(buy.amount)\n"                                                 \
    "score spread = stddev(buy.weight)\n"                                                \
    "score high = quantile(buy.amount, 90%)\n"                                           \
    "score chains = count((look then buy))\n"

/* Those that need the others. */
static const char many_rules[] =
    PERSON_RULES "segment best among recent when spent in top 20% among recent\n"
                 "segment mates when count(buy where (friend in vip)) >= 1\n"
                 "score place = rank(spent)\n"
                 "score tile = ntile(5, last buy among recent)\n";

static world_rules *compile(const world *w, const char *rules)
{
    world_rules *r = world_compile(w, rules);
    if (r->plan == NULL)
        fail_msg("%s", r->messages);
    return r;
}

/* ---- the same bits --------------------------------------------------------------------- */

static void assert_same_members(const run_segment *a, const run_segment *b, size_t people)
{
    assert_string_equal(a->path, b->path);
    assert_int_equal(a->size, b->size);
    assert_memory_equal(a->members, b->members,
                        bitmap_words(people) * sizeof *a->members);
}

static void assert_same_score(const run_score *a, const run_score *b, size_t people)
{
    size_t size = type_value_size(a->type);
    assert_string_equal(a->name, b->name);
    assert_true(type_equals(a->type, b->type));
    assert_memory_equal(a->present, b->present,
                        bitmap_words(people) * sizeof *a->present);
    for (size_t i = 0; i < people; i++) {
        if (!bitmap_get(a->present, i))
            continue;
        if (size == 0)
            assert_int_equal(bitmap_get(a->values, i), bitmap_get(b->values, i));
        else
            assert_memory_equal((const char *)a->values + i * size,
                                (const char *)b->values + i * size, size);
    }
}

static void assert_same_result(const run_result *a, const run_result *b)
{
    assert_int_equal(a->people.count, b->people.count);
    assert_int_equal(a->segment_count, b->segment_count);
    assert_int_equal(a->group_member_count, b->group_member_count);
    assert_int_equal(a->score_count, b->score_count);
    for (size_t i = 0; i < a->segment_count; i++)
        assert_same_members(&a->segments[i], &b->segments[i], a->people.count);
    for (size_t i = 0; i < a->group_member_count; i++)
        assert_same_members(&a->group_members[i], &b->group_members[i], a->people.count);
    for (size_t i = 0; i < a->score_count; i++)
        assert_same_score(&a->scores[i], &b->scores[i], a->people.count);
    assert_int_equal(a->trouble_count, b->trouble_count);
    for (size_t i = 0; i < a->trouble_count; i++) {
        assert_string_equal(a->troubles[i].what, b->troubles[i].what);
        assert_int_equal(a->troubles[i].count, b->troubles[i].count);
    }
}

/* Neither empty nor full, so that a comparison of two means something. */
static void assert_telling(const run_result *r)
{
    for (size_t i = 0; i < r->segment_count; i++)
        if (r->segments[i].size == 0 || r->segments[i].size == r->people.count)
            fail_msg("%s has %zu members", r->segments[i].path, r->segments[i].size);
}

static void test_threads_and_blocks_do_not_matter(void **state)
{
    static const struct {
        size_t threads, block_people;
    } ways[] = {{1, 1}, {3, 1}, {2, 7}, {3, 64}, {8, 65}, {1, 4096}, {3, 0}, {0, 0}};
    (void)state;
    world *w = random_world();
    world_rules *r = compile(w, many_rules);
    store *s = world_store(w);
    int64_t now = world_time(w, NOON);
    run_result *expected = world_run(w, r, s, now, 1, 0);
    assert_telling(expected);
    for (size_t i = 0; i < LENGTH(ways); i++) {
        run_result *result =
            world_run(w, r, s, now, ways[i].threads, ways[i].block_people);
        assert_same_result(expected, result);
        run_result_free(result);
    }
    run_result_free(expected);
    store_free(s);
    world_rules_free(r);
    world_free(w);
}

static void test_a_person_alone_is_judged_as_among_all(void **state)
{
    (void)state;
    world *w = random_world();
    world_rules *r = compile(w, many_rules);
    store *s = world_store(w);
    int64_t now = world_time(w, NOON);
    run_result *expected = world_run(w, r, s, now, 1, 0),
               *alone = world_run_alone(r, s, now);
    assert_telling(expected);
    assert_same_result(expected, alone);
    run_result_free(alone);
    run_result_free(expected);
    store_free(s);
    world_rules_free(r);
    world_free(w);
}

/* The order in which people came does not matter, nor do those of others around a person. */
static void test_people_are_on_their_own(void **state)
{
    (void)state;
    world *w = random_world(), *backwards = world_new("Europe/Berlin");
    *backwards->schema = *w->schema;
    for (size_t i = w->person_count; i > 0; i--)
        if (i % 3 != 0) /* a third of the people is left out */
            world_person(backwards, w->people[i - 1]);
    for (size_t i = 0; i < w->event_count; i++) {
        world_event e = w->events[i];
        if ((e.person + 1) % 3 == 0)
            continue;
        e.person = world_person(backwards, w->people[e.person]);
        world_add(backwards, e);
    }
    world_rules *r = compile(w, PERSON_RULES);
    store *s = world_store(w), *t = world_store(backwards);
    int64_t now = world_time(w, NOON);
    run_result *all = world_run(w, r, s, now, 1, 0),
               *some = world_run(w, r, t, now, 1, 0);
    for (size_t p = 0; p < t->person_count; p++) {
        slice id = dictionary_text(t->persons, (uint32_t)p);
        uint32_t other = dictionary_find(s->persons, id.data, id.size);
        for (size_t i = 0; i < all->segment_count; i++)
            assert_int_equal(bitmap_get(some->segments[i].members, p),
                             bitmap_get(all->segments[i].members, other));
    }
    run_result_free(all);
    run_result_free(some);
    store_free(s);
    store_free(t);
    world_rules_free(r);
    world_free(backwards);
    world_free(w);
}

static void assert_divides(const run_result *r, const run_groups *groups)
{
    size_t total = 0;
    for (size_t i = 0; i < groups->count; i++)
        total += r->group_members[groups->first + i].size;
    assert_int_equal(total, r->people.count);
    for (size_t p = 0; p < r->people.count; p++) {
        int in = 0;
        for (size_t i = 0; i < groups->count; i++)
            in += bitmap_get(r->group_members[groups->first + i].members, p);
        assert_int_equal(in, 1);
    }
}

/* Groups with `otherwise`, and the arms of a split that make 100%, divide everyone. */
static void test_groups_divide(void **state)
{
    (void)state;
    world *w = random_world();
    world_rules *r = compile(w, many_rules);
    store *s = world_store(w);
    run_result *result = world_run(w, r, s, world_time(w, NOON), 0, 0);
    assert_int_equal(result->group_count, 2);
    assert_int_equal(result->groups[0].count, 4);
    assert_int_equal(result->groups[1].count, 2);
    for (size_t i = 0; i < result->group_count; i++)
        assert_divides(result, &result->groups[i]);
    run_result_free(result);
    store_free(s);
    world_rules_free(r);
    world_free(w);
}

static void test_nobody(void **state)
{
    (void)state;
    world *w = world_new("UTC");
    world_kind(w, "buy", "amount int");
    world_rules *r = compile(w, "segment s when did not buy\nscore t = sum(buy.amount)");
    store *s = world_store(w);
    run_result *result = world_run(w, r, s, 0, 3, 0);
    assert_int_equal(result->people.count, 0);
    assert_int_equal(result->segments[0].size, 0);
    assert_int_equal(result->trouble_count, 0);
    run_result_free(result);
    store_free(s);
    world_rules_free(r);
    world_free(w);
}

/* ---- progress -------------------------------------------------------------------------- */

static void note_progress(void *context, uint64_t people_done)
{
    atomic_uint_fast64_t *most = context;
    uint64_t before = atomic_load(most);
    while (people_done > before &&
           !atomic_compare_exchange_weak(most, &before, people_done))
        ;
}

/* Who has many rows has few beside them, and 64 people stay together. */
static void test_pieces_end_by_rows(void **state)
{
    enum { PEOPLE = 10000, HEAVY = 300 };
    static uint64_t many[PEOPLE + 1], few[PEOPLE + 1];
    const uint64_t *offsets[] = {many, few};
    piece_tables tables = {offsets, LENGTH(offsets)};
    (void)state;
    for (size_t p = 0; p < PEOPLE; p++) {
        many[p + 1] = many[p] + (p < 64 ? 10000 : p < HEAVY ? 1000 : 0);
        few[p + 1] = few[p] + 1;
    }
    assert_int_equal(piece_rows(&tables, 60, 70), 4 * 10001 + 6 * 1001);
    assert_int_equal(piece_end(&tables, 0, PEOPLE), 64);
    assert_int_equal(piece_end(&tables, 64, PEOPLE), 64 + 128);
    assert_int_equal(piece_end(&tables, 192, PEOPLE), 192 + PIECE_PEOPLE);
    assert_int_equal(piece_end(&tables, 192, 250), 250);
    assert_int_equal(piece_end(&tables, 9984, PEOPLE), PEOPLE);
}

static void test_progress(void **state)
{
    (void)state;
    world *w = random_world();
    world_rules *r = compile(w, "segment s when did buy");
    store *s = world_store(w);
    atomic_uint_fast64_t most = 0;
    carpel_error err;
    run_options options = {.as_of = world_time(w, NOON),
                           .threads = 3,
                           .block_people = 10,
                           .progress_context = &most,
                           .progress = note_progress};
    run_result *result = run_plan(r->plan, s, &options, &err);
    assert_non_null(result);
    assert_int_equal(atomic_load(&most), PEOPLE_COUNT);
    assert_int_equal(result->as_of, options.as_of);
    run_result_free(result);
    store_free(s);
    world_rules_free(r);
    world_free(w);
}

/* ---- trouble --------------------------------------------------------------------------- */

static world *big_numbers(void)
{
    world *w = world_new("UTC");
    world_trait(w, "n", "int");
    world_trait(w, "name", "string");
    world_has(w, "a", "n", NULL, "9000000000000000000");
    world_has(w, "b", "n", NULL, "8000000000000000000");
    world_has(w, "c", "n", NULL, "3");
    world_has(w, "d", "name", NULL,
              "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\"");
    return w;
}

/* Values that leave 64 bits are counted, once a value, however the people are divided. */
static void test_overflow_is_counted(void **state)
{
    (void)state;
    world *w = big_numbers();
    world_rules *r = compile(w, "segment s when user.n * 3 > 0");
    store *s = world_store(w);
    for (size_t block = 0; block < 4; block++) {
        run_result *result = world_run(w, r, s, 0, 1 + block % 2 * 2, block);
        assert_int_equal(result->segments[0].size, 1);
        assert_int_equal(result->trouble_count, 1);
        assert_int_equal(result->troubles[0].count, 2);
        run_result_free(result);
    }
    store_free(s);
    world_rules_free(r);
    world_free(w);
}

/* Of rows that no window can reach nothing is told, whoever else is in the block. */
static void test_overflow_out_of_reach_is_not_told(void **state)
{
    (void)state;
    world *w = world_new("UTC");
    world_kind(w, "e", "n int");
    world_did(w, "old", "e", "2026-01-01T10:00:00Z", "n=9000000000000000000");
    world_did(w, "new", "e", "2026-03-30T10:00:00Z", "n=9000000000000000000");
    world_did(w, "later", "e", "2026-04-02T10:00:00Z", "n=9000000000000000000");
    world_did(w, "small", "e", "2026-04-02T10:00:00Z", "n=9000000000000000000");
    for (int i = 0; i < 9; i++)
        world_did(w, "small", "e", "2026-03-30T10:00:00Z", "n=1");
    world_rules *r = compile(w, "segment s when sum(e.(n * 3) in last 7 days) > 0");
    store *s = world_store(w);
    int64_t now = world_time(w, "2026-04-01T00:00:00Z");
    for (size_t block = 0; block < 5; block++) {
        run_result *result = world_run(w, r, s, now, 1 + block % 2 * 2, block);
        assert_int_equal(result->segments[0].size, 1);
        assert_int_equal(result->trouble_count, 1);
        assert_int_equal(result->troubles[0].count, 1);
        assert_string_equal(result->troubles[0].person, "new");
        run_result_free(result);
    }
    store_free(s);
    world_rules_free(r);
    world_free(w);
}

/* A text on which a pattern gives up is missing, for that person alone, who is named
 * whatever the threads do; --strict makes an error of it. */
static void test_pattern_limit(void **state)
{
    (void)state;
    world *w = big_numbers();
    world_has(w, "e", "name", NULL, "\"aaa\"");
    world_has(w, "f", "name", NULL,
              "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac\"");
    world_rules *r = compile(w, "segment s when user.name matches \"^(a+)+$\"\n"
                                "segment t when user.name not matches \"^(a+)+$\"");
    store *s = world_store(w);
    for (size_t threads = 1; threads <= 3; threads += 2) {
        run_result *result = world_run(w, r, s, 0, threads, 1);
        assert_int_equal(result->segments[0].size, 1); /* e */
        assert_int_equal(result->segments[1].size, 5);
        assert_int_equal(result->trouble_count, 1);
        const run_trouble *t = &result->troubles[0];
        assert_int_equal(t->kind, TROUBLE_PATTERN);
        assert_int_equal(t->people, 2);
        assert_string_equal(t->person, "d");
        assert_string_equal(t->subject, "^(a+)+$");
        assert_string_equal(t->rule, "s");
        assert_string_equal(t->value,
                            "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\"");
        run_result_free(result);
        carpel_error err = {0};
        run_options options = {.threads = threads, .block_people = 1, .is_strict = true};
        assert_null(run_plan(r->plan, s, &options, &err));
        assert_non_null(strstr(err.message, "\"d\""));
    }
    store_free(s);
    world_rules_free(r);
    world_free(w);
}

/* What a pattern may cost in all is bounded. */
static void test_pattern_gives_up_too_often(void **state)
{
    (void)state;
    world *w = world_new("UTC");
    world_trait(w, "name", "string");
    for (int i = 0; i <= 1000; i++) {
        char person[20], name[80];
        snprintf(person, sizeof person, "p%04d", i);
        snprintf(name, sizeof name, "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa%d\"",
                 i);
        world_has(w, person, "name", NULL, name);
    }
    world_rules *r = compile(w, "segment s when user.name matches \"^(a+)+$\"");
    store *s = world_store(w);
    carpel_error err = {0};
    run_options options = {.threads = 1};
    assert_null(run_plan(r->plan, s, &options, &err));
    assert_non_null(strstr(err.message, "gives up on more than 1000 texts"));
    store_free(s);
    world_rules_free(r);
    world_free(w);
}

/* Texts that are nearly all distinct are told as they are met, run after run, by however
 * many workers; a pattern that gives up too often still ends the run. */
static void test_many_texts(void **state)
{
    enum { TEXTS = 20000 };
    (void)state;
    world *w = world_new("UTC");
    world_kind(w, "search", "words string");
    for (size_t i = 0; i < TEXTS; i++) {
        char person[20], words[80];
        snprintf(person, sizeof person, "p%zu", i / 10);
        snprintf(words, sizeof words,
                 "words=\"item %zu of all that there are in the shop\"", i);
        world_did(w, person, "search", i % 2 ? "2026-03-01" : "2026-01-01", words);
    }
    world_rules *r = compile(
        w, "segment recent when did search where (words matches \"[05] of\") in last 60 "
           "days\n"
           "segment ever when did search where (words contains \"0 of\")\n"
           "segment three when count(search where (words contains \"9 of all\")) = 1\n"
           "segment hard when did search where (words matches \"^([a-z 0-9]+)+[!?]$\")");
    store *s = world_store(w);
    for (size_t threads = 1; threads <= 3; threads++) {
        run_options options = {.as_of = world_time(w, NOON), .threads = threads};
        carpel_error err = {0};
        assert_null(run_plan(r->plan, s, &options, &err));
        assert_non_null(strstr(err.message, "for example on \"item 1000 of all"));
    }
    world_rules_free(r);
    r = compile(
        w, "segment recent when did search where (words matches \"[05] of\") in last 60 "
           "days\n"
           "segment ever when did search where (words contains \"00 of\")\n"
           "segment nine when count(search where (words contains \"9 of all\")) = 1");
    for (size_t threads = 1; threads <= 3; threads++) {
        run_result *result = world_run(w, r, s, world_time(w, NOON), threads, 100);
        assert_int_equal(result->segments[0].size, TEXTS / 10); /* those that end in 5 */
        assert_int_equal(result->segments[1].size, TEXTS / 100 - 1); /* not "item 0" */
        assert_int_equal(result->segments[2].size, TEXTS / 10);
        run_result_free(result);
    }
    store_free(s);
    world_rules_free(r);
    world_free(w);
}

/* A history that is too long for a series concerns that person alone. */
static void test_series_too_long(void **state)
{
    (void)state;
    world *w = world_new("UTC");
    world_kind(w, "buy", "amount int");
    world_did(w, "a", "buy", "2026-01-01T00:00:00Z", "");
    world_did(w, "b", "buy", "0001-01-01T00:00:00Z", "");
    world_did(w, "c", "buy", "2025-12-30T00:00:00Z", "");
    world_rules *r = compile(w, "segment x\n  judged every day\n  when did buy\n"
                                "  stay while did buy\n");
    store *s = world_store(w);
    int64_t now = INT64_C(1767571200000000); /* 2026-01-05 */
    for (size_t threads = 1; threads <= 3; threads += 2) {
        run_result *result = world_run(w, r, s, now, threads, 1);
        assert_int_equal(result->segments[0].size, 2);
        assert_int_equal(result->trouble_count, 1);
        assert_int_equal(result->troubles[0].kind, TROUBLE_SERIES);
        assert_int_equal(result->troubles[0].people, 1);
        assert_string_equal(result->troubles[0].person, "b");
        run_result_free(result);
    }
    store_free(s);
    world_rules_free(r);
    world_free(w);
}

/* A series that another one asks about remembers who came in weeks ago: ann and bob did on
 * the same day; bob was away for some weeks and is out, whoever came back. */
static void test_series_inside_a_series_goes_on(void **state)
{
    (void)state;
    static const char *const weeks[] = {"01-06", "01-13", "01-20", "01-27",
                                        "02-03", "02-10", "02-17", "02-24"};
    world *w = world_new("UTC");
    world_kind(w, "buy", "");
    world_kind(w, "look", "");
    world_kind(w, "ping", "");
    for (size_t i = 0; i < LENGTH(weeks); i++) {
        char time[40];
        snprintf(time, sizeof time, "2025-%sT12:00:00Z", weeks[i]);
        world_did(w, "ann", "look", time, "");
        if (i < 2 || i > 4)
            world_did(w, "bob", "look", time, "");
        world_did(w, "eve", "look", time, "");
    }
    world_did(w, "ann", "buy", "2025-01-07T12:00:00Z", "");
    world_did(w, "bob", "buy", "2025-01-07T12:00:00Z", "");
    for (int i = 0; i < 3; i++)
        world_did(w,
                  i == 0   ? "ann"
                  : i == 1 ? "bob"
                           : "eve",
                  "ping", "2025-02-15T00:00:00Z", "");
    char *members = world_members(
        w,
        "segment inner judged every week when did buy in last 7 days\n"
        "  stay while did look in last 10 days\n"
        "segment middle judged every day when in inner stay while in inner\n"
        "segment outer judged every week when in middle and did ping in last 7 days\n"
        "  stay while in middle\n",
        "outer", "2025-03-01T00:00:00Z");
    assert_string_equal(members, "ann");
    memory_free(members);
    world_free(w);
}

/* ---- values as of each event ------------------------------------------------------------ */

/* An event of a test: the hour, and what it says. */
typedef struct hourly {
    int hour, amount, store;
} hourly;

enum { HOURLY_COUNT = 300, WINDOW_HOURS = 48, LEAST_COUNTED = 20 };

/* What the rules below say, looked up the slow way: sums over events of the least and greatest
 * amount, of the number of different stores, and of events that count, in the hours before. */
typedef struct hourly_sums {
    int64_t least, greatest, stores, count;
} hourly_sums;

static void add_window(const hourly *events, int hour, hourly_sums *sums)
{
    int least = INT_MAX, greatest = INT_MIN, count = 0;
    unsigned stores = 0;
    for (int i = 0; i < HOURLY_COUNT; i++) {
        const hourly *e = &events[i];
        if (e->hour <= hour - WINDOW_HOURS || e->hour > hour || e->amount < LEAST_COUNTED)
            continue;
        least = e->amount < least ? e->amount : least;
        greatest = e->amount > greatest ? e->amount : greatest;
        stores |= 1u << e->store;
        count++;
    }
    sums->least += count > 0 ? least : 0;
    sums->greatest += count > 0 ? greatest : 0;
    sums->stores += __builtin_popcount(stores);
    sums->count += count;
}

/* Several events have one time now and then, and some amounts are equal. */
static hourly_sums make_hourly(world *w, const char *person, unsigned seed)
{
    hourly events[HOURLY_COUNT];
    hourly_sums sums = {0};
    int hour = 0;
    for (int i = 0; i < HOURLY_COUNT; i++) {
        seed = seed * 1103515245u + 12345u;
        hour += (int)(seed >> 16 & 15) < 4 ? 0 : (int)(seed >> 20 & 7);
        events[i] = (hourly){hour, (int)(seed >> 12 & 63), (int)(seed >> 24 & 7)};
        char time[40], values[60];
        time_t at = 1735689600 + hour * 3600; /* from 2025-01-01 on */
        struct tm parts;
        strftime(time, sizeof time, "%FT%TZ", gmtime_r(&at, &parts));
        snprintf(values, sizeof values, "amount=%d, store=\"%c\"", events[i].amount,
                 'a' + events[i].store);
        world_did(w, person, "buy", time, values);
    }
    for (int i = 0; i < HOURLY_COUNT; i++)
        add_window(events, events[i].hour, &sums);
    return sums;
}

static void assert_hourly(const run_result *r, size_t person, const hourly_sums *expected)
{
    const int64_t wanted[] = {expected->least, expected->greatest, expected->stores,
                              expected->count};
    for (size_t i = 0; i < LENGTH(wanted); i++)
        assert_int_equal(((const int64_t *)r->scores[i].values)[person], wanted[i]);
}

/* Windows of events overlap: each takes over what the one before knows of its rows. */
static void test_windows_move_with_events(void **state)
{
    (void)state;
    static const char *const people[] = {"ann", "bob", "eve"};
    hourly_sums expected[LENGTH(people)];
    world *w = world_new("UTC");
    world_kind(w, "buy", "amount int, store string");
    for (unsigned i = 0; i < LENGTH(people); i++)
        expected[i] = make_hourly(w, people[i], i + 7);
    world_rules *r =
        compile(w, "event dear = buy where (amount >= 20)\n"
                   "let least = min(dear.amount in last 48 hours)\n"
                   "let greatest = max(dear.amount in last 48 hours)\n"
                   "let stores = distinct(dear.store in last 48 hours)\n"
                   "let dears = count(buy where (amount >= 20) in last 48 hours)\n"
                   "score a = sum(buy.(least as of time))\n"
                   "score b = sum(buy.(greatest as of time))\n"
                   "score c = sum(buy.(stores as of time))\n"
                   "score d = sum(buy.(dears as of time))\n");
    store *s = world_store(w);
    for (size_t block = 1; block <= 4; block += 3) {
        run_result *result = world_run(w, r, s, world_time(w, NOON), 1, block);
        for (size_t p = 0; p < LENGTH(people); p++)
            assert_hourly(result, p, &expected[p]);
        run_result_free(result);
    }
    store_free(s);
    world_rules_free(r);
    world_free(w);
}

/* Rows beside each other are a person's rows squared. Who has too many is in no rule that
 * looks at them, not even in `not`; a block in which everybody's together are too many is
 * divided, and nothing else happens. */
static void test_rows_beside(void **state)
{
    (void)state;
    static const size_t rows[] = {10, 4, 9, 1};
    static const char *const people[] = {"a", "b", "c", "d"};
    world *w = world_new("UTC");
    world_kind(w, "buy", "amount int");
    for (size_t p = 0; p < 4; p++)
        for (size_t i = 0; i < rows[p]; i++) {
            char time[40];
            snprintf(time, sizeof time, "2026-01-%02zuT00:00:00Z", i + 1);
            world_did(w, people[p], "buy", time, "amount=1");
        }
    world_rules *r = compile(w, "let past = count(buy where (now - time >= 0 days))\n"
                                "let again = count(buy where ((past as of time) >= 2))\n"
                                "segment x when again >= 3\n"
                                "segment y when not (again >= 3)\n"
                                "segment z when count(buy) >= 3\n"
                                "score n = again\n");
    store *s = world_store(w);
    int64_t now = INT64_C(1767571200000000) * 2;
    run_result *whole = world_run(w, r, s, now, 1, 64);
    assert_int_equal(whole->trouble_count, 0);
    assert_int_equal(whole->segments[0].size, 3);
    for (size_t most = 81; most <= 100; most += 19) {
        run_options options = {
            .as_of = now, .threads = 2, .block_people = 64, .most_rows_beside = most};
        carpel_error err;
        run_result *result = run_plan(r->plan, s, &options, &err);
        if (most == 100) {
            assert_same_result(whole, result);
        } else {
            assert_int_equal(result->segments[0].size, 2); /* b, c */
            assert_int_equal(result->segments[1].size, 1); /* d, not a */
            assert_int_equal(result->segments[2].size, 3);
            assert_false(result->scores[0].present[0] & 1);
            assert_int_equal(result->trouble_count, 1);
            assert_int_equal(result->troubles[0].kind, TROUBLE_ROWS);
            assert_string_equal(result->troubles[0].person, "a");
            assert_int_equal(result->troubles[0].people, 1);
        }
        run_result_free(result);
    }
    run_result_free(whole);
    store_free(s);
    world_rules_free(r);
    world_free(w);
}

static const char lua[] =
    "function double(x) return x * 2 end\n"
    "function picky(x) if x > 5 then error('too big') end return x end\n"
    "function band(x) return x and (x > 5 and 'high' or 'low' .. x) end\n"
    "function flag(x) return x and x > 5 end\n"
    "local seen = 0 function counts(x) seen = seen + 1 return seen end\n"
    "function spins(x) while true do end end\n"
    "function absent(x) return x == nil and 1 or 0 end\n";

/* Rules in which "m." stands for the module of the functions above. */
static world_rules *compile_calling(const world *w, const char *path, const char *rules)
{
    text all;
    text_init(&all);
    const char *name = strrchr(path, '/') + 1;
    text_append_format(&all, "use \"%s\"\n", path);
    for (const char *at = rules; *at != '\0'; at++) {
        if (strncmp(at, "m.", 2) != 0) {
            text_append_char(&all, *at);
            continue;
        }
        text_append_format(&all, "`%.*s`.", (int)(strlen(name) - 4), name);
        at++;
    }
    world_rules *r = compile(w, all.data);
    text_done(&all);
    return r;
}

static void write_lua(char *path)
{
    carpel_error err;
    int file = mkstemps(path, 4);
    assert_true(file >= 0);
    close(file);
    assert_true(file_write_whole(path, lua, sizeof lua - 1, &err));
}

/* A function that raises yields missing, is counted, and is named. */
static void test_scripts(void **state)
{
    char path[] = "/tmp/carpel-test-XXXXXX.lua";
    (void)state;
    write_lua(path);
    world *w = big_numbers();
    world_rules *r =
        compile_calling(w, path,
                        "segment small when m.picky(user.n) <= 5\n"
                        "segment lost when m.picky(user.n) + 0 is missing\n"
                        "segment missing_is_nil when m.absent(user.n) = 1\n");
    store *s = world_store(w);
    for (size_t threads = 1; threads <= 3; threads += 2) {
        run_result *result = world_run(w, r, s, 0, threads, 1);
        assert_int_equal(result->segments[0].size, 1); /* c */
        assert_int_equal(result->segments[1].size, 3); /* a and b raised, d has no n */
        assert_int_equal(result->segments[2].size, 1);
        assert_int_equal(result->trouble_count, 1);
        const run_trouble *t = &result->troubles[0];
        assert_int_equal(t->kind, TROUBLE_SCRIPT);
        assert_int_equal(t->people, 3);
        assert_string_equal(t->person, "a");
        assert_string_equal(t->value, "(9000000000000000000)");
        assert_string_equal(t->rule, "small");
        assert_non_null(strstr(t->message, ".lua:2: too big"));
        run_result_free(result);
    }
    store_free(s);
    world_rules_free(r);
    world_free(w);
    unlink(path);
}

/* The type of a call is what its use asks for; what comes back of another type is a
 * failure of that person. */
static void test_types_of_calls(void **state)
{
    static const struct {
        const char *rules;
        size_t size, people;
    } cases[] = {
        {"segment s when m.band(user.n) = \"low3\"", 1, 0},
        {"segment s when \"low3\" = m.band(user.n)", 1, 0},
        {"segment s when m.band(user.n) != \"high\"", 2, 0},
        {"segment s when m.band(user.n) in (\"high\", \"x\")", 2, 0},
        {"segment s when m.band(user.n) matches \"^l..\"", 1, 0},
        {"segment s when m.band(user.n) starts with \"hi\"", 2, 0},
        {"segment s when m.band(user.n) contains user.name", 0, 0},
        {"list l = \"low3\"\nsegment s when m.band(user.n) in l", 1, 0},
        {"segment s when (if user.n > 5 then m.band(user.n) else \"low3\") = \"low3\"", 2,
         0},
        {"segment s when m.band(m.double(user.n)) = \"high\"", 1, 1},
        {"segment s when m.flag(user.n)", 2, 0},
        {"segment s when not (m.flag(user.n))", 2, 0},
        {"segment s when m.flag(user.n) = false", 1, 0},
        {"segment s when m.flag(user.n) and user.n > 5", 2, 0},
        {"segment s when m.band(user.n) is not missing", 3, 0},
        {"segment s when m.band(user.n) > 1", 0, 3},
        {"segment s when m.double(user.n) = \"6\"", 0, 4},
        {"segment s when m.double(user.n)", 0, 4},
    };
    char path[] = "/tmp/carpel-test-XXXXXX.lua";
    (void)state;
    write_lua(path);
    world *w = big_numbers();
    store *s = world_store(w);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        world_rules *r = compile_calling(w, path, cases[i].rules);
        for (size_t threads = 1; threads <= 3; threads += 2) {
            run_result *result = world_run(w, r, s, 0, threads, 1);
            size_t people = result->trouble_count ? result->troubles[0].people : 0;
            if (result->segments[0].size != cases[i].size || people != cases[i].people)
                fail_msg("%s: %zu members, %zu in trouble: %s", cases[i].rules,
                         result->segments[0].size, people,
                         people ? result->troubles[0].what : "");
            run_result_free(result);
        }
        world_rules_free(r);
    }
    store_free(s);
    world_free(w);
    unlink(path);
}

/* Stopped from the start, and by the progress of the first block. */
static void ask_to_stop(void *context, uint64_t people_done)
{
    (void)people_done;
    cancel_ask(context);
}

static void test_stopped(void **state)
{
    (void)state;
    static const char *const all_rules[] = {
        "segment s when did buy",
        "segment s when count(buy) in top 10%",
        "segment s judged every month when did buy\n  stay while did look",
    };
    for (size_t i = 0; i < sizeof all_rules / sizeof *all_rules; i++) {
        world *w = random_world();
        world_rules *r = compile(w, all_rules[i]);
        store *s = world_store(w);
        for (size_t threads = 1; threads <= 3; threads++) {
            cancel stop;
            carpel_error err = {0};
            run_options options = {.as_of = world_time(w, NOON),
                                   .threads = threads,
                                   .block_people = 1,
                                   .cancel = &stop};
            cancel_init(&stop);
            cancel_ask(&stop);
            assert_null(run_plan(r->plan, s, &options, &err));
            assert_int_equal(err.code, CARPEL_E_CANCELLED);
            cancel_init(&stop);
            err = (carpel_error){0};
            options.progress = ask_to_stop;
            options.progress_context = &stop;
            assert_null(run_plan(r->plan, s, &options, &err));
            assert_int_equal(err.code, CARPEL_E_CANCELLED);
        }
        store_free(s);
        world_rules_free(r);
        world_free(w);
    }
}

/* A function that keeps something between calls ends the run; the first person for whom
 * it did is named, whatever the threads do. */
static void test_impure_scripts(void **state)
{
    char path[] = "/tmp/carpel-test-XXXXXX.lua";
    (void)state;
    write_lua(path);
    world *w = big_numbers();
    world_rules *r =
        compile_calling(w, path, "segment low when user.n > 0 and m.counts(user.n) <= 1");
    store *s = world_store(w);
    for (size_t threads = 1; threads <= 3; threads++) {
        carpel_error err = {0};
        run_options options = {.threads = threads, .block_people = 1};
        assert_null(run_plan(r->plan, s, &options, &err));
        assert_non_null(strstr(err.message, "changes \"seen\""));
        assert_non_null(strstr(err.message, "first for \"a\""));
        assert_non_null(strstr(err.message, "in \"low\""));
    }
    store_free(s);
    world_rules_free(r);
    world_free(w);
    unlink(path);
}

/* Nobody waits for a function that runs out of time for everybody. */
static void test_stopped_function(void **state)
{
    enum { PEOPLE = 30, ALMOST_ALL = 100 * 100000 - 1 /* of the time there is */ };
    char path[] = "/tmp/carpel-test-XXXXXX.lua";
    (void)state;
    write_lua(path);
    world *w = world_new("UTC");
    world_trait(w, "n", "int");
    for (int i = 0; i < PEOPLE; i++) {
        char person[20];
        snprintf(person, sizeof person, "p%03d", i);
        world_has(w, person, "n", NULL, "1");
    }
    world_rules *r = compile_calling(w, path, "score v = m.spins(user.n)");
    store *s = world_store(w);
    for (size_t threads = 1; threads <= 3; threads += 2) {
        run_function functions[20] = {{0}};
        for (size_t i = 0; i < 20; i++)
            functions[i].wasted_microseconds = ALMOST_ALL;
        carpel_error err;
        run_options options = {
            .threads = threads, .block_people = 1, .functions = functions};
        run_result *result = run_plan(r->plan, s, &options, &err);
        assert_non_null(result);
        assert_int_equal(result->trouble_count, 2);
        const run_trouble *failed = &result->troubles[0], *left = &result->troubles[1];
        assert_int_equal(failed->kind, TROUBLE_SCRIPT);
        assert_int_equal(left->kind, TROUBLE_NOT_CALLED);
        assert_int_equal(failed->people + left->people, PEOPLE);
        assert_in_range(failed->people, 1, threads);
        uint64_t calls = 0, not_called = 0;
        for (size_t i = 0; i < 20; i++) {
            calls += functions[i].calls;
            not_called += functions[i].not_called;
        }
        assert_int_equal(calls, failed->people);
        assert_int_equal(not_called, left->people);
        run_result_free(result);
    }
    store_free(s);
    world_rules_free(r);
    world_free(w);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_threads_and_blocks_do_not_matter),
        cmocka_unit_test(test_a_person_alone_is_judged_as_among_all),
        cmocka_unit_test(test_people_are_on_their_own),
        cmocka_unit_test(test_groups_divide),
        cmocka_unit_test(test_nobody),
        cmocka_unit_test(test_pieces_end_by_rows),
        cmocka_unit_test(test_progress),
        cmocka_unit_test(test_overflow_is_counted),
        cmocka_unit_test(test_overflow_out_of_reach_is_not_told),
        cmocka_unit_test(test_pattern_limit),
        cmocka_unit_test(test_pattern_gives_up_too_often),
        cmocka_unit_test(test_many_texts),
        cmocka_unit_test(test_series_too_long),
        cmocka_unit_test(test_series_inside_a_series_goes_on),
        cmocka_unit_test(test_windows_move_with_events),
        cmocka_unit_test(test_rows_beside),
        cmocka_unit_test(test_scripts),
        cmocka_unit_test(test_types_of_calls),
        cmocka_unit_test(test_impure_scripts),
        cmocka_unit_test(test_stopped_function),
        cmocka_unit_test(test_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
