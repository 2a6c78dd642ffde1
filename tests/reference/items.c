/* SPDX-License-Identifier: MIT
 *
 * "A list of records inside an event is a kind inside its `where`": its items are what a
 * rule sees as events there, without a time of their own.
 */
#include <string.h>

#include "reference/evaluator.h"

/* None of a session, which has no lists of its own. */
static occurrences items_of_list(reference *ref, const occurrence *holder,
                                 const char *name)
{
    occurrences items = {0};
    size_t kind = schema_find_list(ref->world->schema, holder->event->kind, name);
    for (size_t l = 0; !holder->is_session && l < holder->event->list_count; l++) {
        const world_list *list = &holder->event->lists[l];
        size_t count = 0;
        if (list->kind != kind)
            continue;
        world_value **values = world_items(ref->world, list, &count);
        for (size_t i = 0; i < count; i++)
            occurrences_add(ref, &items,
                            (occurrence){.event = holder->event,
                                         .holder = holder,
                                         .list_kind = kind,
                                         .item = values[i],
                                         .user = i,
                                         .arrival = (uint32_t)i,
                                         .nth = value_exact((int128)i + 1, 0)});
    }
    return items;
}

occurrences items_of_event(reference *ref, const ast_event *event, scope s)
{
    return items_of_list(ref, event->is_of_outer ? s.event->holder : s.event,
                         event->list);
}

value item_property(const reference *ref, const occurrence *o, const char *name)
{
    const event_kind *list = &ref->world->schema->kinds[o->list_kind];
    size_t i = kind_find_property(list, name);
    if (i != SCHEMA_NONE)
        return stored_value(list->properties[i].type, &o->item[i]);
    return strcmp(name, "nth") == 0 ? o->nth : value_missing();
}

/* `"x" in tags`, `tags contains "x"` */
bool list_has_value(reference *ref, const meaning *list, value v, scope s)
{
    const occurrence *holder = list->is_of_outer ? s.event->holder : s.event;
    occurrences items = items_of_list(ref, holder, list->name);
    for (size_t i = 0; i < items.count; i++)
        if (value_equals(ref->zone, v,
                         item_property(ref, &items.items[i], SCHEMA_ITEM_VALUE)))
            return true;
    return false;
}
