/* SPDX-License-Identifier: MIT
 *
 * Lists of values, in the order of their rows.
 */
#include <string.h>

#include "base/bitmap.h"
#include "exec/fold.h"
#include "exec/lists.h"

/* ---- items -------------------------------------------------------------- */

static size_t bytes_of(type t, size_t count)
{
    return t.kind == TYPE_BOOL ? (bitmap_words(count) + 1) * sizeof(uint64_t)
                               : (count + 1) * type_value_size(t);
}

list_items *list_items_new(scratch *s, type t, text_origin origin, size_t count)
{
    list_items *items = scratch_take(s, sizeof *items);
    *items = (list_items){.type = t, .origin = origin, .references = 1};
    items->values = scratch_take(s, bytes_of(t, count));
    memset(items->values, 0, bytes_of(t, count));
    return items;
}

void list_items_unref(scratch *s, list_items *items)
{
    if (!items || --items->references > 0)
        return;
    scratch_give(s, items->values);
    scratch_give(s, items);
}

void list_items_share(vector *to, const vector *from)
{
    to->items = from->items;
    if (to->items)
        to->items->references++;
}

/* ---- which rows --------------------------------------------------------- */

/* How many windows reach each row, which overlap where rows have windows of their own: what
 * none reaches has no value. */
static void count_windows(const fold *f, const fold_part *p, uint32_t *windows)
{
    memset(windows, 0, (p->rows->count + 1) * sizeof *windows);
    EACH_GROUP(f, i)
    {
        windows[p->window->begin[i]]++;
        windows[p->window->end[i]]--; /* may go below 0 until the sum is made */
    }
    for (size_t r = 0; r < p->rows->count; r++)
        windows[r + 1] += windows[r];
}

/* For each row, and behind the last, how many items stand before its own. */
static uint32_t *item_places(const fold *f, const fold_part *p)
{
    size_t count = p->rows->count;
    uint32_t *places = scratch_take(f->block->scratch, (count + 1) * sizeof *places);
    count_windows(f, p, places);
    uint32_t items = 0;
    for (size_t r = 0; r < count; r++) {
        bool counts = places[r] > 0 && (!p->selected || bitmap_get(p->selected, r));
        places[r] = items;
        items += counts;
    }
    places[count] = items;
    return places;
}

/* ---- values ------------------------------------------------------------- */

#define COPY_ITEMS(TYPE)                                                                 \
    for (size_t r = 0; r < p->rows->count; r++)                                          \
        if (places[r] < places[r + 1])                                                   \
    ((TYPE *)to)[places[r]] = ((const TYPE *)from)[part_value_index(p, r)]

static void copy_items(const fold_part *p, const uint32_t *places, void *to)
{
    const void *from = p->value->values;
    if (p->value_type.kind == TYPE_BOOL) {
        for (size_t r = 0; r < p->rows->count; r++)
            if (places[r] < places[r + 1])
                bitmap_put(to, places[r], bitmap_get(from, part_value_index(p, r)));
    } else if (type_value_size(p->value_type) == sizeof(uint32_t)) {
        COPY_ITEMS(uint32_t);
    } else {
        COPY_ITEMS(uint64_t);
    }
}

void fold_gather(const fold *f, vector *out)
{
    scratch *s = f->block->scratch;
    int64_t *lists = vector_take(f->block, out, (f->group_count + 1) * sizeof *lists);
    memset(lists, 0, f->group_count * sizeof *lists);
    if (f->part_count == 0)
        return;
    const fold_part *p = &f->parts[0];
    uint32_t *places = item_places(f, p);
    out->items = list_items_new(s, p->value_type, p->origin, places[p->rows->count]);
    copy_items(p, places, out->items->values);
    EACH_GROUP(f, i)
    {
        uint32_t first = places[p->window->begin[i]];
        lists[i] = list_of(first, places[p->window->end[i]] - first);
    }
    scratch_give(s, places);
}
