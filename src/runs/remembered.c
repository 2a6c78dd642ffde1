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
    for (size_t i = 0; i < r->output_count; i++) {
        if (r->outputs[i].rules)
            roaring_bitmap_free(r->outputs[i].rules);
        if (r->outputs[i].withheld)
            roaring_bitmap_free(r->outputs[i].withheld);
    }
    remembered_run_drop_packed(r);
    arena_free(r->memory);
    memory_free(r);
}

void remembered_run_drop_packed(remembered_run *r)
{
    memory_free(r->packed.bytes);
    r->packed = (packed_ids){0};
}

const remembered_output *remembered_output_of(const remembered_run *r, const char *name)
{
    for (size_t i = 0; i < r->output_count; i++)
        if (slice_is(r->outputs[i].name, name))
            return &r->outputs[i];
    return NULL;
}

remembered_output remembered_output_copy(const remembered_output *o)
{
    remembered_output copy = *o;
    copy.rules = o->rules ? roaring_bitmap_copy(o->rules) : NULL;
    copy.withheld = o->withheld ? roaring_bitmap_copy(o->withheld) : NULL;
    return copy;
}

bool remembered_output_took(const remembered_run *r, const remembered_output *o,
                            const remembered_rule *rule)
{
    return !o || !o->rules ||
           roaring_bitmap_contains(o->rules, (uint32_t)(rule - r->rules));
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
