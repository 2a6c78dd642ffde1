/* SPDX-License-Identifier: MIT
 *
 * Events as they are named: kinds with their `where`, users, and the lists inside events; and
 * `did x at least 3 times in a row among (x or y)`: events of the data, one after another.
 */
#include "lang/checker.h"

static bool is_user_kind(const checker *c, const ast_event *event)
{
    return !event->decl && !event->is_anything && event->kind != SCHEMA_NONE &&
           c->book->schema->kinds[event->kind].derivation == KIND_USERS;
}

/* Users are no events: they have no time, and no name; they stand in no alternatives or
 * sequences, and nothing is near them. */
void check_users_alone(checker *c, const ast_step *step, bool stands_alone)
{
    each (const ast_event, event, &step->events)
        if (is_user_kind(c, event) && (!stands_alone || step->events.count > 1))
            error(c, event->place, E0127,
                  "users have no time, so they are counted by themselves only");
}

/* The items of a list stand alone: they are no events, and have no time of their own. */
void refuse_list(checker *c, const ast_event *event, const char *where_to)
{
    error(c, event->name.where, E0117, "the list \"%s\" cannot be %s", event->list,
          where_to);
    hint(c, "Ask for each list by itself: did %s where (...).", event->list);
}

void check_step(checker *c, ast_step *step)
{
    each (ast_event, event, &step->events) {
        if (event->list && step->events.count > 1)
            refuse_list(c, event, "one of several");
        level outer = c->level;
        if (event->is_of_account)
            need_level(c, LEVEL_ACCOUNT, event->place, "account");
        if (event->decl)
            need_level(c, event->decl->meaning->level, event->place, event->name.text);
        if (is_user_kind(c,
                         event)) { /* its `where` judges each of the account's people */
            need_level(c, LEVEL_ACCOUNT, event->place, "user");
            outer = c->level;
            c->level = LEVEL_PERSON;
        }
        if (event->where)
            check_condition(c, event->where, "\"where\"");
        if (is_user_kind(c, event))
            c->level = outer;
    }
    if (step->where)
        check_condition(c, step->where, "\"where\"");
}

/* ---- in a row ------------------------------------------------------------------------- */

/* It was reported. */
static bool is_unknown(const ast_event *event)
{
    return event->kind == SCHEMA_NONE && !event->decl && !event->list;
}

void check_row_step(checker *c, const ast_step *step)
{
    each (const ast_event, event, &step->events) {
        if (event_is_of_data(event, c->book->schema) || is_unknown(event))
            continue;
        error(c, event->place, E0117,
              "\"%s\" is no event of the data, and only these stand in a row",
              event->name.text);
        hint(c, "Write the events that it is made of.");
    }
}

static void check_row_pattern(checker *c, const ast_pattern *pattern)
{
    if (!pattern->is_sequence) {
        check_row_step(c, pattern->step);
        return;
    }
    error(c, pattern->place, E0117, "a row is one of events, and this is a sequence");
    hint(c, "Write one step alone, as in: did purchase at least 3 times in a "
            "row.");
}

static void check_row_windows(checker *c, const ast_list *windows)
{
    each (const ast_window, window, windows) {
        if (window->kind != WINDOW_LAST_EVENTS)
            continue;
        error(c, window->place, E0117,
              "a row is looked for in a time, and these are events");
        hint(c, "Write, for example: in last 30 days.");
    }
}

void check_row(checker *c, const ast_expr *did)
{
    const ast_list *rows = &did->modifiers.rows;
    for (size_t i = 0; i < rows->count; i++) {
        const ast_row *row = rows->items[i];
        if (row->among) {
            check_step(c, row->among);
            check_row_step(c, row->among);
        }
        if (i > 0)
            error(c, row->place, E0117, "\"in a row\" is given twice");
    }
    if (rows->count == 0)
        return;
    check_row_pattern(c, did->selection->pattern);
    check_row_windows(c, &did->modifiers.windows);
    if (did->modifiers.times.count > 0)
        return;
    error(c, ((const ast_row *)rows->items[0])->place, E0117,
          "\"in a row\" does not say how many");
    hint(c, "Write, for example: at least 3 times in a row.");
}

void refuse_row(checker *c, const ast_expr *aggregate)
{
    const ast_row *row = aggregate->modifiers.rows.items[0];
    error(c, row->place, E0117, "\"%s\" does not look for a row",
          aggregates[aggregate->aggregate].spelling);
    hint(c, "Write a condition: did %s at least 3 times in a row.",
         words_in(c, aggregate->selection->place));
}
