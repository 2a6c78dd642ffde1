/* SPDX-License-Identifier: MIT
 *
 * Rows with the arguments of a row before: the same result, without a call, while that pays.
 */
#include "script_support.h"

#include "script/repeats.h"

static const script_limits limits = {.memory_bytes = 8 * 1024 * 1024,
                                     .call_microseconds = 60000000};

enum { MANY = 4096 };

/* What came of many rows; of text results the first byte. */
typedef struct answers {
    double values[MANY];
    bool is_given[MANY], is_repeated[MANY];
    size_t calls, repeats, failures;
    bool are_unfit; /* no result is what was asked for */
} answers;

static bool take(void *data, size_t row, const script_value *result)
{
    answers *a = data;
    a->calls++;
    a->is_given[row] = true;
    a->values[row] = result->kind == SCRIPT_TEXT      ? result->text.data[0]
                     : result->kind == SCRIPT_BOOL    ? result->boolean
                     : result->kind == SCRIPT_INTEGER ? (double)result->integer
                     : result->kind == SCRIPT_MISSING ? -1
                                                      : result->number;
    return !a->are_unfit;
}

static void take_again(void *data, size_t row, size_t before)
{
    answers *a = data;
    assert_true(before < row && a->is_given[before]);
    a->repeats++;
    a->is_repeated[row] = true;
    a->values[row] = a->values[before];
}

static bool take_failure(void *data, size_t row, const char *message)
{
    answers *a = data;
    (void)row;
    (void)message;
    a->failures++;
    return true;
}

/* Two states of one set: one looks for rows before, one does not. */
typedef struct pair {
    script_set *set;
    script_state *state, *plain;
} pair;

static pair pair_of(const char *body)
{
    pair p = {.set = script_set_new(limits)};
    load_good(p.set, "m.lua", body);
    p.state = script_state_new(p.set, NULL);
    p.plain = script_state_new(p.set, NULL);
    return p;
}

static void free_pair(pair *p)
{
    script_state_free(p->state);
    script_state_free(p->plain);
    script_set_free(p->set);
}

static void call(const pair *p, bool looks, const script_column *columns, size_t count,
                 size_t rows, answers *out)
{
    script_rows r = {.function = script_set_find(p->set, "m", "f"),
                     .columns = columns,
                     .column_count = count,
                     .row_count = rows,
                     .data = out,
                     .give = take,
                     .repeat = looks ? take_again : NULL,
                     .fail = take_failure};
    script_call_rows(looks ? p->state : p->plain, &r);
}

static answers one, other;

/* Calls both ways, and expects the same values. */
static void compare(const pair *p, const script_column *columns, size_t count,
                    size_t rows)
{
    one = other = (answers){.calls = 0};
    call(p, true, columns, count, rows, &one);
    call(p, false, columns, count, rows, &other);
    assert_int_equal(one.calls + one.repeats + one.failures, rows);
    assert_int_equal(one.failures, other.failures);
    assert_memory_equal(one.values, other.values, sizeof one.values);
}

static slice letter(const script_column *c, uint32_t code)
{
    return (slice){(const char *)c->texts + code, 1};
}

static void the_same_arguments_are_called_once(void **state)
{
    (void)state;
    static double numbers[MANY];
    pair p = pair_of("return {f = function(x) return x * 2 end}");
    for (size_t i = 0; i < MANY; i++)
        numbers[i] = (double)(i % 5);
    compare(&p, &(script_column){.kind = SCRIPT_NUMBER, .values = numbers}, 1, MANY);
    assert_int_equal(one.calls, 5);
    assert_false(one.is_repeated[4]);
    assert_true(one.is_repeated[5]);
    free_pair(&p);
}

/* Each kind of column, some missing, and one for all rows. */
static void each_kind_of_argument_is_told_apart(void **state)
{
    (void)state;
    static uint64_t bits[MANY / 64], there[MANY / 64];
    static int64_t whole[MANY], cents[MANY];
    static double numbers[MANY];
    static uint32_t codes[MANY];
    const int64_t same[] = {7};
    uint32_t seed = 1;
    for (size_t i = 0; i < MANY; i++) {
        uint32_t drawn = (seed = seed * 1664525 + 1013904223) >> 16;
        whole[i] = drawn & 1;
        cents[i] = 50 * (drawn >> 1 & 1);
        numbers[i] = (drawn >> 2 & 1) ? 0.0 : -0.0;
        codes[i] = drawn >> 3 & 1;
        bits[i / 64] |= (uint64_t)(drawn >> 4 & 1) << i % 64;
        there[i / 64] |= (uint64_t)(drawn >> 5 & 1) << i % 64;
    }
    const script_column columns[] = {
        {.kind = SCRIPT_INTEGER, .values = whole},
        {.kind = SCRIPT_NUMBER, .values = cents, .divisor = 100, .present = there},
        {.kind = SCRIPT_NUMBER, .values = numbers},
        {.kind = SCRIPT_TEXT, .values = codes, .text_of = letter, .texts = "ab"},
        {.kind = SCRIPT_BOOL, .values = bits},
        {.kind = SCRIPT_INTEGER, .values = same, .is_uniform = true}};
    pair p =
        pair_of("return {f = function(i, c, x, t, b, s) return i + 2 * (c or 4) + 8 * "
                "math.atan(x, -1) + t:byte() * 64 + (b and 128 or 0) + s end}");
    compare(&p, columns, 6, MANY);
    assert_int_equal(one.calls, 2 * 3 * 2 * 2 * 2);
    free_pair(&p);
}

/* Each row that fails says so, and a result that is not what was asked for is none of others. */
static void failures_are_not_kept(void **state)
{
    (void)state;
    static double numbers[MANY];
    const script_column column = {.kind = SCRIPT_NUMBER, .values = numbers};
    pair p =
        pair_of("return {f = function(x) if x == 1 then error('no') end return x end}");
    for (size_t i = 0; i < MANY; i++)
        numbers[i] = (double)(i % 4);
    compare(&p, &column, 1, MANY);
    assert_int_equal(one.failures, MANY / 4);
    assert_int_equal(one.calls, 3);
    one = (answers){.are_unfit = true};
    call(&p, true, &column, 1, 1000, &one);
    assert_int_equal(one.calls, 750);
    free_pair(&p);
}

static void nothing_is_looked_for_where_it_does_not_pay(void **state)
{
    (void)state;
    static double different[MANY], same[MANY];
    const script_column all = {.kind = SCRIPT_NUMBER, .values = different};
    const script_column equal = {.kind = SCRIPT_NUMBER, .values = same};
    pair p = pair_of("return {f = function(x) return x end}");
    for (size_t i = 0; i < MANY; i++)
        different[i] = (double)i;
    compare(&p, &all, 1, MANY); /* the trial fails in this one */
    assert_int_equal(one.repeats, 0);
    for (int i = 0; i < REPEATS_FIRST_PAUSE / MANY; i++) {
        compare(&p, &equal, 1, MANY);
        assert_int_equal(one.repeats, 0);
    }
    compare(&p, &equal, 1, MANY);
    assert_int_equal(one.repeats, MANY - 1);
    compare(&p, &equal, 1, REPEATS_FEWEST_ROWS - 1);
    assert_int_equal(one.repeats, 0);
    free_pair(&p);
}

static script_part part_of_one(const script_column *c, size_t at)
{
    (void)c;
    return (script_part){at % 2, 1};
}

static void lists_are_not_compared(void **state)
{
    (void)state;
    const double numbers[] = {1, 2};
    const script_column items = {.kind = SCRIPT_NUMBER, .values = numbers};
    const script_column column = {
        .kind = SCRIPT_LIST, .values = numbers, .items = &items, .part_of = part_of_one};
    pair p = pair_of("return {f = function(t) return t[1] end}");
    compare(&p, &column, 1, 1000);
    assert_int_equal(one.calls, 1000);
    free_pair(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_arguments_are_called_once),
        cmocka_unit_test(each_kind_of_argument_is_told_apart),
        cmocka_unit_test(failures_are_not_kept),
        cmocka_unit_test(nothing_is_looked_for_where_it_does_not_pay),
        cmocka_unit_test(lists_are_not_compared),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
