/* SPDX-License-Identifier: MIT
 *
 * The output `webhook`: rows as batches of JSON, each a POST that is signed.
 *
 * write() makes the batches and keeps them in a file without a name. prepare() sends them,
 * when the rows of all outputs are complete: what is sent cannot be taken back, so it is
 * done where the run can still fail and somebody can still stop it.
 */
#include <carpel/plugin.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "common/delivery.h"
#include "common/json_write.h"
#include "common/memory.h"
#include "common/buffer.h"
#include "webhook/letters.h"
#include "webhook/request.h"
#include "webhook/retry.h"
#include "webhook/sign.h"

typedef struct webhook_options {
    const char *url, *dead_letters;
    carpel_texts secret, headers;
    int64_t batch, retries;
    double pause, timeout;
    bool private_addresses;
} webhook_options;

#define AT(member) offsetof(webhook_options, member)

static const carpel_option options_table[] = {
    {.name = "url",
     .type = CARPEL_OPTION_TEXT,
     .offset = AT(url),
     .required = true,
     .secret = true,
     .help = "Where to send the batches, https://...; messages show its host alone."},
    {.name = "secret",
     .type = CARPEL_OPTION_TEXTS,
     .offset = AT(secret),
     .secret = true,
     .help = "The key that signs, \"whsec_...\", or several while one replaces another; "
             "without it nothing is signed."},
    {.name = "headers",
     .type = CARPEL_OPTION_TEXTS,
     .offset = AT(headers),
     .secret = true,
     .help = "Further lines of the head, such as \"X-Team: crm\"."},
    {.name = "batch",
     .type = CARPEL_OPTION_INTEGER,
     .offset = AT(batch),
     .default_text = "500",
     .minimum = 1,
     .maximum = 100000,
     .help = "Rows in one request."},
    {.name = "retries",
     .type = CARPEL_OPTION_INTEGER,
     .offset = AT(retries),
     .default_text = "5",
     .maximum = 100,
     .help = "How often a batch is sent again."},
    {.name = "pause",
     .type = CARPEL_OPTION_NUMBER,
     .offset = AT(pause),
     .default_text = "1",
     .maximum = 60,
     .help =
         "Seconds before the first repetition; each further pause is twice as long, up "
         "to a minute."},
    {.name = "timeout",
     .type = CARPEL_OPTION_NUMBER,
     .offset = AT(timeout),
     .default_text = "30",
     .minimum = 0.1,
     .maximum = 3600,
     .help = "Seconds that one request may take."},
    {.name = "dead_letters",
     .type = CARPEL_OPTION_OUTPUT_PATH,
     .offset = AT(dead_letters),
     .help = "A file for batches that could not be delivered; the next run sends them "
             "first. Without it, the run fails."},
    {.name = "private_addresses",
     .type = CARPEL_OPTION_BOOLEAN,
     .offset = AT(private_addresses),
     .default_text = "false",
     .help = "May the receiver have an address of a private network or this machine, and "
             "be spoken to without https?"},
    {0}};

typedef struct webhook_output {
    const carpel_host *host;
    const carpel_delivery *delivery;
    const webhook_options *options;
    requester requester;
    sign_keys keys;
    FILE *spool;   /* the batches, one behind the other */
    size_t *sizes; /* of each */
    size_t batch_count, row_count;
    buffer body;     /* the batch that is being made */
    letters waiting; /* of earlier runs */
    buffer letters;  /* what is put aside */
    letters_file letters_file;
    size_t letter_count;
    char last_reason[360];
    char stopper[80]; /* the id of the batch behind which all others are put aside */
    bool is_ordered, has_failed;
} webhook_output;

/* ---- batches ---------------------------------------------------------------------- */

static void put(void *context, const char *data, size_t size)
{
    buffer_add_bytes(context, data, size);
}

static void end_batch(webhook_output *o)
{
    if (o->row_count == 0)
        return;
    buffer_add(&o->body, "]}}");
    o->has_failed |= fwrite(o->body.data, 1, o->body.size, o->spool) != o->body.size;
    o->sizes = common_resize(o->sizes, (o->batch_count + 1) * sizeof *o->sizes);
    o->sizes[o->batch_count++] = o->body.size;
    o->row_count = 0;
    buffer_clear(&o->body);
}

static void add_row(void *context, const delivered *row, size_t count)
{
    webhook_output *o = context;
    const json_sink sink = {put, &o->body};
    char head[80];
    if (o->row_count == 0) {
        snprintf(head, sizeof head,
                 "{\"type\":\"carpel.rows\",\"data\":{\"batch\":%zu,\"rows\":[",
                 o->batch_count + 1);
        buffer_add(&o->body, head);
    }
    buffer_add_bytes(&o->body, ",", o->row_count > 0);
    json_write_row(&sink, row, count);
    if (++o->row_count == (size_t)o->options->batch)
        end_batch(o);
}

static bool write_rows(void *instance, struct ArrowArrayStream *rows, carpel_error *err)
{
    webhook_output *o = instance;
    if (!delivery_read(o->host, o->delivery, rows, add_row, o, err))
        return false;
    end_batch(o);
    if (fflush(o->spool) != 0 || o->has_failed)
        return carpel_fail(err, CARPEL_E_SYSTEM, "the batches cannot be kept: %s",
                           strerror(errno));
    return true;
}

/* ---- sending ---------------------------------------------------------------------- */

static struct curl_slist *make_headers(const webhook_output *o, const char *id,
                                       const char *body, size_t size)
{
    buffer line = {0};
    char number[64];
    long long now = (long long)time(NULL);
    struct curl_slist *all = curl_slist_append(NULL, "Content-Type: application/json");
    all = curl_slist_append(all, "Expect:");
    for (size_t i = 0; i < o->options->headers.count; i++)
        all = curl_slist_append(all, o->options->headers.items[i]);
    buffer_add(&line, "webhook-id: ");
    buffer_add(&line, id);
    all = curl_slist_append(all, line.data);
    snprintf(number, sizeof number, "webhook-timestamp: %lld", now);
    all = curl_slist_append(all, number);
    if (o->keys.count > 0) {
        buffer_clear(&line);
        buffer_add(&line, "webhook-signature: ");
        sign_add(&o->keys, id, now, body, size, &line);
        all = curl_slist_append(all, line.data);
    }
    buffer_done(&line);
    return all;
}

static double chance(void)
{
    uint32_t bits = 0;
    if (getrandom(&bits, sizeof bits, GRND_NONBLOCK) != (ssize_t)sizeof bits)
        bits = (uint32_t)clock();
    return bits / 4294967296.0;
}

/* Of the last batch that was not taken. */
static void remember_reason(webhook_output *o, const answer *a)
{
    if (retry_judge(a->status) == VERDICT_TAKEN)
        return;
    if (a->is_private)
        snprintf(o->last_reason, sizeof o->last_reason,
                 "its address is one of a private network or of this machine "
                 "(\"private_addresses: true\" allows it)");
    else if (a->status == 0)
        snprintf(o->last_reason, sizeof o->last_reason, "%s", a->reason);
    else
        snprintf(o->last_reason, sizeof o->last_reason, "it answers %ld%s%.200s",
                 a->status, a->reason[0] != '\0' ? ": " : "", a->reason);
}

static bool try_once(webhook_output *o, const char *id, const char *body, size_t size,
                     answer *out, carpel_error *err)
{
    struct curl_slist *headers = make_headers(o, id, body, size);
    bool ok = requester_post(&o->requester, headers, body, size, out, err);
    curl_slist_free_all(headers);
    remember_reason(o, out);
    return ok;
}

/* False when somebody wants to stop; else *out tells what became of the batch. */
static bool send_batch(webhook_output *o, const char *id, const char *body, size_t size,
                       retry_verdict *out, carpel_error *err)
{
    answer a;
    for (unsigned attempt = 0;; attempt++) {
        if (!try_once(o, id, body, size, &a, err))
            return false;
        *out = a.is_private ? VERDICT_HOPELESS : retry_judge(a.status);
        if (*out != VERDICT_AGAIN || attempt == (unsigned)o->options->retries)
            return true;
        double pause =
            retry_seconds(attempt, o->options->pause, chance(),
                          a.retry_after[0] != '\0' ? a.retry_after : NULL, time(NULL));
        if (!requester_wait(&o->requester, pause, err))
            return false;
    }
}

static void put_aside(webhook_output *o, const char *id, const char *reason,
                      const char *body, size_t size)
{
    letters_add_line(&o->letters, id, reason, body, size);
    o->letter_count++;
}

static void put_behind(webhook_output *o, const char *id, const char *body, size_t size)
{
    char reason[160];
    snprintf(reason, sizeof reason, "it waits behind %s", o->stopper);
    put_aside(o, id, reason, body, size);
}

/* Send a batch, or put it aside. What tells of changes is not sent before what was earlier:
 * who entered last would have left. */
static bool deliver(webhook_output *o, const char *id, const char *body, size_t size,
                    carpel_error *err)
{
    retry_verdict verdict;
    if (o->stopper[0] != '\0') {
        put_behind(o, id, body, size);
        return true;
    }
    if (!send_batch(o, id, body, size, &verdict, err))
        return false;
    if (verdict == VERDICT_TAKEN)
        return true;
    if (!o->options->dead_letters)
        return carpel_fail(
            err, verdict == VERDICT_AGAIN ? CARPEL_E_SYSTEM : CARPEL_E_INPUT,
            "%s does not take the batch %s: %s", o->requester.shown, id, o->last_reason);
    if (verdict != VERDICT_REFUSED || o->is_ordered)
        snprintf(o->stopper, sizeof o->stopper, "%s", id);
    put_aside(o, id, o->last_reason, body, size);
    return true;
}

/* What could not be delivered in earlier runs goes first. */
static bool send_letters(webhook_output *o, carpel_error *err)
{
    const letters *l = &o->waiting;
    bool ok = !o->options->dead_letters ||
              letters_read(&o->waiting, o->options->dead_letters, err);
    for (size_t i = 0; ok && i < l->count; i++)
        ok = deliver(o, l->items[i].id, l->items[i].body, l->items[i].body_size, err);
    return ok;
}

/* Those of a run that is made again may have been among the letters. */
static bool send_batches(webhook_output *o, carpel_error *err)
{
    char *body = NULL;
    bool ok = true;
    rewind(o->spool);
    for (size_t i = 0; ok && i < o->batch_count; i++) {
        char id[SIGN_ID_SIZE];
        body = common_resize(body, o->sizes[i]);
        ok = fread(body, 1, o->sizes[i], o->spool) == o->sizes[i] ||
             carpel_fail(err, CARPEL_E_SYSTEM, "the batches cannot be read again");
        if (!ok)
            break;
        sign_id(o->delivery->run, body, o->sizes[i], id);
        ok = letters_have(&o->waiting, id) || deliver(o, id, body, o->sizes[i], err);
    }
    free(body);
    return ok;
}

static void tell_letters(const webhook_output *o)
{
    char message[1000];
    bool is_one = o->letter_count == 1;
    if (o->letter_count == 0)
        return;
    snprintf(message, sizeof message,
             "%zu %s could not be delivered to %s and wait%s in \"%s\" for the next run: "
             "%s",
             o->letter_count, is_one ? "batch" : "batches", o->requester.shown,
             is_one ? "s" : "", o->options->dead_letters, o->last_reason);
    o->host->log(o->host, CARPEL_LOG_WARNING, message);
}

/* When that fails, it is still told what there was to put aside, and why. */
static bool put_letters(webhook_output *o, carpel_error *err)
{
    carpel_error cause;
    if (!o->options->dead_letters || letters_put(&o->letters_file, &o->letters, &cause))
        return true;
    if (o->letter_count == 0)
        return carpel_fail(err, cause.code, "%s", cause.message);
    return carpel_fail(err, cause.code, "%s; and %s did not take %zu of the batches: %s",
                       cause.message, o->requester.shown, o->letter_count,
                       o->last_reason);
}

static bool prepare(void *instance, carpel_error *err)
{
    webhook_output *o = instance;
    if (!send_letters(o, err) || !send_batches(o, err) || !put_letters(o, err))
        return false;
    tell_letters(o);
    return true;
}

/* ---- the steps of an output ------------------------------------------------------- */

static void close_output(void *instance)
{
    webhook_output *o = instance;
    requester_done(&o->requester);
    sign_keys_done(&o->keys);
    buffer_done(&o->body);
    buffer_done(&o->letters);
    letters_done(&o->waiting);
    letters_close(&o->letters_file);
    if (o->spool)
        fclose(o->spool);
    free(o->sizes);
    free(o);
}

/* A line end in a header would begin another one. */
static bool check_headers(carpel_texts headers, carpel_error *err)
{
    for (size_t i = 0; i < headers.count; i++)
        if (!strchr(headers.items[i], ':') || strpbrk(headers.items[i], "\r\n"))
            return carpel_fail(
                err, CARPEL_E_INPUT,
                "item %zu of \"headers\" is not \"NAME: VALUE\" in one line", i + 1);
    return true;
}

/* Before anything is sent. The host takes care of all other places. */
static bool open_letters(webhook_output *o, carpel_error *err)
{
    const char *path = o->options->dead_letters;
    if (path && strcmp(path, "-") == 0)
        return carpel_fail(err, CARPEL_E_INPUT,
                           "\"dead_letters\" needs a file, and not standard output");
    return !path || letters_open(&o->letters_file, path, err);
}

static bool begin(const carpel_host *host, const carpel_delivery *delivery,
                  void **instance, carpel_error *err)
{
    webhook_output *o = common_alloc(1, sizeof *o);
    const webhook_options *options = delivery->options;
    o->host = host;
    o->delivery = delivery;
    o->options = options;
    o->is_ordered = delivery->changes != NULL;
    bool ok = requester_init(&o->requester, host, options->url,
                             options->private_addresses, options->timeout, err) &&
              sign_keys_read(&o->keys, options->secret, err) &&
              check_headers(options->headers, err) && open_letters(o, err);
    if (ok && !(o->spool = tmpfile()))
        ok = carpel_fail(err, CARPEL_E_SYSTEM, "the batches cannot be kept: %s",
                         strerror(errno));
    if (!ok) {
        close_output(o);
        return false;
    }
    *instance = o;
    return true;
}

/* Nothing is sent: a receiver would have to know what to make of it. */
static carpel_reach check(const carpel_host *host, const carpel_inquiry *inquiry,
                          carpel_error *err)
{
    const webhook_options *options = inquiry->options;
    webhook_output o = {.host = host, .options = options};
    bool is_sound = requester_init(&o.requester, host, options->url,
                                   options->private_addresses, options->timeout, err) &&
                    sign_keys_read(&o.keys, options->secret, err) &&
                    check_headers(options->headers, err);
    carpel_reach reach = is_sound ? requester_reach(&o.requester, err) : CARPEL_NO_DATA;
    requester_done(&o.requester);
    sign_keys_done(&o.keys);
    return reach;
}

static const carpel_output output = {.struct_size = sizeof(carpel_output),
                                     .begin = begin,
                                     .write = write_rows,
                                     .prepare = prepare,
                                     .close = close_output,
                                     .check = check};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_OUTPUT,
    .name = "webhook",
    .version = "1.0",
    .summary = "Results as batches of JSON that are sent to an address, signed.",
    .manual =
        "outputs:\n"
        "  - plugin: webhook\n"
        "    url: https://hooks.example.org/carpel\n"
        "    secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n"
        "    dead_letters: out/undelivered.jsonl\n"
        "\n"
        "Each batch is a POST of {\"type\": \"carpel.rows\", \"data\": {\"batch\": 1, "
        "\"rows\": [...]}},\n"
        "signed as the Standard Webhooks scheme says. A run that is made again "
        "has the same webhook-ids.\n"
        "408, 425, 429, 5xx and no answer are tried again; redirections are not "
        "followed.\n",
    .options_size = sizeof(webhook_options),
    .options = options_table,
    .output = &output,
};
