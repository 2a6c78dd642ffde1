/* SPDX-License-Identifier: MIT
 *
 * A table with open addressing for this load, sorted sections for the earlier ones. Hashes are
 * spread evenly, so the place of one in a sorted section is guessed from its value.
 */
#include "store/taken_ids.h"

#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/memory.h"
#include "store/origins.h"

#define IDS "ids"

/* The ids of a part, and the last of its files in the order of names. */
typedef struct earlier_ids {
    const id_hash *ids;
    size_t count;
    char *last_file;
} earlier_ids;

struct taken_ids {
    id_hash *table; /* both 0: free */
    size_t capacity, count;
    earlier_ids *parts;
    size_t part_count, part_capacity;
};

taken_ids *taken_ids_new(void)
{
    return memory_alloc_zero(sizeof(taken_ids));
}

void taken_ids_free(taken_ids *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->part_count; i++)
        memory_free(t->parts[i].last_file);
    memory_free(t->parts);
    memory_free(t->table);
    memory_free(t);
}

id_hash taken_ids_hash(uint64_t seed, slice id)
{
    XXH128_hash_t h = XXH3_128bits_withSeed(id.data, id.size, seed);
    bool is_zero = h.high64 == 0 && h.low64 == 0;
    return (id_hash){h.high64, h.low64 + is_zero};
}

/* ---- this load ------------------------------------------------------------ */

static bool is_free(id_hash h)
{
    return h.high == 0 && h.low == 0;
}

static bool is_same(id_hash a, id_hash b)
{
    return a.high == b.high && a.low == b.low;
}

/* The place of an id, or the free one that it would have. */
static size_t find_place(const taken_ids *t, id_hash id)
{
    size_t at = (size_t)id.low & (t->capacity - 1);
    while (!is_free(t->table[at]) && !is_same(t->table[at], id))
        at = (at + 1) & (t->capacity - 1);
    return at;
}

static void grow(taken_ids *t)
{
    id_hash *old = t->table;
    size_t old_capacity = t->capacity;
    t->capacity = old_capacity == 0 ? 1024 : old_capacity * 2;
    t->table = memory_alloc_zero_array(t->capacity, sizeof *t->table);
    for (size_t i = 0; i < old_capacity; i++)
        if (!is_free(old[i]))
            t->table[find_place(t, old[i])] = old[i];
    memory_free(old);
}

/* ---- loads before --------------------------------------------------------- */

static int compare(id_hash a, id_hash b)
{
    if (a.high != b.high)
        return a.high < b.high ? -1 : 1;
    return (a.low > b.low) - (a.low < b.low);
}

/* A place between low and high where the id would stand if hashes lay at equal distances. */
static size_t guess(const id_hash *ids, size_t low, size_t high, id_hash id)
{
    uint64_t first = ids[low].high, last = ids[high - 1].high;
    if (id.high <= first || last <= first)
        return low;
    if (id.high >= last)
        return high - 1;
    double share = (double)(id.high - first) / (double)(last - first);
    size_t at = low + (size_t)(share * (double)(high - 1 - low));
    return at < high ? at : high - 1;
}

/* Guessed and halved in turn, so that no data make it slow. */
static bool has_id(const earlier_ids *p, id_hash id)
{
    size_t low = 0, high = p->count;
    for (unsigned step = 0; low < high; step++) {
        size_t at = step % 2 == 0 ? guess(p->ids, low, high, id) : low + (high - low) / 2;
        int order = compare(p->ids[at], id);
        if (order == 0)
            return true;
        if (order < 0)
            low = at + 1;
        else
            high = at;
    }
    return false;
}

/* False: it is there. */
static bool add(taken_ids *t, id_hash id)
{
    if (t->count * 4 >= t->capacity * 3)
        grow(t);
    size_t at = find_place(t, id);
    if (!is_free(t->table[at]))
        return false;
    t->table[at] = id;
    t->count++;
    return true;
}

id_answer taken_ids_take(taken_ids *t, id_hash id, slice file)
{
    for (size_t i = 0; i < t->part_count; i++)
        if (has_id(&t->parts[i], id))
            return slice_compare(file, slice_of(t->parts[i].last_file)) < 0 ? ID_IS_BEHIND
                                                                            : ID_IS_TAKEN;
    return add(t, id) ? ID_IS_NEW : ID_IS_TAKEN;
}

static char *find_last_file(const section_file *f, carpel_error *err)
{
    uint64_t unused;
    origins *o = origins_read(f, &unused, err);
    slice last = {"", 0};
    for (size_t i = 0; o && i < origins_file_count(o); i++) {
        slice name = origins_file(o, i).name;
        last = slice_compare(name, last) > 0 ? name : last;
    }
    char *copy = o ? memory_copy_text(last.data, last.size) : NULL;
    origins_free(o);
    return copy;
}

static bool are_sorted(const id_hash *ids, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (compare(ids[i - 1], ids[i]) >= 0)
            return false;
    return true;
}

/* Check what is read here of a part. */
static bool check_sections(const section_file *f, carpel_error *err)
{
    bool is_good = true;
    for (size_t i = 0; is_good && i < section_file_count(f); i++) {
        const section *s = section_file_get(f, i);
        if (s->role == ROLE_IDS || s->role == ROLE_ORIGINS || s->role == ROLE_LINES)
            is_good = section_check(f, s, err);
    }
    return is_good;
}

/* The ids of a part, checked; *out is NULL when it has none. */
static bool find_ids(const section_file *f, const section **out, carpel_error *err)
{
    const section *s = section_file_find(f, ROLE_IDS, IDS);
    *out = s;
    if (!s)
        return true;
    if (!check_sections(f, err))
        return false;
    if (s->width != 64 || s->count % 2 != 0 || !are_sorted(s->data, (size_t)s->count / 2))
        return carpel_fail(err, CARPEL_E_INPUT,
                           "the store is damaged: \"%s\" has ids in no order",
                           section_file_path(f));
    return true;
}

bool taken_ids_add_part(taken_ids *t, const section_file *f, carpel_error *err)
{
    const section *s;
    if (!find_ids(f, &s, err))
        return false;
    if (!s)
        return true;
    char *last_file = find_last_file(f, err);
    if (!last_file)
        return false;
    memory_grow((void **)&t->parts, t->part_count, &t->part_capacity, sizeof *t->parts);
    t->parts[t->part_count++] = (earlier_ids){s->data, (size_t)s->count / 2, last_file};
    return true;
}

bool taken_ids_keep_part(taken_ids *t, const section_file *f, carpel_error *err)
{
    const section *s;
    if (!find_ids(f, &s, err))
        return false;
    const id_hash *ids = s ? s->data : NULL;
    for (size_t i = 0; s && i < s->count / 2; i++)
        add(t, ids[i]);
    return true;
}

/* ---- in a part ------------------------------------------------------------ */

static int compare_ids(const void *left, const void *right)
{
    return compare(*(const id_hash *)left, *(const id_hash *)right);
}

void taken_ids_write(const taken_ids *t, section_writer *w)
{
    if (t->count == 0)
        return;
    id_hash *sorted = memory_alloc_array(t->count, sizeof *sorted);
    size_t count = 0;
    for (size_t i = 0; i < t->capacity; i++)
        if (!is_free(t->table[i]))
            sorted[count++] = t->table[i];
    qsort(sorted, count, sizeof *sorted, compare_ids);
    section_writer_add(
        w,
        &(section){
            .role = ROLE_IDS, .name = slice_of(IDS), .width = 64, .count = count * 2},
        sorted, count * sizeof *sorted);
    memory_free(sorted);
}
