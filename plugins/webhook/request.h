/* SPDX-License-Identifier: MIT
 *
 * request -- one POST of HTTP, or only the connection for one, without following anywhere. The address that is connected to
 * is the one that was checked; waiting asks the host whether somebody wants to stop.
 */
#ifndef WEBHOOK_REQUEST_H
#define WEBHOOK_REQUEST_H

#include <carpel/plugin.h>
#include <curl/curl.h>

#include "common/buffer.h"

typedef struct requester {
    const carpel_host *host;
    const char *url;
    bool allows_private;
    double timeout_seconds;
    CURLM *multi;
    CURL *easy;
    char shown[200]; /* the address for messages: no user, no question */
} requester;

/* What came of it. */
typedef struct answer {
    long status;          /* 0: there was none */
    char reason[300];     /* of no answer; else how the body begins */
    char retry_after[80]; /* empty: none */
    bool is_private;      /* the address was refused */
    size_t reason_size;
} answer;

/* Fails when the address is not one of http(s). */
bool requester_init(requester *r, const carpel_host *host, const char *url,
                    bool allows_private, double timeout_seconds, carpel_error *err);
void requester_done(requester *r);

/* Send a body. False only when somebody wants to stop. */
bool requester_post(requester *r, const struct curl_slist *headers, const char *body,
                    size_t size, answer *out, carpel_error *err);

/* Connect as for a request, with TLS where the address has it, and send nothing. */
carpel_reach requester_reach(requester *r, carpel_error *err);

/* Wait; false when somebody wants to stop. */
bool requester_wait(const requester *r, double seconds, carpel_error *err);

#endif
