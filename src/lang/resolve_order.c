/* SPDX-License-Identifier: MIT
 *
 * The order in which each declaration comes after those it uses. It is found with a list
 * of its own instead of by recursion: a chain may be as long as the files are.
 */
#include "base/memory.h"
#include "lang/resolver.h"
#include "lang/walk.h"

enum { STATE_NEW, STATE_OPEN, STATE_DONE };

/* How many declared events may lean on each other in a row: each is a table that is
 * taken from the one before. */
enum { MAX_EVENT_CHAIN = 200 };

/* A declaration on the way down, and which of its uses is next. */
typedef struct stop {
    ast_decl *decl;
    size_t next;
} stop;

/* The way from a declaration down to the one that is looked at. */
typedef struct way {
    stop *stops;
    size_t count, capacity;
    ast_list *order;
    arena *memory;
    diags *diags; /* NULL: circles are not reported */
} way;

static void report_cycle(const way *w, const ast_use *use)
{
    size_t begin = w->count;
    while (w->stops[begin - 1].decl != use->decl)
        begin--;
    text path;
    text_init(&path);
    for (size_t i = begin - 1; i < w->count; i++)
        text_append_format(&path, "%s -> ", w->stops[i].decl->name.text);
    error(w, use->where, E0111, "\"%s\" leans on itself: %s%s", use->decl->name.text,
          path.data, use->decl->name.text);
    hint(w, "Take one of these references away.");
    text_done(&path);
}

static void go_down(way *w, ast_decl *decl)
{
    memory_grow((void **)&w->stops, w->count, &w->capacity, sizeof *w->stops);
    w->stops[w->count++] = (stop){decl, 0};
    decl->order_state = STATE_OPEN;
}

static void go_up(way *w)
{
    ast_decl *decl = w->stops[--w->count].decl;
    decl->order_state = STATE_DONE;
    ast_list_add(w->memory, w->order, decl);
}

/* Put in order what `first` uses, directly or not, and then itself. */
static void put_in_order(way *w, ast_decl *first)
{
    if (first->order_state == STATE_NEW)
        go_down(w, first);
    while (w->count > 0) {
        stop *here = &w->stops[w->count - 1];
        if (here->next == here->decl->uses.count) {
            go_up(w);
            continue;
        }
        const ast_use *use = here->decl->uses.items[here->next++];
        if (use->decl->order_state == STATE_NEW)
            go_down(w, use->decl);
        else if (use->decl->order_state == STATE_OPEN && w->diags)
            report_cycle(w, use);
    }
}

void resolve_order(resolver *r)
{
    way w = {.order = &r->book->order, .memory = r->book->memory, .diags = r->diags};
    for (size_t i = 0; i < r->book->decls.count; i++)
        put_in_order(&w, r->book->decls.items[i]);
    memory_free(w.stops);
}

/* ---- declared events ---------------------------------------------------- */

typedef struct event_use {
    ast_visitor visitor;
    resolver *r;
} event_use;

static bool use_events_of_step(const ast_visitor *v, const ast_step *step)
{
    resolver *r = ((const event_use *)v)->r;
    each (ast_event, event, &step->events) {
        event->kind = SCHEMA_NONE;
        if (event->is_anything)
            continue;
        event->kind = schema_find_event(r->book->schema, event->name.text);
        ast_decl *decl = rulebook_find(r->book, event->name.text);
        if (event->kind != SCHEMA_NONE || !decl || decl->kind != DECL_EVENT)
            continue;
        event->decl = decl;
        use_decl(r, decl, event->name.where);
    }
    return false;
}

static void use_events(resolver *r, ast_decl *decl)
{
    event_use use = {{.step = use_events_of_step}, r};
    r->current = decl;
    visit_pattern(&use.visitor, decl->pattern);
}

/* How many declared events lie under it. */
static size_t count_below(const ast_decl *decl)
{
    size_t most = 0;
    for (size_t i = 0; i < decl->uses.count; i++) {
        size_t below =
            ((const ast_use *)decl->uses.items[i])->decl->meaning->events_below;
        most = below + 1 > most ? below + 1 : most;
    }
    return most;
}

static bool has_matches(const ast_pattern *pattern)
{
    for (size_t i = 0; !pattern->is_sequence && i < pattern->step->events.count; i++) {
        const ast_event *event = pattern->step->events.items[i];
        if (event->decl && event->decl->meaning->has_matches)
            return true;
    }
    return pattern->is_sequence;
}

static void find_kinds(resolver *r, ast_decl *decl)
{
    decl->kinds = scope_of_pattern(decl->pattern, r->book->schema, r->book->memory);
    decl->meaning->events_below = count_below(decl);
    decl->meaning->has_matches = has_matches(decl->pattern);
    if (decl->meaning->events_below != MAX_EVENT_CHAIN)
        return;
    error(r, decl->name.where, E0120, "more than %d events lean on each other in a row",
          MAX_EVENT_CHAIN);
    hint(r, "Ask for the properties of the event at the begin of the row.");
}

void resolve_event_kinds(resolver *r)
{
    ast_list events = {0};
    way w = {.order = &events, .memory = r->book->memory};
    each (ast_decl, decl, &r->book->decls)
        if (decl->kind == DECL_EVENT)
            use_events(r, decl);
    for (size_t i = 0; i < r->book->decls.count; i++)
        if (((ast_decl *)r->book->decls.items[i])->kind == DECL_EVENT)
            put_in_order(&w, r->book->decls.items[i]);
    for (size_t i = 0; i < events.count; i++)
        find_kinds(r, events.items[i]);
    for (size_t i = 0; i < events.count; i++) { /* the whole body says what it uses */
        ast_decl *decl = events.items[i];
        decl->uses = (ast_list){0};
        decl->order_state = STATE_NEW;
    }
    memory_free(w.stops);
}
