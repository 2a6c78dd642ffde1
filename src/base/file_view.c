/* SPDX-License-Identifier: MIT
 *
 * A file is opened, mapped and closed: the mapping keeps it alive. All mappings stand in a list that
 * only grows at its head, so that a signal handler can walk it at any instant; one that was given
 * back is used again.
 */
#include "base/file_view.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/system.h"

typedef struct mapping {
    struct mapping *next;
    atomic_bool is_active; /* the rest changes only while this is false */
    bool is_taken;         /* under the lock */
    const char *begin;
    size_t size;
    char *path;
} mapping;

static mapping *_Atomic all;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static mapping *take_entry(void)
{
    for (mapping *m = atomic_load(&all); m; m = m->next)
        if (!m->is_taken)
            return m;
    mapping *m = memory_alloc_zero(sizeof *m);
    m->next = atomic_load(&all);
    atomic_store(&all, m);
    return m;
}

static mapping *remember(const void *begin, size_t size, const char *path)
{
    pthread_mutex_lock(&lock);
    mapping *m = take_entry();
    m->is_taken = true;
    m->begin = begin;
    m->size = size;
    m->path = memory_copy_string(path);
    atomic_store(&m->is_active, true);
    pthread_mutex_unlock(&lock);
    return m;
}

static void forget(mapping *m)
{
    pthread_mutex_lock(&lock);
    atomic_store(&m->is_active, false);
    memory_free(m->path);
    m->path = NULL;
    m->is_taken = false;
    pthread_mutex_unlock(&lock);
}

const char *file_view_at(const void *address)
{
    const char *at = address;
    for (const mapping *m = atomic_load(&all); m; m = m->next)
        if (atomic_load(&m->is_active) && at >= m->begin && at < m->begin + m->size)
            return m->path;
    return NULL;
}

static bool map(int fd, const char *path, file_view *out, carpel_error *err)
{
    struct stat st;
    if (system_fstat(fd, &st) != 0)
        return fail_errno(err, "cannot read", path);
    *out = (file_view){.data = (const unsigned char *)"", .size = (size_t)st.st_size};
    if (out->size == 0)
        return true;
    void *mapped = system_map(fd, out->size);
    if (mapped == MAP_FAILED)
        return fail_errno(err, "cannot read", path);
    out->data = out->mapped = mapped;
    out->mapping = remember(mapped, out->size, path);
    return true;
}

bool file_view_open(const char *path, file_view *out, carpel_error *err)
{
    int fd;
    if (!file_open_regular(path, &fd, err))
        return false;
    bool is_mapped = map(fd, path, out, err);
    system_close(fd);
    return is_mapped;
}

void file_view_rest(const file_view *v)
{
    if (v->mapped)
        system_let_go(v->mapped, v->size);
}

void file_view_close(file_view *v)
{
    if (v->mapped) {
        forget(v->mapping);
        system_unmap(v->mapped, v->size);
    }
    *v = (file_view){.data = (const unsigned char *)""};
}
