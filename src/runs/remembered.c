/* SPDX-License-Identifier: MIT */
#include "runs/remembered.h"

#include "base/memory.h"

remembered_run *remembered_run_new(void)
{
    remembered_run *r = memory_alloc_zero(sizeof *r);
    r->memory = arena_new();
    return r;
}

void remembered_run_free(remembered_run *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < r->rule_count; i++)
        if (r->rules[i].members)
            roaring_bitmap_free(r->rules[i].members);
    arena_free(r->memory);
    memory_free(r);
}

const remembered_output *remembered_output_of(const remembered_run *r, const char *name)
{
    for (size_t i = 0; i < r->output_count; i++)
        if (slice_is(r->outputs[i].name, name))
            return &r->outputs[i];
    return NULL;
}

bool remembered_rule_is(const remembered_rule *rule, const remembered_rule *like)
{
    return rule->kind == like->kind && rule->is_of_accounts == like->is_of_accounts &&
           slice_equals(rule->path, like->path);
}

const remembered_rule *remembered_run_find(const remembered_run *r,
                                           const remembered_rule *like)
{
    for (size_t i = 0; r && i < r->rule_count; i++)
        if (remembered_rule_is(&r->rules[i], like))
            return &r->rules[i];
    return NULL;
}

const remembered_ids *remembered_ids_of(const remembered_run *r,
                                        const remembered_rule *rule)
{
    return rule->is_of_accounts ? &r->accounts : &r->people;
}
