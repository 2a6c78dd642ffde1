/* SPDX-License-Identifier: MIT
 *
 * For programs that are told by a server where to connect to: with this before the C library (LD_PRELOAD) and
 * KAFKA_WAY="PORT OTHER", whoever connects to that port of this machine comes to the other one.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

int connect(int fd, const struct sockaddr *to, socklen_t size)
{
    int (*real)(int, const struct sockaddr *, socklen_t) =
        (int (*)(int, const struct sockaddr *, socklen_t))dlsym(RTLD_NEXT, "connect");
    const char *way = getenv("KAFKA_WAY");
    unsigned port, other;
    struct sockaddr_in changed;
    if (!way || sscanf(way, "%u %u", &port, &other) != 2 || size != sizeof changed ||
        to->sa_family != AF_INET)
        return real(fd, to, size);
    memcpy(&changed, to, sizeof changed);
    if (ntohs(changed.sin_port) == port)
        changed.sin_port = htons((uint16_t)other);
    return real(fd, (const struct sockaddr *)&changed, sizeof changed);
}
