/* SPDX-License-Identifier: MIT
 *
 * Which ids are one person: each rule by itself, and random links against a slow reference that knows
 * nothing of union-find, in whatever order they come.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <ctype.h>

#include "base/memory.h"
#include "store/identity.h"
#include "unit_random.h"
#include "value/calendar.h"

enum { MOST_IDS = 12, MOST_LINKS = 24 };

/* Links between ids "a", "b", ... */
typedef struct world {
    char names[MOST_IDS][2];
    slice ids[MOST_IDS];
    int64_t since[MOST_IDS];
    identity_link links[MOST_LINKS];
    identity_question question;
    arena *memory;
    identity_answer answer;
} world;

static const identity_limits wide = {{100, 100, 100, 100, 100}, 100};

static void world_init(world *w, size_t id_count)
{
    *w = (world){0};
    w->memory = arena_new();
    for (size_t i = 0; i < id_count; i++) {
        w->names[i][0] = (char)('a' + i);
        w->ids[i] = (slice){w->names[i], 1};
        w->since[i] = (int64_t)i;
    }
    w->question = (identity_question){.ids = w->ids,
                                      .since = w->since,
                                      .id_count = id_count,
                                      .links = w->links,
                                      .limits = wide,
                                      .until = 1000};
}

static void world_done(world *w)
{
    arena_free(w->memory);
}

static void add_link(world *w, char a, char b, id_kind kind, int64_t time)
{
    w->links[w->question.link_count++] = (identity_link){
        .a = (uint32_t)(a - 'a'), .b = (uint32_t)(b - 'a'), .kind = kind, .time = time};
}

/* By id the one that is shown: "aabb". */
static const char *resolve(world *w)
{
    static char out[MOST_IDS + 1];
    w->answer = identity_resolve(&w->question, w->memory);
    for (size_t i = 0; i < w->question.id_count; i++)
        out[i] = w->names[w->answer.shown[i]][0];
    out[w->question.id_count] = '\0';
    return out;
}

/* ---- rules ---------------------------------------------------------------- */

static void test_links_join(void **state)
{
    world w;
    (void)state;
    world_init(&w, 5);
    add_link(&w, 'd', 'b', ID_COOKIE, 1);
    add_link(&w, 'd', 'c', ID_EMAIL, 2);
    assert_string_equal(resolve(&w), "addde"); /* d: the only one of a user */
    assert_int_equal(w.answer.kinds[1], ID_COOKIE);
    assert_int_equal(w.answer.kinds[4], ID_USER);
    world_done(&w);
}

static void test_the_oldest_of_the_strongest_is_shown(void **state)
{
    world w;
    (void)state;
    world_init(&w, 4);
    add_link(&w, 'a', 'a', ID_COOKIE, 0); /* tells the kind alone */
    add_link(&w, 'a', 'b', ID_EMAIL, 1);
    add_link(&w, 'a', 'c', ID_EMAIL, 1);
    add_link(&w, 'a', 'd', ID_PHONE, 1);
    assert_string_equal(resolve(&w), "bbbb");
    w.since[2] = 0;
    assert_string_equal(resolve(&w), "cccc");
    w.since[1] = 0; /* equally old: by the text */
    assert_string_equal(resolve(&w), "bbbb");
    add_link(&w, 'd', 'd', ID_USER, 3); /* of several kinds the strongest counts */
    assert_string_equal(resolve(&w), "dddd");
    world_done(&w);
}

static void test_later_links_are_not_known(void **state)
{
    world w;
    (void)state;
    world_init(&w, 3);
    add_link(&w, 'a', 'b', ID_COOKIE, 10);
    add_link(&w, 'a', 'c', ID_COOKIE, TIME_MIN);
    w.question.until = 9;
    assert_string_equal(resolve(&w), "aba");
    assert_int_equal(w.answer.links[0], LINK_LATER);
    w.question.until = 10;
    assert_string_equal(resolve(&w), "aaa");
    world_done(&w);
}

static void test_undone_links_do_not_join(void **state)
{
    world w;
    (void)state;
    world_init(&w, 3);
    add_link(&w, 'a', 'b', ID_COOKIE, 1);
    add_link(&w, 'b', 'c', ID_COOKIE, 1);
    w.links[0].is_undone = true;
    assert_string_equal(resolve(&w), "abb"); /* b: a cookie no longer joins a */
    assert_int_equal(w.answer.links[0], LINK_UNDONE);
    world_done(&w);
}

/* A cookie of a kiosk: the fourth user lets go of the three before, too. */
static void test_a_shared_id_joins_nobody(void **state)
{
    world w;
    (void)state;
    world_init(&w, 5);
    w.question.limits.linked[ID_COOKIE] = 3;
    add_link(&w, 'a', 'e', ID_COOKIE, 1);
    add_link(&w, 'b', 'e', ID_COOKIE, 2);
    add_link(&w, 'c', 'e', ID_COOKIE, 3);
    add_link(&w, 'c', 'e', ID_COOKIE, 4); /* the same once more */
    assert_string_equal(resolve(&w), "aaada");
    assert_int_equal(w.answer.refused_count, 0);
    add_link(&w, 'd', 'e', ID_COOKIE, 5);
    assert_string_equal(resolve(&w), "abcde");
    assert_int_equal(w.answer.refused_count, 1);
    identity_refusal r = w.answer.refused[0];
    assert_true(r.state == LINK_OF_SHARED_ID && r.id == 4 && r.kind == ID_COOKIE &&
                r.count == 4);
    w.question.until = 4; /* as it was then */
    assert_string_equal(resolve(&w), "aaada");
    world_done(&w);
}

/* Two addresses hold with an account; the cookies that go with them do not. */
static void test_a_full_person_loses_the_weakest_links(void **state)
{
    world w;
    (void)state;
    world_init(&w, 5);
    w.question.limits.ids = 3;
    add_link(&w, 'a', 'b', ID_EMAIL, 1);
    add_link(&w, 'a', 'c', ID_EMAIL, 1);
    add_link(&w, 'a', 'd', ID_COOKIE, 1);
    add_link(&w, 'b', 'e', ID_COOKIE, 1);
    assert_string_equal(resolve(&w), "aaade");
    assert_int_equal(w.answer.refused_count, 1);
    identity_refusal r = w.answer.refused[0];
    assert_true(r.state == LINK_OF_FULL_PERSON && r.id == 0 && r.kind == ID_COOKIE &&
                r.count == 5);
    w.question.limits.ids = 2; /* then the addresses, too */
    assert_string_equal(resolve(&w), "abcde");
    assert_int_equal(w.answer.refused_count, 2);
    world_done(&w);
}

/* ---- a slow reference ----------------------------------------------------- */

typedef struct reference {
    const identity_question *q;
    bool holds[MOST_LINKS];
    id_kind kinds[MOST_IDS];
    bool is_one[MOST_IDS][MOST_IDS]; /* are the two one person? */
} reference;

static bool joins(const reference *r, size_t l)
{
    return r->holds[l] && r->q->links[l].a != r->q->links[l].b;
}

static void close_over(reference *r)
{
    size_t n = r->q->id_count;
    memset(r->is_one, 0, sizeof r->is_one);
    for (size_t i = 0; i < n; i++)
        r->is_one[i][i] = true;
    for (size_t l = 0; l < r->q->link_count; l++)
        if (joins(r, l))
            r->is_one[r->q->links[l].a][r->q->links[l].b] =
                r->is_one[r->q->links[l].b][r->q->links[l].a] = true;
    for (size_t k = 0; k < n; k++)
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n; j++)
                r->is_one[i][j] |= r->is_one[i][k] && r->is_one[k][j];
}

static size_t size_of(const reference *r, size_t id)
{
    size_t size = 0;
    for (size_t i = 0; i < r->q->id_count; i++)
        size += r->is_one[id][i];
    return size;
}

static id_kind weaker(const reference *r, size_t l)
{
    id_kind a = r->kinds[r->q->links[l].a], b = r->kinds[r->q->links[l].b];
    return a > b ? a : b;
}

static void begin(reference *r)
{
    const identity_question *q = r->q;
    bool is_linked[MOST_IDS][MOST_IDS] = {{false}};
    bool is_shared[MOST_IDS] = {false};
    for (size_t i = 0; i < q->id_count; i++) {
        r->kinds[i] = ID_KIND_COUNT;
        for (size_t l = 0; l < q->link_count; l++)
            if (q->links[l].b == i && q->links[l].time <= q->until &&
                q->links[l].kind < r->kinds[i])
                r->kinds[i] = q->links[l].kind;
        r->kinds[i] = r->kinds[i] == ID_KIND_COUNT ? ID_USER : r->kinds[i];
    }
    for (size_t l = 0; l < q->link_count; l++) {
        uint32_t a = q->links[l].a, b = q->links[l].b;
        r->holds[l] = !q->links[l].is_undone && q->links[l].time <= q->until;
        if (joins(r, l))
            is_linked[a][b] = is_linked[b][a] = true;
    }
    for (size_t i = 0; i < q->id_count; i++) {
        size_t linked = 0;
        for (size_t k = 0; k < q->id_count; k++)
            linked += is_linked[i][k];
        is_shared[i] = linked > q->limits.linked[r->kinds[i]];
    }
    for (size_t l = 0; l < q->link_count; l++)
        r->holds[l] &= !is_shared[q->links[l].a] && !is_shared[q->links[l].b];
}

/* Let go of the weakest links of one who has too many ids; false: nobody has. */
static bool let_go(reference *r)
{
    for (size_t i = 0; i < r->q->id_count; i++) {
        id_kind weakest = ID_USER;
        if (size_of(r, i) <= r->q->limits.ids)
            continue;
        for (size_t l = 0; l < r->q->link_count; l++)
            if (joins(r, l) && r->is_one[i][r->q->links[l].a] && weaker(r, l) > weakest)
                weakest = weaker(r, l);
        for (size_t l = 0; l < r->q->link_count; l++)
            if (joins(r, l) && r->is_one[i][r->q->links[l].a] && weaker(r, l) == weakest)
                r->holds[l] = false;
        close_over(r);
        return true;
    }
    return false;
}

static const char *resolve_slowly(const identity_question *q)
{
    static char out[MOST_IDS + 1];
    reference r = {.q = q};
    begin(&r);
    close_over(&r);
    while (let_go(&r))
        ;
    for (size_t i = 0; i < q->id_count; i++) {
        size_t best = i;
        for (size_t k = 0; k < q->id_count; k++) {
            if (!r.is_one[i][k])
                continue;
            int by_kind = (r.kinds[k] > r.kinds[best]) - (r.kinds[k] < r.kinds[best]);
            int by_age = (q->since[k] > q->since[best]) - (q->since[k] < q->since[best]);
            int by_text = slice_compare(q->ids[k], q->ids[best]);
            if (by_kind != 0 ? by_kind < 0 : by_age != 0 ? by_age < 0 : by_text < 0)
                best = k;
        }
        out[i] = q->ids[best].data[0];
    }
    out[q->id_count] = '\0';
    return out;
}

/* ---- random links --------------------------------------------------------- */

static void make_random(world *w, random_numbers *random)
{
    size_t count = 2 + random_below(random, MOST_IDS - 2);
    world_init(w, count);
    for (size_t i = 0; i < count; i++)
        w->since[i] = (int64_t)(random_below(random, 3));
    size_t link_count = random_below(random, MOST_LINKS);
    for (size_t i = 0; i < link_count; i++) {
        add_link(w, (char)('a' + random_below(random, count)),
                 (char)('a' + random_below(random, count)),
                 (id_kind)(random_below(random, ID_KIND_COUNT)),
                 (int64_t)(random_below(random, 4)));
        w->links[w->question.link_count - 1].is_undone = random_below(random, 8) == 0;
    }
    for (int k = 0; k < ID_KIND_COUNT; k++)
        w->question.limits.linked[k] = 1 + (uint32_t)(random_below(random, 5));
    w->question.limits.ids = 2 + (uint32_t)(random_below(random, 8));
    w->question.until = (int64_t)(random_below(random, 5));
}

static void shuffle(world *w, random_numbers *random)
{
    for (size_t i = w->question.link_count; i > 1; i--) {
        size_t k = random_below(random, i);
        identity_link moved = w->links[i - 1];
        w->links[i - 1] = w->links[k];
        w->links[k] = moved;
    }
}

static void test_random_links_in_any_order(void **state)
{
    enum { WORLDS = 3000, ORDERS = 4 };
    random_numbers random;
    size_t joined = 0;
    (void)state;
    random_begin(&random, "test_identity");
    for (size_t i = 0; i < WORLDS; i++) {
        world w;
        make_random(&w, &random);
        const char *expected = resolve_slowly(&w.question);
        for (size_t k = 0; k < ORDERS; k++) {
            assert_string_equal(resolve(&w), expected);
            shuffle(&w, &random);
        }
        for (size_t id = 0; id < w.question.id_count; id++)
            joined += expected[id] != w.names[id][0];
        world_done(&w);
    }
    assert_true(joined > WORLDS);
}

/* ---- no ids --------------------------------------------------------------- */

static void test_what_is_no_id(void **state)
{
    static const char *const none[] = {"",
                                       "0",
                                       "null",
                                       "NULL",
                                       "undefined",
                                       " NaN",
                                       "-1",
                                       "00000000-0000-0000-0000-000000000000",
                                       "(not set)",
                                       "---",
                                       "[object Object]"};
    static const char *const some[] = {"00017", "nullable", "1",  "anna",
                                       "0a",    "no",       "-12"};
    static const char *const all[] = {
#define X(text) text,
#include "value/no_ids.def"
#undef X
    };
    (void)state;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_true(id_is_none(slice_of(none[i])));
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char written[32];
        size_t size = 0;
        for (; all[i][size] != '\0'; size++)
            written[size] = (char)toupper((unsigned char)all[i][size]);
        assert_true(id_is_none(slice_of(all[i])));
        assert_true(id_is_none((slice){written, size}));
        written[size] = '7';
        assert_false(id_is_none((slice){written, size + 1}));
    }
    for (size_t i = 0; i < sizeof some / sizeof *some; i++)
        assert_false(id_is_none(slice_of(some[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_links_join),
        cmocka_unit_test(test_the_oldest_of_the_strongest_is_shown),
        cmocka_unit_test(test_later_links_are_not_known),
        cmocka_unit_test(test_undone_links_do_not_join),
        cmocka_unit_test(test_a_shared_id_joins_nobody),
        cmocka_unit_test(test_a_full_person_loses_the_weakest_links),
        cmocka_unit_test(test_random_links_in_any_order),
        cmocka_unit_test(test_what_is_no_id),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
