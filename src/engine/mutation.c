/* SPDX-License-Identifier: MIT
 *
 * Changes are other bytes for a part of the tree.
 */
#include "engine/mutation.h"

#include <string.h>

#include "base/memory.h"
#include "engine/parts.h"
#include "engine/scenario.h"
#include "lang/walk.h"
#include "value/value.h"

/* Other bytes for a part of a tree. */
typedef struct patch {
    void *at;
    size_t size;
    const void *becomes;
} patch;

struct mutations {
    engine *engine;
    arena *memory;
    mutation *items;
    patch *patches; /* of each */
    size_t count, capacity, patch_capacity;
    ast_list untold; /* ast_decl: rules that no scenario asks for */
};

/* The walk through one rule. */
typedef struct mutating {
    ast_visitor visitor;
    mutations *out;
    const ast_decl *decl;
} mutating;

static void add(const mutating *m, span where, const char *becomes, const void *at,
                size_t size, const void *bytes)
{
    mutations *out = m->out;
    void *kept = arena_alloc(out->memory, size);
    memcpy(kept, bytes, size);
    memory_grow((void **)&out->items, out->count, &out->capacity, sizeof *out->items);
    memory_grow((void **)&out->patches, out->count, &out->patch_capacity,
                sizeof *out->patches);
    out->items[out->count] = (mutation){m->decl, where, becomes};
    out->patches[out->count++] = (patch){(void *)at, size, kept};
}

/* ---- numbers ---------------------------------------------------------------- */

static const char *digits_of(const mutating *m, int64_t value, unsigned scale)
{
    text t;
    text_init(&t);
    value_append_decimal(value, scale, &t);
    const char *kept = arena_copy_text(m->out->memory, t.data, t.size);
    text_done(&t);
    return kept;
}

static bool is_part_of_word(char c)
{
    return (c >= '0' && c <= '9') || c == '.' || c == '_' || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z');
}

/* Where in a text a number is written, alone; false: nowhere, or in another way. */
static bool find_digits(span in, const char *digits, span *out)
{
    slice s = span_text(in);
    size_t size = strlen(digits);
    for (size_t i = 0; i + size <= s.size; i++) {
        bool begins = i == 0 || !is_part_of_word(s.data[i - 1]);
        bool ends = i + size == s.size || !is_part_of_word(s.data[i + size]);
        if (!begins || !ends || memcmp(s.data + i, digits, size) != 0)
            continue;
        *out = (span){in.file, in.begin + (uint32_t)i, in.begin + (uint32_t)(i + size)};
        return true;
    }
    return false;
}

/* "1 year" becomes "2 years". */
static const char *with_plural(const mutating *m, const char *digits, span in,
                               span *where)
{
    slice all = source_text(in.file);
    uint32_t end = where->end;
    while (end < in.end && all.data[end] == ' ')
        end++;
    uint32_t begin = end;
    while (end < in.end && all.data[end] >= 'a' && all.data[end] <= 'z')
        end++;
    if (end == begin || all.data[end - 1] == 's')
        return digits;
    const char *becomes = arena_format(m->out->memory, "%s %.*ss", digits,
                                       (int)(end - begin), all.data + begin);
    where->end = end;
    return becomes;
}

static void add_step(const mutating *m, span in, const int64_t *value, unsigned scale,
                     int64_t by, bool is_counted)
{
    span where;
    int64_t other = *value + by;
    if (!find_digits(in, digits_of(m, *value, scale), &where))
        return;
    const char *becomes = digits_of(m, other, scale);
    if (is_counted && scale == 0 && *value == 1)
        becomes = with_plural(m, becomes, in, &where);
    add(m, where, becomes, value, sizeof other, &other);
}

/* One more, and one less where something is left. */
static void mutate_number(const mutating *m, span in, const int64_t *value,
                          unsigned scale)
{
    add_step(m, in, value, scale, 1, false);
    if (*value > 1)
        add_step(m, in, value, scale, -1, false);
}

static void mutate_longer(const mutating *m, span in, const int64_t *value,
                          unsigned scale)
{
    if (*value > 0)
        add_step(m, in, value, scale, 1, true);
}

static void mutate_bound(const mutating *m, const ast_expr *expr)
{
    if (expr->kind == EXPR_NUMBER)
        mutate_number(m, expr->where, &expr->number.value, expr->number.scale);
    if (expr->kind == EXPR_DURATION)
        mutate_longer(m, expr->where, &expr->duration.count.value,
                      expr->duration.count.scale);
}

/* ---- signs ------------------------------------------------------------------ */

static const char *const compare_words[] = {
    [COMPARE_EQ] = "=", [COMPARE_NE] = "!=", [COMPARE_LT] = "<",
    [COMPARE_GT] = ">", [COMPARE_LE] = "<=", [COMPARE_GE] = ">="};

/* With the bound, and without it. */
static const ast_compare neighbours[] = {
    [COMPARE_EQ] = COMPARE_NE, [COMPARE_NE] = COMPARE_EQ, [COMPARE_LT] = COMPARE_LE,
    [COMPARE_GT] = COMPARE_GE, [COMPARE_LE] = COMPARE_LT, [COMPARE_GE] = COMPARE_GT};

/* A word between two places of the text. */
static bool find_between(const source *file, uint32_t begin, uint32_t end,
                         const char *word, span *out)
{
    slice s = source_text(file);
    size_t size = strlen(word);
    for (uint32_t i = begin; i + size <= end; i++)
        if (memcmp(s.data + i, word, size) == 0) {
            *out = (span){file, i, i + (uint32_t)size};
            return true;
        }
    return false;
}

static void mutate_compare(const mutating *m, const ast_expr *expr)
{
    span where;
    ast_compare other = neighbours[expr->compare];
    if (expr->left->where.file &&
        find_between(expr->where.file, expr->left->where.end, expr->right->where.begin,
                     compare_words[expr->compare], &where))
        add(m, where, compare_words[other], &expr->compare, sizeof other, &other);
    mutate_bound(m, expr->left);
    mutate_bound(m, expr->right);
}

/* ---- conditions that are left out ------------------------------------------- */

/* Take in the brackets that stand around it, and are no part of its place. */
static span with_brackets(span where)
{
    slice all = source_text(where.file);
    int depth = 0, low = 0;
    for (uint32_t i = where.begin; i < where.end; i++) {
        depth += (all.data[i] == '(') - (all.data[i] == ')');
        low = depth < low ? depth : low;
    }
    int before = -low, behind = depth - low;
    for (; before > 0 && where.begin > 0; where.begin--)
        before -= all.data[where.begin - 1] == '(';
    for (; behind > 0 && where.end < all.size; where.end++)
        behind -= all.data[where.end] == ')';
    return where;
}

/* From the end of the part before it, or to the begin of the one behind it. */
static span with_joint(const ast_expr *expr, size_t i)
{
    const ast_expr *part = expr->list.items[i];
    span where = part->where;
    if (i > 0)
        where.begin = ((const ast_expr *)expr->list.items[i - 1])->where.end;
    else
        where.end = ((const ast_expr *)expr->list.items[1])->where.begin;
    return with_brackets(where);
}

static ast_list list_without(const mutating *m, const ast_list *list, size_t without)
{
    ast_list kept = {0};
    for (size_t i = 0; i < list->count; i++)
        if (i != without)
            ast_list_add(m->out->memory, &kept, list->items[i]);
    return kept;
}

static void mutate_list(const mutating *m, const ast_expr *expr)
{
    for (size_t i = 0; i < expr->list.count; i++) {
        ast_expr fewer = *expr;
        const ast_expr *part = expr->list.items[i];
        if (!part->where.file || expr->list.count < 2)
            continue;
        fewer.list = list_without(m, &expr->list, i);
        if (fewer.list.count == 1)
            fewer = *(const ast_expr *)fewer.list.items[0];
        add(m, with_joint(expr, i), "", expr, sizeof fewer, &fewer);
    }
}

static const char *words_of(const mutating *m, span where)
{
    slice s = span_text(where);
    return arena_copy_text(m->out->memory, s.data, s.size);
}

static void mutate_not(const mutating *m, const ast_expr *expr)
{
    add(m, expr->where, words_of(m, expr->left->where), expr, sizeof *expr, expr->left);
}

/* `did not purchase`, `not in ("DE")`: without the `not`. */
static void mutate_negated(const mutating *m, const ast_expr *expr)
{
    span where;
    bool is = false;
    if (expr->is_negated && expr->where.file &&
        find_between(expr->where.file, expr->where.begin, expr->where.end, "not ",
                     &where))
        add(m, where, "", &expr->is_negated, sizeof is, &is);
}

/* ---- windows, quantities ------------------------------------------------------ */

static bool mutate_window(const ast_visitor *v, const ast_window *window)
{
    const mutating *m = (const mutating *)v;
    switch (window_forms[window->kind].shape) {
    case SHAPE_DURATION:
    case SHAPE_NEAR:
        mutate_longer(m, window->duration.where, &window->duration.count.value,
                      window->duration.count.scale);
        break;
    case SHAPE_UNITS:
    case SHAPE_EVENTS: mutate_number(m, window->place, &window->count, 0); break;
    default: break;
    }
    return visit_window(v, window);
}

static void mutate_times(const mutating *m, const ast_times *times)
{
    if (times)
        mutate_number(m, times->place, &times->count, 0);
}

static void mutate_modifiers(const mutating *m, const ast_modifiers *all)
{
    for (size_t i = 0; i < all->times.count; i++)
        mutate_times(m, all->times.items[i]);
    for (size_t i = 0; i < all->periods.count; i++) {
        const ast_periods *p = all->periods.items[i];
        mutate_times(m, p->times);
        mutate_number(m, p->place, &p->count, 0);
    }
}

/* How far the steps of a sequence may lie apart. */
static bool mutate_pattern(const ast_visitor *v, const ast_pattern *pattern)
{
    const mutating *m = (const mutating *)v;
    for (size_t i = 0; i < pattern->links.count; i++) {
        const ast_link *link = pattern->links.items[i];
        for (size_t k = 0; k < link->spacings.count; k++) {
            const ast_spacing *s = link->spacings.items[k];
            mutate_longer(m, s->duration.where, &s->duration.count.value,
                          s->duration.count.scale);
        }
    }
    for (size_t i = 0; i < pattern->all_within.count; i++) {
        const ast_duration *d = pattern->all_within.items[i];
        mutate_longer(m, d->where, &d->count.value, d->count.scale);
    }
    return visit_pattern(v, pattern);
}

/* ---- a rule ------------------------------------------------------------------- */

static bool mutate_expr(const ast_visitor *v, const ast_expr *expr)
{
    const mutating *m = (const mutating *)v;
    switch (expr->kind) {
    case EXPR_COMPARE: mutate_compare(m, expr); break;
    case EXPR_AND:
    case EXPR_OR: mutate_list(m, expr); break;
    case EXPR_NOT: mutate_not(m, expr); break;
    case EXPR_LASTING:
    case EXPR_AGO:
        mutate_longer(m, expr->duration.where, &expr->duration.count.value,
                      expr->duration.count.scale);
        break;
    case EXPR_IN_RANKS:
        if (expr->amount.divisor == 0)
            mutate_number(m, expr->amount.place, &expr->amount.number.value,
                          expr->amount.number.scale);
        break;
    default: break;
    }
    if (expr->kind != EXPR_NOT)
        mutate_negated(m, expr);
    mutate_times(m, expr->times);
    mutate_modifiers(m, &expr->modifiers);
    return visit_expr(v, expr);
}

static void mutate_points(const mutating *m)
{
    for (size_t i = 0; i < m->decl->points.count; i++) {
        const ast_point *p = m->decl->points.items[i];
        mutate_number(m, p->place, &p->amount.value, p->amount.scale);
        if (p->has_cap)
            mutate_number(m, p->place, &p->cap.value, p->cap.scale);
    }
}

static bool is_rule(const ast_decl *decl)
{
    switch (decl->kind) {
    case DECL_SEGMENT:
    case DECL_GROUPS:
    case DECL_SCORE:
    case DECL_LET:
    case DECL_EVENT: return true;
    default: return false;
    }
}

static void reach_uses(name_index *reached, const ast_decl *decl, arena *memory)
{
    for (size_t i = 0; i < decl->uses.count; i++) {
        const ast_decl *used = ((const ast_use *)decl->uses.items[i])->decl;
        if (used->name.text)
            name_index_add(reached, memory, used->name.text, 0);
    }
}

static bool is_reached(const name_index *reached, const ast_decl *decl)
{
    return decl->name.text && name_index_find(reached, decl->name.text) != SIZE_MAX;
}

/* All that the scenarios name, and what that names: users come before what they use. */
static name_index find_reached(const engine *e, arena *memory)
{
    name_index reached = {0};
    const ast_list *order = &e->book->order;
    for (size_t i = 0; i < e->scenario_count; i++)
        reach_uses(&reached, e->scenarios[i], memory);
    for (size_t i = order->count; i-- > 0;)
        if (is_reached(&reached, order->items[i]))
            reach_uses(&reached, order->items[i], memory);
    return reached;
}

mutations *mutations_new(engine *e, bool (*wants)(void *context, const ast_decl *decl),
                         void *context)
{
    mutations *out = memory_alloc_zero(sizeof *out);
    out->engine = e;
    out->memory = arena_new();
    name_index reached = find_reached(e, out->memory);
    for (size_t i = 0; i < e->book->decls.count; i++) {
        const ast_decl *decl = e->book->decls.items[i];
        mutating m = {.visitor = {.expr = mutate_expr,
                                  .pattern = mutate_pattern,
                                  .window = mutate_window},
                      .out = out,
                      .decl = decl};
        if (!is_rule(decl) || (wants && !wants(context, decl)))
            continue;
        if (!is_reached(&reached, decl)) {
            ast_list_add(out->memory, &out->untold, (void *)decl);
            continue;
        }
        mutate_points(&m);
        visit_decl(&m.visitor, decl);
    }
    return out;
}

void mutations_free(mutations *m)
{
    if (!m)
        return;
    memory_free(m->items);
    memory_free(m->patches);
    arena_free(m->memory);
    memory_free(m);
}

size_t mutations_count(const mutations *m)
{
    return m->count;
}

const mutation *mutations_get(const mutations *m, size_t index)
{
    return &m->items[index];
}

const ast_list *mutations_untold(const mutations *m)
{
    return &m->untold;
}

/* ---- trying ------------------------------------------------------------------- */

static bool all_hold(const engine *e)
{
    for (size_t i = 0; i < engine_scenario_count(e); i++) {
        trial t;
        diags *failures = diags_new();
        engine_try_scenario(e, i, failures, &t);
        bool holds = t.failed_count == 0;
        trial_done(&t);
        diags_free(failures);
        if (!holds)
            return false;
    }
    return true;
}

bool mutation_is_noticed(mutations *m, size_t index)
{
    const patch *p = &m->patches[index];
    void *kept = memory_alloc(p->size);
    memcpy(kept, p->at, p->size);
    memcpy(p->at, p->becomes, p->size);
    bool holds = all_hold(m->engine);
    memcpy(p->at, kept, p->size);
    memory_free(kept);
    return !holds;
}
