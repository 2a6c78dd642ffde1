/* SPDX-License-Identifier: MIT
 *
 * How much may go wrong: the mapping `limits` of the project file against what a run met.
 * A run past a limit ends before it writes anything.
 */
#include <string.h>

#include "base/text.h"
#include "engine/identities.h"
#include "engine/parts.h"

/* "5%", "0.25%" */
static void append_share(uint64_t millionths, text *out)
{
    text_append_format(out, "%.4g%%", (double)millionths / (MILLIONTHS / 100));
}

static bool is_above(uint64_t part, uint64_t whole, int64_t limit)
{
    return part * MILLIONTHS > whole * (uint64_t)limit;
}

static bool fail_with(text *message, carpel_error *err)
{
    carpel_fail(err, CARPEL_E_LIMIT, "%s", message->data);
    text_done(message);
    return false;
}

static bool fail_all_refused(const engine_intake *i, carpel_error *err)
{
    return carpel_fail(err, CARPEL_E_LIMIT,
                       "%s of the source \"%.200s\" %s refused (a project that can do "
                       "without says so: \"refused: 100%%\" in the source or in "
                       "\"limits\")",
                       i->refused == 1 ? "the only row" : "all rows", i->source,
                       i->refused == 1 ? "is" : "are");
}

static bool fail_refused(const engine_intake *i, int64_t limit, carpel_error *err)
{
    uint64_t rows = i->taken + i->refused;
    text message;
    text_init(&message);
    text_append_format(&message,
                       "%llu of %llu rows of the source \"%.200s\" %s refused, ",
                       (unsigned long long)i->refused, (unsigned long long)rows,
                       i->source, i->refused == 1 ? "is" : "are");
    append_share(i->refused * MILLIONTHS / rows, &message);
    text_append(&message, ", and the limit \"refused\" is ");
    append_share((uint64_t)limit, &message);
    return fail_with(&message, err);
}

static bool check_source(const engine *e, size_t source, carpel_error *err)
{
    const engine_intake *i = &e->intakes[source];
    int64_t limit = e->project->sources[source].refused_limit;
    if (limit == LIMIT_NONE)
        limit = e->project->limits.refused;
    if (limit == LIMIT_NONE)
        return i->taken > 0 || i->refused == 0 || fail_all_refused(i, err);
    return !is_above(i->refused, i->taken + i->refused, limit) ||
           fail_refused(i, limit, err);
}

bool engine_check_intake(const engine *e, carpel_error *err)
{
    for (size_t i = 0; i < e->intake_count; i++)
        if (!check_source(e, i, err))
            return false;
    return true;
}

/* Whom a row names: as many as there are when all links between ids are known. */
static bool count_people(engine *e, uint64_t *out, carpel_error *err)
{
    const store *s = engine_store_of_all_links(e, err);
    *out = 0;
    for (size_t i = 0; s && i < s->person_count; i++)
        *out += store_names_person(s, i);
    return s;
}

bool engine_check_people(engine *e, carpel_error *err)
{
    uint64_t least = (uint64_t)e->project->limits.people;
    uint64_t people = 0;
    if (least > 0 && !count_people(e, &people, err))
        return false;
    return people >= least ||
           carpel_fail(err, CARPEL_E_LIMIT,
                       "the sources have %llu %s, and the limit \"people\" is %llu",
                       (unsigned long long)people, people == 1 ? "person" : "people",
                       (unsigned long long)least);
}

/* The person for whom the function failed first, as the run tells it. */
static const char *first_failure(const run_result *r, const char *function)
{
    for (size_t i = 0; i < r->trouble_count; i++)
        if (r->troubles[i].kind == TROUBLE_SCRIPT &&
            strcmp(r->troubles[i].subject, function) == 0)
            return r->troubles[i].what;
    return "it gives no value";
}

static bool check_function(const run_result *r, const run_function *f, int64_t limit,
                           carpel_error *err)
{
    uint64_t failures = f->failures + f->not_called, calls = f->calls + f->not_called;
    if (!is_above(failures, calls, limit))
        return true;
    text message;
    text_init(&message);
    text_append_format(&message, "%llu of %llu calls of \"%.100s\" %s, ",
                       (unsigned long long)failures, (unsigned long long)calls, f->name,
                       failures == 1 ? "fails" : "fail");
    append_share(failures * MILLIONTHS / calls, &message);
    text_append(&message, ", and the limit \"script_errors\" is ");
    append_share((uint64_t)limit, &message);
    text_append_format(&message, ": %.250s", first_failure(r, f->name));
    return fail_with(&message, err);
}

bool engine_check_run(const engine *e, const run_result *r, carpel_error *err)
{
    int64_t limit = e->project->limits.script_errors;
    for (size_t i = 0; limit != LIMIT_NONE && i < r->function_count; i++)
        if (!check_function(r, &r->functions[i], limit, err))
            return false;
    return true;
}
