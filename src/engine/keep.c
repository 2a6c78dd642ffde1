/* SPDX-License-Identifier: MIT
 *
 * `keep:` of the project: how long events are kept. What is older than that when a command
 * begins is not there for it, wherever it lies.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "engine/parts.h"

/* "2 years", "400 days". */
static bool read_length(slice s, calendar_span *out)
{
    char *end;
    char *copy = memory_copy_text(s.data, s.size);
    out->count = strtoll(copy, &end, 10);
    bool is_good = end > copy && *end == ' ' && out->count > 0 && out->count <= 10000 &&
                   calendar_unit_parse(end + 1, strlen(end + 1), &out->unit) &&
                   out->unit >= UNIT_DAY;
    memory_free(copy);
    return is_good;
}

/* "user.country", as rules have it, is the trait "country". */
static bool is_trait(const schema *s, const char *name)
{
    const char owner[] = "user.";
    if (strncmp(name, owner, strlen(owner)) == 0)
        name += strlen(owner);
    return schema_find_trait(s, name) != SCHEMA_NONE ||
           schema_find_list_trait(s, name) != SCHEMA_NONE;
}

static void refuse_name(const engine *e, const config_text *name, diags *diags)
{
    if (is_trait(e->schema, name->text)) {
        diag_error(diags, name->where, E0305,
                   "\"%s\" is a trait, and traits are kept as long as their people",
                   name->text);
        diag_hint(diags, "Only kinds of events are kept for a time; \"carpel forget\" "
                         "removes all of a person.");
        return;
    }
    diag_error(diags, name->where, E0104, "no event kind is named \"%s\"", name->text);
    const char *similar = schema_similar_kind(e->schema, name->text);
    if (similar)
        diag_hint(diags, "Did you mean \"%s\"?", similar);
}

static void refuse_length(const config_keep *k, diags *diags)
{
    diag_error(diags, k->length.where, E0305,
               "it is not said for how long \"%s\" is kept", k->kind.text);
    diag_hint(diags,
              "Write a whole number of days, weeks, months or years: "
              "\"%s: 2 years\".",
              k->kind.text);
}

void engine_read_keep(engine *e, diags *diags)
{
    const project *p = e->project;
    e->keeps = arena_alloc_array(e->memory, p->keep_count + 1, sizeof *e->keeps);
    for (size_t i = 0; i < p->keep_count; i++) {
        const config_keep *k = &p->keeps[i];
        kind_keep keep = {.kind = schema_find_kind(e->schema, k->kind.text)};
        if (keep.kind == SCHEMA_NONE)
            refuse_name(e, &k->kind, diags);
        else if (!k->length.text || !read_length(slice_of(k->length.text), &keep.length))
            refuse_length(k, diags);
        else
            e->keeps[e->keep_count++] = keep;
    }
}

int64_t engine_clock(const engine *e)
{
    return e->clock != 0 ? e->clock : clock_now();
}

void engine_begin_keeping(engine *e)
{
    int64_t now = engine_clock(e);
    for (size_t i = 0; i < e->keep_count; i++) {
        event_kind *kind = &e->schema->kinds[e->keeps[i].kind];
        kind->has_kept_from = true;
        kind->kept_from = time_add(e->zone, now, e->keeps[i].length, -1);
    }
}
