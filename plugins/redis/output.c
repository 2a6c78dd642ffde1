/* SPDX-License-Identifier: MIT
 *
 * The output `redis`: a set for each segment, or a hash for each score (redis/keys.h).
 *
 * All rows: write() fills keys aside, prepare() queues what puts them in place (MULTI), and commit() has
 * it done in one step (EXEC). Changes are kept in a file until prepare() queues them as additions and
 * removals. What is queued ends with the connection.
 */
#include <carpel/plugin.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/memory.h"
#include "redis/keys.h"
#include "redis/members.h"

enum {
    CHUNK_WORDS = 1000,
    CHUNK_BYTES = 64 * 1024,
    MOST_OWED = 64, /* answers that are not taken yet */
};

/* Keys that a run left behind which was killed are gone after this time. */
#define ASIDE_SECONDS "21600"

typedef struct redis_output_options {
    server_options server;
    const char *prefix;
} redis_output_options;

static const carpel_option options_table[] = {
    SERVER_OPTIONS(offsetof(redis_output_options, server)),
    {.name = "prefix",
     .type = CARPEL_OPTION_TEXT,
     .offset = offsetof(redis_output_options, prefix),
     .default_text = "carpel:",
     .help = "What the keys begin with; behind it stands the segment or score."},
    {0}};

typedef struct redis_output {
    const carpel_host *host;
    const carpel_delivery *delivery;
    server server;
    kept_keys keys;
    member_columns columns;
    bool are_changes; /* that are carried out on what is there */
    size_t owed;      /* answers to what was sent */
    FILE *spool;      /* changes as commands */
    size_t spooled;
    uint64_t left_out; /* rows without a person */
    bool has_asides, has_failed;
    carpel_error error; /* of the first row that could not be sent */
    bool is_unknown;    /* whether EXEC was done, as the connection was lost */
    carpel_error lost;  /* how */
} redis_output;

/* ---- chunks ----------------------------------------------------------------------- */

/* The command for a chunk, to this key; then it is empty. */
static void take_chunk(const redis_output *o, chunk *c, chunk_action what,
                       const char *key, buffer *out)
{
    const char *command = what == CHUNK_REMOVE ? "SREM"
                          : o->keys.are_hashes ? "HSET"
                                               : "SADD";
    command_begin(out, c->count + 2);
    command_add(out, command, strlen(command));
    command_add(out, key, strlen(key));
    buffer_add_bytes(out, c->words.data, c->words.size);
    buffer_clear(&c->words);
    c->count = 0;
}

static bool take_owed(redis_output *o, size_t most, carpel_error *err)
{
    size_t count = o->owed > most ? o->owed - most : 0;
    o->owed -= count;
    return server_skip(&o->server, count, err);
}

static bool send_aside(redis_output *o, kept_key *k, carpel_error *err)
{
    o->has_asides = true;
    take_chunk(o, &k->chunks[CHUNK_ADD], CHUNK_ADD, k->aside, &o->server.out);
    server_add(&o->server, "EXPIRE", k->aside, ASIDE_SECONDS, NULL);
    o->owed += 2;
    return server_send(&o->server, err) && take_owed(o, MOST_OWED, err);
}

static bool spool_change(redis_output *o, kept_key *k, chunk_action what,
                         carpel_error *err)
{
    buffer text = {0};
    take_chunk(o, &k->chunks[what], what, k->key, &text);
    bool ok = fwrite(text.data, 1, text.size, o->spool) == text.size ||
              carpel_fail(err, CARPEL_E_SYSTEM, "the changes cannot be kept: %s",
                          strerror(errno));
    o->spooled++;
    buffer_done(&text);
    return ok;
}

static bool end_chunk(redis_output *o, kept_key *k, chunk_action what, carpel_error *err)
{
    if (k->chunks[what].count == 0)
        return true;
    return o->are_changes ? spool_change(o, k, what, err) : send_aside(o, k, err);
}

static bool end_chunks(redis_output *o, carpel_error *err)
{
    for (size_t i = 0; i < o->keys.count; i++)
        if (!end_chunk(o, &o->keys.items[i], CHUNK_ADD, err) ||
            !end_chunk(o, &o->keys.items[i], CHUNK_REMOVE, err))
            return false;
    return true;
}

/* ---- rows ------------------------------------------------------------------------- */

static void add_value(chunk *c, const delivered *value)
{
    char text[DELIVERED_TEXT_SIZE];
    bool is_text = delivered_is_text(value);
    size_t size = is_text ? value->size : delivered_text(value, text);
    command_add(&c->words, is_text ? value->text : text, size);
    c->count++;
}

/* What is done for the key of this name with the row's person. */
static void add_member(redis_output *o, const delivered *row, const char *name,
                       size_t size, chunk_action what)
{
    kept_key *k = kept_keys_find(&o->keys, name, size);
    chunk *c = &k->chunks[what];
    add_value(c, &row[o->columns.person]);
    if (o->keys.are_hashes)
        add_value(c, &row[o->columns.value]);
    if (c->count >= CHUNK_WORDS || c->words.size >= CHUNK_BYTES)
        o->has_failed = !end_chunk(o, k, what, &o->error);
}

/* The group of a set is named behind it, as members of groups are. */
static void add_group(redis_output *o, const delivered *row, const delivered *group,
                      chunk_action what)
{
    const delivered *name = &row[o->columns.name];
    buffer text = {0};
    buffer_add_bytes(&text, name->text, name->size);
    if (!group->is_missing) {
        buffer_add(&text, ".");
        buffer_add_bytes(&text, group->text, group->size);
    }
    add_member(o, row, text.data, text.size, what);
    buffer_done(&text);
}

static bool is_change(const redis_output *o, const delivered *row, const char *what)
{
    const delivered *change = &row[o->columns.change];
    return change->size == strlen(what) && memcmp(change->text, what, change->size) == 0;
}

/* Who moved leaves one group and enters another. */
static void add_change(redis_output *o, const delivered *row)
{
    if (!is_change(o, row, "entered"))
        add_group(o, row, &row[o->columns.from], CHUNK_REMOVE);
    if (!o->has_failed && !is_change(o, row, "left"))
        add_group(o, row, &row[o->columns.to], CHUNK_ADD);
}

static void add_row(void *context, const delivered *row, size_t count)
{
    redis_output *o = context;
    const member_columns *c = &o->columns;
    (void)count;
    if (o->has_failed || (c->value != NOWHERE && row[c->value].is_missing))
        return;
    if (row[c->person].is_missing || row[c->name].is_missing)
        o->left_out++;
    else if (c->change != NOWHERE)
        add_change(o, row);
    else
        add_member(o, row, row[c->name].text, row[c->name].size, CHUNK_ADD);
}

static void tell_left_out(const redis_output *o)
{
    char message[120];
    if (o->left_out == 0)
        return;
    snprintf(message, sizeof message, "%llu %s without \"person\" left out",
             (unsigned long long)o->left_out, o->left_out == 1 ? "row is" : "rows are");
    o->host->log(o->host, CARPEL_LOG_WARNING, message);
}

static bool write_rows(void *instance, struct ArrowArrayStream *rows, carpel_error *err)
{
    redis_output *o = instance;
    if (!delivery_read(o->host, o->delivery, rows, add_row, o, err))
        return false;
    if (o->has_failed) {
        *err = o->error;
        return false;
    }
    if (!end_chunks(o, err) || !take_owed(o, 0, err))
        return false;
    tell_left_out(o);
    return true;
}

/* ---- putting in place ------------------------------------------------------------- */

/* All that stands aside, for some hours more. */
static bool keep_asides(redis_output *o, carpel_error *err)
{
    for (size_t i = 0; i < o->keys.count; i++)
        server_add(&o->server, "EXPIRE", o->keys.items[i].aside, ASIDE_SECONDS, NULL);
    return server_skip(&o->server, o->keys.count, err);
}

/* From here on nobody else can have changed what the run builds on, or EXEC does nothing. */
static bool watch(redis_output *o, carpel_error *err)
{
    buffer *out = &o->server.out;
    command_begin(out, o->keys.count + 2);
    command_add(out, "WATCH", strlen("WATCH"));
    command_add(out, o->keys.list, strlen(o->keys.list));
    for (size_t i = 0; i < o->keys.count; i++)
        command_add(out, o->keys.items[i].aside, strlen(o->keys.items[i].aside));
    return server_skip(&o->server, 1, err);
}

static bool fail_aside(carpel_error *err)
{
    return carpel_fail(
        err, CARPEL_E_SYSTEM,
        "somebody else has changed or removed keys of this \"prefix\" meanwhile, or "
        "the server had no room for them; nothing was changed (each output needs a "
        "\"prefix\" of its own)");
}

static bool check_asides(redis_output *o, carpel_error *err)
{
    for (size_t i = 0; i < o->keys.count; i++)
        server_add(&o->server, "EXISTS", o->keys.items[i].aside, NULL);
    bool ok = true;
    for (size_t i = 0; ok && i < o->keys.count; i++) {
        redisReply *reply;
        if (!server_take(&o->server, &reply, err))
            return false;
        ok = (reply->type == REDIS_REPLY_INTEGER && reply->integer == 1) ||
             fail_aside(err);
        freeReplyObject(reply);
    }
    return ok;
}

static bool queue_swap(redis_output *o, carpel_error *err)
{
    server_add(&o->server, "MULTI", NULL);
    size_t count = kept_keys_add_swap(&o->keys, &o->server);
    return server_skip(&o->server, count + 1, err);
}

static bool queue_changes(redis_output *o, carpel_error *err)
{
    char bytes[CHUNK_BYTES];
    size_t size;
    server_add(&o->server, "MULTI", NULL);
    if (fflush(o->spool) != 0 || fseek(o->spool, 0, SEEK_SET) != 0)
        return carpel_fail(err, CARPEL_E_SYSTEM, "the changes cannot be kept: %s",
                           strerror(errno));
    while ((size = fread(bytes, 1, sizeof bytes, o->spool)) > 0) {
        buffer_add_bytes(&o->server.out, bytes, size);
        if (!server_send(&o->server, err))
            return false;
    }
    if (ferror(o->spool))
        return carpel_fail(err, CARPEL_E_SYSTEM, "the changes cannot be read again");
    kept_keys_add_names(&o->keys, &o->server);
    return server_skip(&o->server, 1 + o->spooled + KEPT_KEYS_NAMES, err);
}

static bool prepare_keys(redis_output *o, carpel_error *err)
{
    bool is_new;
    if (o->are_changes)
        return kept_keys_read(&o->keys, &o->server, &is_new, err) &&
               kept_keys_check(&o->keys, &o->server, err) && queue_changes(o, err);
    return keep_asides(o, err) && watch(o, err) && check_asides(o, err) &&
           kept_keys_read(&o->keys, &o->server, &is_new, err) &&
           kept_keys_check(&o->keys, &o->server, err) && queue_swap(o, err);
}

static bool prepare(void *instance, carpel_error *err)
{
    return prepare_keys(instance, err) || server_show(err);
}

/* What EXEC answers: nothing, when what was watched has changed; else an answer to each command. */
static bool check_done(redis_output *o, const redisReply *reply, carpel_error *err)
{
    if (reply->type == REDIS_REPLY_NIL)
        return fail_aside(err);
    if (reply->type == REDIS_REPLY_ERROR)
        return server_fail(&o->server, reply, err);
    if (reply->type != REDIS_REPLY_ARRAY)
        return server_fail_form(&o->server, err);
    for (size_t i = 0; i < reply->elements; i++)
        if (reply->element[i]->type == REDIS_REPLY_ERROR)
            return server_fail(&o->server, reply->element[i], err);
    return true;
}

/* The answer is lost; whether it was done, the server may still tell, also later. When it was not, it
 * never will be: what was queued went with the connection. */
static bool ask_whether_done(redis_output *o, carpel_error *err)
{
    carpel_error ignored;
    bool is_done = false;
    bool is_told = server_open_again(&o->server, &ignored) &&
                   kept_keys_ask_mark(&o->keys, &o->server, &is_done, &ignored);
    o->is_unknown = !is_told;
    return is_done ||
           carpel_fail(err, is_told ? CARPEL_E_SYSTEM : o->lost.code,
                       "%.300s; the keys may have changed or not, and the next run "
                       "brings them to "
                       "their state",
                       o->lost.message);
}

/* Somebody else has written the same keys meanwhile; that is one after the other, unless they are
 * others as well: each would remove those of the other. */
static bool prepare_again(redis_output *o, carpel_error *err)
{
    redisReply *before = o->keys.known;
    o->keys.known = NULL;
    bool ok = prepare_keys(o, err) &&
              (kept_keys_have_no_others(&o->keys, before) || fail_aside(err));
    freeReplyObject(before);
    return ok;
}

static bool execute(redis_output *o, redisReply **out, carpel_error *err)
{
    *out = NULL; /* when the server tells it only afterwards */
    if (!o->is_unknown) {
        server_add(&o->server, "EXEC", NULL);
        if (server_take_any(&o->server, out, &o->lost))
            return true;
    }
    return ask_whether_done(o, err);
}

/* Nothing is queued any more that could be done later. */
static bool fail_for_good(carpel_error *err)
{
    if (err->code == CARPEL_E_LATER)
        err->code = CARPEL_E_SYSTEM;
    return false;
}

static bool commit(void *instance, carpel_error *err)
{
    redis_output *o = instance;
    redisReply *reply;
    if (!execute(o, &reply, err))
        return false;
    if (reply && reply->type == REDIS_REPLY_NIL) {
        freeReplyObject(reply);
        if (!prepare_again(o, err) || !execute(o, &reply, err))
            return fail_for_good(err);
    }
    bool ok = !reply || check_done(o, reply, err);
    if (reply)
        freeReplyObject(reply);
    o->has_asides &= !ok;
    return ok || fail_for_good(err);
}

/* What is queued ends with the connection, and what stands aside by another one. When that cannot be
 * made, it goes by itself in time. */
static void abort_output(void *instance)
{
    redis_output *o = instance;
    carpel_error ignored;
    bool has_asides = o->has_asides;
    o->has_asides = false;
    if (!has_asides || !server_open_again(&o->server, &ignored))
        return;
    kept_keys_add_removal(&o->keys, &o->server);
    (void)server_skip(&o->server, 1, &ignored);
}

/* ---- the steps of an output ------------------------------------------------------- */

static void close_output(void *instance)
{
    redis_output *o = instance;
    server_close(&o->server);
    kept_keys_done(&o->keys);
    if (o->spool)
        fclose(o->spool);
    free(o);
}

/* When nothing was taken before, changes tell of everybody, and what was there goes. */
static bool choose_way(redis_output *o, carpel_error *err)
{
    const carpel_delivery *d = o->delivery;
    bool is_new;
    if (!kept_keys_read(&o->keys, &o->server, &is_new, err))
        return false;
    if (d->changes && d->is_sequel && is_new)
        return carpel_fail(
            err, CARPEL_E_INPUT,
            "the sets of \"%.100s\" are gone, and this run has only what changed "
            "since the output's last run; bring them back, or give the output "
            "another \"name\", under which it begins with everybody",
            o->keys.prefix);
    o->are_changes = d->changes && (d->is_sequel || strcmp(d->changes, "all") != 0);
    if (o->are_changes && !(o->spool = tmpfile()))
        return carpel_fail(err, CARPEL_E_SYSTEM, "the changes cannot be kept: %s",
                           strerror(errno));
    return true;
}

static bool begin_keys(redis_output *o, carpel_error *err)
{
    const redis_output_options *options = o->delivery->options;
    return member_columns_find(&o->columns, o->delivery, err) &&
           kept_keys_init(&o->keys, options->prefix, o->columns.value != NOWHERE, err) &&
           server_open(&o->server, &options->server, o->host, err) && choose_way(o, err);
}

static bool begin(const carpel_host *host, const carpel_delivery *delivery,
                  void **instance, carpel_error *err)
{
    redis_output *o = common_alloc(1, sizeof *o);
    o->host = host;
    o->delivery = delivery;
    if (!begin_keys(o, err)) {
        close_output(o);
        return server_show(err);
    }
    *instance = o;
    return true;
}

/* Are the names of what was written there, or nothing? */
static carpel_reach check(const carpel_host *host, const carpel_inquiry *inquiry,
                          carpel_error *err)
{
    const redis_output_options *options = inquiry->options;
    server s = {.reach = CARPEL_NO_DATA};
    kept_keys keys = {0};
    bool is_new;
    carpel_delivery delivery;
    member_columns columns = {.value = NOWHERE};
    bool ok = (!delivery_foreseen(inquiry, &delivery) ||
               member_columns_find(&columns, &delivery, err)) &&
              kept_keys_init(&keys, options->prefix, columns.value != NOWHERE, err) &&
              server_open(&s, &options->server, host, err) &&
              kept_keys_read(&keys, &s, &is_new, err);
    carpel_reach reach = ok ? CARPEL_REACHED : s.reach;
    if (!ok)
        server_show(err);
    server_close(&s);
    kept_keys_done(&keys);
    return reach;
}

static const carpel_output output = {.struct_size = sizeof(carpel_output),
                                     .begin = begin,
                                     .write = write_rows,
                                     .prepare = prepare,
                                     .commit = commit,
                                     .abort = abort_output,
                                     .close = close_output,
                                     .check = check};

CARPEL_EXPORT const carpel_plugin carpel_plugin_v1 = {
    CARPEL_PLUGIN_HEADER,
    .kind = CARPEL_OUTPUT,
    .name = "redis",
    .version = "1.0",
    .summary = "A set of a server of Redis for each segment, a hash for each score.",
    .manual = "outputs:\n"
              "  - plugin: redis\n"
              "    host: redis.example.org\n"
              "    password: ${REDIS_PASSWORD}\n"
              "    prefix: \"carpel:\"\n"
              "\n"
              "SISMEMBER carpel:vip ann tells whether ann is in the segment vip. All "
              "sets of a run "
              "change\n"
              "in one step. With `changes: true`, who entered is added and who left is "
              "removed.\n"
              "`scores: [spent]` makes a hash: HGET carpel:spent ann.\n",
    .options_size = sizeof(redis_output_options),
    .options = options_table,
    .output = &output,
};
