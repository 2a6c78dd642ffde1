/* SPDX-License-Identifier: MIT
 *
 * Names of events, and of what stands with them: lists inside them, windows, occasions.
 */
#include <string.h>

#include "lang/foreign.h"
#include "lang/keywords.h"
#include "lang/resolver.h"
#include "report/lookalike.h"
#include "report/suggest.h"

found_list find_list(resolver *r, const event_scope *scope, const ast_list *names)
{
    for (const event_scope *s = scope; s; s = s->outer)
        for (size_t taken = names->count; taken > 0; taken--) {
            const char *name = joined_names(r->book->memory, names, taken);
            if (scope_has_list(s, name))
                return (found_list){name, s, s != scope, taken};
        }
    return (found_list){0};
}

/* ---- events ------------------------------------------------------------- */

/* The kinds that have a property of this name, as in "purchase or refund"; or NULL. */
const char *kinds_with_property(resolver *r, const char *name)
{
    enum { MOST_KINDS = 4 };
    const schema *s = r->book->schema;
    const char *found = NULL;
    if (!may_compare(r, s->kind_count))
        return NULL;
    for (size_t i = 0, count = 0; i < s->kind_count && count < MOST_KINDS; i++) {
        if (kind_find_property(&s->kinds[i], name) == SCHEMA_NONE)
            continue;
        const char *kind = s->kinds[i].name;
        found = found ? wording(r, "%s or %s", found, kind) : kind;
        count++;
    }
    return found;
}

/* The first kind that has a property of this name, or NULL. */
const char *kind_with_property(const schema *s, const char *name)
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
        hint(r, "The events of the data are listed under \"events\" in carpel.yaml.");
        return;
    }
    const char *names = data->kinds[0].name;
    for (size_t i = 1; i < data->kind_count; i++)
        names = wording(r, "%s%s%s", names, i + 1 < data->kind_count ? ", " : " and ",
                        data->kinds[i].name);
    hint(r, data->kind_count == 1 ? "The only event is %s." : "The events are %s.",
         names);
}

/* Consider the declarations of one kind. */
static void suggest_decls(resolver *r, suggestion *s, ast_decl_kind kind)
{
    bool is_worth = may_compare(r, r->book->decls.count);
    for (size_t i = 0; is_worth && i < r->book->decls.count; i++) {
        const ast_decl *other = r->book->decls.items[i];
        if (other->kind == kind)
            suggest_consider(s, other->name.text);
    }
}

/* What was meant by a name that is no event. */
static void hint_event(resolver *r, span where, const char *name)
{
    const schema *data = r->book->schema;
    suggestion s = suggest_begin(name);
    bool is_worth = may_compare(r, data->kind_count);
    for (size_t i = 0; is_worth && i < data->kind_count; i++)
        suggest_consider(&s, data->kinds[i].name);
    suggest_decls(r, &s, DECL_EVENT);
    const char *owner = kind_with_property(data, name),
               *same = schema_same_kind(data, name),
               *meant = same ? same : suggest_best(&s);
    if (!meant && strcmp(name, "sessions") == 0 &&
        schema_find_event(data, "session") != SCHEMA_NONE)
        meant = "session";
    if (strcmp(name, "nothing") == 0)
        offer(r, where, "Write: did %s.", "not anything");
    else if (is_word_of(name,
                        "event events activity action actions interaction seen active "
                        "activities"))
        offer(r, where, "An event of whatever kind is %s.", "anything");
    else if (meant && strpbrk(meant, " -/"))
        offer(r, where, "Write it in backticks: %s.", "`%s`", meant);
    else if (meant)
        hint_similar(r->diags, where, name, meant);
    else if (owner) {
        offer(r, where, "It is a property: write %s.", "%s.%s", owner, name);
    } else
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

/* `since last month`, which reads as the last event called "month". */
static void hint_unit_as_window(resolver *r, const char *unit)
{
    hint(r,
         "A window is \"in last full %s\" or \"in last 1 %s\"; an instant is \"1 %s "
         "ago\".",
         unit, unit, unit);
}

void report_unknown_event(resolver *r, const ast_event *event)
{
    const char *name = event->name.text;
    const ast_decl *decl = rulebook_find(r->book, name);
    if (rulebook_is_broken(r->book, name))
        return;
    if (decl) {
        error(r, event->name.where, E0104, "\"%s\" is %s, not an event", name,
              decl_kind_phrase(decl));
        if (decl->kind == DECL_SEGMENT || decl->kind == DECL_GROUPS)
            hint(r, "Membership is written \"in %s\".", name);
        else if (decl->kind == DECL_LET || decl->kind == DECL_SCORE)
            hint(r, "It is one value of each person, and is written alone: %s.", name);
        return;
    }
    error(r, event->name.where, E0104, "no event is named \"%s\"", name);
    const char *holder = kind_with_list(r->book->schema, name);
    const keyword *unit = keyword_find(name), *days = keyword_find("days");
    if (unit && unit->token == days->token)
        hint_unit_as_window(r, calendar_unit_name((calendar_unit)unit->value));
    else if (holder)
        hint(r,
             "It is a list inside %s: write, for example, did %s where (count(%s) "
             "> 1).",
             holder, holder, name);
    else
        hint_event(r, event->name.where, name);
}

/* Names of events that are not there in this project, or in this version. */
static bool refuse_derived_kind(resolver *r, const ast_event *event)
{
    const char *name = event->name.text;
    if (strcmp(name, "session") == 0) {
        error(r, event->name.where, E0104,
              "sessions are derived from the events when carpel.yaml says by which gap");
        hint(r, "Write there: sessions: {gap: 30 minutes}");
    } else if (strcmp(name, "user") == 0) {
        error(r, event->name.where, E0104,
              "users are counted for each account, and the project has no accounts");
        hint(r,
             "A trait of the person is one value, written alone: user.age. For users of "
             "accounts, say in carpel.yaml which trait names a person's account: "
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
        return event->list;
    ast_list_add(r->book->memory, &names, &event->name);
    return resolve_list_event(r, event, &names, scope, &taken);
}

/* Does the `where` of these events ask which of them it is? */
static bool resolve_where(resolver *r, ast_expr *where, const event_scope *scope)
{
    open_where here = {scope, false, r->wheres};
    r->wheres = &here;
    resolve_expr(r, where, scope);
    r->wheres = here.outer;
    return here.is_counted;
}

/* `scope`: the events that the `where` around this event judges; NULL outside of one. */
static void resolve_event(resolver *r, ast_event *event, const event_scope *scope)
{
    if (!event->is_setting)
        event->kind = SCHEMA_NONE;
    if (!event->is_anything && !event->is_setting && !is_list_event(r, event, scope)) {
        event->kind = schema_find_event(r->book->schema, event->name.text);
        if (event->kind == SCHEMA_NONE) {
            ast_decl *decl = rulebook_find(r->book, event->name.text);
            if (decl && decl->kind == DECL_EVENT) {
                event->decl = decl;
                use_decl(r, decl, event->name.where);
            } else if (!report_compared_people(r, event) &&
                       !refuse_derived_kind(r, event)) {
                report_unknown_event(r, event);
            }
        }
    }
    if (event->where)
        event->is_counted = resolve_where(
            r, event->where, scope_of_event(event, r->book->schema, r->book->memory));
}

static void resolve_step(resolver *r, ast_step *step, const event_scope *scope)
{
    for (size_t i = 0; i < step->events.count; i++)
        resolve_event(r, step->events.items[i], scope);
    if (step->where)
        step->is_counted = resolve_where(
            r, step->where, scope_of_step(step, r->book->schema, r->book->memory));
}

void resolve_pattern(resolver *r, ast_pattern *pattern, const event_scope *scope)
{
    if (!pattern->is_sequence) {
        resolve_step(r, pattern->step, scope);
        return;
    }
    each (ast_link, link, &pattern->links)
        resolve_step(r, link->step, scope);
    for (size_t i = 0; i < pattern->only.count; i++)
        resolve_step(r, pattern->only.items[i], NULL);
}

const char *named_event(const resolver *r, const ast_expr *expr)
{
    const char *name = expr_word(expr);
    const ast_decl *decl = name ? rulebook_find(r->book, name) : NULL;
    bool is_event = decl
                        ? decl->kind == DECL_EVENT
                        : name && schema_find_event(r->book->schema, name) != SCHEMA_NONE;
    return is_event ? name : NULL;
}

/* `within 3 days of purchase`: of which one? */
static bool report_event_anchor(resolver *r, const ast_window *window,
                                const ast_expr *from, const ast_pattern *events)
{
    const ast_event *event = events ? pattern_event(events) : NULL;
    const char *own = event && !event->is_anything ? event->name.text : NULL;
    bool is_before = window->kind == WINDOW_BEFORE;
    bool is_near = window_forms[window->kind].shape == SHAPE_NEAR;
    const char *name = named_event(r, from);
    if (!name)
        return false;
    error(r, from->where, E0110, "\"%s\" is an event, and one instant is needed", name);
    if (is_near)
        hint(r, "Write \"any %s\", \"first %s\" or \"last %s\".", name, name, name);
    else if (own && (window->kind == WINDOW_BEFORE || window->kind == WINDOW_AFTER))
        hint(r,
             "Write \"first %s\" or \"last %s\". Any %s and then any %s is a "
             "sequence: (%s then %s).",
             name, name, is_before ? own : name, is_before ? name : own,
             is_before ? own : name, is_before ? name : own);
    else
        hint(r, "Write \"first %s\" or \"last %s\".", name, name);
    return true;
}

/* The occasion of a name, which has to be one. */
void resolve_occasion(resolver *r, const ast_name *name)
{
    ast_decl *decl = rulebook_find(r->book, name->text);
    if (decl && decl->kind == DECL_OCCASION) {
        use_decl(r, decl, name->where);
        return;
    }
    if (decl)
        error(r, name->where, E0106, "\"%s\" is %s, not an occasion", name->text,
              decl_kind_phrase(decl));
    else
        error(r, name->where, E0106, "no occasion is named \"%s\"", name->text);
    suggestion s = suggest_begin(name->text);
    suggest_decls(r, &s, DECL_OCCASION);
    if (suggest_best(&s))
        hint_similar(r->diags, name->where, name->text, suggest_best(&s));
    else if (!decl)
        hint(r, "Declare it: occasion %s on november 24", name->text);
}

/* Which of them are the newest is asked before any `where`. */
static void count_newest(ast_pattern *events)
{
    if (events->is_sequence)
        return;
    events->step->is_counted = true;
    each (ast_event, event, &events->step->events)
        event->is_counted = true;
}

/* `before that`: a word that points back names no instant. */
static bool report_pointing_back(resolver *r, const ast_expr *end)
{
    const char *name = expr_word(end);
    if (!name || !is_word_of(name, "that then it this") || rulebook_find(r->book, name))
        return false;
    error(r, end->where, E0106, "\"%s\" names no instant", name);
    if (r->recent) {
        propose(r, end->where, "%s ago", words_of(r, &r->recent->duration));
    } else {
        hint(r, "Write the instant itself, such as 30 days ago, a date, or last "
                "with an event.");
    }
    return true;
}

static void resolve_window(resolver *r, ast_window *window, const event_scope *scope,
                           ast_pattern *events)
{
    ast_expr *ends[] = {window->from, window->to};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (ends[i] && (report_pointing_back(r, ends[i]) ||
                        report_event_anchor(r, window, ends[i], events)))
            ends[i]->meaning = arena_alloc(r->book->memory, sizeof *ends[i]->meaning);
        else if (ends[i])
            resolve_expr(r, ends[i], scope);
    }
    if (window->kind == WINDOW_IN_LAST)
        r->recent = window;
    if (window->kind == WINDOW_DURING)
        resolve_occasion(r, &window->name);
    if (window->step)
        resolve_step(r, window->step, NULL);
    if (window->kind == WINDOW_LAST_EVENTS && events)
        count_newest(events);
}

void resolve_rows(resolver *r, const ast_list *rows)
{
    each (const ast_row, row, rows)
        if (row->among)
            resolve_step(r, row->among, NULL);
}

void resolve_windows(resolver *r, const ast_list *windows, const event_scope *scope,
                     ast_pattern *events)
{
    for (size_t i = 0; i < windows->count; i++)
        resolve_window(r, windows->items[i], scope, events);
}

/* `cart.items.price` is read as the property `items` of an event `cart`: when there is
 * a list "cart.items", it is meant. */
static void resolve_list_names(resolver *r, ast_selection *selection,
                               const event_scope *scope)
{
    ast_list names = selected_names(r, selection);
    size_t taken;
    if (scope && names.count > 0 &&
        resolve_list_event(r, pattern_event(selection->pattern), &names, scope, &taken))
        selection->list_names = taken - 1;
}

void resolve_selection(resolver *r, ast_selection *selection, const event_scope *scope)
{
    resolve_list_names(r, selection, scope);
    resolve_pattern(r, selection->pattern, scope);
    if (selection->value)
        resolve_expr(
            r, selection->value,
            scope_of_pattern(selection->pattern, r->book->schema, r->book->memory));
}
