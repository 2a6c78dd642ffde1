/* SPDX-License-Identifier: MIT
 *
 * A name alone makes no role: a time has to be one, kinds are few, and an id of rows does not come
 * twice.
 */
#include "look/roles.h"

#include <string.h>

#include "look/names.h"

static const struct role_word {
    look_role role;
    const char *name;
    int weight;
} words[] = {
#define X(role, name, weight) {ROLE_##role, name, weight},
#include "look/roles.def"
#undef X
};

const char *look_role_name(look_role role)
{
    static const char *const names[] = {"person", "time", "event", "id"};
    return names[role];
}

static bool may_be_person(const look_column *c)
{
    column_kind kind = column_kind_of(c);
    return kind == COLUMN_INT || kind == COLUMN_STRING || kind == COLUMN_DECIMAL;
}

bool look_may_be_event(const look_file *f, const look_column *c)
{
    bool is_repeated = f->row_count < 10 || look_column_distinct(c) * 2 <= c->filled;
    return column_kind_of(c) == COLUMN_STRING &&
           look_column_distinct(c) <= ROLE_MOST_KINDS && is_repeated &&
           c->most_size <= 100 && c->filled * 100 >= f->row_count * 99;
}

static bool is_unique(const look_file *f, const look_column *c)
{
    return c->filled == f->row_count - f->refused_count && !c->has_more_values &&
           look_column_distinct(c) == c->filled;
}

static bool may_have_role(const look_file *f, const look_column *c, look_role role)
{
    if (c->filled == 0 || c->from[0] == '\0' || (!c->is_flat && strchr(c->from, '[')))
        return false;
    switch (role) {
    case ROLE_PERSON: return may_be_person(c);
    case ROLE_TIME: return look_column_may_be_time(c);
    case ROLE_EVENT: return look_may_be_event(f, c);
    case ROLE_ID: return is_unique(f, c);
    case ROLE_COUNT: break;
    }
    return false;
}

/* 0: it has not the role. Of two with one weight the first one in the file counts. */
static int weigh(const look_file *f, const look_column *c, look_role role)
{
    int weight = role == ROLE_TIME ? 10 /* a time of any name may be it */
                 : role == ROLE_PERSON && c->are_emails ? 55
                                                        : 0;
    if (!may_have_role(f, c, role))
        return 0;
    const char *bare = look_bare_name(c->from, f->memory);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (words[i].role == role && strcmp(words[i].name, bare) == 0)
            weight = words[i].weight;
    return weight < 0 ? 0 : weight;
}

look_roles look_roles_of(const look_file *f)
{
    look_roles roles = {0};
    for (look_role role = 0; role < ROLE_COUNT; role++) {
        int weights[ROLE_MOST_CANDIDATES] = {0};
        for (size_t i = 0; i < f->column_count; i++) {
            const look_column *c = f->columns[i];
            int weight = weigh(f, c, role);
            for (size_t k = 0; k < ROLE_MOST_CANDIDATES && weight > 0; k++) {
                const look_column *below = roles.candidates[role][k];
                int below_weight = weights[k];
                if (weight <= below_weight)
                    continue;
                roles.candidates[role][k] = c;
                weights[k] = weight;
                c = below;
                weight = below_weight;
            }
        }
    }
    return roles;
}
