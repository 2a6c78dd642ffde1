/* SPDX-License-Identifier: MIT
 *
 * The public functions of carpel/carpel.h, over the engine.
 */
#include <carpel/carpel.h>

#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "engine/engine.h"

struct carpel {
    engine *engine; /* NULL when there is no project file */
    diags *diags;
    text messages;
    bool is_good;
};

struct carpel_result {
    run_result *run;
    const dictionary *persons;
    const uint32_t *order;
    const run_segment **segments; /* of all kinds, in the order of the rules */
    size_t segment_count;
};

const char *carpel_version(void)
{
    return CARPEL_VERSION;
}

carpel *carpel_open(const char *directory)
{
    carpel *c = memory_alloc_zero(sizeof *c);
    c->diags = diags_new();
    text_init(&c->messages);
    c->engine = engine_open(directory, c->diags);
    c->is_good = c->engine && engine_compile(c->engine, c->diags);
    diags_append(c->diags, &c->messages, false);
    return c;
}

void carpel_close(carpel *c)
{
    if (!c)
        return;
    text_done(&c->messages);
    engine_close(c->engine);
    diags_free(c->diags);
    memory_free(c);
}

bool carpel_is_good(const carpel *c)
{
    return c->is_good;
}

const char *carpel_messages(const carpel *c)
{
    return c->messages.data;
}

bool carpel_load(carpel *c, carpel_error *err)
{
    if (!c->is_good)
        return carpel_fail(err, CARPEL_E_INPUT,
                           "the project has errors, see carpel_messages()");
    if (engine_store(c->engine))
        return carpel_fail(err, CARPEL_E_INPUT, "the project is loaded already");
    engine_load_options options = {0};
    return engine_load(c->engine, &options, err);
}

uint64_t carpel_refused_count(const carpel *c)
{
    return c->engine ? engine_refused_count(c->engine) : 0;
}

/* Put segments and group members into one list, as the rules have them. */
static void list_segments(const graph *g, carpel_result *r)
{
    size_t segment = 0, member = 0;
    r->segments = memory_alloc_zero_array(g->rule_count + 1, sizeof *r->segments);
    for (size_t i = 0; i < g->rule_count; i++) {
        if (g->rules[i].kind == RULE_SEGMENT)
            r->segments[r->segment_count++] = &r->run->segments[segment++];
        else if (g->rules[i].kind == RULE_GROUP)
            r->segments[r->segment_count++] = &r->run->group_members[member++];
    }
}

carpel_result *carpel_judge(carpel *c, int64_t as_of, size_t threads, carpel_error *err)
{
    if (!c->is_good || !engine_store(c->engine)) {
        carpel_fail(err, CARPEL_E_INPUT, "the project is not loaded, see carpel_load()");
        return NULL;
    }
    run_result *run = engine_run(c->engine, as_of, threads, NULL, err);
    if (!run)
        return NULL;
    carpel_result *r = memory_alloc_zero(sizeof *r);
    r->run = run;
    r->persons = engine_store(c->engine)->persons;
    r->order = engine_person_order(c->engine);
    list_segments(engine_graph(c->engine), r);
    return r;
}

void carpel_result_free(carpel_result *r)
{
    if (!r)
        return;
    run_result_free(r->run);
    memory_free(r->segments);
    memory_free(r);
}

size_t carpel_segment_count(const carpel_result *r)
{
    return r->segment_count;
}

const char *carpel_segment_name(const carpel_result *r, size_t index)
{
    return r->segments[index]->path;
}

size_t carpel_segment_size(const carpel_result *r, size_t index)
{
    return r->segments[index]->size;
}

bool carpel_segment_has(const carpel_result *r, size_t index, const char *person)
{
    uint32_t number = dictionary_find(r->persons, person, strlen(person));
    return number != DICTIONARY_NONE && bitmap_get(r->segments[index]->members, number);
}

size_t carpel_person_count(const carpel_result *r)
{
    return r->run->people.count;
}

const char *carpel_person_id(const carpel_result *r, size_t number)
{
    return dictionary_text(r->persons, r->order[number]).data;
}
