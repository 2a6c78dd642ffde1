/* SPDX-License-Identifier: MIT
 *
 * Every word of the language as the name of everything that has one. It can be used as it
 * is, where it is declared and where it is used; or the declaration is refused with the
 * backticks to write, and with them at both ends it works. What the data are called is
 * refused at its use instead.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "lang/keywords.h"
#include "support/world.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

/* Words that have a meaning besides the keywords and the words of phrases. */
static const char *const other_words[] = {
#define X(name, spelling, type, doc) spelling,
#include "lang/time_parts.def"
#undef X
#define X(name, spelling, count, doc, example) spelling,
#include "lang/builtins.def"
#undef X
#define X(NAME, name, meaning, example) name,
#include "schema/event_values.def"
#undef X
    "user", "account", "session", "value", "purchases",
};

/* Rules in which @ stands for the name; the first line declares it. */
static const char *const declarations[] = {
    "segment @ when did buy\n"
    "segment x when in @ and not in @ as of 3 days ago\n"
    "segment y among @ when count(buy) in top 20% among @",
    "segment @ when did buy\nscenario \"s\"\n  ann did buy at 2026-01-01T10:00\n"
    "  expect ann in @ at 2026-01-02",
    "list @ = \"DE\", \"FR\"\nsegment x when user.country in @ or user.country not in @",
    "let @ = count(buy)\nsegment x when @ > 1 and 2 * @ < 7 and (@ as of 1 day ago) = 2\n"
    "let y = @\nsegment z when y > 1 and smaller(@, 3) > 1 and @ in (1, 2)",
    "let @ = last buy\nsegment x when did buy since @ and @.weekday = \"monday\"\n"
    "segment y when time since @ > 3 days and @ in last 3 days",
    "score @ = count(buy)\nsegment x when @ in top 10 and 3 > @",
    "score @\n  plus 1 when did buy\nscenario \"s\"\n  ann did buy at 2026-01-01T10:00\n"
    "  expect ann has @ = 1 at 2026-01-02",
    "event @ = buy where (amount > 1)\nsegment x when did @ and did not @ in last 3 "
    "days\n"
    "segment y when count(@) > 1 and sum(@.amount) > 1 and did (@ then buy)\n"
    "segment z when did (buy or @) and did buy within 3 days after any @\n"
    "segment t when last @.amount > 1 and did @ where (amount > 2)\n"
    "segment u when (first @) in last 3 days and count(@ in last 5 @) > 1\n"
    "segment v when did @ at least 2 times and did @ on 2026-01-01",
    "groups @\n  a when did buy\n  b otherwise\n"
    "segment x when in @.a or not in @.b\nsegment y among @.b when in @.a",
    "groups g @ when did buy\n  b otherwise\nsegment x when in g.@ and not in g.@",
    "split @\n  a 50%\n  b 50%\nsegment x when in @.a",
    "split s @ 50%\n  b 50%\nsegment x when in s.@",
    "occasion @ on january 1\nsegment x when did buy during @ and next @ > 2026-01-01",
};

/* The same for what the project file declares: kinds, properties and traits. */
static const char *const of_the_data[] = {
    "segment x when did kind and count(kind) > 1 and sum(kind.amount) > 1\n",
    "segment x when did @\nsegment y when count(@) > 1 and sum(@.amount) > 1",
    "segment x when last @.amount > 1 and did (@ then buy)\n"
    "segment y when did buy within 3 days of any @ and count(@ in last 3 @) > 1",
    "segment x when did named where (@ > 1 and 3 < @ and @ in (4, 5))",
    "segment x when sum(named.@) > 3 and last named.@ > 1",
    "segment x when did (named then named) with same @",
    "segment x when user.@ > 3 and user.@ is not missing and user.@ in top 10",
    "segment x when last change of user.@ in last 3 days",
    "scenario \"s\"\n  ann has @ = 1\n  ann did named at 2026-01-01T10:00 (@ = 3)\n"
    "segment t when did buy\nscenario \"t\"\n  ann did buy at 2026-01-01T10:00\n"
    "  expect ann in t at 2026-01-02",
};

static size_t mistake_count;

/* The rules with the name in place. */
static char *written(const char *rules, const char *name, bool with_backticks)
{
    text t;
    text_init(&t);
    for (; *rules != '\0'; rules++) {
        if (*rules != '@')
            text_append_char(&t, *rules);
        else if (with_backticks)
            text_append_format(&t, "`%s`", name);
        else
            text_append(&t, name);
    }
    return t.data;
}

/* Is there an error, with a hint that shows the name in backticks? `first_line`: of the
 * declaration. */
static bool offers_backticks(const world_rules *r, const char *name, bool first_line)
{
    char quoted[64];
    snprintf(quoted, sizeof quoted, "`%s`", name);
    for (size_t i = 0; i < diags_count(r->diags); i++) {
        const diag *d = diags_get(r->diags, i);
        uint32_t line = source_place(d->where.file, d->where.begin).line;
        if (d->severity == DIAG_ERROR && d->hint && strstr(d->hint, quoted) &&
            (line == 1 || !first_line))
            return true;
    }
    return false;
}

static void complain(const char *what, const char *rules, const world_rules *r)
{
    mistake_count++;
    if (mistake_count < 200)
        print_error("%s:\n%s\n%s\n", what, rules, r->messages ? r->messages : "");
}

static void try_name(const world *w, const char *form, const char *name, bool is_declared)
{
    char *plain = written(form, name, false), *quoted = written(form, name, true);
    world_rules *as_is = world_compile(w, plain), *in_ticks = world_compile(w, quoted);
    if (!as_is->book && !offers_backticks(as_is, name, is_declared))
        complain("neither works nor offers backticks", plain, as_is);
    if (!in_ticks->book)
        complain("does not work in backticks", quoted, in_ticks);
    world_rules_free(as_is);
    world_rules_free(in_ticks);
    memory_free(plain);
    memory_free(quoted);
}

static void try_declarations(const char *name)
{
    world *w = world_new("UTC");
    world_kind(w, "buy", "amount decimal(2)");
    world_trait(w, "country", "string");
    for (size_t i = 0; i < LENGTH(declarations); i++)
        try_name(w, declarations[i], name, true);
    world_free(w);
}

/* Names that the project file does not take (schema/schema.h) are left out. */
static bool is_taken_by_data(const char *name)
{
    pseudo_property pseudo;
    return strcmp(name, "user") == 0 || strcmp(name, "anything") == 0 ||
           pseudo_property_find(name, &pseudo);
}

static void try_data(const char *name)
{
    char properties[80];
    if (is_taken_by_data(name))
        return;
    world *w = world_new("UTC");
    snprintf(properties, sizeof properties, "amount decimal(2), %s int", name);
    world_kind(w, "buy", "amount decimal(2)");
    world_kind(w, "kind", "amount int");
    world_kind(w, name, "amount decimal(2)");
    world_kind(w, "named", properties);
    world_trait(w, name, "int");
    for (size_t i = 0; i < LENGTH(of_the_data); i++)
        try_name(w, of_the_data[i], name, false);
    world_free(w);
}

/* Give each word of the language to `try`. */
static void for_each_word(void (*try)(const char *name))
{
    mistake_count = 0;
    for (size_t i = 0; i < LENGTH(other_words); i++)
        try(other_words[i]);
    for (size_t i = 0; i < keyword_count; i++) {
        char words[64];
        snprintf(words, sizeof words, "%s", keywords[i].spelling);
        char *second = strchr(words, ' ');
        if (second)
            *second++ = '\0';
        try(words);
        if (second && !strchr(second, '-')) /* no name has a hyphen */
            try(second);
    }
    if (mistake_count > 0)
        fail_msg("%zu cases are wrong", mistake_count);
}

static void test_declared(void **state)
{
    (void)state;
    for_each_word(try_declarations);
}

static void test_of_the_data(void **state)
{
    (void)state;
    for_each_word(try_data);
}

/* ---- names that results cannot have ------------------------------------------------ */

typedef struct refusal {
    const char *rules;
    const char *expected; /* code and place of the only error; "" for none */
} refusal;

static void test_refused(void **state)
{
    static const refusal cases[] = {
        /* what results are called */
        {"segment `a.b` when did buy\ngroups a b when did buy", "E0107 2:10"},
        {"groups a b when did buy\nsegment `a.b` when did buy", "E0107 2:9"},
        {"groups a b when did buy\nscore `a.b` = 1", "E0107 2:7"},
        {"split a b 50%\nsegment `a.b` when did buy", "E0107 2:9"},
        {"groups `a.b` c when did buy\ngroups a `b.c` when did buy", "E0107 2:10"},
        {"groups a b when did buy\nlet `a.b` = 1\nsegment x when `a.b` = 1", ""},
        {"segment `a.b` when did buy\nsegment x when in `a.b`", ""},
        /* names that differ in case are different */
        {"segment vip when did buy\nsegment VIP when not (in vip)", ""},
        /* what nobody sees */
        {"segment ` a` when did buy", "E0103 1:10"},
        {"segment `a ` when did buy", "E0103 1:10"},
        {"segment `a b/c, \"d\"` when did buy", ""},
        {"segment `a\tb` when did buy", "E0102 1:11"},
        {"segment `a\x01` when did buy", "E0102 1:11"},
        {"segment `a\nb` when did buy", "E0103 1:9"},
        {"segment `a\xC2\xA0"
         "b` when did buy",
         "E0102 1:11"},
        {"segment `a\xE2\x80\x8B` when did buy", "E0102 1:11"},
        {"segment `a\xE2\x80\xA8` when did buy", "E0102 1:11"},
        {"segment `\xD9\x85\xE2\x80\x8C\xD9\x85` when did buy", ""},
    };
    (void)state;
    world *w = world_new("UTC");
    world_kind(w, "buy", "amount decimal(2)");
    for (size_t i = 0; i < LENGTH(cases); i++) {
        char found[40] = "";
        world_rules *r = world_compile(w, cases[i].rules);
        for (size_t k = diags_count(r->diags); k-- > 0;) {
            const diag *d = diags_get(r->diags, k);
            place at = source_place(d->where.file, d->where.begin);
            if (d->severity == DIAG_ERROR)
                snprintf(found, sizeof found, "%s %u:%u", diag_code_text(d->code),
                         at.line, at.column);
        }
        if (strcmp(found, cases[i].expected) != 0)
            fail_msg("%s\n%s", cases[i].rules, r->messages);
        world_rules_free(r);
    }
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_declared),
        cmocka_unit_test(test_of_the_data),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
