/* SPDX-License-Identifier: MIT
 *
 * Each file has the bytes that a sync has put down, and the writes since; the tree has the names that
 * a sync has put down, and the changes of names since. What is built takes some of these.
 */
#include "disk.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/path.h"
#include "support.h"

enum { MOST_FILES_OPEN = 1024 };

#define JOURNAL "outputs.journal"

typedef struct pending_write {
    uint64_t offset;
    const char *data;
    size_t size;
} pending_write;

/* A file or a folder, whatever its names are. */
typedef struct node {
    bool is_folder;
    uint64_t device, inode; /* when it was recorded */
    text synced;
    pending_write *writes;
    size_t write_count, write_capacity;
    uint64_t size;
} node;

typedef struct entry {
    const node *folder;
    char *name;
    node *is;
} entry;

typedef struct tree {
    entry *items;
    size_t count, capacity;
} tree;

/* A change of names in a folder: `name` stands for another node, or for none; what is renamed
 * loses its old name. */
typedef struct naming {
    const node *folder;
    char *name, *old_name;
    node *is;
} naming;

typedef struct open_file {
    node *is;
    uint64_t offset;
} open_file;

struct disk {
    char *root_path;
    disk_lie lie;
    node **nodes; /* the root is the first */
    size_t node_count, node_capacity;
    tree now, synced;
    naming *namings; /* that no sync has put down */
    size_t naming_count, naming_capacity;
    open_file files[MOST_FILES_OPEN];
};

/* ---- trees ------------------------------------------------------------------ */

static entry *find(const tree *t, const node *folder, const char *name)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->items[i].folder == folder && strcmp(t->items[i].name, name) == 0)
            return &t->items[i];
    return NULL;
}

static void remove_name(tree *t, const node *folder, const char *name)
{
    entry *e = find(t, folder, name);
    if (!e)
        return;
    memory_free(e->name);
    *e = t->items[--t->count];
}

static void set_name(tree *t, const node *folder, const char *name, node *is)
{
    remove_name(t, folder, name);
    memory_grow((void **)&t->items, t->count, &t->capacity, sizeof *t->items);
    t->items[t->count++] = (entry){folder, memory_copy_string(name), is};
}

static void apply_naming(tree *t, const naming *n)
{
    entry *old = n->old_name ? find(t, n->folder, n->old_name) : NULL;
    if (old && old->is == n->is)
        remove_name(t, n->folder, n->old_name);
    if (n->is)
        set_name(t, n->folder, n->name, n->is);
    else
        remove_name(t, n->folder, n->name);
}

static tree copy_tree(const tree *t)
{
    tree copy = {0};
    for (size_t i = 0; i < t->count; i++)
        set_name(&copy, t->items[i].folder, t->items[i].name, t->items[i].is);
    return copy;
}

static void tree_done(tree *t)
{
    for (size_t i = 0; i < t->count; i++)
        memory_free(t->items[i].name);
    memory_free(t->items);
}

/* ---- life ------------------------------------------------------------------- */

static node *new_node(disk *d, bool is_folder)
{
    node *n = memory_alloc_zero(sizeof *n);
    n->is_folder = is_folder;
    text_init(&n->synced);
    memory_grow((void **)&d->nodes, d->node_count, &d->node_capacity, sizeof *d->nodes);
    d->nodes[d->node_count++] = n;
    return n;
}

disk *disk_new(const char *root, disk_lie lie)
{
    disk *d = memory_alloc_zero(sizeof *d);
    d->root_path = memory_copy_string(root);
    d->lie = lie;
    new_node(d, true);
    return d;
}

disk_lie disk_lies(const disk *d)
{
    return d->lie;
}

static void naming_done(naming *n)
{
    memory_free(n->name);
    memory_free(n->old_name);
}

void disk_free(disk *d)
{
    for (size_t i = 0; i < d->node_count; i++) {
        text_done(&d->nodes[i]->synced);
        memory_free(d->nodes[i]->writes);
        memory_free(d->nodes[i]);
    }
    for (size_t i = 0; i < d->naming_count; i++)
        naming_done(&d->namings[i]);
    tree_done(&d->now);
    tree_done(&d->synced);
    memory_free(d->nodes);
    memory_free(d->namings);
    memory_free(d->root_path);
    memory_free(d);
}

/* ---- paths ------------------------------------------------------------------ */

/* A place: a folder of the disk, and a name in it that may stand for something. */
typedef struct place {
    node *folder;            /* NULL: it is outside */
    char name[NAME_MAX + 1]; /* empty: the root itself */
    node *is;
} place;

static place find_place(const disk *d, const char *path)
{
    place p = {0};
    size_t size = strlen(d->root_path);
    if (strncmp(path, d->root_path, size) != 0 ||
        (path[size] != '/' && path[size] != '\0'))
        return p;
    p.folder = p.is = d->nodes[0];
    for (const char *at = path + size; *at; at += strcspn(at, "/")) {
        at += strspn(at, "/");
        size_t length = strcspn(at, "/");
        if (length == 0 || (length == 1 && at[0] == '.'))
            continue;
        p.folder = p.is;
        insist(length <= NAME_MAX && strncmp(at, "..", length) != 0, path);
        memcpy(p.name, at, length);
        p.name[length] = '\0';
        const entry *e = p.folder ? find(&d->now, p.folder, p.name) : NULL;
        p.is = e ? e->is : NULL;
    }
    return p;
}

static void rename_to(disk *d, const place *p, node *is, const char *old_name)
{
    naming n = {p->folder, memory_copy_string(p->name),
                old_name ? memory_copy_string(old_name) : NULL, is};
    apply_naming(&d->now, &n);
    memory_grow((void **)&d->namings, d->naming_count, &d->naming_capacity,
                sizeof *d->namings);
    d->namings[d->naming_count++] = n;
}

/* ---- changes ---------------------------------------------------------------- */

static void do_open(disk *d, const recorded *c)
{
    place p = find_place(d, c->path);
    insist(c->fd < MOST_FILES_OPEN, "too many open files");
    d->files[c->fd] = (open_file){0};
    insist(!p.is || p.is->size == 0 || !(c->flags & O_TRUNC), "a file was cut off");
    if (p.folder && !p.is && (c->flags & O_CREAT)) {
        p.is = new_node(d, false);
        p.is->device = c->device;
        p.is->inode = c->inode;
        rename_to(d, &p, p.is, NULL);
    }
    d->files[c->fd].is = p.is;
    if (p.is && (c->flags & O_APPEND))
        d->files[c->fd].offset = p.is->size;
}

static void do_write(disk *d, const recorded *c)
{
    open_file *f = &d->files[c->fd];
    node *n = f->is;
    if (!n)
        return;
    memory_grow((void **)&n->writes, n->write_count, &n->write_capacity,
                sizeof *n->writes);
    n->writes[n->write_count++] = (pending_write){f->offset, c->data, c->size};
    f->offset += c->size;
    n->size = f->offset > n->size ? f->offset : n->size;
}

static void grow(text *bytes, uint64_t size)
{
    while (bytes->size < size)
        text_append_char(bytes, '\0');
}

/* Put [begin, end) of a write down, as far as the file goes. */
static void put_down(text *bytes, const pending_write *w, uint64_t begin, uint64_t end)
{
    begin = begin > w->offset ? begin : w->offset;
    end = end < w->offset + w->size ? end : w->offset + w->size;
    end = end < bytes->size ? end : bytes->size;
    if (begin < end)
        memcpy(bytes->data + begin, w->data + (begin - w->offset), end - begin);
}

static void sync_file(node *n)
{
    grow(&n->synced, n->size);
    for (size_t i = 0; i < n->write_count; i++)
        put_down(&n->synced, &n->writes[i], 0, UINT64_MAX);
    n->write_count = 0;
}

static void sync_folder(disk *d, const node *folder)
{
    size_t kept = 0;
    for (size_t i = 0; i < d->naming_count; i++) {
        naming n = d->namings[i];
        if (n.folder != folder) {
            d->namings[kept++] = n;
            continue;
        }
        apply_naming(&d->synced, &n);
        naming_done(&n);
    }
    d->naming_count = kept;
}

static void do_sync(disk *d, const recorded *c)
{
    node *n = d->files[c->fd].is;
    if (!n || d->lie == (n->is_folder ? LIE_FOLDERS : LIE_FILES))
        return;
    if (n->is_folder)
        sync_folder(d, n);
    else
        sync_file(n);
}

static void do_rename(disk *d, const recorded *c)
{
    place from = find_place(d, c->path), to = find_place(d, c->to);
    if (!from.is && !to.folder)
        return;
    insist(from.is && from.folder == to.folder, "a rename between two folders");
    if (from.is != to.is) /* two names of one file stay */
        rename_to(d, &to, from.is, from.name);
}

static void set_place(disk *d, const char *path, const char *node_at, bool is_new_folder)
{
    place p = find_place(d, path);
    if (p.folder)
        rename_to(d, &p,
                  is_new_folder ? new_node(d, true)
                  : node_at     ? find_place(d, node_at).is
                                : NULL,
                  NULL);
}

static void begin_process(disk *d)
{
    memset(d->files, 0, sizeof d->files);
}

void disk_apply(disk *d, const recorded *c)
{
    switch (c->kind) {
    case CHANGE_OPEN: do_open(d, c); break;
    case CHANGE_WRITE: do_write(d, c); break;
    case CHANGE_SYNC: do_sync(d, c); break;
    case CHANGE_CLOSE: d->files[c->fd].is = NULL; break;
    case CHANGE_RENAME: do_rename(d, c); break;
    case CHANGE_LINK: set_place(d, c->to, c->path, false); break;
    case CHANGE_UNLINK:
    case CHANGE_RMDIR: set_place(d, c->path, NULL, false); break;
    case CHANGE_MKDIR: set_place(d, c->path, NULL, true); break;
    case RECORD_PROCESS: begin_process(d); break;
    default: break;
    }
}

/* ---- choosing --------------------------------------------------------------- */

static uint64_t draw(uint64_t *state, uint64_t limit)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (z ^ (z >> 31)) % limit;
}

/* Nothing of what was not synced is there, or all, or what came first, or anything. */
typedef enum luck { LUCK_NONE, LUCK_ALL, LUCK_FIRST, LUCK_ANY, LUCK_COUNT } luck;

static tree choose_names(const disk *d, uint64_t *random)
{
    tree t = copy_tree(&d->synced);
    luck l = (luck)draw(random, LUCK_COUNT);
    size_t first = draw(random, d->naming_count + 1);
    for (size_t i = 0; i < d->naming_count; i++)
        if (l == LUCK_ALL || (l == LUCK_FIRST && i < first) ||
            (l == LUCK_ANY && draw(random, 2) == 0))
            apply_naming(&t, &d->namings[i]);
    return t;
}

static void choose_blocks(const node *n, luck l, uint64_t *random, text *bytes)
{
    size_t first = draw(random, n->write_count + 1);
    uint64_t block = draw(random, 2) == 0 ? 512 : 4096;
    for (size_t i = 0; i < n->write_count; i++) {
        const pending_write *w = &n->writes[i];
        bool is_torn = l == LUCK_ANY || (l == LUCK_FIRST && i == first);
        if (l == LUCK_ALL || (l == LUCK_FIRST && i < first))
            put_down(bytes, w, 0, UINT64_MAX);
        for (uint64_t at = w->offset / block * block; is_torn && at < w->offset + w->size;
             at += block)
            if (draw(random, 2) == 0)
                put_down(bytes, w, at, at + block);
    }
}

static void choose_bytes(const node *n, uint64_t *random, text *bytes)
{
    luck l = (luck)draw(random, LUCK_COUNT);
    text_append_bytes(bytes, n->synced.data, n->synced.size);
    if (l == LUCK_NONE)
        return;
    uint64_t grown = n->size > n->synced.size ? n->size - n->synced.size : 0;
    bool is_short = l != LUCK_ALL && draw(random, 3) == 0;
    grow(bytes, n->synced.size + (is_short ? draw(random, grown + 1) : grown));
    choose_blocks(n, l, random, bytes);
}

/* ---- building --------------------------------------------------------------- */

/* A file that was built. */
typedef struct built_file {
    const node *is;
    char *path;
    uint64_t device, inode;
} built_file;

typedef struct building {
    const disk *disk;
    tree names;
    uint64_t random;
    built_file *files;
    size_t count, capacity;
} building;

static const built_file *find_built(const building *b, const node *n)
{
    for (size_t i = 0; i < b->count; i++)
        if (b->files[i].is == n)
            return &b->files[i];
    return NULL;
}

static void write_bytes(const char *path, const text *bytes)
{
    FILE *file = fopen(path, "w");
    insist(file && fwrite(bytes->data, 1, bytes->size, file) == bytes->size &&
               fclose(file) == 0,
           path);
}

static void build_file(building *b, const node *n, const char *path)
{
    const built_file *other = find_built(b, n);
    struct stat st;
    if (other) { /* it has two names */
        insist(link(other->path, path) == 0, path);
        return;
    }
    text bytes;
    text_init(&bytes);
    choose_bytes(n, &b->random, &bytes);
    write_bytes(path, &bytes);
    text_done(&bytes);
    insist(stat(path, &st) == 0, path);
    memory_grow((void **)&b->files, b->count, &b->capacity, sizeof *b->files);
    b->files[b->count++] =
        (built_file){n, memory_copy_string(path), st.st_dev, st.st_ino};
}

static void build_folder(building *b, const node *folder, const char *path)
{
    for (size_t i = 0; i < b->names.count; i++) {
        const entry *e = &b->names.items[i];
        if (e->folder != folder)
            continue;
        char *below = path_join(path, e->name);
        if (e->is->is_folder) {
            insist(mkdir(below, 0777) == 0, below);
            build_folder(b, e->is, below);
        } else {
            build_file(b, e->is, below);
        }
        memory_free(below);
    }
}

/* What a file that is numbered so in the record has as number now. */
static void append_identity(const building *b, uint64_t device, uint64_t inode, text *out)
{
    for (size_t i = 0; i < b->count; i++)
        if (b->files[i].is->device == device && b->files[i].is->inode == inode) {
            text_append_format(out, "%llu:%llu", (unsigned long long)b->files[i].device,
                               (unsigned long long)b->files[i].inode);
            return;
        }
    text_append(out, "0:0");
}

/* Fields of the journal are "DEVICE:INODE" behind a tab; a torn one stays as it is. */
static void mend_journal(const building *b, const char *path)
{
    text before, after;
    text_init(&after);
    get_file(path, &before);
    for (const char *at = before.data, *end = at + before.size; at < end;) {
        unsigned long long device, inode;
        int size = 0;
        if (*at == '\t' &&
            sscanf(at + 1, "%20llu:%20llu%n", &device, &inode, &size) == 2 &&
            at[1 + size] == '\n') {
            text_append_char(&after, '\t');
            append_identity(b, device, inode, &after);
            at += 1 + size;
        } else {
            text_append_char(&after, *at++);
        }
    }
    write_bytes(path, &after);
    text_done(&before);
    text_done(&after);
}

void disk_build(const disk *d, uint64_t seed)
{
    building b = {.disk = d, .random = seed};
    b.names = choose_names(d, &b.random);
    build_folder(&b, d->nodes[0], d->root_path);
    for (size_t i = 0; i < b.count; i++)
        if (strcmp(path_base(b.files[i].path), JOURNAL) == 0)
            mend_journal(&b, b.files[i].path);
    for (size_t i = 0; i < b.count; i++)
        memory_free(b.files[i].path);
    memory_free(b.files);
    tree_done(&b.names);
}
