/* SPDX-License-Identifier: MIT
 *
 * Collecting what went wrong for whom, and the sentences about it.
 */
#include "exec/troubles.h"

#include <stdlib.h>
#include <string.h>

#include "base/bitmap.h"
#include "base/memory.h"
#include "base/shown.h"

/* ---- troubles ----------------------------------------------------------- */

static void name_person(trouble *t, size_t person, const char *message, const char *value)
{
    memory_free(t->message);
    memory_free(t->value);
    t->person = person;
    t->message = memory_copy_string(message);
    t->value = memory_copy_string(value);
}

void trouble_add(trouble *t, size_t people_count, size_t person, const char *message,
                 const char *value)
{
    if (t->count++ == 0 || person < t->person)
        name_person(t, person, message, value);
    if (person == NOBODY)
        return;
    if (t->people == NULL)
        t->people =
            memory_alloc_zero_array(bitmap_words(people_count) + 1, sizeof *t->people);
    bitmap_set(t->people, person);
}

void trouble_merge(trouble *into, const trouble *from, size_t people_count)
{
    if (from->count == 0)
        return;
    if (into->count == 0 || from->person < into->person)
        name_person(into, from->person, from->message, from->value);
    into->count += from->count;
    if (from->people == NULL)
        return;
    size_t words = bitmap_words(people_count) + 1;
    if (into->people == NULL)
        into->people = memory_alloc_zero_array(words, sizeof *into->people);
    for (size_t w = 0; w < words; w++)
        into->people[w] |= from->people[w];
}

void trouble_done(trouble *t)
{
    if (t->count == 0) /* as nearly all of them */
        return;
    memory_free(t->people);
    memory_free(t->message);
    memory_free(t->value);
    *t = (trouble){0};
}

void trouble_append_text(slice value, text *out)
{
    text_append_shown(value, out);
}

/* ---- findings ----------------------------------------------------------- */

void findings_add(findings *f, const finding *what, size_t people_count)
{
    size_t i = 0;
    while (i < f->count &&
           (f->items[i].kind != what->kind || f->items[i].graph != what->graph ||
            f->items[i].id != what->id))
        i++;
    if (i == f->count) {
        memory_grow((void **)&f->items, f->count, &f->capacity, sizeof *f->items);
        f->items[f->count] = *what;
        f->items[f->count++].trouble = (trouble){0};
    }
    trouble_merge(&f->items[i].trouble, &what->trouble, people_count);
}

void findings_done(findings *f)
{
    for (size_t i = 0; i < f->count; i++)
        trouble_done(&f->items[i].trouble);
    memory_free(f->items);
    *f = (findings){0};
}

static int compare_findings(const void *a, const void *b)
{
    const finding *x = a, *y = b;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

void findings_sort(findings *f)
{
    if (f->count > 1)
        qsort(f->items, f->count, sizeof *f->items, compare_findings);
}

/* ---- sentences ---------------------------------------------------------- */

static const char *value_words(run_trouble_kind kind)
{
    switch (kind) {
    case TROUBLE_SCRIPT:
    case TROUBLE_NOT_CALLED: return "called with ";
    case TROUBLE_PATTERN: return "on the text ";
    default: return "";
    }
}

/* "churn.lua:7: ... (first for "p17", called with (12.5, missing), in "leaving")" */
static const char *sentence(const finding *f, const run_trouble *told, arena *memory)
{
    text out;
    text_init(&out);
    text_append(&out, told->message);
    const char *joint = " (";
    if (told->person != NULL) {
        text_append_format(&out, "%sfirst for ", joint);
        trouble_append_text(slice_of(told->person), &out);
        joint = ", ";
    }
    if (told->value[0] != '\0') {
        text_append_format(&out, "%s%s%s", joint, value_words(f->kind), told->value);
        joint = ", ";
    }
    if (told->rule != NULL) {
        text_append_format(&out, "%sin \"%s\"", joint, told->rule);
        joint = ", ";
    }
    if (strcmp(joint, " (") != 0)
        text_append_char(&out, ')');
    const char *result = arena_copy_text(memory, out.data, out.size);
    text_done(&out);
    return result;
}

run_trouble finding_told(const finding *f, arena *memory)
{
    const trouble *t = &f->trouble;
    size_t numbers = dictionary_count(f->ids);
    run_trouble told = {.kind = f->kind,
                        .subject = arena_copy_string(memory, f->subject),
                        .message = arena_copy_string(memory, t->message),
                        .value = arena_copy_string(memory, t->value),
                        .count = t->count,
                        .people = t->people ? bitmap_count(t->people, 0, numbers)
                                            : f->judged_count,
                        .of_accounts = f->of_accounts};
    if (f->rule != NULL) {
        told.rule = f->rule->path;
        told.where = f->rule->where;
    }
    if (t->person != NOBODY) {
        slice id = dictionary_text(f->ids, (uint32_t)t->person);
        told.person = arena_copy_text(memory, id.data, id.size);
    }
    told.what = sentence(f, &told, memory);
    return told;
}

run_trouble *findings_told(const findings *f, arena *memory, size_t *count)
{
    run_trouble *told = arena_alloc_array(memory, f->count + 1, sizeof *told);
    for (size_t i = 0; i < f->count; i++)
        told[i] = finding_told(&f->items[i], memory);
    *count = f->count;
    return told;
}

/* ---- which rules read what ------------------------------------------------ */

typedef struct marking {
    const graph *graph;
    bool *nodes;
    char *domains; /* 0: not looked at, 1: no, 2: yes */
} marking;

/* All inputs of a domain stand before the first node in it, so the answer is final. */
static bool domain_is_user(const marking *m, uint32_t id)
{
    if (m->domains[id] != 0)
        return m->domains[id] == 2;
    const domain *d = graph_domain(m->graph, id);
    bool is_user = false;
    for (size_t i = 0; i < d->input_count; i++)
        is_user = is_user || m->nodes[d->inputs[i]->id];
    for (size_t i = 0; i < d->member_count; i++)
        is_user = domain_is_user(m, d->members[i]) || is_user;
    m->domains[id] = is_user ? 2 : 1;
    return is_user;
}

static bool node_is_user(const marking *m, const node *n)
{
    bool is_user = domain_is_user(m, n->domain) || domain_is_user(m, n->rows);
    for (size_t i = 0; i < n->operand_count && !is_user; i++)
        is_user = m->nodes[n->operands[i]->id];
    return is_user;
}

void mark_users(const graph *g, const node *of, uint32_t domain, bool *marks)
{
    marking m = {g, marks, memory_alloc_zero(g->domain_count + 1)};
    memset(marks, 0, g->node_count * sizeof *marks);
    if (domain != RUN)
        m.domains[domain] = 2;
    for (size_t i = 0; i < g->node_count; i++)
        marks[i] = g->nodes[i] == of || node_is_user(&m, g->nodes[i]);
    memory_free(m.domains);
}

const rule *first_user(const graph *g, const node *of, uint32_t domain)
{
    const rule *first = NULL;
    bool *marks = memory_alloc_zero_array(g->node_count + 1, sizeof *marks);
    mark_users(g, of, domain, marks);
    for (size_t i = 0; i < g->rule_count && first == NULL; i++)
        if (g->rules[i].kind < RULE_IMPORT && marks[g->rules[i].node->id])
            first = &g->rules[i];
    memory_free(marks);
    return first;
}
