/* SPDX-License-Identifier: MIT
 *
 * history -- what the rules would have said at a row of instants: sizes, who entered and who
 * left, and how people moved between groups.
 *
 *     history *h = engine_history(e, instants, count, &options, &err);
 *     for (size_t i = 0; i < h->segment_count; i++)
 *         ... h->segments[i].points[k].size ...
 *     history_free(h);
 *
 * Each instant is judged as a run judges it: people are those who are known by then, events
 * those that happened up to then. Nothing is written, and no remembered run is looked at. What
 * instants have in common is worked out once (instant_results.h).
 */
#ifndef ENGINE_HISTORY_H
#define ENGINE_HISTORY_H

#include "engine/engine.h"
#include "engine/instant_results.h"

/* A segment or a group at one of the instants. */
typedef struct history_point {
    size_t size;
    size_t known;         /* people, or accounts, who were judged */
    size_t entered, left; /* since the instant before; of the first: none */
} history_point;

typedef struct history_segment {
    const char *name, *path, *title; /* title: or NULL */
    const char *many;                /* "people", "accounts" */
    history_point *points;           /* by instant */
} history_segment;

/* A set of groups. */
typedef struct history_set {
    const char *name, *title;
    size_t first, count; /* into history.groups */
    /* moves[from * (count + 1) + to]: who was in `from` at the first instant and is in `to` at the
     * last; `count` stands for none of them, which those are in who were not known yet. */
    size_t *moves;
    size_t **steps; /* by instant from the second on: the same since the instant before */
} history_set;

typedef struct history {
    int64_t *instants; /* ascending */
    size_t count;
    size_t *people; /* by instant: who was judged */
    history_segment *segments;
    size_t segment_count;
    history_segment *groups;
    size_t group_count;
    history_set *sets;
    size_t set_count;
    arena *memory; /* owns all of it, but for names and titles, which are the engine's */
} history;

/* Judge everyone at each of `count` instants, ascending, at least one. The engine is loaded.
 * Progress counts instants. NULL: *err is filled, as by engine_run. */
history *engine_history(engine *e, const int64_t *instants, size_t count, size_t threads,
                        const engine_listener *listener, carpel_error *err);
void history_free(history *h); /* accepts NULL */

/* The segment or group of that path, or NULL. */
const history_segment *history_find(const history *h, const char *path);

/* The same of rules and a store, as `options` say; their instant does not matter. Told after each instant when `told` is not NULL. */
typedef void history_told(void *context, uint64_t instants_done);
history *history_of(const instant_rules *from, const int64_t *instants, size_t count,
                    run_options options, history_told *told, void *context,
                    carpel_error *err);

/* Where a history looks: at `last`, and at `count` instants before it, each one step earlier;
 * or from `first` on, step by step, up to `last`. Steps of days and more keep the time of day on
 * the local clock, those of months the day of the month where there is one. */
typedef struct history_steps {
    calendar_span every;
    int64_t last;
    bool has_first;
    int64_t first;
    size_t count;
} history_steps;

/* More instants than that are not judged together. */
enum { MOST_INSTANTS = 4000 };

/* The instants in the memory, ascending; 0: there are too many. `first` must not be behind `last`. */
size_t engine_history_instants(const engine *e, const history_steps *steps, arena *memory,
                               int64_t **out);

#endif
