/* SPDX-License-Identifier: MIT
 *
 * Names to what they stand for. Declarations are visited depth first along what they
 * use, which yields their order and finds every circle.
 */
#include "lang/resolve.h"

#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "lang/foreign.h"
#include "lang/list_file.h"
#include "lang/meaning.h"
#include "report/lookalike.h"
#include "report/suggest.h"

/* How many declarations may lean on each other in a row. */
enum { MAX_CHAIN = 1000 };

enum { STATE_NEW, STATE_OPEN, STATE_DONE };

typedef struct resolver {
    rulebook *book;
    diags *diags;
    ast_list open; /* ast_decl: the chain being visited */
} resolver;

static const char *const aggregate_words[] = {
#define X(name, spelling, takes, doc, example) spelling,
#include "lang/aggregates.def"
#undef X
};

static const char *const builtin_words[] = {
#define X(name, spelling, count, doc, example) spelling,
#include "lang/builtins.def"
#undef X
};

static const char *const part_words[] = {
    NULL,
#define X(name, spelling, type, doc) spelling,
#include "lang/time_parts.def"
#undef X
};

static void resolve_decl(resolver *r, ast_decl *decl);
static void resolve_expr(resolver *r, ast_expr *expr, const event_scope *scope);

static ast_name *name_at(const ast_list *names, size_t index)
{
    return names->items[index];
}

static span names_span(const ast_list *names)
{
    return span_join(name_at(names, 0)->where, name_at(names, names->count - 1)->where);
}

/* ---- references between declarations ------------------------------------ */

static void report_cycle(resolver *r, ast_decl *decl, span where)
{
    size_t begin = r->open.count;
    while (begin > 0 && r->open.items[begin - 1] != decl)
        begin--;
    text path;
    text_init(&path);
    for (size_t i = begin - 1; i < r->open.count; i++)
        text_append_format(&path, "%s -> ", ((ast_decl *)r->open.items[i])->name.text);
    diag_error(r->diags, where, E0111, "\"%s\" leans on itself: %s%s", decl->name.text,
               path.data, decl->name.text);
    diag_hint(r->diags, "Take one of these references away.");
    text_done(&path);
}

/* Note that the declaration under visit uses `decl`; visit that first. */
static void use_decl(resolver *r, ast_decl *decl, span where)
{
    decl->is_used = true;
    if (decl->resolve_state == STATE_OPEN)
        report_cycle(r, decl, where);
    else if (r->open.count >= MAX_CHAIN)
        diag_error(r->diags, where, E0120,
                   "more than %d declarations lean on each other in a row", MAX_CHAIN);
    else
        resolve_decl(r, decl);
}

static const char *similar_decl(resolver *r, const char *name, bool only_members)
{
    suggestion s = suggest_begin(name);
    for (size_t i = 0; i < r->book->decls.count; i++) {
        ast_decl *decl = r->book->decls.items[i];
        bool has_members = decl->kind == DECL_SEGMENT || decl->kind == DECL_GROUPS ||
                           decl->kind == DECL_LIST || decl->kind == DECL_SPLIT;
        if (decl->kind != DECL_USE && decl->kind != DECL_SCENARIO &&
            (has_members || !only_members))
            suggest_consider(&s, decl->name.text);
    }
    return suggest_best(&s);
}

static void resolve_group(resolver *r, ast_ref *ref)
{
    const ast_decl *decl = ref->decl;
    suggestion s = suggest_begin(ref->member.text);
    size_t count = decl->kind == DECL_GROUPS ? decl->groups.count : decl->arms.count;
    for (size_t i = 0; i < count; i++) {
        const char *name = decl->kind == DECL_GROUPS
                               ? ((ast_group *)decl->groups.items[i])->name.text
                               : ((ast_arm *)decl->arms.items[i])->name.text;
        if (strcmp(name, ref->member.text) == 0) {
            ref->group = i;
            return;
        }
        suggest_consider(&s, name);
    }
    diag_error(r->diags, ref->member.where, E0106, "\"%s\" has no group named \"%s\"",
               decl->name.text, ref->member.text);
    if (suggest_best(&s))
        diag_hint(r->diags, "Did you mean \"%s.%s\"?", decl->name.text, suggest_best(&s));
    ref->decl = NULL;
}

static void report_unknown_ref(resolver *r, const ast_ref *ref)
{
    const char *name = ref->name.text;
    if (rulebook_is_broken(r->book, name))
        return;
    if (schema_find_event(r->book->schema, name) != SCHEMA_NONE) {
        diag_error(r->diags, ref->where, E0121,
                   "\"%s\" is an event, which has no members", name);
        diag_hint(r->diags, "Did you mean \"did %s\"?", name);
        return;
    }
    diag_error(r->diags, ref->where, E0106,
               "no segment, set of groups or list is named \"%s\"", name);
    const char *similar = similar_decl(r, name, true);
    if (similar)
        hint_similar(r->diags, name, similar);
}

static void resolve_ref(resolver *r, ast_ref *ref)
{
    if (!ref->name.text)
        return;
    ref->decl = rulebook_find(r->book, ref->name.text);
    if (!ref->decl) {
        report_unknown_ref(r, ref);
        return;
    }
    use_decl(r, ref->decl, ref->where);
    bool has_groups = ref->decl->kind == DECL_GROUPS || ref->decl->kind == DECL_SPLIT;
    if (!has_groups && ref->decl->kind != DECL_SEGMENT && ref->decl->kind != DECL_LIST) {
        diag_error(r->diags, ref->where, E0121, "\"%s\" is a %s, which has no members",
                   ref->name.text, decl_kind_word(ref->decl));
        ref->decl = NULL;
    } else if (ref->member.text && !has_groups) {
        diag_error(r->diags, ref->where, E0106, "\"%s\" is a %s and has no groups in it",
                   ref->name.text, decl_kind_word(ref->decl));
        ref->decl = NULL;
    } else if (ref->member.text) {
        resolve_group(r, ref);
    }
}

/* ---- names with dots ---------------------------------------------------- */

/* "address.city" of the first `count` names. */
static const char *joined_names(resolver *r, const ast_list *names, size_t count)
{
    const char *joined = name_at(names, 0)->text;
    for (size_t i = 1; i < count; i++)
        joined = arena_format(r->book->memory, "%s.%s", joined, name_at(names, i)->text);
    return joined;
}

/* The property of the scope that most of the names are: *taken of them; or NULL. */
static const char *find_property(resolver *r, const event_scope *scope,
                                 const ast_list *names, size_t *taken)
{
    for (*taken = names->count; *taken > 0; --*taken) {
        const char *name = joined_names(r, names, *taken);
        if (scope_has_property(scope, name))
            return name;
    }
    return NULL;
}

/* A list that the first *taken names are, in the events that a `where` judges or that
 * hold the items that it judges. */
typedef struct found_list {
    const char *name; /* NULL: none */
    const event_scope *scope;
    bool is_of_outer;
    size_t taken;
} found_list;

static found_list find_list(resolver *r, const event_scope *scope, const ast_list *names)
{
    for (const event_scope *s = scope; s; s = s->outer)
        for (size_t taken = names->count; taken > 0; taken--) {
            const char *name = joined_names(r, names, taken);
            if (scope_has_list(s, name))
                return (found_list){name, s, s != scope, taken};
        }
    return (found_list){0};
}

/* ---- events ------------------------------------------------------------- */

/* The kinds that have a property of this name, as in "purchase or refund"; or NULL. */
static const char *kinds_with_property(const resolver *r, const char *name)
{
    const schema *s = r->book->schema;
    const char *found = NULL;
    for (size_t i = 0; i < s->kind_count; i++) {
        if (kind_find_property(&s->kinds[i], name) == SCHEMA_NONE)
            continue;
        const char *kind = s->kinds[i].name;
        found = found ? arena_format(r->book->memory, "%s or %s", found, kind) : kind;
    }
    return found;
}

/* The first kind that has a property of this name, or NULL. */
static const char *kind_with_property(const schema *s, const char *name)
{
    for (size_t i = 0; i < s->kind_count; i++)
        if (kind_find_property(&s->kinds[i], name) != SCHEMA_NONE)
            return s->kinds[i].name;
    return NULL;
}

static void hint_all_events(resolver *r)
{
    enum { MOST_NAMES = 12 };
    const schema *data = r->book->schema;
    if (data->kind_count == 0 || data->kind_count > MOST_NAMES) {
        diag_hint(r->diags,
                  "The events of the data are listed under \"events\" in carpel.yaml.");
        return;
    }
    text names;
    text_init(&names);
    for (size_t i = 0; i < data->kind_count; i++)
        text_append_format(&names, "%s%s",
                           i == 0                     ? ""
                           : i + 1 < data->kind_count ? ", "
                                                      : " and ",
                           data->kinds[i].name);
    diag_hint(r->diags,
              data->kind_count == 1 ? "The only event is %s." : "The events are %s.",
              names.data);
    text_done(&names);
}

/* What was meant by a name that is no event. */
static void hint_event(resolver *r, const char *name)
{
    const schema *data = r->book->schema;
    suggestion s = suggest_begin(name);
    for (size_t i = 0; i < data->kind_count; i++)
        suggest_consider(&s, data->kinds[i].name);
    for (size_t i = 0; i < r->book->decls.count; i++) {
        const ast_decl *other = r->book->decls.items[i];
        if (other->kind == DECL_EVENT)
            suggest_consider(&s, other->name.text);
    }
    const char *owner = kind_with_property(data, name);
    if (suggest_best(&s))
        hint_similar(r->diags, name, suggest_best(&s));
    else if (owner)
        diag_hint(r->diags, "It is a property: write %s.%s.", owner, name);
    else
        hint_all_events(r);
}

/* The kind that holds a list of this name, or NULL. */
static const char *kind_with_list(const schema *s, const char *name)
{
    for (size_t i = 0; i < s->kind_count; i++)
        if (schema_find_list(s, i, name) != SCHEMA_NONE)
            return s->kinds[i].name;
    return NULL;
}

static void report_unknown_event(resolver *r, const ast_event *event)
{
    const char *name = event->name.text;
    const ast_decl *decl = rulebook_find(r->book, name);
    if (rulebook_is_broken(r->book, name))
        return;
    if (decl) {
        diag_error(r->diags, event->name.where, E0104, "\"%s\" is a %s, not an event",
                   name, decl_kind_word(decl));
        if (decl->kind == DECL_SEGMENT || decl->kind == DECL_GROUPS)
            diag_hint(r->diags, "Membership is written \"in %s\".", name);
        return;
    }
    diag_error(r->diags, event->name.where, E0104, "no event is named \"%s\"", name);
    const char *holder = kind_with_list(r->book->schema, name);
    if (holder)
        diag_hint(r->diags,
                  "It is a list inside %s: write, for example, did %s where (count(%s) "
                  "> 1).",
                  holder, holder, name);
    else
        hint_event(r, name);
}

/* Names of events that are not there in this project, or in this version. */
static bool refuse_derived_kind(resolver *r, const ast_event *event)
{
    const char *name = event->name.text;
    if (strcmp(name, "session") == 0) {
        diag_error(
            r->diags, event->name.where, E0104,
            "sessions are derived from the events when carpel.yaml says by which gap");
        diag_hint(r->diags, "Write there: sessions: {gap: 30 minutes}");
    } else if (strcmp(name, "user") == 0) {
        diag_error(r->diags, event->name.where, E0104,
                   "users are counted for each account, and the project has no accounts");
        diag_hint(r->diags, "Say in carpel.yaml which trait names a person's account: "
                            "accounts: {of: company}");
    } else {
        return false;
    }
    return true;
}

/* Is it a list inside the events that a `where` judges? */
static bool resolve_list_event(resolver *r, ast_event *event, const ast_list *names,
                               const event_scope *scope, size_t *taken)
{
    found_list found = find_list(r, scope, names);
    if (!found.name)
        return false;
    event->list = found.name;
    event->list_scope = found.scope;
    event->is_of_outer = found.is_of_outer;
    *taken = found.taken;
    return true;
}

static bool is_list_event(resolver *r, ast_event *event, const event_scope *scope)
{
    size_t taken;
    ast_list names = {0};
    if (event->list || event->is_anything || !scope)
        return event->list != NULL;
    ast_list_add(r->book->memory, &names, &event->name);
    return resolve_list_event(r, event, &names, scope, &taken);
}

/* `scope`: the events that the `where` around this event judges; NULL outside of one. */
static void resolve_event(resolver *r, ast_event *event, const event_scope *scope)
{
    event->kind = SCHEMA_NONE;
    if (!event->is_anything && !is_list_event(r, event, scope)) {
        event->kind = schema_find_event(r->book->schema, event->name.text);
        if (event->kind == SCHEMA_NONE) {
            ast_decl *decl = rulebook_find(r->book, event->name.text);
            if (decl && decl->kind == DECL_EVENT) {
                event->decl = decl;
                use_decl(r, decl, event->name.where);
            } else if (!refuse_derived_kind(r, event)) {
                report_unknown_event(r, event);
            }
        }
    }
    if (event->where)
        resolve_expr(r, event->where,
                     scope_of_event(event, r->book->schema, r->book->memory));
}

static void resolve_step(resolver *r, ast_step *step, const event_scope *scope)
{
    for (size_t i = 0; i < step->events.count; i++)
        resolve_event(r, step->events.items[i], scope);
    if (step->where)
        resolve_expr(r, step->where,
                     scope_of_step(step, r->book->schema, r->book->memory));
}

static void resolve_pattern(resolver *r, ast_pattern *pattern, const event_scope *scope)
{
    if (!pattern->is_sequence) {
        resolve_step(r, pattern->step, scope);
        return;
    }
    for (size_t i = 0; i < pattern->links.count; i++)
        resolve_step(r, ((ast_link *)pattern->links.items[i])->step, scope);
}

/* `within 3 days of purchase`: of which one? */
static bool report_event_anchor(resolver *r, const ast_expr *from)
{
    if (from->kind != EXPR_PATH || from->names.count != 1)
        return false;
    const char *name = name_at(&from->names, 0)->text;
    const ast_decl *decl = rulebook_find(r->book, name);
    if (schema_find_event(r->book->schema, name) == SCHEMA_NONE &&
        !(decl && decl->kind == DECL_EVENT))
        return false;
    diag_error(r->diags, from->where, E0110,
               "\"%s\" is an event, and one instant is needed", name);
    diag_hint(r->diags, "Write \"any %s\", \"first %s\" or \"last %s\".", name, name,
              name);
    return true;
}

/* The occasion of a name, which has to be one. */
static void resolve_occasion(resolver *r, const ast_name *name)
{
    ast_decl *decl = rulebook_find(r->book, name->text);
    if (decl && decl->kind == DECL_OCCASION) {
        use_decl(r, decl, name->where);
        return;
    }
    if (decl)
        diag_error(r->diags, name->where, E0106, "\"%s\" is a %s, not an occasion",
                   name->text, decl_kind_word(decl));
    else
        diag_error(r->diags, name->where, E0106, "no occasion is named \"%s\"",
                   name->text);
    suggestion s = suggest_begin(name->text);
    for (size_t i = 0; i < r->book->decls.count; i++) {
        const ast_decl *other = r->book->decls.items[i];
        if (other->kind == DECL_OCCASION)
            suggest_consider(&s, other->name.text);
    }
    if (suggest_best(&s))
        diag_hint(r->diags, "Did you mean \"%s\"?", suggest_best(&s));
    else if (!decl)
        diag_hint(r->diags, "Declare it: occasion %s on november 24", name->text);
}

static void resolve_window(resolver *r, ast_window *window, const event_scope *scope)
{
    if (window->from && report_event_anchor(r, window->from)) {
        window->from->meaning =
            arena_alloc(r->book->memory, sizeof *window->from->meaning);
        return;
    }
    if (window->kind == WINDOW_DURING)
        resolve_occasion(r, &window->name);
    if (window->from)
        resolve_expr(r, window->from, scope);
    if (window->to)
        resolve_expr(r, window->to, scope);
    if (window->step)
        resolve_step(r, window->step, NULL);
}

static void resolve_windows(resolver *r, const ast_list *windows,
                            const event_scope *scope)
{
    for (size_t i = 0; i < windows->count; i++)
        resolve_window(r, windows->items[i], scope);
}

/* `cart.items.price` is read as the property `items` of an event `cart`: when there is
 * a list "cart.items", it is meant. */
static void resolve_list_names(resolver *r, ast_selection *selection,
                               const event_scope *scope)
{
    const ast_pattern *pattern = selection->pattern;
    if (!scope || pattern->is_sequence || pattern->step->events.count != 1)
        return;
    ast_event *event = pattern->step->events.items[0];
    ast_list names = {0};
    size_t taken;
    if (event->is_anything)
        return;
    ast_list_add(r->book->memory, &names, &event->name);
    if (selection->property.text)
        ast_list_add(r->book->memory, &names, &selection->property);
    if (selection->field.text)
        ast_list_add(r->book->memory, &names, &selection->field);
    for (size_t i = 0; i < selection->rest.count; i++)
        ast_list_add(r->book->memory, &names, selection->rest.items[i]);
    if (resolve_list_event(r, event, &names, scope, &taken))
        selection->list_names = taken - 1;
}

static void resolve_selection(resolver *r, ast_selection *selection,
                              const event_scope *scope)
{
    resolve_list_names(r, selection, scope);
    resolve_pattern(r, selection->pattern, scope);
    if (selection->value)
        resolve_expr(
            r, selection->value,
            scope_of_pattern(selection->pattern, r->book->schema, r->book->memory));
}

/* ---- names in expressions ----------------------------------------------- */

static time_part part_find(const char *name)
{
    for (int part = PART_NONE + 1; part < PART_COUNT; part++)
        if (strcmp(part_words[part], name) == 0)
            return (time_part)part;
    return PART_NONE;
}

/* The rest of a path behind the name that was found: nothing, or the part of a time. */
static void resolve_part(resolver *r, ast_expr *expr, size_t taken)
{
    if (expr->names.count == taken)
        return;
    const ast_name *name = name_at(&expr->names, taken);
    expr->meaning->part = part_find(name->text);
    if (expr->meaning->part != PART_NONE && expr->names.count == taken + 1)
        return;
    diag_error(r->diags, name->where, E0105, "\"%s\" has no part named \"%s\"",
               name_at(&expr->names, taken - 1)->text, name->text);
    suggestion s = suggest_begin(name->text);
    for (int part = PART_NONE + 1; part < PART_COUNT; part++)
        suggest_consider(&s, part_words[part]);
    if (suggest_best(&s))
        diag_hint(r->diags, "Did you mean \"%s\"?", suggest_best(&s));
    expr->meaning->kind = MEANING_NONE;
}

/* Items have of themselves only their number; the rest is their event's. */
static bool has_pseudo(const event_scope *scope, pseudo_property which)
{
    return !scope->outer || which == PSEUDO_NTH;
}

/* A property of the event, or of the item and then of the event that holds it. */
static bool resolve_event_property(resolver *r, ast_expr *expr, const event_scope *scope)
{
    meaning *m = expr->meaning;
    for (const event_scope *s = scope; s; s = s->outer) {
        size_t taken;
        m->name = find_property(r, s, &expr->names, &taken);
        if (m->name) {
            m->kind = MEANING_PROPERTY;
        } else if (pseudo_property_find(name_at(&expr->names, 0)->text, &m->pseudo) &&
                   has_pseudo(s, m->pseudo)) {
            m->kind = MEANING_PSEUDO;
            taken = 1;
        } else {
            continue;
        }
        m->scope = s;
        m->is_of_outer = s != scope;
        resolve_part(r, expr, taken);
        return true;
    }
    return false;
}

/* A list where one value is needed. */
static bool report_list_as_value(resolver *r, const ast_expr *expr,
                                 const event_scope *scope)
{
    found_list found = find_list(r, scope, &expr->names);
    if (!found.name)
        return false;
    bool is_plain = scope_list_is_plain(found.scope, found.name);
    diag_error(r->diags, expr->where, E0110,
               "\"%s\" is a list of several %s, and one value is needed", found.name,
               is_plain ? "values" : "items");
    if (is_plain)
        diag_hint(r->diags, "Write \"... in %s\", or an aggregate such as \"count(%s)\".",
                  found.name, found.name);
    else if (found.taken < expr->names.count)
        diag_hint(r->diags,
                  "Write an aggregate, such as \"max(%s)\", or \"did %s where (...)\".",
                  joined_names(r, &expr->names, expr->names.count), found.name);
    else
        diag_hint(r->diags, "Write \"count(%s)\", or \"did %s where (...)\".", found.name,
                  found.name);
    return true;
}

/* The trait that most of the names behind `user` are: *taken of all names. */
static size_t find_trait(resolver *r, const ast_list *names, size_t *taken)
{
    ast_list behind = {names->items + 1, names->count - 1, 0};
    for (*taken = names->count; *taken > 1; --*taken) {
        size_t trait =
            schema_find_trait(r->book->schema, joined_names(r, &behind, *taken - 1));
        if (trait != SCHEMA_NONE)
            return trait;
    }
    return SCHEMA_NONE;
}

static void resolve_trait(resolver *r, ast_expr *expr)
{
    size_t taken;
    const ast_name *name = name_at(&expr->names, 1);
    size_t trait = find_trait(r, &expr->names, &taken);
    if (trait == SCHEMA_NONE) {
        ast_list behind = {expr->names.items + 1, expr->names.count - 1, 0};
        const char *written = joined_names(r, &behind, behind.count);
        diag_error(r->diags, name->where, E0115, "people have no trait named \"%s\"",
                   name->text);
        const char *similar = schema_similar_trait(r->book->schema, written);
        if (similar)
            diag_hint(r->diags, "Did you mean \"user.%s\"?", similar);
        else
            diag_hint(r->diags, "Traits are listed under \"traits\" in carpel.yaml.");
        return;
    }
    expr->meaning->kind = MEANING_TRAIT;
    expr->meaning->trait = trait;
    resolve_part(r, expr, taken);
}

static void report_not_a_value(resolver *r, span where, const char *kind)
{
    diag_error(r->diags, where, E0110, "\"%s\" is an event, not a value or a condition",
               kind);
}

/* `account.x`: the newest x that one of its people has. */
static void resolve_account_trait(resolver *r, ast_expr *expr)
{
    if (r->book->schema->account_trait != SCHEMA_NONE) {
        resolve_trait(r, expr);
        return;
    }
    diag_error(r->diags, expr->where, E0106, "the project has no accounts");
    diag_hint(r->diags, "Say in carpel.yaml which trait names a person's account: "
                        "accounts: {of: company}");
}

/* `purchase.amount` where a value is needed: which of its values? */
static void report_event_as_value(resolver *r, const ast_expr *expr)
{
    const char *kind = name_at(&expr->names, 0)->text;
    if (expr->names.count == 1) {
        report_not_a_value(r, expr->where, kind);
        diag_hint(r->diags,
                  "Write \"did %s\" for a condition, or \"count(%s)\" for a number.",
                  kind, kind);
        return;
    }
    const char *property = name_at(&expr->names, 1)->text;
    diag_error(r->diags, expr->where, E0110,
               "\"%s.%s\" has a value for each event, and one value is needed", kind,
               property);
    diag_hint(r->diags, "Write \"last %s.%s\", or an aggregate such as \"sum(%s.%s)\".",
              kind, property, kind, property);
}

/* A value that other languages have: yes, null. */
static bool hint_foreign_value(resolver *r, const char *name)
{
    const char *ours = strcmp(name, "missing") == 0 ? name : foreign_value(name);
    if (!ours)
        return false;
    if (strcmp(ours, "missing") == 0)
        diag_hint(r->diags,
                  "Write \"is missing\" or \"is not missing\" instead of comparing.");
    else
        diag_hint(r->diags, "Write \"%s\".", ours);
    return true;
}

/* `customer.country`, `country`: a trait, when there is one of this name. */
static const char *meant_trait(resolver *r, const ast_expr *expr)
{
    const char *last = name_at(&expr->names, expr->names.count - 1)->text;
    if (expr->names.count > 2 || schema_find_trait(r->book->schema, last) == SCHEMA_NONE)
        return NULL;
    return arena_format(r->book->memory, "user.%s", last);
}

static void hint_unknown_name(resolver *r, const ast_expr *expr, const char *similar,
                              bool is_in_where)
{
    const char *name = name_at(&expr->names, 0)->text;
    const char *owners = kinds_with_property(r, name);
    if (!similar)
        similar = meant_trait(r, expr);
    if (!similar)
        similar = similar_decl(r, name, false);
    if (similar)
        hint_similar(r->diags, name, similar);
    else if (owners && is_in_where)
        diag_hint(r->diags, "\"%s\" belongs to %s.", name, owners);
    else if (owners)
        diag_hint(r->diags, "It is a property of %s: write, for example, last %s.%s.",
                  owners, kind_with_property(r->book->schema, name), name);
    else if (schema_similar_kind(r->book->schema, name))
        hint_similar(r->diags, name, schema_similar_kind(r->book->schema, name));
    else if (!hint_foreign_value(r, name) && expr->names.count == 1)
        diag_hint(r->diags, "Texts stand in double quotes: \"%s\".", name);
}

static void report_unknown_name(resolver *r, const ast_expr *expr,
                                const event_scope *scope)
{
    const ast_name *name = name_at(&expr->names, 0);
    bool is_in_where = scope && scope->kind_count > 0;
    if (scope && scope->kind_count == 0 && scope->schema->kind_count > 0)
        return; /* no event is meant, which was reported */
    if (rulebook_is_broken(r->book, name->text))
        return;
    if (is_in_where)
        diag_error(r->diags, name->where, E0105, "%s has no property named \"%s\"",
                   scope_title(scope, r->book->memory), name->text);
    else
        diag_error(r->diags, name->where, E0106, "nothing is named \"%s\"", name->text);
    const char *similar = is_in_where ? scope_similar_property(scope, name->text) : NULL;
    if (is_in_where && !similar)
        similar = scope_similar_property(
            scope, joined_names(r, &expr->names, expr->names.count));
    hint_unknown_name(r, expr, similar, is_in_where);
}

static void resolve_decl_path(resolver *r, ast_expr *expr, ast_decl *decl)
{
    use_decl(r, decl, expr->where);
    if (decl->kind == DECL_LET || decl->kind == DECL_SCORE) {
        expr->meaning->kind = MEANING_DECL;
        expr->meaning->decl = decl;
        resolve_part(r, expr, 1);
    } else if (decl->kind == DECL_EVENT) {
        report_event_as_value(r, expr);
    } else {
        diag_error(r->diags, expr->where, E0110, "\"%s\" is a %s, not a value",
                   decl->name.text, decl_kind_word(decl));
        if (decl->kind == DECL_SEGMENT || decl->kind == DECL_GROUPS)
            diag_hint(r->diags, "Membership is written \"in %s%s%s\".", decl->name.text,
                      expr->names.count > 1 ? "." : "",
                      expr->names.count > 1 ? name_at(&expr->names, 1)->text : "");
    }
}

static void resolve_path(resolver *r, ast_expr *expr, const event_scope *scope)
{
    const char *first = name_at(&expr->names, 0)->text;
    ast_decl *decl;
    if (scope &&
        (resolve_event_property(r, expr, scope) || report_list_as_value(r, expr, scope)))
        return;
    if (strcmp(first, "user") == 0 && expr->names.count >= 2)
        resolve_trait(r, expr);
    else if (strcmp(first, "account") == 0 && expr->names.count >= 2)
        resolve_account_trait(r, expr);
    else if ((decl = rulebook_find(r->book, first)))
        resolve_decl_path(r, expr, decl);
    else if (schema_find_event(r->book->schema, first) != SCHEMA_NONE)
        report_event_as_value(r, expr);
    else
        report_unknown_name(r, expr, scope);
}

static const char *similar_function(const char *name)
{
    if (foreign_function(name))
        return foreign_function(name);
    suggestion s = suggest_begin(name);
    for (size_t i = 0; i < sizeof aggregate_words / sizeof *aggregate_words; i++)
        suggest_consider(&s, aggregate_words[i]);
    for (size_t i = 0; i < sizeof builtin_words / sizeof *builtin_words; i++)
        suggest_consider(&s, builtin_words[i]);
    return suggest_best(&s);
}

static void resolve_script_call(resolver *r, ast_expr *expr)
{
    const char *module = name_at(&expr->names, 0)->text;
    const char *function = name_at(&expr->names, 1)->text;
    script_set *scripts = r->book->scripts;
    expr->meaning->function = script_set_find(scripts, module, function);
    if (expr->meaning->function != SIZE_MAX) {
        expr->meaning->kind = MEANING_SCRIPT;
        return;
    }
    if (!script_set_has_module(scripts, module)) {
        diag_error(r->diags, expr->where, E0116, "no script is named \"%s\"", module);
        diag_hint(r->diags, "Load it first: use \"scores/%s.lua\"", module);
        return;
    }
    diag_error(r->diags, expr->where, E0116,
               "the script \"%s\" has no function named \"%s\"", module, function);
    const char *similar = script_set_similar(scripts, module, function);
    if (similar)
        diag_hint(r->diags, "Did you mean \"%s\"?", similar);
}

static void resolve_call(resolver *r, ast_expr *expr)
{
    span where = names_span(&expr->names);
    const char *name = name_at(&expr->names, 0)->text;
    if (expr->names.count == 2) {
        resolve_script_call(r, expr);
        return;
    }
    for (size_t i = 0;
         expr->names.count == 1 && i < sizeof builtin_words / sizeof *builtin_words; i++)
        if (strcmp(builtin_words[i], name) == 0) {
            expr->meaning->kind = MEANING_BUILTIN;
            expr->meaning->function = i;
            return;
        }
    diag_error(r->diags, where, E0116, "no function is named \"%s\"", name);
    const char *similar = similar_function(name);
    if (similar)
        diag_hint(r->diags, "Did you mean \"%s\"?", similar);
    else
        diag_hint(
            r->diags,
            "Functions of a Lua file are written with its name: script.function(...).");
}

/* ---- expressions -------------------------------------------------------- */

/* `"x" in tags` and `tags contains "x"` ask for an item of a list. */
static bool resolve_list_test(resolver *r, ast_expr *expr, const event_scope *scope)
{
    ast_list names = {0};
    if (expr->kind == EXPR_CONTAINS && expr->left->kind == EXPR_PATH) {
        names = expr->left->names;
    } else if (expr->kind == EXPR_IN_NAMED && expr->ref.name.text) {
        ast_list_add(r->book->memory, &names, &expr->ref.name);
        if (expr->ref.member.text)
            ast_list_add(r->book->memory, &names, &expr->ref.member);
    }
    found_list found = names.count > 0 ? find_list(r, scope, &names) : (found_list){0};
    if (!found.name || found.taken < names.count)
        return false;
    expr->meaning->kind = MEANING_LIST;
    expr->meaning->name = found.name;
    expr->meaning->scope = found.scope;
    expr->meaning->is_of_outer = found.is_of_outer;
    if (expr->kind == EXPR_CONTAINS) {
        expr->left->meaning = expr->meaning;
        resolve_expr(r, expr->right, scope);
    } else {
        resolve_expr(r, expr->left, scope);
    }
    return true;
}

static void resolve_parts(resolver *r, ast_expr *expr, const event_scope *scope)
{
    ast_expr *parts[] = {expr->condition, expr->left, expr->right, expr->within_each};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i])
            resolve_expr(r, parts[i], scope);
    for (size_t i = 0; i < expr->list.count; i++)
        resolve_expr(r, expr->list.items[i], scope);
    if (expr->selection)
        resolve_selection(r, expr->selection, scope);
    resolve_windows(r, &expr->modifiers.windows, scope);
    if (expr->window)
        resolve_window(r, expr->window, scope);
    resolve_ref(r, &expr->ref);
    resolve_ref(r, &expr->among);
}

/* The event that a condition names without `did`, or NULL. */
static const char *lost_event(const resolver *r, const ast_expr *expr)
{
    if (expr->kind == EXPR_IN_WINDOW)
        expr = expr->left;
    if (expr->kind != EXPR_PATH || expr->names.count != 1)
        return NULL;
    const char *name = name_at(&expr->names, 0)->text;
    bool is_event = schema_find_event(r->book->schema, name) != SCHEMA_NONE;
    return is_event && !rulebook_find(r->book, name) ? name : NULL;
}

/* `did purchase or login`: the hint shows what was meant. */
static void report_lost_events(resolver *r, const ast_expr *expr)
{
    for (size_t i = 1; i < expr->list.count; i++) {
        const ast_expr *before = expr->list.items[i - 1], *here = expr->list.items[i];
        const char *name = lost_event(r, here);
        if (!name || before->kind != EXPR_DID || before->selection->pattern->is_sequence)
            continue;
        const ast_step *step = before->selection->pattern->step;
        const ast_event *event = step->events.items[0];
        report_not_a_value(
            r, here->kind == EXPR_IN_WINDOW ? here->left->where : here->where, name);
        if (step->events.count == 1 && !event->is_anything && expr->kind == EXPR_OR)
            diag_hint(r->diags, "Write: did (%s or %s).", event->name.text, name);
        else
            diag_hint(r->diags, "Write \"did\" again: %s did %s.",
                      expr->kind == EXPR_OR ? "or" : "and", name);
    }
}

static void resolve_expr(resolver *r, ast_expr *expr, const event_scope *scope)
{
    expr->meaning = arena_alloc(r->book->memory, sizeof *expr->meaning);
    if (scope && resolve_list_test(r, expr, scope))
        return;
    if (expr->kind == EXPR_PATH)
        resolve_path(r, expr, scope);
    else if (expr->kind == EXPR_LAST_CHANGE)
        resolve_path(r, expr, NULL);
    else if (expr->kind == EXPR_CALL)
        resolve_call(r, expr);
    else if (expr->kind == EXPR_NEXT_OCCASION)
        resolve_occasion(r, expr->names.items[0]);
    else if (expr->kind == EXPR_OR || expr->kind == EXPR_AND)
        report_lost_events(r, expr);
    if (expr->kind != EXPR_CALL || expr->meaning->kind != MEANING_NONE)
        resolve_parts(r, expr, scope); /* else it is unclear what the arguments are for */
}

/* ---- declarations ------------------------------------------------------- */

static void report_same_name(resolver *r, const ast_name *first, const ast_name *second)
{
    if (strcmp(first->text, second->text) != 0)
        return;
    diag_error(r->diags, second->where, E0107, "two groups are named \"%s\"",
               second->text);
    diag_note_at(r->diags, first->where, "the first one");
    diag_hint(r->diags, "Give one of them another name.");
}

static void resolve_groups(resolver *r, ast_decl *decl)
{
    for (size_t i = 0; i < decl->groups.count; i++) {
        ast_group *group = decl->groups.items[i];
        if (group->when)
            resolve_expr(r, group->when, NULL);
        for (size_t j = 0; j < i; j++)
            report_same_name(r, &((ast_group *)decl->groups.items[j])->name,
                             &group->name);
    }
}

static void resolve_arms(resolver *r, const ast_decl *decl)
{
    for (size_t i = 0; i < decl->arms.count; i++)
        for (size_t j = 0; j < i; j++)
            report_same_name(r, &((ast_arm *)decl->arms.items[j])->name,
                             &((ast_arm *)decl->arms.items[i])->name);
}

static void resolve_points(resolver *r, ast_decl *decl)
{
    for (size_t i = 0; i < decl->points.count; i++) {
        ast_point *point = decl->points.items[i];
        if (point->when)
            resolve_expr(r, point->when, NULL);
        if (point->pattern)
            resolve_pattern(r, point->pattern, NULL);
        resolve_windows(r, &point->windows, NULL);
    }
}

static void load_list(resolver *r, ast_decl *decl)
{
    carpel_error err;
    if (!decl->from.text)
        return;
    char *path = path_join(r->book->directory, decl->from.text);
    if (list_file_read(path, &decl->file_list, &err)) {
        ast_list_add(r->book->memory, &r->book->lists, decl->file_list);
    } else {
        diag_error(r->diags, decl->from.where, E0125, "%s", err.message);
        diag_hint(r->diags, "Lists are seen from the project's folder.");
    }
    memory_free(path);
}

static void resolve_body(resolver *r, ast_decl *decl)
{
    load_list(r, decl);
    resolve_ref(r, &decl->among);
    if (decl->value)
        resolve_expr(r, decl->value, NULL);
    if (decl->stay)
        resolve_expr(r, decl->stay, NULL);
    if (decl->pattern)
        resolve_pattern(r, decl->pattern, NULL);
    for (size_t i = 0; i < decl->values.count; i++)
        resolve_expr(r, decl->values.items[i], NULL);
    resolve_groups(r, decl);
    resolve_arms(r, decl);
    resolve_points(r, decl);
}

static void resolve_decl(resolver *r, ast_decl *decl)
{
    if (decl->resolve_state != STATE_NEW)
        return;
    decl->resolve_state = STATE_OPEN;
    decl->meaning = arena_alloc(r->book->memory, sizeof *decl->meaning);
    ast_list_add(r->book->memory, &r->open, decl);
    if (decl->kind != DECL_SCENARIO)
        resolve_body(r, decl);
    r->open.count--;
    decl->resolve_state = STATE_DONE;
    ast_list_add(r->book->memory, &r->book->order, decl);
}

static void load_script(resolver *r, const ast_decl *decl)
{
    char *path = path_join(r->book->directory, decl->name.text);
    script_set_load(r->book->scripts, path, decl->name.where, E0119, r->diags);
    memory_free(path);
}

static void declare(resolver *r, ast_decl *decl)
{
    const char *name = decl->name.text;
    if (schema_find_event(r->book->schema, name) != SCHEMA_NONE) {
        diag_error(r->diags, decl->name.where, E0107,
                   "\"%s\" is an event of the data, so nothing else may be called so",
                   name);
        diag_hint(r->diags, "Give it another name.");
        return;
    }
    const ast_decl *other = rulebook_declare(r->book, decl);
    if (!other)
        return;
    diag_error(r->diags, decl->name.where, E0107, "\"%s\" is declared twice", name);
    diag_note_at(r->diags, other->name.where, "the first one, a %s",
                 decl_kind_word(other));
    diag_hint(r->diags, "Give one of them another name.");
}

void resolve_names(rulebook *book, diags *diags)
{
    resolver r = {.book = book, .diags = diags};
    for (size_t i = 0; i < book->decls.count; i++) {
        ast_decl *decl = book->decls.items[i];
        if (decl->kind == DECL_USE)
            load_script(&r, decl);
        else if (decl->kind != DECL_SCENARIO)
            declare(&r, decl);
    }
    for (size_t i = 0; i < book->decls.count; i++)
        resolve_decl(&r, book->decls.items[i]);
}
