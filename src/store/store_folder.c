/* SPDX-License-Identifier: MIT
 *
 * Files are added under numbers that no manifest ever named, so that nothing that a reader
 * has open, or that the last commit needs, is touched before the next one.
 */
#include "store/store_folder.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/directory.h"
#include "base/durable.h"
#include "base/file.h"
#include "base/file_lock.h"
#include "base/memory.h"
#include "base/own_folder.h"
#include "base/path.h"
#include "store/checksum.h"
#include "store/forgotten_file.h"
#include "store/store_files.h"

#define PARTS "parts"
#define TEXTS "texts"

enum { MANIFEST_LIMIT = 1 << 30 };

struct store_folder {
    char *path;
    file_lock *lock; /* NULL: not ours */
    manifest manifest;
    bool exists;            /* the manifest was read from a file */
    uint64_t stamp;         /* a hash of the manifest as it is on the disk */
    bool has_joined;        /* people were joined since the last commit */
    uint64_t kept;          /* the file of those that the last commit names; 0: none */
    bool has_failed;        /* a file could not be written */
    size_t forgotten_count; /* of those in the file beside the folder */
    path_list added;        /* files that no commit has named yet */
    glossary *glossary;
};

store_folder *store_folder_new(const char *path)
{
    store_folder *f = memory_alloc_zero(sizeof *f);
    f->path = memory_copy_string(path);
    f->glossary = glossary_new();
    manifest_init(&f->manifest);
    return f;
}

void store_folder_free(store_folder *f)
{
    carpel_error unused;
    if (!f)
        return;
    for (size_t i = 0; i < f->added.count; i++)
        file_remove(f->added.items[i], &unused);
    path_list_done(&f->added);
    file_lock_free(f->lock);
    manifest_done(&f->manifest);
    glossary_free(f->glossary);
    memory_free(f->path);
    memory_free(f);
}

bool store_folder_exists(const store_folder *f)
{
    return f->exists;
}

bool store_folder_has_failed(const store_folder *f)
{
    return f->has_failed;
}

const char *store_folder_path(const store_folder *f)
{
    return f->path;
}

uint64_t store_folder_stamp(const store_folder *f)
{
    return f->stamp;
}

manifest *store_folder_manifest(store_folder *f)
{
    return &f->manifest;
}

glossary *store_folder_glossary(store_folder *f)
{
    return f->glossary;
}

void store_folder_join_texts(store_folder *f)
{
    glossary_write_all(f->glossary);
    f->manifest.texts.count = 0;
}

glossary *store_folder_take_texts(store_folder *f)
{
    glossary *old = f->glossary;
    f->glossary = glossary_new();
    return old;
}

glossary *store_folder_renew_texts(store_folder *f)
{
    f->manifest.texts.count = 0;
    return store_folder_take_texts(f);
}

/* ---- files ---------------------------------------------------------------- */

static char *path_of_file(const store_folder *f, const char *folder, uint64_t number)
{
    text path;
    text_init(&path);
    text_append_format(&path, "%s/%s/%" PRIu64, f->path, folder, number);
    return text_take(&path);
}

/* The path of a file to be written, under a number that nothing has. */
static char *path_of_new(store_folder *f, const char *folder, uint64_t *number)
{
    for (;;) {
        *number = f->manifest.next_number++;
        char *path = path_of_file(f, folder, *number);
        if (!path_is_taken(path))
            return path;
        memory_free(path);
    }
}

static section_file *open_file(const store_folder *f, const char *folder,
                               const manifest_file *file, carpel_error *err)
{
    char *path = path_of_file(f, folder, file->number);
    section_file *opened = section_file_open(path, &file->identity, err);
    memory_free(path);
    return opened;
}

/* The same, with all that is in it, but for what is left out (NULL: nothing). */
static section_file *open_checked(const store_folder *f, const char *folder,
                                  const manifest_file *file, section_choice *is_left_out,
                                  const void *context, carpel_error *err)
{
    section_file *opened = open_file(f, folder, file, err);
    if (opened && section_file_check(opened, is_left_out, context, err))
        return opened;
    section_file_close(opened);
    return NULL;
}

section_file *store_folder_open_part(const store_folder *f, const manifest_file *part,
                                     carpel_error *err)
{
    return open_file(f, PARTS, part, err);
}

bool store_folder_read_refused(const store_folder *f, const manifest_file *part,
                               text *out, carpel_error *err)
{
    section_file *file = open_file(f, PARTS, part, err);
    const section *s = file ? section_file_find(file, ROLE_REFUSED, "refused") : NULL;
    bool is_good = file && (!s || section_check(file, s, err));
    if (is_good && s)
        text_append_bytes(out, s->data, (size_t)s->bytes);
    section_file_close(file);
    return is_good;
}

static bool has_number(const manifest_files *files, const char *name)
{
    char number[24];
    for (size_t i = 0; i < files->count; i++) {
        snprintf(number, sizeof number, "%" PRIu64, files->items[i].number);
        if (strcmp(number, name) == 0)
            return true;
    }
    return false;
}

static bool is_part(const manifest *m, const char *name)
{
    if (has_number(&m->joined.file, name))
        return true;
    for (size_t i = 0; i < m->source_count; i++)
        if (has_number(&m->sources[i].parts, name))
            return true;
    return false;
}

static bool is_texts(const manifest *m, const char *name)
{
    return has_number(&m->texts, name);
}

/* Remove the store's own files of a folder that the manifest does not name. What cannot be removed now
 * is tried again by the next writer. */
static void remove_others(const store_folder *f, const char *folder,
                          bool (*is_named)(const manifest *m, const char *name))
{
    carpel_error unused;
    path_list names = {0};
    char *path = path_join(f->path, folder);
    directory_list(path, &names);
    for (size_t i = 0; i < names.count; i++)
        if (!is_named(&f->manifest, names.items[i])) {
            char *file = path_join(path, names.items[i]);
            if (store_files_is_own(file))
                file_remove(file, &unused);
            memory_free(file);
        }
    path_list_done(&names);
    memory_free(path);
}

static void remove_leftovers(const store_folder *f)
{
    remove_others(f, PARTS, is_part);
    remove_others(f, TEXTS, is_texts);
}

/* ---- reading -------------------------------------------------------------- */

static uint64_t number_of_joined(const manifest *m)
{
    return m->joined.file.count > 0 ? m->joined.file.items[0].number : 0;
}

static bool read_manifest(store_folder *f, carpel_error *err)
{
    char *path = path_join(f->path, STORE_MANIFEST);
    text written;
    text_init(&written);
    bool is_good = path_look(path, &f->exists, err);
    if (is_good && f->exists)
        is_good =
            file_read(path, MANIFEST_LIMIT, &written, err) &&
            manifest_read((slice){written.data, written.size}, path, &f->manifest, err);
    f->stamp = checksum_of(written.data, written.size);
    f->kept = number_of_joined(&f->manifest);
    text_done(&written);
    memory_free(path);
    return is_good;
}

static bool read_forgotten(store_folder *f, carpel_error *err)
{
    return forgotten_file_read(f->path, &f->manifest.forgotten, &f->forgotten_count, err);
}

bool store_folder_look(store_folder *f, carpel_error *err)
{
    return read_manifest(f, err) && read_forgotten(f, err);
}

bool store_folder_look_beside(store_folder *f, carpel_error *err)
{
    return read_forgotten(f, err);
}

static bool read_texts(store_folder *f, carpel_error *err)
{
    const manifest_files *texts = &f->manifest.texts;
    bool is_good = true;
    for (size_t i = 0; is_good && i < texts->count; i++) {
        section_file *file = open_checked(f, TEXTS, &texts->items[i], NULL, NULL, err);
        is_good = file && glossary_read(f->glossary, file, err);
    }
    return is_good;
}

static bool look_and_clear(store_folder *f, carpel_error *err)
{
    if (!store_folder_look(f, err))
        return false;
    if (f->lock)
        remove_leftovers(f);
    return true;
}

bool store_folder_read(store_folder *f, carpel_error *err)
{
    return look_and_clear(f, err) && read_texts(f, err);
}

/* Files are never changed, and their numbers never used twice. */
static bool are_same_files(const manifest_files *a, const manifest_files *b)
{
    bool are_same = a->count == b->count;
    for (size_t i = 0; are_same && i < a->count; i++)
        are_same = a->items[i].number == b->items[i].number &&
                   a->items[i].identity.size == b->items[i].identity.size &&
                   a->items[i].identity.checksum == b->items[i].identity.checksum;
    return are_same;
}

bool store_folder_read_again(store_folder *f, store_folder *before, carpel_error *err)
{
    if (!look_and_clear(f, err))
        return false;
    if (!are_same_files(&f->manifest.texts, &before->manifest.texts))
        return read_texts(f, err);
    glossary *none = f->glossary;
    f->glossary = before->glossary;
    before->glossary = none;
    return true;
}

/* ---- writing -------------------------------------------------------------- */

static bool make_folders(const store_folder *f, carpel_error *err)
{
    char *parts = path_join(f->path, PARTS), *texts = path_join(f->path, TEXTS);
    bool is_good = own_folder_make(f->path, err) && directory_make(parts, err) &&
                   directory_make(texts, err);
    memory_free(parts);
    memory_free(texts);
    return is_good;
}

/* A folder without a manifest becomes a store when nothing of others lies in it. */
bool store_folder_check_place(const store_folder *f, carpel_error *err)
{
    bool has_manifest;
    if (file_exists(f->path))
        return carpel_fail(
            err, CARPEL_E_INPUT,
            "\"%s\" is a file, and a store is a folder: remove the file, or "
            "name another place for the store in carpel.yaml",
            f->path);
    char *path = path_join(f->path, STORE_MANIFEST);
    bool may = path_look(path, &has_manifest, err) &&
               (has_manifest || store_files_may_begin(f->path, err));
    memory_free(path);
    return may;
}

store_lock store_folder_lock(store_folder *f, carpel_error *err)
{
    bool is_busy = false;
    if (!store_folder_check_place(f, err))
        return STORE_OF_OTHERS;
    if (!make_folders(f, err))
        return STORE_READ_ONLY;
    char *path = path_join(f->path, "lock");
    f->lock = file_lock_new(path, &is_busy, err);
    memory_free(path);
    return f->lock ? STORE_LOCKED : is_busy ? STORE_BUSY : STORE_READ_ONLY;
}

bool store_folder_add_part(store_folder *f, manifest_source *s, part_content *content,
                           carpel_error *err)
{
    section_file_identity identity;
    uint64_t number;
    char *path = path_of_new(f, PARTS, &number);
    content->glossary = f->glossary;
    content->forgotten = &f->manifest.forgotten;
    bool is_good = part_write(path, content, &identity, err);
    f->has_failed |= !is_good && err->code == CARPEL_E_SYSTEM;
    if (is_good)
        path_list_add(&f->added, path);
    if (is_good)
        manifest_add_file(&s->parts, number, identity);
    memory_free(path);
    return is_good;
}

bool store_folder_keep_joined(store_folder *f, const manifest_joined *joined,
                              const joined_content *content, carpel_error *err)
{
    section_file_identity identity;
    uint64_t number;
    char *path = path_of_new(f, PARTS, &number);
    bool is_good = joined_file_write(path, content, &identity, err);
    if (is_good) {
        manifest_files file = f->manifest.joined.file;
        file.count = 0;
        manifest_add_file(&file, number, identity);
        f->manifest.joined = *joined;
        f->manifest.joined.file = file;
        path_list_add(&f->added, path);
        f->has_joined = true;
    }
    memory_free(path);
    return is_good;
}

static bool write_texts(store_folder *f, carpel_error *err)
{
    section_file_identity identity;
    if (!glossary_has_new(f->glossary))
        return true;
    uint64_t number;
    char *path = path_of_new(f, TEXTS, &number);
    section_writer *w = section_writer_new(path, err);
    if (w)
        path_list_add(&f->added, path);
    memory_free(path);
    if (!w)
        return false;
    glossary_write(f->glossary, w);
    if (!section_writer_finish(w, &identity, err))
        return false;
    manifest_add_file(&f->manifest.texts, number, identity);
    return true;
}

/* Whoever may read the store may read what is added to it. */
static bool give_rights(const store_folder *f, carpel_error *err)
{
    char *manifest = path_join(f->path, STORE_MANIFEST);
    bool is_good = true;
    for (size_t i = 0; is_good && i < f->added.count; i++)
        is_good = durable_take_rights(f->added.items[i], manifest, err);
    memory_free(manifest);
    return is_good;
}

static void sync_folders(const store_folder *f)
{
    char *parts = path_join(f->path, PARTS), *texts = path_join(f->path, TEXTS);
    durable_sync_folder(parts);
    durable_sync_folder(texts);
    memory_free(parts);
    memory_free(texts);
}

/* It is there before a store in which they are gone: who is stopped in between asks again. */
static bool write_forgotten(store_folder *f, carpel_error *err)
{
    const forgotten *gone = &f->manifest.forgotten;
    if (gone->count == f->forgotten_count)
        return true;
    bool is_good = forgotten_file_write(f->path, gone, err);
    f->forgotten_count = is_good ? gone->count : f->forgotten_count;
    return is_good;
}

/* The manifest named the file of joined people: it goes also when its bytes do not tell any more whose it is. */
static void remove_replaced(store_folder *f)
{
    carpel_error unused;
    uint64_t now = number_of_joined(&f->manifest);
    char *path = path_of_file(f, PARTS, f->kept);
    if (f->kept != 0 && f->kept != now)
        file_remove(path, &unused);
    f->kept = now;
    memory_free(path);
}

static bool commit(store_folder *f, carpel_error *err)
{
    if (!write_texts(f, err) || !give_rights(f, err) || !write_forgotten(f, err))
        return false;
    sync_folders(f);
    if (!f->has_joined) /* of what there was before */
        f->manifest.joined.file.count = 0;
    text written;
    text_init(&written);
    manifest_write(&f->manifest, &written);
    char *path = path_join(f->path, STORE_MANIFEST);
    bool is_good = durable_replace(path, written.data, written.size, err);
    memory_free(path);
    f->stamp = checksum_of(written.data, written.size);
    text_done(&written);
    if (is_good) {
        f->exists = true;
        f->has_joined = false;
        path_list_done(&f->added);
        remove_replaced(f);
        remove_leftovers(f);
    }
    return is_good;
}

bool store_folder_commit(store_folder *f, carpel_error *err)
{
    bool is_good = commit(f, err);
    f->has_failed |= !is_good && err->code == CARPEL_E_SYSTEM;
    return is_good;
}

/* ---- verifying ------------------------------------------------------------ */

typedef struct verifying {
    store_folder *folder;
    store_damage *report;
    void *context;
    size_t damaged;
} verifying;

/* The file of joined people is made anew by whoever reads the store. */
static void report_damage(verifying *v, carpel_error *err, bool is_joined)
{
    carpel_error what = *err;
    if (is_joined)
        carpel_fail(err, what.code,
                    "%s: the next command that reads the store joins the people anew",
                    what.message);
    v->damaged++;
    v->report(v->context, err->message, !is_joined);
}

static void verify_files(verifying *v, const char *folder, const manifest_files *files)
{
    carpel_error err;
    bool is_joined = files == &v->folder->manifest.joined.file;
    for (size_t i = 0; i < files->count; i++) {
        section_file *f = open_file(v->folder, folder, &files->items[i], &err);
        if (!f)
            report_damage(v, &err, is_joined);
        for (size_t k = 0; f && k < section_file_count(f); k++)
            if (!section_check(f, section_file_get(f, k), &err))
                report_damage(v, &err, is_joined);
        section_file_close(f);
    }
}

/* Do those who are kept joined have ids of the store, whose bytes are right? */
static void verify_joined(verifying *v, const schema *s)
{
    carpel_error err;
    const manifest_files *file = &v->folder->manifest.joined.file;
    if (file->count == 0 || schema_find_links(s) == SCHEMA_NONE)
        return;
    arena *memory = arena_new();
    joined_names names = {0};
    section_file *f = open_file(v->folder, PARTS, &file->items[0], &err);
    if (!f || !read_texts(v->folder, &err) ||
        !joined_file_read(f, v->folder->glossary, s, memory, &names, &err))
        report_damage(v, &err, true);
    dictionary_free(names.persons);
    section_file_close(f);
    arena_free(memory);
}

size_t store_folder_verify(store_folder *f, const schema *s, store_damage *report,
                           void *context)
{
    verifying v = {f, report, context, 0};
    carpel_error err;
    if (!read_manifest(f, &err))
        report_damage(&v, &err, false);
    if (!read_forgotten(f, &err)) {
        v.damaged++;
        report(context, err.message, false);
    }
    verify_files(&v, TEXTS, &f->manifest.texts);
    verify_files(&v, PARTS, &f->manifest.joined.file);
    for (size_t i = 0; i < f->manifest.source_count; i++)
        verify_files(&v, PARTS, &f->manifest.sources[i].parts);
    if (v.damaged == 0)
        verify_joined(&v, s);
    return v.damaged;
}
