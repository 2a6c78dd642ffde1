/* SPDX-License-Identifier: MIT
 *
 * Properties where traits are meant, traits where properties are, and times under the names
 * that columns have: what to write instead.
 */
#include <string.h>

#include "lang/foreign.h"
#include "lang/resolver.h"
#include "report/lookalike.h"

/* A property that the kind has, or NULL; properties of declared events are not looked up. */
const property *kind_property(const resolver *r, const char *kind, const char *name)
{
    const schema *s = r->book->schema;
    size_t index = schema_find_event(s, kind);
    size_t found =
        index != SCHEMA_NONE ? kind_find_property(&s->kinds[index], name) : SCHEMA_NONE;
    return found != SCHEMA_NONE ? &s->kinds[index].properties[found] : NULL;
}

/* Is it a list, or a record whose fields are properties? */
static bool holds_more(const event_kind *kind, const char *name)
{
    size_t size = strlen(name);
    if (name_index_find(&kind->lists, name) != SIZE_MAX)
        return true;
    for (size_t i = 0; i < kind->property_count; i++) {
        const char *other = kind->properties[i].name;
        if (strncmp(other, name, size) == 0 && other[size] == '.')
            return true;
    }
    return false;
}

/* The kind of the data of this name, when it has neither a property, nor a list, nor a record
 * of that name; or NULL. */
static const event_kind *lacking_kind(const resolver *r, const char *kind,
                                      const char *name)
{
    const schema *s = r->book->schema;
    size_t index = schema_find_event(s, kind);
    pseudo_property pseudo;
    bool is_of_data = index != SCHEMA_NONE && index < s->kind_count;
    if (!is_of_data || kind_property(r, kind, name) ||
        pseudo_property_find(name, &pseudo) || holds_more(&s->kinds[index], name))
        return NULL;
    return &s->kinds[index];
}

void report_many_values(resolver *r, span where, const char *event, const char *name)
{
    error(r, where, E0110,
          "\"%s.%s\" has a value for each event, and one value is needed", event, name);
}

bool report_lacking_property(resolver *r, const ast_expr *path)
{
    const char *name = name_at(&path->names, 1)->text;
    const char *kind_name = name_at(&path->names, 0)->text;
    const event_kind *kind = lacking_kind(r, kind_name, name);
    if (!kind || path->names.count != 2)
        return false;
    error(r, name_at(&path->names, 1)->where, E0105, "%s has no property named \"%s\"",
          kind_name, name);
    const char *similar = kind_similar_property(kind, name);
    if (schema_find_trait(r->book->schema, name) != SCHEMA_NONE)
        propose(r, path->where, "user.%s", name);
    else if (strcmp(name, "count") == 0 || strcmp(name, "frequency") == 0)
        propose(r, path->where, "count(%s)", in_rule(r, kind_name));
    else if (foreign_time(name))
        hint(r,
             "\"last %s\" and \"first %s\" are times; inside of \"where\" it is "
             "%s.",
             kind_name, kind_name, foreign_time(name));
    else if (similar)
        hint_similar(r->diags, name_at(&path->names, 1)->where, name, similar);
    else if (kinds_with_property(r, name))
        hint(r, "\"%s\" belongs to %s.", name, kinds_with_property(r, name));
    return true;
}

/* `max(purchase.timestamp)` is the time of the last one, `count(purchase.id)` counts all. */
void report_selected_column(resolver *r, ast_expr *expr)
{
    ast_selection *s = expr->selection;
    bool is_plain = expr->kind == EXPR_AGGREGATE && s && s->names.count == 1;
    const ast_event *event = is_plain ? pattern_event(s->pattern) : NULL;
    const char *kind = event ? event->name.text : NULL;
    if (!kind || !lacking_kind(r, kind, selected_name(s)->text))
        return;
    ast_name name = *selected_name(s);
    bool is_last = expr->aggregate == AGGREGATE_MAX;
    bool is_time = (is_last || expr->aggregate == AGGREGATE_MIN) &&
                   foreign_time(name.text) && expr->modifiers.windows.count == 0 &&
                   !event->where;
    bool is_id = expr->aggregate == AGGREGATE_COUNT &&
                 is_word_of(name.text, "id event_id uuid user_id row_id");
    if (is_time || is_id)
        error(r, name.where, E0105, "%s has no property named \"%s\"", kind, name.text);
    if (is_time) {
        propose(r, expr->where, "%s %s", is_last ? "last" : "first", in_rule(r, kind));
        expr->kind = EXPR_NOW; /* which has the same type */
    } else if (is_id) {
        offer(r, span_join(event->name.where, name.where),
              "Events are counted by themselves: count(%s ...).", "%s", kind);
        s->names.count = 0;
    }
}

/* `user.revenue`, where revenue is declared; `user.amount`, which purchases have. */
static bool hint_no_trait(resolver *r, const ast_expr *path, const char *name)
{
    const ast_decl *named = rulebook_find(r->book, name);
    const ast_decl *decl = named != r->current ? named : NULL;
    const char *kind = kind_with_property(r->book->schema, name);
    const char *order = strncmp(name, "last_", 5) == 0    ? "last"
                        : strncmp(name, "first_", 6) == 0 ? "first"
                                                          : NULL;
    const char *event = order ? name + strlen(order) + 1 : name;
    if (order && schema_find_event(r->book->schema, event) != SCHEMA_NONE) {
        propose(r, path->where, "%s %s", order, in_rule(r, event));
    } else if (order && path->names.count == 2 && meant_column(r, name)) {
        propose(r, path->where, "%s", meant_column(r, name));
    } else if (decl && (decl->kind == DECL_LET || decl->kind == DECL_SCORE)) {
        propose(r, path->where, "%s", name);
    } else if (decl && !r->wants_value &&
               (decl->kind == DECL_SEGMENT || decl->kind == DECL_GROUPS)) {
        propose(r, path->where, "in %s", name);
    } else if (kind) {
        const property *p = kind_property(r, kind, name);
        hint(r, "It is a property of %s: write, for example, last %s.%s, or %s(%s.%s).",
             kinds_with_property(r, name), in_rule(r, kind), in_rule(r, name),
             p && type_is_numeric(p->type) ? "sum" : "most_common", in_rule(r, kind),
             in_rule(r, name));
    } else if (is_word_of(name, "id user_id userid person_id customer_id")) {
        hint(r, "Ids stand in a list: list few = \"ann\", \"bob\" at the left margin, or "
                "list few from \"ids.csv\"; here: in few.");
    } else {
        return false;
    }
    return true;
}

/* `amount: {type: decimal}` became `amount.type`. */
void hint_typed(resolver *r, const char *name)
{
    hint(r, "In carpel.yaml the type stands directly behind the name: %s: string.", name);
}

/* `user.Country`, `user.contry`. */
static const char *similar_trait(resolver *r, const char *written)
{
    const schema *s = r->book->schema;
    return may_compare(r, s->trait_count) ? schema_similar_trait(s, written) : NULL;
}

void report_no_trait(resolver *r, span where, const char *name)
{
    const char *similar = similar_trait(r, name);
    error(r, where, E0115, "people have no trait named \"%s\"", name);
    if (similar)
        hint_similar(r->diags, where, name, similar);
    else
        hint(r, "Traits are listed under \"traits\" in carpel.yaml.");
}

void report_unknown_trait(resolver *r, const ast_expr *path)
{
    const ast_name *name = name_at(&path->names, 1);
    ast_list behind = {path->names.items + 1, path->names.count - 1, 0};
    const char *similar =
        similar_trait(r, joined_names(r->book->memory, &behind, behind.count));
    error(r, name->where, E0115, "people have no trait named \"%s\"", name->text);
    const char *typed = wording(r, "%s.type", name->text);
    if (schema_find_trait(r->book->schema, typed) != SCHEMA_NONE)
        hint_typed(r, name->text);
    else if (similar)
        hint_similar(r->diags, path->where, name->text, wording(r, "user.%s", similar));
    else if (!hint_no_trait(r, path, name->text))
        hint(r, "Traits are listed under \"traits\" in carpel.yaml.");
}

/* A few of the events that there are, as in "purchase, login". */
static const char *some_events(const resolver *r)
{
    enum { MOST = 6 };
    const schema *s = r->book->schema;
    const char *names = s->kind_count > 0 ? s->kinds[0].name : "EVENT";
    for (size_t i = 1; i < s->kind_count && i < MOST; i++)
        names = wording(r, "%s, %s", names, s->kinds[i].name);
    return s->kind_count > MOST ? wording(r, "%s, ...", names) : names;
}

bool report_unknown_behaviour(resolver *r, const ast_expr *path, span window)
{
    const char *name = name_at(&path->names, 0)->text;
    const schema *s = r->book->schema;
    bool is_known = rulebook_find(r->book, name) ||
                    schema_find_event(s, name) != SCHEMA_NONE ||
                    schema_find_trait(s, name) != SCHEMA_NONE ||
                    rulebook_is_broken(r->book, name) || similar_decl(r, name, false);
    if (path->names.count != 1 || is_known)
        return false;
    const char *column = meant_column(r, name), *same = schema_same_kind(s, name);
    const char *similar =
        same || !may_compare(r, s->kind_count) ? same : schema_similar_kind(s, name);
    const char *joined = is_word_for_joining(name) ? schema_joining_trait(s) : NULL;
    error(r, path->where, E0106, "nothing is named \"%s\"", name);
    if (joined)
        propose(r, path->where, "user.%s", in_rule(r, joined));
    else if (column)
        propose(r, path->where, "%s", column);
    else if (strcmp(name, "active") == 0 || strcmp(name, "inactive") == 0)
        propose(r, path->where, name[0] == 'a' ? "did anything" : "did not anything");
    else if (similar)
        propose(r, path->where, "did %s", in_rule(r, similar));
    else
        hint(r, "What people did is asked with \"did\": did %s %s. There are %s.",
             s->kind_count > 0 ? s->kinds[0].name : "EVENT", words_in(r, window),
             some_events(r));
    return true;
}

/* ---- `event = "purchase" and amount > 100` -------------------------------- */

/* The kind of events that a comparison of another tool's column asks for, or NULL. */
static const event_kind *compared_kind(const resolver *r, const ast_expr *expr)
{
    if (expr->kind != EXPR_COMPARE || expr->compare != COMPARE_EQ ||
        !expr_word(expr->left) || expr->right->kind != EXPR_STRING)
        return NULL;
    const schema *s = r->book->schema;
    const char *column = expr_word(expr->left);
    const char *same = schema_same_kind(s, expr->right->text.text);
    size_t kind = schema_find_event(s, same ? same : expr->right->text.text);
    bool is_meant =
        is_word_of(column, "event event_name event_type eventname action activity "
                           "event_kind") &&
        !rulebook_find(r->book, column);
    return is_meant && kind < s->kind_count ? &s->kinds[kind] : NULL;
}

/* Is it a condition on a property of such events, which a `where` can hold as it stands? */
static bool tests_property_of(const ast_expr *expr, const event_kind *kind)
{
    switch (expr->kind) {
    case EXPR_COMPARE:
    case EXPR_CONTAINS:
    case EXPR_STARTS_WITH:
    case EXPR_ENDS_WITH:
    case EXPR_MATCHES:
    case EXPR_IN_VALUES:
    case EXPR_IS_MISSING:
        return expr->left->kind == EXPR_PATH &&
               kind_find_property(kind, name_at(&expr->left->names, 0)->text) !=
                   SCHEMA_NONE;
    default: return false;
    }
}

bool report_event_column(resolver *r, const ast_expr *compare)
{
    const event_kind *kind = compared_kind(r, compare);
    if (!kind)
        return false;
    error(r, compare->where, E0106, "nothing is named \"%s\"",
          name_at(&compare->left->names, 0)->text);
    propose(r, compare->where, "did %s", in_rule(r, kind->name));
    return true;
}

size_t report_event_filter(resolver *r, const ast_expr *chain)
{
    const ast_list *parts = &chain->list;
    const event_kind *kind = compared_kind(r, parts->items[0]);
    size_t taken = 1;
    while (kind && taken < parts->count && tests_property_of(parts->items[taken], kind))
        taken++;
    if (!kind || taken < 2)
        return 0;
    const ast_expr *event = parts->items[0], *first = parts->items[1],
                   *last = parts->items[taken - 1];
    error(r, event->where, E0106, "nothing is named \"%s\"",
          name_at(&event->left->names, 0)->text);
    propose(r, span_join(event->where, last->where), "did %s where (%s)",
            in_rule(r, kind->name), words_in(r, span_join(first->where, last->where)));
    return taken;
}

bool report_property_outside(resolver *r, const ast_expr *path, span whole)
{
    const char *owner = name_at(&path->names, 0)->text;
    const char *name = name_at(&path->names, 1)->text;
    const schema *s = r->book->schema;
    bool is_trait = strcmp(owner, "user") == 0;
    bool is_any = strcmp(owner, "event") == 0 || strcmp(owner, "properties") == 0 ||
                  strcmp(owner, "event_properties") == 0;
    const char *kind = is_trait || is_any ? kind_with_property(s, name) : owner;
    span rest = whole;
    rest.begin = path->where.end;
    bool is_counted = !is_trait && is_word_of(name, "gap nth");
    if (rulebook_find(r->book, owner) || !kind ||
        (!kind_property(r, kind, name) && !is_counted))
        return false;
    if (is_trait && (schema_find_trait(s, name) != SCHEMA_NONE ||
                     rulebook_find(r->book, name) || similar_trait(r, name)))
        return false;
    if (is_trait)
        error(r, name_at(&path->names, 1)->where, E0115,
              "people have no trait named \"%s\"", name);
    else
        report_many_values(r, path->where, owner, name);
    const char *behind = words_in(r, rest);
    kind = in_rule(r, kind);
    name = in_rule(r, name);
    offer_either(r, whole, "Write: %s, or of the last one: %s.",
                 wording(r, "did %s where (%s%s)", kind, name, behind),
                 wording(r, "last %s.%s%s", kind, name, behind));
    return true;
}

bool report_event_time(resolver *r, const ast_expr *expr)
{
    bool is_window = expr->kind == EXPR_IN_WINDOW && !expr->is_negated;
    bool is_test = expr->kind == EXPR_COMPARE || expr->kind == EXPR_IN_VALUES;
    if ((!is_window && !is_test) || expr->left->kind != EXPR_PATH ||
        expr->left->names.count < 2)
        return false;
    const ast_list *names = &expr->left->names;
    const char *event = name_at(names, 0)->text, *name = name_at(names, 1)->text;
    const char *ours = strcmp(name, "time") == 0 ? name : foreign_time(name);
    if (!ours || rulebook_find(r->book, event) ||
        schema_find_event(r->book->schema, event) == SCHEMA_NONE ||
        kind_property(r, event, name))
        return false;
    span rest = {expr->where.file, expr->left->where.end, expr->where.end};
    span part = {rest.file, name_at(names, 1)->where.end, rest.end};
    report_many_values(r, expr->left->where, event, name);
    if (is_window && names->count == 2)
        propose(r, expr->where, "did %s%s", in_rule(r, event), words_in(r, rest));
    else
        propose(r, expr->where, "did %s where (%s%s)", in_rule(r, event), ours,
                words_in(r, part));
    return true;
}
