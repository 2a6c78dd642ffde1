/* SPDX-License-Identifier: MIT
 *
 * The ids of both runs are merged once, so that a person has one number for both; then
 * differences are those of bitmaps.
 */
#include "runs/run_changes.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

const char *const change_words[] = {"entered", "left", "moved"};
const char *const change_cause_words[] = {
    "behaviour", "rule", "new rule", "rule gone", "first run", "permission", "merged"};

/* People, or accounts, of both runs. */
typedef struct union_ids {
    const slice *ids; /* of either, sorted */
    size_t count;
    const uint32_t *before, *now; /* the number here of a number there */
    const uint32_t
        *became; /* by number: who they are in the later run; NOBODY; or NULL */
} union_ids;

#define NOBODY UINT32_MAX

typedef struct comparing {
    const remembered_run *before, *now;           /* before: or NULL */
    const remembered_output *took_before, *takes; /* NULL: all */
    union_ids people, accounts;
    run_changes *out;
    arena *memory; /* for what is only needed meanwhile */
} comparing;

/* ---- numbers for both --------------------------------------------------- */

static union_ids unite(const remembered_ids *a, const remembered_ids *b, arena *memory)
{
    size_t i = 0, k = 0, count = 0;
    slice *ids = arena_alloc_array(memory, a->count + b->count + 1, sizeof *ids);
    uint32_t *from_a = arena_alloc_array(memory, a->count + 1, sizeof *from_a);
    uint32_t *from_b = arena_alloc_array(memory, b->count + 1, sizeof *from_b);
    while (i < a->count || k < b->count) {
        int order = i == a->count   ? 1
                    : k == b->count ? -1
                                    : slice_compare(a->items[i], b->items[k]);
        ids[count] = order <= 0 ? a->items[i] : b->items[k];
        if (order <= 0)
            from_a[i++] = (uint32_t)count;
        if (order >= 0)
            from_b[k++] = (uint32_t)count;
        count++;
    }
    return (union_ids){ids, count, from_a, from_b, NULL};
}

/* Who was known by an id that is one of several of somebody now? */
static const uint32_t *find_merged(const union_ids *u, const remembered_run *now,
                                   arena *memory)
{
    uint32_t *became = arena_alloc_array(memory, u->count + 1, sizeof *became);
    size_t m = 0;
    for (size_t i = 0; i < u->count; i++) {
        became[i] = NOBODY;
        while (m < now->merged.count &&
               slice_compare(now->merged.items[m], u->ids[i]) < 0)
            m++;
        if (m < now->merged.count && slice_equals(now->merged.items[m], u->ids[i]))
            became[i] = u->now[now->merged_into[m]];
    }
    return became;
}

static const union_ids *ids_of(const comparing *c, bool of_accounts)
{
    return of_accounts ? &c->accounts : &c->people;
}

static const remembered_output *taking_of(const comparing *c, const remembered_run *run)
{
    return run == c->now ? c->takes : c->took_before;
}

/* Did the output get this member of a rule of the run? */
static bool is_taken(const comparing *c, const remembered_run *run,
                     const remembered_rule *rule, uint32_t place)
{
    const remembered_output *o = taking_of(c, run);
    return remembered_output_took(run, o, rule) &&
           !(o && o->withheld && !rule->is_of_accounts &&
             roaring_bitmap_contains(o->withheld, place));
}

/* The members of a rule (NULL: none) that the output got, in numbers for both. */
static roaring_bitmap_t *renumbered(const comparing *c, const remembered_run *run,
                                    const remembered_rule *rule)
{
    size_t size = rule ? (size_t)rule->size : 0, count = 0;
    const union_ids *ids = ids_of(c, rule && rule->is_of_accounts);
    const uint32_t *numbers = run == c->now ? ids->now : ids->before;
    uint32_t *members = memory_alloc_array(size + 1, sizeof *members);
    if (rule)
        roaring_bitmap_to_uint32_array(rule->members, members);
    for (size_t i = 0; i < size; i++)
        if (is_taken(c, run, rule, members[i]))
            members[count++] = numbers[members[i]];
    roaring_bitmap_t *all = roaring_bitmap_of_ptr(count, members);
    memory_free(members);
    return all;
}

/* ---- rules of both ------------------------------------------------------ */

static bool has_set(const remembered_run *r, const remembered_rule *like)
{
    for (size_t i = 0; r && i < r->rule_count; i++)
        if (r->rules[i].kind == REMEMBERED_GROUP &&
            r->rules[i].is_of_accounts == like->is_of_accounts &&
            slice_equals(r->rules[i].set, like->set))
            return true;
    return false;
}

/* Why people may have changed whether they are in the rule: `now` NULL: it is gone. */
static change_cause cause_of(const comparing *c, const remembered_rule *before,
                             const remembered_rule *now)
{
    if (!c->before)
        return CAUSE_FIRST_RUN;
    if (!before)
        return CAUSE_NEW_RULE;
    if (!now)
        return CAUSE_RULE_GONE;
    bool is_other = c->before->rule_version == c->now->rule_version &&
                    !digest_equals(before->meaning, now->meaning);
    return is_other ? CAUSE_RULE : CAUSE_BEHAVIOUR;
}

/* ---- one segment -------------------------------------------------------- */

/* Is it one of the rule's members, whoever got them? */
static bool is_member(const remembered_rule *rule, const remembered_ids *ids, slice id)
{
    size_t low = 0, high = rule ? ids->count : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = slice_compare(ids->items[middle], id);
        if (order == 0)
            return roaring_bitmap_contains(rule->members, (uint32_t)middle);
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static bool is_member_in(const remembered_run *run, const remembered_rule *rule, slice id)
{
    return run && rule && is_member(rule, remembered_ids_of(run, rule), id);
}

/* Whoever was in and is in, or neither, came or went by what the output may have. */
static change_cause cause_for(const comparing *c, const rule_changes *r,
                              const remembered_rule *before, const remembered_rule *now,
                              slice id)
{
    bool is_through = c->takes || c->took_before;
    return is_through && before && now &&
                   is_member_in(c->before, before, id) == is_member_in(c->now, now, id)
               ? CAUSE_PERMISSION
               : r->cause;
}

static void add_row(rule_changes *r, change_row row)
{
    r->rows[r->row_count++] = row;
    r->entered += row.kind == CHANGE_ENTERED;
    r->left += row.kind == CHANGE_LEFT;
    r->moved += row.kind == CHANGE_MOVED;
}

/* Somebody who was in a rule: whoever has that id now was in it as another. */
static void note_other(const union_ids *ids, size_t number, bool *was_other)
{
    if (ids->became && ids->became[number] != NOBODY)
        was_other[ids->became[number]] = true;
}

/* Does it come of ids that were joined, that somebody left or entered? */
static bool is_merged(const union_ids *ids, const bool *was_other, size_t number,
                      change_kind kind)
{
    if (kind == CHANGE_ENTERED)
        return was_other[number];
    return kind == CHANGE_LEFT && ids->became && ids->became[number] != NOBODY;
}

static bool *others_in(const roaring_bitmap_t *before, const union_ids *ids)
{
    bool *was_other = memory_alloc_zero_array(ids->count + 1, sizeof *was_other);
    roaring_uint32_iterator_t at;
    for (roaring_init_iterator(before, &at); ids->became && at.has_value;
         roaring_advance_uint32_iterator(&at))
        note_other(ids, at.current_value, was_other);
    return was_other;
}

/* Everybody who is in exactly one of the two, in order. */
static void add_rows(const comparing *c, rule_changes *r, const roaring_bitmap_t *was,
                     const roaring_bitmap_t *is, const remembered_rule *before,
                     const remembered_rule *now)
{
    const union_ids *ids = ids_of(c, r->is_of_accounts);
    roaring_bitmap_t *differing = roaring_bitmap_xor(was, is);
    bool *was_other = others_in(was, ids);
    r->rows = arena_alloc_array(c->out->memory,
                                (size_t)roaring_bitmap_get_cardinality(differing) + 1,
                                sizeof *r->rows);
    roaring_uint32_iterator_t at;
    for (roaring_init_iterator(differing, &at); at.has_value;
         roaring_advance_uint32_iterator(&at)) {
        uint32_t number = at.current_value;
        slice id = ids->ids[number];
        change_kind kind =
            roaring_bitmap_contains(is, number) ? CHANGE_ENTERED : CHANGE_LEFT;
        bool merged = is_merged(ids, was_other, number, kind);
        add_row(r, (change_row){.id = id,
                                .kind = kind,
                                .cause = merged ? CAUSE_MERGED
                                                : cause_for(c, r, before, now, id),
                                .from = {"", 0},
                                .to = {"", 0}});
    }
    memory_free(was_other);
    roaring_bitmap_free(differing);
}

static rule_changes *add_item(comparing *c, slice name, bool of_accounts)
{
    rule_changes *r = &c->out->items[c->out->count++];
    *r = (rule_changes){.name = name, .is_of_accounts = of_accounts};
    return r;
}

static void compare_segment(comparing *c, const remembered_rule *before,
                            const remembered_rule *now)
{
    const remembered_rule *rule = now ? now : before;
    rule_changes *r = add_item(c, rule->path, rule->is_of_accounts);
    r->is_group = rule->kind == REMEMBERED_GROUP;
    r->cause = cause_of(c, before, now);
    roaring_bitmap_t *was = renumbered(c, c->before, before);
    roaring_bitmap_t *is = renumbered(c, c->now, now);
    r->size = (size_t)roaring_bitmap_get_cardinality(is);
    r->size_before = (size_t)roaring_bitmap_get_cardinality(was);
    add_rows(c, r, was, is, before, now);
    roaring_bitmap_free(was);
    roaring_bitmap_free(is);
}

/* ---- a set of groups ---------------------------------------------------- */

/* By number: the group of the set that each one is in; NULL: in none. */
static const remembered_rule **groups_of(comparing *c, const remembered_run *run,
                                         const remembered_rule *like)
{
    const union_ids *ids = ids_of(c, like->is_of_accounts);
    const remembered_rule **group =
        arena_alloc_array(c->memory, ids->count + 1, sizeof *group);
    for (size_t i = 0; run && i < run->rule_count; i++) {
        const remembered_rule *rule = &run->rules[i];
        if (rule->kind != REMEMBERED_GROUP ||
            rule->is_of_accounts != like->is_of_accounts ||
            !slice_equals(rule->set, like->set))
            continue;
        const uint32_t *numbers = run == c->now ? ids->now : ids->before;
        roaring_uint32_iterator_t at;
        for (roaring_init_iterator(rule->members, &at); at.has_value;
             roaring_advance_uint32_iterator(&at))
            if (is_taken(c, run, rule, at.current_value))
                group[numbers[at.current_value]] = rule;
    }
    return group;
}

/* A set is another one when any of its groups is, or came, or went. */
static change_cause cause_of_set(const comparing *c, const remembered_rule *like)
{
    change_cause cause = CAUSE_BEHAVIOUR;
    if (!c->before)
        return CAUSE_FIRST_RUN;
    if (!has_set(c->before, like))
        return CAUSE_NEW_RULE;
    if (!has_set(c->now, like))
        return CAUSE_RULE_GONE;
    const remembered_run *const runs[] = {c->before, c->now};
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < runs[k]->rule_count; i++) {
            const remembered_rule *rule = &runs[k]->rules[i];
            if (rule->kind == REMEMBERED_GROUP && slice_equals(rule->set, like->set) &&
                rule->is_of_accounts == like->is_of_accounts &&
                cause_of(c, remembered_run_find(c->before, rule),
                         remembered_run_find(c->now, rule)) != CAUSE_BEHAVIOUR)
                cause = CAUSE_RULE;
        }
    return cause;
}

static bool is_same_group(const remembered_rule *a, const remembered_rule *b)
{
    return a == b || (a && b && slice_equals(a->name, b->name));
}

/* A group that somebody was in, is in now, too, or the other way round. */
static change_cause cause_of_move(const comparing *c, const rule_changes *r,
                                  const remembered_rule *was, const remembered_rule *is,
                                  slice id)
{
    const remembered_rule *before = was ? was : remembered_run_find(c->before, is);
    const remembered_rule *now = is ? is : remembered_run_find(c->now, was);
    bool is_move = was && is;
    return is_move ? r->cause : cause_for(c, r, before, now, id);
}

static void add_moves(const comparing *c, rule_changes *r,
                      const remembered_rule *const *was, const remembered_rule *const *is)
{
    const union_ids *ids = ids_of(c, r->is_of_accounts);
    size_t count = 0;
    bool *was_other = memory_alloc_zero_array(ids->count + 1, sizeof *was_other);
    for (size_t i = 0; i < ids->count; i++) {
        count += !is_same_group(was[i], is[i]);
        if (was[i])
            note_other(ids, i, was_other);
    }
    r->rows = arena_alloc_array(c->out->memory, count + 1, sizeof *r->rows);
    for (size_t i = 0; i < ids->count; i++) {
        r->size += is[i] != NULL;
        r->size_before += was[i] != NULL;
        if (is_same_group(was[i], is[i]))
            continue;
        change_kind kind = !was[i] ? CHANGE_ENTERED : !is[i] ? CHANGE_LEFT : CHANGE_MOVED;
        bool merged = is_merged(ids, was_other, i, kind);
        add_row(r, (change_row){
                       .id = ids->ids[i],
                       .kind = kind,
                       .cause = merged ? CAUSE_MERGED
                                       : cause_of_move(c, r, was[i], is[i], ids->ids[i]),
                       .from = was[i] ? was[i]->name : (slice){"", 0},
                       .to = is[i] ? is[i]->name : (slice){"", 0}});
    }
    memory_free(was_other);
}

static void compare_set(comparing *c, const remembered_rule *like)
{
    rule_changes *r = add_item(c, like->set, like->is_of_accounts);
    r->is_set = true;
    r->cause = cause_of_set(c, like);
    add_moves(c, r, groups_of(c, c->before, like), groups_of(c, c->now, like));
}

/* ---- all rules ---------------------------------------------------------- */

/* Is it the first group of its set? */
static bool begins_set(const remembered_run *run, size_t rule)
{
    for (size_t i = 0; i < rule; i++)
        if (run->rules[i].kind == REMEMBERED_GROUP &&
            run->rules[i].is_of_accounts == run->rules[rule].is_of_accounts &&
            slice_equals(run->rules[i].set, run->rules[rule].set))
            return false;
    return true;
}

static void compare_rules(comparing *c)
{
    for (size_t i = 0; i < c->now->rule_count; i++) {
        const remembered_rule *rule = &c->now->rules[i];
        if (rule->kind == REMEMBERED_SCORE)
            continue;
        if (rule->kind == REMEMBERED_GROUP && begins_set(c->now, i))
            compare_set(c, rule);
        compare_segment(c, remembered_run_find(c->before, rule), rule);
    }
}

static void compare_gone(comparing *c)
{
    for (size_t i = 0; c->before && i < c->before->rule_count; i++) {
        const remembered_rule *rule = &c->before->rules[i];
        if (rule->kind == REMEMBERED_SCORE)
            continue;
        if (rule->kind == REMEMBERED_GROUP && begins_set(c->before, i) &&
            !has_set(c->now, rule))
            compare_set(c, rule);
        if (!remembered_run_find(c->now, rule))
            compare_segment(c, rule, NULL);
    }
}

static run_changes *compare(comparing c)
{
    static const remembered_ids nobody = {NULL, 0};
    run_changes *out = memory_alloc_zero(sizeof *out);
    size_t most = 2 * (c.now->rule_count + (c.before ? c.before->rule_count : 0)) + 1;
    c.out = out;
    c.memory = arena_new();
    out->memory = arena_new();
    out->items = arena_alloc_array(out->memory, most, sizeof *out->items);
    c.people = unite(c.before ? &c.before->people : &nobody, &c.now->people, c.memory);
    if (c.now->merged.count > 0)
        c.people.became = find_merged(&c.people, c.now, c.memory);
    c.accounts =
        unite(c.before ? &c.before->accounts : &nobody, &c.now->accounts, c.memory);
    compare_rules(&c);
    compare_gone(&c);
    arena_free(c.memory);
    return out;
}

run_changes *run_changes_between(const remembered_run *before, const remembered_run *now)
{
    return compare((comparing){.before = before, .now = now});
}

run_changes *run_changes_through(const char *output, const remembered_run *before,
                                 const remembered_run *now)
{
    return compare(
        (comparing){.before = before,
                    .now = now,
                    .took_before = before ? remembered_output_of(before, output) : NULL,
                    .takes = remembered_output_of(now, output)});
}

const rule_changes *run_changes_find(const run_changes *c, const char *name)
{
    for (size_t i = 0; i < c->count; i++)
        if (slice_is(c->items[i].name, name))
            return &c->items[i];
    return NULL;
}

void run_changes_free(run_changes *c)
{
    if (!c)
        return;
    arena_free(c->memory);
    memory_free(c);
}
