/* SPDX-License-Identifier: MIT
 *
 * The parts of the output "webhook" that need no receiver: which addresses are private, what
 * an answer means, how long to wait. The rest is in tests/connectors/webhook.sh.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <string.h>

#include "webhook/address.h"
#include "webhook/retry.h"

typedef struct address_case {
    const char *address;
    bool is_private;
} address_case;

static const address_case addresses[] = {
    {"0.0.0.0", true},
    {"10.1.2.3", true},
    {"9.255.255.255", false},
    {"11.0.0.0", false},
    {"100.63.255.255", false},
    {"100.64.0.0", true},
    {"100.127.255.255", true},
    {"100.128.0.0", false},
    {"127.0.0.1", true},
    {"127.255.255.255", true},
    {"128.0.0.0", false},
    {"169.254.169.254", true},
    {"172.15.255.255", false},
    {"172.16.0.0", true},
    {"172.31.255.255", true},
    {"172.32.0.0", false},
    {"192.168.0.1", true},
    {"192.169.0.1", false},
    {"198.18.0.1", true},
    {"198.20.0.1", false},
    {"223.255.255.255", false},
    {"224.0.0.1", true},
    {"255.255.255.255", true},
    {"8.8.8.8", false},
    {"::", true},
    {"::1", true},
    {"fe80::1", true},
    {"fd00::1", true},
    {"ff02::1", true},
    {"2001:db8::1", true},
    {"2001:4860:4860::8888", false},
    {"::ffff:127.0.0.1", true},
    {"::ffff:8.8.8.8", false},
    {"64:ff9b::a00:1", true},
    {"64:ff9b::808:808", false},
    {"2002:7f00:1::", true},
    {"2002:808:808::", false},
    {"2001:0:1::", true},
    {"3fff::1", true},
};

static void test_addresses(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        struct sockaddr_storage address = {0};
        struct sockaddr_in *v4 = (struct sockaddr_in *)&address;
        struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&address;
        bool is_v6 = strchr(addresses[i].address, ':') != NULL;
        address.ss_family = is_v6 ? AF_INET6 : AF_INET;
        assert_int_equal(
            inet_pton(address.ss_family, addresses[i].address,
                      is_v6 ? (void *)&v6->sin6_addr : (void *)&v4->sin_addr),
            1);
        if (address_is_private((struct sockaddr *)&address) != addresses[i].is_private)
            fail_msg("%s", addresses[i].address);
    }
}

static void test_other_family(void **state)
{
    const struct sockaddr address = {.sa_family = AF_UNIX};
    (void)state;
    assert_true(address_is_private(&address));
}

static void test_verdicts(void **state)
{
    static const struct {
        long status;
        retry_verdict verdict;
    } cases[] = {
        {200, VERDICT_TAKEN},    {204, VERDICT_TAKEN},    {0, VERDICT_AGAIN},
        {408, VERDICT_AGAIN},    {425, VERDICT_AGAIN},    {429, VERDICT_AGAIN},
        {500, VERDICT_AGAIN},    {503, VERDICT_AGAIN},    {599, VERDICT_AGAIN},
        {400, VERDICT_REFUSED},  {413, VERDICT_REFUSED},  {422, VERDICT_REFUSED},
        {401, VERDICT_HOPELESS}, {403, VERDICT_HOPELESS}, {404, VERDICT_HOPELESS},
        {410, VERDICT_HOPELESS}, {301, VERDICT_HOPELESS}, {307, VERDICT_HOPELESS}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(retry_judge(cases[i].status), cases[i].verdict);
}

#define NOW 1784111777 /* 2026-07-15T10:36:17Z */

static void test_pauses(void **state)
{
    static const struct {
        unsigned attempt;
        double first, chance;
        const char *after;
        double seconds;
    } cases[] = {
        {0, 1, 0, NULL, 1},
        {0, 1, 1, NULL, 0.5},
        {1, 1, 0, NULL, 2},
        {5, 1, 0, NULL, 32},
        {6, 1, 0, NULL, 60},
        {4000000000u, 1, 0.5, NULL, 45},
        {7, 0, 0, NULL, 0},
        {0, 1, 0, "0", 1},
        {0, 1, 0, "120", 120},
        {0, 1, 0, "7.5", 7.5},
        {0, 1, 0, "-5", 1},
        {0, 1, 0, "1e9", 3600},
        {0, 1, 0, "soon", 1},
        {0, 1, 0, "Wed, 15 Jul 2026 10:36:47 GMT", 30},
        {0, 1, 0, "Wed, 15 Jul 2026 10:36:00 GMT", 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double seconds = retry_seconds(cases[i].attempt, cases[i].first, cases[i].chance,
                                       cases[i].after, NOW);
        if (seconds != cases[i].seconds)
            fail_msg("case %zu gives %g", i, seconds);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses), cmocka_unit_test(test_other_family),
        cmocka_unit_test(test_verdicts), cmocka_unit_test(test_pauses)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
