/* SPDX-License-Identifier: MIT
 *
 * Texts made of patterns, in which these occur; and patterns of which nothing is made.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/pattern.h"
#include "explain/example_text.h"

typedef struct example_case {
    const char *pattern;
    const char *example; /* NULL: none */
} example_case;

static const example_case cases[] = {
    {"", ""},
    {"cart", "cart"},
    {"^/shop/[0-9]+$", "/shop/0"},
    {"shop.example", "shop.example"},
    {"^A.$", "Aa"},
    {"^.+@example\\.com$", "a@example.com"},
    {"\\.(pdf|docx?)$", ".pdf"},
    {"(?:a|b){2,3}c{0,2}d{3}", "aaddd"},
    {"(?i)sale", "sale"},
    {"(?<year>20\\d{2})-\\d\\d", "2000-00"},
    {"x*?y+?z?+", "y"},
    {"[^a-z0-9]", "A"},
    {"[^]a]", "b"},
    {"[]x-]", "x"},
    {"[\\d.]+", "0"},
    {"[\\W]", "-"},
    {"^(?!sale)\\w+", "a"},
    {"\\bnew\\b", "new"},
    {"gr\xc3\xbc+n", "gr\xc3\xbcn"},
    {"{3}x|y", "{3}x"}, /* braces behind nothing stand for themselves */
    {"a{x}", "a{x}"},
    /* more than is known */
    {"^(?=a)b", NULL},
    {"(?<=a)b", NULL},
    {"\\p{Lu}", NULL},
    {"(a)\\1", NULL},
    {"[[:alpha:]]", NULL},
    {"[\xc3\xbc]", NULL},
    {"a{2", "a{2"},
    {"(x{50}){50}", NULL}, /* longer than anybody writes */
};

static bool occurs(const char *expression, const text *in)
{
    char reason[200];
    size_t offset;
    pattern *p = pattern_new(slice_of(expression), reason, sizeof reason, &offset);
    if (!p)
        return true; /* not one that a rule can have */
    pattern_scratch *s = pattern_scratch_new();
    bool does = pattern_match(p, (slice){in->data, in->size}, s) == PATTERN_YES;
    pattern_scratch_free(s);
    pattern_free(p);
    return does;
}

static void test_examples(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const example_case *c = &cases[i];
        text out;
        text_init(&out);
        bool is_known = example_text_of(slice_of(c->pattern), &out);
        if (is_known != (c->example != NULL))
            fail_msg("%s: %s", c->pattern, is_known ? out.data : "nothing");
        if (c->example) {
            assert_string_equal(out.data, c->example);
            if (!occurs(c->pattern, &out))
                fail_msg("%s does not occur in %s", c->pattern, out.data);
        }
        text_done(&out);
    }
}

/* Whatever stands in a rule, no byte behind it is read. */
static void test_ends(void **state)
{
    (void)state;
    static const char *const wholes[] = {"(?<year>20\\d{2})[^a-z\\]x]+|[[:alpha:]]",
                                         "a{2,3}(?:b|(?i)c)\\\\[]x-]"};
    for (size_t i = 0; i < sizeof wholes / sizeof *wholes; i++)
        for (size_t size = 0; size <= strlen(wholes[i]); size++) {
            char *part = memory_alloc_array(size, 1);
            text out;
            text_init(&out);
            memcpy(part, wholes[i], size);
            example_text_of((slice){part, size}, &out);
            assert_true(out.size < 1000);
            text_done(&out);
            memory_free(part);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_examples),
                                       cmocka_unit_test(test_ends)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
