/* SPDX-License-Identifier: MIT */
#include "runs/run_forget.h"

#include "base/directory.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/path.h"
#include "runs/run_file.h"

/* The place of an id among sorted ones, or their count. */
static size_t find_place(const remembered_ids *ids, slice id)
{
    size_t low = 0, high = ids->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (slice_compare(ids->items[middle], id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < ids->count && slice_equals(ids->items[low], id) ? low : ids->count;
}

static void drop_id(remembered_run *r, size_t place)
{
    slice *left = arena_alloc_array(r->memory, r->people.count, sizeof *left);
    for (size_t i = 0, kept = 0; i < r->people.count; i++)
        if (i != place)
            left[kept++] = r->people.items[i];
    r->people = (remembered_ids){left, r->people.count - 1};
    remembered_run_drop_packed(r);
}

/* Other ids go that are forgotten, or those of the person at the place (SIZE_MAX: of nobody), behind whom
 * people move up by one. False: there are none such. */
static bool drop_merged(remembered_run *r, slice id, size_t place)
{
    size_t count = r->merged.count, kept = 0;
    slice *ids = arena_alloc_array(r->memory, count + 1, sizeof *ids);
    uint32_t *into = arena_alloc_array(r->memory, count + 1, sizeof *into);
    for (size_t i = 0; i < count; i++) {
        uint32_t of = r->merged_into[i];
        if (of == place || slice_equals(r->merged.items[i], id))
            continue;
        ids[kept] = r->merged.items[i];
        into[kept++] = of - (place != SIZE_MAX && of > place);
    }
    r->merged = (remembered_ids){ids, kept};
    r->merged_into = into;
    remembered_run_drop_packed(r);
    return kept < count;
}

/* The value at an index goes. */
static void drop_value(remembered_run *r, remembered_rule *rule, size_t index)
{
    uint64_t *values = arena_alloc_array(r->memory, (size_t)rule->size, sizeof *values);
    slice *texts = arena_alloc_array(r->memory, (size_t)rule->size, sizeof *texts);
    for (size_t i = 0, kept = 0; i < rule->size; i++) {
        if (i == index)
            continue;
        if (rule->texts)
            texts[kept++] = rule->texts[i];
        else
            values[kept++] = rule->values[i];
    }
    rule->texts = rule->texts ? texts : NULL;
    rule->values = values;
}

/* The numbers without `place`; those behind it move up by one. */
static roaring_bitmap_t *without_place(const roaring_bitmap_t *numbers, uint32_t place)
{
    size_t size = (size_t)roaring_bitmap_get_cardinality(numbers), kept = 0;
    uint32_t *items = memory_alloc_array(size + 1, sizeof *items);
    roaring_bitmap_to_uint32_array(numbers, items);
    for (size_t i = 0; i < size; i++)
        if (items[i] != place)
            items[kept++] = items[i] - (items[i] > place);
    roaring_bitmap_t *left = roaring_bitmap_of_ptr(kept, items);
    roaring_bitmap_run_optimize(left);
    memory_free(items);
    return left;
}

static void drop_place(roaring_bitmap_t **numbers, uint32_t place)
{
    roaring_bitmap_t *left = without_place(*numbers, place);
    roaring_bitmap_free(*numbers);
    *numbers = left;
}

static void drop_member(remembered_run *r, remembered_rule *rule, uint32_t place)
{
    if (rule->kind == REMEMBERED_SCORE && roaring_bitmap_contains(rule->members, place))
        drop_value(r, rule, (size_t)roaring_bitmap_rank(rule->members, place) - 1);
    drop_place(&rule->members, place);
    rule->size = roaring_bitmap_get_cardinality(rule->members);
}

bool remembered_run_forget(remembered_run *r, slice id)
{
    size_t place = find_place(&r->people, id);
    if (place == r->people.count) {
        bool is_other = drop_merged(r, id, SIZE_MAX);
        if (is_other)
            run_file_digest(r);
        return is_other;
    }
    drop_merged(r, id, place);
    drop_id(r, place);
    for (size_t i = 0; i < r->rule_count; i++)
        if (!r->rules[i].is_of_accounts)
            drop_member(r, &r->rules[i], (uint32_t)place);
    for (size_t i = 0; i < r->output_count; i++)
        if (r->outputs[i].withheld)
            drop_place(&r->outputs[i].withheld, (uint32_t)place);
    run_file_digest(r);
    return true;
}

size_t remembered_run_forget_those(remembered_run *r, const forgotten *gone)
{
    size_t count = 0;
    for (size_t i = r->people.count; i-- > 0;)
        count += forgotten_has(gone, r->people.items[i]) &&
                 remembered_run_forget(r, r->people.items[i]);
    for (size_t i = r->merged.count; i-- > 0;)
        if (i < r->merged.count && forgotten_has(gone, r->merged.items[i]))
            count += remembered_run_forget(r, r->merged.items[i]);
    return count;
}

static bool write_anew(const remembered_run *r, const char *path, carpel_error *err)
{
    text bytes;
    text_init(&bytes);
    run_file_write(r, &bytes);
    bool ok = file_write_whole(path, bytes.data, bytes.size, err);
    text_done(&bytes);
    return ok;
}

/* "00000001.run.123-0.tmp", "00000002.forgotten.123-0.tmp": what a process was writing that ended in that. */
static bool is_leftover(const char *name)
{
    slice s = slice_of(name);
    return name[0] >= '0' && name[0] <= '9' && slice_ends_with(s, slice_of(".tmp"));
}

static bool remove_leftovers(const run_folder *f, carpel_error *err)
{
    path_list names = {0};
    bool ok = true;
    directory_list(f->path, &names); /* what cannot be listed has no runs, either */
    for (size_t i = 0; ok && i < names.count; i++)
        if (is_leftover(names.items[i])) {
            char *path = path_join(f->path, names.items[i]);
            ok = file_remove(path, err);
            memory_free(path);
        }
    path_list_done(&names);
    return ok;
}

bool run_folder_forget(const run_folder *f, slice id, size_t *changed, carpel_error *err)
{
    bool ok = remove_leftovers(f, err);
    *changed = 0;
    for (size_t i = 0; i < f->count; i++) {
        remembered_run *r = run_folder_read(f, f->items[i].number, err);
        bool is_known = r && remembered_run_forget(r, id);
        bool is_written = is_known && write_anew(r, f->items[i].path, err);
        *changed += is_written;
        ok = ok && r && is_known == is_written;
        remembered_run_free(r);
    }
    return ok;
}
