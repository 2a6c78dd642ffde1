/* SPDX-License-Identifier: MIT
 *
 * Databases of this process, by the options that lead to them.
 */
#include "adbc/shared.h"

#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "common/files.h"
#include "common/memory.h"

/* A database that is open. */
typedef struct shared_database shared_database;
struct shared_database {
    shared_database *next;
    buffer key; /* the options that lead to it */
    adbc_driver driver;
    adbc_object database;
    size_t user_count;
    char *new_file; /* in which nothing is committed yet; or NULL */
};

static shared_database *shared_databases;
static pthread_mutex_t shared_lock = PTHREAD_MUTEX_INITIALIZER;

/* ---- databases ------------------------------------------------------------------------ */

static void add_key(buffer *key, const char *text)
{
    buffer_add_bytes(key, text ? text : "", text ? strlen(text) + 1 : 1);
}

/* The connection's own options may differ, and lead to another database then: no harm. */
static buffer key_of(const session *s)
{
    buffer key = {0};
    add_key(&key, s->project_directory);
    add_key(&key, s->options->driver);
    add_key(&key, s->options->entrypoint);
    add_key(&key, s->options->uri);
    for (size_t i = 0; i < s->options->options.count; i++)
        add_key(&key, s->options->options.items[i]);
    return key;
}

static bool is_of(const shared_database *d, const buffer *key)
{
    return d->key.size == key->size && memcmp(d->key.data, key->data, key->size) == 0;
}

bool shared_join(session *s)
{
    buffer key = key_of(s);
    pthread_mutex_lock(&shared_lock);
    shared_database *d = shared_databases;
    while (d && !is_of(d, &key))
        d = d->next;
    if (d) {
        d->user_count++;
        s->driver = d->driver;
        s->database = d->database;
        s->shared = d;
    }
    pthread_mutex_unlock(&shared_lock);
    buffer_done(&key);
    return d != NULL;
}

void shared_add(session *s)
{
    shared_database *d = common_alloc(1, sizeof *d);
    *d = (shared_database){.key = key_of(s),
                           .driver = s->driver,
                           .database = s->database,
                           .user_count = 1,
                           .new_file = s->new_file};
    s->new_file = NULL;
    pthread_mutex_lock(&shared_lock);
    d->next = shared_databases;
    shared_databases = d;
    s->shared = d;
    pthread_mutex_unlock(&shared_lock);
}

bool shared_leave(session *s)
{
    shared_database *d = s->shared, **place = &shared_databases;
    if (!d)
        return true;
    pthread_mutex_lock(&shared_lock);
    bool is_last = --d->user_count == 0;
    while (is_last && *place != d)
        place = &(*place)->next;
    if (is_last)
        *place = d->next;
    pthread_mutex_unlock(&shared_lock);
    s->shared = NULL;
    if (is_last) {
        s->new_file = d->new_file;
        buffer_done(&d->key);
        free(d);
    }
    return is_last;
}

/* ---- files ----------------------------------------------------------------------------- */

/* What DuckDB calls its file is `path`. */
char *shared_new_file(const session *s)
{
    const carpel_texts *all = &s->options->options;
    for (size_t i = 0; i + 1 < all->count; i += 2) {
        buffer path = {0};
        if (strcmp(all->items[i], "path") != 0)
            continue;
        session_add_text(s->project_directory, all->items[i + 1], false, &path);
        if (path.size > 0 && access(path.data, F_OK) != 0)
            return path.data;
        buffer_done(&path);
    }
    return NULL;
}

bool shared_check_file(session *s, carpel_error *err)
{
    bool ok = true;
    const carpel_texts *all = &s->options->options;
    for (size_t i = 0; ok && i + 1 < all->count; i += 2) {
        buffer path = {0};
        if (strcmp(all->items[i], "path") != 0)
            continue;
        session_add_text(s->project_directory, all->items[i + 1], false, &path);
        ok = path.size == 0 ||
             files_check_regular(path.data,
                                 files_name_below(s->project_directory, path.data), err);
        buffer_done(&path);
    }
    if (!ok)
        s->reach = CARPEL_NO_DATA;
    return ok;
}

void shared_keep_file(session *s)
{
    char *file = NULL;
    if (!s->shared)
        return;
    pthread_mutex_lock(&shared_lock);
    file = s->shared->new_file;
    s->shared->new_file = NULL;
    pthread_mutex_unlock(&shared_lock);
    free(file);
}

/* DuckDB puts the log of a file beside it. */
void shared_remove_file(session *s)
{
    buffer log = {0};
    if (!s->new_file)
        return;
    buffer_add(&log, s->new_file);
    buffer_add(&log, ".wal");
    unlink(s->new_file);
    unlink(log.data);
    buffer_done(&log);
    free(s->new_file);
    s->new_file = NULL;
}
