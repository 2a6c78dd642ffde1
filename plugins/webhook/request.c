/* SPDX-License-Identifier: MIT
 *
 * Requests with libcurl.
 */
#include "webhook/request.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "webhook/address.h"

enum {
    PAUSE_MILLISECONDS = 50,
    MOST_BODY_BYTES = 1024 * 1024, /* that are read of an answer */
};

/* ---- what libcurl calls ----------------------------------------------------------- */

/* A request under way. */
typedef struct transfer {
    const requester *requester;
    answer *answer;
    size_t body_bytes;
} transfer;

static curl_socket_t on_open(void *context, curlsocktype purpose,
                             struct curl_sockaddr *address)
{
    const transfer *t = context;
    (void)purpose;
    if (!t->requester->allows_private && address_is_private(&address->addr)) {
        t->answer->is_private = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static size_t on_body(char *data, size_t one, size_t size, void *context)
{
    transfer *t = context;
    size *= one;
    t->body_bytes += size;
    for (size_t i = 0; i < size && t->answer->reason_size < sizeof t->answer->reason - 1;
         i++) {
        bool is_plain = data[i] >= ' ' && data[i] < 0x7f;
        t->answer->reason[t->answer->reason_size++] = is_plain ? data[i] : ' ';
    }
    return t->body_bytes > MOST_BODY_BYTES ? 0 : size;
}

static size_t on_header(char *data, size_t one, size_t size, void *context)
{
    static const char name[] = "retry-after:";
    transfer *t = context;
    size_t begin = sizeof name - 1, end = size * one;
    if (end > begin && strncasecmp(data, name, begin) == 0) {
        while (begin < end && data[begin] == ' ')
            begin++;
        while (end > begin && strchr(" \r\n", data[end - 1]))
            end--;
        snprintf(t->answer->retry_after, sizeof t->answer->retry_after, "%.*s",
                 (int)(end - begin), data + begin);
    }
    return size * one;
}

/* ---- the requester ---------------------------------------------------------------- */

/* The address without what may be a secret. */
static bool show_url(requester *r, const char **scheme)
{
    char *host = NULL, *path = NULL, *found = NULL;
    CURLU *url = curl_url();
    bool ok = curl_url_set(url, CURLUPART_URL, r->url, 0) == CURLUE_OK &&
              curl_url_get(url, CURLUPART_SCHEME, &found, 0) == CURLUE_OK &&
              curl_url_get(url, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
              curl_url_get(url, CURLUPART_PATH, &path, 0) == CURLUE_OK;
    *scheme = ok && strcmp(found, "https") == 0  ? "https"
              : ok && strcmp(found, "http") == 0 ? "http"
                                                 : NULL;
    if (ok)
        snprintf(r->shown, sizeof r->shown, "%s://%s", found, host);
    curl_free(found);
    curl_free(host);
    curl_free(path);
    curl_url_cleanup(url);
    return *scheme != NULL;
}

bool requester_init(requester *r, const carpel_host *host, const char *url,
                    bool allows_private, double timeout_seconds, carpel_error *err)
{
    const char *scheme;
    *r = (requester){.host = host,
                     .url = url,
                     .allows_private = allows_private,
                     .timeout_seconds = timeout_seconds};
    curl_global_init(CURL_GLOBAL_DEFAULT);
    if (!show_url(r, &scheme))
        return carpel_fail(err, CARPEL_E_INPUT,
                           "\"url\" is no address that begins with https://");
    if (strcmp(scheme, "http") == 0 && !allows_private)
        return carpel_fail(
            err, CARPEL_E_INPUT,
            "\"url\" has to begin with https://: people's data would travel "
            "in the open (within a network of your own, "
            "\"private_addresses: true\" allows http)");
    r->multi = curl_multi_init();
    r->easy = curl_easy_init();
    return (r->multi && r->easy) ||
           carpel_fail(err, CARPEL_E_SYSTEM, "libcurl cannot begin");
}

void requester_done(requester *r)
{
    if (r->easy)
        curl_easy_cleanup(r->easy);
    if (r->multi)
        curl_multi_cleanup(r->multi);
}

static void set_up(const requester *r, transfer *t, const struct curl_slist *headers,
                   const char *body, size_t size)
{
    CURL *c = r->easy;
    curl_easy_reset(c);
    curl_easy_setopt(c, CURLOPT_URL, r->url);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(c, CURLOPT_PROXY, "");
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_POST, 1L);
    curl_easy_setopt(c, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)size);
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(c, CURLOPT_USERAGENT, "carpel");
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)(r->timeout_seconds * 1000));
    curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, on_open);
    curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, t);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, t);
    curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(c, CURLOPT_HEADERDATA, t);
    curl_easy_setopt(c, CURLOPT_FRESH_CONNECT, 0L);
}

static bool run(const requester *r, CURLcode *result, carpel_error *err)
{
    int running = 1, left;
    while (running > 0) {
        if (r->host->is_cancelled(r->host))
            return carpel_fail(err, CARPEL_E_CANCELLED, "the work was stopped");
        curl_multi_perform(r->multi, &running);
        if (running > 0)
            curl_multi_poll(r->multi, NULL, 0, PAUSE_MILLISECONDS, NULL);
    }
    CURLMsg *message = curl_multi_info_read(r->multi, &left);
    *result = message ? message->data.result : CURLE_RECV_ERROR;
    return true;
}

bool requester_post(requester *r, const struct curl_slist *headers, const char *body,
                    size_t size, answer *out, carpel_error *err)
{
    CURLcode result = CURLE_OK;
    *out = (answer){0};
    transfer t = {.requester = r, .answer = out};
    set_up(r, &t, headers, body, size);
    curl_multi_add_handle(r->multi, r->easy);
    bool ok = run(r, &result, err);
    curl_multi_remove_handle(r->multi, r->easy);
    if (!ok)
        return false;
    if (result == CURLE_OK)
        curl_easy_getinfo(r->easy, CURLINFO_RESPONSE_CODE, &out->status);
    else
        snprintf(out->reason, sizeof out->reason, "%s", curl_easy_strerror(result));
    return true;
}

/* ---- reaching ---------------------------------------------------------------------- */

static bool is_of_tls(CURLcode result)
{
    return result == CURLE_PEER_FAILED_VERIFICATION ||
           result == CURLE_SSL_CONNECT_ERROR || result == CURLE_SSL_CACERT_BADFILE ||
           result == CURLE_SSL_ISSUER_ERROR || result == CURLE_SSL_CIPHER;
}

static carpel_reach judge(const requester *r, const answer *a, CURLcode result,
                          carpel_error *err)
{
    if (result == CURLE_OK)
        return CARPEL_REACHED;
    if (a->is_private) {
        carpel_fail(err, CARPEL_E_INPUT,
                    "the address of %s is one of a private network or of this machine "
                    "(\"private_addresses: true\" allows it)",
                    r->shown);
        return CARPEL_NO_DATA;
    }
    const char *what = result == CURLE_COULDNT_RESOLVE_HOST ? "no address is known of"
                       : result == CURLE_COULDNT_CONNECT ? "nobody takes connections at"
                       : is_of_tls(result) ? "no safe connection (TLS) can be made to"
                       : result == CURLE_OPERATION_TIMEDOUT ? "no connection in time to"
                                                            : "no connection to";
    carpel_fail(err, CARPEL_E_SYSTEM, "%s %s: %s", what, r->shown,
                curl_easy_strerror(result));
    return CARPEL_UNREACHABLE;
}

carpel_reach requester_reach(requester *r, carpel_error *err)
{
    CURLcode result = CURLE_OK;
    answer a = {0};
    transfer t = {.requester = r, .answer = &a};
    set_up(r, &t, NULL, "", 0);
    curl_easy_setopt(r->easy, CURLOPT_POST, 0L);
    curl_easy_setopt(r->easy, CURLOPT_CONNECT_ONLY, 1L);
    curl_multi_add_handle(r->multi, r->easy);
    bool ok = run(r, &result, err);
    curl_multi_remove_handle(r->multi, r->easy);
    return ok ? judge(r, &a, result, err) : CARPEL_UNREACHABLE;
}

bool requester_wait(const requester *r, double seconds, carpel_error *err)
{
    const struct timespec pause = {0, PAUSE_MILLISECONDS * 1000000L};
    for (double done = 0; done < seconds; done += PAUSE_MILLISECONDS / 1000.0) {
        if (r->host->is_cancelled(r->host))
            return carpel_fail(err, CARPEL_E_CANCELLED, "the work was stopped");
        nanosleep(&pause, NULL);
    }
    return true;
}
