/* SPDX-License-Identifier: MIT
 *
 * Names to what they stand for. Each declaration is visited by itself and notes which
 * others it uses; their order follows from that at the end (resolve_order.c).
 */
#include "lang/passes.h"

#include <string.h>

#include "lang/keywords.h"
#include "lang/resolver.h"
#include "report/lookalike.h"
#include "report/suggest.h"

/* ---- references between declarations ------------------------------------ */

void use_decl(resolver *r, ast_decl *decl, span where)
{
    ast_use *use = arena_alloc(r->book->memory, sizeof *use);
    *use = (ast_use){decl, where};
    decl->is_used = true;
    ast_list_add(r->book->memory, &r->current->uses, use);
}

static bool has_groups(const ast_decl *decl)
{
    return decl->kind == DECL_GROUPS || decl->kind == DECL_SPLIT;
}

const char *similar_decl(resolver *r, const char *name, bool only_members)
{
    suggestion s = suggest_begin(name);
    if (!may_compare(r, r->book->decls.count))
        return NULL;
    each (ast_decl, decl, &r->book->decls) {
        bool has_members =
            decl->kind == DECL_SEGMENT || decl->kind == DECL_LIST || has_groups(decl);
        if (decl->kind != DECL_USE && decl->kind != DECL_SCENARIO &&
            (has_members || !only_members))
            suggest_consider(&s, decl->name.text);
    }
    return suggest_best(&s);
}

static size_t group_count(const ast_decl *decl)
{
    return decl->kind == DECL_GROUPS ? decl->groups.count : decl->arms.count;
}

static const ast_name *group_name(const ast_decl *decl, size_t index)
{
    return decl->kind == DECL_GROUPS ? &((ast_group *)decl->groups.items[index])->name
                                     : &((ast_arm *)decl->arms.items[index])->name;
}

static void resolve_group(resolver *r, ast_ref *ref)
{
    const ast_decl *decl = ref->decl;
    ref->group = name_index_find(&decl->group_names, ref->member.text);
    if (ref->group != SIZE_MAX)
        return;
    suggestion s = suggest_begin(ref->member.text);
    for (size_t i = 0; may_compare(r, 1) && i < group_count(decl); i++)
        suggest_consider(&s, group_name(decl, i)->text);
    error(r, ref->member.where, E0106, "\"%s\" has no group named \"%s\"",
          decl->name.text, ref->member.text);
    if (suggest_best(&s))
        hint_similar(r->diags, ref->where, ref->member.text,
                     wording(r, "%s.%s", decl->name.text, suggest_best(&s)));
    ref->decl = NULL;
}

/* The set that has a group of this name, or NULL. */
static const ast_decl *set_with_group(resolver *r, const char *name)
{
    if (!may_compare(r, r->book->decls.count))
        return NULL;
    each (const ast_decl, decl, &r->book->decls)
        if (decl->kind == DECL_GROUPS &&
            name_index_find(&decl->group_names, name) != SIZE_MAX)
            return decl;
    return NULL;
}

/* `user.signed_up in december`: the month, or NULL. */
static const keyword *month_named(const char *name)
{
    const keyword *word = keyword_find(name), *month = keyword_find("january");
    return word && word->token == month->token ? word : NULL;
}

static void report_unknown_ref(resolver *r, const ast_ref *ref)
{
    const char *name = ref->name.text;
    if (rulebook_is_broken(r->book, name))
        return;
    if (schema_find_event(r->book->schema, name) != SCHEMA_NONE) {
        error(r, ref->where, E0121, "\"%s\" is an event, which has no members", name);
        hint(r, "Did you mean \"did %s\"?", name);
        return;
    }
    error(r, ref->where, E0106, "no segment, set of groups or list is named \"%s\"",
          name);
    const char *similar = similar_decl(r, name, true);
    const ast_decl *set = set_with_group(r, name);
    const keyword *month = month_named(name);
    if (month)
        hint(r, "A month is a part of a time, as in: user.signed_up.month_of_year = %d.",
             month->value);
    else if (set && !ref->member.text) {
        offer(r, ref->name.where, "It is a group: write \"%s\".", "%s.%s", set->name.text,
              name);
    } else if (similar)
        hint_similar(r->diags, ref->name.where, name, similar);
}

void resolve_ref(resolver *r, ast_ref *ref)
{
    if (!ref->name.text)
        return;
    ref->decl = rulebook_find(r->book, ref->name.text);
    if (!ref->decl) {
        report_unknown_ref(r, ref);
        return;
    }
    use_decl(r, ref->decl, ref->where);
    bool is_set = has_groups(ref->decl);
    if (!is_set && ref->decl->kind != DECL_SEGMENT && ref->decl->kind != DECL_LIST) {
        error(r, ref->where, E0121, "\"%s\" is %s, which has no members", ref->name.text,
              decl_kind_phrase(ref->decl));
        if (ref->decl->kind == DECL_LET)
            hint(r, "A value that is a condition is written alone: %s.", ref->name.text);
        ref->decl = NULL;
    } else if (ref->member.text && !is_set) {
        error(r, ref->where, E0106, "\"%s\" is %s and has no groups in it",
              ref->name.text, decl_kind_phrase(ref->decl));
        ref->decl = NULL;
    } else if (ref->member.text) {
        resolve_group(r, ref);
    }
}

/* ---- declarations ------------------------------------------------------- */

static void report_same_name(resolver *r, const ast_name *first, const ast_name *second)
{
    error(r, second->where, E0107, "two groups are named \"%s\"", second->text);
    note(r, first->where, "the first one");
    hint(r, "Give one of them another name.");
}

/* No two groups of a set, or arms of a split, have one name. */
static void index_groups(resolver *r, ast_decl *decl)
{
    for (size_t i = 0; i < group_count(decl); i++) {
        const ast_name *name = group_name(decl, i);
        size_t first = name_index_find(&decl->group_names, name->text);
        if (first != SIZE_MAX)
            report_same_name(r, group_name(decl, first), name);
        else
            name_index_add(&decl->group_names, r->book->memory, name->text, i);
    }
}

static void resolve_points(resolver *r, ast_decl *decl)
{
    each (ast_point, point, &decl->points) {
        if (point->when)
            resolve_expr(r, point->when, NULL);
        if (point->pattern)
            resolve_pattern(r, point->pattern, NULL);
        resolve_windows(r, &point->windows, NULL, point->pattern);
    }
}

static void resolve_body(resolver *r, ast_decl *decl)
{
    resolve_ref(r, &decl->among);
    if (decl->value)
        resolve_expr(r, decl->value, NULL);
    if (decl->stay)
        resolve_expr(r, decl->stay, NULL);
    if (decl->pattern)
        resolve_pattern(r, decl->pattern, NULL);
    for (size_t i = 0; i < decl->values.count; i++) {
        r->wants_literal = true;
        resolve_expr(r, decl->values.items[i], NULL);
    }
    each (const ast_group, group, &decl->groups)
        if (group->when)
            resolve_expr(r, group->when, NULL);
    resolve_points(r, decl);
}

static void resolve_decl(resolver *r, ast_decl *decl)
{
    r->current = decl;
    r->recent = NULL;
    if (decl->kind == DECL_SCENARIO)
        resolve_scenario(r, decl);
    else
        resolve_body(r, decl);
}

static void declare(resolver *r, ast_decl *decl)
{
    const char *name = decl->name.text;
    if (schema_find_event(r->book->schema, name) != SCHEMA_NONE) {
        error(r, decl->name.where, E0107,
              "\"%s\" is an event of the data, so nothing else may be called so", name);
        hint(r, "Give it another name.");
        return;
    }
    const ast_decl *other = rulebook_declare(r->book, decl);
    if (!other)
        return;
    error(r, decl->name.where, E0107, "\"%s\" is declared twice", name);
    note(r, other->name.where, "the first one, %s", decl_kind_phrase(other));
    hint(r, "Give one of them another name.");
}

/* ---- names in results --------------------------------------------------- */

/* `name` is that of the declaration, or of a group of it, whose results are called `path`. */
static void add_result(resolver *r, name_index *paths, const char *path,
                       const ast_decl *decl, const ast_name *name)
{
    size_t number = name_index_find(paths, path);
    if (number == SIZE_MAX) {
        name_index_add(paths, r->book->memory, path, decl->number);
        return;
    }
    const ast_decl *first = r->book->decls.items[number];
    const char *group = path + strlen(first->name.text) + 1;
    const ast_name *place =
        has_groups(first) ? group_name(first, name_index_find(&first->group_names, group))
                          : &first->name;
    error(r, name->where, E0107,
          has_groups(decl) ? "the results of this group are called \"%s\", as others are"
                           : "\"%s\" is what the results of a group are called",
          path);
    note(r, place->where, "the first ones, of %s",
         has_groups(first) ? "a group" : decl_kind_phrase(first));
    hint(r, "Give one of them another name.");
}

/* Group `b` of `a` is called "a.b" in results, as a segment in backticks can be. */
static void check_result_names(resolver *r)
{
    name_index paths = {0};
    each (const ast_decl, decl, &r->book->decls) {
        const char *whole = decl->name.text;
        if (rulebook_find(r->book, whole) != decl)
            continue; /* not declared, or twice, which was reported */
        if (decl->kind == DECL_SEGMENT || decl->kind == DECL_SCORE)
            add_result(r, &paths, whole, decl, &decl->name);
        for (size_t g = 0; has_groups(decl) && g < group_count(decl); g++) {
            const ast_name *name = group_name(decl, g);
            if (name_index_find(&decl->group_names, name->text) == g)
                add_result(r, &paths, wording(r, "%s.%s", whole, name->text), decl, name);
        }
    }
}

void resolve_names(rulebook *book, diags *diags)
{
    resolver r = {.book = book, .diags = diags};
    for (size_t i = 0; i < book->decls.count; i++) {
        ast_decl *decl = book->decls.items[i];
        decl->meaning = arena_alloc(book->memory, sizeof *decl->meaning);
        if (decl->kind == DECL_SCENARIO)
            name_index_add(&r.scenarios, book->memory, decl->name.text, i);
        else if (decl->kind != DECL_USE)
            declare(&r, decl);
        if (has_groups(decl))
            index_groups(&r, decl);
    }
    check_result_names(&r);
    resolve_event_kinds(&r);
    for (size_t i = 0; i < book->decls.count; i++)
        resolve_decl(&r, book->decls.items[i]);
    resolve_order(&r);
}
