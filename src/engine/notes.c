/* SPDX-License-Identifier: MIT
 *
 * What only the data show about the rules: texts that never occur, and windows that reach
 * beyond the events. Said once a run, a few lines at most.
 */
#include "base/memory.h"
#include "engine/parts.h"
#include "report/suggest.h"
#include "value/value.h"

enum { MOST_TEXTS = 5, MOST_CANDIDATES = 10000 };

typedef struct noter {
    const engine *engine;
    const engine_listener *listener;
    int64_t now;
    text line;
    size_t text_count; /* texts that never occur */
    bool has_window;
    int64_t first_begin; /* of all windows that begin a written time before now */
} noter;

static void say(noter *n)
{
    n->listener->log(n->listener->context, n->line.data);
    text_clear(&n->line);
}

/* ---- texts ------------------------------------------------------------------------ */

/* The column that a text comes from, or NULL; its name goes into the line. */
static const column *find_column(noter *n, text_origin origin)
{
    const schema *s = n->engine->schema;
    const store *data = n->engine->store;
    if (origin.kind == ORIGIN_TRAIT) {
        text_append_format(&n->line, "user.%s", s->traits[origin.table].name);
        return data->traits[origin.table].row_count > 0
                   ? data->traits[origin.table].columns
                   : NULL;
    }
    if (origin.kind != ORIGIN_KIND || data->kinds[origin.table].row_count == 0)
        return NULL;
    const event_kind *kind = &s->kinds[origin.table];
    text_append_format(&n->line, "%s.%s", kind->name,
                       kind->properties[origin.column].name);
    return &data->kinds[origin.table].columns[origin.column];
}

static const char *similar_text(const dictionary *d, const char *wanted)
{
    suggestion s = suggest_begin(wanted);
    size_t count = dictionary_count(d);
    for (size_t i = 0; i < count && i < MOST_CANDIDATES; i++)
        suggest_consider(&s, dictionary_text(d, (uint32_t)i).data);
    return suggest_best(&s);
}

static bool occurs(const column *c, slice wanted)
{
    return dictionary_find(c->dictionary, wanted.data, wanted.size) != DICTIONARY_NONE;
}

/* Beside texts that occur, one that does not is told only when it looks misspelt. */
static void note_text(noter *n, const column *c, const char *name, slice wanted,
                      bool is_alone)
{
    if (occurs(c, wanted))
        return;
    const char *similar = similar_text(c->dictionary, wanted.data);
    if ((!similar && !is_alone) || n->text_count++ >= MOST_TEXTS)
        return;
    text_append_format(&n->line, "\"%.*s\" never occurs in %s", (int)wanted.size,
                       wanted.data, name);
    if (similar)
        text_append_format(&n->line, "; did you mean \"%s\"?", similar);
    say(n);
}

static void note_texts(noter *n, const node *in)
{
    const column *c = find_column(n, in->operands[0]->origin);
    char *name = text_take(&n->line);
    bool is_alone = true;
    for (size_t i = 1; c && c->dictionary && i < in->operand_count; i++)
        is_alone &= !occurs(c, in->operands[i]->constant.text);
    for (size_t i = 1; c && c->dictionary && i < in->operand_count; i++)
        note_text(n, c, name, in->operands[i]->constant.text, is_alone);
    memory_free(name);
}

/* ---- windows ------------------------------------------------------------------------ */

/* The instant, when it is `now` moved back by a written duration. */
static bool instant_of(const noter *n, const node *end, int64_t *out)
{
    if (end->kind != NODE_MOVE_TIME || end->operands[0]->kind != NODE_NOW)
        return false;
    *out = time_add(n->engine->zone, n->now, end->move, 1);
    return true;
}

static void see_window(noter *n, const node *window)
{
    int64_t begin;
    if (!window->window.has_lower || !instant_of(n, window->operands[0], &begin))
        return;
    if (!n->has_window || begin < n->first_begin)
        n->first_begin = begin;
    n->has_window = true;
}

static void append_date(noter *n, int64_t instant)
{
    value_append_date(zone_date(n->engine->zone, instant), &n->line);
}

/* Are the events over before any window begins? Then this was told. */
static bool note_old_events(noter *n, const char *option)
{
    const store *data = n->engine->store;
    if (data->event_count == 0 || !n->has_window || data->last_time >= n->first_begin)
        return false;
    text_clear(&n->line);
    if (data->last_time > 0 && data->last_time < 365 * MICROSECONDS_PER_DAY) {
        text_append(&n->line,
                    "all events are of 1970: a time that counts seconds has the "
                    "format unix, not unix_ms");
    } else {
        text_append_format(&n->line, "the last event%s is of ",
                           n->engine->wanted ? " that the rule looks at" : "");
        append_date(n, data->last_time);
        text_append_format(&n->line,
                           ", before every window of the rules begins: %s judges at "
                           "another instant",
                           option);
    }
    say(n);
    return true;
}

static void note_windows(noter *n)
{
    const store *data = n->engine->store;
    if (note_old_events(n, "--as-of") || data->event_count == 0 || !n->has_window ||
        data->first_time <= n->first_begin)
        return;
    text_clear(&n->line);
    text_append(&n->line, "the longest window begins on ");
    append_date(n, n->first_begin);
    text_append(&n->line, ", and the first event is of ");
    append_date(n, data->first_time);
    say(n);
}

static void see_windows(noter *n)
{
    for (size_t i = 0; i < n->engine->graph->node_count; i++)
        if (n->engine->graph->nodes[i]->kind == NODE_WINDOW)
            see_window(n, n->engine->graph->nodes[i]);
}

void engine_note_instant(const engine *e, int64_t instant, const char *option,
                         const engine_listener *listener)
{
    noter n = {.engine = e, .listener = listener, .now = instant};
    text_init(&n.line);
    see_windows(&n);
    note_old_events(&n, option);
    text_done(&n.line);
}

void engine_note_data(const engine *e, int64_t now, const engine_listener *listener)
{
    noter n = {.engine = e, .listener = listener, .now = now};
    text_init(&n.line);
    for (size_t i = 0; i < e->graph->node_count; i++)
        if (e->graph->nodes[i]->kind == NODE_TEXT_IN)
            note_texts(&n, e->graph->nodes[i]);
    if (n.text_count > MOST_TEXTS) {
        text_clear(&n.line);
        text_append_format(&n.line, "%zu more texts of the rules never occur",
                           n.text_count - MOST_TEXTS);
        say(&n);
    }
    see_windows(&n);
    note_windows(&n);
    text_done(&n.line);
}

/* ---- results ------------------------------------------------------------------------ */

/* "in top 20%" for the highest tiles, where that is a whole percentage or a third. */
static void append_share(const run_empty_tiles *t, text *out)
{
    int64_t wanted = t->of - t->first + 1;
    if (t->last < t->of)
        return;
    if (100 * wanted % t->of == 0)
        text_append_format(out, "; \"in top %lld%%\" takes all equals in",
                           (long long)(100 * wanted / t->of));
    else if (wanted == 1 && t->of == 3)
        text_append(out, "; \"in top third\" takes all equals in");
}

void engine_note_results(const run_result *r, const engine_listener *listener)
{
    text line;
    text_init(&line);
    for (size_t i = 0; i < r->empty_tile_count; i++) {
        const run_empty_tiles *t = &r->empty_tiles[i];
        text_clear(&line);
        text_append_format(&line, "nobody is in tile%s %lld",
                           t->first < t->last ? "s" : "", (long long)t->first);
        if (t->first < t->last)
            text_append_format(&line, " to %lld", (long long)t->last);
        text_append_format(&line,
                           " of %lld, for which \"%s\" asks: people with equal values "
                           "share the lower tile",
                           (long long)t->of, t->rule);
        append_share(t, &line);
        listener->log(listener->context, line.data);
    }
    text_done(&line);
}
