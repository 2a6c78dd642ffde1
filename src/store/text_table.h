/* SPDX-License-Identifier: MIT
 *
 * text_table -- what a test says of each text of a dictionary, found once for each.
 *
 *     text_test gifts = {.question = TEXT_CONTAINS, .texts = &gift, .text_count = 1};
 *     text_table *t = text_table_new(dictionary);
 *     if (!text_table_prepare(t, &gifts, cancel, &err)) ...
 *     text_table_ask(t, &gifts, code, &scratch) == TEXT_PASSES
 *
 * Where few texts are new, all of them are told when a table is prepared. Where they are
 * many (search texts, urls with ids), each is told when it is first asked about: those
 * that no window reaches cost nothing, and workers share the work.
 *
 * One thread prepares, once for each run that asks; any may ask. The dictionary outlives the
 * table, and may have grown when it is prepared again. Answers stay from run to run; how often
 * a pattern gave up is counted anew, so that a run does not depend on those before it.
 */
#ifndef STORE_TEXT_TABLE_H
#define STORE_TEXT_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cancel.h"
#include "base/dictionary.h"
#include "base/error.h"
#include "base/pattern.h"

typedef enum text_question {
    TEXT_IS_ONE_OF, /* texts */
    TEXT_IS_IN_LIST,
    TEXT_MATCHES,  /* the pattern, of which texts[0] is the expression */
    TEXT_CONTAINS, /* texts[0] */
    TEXT_STARTS_WITH,
    TEXT_ENDS_WITH,
    TEXT_NUMBER /* which of the texts, which differ: the answer is not a text_answer, but 0 for
                   none, 1 for texts[0] and so on; at most 255 */
} text_question;

typedef struct text_test {
    text_question question;
    const slice *texts;
    size_t text_count;
    const dictionary *list;
    const pattern *pattern;
} text_test;

typedef enum text_answer {
    TEXT_UNTOLD,
    TEXT_FAILS,
    TEXT_PASSES,
    TEXT_GAVE_UP,       /* the pattern did, so that the text does not match */
    TEXT_GAVE_UP_BEFORE /* in a run before: asking counts it, without matching again */
} text_answer;

/* A pattern that gives up on so many texts of a run ends it: what it costs is bounded. */
enum { MOST_GIVEN_UP = 1000 };

typedef struct text_table {
    const dictionary *texts;
    size_t count, capacity; /* texts that it is prepared for; room for answers */
    size_t told;      /* codes below it are told; of them TEXT_UNTOLD is TEXT_FAILS */
    uint8_t *answers; /* by code: a text_answer; atomic */
    uint32_t passing; /* how many pass, and one of them; atomic */
    uint32_t last_passing;
    bool has_given_up;      /* some answer is, or is about to be, TEXT_GAVE_UP; atomic */
    uint32_t given_up;      /* how many are, in this run; atomic */
    uint32_t told_given_up; /* of those below `told` */
} text_table;

text_table *text_table_new(const dictionary *texts);
void text_table_free(text_table *t); /* accepts NULL */

/* Make room for all texts of the dictionary, and tell of them if few are new. False when
 * the pattern gives up on more than MOST_GIVEN_UP texts, which *err names, or the work was
 * stopped. */
bool text_table_prepare(text_table *t, const text_test *test, const cancel *c,
                        carpel_error *err);

/* The same error, when asking has shown that the pattern gives up so often. */
bool text_table_check(text_table *t, const text_test *test, const cancel *c,
                      carpel_error *err);

/* Of texts that are several names of one: what passes for a name passes for the one that names[code]
 * stands for. The table was told in whole. */
void text_table_join(text_table *t, const uint32_t *names);

/* Is nothing still to be told? */
static inline bool text_table_is_told(const text_table *t)
{
    return t->told == t->count;
}

/* The only code that passes, of a table that is told; or DICTIONARY_NONE. */
uint32_t text_table_only_code(const text_table *t);

/* What is known of a code below t->count. */
static inline text_answer text_table_answer(const text_table *t, uint32_t code)
{
    return (text_answer)__atomic_load_n(&t->answers[code], __ATOMIC_ACQUIRE);
}

/* Must text_table_ask be called, because the answer is not that of this run? */
static inline bool text_answer_is_open(text_answer answer)
{
    return answer == TEXT_UNTOLD || answer == TEXT_GAVE_UP_BEFORE;
}

/* May an answer that was seen be TEXT_GAVE_UP? */
static inline bool text_table_has_given_up(const text_table *t)
{
    return __atomic_load_n(&t->has_given_up, __ATOMIC_RELAXED);
}

/* The answer, found now if it is untold. `*scratch` is made when it is needed. Of a
 * pattern that has given up too often nothing is found any more: text_table_check fails. */
text_answer text_table_ask(text_table *t, const text_test *test, uint32_t code,
                           pattern_scratch **scratch);

/* The same of several, which is quicker where they are many. */
enum { TEXTS_AT_ONCE = 32 };
void text_table_ask_many(text_table *t, const text_test *test, const uint32_t *codes,
                         size_t count, pattern_scratch **scratch);

/* What a test says of a text, without a table; never TEXT_UNTOLD. */
text_answer text_test_ask(const text_test *test, slice subject,
                          pattern_scratch **scratch);

#endif
