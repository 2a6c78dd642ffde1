/* SPDX-License-Identifier: MIT
 *
 * Conditions that stand outside of what they are about: a `where` behind its event's brackets, and
 * events without `did`.
 */
#include <string.h>

#include "lang/resolver.h"

/* The event of a `did` that has just one, or NULL. */
static const ast_event *single_event(const ast_expr *did)
{
    return did->kind == EXPR_DID ? pattern_event(did->selection->pattern) : NULL;
}

/* Does a condition ask for a property of that event: `did purchase and amount > 3`? A window
 * may stand behind it. */
static bool asks_of_event(const resolver *r, const ast_event *event, const ast_expr *test)
{
    if (test->kind == EXPR_IN_WINDOW && is_tested_literally(test->left))
        test = test->left;
    if (!test->left || !expr_word(test->left) || !is_tested_literally(test))
        return false;
    const char *name = expr_word(test->left);
    return !event->is_anything && !rulebook_find(r->book, name) &&
           kind_property(r, event->name.text, name);
}

/* How many of the conditions from the `at`th on belong into the `where` of the `did` before. */
static size_t count_lost(const resolver *r, const ast_expr *chain, size_t at)
{
    const ast_event *event = at > 0 ? single_event(chain->list.items[at - 1]) : NULL;
    size_t count = 0;
    if (!event || (chain->kind == EXPR_OR && !event->where) ||
        (chain->kind != EXPR_OR && chain->kind != EXPR_AND))
        return 0;
    while (at + count < chain->list.count &&
           asks_of_event(r, event, chain->list.items[at + count]))
        count++;
    return count;
}

/* With the brackets around it. */
static span with_brackets(span where)
{
    slice whole = source_text(where.file);
    for (;;) {
        size_t begin = where.begin, end = where.end;
        while (begin > 0 && strchr(" \t\n", whole.data[begin - 1]))
            begin--;
        while (end < whole.size && strchr(" \t\n", whole.data[end]))
            end++;
        if (begin == 0 || end == whole.size || whole.data[begin - 1] != '(' ||
            whole.data[end] != ')')
            return where;
        where.begin = (uint32_t)begin - 1;
        where.end = (uint32_t)end + 1;
    }
}

/* " or store = "Berlin"" of all of them; *rest is what stands behind the last, its window. */
static void append_lost(text *out, const ast_expr *chain, size_t at, size_t count,
                        slice *rest)
{
    for (size_t i = 0; i < count; i++) {
        const ast_expr *test = chain->list.items[at + i];
        span all = test->where;
        if (test->kind == EXPR_IN_WINDOW) {
            span window = ((const ast_window *)test->modifiers.windows.items[0])->place;
            *rest = span_text((span){all.file, window.begin, all.end});
            test = test->left;
        }
        slice words = span_text(test->where);
        text_append_format(out, "%s%.*s",
                           i == 0                    ? ""
                           : chain->kind == EXPR_AND ? " and "
                                                     : " or ",
                           (int)words.size, words.data);
    }
}

size_t report_lost_where(resolver *r, const ast_expr *chain, size_t at)
{
    size_t count = count_lost(r, chain, at);
    if (count == 0)
        return 0;
    const ast_expr *did = chain->list.items[at - 1],
                   *last = chain->list.items[at + count - 1];
    const ast_expr *test = chain->list.items[at];
    const ast_event *event = single_event(did);
    bool is_and = chain->kind == EXPR_AND;
    bool is_mixed = event->where && event->where->kind == (is_and ? EXPR_OR : EXPR_AND);
    slice window = {0}, old = event->where ? span_text(event->where->where) : (slice){0};
    text words;
    text_init(&words);
    if (event->where)
        text_append_format(&words, is_mixed ? "(%.*s) %s " : "%.*s %s ", (int)old.size,
                           old.data, is_and ? "and" : "or");
    append_lost(&words, chain, at, count, &window);
    if (test->kind == EXPR_IN_WINDOW)
        test = test->left;
    error(r, test->left->where, E0106, "nothing is named \"%s\"",
          name_at(&test->left->names, 0)->text);
    hint(r, "It is a property of the event: %s%s where (%s)%s%.*s.",
         did->is_negated ? "did not " : "did ", in_rule(r, event->name.text), words.data,
         window.size > 0 ? " " : "", (int)window.size, window.data);
    span place = event->where ? event->where->where
                              : (span){test->where.file, event->name.where.end,
                                       event->name.where.end};
    span rest = {test->where.file, did->where.end, with_brackets(last->where).end};
    fix(r, place, event->where ? "%s" : " where (%s)", words.data);
    fix_also(r, rest, "%s%.*s", window.size > 0 ? " " : "", (int)window.size,
             window.data);
    text_done(&words);
    return count;
}

/* `did purchase or login`: the hint shows what was meant. */
void report_lost_events(resolver *r, const ast_expr *expr)
{
    for (size_t i = 1; i < expr->list.count; i++) {
        const ast_expr *before = expr->list.items[i - 1], *here = expr->list.items[i];
        const char *name =
            named_event(r, here->kind == EXPR_IN_WINDOW ? here->left : here);
        if (!name || before->kind != EXPR_DID || before->selection->pattern->is_sequence)
            continue;
        const ast_step *step = before->selection->pattern->step;
        const ast_event *event = step->events.items[0];
        report_not_a_value(
            r, here->kind == EXPR_IN_WINDOW ? here->left->where : here->where, name);
        const char *did = before->is_negated ? "did not" : "did";
        bool is_bare =
            before->modifiers.windows.count + before->modifiers.times.count == 0;
        bool is_either = expr->kind == EXPR_OR && !before->is_negated;
        const char *window =
            here->kind == EXPR_IN_WINDOW ? words_in(r, windows_place(here)) : "";
        if (step->events.count == 1 && !event->is_anything && expr->kind == EXPR_OR &&
            is_bare)
            hint(r, "Write: %s (%s or %s)%s%s.", did, event->name.text, name,
                 *window ? " " : "", window);
        else if (before->is_negated && expr->kind == EXPR_AND) {
            span name_place = {here->where.file, here->where.begin, here->where.begin};
            hint(r,
                 "Write \"did\" again: and did %s, or, if they did not do that "
                 "either: and did not %s.",
                 name, name);
            fix(r, name_place, "did ");
            fix(r, name_place, "did not ");
        } else
            hint(r, "Write \"%s\" again: %s %s %s.", did, is_either ? "or" : "and", did,
                 name);
    }
}
