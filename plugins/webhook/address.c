/* SPDX-License-Identifier: MIT
 *
 * The ranges that the registries of IPv4 and IPv6 keep for other ends (RFC 6890 and those
 * that came after it).
 */
#include "webhook/address.h"

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static const struct {
    uint32_t begin;
    int bits;
} private_v4[] = {
    {0x00000000, 8},  /* 0.0.0.0: this host */
    {0x0a000000, 8},  /* 10.0.0.0 */
    {0x64400000, 10}, /* 100.64.0.0: behind a provider's own translation */
    {0x7f000000, 8},  /* 127.0.0.0: loopback */
    {0xa9fe0000, 16}, /* 169.254.0.0: this link; services that tell keys of machines */
    {0xac100000, 12}, /* 172.16.0.0 */
    {0xc0000000, 24}, /* 192.0.0.0 */
    {0xc0000200, 24}, /* 192.0.2.0: examples */
    {0xc0a80000, 16}, /* 192.168.0.0 */
    {0xc6120000, 15}, /* 198.18.0.0: measurements */
    {0xc6336400, 24}, /* 198.51.100.0: examples */
    {0xcb007100, 24}, /* 203.0.113.0: examples */
    {0xe0000000, 3},  /* 224.0.0.0 and all above: groups, and what is kept */
};

static bool is_private_v4(uint32_t address)
{
    for (size_t i = 0; i < sizeof private_v4 / sizeof *private_v4; i++)
        if ((address ^ private_v4[i].begin) >> (32 - private_v4[i].bits) == 0)
            return true;
    return false;
}

static uint32_t word_at(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
           bytes[3];
}

/* Of IPv6 only 2000::/3 is given out. Within it stand examples, and addresses that are made
 * of those of IPv4, as 64:ff9b:: is outside of it. */
static bool is_private_v6(const uint8_t *b)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    static const uint8_t translated[12] = {0x00, 0x64, 0xff, 0x9b};
    if (memcmp(b, mapped, sizeof mapped) == 0 ||
        memcmp(b, translated, sizeof translated) == 0)
        return is_private_v4(word_at(b + 12));
    if ((b[0] & 0xe0) != 0x20)
        return true;
    if (b[0] == 0x20 && b[1] == 0x02)
        return is_private_v4(word_at(b + 2));
    uint32_t begin = word_at(b);
    return begin == 0x20010db8 || begin == 0x20010000 || begin >> 12 == 0x3fff0;
}

bool address_is_private(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const void *)address;
        return is_private_v4(ntohl(v4->sin_addr.s_addr));
    }
    if (address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const void *)address;
        return is_private_v6(v6->sin6_addr.s6_addr);
    }
    return true;
}
