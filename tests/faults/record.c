/* SPDX-License-Identifier: MIT
 *
 * A record is a head of fixed size, and the two paths and the data behind it.
 */
#include "record.h"

#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "support.h"

typedef struct record_head {
    int kind, fd, flags;
    uint64_t device, inode, path_bytes, to_bytes,
        data_bytes; /* of paths with the NUL; 0: none */
} record_head;

static int file = -1;
static char folder[PATH_MAX]; /* that the process works in */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* ---- writing ---------------------------------------------------------------- */

static void append(int fd, const text *bytes)
{
    insist(write(fd, bytes->data, bytes->size) == (ssize_t)bytes->size, "cannot record");
}

static uint64_t append_path(text *out, const char *path)
{
    size_t before = out->size;
    if (!path)
        return 0;
    if (path[0] != '/')
        text_append_format(out, "%s/", folder);
    text_append_bytes(out, path, strlen(path) + 1);
    return out->size - before;
}

static void identify(int fd, record_head *head)
{
    struct stat st;
    insist(fstat(fd, &st) == 0, "cannot look at an open file");
    head->device = st.st_dev;
    head->inode = st.st_ino;
}

static void hear(const fault_change *c)
{
    record_head head = {.kind = (int)c->kind, .fd = c->fd, .flags = c->flags};
    text all;
    text_init(&all);
    text_append_bytes(&all, (const char *)&head, sizeof head);
    head.path_bytes = append_path(&all, c->path);
    head.to_bytes = append_path(&all, c->to);
    head.data_bytes = c->size;
    if (c->size > 0)
        text_append_bytes(&all, c->data, c->size);
    if (c->kind == CHANGE_OPEN)
        identify(c->fd, &head);
    memcpy(all.data, &head, sizeof head);
    pthread_mutex_lock(&lock);
    append(file, &all);
    pthread_mutex_unlock(&lock);
    text_done(&all);
}

static void append_head(const char *path, int kind)
{
    record_head head = {.kind = kind};
    file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    insist(file >= 0 && write(file, &head, sizeof head) == (ssize_t)sizeof head,
           "cannot record");
}

void record_process(const char *path)
{
    insist(getcwd(folder, sizeof folder), "no working folder");
    append_head(path, RECORD_PROCESS);
    fault_hear(hear);
}

void record_acknowledge(const char *path)
{
    append_head(path, RECORD_ACKNOWLEDGED);
    close(file);
}

/* ---- reading ---------------------------------------------------------------- */

static const char *take(const char **at, uint64_t bytes)
{
    const char *taken = *at;
    *at += bytes;
    return bytes > 0 ? taken : NULL;
}

record *record_read(const char *path)
{
    record *r = memory_alloc_zero(sizeof *r);
    get_file(path, &r->bytes);
    for (const char *at = r->bytes.data, *end = at + r->bytes.size; at < end;) {
        record_head head;
        memcpy(&head, at, sizeof head);
        at += sizeof head;
        memory_grow((void **)&r->items, r->count, &r->capacity, sizeof *r->items);
        recorded *item = &r->items[r->count++];
        *item = (recorded){.kind = head.kind,
                           .fd = head.fd,
                           .flags = head.flags,
                           .size = (size_t)head.data_bytes,
                           .device = head.device,
                           .inode = head.inode};
        item->path = take(&at, head.path_bytes);
        item->to = take(&at, head.to_bytes);
        item->data = take(&at, head.data_bytes);
    }
    return r;
}

void record_free(record *r)
{
    memory_free(r->items);
    text_done(&r->bytes);
    memory_free(r);
}
