/* SPDX-License-Identifier: MIT
 *
 * Rules that differ are judged on both sides, and their members compared.
 */
#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "engine/comparison.h"
#include "engine/identities.h"
#include "engine/parts.h"
#include "exec/score.h"

/* One side of it. */
typedef struct side {
    engine *engine;
    run_result *result; /* NULL: no rule of this side differs */
    history *history;   /* or NULL */
} side;

/* ---- which rules are judged --------------------------------------------- */

static bool is_judged(const rule_difference *d)
{
    return d->kind != DIFFERENCE_RENAMED;
}

/* False: none of the side is to be judged. */
static bool select_side(const comparison *c, engine *e, bool is_before)
{
    bool *selected =
        arena_alloc_array(e->memory, e->book->decls.count + 1, sizeof *selected);
    bool any = false;
    for (size_t i = 0; i < c->count; i++) {
        const rule_difference *d = &c->items[i];
        const ast_decl *decl = is_before ? d->before : d->decl;
        if (is_judged(d) && decl)
            selected[decl->number] = any = true;
    }
    e->book->selected = selected;
    return any && engine_build_again(e);
}

/* ---- judging ------------------------------------------------------------ */

static bool judge_side(const comparison *c, side *s, const comparison_options *options,
                       carpel_error *err)
{
    s->result = engine_run(s->engine, c->as_of, options->threads, NULL, err);
    if (s->result && c->instant_count > 1)
        s->history = engine_history(s->engine, c->instants, c->instant_count,
                                    options->threads, NULL, err);
    return s->result && (c->instant_count <= 1 || s->history);
}

static void side_done(side *s)
{
    history_free(s->history);
    run_result_free(s->result);
}

static void choose_instants(comparison *c, const comparison_options *options)
{
    history_steps steps = {
        .every = {1, UNIT_WEEK}, .last = options->as_of, .count = options->weeks};
    c->as_of = options->as_of;
    c->instant_count = engine_history_instants(c->now, &steps, c->memory, &c->instants);
}

/* ---- members ------------------------------------------------------------ */

static const run_segment *find_segment(const run_result *r, const char *path)
{
    for (size_t i = 0; r && i < r->segment_count; i++)
        if (strcmp(r->segments[i].path, path) == 0)
            return &r->segments[i];
    for (size_t i = 0; r && i < r->group_member_count; i++)
        if (strcmp(r->group_members[i].path, path) == 0)
            return &r->group_members[i];
    return NULL;
}

static const run_score *find_score(const run_result *r, const char *name)
{
    for (size_t i = 0; r && i < r->score_count; i++)
        if (strcmp(r->scores[i].name, name) == 0)
            return &r->scores[i];
    return NULL;
}

static bool is_member(const run_segment *s, const run_population *of, size_t number)
{
    if (!s)
        return false;
    size_t own = run_population_number_in(s->population, of, number);
    return own != SIZE_MAX && bitmap_get(s->members, own);
}

/* Those of `in` who are not in `out`, which may be NULL. */
static moved_people moved_between(const run_segment *in, const run_segment *out,
                                  size_t most, arena *memory)
{
    const run_population *p = in ? in->population : NULL;
    size_t room = !p ? 0 : most < p->count ? most : p->count;
    moved_people m = {.examples = arena_alloc_array(memory, room + 1, sizeof(slice))};
    for (size_t i = 0; p && i < p->count; i++) {
        size_t number = p->order[i];
        if (!bitmap_get(in->members, number) || is_member(out, p, number))
            continue;
        m.count++;
        if (m.example_count < most) {
            slice id = dictionary_text(p->ids, (uint32_t)number);
            m.examples[m.example_count++] =
                (slice){arena_copy_text(memory, id.data, id.size), id.size};
        }
    }
    return m;
}

/* What keeps the first of them out where they are not in. */
static void add_reason(const comparison *c, moved_people *m, engine *where,
                       const char *path)
{
    if (m->example_count > 0 && path)
        m->why =
            engine_reason_line(where, path, m->examples[0].data, c->as_of, c->memory);
}

static void compare_members(const comparison *c, rule_difference *d, const side *before,
                            const side *now, size_t most)
{
    const run_segment *then =
        d->before ? find_segment(before->result, d->path_before) : NULL;
    const run_segment *today = d->decl ? find_segment(now->result, d->path) : NULL;
    d->size_before = then ? then->size : 0;
    d->size = today ? today->size : 0;
    d->entered = moved_between(today, then, most, c->memory);
    d->left = moved_between(then, today, most, c->memory);
    if (d->kind != DIFFERENCE_CHANGED || d->is_of_accounts)
        return;
    add_reason(c, &d->entered, c->before, d->path_before);
    add_reason(c, &d->left, c->now, d->path);
}

/* ---- scores ------------------------------------------------------------- */

static bool has_value(const run_score *s, size_t number)
{
    return s && score_has(s, number);
}

static bool values_differ(const run_score *a, const run_score *b, size_t x, size_t y)
{
    text one, other;
    text_init(&one);
    text_init(&other);
    score_append(a, x, &one);
    score_append(b, y, &other);
    bool differ = strcmp(one.data, other.data) != 0;
    text_done(&one);
    text_done(&other);
    return differ;
}

static size_t count_values(const run_score *s)
{
    size_t count = 0;
    for (size_t i = 0; s && i < s->population->count; i++)
        count += score_has(s, s->population->order[i]);
    return count;
}

static void compare_values(rule_difference *d, const side *before, const side *now)
{
    const run_score *then = d->before ? find_score(before->result, d->path_before) : NULL;
    const run_score *today = d->decl ? find_score(now->result, d->path) : NULL;
    d->size_before = count_values(then);
    d->size = count_values(today);
    for (size_t i = 0; then && today && i < today->population->count; i++) {
        size_t number = today->population->order[i];
        size_t old =
            run_population_number_in(then->population, today->population, number);
        if (old != SIZE_MAX && has_value(today, number) && has_value(then, old))
            d->differing += values_differ(then, today, old, number);
    }
}

/* ---- the last weeks ------------------------------------------------------ */

static size_t *sizes_of(const comparison *c, const history *h, const char *path)
{
    size_t *sizes = arena_alloc_array(c->memory, c->instant_count, sizeof *sizes);
    for (size_t i = 0; h && i < h->segment_count + h->group_count; i++) {
        const history_segment *s =
            i < h->segment_count ? &h->segments[i] : &h->groups[i - h->segment_count];
        if (strcmp(s->path, path) != 0)
            continue;
        for (size_t k = 0; k < c->instant_count; k++)
            sizes[k] = s->points[k].size;
        return sizes;
    }
    return NULL;
}

static void compare_all(comparison *c, const side *before, const side *now, size_t most)
{
    for (size_t i = 0; i < c->count; i++) {
        rule_difference *d = &c->items[i];
        if (!is_judged(d))
            continue;
        if (d->is_score)
            compare_values(d, before, now);
        else
            compare_members(c, d, before, now, most);
        if (d->before)
            d->sizes_before = sizes_of(c, before->history, d->path_before);
        if (d->decl)
            d->sizes = sizes_of(c, now->history, d->path);
    }
}

bool comparison_judge(comparison *c, const comparison_options *options, carpel_error *err)
{
    side before = {.engine = c->before}, now = {.engine = c->now};
    choose_instants(c, options);
    if (!engine_people_at(c->before, c->as_of, err) ||
        !engine_people_at(c->now, c->as_of, err))
        return false;
    bool has_before = select_side(c, c->before, true),
         has_now = select_side(c, c->now, false);
    bool ok = (!has_before || judge_side(c, &before, options, err)) &&
              (!has_now || judge_side(c, &now, options, err));
    if (ok)
        compare_all(c, &before, &now, options->examples);
    if (ok)
        comparison_leave_out_groups(c);
    if (!has_before && !has_now)
        c->instant_count = 0;
    if (ok && (now.result || before.result))
        c->people = (now.result ? now.result : before.result)->people.count;
    side_done(&before);
    side_done(&now);
    return ok;
}
