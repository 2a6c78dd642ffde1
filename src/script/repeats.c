/* SPDX-License-Identifier: MIT
 *
 * Hashes of arguments, and when looking pays.
 */
#include "script/repeats.h"

#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"

/* How looking does for a function. */
typedef struct trial {
    uint32_t asked, found;
    uint32_t pause; /* the last one, in rows */
    uint64_t left;  /* of it */
} trial;

struct repeats {
    uint32_t *rows; /* by hash: the number of a row and 1; 0: none */
    trial *trials;  /* by function */
    size_t trial_count;
    size_t function; /* whose rows these are */
    size_t place;    /* of the row that was looked for last */
    bool looks, is_plain;
};

repeats *repeats_new(void)
{
    return memory_alloc_zero(sizeof(repeats));
}

void repeats_free(repeats *r)
{
    if (!r)
        return;
    memory_free(r->rows);
    memory_free(r->trials);
    memory_free(r);
}

/* ---- arguments -------------------------------------------------------------- */

static uint64_t bits_at(const void *values, size_t row)
{
    uint64_t bits;
    memcpy(&bits, (const char *)values + row * sizeof bits, sizeof bits);
    return bits;
}

static bool is_there(const script_column *c, size_t row)
{
    return !c->present || bitmap_get(c->present, row);
}

/* Equal for equal arguments alone: texts are told apart by their codes, numbers by their bits. */
static uint64_t argument_at(const script_column *c, size_t row)
{
    switch (c->kind) {
    case SCRIPT_BOOL: return bitmap_get(c->values, row);
    case SCRIPT_TEXT: return ((const uint32_t *)c->values)[row];
    default: return bits_at(c->values, row);
    }
}

static const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15);

static uint64_t mix(uint64_t hash, uint64_t bits)
{
    hash = (hash ^ bits) * odd;
    return hash ^ hash >> 32;
}

/* The highest bits are those that all others go into. */
static size_t place_of(uint64_t hash)
{
    return hash * odd >> (64 - REPEATS_KEPT_BITS);
}

static uint64_t hash_plain(const script_rows *rows, size_t row)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < rows->column_count; i++)
        hash = mix(hash, bits_at(rows->columns[i].values, row));
    return hash;
}

static uint64_t hash_any(const script_rows *rows, size_t row)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < rows->column_count; i++) {
        const script_column *c = &rows->columns[i];
        if (!c->is_uniform)
            hash = mix(hash, is_there(c, row) ? argument_at(c, row) : ~UINT64_C(0));
    }
    return hash;
}

static bool are_same_plain(const script_rows *rows, size_t one, size_t other)
{
    for (size_t i = 0; i < rows->column_count; i++) {
        const void *values = rows->columns[i].values;
        if (bits_at(values, one) != bits_at(values, other))
            return false;
    }
    return true;
}

static bool are_same(const script_rows *rows, size_t one, size_t other)
{
    for (size_t i = 0; i < rows->column_count; i++) {
        const script_column *c = &rows->columns[i];
        if (c->is_uniform)
            continue;
        if (is_there(c, one) != is_there(c, other) ||
            (is_there(c, one) && argument_at(c, one) != argument_at(c, other)))
            return false;
    }
    return true;
}

/* ---- does it pay? -------------------------------------------------------------- */

static trial *trial_of(repeats *r, size_t function)
{
    if (function >= r->trial_count) {
        size_t count = function + 16; /* some more, for the next */
        r->trials = memory_resize_array(r->trials, count, sizeof *r->trials);
        memset(r->trials + r->trial_count, 0,
               (count - r->trial_count) * sizeof *r->trials);
        r->trial_count = count;
    }
    return &r->trials[function];
}

static void end_trial(repeats *r, trial *t)
{
    enum { LONGEST_PAUSE = 64 * REPEATS_FIRST_PAUSE };
    if (t->found * 4 >= t->asked) {
        t->pause = 0;
    } else {
        t->pause = t->pause == 0              ? REPEATS_FIRST_PAUSE
                   : t->pause < LONGEST_PAUSE ? t->pause * 2
                                              : LONGEST_PAUSE;
        t->left = t->pause;
        r->looks = false;
    }
    t->asked = t->found = 0;
}

/* ---- rows -------------------------------------------------------------------------- */

static bool can_look(const script_rows *rows)
{
    if (!rows->repeat || rows->row_count < REPEATS_FEWEST_ROWS ||
        rows->row_count >= UINT32_MAX)
        return false;
    for (size_t i = 0; i < rows->column_count; i++)
        if (rows->columns[i].kind == SCRIPT_LIST)
            return false;
    return true;
}

static bool are_plain(const script_rows *rows)
{
    for (size_t i = 0; i < rows->column_count; i++) {
        const script_column *c = &rows->columns[i];
        if (c->present || c->is_uniform || c->kind == SCRIPT_BOOL ||
            c->kind == SCRIPT_TEXT)
            return false;
    }
    return true;
}

bool repeats_begin(repeats *r, const script_rows *rows)
{
    trial *t = trial_of(r, rows->function);
    r->looks = can_look(rows) && t->left == 0;
    t->left -= t->left < rows->row_count ? t->left : rows->row_count;
    if (!r->looks)
        return false;
    if (!r->rows)
        r->rows = memory_alloc_array(REPEATS_KEPT, sizeof *r->rows);
    memset(r->rows, 0, REPEATS_KEPT * sizeof *r->rows);
    r->function = rows->function;
    r->is_plain = are_plain(rows);
    return true;
}

size_t repeats_find(repeats *r, const script_rows *rows, size_t row)
{
    if (!r->looks)
        return SIZE_MAX;
    trial *t = &r->trials[r->function];
    if (t->asked == REPEATS_TRIAL)
        end_trial(r, t);
    if (!r->looks)
        return SIZE_MAX;
    uint64_t hash = r->is_plain ? hash_plain(rows, row) : hash_any(rows, row);
    r->place = place_of(hash);
    size_t before = r->rows[r->place];
    t->asked++;
    if (before == 0 || !(r->is_plain ? are_same_plain(rows, before - 1, row)
                                     : are_same(rows, before - 1, row)))
        return SIZE_MAX;
    t->found++;
    return before - 1;
}

void repeats_keep(repeats *r, size_t row)
{
    if (r->looks)
        r->rows[r->place] = (uint32_t)row + 1;
}
