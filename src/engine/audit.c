/* SPDX-License-Identifier: MIT
 *
 * Everything but the turnover is read from the bitmaps of one run.
 */
#include "engine/audit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "engine/history.h"
#include "engine/parts.h"
#include "engine/uses.h"
#include "exec/score.h"
#include "report/table.h"

const char *const finding_words[] = {
#define X(ID, word, test, advice) word,
#include "engine/findings.def"
#undef X
};
const char *const finding_tests[] = {
#define X(ID, word, test, advice) test,
#include "engine/findings.def"
#undef X
};
const char *const finding_advice[] = {
#define X(ID, word, test, advice) advice,
#include "engine/findings.def"
#undef X
};

/* Where a finding begins. */
#define NEARLY_ALL 0.95 /* of the people */
#define TWINS      0.90 /* Jaccard */
#define INSIDE     0.98 /* of the smaller one, */
#define ALIKE      0.50 /* when that is at least so much of either */
#define RESTLESS   0.50 /* of the size, in a week */
#define COVERED    0.80
enum { WEEKS = 12, MOST_OVERLAPS = 10 };

typedef struct auditing {
    engine *engine;
    const run_result *result;
    const audit_options *options;
    const run_score *value; /* or NULL */
    audit *a;
    size_t finding_capacity, overlap_capacity;
    overlap *all;
    size_t all_count;
} auditing;

static double part_of(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

/* ---- sizes and values ---------------------------------------------------- */

static double value_of(const run_score *s, size_t person)
{
    return s && score_has(s, person) ? score_number(s, person) : 0;
}

/* Of those with a bit; NULL: of all. */
static double sum_values(const auditing *x, const uint64_t *members)
{
    const run_population *p = &x->result->people;
    double sum = 0;
    for (size_t i = 0; x->value && i < p->count; i++)
        if (!members || bitmap_get(members, p->order[i]))
            sum += value_of(x->value, p->order[i]);
    return sum;
}

static const ast_decl *decl_of(const engine *e, const char *path)
{
    char *name = memory_copy_text(path, strcspn(path, "."));
    const ast_decl *decl = rulebook_find(e->book, name);
    memory_free(name);
    return decl;
}

static void add_segments(auditing *x, const run_segment *all, size_t count,
                         bool are_groups)
{
    audit *a = x->a;
    for (size_t i = 0; i < count; i++) {
        if (all[i].population != &x->result->people)
            continue;
        double value = sum_values(x, all[i].members);
        a->items[a->count++] =
            (audited){.path = all[i].path,
                      .title = all[i].title,
                      .segment = &all[i],
                      .decl = decl_of(x->engine, all[i].path),
                      .is_group = are_groups,
                      .share = part_of((double)all[i].size, (double)a->people),
                      .value = value,
                      .value_share = part_of(value, a->value)};
    }
}

static bool find_value(auditing *x, carpel_error *err)
{
    const char *name = x->options->value;
    for (size_t i = 0; name && i < x->result->score_count; i++)
        if (strcmp(x->result->scores[i].name, name) == 0)
            x->value = &x->result->scores[i];
    if (!name)
        return true;
    if (!x->value || !score_is_numeric(x->value) ||
        x->value->population != &x->result->people)
        return carpel_fail(
            err, CARPEL_E_INPUT,
            "the value of people is to be a number of each of them, such as "
            "\"sum(purchase.amount)\"");
    x->a->has_value = true;
    x->a->value = sum_values(x, NULL);
    return true;
}

/* ---- findings ------------------------------------------------------------ */

CARPEL_PRINTF(5, 6)
static void add_finding(auditing *x, finding_kind kind, const audited *about,
                        const audited *other, const char *format, ...)
{
    char numbers[200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(numbers, sizeof numbers, format, arguments);
    va_end(arguments);
    audit *a = x->a;
    memory_grow((void **)&a->findings, a->finding_count, &x->finding_capacity,
                sizeof *a->findings);
    a->findings[a->finding_count++] =
        (finding){kind, about, other, arena_copy_string(a->memory, numbers)};
}

static void look_at_size(auditing *x, const audited *s)
{
    char size[28], people[28], floor[28];
    format_count(s->segment->size, size);
    format_count(x->a->people, people);
    format_count(x->options->floor, floor);
    if (s->segment->size == 0)
        add_finding(x, FINDING_EMPTY, s, NULL, "nobody is in it");
    else if (s->segment->size < x->options->floor)
        add_finding(x, FINDING_SMALL, s, NULL, "%s of %s people (%.1f%%), fewer than %s",
                    size, people, s->share * 100, floor);
    else if (s->share >= NEARLY_ALL)
        add_finding(x, FINDING_NEARLY_ALL, s, NULL, "%s of %s people (%.1f%%)", size,
                    people, s->share * 100);
}

/* Of a set of groups it is the set that is used and owned: it is told of the first group. */
static bool is_first_of_decl(const audit *a, const audited *s)
{
    return s == a->items || s[-1].decl != s->decl;
}

static void look_at_use(auditing *x, const audited *s)
{
    arena *memory = arena_new();
    name_list rules = uses_by_rules(x->engine, s->decl, memory);
    name_list outputs = uses_by_outputs(x->engine, s->decl, s->decl->name.text, memory);
    if (rules.count + outputs.count == 0)
        add_finding(x, FINDING_UNUSED, s, NULL, "no rule and no output");
    if (!s->decl->owner.text)
        add_finding(x, FINDING_NO_OWNER, s, NULL, "no owner");
    arena_free(memory);
}

static void look_at_turnover(auditing *x, const audited *s)
{
    if (s->turnover >= RESTLESS && s->segment->size >= x->options->floor)
        add_finding(x, FINDING_RESTLESS, s, NULL,
                    "in an average week as many enter or leave as %.0f%% of its size",
                    s->turnover * 100);
}

static bool depends_on(const engine *e, const ast_decl *user, const ast_decl *decl)
{
    arena *memory = arena_new();
    name_list users = uses_by_rules(e, decl, memory);
    bool found = false;
    for (size_t i = 0; i < users.count; i++)
        found |= strcmp(users.items[i], user->name.text) == 0;
    arena_free(memory);
    return found;
}

/* One was made of the other: nobody is surprised that it lies inside. */
static bool hang_together(const auditing *x, const overlap *o)
{
    return depends_on(x->engine, o->one->decl, o->other->decl) ||
           depends_on(x->engine, o->other->decl, o->one->decl);
}

static void look_at_overlap(auditing *x, const overlap *o)
{
    char both[28], smaller[28];
    format_count(o->both, both);
    format_count(o->one->segment->size, smaller);
    bool is_inside = o->contained >= INSIDE && o->jaccard >= ALIKE;
    if (o->jaccard >= TWINS)
        add_finding(x, FINDING_TWINS, o->one, o->other,
                    "%s %s in both, %.1f%% of those in either", both,
                    o->both == 1 ? "person is" : "people are", o->jaccard * 100);
    else if (is_inside && !hang_together(x, o) && o->both == o->one->segment->size)
        add_finding(x, FINDING_INSIDE, o->one, o->other,
                    o->both == 1 ? "the %s person of the first is in the second, too"
                                 : "all %s people of the first are in the second, too",
                    both);
    else if (is_inside && !hang_together(x, o))
        add_finding(x, FINDING_INSIDE, o->one, o->other,
                    "%s of the %s people of the first are in the second, too (%.1f%%)",
                    both, smaller, o->contained * 100);
}

/* ---- overlaps ------------------------------------------------------------ */

static size_t count_both(const run_segment *a, const run_segment *b)
{
    size_t count = 0;
    for (size_t w = 0; w < bitmap_words(a->population->number_count); w++)
        count += (size_t)__builtin_popcountll(a->members[w] & b->members[w]);
    return count;
}

static void compare_pair(auditing *x, const audited *a, const audited *b)
{
    if (a->segment->size > b->segment->size) {
        const audited *larger = a;
        a = b;
        b = larger;
    }
    size_t both = count_both(a->segment, b->segment);
    if (both == 0)
        return;
    double one = (double)a->segment->size, other = (double)b->segment->size;
    memory_grow((void **)&x->all, x->all_count, &x->overlap_capacity, sizeof *x->all);
    x->all[x->all_count++] = (overlap){
        a, b, both, (double)both / (one + other - (double)both), (double)both / one};
}

static int by_jaccard(const void *a, const void *b)
{
    double x = ((const overlap *)a)->jaccard, y = ((const overlap *)b)->jaccard;
    return (x < y) - (x > y);
}

/* Groups of one set have nobody in common. */
static void compare_pairs(auditing *x)
{
    audit *a = x->a;
    for (size_t i = 0; i < a->count; i++)
        for (size_t k = i + 1; k < a->count; k++)
            if (a->items[i].decl != a->items[k].decl)
                compare_pair(x, &a->items[i], &a->items[k]);
    if (x->all_count > 0)
        qsort(x->all, x->all_count, sizeof *x->all, by_jaccard);
    a->overlap_count = x->all_count < MOST_OVERLAPS ? x->all_count : MOST_OVERLAPS;
    a->overlaps = arena_alloc_array(a->memory, a->overlap_count + 1, sizeof *a->overlaps);
    for (size_t i = 0; i < a->overlap_count; i++)
        a->overlaps[i] = x->all[i];
}

/* ---- turnover ------------------------------------------------------------- */

static double turnover_of(const history *h, const history_segment *s)
{
    double moved = 0, size = 0;
    for (size_t i = 1; i < h->count; i++) {
        moved += (double)(s->points[i].entered + s->points[i].left);
        size += (double)s->points[i].size;
    }
    return part_of(moved, size);
}

static bool find_turnover(auditing *x, carpel_error *err)
{
    int64_t *instants;
    history_steps steps = {
        .every = {1, UNIT_WEEK}, .last = x->result->as_of, .count = WEEKS};
    size_t count = engine_history_instants(x->engine, &steps, x->a->memory, &instants);
    history *h =
        engine_history(x->engine, instants, count, x->options->threads, NULL, err);
    for (size_t i = 0; h && i < x->a->count; i++) {
        const history_segment *s = history_find(h, x->a->items[i].path);
        x->a->items[i].turnover = s ? turnover_of(h, s) : 0;
    }
    history_free(h);
    return h != NULL;
}

/* ---- cover ---------------------------------------------------------------- */

/* What a segment adds to those that are held already. */
static double gain_of(const auditing *x, const audited *s, const uint64_t *held,
                      bool by_value)
{
    const run_population *p = &x->result->people;
    double gain = 0;
    for (size_t i = 0; i < p->count; i++) {
        size_t person = p->order[i];
        if (bitmap_get(s->segment->members, person) && !bitmap_get(held, person))
            gain += by_value ? value_of(x->value, person) : 1;
    }
    return gain;
}

static const audited *best_gain(const auditing *x, const uint64_t *held, bool by_value,
                                double *gain)
{
    const audited *best = NULL;
    for (size_t i = 0; i < x->a->count; i++) {
        double own = gain_of(x, &x->a->items[i], held, by_value);
        if (own > (best ? *gain : 0)) {
            best = &x->a->items[i];
            *gain = own;
        }
    }
    return best;
}

/* Greedily: the best answer is hard to find, and this one is near it. */
static cover cover_of(const auditing *x, double whole, bool by_value)
{
    audit *a = x->a;
    size_t words = bitmap_words(x->result->people.number_count) + 1;
    uint64_t *held = memory_alloc_zero_array(words, sizeof *held);
    cover c = {arena_alloc_array(a->memory, a->count + 1, sizeof *c.items),
               arena_alloc_array(a->memory, a->count + 1, sizeof *c.reached), 0};
    double reached = 0, gain = 0;
    while (c.count < a->count && reached < COVERED * whole) {
        const audited *best = best_gain(x, held, by_value, &gain);
        if (!best)
            break;
        for (size_t w = 0; w + 1 < words; w++)
            held[w] |= best->segment->members[w];
        reached += gain;
        c.items[c.count] = best;
        c.reached[c.count++] = part_of(reached, whole);
    }
    memory_free(held);
    return c;
}

/* ---- the audit ------------------------------------------------------------ */

static int by_kind(const void *a, const void *b)
{
    const finding *x = a, *y = b;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return x->about < y->about ? -1 : x->about > y->about;
}

static void find_all(auditing *x)
{
    audit *a = x->a;
    for (size_t i = 0; i < a->count; i++) {
        look_at_size(x, &a->items[i]);
        look_at_turnover(x, &a->items[i]);
        if (is_first_of_decl(a, &a->items[i]))
            look_at_use(x, &a->items[i]);
    }
    for (size_t i = 0; i < x->all_count; i++)
        look_at_overlap(x, &x->all[i]);
    if (a->finding_count > 0)
        qsort(a->findings, a->finding_count, sizeof *a->findings, by_kind);
}

static bool work_out(auditing *x, carpel_error *err)
{
    audit *a = x->a;
    const run_result *r = x->result;
    a->people = r->people.count;
    if (!find_value(x, err))
        return false;
    a->items = arena_alloc_array(a->memory, r->segment_count + r->group_member_count + 1,
                                 sizeof *a->items);
    add_segments(x, r->segments, r->segment_count, false);
    add_segments(x, r->group_members, r->group_member_count, true);
    if (!find_turnover(x, err))
        return false;
    compare_pairs(x);
    find_all(x);
    a->of_people = cover_of(x, (double)a->people, false);
    if (a->has_value)
        a->of_value = cover_of(x, a->value, true);
    return true;
}

audit *engine_audit(engine *e, const run_result *result, const audit_options *options,
                    carpel_error *err)
{
    arena *memory = arena_new();
    audit *a = arena_alloc(memory, sizeof *a);
    a->memory = memory;
    auditing x = {.engine = e, .result = result, .options = options, .a = a};
    bool ok = work_out(&x, err);
    memory_free(x.all);
    if (ok)
        return a;
    audit_free(a);
    return NULL;
}

void audit_free(audit *a)
{
    if (!a)
        return;
    memory_free(a->findings);
    arena_free(a->memory);
}
