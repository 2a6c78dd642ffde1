/* SPDX-License-Identifier: MIT
 *
 * Rules for each account: a run of its own over the people's rows, regrouped, whose results
 * stand behind the people's.
 */
#include <string.h>

#include "base/clock.h"
#include "exec/accounts.h"
#include "exec/judged.h"
#include "exec/runner.h"

/* An array with room for the items of another behind its own. */
static void *extended(arena *memory, const void *first, size_t first_count,
                      const void *second, size_t second_count, size_t size)
{
    char *all = arena_alloc_array(memory, first_count + second_count + 1, size);
    if (first_count > 0)
        memcpy(all, first, first_count * size);
    if (second_count > 0)
        memcpy(all + first_count * size, second, second_count * size);
    return all;
}

/* Put the accounts' results behind the people's. */
static void append_accounts(run_result *to, const run_result *from)
{
    to->segments = extended(to->memory, to->segments, to->segment_count, from->segments,
                            from->segment_count, sizeof *to->segments);
    to->group_members = extended(to->memory, to->group_members, to->group_member_count,
                                 from->group_members, from->group_member_count,
                                 sizeof *to->group_members);
    to->groups = extended(to->memory, to->groups, to->group_count, from->groups,
                          from->group_count, sizeof *to->groups);
    to->scores = extended(to->memory, to->scores, to->score_count, from->scores,
                          from->score_count, sizeof *to->scores);
    to->empty_tiles =
        extended(to->memory, to->empty_tiles, to->empty_tile_count, from->empty_tiles,
                 from->empty_tile_count, sizeof *to->empty_tiles);
    to->troubles = extended(to->memory, to->troubles, to->trouble_count, from->troubles,
                            from->trouble_count, sizeof *to->troubles);
    for (size_t i = 0; i < from->segment_count; i++)
        to->segments[to->segment_count + i].population = &to->accounts;
    for (size_t i = 0; i < from->group_member_count; i++)
        to->group_members[to->group_member_count + i].population = &to->accounts;
    for (size_t i = 0; i < from->score_count; i++)
        to->scores[to->score_count + i].population = &to->accounts;
    for (size_t i = 0; i < from->group_count; i++)
        to->groups[to->group_count + i].first += to->group_member_count;
    to->segment_count += from->segment_count;
    to->group_member_count += from->group_member_count;
    to->group_count += from->group_count;
    to->score_count += from->score_count;
    to->trouble_count += from->trouble_count;
    to->empty_tile_count += from->empty_tile_count;
}

run_options accounts_options(const run_result *of_people, const store *people,
                             const run_options *options)
{
    return (run_options){.as_of = options->as_of,
                         .functions = of_people->bound->functions,
                         .threads = options->threads,
                         .block_people = options->block_people,
                         .people = people,
                         .cancel = options->cancel,
                         .is_profiled = options->is_profiled,
                         .imports = of_people->imports};
}

bool run_accounts(const plan *p, const store *s, const run_options *options,
                  run_result *result, carpel_error *err)
{
    run_options inner = accounts_options(result, s, options);
    int64_t begin = options->is_profiled ? clock_monotonic_nanoseconds() : 0;
    accounts_tables wanted = accounts_tables_of(p->accounts->graph, result->memory);
    result->account_store = accounts_store(s, options->as_of, &wanted);
    int64_t end = options->is_profiled ? clock_monotonic_nanoseconds() : 0;
    result->of_accounts = run_plan(p->accounts, result->account_store, &inner, err);
    if (!result->of_accounts)
        return false;
    if (options->is_profiled)
        result->of_accounts->profile->regroup_seconds = (double)(end - begin) * 1e-9;
    uint32_t *order = arena_alloc_array(
        result->memory, result->account_store->person_count + 1, sizeof *order);
    dictionary_sort(result->account_store->persons,
                    dictionary_count(result->account_store->persons), order);
    result->accounts = result->of_accounts->people;
    result->accounts.one = "account";
    result->accounts.many = "accounts";
    judged_put_in_order(&result->accounts, order, result->memory);
    append_accounts(result, result->of_accounts);
    return true;
}
