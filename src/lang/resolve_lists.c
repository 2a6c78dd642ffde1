/* SPDX-License-Identifier: MIT
 *
 * Lists that people have. Each time that one was set is an event with that list inside, of
 * a kind that rules cannot name; what is asked of the trait is short for what is asked of
 * the newest of these, and is spelt out here before its names are looked up:
 *
 *     user.tags has any of ("a", "b")    user.tags contains "a" or user.tags contains "b"
 *
 *     "vip" in user.tags     did SETTING where ("vip" in tags) in last 1 SETTING
 *     count(user.tags)       sum(SETTING.(count(tags)) in last 1 SETTING)
 *     max(user.marks)        last (SETTING.(max(marks)) in last 1 SETTING)
 *     did user.interests     did SETTING where (did interests) in last 1 SETTING
 *
 * So whoever was never given one has no items: counts and sums of them are 0.
 */
#include <string.h>

#include "lang/aggregates.h"
#include "lang/resolver.h"
#include "report/lookalike.h"

/* A trait that is a list, found by the names of an expression. */
typedef struct list_trait {
    size_t kind;      /* of its settings; SCHEMA_NONE: it is none */
    const char *name; /* "tags", or "home.tags" */
    size_t taken;     /* so many of the names are it, `user` included */
    bool is_of_account;
} list_trait;

static bool is_scope_of_users(const event_scope *scope)
{
    return scope && scope->kind_count == 1 &&
           scope->schema->kinds[scope->kinds[0]].derivation == KIND_USERS;
}

/* `user.tags`, `account.tags`; in the `where` of the users of an account also `tags`. */
static list_trait find_list_trait(resolver *r, const ast_list *names,
                                  const event_scope *scope)
{
    list_trait found = {.kind = SCHEMA_NONE};
    const char *first = names->count > 0 ? name_at(names, 0)->text : "";
    found.is_of_account = strcmp(first, "account") == 0;
    bool is_named = found.is_of_account || strcmp(first, "user") == 0;
    size_t before = is_named ? 1 : 0;
    if (!is_named && !is_scope_of_users(scope))
        return found;
    ast_list behind = {names->items + before, names->count - before, 0};
    for (size_t taken = behind.count; taken > 0; taken--) {
        found.name = joined_names(r->book->memory, &behind, taken);
        found.kind = schema_find_list_trait(r->book->schema, found.name);
        found.taken = before + taken;
        if (found.kind != SCHEMA_NONE)
            return found;
    }
    return found;
}

/* ---- what it is short for ------------------------------------------------------ */

static ast_list list_of(resolver *r, void *item)
{
    ast_list list = {0};
    ast_list_add(r->book->memory, &list, item);
    return list;
}

/* A selection of one event: a copy of that of a pattern, or a new one where that is NULL. */
static ast_selection *new_selection(resolver *r, const ast_pattern *from)
{
    arena *memory = r->book->memory;
    ast_selection *selection = arena_alloc(memory, sizeof *selection);
    ast_pattern *pattern = arena_alloc(memory, sizeof *pattern);
    ast_step *step = arena_alloc(memory, sizeof *step);
    ast_event *event = arena_alloc(memory, sizeof *event);
    if (from) {
        *pattern = *from;
        *step = *from->step;
        *event = *pattern_event(from);
    }
    step->events = list_of(r, event);
    pattern->step = step;
    selection->pattern = pattern;
    return selection;
}

/* A setting of the trait for which `where` (NULL: nothing) holds. */
static ast_selection *select_settings(resolver *r, const list_trait *trait, span place,
                                      ast_expr *where)
{
    ast_selection *selection = new_selection(r, NULL);
    ast_pattern *pattern = selection->pattern;
    ast_event *event = pattern_event(pattern);
    event->name =
        (ast_name){.text = r->book->schema->kinds[trait->kind].name, .where = place};
    event->kind = trait->kind;
    event->is_setting = true;
    event->is_of_account = trait->is_of_account;
    event->where = where;
    event->place = pattern->step->place = pattern->place = selection->place = place;
    return selection;
}

/* `in last 1 SETTING` */
static ast_modifiers newest_alone(resolver *r, const list_trait *trait, span place)
{
    ast_window *window = arena_alloc(r->book->memory, sizeof *window);
    window->kind = WINDOW_LAST_EVENTS;
    window->count = 1;
    window->name.text = r->book->schema->kinds[trait->kind].name;
    window->name.where = window->place = place;
    return (ast_modifiers){.windows = list_of(r, window)};
}

static ast_expr *copied(resolver *r, const ast_expr *expr)
{
    ast_expr *copy = arena_alloc(r->book->memory, sizeof *copy);
    *copy = *expr;
    return copy;
}

/* Let the expression be that the newest setting fulfils `where`. */
static void become_did(resolver *r, ast_expr *expr, const list_trait *trait,
                       ast_expr *where)
{
    where->is_negated = false;
    *expr = (ast_expr){.kind = EXPR_DID,
                       .where = expr->where,
                       .is_negated = expr->is_negated,
                       .meaning = expr->meaning,
                       .selection = select_settings(r, trait, expr->where, where),
                       .modifiers = newest_alone(r, trait, expr->where)};
}

/* Let it be a value of the newest setting; of none that is what it is of nothing. */
static void become_value(resolver *r, ast_expr *expr, const list_trait *trait,
                         ast_expr *of_setting)
{
    bool is_zero = expr->kind == EXPR_AGGREGATE &&
                   aggregates[expr->aggregate].of_nothing == OF_NOTHING_ZERO;
    *expr = (ast_expr){.kind = is_zero ? EXPR_AGGREGATE : EXPR_PICK,
                       .where = expr->where,
                       .is_last = true,
                       .aggregate = AGGREGATE_SUM,
                       .meaning = expr->meaning,
                       .selection = select_settings(r, trait, expr->where, NULL),
                       .modifiers = newest_alone(r, trait, expr->where)};
    expr->selection->value = of_setting;
}

/* ---- what is asked of it -------------------------------------------------------- */

/* In a `where`, the value that is looked for would be that of each event. */
static bool is_of_event(const ast_expr *value, const event_scope *scope)
{
    bool is_of_user = value->kind == EXPR_PATH && value->names.count > 1 &&
                      strcmp(name_at(&value->names, 0)->text, "user") == 0;
    return scope && !is_scope_of_users(scope) && !expr_is_literal(value) && !is_of_user;
}

/* Nothing of what was reported is looked at again. */
static void become_true(ast_expr *expr)
{
    *expr = (ast_expr){.kind = EXPR_BOOL,
                       .where = expr->where,
                       .boolean = true,
                       .meaning = expr->meaning};
}

/* `"gmail" in user.email`: a part of the text, as in other languages, or all of it? */
static void hint_in_text(const resolver *r, const ast_expr *expr)
{
    const char *value = words_of(r, &expr->ref);
    const char *sought = words_of(r, expr->left);
    const char *part = expr->is_negated ? "not contains" : "contains",
               *same = expr->is_negated ? "!=" : "=";
    offer_either(r, expr->where, "For a part of the text, write: %s. For all of it: %s.",
                 wording(r, "%s %s %s", value, part, sought),
                 wording(r, "%s %s %s", value, same, sought));
}

/* `where ("shoe" in category)`, of a property that is no list. */
static bool report_in_property(resolver *r, ast_expr *expr, const ast_list *names,
                               const event_scope *scope)
{
    const char *name = names->count == 1 ? name_at(names, 0)->text : "";
    if (!scope || rulebook_find(r->book, name) || expr->left->kind != EXPR_STRING ||
        !scope_has_property(scope, name))
        return false;
    error(r, expr->ref.where, E0110, "\"%s\" is one value, not a list", name);
    hint_in_text(r, expr);
    become_true(expr);
    return true;
}

/* `"vip" in user.plan`, which is no list. */
static void report_in_trait(resolver *r, ast_expr *expr, const ast_list *names)
{
    if (names->count != 2 || strcmp(name_at(names, 0)->text, "user") != 0 ||
        rulebook_find(r->book, "user"))
        return;
    const ast_name *name = name_at(names, 1);
    const schema *s = r->book->schema;
    if (schema_find_trait(s, name->text) != SCHEMA_NONE) {
        error(r, expr->ref.where, E0110, "\"user.%s\" is one value, not a list",
              name->text);
        if (expr->left->kind == EXPR_STRING)
            hint_in_text(r, expr);
        else
            hint(r, "Compare it: user.%s %s ...", name->text,
                 expr->is_negated ? "!=" : "=");
    } else {
        report_no_trait(r, name->where, name->text);
    }
    become_true(expr);
}

ast_list tested_names(resolver *r, const ast_expr *expr)
{
    ast_list names = {0};
    if (expr->kind == EXPR_CONTAINS && expr->left->kind == EXPR_PATH)
        return expr->left->names;
    if (expr->kind != EXPR_IN_NAMED || !expr->ref.name.text)
        return names;
    ast_list_add(r->book->memory, &names, (void *)&expr->ref.name);
    if (expr->ref.member.text)
        ast_list_add(r->book->memory, &names, (void *)&expr->ref.member);
    return names;
}

/* `"vip" in user.tags`, `user.tags contains "vip"` */
static void expand_test(resolver *r, ast_expr *expr, const event_scope *scope)
{
    bool contains = expr->kind == EXPR_CONTAINS && expr->left->kind == EXPR_PATH;
    ast_list names = tested_names(r, expr);
    list_trait trait = find_list_trait(r, &names, scope);
    if (trait.kind == SCHEMA_NONE && expr->kind == EXPR_IN_NAMED &&
        !report_in_property(r, expr, &names, scope))
        report_in_trait(r, expr, &names);
    if (trait.kind == SCHEMA_NONE || trait.taken < names.count)
        return;
    const ast_expr *value = contains ? expr->right : expr->left;
    if (is_of_event(value, scope)) {
        error(r, value->where, E0110,
              "a value of each event cannot be looked for in \"user.%s\"", trait.name);
        hint(r, "What stands there is one value, such as a text in quotes or "
                "a trait of the person.");
        become_true(expr);
        return;
    }
    ast_name *list = arena_alloc(r->book->memory, sizeof *list);
    *list = (ast_name){.text = trait.name, .where = expr->where};
    ast_expr *test = copied(r, expr);
    test->kind = EXPR_CONTAINS;
    test->right = copied(r, value);
    test->left = copied(r, expr);
    *test->left =
        (ast_expr){.kind = EXPR_PATH, .where = expr->where, .names = list_of(r, list)};
    test->ref = (ast_ref){0};
    become_did(r, expr, &trait, test);
}

/* The names that a selection begins with, `user` of `user.interests.key` included; none
 * when it is something else. */
ast_list selected_names(resolver *r, const ast_selection *selection)
{
    ast_event *event = pattern_event(selection->pattern);
    ast_list names = {0};
    if (!event || event->is_anything || event->is_setting)
        return names;
    ast_list_add(r->book->memory, &names, &event->name);
    for (size_t i = 0; i < selection->names.count; i++)
        ast_list_add(r->book->memory, &names, selection->names.items[i]);
    return names;
}

/* The selection of the items that stands inside the setting: `interests.key`. */
static ast_selection *select_items(resolver *r, const ast_selection *from,
                                   const list_trait *trait, const ast_list *names)
{
    ast_selection *selection = new_selection(r, from->pattern);
    ast_pattern *pattern = selection->pattern;
    ast_selection copy = *from;
    pattern_event(pattern)->name.text = trait->name;
    copy.pattern = pattern;
    copy.names = (ast_list){names->items + trait->taken, names->count - trait->taken, 0};
    *selection = copy;
    return selection;
}

/* `did user.interests where (...)`, `count(user.tags)` */
static bool expand_selection(resolver *r, ast_expr *expr, const event_scope *scope)
{
    ast_list names = selected_names(r, expr->selection);
    list_trait trait = find_list_trait(r, &names, scope);
    if (trait.kind == SCHEMA_NONE)
        return false;
    ast_expr *of_items = copied(r, expr);
    of_items->selection = select_items(r, expr->selection, &trait, &names);
    if (expr->kind == EXPR_DID)
        become_did(r, expr, &trait, of_items);
    else
        become_value(r, expr, &trait, of_items);
    return true;
}

/* `did user.plan`: the grammar takes names with points for lists alone. */
static void report_no_list(resolver *r, const ast_selection *selection)
{
    ast_list names = selected_names(r, selection);
    ast_event *event = selection->pattern->step->events.items[0];
    event->is_setting = true; /* of nothing, so that it is not looked up */
    event->kind = SCHEMA_NONE;
    const char *owner = name_at(&names, 0)->text;
    const char *name = joined_names(r->book->memory, &names, names.count);
    const char *trait = name + strlen(owner) + 1;
    if (schema_find_trait(r->book->schema, trait) == SCHEMA_NONE) {
        report_no_trait(r, selected_name(selection)->where, trait);
        return;
    }
    error(r, selected_name(selection)->where, E0110,
          "\"%s\" is a trait with one value, not an event or a list", name);
    hint(r, "Leave out \"did\", and compare: %s = ...", name);
}

/* Is it the name of a list: of the person, or of the event that a `where` judges? */
static bool names_list(resolver *r, const ast_expr *expr, const event_scope *scope)
{
    if (expr->kind != EXPR_PATH)
        return false;
    found_list of_event = find_list(r, scope, &expr->names);
    list_trait of_person = find_list_trait(r, &expr->names, scope);
    return (of_event.name && of_event.taken == expr->names.count) ||
           (of_person.kind != SCHEMA_NONE && of_person.taken == expr->names.count);
}

/* `tags has any of ("a", "b")`: tags contains "a" or tags contains "b" */
static void expand_has(resolver *r, ast_expr *expr, const event_scope *scope)
{
    ast_has has = expr->has;
    ast_list tests = {0};
    if (!names_list(r, expr->left, scope)) {
        const char *left = words_of(r, expr->left);
        error(r, expr->left->where, E0108,
              "\"has any of\" asks a list, and \"%s\" is none", left);
        hint(r, "One value is asked with \"in\": %s in (\"a\", \"b\").", left);
        become_true(expr);
        return;
    }
    for (size_t i = 0; i < expr->list.count; i++) {
        ast_expr *test = copied(r, expr);
        test->kind = EXPR_CONTAINS;
        test->left = copied(r, expr->left);
        test->right = expr->list.items[i];
        test->list = (ast_list){0};
        ast_list_add(r->book->memory, &tests, test);
    }
    ast_expr *joined = copied(r, expr);
    if (tests.count == 1)
        joined = tests.items[0];
    else
        *joined = (ast_expr){.kind = has == HAS_ALL ? EXPR_AND : EXPR_OR,
                             .where = expr->where,
                             .list = tests};
    *expr = has == HAS_NONE
                ? (ast_expr){.kind = EXPR_NOT, .where = expr->where, .left = joined}
                : *joined;
}

void expand_list_trait(resolver *r, ast_expr *expr, const event_scope *scope)
{
    if (expr->kind == EXPR_HAS)
        expand_has(r, expr, scope);
    switch (expr->kind) {
    case EXPR_CONTAINS:
    case EXPR_IN_NAMED: expand_test(r, expr, scope); break;
    case EXPR_AGGREGATE:
    case EXPR_PICK: expand_selection(r, expr, scope); break;
    case EXPR_DID:
        if (!expand_selection(r, expr, scope) && expr->selection->names.count > 0)
            report_no_list(r, expr->selection);
        break;
    default: break;
    }
}

bool report_list_trait(resolver *r, const ast_expr *path)
{
    list_trait trait = find_list_trait(r, &path->names, NULL);
    if (trait.kind == SCHEMA_NONE)
        return false;
    const schema *s = r->book->schema;
    const char *owner = name_at(&path->names, 0)->text;
    bool is_plain = s->kinds[schema_find_list(s, trait.kind, trait.name)].is_plain;
    error(r, path->where, E0110,
          "\"%s.%s\" is a list of several %s, and one value is needed", owner, trait.name,
          is_plain ? "values" : "items");
    if (is_plain)
        hint(r, "Write \"... in %s.%s\", or an aggregate such as \"count(%s.%s)\".",
             owner, trait.name, owner, trait.name);
    else
        hint(r,
             "Write \"did %s.%s where (...)\", or an aggregate such as "
             "\"count(%s.%s)\".",
             owner, trait.name, owner, trait.name);
    return true;
}

bool report_compared_items(resolver *r, const ast_expr *expr)
{
    bool is_equal = asks_equality(expr) && expr_is_literal(expr->right);
    if ((!is_equal && expr->kind != EXPR_IN_VALUES) || expr->left->kind != EXPR_PATH)
        return false;
    list_trait trait = find_list_trait(r, &expr->left->names, NULL);
    const schema *s = r->book->schema;
    if (trait.kind == SCHEMA_NONE ||
        !s->kinds[schema_find_list(s, trait.kind, trait.name)].is_plain)
        return false;
    const char *list = words_of(r, expr->left);
    error(r, expr->left->where, E0110,
          "\"%s\" is a list of several values, and one value is needed", list);
    bool is_denied = is_equal ? expr->compare == COMPARE_NE : expr->is_negated;
    const char *items =
        is_equal
            ? words_of(r, expr->right)
            : words_in(r, span_join(expr_at(&expr->list, 0)->where,
                                    expr_at(&expr->list, expr->list.count - 1)->where));
    if (is_equal && !is_denied)
        propose(r, expr->where, "%s in %s", items, list);
    else
        propose(r, expr->where, "%s has %s of (%s)", list, is_denied ? "none" : "any",
                items);
    return true;
}
