/* SPDX-License-Identifier: MIT
 *
 * address -- is an address of the network one that the public internet has, or one inside of
 * somebody's network or machine?
 */
#ifndef WEBHOOK_ADDRESS_H
#define WEBHOOK_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/* Also true of what is no address of IPv4 or IPv6. */
bool address_is_private(const struct sockaddr *address);

#endif
