/* SPDX-License-Identifier: MIT
 *
 * Declarations at instants, and costly expressions. Each is built once and kept; what it asks for is built first,
 * by recursion. When that gets deep the stack is let go, not the list of tasks: the last
 * of them is begun anew at the bottom, and those before it when it is done. So the depth
 * of the stack does not grow with chains of declarations.
 *
 *     tasks   vip -> big -> spent -> ...      deep: back to run_tasks
 *     stack   run_tasks                       builds the last one, then `spent`, ...
 */
#include <string.h>

#include <xxhash.h>

#include "base/memory.h"
#include "graph/lowering.h"

enum {
    MAX_LEVEL = 200, /* declarations and expressions under each other on one stack */
    MAX_NODES = 500000,
    MOST_NAMES = 12 /* shown of a chain */
};

/* What was built: of a declaration, or of an expression. */
typedef struct memo_key {
    const void *what; /* NULL: a gap of the table */
    const node *now, *horizon;
    uint64_t part;
    const ending *ending;
} memo_key;

typedef struct memo {
    memo_key key;
    built result;
} memo;

static memo_key key_of(const task *t)
{
    return (memo_key){t->decl, t->now, t->horizon, t->part, t->ending};
}

/* Rows of one domain differ only in what is asked of their gap and number. */
static memo_key key_of_expr(const lowering *b, const ast_expr *expr, context c)
{
    memo_key key = {.what = expr,
                    .now = c.now,
                    .horizon = b->horizon,
                    .part = (uint64_t)c.by_calendar};
    const row_set *parent = c.rows ? c.rows->parent : NULL;
    if (c.rows)
        key.part |= ((uint64_t)c.rows->domain + 1) << 3 |
                    (uint64_t)c.rows->is_declared << 1 |
                    (uint64_t)(parent && parent->is_declared) << 2;
    return key;
}

static bool ending_equals(const ending *x, const ending *y)
{
    for (; x && y && x->where == y->where; y = y->rest)
        x = x->rest;
    return !x && !y;
}

static bool key_equals(const memo_key *a, const memo_key *b)
{
    return a->what == b->what && a->now == b->now && a->horizon == b->horizon &&
           a->part == b->part && ending_equals(a->ending, b->ending);
}

/* The place of a key in the table, or of the gap where it belongs. */
static memo *memo_slot(const lowering *b, const memo_key *wanted)
{
    uint64_t bits[] = {(uint64_t)(uintptr_t)wanted->what,
                       (uint64_t)(uintptr_t)wanted->now,
                       (uint64_t)(uintptr_t)wanted->horizon, wanted->part, 0};
    for (const ending *e = wanted->ending; e; e = e->rest)
        bits[4] = bits[4] * 31 + (uint64_t)(uintptr_t)e->where;
    size_t slot = (size_t)XXH3_64bits(bits, sizeof bits);
    for (;; slot++) {
        memo *m = &b->memos[slot & (b->memo_slots - 1)];
        if (!m->key.what || key_equals(&m->key, wanted))
            return m;
    }
}

static const built *memo_find(const lowering *b, const memo_key *wanted)
{
    const memo *m = b->memo_slots > 0 ? memo_slot(b, wanted) : NULL;
    return m && m->key.what ? &m->result : NULL;
}

static void memo_widen(lowering *b)
{
    memo *old = b->memos;
    size_t old_slots = b->memo_slots;
    b->memo_slots = old_slots ? old_slots * 2 : 256;
    b->memos = memory_alloc_zero_array(b->memo_slots, sizeof *b->memos);
    for (size_t i = 0; i < old_slots; i++)
        if (old[i].key.what)
            *memo_slot(b, &old[i].key) = old[i];
    memory_free(old);
}

static void memo_add(lowering *b, memo_key key, built result)
{
    if (b->memo_count * 2 >= b->memo_slots)
        memo_widen(b);
    *memo_slot(b, &key) = (memo){key, result};
    b->memo_count++;
}

const value *lower_remembered(const lowering *b, const ast_expr *expr, context c)
{
    memo_key key = key_of_expr(b, expr, c);
    const built *known = memo_find(b, &key);
    return known ? &known->value : NULL;
}

void lower_remember(lowering *b, const ast_expr *expr, context c, value v)
{
    memo_add(b, key_of_expr(b, expr, c), (built){.value = v});
}

/* ---- limits ------------------------------------------------------------- */

/* "s16 -> s15 -> ... -> s0" */
static void append_chain(const lowering *b, text *out)
{
    for (size_t i = 0; i < b->task_count; i++) {
        bool is_left_out = i + 1 > MOST_NAMES && i + 1 < b->task_count;
        if (is_left_out && i > MOST_NAMES)
            continue;
        text_append_format(out, "%s%s", i > 0 ? " -> " : "",
                           is_left_out ? "..." : b->tasks[i].decl->name.text);
    }
}

_Noreturn void lower_give_up(lowering *b, const char *message, const char *hint)
{
    const ast_decl *first = b->tasks[0].decl;
    text chain;
    text_init(&chain);
    append_chain(b, &chain);
    diag_error(b->whole->diags, first->name.where, E0130, "%s: %s", message, chain.data);
    diag_hint(b->whole->diags, "%s", hint);
    text_done(&chain);
    longjmp(b->whole->given_up, 1);
}

static void check_size(lowering *b)
{
    size_t count = b->graph->node_count + b->whole->elsewhere;
    if (count <= MAX_NODES || !b->whole->diags)
        return;
    char message[80];
    snprintf(message, sizeof message, "the rules become more than %d nodes", MAX_NODES);
    lower_give_up(b, message,
                  "Each \"as of\" asks a rule anew, for an instant of its own: let these "
                  "rules name fewer different instants.");
}

/* ---- tasks -------------------------------------------------------------- */

static void finish_task(lowering *b, const task *t, built result)
{
    memo_add(b, key_of(t), result);
    b->task_count--;
}

/* Build what is asked for, and what that asks for. */
static void run_tasks(lowering *b)
{
    setjmp(b->retreat); /* lower_built comes back here */
    while (b->task_count > 0) {
        task t = b->tasks[b->task_count - 1];
        b->horizon = t.horizon;
        b->level = 0;
        finish_task(b, &t, lower_decl(b, &t));
    }
}

/* The first that asks waits until all is done. */
static void run_first(lowering *b)
{
    const node *horizon = b->horizon;
    size_t level = b->level;
    b->is_running = true;
    run_tasks(b);
    b->is_running = false;
    b->horizon = horizon;
    b->level = level;
}

static built build_once(lowering *b, task t)
{
    memo_key key = key_of(&t);
    const built *known = memo_find(b, &key);
    if (known)
        return *known;
    memory_grow((void **)&b->tasks, b->task_count, &b->task_capacity, sizeof *b->tasks);
    b->tasks[b->task_count++] = t;
    check_size(b);
    if (!b->is_running) {
        run_first(b);
        return *memo_find(b, &key);
    }
    if (b->level >= MAX_LEVEL || t.decl->stay) /* a memory brings a stack of its own */
        longjmp(b->retreat, 1);
    b->level++;
    built result = lower_decl(b, &t);
    b->level--;
    finish_task(b, &t, result);
    return result;
}

built lower_built(lowering *b, const ast_decl *decl, const node *now, size_t part)
{
    return build_once(b, (task){decl, now, b->horizon, part, NULL});
}

const row_set *lower_built_event(lowering *b, const ast_decl *decl, vantage from)
{
    task t = {decl, from.now, b->horizon, from.beside, from.ending};
    return build_once(b, t).rows;
}

/* ---- life cycle --------------------------------------------------------- */

void lowering_begin(lowering *b, undertaking *whole)
{
    b->whole = whole;
    b->next = whole->first;
    whole->first = b;
}

void lowering_done(lowering *b)
{
    lowering **place = &b->whole->first;
    while (*place != b)
        place = &(*place)->next;
    *place = b->next;
    memory_free(b->memos);
    memory_free(b->tasks);
    memory_free(b->judged);
}
