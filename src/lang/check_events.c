/* SPDX-License-Identifier: MIT
 *
 * Events as they are named: kinds with their `where`, users, and the lists inside events.
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
    for (size_t i = 0; i < step->events.count; i++) {
        const ast_event *event = step->events.items[i];
        if (is_user_kind(c, event) && (!stands_alone || step->events.count > 1))
            error(c, event->place, E0127,
                  "users have no time, so they are counted by themselves only");
    }
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
    for (size_t i = 0; i < step->events.count; i++) {
        ast_event *event = step->events.items[i];
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
