/* SPDX-License-Identifier: MIT
 *
 * bad -- what the deliberately bad plugins beside this file have in common. Each is wrong
 * in one way, which test_catalog.c expects to be named.
 */
#ifndef PLUGINS_BAD_H
#define PLUGINS_BAD_H

#include <carpel/plugin.h>

static inline bool bad_open(const carpel_host *host, const carpel_request *request,
                            struct ArrowArrayStream *out, carpel_error *err)
{
    (void)host;
    (void)request;
    (void)out;
    return carpel_fail(err, CARPEL_E_PLUGIN, "a bad plugin was opened");
}

__attribute__((unused)) static const carpel_option bad_options[] = {{0}};
__attribute__((unused)) static const carpel_source bad_source = {
    .struct_size = sizeof(carpel_source), .open = bad_open};

/* The members that are right in nearly all of them. */
#define BAD_REST                                                                         \
    .version = "1.0", .summary = "Wrong on purpose.", .options_size = sizeof(int),       \
    .options = bad_options

#endif
