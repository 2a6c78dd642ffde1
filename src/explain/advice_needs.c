/* SPDX-License-Identifier: MIT
 *
 * A condition of several, all of which have to hold, cannot hold while one of them does not;
 * and that one stays as it is when nothing comes to the tables that it looks at.
 */
#include "base/memory.h"
#include "exec/moments.h"
#include "explain/advising.h"
#include "explain/value_text.h"

/* ---- what keeps it ------------------------------------------------------------ */

static void add_part(advisor *a, const node *n)
{
    advice_needs *out = &a->needs;
    out->parts = memory_resize_array(out->parts, out->count + 1, sizeof *out->parts);
    out->parts[out->count++] = looks_at_find(a->graph, n);
}

static void find_parts(advisor *a, judge *j, const node *n)
{
    if (n->kind != NODE_AND) {
        if (!value_holds(j, n))
            add_part(a, n);
        return;
    }
    for (size_t i = 0; i < n->operand_count; i++)
        find_parts(a, j, n->operands[i]);
}

bool advice_find_needs(advisor *a)
{
    const advice_request *r = a->request;
    run_options options = {.cancel = r->cancel};
    if (r->subject->account)
        return true;
    moments *m = moments_new(r->plan, histories_store(a->known), 0, &options);
    judge *j = moments_here(m, r->as_of, a->err);
    if (j)
        find_parts(a, j, r->node);
    moments_free(m);
    return j != NULL;
}

void advice_needs_done(advice_needs *n)
{
    for (size_t i = 0; i < n->count; i++)
        looks_at_done(&n->parts[i]);
    memory_free(n->parts);
}

/* ---- what would do ------------------------------------------------------------ */

static bool is_of_table(const advised *s, const domain *table)
{
    return s->is_trait == (table->kind == DOMAIN_TRAIT) && s->table == table->index;
}

static bool touches(const advice *t, const looks_at *part)
{
    for (size_t i = 0; i < t->step_count; i++)
        for (size_t k = 0; k < part->table_count; k++)
            if (is_of_table(&t->steps[i], part->tables[k]))
                return true;
    return false;
}

/* In time anything may change by itself. */
bool advice_may_do(const advisor *a, const advice *t)
{
    bool takes_time = t->gap > 0 || t->days_apart > 0;
    for (size_t i = 0; !takes_time && i < a->needs.count; i++)
        if (!touches(t, &a->needs.parts[i]))
            return false;
    return true;
}
