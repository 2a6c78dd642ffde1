/* SPDX-License-Identifier: MIT
 *
 * suggest: which of some names is near enough.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "report/suggest.h"

static void finds_what_was_meant(void **state)
{
    (void)state;
    static const struct {
        const char *wanted;
        const char *candidates[4];
        const char *best; /* NULL: none */
    } cases[] = {
        {"purchse", {"page_view", "purchase", "refund"}, "purchase"},
        {"purhcase", {"purchase"}, "purchase"},               /* neighbours swapped */
        {"Purchase", {"purchase"}, "purchase"},               /* only letter case */
        {"page-view", {"pageview", "page_view"}, "pageview"}, /* the first of equals */
        {"page view", {"page_view"}, "page_view"},
        {"PAGEVIEWS", {"page_view"}, "page_view"},
        {"\xD1\x80urchase", {"refund", "purchase"}, "purchase"}, /* a Cyrillic letter */
        {"x", {"y"}, NULL},
        {"vp", {"vip"}, "vip"},
        {"ab", {"ac"}, NULL},
        {"abc", {"abd"}, "abd"},
        {"abc", {"axd"}, NULL},
        {"refund", {"purchase", "page_view"}, NULL},
        {"purchase", {"purchase"}, NULL}, /* itself is no suggestion */
        {"purchase", {"purchase", "purchases"}, "purchases"},
        {"", {"a", ""}, NULL},
        {"_", {"-"}, NULL},
        {"abcdef", {"abxdyf", "abcdxf"}, "abcdxf"}, /* the nearer one, later */
        {"abcdef", {"abcdxf", "abxdyf"}, "abcdxf"},
        {"\xC3\x89t\xC3\xA9", {"\xC3\xA9t\xC3\xA9"}, "\xC3\xA9t\xC3\xA9"},
        {"\xD0\x9F\xD0\x9E\xD0\x9A",
         {"\xD0\xBF\xD0\xBE\xD0\xBA"},
         "\xD0\xBF\xD0\xBE\xD0\xBA"},
        {"0123456789012345678901234567890123456789012345678901234567890123x",
         {"0123456789012345678901234567890123456789012345678901234567890123"},
         NULL},
        {"012345678901234567890123456789012345678901234567890123456789012x",
         {"0123456789012345678901234567890123456789012345678901234567890123"},
         "0123456789012345678901234567890123456789012345678901234567890123"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        suggestion s = suggest_begin(cases[i].wanted);
        assert_null(suggest_best(&s));
        for (size_t k = 0; cases[i].candidates[k] != NULL; k++)
            suggest_consider(&s, cases[i].candidates[k]);
        const char *best = suggest_best(&s);
        if (cases[i].best == NULL && best != NULL)
            fail_msg("\"%s\": \"%s\" is too far", cases[i].wanted, best);
        if (cases[i].best != NULL) {
            assert_non_null(best);
            assert_string_equal(best, cases[i].best);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(finds_what_was_meant)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
