/* SPDX-License-Identifier: MIT
 *
 * Names of values: declarations, properties, traits and parts of times.
 */
#include "lang/checker.h"

type pseudo_type(pseudo_property which)
{
    static const type types[PSEUDO_COUNT] = {[PSEUDO_TIME] = {TYPE_TIME, 0},
                                             [PSEUDO_GAP] = {TYPE_DURATION, 0},
                                             [PSEUDO_NTH] = {TYPE_DECIMAL, 0},
                                             [PSEUDO_EVENT] = {TYPE_STRING, 0}};
    return types[which];
}

static type property_type(checker *c, const meaning *m, span where)
{
    typed_property found = scope_property(m->scope, m->name);
    if (!found.second)
        return found.type;
    return refuse(c, where, E0108, "\"%s\" is %s of \"%s\" but %s of \"%s\"", m->name,
                  type_words(found.type), found.first->name, type_words(found.other),
                  found.second->name);
}

type part_type(checker *c, type whole, time_part part, span where)
{
    if (part == PART_NONE || whole.kind == TYPE_ERROR)
        return whole;
    if (whole.kind == TYPE_TIME || (whole.kind == TYPE_DATE && part != PART_HOUR))
        return (type){time_parts[part].type, 0};
    return refuse(c, where, E0108, "%s has no such part; a time has", type_words(whole));
}

/* `account.seats`, which nobody but an account has. */
static void need_account_trait(checker *c, size_t trait, span where)
{
    const char *name = c->book->schema->traits[trait].name;
    bool is_of_people = c->level == LEVEL_PERSON;
    need_level(c, LEVEL_ACCOUNT, where, wording(c, "account.%s", name));
    if (is_of_people)
        hint(c,
             "Write user.%s, or say \"for each account\" if it is a rule about "
             "accounts.",
             name);
}

type check_meaning(checker *c, meaning *m, span where)
{
    type t = NO_TYPE;
    switch (m->kind) {
    case MEANING_DECL:
        need_level(c, m->decl->meaning->level, where, m->decl->name.text);
        t = m->decl->meaning->type;
        m->duration = m->decl->meaning->duration;
        break;
    case MEANING_PROPERTY: t = property_type(c, m, where); break;
    case MEANING_PSEUDO: t = pseudo_type(m->pseudo); break;
    case MEANING_TRAIT:
        if (m->is_of_account)
            need_account_trait(c, m->trait, where);
        t = c->book->schema->traits[m->trait].type;
        break;
    default: return NO_TYPE;
    }
    return part_type(c, t, m->part, where);
}

type check_last_change(checker *c, const ast_expr *expr)
{
    if (expr->meaning->kind == MEANING_TRAIT && expr->meaning->part == PART_NONE) {
        if (expr->meaning->is_of_account)
            need_account_trait(c, expr->meaning->trait, expr->where);
        return TIME;
    }
    if (expr->meaning->kind == MEANING_NONE)
        return NO_TYPE; /* reported */
    return refuse(c, expr->where, E0108, "\"last change of\" asks about a trait: user.x");
}
