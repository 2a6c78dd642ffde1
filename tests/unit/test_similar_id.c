/* SPDX-License-Identifier: MIT
 *
 * Which ids somebody probably meant.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/similar_id.h"

typedef struct id_case {
    const char *wanted;
    const char *known[5];
    const char *hint; /* NULL: none */
} id_case;

static const id_case cases[] = {
    {"3", {"00003", "13", "30"}, "Did you mean \"00003\"?"},
    {"00003", {"3", "0003a"}, "Did you mean \"3\"?"},
    {"3", {"003", "00003"}, "Did you mean \"003\" or \"00003\"?"},
    {"3", {"03", "003", "0003"}, "Did you mean \"03\", \"003\" or \"0003\"?"},
    {"3",
     {"03", "003", "0003", "00003"},
     "Did you mean \"03\", \"003\", \"0003\", or another that is written so?"},
    {"12361", {"12361.0"}, "Did you mean \"12361.0\"?"},
    {"12361.0", {"12361"}, "Did you mean \"12361\"?"},
    {"12361.00", {"012361.0"}, "Did you mean \"012361.0\"?"},
    {"12361.5", {"12361"}, "Did you mean \"12361\"?"}, /* by its letters, as any text */
    {"0", {"000"}, "Did you mean \"000\"?"},
    {"00", {"0.0"}, "Did you mean \"0.0\"?"},
    {" 7", {"7"}, "Did you mean \"7\"?"},
    {"7\xc2\xa0", {"07 "}, "Did you mean \"07 \"?"},
    {"ANN", {"anna", "ann"}, "Did you mean \"ann\"?"}, /* before what is only similar */
    {"C-7", {"c-0007", "C-70"}, "Did you mean \"c-0007\"?"},
    {"user-0012", {"user-12", "user-0013"}, "Did you mean \"user-12\"?"},
    {"491701234", {"+491701234"}, "Did you mean \"+491701234\"?"},
    {"3", {"4", "13", "33"}, NULL},
    {"30", {"3", "300"}, NULL},
    {"1.50", {"1.5"}, "Did you mean \"1.5\"?"},
    {"Bobb", {"bob"}, "Did you mean \"bob\"?"},
    {"zoe", {"ann", "bob"}, NULL},
    {"", {"0", " "}, "Did you mean \" \"?"},
    {"x", {"X\x1b[2J"}, NULL},
};

static void test_hints(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const id_case *c = &cases[i];
        similar_ids s = similar_ids_begin(c->wanted);
        text out;
        for (size_t k = 0; k < 5 && c->known[k]; k++)
            similar_ids_consider(&s, c->known[k]);
        text_init(&out);
        bool has_hint = similar_ids_append(&s, &out);
        if (has_hint != (c->hint != NULL))
            fail_msg("\"%s\": %s", c->wanted, has_hint ? out.data : "no hint");
        if (c->hint)
            assert_string_equal(out.data, c->hint);
        text_done(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_hints)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
