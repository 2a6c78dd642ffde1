/* SPDX-License-Identifier: MIT
 *
 * The shape of a result: an entry and memory for each rule, in the order of the rules.
 */
#include "base/bitmap.h"
#include "base/memory.h"
#include "exec/judged.h"
#include "exec/loops.h"
#include "exec/runner.h"

static uint64_t *new_bitmap(arena *memory, size_t count)
{
    return arena_alloc_array(memory, bitmap_words(count) + 2, sizeof(uint64_t));
}

static void count_rules(const graph *g, run_result *result)
{
    for (size_t i = 0; i < g->rule_count; i++) {
        result->import_count += g->rules[i].kind == RULE_IMPORT;
        result->trait_count += g->rules[i].kind == RULE_TRAIT;
        result->segment_count += g->rules[i].kind == RULE_SEGMENT;
        result->group_member_count += g->rules[i].kind == RULE_GROUP;
        result->score_count += g->rules[i].kind == RULE_SCORE;
    }
}

static run_segment shape_segment(runner *r, size_t rule_index, const rule *from)
{
    r->members[rule_index] =
        new_bitmap(r->result->memory, r->result->people.number_count);
    return (run_segment){
        from->name,        from->path, from->title, 0, r->members[rule_index],
        &r->result->people};
}

static run_score shape_score(runner *r, const rule *from)
{
    size_t people = r->result->people.number_count;
    size_t bytes = from->node->type.kind == TYPE_BOOL
                       ? 0
                       : (people + 1) * type_value_size(from->node->type);
    void *values = bytes ? arena_alloc(r->result->memory, bytes)
                         : new_bitmap(r->result->memory, people);
    bool is_text = type_is_text(from->node->type);
    return (run_score){from->name,
                       from->title,
                       from->node->type,
                       values,
                       new_bitmap(r->result->memory, people),
                       &r->result->people,
                       is_text ? bound_dictionary(r->bound, from->node->origin) : NULL};
}

static void shape_groups(const graph *g, run_result *result)
{
    size_t member = 0;
    result->group_count = g->group_count;
    for (size_t i = 0; i < g->group_count; i++)
        result->groups[i] = (run_groups){g->groups[i].name, g->groups[i].title, 0, 0};
    for (size_t i = 0; i < g->rule_count; i++) {
        if (g->rules[i].kind != RULE_GROUP)
            continue;
        run_groups *set = &result->groups[g->rules[i].groups];
        if (set->count++ == 0)
            set->first = member;
        member++;
    }
}

void shape_result(runner *r)
{
    const graph *g = r->bound->plan->graph;
    run_result *result = r->result;
    r->members = memory_alloc_zero_array(g->rule_count + 1, sizeof *r->members);
    r->scores = memory_alloc_zero_array(g->rule_count + 1, sizeof *r->scores);
    count_rules(g, result);
    result->segments = arena_alloc_array(result->memory, result->segment_count + 1,
                                         sizeof *result->segments);
    result->group_members = arena_alloc_array(
        result->memory, result->group_member_count + 1, sizeof *result->group_members);
    result->groups =
        arena_alloc_array(result->memory, g->group_count + 1, sizeof *result->groups);
    result->scores = arena_alloc_array(result->memory, result->score_count + 1,
                                       sizeof *result->scores);
    result->imports = arena_alloc_array(result->memory, result->import_count + 1,
                                        sizeof *result->imports);
    result->traits = arena_alloc_array(result->memory, result->trait_count + 1,
                                       sizeof *result->traits);
    size_t segments = 0, members = 0, scores = 0, imports = 0, traits = 0;
    for (size_t i = 0; i < g->rule_count; i++) {
        const rule *from = &g->rules[i];
        switch (from->kind) {
        case RULE_SEGMENT:
            result->segments[segments++] = shape_segment(r, i, from);
            break;
        case RULE_GROUP:
            result->group_members[members++] = shape_segment(r, i, from);
            break;
        case RULE_SCORE: r->scores[i] = &result->scores[scores++]; break;
        case RULE_IMPORT: r->scores[i] = &result->imports[imports++]; break;
        case RULE_TRAIT: r->scores[i] = &result->traits[traits++]; break;
        }
        if (r->scores[i])
            *r->scores[i] = shape_score(r, from);
    }
    shape_groups(g, result);
}

/* Calls are counted where the outermost run does. */
void shape_functions(runner *r, bound *b)
{
    const script_set *scripts = b->plan->scripts;
    if (b->functions != NULL || scripts == NULL)
        return;
    size_t count = script_set_function_count(scripts);
    b->functions = arena_alloc_array(r->result->memory, count + 1, sizeof *b->functions);
    for (size_t i = 0; i < count; i++)
        b->functions[i].name = script_set_function_name(scripts, i);
    r->result->functions = b->functions;
    r->result->function_count = count;
}

/* Of whom is not judged nothing is said. */
void leave_out_others(runner *r)
{
    const run_population *people = &r->result->people;
    for (size_t i = 0; i < r->bound->plan->graph->rule_count; i++) {
        const run_score *score = r->scores[i];
        if (r->members[i])
            judged_mask(people, r->members[i]);
        if (score)
            judged_mask(people, (uint64_t *)score->present);
        if (score && score->type.kind == TYPE_BOOL)
            judged_mask(people, (uint64_t *)score->values);
    }
}

void count_members(run_result *result)
{
    size_t people = result->people.number_count;
    for (size_t i = 0; i < result->segment_count; i++)
        result->segments[i].size = loop_count_set(result->segments[i].members, people);
    for (size_t i = 0; i < result->group_member_count; i++)
        result->group_members[i].size =
            loop_count_set(result->group_members[i].members, people);
}
