/* SPDX-License-Identifier: MIT
 *
 * From the tree of a rule to its reasons, and to the questions that they ask.
 */
#include "explain/asking.h"

#include "lang/meaning.h"
#include "value/calendar.h"

static reason *why(asking *a, const ast_expr *expr);

/* ---- questions ----------------------------------------------------------- */

/* The same, as of the instants around it. */
static const ast_expr *seen_from(const asking *a, const ast_expr *expr)
{
    for (const vista *v = a->vista; v; v = v->outer) {
        ast_expr *then = arena_alloc(a->memory, sizeof *then);
        *then = (ast_expr){.kind = EXPR_AS_OF,
                           .where = expr->where,
                           .left = (ast_expr *)expr,
                           .right = (ast_expr *)v->at,
                           .meaning = expr->meaning};
        expr = then;
    }
    return expr;
}

static size_t ask(asking *a, const ast_expr *expr)
{
    ast_list_add(a->memory, a->questions, (void *)seen_from(a, expr));
    return a->questions->count - 1;
}

static reason *new_reason(asking *a, reason_kind kind, span where, size_t most_parts)
{
    reason *r = arena_alloc(a->memory, sizeof *r);
    *r = (reason){.kind = kind,
                  .where = where,
                  .question = NO_QUESTION,
                  .in_window = NO_QUESTION,
                  .points = {.question = NO_QUESTION},
                  .unbounded = {.question = NO_QUESTION}};
    r->parts = arena_alloc_array(a->memory, most_parts + 1, sizeof(reason *));
    return r;
}

static void add_part(reason *r, reason *part)
{
    r->parts[r->part_count++] = part;
}

static void add_role(reason *r, const char *role, reason *part)
{
    part->role = role;
    add_part(r, part);
}

/* ---- values -------------------------------------------------------------- */

/* Is it worth to be told, and does it have a length or size by itself? */
static bool is_telling(const ast_expr *expr)
{
    switch (expr->kind) {
    case EXPR_NUMBER:
    case EXPR_STRING:
    case EXPR_DATE:
    case EXPR_TIME:
    case EXPR_BOOL:
    case EXPR_DURATION: return false;
    default:
        return expr->meaning && expr->meaning->type.kind != TYPE_BOOL &&
               !(expr->meaning->type.kind == TYPE_DURATION &&
                 expr->meaning->duration == DURATION_CALENDAR);
    }
}

/* A function may be given one. */
static bool is_condition(const ast_expr *expr)
{
    return expr->kind != EXPR_BOOL && expr->meaning &&
           expr->meaning->type.kind == TYPE_BOOL;
}

static bool any_is_telling(const ast_list *all)
{
    for (size_t i = 0; i < all->count; i++)
        if (is_telling(all->items[i]) || is_condition(all->items[i]))
            return true;
    return false;
}

static reason_value value_told(asking *a, const ast_expr *expr);

static void add_branch(asking *a, reason_value *v, const char *role, const ast_expr *expr)
{
    reason_value *branch = &v->parts[v->part_count++];
    *branch = value_told(a, expr);
    branch->role = role;
}

/* A condition among values, and what it compares. */
static reason_value condition_told(asking *a, const ast_expr *expr)
{
    reason_value v = {
        .where = expr->where, .question = ask(a, expr), .is_condition = true};
    if (expr->kind != EXPR_COMPARE)
        return v;
    v.parts = arena_alloc_array(a->memory, 2, sizeof *v.parts);
    v.parts[v.part_count++] = value_told(a, expr->left);
    v.parts[v.part_count++] = value_told(a, expr->right);
    return v;
}

static reason_value choice_told(asking *a, const ast_expr *expr, const ast_expr *chosen)
{
    reason_value v = {.where = expr->where, .question = ask(a, expr), .is_choice = true};
    v.parts = arena_alloc_array(a->memory, 3, sizeof *v.parts);
    a->depth++;
    v.parts[v.part_count++] = condition_told(a, chosen->condition);
    v.parts[0].role = "if";
    add_branch(a, &v, "then", chosen->left);
    add_branch(a, &v, "else", chosen->right);
    a->depth--;
    return v;
}

static reason_value value_told(asking *a, const ast_expr *expr)
{
    const ast_expr *chosen = asking_choice(a, expr);
    if (chosen)
        return choice_told(a, expr, chosen);
    if (is_condition(expr))
        return condition_told(a, expr);
    reason_value v = {.where = expr->where,
                      .question = is_telling(expr) ? ask(a, expr) : NO_QUESTION,
                      .is_quotient = asking_divides(expr)};
    ast_list parts = asking_operands(a, expr);
    if (!any_is_telling(&parts))
        return v;
    a->depth++;
    v.parts = arena_alloc_array(a->memory, parts.count, sizeof *v.parts);
    for (size_t i = 0; i < parts.count; i++)
        v.parts[v.part_count++] = value_told(a, parts.items[i]);
    a->depth--;
    return v;
}

static void add_value(asking *a, reason *r, const ast_expr *expr)
{
    r->values[r->value_count++] = value_told(a, expr);
}

/* What a function is given. */
static void add_arguments(asking *a, reason *r, const ast_list *arguments)
{
    r->values = arena_alloc_array(a->memory, arguments->count, sizeof *r->values);
    for (size_t i = 0; i < arguments->count; i++)
        if (is_telling(arguments->items[i]) || is_condition(arguments->items[i]))
            add_value(a, r, arguments->items[i]);
}

/* What is ranked is told, too. */
static void add_side(asking *a, reason *r, const ast_expr *expr)
{
    add_value(a, r, expr);
    if (expr->kind == EXPR_NTILE || expr->kind == EXPR_PERCENTILE ||
        expr->kind == EXPR_RANK)
        add_value(a, r, expr->left);
}

static ranking *ranking_of(const asking *a, const ast_expr *expr)
{
    ranking *rank = arena_alloc(a->memory, sizeof *rank);
    ast_expr *inside = arena_alloc(a->memory, sizeof *inside);
    *inside = *expr;
    inside->is_negated = false;
    *rank = (ranking){.holds = seen_from(a, inside),
                      .value = seen_from(a, expr->left),
                      .is_top = expr->amount.is_top};
    if (expr->within_each)
        rank->within = seen_from(a, expr->within_each);
    if (expr->among.decl)
        rank->among = seen_from(
            a, lower_question_about(expr->among.decl, expr->among.group, a->memory));
    return rank;
}

static size_t ask_not_denied(asking *a, const ast_expr *expr)
{
    ast_expr *inside = arena_alloc(a->memory, sizeof *inside);
    *inside = *expr;
    inside->is_negated = false;
    return ask(a, inside);
}

/* Two of a comparison, each with what it ranks. */
enum { MOST_SIDES = 4 };

static reason *test(asking *a, const ast_expr *expr)
{
    reason *r = new_reason(a, REASON_TEST, expr->where, 0);
    r->values = arena_alloc_array(a->memory, MOST_SIDES, sizeof *r->values);
    r->question = ask(a, expr);
    a->opened = (ast_list){0};
    switch (expr->kind) {
    case EXPR_COMPARE:
        add_side(a, r, expr->left);
        add_side(a, r, expr->right);
        break;
    case EXPR_CALL: add_arguments(a, r, &expr->list); break;
    case EXPR_MATCHES:
    case EXPR_CONTAINS:
    case EXPR_STARTS_WITH:
    case EXPR_ENDS_WITH:
    case EXPR_IN_VALUES:
    case EXPR_IN_NAMED:
    case EXPR_IN_RANKS:
    case EXPR_IN_WINDOW:
    case EXPR_IS_MISSING:
        if (expr->left && expr->left->meaning)
            add_value(a, r, expr->left);
        break;
    default: break;
    }
    if (expr->kind == EXPR_IN_WINDOW)
        r->in_window = ask_not_denied(a, expr);
    if (expr->kind == EXPR_IN_RANKS)
        r->ranking = ranking_of(a, expr);
    return r;
}

/* ---- rules by their names ------------------------------------------------ */

static ast_expr *member_of(asking *a, const ast_ref *ref)
{
    return lower_question_about(ref->decl, ref->group, a->memory);
}

static reason *why_all(asking *a, const ast_decl *decl)
{
    reason *r = new_reason(a, REASON_ALL, decl->value->where, 2);
    ast_expr *among = member_of(a, &decl->among);
    among->where = decl->among.where;
    add_part(r, why(a, among));
    add_part(r, why(a, decl->value));
    return r;
}

static const ast_group *group_at(const ast_decl *decl, size_t i)
{
    return decl->groups.items[i];
}

/* The groups up to one, or (SIZE_MAX) all of them. */
static reason *why_group(asking *a, const ast_decl *decl, size_t last)
{
    size_t count = last < decl->groups.count ? last + 1 : decl->groups.count;
    reason *r = new_reason(a, REASON_FIRST, decl->where, count + 1);
    if (decl->among.decl) {
        ast_expr *among = member_of(a, &decl->among);
        among->where = decl->among.where;
        add_part(r, why(a, among));
    }
    for (size_t i = 0; i < count; i++) {
        const ast_group *g = group_at(decl, i);
        reason *part =
            g->when ? why(a, g->when) : new_reason(a, REASON_TEST, g->place, 0);
        reason *named = new_reason(a, REASON_NAMED, g->place, 1);
        named->name = g->name.text;
        named->is_group = true;
        named->question = ask(a, lower_question_about((ast_decl *)decl, i, a->memory));
        if (g->when)
            add_part(named, part);
        add_part(r, named);
    }
    return r;
}

static ast_expr *instant(const asking *a, int64_t at)
{
    static const type TIME = {TYPE_TIME, 0};
    ast_expr *expr = arena_alloc(a->memory, sizeof *expr);
    meaning *known = arena_alloc(a->memory, sizeof *known);
    *known = (meaning){.type = TIME};
    *expr = (ast_expr){
        .kind = EXPR_TIME, .time = at, .time_has_zone = true, .meaning = known};
    return expr;
}

static reason *why_then(asking *a, const ast_expr *expr, int64_t at)
{
    vista *then = arena_alloc(a->memory, sizeof *then);
    *then = (vista){instant(a, at), NULL};
    a->vista = then;
    reason *r = why(a, expr);
    a->vista = NULL;
    return r;
}

/* What decided the last time. Inside `as of` nobody knows when that was. */
static reason *why_judged(asking *a, ast_decl *decl)
{
    const reason_moment *m = a->moment;
    int64_t at =
        calendar_unit_start(m->zone, m->as_of, decl->judged_unit, 0, m->week_start);
    reason *r = new_reason(a, REASON_JUDGED, decl->judged_place, 4);
    vista before = {instant(a, at - 1), NULL};
    reason *was = new_reason(a, REASON_TEST, decl->name.where, 0);
    r->judged = at;
    if (decl->among.decl)
        add_role(r, "among", why_then(a, member_of(a, &decl->among), at));
    add_role(r, "when", why_then(a, decl->value, at));
    if (decl->stay)
        add_role(r, "stay while", why_then(a, decl->stay, at));
    a->vista = &before;
    was->question = ask(a, lower_question_about(decl, 0, a->memory));
    a->vista = NULL;
    add_role(r, "before then in", was);
    return r;
}

static reason *why_arm(asking *a, const ast_decl *decl, size_t part)
{
    const ast_arm *arm = decl->arms.items[part];
    return new_reason(a, REASON_TEST, arm->place, 0);
}

/* What a declaration says; NULL: nothing that can be opened. */
static reason *body_of(asking *a, const ast_decl *decl, size_t part)
{
    if (decl->kind == DECL_SEGMENT && !decl->is_judged)
        return decl->among.decl ? why_all(a, decl) : why(a, decl->value);
    if (decl->kind == DECL_SEGMENT && !a->vista)
        return why_judged(a, (ast_decl *)decl);
    if (decl->kind == DECL_SPLIT)
        return why_arm(a, decl, part);
    if (decl->kind == DECL_GROUPS)
        return why_group(a, decl, part);
    if (decl->kind == DECL_LET || decl->kind == DECL_SCORE)
        return why(a, decl->value);
    return NULL;
}

static reason *named(asking *a, const ast_expr *expr, const ast_decl *decl, size_t part,
                     const ast_expr *at)
{
    reason *r = new_reason(a, REASON_NAMED, expr->where, 1);
    const vista *before = a->vista;
    vista *then = arena_alloc(a->memory, sizeof *then);
    r->name = decl->name.text;
    r->question = ask(a, expr);
    *then = (vista){at, before};
    a->vista = at ? then : before;
    reason *body = a->depth < ASKING_MOST_DEPTH ? body_of(a, decl, part) : NULL;
    a->vista = before;
    if (body && body->question == NO_QUESTION && !expr->is_negated)
        body->question = r->question;
    if (body)
        add_part(r, body);
    return r;
}

/* ---- conditions ---------------------------------------------------------- */

static reason *joined(asking *a, reason_kind kind, const ast_expr *expr)
{
    reason *r = new_reason(a, kind, expr->where, expr->list.count);
    r->question = ask(a, expr);
    for (size_t i = 0; i < expr->list.count; i++)
        add_part(r, why(a, expr->list.items[i]));
    return r;
}

static reason *choice(asking *a, const ast_expr *expr)
{
    reason *r = new_reason(a, REASON_IF, expr->where, 3);
    r->question = ask(a, expr);
    add_role(r, "if", why(a, expr->condition));
    add_role(r, "then", why(a, expr->left));
    add_role(r, "else", why(a, expr->right));
    return r;
}

static reason *denied(asking *a, const ast_expr *expr)
{
    reason *r = new_reason(a, REASON_NOT, expr->where, 1);
    r->question = ask(a, expr);
    add_part(r, why(a, expr->left));
    return r;
}

static reason *as_of(asking *a, const ast_expr *expr)
{
    const vista *before = a->vista;
    vista *then = arena_alloc(a->memory, sizeof *then);
    reason *r = new_reason(a, REASON_NAMED, expr->where, 1);
    r->question = ask(a, expr);
    *then = (vista){expr->right, before};
    a->vista = then;
    add_part(r, why(a, expr->left));
    a->vista = before;
    return r;
}

static bool is_name_of_condition(const ast_expr *expr)
{
    if (expr->meaning->kind != MEANING_DECL)
        return false;
    const ast_decl *decl = expr->meaning->decl;
    return decl->kind == DECL_LET || (decl->kind == DECL_SCORE && decl->value);
}

static reason *why_kind(asking *a, const ast_expr *expr)
{
    switch (expr->kind) {
    case EXPR_AND: return joined(a, REASON_ALL, expr);
    case EXPR_OR: return joined(a, REASON_ANY, expr);
    case EXPR_SOME_OF: return joined(a, REASON_SOME, expr);
    case EXPR_NOT: return denied(a, expr);
    case EXPR_IF: return choice(a, expr);
    case EXPR_AS_OF: return as_of(a, expr);
    case EXPR_MEMBER: return named(a, expr, expr->ref.decl, expr->ref.group, expr->right);
    case EXPR_PATH:
        if (is_name_of_condition(expr))
            return named(a, expr, expr->meaning->decl, 0, NULL);
        return test(a, expr);
    default: return test(a, expr);
    }
}

static reason *why(asking *a, const ast_expr *expr)
{
    a->depth++;
    reason *r = why_kind(a, expr);
    a->depth--;
    return r;
}

/* ---- declarations -------------------------------------------------------- */

static reason *value_of(asking *a, const ast_expr *expr);

/* Conditions open the names of values anew. */
static reason *chosen_value(asking *a, const ast_expr *expr, const ast_expr *chosen)
{
    reason *r = new_reason(a, REASON_VALUE, expr->where, 3);
    ast_list opened = a->opened;
    r->question = ask(a, expr);
    r->is_choice = true;
    a->depth++;
    add_role(r, "if", why(a, chosen->condition));
    a->opened = opened;
    add_role(r, "then", value_of(a, chosen->left));
    a->opened = opened;
    add_role(r, "else", value_of(a, chosen->right));
    a->depth--;
    return r;
}

static reason *value_of(asking *a, const ast_expr *expr)
{
    const ast_expr *chosen = asking_choice(a, expr);
    if (chosen)
        return chosen_value(a, expr, chosen);
    ast_list parts = asking_operands(a, expr);
    reason *r = new_reason(a, REASON_VALUE, expr->where, parts.count);
    r->question = ask(a, expr);
    r->value.is_quotient = asking_divides(expr);
    a->depth++;
    for (size_t i = 0; i < parts.count; i++)
        if (is_telling(parts.items[i]))
            add_part(r, value_of(a, parts.items[i]));
    a->depth--;
    return r;
}

/* What a plan gives whose only line this is. */
static size_t ask_points(asking *a, const ast_decl *decl, ast_point line, unsigned scale)
{
    ast_point *kept = arena_alloc(a->memory, sizeof *kept);
    ast_decl *own = arena_alloc(a->memory, sizeof *own);
    meaning *known = arena_alloc(a->memory, sizeof *known);
    *kept = line;
    *known = *decl->meaning;
    known->type.scale = scale;
    *own = *decl;
    own->meaning = known;
    own->points = (ast_list){0};
    ast_list_add(a->memory, &own->points, kept);
    return ask(a, lower_question_about(own, 0, a->memory));
}

static size_t ask_count(asking *a, const ast_decl *decl, ast_point line)
{
    line.is_minus = line.has_cap = false;
    line.amount = (ast_number){.value = 1};
    return ask_points(a, decl, line, 0);
}

static reason *why_each(asking *a, const ast_decl *decl, ast_point line)
{
    unsigned scale = decl->meaning->type.scale;
    reason *r = new_reason(a, REASON_EACH, line.place, 0);
    r->question = ask_count(a, decl, line);
    r->points.question = ask_points(a, decl, line, scale);
    if (line.has_cap) {
        line.has_cap = false;
        r->unbounded.question = ask_points(a, decl, line, scale);
    }
    return r;
}

static reason *why_point(asking *a, const ast_decl *decl, const ast_point *line)
{
    if (!line->when)
        return why_each(a, decl, *line);
    reason *r = new_reason(a, REASON_NAMED, line->place, 1);
    reason *when = why(a, line->when);
    r->question = when->question;
    r->points.question = ask_points(a, decl, *line, decl->meaning->type.scale);
    add_part(r, when);
    return r;
}

static reason *why_score(asking *a, ast_decl *decl)
{
    const ast_expr *whole = lower_question_about(decl, 0, a->memory);
    reason *r = new_reason(a, REASON_VALUE, decl->where, decl->points.count + 1);
    r->name = decl->name.text;
    r->question = ask(a, whole);
    if (decl->value && decl->meaning->type.kind == TYPE_BOOL)
        add_part(r, why(a, decl->value));
    else if (decl->value)
        add_part(r, value_of(a, decl->value));
    for (size_t i = 0; i < decl->points.count; i++)
        add_part(r, why_point(a, decl, decl->points.items[i]));
    return r;
}

reasons reasons_ask(const reason_moment *moment, ast_decl *decl, size_t part,
                    bool is_of_account, arena *memory)
{
    reasons out = {.questions = {.tells_matches = true}};
    asking a = {.memory = memory,
                .questions =
                    is_of_account ? &out.questions.accounts : &out.questions.people,
                .moment = moment};
    if (decl->kind == DECL_SCORE)
        out.root = why_score(&a, decl);
    else if (decl->kind == DECL_LET && decl->meaning->type.kind != TYPE_BOOL)
        out.root = value_of(&a, decl->value);
    else if (decl->kind == DECL_GROUPS && part == SIZE_MAX)
        out.root = why_group(&a, decl, part);
    else {
        ast_expr *member = lower_question_about(decl, part, memory);
        out.root = named(&a, member, decl, part, NULL);
    }
    return out;
}
