/* SPDX-License-Identifier: MIT
 *
 * Which rules differ: by digest under the same name, then by name under the same digest. Who
 * is judged about them stands in comparison_judge.c.
 */
#include "engine/comparison.h"

#include <string.h>

#include "base/memory.h"
#include "engine/parts.h"
#include "engine/selection.h"
#include "graph/rule_digest.h"

const char *const difference_words[] = {"added", "removed", "renamed", "changed"};

/* ---- the rules of one side ---------------------------------------------- */

/* A rule that is a result, with what it means. */
typedef struct known_rule {
    const char *path;
    rule_kind kind;
    bool is_of_accounts;
    digest meaning;
    const ast_decl *decl;
    bool is_matched;
} known_rule;

typedef struct known_rules {
    known_rule *items;
    size_t count;
} known_rules;

/* The declaration that a path begins with. */
static const ast_decl *decl_of(const engine *e, const char *path)
{
    char *name = memory_copy_text(path, strcspn(path, "."));
    const ast_decl *decl = rulebook_find(e->book, name);
    memory_free(name);
    return decl;
}

static void add_rules(const engine *e, const graph *g, const rule_digests *digests,
                      known_rules *out)
{
    bool of_accounts = g != e->graph;
    for (size_t i = 0; i < g->rule_count; i++) {
        const rule *r = &g->rules[i];
        if (r->kind == RULE_IMPORT || r->kind == RULE_TRAIT)
            continue;
        out->items[out->count++] =
            (known_rule){.path = r->path,
                         .kind = r->kind,
                         .is_of_accounts = of_accounts,
                         .meaning = of_accounts ? rule_digests_of_accounts(digests, i)
                                                : rule_digests_of(digests, i),
                         .decl = decl_of(e, r->path)};
    }
}

/* Paths are copied: the graph is built again before they are used. */
static known_rules rules_of(const engine *e, arena *memory)
{
    rule_calendar calendar = {zone_name(e->zone), e->week_start};
    rule_digests *digests = rule_digests_new(e->graph, &calendar);
    size_t most = 0;
    for (const graph *g = e->graph; g; g = g->accounts)
        most += g->rule_count;
    known_rules out = {arena_alloc_array(memory, most + 1, sizeof *out.items), 0};
    for (const graph *g = e->graph; g; g = g->accounts)
        add_rules(e, g, digests, &out);
    rule_digests_free(digests);
    for (size_t i = 0; i < out.count; i++)
        out.items[i].path = arena_copy_string(memory, out.items[i].path);
    return out;
}

/* ---- what a declaration says -------------------------------------------- */

/* The text without comments, and with one blank where there are several: what counts of it. */
static void append_what_counts(span where, text *out)
{
    slice s = span_text(where);
    char quote = '\0';
    for (size_t i = 0; i < s.size; i++) {
        char c = s.data[i];
        if (!quote && c == '#')
            while (i < s.size && s.data[i] != '\n')
                i++;
        if (i == s.size)
            break;
        c = s.data[i];
        if (c == '"' && (!quote || s.data[i - 1] != '\\'))
            quote = quote ? '\0' : '"';
        bool is_blank = !quote && (c == ' ' || c == '\t' || c == '\n' || c == '\r');
        if (!is_blank)
            text_append_char(out, c);
        else if (out->size > 0 && out->data[out->size - 1] != ' ')
            text_append_char(out, ' ');
    }
}

bool comparison_says_the_same(span before, span now)
{
    text x, y;
    text_init(&x);
    text_init(&y);
    append_what_counts(before, &x);
    append_what_counts(now, &y);
    bool are_same = slice_equals((slice){x.data, x.size}, (slice){y.data, y.size});
    text_done(&x);
    text_done(&y);
    return are_same;
}

static bool say_the_same(const ast_decl *a, const ast_decl *b)
{
    return a && b && comparison_says_the_same(a->where, b->where);
}

/* ---- causes ------------------------------------------------------------- */

/* Of what a declaration uses, directly or not, what says something else than before. */
static void mark_parts(const rulebook *book, const ast_decl *decl, bool *marked)
{
    marked[decl->number] = true;
    for (size_t i = book->order.count; i-- > 0;) {
        const ast_decl *user = book->order.items[i];
        for (size_t k = 0; marked[user->number] && k < user->uses.count; k++)
            marked[((const ast_use *)user->uses.items[k])->decl->number] = true;
    }
    marked[decl->number] = false;
}

/* Is one of the rules of the declaration among those that differ? */
static bool is_different(const comparison *c, const ast_decl *decl)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->items[i].decl == decl)
            return true;
    return false;
}

static name_list causes_of(const comparison *c, const ast_decl *decl)
{
    const rulebook *book = c->now->book;
    size_t count = book->decls.count;
    name_list out = {arena_alloc_array(c->memory, count + 1, sizeof *out.items), 0};
    bool *marked = memory_alloc_zero_array(count + 1, sizeof *marked);
    mark_parts(book, decl, marked);
    for (size_t i = 0; i < count; i++) {
        const ast_decl *part = book->decls.items[i];
        if (marked[i] && !(decl_has_results(part) && !is_different(c, part)) &&
            !say_the_same(part, rulebook_find(c->before->book, part->name.text)))
            out.items[out.count++] = part->name.text;
    }
    memory_free(marked);
    return out;
}

/* ---- matching ----------------------------------------------------------- */

static bool is_like(const known_rule *a, const known_rule *b)
{
    return a->kind == b->kind && a->is_of_accounts == b->is_of_accounts;
}

static known_rule *find_by_path(known_rules *all, const known_rule *like)
{
    for (size_t i = 0; i < all->count; i++)
        if (!all->items[i].is_matched && is_like(&all->items[i], like) &&
            strcmp(all->items[i].path, like->path) == 0)
            return &all->items[i];
    return NULL;
}

static known_rule *find_by_meaning(known_rules *all, const known_rule *like)
{
    for (size_t i = 0; i < all->count; i++)
        if (!all->items[i].is_matched && is_like(&all->items[i], like) &&
            digest_equals(all->items[i].meaning, like->meaning))
            return &all->items[i];
    return NULL;
}

static void add(comparison *c, difference_kind kind, const known_rule *before,
                const known_rule *now)
{
    const known_rule *shown = now ? now : before;
    const engine *e = now ? c->now : c->before;
    rule_difference d = {.kind = kind,
                         .path = shown->path,
                         .path_before = before ? before->path : NULL,
                         .decl = now ? now->decl : NULL,
                         .before = before ? before->decl : NULL,
                         .is_score = shown->kind == RULE_SCORE,
                         .is_of_accounts = shown->is_of_accounts,
                         .rules = uses_by_rules(e, shown->decl, c->memory),
                         .outputs =
                             uses_by_outputs(e, shown->decl, shown->path, c->memory)};
    d.is_own = kind == DIFFERENCE_CHANGED && !say_the_same(d.before, d.decl);
    c->items[c->count++] = d;
}

/* Those of one name first: what is left over may have got another one. */
static void match_names(known_rules *before, known_rules *now, known_rule **partners)
{
    for (size_t i = 0; i < now->count; i++) {
        partners[i] = find_by_path(before, &now->items[i]);
        if (partners[i])
            partners[i]->is_matched = true;
    }
    for (size_t i = 0; i < now->count; i++) {
        if (partners[i])
            continue;
        partners[i] = find_by_meaning(before, &now->items[i]);
        if (partners[i])
            partners[i]->is_matched = true;
    }
}

static void add_all(comparison *c, known_rules *before, known_rules *now)
{
    known_rule **partners =
        arena_alloc_array(c->memory, now->count + 1, sizeof *partners);
    match_names(before, now, partners);
    for (size_t i = 0; i < now->count; i++) {
        const known_rule *rule = &now->items[i], *partner = partners[i];
        if (!partner)
            add(c, DIFFERENCE_ADDED, NULL, rule);
        else if (!digest_equals(partner->meaning, rule->meaning))
            add(c, DIFFERENCE_CHANGED, partner, rule);
        else if (strcmp(partner->path, rule->path) != 0)
            add(c, DIFFERENCE_RENAMED, partner, rule);
        else
            c->unchanged++;
    }
    for (size_t i = 0; i < before->count; i++)
        if (!before->items[i].is_matched)
            add(c, DIFFERENCE_REMOVED, &before->items[i], NULL);
}

comparison *comparison_of_rules(engine *before, engine *now)
{
    arena *memory = arena_new();
    comparison *c = arena_alloc(memory, sizeof *c);
    c->memory = memory;
    c->before = before;
    c->now = now;
    known_rules old = rules_of(before, memory), new = rules_of(now, memory);
    c->items = arena_alloc_array(memory, old.count + new.count + 1, sizeof *c->items);
    add_all(c, &old, &new);
    for (size_t i = 0; i < c->count; i++)
        if (c->items[i].kind == DIFFERENCE_CHANGED)
            c->items[i].causes = causes_of(c, c->items[i].decl);
    return c;
}

void comparison_free(comparison *c)
{
    if (c)
        arena_free(c->memory);
}
