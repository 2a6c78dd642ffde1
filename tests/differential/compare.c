/* SPDX-License-Identifier: MIT
 *
 * Four runs of the engine against one of the reference.
 */
#include "differential/compare.h"

#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "reference/reference.h"
#include "store/value.h"

static const struct {
    size_t threads, block_people;
} ways[] = {{1, 4096}, {3, 4096}, {1, 1}, {3, 1}};

enum { WAY_COUNT = sizeof ways / sizeof *ways };

typedef struct comparison {
    const world *world;
    reference *reference;
    run_result *results[WAY_COUNT];
    difference *difference;
} comparison;

static bool differs(comparison *c, const ast_decl *decl, const char *member, size_t person,
                    size_t way, const char *engine, const char *reference_says)
{
    difference *d = c->difference;
    d->declaration = decl->name.text;
    text_append_format(&d->words,
                       "%s%s%s, %s: the engine (%zu thread%s, blocks of %zu) says %s, the "
                       "reference %s",
                       decl->name.text, member ? "." : "", member ? member : "",
                       c->world->people[person], ways[way].threads,
                       ways[way].threads > 1 ? "s" : "", ways[way].block_people, engine,
                       reference_says);
    return false;
}

/* ---- members ------------------------------------------------------------------------- */

static const run_segment *segment_at(const run_result *r, bool is_group, size_t index)
{
    return is_group ? &r->group_members[index] : &r->segments[index];
}

static bool members_agree(comparison *c, const ast_decl *decl, size_t member, bool is_group,
                          size_t index)
{
    const char *name = is_group ? segment_at(c->results[0], true, index)->name : NULL;
    for (size_t p = 0; p < c->world->person_count; p++) {
        bool is_in = reference_is_member(c->reference, decl, member, p);
        for (size_t way = 0; way < WAY_COUNT; way++) {
            const run_segment *s = segment_at(c->results[way], is_group, index);
            if (bitmap_get(s->members, p) != is_in)
                return differs(c, decl, name, p, way, is_in ? "out" : "in", is_in ? "in" : "out");
        }
    }
    return true;
}

/* ---- scores -------------------------------------------------------------------------- */

static value engine_value(const run_score *score, size_t person)
{
    if (!bitmap_get(score->present, person))
        return value_missing();
    switch (score->type.kind) {
    case TYPE_BOOL: return value_truth(bitmap_get(score->values, person));
    case TYPE_NUMBER: return value_double(((const double *)score->values)[person]);
    case TYPE_DECIMAL:
        return value_exact(((const int64_t *)score->values)[person], score->type.scale);
    case TYPE_TIME: return value_time(((const int64_t *)score->values)[person]);
    case TYPE_DATE: return value_date(((const int64_t *)score->values)[person]);
    default: return value_duration(((const int64_t *)score->values)[person]);
    }
}

static void append_value(value v, text *out)
{
    switch (v.kind) {
    case MISSING: text_append(out, "missing"); break;
    case TRUTH: text_append(out, v.integer ? "true" : "false"); break;
    case DOUBLE: text_append_format(out, "%.17g", v.number); break;
    case EXACT: value_append_decimal((int64_t)v.above, v.scale, out); break;
    case DURATION: text_append_format(out, "%lld us", (long long)v.above); break;
    case TIME: value_append_time(v.integer, NULL, out); break;
    case DATE: value_append_date(v.integer, out); break;
    default: text_append(out, "something else");
    }
}

static bool values_agree(const world *w, value a, value b)
{
    return a.kind == MISSING || b.kind == MISSING ? a.kind == b.kind
                                                  : value_equals(w->zone, a, b);
}

static bool scores_agree(comparison *c, const ast_decl *decl, size_t index)
{
    for (size_t p = 0; p < c->world->person_count; p++) {
        value expected = reference_score(c->reference, decl, p);
        for (size_t way = 0; way < WAY_COUNT; way++) {
            value got = engine_value(&c->results[way]->scores[index], p);
            text a, b;
            if (values_agree(c->world, got, expected))
                continue;
            text_init(&a);
            text_init(&b);
            append_value(got, &a);
            append_value(expected, &b);
            differs(c, decl, NULL, p, way, a.data, b.data);
            text_done(&a);
            text_done(&b);
            return false;
        }
    }
    return true;
}

/* ---- all rules ----------------------------------------------------------------------- */

static size_t member_count(const ast_decl *decl)
{
    return decl->kind == DECL_GROUPS ? decl->groups.count
        : decl->kind == DECL_SPLIT   ? decl->arms.count
                                     : 0;
}

/* Rules stand in the results in the order of the declarations. */
static bool all_agree(comparison *c, const rulebook *rules, const char *only)
{
    size_t segments = 0, members = 0, scores = 0;
    for (size_t i = 0; i < rules->decls.count; i++) {
        const ast_decl *decl = rules->decls.items[i];
        bool is_asked = !only || (decl->name.text && strcmp(decl->name.text, only) == 0);
        bool agrees = true;
        if (decl->kind == DECL_SEGMENT) {
            agrees = !is_asked || members_agree(c, decl, 0, false, segments);
            segments++;
        } else if (decl->kind == DECL_SCORE) {
            agrees = !is_asked || scores_agree(c, decl, scores);
            scores++;
        }
        for (size_t g = 0; agrees && g < member_count(decl); g++)
            agrees = !is_asked || members_agree(c, decl, g, true, members + g);
        members += member_count(decl);
        if (!agrees)
            return false;
    }
    return true;
}

bool engine_agrees(const world *w, const world_rules *rules, int64_t now, const char *only,
                   difference *out)
{
    comparison c = {.world = w, .difference = out};
    store *s = world_store(w);
    for (size_t i = 0; i < WAY_COUNT; i++)
        c.results[i] = world_run(w, rules, s, now, ways[i].threads, ways[i].block_people);
    c.reference = reference_new(w, rules->book, rules->scripts, now);
    bool agrees = all_agree(&c, rules->book, only);
    reference_free(c.reference);
    for (size_t i = 0; i < WAY_COUNT; i++)
        run_result_free(c.results[i]);
    store_free(s);
    return agrees;
}

bool book_agrees(const world *w, const book *b, int64_t now, const char *only, difference *out)
{
    text rules;
    text_init(&rules);
    book_append(b, &rules);
    world_rules *compiled = world_compile(w, rules.data);
    bool agrees = !compiled->book || engine_agrees(w, compiled, now, only, out);
    world_rules_free(compiled);
    text_done(&rules);
    return agrees;
}
