/* SPDX-License-Identifier: MIT */
#include "support/loaded.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/directory.h"
#include "base/memory.h"
#include "base/path.h"
#include "store/compact.h"
#include "store/open_store.h"
#include "store/store_folder.h"

enum { MOST_SOURCES = 3, MOST_FILES = 4, PLACES = MOST_SOURCES * MOST_FILES };

static const char *const source_names[MOST_SOURCES] = {"first", "second", "third"};

typedef struct loading {
    const world *world;
    const char *folder;
    uint64_t random;
    size_t begins[PLACES + 1]; /* the first event of each file of each source */
    size_t *homes;             /* of each person: the place whose load gives them a row */
    arena *memory;
} loading;

static size_t draw(loading *l, size_t limit)
{
    uint64_t z = l->random += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (size_t)((z ^ (z >> 31)) % limit);
}

/* ---- splitting ---------------------------------------------------------------- */

/* Cut the events, which stand in the order of arrival, into files, some of them empty. */
static void split(loading *l)
{
    size_t count = l->world->event_count;
    for (size_t i = 1; i < PLACES; i++) {
        size_t cut = draw(l, count + 1), at = i;
        for (; at > 1 && l->begins[at - 1] > cut; at--)
            l->begins[at] = l->begins[at - 1];
        l->begins[at] = cut;
    }
    l->begins[PLACES] = count;
}

static bool has_rows(const world *w, size_t person)
{
    for (size_t i = 0; i < w->event_count; i++)
        if (w->events[i].person == person)
            return true;
    return false;
}

/* Who is known since ever has a row of their own, wherever it is. */
static void find_homes(loading *l)
{
    const world *w = l->world;
    l->homes = arena_alloc_array(l->memory, w->person_count + 1, sizeof *l->homes);
    for (size_t p = 0; p < w->person_count; p++) {
        bool has_row =
            w->schema->trait_count > 0 && (!w->is_known_by_rows || !has_rows(w, p));
        l->homes[p] = has_row ? draw(l, PLACES) : SIZE_MAX;
    }
}

/* ---- one load ----------------------------------------------------------------- */

/* The part of a world that some files have. */
typedef struct piece {
    world world;
    size_t *numbers; /* of people of the whole world; SIZE_MAX: they are not in it */
    origins *origins;
} piece;

static size_t add_person(const loading *l, piece *p, size_t person)
{
    if (p->numbers[person] == SIZE_MAX) {
        p->numbers[person] = p->world.person_count;
        p->world.people[p->world.person_count++] = l->world->people[person];
    }
    return p->numbers[person];
}

static void add_file(const loading *l, piece *p, size_t place)
{
    for (size_t i = 0; i < l->world->person_count; i++)
        if (l->homes[i] == place)
            add_person(l, p, i);
    for (size_t i = l->begins[place]; i < l->begins[place + 1]; i++) {
        world_event e = l->world->events[i];
        e.person = add_person(l, p, e.person);
        p->world.events[p->world.event_count++] = e;
    }
}

static piece new_piece(const loading *l)
{
    const world *w = l->world;
    piece p = {.world = *w, .origins = origins_new()};
    p.numbers = arena_alloc_array(l->memory, w->person_count + 1, sizeof *p.numbers);
    p.world.people = arena_alloc_array(l->memory, w->person_count + 1, sizeof *w->people);
    p.world.events = arena_alloc_array(l->memory, w->event_count + 1, sizeof *w->events);
    p.world.person_count = p.world.event_count = 0;
    for (size_t i = 0; i < w->person_count; i++)
        p.numbers[i] = SIZE_MAX;
    return p;
}

/* Rows of people stand before all others (world_store). */
static size_t count_person_rows(const world *w)
{
    size_t count = 0;
    for (size_t i = 0; w->schema->trait_count > 0 && i < w->person_count; i++)
        count += !w->is_known_by_rows || !has_rows(w, i);
    return count;
}

static void note_origins(const loading *l, piece *p, size_t source, const bool *files)
{
    char name[16] = "0";
    for (size_t i = 0; i < count_person_rows(&p->world); i++)
        origins_note(p->origins, slice_of(name), i + 1);
    for (size_t f = 0; f < MOST_FILES; f++) {
        size_t place = source * MOST_FILES + f;
        snprintf(name, sizeof name, "%zu", f + 1);
        for (size_t i = l->begins[place]; files[f] && i < l->begins[place + 1]; i++)
            origins_note(p->origins, slice_of(name), i + 1);
    }
}

static void check(bool holds, const carpel_error *err)
{
    if (!holds)
        fail_msg("%s", err->message);
}

static store_folder *open_to_write(const loading *l)
{
    carpel_error err;
    store_folder *f = store_folder_new(l->folder);
    check(store_folder_lock(f, &err) == STORE_LOCKED, &err);
    check(store_folder_read(f, &err), &err);
    return f;
}

/* Put some of the last parts together, or all; and all texts. */
static void compact_sometimes(loading *l, store_folder *folder, manifest_source *s)
{
    carpel_error err;
    if (s->parts.count > 1 && draw(l, 4) == 0)
        check(
            compact_parts(folder, l->world->schema, s, draw(l, s->parts.count - 1), &err),
            &err);
    if (draw(l, 8) == 0)
        store_folder_join_texts(folder);
}

/* Load those files of the source; `is_anew`: whatever it had is forgotten. */
static void load(loading *l, size_t source, const bool *files, bool is_anew)
{
    carpel_error err;
    piece p = new_piece(l);
    for (size_t f = 0; f < MOST_FILES; f++)
        if (files[f])
            add_file(l, &p, source * MOST_FILES + f);
    note_origins(l, &p, source, files);
    store_folder *folder = open_to_write(l);
    manifest *m = store_folder_manifest(folder);
    manifest_source *s = manifest_find(m, source_names[source]);
    if (!s || is_anew)
        s = manifest_begin_source(m, source_names[source]);
    store *rows = world_store(&p.world);
    part_content content = {
        .rows = rows, .origins = p.origins, .arrival_base = s->places};
    check(store_folder_add_part(folder, s, &content, &err), &err);
    s->places += origins_row_count(p.origins);
    compact_sometimes(l, folder, s);
    check(store_folder_commit(folder, &err), &err);
    store_free(rows);
    origins_free(p.origins);
    store_folder_free(folder);
}

/* ---- all loads ---------------------------------------------------------------- */

/* Something that is not all of the source, and is forgotten again. */
static void load_otherwise(loading *l, size_t source)
{
    bool files[MOST_FILES];
    for (size_t f = 0; f < MOST_FILES; f++)
        files[f] = draw(l, 2) == 0;
    load(l, source, files, true);
}

/* Each load takes some of the files that are left, of any source. */
static void load_all(loading *l)
{
    bool is_loaded[PLACES] = {false}, has_begun[MOST_SOURCES] = {false};
    for (size_t left = PLACES; left > 0;) {
        size_t source = draw(l, MOST_SOURCES), most = 1 + draw(l, MOST_FILES), count = 0;
        bool files[MOST_FILES] = {false};
        for (size_t tries = 0; tries < MOST_FILES * 2 && count < most; tries++) {
            size_t f = draw(l, MOST_FILES), place = source * MOST_FILES + f;
            if (is_loaded[place])
                continue;
            is_loaded[place] = files[f] = true;
            count++;
        }
        if (count > 0)
            load(l, source, files, !has_begun[source]);
        has_begun[source] |= count > 0;
        left -= count;
    }
}

static store *open_store(const loading *l)
{
    carpel_error err;
    store_folder *f = store_folder_new(l->folder);
    check(store_folder_read(f, &err), &err);
    store *s = store_open(f, l->world->schema, source_names, MOST_SOURCES, NULL, &err);
    check(s, &err);
    store_folder_free(f);
    return s;
}

/* Only files and, above them, folders. */
static void remove_all(const char *path)
{
    path_list names = {0};
    directory_list(path, &names);
    for (size_t i = 0; i < names.count; i++) {
        char *below = path_join(path, names.items[i]);
        if (directory_exists(below))
            remove_all(below);
        else
            unlink(below);
        memory_free(below);
    }
    path_list_done(&names);
    rmdir(path);
}

store *world_loaded_store(const world *w, const char *folder, uint64_t seed)
{
    loading l = {.world = w, .folder = folder, .random = seed, .memory = arena_new()};
    split(&l);
    find_homes(&l);
    for (size_t s = 0; s < MOST_SOURCES; s++)
        if (draw(&l, 3) == 0)
            load_otherwise(&l, s);
    load_all(&l);
    store *result = open_store(&l);
    remove_all(folder);
    arena_free(l.memory);
    return result;
}
