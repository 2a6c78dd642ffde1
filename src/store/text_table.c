/* SPDX-License-Identifier: MIT
 *
 * A byte a text. Bytes of texts that nobody asks about are never touched, so that their
 * pages cost no memory.
 */
#include "store/text_table.h"

#include <string.h>

#include "base/memory.h"

/* So many new texts are told at once, which takes a few milliseconds. */
enum { FEW_TEXTS = 1 << 14 };

/* ---- one text ----------------------------------------------------------- */

static text_answer match(const pattern *p, slice subject, pattern_scratch **scratch)
{
    if (*scratch == NULL)
        *scratch = pattern_scratch_new();
    switch (pattern_match(p, subject, *scratch)) {
    case PATTERN_NO: return TEXT_FAILS;
    case PATTERN_YES: return TEXT_PASSES;
    case PATTERN_LIMIT: break;
    }
    return TEXT_GAVE_UP;
}

static bool is_one_of(const text_test *test, slice subject)
{
    for (size_t i = 0; i < test->text_count; i++)
        if (slice_equals(test->texts[i], subject))
            return true;
    return false;
}

text_answer text_test_ask(const text_test *test, slice subject, pattern_scratch **scratch)
{
    bool passes = false;
    switch (test->question) {
    case TEXT_NUMBER: /* no less */
    case TEXT_IS_ONE_OF: passes = is_one_of(test, subject); break;
    case TEXT_IS_IN_LIST:
        passes =
            dictionary_find(test->list, subject.data, subject.size) != DICTIONARY_NONE;
        break;
    case TEXT_MATCHES: return match(test->pattern, subject, scratch);
    case TEXT_CONTAINS: passes = slice_contains(subject, test->texts[0]); break;
    case TEXT_STARTS_WITH: passes = slice_starts_with(subject, test->texts[0]); break;
    case TEXT_ENDS_WITH: passes = slice_ends_with(subject, test->texts[0]); break;
    }
    return passes ? TEXT_PASSES : TEXT_FAILS;
}

/* ---- answers ------------------------------------------------------------ */

/* Whoever is first counts: two workers may find the same answer at once. Who sees an answer
 * that gave up also sees that there is one. */
static void keep_answer(text_table *t, uint32_t code, text_answer answer)
{
    if (answer == TEXT_GAVE_UP)
        __atomic_store_n(&t->has_given_up, true, __ATOMIC_RELAXED);
    uint8_t before =
        __atomic_exchange_n(&t->answers[code], (uint8_t)answer, __ATOMIC_RELEASE);
    if (before == answer)
        return;
    if (answer == TEXT_GAVE_UP)
        __atomic_fetch_add(&t->given_up, 1, __ATOMIC_RELAXED);
    if (answer != TEXT_PASSES)
        return;
    __atomic_fetch_add(&t->passing, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&t->last_passing, code, __ATOMIC_RELAXED);
}

static bool has_given_up_too_often(const text_table *t)
{
    return __atomic_load_n(&t->given_up, __ATOMIC_RELAXED) > MOST_GIVEN_UP;
}

static text_answer tell(text_table *t, const text_test *test, uint32_t code,
                        pattern_scratch **scratch)
{
    text_answer answer = text_table_answer(t, code);
    if (!text_answer_is_open(answer))
        return answer;
    answer = answer == TEXT_GAVE_UP_BEFORE
                 ? TEXT_GAVE_UP
                 : text_test_ask(test, dictionary_text(t->texts, code), scratch);
    keep_answer(t, code, answer);
    return answer;
}

text_answer text_table_ask(text_table *t, const text_test *test, uint32_t code,
                           pattern_scratch **scratch)
{
    if (code < t->told || has_given_up_too_often(t))
        return text_table_answer(t, code);
    return tell(t, test, code, scratch);
}

void text_table_ask_many(text_table *t, const text_test *test, const uint32_t *codes,
                         size_t count, pattern_scratch **scratch)
{
    dictionary_expect(t->texts, codes, count);
    for (size_t i = 0; i < count; i++)
        text_table_ask(t, test, codes[i], scratch);
}

uint32_t text_table_only_code(const text_table *t)
{
    return text_table_is_told(t) && t->passing == 1 ? t->last_passing : DICTIONARY_NONE;
}

/* ---- all texts ---------------------------------------------------------- */

static bool refuse(const text_test *test, slice example, carpel_error *err)
{
    return carpel_fail(
        err, CARPEL_E_LIMIT,
        "the pattern \"%s\" gives up on more than %d texts, for example on \"%.60s\": it "
        "has too many ways to match; write it with fewer repetitions in repetitions",
        test->texts[0].data, MOST_GIVEN_UP, example.data);
}

/* Tell of all texts in order, so that the one that is too many is always the same. */
static bool tell_all(text_table *t, const text_test *test, const cancel *c,
                     carpel_error *err)
{
    pattern_scratch *scratch = NULL;
    uint32_t given_up = t->told_given_up;
    bool ok = true;
    for (uint32_t code = (uint32_t)t->told; ok && code < t->count; code++) {
        if (cancel_is_asked(c))
            ok = cancel_fail(err);
        else if (tell(t, test, code, &scratch) == TEXT_GAVE_UP &&
                 ++given_up > MOST_GIVEN_UP)
            ok = refuse(test, dictionary_text(t->texts, code), err);
    }
    pattern_scratch_free(scratch);
    if (ok) {
        t->told = t->count;
        t->told_given_up = given_up;
    }
    return ok;
}

static void pass_if_known(text_table *t, slice text)
{
    uint32_t code = dictionary_find(t->texts, text.data, text.size);
    if (code != DICTIONARY_NONE)
        keep_answer(t, code, TEXT_PASSES);
}

/* Those that pass are written down: look for these, or for the new texts in the list. */
static void tell_listed(text_table *t, const text_test *test)
{
    const dictionary *list = test->list;
    if (test->question == TEXT_IS_ONE_OF)
        for (size_t i = 0; i < test->text_count; i++)
            pass_if_known(t, test->texts[i]);
    else if (dictionary_count(list) < t->count - t->told)
        for (uint32_t i = 0; i < dictionary_count(list); i++)
            pass_if_known(t, dictionary_text(list, i));
    else
        for (uint32_t code = (uint32_t)t->told; code < t->count; code++)
            if (text_test_ask(test, dictionary_text(t->texts, code), NULL) == TEXT_PASSES)
                keep_answer(t, code, TEXT_PASSES);
    t->told = t->count;
}

static void tell_numbers(text_table *t, const text_test *test)
{
    for (size_t i = 0; i < test->text_count; i++) {
        uint32_t code =
            dictionary_find(t->texts, test->texts[i].data, test->texts[i].size);
        if (code != DICTIONARY_NONE)
            t->answers[code] = (uint8_t)(i + 1);
    }
    t->told = t->count;
}

/* Room that doubles, so that texts that come one by one are cheap; zeros are pages that
 * are not there yet. */
static void make_room(text_table *t)
{
    size_t count = dictionary_count(t->texts);
    if (t->answers == NULL || count > t->capacity) {
        size_t capacity = count > 2 * t->capacity ? count + 1 : 2 * t->capacity;
        uint8_t *answers = memory_alloc_zero(capacity);
        if (t->count > 0)
            memcpy(answers, t->answers, t->count);
        memory_free(t->answers);
        t->answers = answers;
        t->capacity = capacity;
    }
    t->count = count;
}

/* Of patterns alone. What other runs looked at is none of this one's business. */
static void count_anew(text_table *t)
{
    for (size_t code = 0; code < t->count; code++)
        if (t->answers[code] == TEXT_GAVE_UP)
            t->answers[code] = TEXT_GAVE_UP_BEFORE;
    t->told = 0;
    t->given_up = t->told_given_up = 0;
    t->has_given_up = false;
}

bool text_table_prepare(text_table *t, const text_test *test, const cancel *c,
                        carpel_error *err)
{
    if (t->has_given_up)
        count_anew(t);
    make_room(t);
    if (test->question == TEXT_IS_ONE_OF || test->question == TEXT_IS_IN_LIST) {
        tell_listed(t, test);
        return true;
    }
    if (test->question == TEXT_NUMBER) {
        tell_numbers(t, test);
        return true;
    }
    if (t->count - t->told <= FEW_TEXTS)
        return tell_all(t, test, c, err);
    return true;
}

void text_table_join(text_table *t, const uint32_t *names)
{
    for (uint32_t code = 0; code < t->count; code++)
        if (t->answers[code] == TEXT_PASSES && names[code] != code)
            keep_answer(t, names[code], TEXT_PASSES);
}

bool text_table_check(text_table *t, const text_test *test, const cancel *c,
                      carpel_error *err)
{
    return !has_given_up_too_often(t) || tell_all(t, test, c, err);
}

text_table *text_table_new(const dictionary *texts)
{
    text_table *t = memory_alloc_zero(sizeof *t);
    t->texts = texts;
    return t;
}

void text_table_free(text_table *t)
{
    if (t == NULL)
        return;
    memory_free(t->answers);
    memory_free(t);
}
