/* SPDX-License-Identifier: MIT
 *
 * A list that only grows at its head, so that a signal handler can walk it at any instant.
 * An entry that is dropped is used again for the next path that fits.
 */
#include "base/leftovers.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/system.h"

struct leftover {
    leftover *next;
    atomic_bool is_active; /* the rest changes only while this is false */
    bool is_folder;
    bool is_free; /* under the lock */
    pid_t owner;  /* a child that forks off leaves its parent's files alone */
    size_t room;
    char path[];
};

static leftover *_Atomic all;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void remove_at_exit(void)
{
    atexit(leftovers_remove_all);
}

static leftover *find_free(size_t room)
{
    for (leftover *l = atomic_load(&all); l != NULL; l = l->next)
        if (l->is_free && l->room >= room)
            return l;
    return NULL;
}

static leftover *make_entry(size_t room)
{
    leftover *l = memory_alloc_zero(sizeof *l + room);
    l->room = room;
    l->next = atomic_load(&all);
    atomic_store(&all, l);
    return l;
}

static leftover *add(const char *path, bool is_folder)
{
    size_t room = strlen(path) + 1;
    pthread_once(&once, remove_at_exit);
    pthread_mutex_lock(&lock);
    leftover *l = find_free(room);
    if (l == NULL)
        l = make_entry(room);
    l->is_free = false;
    l->is_folder = is_folder;
    l->owner = getpid();
    memcpy(l->path, path, room);
    atomic_store(&l->is_active, true);
    pthread_mutex_unlock(&lock);
    return l;
}

leftover *leftovers_add_file(const char *path)
{
    return add(path, false);
}

leftover *leftovers_add_folder(const char *path)
{
    return add(path, true);
}

void leftovers_drop(leftover *l)
{
    if (l == NULL)
        return;
    atomic_store(&l->is_active, false);
    pthread_mutex_lock(&lock);
    l->is_free = true;
    pthread_mutex_unlock(&lock);
}

static bool is_due(const leftover *l, bool is_folder)
{
    return atomic_load(&l->is_active) && l->is_folder == is_folder &&
           l->owner == getpid();
}

/* A folder may hold another one of the list: as long as one goes, look again. */
void leftovers_remove_all(void)
{
    bool is_removed = true;
    for (leftover *l = atomic_load(&all); l != NULL; l = l->next)
        if (is_due(l, false))
            system_unlink(l->path);
    while (is_removed) {
        is_removed = false;
        for (leftover *l = atomic_load(&all); l != NULL; l = l->next)
            if (is_due(l, true) && system_rmdir(l->path) == 0)
                is_removed = true;
    }
}
