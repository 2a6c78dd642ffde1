/* SPDX-License-Identifier: MIT
 *
 * Remembered runs from short texts, for the tests of src/runs:
 *
 *     remembered_run *r = run_of(1, 100, "ann bob cid",
 *                                "vip:7=ann,bob  life.new:8=cid  =risk:9=ann");
 *
 * People, sorted; then rules with their meanings and members. "life.new" is a group of the set
 * "life", "=risk" a score, worth 10 more for each one who has it.
 */
#ifndef TESTS_RUN_SUPPORT_H
#define TESTS_RUN_SUPPORT_H

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "runs/run_file.h"

static slice kept(remembered_run *r, const char *begin, size_t size)
{
    return (slice){arena_copy_text(r->memory, begin, size), size};
}

/* The parts between the separators, in the memory of the run. */
static slice *split(remembered_run *r, const char *from, size_t size, char by,
                    size_t *count)
{
    slice *parts = arena_alloc_array(r->memory, size + 1, sizeof *parts);
    const char *begin = from;
    *count = 0;
    for (const char *at = from; at <= from + size; at++) {
        if (at < from + size && *at != by)
            continue;
        if (at > begin)
            parts[(*count)++] = kept(r, begin, (size_t)(at - begin));
        begin = at + 1;
    }
    return parts;
}

static uint32_t number_of_id(const remembered_run *r, slice id)
{
    for (size_t i = 0; i < r->people.count; i++)
        if (slice_equals(r->people.items[i], id))
            return (uint32_t)i;
    abort(); /* the test names somebody who is not there */
}

static void name_rule(remembered_run *r, remembered_rule *rule, slice name)
{
    const char *point = memchr(name.data, '.', name.size);
    rule->path = name;
    if (name.data[0] == '=') {
        rule->kind = REMEMBERED_SCORE;
        rule->path = kept(r, name.data + 1, name.size - 1);
        rule->type = (type){TYPE_DECIMAL, 0};
    } else if (point) {
        size_t set_size = (size_t)(point - name.data);
        rule->kind = REMEMBERED_GROUP;
        rule->set = kept(r, name.data, set_size);
        rule->name = kept(r, point + 1, name.size - set_size - 1);
    }
}

static void add_rule(remembered_run *r, slice written)
{
    remembered_rule *rule = &r->rules[r->rule_count++];
    const char *colon = memchr(written.data, ':', written.size);
    const char *equals =
        memchr(colon, '=', (size_t)(written.data + written.size - colon));
    size_t count;
    slice *members = split(
        r, equals + 1, (size_t)(written.data + written.size - equals) - 1, ',', &count);
    uint64_t *values = arena_alloc_array(r->memory, count + 1, sizeof *values);
    *rule = (remembered_rule){.set = {"", 0}, .name = {"", 0}};
    name_rule(r, rule, (slice){written.data, (size_t)(colon - written.data)});
    rule->meaning.low = strtoull(colon + 1, NULL, 10);
    rule->size = count;
    rule->members = roaring_bitmap_create();
    for (size_t i = 0; i < count; i++) {
        roaring_bitmap_add(rule->members, number_of_id(r, members[i]));
        values[i] = 10 + i;
    }
    roaring_bitmap_run_optimize(rule->members);
    rule->values = values;
}

static remembered_run *run_of(uint64_t number, int64_t as_of, const char *people,
                              const char *rules)
{
    remembered_run *r = remembered_run_new();
    size_t count;
    slice *written = split(r, rules, strlen(rules), ' ', &count);
    r->number = number;
    r->as_of = as_of;
    r->made_at = (int64_t)number * 1000;
    r->version = kept(r, "1.0", 3);
    r->rule_version = 1;
    r->people.items = split(r, people, strlen(people), ' ', &r->people.count);
    r->rules = arena_alloc_array(r->memory, count + 1, sizeof *r->rules);
    for (size_t i = 0; i < count; i++)
        add_rule(r, written[i]);
    run_file_digest(r);
    return r;
}

/* An output that took the run. */
static inline void take(remembered_run *r, const char *output, uint64_t baseline,
                        bool is_latest)
{
    remembered_output *all =
        arena_alloc_array(r->memory, r->output_count + 1, sizeof *all);
    for (size_t i = 0; i < r->output_count; i++)
        all[i] = r->outputs[i];
    all[r->output_count++] = (remembered_output){.name = kept(r, output, strlen(output)),
                                                 .baseline = baseline,
                                                 .is_latest = is_latest};
    r->outputs = all;
}

/* That it got these rules, by place, but for some people: a bit each. */
static inline void note_taken(remembered_run *r, const char *output, uint32_t rules,
                              uint32_t withheld)
{
    take(r, output, 0, true);
    remembered_output *o = &r->outputs[r->output_count - 1];
    o->rules = roaring_bitmap_create();
    o->withheld = roaring_bitmap_create();
    for (uint32_t i = 0; i < 32; i++) {
        if (rules >> i & 1)
            roaring_bitmap_add(o->rules, i);
        if (withheld >> i & 1)
            roaring_bitmap_add(o->withheld, i);
    }
    run_file_digest(r);
}

#endif
