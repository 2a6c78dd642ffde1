/* SPDX-License-Identifier: MIT
 *
 * Names of transactions. A socket without a file has the name as its address: the system gives that
 * to one at a time, and takes it back when a process ends, however it does.
 */
#include "kafka/claim.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { MOST_CLAIMS = 1000, NAME_BYTES = 100 };

/* FNV-1a: a long name is told from others by this and not by its letters. */
unsigned long long claim_hash(const char *text)
{
    unsigned long long hash = 0xcbf29ce484222325ULL;
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * 0x100000001b3ULL;
    return hash;
}

static bool take(int socket, const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int size = snprintf(address.sun_path + 1, sizeof address.sun_path - 1,
                        "carpel-kafka-%016llx", claim_hash(name));
    return bind(socket, (struct sockaddr *)&address,
                (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)size)) ==
           0;
}

bool claim_begin(claim *c, const char *wanted, carpel_error *err)
{
    c->socket = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    for (int i = 1; c->socket >= 0 && i <= MOST_CLAIMS; i++) {
        if (i == 1)
            snprintf(c->name, sizeof c->name, "%.*s", NAME_BYTES, wanted);
        else
            snprintf(c->name, sizeof c->name, "%.*s-%d", NAME_BYTES, wanted, i);
        if (take(c->socket, c->name))
            return true;
        if (errno != EADDRINUSE)
            break;
    }
    return carpel_fail(err, CARPEL_E_SYSTEM, "no name of transactions is free: %s",
                       strerror(errno));
}

void claim_end(claim *c)
{
    if (c->socket >= 0)
        close(c->socket);
    c->socket = -1;
}
